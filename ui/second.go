package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/player"
	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/stage"
	"vedette/ui/stage/develop"
)

// second is the other window: one picture with its caption and foot, for another
// monitor. It shows the frames that the first window pulls; nothing is decoded
// twice.
type second struct {
	w    *Window
	win  fyne.Window
	item *session.Item // chosen here; nil follows the focus
	tile *tile
	view map[*session.Item]develop.View
	full bool
	row  *fullLine
	back func() // to the monitor where it was before
	root *fyne.Container
}

// shows reports whether a source is in the second window. A nil window shows none.
func (s *second) shows(i *session.Item) bool { return s != nil && s.tile != nil && s.tile.item == i }

// toggleSecond opens the second window, or closes it.
func (w *Window) toggleSecond() {
	if w.second != nil {
		w.second.win.Close()
		return
	}
	s := &second{w: w, win: w.d.App.NewWindow("Vedette, second picture"), view: map[*session.Item]develop.View{}, root: container.NewStack()}
	w.second = s
	s.win.SetPadded(false)
	s.win.Resize(fyne.NewSize(960, 640))
	s.win.SetOnClosed(func() {
		w.second = nil
		if s.tile != nil {
			s.tile.Close()
			w.detail(s.tile.item)
		}
		w.d.Trace("second closed")
	})
	s.win.Canvas().SetOnTypedRune(s.typed)
	s.win.Canvas().SetOnTypedKey(s.pressed)
	w.shortcuts(s.win.Canvas())
	bindPan(s.win.Canvas(), func() *tile { return s.tile }, s.w.neighbour)
	s.rebuild()
	s.win.SetContent(s.root)
	s.win.Show()
	if w.d.Screens != nil {
		w.d.Screens.Unpaced(s.win)
	}
	w.d.Trace("second open")
}

// rebuild makes everything anew, in the colours of the first window.
func (s *second) rebuild() {
	if s == nil {
		return
	}
	s.drop()
	s.arrange()
}

func (s *second) drop() {
	if s.tile != nil {
		s.view[s.tile.item] = s.tile.View()
		s.tile.Close()
		s.tile = nil
	}
}

// wanted is the source that is to be shown, or nil.
func (s *second) wanted() *session.Item {
	for _, i := range s.w.d.Set.Items() {
		if i == s.item {
			return i
		}
	}
	s.item = nil // it was closed, or none was chosen
	return s.w.focus
}

func (s *second) arrange() {
	p := s.w.p
	i := s.wanted()
	if i != nil && s.tile == nil {
		t := &tile{item: i, alone: true}
		t.Tile = stage.NewTile(p, nil, s.toggleFull)
		t.SetView(s.view[i])
		t.OnView = func() {
			s.w.d.Trace("second view %s %s; %s", i.Snapshot().Name, t.ZoomText(), t.View().Adjust)
			s.root.Refresh()
		}
		s.tile = t
		s.w.detail(i)
	}
	var middle fyne.CanvasObject = container.NewCenter(look.Text("The picture in focus appears here.", look.SizeBase, p.Text2))
	if s.tile != nil {
		middle = s.tile.Tile
	}
	ground := canvas.NewRectangle(p.Panel)
	s.row = s.w.newFullLine(s.wanted)
	s.root.Objects = []fyne.CanvasObject{ground, container.NewBorder(nil, s.row, nil, nil, middle)}
	if !s.full {
		s.root.Objects[1] = container.NewBorder(s.head(), nil, nil, nil, middle)
	}
	s.root.Refresh()
}

// head is the row with what can be chosen; full screens have none.
func (s *second) head() fyne.CanvasObject {
	p := s.w.p
	name := "Follows the focus"
	if s.item != nil {
		name = title(s.item)
	}
	var which, screen *look.Button
	which = look.NewButton(p, "second", look.Fit(name, look.SizeBase, fyne.TextStyle{Bold: true}, 260, false), "", func() { s.menu(which) })
	one := look.NewButton(p, "", "1:1", "Z", func() { s.typed('z') })
	fit := look.NewButton(p, "fit", "Fit", "0", func() { s.typed('0') })
	screen = look.NewButton(p, "full", "Full screen", "F", func() { s.w.screenMenu(s.win, screen, s.fullOn, s.toggleFull) })
	shut := look.NewButton(p, "close", "", "", s.win.Close)
	for _, b := range []*look.Button{which, one, fit, screen, shut} {
		b.Flat = true
	}
	line := canvas.NewRectangle(p.Line)
	return look.Place(fyne.NewSize(420, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		x := float32(8)
		for _, b := range []*look.Button{which, fit, one} {
			look.At(b, x, 4, b.MinSize().Width, 28)
			x += b.MinSize().Width + 4
		}
		look.At(shut, z.Width-40, 4, 32, 28)
		look.At(screen, z.Width-48-screen.MinSize().Width, 4, screen.MinSize().Width, 28)
		look.At(line, 0, 35, z.Width, 1)
	}, which, fit, one, screen, shut, line)
}

// menu chooses the picture.
func (s *second) menu(from fyne.CanvasObject) {
	choose := func(i *session.Item) func() {
		return func() {
			s.item = i
			s.drop()
			s.arrange()
		}
	}
	items := []*fyne.MenuItem{fyne.NewMenuItem("Follow the focus of the first window", choose(nil))}
	for _, i := range s.w.d.Set.Items() {
		items = append(items, fyne.NewMenuItem(title(i)+"    "+i.Snapshot().Name, choose(i)))
	}
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(from)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), s.win.Canvas(), pos.AddXY(0, 30))
}

// pull shows the frame that is due, the one of the first window.
func (s *second) pull(now player.Status) {
	if s == nil {
		return
	}
	if i := s.wanted(); s.tile == nil && i != nil || s.tile != nil && s.tile.item != i {
		s.drop()
		s.arrange()
	}
	if s.tile == nil {
		return
	}
	s.tile.Turn()
	s.w.pullTile(s.tile, now)
}

func (s *second) typed(r rune) {
	if s.win.Canvas().Overlays().Top() != nil {
		return
	}
	switch {
	case r == 'f':
		s.toggleFull()
	case r == 'F':
		s.win.Close()
	case r == 'a' || r == 'A': // the panel is of the first window
	case lookTyped(s.tile, r):
	default:
		s.w.typed(r)
	}
}

func (s *second) pressed(k *fyne.KeyEvent) {
	if o := s.win.Canvas().Overlays(); o.Top() != nil {
		if k.Name == fyne.KeyEscape {
			o.Remove(o.Top())
		}
		return
	}
	if k.Name == fyne.KeyEscape {
		if s.full {
			s.toggleFull()
		} else {
			s.win.Close()
		}
		return
	}
	s.w.pressed(k)
}

func (s *second) toggleFull() {
	s.full = !s.full
	s.win.SetFullScreen(s.full)
	if !s.full && s.back != nil {
		s.back()
		s.back = nil
	}
	s.arrange()
	s.w.d.Trace("second full-screen %t", s.full)
}

// fullOn fills a monitor.
func (s *second) fullOn(x Screen) {
	if s.full {
		s.toggleFull()
	}
	s.back = s.w.d.Screens.Move(s.win, x)
	s.w.after(2, s.toggleFull) // the toolkit looks where the window lies
}
