package player

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/internal/town"
	"vedette/media"
	"vedette/player/decode"
)

// TestBeepOfTheTownIsHeardWhenItsSecondBegins plays an export through the
// decoder program. Its tracks begin at different moments, and the sound beeps
// for 80 ms at the begin of each second of wall-clock time.
func TestBeepOfTheTownIsHeardWhenItsSecondBegins(t *testing.T) {
	for _, coding := range []string{"alaw", "g722", "aac"} {
		t.Run(coding, func(t *testing.T) {
			const seconds = 4
			start := fixture.Time(4 * town.Rate)
			x := shot(t, coding, seconds, start)
			var video, audio media.Track
			for _, tr := range x.Tracks() {
				switch tr.Kind {
				case media.KindVideo:
					video = tr
				case media.KindAudio:
					audio = tr
				}
			}
			zero := x.Origin(video.ID).UTC
			if x.Origin(audio.ID).UTC == zero {
				t.Fatal("the tracks begin at the same moment, nothing is tested")
			}
			s := &stage{t: t, now: time.Unix(1000, 0)}
			s.e = New(func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now })
			defer s.e.Close()
			d := &device{latency: 40 * time.Millisecond}
			h := &hall{s, d}
			s.e.SetSink(d)
			s.v = NewView(Config{Source: x, Track: video, Sound: &audio, Opener: program(t), Zero: zero})
			s.e.Add(s.v)
			h.playsForReal()

			weight, moment := map[int64]float64{}, map[int64]float64{}
			for {
				h.pass(10 * time.Millisecond)
				h.supplied()
				d.take(480)
				st := h.e.Tick()
				if st.Sound.State != SoundOn || st.Sound.Reason != "" {
					t.Fatalf("%+v", st.Sound)
				}
				if !st.Playing {
					break
				}
				// What was handed over ends at the position plus the latency.
				end := st.Axis + media.UTC(40*media.Hundred/1000)
				for i := range 480 {
					at := end - media.UTC(480-i)*media.Hundred/soundRate
					v := float64(d.last[2*i])
					if v*v > .02*.02 {
						since := at - media.FromTime(start)
						second := int64(since+media.Hundred/2) / media.Hundred
						weight[second] += v * v
						moment[second] += v * v * float64(int64(since)-second*media.Hundred) / media.Hundred
					}
				}
			}
			want, allowed := .040, .003
			if coding == "aac" { // its encoder puts 1024 frames before the sound, and smears it
				want, allowed = want+1024.0/soundRate, .006
			}
			for second := range int64(seconds) {
				if second == 0 {
					continue // the picture may begin within it
				}
				if got := moment[second] / weight[second]; !near(got, want, allowed) {
					t.Errorf("the middle of the beep of second %d is heard %.1f ms after its begin, want %.1f", second, got*1000, want*1000)
				} else {
					t.Logf("second %d: %.2f ms", second, got*1000)
				}
			}
		})
	}
}

// shot makes an export whose video begins 120 ms before its sound.
func shot(t *testing.T, coding string, seconds int, start time.Time) *evidence.Export {
	t.Helper()
	w, err := fixture.NewWorld(start)
	if err != nil {
		t.Fatal(err)
	}
	film := fixture.Shoot{
		Seed: 1, Camera: town.Cameras()[0], W: 160, H: 96, From: 4 * town.Rate, Count: seconds * town.Rate,
		Film: fixture.Film{Codec: "libx264", GOP: 25, Quality: 30}, Audio: coding, Every: 25,
	}
	export := &fixture.Export{
		Side: fixture.Side{UnitName: "Unit", Time: start.Add(time.Hour), Sources: []fixture.Source{{Track: 1, Name: "Cam"}}},
		W:    160, H: 96, Starts: map[uint32]time.Time{
			fixture.VideoTrack: start.Add(-120 * time.Millisecond), fixture.MetaTrack: start, fixture.AudioTrack: start,
		},
	}
	if export.Video, export.Meta, export.Audio, err = film.Record(); err != nil {
		t.Fatal(err)
	}
	export.Seals = []fixture.SealBy{{Signer: w.Exporter, Starts: export.Starts}}
	var out bytes.Buffer
	if err := export.Write(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
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
	return x
}

func program(t *testing.T) decode.Opener {
	t.Helper()
	p, err := decode.FindProgram()
	if err != nil {
		if p, err = filepath.Abs("../bin/vedette-decoder"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(p); err != nil {
			t.Fatal("build the programs first (make build): ", err)
		}
	}
	c := decode.NewChildren(p)
	t.Cleanup(func() { c.Close() })
	return c
}

// playsForReal waits for a decoder program to start, which takes real time.
func (h *hall) playsForReal() {
	h.t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		h.e.Tick()
		if _, _, st := h.v.Pull(); !st.Seeking {
			h.e.Play()
		}
		if h.e.sound.current.Load() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			h.t.Fatalf("no sound: %+v", h.e.Tick())
		}
	}
}
