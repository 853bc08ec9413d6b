package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"vedette/trust"
	"vedette/ui/trustscreen"
	"vedette/verify"
)

// Trust is how the window comes to packs. Its methods are called off the
// window's goroutine but for Pools and Named.
type Trust interface {
	Pools() []verify.Pack // in force now
	Named() []string      // packs named for this run, which then stand for the installed ones
	List() ([]trust.Entry, []*trust.Pack, error)
	Preview(path string) (*trust.Preview, error)
	Install(v *trust.Preview, typed []string) error
	Remove(digest string) error
}

func (w *Window) newTrustScreen() {
	w.trusting = trustscreen.New(w.p, trustscreen.Orders{
		ImportFile: w.importPackFile, ImportFolder: w.importPackFolder, Close: w.toggleTrust, Discard: w.discardPreview,
		Install: w.installPack, Copy: w.d.App.Clipboard().SetContent,
		Remove: func(digest string) {
			w.packWork("Taking the pack out of force", func() error { return w.d.Trust.Remove(digest) })
		},
	})
	w.trusting.Set(w.trustModel)
}

// toggleTrust shows the packs, or what was there before.
func (w *Window) toggleTrust() {
	w.trustOpen = !w.trustOpen
	w.trustModel.Preview, w.trustModel.Error = nil, ""
	if w.trustOpen {
		w.packWork("Reading the packs", func() error { return nil })
	}
	w.arrange()
	w.refreshAll()
	w.d.Trace("trust-screen %v", w.trustOpen)
}

func (w *Window) discardPreview() {
	w.trustModel.Preview, w.trustModel.Error = nil, ""
	w.trusting.Set(w.trustModel)
}

// packWork does something with the packs in the background and then shows what
// is installed. The exports that are open are judged again when it changed what
// is in force.
func (w *Window) packWork(busy string, fn func() error) {
	w.trustModel.Busy, w.trustModel.Error, w.trustModel.Now = busy, "", w.d.Now()
	w.trusting.Set(w.trustModel)
	before := digests(w.d.Trust.Pools())
	go func() {
		err := fn()
		entries, packs, lerr := w.d.Trust.List()
		fyne.Do(func() {
			m := &w.trustModel
			m.Busy, m.Entries, m.Packs, m.Named = "", entries, map[string]*trust.Pack{}, w.d.Trust.Named()
			for _, p := range packs {
				m.Packs[p.SHA256] = p
			}
			for _, e := range []error{err, lerr} {
				if e != nil {
					m.Error = e.Error()
				}
			}
			if after := digests(w.d.Trust.Pools()); !slices.Equal(before, after) {
				m.Preview = nil
				w.d.Set.Recheck()
			}
			w.affected()
			w.trusting.Set(*m)
			w.arrange()
			w.refreshAll()
			w.focusDigits()
			w.d.Trace("trust-packs %d error %v", len(entries), m.Error != "")
		})
	}()
}

// focusDigits puts the keyboard where digits are asked for.
func (w *Window) focusDigits() {
	if f := w.trusting.Field(); f != nil && w.trustOpen {
		w.win.Canvas().Focus(f)
	}
}

func digests(packs []verify.Pack) []string {
	var out []string
	for _, p := range packs {
		out = append(out, p.SHA256+" "+p.Partner)
	}
	return out
}

// refreshTrust shows what each pack vouches for by now. A preview stays as it is,
// with what has been typed.
func (w *Window) refreshTrust() {
	if !w.trustOpen || w.trustModel.Preview != nil {
		return
	}
	before := w.trustModel.Affects
	if w.affected(); !reflect.DeepEqual(before, w.trustModel.Affects) {
		w.trusting.Set(w.trustModel)
	}
}

// affected says which open exports each pack vouches for.
func (w *Window) affected() {
	w.trustModel.Affects, w.trustModel.Concerns = map[string][]string{}, nil
	for _, i := range w.d.Set.Items() {
		s := i.Snapshot()
		w.trustModel.Concerns = append(w.trustModel.Concerns, s.Name)
		if s.Report == nil {
			continue
		}
		for _, x := range s.Report.Seals {
			if x.Trust.Pack == "" || x.Signer == nil {
				continue
			}
			text := fmt.Sprintf("%s, seal %d by %s", s.Name, x.Index, verify.CommonName(x.Signer.Subject))
			if x.Trust.Partner != "" {
				text += ", as partner " + verify.Inert(x.Trust.Partner)
			}
			w.trustModel.Affects[x.Trust.Pack] = append(w.trustModel.Affects[x.Trust.Pack], text)
		}
	}
}

func (w *Window) importPackFolder() {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err == nil && u != nil {
			w.previewPack(u.Path())
		}
	}, w.win)
	d.Resize(fyne.NewSize(860, 560))
	w.open(d)
}

func (w *Window) importPackFile() {
	d := dialog.NewFileOpen(func(u fyne.URIReadCloser, err error) {
		if err == nil && u != nil {
			path := u.URI().Path()
			_ = u.Close() // read under the limits of packs
			w.previewPack(path)
		}
	}, w.win)
	d.Resize(fyne.NewSize(860, 560))
	w.open(d)
}

// withoutPacks takes trust packs out of what is to be opened, and previews the
// last of them. Nothing is installed by opening it.
func (w *Window) withoutPacks(paths []string) []string {
	var rest []string
	pack := ""
	for _, p := range paths {
		_, err := os.Stat(filepath.Join(p, "pack.json"))
		if err == nil || strings.EqualFold(filepath.Ext(p), ".zip") {
			pack = p
			continue
		}
		rest = append(rest, p)
	}
	if pack != "" {
		if !w.trustOpen {
			w.toggleTrust()
		}
		w.previewPack(pack)
	}
	return rest
}

// previewPack reads a pack and shows what it would change.
func (w *Window) previewPack(path string) {
	w.trustModel.Busy, w.trustModel.Error, w.trustModel.Now = "Reading "+path, "", w.d.Now()
	w.trusting.Set(w.trustModel)
	go func() {
		v, err := w.d.Trust.Preview(path)
		fyne.Do(func() {
			m := &w.trustModel
			m.Busy, m.Preview = "", v
			if err != nil {
				m.Error, m.Preview = explain(path, err), nil
			}
			w.affected()
			w.trusting.Set(*m)
			w.focusDigits()
			w.d.Trace("trust-preview %v", err == nil)
		})
	}()
}

func (w *Window) installPack(typed []string) {
	v := w.trustModel.Preview
	w.packWork("Installing", func() error { return w.d.Trust.Install(v, typed) })
}
