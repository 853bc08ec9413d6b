package look

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Slider sets a whole number. Its neutral value is in the middle and the bar
// begins there, so that what was changed, and which way, is seen at a glance.
type Slider struct {
	widget.BaseWidget
	P        *Palette
	Min, Max int
	Neutral  int
	Step     int // of one press of a key
	Value    int
	OnChange func(int)
	focus    bool
	hover    bool
}

var (
	_ fyne.Draggable    = (*Slider)(nil)
	_ fyne.Focusable    = (*Slider)(nil)
	_ desktop.Mouseable = (*Slider)(nil)
	_ desktop.Hoverable = (*Slider)(nil)
)

// NewSlider makes a slider at its neutral value.
func NewSlider(p *Palette, low, high, neutral, step int, change func(int)) *Slider {
	s := &Slider{P: p, Min: low, Max: high, Neutral: neutral, Step: step, Value: neutral, OnChange: change}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows a value without telling anyone.
func (s *Slider) Set(v int) {
	if v = min(max(v, s.Min), s.Max); v != s.Value {
		s.Value = v
		s.Refresh()
	}
}

func (s *Slider) to(v int) {
	before := s.Value
	s.Set(v)
	if s.Value != before && s.OnChange != nil {
		s.OnChange(s.Value)
	}
}

const knob = 14

// at takes the value of a place; near the neutral one it is that.
func (s *Slider) at(x float32) {
	k := float64(2*(x-knob/2)/max(s.Size().Width-knob, 1) - 1) // -1 to 1
	side := s.Max - s.Neutral
	if k < 0 {
		side = s.Neutral - s.Min
	}
	if k > -.04 && k < .04 {
		k = 0
	}
	s.to(s.Neutral + int(math.Round(k*float64(side))))
}

// MouseDown implements desktop.Mouseable.
func (s *Slider) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	s.at(e.Position.X)
}

// MouseUp implements desktop.Mouseable.
func (s *Slider) MouseUp(*desktop.MouseEvent) {}

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(*desktop.MouseEvent) { s.hover = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *Slider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() { s.hover = false; s.Refresh() }

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.at(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// FocusGained implements fyne.Focusable.
func (s *Slider) FocusGained() { s.focus = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *Slider) FocusLost() { s.focus = false; s.Refresh() }

// TypedRune implements fyne.Focusable: letters are the window's.
func (s *Slider) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.to(s.Value - s.Step)
	case fyne.KeyRight, fyne.KeyUp:
		s.to(s.Value + s.Step)
	case fyne.KeyPageDown:
		s.to(s.Value - 5*s.Step)
	case fyne.KeyPageUp:
		s.to(s.Value + 5*s.Step)
	case fyne.KeyDelete, fyne.KeyBackspace:
		s.to(s.Neutral)
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	n := func() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }
	r := &sliderRenderer{s, n(), n(), n(), n(), canvas.NewCircle(color.Transparent)}
	r.ring.StrokeWidth, r.ring.CornerRadius, r.track.CornerRadius, r.bar.CornerRadius = 2, 8, 2, 2
	r.Refresh()
	return r
}

type sliderRenderer struct {
	s                      *Slider
	ring, track, bar, zero *canvas.Rectangle
	knob                   *canvas.Circle
}

func (r *sliderRenderer) Destroy()           {}
func (r *sliderRenderer) MinSize() fyne.Size { return fyne.NewSize(80, 24) }
func (r *sliderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.track, r.zero, r.bar, r.knob}
}

func (r *sliderRenderer) Layout(z fyne.Size) {
	s := r.s
	x := func(v int) float32 {
		side := max(s.Max-s.Neutral, 1)
		if v < s.Neutral {
			side = max(s.Neutral-s.Min, 1)
		}
		return z.Width/2 + float32(v-s.Neutral)/float32(side)*(z.Width-knob)/2
	}
	m := z.Height / 2
	At(r.ring, -3, 0, z.Width+6, z.Height)
	At(r.track, knob/2, m-2, z.Width-knob, 4)
	At(r.zero, x(s.Neutral)-.5, m-6, 1, 12)
	a, b := x(s.Neutral), x(s.Value)
	At(r.bar, min(a, b), m-2, max(a, b)-min(a, b), 4)
	At(r.knob, b-knob/2, m-knob/2, knob, knob)
}

func (r *sliderRenderer) Refresh() {
	p := r.s.P
	r.track.FillColor, r.zero.FillColor, r.bar.FillColor, r.knob.FillColor = p.Hover, p.Control, p.Accent, p.Text2
	if r.s.hover || r.s.focus {
		r.knob.FillColor = p.Text
	}
	r.ring.StrokeColor = color.Transparent
	if r.s.focus {
		r.ring.StrokeColor = p.Accent
	}
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
