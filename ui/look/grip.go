package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// GripSize is how thick the part of a border is that the pointer can take hold of.
const GripSize = 7

// Grip lies over the border between two parts of a window and moves it.
type Grip struct {
	widget.BaseWidget
	P       *Palette
	Upright bool                   // the border is, and moves sideways
	OnMove  func(to fyne.Position) // on the canvas
	OnStep  func(by int)           // a press of an arrow key
	OnEnd   func()                 // of moving
	OnReset func()                 // back to where it was at first
	hover   bool
	focus   bool
	pulling bool
}

var (
	_ fyne.Draggable      = (*Grip)(nil)
	_ fyne.DoubleTappable = (*Grip)(nil)
	_ fyne.Focusable      = (*Grip)(nil)
	_ desktop.Hoverable   = (*Grip)(nil)
	_ desktop.Cursorable  = (*Grip)(nil)
)

// NewGrip makes a grip.
func NewGrip(p *Palette, upright bool) *Grip {
	g := &Grip{P: p, Upright: upright}
	g.ExtendBaseWidget(g)
	return g
}

// Dragged implements fyne.Draggable.
func (g *Grip) Dragged(e *fyne.DragEvent) {
	g.pulling = true
	if g.OnMove != nil {
		g.OnMove(e.AbsolutePosition)
	}
}

// DragEnd implements fyne.Draggable.
func (g *Grip) DragEnd() {
	g.pulling = false
	g.Refresh()
	if g.OnEnd != nil {
		g.OnEnd()
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (g *Grip) DoubleTapped(*fyne.PointEvent) {
	if g.OnReset != nil {
		g.OnReset()
	}
}

// MouseIn implements desktop.Hoverable.
func (g *Grip) MouseIn(*desktop.MouseEvent) { g.hover = true; g.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (g *Grip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (g *Grip) MouseOut() { g.hover = false; g.Refresh() }

// Cursor implements desktop.Cursorable.
func (g *Grip) Cursor() desktop.Cursor {
	if g.Upright {
		return desktop.HResizeCursor
	}
	return desktop.VResizeCursor
}

// FocusGained implements fyne.Focusable.
func (g *Grip) FocusGained() { g.focus = true; g.Refresh() }

// FocusLost implements fyne.Focusable.
func (g *Grip) FocusLost() { g.focus = false; g.Refresh() }

// TypedRune implements fyne.Focusable: letters are the window's.
func (g *Grip) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey implements fyne.Focusable.
func (g *Grip) TypedKey(e *fyne.KeyEvent) {
	back, on := fyne.KeyUp, fyne.KeyDown
	if g.Upright {
		back, on = fyne.KeyLeft, fyne.KeyRight
	}
	switch {
	case e.Name == back && g.OnStep != nil:
		g.OnStep(-1)
	case e.Name == on && g.OnStep != nil:
		g.OnStep(1)
	case (e.Name == fyne.KeyDelete || e.Name == fyne.KeyBackspace) && g.OnReset != nil:
		g.OnReset()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (g *Grip) CreateRenderer() fyne.WidgetRenderer {
	return &gripRenderer{g, canvas.NewRectangle(color.Transparent)}
}

type gripRenderer struct {
	g    *Grip
	line *canvas.Rectangle
}

func (r *gripRenderer) Destroy()                     {}
func (r *gripRenderer) MinSize() fyne.Size           { return fyne.NewSize(GripSize, GripSize) }
func (r *gripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

func (r *gripRenderer) Layout(z fyne.Size) {
	if r.g.Upright {
		At(r.line, z.Width/2-1, 0, 2, z.Height)
	} else {
		At(r.line, 0, z.Height/2-1, z.Width, 2)
	}
}

func (r *gripRenderer) Refresh() {
	r.line.FillColor = color.Transparent
	if r.g.hover || r.g.focus || r.g.pulling {
		r.line.FillColor = r.g.P.Accent
	}
	canvas.Refresh(r.g)
}
