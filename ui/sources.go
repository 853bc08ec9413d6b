package ui

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/verdict"
	"vedette/verify"
)

// sources is the panel at the left: one row for each export, and what could
// not be opened.
type sources struct {
	w     *Window
	root  *fyne.Container
	list  *fyne.Container
	head  *canvas.Text
	shown string
}

const sourcesWidth = 264

func newSources(w *Window) *sources {
	p := w.p
	s := &sources{w: w, list: container.New(stack{}), head: look.Text("", look.SizeBase, p.Text2)}
	title := look.Bold("Sources", look.SizeBase, p.Text)
	add := look.NewButton(p, "plus", "", "", w.openDialog)
	add.Flat = true
	line, side := canvas.NewRectangle(p.Line), canvas.NewRectangle(p.Line)
	head := look.Place(fyne.NewSize(leftLeast, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(title, 16, 0, 36)
		look.Line(s.head, 26+title.MinSize().Width, 0, 36)
		look.At(add, z.Width-38, 4, 28, 28)
		look.At(line, 0, 35, z.Width, 1)
	}, title, s.head, add, line)
	s.root = look.Place(fyne.NewSize(leftLeast, 200), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(o[0], 0, 0, z.Width-1, z.Height)
		look.At(side, z.Width-1, 0, 1, z.Height)
	}, container.NewBorder(head, nil, nil, nil, container.NewVScroll(s.list)), side)
	return s
}

// stack puts objects below each other without free space.
type stack struct{}

func (stack) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, c := range o {
		z := c.MinSize()
		m.Width, m.Height = max(m.Width, z.Width), m.Height+z.Height
	}
	return m
}

func (stack) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, c := range o {
		h := c.MinSize().Height
		look.At(c, 0, y, s.Width, h)
		y += h
	}
}

// key changes when anything that is shown does.
func (s *sources) key() string {
	k := fmt.Sprint(s.w.opening, s.w.messages)
	for _, i := range s.w.d.Set.Items() {
		n := i.Snapshot()
		k += fmt.Sprint("|", title(i), n.Name, headline(n), span(n), clockState(i), gapsText(n), cameraKey(i), verdict.MarkOf(n.Report), i == s.w.focus)
	}
	return k
}

func (s *sources) show() {
	items := s.w.d.Set.Items()
	s.head.Text = fmt.Sprint(len(items))
	if len(items) == 0 {
		s.head.Text = "none"
	}
	s.list.Objects = nil
	for _, i := range items {
		s.list.Add(s.row(i))
	}
	for k, m := range s.w.messages {
		s.list.Add(s.problem(k, m))
	}
	if s.w.opening > 0 {
		s.list.Add(s.note(fmt.Sprintf("Opening %d…", s.w.opening)))
	}
	if len(s.list.Objects) == 0 {
		s.list.Add(s.note("Exports appear here."))
	}
	s.head.Refresh()
	s.list.Refresh()
}

func (s *sources) note(text string) fyne.CanvasObject {
	return look.Inset(16, 12, 16, 12, look.Text(text, look.SizeBase, s.w.p.Text2))
}

// title is the name an export is known by: that of its camera, else of its file.
func title(i *session.Item) string {
	s := i.Snapshot()
	if t, ok := i.Track(); ok && t.Name != "" {
		return verify.Inert(t.Name)
	}
	return s.Name
}

func place(s session.Snapshot) string {
	if s.Info != nil && s.Info.UnitName != "" {
		return verify.Inert(s.Info.UnitName)
	}
	return ""
}

func (s *sources) row(i *session.Item) fyne.CanvasObject {
	p, snap := s.w.p, i.Snapshot()
	lines := []string{snap.Name, headline(snap)}
	pairs := [][2]string{{"Span", span(snap)}, {"Clock", clockState(i)}, {"Gaps", gapsText(snap)}}
	if text, several := severalCameras(i); several {
		pairs = append(pairs, [2]string{"Camera", text})
	}
	texts := []*canvas.Text{look.Text(lines[0], look.SizeSecond, p.Text2), look.Text(lines[1], look.SizeSecond, p.Text)}
	name := look.Bold(title(i), look.SizeBase, p.Text)
	mark := canvas.NewImageFromResource(p.MarkIcon(verdict.MarkOf(snap.Report)))
	mark.FillMode = canvas.ImageFillContain
	back, bar, line := canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent), canvas.NewRectangle(p.Line)
	if i == s.w.focus {
		back.FillColor, bar.FillColor = p.Select, p.Accent
	}
	objects := []fyne.CanvasObject{back, bar, line, mark, name, texts[0], texts[1]}
	var keys, values []*canvas.Text
	for _, kv := range pairs {
		k, v := look.Text(kv[0], look.SizeSecond, p.Text2), look.Text(kv[1], look.SizeSecond, p.Text)
		keys, values = append(keys, k), append(values, v)
		objects = append(objects, k, v)
	}
	h := float32(12 + 20 + 18*(2+len(pairs)) + 12)
	row := look.Place(fyne.NewSize(leftLeast-2, h), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(bar, 0, 0, 3, z.Height)
		look.At(line, 0, z.Height-1, z.Width, 1)
		look.At(mark, 16, 13, 17, 17)
		name.Text = look.Fit(title(i), look.SizeBase, name.TextStyle, z.Width-52, false)
		look.Line(name, 42, 12, 20)
		for n, t := range texts {
			t.Text = look.Fit(lines[n], look.SizeSecond, t.TextStyle, z.Width-52, n == 0)
			look.Line(t, 42, float32(33+18*n), 18)
		}
		for n := range keys {
			y := float32(69 + 18*n)
			look.Line(keys[n], 42, y, 18)
			values[n].Text = look.Fit(pairs[n][1], look.SizeSecond, values[n].TextStyle, z.Width-106, false)
			look.Line(values[n], 98, y, 18)
		}
	}, objects...)
	w := s.w
	return look.NewDragArea(p, row, func() { w.choose(i) }, func(at fyne.Position) { s.menu(i, at) },
		func(at fyne.Position) { w.carry(i, at) }, func(at fyne.Position) { w.drop(i, at) })
}

func (s *sources) menu(i *session.Item, at fyne.Position) {
	w := s.w
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", append(w.cameraMenu(i),
		fyne.NewMenuItem("Show verdict", func() { w.choose(i); w.togglePanel() }),
		w.stageItem(i),
		fyne.NewMenuItem("Listen to this source", func() { w.listen(i) }),
		fyne.NewMenuItem("Examine again", i.StartCheck),
		fyne.NewMenuItem("Copy path", func() { w.d.App.Clipboard().SetContent(i.Snapshot().Path) }),
		fyne.NewMenuItem("Close export", func() { w.remove(i) }),
	)...), w.win.Canvas(), at)
}

// problem is a file that could not be opened: what, why, and a way to dismiss it.
func (s *sources) problem(k int, m message) fyne.CanvasObject {
	p := s.w.p
	icon := canvas.NewImageFromResource(p.IconIn("error", p.Broken))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSize(17, 17))
	why := widget.NewLabel(m.why)
	why.Wrapping = fyne.TextWrapWord
	dismiss := look.NewButton(p, "close", "", "", func() {
		if k < len(s.w.messages) {
			s.w.messages = append(s.w.messages[:k], s.w.messages[k+1:]...)
		}
		s.show()
	})
	dismiss.Flat = true
	head := container.NewBorder(nil, nil, icon, dismiss, look.Bold(look.Fit(m.what, look.SizeBase, fyne.TextStyle{Bold: true}, 170, true), look.SizeBase, p.Text))
	line := canvas.NewRectangle(p.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	return container.NewVBox(look.Inset(16, 8, 8, 0, head), look.Inset(32, -6, 8, 4, why), line)
}

func headline(s session.Snapshot) string {
	switch {
	case s.Withdrawn != "":
		return "The file changed."
	case s.Report != nil && !s.Checking:
		return s.Report.Headline()
	case s.Checking && s.CheckTotal > 0:
		return fmt.Sprintf("Examining, %d %%", 100*s.CheckDone/max(s.CheckTotal, 1))
	case !s.Indexed && s.Size > 0:
		return fmt.Sprintf("Reading, %d %%", 100*s.IndexDone/s.Size)
	}
	return "Cannot be checked yet."
}

func span(s session.Snapshot) string {
	if s.Start == nil || s.End == nil {
		return "no absolute time"
	}
	return s.Start.Time().Format("15:04:05") + " to " + s.End.Time().Format("15:04:05")
}

func clockState(i *session.Item) string {
	if i.Floating {
		return "none; at the beginning"
	}
	if v, ok := i.Track(); ok {
		if t, ok := i.Export().Starts().Track[v.ID]; ok && t.Corrected != t.Declared {
			return fmt.Sprintf("corrected %+.1f s by a seal", float64(t.Corrected-t.Declared)/1e7)
		}
	}
	return "not checked"
}

func gapsText(s session.Snapshot) string {
	switch {
	case !s.Indexed:
		return "reading"
	case s.Gaps == 0:
		return "none"
	}
	return fmt.Sprintf("%d, together %s", s.Gaps, s.GapTime.Round(100*time.Millisecond))
}
