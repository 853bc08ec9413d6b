package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/verdict"
)

// Screen is a monitor, in pixels of the desktop.
type Screen struct {
	Name          string
	X, Y          int
	Width, Height int
}

// Screens are the monitors of the computer. The toolkit does not tell of them;
// the program does.
type Screens interface {
	// List returns the monitors that are there at this moment.
	List() []Screen
	// Move puts a window onto a monitor; back puts it where it was.
	Move(w fyne.Window, to Screen) (back func())
	// Unpaced lets a window be painted without waiting for its monitor, so that
	// two windows do not wait for each other.
	Unpaced(w fyne.Window)
}

// after runs something some turns later, when the window has caught up.
func (w *Window) after(turns int, fn func()) {
	w.later = append(w.later, later{w.tick + turns, fn})
}

type later struct {
	turn int
	fn   func()
}

// runLater runs what is due.
func (w *Window) runLater() {
	var due []func()
	rest := w.later[:0]
	for _, l := range w.later {
		if l.turn <= w.tick {
			due = append(due, l.fn)
		} else {
			rest = append(rest, l)
		}
	}
	w.later = rest
	for _, fn := range due {
		fn()
	}
}

// screenMenu lets choose the monitor to be filled; with one there is no choice.
func (w *Window) screenMenu(win fyne.Window, from fyne.CanvasObject, on func(Screen), here func()) {
	var list []Screen
	if w.d.Screens != nil {
		list = w.d.Screens.List()
	}
	if len(list) < 2 {
		here()
		return
	}
	items := []*fyne.MenuItem{fyne.NewMenuItem("On the monitor where the window is", here)}
	for n, s := range list {
		items = append(items, fyne.NewMenuItem(screenName(n, s), func() { on(s) }))
	}
	pos := fyne.NewPos(8, 8)
	if from != nil {
		pos = fyne.CurrentApp().Driver().AbsolutePositionForObject(from).AddXY(0, 30)
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), win.Canvas(), pos)
}

func screenName(n int, s Screen) string {
	return fmt.Sprintf("Monitor %d: %s, %d x %d", n+1, s.Name, s.Width, s.Height)
}

// screenItems are the monitors in the menu, looked up each time it is opened.
func (w *Window) screenItems() []*fyne.MenuItem {
	if w.d.Screens == nil {
		return nil
	}
	var items []*fyne.MenuItem
	list := w.d.Screens.List()
	if len(list) < 2 {
		return nil
	}
	for n, s := range list {
		items = append(items, fyne.NewMenuItem("Full screen on "+screenName(n, s), func() { w.fullOn(s) }))
	}
	return items
}

// fullOn fills a monitor with the stage.
func (w *Window) fullOn(s Screen) {
	if w.full {
		w.toggleFull()
	}
	w.fullBack = w.d.Screens.Move(w.win, s)
	w.after(2, w.toggleFull) // the toolkit looks where the window lies
}

func (w *Window) toggleFull() {
	w.full = !w.full
	w.win.SetFullScreen(w.full)
	if !w.full && w.fullBack != nil {
		w.fullBack()
		w.fullBack = nil
	}
	w.arrange()
	w.refreshAll()
	w.d.Trace("stage full-screen %t", w.full)
}

// fullStage is the stage on a full screen: the pictures with their captions, and
// one row with the verdict and the time, which never goes away.
func (w *Window) fullStage() []fyne.CanvasObject {
	w.fullRow = w.newFullLine(func() *session.Item { return w.focus })
	row := w.fullRow
	ground, back := canvas.NewRectangle(w.p.Stage), canvas.NewRectangle(w.p.Panel)
	return []fyne.CanvasObject{ground, look.Place(fyne.NewSize(320, 240), func(z fyne.Size, _ []fyne.CanvasObject) {
		sw := float32(0)
		if w.adjust.open {
			sw = min(w.split.right, z.Width/2)
		}
		look.Show(sw > 0, w.adjust.root)
		told := w.notice.root.MinSize().Height
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(w.grid, 0, 0, z.Width-sw, z.Height-28-told)
		look.At(w.adjust.root, z.Width-sw, 0, sw, z.Height-28-told)
		look.At(w.notice.root, 0, z.Height-28-told, z.Width, told)
		look.At(row, 0, z.Height-28, z.Width, 28)
	}, back, w.grid, w.adjust.root, w.notice.root, row)}
}

// newFullLine makes the row of full screens: the verdict of a source, the time of
// the playhead, how it moves, and the way back.
func (w *Window) newFullLine(of func() *session.Item) *fullLine {
	l := &fullLine{w: w, of: of, said: look.Bold("", look.SizeSecond, w.p.Text), time: look.Text("", look.SizeSecond, w.p.Text), hint: look.Text("Esc leaves", look.SizeSecond, w.p.Text2), mark: canvas.NewImageFromResource(nil)}
	l.mark.FillMode = canvas.ImageFillContain
	l.ExtendBaseWidget(l)
	return l
}

// showFull takes over time and verdict where a screen is filled.
func (w *Window) showFull() {
	if w.full && w.fullRow != nil {
		w.fullRow.Refresh()
	}
	if s := w.second; s != nil && s.full && s.row != nil {
		s.row.Refresh()
	}
}

// fullLine is made by newFullLine.
type fullLine struct {
	widget.BaseWidget
	w                *Window
	of               func() *session.Item
	said, time, hint *canvas.Text
	mark             *canvas.Image
}

func (l *fullLine) CreateRenderer() fyne.WidgetRenderer { return &fullLineRenderer{l} }

type fullLineRenderer struct{ l *fullLine }

func (r *fullLineRenderer) Destroy()           {}
func (r *fullLineRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 28) }
func (r *fullLineRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.mark, r.l.said, r.l.time, r.l.hint}
}

func (r *fullLineRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}

func (r *fullLineRenderer) Layout(z fyne.Size) {
	l := r.l
	l.said.Text = "No source"
	i := l.of()
	look.Show(i != nil, l.mark)
	if i != nil {
		s := i.Snapshot()
		l.said.Text = "Seal not examined yet"
		if s.Report != nil {
			l.said.Text = s.Report.Headline()
		}
		l.said.Text = title(i) + ":  " + l.said.Text
		l.mark.Resource = l.w.p.MarkIcon(verdict.MarkOf(s.Report))
	}
	l.time.Text = l.w.clock.Text + "     paused"
	if s := l.w.d.Set.Engine().Tick(); s.Playing {
		l.time.Text = fmt.Sprintf("%s     %.1fx", l.w.clock.Text, s.Rate)
	}
	look.At(l.mark, 12, 6, 15, 15)
	hint, time := l.hint.MinSize().Width, l.time.MinSize().Width
	look.Line(l.hint, z.Width-hint-14, 0, 28)
	look.Line(l.time, z.Width-hint-time-38, 0, 28)
	l.said.Text = look.Fit(l.said.Text, look.SizeSecond, l.said.TextStyle, z.Width-hint-time-38-36-16, false)
	look.Line(l.said, 36, 0, 28)
}
