package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/internal/town"
	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// children starts decoders of the programs that were built.
func children(t testing.TB) *decode.Children {
	t.Helper()
	program, err := decode.FindProgram()
	if err != nil {
		// The tests are run after the programs were built.
		if program, err = filepath.Abs("../bin/vedette-decoder"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(program); err != nil {
			t.Fatal("build the programs first (make build): ", err)
		}
	}
	c := decode.NewChildren(program)
	t.Cleanup(func() { c.Close() })
	return c
}

// townFilm is one kind of export that stills are taken of.
type townFilm struct {
	name  string
	film  fixture.Film
	audio string
	plain bool
}

var townFilms = []townFilm{
	{"h264-aac.mp4", fixture.Film{Codec: "libx264", GOP: 50, BFrames: 2, Quality: 24}, "aac", false},
	{"h264-plain.mp4", fixture.Film{Codec: "libx264", GOP: 250, BFrames: 3, Quality: 24}, "g722", true},
	{"h265-alaw.mp4", fixture.Film{Codec: "libx265", GOP: 25, BFrames: 3, Quality: 26, Open: true}, "alaw", false},
}

// townExport writes one sealed export of the town with sound and metadata.
func townExport(t testing.TB, dir string, f townFilm, pictures int) string {
	t.Helper()
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		t.Fatal(err)
	}
	s := fixture.Shoot{Seed: 1, Camera: town.Cameras()[0], W: 320, H: 180, From: 100, Count: pictures, Film: f.film, Audio: f.audio, Every: 2}
	video, meta, audio, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	start := fixture.Time(s.From)
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Town", Operator: "Operator 7", Time: town.Start, Sources: []fixture.Source{{Track: fixture.VideoTrack, Name: "Crossing"}}},
		W:    s.W, H: s.H, Video: video, Meta: meta, Audio: audio, Plain: f.plain, Edit: f.plain,
		Starts: map[uint32]time.Time{fixture.VideoTrack: start, fixture.MetaTrack: start, fixture.AudioTrack: start},
	}
	x.Seals = []fixture.SealBy{{Signer: world.Exporter, Starts: x.Starts}}
	path := filepath.Join(dir, f.name)
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Write(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// exportOf opens an export, indexes and examines it.
func exportOf(t testing.TB, path string) (*evidence.Export, media.Track, *verify.Report) {
	t.Helper()
	f, err := evidence.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	x, err := evidence.Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(context.Background(), x, verify.Policy{Now: time.Now()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range x.Tracks() {
		if tr.Kind == media.KindVideo {
			return x, tr, r
		}
	}
	t.Fatal("no video track")
	return nil, media.Track{}, nil
}

// displayed returns the SHA-256 of the planes of every picture as it is played,
// by sample.
func displayed(t *testing.T, x *evidence.Export, track media.Track, o decode.Opener) map[int]string {
	t.Helper()
	r, err := decode.NewReader(o, x, track, decode.Config{Mode: decode.Play, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := map[int]string{}
	for range x.Table(track.ID).Len() {
		p, err := r.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(p.AppendPlanes(nil))
		out[p.Index] = hex.EncodeToString(sum[:])
		p.Release()
	}
	return out
}

func rechecker(t testing.TB, o decode.Opener, in ...string) *Rechecker {
	k := &Rechecker{Opener: o, Program: "Vedette test", Now: time.Now, In: in}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// flip changes one byte.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 0x10
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copied(t testing.TB, from, dir string) string {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, filepath.Base(from))
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// stillCount is how many stills are taken in all; `make stills` asks for 1000.
func stillCount(t *testing.T) int {
	s := os.Getenv("VEDETTE_STILLS")
	if s == "" {
		return 45
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < len(townFilms) {
		t.Fatalf("VEDETTE_STILLS=%q is no number of stills", s)
	}
	return n
}

func TestSavedStillsAreTheDisplayedPicturesAndAreKnownAgain(t *testing.T) {
	each := (stillCount(t) + len(townFilms) - 1) / len(townFilms)
	o := children(t)
	ctx := context.Background()
	total := 0
	for _, film := range townFilms {
		dir := t.TempDir()
		path := townExport(t, dir, film, max(each, 30))
		x, track, report := exportOf(t, path)
		shown := displayed(t, x, track, o)
		if len(shown) < each {
			t.Fatalf("%s: %d pictures, want %d", film.name, len(shown), each)
		}
		pass, err := NewPass(x, o, track)
		if err != nil {
			t.Fatal(err)
		}
		defer pass.Close()
		var stills []string
		for n := 1; n <= each; n++ {
			s, err := pass.Still(ctx, x.Table(track.ID).ByFrame(n), StillOptions{Report: report, Program: "Vedette test", Now: time.Now()})
			if err != nil {
				t.Fatalf("%s frame %d: %v", film.name, n, err)
			}
			if s.Card.PixelSHA256 != shown[s.Card.Sample] || s.Card.Frame != n || s.Card.Damaged() {
				t.Fatalf("%s frame %d: the still is %s of frame %d (%s), displayed is %s", film.name, n, s.Card.PixelSHA256, s.Card.Frame, s.Card.State, shown[s.Card.Sample])
			}
			name, err := s.Save(dir, s.Card.StillName())
			if err != nil {
				t.Fatal(err)
			}
			stills = append(stills, name)
		}
		k := rechecker(t, o)
		for _, name := range stills {
			if a, err := k.Check(ctx, name); err != nil || a.Result != Same {
				t.Fatalf("%s: %v %s %+v", name, err, a.Summary, a.Checks)
			}
		}
		other := copied(t, path, t.TempDir())
		flip(t, other, report.Size/2)
		k = rechecker(t, o, other)
		for _, name := range stills {
			a, err := k.Check(ctx, name)
			if err != nil || a.Result != Different || a.SHA256 == report.SHA256 || stateOf(a, "export") != Different {
				t.Fatalf("%s with the changed export: %v %s %+v", name, err, a.Summary, a.Checks)
			}
		}
		total += len(stills)
	}
	t.Logf("%d stills", total)
}

// stateOf is the worst answer about one thing.
func stateOf(a *StillAnswer, what string) Likeness {
	l := NotCompared
	for _, c := range a.Checks {
		if c.What == what {
			l = max(l, c.State)
		}
	}
	return l
}
