package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/player/decode"
)

var stillNow = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// oneStill takes the still of one sample of a small export.
func oneStill(t *testing.T, path string, sample int, change func(*StillOptions)) (*Still, *Rechecker) {
	t.Helper()
	o := children(t)
	x, track, report := exportOf(t, path)
	opt := StillOptions{Report: report, Program: "Vedette test", Now: stillNow}
	if change != nil {
		change(&opt)
	}
	s, err := TakeStill(context.Background(), x, o, track, sample, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s, rechecker(t, o)
}

func save(t *testing.T, s *Still, dir string) string {
	t.Helper()
	name, err := s.Save(dir, s.Card.StillName())
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// rewrite saves a still whose card or picture were changed by someone who knows
// how stills are written.
func rewrite(t *testing.T, path string, change func(*Still)) {
	t.Helper()
	old, err := ReadStill(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := old.Image()
	if err != nil {
		t.Fatal(err)
	}
	s := &Still{Card: old.Card, Image: img}
	change(s)
	for _, p := range []string{path, CardPath(path)} {
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func TestCardTellsWhatIsKnownAndNothingElse(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	s, _ := oneStill(t, path, 4, nil)
	c := s.Card
	if c.File != path || len(c.SHA256) != 64 || c.Integrity != "intact" || c.Coverage != "all" || c.Verdict != "intact-untrusted" || len(c.SealedBy) != 1 ||
		c.Corrected == nil || c.SavedAt == nil || c.Program != "Vedette test" || !strings.HasPrefix(c.Decoder, "FFmpeg ") || c.PixelFormat != "yuv420p" || c.Source != "Crossing" {
		t.Errorf("%+v", c)
	}
	bare, k := oneStill(t, path, 4, func(o *StillOptions) { *o = StillOptions{} })
	data, err := bare.Card.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"sha256", "integrity", "trust", "coverage", "sealedBy", "cameraSigning", "packs", "adjustments", "savedAt", "program"} {
		if _, there := keys[key]; there {
			t.Errorf("%s is in a card of an export that was not examined", key)
		}
	}
	if keys["verdict"] != "cannot-check" || keys["headline"] != notExamined {
		t.Errorf("verdict %v, %v", keys["verdict"], keys["headline"])
	}
	if a, err := k.Check(context.Background(), save(t, bare, t.TempDir())); err != nil || a.Result != Same || !strings.Contains(a.Summary, "before the export was examined") {
		t.Errorf("%v %s %+v", err, a.Summary, a.Checks)
	}
}

func TestImageViewersShowWhatTheStillIs(t *testing.T) {
	s, _ := oneStill(t, townExport(t, t.TempDir(), townFilms[0], 30), 4, nil)
	s.Card.Source = "Kreuzung Ä" // takes another kind of chunk
	data, err := s.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(data)); err != nil || img.Bounds() != s.Image.Rect {
		t.Fatalf("the standard reader: %v", err)
	}
	f, err := parsePNG(bytes.NewReader(data), true)
	if err != nil || len(f.foreign) > 0 || f.trailing {
		t.Fatalf("%v %+v", err, f)
	}
	got := map[string]string{}
	for _, x := range f.texts {
		got[x.keyword] = x.text
	}
	for keyword, part := range map[string]string{
		"Title": "Frame ", "Source": "Kreuzung Ä", "Creation Time": "2026-03-01T", "Description": "decoded, no damage reported", "Software": "Vedette test, FFmpeg", cardKeyword: `"vedette.frame/1"`,
	} {
		if !strings.Contains(got[keyword], part) {
			t.Errorf("%s says %q, want %q in it", keyword, got[keyword], part)
		}
	}
}

func TestAdjustmentsAreBurnedInAndNamed(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	plain, _ := oneStill(t, path, 4, nil)
	invert := func(m *image.RGBA) (*image.RGBA, []string) {
		for i := range m.Pix {
			m.Pix[i] ^= 0xff
		}
		return m.SubImage(image.Rect(10, 10, 110, 70)).(*image.RGBA), []string{"inverted", "cut to 100 x 60"} //nolint:forcetypeassert // of an RGBA image
	}
	s, k := oneStill(t, path, 4, func(o *StillOptions) { o.Adjust = invert })
	if s.Image.Rect != image.Rect(0, 0, 100, 60) || len(s.Card.Adjustments) != 2 || s.Card.PixelSHA256 != plain.Card.PixelSHA256 || s.Card.StillSHA256 == plain.Card.StillSHA256 {
		t.Errorf("%v %+v", s.Image.Rect, s.Card)
	}
	if !strings.Contains(s.Card.words()[3].text, "inverted, cut to 100 x 60") {
		t.Errorf("%+v", s.Card.words())
	}
	a, err := k.Check(context.Background(), save(t, s, t.TempDir()))
	if err != nil || a.Result != NotCompared || stateOf(a, "picture") != Same || !strings.Contains(a.Summary, "inverted") {
		t.Errorf("%v %s", err, a.Summary)
	}
	x, track, _ := exportOf(t, path)
	if _, err := TakeStill(context.Background(), x, children(t), track, 4, StillOptions{Adjust: func(m *image.RGBA) (*image.RGBA, []string) { return m, nil }}); err == nil {
		t.Error("an adjustment without a name was burned in")
	}
}

func TestDamageIsWrittenInTheStill(t *testing.T) {
	dir := t.TempDir()
	path := townExport(t, dir, townFilms[0], 30)
	x, track, _ := exportOf(t, path)
	first := x.Table(track.ID).At(0)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		b[first.Offset+int64(first.Size)/2+int64(i)] ^= 0x5a
	}
	broken := filepath.Join(dir, "broken.mp4")
	if err := os.WriteFile(broken, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for sample, want := range map[int]string{0: decode.Damaged.String(), 2: decode.Affected.String()} {
		s, k := oneStill(t, broken, sample, nil)
		if s.Card.State != want || s.Card.Reason == "" || !s.Card.Damaged() || s.Card.Verdict != "broken" || len(s.Card.SealedBy) != 0 || s.Card.SealedBy == nil {
			t.Errorf("sample %d: %+v", sample, s.Card)
		}
		words := s.Card.words()
		if text := words[len(words)-2].text; !strings.Contains(text, "State: "+want) || !strings.Contains(text, "Seal broken.") {
			t.Errorf("an image viewer shows %q", text)
		}
		if a, err := k.Check(context.Background(), save(t, s, dir)); err != nil || a.Result != Same {
			t.Errorf("%v %s", err, a.Summary)
		}
	}
}

// What a decoder puts in place of damage depends on what it decoded before. One
// picture must not have two answers for that.
func TestDamagedPicturesAreTheSameInWhateverOrderTheyAreTaken(t *testing.T) {
	dir := t.TempDir()
	path := townExport(t, dir, townFilm{name: "short.mp4", film: fixture.Film{Codec: "libx264", GOP: 10, BFrames: 2, Quality: 24}}, 30)
	x, track, _ := exportOf(t, path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{10, 22} {
		s := x.Table(track.ID).At(i)
		for k := range 40 {
			b[s.Offset+int64(s.Size)/3+int64(k)] ^= 0x5a
		}
	}
	broken := filepath.Join(dir, "broken.mp4")
	if err := os.WriteFile(broken, b, 0o600); err != nil {
		t.Fatal(err)
	}
	o := children(t)
	x, track, report := exportOf(t, broken)
	k := rechecker(t, o)
	damaged := 0
	for n := 1; n <= 30; n++ {
		s, err := TakeStill(context.Background(), x, o, track, x.Table(track.ID).ByFrame(n), StillOptions{Report: report, Program: "Vedette test"})
		if err != nil {
			t.Fatal(err)
		}
		if s.Card.Damaged() {
			damaged++
		}
		if a, err := k.Check(context.Background(), save(t, s, dir)); err != nil || a.Result != Same {
			t.Errorf("frame %d, %s: %v %s", n, s.Card.State, err, a.Summary)
		}
	}
	if damaged < 5 {
		t.Errorf("%d pictures are damaged", damaged)
	}
}

func TestOfAChangedFileNoStillIsTaken(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	x, track, r := exportOf(t, path)
	flip(t, path, r.Size/2)
	if err := os.Chtimes(path, stillNow, stillNow); err != nil {
		t.Fatal(err)
	}
	if _, err := TakeStill(context.Background(), x, children(t), track, 4, StillOptions{Report: r}); err == nil || !strings.Contains(err.Error(), "changed while it was open") {
		t.Errorf("error %v", err)
	}
}

// silent is a decoder that gives pictures without pixels.
type silent struct{ decode.Opener }

func (s silent) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	d, err := s.Opener.OpenVideo(ctx, c)
	return blind{d}, err
}

type blind struct{ decode.VideoDecoder }

func (b blind) Receive(ctx context.Context) (*decode.Picture, error) {
	p, err := b.VideoDecoder.Receive(ctx)
	if p != nil {
		p.RGBA, p.State, p.Reason = nil, decode.Undecodable, "no frame!"
	}
	return p, err
}

func TestWithoutAPictureThereIsNoStill(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	x, track, r := exportOf(t, path)
	_, err := TakeStill(context.Background(), x, silent{children(t)}, track, 4, StillOptions{Report: r})
	if !errors.Is(err, ErrNoPicture) || !strings.Contains(err.Error(), "not decodable, no frame!") {
		t.Errorf("error %v", err)
	}
}

func TestOfPicturesThatCannotBeDecodedNoStillIsTaken(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	x, track, _ := exportOf(t, path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Table(track.ID).Len() {
		s := x.Table(track.ID).At(i)
		clear(b[s.Offset+4:][:s.Size-4])
	}
	empty := filepath.Join(t.TempDir(), "empty.mp4")
	if err := os.WriteFile(empty, b, 0o600); err != nil {
		t.Fatal(err)
	}
	x, track, r := exportOf(t, empty)
	s, err := TakeStill(context.Background(), x, children(t), track, 4, StillOptions{Report: r})
	if s != nil || !errors.Is(err, ErrNoPicture) {
		t.Errorf("%+v, error %v", s, err)
	}
}

func TestSavingIsWholeOrNotAtAll(t *testing.T) {
	s, _ := oneStill(t, townExport(t, t.TempDir(), townFilms[0], 30), 4, nil)
	dir := t.TempDir()
	first := save(t, s, dir)
	before, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if second := save(t, s, dir); filepath.Base(second) != strings.TrimSuffix(filepath.Base(first), ".png")+"-2.png" {
		t.Errorf("the second is %s", second)
	}
	if err := s.SaveAs(first); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	if after, err := os.ReadFile(first); err != nil || !bytes.Equal(before, after) {
		t.Error("the first was changed")
	}
	for _, p := range []string{first, CardPath(first)} {
		if st, err := os.Stat(p); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", p, err)
		}
	}
	// A card without its picture is nobody's.
	lone := filepath.Join(dir, "lone.png")
	if err := os.WriteFile(lone, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveAs(lone); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a picture: %v", err)
	}
	if _, err := os.Stat(CardPath(lone)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("its card was left behind")
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 5 {
		t.Errorf("%d files are left: %v", len(names), names)
	}
	for name, want := range map[string]string{filepath.Join(dir, "nowhere"): "not there", "/proc/1": "nothing was saved"} {
		if _, err := s.Save(name, "x.png"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := os.Stat("/dev/full"); err == nil { // a medium without room
		if err := unsaved("/x/y.png", full(t)); !strings.Contains(err.Error(), "no room left") {
			t.Errorf("error %v", err)
		}
	}
}

func full(t *testing.T) error {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = f.Write([]byte("x"))
	return err
}

func TestNamesOfStillsAreSafeEverywhere(t *testing.T) {
	at := media.FromTime(time.Date(2026, 3, 1, 12, 0, 7, 440_000_000, time.UTC))
	for file, want := range map[string]string{
		"/a/street-west.mp4":                   "street-west_track1_frame8_20260301T120007.440Z.png",
		"/a/CON.mp4":                           "CON_track1_frame8_20260301T120007.440Z.png",
		"/a/NUL.x.mp4":                         "NUL_x_track1_frame8_20260301T120007.440Z.png",
		`C:\clips\yard.mp4`:                    "yard_track1_frame8_20260301T120007.440Z.png",
		"/a/..":                                "still_track1_frame8_20260301T120007.440Z.png",
		"/a/-rf .mp4":                          "_rf__track1_frame8_20260301T120007.440Z.png",
		"/a/e\u202egpj\x07.mp4":                "e_gpj__track1_frame8_20260301T120007.440Z.png",
		"/a/Straße 2.mp4":                      "Straße_2_track1_frame8_20260301T120007.440Z.png",
		"/a/" + strings.Repeat("x", 300) + "y": strings.Repeat("x", 80) + "_track1_frame8_20260301T120007.440Z.png",
		"/a/a<b>c:d|e?f*g.mp4":                 "a_b_c_d_e_f_g_track1_frame8_20260301T120007.440Z.png",
	} {
		c := &FrameCard{File: file, Track: 1, Frame: 8, Corrected: &at}
		if got := c.StillName(); got != want {
			t.Errorf("%q gives %q, want %q", file, got, want)
		}
	}
	if got := (&FrameCard{File: "x.mp4", Track: 2, Frame: 3}).StillName(); got != "x_track2_frame3.png" {
		t.Errorf("without a time: %q", got)
	}
}
