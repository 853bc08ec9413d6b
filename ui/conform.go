package ui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"vedette/session"
	"vedette/ui/conformance"
	"vedette/verify"
	"vedette/verify/conform"
)

// conformed is the answer about one export, while it is wanted.
type conformed struct {
	item   *session.Item
	report *verify.Report // that it was judged with
	state  conformance.State
	cancel context.CancelFunc
}

// toggleConform shows the conformance report, or the verdict instead.
func (w *Window) toggleConform() {
	if w.focus == nil {
		return
	}
	w.conforming = !w.conforming || !w.panelOpen
	w.panelOpen, w.trustOpen = true, false
	w.showPanel()
	w.arrange()
	w.refreshAll()
	w.d.Trace("conformance %v", w.conforming)
}

// showConform shows what is known, and begins to judge what was not yet.
func (w *Window) showConform() {
	i, s := w.focus, w.focus.Snapshot()
	if w.judged.item == i && w.judged.report == s.Report && (w.judged.state.Result != nil || w.judged.cancel != nil) {
		w.conformance.Set(w.judged.state)
		return
	}
	w.dropConform()
	w.judged = conformed{item: i, report: s.Report, state: conformance.State{Name: s.Name}}
	w.conformance.Set(w.judged.state)
	if s.Report == nil || s.Checking || !s.Indexed {
		return // asked again when the check has ended
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.judged.cancel = cancel
	x := i.Export()
	go func() {
		r, err := conform.Judge(ctx, x, s.Report)
		fyne.Do(func() {
			if ctx.Err() != nil {
				return
			}
			w.judged.cancel = nil
			w.judged.state.Result = r
			if err != nil {
				w.judged.state.Error = err.Error()
			}
			if w.conforming && w.focus == i {
				w.conformance.Set(w.judged.state)
			}
			w.d.Trace("conformance judged")
		})
	}()
}

// dropConform ends judging that nobody waits for.
func (w *Window) dropConform() {
	if w.judged.cancel != nil {
		w.judged.cancel()
	}
	w.judged = conformed{}
}

// saveLetter writes the letter to the site where the user says.
func (w *Window) saveLetter(lang string, html bool) {
	r := w.judged.state.Result
	if r == nil {
		return
	}
	text, err := letter(r, lang, html, conform.Sender{Program: "Vedette " + w.d.Version, Date: w.d.Now()})
	if err != nil {
		w.tell("Letter", err)
		return
	}
	d := dialog.NewFileSave(func(u fyne.URIWriteCloser, err error) {
		if err != nil || u == nil {
			return
		}
		path := u.URI().Path()
		_ = u.Close() // written below
		go func() {
			err := writeNew(w.d.Set, path, text)
			fyne.Do(func() { w.tell("Letter", err) })
		}()
	}, w.win)
	ext := ".txt"
	if html {
		ext = ".html"
	}
	name := w.judged.state.Name
	d.SetFileName(strings.TrimSuffix(name, filepath.Ext(name)) + "-letter-" + lang + ext)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

func letter(r *conform.Result, lang string, html bool, from conform.Sender) ([]byte, error) {
	letters, err := conform.Letters([]*conform.Result{r}, lang, from)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if html {
		err = conform.WriteHTML(&b, letters)
	} else {
		for _, l := range letters {
			if err = l.WriteText(&b); err != nil {
				break
			}
		}
	}
	return b.Bytes(), err
}

// writeNew writes a file that the user has chosen, unless it is an original.
func writeNew(set *session.Set, path string, text []byte) error {
	for _, i := range set.Items() {
		if sameFile(path, i.Snapshot().Path) {
			return fmt.Errorf("%s is an original that is open; originals are never written", path)
		}
	}
	return os.WriteFile(path, text, 0o600)
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// tell shows an error among the sources; nil is nothing to tell.
func (w *Window) tell(what string, err error) {
	if err == nil {
		return
	}
	w.messages = append(w.messages, message{what, err.Error()})
	w.sources.show()
}
