package sealing

import (
	"errors"
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
