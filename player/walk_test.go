package player_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player"
	"vedette/player/decode"
)

// films are the kinds of footage through which the walk goes.
var films = map[string][]string{
	"H.264 constant rate": {"-i", "testsrc2=size=320x180:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "50"},
	"H.264 B-frames":      {"-i", "testsrc2=size=320x180:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-b_strategy", "2", "-g", "50"},
	"H.264 open GOP":      {"-i", "testsrc2=size=320x180:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "25", "-x264-params", "open-gop=1:log=-1"},
	"H.264 GOP of 250":    {"-i", "testsrc2=size=320x180:rate=25:duration=16", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "250", "-keyint_min", "250", "-sc_threshold", "0"},
	"H.264 variable rate": {"-i", "testsrc2=size=320x180:rate=25:duration=12", "-vf", "select=not(eq(mod(n\\,7)\\,3))*not(between(n\\,100\\,140))", "-vsync", "vfr", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "40"},
	"H.265":               {"-i", "testsrc2=size=320x180:rate=25:duration=10", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=50:open-gop=1:bframes=3"},
}

func film(t testing.TB, args []string) (*evidence.Export, media.Track) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film.mp4")
	all := append([]string{"-v", "error", "-f", "lavfi"}, args...)
	all = append(all, "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", path)
	if out, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	f, err := evidence.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	e, err := evidence.Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return e, e.Tracks()[0]
}

func children(t testing.TB) *decode.Children {
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
	return c
}

// straight returns the hashes of all pictures in order of presentation, decoded
// from begin to end by one thread.
func straight(t testing.TB, e *evidence.Export, track media.Track) [][32]byte {
	t.Helper()
	r, err := decode.NewReader(children(t), e, track, decode.Config{RGBA: true, Mode: decode.Evidence})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out [][32]byte
	for range e.Table(track.ID).Len() {
		p, err := r.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sha256.Sum256(p.RGBA))
		p.Release()
	}
	return out
}

// walker moves through a film and looks at everything that is shown.
type walker struct {
	t     *testing.T
	e     *player.Engine
	v     *player.View
	table media.Table
	want  [][32]byte
	now   time.Time
	seen  int
	doing string
}

func (w *walker) look(f *player.Frame) {
	w.t.Helper()
	w.seen++
	if f.Picture == nil {
		w.t.Fatalf("frame %d has no picture: %s %s", f.Number, f.State, f.Reason)
	}
	if sha256.Sum256(f.Picture.Pix) != w.want[f.Number-1] || w.table.Frame(f.Sample.Index) != f.Number {
		w.t.Fatalf("frame %d (sample %d) is shown with another picture than a straight decode has", f.Number, f.Sample.Index)
	}
}

// settle pulls until the picture of the latest wish is shown, and returns its
// number.
func (w *walker) settle() int {
	w.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		w.e.Tick()
		f, changed, s := w.v.Pull()
		if changed {
			w.look(f)
		}
		switch {
		case s.Error != "":
			w.t.Fatal(s.Error)
		case f != nil && !f.Near && !s.Seeking:
			return f.Number
		case time.Now().After(end):
			w.t.Fatalf("%s: nothing is shown for 20 s: %+v, %s", w.doing, s, w.v.Inner())
		}
		w.v.Wait(time.Millisecond)
	}
}

func (w *walker) pass(d time.Duration) {
	w.now = w.now.Add(d)
	w.e.Tick()
	if f, changed, _ := w.v.Pull(); changed {
		w.look(f)
	}
	w.v.Wait(time.Millisecond)
}

// Whatever way leads to a picture, it is the one of a straight decode.
func TestARandomWalkShowsThePicturesOfAStraightDecode(t *testing.T) {
	steps := 400
	if s := os.Getenv("VEDETTE_WALK"); s != "" {
		var err error
		if steps, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	for name, args := range films {
		t.Run(name, func(t *testing.T) {
			e, track := film(t, args)
			w := &walker{t: t, table: e.Table(track.ID), want: straight(t, e, track), now: time.Unix(1000, 0)}
			w.e = player.New(func() time.Time { return w.now })
			defer w.e.Close()
			// Room for a third of the film: pictures come and go.
			cache := int64(track.Width+128) * int64(track.Height+96) * 3 / 2 * int64(w.table.Len()) / 3
			w.v = player.NewView(player.Config{Source: e, Track: track, Opener: children(t), Cache: cache})
			w.e.Add(w.v)
			seed := uint64(time.Now().UnixNano())
			rnd := rand.New(rand.NewPCG(seed, 1))
			defer func() {
				if t.Failed() {
					t.Logf("the seed was %d", seed)
				}
			}()
			at, n := w.settle(), w.table.Len()
			for step := range steps {
				expected := 0
				k := rnd.IntN(20)
				w.doing = fmt.Sprintf("step %d of kind %d from frame %d", step, k, at)
				switch {
				case k < 6:
					expected = min(at+1, n)
					w.e.Step(1)
				case k < 12:
					expected = max(at-1, 1)
					w.e.Step(-1)
				case k < 14:
					by := rnd.IntN(9) - 4
					expected = at + by
					if expected < 1 || expected > n {
						expected = at
					}
					w.e.Step(by)
				case k < 17:
					expected = 1 + rnd.IntN(n)
					w.e.SeekSample(w.v, w.table.ByFrame(expected))
				case k == 17:
					expected = 1 + rnd.IntN(n)
					w.e.Scrub(media.UTC(0).Add(w.table.At(w.table.ByFrame(expected)).PTS))
				default:
					w.e.SetRate([]float64{1, 2, 5, -1, -2, -5, 20, -20, 0.5, -0.5}[rnd.IntN(10)])
					w.e.Play()
					for range rnd.IntN(40) {
						w.pass(time.Duration(5+rnd.IntN(40)) * time.Millisecond)
					}
					w.e.Pause()
				}
				if at = w.settle(); expected > 0 && at != expected {
					t.Fatalf("step %d: frame %d is shown, want %d", step, at, expected)
				}
			}
			t.Log(fmt.Sprintf("%d steps, %d pictures", steps, w.seen))
		})
	}
}
