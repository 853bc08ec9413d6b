package decode_test

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"vedette/media"
	"vedette/player/decode"
)

func TestUpToFourDecodersShareAChild(t *testing.T) {
	ctx := context.Background()
	c := children(t)
	pid := func(shared bool) int {
		t.Helper()
		d, err := c.OpenVideo(ctx, decode.Config{Codec: media.CodecH264, Width: 64, Height: 64, Shared: shared})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d.(interface{ Pid() int }).Pid()
	}
	first := pid(true)
	for n := range decode.Lanes - 1 {
		if p := pid(true); p != first {
			t.Errorf("decoder %d has child %d, want %d", n+2, p, first)
		}
	}
	fifth, alone := pid(true), pid(false)
	if fifth == first || alone == first || alone == fifth {
		t.Errorf("children %d, %d and %d, want different ones", first, fifth, alone)
	}
	if p := pid(true); p != fifth {
		t.Errorf("the sixth has child %d, want %d", p, fifth)
	}
}

// watched is an opener that remembers the children it started.
type watched struct {
	*decode.Children
	pids []int
}

func (w *watched) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	d, err := w.Children.OpenVideo(ctx, c)
	if err == nil {
		w.pids = append(w.pids, d.(interface{ Pid() int }).Pid())
	}
	return d, err
}

// One decoder's death must not be laid at the others' door.
func TestDecodersThatDieWithAnotherGoOnWithoutLoss(t *testing.T) {
	ctx := context.Background()
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=6", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "50", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	want := reference(t, path, track.Width*track.Height*3/2)
	w := &watched{Children: children(t)}
	var readers []*decode.Reader
	for range 3 {
		r, err := decode.NewReader(w, e, track, decode.Config{Shared: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		readers = append(readers, r)
	}
	for n := range want {
		if n == 70 {
			if len(w.pids) != 3 || w.pids[0] != w.pids[2] {
				t.Fatalf("children %v, want one", w.pids)
			}
			if err := syscall.Kill(w.pids[0], syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				t.Fatal(err)
			}
		}
		for i, r := range readers {
			p, err := r.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if e.Table(track.ID).Frame(p.Index) != n+1 || !same(p, want[n]) || p.State != decode.Clean {
				t.Fatalf("reader %d, frame %d: sample %d, %s %s", i, n+1, p.Index, p.State, p.Reason)
			}
			p.Release()
		}
	}
	if len(w.pids) != 6 || w.pids[3] == w.pids[4] || w.pids[4] == w.pids[5] {
		t.Errorf("children %v, want three new ones", w.pids)
	}
}
