package verify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

// apply makes the input of a view in the plainest way.
func apply(data []byte, v *view) []byte {
	var out []byte
	at := int64(0)
	for _, e := range v.edits {
		if e.from >= v.end {
			break
		}
		out = append(append(out, data[at:e.from]...), e.insert...)
		at = e.to
	}
	if at < v.end {
		out = append(out, data[at:v.end]...)
	}
	return out
}

func TestOnePassGivesTheDigestOfEveryView(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 9))
	for range 200 {
		data := make([]byte, 1+rnd.IntN(3<<20))
		for i := 0; i < len(data); i += 97 {
			data[i] = byte(rnd.Uint32())
		}
		size := int64(len(data))
		var views []*view
		for range 1 + rnd.IntN(5) {
			v := &view{end: size, hash: crypto.SHA256}
			if rnd.IntN(4) == 0 {
				v.hash = crypto.SHA512
			}
			at := int64(0)
			for range rnd.IntN(4) {
				if at >= size {
					break
				}
				from := at + rnd.Int64N(size-at)
				to := min(size, from+rnd.Int64N(400))
				if to == from {
					continue
				}
				v.edits = append(v.edits, edit{from, to, make([]byte, rnd.IntN(300))})
				at = to + 1
			}
			if len(v.edits) > 0 && rnd.IntN(3) == 0 {
				v.end = v.edits[len(v.edits)-1].to + rnd.Int64N(size-v.edits[len(v.edits)-1].to+1)
			}
			views = append(views, v)
		}
		var done *prefix
		if rnd.IntN(2) == 0 { // hash some of it ahead, up to a random place
			stop := rnd.Int64N(size + 1)
			known := make(chan struct{})
			var err error
			done, err = ahead(context.Background(), bytes.NewReader(data), size, known, func(at, _ int64) {
				if at >= stop {
					select {
					case <-known:
					default:
						close(known)
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := pass(context.Background(), bytes.NewReader(data), size, views, done, nil); err != nil {
			t.Fatal(err)
		}
		for _, v := range views {
			h := v.hash.New()
			h.Write(apply(data, v))
			if !bytes.Equal(h.Sum(nil), v.digest) {
				t.Fatalf("size %d, edits %v, end %d: other digest", size, v.edits, v.end)
			}
		}
	}
}

// The index of a small file is complete before the first byte is hashed, so
// nothing was hashed ahead; inputs under other hashes must not share that state.
func TestNothingHashedAheadIsNoHeadStart(t *testing.T) {
	data := bytes.Repeat([]byte("abc"), 1000)
	size := int64(len(data))
	known := make(chan struct{})
	close(known)
	done, err := ahead(context.Background(), bytes.NewReader(data), size, known, func(_, _ int64) {})
	if err != nil {
		t.Fatal(err)
	}
	var views []*view
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		views = append(views, &view{end: size, hash: h}, &view{end: size, hash: h, edits: []edit{{0, 9, []byte("x")}}})
	}
	if err := pass(context.Background(), bytes.NewReader(data), size, views, done, nil); err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		h := v.hash.New()
		h.Write(apply(data, v))
		if !bytes.Equal(h.Sum(nil), v.digest) {
			t.Errorf("%s, %d edits: other digest", v.hash, len(v.edits))
		}
	}
}

func TestCancelEndsThePassAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var reads atomic.Int32 // pieces are read while others are hashed
	r := readerFunc(func(p []byte, _ int64) (int, error) {
		if reads.Add(1) == 3 {
			cancel()
		}
		return len(p), nil
	})
	err := pass(ctx, r, 1<<40, []*view{{end: 1 << 40, hash: crypto.SHA256}}, nil, nil)
	if !errors.Is(err, context.Canceled) || reads.Load() > 6 {
		t.Errorf("%v after %d reads", err, reads.Load())
	}
}

type readerFunc func(p []byte, off int64) (int, error)

func (f readerFunc) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }

var _ io.ReaderAt = readerFunc(nil)

// BenchmarkPass compares the one pass over a file of several seals, whose
// inputs part at its end or at its begin, with hashing alone.
func BenchmarkPass(b *testing.B) {
	const size = 64 << 20
	data := make([]byte, size)
	b.Run("crypto/sha256", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			h := sha256.New()
			for at := 0; at < size; at += readSize {
				h.Write(data[at : at+readSize])
			}
			h.Sum(nil)
		}
	})
	for _, c := range []struct {
		name string
		n    int
		at   int64 // where the inputs part
	}{
		{"1 seal", 1, size - 8000}, {"3 seals", 3, size - 8000}, {"16 seals", 16, size - 8000},
		{"1 seal, meta first", 1, 1000}, {"3 seals, meta first", 3, 1000}, {"16 seals, meta first", 16, 1000},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				views := []*view{{end: size, hash: crypto.SHA256}}
				for k := range c.n {
					from := c.at + int64(300*k)
					views = append(views, &view{end: size, hash: crypto.SHA256, edits: []edit{{from, from + 256, make([]byte, 256)}}})
				}
				if err := pass(context.Background(), bytes.NewReader(data), size, views, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
