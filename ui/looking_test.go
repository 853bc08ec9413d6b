package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vedette/ui/look"
	"vedette/ui/stage"
	"vedette/ui/stage/develop"
)

func TestTheStageKeepsItsRoomWhateverTheBordersAre(t *testing.T) {
	for _, c := range []struct {
		s           split
		width       float32
		left, right float32
	}{
		{split{264, 344, 6}, 1366, 264, 344},
		{split{520, 720, 6}, 2560, 520, 720},
		{split{520, 720, 6}, 1366, 520, 386},
		{split{520, 720, 6}, 1100, 340, 300},
		{split{208, 300, 6}, 640, 208, 300}, // nothing is left to give
	} {
		if l, r := c.s.fitted(c.width); l != c.left || r != c.right {
			t.Errorf("%v in %g: %g and %g, want %g and %g", c.s, c.width, l, r, c.left, c.right)
		}
	}
}

func TestBordersAreRememberedWithinTheirLimits(t *testing.T) {
	w, _ := window(t)
	w.moveTo(split{300, 400, 2}, true)
	if got := w.remembered(); got != (split{300, 400, 2}) {
		t.Errorf("%v", got)
	}
	w.moveTo(split{-5, 99999, 77}, true)
	if got := w.remembered(); got != (split{leftLeast, rightMost, 6}) {
		t.Errorf("%v", got)
	}
}

func TestASmallWindowIsNotClipped(t *testing.T) {
	w, _ := window(t)
	w.moveTo(split{leftMost, rightMost, 6}, false)
	if m := w.content.MinSize(); m.Width > 1366 || m.Height > 768 {
		t.Errorf("the window needs %v", m)
	}
}

// monitors are two beside each other.
type monitors struct{ moved []string }

func (*monitors) List() []Screen {
	return []Screen{{Name: "left", Width: 1920, Height: 1080}, {Name: "right", X: 1920, Width: 2560, Height: 1440}}
}

func (m *monitors) Move(_ fyne.Window, s Screen) func() {
	m.moved = append(m.moved, s.Name)
	return func() { m.moved = append(m.moved, "back") }
}

func (*monitors) Unpaced(fyne.Window) {}

func TestAMonitorIsFilledOnceTheWindowLiesOnIt(t *testing.T) {
	w, _ := window(t)
	m := &monitors{}
	w.d.Screens = m
	items := w.screenItems()
	if len(items) != 2 || !strings.Contains(items[1].Label, "right, 2560 x 1440") {
		t.Fatalf("%v", items)
	}
	items[1].Action()
	if w.full || len(m.moved) != 1 {
		t.Errorf("full %t, moved %v", w.full, m.moved)
	}
	for range 3 {
		w.tick++
		w.runLater()
	}
	if !w.full {
		t.Error("the monitor is not filled")
	}
	w.pressed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.full || len(m.moved) != 2 || m.moved[1] != "back" {
		t.Errorf("full %t, moved %v", w.full, m.moved)
	}
}

func TestTheSecondWindowSurvivesTheThemeAndClosesByOneKey(t *testing.T) {
	w, driver := window(t)
	w.typed('F')
	if w.second == nil {
		t.Fatal("no second window")
	}
	w.otherTheme()
	driver.turn()
	w.second.pull(w.d.Set.Engine().Tick())
	w.second.typed('F')
	if w.second != nil {
		t.Error("it did not close")
	}
	w.typed('F')
	w.second.pressed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.second != nil {
		t.Error("Escape did not close it")
	}
}

func TestLettersActOnTheTile(t *testing.T) {
	newApp(t)
	x := &tile{Tile: stage.NewTile(&look.Dark, nil, nil)}
	for _, r := range "rrhx" {
		if !lookTyped(x, r) {
			t.Errorf("%c does nothing", r)
		}
	}
	if want := (develop.View{Adjust: develop.Adjust{Turn: 180, Mirror: true}, Smooth: true}); x.View() != want {
		t.Errorf("%+v", x.View())
	}
	lookTyped(x, 'R')
	if x.View() != (develop.View{Smooth: true}) {
		t.Errorf("%+v", x.View())
	}
	if lookTyped(x, 's') {
		t.Error("a letter of others was taken")
	}
}

func TestEveryLetterStandsInTheListOfKeys(t *testing.T) {
	for r := range lookKeys {
		if c := strings.ToUpper(string(r)); r != '=' && !strings.Contains(keyList, c) {
			t.Errorf("%c is not in the list of keys", r)
		}
	}
}
