package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vedette/session"
	"vedette/ui/stage"
)

// maxPlaces is the number of tiles of the largest layout.
const maxPlaces = 16

// places is which export stands where on the stage, in reading order. Places
// beyond those of the layout keep what stands in them.
type places [maxPlaces]*session.Item

func (p *places) find(i *session.Item) int { return slices.Index(p[:], i) }

// add puts an export into the first free place.
func (p *places) add(i *session.Item) {
	if p.find(i) >= 0 {
		return
	}
	if k := p.find(nil); k >= 0 {
		p[k] = i
	}
}

// remove leaves the place of an export empty.
func (p *places) remove(i *session.Item) {
	if k := p.find(i); k >= 0 && i != nil {
		p[k] = nil
	}
}

// put moves an export to a place. What stood there goes to where the export
// was, or off the stage when that was nowhere.
func (p *places) put(i *session.Item, to int) {
	if from := p.find(i); from >= 0 {
		p[from] = p[to]
	}
	p[to] = i
}

// pack closes the empty places between others.
func (p *places) pack() {
	kept := slices.DeleteFunc(slices.Clone(p[:]), func(i *session.Item) bool { return i == nil })
	*p = places{}
	copy(p[:], kept)
}

// count returns how many exports stand on the stage.
func (p *places) count() int {
	n := 0
	for _, i := range p {
		if i != nil {
			n++
		}
	}
	return n
}

// cell is one place as it is shown.
type cell struct {
	object fyne.CanvasObject
	place  int // -1 for the one that shows whatever has the focus
	item   *session.Item
}

// rebuildGrid makes as many tiles as the layout has places.
func (w *Window) rebuildGrid() {
	if w.auto {
		w.places.pack()
		w.layoutN = 1
		for w.layoutN < 4 && w.layoutN*w.layoutN < w.places.count() {
			w.layoutN++
		}
	}
	cols := w.layoutN
	if w.panelShows() {
		cols = 1
	}
	old := w.tiles
	w.tiles, w.cells = nil, nil
	var objects []fyne.CanvasObject
	show := func(place int, i *session.Item) {
		var o fyne.CanvasObject
		if i == nil {
			o = w.vacancy(place)
		} else {
			t := w.tileOf(i, old)
			w.tiles = append(w.tiles, t)
			o = t.Tile
		}
		w.cells = append(w.cells, cell{o, place, i})
		objects = append(objects, o)
	}
	defer func() { w.dropTiles(old) }()
	rows := 1
	if cols == 1 {
		if w.focus != nil {
			show(-1, w.focus)
		}
	} else {
		rows = cols
		if w.auto { // as many as are needed
			rows = max((w.places.count()+cols-1)/cols, 1)
		}
		for k := range rows * cols {
			show(k, w.places[k])
		}
	}
	w.grid.Objects = []fyne.CanvasObject{container.New(gridLayout{cols, rows}, objects...)}
	w.grid.Refresh()
	w.showOnly()
}

// tileOf returns the tile of an export: that which showed it before, or another.
func (w *Window) tileOf(i *session.Item, old []*tile) *tile {
	if k := slices.IndexFunc(old, func(t *tile) bool { return t.item == i }); k >= 0 {
		return old[k]
	}
	t := &tile{item: i}
	t.name, t.short = w.tileName(i)
	t.Tile = stage.NewTile(w.p, func() { w.choose(i) }, func() { w.choose(i); w.solo() })
	var last fyne.Position
	t.OnDrag = func(e *fyne.DragEvent) {
		last = e.AbsolutePosition
		w.carry(i, last)
	}
	t.OnDrop = func() { w.drop(i, last) }
	t.OnMenu = func(at fyne.Position) { w.tileMenu(i, at) }
	w.equip(t)
	return t
}

// setLayout shows n by n places.
func (w *Window) setLayout(n int) {
	w.back = 0
	if n == 1 && w.layoutN > 1 {
		w.back = w.layoutN
	}
	w.layoutN, w.auto = n, false
	w.d.Trace("layout %d", n)
	w.arrange()
	w.refreshAll()
}

// solo has the focused export fill the stage, or goes back to the others.
func (w *Window) solo() {
	switch {
	case w.layoutN > 1:
		w.setLayout(1)
	case w.back > 1:
		w.setLayout(w.back)
	case len(w.d.Set.Items()) > 1:
		w.setLayout(2)
	}
}

// unstage takes an export off the stage; it stays open.
func (w *Window) unstage(i *session.Item) {
	if i == nil || w.places.find(i) < 0 {
		return
	}
	w.places.remove(i)
	w.auto = false
	if w.layoutN == 1 && w.back > 1 {
		w.layoutN, w.back = w.back, 0
	}
	w.d.Trace("unstaged %s", i.Snapshot().Name)
	w.arrange()
	w.refreshAll()
}

// put moves an export to a place and gives it the focus.
func (w *Window) put(i *session.Item, place int) {
	w.places.put(i, place)
	w.auto = false
	w.d.Trace("place %d %s", place+1, i.Snapshot().Name)
	w.arrange()
	w.choose(i)
	w.refreshAll()
}

// neighbour moves the focus on the stage by columns and rows.
func (w *Window) neighbour(dx, dy int) {
	if w.layoutN == 1 || w.panelShows() {
		w.other(dx + dy)
		return
	}
	k := w.places.find(w.focus)
	if k < 0 {
		k = -1
		dx, dy = 1, 0
	}
	rows := len(w.cells) / max(w.layoutN, 1)
	for x, y := k%w.layoutN+dx, k/w.layoutN+dy; x >= 0 && x < w.layoutN && y >= 0 && y < rows; x, y = x+dx, y+dy {
		if i := w.places[y*w.layoutN+x]; i != nil {
			w.choose(i)
			return
		}
	}
}

// other gives the focus to the export that follows in the list.
func (w *Window) other(by int) {
	items := w.d.Set.Items()
	if k := slices.Index(items, w.focus); k >= 0 && k+by >= 0 && k+by < len(items) {
		w.choose(items[k+by])
	}
}
