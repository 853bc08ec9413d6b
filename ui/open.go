package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"vedette/session"
)

// maxOpen bounds how many files one drop or folder opens.
const maxOpen = 24

// Open opens files, and the exports in folders, beside what is open. It
// returns at once; what cannot be opened is told in the panel of sources.
func (w *Window) Open(paths ...string) {
	paths = w.withoutStills(w.withoutPacks(paths))
	if len(paths) == 0 {
		return
	}
	w.opening++
	w.remember(paths...)
	w.settled = false
	w.sources.show()
	go func() {
		var found []string
		var problems []message
		for _, p := range paths {
			files, err := exportsIn(p)
			if err != nil {
				problems = append(problems, message{filepath.Base(p), err.Error()})
			}
			found = append(found, files...)
		}
		if len(found) > maxOpen {
			problems = append(problems, message{fmt.Sprintf("%d more files", len(found)-maxOpen), fmt.Sprintf("At most %d exports are opened at once. Open the others by themselves.", maxOpen)})
			found = found[:maxOpen]
		}
		for _, p := range found {
			if session.IsCatalogue(p) {
				if err := w.openCatalogue(p); err != nil {
					problems = append(problems, message{filepath.Base(p), explain(p, err)})
				}
				continue
			}
			i, err := w.d.Set.Add(context.Background(), p)
			if err != nil && !errors.Is(err, session.ErrOpen) {
				problems = append(problems, message{filepath.Base(p), explain(p, err)})
				continue
			}
			fyne.Do(func() { w.opened(i) })
		}
		fyne.Do(func() {
			w.opening--
			w.messages = append(w.messages, problems...)
			for _, m := range problems {
				w.d.Trace("refused %s", m.what)
			}
			w.arrange()
			w.refreshAll()
		})
	}()
}

func (w *Window) opened(i *session.Item) {
	if w.focus == nil {
		w.focus = i
	}
	w.places.add(i)
	w.arrange()
	w.refreshAll()
}

// explain says what is wrong with a file, without the path that stands above it.
func explain(path string, err error) string {
	s := err.Error()
	s = strings.TrimPrefix(s, path+": ")
	s = strings.TrimPrefix(s, "annexa: ")
	s = strings.TrimPrefix(s, "session: ")
	s = strings.TrimPrefix(s, filepath.Base(path)+" ")
	if s == "" {
		return "It cannot be opened."
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// exportsIn returns the path itself, or of a folder the MP4 and CSV files in it.
func exportsIn(path string) ([]string, error) {
	st, err := os.Stat(path)
	if err != nil || !st.IsDir() {
		return []string{path}, nil //nolint:nilerr // opening it says why
	}
	names, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("the folder cannot be read: %w", err)
	}
	var out []string
	for _, n := range names {
		switch strings.ToLower(filepath.Ext(n.Name())) {
		case ".mp4", ".m4v", ".mov", ".csv":
			if n.Type().IsRegular() {
				out = append(out, filepath.Join(path, n.Name()))
			}
		}
	}
	sort.Strings(out)
	if len(out) == 0 {
		return nil, errors.New("the folder holds no MP4 or CSV file")
	}
	return out, nil
}

func (w *Window) openDialog() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // only the path is wanted
		w.Open(path)
	}, w.win)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

func (w *Window) openFolder() {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err == nil && u != nil {
			w.Open(u.Path())
		}
	}, w.win)
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

// remove closes an export and then opens others; waiting for what it does
// happens elsewhere.
func (w *Window) remove(i *session.Item, then ...string) {
	if w.focus == i {
		w.focus = nil
	}
	if w.judged.item == i {
		w.dropConform()
	}
	w.places.remove(i)
	delete(w.nudged, i)
	if w.listening == i {
		w.listening = nil
	}
	delete(w.versions, i)
	delete(w.bands, i)
	delete(w.first, i)
	delete(w.verdicts, i)
	go func() {
		err := w.d.Set.Remove(i)
		fyne.Do(func() {
			if err != nil {
				w.messages = append(w.messages, message{"Closing", err.Error()})
			}
			if items := w.d.Set.Items(); w.focus == nil && len(items) > 0 {
				w.focus = items[0]
			}
			w.panelOpen = false
			if len(then) > 0 {
				w.Open(then...)
			}
			w.arrange()
			w.refreshAll()
		})
	}()
}
