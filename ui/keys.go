package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vedette/media"
)

// keys binds the keys of the program. Single letters are dead while a text
// field has the focus, since the toolkit hands them to the field then.
func (w *Window) keys() {
	c := w.win.Canvas()
	c.SetOnTypedRune(w.typed)
	c.SetOnTypedKey(w.pressed)
	w.shortcuts(c)
	bindPan(c, w.lookTile, w.neighbour)
}

// shortcuts binds the keys with Control, in either window.
func (w *Window) shortcuts(c fyne.Canvas) {
	ctrl := func(k fyne.KeyName, fn func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) { fn() })
	}
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierAlt}, func(fyne.Shortcut) {
		if !w.covered() {
			w.chooseStill()
		}
	})
	ctrl(fyne.KeyO, w.openDialog)
	ctrl(fyne.KeyG, w.goToDialog)
	ctrl(fyne.KeyR, w.toggleCheck)
	ctrl(fyne.KeyM, w.toggleMuted)
	ctrl(fyne.KeyT, w.nextCamera)
	ctrl(fyne.KeyUp, func() { w.louder(1) })
	ctrl(fyne.KeyDown, func() { w.louder(-1) })
	ctrl(fyne.KeyLeft, func() { w.skip(-10) })
	ctrl(fyne.KeyRight, func() { w.skip(10) })
	alt := func(k fyne.KeyName, fn func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt}, func(fyne.Shortcut) { fn() })
	}
	alt(fyne.KeyComma, func() { w.nudge(-1) })
	alt(fyne.KeyPeriod, func() { w.nudge(1) })
	alt(fyne.KeyM, w.toggleListen)
}

// shifted tells whether Shift is held. The toolkit makes no shortcuts of keys
// with Shift alone; they arrive as the bare key.
func (w *Window) shifted() bool {
	d, ok := w.d.App.Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// covered tells whether a dialog or menu is open: keys then are not for the
// picture behind it.
func (w *Window) covered() bool { return w.win.Canvas().Overlays().Top() != nil }

func (w *Window) typed(r rune) {
	if w.covered() {
		return
	}
	if lookTyped(w.lookTile(), r) {
		return
	}
	e := w.d.Set.Engine()
	switch r {
	case ' ':
		w.playPause()
	case 'k', 'K':
		e.Pause()
	case 'l', 'L':
		w.shuttle(1)
	case 'j', 'J':
		w.shuttle(-1)
	case 'e', 'E':
		w.toggleLoop()
	case ',':
		e.Step(-1)
	case '.':
		e.Step(1)
	case 'n', 'N':
		w.side.step(1)
	case 'p', 'P':
		w.side.step(-1)
	case 'g':
		w.nextGap(1)
	case 'G':
		w.nextGap(-1)
	case 'i':
		w.setIn()
	case 'o':
		w.setOut()
	case 'I':
		if s := e.Tick(); s.Out > s.In {
			e.Seek(s.In)
		}
	case 'O':
		if s := e.Tick(); s.Out > s.In {
			e.Seek(s.Out)
		}
	case 's', 'S':
		w.saveStill()
	case 'V':
		w.toggleConform()
	case 't', 'T':
		w.toggleTrust()
	case 'v':
		w.togglePanel()
	case 'b', 'B':
		w.toggleOverlay()
	case 'f':
		w.toggleFull()
	case 'F':
		w.toggleSecond()
	case 'a', 'A':
		w.toggleAdjust()
	case '?':
		w.keysDialog()
	case '1', '2', '3', '4':
		w.setLayout(int(r - '0'))
	}
}

func (w *Window) pressed(k *fyne.KeyEvent) {
	if w.covered() {
		if n := len(w.dialogs); k.Name == fyne.KeyEscape && n > 0 {
			w.dialogs[n-1].Dismiss()
		}
		return
	}
	e := w.d.Set.Engine()
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		by := 1
		if k.Name == fyne.KeyLeft {
			by = -1
		}
		if w.shifted() {
			w.skip(by)
		} else {
			e.Step(by)
		}
	case fyne.KeyUp:
		w.other(-1)
	case fyne.KeyDown:
		w.other(1)
	case fyne.KeyDelete:
		w.unstage(w.focus)
	case fyne.KeyHome:
		w.home()
	case fyne.KeyEnd:
		w.end()
	case fyne.KeyF6:
		w.nextRegion()
	case fyne.KeyF1:
		w.keysDialog()
	case fyne.KeyF2:
		w.togglePanel()
	case fyne.KeyEscape:
		switch {
		case w.full:
			w.toggleFull()
		case w.adjust.open:
			w.toggleAdjust()
		case w.maps.on:
			w.maps.toggle()
		case w.trustOpen && w.trustModel.Preview != nil:
			w.discardPreview()
		case w.trustOpen:
			w.toggleTrust()
		case w.panelOpen:
			w.togglePanel()
		case w.layoutN == 1 && w.back > 1:
			w.solo()
		}
	}
}

func (w *Window) home() { w.d.Set.Engine().Seek(w.d.Set.Engine().Tick().From) }

// end shows the last picture of all.
func (w *Window) end() { w.d.Set.Engine().Seek(w.d.Set.Engine().Tick().To - 1) }

func (w *Window) skip(seconds int) {
	w.d.Set.Engine().Seek(w.axis + media.UTC(seconds)*media.Hundred)
}

func (w *Window) toggleOverlay() {
	w.overlay = !w.overlay
	w.tools.overlay.Select(w.overlay)
	w.refreshAll()
}

// setIn and setOut mark the stretch that is repeated.
func (w *Window) setIn() {
	e := w.d.Set.Engine()
	s := e.Tick()
	out := s.Out
	if out <= s.Axis {
		out = s.To
	}
	e.SetLoop(s.Axis, out, true)
	w.refreshAll()
}

func (w *Window) setOut() {
	e := w.d.Set.Engine()
	s := e.Tick()
	in := s.In
	if in >= s.Axis || s.Out <= s.In {
		in = s.From
	}
	e.SetLoop(in, s.Axis, true)
	w.refreshAll()
}

// nextGap goes to the first picture after a gap, or to the last before one.
func (w *Window) nextGap(by int) {
	i := w.focus
	if i == nil {
		return
	}
	t, ok := i.Track()
	if !ok {
		return
	}
	gaps := i.Export().Gaps(t.ID)
	if by > 0 {
		for _, g := range gaps {
			if u := i.Zero().Add(g.To); u > w.axis {
				w.d.Set.Engine().Seek(u)
				return
			}
		}
		return
	}
	for k := len(gaps) - 1; k >= 0; k-- {
		if u := i.Zero().Add(gaps[k].From); u < w.axis {
			w.d.Set.Engine().Seek(u - 1)
			return
		}
	}
}

// nextRegion hands the keyboard to the next part of the window: sources, map,
// the side, the time line, and back to none, which is the stage.
func (w *Window) nextRegion() {
	var regions []fyne.Focusable
	if w.maps.on {
		regions = append(regions, w.maps.big)
	} else {
		for _, o := range w.sources.list.Objects {
			if f, ok := o.(fyne.Focusable); ok {
				regions = append(regions, f)
				break
			}
		}
	}
	regions = append(regions, w.side.tabs[w.side.tab], w.bar.play)
	c := w.win.Canvas()
	next := 0
	for i, r := range regions {
		if c.Focused() == r {
			next = i + 1
		}
	}
	if next == len(regions) {
		c.Unfocus()
		return
	}
	c.Focus(regions[next])
}
