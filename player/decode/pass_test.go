package decode_test

import (
	"context"
	"testing"

	"vedette/player/decode"
)

// Passing over pictures goes on from where the decoder is, which is no damage.
func TestPicturesAfterOthersThatWerePassedOverAreClean(t *testing.T) {
	ctx := context.Background()
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=3", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "75", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	want := reference(t, path, track.Width*track.Height*3/2)
	r, err := decode.NewReader(children(t), e, track, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	table := e.Table(track.ID)
	for n := 1; n <= len(want); n += 5 {
		if n > 1 {
			r.Pass(table.ByFrame(n))
		}
		p, err := r.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Frame(p.Index); got != n || p.State != decode.Clean || !same(p, want[n-1]) {
			t.Errorf("frame %d is given for %d, %s: %s", got, n, p.State, p.Reason)
		}
		p.Release()
	}
}
