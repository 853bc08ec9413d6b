package ui

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"vedette/media"
	"vedette/player/decode"
	"vedette/session"
	"vedette/ui/look"
	"vedette/verify"
)

// prefStills is the folder of the still that was saved last.
const prefStills = "stills"

// maxStills bounds how many stills wait to be saved.
const maxStills = 32

// stillJob is one picture to be saved.
type stillJob struct {
	item   *session.Item
	track  media.Track
	sample int
	number int
	dir    string // "" for the folder used last
	name   string // "" for the picture's own
	opt    session.StillOptions
}

// stills saves pictures one after the other, in the background.
type stills struct {
	w       *Window
	waiting []stillJob
	cancel  context.CancelFunc // nil while none is being saved
}

// program is the name under which cards are written, here and by vedettectl.
func (w *Window) program() string { return "Vedette " + w.d.Version }

// saveStill saves the picture shown, under its own name in the folder used last.
func (w *Window) saveStill() {
	if j, ok := w.stillOf(); ok {
		w.stills.add(j)
	}
}

// chooseStill asks where and under which name the picture shown is saved.
func (w *Window) chooseStill() {
	j, ok := w.stillOf()
	if !ok {
		return
	}
	w.d.Set.Engine().Pause() // the picture that is asked about stays in sight
	var d *dialog.FormDialog
	field := func(text string) *answer {
		a := &answer{}
		a.ExtendBaseWidget(a)
		a.SetText(text)
		a.dismiss = func() { d.Dismiss() }
		a.OnSubmitted = func(string) { d.Submit() }
		return a
	}
	name := "still.png"
	if c, err := session.Identify(j.item.Export(), j.track, j.sample, j.opt.Report); err == nil {
		name = c.StillName()
	}
	folder, file := field(w.d.App.Preferences().String(prefStills)), field(name)
	folder.SetPlaceHolder("the folder for pictures")
	browse := look.NewButton(w.p, "folder", "", "", func() {
		f := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if err == nil && u != nil {
				folder.SetText(u.Path())
			}
		}, w.win)
		f.Resize(fyne.NewSize(860, 560))
		w.open(f)
	})
	d = dialog.NewForm(fmt.Sprintf("Save still of frame %d", j.number), "Save", "Cancel", []*widget.FormItem{
		{Text: "Folder", Widget: container.NewBorder(nil, nil, nil, browse, folder)},
		{Text: "Name", Widget: file, HintText: "a PNG image; its frame card is in it, and beside it as JSON"},
	}, func(ok bool) {
		if ok {
			j.dir, j.name = strings.TrimSpace(folder.Text), strings.TrimSpace(file.Text)
			w.stills.add(j)
		}
	}, w.win)
	d.Resize(fyne.NewSize(720, 220))
	w.open(d)
	w.win.Canvas().Focus(file)
}

// stillOf tells which picture would be saved now. Where there is none it says
// why.
func (w *Window) stillOf() (stillJob, bool) {
	refuse := func(why string) (stillJob, bool) {
		w.notice.say(noticed{tone: bad, text: "No still was saved: " + why, until: w.tick + noticeTicks})
		w.d.Trace("still refused")
		return stillJob{}, false
	}
	i := w.focus
	if i == nil || i.View == nil {
		return refuse("no picture is open.")
	}
	n := i.Snapshot()
	f := i.View.Current()
	var t media.Track
	if f != nil {
		t, _ = i.TrackOf(f.Sample.Track) // the camera may be another by now
	}
	switch {
	case n.Withdrawn != "":
		return refuse("the file changed while it was open.")
	case f == nil:
		return refuse("the first picture is not there yet.")
	case f.Width == 0 || f.State == decode.Undecodable || f.State == decode.Failed || f.State == decode.Withheld:
		return refuse(fmt.Sprintf("frame %d is %s.", f.Number, f.State))
	case w.noFootage(i):
		return refuse("there is no footage at this time.")
	}
	j := stillJob{item: i, track: t, sample: f.Sample.Index, number: f.Number}
	j.opt = session.StillOptions{Program: w.program()}
	if !n.Checking {
		j.opt.Report = n.Report
	}
	return j, true
}

// noFootage reports whether the playhead stands where the export has no picture.
func (w *Window) noFootage(i *session.Item) bool {
	for _, t := range w.tiles {
		if t.item == i {
			return t.state.Before || t.state.After || t.state.Gap
		}
	}
	return false
}

func (s *stills) add(j stillJob) {
	if len(s.waiting) == maxStills {
		s.w.notice.say(noticed{tone: bad, text: fmt.Sprintf("No still was saved: %d are waiting already.", maxStills), until: s.w.tick + noticeTicks})
		return
	}
	s.waiting = append(s.waiting, j)
	s.next()
}

// next begins to save what waits, unless something is being saved.
func (s *stills) next() {
	if len(s.waiting) == 0 {
		return
	}
	text := s.text()
	if s.cancel != nil {
		s.w.notice.progress(text, 0, 0)
		return
	}
	j := s.waiting[0]
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.w.notice.say(noticed{tone: busy, text: text, orders: []order{{"Cancel", func() { s.waiting = s.waiting[:1]; cancel() }}}})
	j.opt.Now = s.w.d.Now()
	last := time.Time{}
	j.opt.Progress = func(done, total int) {
		if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			fyne.Do(func() { s.w.notice.progress(s.text(), done, total) })
		}
	}
	if j.dir == "" {
		j.dir = s.w.d.App.Preferences().String(prefStills)
	}
	opener := s.w.d.Set.Opener()
	go func() {
		made, path, err := j.save(ctx, opener)
		fyne.Do(func() {
			cancelled := ctx.Err() != nil
			cancel()
			s.cancel, s.waiting = nil, s.waiting[1:]
			s.saved(j, made, path, err, cancelled)
			s.next()
		})
	}()
}

func (s *stills) text() string {
	j := s.waiting[0]
	text := fmt.Sprintf("Saving frame %d of %s", j.number, j.item.Snapshot().Name)
	if n := len(s.waiting); n > 1 {
		text += fmt.Sprintf(", %d more wait", n-1)
	}
	return text
}

// save takes the still and writes it.
func (j stillJob) save(ctx context.Context, o decode.Opener) (*session.Still, string, error) {
	made, err := session.TakeStill(ctx, j.item.Export(), o, j.track, j.sample, j.opt)
	if err != nil {
		return nil, "", err
	}
	dir, name := j.dir, j.name
	if dir == "" {
		if dir, err = picturesFolder(); err != nil {
			return nil, "", err
		}
	}
	if name == "" {
		name = made.Card.StillName()
	}
	path, err := made.Save(dir, name)
	return made, path, err
}

// saved tells what became of a still.
func (s *stills) saved(j stillJob, made *session.Still, path string, err error, cancelled bool) {
	w := s.w
	if err != nil {
		n := noticed{tone: bad, text: "No still was saved: " + verify.Inert(strings.TrimPrefix(err.Error(), "session: ")), orders: []order{{"Choose folder…", w.chooseStill}}}
		if cancelled {
			n = noticed{tone: open, text: fmt.Sprintf("Frame %d was not saved: cancelled.", j.number), until: w.tick + noticeTicks}
		}
		w.notice.say(n)
		w.d.Trace("still failed: %v", err)
		return
	}
	w.d.App.Preferences().SetString(prefStills, filepath.Dir(path))
	dir := filepath.Dir(path)
	n := noticed{tone: good, text: fmt.Sprintf("Saved %s in %s", filepath.Base(path), dir), until: w.tick + noticeTicks}
	switch {
	case made.Card.Damaged():
		n.tone, n.until = open, 0
		n.text = fmt.Sprintf("Saved, but the picture is %s; its card says so. %s", made.Card.State, filepath.Base(path))
	case made.Card.SHA256 == "":
		n.tone = open
		n.text = fmt.Sprintf("Saved before the export was examined: the card does not say which file it was. %s", filepath.Base(path))
	}
	n.orders = []order{
		{"Open folder", func() {
			if err := w.d.App.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}); err != nil {
				w.notice.say(noticed{tone: bad, text: "The folder cannot be shown here: " + dir})
			}
		}},
		{"Copy path", func() { w.d.App.Clipboard().SetContent(path); w.tools.say("Path copied") }},
	}
	w.notice.say(n)
	w.d.Trace("still saved %s", filepath.Base(path))
}
