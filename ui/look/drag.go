package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// DragArea is a FocusArea that can be dragged somewhere.
type DragArea struct {
	*FocusArea
	drag, drop func(at fyne.Position) // absolute
	last       fyne.Position
}

var _ fyne.Draggable = (*DragArea)(nil)

// NewDragArea makes a content that is chosen like a FocusArea, and reports
// where it is dragged to and where it is let go.
func NewDragArea(p *Palette, content fyne.CanvasObject, tap func(), second, drag, drop func(fyne.Position)) *DragArea {
	d := &DragArea{
		FocusArea: &FocusArea{&TapArea{content: content, ring: canvas.NewRectangle(color.Transparent), p: p, tap: tap, second: second}},
		drag:      drag, drop: drop,
	}
	d.ring.StrokeWidth = 2
	d.ExtendBaseWidget(d)
	return d
}

// Dragged implements fyne.Draggable.
func (d *DragArea) Dragged(e *fyne.DragEvent) {
	d.last = e.AbsolutePosition
	d.drag(d.last)
}

// DragEnd implements fyne.Draggable.
func (d *DragArea) DragEnd() { d.drop(d.last) }
