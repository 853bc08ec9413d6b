package evidence

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

func TestTagsOfTheGuardStayWithinTheirMemory(t *testing.T) {
	for _, c := range []struct{ size, block int64 }{
		{1, 16 << 10}, {1 << 30, 16 << 10}, {8<<30 - 1, 16 << 10}, {8 << 30, 32 << 10}, {100_000_000_000, 256 << 10}, {512 << 30, 1 << 20}, {1 << 62, 1 << 20},
	} {
		if got := blockFor(c.size); got != c.block {
			t.Errorf("%d bytes: blocks of %d, want %d", c.size, got, c.block)
		}
		if n := c.size/c.block + 1; c.size < 512<<30 && n > maxTags {
			t.Errorf("%d bytes: %d blocks", c.size, n)
		}
	}
}

// pattern is a file of any size whose bytes follow from their place.
type pattern struct {
	size    int64
	flipped int64 // this byte reads otherwise; -1 for none
}

func (p *pattern) ReadAt(b []byte, off int64) (int, error) {
	n := min(int64(len(b)), p.size-off)
	for i := range n {
		at := off + i
		b[i] = byte(at) ^ byte(at>>13)
		if at == p.flipped {
			b[i] ^= 1
		}
	}
	if n < int64(len(b)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

func TestBlocksOfEverySizeBindWhatWasRead(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int64{1 << 30, 100_000_000_000, 1 << 50} {
		src := &pattern{size: size, flipped: -1}
		f := NewFile(src, size, "large")
		at := rnd.Int64N(size - 5_000_000)
		for _, n := range []int{1, 700, 16 << 10, 1<<20 + 13, 3_000_000} {
			for _, r := range []io.ReaderAt{f, f.Afresh()} {
				got, want := make([]byte, n), make([]byte, n)
				if _, err := r.ReadAt(got, at); err != nil {
					t.Fatal(err)
				}
				if _, err := src.ReadAt(want, at); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%d bytes at %d of %d: other bytes, %v", n, at, size, err)
				}
			}
		}
		src.flipped = at + 2_000_000
		if _, err := f.Afresh().ReadAt(make([]byte, 1), at+2_000_100); err == nil {
			t.Errorf("size %d: a changed block reads as before", size)
		}
		var changed *ChangedError
		if _, err := f.ReadAt(make([]byte, 1), 0); !errors.As(err, &changed) || f.Withdrawn() == nil {
			t.Errorf("size %d: %v after a change", size, err)
		}
		if end := changed.Bytes; src.flipped < end.From || src.flipped >= end.To {
			t.Errorf("size %d: the change is told at %v, it is at %d", size, end, src.flipped)
		}
	}
}

func TestEndOfTheFileIsBoundLikeTheRest(t *testing.T) {
	for _, size := range []int64{1, 16 << 10, 16<<10 + 1, 9<<30 + 7} {
		src := &pattern{size: size, flipped: -1}
		f := NewFile(src, size, "odd")
		if n, err := f.ReadAt(make([]byte, 10), size-1); n != 1 || !errors.Is(err, io.EOF) {
			t.Errorf("size %d: %d bytes, %v", size, n, err)
		}
		if _, err := f.ReadAt(make([]byte, 1), size); !errors.Is(err, io.EOF) {
			t.Errorf("size %d: %v behind the end", size, err)
		}
		if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
			t.Errorf("size %d: a read before the begin", size)
		}
		src.flipped = size - 1
		if _, err := f.Afresh().ReadAt(make([]byte, 1), size-1); err == nil {
			t.Errorf("size %d: the changed last byte reads as before", size)
		}
	}
}
