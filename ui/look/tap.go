package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// TapArea makes a drawing that can be chosen, by pointer or by keyboard.
type TapArea struct {
	widget.BaseWidget
	content fyne.CanvasObject
	ring    *canvas.Rectangle
	p       *Palette // nil: not for the keyboard
	tap     func()
	At      func(fyne.Position) // told where the pointer chose, if not nil
	second  func(fyne.Position)
}

var (
	_ fyne.Tappable          = (*TapArea)(nil)
	_ fyne.SecondaryTappable = (*TapArea)(nil)
)

// NewTapArea makes a content that the pointer chooses; second is told of the
// other button and may be nil.
func NewTapArea(content fyne.CanvasObject, tap func(), second func(fyne.Position)) *TapArea {
	t := &TapArea{content: content, ring: canvas.NewRectangle(color.Transparent), tap: tap, second: second}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *TapArea) Tapped(e *fyne.PointEvent) {
	if t.At != nil && e != nil {
		t.At(e.Position)
	}
	if t.tap != nil {
		t.tap()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *TapArea) TappedSecondary(e *fyne.PointEvent) {
	if t.second != nil {
		t.second(e.AbsolutePosition)
	}
}

// CreateRenderer implements fyne.Widget.
func (t *TapArea) CreateRenderer() fyne.WidgetRenderer { return &tapRenderer{t} }

type tapRenderer struct{ t *TapArea }

func (r *tapRenderer) Destroy()           {}
func (r *tapRenderer) MinSize() fyne.Size { return r.t.content.MinSize() }
func (r *tapRenderer) Refresh()           { canvas.Refresh(r.t) }
func (r *tapRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.content, r.t.ring}
}

func (r *tapRenderer) Layout(s fyne.Size) {
	At(r.t.content, 0, 0, s.Width, s.Height)
	At(r.t.ring, 1, 1, s.Width-2, s.Height-2)
}

// FocusArea is a TapArea that takes the keyboard: Return and Space choose it.
type FocusArea struct{ *TapArea }

var _ fyne.Focusable = (*FocusArea)(nil)

// NewFocusArea makes a content that pointer and keyboard choose.
func NewFocusArea(p *Palette, content fyne.CanvasObject, tap func(), second func(fyne.Position)) *FocusArea {
	f := &FocusArea{&TapArea{content: content, ring: canvas.NewRectangle(color.Transparent), p: p, tap: tap, second: second}}
	f.ring.StrokeWidth = 2
	f.ExtendBaseWidget(f)
	return f
}

func (f *FocusArea) mark(on bool) {
	f.ring.StrokeColor = color.Transparent
	if on {
		f.ring.StrokeColor = f.p.Accent
	}
	f.ring.Refresh()
}

// FocusGained implements fyne.Focusable.
func (f *FocusArea) FocusGained() { f.mark(true) }

// FocusLost implements fyne.Focusable.
func (f *FocusArea) FocusLost() { f.mark(false) }

// TypedRune implements fyne.Focusable: letters are the window's.
func (f *FocusArea) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (f *FocusArea) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		f.Tapped(nil)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}
