package ffmpeg

/*
#include "screen.h"
*/
import "C"

import (
	"errors"
	"unsafe"

	"vedette/player/decode"
)

// Screen converts planes to RGBA of any size. It is used by one goroutine at a
// time and is freed by Close.
type Screen struct{ s *C.vs }

// NewScreen returns a converter; it fails for want of memory only.
func NewScreen() (*Screen, error) {
	s := C.vs_new()
	if s == nil {
		return nil, errors.New("ffmpeg: out of memory")
	}
	return &Screen{s}, nil
}

// Convert implements decode.Converter: it writes the picture whose planes lie
// in src to dst, without padding.
func (s *Screen) Convert(p decode.PlanesIn, dst []byte, width, height int) error {
	pixels := C.vs_pixels(C.int(p.Format))
	if pixels < 0 || int64(len(dst)) < int64(width)*int64(height)*4 {
		return errors.New("ffmpeg: picture cannot be converted")
	}
	in := C.vs_planes{width: C.int(p.Width), height: C.int(p.Height), pixels: pixels, space: C.int(p.Space)}
	if p.FullRange {
		in.full_range = 1
	}
	base := unsafe.Pointer(unsafe.SliceData(p.Memory)) // outside Go's heap: a mapping
	for i := range p.Offset {
		if p.Stride[i] == 0 {
			continue
		}
		in.stride[i] = C.int(p.Stride[i])
		in.data[i] = (*C.uint8_t)(unsafe.Add(base, p.Offset[i]))
	}
	if C.vs_convert(s.s, &in, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(dst))), C.int(width), C.int(height)) != 0 {
		return errors.New("ffmpeg: picture cannot be converted")
	}
	return nil
}

// Close frees the converter.
func (s *Screen) Close() {
	C.vs_free(s.s)
	s.s = nil
}

var _ decode.Converter = (*Screen)(nil)
