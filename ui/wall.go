package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"vedette/player"
	"vedette/session"
)

// lateShown is for how many ticks a picture that came too late is told.
const lateShown = 180

// tellSize tells the view of a tile how large its picture is shown, in pixels of
// the screen: a small one is decoded into a small picture.
func (w *Window) tellSize(t *tile) {
	scale := w.win.Canvas().Scale()
	area := t.Area()
	area = fyne.NewSize(area.Width*scale, area.Height*scale)
	full := t.Full() || w.second.shows(t.item)
	if full {
		area = fyne.Size{} // its own size
	}
	if area == t.area && t.told || !full && (area.Width < 1 || area.Height < 1) {
		return
	}
	t.told = true
	t.area = area
	t.item.View.SetSize(int(area.Width+.5), int(area.Height+.5))
}

// tileNotes is what is to be noted of a tile besides its frame, the gravest first.
func (w *Window) tileNotes(t *tile, st player.State, s player.Status) []note {
	var said []note
	t.skipping = st.Skipping
	if n := st.Dropped; n != t.late {
		if n > t.late {
			t.lateAt = w.tick
		}
		t.late = n
	}
	if n := t.lateNow(w.tick); n > 0 && s.Playing {
		said = append(said, note{fmt.Sprintf("late: %d", n), fmt.Sprintf("late: %d", n)})
	}
	if t.item.View != nil {
		said = append(said, nudgeText(w.nudged[t.item], -t.item.View.Offset()))
	}
	if t.item.Floating {
		said = append(said, note{"no absolute time", "no UTC"})
	}
	if w.listening == t.item {
		said = append(said, note{"heard", ""})
	}
	return said
}

// showOnly tells the views which of them are looked at: the others decode nothing.
// The focused one always is, since the side and stills are about its frame.
func (w *Window) showOnly() {
	for _, i := range w.d.Set.Items() {
		if i.View != nil {
			i.View.SetShown(i == w.focus || w.onStage(i))
		}
	}
}

// onStage tells whether an export has a tile.
func (w *Window) onStage(i *session.Item) bool {
	return slices.ContainsFunc(w.tiles, func(t *tile) bool { return t.item == i })
}

// tileName is the title of an export, with the name of its file where others
// have the same title: exports of one camera often lie side by side. short is
// what tells it from them.
func (w *Window) tileName(i *session.Item) (name, short string) {
	name = title(i)
	for _, o := range w.d.Set.Items() {
		if o != i && title(o) == name {
			file := i.Snapshot().Name
			file = strings.TrimSuffix(file, filepath.Ext(file))
			return name + ", " + file, file
		}
	}
	return name, ""
}

// lateNow returns how many pictures came too late, while that goes on.
func (t *tile) lateNow(tick int) int {
	if t.late == 0 || tick-t.lateAt > lateShown {
		return 0
	}
	return t.late
}

// stateWords tells what is out of the ordinary about playing.
func (w *Window) stateWords(s player.Status) string {
	late, skipped := 0, ""
	for _, t := range w.tiles {
		late += t.lateNow(w.tick)
		if t.skipping != "" {
			skipped = t.skipping
		}
	}
	return stateWords(s, skipped, late)
}

// stageItem is the menu item that puts a source on the stage, or takes it off.
func (w *Window) stageItem(i *session.Item) *fyne.MenuItem {
	if w.places.find(i) >= 0 {
		return fyne.NewMenuItem("Remove from the stage", func() { w.unstage(i) })
	}
	return fyne.NewMenuItem("Put on the stage", func() {
		w.places.add(i)
		w.arrange()
		w.choose(i)
		w.refreshAll()
	})
}

// mostRows returns how many sources the time line shows at once, so that it
// leaves the stage its height in small windows.
func (w *Window) mostRows() int {
	h := w.win.Canvas().Size().Height
	return min(max(int((h*.32-78)/50), 2), 6)
}
