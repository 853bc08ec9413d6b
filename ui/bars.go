package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/player"
	"vedette/ui/look"
	"vedette/ui/stage/develop"
)

// tools is the row above the stage.
type tools struct {
	w       *Window
	root    *fyne.Container
	layouts [4]*look.Button
	overlay *look.Button
	zoom    *canvas.Text // how large the picture in focus is shown
	said    *canvas.Text
	until   int // tick at which said goes away
	shownIn [2]float32
}

func newTools(w *Window) *tools {
	p := w.p
	t := &tools{w: w, zoom: look.Text("", look.SizeSecond, p.Text2), said: look.Text("", look.SizeSecond, p.Text2)}
	for i, name := range []string{"1", "2x2", "3x3", "4x4"} {
		t.layouts[i] = look.NewButton(p, "", name, "", func() { w.setLayout(i + 1) })
		t.layouts[i].Flat = true
	}
	t.overlay = look.NewButton(p, "overlay", "Overlay", "B", w.toggleOverlay)
	full := look.NewButton(p, "full", "Full screen", "F", w.toggleFull)
	full.Flat = true
	var objects []fyne.CanvasObject
	for _, l := range t.layouts {
		objects = append(objects, l)
	}
	fit, one := look.NewButton(p, "fit", "Fit", "", w.looks(fitAll)), look.NewButton(p, "", "1:1", "", w.looks(exact))
	adjust := look.NewButton(p, "adjust", "Adjust", "A", w.toggleAdjust)
	second := look.NewButton(p, "second", "", "", w.toggleSecond)
	short := look.NewButton(p, "full", "", "", w.toggleFull)
	fit.Flat, one.Flat, second.Flat, short.Flat = true, true, true, true
	objects = append(objects, t.overlay, full, short, second, fit, one, adjust, t.zoom, t.said)
	t.root = look.Place(fyne.NewSize(460, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		x := float32(8)
		for i, l := range t.layouts {
			l.Select(i+1 == w.layoutN)
			look.At(l, x, 4, l.MinSize().Width, 28)
			x += l.MinSize().Width + 2
		}
		x += 16
		t.overlay.Select(w.overlay)
		adjust.Select(w.adjust.open)
		for _, b := range []*look.Button{t.overlay, adjust, fit, one} {
			look.At(b, x, 4, b.MinSize().Width, 28)
			x += b.MinSize().Width + 4
		}
		end := z.Width - 8
		wide := z.Width > 860 // the word gives way before what says how large the picture is
		look.Show(wide, full)
		look.Show(!wide, short)
		for b, on := range map[*look.Button]bool{full: wide, short: !wide} {
			if on {
				end -= b.MinSize().Width
				look.At(b, end, 4, b.MinSize().Width, 28)
			}
		}
		end -= second.MinSize().Width + 2
		look.At(second, end, 4, second.MinSize().Width, 28)
		t.place(x+8, end-12)
	}, objects...)
	return t
}

// place puts how large the picture is shown, and after it a message, between two places.
func (t *tools) place(x, end float32) {
	text := ""
	if tile := t.w.lookTile(); tile != nil {
		text = begun(tile.ZoomText())
		if tile.View().Zoom == 0 && text != "" {
			text = "Fit, " + develop.Percent(tile.Zoom())
		}
	}
	t.zoom.Text = look.Fit(text, look.SizeSecond, t.zoom.TextStyle, end-x, false)
	if end < x {
		t.zoom.Text = ""
	}
	look.Line(t.zoom, x, 4, 28)
	look.Line(t.said, x, 4, 28)
	if t.said.Text != "" { // a message is short lived, and the foot of the tile says the zoom too
		t.zoom.Text = ""
	}
	t.shownIn = [2]float32{x, end}
}

// showZoom takes over how large the picture in focus is shown.
func (t *tools) showZoom() {
	before := t.zoom.Text
	t.place(t.shownIn[0], t.shownIn[1])
	if t.zoom.Text != before {
		t.zoom.Refresh()
	}
}

// say shows a short message beside the tools for some seconds.
func (t *tools) say(s string) {
	t.said.Text, t.until = s, t.w.tick+150
	t.root.Refresh()
}

// hush takes the message away when its time is over.
func (t *tools) hush() {
	if t.said.Text != "" && t.w.tick > t.until {
		t.said.Text = ""
		t.root.Refresh()
	}
}

// transport is the row below the time line.
type transport struct {
	w             *Window
	root          *fyne.Container
	reverse, play *look.Button
	loop, speed   *look.Button
	words         *canvas.Text
	said          string // words in full
	sound         *sound
	playing       bool
	shown         string
}

func newTransport(w *Window) *transport {
	p := w.p
	t := &transport{w: w, words: look.Text("", look.SizeSecond, p.Text2), sound: newSound(w)}
	e := w.d.Set.Engine()
	b := func(icon string, fn func()) *look.Button {
		x := look.NewButton(p, icon, "", "", fn)
		x.Flat = true
		return x
	}
	t.play = look.NewButton(p, "play", "", "", w.playPause)
	t.play.Filled = true
	t.play.Height = 32
	t.reverse = b("reverse", w.playReverse)
	middle := []*look.Button{
		b("start", w.home), b("fast-back", func() { w.skip(-10) }), b("step-back", func() { e.Step(-1) }), t.reverse, t.play,
		b("step-forward", func() { e.Step(1) }), b("fast-forward", func() { w.skip(10) }), b("end", w.end),
	}
	in, out := look.NewButton(p, "in", "In", "I", w.setIn), look.NewButton(p, "out", "Out", "O", w.setOut)
	t.loop = look.NewButton(p, "loop", "", "E", w.toggleLoop)
	still := look.NewButton(p, "still", "Still", "S", w.saveStill)
	left := []*look.Button{in, out, t.loop, still}
	for _, x := range left {
		x.Flat = true
	}
	t.speed = look.NewButton(p, "", "1.0x", "", nil)
	t.speed.Flat = true
	t.speed.OnTap = func() { w.popUp(t.speed, w.speedItems()...) }
	minus, plus := b("minus", func() { w.line.ZoomBy(1.4) }), b("plus", func() { w.line.ZoomBy(1 / 1.4) })
	legend := look.Text("hatched: no footage; band: seal, inside it camera signing", look.SizeSecond, p.Text2)
	line := canvas.NewRectangle(p.Line)
	wheel := newJog(func(by int) { e.Step(by) })
	objects := []fyne.CanvasObject{wheel, line, minus, plus, legend, t.speed, t.words, t.sound.button, t.sound.slider, t.sound.level}
	for _, m := range append(left, middle...) {
		objects = append(objects, m)
	}
	t.root = look.Place(fyne.NewSize(700, 44), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(wheel, 0, 0, z.Width, z.Height)
		look.At(line, 0, 0, z.Width, 1)
		x := float32(10)
		for _, o := range left {
			look.At(o, x, 8, o.MinSize().Width, 28)
			x += o.MinSize().Width + 4
		}
		edge := x
		look.At(plus, z.Width-42, 8, 32, 28)
		look.At(minus, z.Width-78, 8, 32, 28)
		right := t.sound.place(z.Width-88, 44)
		// The buttons stand in the middle unless what is said beside them would be cut.
		total := float32(7*37 + 49)
		x = max(min((z.Width-total)/2, right-speedWidth-wordsWidth-total), edge+12)
		look.Show(x-edge > legend.MinSize().Width+32, legend)
		look.Line(legend, edge+16, 0, 44)
		for _, m := range middle {
			width, y, h := float32(32), float32(8), float32(28)
			if m == t.play {
				width, y, h = 44, 6, 32
			}
			look.At(m, x, y, width, h)
			x += width + 5
		}
		look.At(t.speed, x+4, 8, speedWidth-8, 28)
		x += speedWidth + 4
		t.words.Text = look.Fit(t.said, look.SizeSecond, t.words.TextStyle, max(right-x-12, 1), false)
		look.Line(t.words, x, 0, 44)
	}, objects...)
	return t
}

// Room that is kept free beside the buttons, so that nothing moves when speed
// and state change.
const (
	speedWidth = 116
	wordsWidth = 270
)

// show takes over the state of the transport.
func (t *transport) show(s player.Status, words string) {
	key := fmt.Sprint(s.Playing, s.Rate, s.Loop, words)
	if key == t.shown {
		return
	}
	before := t.shown
	t.shown, t.playing = key, s.Playing
	backwards := s.Rate < 0
	playing, reversing := "play", "reverse"
	switch {
	case s.Playing && backwards:
		reversing = "pause"
	case s.Playing:
		playing = "pause"
	}
	t.play.SetIcon(playing)
	t.reverse.SetIcon(reversing)
	t.reverse.Select(s.Playing && backwards)
	t.loop.Select(s.Loop)
	t.speed.Label = speedText(s.Rate)
	t.speed.Refresh()
	t.said = words
	t.words.Text = words
	t.root.Refresh()
	if state := fmt.Sprint(s.Playing, s.Rate); before == "" || !strings.HasPrefix(before, state+" ") {
		if s.Playing {
			t.w.d.Trace("state playing")
		} else {
			t.w.d.Trace("state paused")
		}
		t.w.d.Trace("speed %s", t.speed.Label)
	}
}

// popUp shows a menu above a button.
func (w *Window) popUp(b *look.Button, items ...*fyne.MenuItem) {
	at := w.d.App.Driver().AbsolutePositionForObject(b)
	m := fyne.NewMenu("", items...)
	height := widget.NewMenu(m).MinSize().Height
	widget.ShowPopUpMenuAtPosition(m, w.win.Canvas(), fyne.NewPos(at.X, max(at.Y-height-4, 0)))
}
