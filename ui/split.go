package ui

import (
	"fyne.io/fyne/v2"

	"vedette/ui/look"
	"vedette/ui/timeline"
)

// split is where the borders between the parts of the window are.
type split struct {
	left, right float32 // widths of the sources and of the side
	rows        int     // of the time line, shown at once
}

// The least and the most that can be set; the stage keeps its least width and
// height whatever was asked for.
const (
	leftLeast, leftMost   = 208, 520
	rightLeast, rightMost = 300, 720
	stageLeast            = 460
	prefSplitLeft         = "split.left"
	prefSplitRight        = "split.right"
	prefSplitRows         = "split.rows"
)

// remembered reads the borders of the last run.
func (w *Window) remembered() split {
	p := w.d.App.Preferences()
	s := split{float32(p.FloatWithFallback(prefSplitLeft, sourcesWidth)), float32(p.FloatWithFallback(prefSplitRight, sideWidth)), p.IntWithFallback(prefSplitRows, timeline.MaxRows)}
	return s.bounded()
}

func (s split) bounded() split {
	return split{min(max(s.left, leftLeast), leftMost), min(max(s.right, rightLeast), rightMost), min(max(s.rows, 1), timeline.MaxRows)}
}

// fitted returns the widths that leave the stage its room in a window: first the
// side gives way, then the sources.
func (s split) fitted(width float32) (left, right float32) {
	left, right = s.left, s.right
	if over := left + right + stageLeast - width; over > 0 {
		give := min(over, right-rightLeast)
		right -= max(give, 0)
		left -= min(max(over-give, 0), left-leftLeast)
	}
	return left, right
}

func (w *Window) leftWidth() float32 {
	l, _ := w.split.fitted(w.win.Canvas().Size().Width)
	return l
}

// moveTo moves the borders, and keeps them when keep is set.
func (w *Window) moveTo(s split, keep bool) {
	rows := w.split.rows
	w.split = s.bounded()
	if keep {
		p := w.d.App.Preferences()
		p.SetFloat(prefSplitLeft, float64(w.split.left))
		p.SetFloat(prefSplitRight, float64(w.split.right))
		p.SetInt(prefSplitRows, w.split.rows)
		w.d.Trace("split %.0f %.0f %d", w.split.left, w.split.right, w.split.rows)
	}
	if w.split.rows != rows {
		w.refreshAll() // the time line is told how many rows it has
	}
	w.content.Refresh()
}

// grip makes a border that can be moved.
func (w *Window) grip(upright bool, moved func(s *split, to fyne.Position), stepped func(s *split, by int), first func(s *split)) *look.Grip {
	g := look.NewGrip(w.p, upright)
	change := func(keep bool, f func(*split)) {
		s := w.split
		f(&s)
		if s != w.split || keep {
			w.moveTo(s, keep)
		}
	}
	g.OnMove = func(to fyne.Position) { change(false, func(s *split) { moved(s, to) }) }
	g.OnStep = func(by int) { change(true, func(s *split) { stepped(s, by) }) }
	g.OnReset = func() { change(true, first) }
	g.OnEnd = func() { change(true, func(*split) {}) }
	return g
}

// workspace puts the rows at the top and the bottom, the column at the left, and
// what is in the middle, with the borders between them.
func (w *Window) workspace(top, bottom, left, middle fyne.CanvasObject) fyne.CanvasObject {
	side := w.grip(true, func(s *split, to fyne.Position) { s.left = to.X }, func(s *split, by int) { s.left += float32(16 * by) }, func(s *split) { s.left = sourcesWidth })
	low := w.grip(false, func(s *split, to fyne.Position) {
		s.rows = w.line.RowsIn(w.win.Canvas().Size().Height - to.Y - w.bar.root.MinSize().Height)
	}, func(s *split, by int) { s.rows -= by }, func(s *split) { s.rows = timeline.MaxRows })
	m := middle.MinSize()
	least := fyne.NewSize(leftLeast+m.Width, top.MinSize().Height+bottom.MinSize().Height+m.Height)
	return look.Place(least, func(z fyne.Size, _ []fyne.CanvasObject) {
		lw := w.leftWidth()
		if w.line.LabelW != lw {
			w.line.LabelW = lw
			w.line.Refresh()
		}
		t, b := top.MinSize().Height, bottom.MinSize().Height
		look.At(top, 0, 0, z.Width, t)
		look.At(bottom, 0, z.Height-b, z.Width, b)
		look.At(left, 0, t, lw, z.Height-t-b)
		look.At(middle, lw, t, z.Width-lw, z.Height-t-b)
		look.At(side, lw-look.GripSize/2-1, t, look.GripSize, z.Height-t-b)
		look.Show(len(w.d.Set.Items()) > 1 && !w.maps.on && !w.panelShows(), low)
		look.At(low, 0, z.Height-b-look.GripSize/2, z.Width, look.GripSize)
	}, left, middle, top, bottom, side, low)
}

// beside puts the side right of a content.
func (w *Window) beside(content fyne.CanvasObject) fyne.CanvasObject {
	side := fyne.CanvasObject(w.side.root)
	if w.adjust.open && !w.maps.on {
		side = w.adjust.root
	}
	g := w.grip(true, func(s *split, to fyne.Position) { s.right = w.win.Canvas().Size().Width - to.X },
		func(s *split, by int) { s.right -= float32(16 * by) }, func(s *split) { s.right = sideWidth })
	m := content.MinSize()
	return look.Place(fyne.NewSize(max(m.Width, stageLeast)+rightLeast, m.Height), func(z fyne.Size, _ []fyne.CanvasObject) {
		_, rw := w.split.fitted(w.win.Canvas().Size().Width)
		look.At(content, 0, 0, z.Width-rw, z.Height)
		look.At(side, z.Width-rw, 0, rw, z.Height)
		look.At(g, z.Width-rw-look.GripSize/2, 0, look.GripSize, z.Height)
	}, content, side, g)
}
