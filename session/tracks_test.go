package session

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/player"
	"vedette/player/decode"
	"vedette/verify"
)

// oddFile writes one of the files that are within the rules but rare.
func oddFile(t *testing.T, name string) string {
	t.Helper()
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "odd.mp4")
	if err := os.WriteFile(path, odd[name], 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// opened is a set with one odd file, read and examined.
func opened(t *testing.T, name string) (*Set, *Item) {
	t.Helper()
	program, err := filepath.Abs("../bin/" + decode.ProgramName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatal("build the programs first (make build): ", err)
	}
	c := decode.NewChildren(program)
	t.Cleanup(func() { c.Close() })
	set := NewSet(c, Options{Policy: func() verify.Policy { return verify.Policy{Now: fixture.OddStart} }})
	t.Cleanup(func() {
		if err := set.Close(); err != nil {
			t.Error(err)
		}
	})
	i, err := set.Add(context.Background(), oddFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for n := i.Snapshot(); n.Checking || !n.Indexed || !n.EventsRead; n = i.Snapshot() {
		i.View.Wait(2 * time.Millisecond) // other goroutines read the file
	}
	set.Align()
	return set, i
}

// frame waits for the picture of the position.
func frame(t *testing.T, s *Set, v *player.View) *player.Frame {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		s.Engine().Tick()
		f, _, st := v.Pull()
		if f != nil && !st.Seeking {
			return f
		}
		if st.Error != "" {
			t.Fatal(st.Error)
		}
		v.Wait(50 * time.Millisecond)
	}
	t.Fatal("no picture came")
	return nil
}

func TestRecordingsWithoutPicturesStandOnTheAxis(t *testing.T) {
	start := media.FromTime(fixture.OddStart)
	for name, want := range map[string]struct {
		says   string
		events int
	}{
		"sound only":         {"sound only", 0},
		"metadata only":      {"events only", 6},
		"sound and metadata": {"sound and events", 6},
	} {
		s, i := opened(t, name)
		if i.View == nil || !strings.Contains(i.Recording(), want.says) {
			t.Fatalf("%s: %q, view %v", name, i.Recording(), i.View)
		}
		track, _ := i.Track()
		from, to, ok := i.Span(track.ID)
		if !ok || from != start || to != start+3*media.Hundred || i.Zero() != start {
			t.Errorf("%s: from %s to %s", name, from, to)
		}
		if _, video := i.Video(); video || len(i.Videos()) != 0 {
			t.Errorf("%s has pictures", name)
		}
		st := s.Engine().Tick()
		if st.From != from || st.To != to || st.Axis != from {
			t.Errorf("%s: the axis is %s to %s, the position %s", name, st.From, st.To, st.Axis)
		}
		s.Engine().Seek(start + 15*media.Hundred/10)
		if st := s.Engine().Tick(); st.Axis != start+15*media.Hundred/10 || st.Waiting {
			t.Errorf("%s: after seeking: %+v", name, st)
		}
		n := i.Snapshot()
		if n.Start == nil || *n.Start != from || *n.End != to || n.Events != want.events {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

func TestAnotherCameraIsShownAtTheSameTime(t *testing.T) {
	s, i := opened(t, "two cameras")
	all := i.Videos()
	if len(all) != 2 || all[0].Name != "Yard" || all[1].Name != "Gate" {
		t.Fatalf("%+v", all)
	}
	at := i.Zero() + 6*media.Hundred/5
	s.Engine().Seek(at)
	// The first picture of the yard is shown late by two, the depth of reordering.
	if f := frame(t, s, i.View); f.Sample.Track != 1 || f.Number != 29 || f.Width != 64 {
		t.Fatalf("frame %d of track %d", f.Number, f.Sample.Track)
	}
	if err := s.Choose(i, 2); err != nil {
		t.Fatal(err)
	}
	now, _ := i.Video()
	f := frame(t, s, i.View)
	if now.ID != 2 || f.Sample.Track != 2 || f.Number != 31 || f.Width != 96 || s.Engine().Tick().Axis != at {
		t.Errorf("frame %d of track %d at %s", f.Number, f.Sample.Track, s.Engine().Tick().Axis)
	}
	if s.Choose(i, 3) == nil || s.Choose(i, 9) == nil || s.Choose(i, 2) != nil {
		t.Error("what has no pictures was chosen")
	}
	s.leaving.Wait()
	if v := s.Engine().Views(); len(v) != 1 || v[0] != i.View {
		t.Errorf("%d views", len(v))
	}
}

// The number on screen, on the card and of the bytes are of the same picture, and
// its pixels are those that the ffmpeg program decodes from exactly that sample.
func TestScreenAndCardTellTheSameFrame(t *testing.T) {
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	for name := range odd {
		set, i := opened(t, name)
		track, video := i.Video()
		if !video {
			continue
		}
		t.Run(name, func(t *testing.T) {
			table := i.Export().Table(track.ID)
			for n := 1; n <= media.Frames(table); n += 13 {
				sample := table.ByFrame(n)
				set.Engine().SeekSample(i.View, sample)
				f := frame(t, set, i.View)
				still, err := TakeStill(context.Background(), i.Export(), set.Opener(), track, sample, StillOptions{})
				if err != nil {
					t.Fatal(err)
				}
				card := still.Card
				if f.Number != n || f.Sample.Index != sample || card.Frame != n || card.Sample != sample || card.Hidden || card.PixelSHA256 == "" {
					t.Errorf("frame %d is %d (sample %d, want %d) on screen, %d on the card", n, f.Number, f.Sample.Index, sample, card.Frame)
				}
				w, h := decode.Turned(track, card.Width, card.Height)
				if b := still.Image.Rect; f.Width != card.Width || f.Height != card.Height || b.Dx() != w || b.Dy() != h {
					t.Errorf("frame %d is %d x %d on screen, %d x %d on the card, %v in the still", n, f.Width, f.Height, card.Width, card.Height, b)
				}
				if b := f.Picture.Rect; track.PixelAspect == [2]int{} && (b.Dx() != w || b.Dy() != h) {
					t.Errorf("frame %d is drawn %d x %d, want %d x %d", n, b.Dx(), b.Dy(), w, h)
				}
				if at := card.Corrected; at == nil || *at != i.Zero().Add(table.At(sample).PTS) {
					t.Errorf("frame %d: the card says %v", n, at)
				}
			}
		})
	}
}

func TestTheAxisEndsWithTheLastFrameThatTheEditListShows(t *testing.T) {
	for _, name := range []string{"edit inside a group", "edits with gaps", "edits in another order", "fragments with an edit inside a group"} {
		s, i := opened(t, name)
		from, to, _ := i.Span(1)
		st := s.Engine().Tick()
		if st.From != from || st.To != to || st.AtEnd {
			t.Errorf("%s: the axis is %s to %s, want %s to %s", name, st.From, st.To, from, to)
		}
		table := i.Export().Table(1)
		s.Engine().Seek(to - 1)
		if f := frame(t, s, i.View); f.Number != media.Frames(table) {
			t.Errorf("%s: the last frame is %d of %d", name, f.Number, media.Frames(table))
		}
	}
}
