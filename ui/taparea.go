package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/ui/look"
)

// tapArea makes a drawing that can be chosen, by pointer or by keyboard.
type tapArea struct {
	widget.BaseWidget
	content fyne.CanvasObject
	ring    *canvas.Rectangle
	p       *look.Palette // nil: not for the keyboard
	tap     func()
	second  func(fyne.Position)
}

var (
	_ fyne.Tappable          = (*tapArea)(nil)
	_ fyne.SecondaryTappable = (*tapArea)(nil)
)

func newTapArea(content fyne.CanvasObject, tap func(), second func(fyne.Position)) *tapArea {
	t := &tapArea{content: content, ring: canvas.NewRectangle(color.Transparent), tap: tap, second: second}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *tapArea) Tapped(*fyne.PointEvent) {
	if t.tap != nil {
		t.tap()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *tapArea) TappedSecondary(e *fyne.PointEvent) {
	if t.second != nil {
		t.second(e.AbsolutePosition)
	}
}

// CreateRenderer implements fyne.Widget.
func (t *tapArea) CreateRenderer() fyne.WidgetRenderer { return &tapRenderer{t} }

type tapRenderer struct{ t *tapArea }

func (r *tapRenderer) Destroy()           {}
func (r *tapRenderer) MinSize() fyne.Size { return r.t.content.MinSize() }
func (r *tapRenderer) Refresh()           { canvas.Refresh(r.t) }
func (r *tapRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.content, r.t.ring}
}

func (r *tapRenderer) Layout(s fyne.Size) {
	look.At(r.t.content, 0, 0, s.Width, s.Height)
	look.At(r.t.ring, 1, 1, s.Width-2, s.Height-2)
}

// focusArea is a tapArea that takes the keyboard: Return and Space choose it.
type focusArea struct{ *tapArea }

var _ fyne.Focusable = (*focusArea)(nil)

func newFocusArea(p *look.Palette, content fyne.CanvasObject, tap func(), second func(fyne.Position)) *focusArea {
	f := &focusArea{&tapArea{content: content, ring: canvas.NewRectangle(color.Transparent), p: p, tap: tap, second: second}}
	f.ring.StrokeWidth = 2
	f.ExtendBaseWidget(f)
	return f
}

func (f *focusArea) mark(on bool) {
	f.ring.StrokeColor = color.Transparent
	if on {
		f.ring.StrokeColor = f.p.Accent
	}
	f.ring.Refresh()
}

// FocusGained implements fyne.Focusable.
func (f *focusArea) FocusGained() { f.mark(true) }

// FocusLost implements fyne.Focusable.
func (f *focusArea) FocusLost() { f.mark(false) }

// TypedRune implements fyne.Focusable: letters are the window's.
func (f *focusArea) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (f *focusArea) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		f.Tapped(nil)
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}
