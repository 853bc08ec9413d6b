package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Switch is on or off. It is used where a tick in a box could be taken for a
// verdict.
type Switch struct {
	widget.BaseWidget
	P        *Palette
	On       bool
	OnChange func(bool)
	focus    bool
}

var (
	_ fyne.Tappable  = (*Switch)(nil)
	_ fyne.Focusable = (*Switch)(nil)
)

// NewSwitch makes a switch.
func NewSwitch(p *Palette, on bool, change func(bool)) *Switch {
	s := &Switch{P: p, On: on, OnChange: change}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped implements fyne.Tappable.
func (s *Switch) Tapped(*fyne.PointEvent) {
	s.On = !s.On
	s.Refresh()
	if s.OnChange != nil {
		s.OnChange(s.On)
	}
}

// FocusGained implements fyne.Focusable.
func (s *Switch) FocusGained() { s.focus = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *Switch) FocusLost() { s.focus = false; s.Refresh() }

// TypedRune implements fyne.Focusable: letters are the window's.
func (s *Switch) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Switch) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		s.Tapped(nil)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	r := &switchRenderer{s: s, ring: canvas.NewRectangle(color.Transparent), track: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.Transparent)}
	r.track.CornerRadius, r.ring.CornerRadius, r.ring.StrokeWidth, r.track.StrokeWidth = 8, 10, 2, 1.2
	r.Refresh()
	return r
}

type switchRenderer struct {
	s           *Switch
	ring, track *canvas.Rectangle
	knob        *canvas.Circle
}

func (r *switchRenderer) Destroy()           {}
func (r *switchRenderer) MinSize() fyne.Size { return fyne.NewSize(28, 16) }
func (r *switchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.track, r.knob}
}

func (r *switchRenderer) Layout(z fyne.Size) {
	y := (z.Height - 16) / 2
	At(r.ring, -3, y-3, 34, 22)
	At(r.track, 0, y, 28, 16)
	x := float32(3)
	if r.s.On {
		x = 15
	}
	At(r.knob, x, y+3, 10, 10)
}

func (r *switchRenderer) Refresh() {
	p := r.s.P
	r.track.FillColor, r.track.StrokeColor, r.knob.FillColor = p.Raised, p.Control, p.Control
	if r.s.On {
		r.track.FillColor, r.track.StrokeColor, r.knob.FillColor = p.Accent, p.Accent, p.OnFill
	}
	r.ring.StrokeColor = color.Transparent
	if r.s.focus {
		r.ring.StrokeColor = p.Accent
	}
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
