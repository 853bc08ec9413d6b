package stage

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
)

// dragging is what a drag does.
type dragging int

const (
	dragNone dragging = iota
	dragPan
	dragBox
	dragSeen  // the rectangle of the navigator
	dragOther // it is the window's
)

var (
	_ fyne.Tappable       = (*Tile)(nil)
	_ fyne.DoubleTappable = (*Tile)(nil)
	_ fyne.Draggable      = (*Tile)(nil)
	_ fyne.Scrollable     = (*Tile)(nil)
	_ desktop.Cursorable  = (*Tile)(nil)
	_ desktop.Mouseable   = (*Tile)(nil)
	_ desktop.Hoverable   = (*Tile)(nil)
)

// onArea gives a place on the tile in pixels of the screen within the area.
func (t *Tile) onArea(p fyne.Position) image.Point {
	o, k := t.origin(), t.pixels()
	return image.Pt(int(math.Round(float64((p.X-o.X)*k))), int(math.Round(float64((p.Y-o.Y)*k))))
}

// Scrolled implements fyne.Scrollable: the wheel zooms at the pointer.
func (t *Tile) Scrolled(e *fyne.ScrollEvent) {
	if e.Scrolled.DY != 0 {
		t.zoomAt(math.Exp2(float64(e.Scrolled.DY)/100), t.onArea(e.Position))
	}
}

// MouseDown implements desktop.Mouseable.
func (t *Tile) MouseDown(e *desktop.MouseEvent) {
	t.looking.shifted = e.Modifier&fyne.KeyModifierShift != 0
	if pos, size, ok := t.navigatorAt(); ok && within(e.Position, pos, size) && e.Button == desktop.MouseButtonPrimary {
		t.see(e.Position)
	}
}

// MouseUp implements desktop.Mouseable.
func (t *Tile) MouseUp(*desktop.MouseEvent) {}

// see brings the place of the navigator into the middle.
func (t *Tile) see(p fyne.Position) {
	pos, size, ok := t.navigatorAt()
	if !ok {
		return
	}
	v := t.whole()
	v.X, v.Y = float64((p.X-pos.X)/size.Width), float64((p.Y-pos.Y)/size.Height)
	t.SetView(v.Pan(image.Point{}, t.w, t.h, t.areaPixels()))
}

// Dragged implements fyne.Draggable.
func (t *Tile) Dragged(e *fyne.DragEvent) {
	l := &t.looking
	begin := e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY)
	if l.drag == dragNone {
		l.drag = t.dragAt(begin)
		l.from, l.to = begin, begin
	}
	switch l.drag {
	case dragPan:
		t.SetView(t.whole().Pan(t.onArea(e.Position).Sub(t.onArea(begin)), t.w, t.h, t.areaPixels()))
	case dragBox:
		l.to = e.Position
		(&tileRenderer{t}).navigator()
		canvas.Refresh(t.parts.rubber)
	case dragSeen:
		t.see(e.Position)
	case dragOther:
		if t.OnDrag != nil {
			t.OnDrag(e)
		}
	case dragNone:
	}
}

// dragAt tells what a drag that begins somewhere does.
func (t *Tile) dragAt(p fyne.Position) dragging {
	l := &t.looking
	if pos, size, ok := t.navigatorAt(); ok && within(p, pos, size) {
		return dragSeen
	}
	pos, size := t.area()
	onPicture := t.frame != nil && within(p, pos, size)
	if onPicture && (l.shifted || l.boxNext) {
		return dragBox
	}
	if onPicture && l.got != nil && !l.got.Placed.Whole() {
		return dragPan
	}
	return dragOther
}

// DragEnd implements fyne.Draggable.
func (t *Tile) DragEnd() {
	l := &t.looking
	was := l.drag
	l.drag = dragNone
	switch was {
	case dragBox:
		l.boxNext = false
		a, b := t.onArea(l.from), t.onArea(l.to)
		v := t.whole().ZoomBox(image.Rectangle{Min: a, Max: b}.Canon(), t.w, t.h, t.areaPixels())
		t.SetView(v)
		t.Refresh()
	case dragOther:
		if t.OnDrop != nil {
			t.OnDrop()
		}
	case dragNone, dragPan, dragSeen:
	}
}

// MouseIn implements desktop.Hoverable.
func (t *Tile) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable. The read-out follows the pointer; where
// there is none nothing is repainted.
func (t *Tile) MouseMoved(e *desktop.MouseEvent) {
	l := &t.looking
	before := t.readout()
	l.inside, l.pointer, l.ctrl = true, e.Position, e.Modifier&fyne.KeyModifierControl != 0
	t.detail()
	if t.readout() != before {
		t.showFoot()
	}
}

// showFoot shows another read-out and leaves the rest as it is.
func (t *Tile) showFoot() {
	(&tileRenderer{t}).captions(t.Size())
	canvas.Refresh(t.parts.size)
}

// MouseOut implements desktop.Hoverable.
func (t *Tile) MouseOut() {
	l := &t.looking
	before := t.readout()
	l.inside, l.ctrl = false, false
	t.detail()
	if before != "" {
		t.showFoot()
	}
}

// Cursor implements desktop.Cursorable: a cross where a box is drawn or a pixel read.
func (t *Tile) Cursor() desktop.Cursor {
	if t.looking.boxNext || t.looking.drag == dragBox || t.readout() != "" {
		return desktop.CrosshairCursor
	}
	return desktop.DefaultCursor
}
