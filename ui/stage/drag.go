package stage

import "fyne.io/fyne/v2"

// Hooks is what a tile reports besides being chosen. Places are absolute.
type Hooks struct {
	OnDrag func(at fyne.Position) // the tile is carried somewhere
	OnDrop func(at fyne.Position) // and let go there
	OnMenu func(at fyne.Position) // what can be done with it is asked for
	carried
}

// carried is where a tile is while it is dragged.
type carried struct {
	on   bool
	last fyne.Position
}

var (
	_ fyne.Draggable         = (*Tile)(nil)
	_ fyne.SecondaryTappable = (*Tile)(nil)
)

// Dragged implements fyne.Draggable.
func (t *Tile) Dragged(e *fyne.DragEvent) { t.carry(e.AbsolutePosition) }

// DragEnd implements fyne.Draggable.
func (t *Tile) DragEnd() { t.letGo() }

// TappedSecondary implements fyne.SecondaryTappable.
func (t *Tile) TappedSecondary(e *fyne.PointEvent) {
	if t.OnMenu != nil {
		t.OnMenu(e.AbsolutePosition)
	}
}

// carry reports that the tile is being moved to another place of the stage.
func (t *Tile) carry(at fyne.Position) {
	t.carried = carried{true, at}
	if t.OnDrag != nil {
		t.OnDrag(at)
	}
}

// letGo reports where it was dropped.
func (t *Tile) letGo() {
	if !t.carried.on {
		return
	}
	at := t.carried.last
	t.carried = carried{}
	if t.OnDrop != nil {
		t.OnDrop(at)
	}
}
