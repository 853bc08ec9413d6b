package ui

import (
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"vedette/player/decode"
	"vedette/session"
	"vedette/verify"
)

// decodingWindow is a window with the decoder program that was built, which
// change may stand in for.
func decodingWindow(t *testing.T, change func(decode.Opener) decode.Opener) (*Window, *queueDriver) {
	t.Helper()
	program, err := decode.FindProgram()
	if err != nil {
		if program, err = filepath.Abs("../bin/vedette-decoder"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(program); err != nil {
			t.Fatal("build the programs first (make build): ", err)
		}
	}
	a := newApp(t)
	children := decode.NewChildren(program)
	t.Cleanup(func() { _ = children.Close() })
	set := session.NewSet(change(children), session.Options{Now: time.Now, Policy: func() verify.Policy { return verify.Policy{Now: time.Now()} }})
	t.Cleanup(func() { _ = set.Close() })
	w := New(Deps{App: a, Set: set, Version: "test", Now: time.Now, Trust: noPacks{}, Sample: func() []string { return nil }})
	t.Cleanup(w.probe.stop)
	return w, a.driver
}

// until takes the window's turns until something holds.
func until(t *testing.T, w *Window, d *queueDriver, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); runtime.Gosched() {
		if time.Now().After(end) {
			said := "nothing"
			if w.notice.shown != nil {
				said = w.notice.shown.text
			}
			t.Fatalf("%s: never; the notice says %s", what, said)
		}
		d.turn()
		w.pull()
	}
}

func says(w *Window, part string) func() bool {
	return func() bool { return w.notice.shown != nil && strings.Contains(w.notice.shown.text, part) }
}

func TestAStillIsSavedAtOnceAndOpensItsExportAgain(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	w, d := decodingWindow(t, func(o decode.Opener) decode.Opener { return o })
	dir := t.TempDir()
	w.d.App.Preferences().SetString(prefStills, dir)
	export, err := filepath.Abs("../testdata/export/01_single.mp4")
	if err != nil {
		t.Fatal(err)
	}
	w.Open(export)
	until(t, w, d, "a picture", func() bool {
		return w.focus != nil && w.focus.View.Current() != nil && w.focus.Snapshot().Report != nil
	})
	w.saveStill()
	if !says(w, "Saving frame 1 of 01_single.mp4")() {
		t.Error("the key is not answered at once")
	}
	until(t, w, d, "saved", says(w, "Saved 01_single_track1_frame1"))
	found, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}

	// The card of the frame, with its pixels on demand.
	w.side.choose(1)
	w.side.hashPixels()
	until(t, w, d, "hashed", func() bool { return w.side.hashed.card != nil })
	saved, err := session.ReadStill(found[0])
	if err != nil || saved.Card.PixelSHA256 != w.side.hashed.card.PixelSHA256 {
		t.Errorf("%v: the tab shows other pixels than the still has", err)
	}
	w.side.copyCard()
	if text := w.d.App.Clipboard().Content(); !strings.Contains(text, saved.Card.PixelSHA256) || !strings.Contains(text, "decoded, no damage reported") {
		t.Errorf("copied %s", text)
	}

	w.remove(w.focus)
	until(t, w, d, "closed", func() bool { return len(w.d.Set.Items()) == 0 })
	w.Open(found[0])
	until(t, w, d, "compared", says(w, "The same: the still shows the picture of the export."))
	if w.notice.shown.tone != good || w.focus == nil || w.focus.Snapshot().Path != export {
		t.Errorf("%+v", w.notice.shown)
	}
}

func TestAStillWithoutItsExportAsksForIt(t *testing.T) {
	w, d := decodingWindow(t, func(o decode.Opener) decode.Opener { return o })
	home := t.TempDir()
	data, err := os.ReadFile("../testdata/export/01_single.mp4")
	if err != nil {
		t.Fatal(err)
	}
	export := filepath.Join(home, "clip.mp4")
	if err := os.WriteFile(export, data, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w.d.App.Preferences().SetString(prefStills, dir)
	w.Open(export)
	until(t, w, d, "a picture", func() bool {
		return w.focus != nil && w.focus.View.Current() != nil && w.focus.Snapshot().Report != nil
	})
	w.saveStill()
	until(t, w, d, "saved", says(w, "Saved clip_track1"))
	w.remove(w.focus)
	until(t, w, d, "closed", func() bool { return len(w.d.Set.Items()) == 0 })
	moved := filepath.Join(t.TempDir(), "moved.mp4")
	if err := os.Rename(export, moved); err != nil {
		t.Fatal(err)
	}
	still, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(still) != 1 {
		t.Fatal(still, err)
	}
	w.Open(still[0])
	until(t, w, d, "asked", func() bool { return len(w.dialogs) == 1 })
	w.dialogs[0].Dismiss()
	until(t, w, d, "answered", says(w, "was not found"))
	if w.notice.shown.tone != open {
		t.Errorf("%+v", w.notice.shown)
	}
	// An export that is open already is looked at first, wherever it lies.
	w.Open(moved)
	until(t, w, d, "examined", func() bool { return w.focus != nil && w.focus.Snapshot().Report != nil && !w.focus.Snapshot().Checking })
	w.Open(still[0])
	until(t, w, d, "compared", says(w, "The same"))
}

// patient is an opener whose decoders for evidence never come.
type patient struct{ decode.Opener }

func (p patient) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	if c.Mode == decode.Evidence {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return p.Opener.OpenVideo(ctx, c)
}

func TestCancellingLeavesNoStillAndNoneThatWaits(t *testing.T) {
	w, d := decodingWindow(t, func(o decode.Opener) decode.Opener { return patient{o} })
	dir := t.TempDir()
	w.d.App.Preferences().SetString(prefStills, dir)
	w.Open("../testdata/export/01_single.mp4")
	until(t, w, d, "a picture", func() bool { return w.focus != nil && w.focus.View.Current() != nil })
	for range 3 {
		w.saveStill()
	}
	if !says(w, "2 more wait")() {
		t.Errorf("%+v", w.notice.shown)
	}
	w.notice.shown.orders[0].do()
	until(t, w, d, "cancelled", says(w, "cancelled"))
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 || len(w.stills.waiting) != 0 || w.stills.cancel != nil {
		t.Errorf("%v, %d wait", left, len(w.stills.waiting))
	}
}

func TestImagesThatAreNoStillsAreToldApart(t *testing.T) {
	w, d := window(t)
	path := filepath.Join(t.TempDir(), "plan.PNG")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, image.NewRGBA(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w.Open(path)
	until(t, w, d, "told", says(w, "the image holds no frame card"))
	if len(w.messages) != 0 || len(w.d.Set.Items()) != 0 {
		t.Errorf("%v", w.messages)
	}
	w.SetLight(true) // the notice outlives the other theme
	if w.notice.shown == nil || w.notice.shown.tone != open {
		t.Error("the notice is gone")
	}
	w.notice.close()
}

func TestWithoutAPictureNoStillIsSavedAndWhyIsSaid(t *testing.T) {
	w, _ := window(t)
	w.saveStill()
	if !says(w, "no picture is open")() {
		t.Error("not told")
	}
	w.tick += noticeTicks + 1
	w.notice.hush()
	if w.notice.shown != nil {
		t.Error("the notice stays for ever")
	}
}

func TestPicturesGoWhereTheDesktopSays(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	look := func(want string) {
		t.Helper()
		if got, err := picturesFolder(); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	look(home)
	for _, dir := range []string{"Pictures", "Bilder", ".config"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	look(filepath.Join(home, "Pictures"))
	if err := os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte("# made by xdg\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	look(filepath.Join(home, "Bilder"))
}
