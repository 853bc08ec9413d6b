package decode_test

import (
	"context"
	"testing"

	"vedette/player/decode"
)

// Pictures lie in memory that the library decodes into and refers to. Those in
// the receiver's hands must stay as they are, also when more are held than fit,
// and when the track understates its size so that all memory is exchanged.
func TestPicturesHeldAreNotWrittenOver(t *testing.T) {
	ctx := context.Background()
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=6", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-refs", "5", "-g", "50", "-pix_fmt", "yuv420p")
	for name, c := range map[string]struct {
		held, width, threads int
	}{
		"few":                      {4, 320, 1},
		"many, several threads":    {12, 320, 4},
		"more than fit":            {19, 320, 1},
		"size understated":         {6, 16, 1},
		"size understated, thread": {6, 16, 2},
	} {
		t.Run(name, func(t *testing.T) {
			e, track := opened(t, path)
			want := reference(t, path, track.Width*track.Height*3/2)
			track.Width, track.Height = c.width, c.width*9/16
			r, err := decode.NewReader(children(t), e, track, decode.Config{Threads: c.threads})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var held []*decode.Picture
			check := func() {
				t.Helper()
				p := held[0]
				held = held[1:]
				if n := e.Table(track.ID).Frame(p.Index); !same(p, want[n-1]) {
					t.Errorf("frame %d changed while it was held", n)
				}
				p.Release()
			}
			for range want {
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if held = append(held, p); len(held) > c.held {
					check()
				}
			}
			for len(held) > 0 {
				check()
			}
		})
	}
}
