package decode_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
)

// material makes a short film with the ffmpeg program.
func material(t testing.TB, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("this test needs the ffmpeg program: ", err)
	}
	path := filepath.Join(t.TempDir(), "film.mp4")
	all := append([]string{"-v", "error", "-f", "lavfi"}, args...)
	all = append(all, "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", path)
	if out, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	return path
}

func opened(t testing.TB, path string) (*evidence.Export, media.Track) {
	t.Helper()
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
	for _, tr := range e.Tracks() {
		if tr.Kind == media.KindVideo {
			return e, tr
		}
	}
	t.Fatal("no video track")
	return nil, media.Track{}
}

func children(t testing.TB) *decode.Children {
	t.Helper()
	program, err := decode.FindProgram()
	if err != nil {
		// The tests are run after the programs were built.
		if program, err = filepath.Abs("../../bin/vedette-decoder"); err != nil {
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

// reference returns the pictures of a film as the ffmpeg program decodes them,
// in order of presentation.
func reference(t testing.TB, path string, size int) [][]byte {
	t.Helper()
	cmd := exec.Command("ffmpeg", "-v", "error", "-threads", "1", "-i", path, "-map", "0:v", "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-")
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for ; len(raw) >= size; raw = raw[size:] {
		out = append(out, raw[:size])
	}
	return out
}

func same(p *decode.Picture, want []byte) bool {
	return bytes.Equal(p.AppendPlanes(nil), want)
}

func TestPicturesAreThoseOfFFmpegBitForBit(t *testing.T) {
	ctx := context.Background()
	cases := map[string][]string{
		"H.264 with B-frames": {"-i", "testsrc2=size=320x180:rate=25:duration=12", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "50"},
		"H.265":               {"-i", "testsrc2=size=320x180:rate=25:duration=10", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=50:open-gop=1:bframes=3"},
		"GOP of 250":          {"-i", "mandelbrot=size=320x180:rate=25:end_scale=0.1", "-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "250", "-keyint_min", "250", "-sc_threshold", "0"},
	}
	for name, args := range cases {
		t.Run(name, func(t *testing.T) {
			path := material(t, append(args, "-pix_fmt", "yuv420p")...)
			e, track := opened(t, path)
			table := e.Table(track.ID)
			want := reference(t, path, track.Width*track.Height*3/2)
			if len(want) != table.Len() {
				t.Fatalf("ffmpeg shows %d pictures, the table has %d samples", len(want), table.Len())
			}
			r, err := decode.NewReader(children(t), e, track, decode.Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()

			for n := 1; n <= len(want); n++ {
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatalf("frame %d: %v", n, err)
				}
				if table.Frame(p.Index) != n || p.State != decode.Clean || !same(p, want[n-1]) {
					t.Fatalf("forwards: frame %d gave frame %d, %s (%s), same %v", n, table.Frame(p.Index), p.State, p.Reason, same(p, want[n-1]))
				}
				p.Release()
			}
			if _, err := r.Next(ctx); !errors.Is(err, io.EOF) {
				t.Fatalf("after the end: %v", err)
			}

			rnd := rand.New(rand.NewPCG(4, 2))
			seeks := 200
			if testing.Short() {
				seeks = 30
			}
			check := func(n int, how string) {
				t.Helper()
				if err := r.Seek(ctx, table.ByFrame(n)); err != nil {
					t.Fatal(err)
				}
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatalf("%s frame %d: %v", how, n, err)
				}
				if table.Frame(p.Index) != n || !same(p, want[n-1]) {
					t.Fatalf("%s frame %d gave frame %d, same %v", how, n, table.Frame(p.Index), same(p, want[n-1]))
				}
				p.Release()
			}
			for range seeks {
				check(1+rnd.IntN(len(want)), "sought")
			}
			for n := len(want); n > len(want)-seeks/2; n-- {
				check(n, "stepped back to")
			}
		})
	}
}

func TestDeathOfTheDecoderIsNamedAndSurvived(t *testing.T) {
	ctx := context.Background()
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=8", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	table := e.Table(track.ID)
	want := reference(t, path, track.Width*track.Height*3/2)
	deadly := &killer{Opener: children(t)}
	r, err := decode.NewReader(deadly, e, track, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rounds := 100
	if testing.Short() {
		rounds = 8
	}
	for round := range rounds {
		frame := 1 + (round*37)%(len(want)-10)
		if err := r.Seek(ctx, table.ByFrame(frame)); err != nil {
			t.Fatal(err)
		}
		for n := range 4 {
			if n == 2 {
				deadly.strike(t, syscall.SIGKILL)
			}
			p, err := r.Next(ctx)
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if table.Frame(p.Index) != frame+n || p.State == decode.Failed || !same(p, want[frame+n-1]) {
				t.Fatalf("round %d: frame %d came as %d, %s", round, frame+n, table.Frame(p.Index), p.State)
			}
			p.Release()
		}
	}
}

func TestRangeThatKillsTwiceIsPassedOver(t *testing.T) {
	ctx := context.Background()
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=6", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	table := e.Table(track.ID)
	deadly := &killer{Opener: children(t), at: 60}
	r, err := decode.NewReader(deadly, e, track, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	failed, last := 0, 0
	for {
		p, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := table.Frame(p.Index); n != last+1 {
			t.Fatalf("frame %d follows %d", n, last)
		}
		last++
		if p.State == decode.Failed {
			failed++
			if p.Index < 50 || p.Index >= 75 {
				t.Errorf("sample %d is named as lost", p.Index)
			}
		}
		p.Release()
	}
	if last != table.Len() || failed == 0 || failed > 25 {
		t.Errorf("%d of %d frames, %d named as lost", last, table.Len(), failed)
	}
}

// killer ends the decoder, when told or whenever a certain sample is sent.
type killer struct {
	decode.Opener
	at  int
	now decode.VideoDecoder
}

type mortal struct {
	decode.VideoDecoder
	k *killer
}

func (k *killer) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	d, err := k.Opener.OpenVideo(ctx, c)
	k.now = d
	return mortal{d, k}, err
}

func (k *killer) strike(t testing.TB, s syscall.Signal) {
	t.Helper()
	p, ok := k.now.(interface{ Pid() int })
	if !ok {
		t.Fatal("the decoder has no process")
	}
	if err := syscall.Kill(p.Pid(), s); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

func (m mortal) Send(ctx context.Context, u decode.Unit) error {
	if m.k.at > 0 && u.Index == m.k.at {
		_ = syscall.Kill(m.VideoDecoder.(interface{ Pid() int }).Pid(), syscall.SIGKILL)
	}
	return m.VideoDecoder.Send(ctx, u)
}

func TestHungDecoderIsEndedByTheWatchdog(t *testing.T) {
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	deadly := &killer{Opener: children(t)}
	r, err := decode.NewReader(deadly, e, track, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for n := range 10 {
		if n == 3 {
			deadly.strike(t, syscall.SIGSTOP)
		}
		p, err := r.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if p.State == decode.Failed {
			t.Errorf("frame %d is lost although a fresh decoder can decode it", n+1)
		}
		p.Release()
	}
}

func TestMissingProgramSaysWhatStillWorks(t *testing.T) {
	c := decode.NewChildren("")
	defer c.Close()
	if _, err := c.OpenVideo(context.Background(), decode.Config{Codec: media.CodecH264}); !errors.Is(err, decode.ErrNoProgram) {
		t.Error(err)
	}
}
