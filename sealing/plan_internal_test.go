package sealing

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"vedette/evidence"
)

func TestASizeThatWouldOverflowIsRefused(t *testing.T) {
	for by, refused := range map[int]bool{10: false, 11: true} {
		s := site{at: 100, put: make([]byte, by), grow: []evidence.SizeField{{Width: 4, Value: math.MaxUint32 - 10}, {Offset: 20, Width: 8, Value: math.MaxUint32 - 10}}}
		changes, err := s.changes()
		var r *Refusal
		if errors.As(err, &r) != refused {
			t.Errorf("%d bytes: %v", by, err)
		}
		if !refused && (len(changes) != 3 || string(changes[0].put) != "\xff\xff\xff\xff") {
			t.Errorf("%d bytes: %v", by, changes)
		}
	}
}

// What is read through an image, at any offset and length, is the file with
// its changes.
func TestAnImageReadsAsTheFileWithItsChanges(t *testing.T) {
	file := []byte("0123456789abcdef")
	img := newImage(bytes.NewReader(file), 16, []change{{at: 2, drop: 2, put: []byte("XY")}, {at: 8, put: []byte("+++")}, {at: 12, drop: 4, put: []byte("!")}})
	const want = "01XY4567+++89ab!"
	if img.size != int64(len(want)) {
		t.Fatalf("size %d, want %d", img.size, len(want))
	}
	for off := range len(want) + 1 {
		for n := range len(want) + 2 {
			p := make([]byte, n)
			got, err := img.ReadAt(p, int64(off))
			end := min(off+n, len(want))
			if string(p[:got]) != want[off:end] || (err == io.EOF) != (off+n > len(want)) {
				t.Fatalf("%d bytes at %d: %q, %v", n, off, p[:got], err)
			}
		}
	}
	if _, err := img.ReadAt(nil, -1); err == nil {
		t.Error("a negative offset was read")
	}
	for off, place := range map[int64]int64{0: 0, 2: -1, 3: -1, 4: 4, 7: 7, 8: 11, 11: 14, 12: -1, 16: -1} {
		if got := img.where(off); got != place {
			t.Errorf("byte %d is at %d, want %d", off, got, place)
		}
	}
	short := newImage(bytes.NewReader(file[:6]), 16, nil)
	if _, err := short.ReadAt(make([]byte, 10), 0); err == nil {
		t.Error("a file that ends early was read")
	}
}
