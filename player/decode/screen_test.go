package decode_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"vedette/player/decode"
)

// What is drawn is what the library converts by itself, while decoding goes on
// and pictures are kept.
func TestPicturesAreDrawnBesideDecoding(t *testing.T) {
	ctx := context.Background()
	for name, args := range map[string][]string{
		"4:2:0": {"-pix_fmt", "yuv420p"}, "4:2:2": {"-pix_fmt", "yuv422p"}, "4:4:4": {"-pix_fmt", "yuv444p"}, "10 bits": {"-pix_fmt", "yuv420p10le"},
		"full range": {"-vf", "scale=out_range=full", "-pix_fmt", "yuvj420p", "-color_range", "pc"}, "gray": {"-pix_fmt", "gray"},
	} {
		t.Run(name, func(t *testing.T) {
			codec := []string{"-i", "testsrc2=size=318x178:rate=25:duration=2", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "25"}
			path := material(t, append(codec, args...)...)
			e, track := opened(t, path)
			plain := drawn(t, path, track.Width, track.Height)
			r, err := decode.NewReader(children(t), e, track, decode.Config{Keep: 64 << 20})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var wg sync.WaitGroup
			for n := range plain {
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if n > 10 && !p.Kept() {
					t.Errorf("frame %d may not be kept", n+1)
				}
				wg.Go(func() { // kept to the end of the film, drawn at any time
					s, err := p.Draw(0, 0)
					for errors.Is(err, decode.ErrNoRoom) {
						s, err = p.Draw(0, 0)
					}
					if err != nil {
						t.Error(err)
						return
					}
					defer s.Release()
					if !bytes.Equal(s.RGBA, plain[n]) {
						t.Errorf("frame %d is drawn otherwise than the library does", n+1)
					}
				})
				defer p.Release()
			}
			wg.Wait()
		})
	}
}

// drawn returns the pictures as RGBA, converted by the reader's other mode.
func drawn(t *testing.T, path string, w, h int) [][]byte {
	t.Helper()
	e, track := opened(t, path)
	r, err := decode.NewReader(children(t), e, track, decode.Config{RGBA: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out [][]byte
	for range e.Table(track.ID).Len() {
		p, err := r.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.RGBA) != w*h*4 {
			t.Fatalf("%d bytes for %d by %d", len(p.RGBA), w, h)
		}
		out = append(out, bytes.Clone(p.RGBA))
		p.Release()
	}
	return out
}

func TestPicturesAreDrawnAtTheSizeAskedFor(t *testing.T) {
	path := material(t, "-i", "smptebars=size=640x360:rate=25:duration=1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	r, err := decode.NewReader(children(t), e, track, decode.Config{Keep: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := r.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Release()
	for _, size := range [][2]int{{640, 360}, {320, 180}, {100, 57}, {1280, 720}, {33, 360}} {
		s, err := p.Draw(size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		if s.Width != size[0] || len(s.RGBA) != size[0]*size[1]*4 {
			t.Errorf("%d bytes for %v", len(s.RGBA), size)
		}
		// The bars stand upright: the colour in the middle of the third is cyan.
		at := (size[1]/4*size[0] + size[0]*5/14) * 4
		if c := s.RGBA[at : at+4]; c[0] > 60 || c[1] < 150 || c[2] < 150 {
			t.Errorf("%v: colour %v, want cyan", size, c)
		}
		s.Release()
	}
	if _, err := p.Draw(1<<15, 2); err == nil {
		t.Error("a picture of impossible size was drawn")
	}
}

func TestPicturesOfADeadDecoderSayThatItIsGone(t *testing.T) {
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	e, track := opened(t, path)
	w := &watched{Children: children(t)}
	r, err := decode.NewReader(w, e, track, decode.Config{Keep: 16 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := r.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Draw(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(w.pids[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Draw(0, 0); !errors.Is(err, decode.ErrGone) {
		t.Errorf("error %v, want that it is gone", err)
	}
	if len(s.RGBA) != 320*180*4 || fmt.Sprint(s.RGBA[3]) != "255" {
		t.Error("a picture on screen went with its decoder")
	}
	s.Release()
	p.Release()
}

func BenchmarkDraw(b *testing.B) {
	path := material(b, "-i", "testsrc2=size=1920x1080:rate=25:duration=1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
	e, track := opened(b, path)
	r, err := decode.NewReader(children(b), e, track, decode.Config{Keep: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	p, err := r.Next(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer p.Release()
	for _, size := range [][2]int{{1920, 1080}, {1280, 720}, {960, 540}, {640, 360}, {480, 270}} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				s, err := p.Draw(size[0], size[1])
				if err != nil {
					b.Fatal(err)
				}
				s.Release()
			}
		})
	}
}
