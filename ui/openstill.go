package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"vedette/session"
	"vedette/verify"
)

// withoutStills takes images out of what is to be opened. A still opens its
// export; any other image is told to be none.
func (w *Window) withoutStills(paths []string) []string {
	var rest []string
	var images []string
	for _, p := range paths {
		if strings.EqualFold(filepath.Ext(p), ".png") {
			images = append(images, p)
			continue
		}
		rest = append(rest, p)
	}
	if len(images) > 0 {
		w.openStills(images)
	}
	return rest
}

func (w *Window) openStillDialog() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // only the path is wanted
		w.openStills([]string{path})
	}, w.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".png"}))
	d.Resize(fyne.NewSize(860, 560))
	w.open(d)
}

// openStills opens the export of each still at its picture, and says whether
// the picture is still the same. It returns at once.
func (w *Window) openStills(paths []string) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &reopening{w: w, ctx: ctx, cancel: cancel}
	r.tell("Reading "+filepath.Base(paths[0]), 0, 0)
	go r.all(paths)
}

// reopening is the opening of some stills. Its methods run off the window's
// goroutine.
type reopening struct {
	w      *Window
	ctx    context.Context //nolint:containedctx // one run, cancelled by its notice
	cancel context.CancelFunc
	last   time.Time
}

// tell shows what is being done; cancelling is closing the notice.
func (r *reopening) tell(text string, done, total int) {
	n := noticed{tone: busy, text: text, done: done, total: total, orders: []order{{"Cancel", r.cancel}}}
	if r.last.IsZero() { // called by the window itself
		r.last = time.Now()
		r.w.notice.say(n)
		return
	}
	if time.Since(r.last) < 100*time.Millisecond && done > 0 {
		return
	}
	r.last = time.Now()
	fyne.Do(func() {
		if r.ctx.Err() == nil {
			r.w.notice.say(n)
		}
	})
}

func (r *reopening) all(paths []string) {
	var answers []*session.StillAnswer
	for _, p := range paths {
		r.tell("Reading "+filepath.Base(p), 0, 0)
		a, err := r.one(p)
		if a == nil {
			a = session.Uncompared(p, nil, err)
		}
		if r.ctx.Err() != nil {
			break
		}
		answers = append(answers, a)
	}
	fyne.Do(func() {
		cancelled := r.ctx.Err() != nil
		r.cancel()
		if cancelled {
			r.w.notice.say(noticed{tone: open, text: "Comparing the still was cancelled.", until: r.w.tick + noticeTicks})
			r.w.d.Trace("still cancelled")
			return
		}
		r.w.compared(answers)
	})
}

// one opens one still. A nil answer has an error.
func (r *reopening) one(path string) (*session.StillAnswer, error) {
	s, err := session.ReadStill(path)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), path+": "))
	}
	i, err := r.export(s, nil)
	var none *session.NotFoundError
	for errors.As(err, &none) {
		place := r.ask(s, none)
		if place == "" {
			return session.Uncompared(path, s.Card, none), nil
		}
		i, err = r.export(s, []string{place})
	}
	if err != nil {
		return session.Uncompared(path, s.Card, err), nil
	}
	fyne.DoAndWait(func() {
		r.w.opened(i)
		r.w.choose(i)
	})
	name := i.Snapshot().Name
	r.tell("Opening "+name+" at the still's picture", 0, 0)
	select {
	case <-i.Export().Indexed():
	case <-r.ctx.Done():
		return nil, r.ctx.Err()
	}
	fyne.DoAndWait(func() { r.w.showSample(i, s.Card) })
	report, err := i.Examined(r.ctx, func(done, total int64) {
		r.tell(fmt.Sprintf("Examining %s to compare the still with it", name), int(done>>10), int(total>>10))
	})
	if err != nil {
		return session.Uncompared(path, s.Card, err), nil
	}
	r.tell("Comparing the still with "+name, 0, 0)
	a, err := session.CompareIn(r.ctx, s, i.Export(), r.w.d.Set.Opener(), report, r.w.program())
	if err != nil {
		return session.Uncompared(path, s.Card, err), nil
	}
	return a, nil
}

// export opens the export of a still, or finds it among those that are open.
func (r *reopening) export(s *session.SavedStill, in []string) (*session.Item, error) {
	if in == nil && s.Card.SHA256 != "" {
		for _, i := range r.w.d.Set.Items() {
			if rep := i.Snapshot().Report; rep != nil && rep.SHA256 == s.Card.SHA256 {
				return i, nil
			}
		}
	}
	r.tell("Looking for the export of "+filepath.Base(s.Path), 0, 0)
	path, err := session.FindExport(r.ctx, s, in)
	if err != nil {
		return nil, err
	}
	i, err := r.w.d.Set.Add(r.ctx, path)
	if err != nil && !errors.Is(err, session.ErrOpen) {
		return nil, err
	}
	return i, nil
}

// ask lets the user choose the export that was not found; "" means that they
// did not.
func (r *reopening) ask(s *session.SavedStill, none *session.NotFoundError) string {
	chosen := make(chan string, 1)
	fyne.Do(func() { r.w.askExport(s, none, func(path string) { chosen <- path }) })
	select {
	case p := <-chosen:
		return p
	case <-r.ctx.Done():
		return ""
	}
}

func (w *Window) askExport(s *session.SavedStill, none *session.NotFoundError, chosen func(string)) {
	c := s.Card
	text := fmt.Sprintf("%s is a picture of\n\n%s\n%d bytes\nSHA-256 %s\n\nIt was looked for in %s.", filepath.Base(s.Path), verify.Inert(c.File), c.Size, orDash(c.SHA256), verify.Inert(strings.Join(none.Looked, ", ")))
	if none.Hashed > 0 {
		text += "\nFiles of that size were there, with another content."
	}
	l := widget.NewLabel(text + "\n\nChoose the export. Its name does not matter: it is known by its content.")
	l.Wrapping = fyne.TextWrapWord
	done := false
	answerOnce := func(path string) {
		if !done {
			done = true
			chosen(path)
		}
	}
	d := dialog.NewCustomConfirm("The export of this still was not found", "Choose the export…", "Cancel", l, func(yes bool) {
		if !yes {
			answerOnce("")
			return
		}
		f := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err != nil || r == nil {
				answerOnce("")
				return
			}
			path := r.URI().Path()
			_ = r.Close() // only the path is wanted
			answerOnce(path)
		}, w.win)
		f.Resize(fyne.NewSize(860, 560))
		w.open(f)
	}, w.win)
	d.Resize(fyne.NewSize(620, 360))
	w.open(d)
	w.d.Trace("still asks for its export")
}

func orDash(s string) string {
	if s == "" {
		return "not known: the export was not examined when it was saved"
	}
	return s
}

// showSample puts the picture of a still on the stage.
func (w *Window) showSample(i *session.Item, c *session.FrameCard) {
	t, ok := i.Video()
	if !ok || i.View == nil || t.ID != c.Track || c.Sample >= i.Export().Table(t.ID).Len() {
		return
	}
	if w.maps.on {
		w.maps.toggle()
	}
	w.panelOpen, w.trustOpen = false, false
	w.arrange()
	w.d.Set.Engine().SeekSample(i.View, c.Sample)
	w.refreshAll()
}
