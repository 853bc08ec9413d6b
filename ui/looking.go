package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vedette/player"
	"vedette/session"
)

// pulled is the frame that a source shows in one turn. Every tile that shows the
// source, in whatever window, is given the same one.
type pulled struct {
	turn    int
	frame   *player.Frame
	changed bool
	state   player.State
}

// frameOf takes the frame of a source that is due, once a turn.
func (w *Window) frameOf(i *session.Item) pulled {
	x, ok := w.frames[i]
	if !ok || x.turn != w.tick {
		x = pulled{turn: w.tick}
		x.frame, x.changed, x.state = i.View.Pull()
		w.frames[i] = x
	}
	return x
}

// equip gives a tile the way its source was looked at last, and keeps what
// becomes of it.
func (w *Window) equip(t *tile) {
	t.SetView(w.views[t.item])
	t.OnView = func() {
		w.views[t.item] = t.View()
		w.lookedAt(t)
	}
	t.OnDetail = func(bool) { w.detail(t.item) }
}

// lookedAt shows how a tile is looked at wherever that stands.
func (w *Window) lookedAt(t *tile) {
	if t == w.lookTile() {
		w.adjust.show()
		w.tools.showZoom()
	}
	w.d.Trace("view %s %s; %s", t.item.Snapshot().Name, t.ZoomText(), t.View().Adjust)
}

// detail is told when a tile begins or ceases to need its pictures at full size.
func (w *Window) detail(i *session.Item) {
	full := w.second.shows(i) // it is as large as a screen
	for _, t := range w.tiles {
		full = full || t.item == i && t.Full()
	}
	w.d.Trace("detail %s %t", i.Snapshot().Name, full)
}

// dropTiles ends the tiles that are not shown any more.
func (w *Window) dropTiles(old []*tile) {
	for _, t := range old {
		if !slices.Contains(w.tiles, t) {
			t.Close()
		}
	}
	items := w.d.Set.Items()
	for i := range w.views {
		if !slices.Contains(items, i) {
			delete(w.views, i)
		}
	}
	for i := range w.frames {
		if !slices.Contains(items, i) {
			delete(w.frames, i)
		}
	}
}

// turnTiles shows what was developed since the last turn.
func (w *Window) turnTiles() {
	for _, t := range w.tiles {
		if t.Turn() {
			w.painted++
			if t == w.lookTile() {
				w.tools.showZoom()
			}
		}
	}
}

// restTiles takes the pictures from tiles that are out of sight: they are not
// given what their sources show meanwhile, and what they hold would be written to.
func (w *Window) restTiles() {
	for _, t := range w.tiles {
		if t.sample != 0 {
			t.sample, t.last = 0, ""
			t.SetPicture(nil, 0, 0)
		}
	}
}

// lookTile returns the tile that zoom and adjustments are about, or nil.
func (w *Window) lookTile() *tile {
	if w.maps.on {
		return nil
	}
	for _, t := range w.tiles {
		if t.item == w.focus {
			return t
		}
	}
	return nil
}

// looks runs an order for the tile in focus, if there is one.
func (w *Window) looks(fn func(*tile)) func() {
	return func() {
		if t := w.lookTile(); t != nil {
			fn(t)
		}
	}
}

// zoomStep is one press of a key, as fine as one notch of the wheel.
const zoomStep = 1.25

func zoomIn(t *tile)  { t.ZoomBy(zoomStep) }
func zoomOut(t *tile) { t.ZoomBy(1 / zoomStep) }
func exact(t *tile)   { t.Exact() }
func fitAll(t *tile)  { t.FitAll() }
func drawBox(t *tile) { t.DrawBox() }

func turnRight(t *tile) {
	v := t.View()
	v.Adjust = v.Adjust.TurnRight()
	t.SetView(v)
}

func mirror(t *tile) {
	v := t.View()
	v.Adjust.Mirror = !v.Adjust.Mirror
	t.SetView(v)
}

func otherPixels(t *tile) {
	v := t.View()
	v.Smooth = !v.Smooth
	t.SetView(v)
}

func asRecorded(t *tile) { t.ResetAdjust() }

// lookKeys are the letters that act on the tile in focus.
var lookKeys = map[rune]func(*tile){
	'+': zoomIn, '=': zoomIn, '-': zoomOut, '0': fitAll, 'z': exact, 'Z': exact, 'w': drawBox, 'W': drawBox,
	'r': turnRight, 'R': asRecorded, 'h': mirror, 'H': mirror, 'x': otherPixels, 'X': otherPixels,
}

// lookTyped runs the order of a letter on a tile, and tells whether it was one.
func lookTyped(t *tile, r rune) bool {
	fn, ok := lookKeys[r]
	if ok && t != nil {
		fn(t)
	}
	return ok
}

// bindPan lets Alt and the arrows move an enlarged picture; other is told of
// them where there is none.
func bindPan(c fyne.Canvas, of func() *tile, other func(dx, dy int)) {
	for k, by := range map[fyne.KeyName][2]int{fyne.KeyLeft: {-1, 0}, fyne.KeyRight: {1, 0}, fyne.KeyUp: {0, -1}, fyne.KeyDown: {0, 1}} {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt}, func(fyne.Shortcut) {
			if t := of(); t != nil && t.View().Zoom != 0 {
				t.Pan(.25*float64(by[0]), .25*float64(by[1]))
				return
			}
			other(by[0], by[1])
		})
	}
}

// begun makes a sentence of words.
func begun(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// pictureMenu holds what is done to the picture in focus.
func (w *Window) pictureMenu(item func(name, key string, fn func()) *fyne.MenuItem) *fyne.Menu {
	return fyne.NewMenu("Picture", item("Adjust…", "A", w.toggleAdjust), item("As recorded", "Shift+R", w.looks(asRecorded)), fyne.NewMenuItemSeparator(),
		item("Fit", "0", w.looks(fitAll)), item("1:1, one pixel on one of the screen", "Z", w.looks(exact)), item("Zoom in", "+", w.looks(zoomIn)), item("Zoom out", "-", w.looks(zoomOut)), item("Zoom to a box", "W", w.looks(drawBox)),
		item("Nearest pixels or smooth", "X", w.looks(otherPixels)), fyne.NewMenuItemSeparator(), item("Turn", "R", w.looks(turnRight)), item("Mirror", "H", w.looks(mirror)))
}
