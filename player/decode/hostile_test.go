package decode_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"

	"vedette/evidence"
	"vedette/player/decode"
)

var evidenceMode = decode.Config{Mode: decode.Evidence, Threads: 1, RGBA: true}

// sound fails when a picture that differs from the clean decode is not marked.
func sound(t *testing.T, damaged *tape, got, clean map[int]shown) tally {
	t.Helper()
	n := judge(damaged, got, clean)
	if n.unmarked > 0 {
		t.Errorf("%d of %d wrong pictures are shown as right", n.unmarked, n.wrong)
	}
	return n
}

func states(got map[int]shown) map[decode.State]int {
	out := map[decode.State]int{}
	for _, s := range got {
		out[s.state]++
	}
	return out
}

// shy openers give decoders that withhold the picture of one sample.
type shy struct {
	decode.Opener
	sample int
}

type withholding struct {
	decode.VideoDecoder
	sample int
}

func (s shy) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	d, err := s.Opener.OpenVideo(ctx, c)
	return withholding{d, s.sample}, err
}

func (d withholding) Reports() []decode.Report {
	return d.VideoDecoder.(interface{ Reports() []decode.Report }).Reports()
}

func (d withholding) Receive(ctx context.Context) (*decode.Picture, error) {
	p, err := d.VideoDecoder.Receive(ctx)
	if err == nil && p.Index == d.sample {
		p.Release()
		return d.Receive(ctx)
	}
	return p, err
}

// part returns a sample of one part with its length.
func part(nal ...byte) []byte { return append([]byte{0, 0, 0, byte(len(nal))}, nal...) }

func TestEveryStateIsReached(t *testing.T) {
	opener := children(t)
	film := studio(t, filmArgs[0].name, filmArgs[0].args...)
	clean := play(t, opener, film, decode.Config{Threads: 1})
	f := film.of(0, film.Len())
	i := at(f)
	from, to := slice(f.samples[i].data)
	for k := range 40 {
		f.samples[i].data[from+(to-from)/3+k] ^= 0x5a // damaged, and what refers to it affected
	}
	f.samples[30].data = nil // cannot be read
	got := play(t, shy{opener, 120}, f, decode.Config{Threads: 1})
	sound(t, f, got, clean)
	have := states(got)
	for _, s := range []decode.State{decode.Clean, decode.Damaged, decode.Affected, decode.Undecodable, decode.Withheld} {
		if have[s] == 0 {
			t.Errorf("no picture is %q: %v", s, have)
		}
	}
	if got[i].state != decode.Damaged || got[30].state != decode.Undecodable || got[120].state != decode.Withheld {
		t.Errorf("damaged %+v, unread %+v, withheld %+v", got[i], got[30], got[120])
	}
	lethal := map[int]shown{}
	if err := playing(&killer{Opener: opener, at: 60}, film, decode.Config{Threads: 1}, lethal); err != nil {
		t.Fatal(err)
	}
	if states(lethal)[decode.Failed] == 0 {
		t.Error("no picture is named as failed")
	}
}

func TestNothingWrongIsShownAsRight(t *testing.T) {
	opener := children(t)
	for _, a := range filmArgs {
		film := studio(t, a.name, a.args...)
		clean := play(t, opener, film, decode.Config{Threads: 1})
		for name, change := range map[string]func(f *tape){
			"every unit damaged": func(f *tape) {
				rnd := rand.New(rand.NewPCG(7, 7))
				for i := range f.samples {
					d := f.samples[i].data
					from, to := slice(d)
					for range 20 {
						d[from+8+rnd.IntN(to-from-8)] ^= byte(1 + rnd.IntN(255))
					}
				}
			},
			"garbage parameter sets in band": func(f *tape) {
				for i := 10; i < f.Len(); i += 30 {
					junk := part(0x67, 0x64, 0, 0x1f, 0xff, 0xe1, 0x55, 0x12, 0x80)
					if a.name[2] == '2' && a.name[4] == '5' {
						junk = part(33<<1, 1, 0x0f, 0x55, 0x12, 0xe0, 0x99, 0x80)
					}
					f.samples[i].data = append(junk, f.samples[i].data...)
				}
			},
			"times that go back": func(f *tape) {
				for i := range f.samples {
					f.samples[i].pts = int64(i * 7919 % 150)
				}
				f.sorted()
			},
			"one time for all": func(f *tape) {
				for i := range f.samples {
					f.samples[i].pts = 0
				}
				f.sorted()
			},
			"empty and tiny units": func(f *tape) {
				for i := 5; i < f.Len(); i += 7 {
					f.samples[i].data = f.samples[i].data[:i%4]
				}
			},
			"units swapped": func(f *tape) {
				for i := 20; i+1 < f.Len(); i += 25 {
					f.samples[i].data, f.samples[i+1].data = f.samples[i+1].data, f.samples[i].data
					f.samples[i].id, f.samples[i+1].id = f.samples[i+1].id, f.samples[i].id
				}
			},
		} {
			t.Run(a.name+", "+name, func(t *testing.T) {
				f := film.of(0, film.Len())
				change(f)
				n := sound(t, f, play(t, opener, f, evidenceMode), clean)
				t.Logf("%+v", n)
			})
		}
	}
}

func TestForeignConfigurationShowsNothingAsRight(t *testing.T) {
	opener := children(t)
	film := studio(t, filmArgs[0].name, filmArgs[0].args...)
	clean := play(t, opener, film, decode.Config{Threads: 1})
	other := studio(t, "foreign", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "50", "-x264-params", "cabac=0:ref=4")
	f := film.of(0, film.Len())
	f.track.Config = other.track.Config
	sound(t, f, play(t, opener, f, evidenceMode), clean)
}

func TestSizeMayChangeInBand(t *testing.T) {
	opener := children(t)
	a := studio(t, filmArgs[0].name, filmArgs[0].args...)
	b := film(t, material(t, "-i", "testsrc2=size=480x272:rate=25:duration=2", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50"))
	cleanB := play(t, opener, b, decode.Config{Threads: 1})
	f := a.of(0, 50)
	for i, s := range b.of(0, b.Len()).samples {
		s.id, s.pts = 50+i, f.samples[49].pts+1_000_000+s.pts
		if i == 0 { // its parameter sets come in the stream
			for _, p := range sets(b.track.Config) {
				s.data = append(part(p...), s.data...)
			}
		}
		f.samples = append(f.samples, s)
	}
	f.sorted()
	for i, s := range play(t, opener, f, decode.Config{Threads: 1}) {
		if i >= 50 && (s.state != decode.Clean || s.w != 480 || s.sum != cleanB[i-50].sum) {
			t.Fatalf("sample %d: %s (%s), %d x %d", i, s.state, s.reason, s.w, s.h)
		}
	}
}

// sets returns the parameter sets of an avcC record with one of each, last first.
func sets(c []byte) [][]byte {
	n := int(c[6])<<8 | int(c[7])
	sps, rest := c[8:8+n], c[8+n+1:]
	return [][]byte{rest[2 : 2+int(rest[1])], sps}
}

func TestDecoderKilledOnTheWayToASample(t *testing.T) {
	opener := children(t)
	film := studio(t, filmArgs[0].name, filmArgs[0].args...)
	clean := play(t, opener, film, decode.Config{Threads: 1})
	k := &once{killer: killer{Opener: opener, at: 70}}
	r, err := decode.NewReader(k, film, film.track, decode.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Seek(context.Background(), 90); err != nil {
		t.Fatal(err)
	}
	p, err := r.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Release()
	if p.Index != 90 || p.State != decode.Clean || summed(p) != clean[90].sum || k.opened != 2 {
		t.Errorf("sample %d, %s (%s), %d decoders", p.Index, p.State, p.Reason, k.opened)
	}
}

// once is a killer whose second decoder lives.
type once struct {
	killer
	opened int
}

func (o *once) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	if o.opened++; o.opened > 1 {
		return o.Opener.OpenVideo(ctx, c)
	}
	return o.killer.OpenVideo(ctx, c)
}

func TestFileThatShrinksEndsWithItsName(t *testing.T) {
	path := material(t, "-i", "testsrc2=size=320x180:rate=25:duration=8,noise=alls=30:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p")
	want := reference(t, path, 320*180*3/2)
	e, track := opened(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := decode.NewReader(children(t), e, track, decode.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for n := 0; ; n++ {
		if n == 5 {
			if err := os.Truncate(path, info.Size()/2); err != nil {
				t.Fatal(err)
			}
		}
		p, err := r.Next(context.Background())
		var changed *evidence.ChangedError
		switch {
		case errors.As(err, &changed):
			return
		case err != nil:
			t.Fatalf("frame %d: %v", n+1, err)
		case p.State == decode.Clean && !same(p, want[n]):
			t.Fatalf("frame %d is wrong and shown as right", n+1)
		}
		p.Release()
	}
}

// counting cancels when so many units have been sent.
type counting struct {
	decode.Opener
	sent, limit int
	stop        func()
}

type counted struct {
	decode.VideoDecoder
	c *counting
}

func (c *counting) OpenVideo(ctx context.Context, cfg decode.Config) (decode.VideoDecoder, error) {
	d, err := c.Opener.OpenVideo(ctx, cfg)
	return counted{d, c}, err
}

func (d counted) Send(ctx context.Context, u decode.Unit) error {
	if d.c.sent++; d.c.sent == d.c.limit {
		d.c.stop()
	}
	return d.VideoDecoder.Send(ctx, u)
}

func TestLongGroupTellsProgressAndStopsAtOnce(t *testing.T) {
	short := studio(t, "one group", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "1000", "-sc_threshold", "0")
	long := &tape{track: short.track}
	for i := range 10_000 { // what comes behind the first group is nonsense, and of the right length
		s := short.samples[min(i, 1+(i+148)%149)]
		s.pts, s.sync = int64(i*512), i == 0
		long.samples = append(long.samples, s)
	}
	long.sorted()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &counting{Opener: children(t), limit: 400, stop: cancel}
	r, err := decode.NewReader(c, long, long.track, decode.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Seek(ctx, 9_990); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if done, total := r.Progress(); done < 395 || done > 402 || total != 9_991 || c.sent > 402 {
		t.Errorf("%d of %d decoded, %d sent", done, total, c.sent)
	}
}

func TestPicturesLargerThanTheBoundAreWithheld(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds and a gigabyte")
	}
	opener := children(t)
	for size, state := range map[string]decode.State{"8192x8192": decode.Clean, "8192x8208": decode.Withheld} {
		f := film(t, material(t, "-i", "color=gray:size="+size+":rate=1:duration=1", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1"))
		got := play(t, opener, f, decode.Config{Threads: 1})
		if got[0].state != state || len(got) != f.Len() {
			t.Errorf("%s: %+v", size, got[0])
		}
	}
}

func TestStreamThatDiesEverywhereEnds(t *testing.T) {
	film := studio(t, filmArgs[0].name, filmArgs[0].args...)
	r, err := decode.NewReader(&killers{children(t)}, film, film.track, decode.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for n := 1; ; n++ {
		p, err := r.Next(context.Background())
		if errors.Is(err, io.EOF) {
			if n != film.Len()+1 {
				t.Errorf("%d frames", n-1)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.State != decode.Failed || film.Frame(p.Index) != n {
			t.Fatalf("frame %d: %d is %s", n, film.Frame(p.Index), p.State)
		}
	}
}

// killers end every decoder at its first unit.
type killers struct{ decode.Opener }

type doomed struct{ decode.VideoDecoder }

func (k *killers) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	d, err := k.Opener.OpenVideo(ctx, c)
	return doomed{d}, err
}

func (d doomed) Send(ctx context.Context, u decode.Unit) error {
	_ = syscall.Kill(d.VideoDecoder.(interface{ Pid() int }).Pid(), syscall.SIGKILL)
	return d.VideoDecoder.Send(ctx, u)
}
