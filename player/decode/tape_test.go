package decode_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"

	"vedette/media"
	"vedette/player/decode"
)

// tape is footage in memory, whose samples a test damages, drops or changes.
type tape struct {
	track   media.Track
	samples []coded
	order   []int // samples in order of presentation
	rank    []int
	broken  error // of reading, if not nil
}

type coded struct {
	id   int // of the sample in the film that it was taken from
	data []byte
	pts  int64
	sync bool
}

// film reads a film as a tape.
func film(t testing.TB, path string) *tape {
	t.Helper()
	e, track := opened(t, path)
	table := e.Table(track.ID)
	out := &tape{track: track}
	for i := range table.Len() {
		s := table.At(i)
		data, err := e.ReadSample(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		out.samples = append(out.samples, coded{i, data, s.PTS.Value, s.Sync})
	}
	return out.sorted()
}

// of returns a copy with other samples, whose data may be changed.
func (t *tape) of(from, to int) *tape {
	out := &tape{track: t.track}
	for _, s := range t.samples[from:to] {
		s.data = slices.Clone(s.data)
		out.samples = append(out.samples, s)
	}
	return out.sorted()
}

// sorted works out the order of presentation again.
func (t *tape) sorted() *tape {
	t.order, t.rank = make([]int, len(t.samples)), make([]int, len(t.samples))
	for i := range t.order {
		t.order[i] = i
	}
	slices.SortStableFunc(t.order, func(a, b int) int { return cmp.Compare(t.samples[a].pts, t.samples[b].pts) })
	for n, i := range t.order {
		t.rank[i] = n
	}
	return t
}

func (t *tape) Tracks() []media.Track        { return []media.Track{t.track} }
func (t *tape) Table(uint32) media.Table     { return t }
func (t *tape) Gaps(uint32) []media.Gap      { return nil }
func (t *tape) Origin(uint32) (w media.Wall) { return w }
func (t *tape) Len() int                     { return len(t.samples) }
func (t *tape) Complete() bool               { return true }

func (t *tape) ReadSample(s media.Sample, buf []byte) ([]byte, error) {
	c := t.samples[s.Index]
	if t.broken != nil {
		return nil, t.broken
	}
	if c.data == nil {
		return nil, media.ErrNoSample
	}
	return append(buf[:0], c.data...), nil
}

func (t *tape) At(i int) media.Sample {
	c := t.samples[i]
	return media.Sample{Track: t.track.ID, Index: i, PTS: media.Ticks{Value: c.pts, Scale: t.track.Timescale}, Sync: c.sync, Size: len(c.data)}
}

func (t *tape) SyncBefore(i int) int {
	for ; i >= 0; i-- {
		if t.samples[i].sync {
			return i
		}
	}
	return -1
}

func (t *tape) SyncAfter(i int) int {
	for i++; i < len(t.samples); i++ {
		if t.samples[i].sync {
			return i
		}
	}
	return -1
}

func (t *tape) Frame(i int) int { return t.rank[i] + 1 }

func (t *tape) ByFrame(n int) int {
	if n < 1 || n > len(t.order) {
		return -1
	}
	return t.order[n-1]
}

func (t *tape) AtPTS(media.Ticks) (int, bool) { return 0, false }
func (t *tape) Next(i int) int                { return t.ByFrame(t.Frame(i) + 1) }
func (t *tape) Prev(i int) int                { return t.ByFrame(t.Frame(i) - 1) }

// parts returns where the parts (NAL units) of a sample lie, without their
// length fields of four bytes.
func parts(data []byte) (out [][2]int) {
	for at := 0; at+4 < len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		out = append(out, [2]int{at + 4, at + 4 + n})
		at += 4 + n
	}
	return out
}

// slice returns where the largest part of a sample lies.
func slice(data []byte) (from, to int) {
	for _, p := range parts(data) {
		if p[1]-p[0] > to-from {
			from, to = p[0], p[1]
		}
	}
	return from, to
}

// shown is a picture as it was delivered.
type shown struct {
	state  decode.State
	reason string
	hash   decode.Hash
	sum    [32]byte // zero where there was no picture
	w, h   int
}

func (s shown) picture() bool { return s.sum != [32]byte{} }

// play decodes a tape and returns its pictures by the number of the sample.
// Every frame must be told of, once and in order.
func play(t testing.TB, o decode.Opener, tape *tape, c decode.Config) map[int]shown {
	t.Helper()
	out := map[int]shown{}
	if err := playing(o, tape, c, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func playing(o decode.Opener, tape *tape, c decode.Config, out map[int]shown) error {
	r, err := decode.NewReader(o, tape, tape.track, c)
	if err != nil {
		return err
	}
	defer r.Close()
	for n := 1; ; n++ {
		p, err := r.Next(context.Background())
		if errors.Is(err, io.EOF) {
			if n != tape.Len()+1 {
				return errors.New("frames vanished at the end")
			}
			return nil
		}
		if err != nil {
			return err
		}
		if tape.Frame(p.Index) != n {
			return errors.New("frames vanished or came out of order")
		}
		s := shown{state: p.State, reason: p.Reason, hash: p.Hash, sum: summed(p), w: p.Width, h: p.Height}
		p.Release()
		out[p.Index] = s
	}
}

// summed returns the digest of a picture's planes, zero where it has none.
func summed(p *decode.Picture) (sum [32]byte) {
	if buf := p.AppendPlanes(nil); len(buf) > 0 {
		sum = sha256.Sum256(buf)
	}
	return sum
}

// shared keeps the films that several tests use, made once.
var shared struct {
	sync.Mutex
	films map[string]*tape
}

// studio makes a film of noise and movement, once for all tests.
func studio(t testing.TB, name string, args ...string) *tape {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if f, ok := shared.films[name]; ok {
		return f
	}
	if shared.films == nil {
		shared.films = map[string]*tape{}
	}
	all := []string{"-i", "testsrc2=size=320x180:rate=25:duration=6,noise=alls=12:allf=t", "-pix_fmt", "yuv420p"}
	f := film(t, material(t, append(all, args...)...))
	shared.films[name] = f
	return f
}
