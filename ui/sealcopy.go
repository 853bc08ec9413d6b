package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"vedette/evidence"
	"vedette/media"
	"vedette/sealing"
	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/verdict"
	"vedette/verify"
)

// maxKeyFile bounds what is read as a key or a certificate.
const maxKeyFile = 1 << 20

// sealRequest is what the form of sealing holds.
type sealRequest struct{ key, cert, passphrase, note, clock, out string }

// sealDialog asks how a copy of the chosen export is to be sealed.
func (w *Window) sealDialog() {
	if w.focus == nil {
		return
	}
	i := w.focus
	var d *dialog.FormDialog
	field := func(hint string) *answer {
		a := &answer{}
		a.ExtendBaseWidget(a)
		a.SetPlaceHolder(hint)
		a.dismiss = func() { d.Dismiss() }
		return a
	}
	key, cert, pass := field("exporter.p12 or exporter-key.pem"), field("needed with a PEM key"), field("of a PKCS#12 file; empty if there is none")
	pass.Password = true
	note, clock, out := field("part of the seal; such as a reference"), field("seconds that the clock was slow, such as 10 or -2.5"), field("")
	path := i.Snapshot().Path
	out.SetText(strings.TrimSuffix(path, filepath.Ext(path)) + "-sealed" + filepath.Ext(path))
	browse := func(a *answer) fyne.CanvasObject {
		b := look.NewButton(w.p, "folder", "", "", func() {
			f := dialog.NewFileOpen(func(u fyne.URIReadCloser, err error) {
				if err == nil && u != nil {
					a.SetText(u.URI().Path())
					_ = u.Close() // only its name was asked for
				}
			}, w.win)
			f.Resize(fyne.NewSize(860, 560))
			f.Show()
		})
		return container.NewBorder(nil, nil, nil, b, a)
	}
	d = dialog.NewForm("Seal a copy of "+i.Snapshot().Name, "Seal", "Cancel", []*widget.FormItem{
		{Text: "Key", Widget: browse(key), HintText: "PKCS#12 or PEM, read once and kept nowhere"},
		{Text: "Certificate", Widget: browse(cert)},
		{Text: "Passphrase", Widget: pass},
		{Text: "Remark", Widget: note},
		{Text: "Clock correction", Widget: clock, HintText: "stated in the seal as corrected start times; empty for none"},
		{Text: "Copy", Widget: out, HintText: "must not exist yet; the original is only read"},
	}, func(ok bool) {
		if ok {
			w.sealCopy(i, sealRequest{key.Text, cert.Text, pass.Text, note.Text, clock.Text, out.Text})
		}
	}, w.win)
	d.Resize(fyne.NewSize(680, 480))
	w.open(d)
	w.win.Canvas().Focus(key)
}

// sealCopy seals in the background, with its progress on screen.
func (w *Window) sealCopy(i *session.Item, q sealRequest) {
	ctx, cancel := context.WithCancel(context.Background())
	bar, step := widget.NewProgressBar(), widget.NewLabel("Reading the key")
	d := dialog.NewCustom("Sealing a copy", "Cancel", container.NewVBox(step, bar), w.win)
	d.Resize(fyne.NewSize(520, 160))
	w.open(d, cancel) // closing it is cancelling
	last := time.Time{}
	go func() {
		r, err := q.run(ctx, i.Export(), func(p sealing.Progress) {
			if time.Since(last) < 100*time.Millisecond && p.Done < p.Total {
				return
			}
			last = time.Now()
			fyne.Do(func() {
				step.SetText(fmt.Sprintf("%s: %s of %s", p.Step, verdict.Bytes(p.Done), verdict.Bytes(p.Total)))
				bar.SetValue(float64(p.Done) / float64(max(p.Total, 1)))
			})
		})
		fyne.Do(func() {
			cancelled := ctx.Err() != nil
			d.Hide()
			cancel()
			switch {
			case err == nil:
				w.sealed(q.out, r)
			case cancelled:
				w.d.Trace("sealing cancelled")
			default:
				w.open(dialog.NewError(err, w.win))
			}
		})
	}()
}

// run makes the copy. It opens the export's file by its own, so that nothing
// that is shown is disturbed.
func (q sealRequest) run(ctx context.Context, x *evidence.Export, progress func(sealing.Progress)) (*sealing.Result, error) {
	opt := sealing.Options{Now: time.Now(), Note: q.note}
	if s := strings.TrimSpace(q.clock); s != "" {
		d, err := time.ParseDuration(strings.TrimSuffix(s, "s") + "s")
		if err != nil {
			return nil, fmt.Errorf("the clock correction %q is no number of seconds", s)
		}
		opt.Starts = map[uint32]media.UTC{}
		for _, t := range x.Tracks() {
			if o := x.Origin(t.ID); o.Known() {
				opt.Starts[t.ID] = o.UTC.Add(media.FromDuration(d))
			}
		}
		if len(opt.Starts) == 0 {
			return nil, errors.New("the export states no start time, so there is nothing to correct")
		}
	}
	key, err := readSmall(q.key)
	if err != nil {
		return nil, err
	}
	var cert []byte
	if q.cert != "" {
		if cert, err = readSmall(q.cert); err != nil {
			return nil, err
		}
	}
	if opt.Signer, err = sealing.ReadSigner(key, cert, func() ([]byte, error) { return []byte(q.passphrase), nil }); err != nil {
		return nil, err
	}
	f, err := evidence.OpenFile(x.File().Path())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sealing.Copy(ctx, f, q.out, opt, progress)
}

func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the user chose it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err == nil && len(data) > maxKeyFile {
		err = fmt.Errorf("%s is larger than %d bytes: no key file", filepath.Base(path), maxKeyFile)
	}
	return data, err
}

// sealed tells what was made, and offers to open it.
func (w *Window) sealed(out string, r *sealing.Result) {
	text := fmt.Sprintf("%s\n\nSeal %d, %s\nSigner %s\n\nSHA-256 of the copy %s\nSHA-256 of the original %s\n\nThe copy was read back and its seals fit. The original was only read.", out, r.Seal.Index, r.Seal.Algorithm,
		verify.Inert(r.Seal.Signer.Subject), r.After.SHA256, r.Before.SHA256)
	for _, f := range r.Findings {
		text += "\n" + verify.Inert(f.Message)
	}
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomConfirm("A sealed copy was made", "Open the copy", "Close", l, func(open bool) {
		if open {
			w.Open(out)
		}
	}, w.win)
	d.Resize(fyne.NewSize(720, 360))
	w.open(d)
	w.d.Trace("sealed %s", filepath.Base(out))
}
