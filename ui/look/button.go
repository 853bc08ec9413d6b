package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Button is the one kind of button: an icon, a label and its key, any of which
// may be absent. Selected ones have a tint and an accent border.
type Button struct {
	widget.BaseWidget
	P       *Palette
	IconOf  string
	Label   string
	Key     string
	Filled  bool // the one main button of a region
	Flat    bool // no face until the pointer is over it
	Height  float32
	OnTap   func()
	on, off bool // selected, disabled
	hover   bool
	focus   bool
}

var (
	_ fyne.Tappable     = (*Button)(nil)
	_ fyne.Focusable    = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
)

// NewButton makes a button.
func NewButton(p *Palette, icon, label, key string, tap func()) *Button {
	b := &Button{P: p, IconOf: icon, Label: label, Key: key, OnTap: tap, Height: 28}
	b.ExtendBaseWidget(b)
	return b
}

// Select shows the button as chosen.
func (b *Button) Select(on bool) {
	if b.on != on {
		b.on = on
		b.Refresh()
	}
}

// Disable greys the button and keeps it from being tapped.
func (b *Button) Disable(off bool) {
	if b.off != off {
		b.off = off
		b.Refresh()
	}
}

// SetIcon exchanges the icon.
func (b *Button) SetIcon(name string) {
	if b.IconOf != name {
		b.IconOf = name
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.off && b.OnTap != nil {
		b.OnTap()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hover = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.hover = false; b.Refresh() }

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focus = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focus = false; b.Refresh() }

// TypedRune implements fyne.Focusable. Only fields keep letters from the
// window: on a button they mean what they mean everywhere.
func (b *Button) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		b.Tapped(nil)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		b: b, face: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent),
		label: Text("", SizeBase, color.Transparent), key: Text("", SizeCode, color.Transparent), icon: canvas.NewImageFromResource(nil),
	}
	r.face.CornerRadius, r.ring.CornerRadius = Radius, Radius+2
	r.ring.StrokeWidth = 2
	r.icon.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b          *Button
	face, ring *canvas.Rectangle
	label, key *canvas.Text
	icon       *canvas.Image
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.face, r.icon, r.label, r.key}
}
func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) widths() (icon, label, key float32) {
	if r.b.IconOf != "" {
		icon = 16
	}
	if r.b.Label != "" { // room for the emphasised form, so that choosing shifts nothing
		label = fyne.MeasureText(r.b.Label, SizeBase, fyne.TextStyle{Bold: true}).Width
	}
	if r.b.Key != "" {
		key = fyne.MeasureText(r.b.Key, SizeCode, fyne.TextStyle{}).Width
	}
	return icon, label, key
}

func (r *buttonRenderer) MinSize() fyne.Size {
	icon, label, key := r.widths()
	w := float32(20)
	n := 0
	for _, x := range []float32{icon, label, key} {
		if x > 0 {
			if n > 0 {
				w += 7
			}
			w += x
			n++
		}
	}
	if n == 1 && icon > 0 {
		w = 32
	}
	return fyne.NewSize(w, r.b.Height)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	At(r.face, 0, 0, s.Width, s.Height)
	At(r.ring, -3, -3, s.Width+6, s.Height+6)
	icon, label, key := r.widths()
	total := r.MinSize().Width - 20
	x := (s.Width - total) / 2
	if label == 0 && key == 0 {
		x = (s.Width - icon) / 2
	}
	if icon > 0 {
		At(r.icon, x, (s.Height-16)/2, 16, 16)
		x += icon + 7
	}
	if label > 0 {
		Line(r.label, x, 0, s.Height)
		x += label + 7
	}
	if key > 0 {
		Line(r.key, x, 0, s.Height)
	}
}

func (r *buttonRenderer) Refresh() {
	b, p := r.b, r.b.P
	text, key, fill := p.Text, p.Text2, p.Raised
	if b.Flat {
		fill = color.NRGBA{}
	}
	switch {
	case b.off:
		text, key = p.Text3, p.Text3
	case b.Filled:
		fill, text, key = p.Accent, p.OnFill, p.OnFill
	case b.on:
		fill = p.Select
	case b.hover:
		fill = p.Hover
	}
	r.face.FillColor = fill
	r.face.StrokeWidth = 0
	if b.on && !b.Filled {
		r.face.StrokeColor, r.face.StrokeWidth = p.Accent, 1
	}
	r.ring.StrokeColor = color.Transparent
	if b.focus {
		r.ring.StrokeColor = p.Accent
	}
	r.label.Text, r.label.Color, r.label.TextStyle.Bold = b.Label, text, b.on || b.Filled
	r.key.Text, r.key.Color = b.Key, key
	if b.IconOf != "" {
		r.icon.Resource = p.IconIn(b.IconOf, text)
		r.icon.Show()
	} else {
		r.icon.Hide()
	}
	r.Layout(b.Size())
	canvas.Refresh(b)
	r.icon.Refresh()
}
