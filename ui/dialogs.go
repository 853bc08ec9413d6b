package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"vedette/ui/look"
)

// menuRow is 28 high: every action stands in a menu with its key.
func (w *Window) menuRow() fyne.CanvasObject {
	p := w.p
	item := func(name, key string, fn func()) *fyne.MenuItem {
		if key != "" {
			name += "    " + key
		}
		return fyne.NewMenuItem(name, fn)
	}
	e := w.d.Set.Engine()
	theme := "Light theme"
	if w.d.Light {
		theme = "Dark theme"
	}
	menus := []*fyne.Menu{
		fyne.NewMenu("File", item("Open export…", "Ctrl+O", w.openDialog), item("Open folder…", "", w.openFolder), w.recentMenu(), item("Examine again", "Ctrl+R", w.toggleCheck), item("Trust packs…", "T", w.toggleTrust),
			fyne.NewMenuItemSeparator(), item("Save still", "S", w.saveStill), item("Save still as…", "Alt+S", w.chooseStill), item("Open still…", "", w.openStillDialog), item("Seal a copy…", "", w.sealDialog), item("Close export", "", func() {
				if w.focus != nil {
					w.remove(w.focus)
				}
			}), fyne.NewMenuItemSeparator(), item("Quit", "", w.d.App.Quit)),
		fyne.NewMenu("View", item("Verdict", "V", w.togglePanel), item("Conformance", "Shift+V", w.toggleConform), item("Map", "", func() { w.maps.toggle() }), item("Overlay", "B", w.toggleOverlay), item("Next camera", "Ctrl+T", w.nextCamera), item("Full screen", "F", w.toggleFull), item("Second window", "Shift+F", w.toggleSecond),
			fyne.NewMenuItemSeparator(), item("One picture", "1", func() { w.setLayout(1) }), item("2x2", "2", func() { w.setLayout(2) }), item("3x3", "3", func() { w.setLayout(3) }), item("4x4", "4", func() { w.setLayout(4) }),
			item("Fill the stage, or back", "double click, Esc", w.solo), item("Remove from the stage", "Delete", func() { w.unstage(w.focus) }),
			item("Focus: next source", "Down", func() { w.other(1) }), item("Focus: previous source", "Up", func() { w.other(-1) }),
			fyne.NewMenuItemSeparator(), item("Whole time line", "", func() { w.line.Fit(); w.line.Refresh() }), item(theme, "", w.otherTheme)),
		w.pictureMenu(item),
		fyne.NewMenu("Play", item("Play or pause", "Space", w.playPause), item("Pause", "K", e.Pause), item("Forward, faster", "L", func() { w.shuttle(1) }), item("Backwards, faster", "J", func() { w.shuttle(-1) }), item("Speed…", "", func() { w.bar.speed.OnTap() }),
			item("One frame forward", ".", func() { e.Step(1) }), item("One frame back", ",", func() { e.Step(-1) }),
			item("1 s forward", "Shift+Right", func() { w.skip(1) }), item("1 s back", "Shift+Left", func() { w.skip(-1) }), item("10 s forward", "Ctrl+Right", func() { w.skip(10) }), item("10 s back", "Ctrl+Left", func() { w.skip(-10) }),
			item("Start", "Home", w.home), item("End", "End", w.end), item("Go to…", "Ctrl+G", w.goToDialog),
			fyne.NewMenuItemSeparator(), item("Listen to this source, or to the focus", "Alt+M", w.toggleListen), item("Sound and its output…", "", w.soundMenu), item("Mute or sound", "Ctrl+M", w.toggleMuted), item("Louder", "Ctrl+Up", func() { w.louder(1) }), item("Quieter", "Ctrl+Down", func() { w.louder(-1) }),
			fyne.NewMenuItemSeparator(), item("Nudge one frame back", "Alt+,", func() { w.nudge(-1) }), item("Nudge one frame forward", "Alt+.", func() { w.nudge(1) }), item("Take the nudge back", "", func() { w.nudge(0) })),
		fyne.NewMenu("Mark", item("In point", "I", w.setIn), item("Out point", "O", w.setOut), item("Go to in point", "Shift+I", func() { w.typed('I') }), item("Go to out point", "Shift+O", func() { w.typed('O') }),
			item("Repeat from in to out", "E", w.toggleLoop), item("Forget in and out", "", func() { e.SetLoop(0, 0, false); w.refreshAll() }), fyne.NewMenuItemSeparator(),
			item("Next event", "N", func() { w.side.step(1) }), item("Previous event", "P", func() { w.side.step(-1) }), item("Next gap", "G", func() { w.nextGap(1) }), item("Previous gap", "Shift+G", func() { w.nextGap(-1) })),
		fyne.NewMenu("Help", item("All keys", "?", w.keysDialog), item("What a verdict says", "", w.verdictHelp), item("About Vedette", "", w.about)),
	}
	back := canvas.NewRectangle(p.Window)
	objects := []fyne.CanvasObject{back}
	var buttons []*look.Button
	for _, m := range menus {
		var b *look.Button
		b = look.NewButton(p, "", m.Label, "", func() {
			pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
			shown := m
			if m.Label == "View" {
				if s := w.screenItems(); s != nil { // monitors come and go
					shown = fyne.NewMenu(m.Label, append(append(slices.Clone(m.Items), fyne.NewMenuItemSeparator()), s...)...)
				}
			}
			widget.ShowPopUpMenuAtPosition(shown, w.win.Canvas(), pos.AddXY(0, 28))
		})
		b.Flat, b.Height = true, 26
		buttons, objects = append(buttons, b), append(objects, b)
	}
	return look.Place(fyne.NewSize(300, 28), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		x := float32(6)
		for _, b := range buttons {
			look.At(b, x, 1, b.MinSize().Width, 26)
			x += b.MinSize().Width
		}
	}, objects...)
}

// firstStart is what stands on the stage before anything is open.
func (w *Window) firstStart() fyne.CanvasObject {
	p := w.p
	card := func(icon, title, text string, b *look.Button) fyne.CanvasObject {
		img := canvas.NewImageFromResource(p.Icon(icon))
		img.FillMode = canvas.ImageFillContain
		head := look.Bold(title, look.SizeCard, p.Text)
		body := widget.NewLabel(text)
		body.Wrapping = fyne.TextWrapWord
		return look.Place(fyne.NewSize(272, 210), func(z fyne.Size, o []fyne.CanvasObject) {
			look.At(o[0], 0, 0, z.Width, z.Height)
			look.At(img, 20, 20, 28, 28)
			look.Line(head, 20, 58, 24)
			look.At(body, 12, 82, z.Width-24, 70)
			look.At(b, 20, z.Height-46, b.MinSize().Width, 28)
		}, look.Rounded(p.Panel, p.Line), img, head, body, b)
	}
	open := look.NewButton(p, "", "Open…", "Ctrl+O", w.openDialog)
	open.Filled = true
	folder := look.NewButton(p, "", "Open folder…", "", w.openFolder)
	cards := []fyne.CanvasObject{
		card("folder", "Open an export", "An MP4 file. It plays at once, and its seal is examined while it plays.", open),
		card("sheet", "Open a folder", "All exports in it, together on one time axis.", folder),
	}
	sample := w.d.Sample()
	if len(sample) > 0 {
		cards = append(cards, card("flask", "Try the sample", "Exports of an invented town: sound, broken, unsigned, with a wrong clock.", look.NewButton(p, "", "Open the sample", "", func() { w.Open(sample...) })))
	}
	head := look.Bold("What would you like to examine?", look.SizePanel, p.Text)
	second := look.Text("Originals are only read, never written. No network is used.", look.SizeBase, p.Text2)
	tray := canvas.NewImageFromResource(p.IconIn("drop", p.Text2))
	tray.FillMode = canvas.ImageFillContain
	drop := look.Text("Or drop files or a folder anywhere", look.SizeBase, p.Text2)
	frame := look.Rounded(p.Stage, p.Control)
	keys := look.NewButton(p, "keys", "All keys", "?", w.keysDialog)
	keys.Flat = true
	says := look.NewButton(p, "shield", "What a verdict says", "", w.verdictHelp)
	says.Flat = true
	objects := append([]fyne.CanvasObject{canvas.NewRectangle(p.Stage), head, second, frame, tray, drop, keys, says}, cards...)
	return look.Place(fyne.NewSize(600, 420), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(o[0], 0, 0, z.Width, z.Height)
		n := float32(len(cards))
		cw := min(272, (z.Width-48-12*(n-1))/n)
		total := n*cw + 12*(n-1)
		x, y := (z.Width-total)/2, max((z.Height-440)/2, 16)
		look.Line(head, (z.Width-head.MinSize().Width)/2, y, 36)
		look.Line(second, (z.Width-second.MinSize().Width)/2, y+38, 22)
		for i, c := range cards {
			look.At(c, x+float32(i)*(cw+12), y+80, cw, 210)
		}
		look.At(frame, x, y+312, total, 54)
		dw := drop.MinSize().Width
		look.At(tray, (z.Width-dw)/2-30, y+329, 20, 20)
		look.Line(drop, (z.Width-dw)/2, y+312, 54)
		kw, sw := keys.MinSize().Width, says.MinSize().Width
		look.At(keys, (z.Width-kw-sw-12)/2, y+386, kw, 28)
		look.At(says, (z.Width-kw-sw-12)/2+kw+12, y+386, sw, 28)
	}, objects...)
}

func (w *Window) say(title, text string) {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	s := container.NewVScroll(l)
	s.SetMinSize(fyne.NewSize(560, 380))
	w.open(dialog.NewCustom(title, "Close", s, w.win))
}

// open shows a dialog that Escape closes, and calls closed when it was.
func (w *Window) open(d dialog.Dialog, closed ...func()) {
	w.dialogs = append(w.dialogs, d)
	d.SetOnClosed(func() {
		for _, fn := range closed {
			fn()
		}
		w.dialogs = slices.DeleteFunc(w.dialogs, func(o dialog.Dialog) bool { return o == d })
	})
	d.Show()
}

// answer is a field in a dialog: Return accepts and Escape closes.
type answer struct {
	widget.Entry
	dismiss func()
}

// TypedKey implements fyne.Focusable.
func (a *answer) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		a.dismiss()
		return
	}
	a.Entry.TypedKey(e)
}

func (w *Window) keysDialog() { w.say("All keys", keyList) }

// keyList is what the keys do.
const keyList = `Open an export	Ctrl+O
Play or pause, pause	Space, K
Forward, backwards	L, J      again: 2, 4, 8, 16 times; the other key slows down
Slow motion forward, backwards	Shift+L, Shift+J      again: slower
One frame back, forward	, and .   or Left and Right
1 s back, forward	Shift+Left, Shift+Right
10 s back, forward	Ctrl+Left, Ctrl+Right
Start, end	Home, End
Next, previous event	N, P
Next, previous gap	G, Shift+G
In, out point	I, O      go to them: Shift+I, Shift+O
Repeat from in to out	E
Go to a time or frame	Ctrl+G
Mute, louder, quieter	Ctrl+M, Ctrl+Up, Ctrl+Down
Next camera of the export	Ctrl+T
Listen to this source, or to the focus	Alt+M
Nudge against the others	Alt+, and Alt+.
Still with its frame card	S      Alt+S chooses the place
Verdict	V or F2
Conformance with the standard	Shift+V
Cancel examining, or examine again	Ctrl+R
Trust packs	T
Overlay	B
1, 4, 9 or 16 pictures	1, 2, 3, 4      Esc goes back from one
Previous, next source	Up, Down      neighbour on the stage: Alt+arrows
Remove from the stage	Delete
Full screen, second window	F, Shift+F      Esc leaves
Adjust the display	A
Zoom in, out, to the pointer	+, -, the wheel
One to one, fit	Z, 0
Zoom to a box	Shift and drag, or W and drag
Move an enlarged picture	drag, or Alt+arrows
Pixel under the pointer	Ctrl, or from 100 % on
Nearest pixels or smooth	X
Turn, mirror, as recorded	R, H, Shift+R
Next part of the window	F6, then Tab and Return
On the map	arrows, + - 0, Page up and down, Return
This list	? or F1
`

func (w *Window) verdictHelp() {
	w.say("What a verdict says", `Seal intact. Signer trusted.  Every seal fits the bytes of the file, all of them are covered, and every signer chains to your trust pack or is pinned in it.

Seal intact. Not everything is covered.  Something that is named was added after sealing, such as an index.

Seal intact. Signer not trusted.  The bytes are those that were sealed, but a signer is unknown, rejected or cannot be judged. The name in the certificate is a claim.

Seal intact. Signer not checked.  No trust pack was given.

Seal broken.  At least one seal does not fit the bytes.

No seal.  A file that never had one and one whose seals were removed look the same.

Cannot be checked.  The structure is damaged or ambiguous, the seal is too weak or of an unknown kind, or the check did not run to its end.

No verdict shows that the recorder's clock was right, or that the scene was as it seems.`)
}

func (w *Window) about() {
	i := w.d.Set.Opener().Isolation()
	state := "No picture was decoded yet."
	if i.FFmpeg != "" {
		state = "Pictures are decoded by FFmpeg " + i.FFmpeg + " in a program of its own, confined by " + strings.Join(i.Layers, ", ") + "."
		if !i.Isolated {
			state += "\nDecoder not isolated: this system lacks " + strings.Join(i.Missing, ", ") + "."
		}
	}
	w.say("About Vedette", fmt.Sprintf("Vedette %s\n\nOpens, examines and plays signed surveillance exports (IEC 62676-2-11, ONVIF Export File Format). Works without a network.\n\n%s\n\nApache License 2.0. Fonts: Noto Sans and Noto Sans Mono, SIL Open Font License 1.1.", w.d.Version, state))
}

// goToDialog asks for a time or a frame.
func (w *Window) goToDialog() {
	if w.focus == nil {
		return
	}
	entry := &answer{}
	entry.ExtendBaseWidget(entry)
	entry.SetPlaceHolder("12:00:07.440, 2026-03-01 13:00 +01:00, +1:30 or #112")
	d := dialog.NewForm("Go to", "Go", "Cancel", []*widget.FormItem{
		{Text: "Time or frame", Widget: entry, HintText: "UTC, or with an offset or a zone; + or - how far; # frame"},
	}, func(ok bool) {
		if !ok {
			return
		}
		if err := w.goTo(strings.TrimSpace(entry.Text)); err != nil {
			w.open(dialog.NewError(err, w.win))
		}
	}, w.win)
	entry.dismiss = d.Dismiss
	entry.OnSubmitted = func(string) { d.Submit() }
	d.Resize(fyne.NewSize(560, 180))
	w.open(d)
	w.win.Canvas().Focus(entry)
}
