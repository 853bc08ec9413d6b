package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/ui/look"
)

// tone is the weight of a notice: its shape and colour.
type tone uint8

const (
	busy tone = iota // something runs, and can be cancelled
	good
	open // it could not be told
	bad
)

// noticed is what a notice says.
type noticed struct {
	tone        tone
	text        string
	orders      []order
	done, total int
	until       int // tick at which it goes away, 0 for when it is closed
}

// order is a button of a notice.
type order struct {
	name string
	do   func()
}

// notice is a row above the time line, there while something is to be told.
type notice struct {
	w     *Window
	root  *fyne.Container
	shown *noticed
	bar   *canvas.Rectangle
	text  *canvas.Text
}

const (
	noticeHeight = 38
	noticeTicks  = 900 // about 15 s
)

func newNotice(w *Window, before *notice) *notice {
	n := &notice{w: w, root: &fyne.Container{}}
	n.root.Hide()
	if before != nil && before.shown != nil {
		n.build(before.shown)
	}
	return n
}

// say shows a notice in place of the one before.
func (n *notice) say(s noticed) {
	hidden := n.shown == nil
	n.build(&s)
	if hidden {
		n.w.arrange()
		return
	}
	n.root.Refresh()
}

// progress moves a notice that runs on, if it is still the one that is shown.
func (n *notice) progress(text string, done, total int) {
	if n.shown == nil || n.shown.tone != busy {
		return
	}
	n.shown.text, n.shown.done, n.shown.total = text, done, total
	n.root.Refresh()
}

// close takes the notice away.
func (n *notice) close() {
	if n.shown == nil {
		return
	}
	n.shown, n.root.Objects = nil, nil
	n.root.Hide()
	n.w.arrange()
}

// hush takes a notice away when its time is over.
func (n *notice) hush() {
	if n.shown != nil && n.shown.until > 0 && n.w.tick > n.shown.until {
		n.close()
	}
}

func (n *notice) build(s *noticed) {
	p := n.w.p
	n.shown = s
	icon, tint := map[tone]string{busy: "still", good: "tick", open: "warning", bad: "error"}[s.tone], p.Text
	switch s.tone {
	case good:
		tint = p.Intact
	case open:
		tint = p.Unknown
	case bad:
		tint = p.Broken
	}
	mark := canvas.NewImageFromResource(p.IconIn(icon, tint))
	mark.FillMode = canvas.ImageFillContain
	back, line := canvas.NewRectangle(p.Panel), canvas.NewRectangle(p.Line)
	n.bar, n.text = canvas.NewRectangle(p.Accent), look.Text("", look.SizeBase, p.Text)
	objects := []fyne.CanvasObject{back, line, n.bar, mark, n.text}
	var buttons []*look.Button
	for _, o := range s.orders {
		b := look.NewButton(p, "", o.name, "", o.do)
		buttons, objects = append(buttons, b), append(objects, b)
	}
	if s.tone != busy {
		b := look.NewButton(p, "close", "", "", n.close)
		b.Flat = true
		buttons, objects = append(buttons, b), append(objects, b)
	}
	n.root.Layout = look.Place(fyne.NewSize(300, noticeHeight), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(line, 0, 0, z.Width, 1)
		share := float32(0)
		if s.total > 0 {
			share = float32(s.done) / float32(s.total)
		}
		look.At(n.bar, 0, 0, z.Width*share, 2)
		look.At(mark, 16, (z.Height-17)/2, 17, 17)
		x := z.Width - 10
		for k := len(buttons) - 1; k >= 0; k-- {
			bw := buttons[k].MinSize().Width
			x -= bw
			look.At(buttons[k], x, (z.Height-28)/2, bw, 28)
			x -= 6
		}
		n.text.Text = look.Fit(s.text, look.SizeBase, n.text.TextStyle, x-52, false)
		look.Line(n.text, 42, 0, z.Height)
	}).Layout
	n.root.Objects = objects
	n.root.Show()
}
