// Package ffmpeg is the thin layer over FFmpeg's libavcodec, libavutil,
// libswscale and libswresample, in any version from 5.1 on. libavformat is not
// linked: nothing here can open a file or a connection.
//
// Only the decoder program imports it. No C type leaves it.
package ffmpeg

/*
#cgo pkg-config: libavcodec libavutil libswscale libswresample
#include "shim.h"
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"unsafe"

	"vedette/media"
	"vedette/player/decode"
)

// Decoder decodes one track. It is used by one goroutine at a time and is
// freed by Close.
type Decoder struct {
	d     *C.vd
	sound bool
	tail  bool // what the resampler holds back has been announced
}

// Info describes the frame received last.
type Info struct {
	Index         int
	Width, Height int
	Format        decode.PixelFormat
	FullRange     bool
	Space         uint8
	Kind          byte
	ErrorFlags    int
	Corrupt       bool
	Samples       int // audio
	Whole         decode.Whole
}

var codecs = map[media.Codec]C.int{
	media.CodecH264: C.VD_H264, media.CodecH265: C.VD_H265, media.CodecAAC: C.VD_AAC,
	media.CodecG711A: C.VD_ALAW, media.CodecG711U: C.VD_MULAW, media.CodecG722: C.VD_G722,
}

// Setup directs the library's complaints to the decoders that they are about. It is called once.
func Setup() { C.vd_setup() }

// Version returns the version of the library that is running.
func Version() string { return C.GoString(C.vd_version()) }

// Live returns the number of decoders that are not closed.
func Live() int { return int(C.vd_live()) }

// Open starts a decoder.
func Open(c decode.Config) (*Decoder, error) {
	id, ok := codecs[c.Codec]
	if !ok {
		return nil, fmt.Errorf("ffmpeg: codec %s is not supported", c.Codec)
	}
	threads := c.Threads
	if threads <= 0 {
		threads = 1
		if c.Mode == decode.Play {
			threads = min(2, runtime.NumCPU())
		}
	}
	var text [256]C.char
	var config *C.uint8_t
	if len(c.Config) > 0 {
		config = (*C.uint8_t)(unsafe.Pointer(&c.Config[0])) // read during the call only
	}
	d := C.vd_open(id, config, C.int(len(c.Config)), C.int(c.Width), C.int(c.Height), C.int(c.SampleRate), C.int(c.Channels),
		C.int(threads), &text[0], C.int(len(text)))
	if d == nil {
		return nil, fmt.Errorf("ffmpeg: %s: %s", c.Codec, C.GoString(&text[0]))
	}
	return &Decoder{d: d, sound: c.Codec != media.CodecH264 && c.Codec != media.CodecH265}, nil
}

func (d *Decoder) result(code C.int) error {
	switch code {
	case C.VD_OK:
		return nil
	case C.VD_AGAIN:
		return decode.ErrAgain
	case C.VD_EOF:
		return io.EOF
	default:
		return errors.New(C.GoString(C.vd_error(d.d)))
	}
}

// Report takes a unit that the library complained about since it was asked last,
// and the text of a complaint; it is false when there is none left.
func (d *Decoder) Report() (unit int, text string, ok bool) {
	var last [256]C.char
	var index C.int64_t
	if C.vd_report(d.d, &last[0], C.int(len(last)), &index) == 0 {
		return 0, "", false
	}
	return int(index), strings.TrimSpace(C.GoString(&last[0])), true
}

// Send hands over one coded unit; the library copies it.
func (d *Decoder) Send(data []byte, index int) error {
	if len(data) == 0 {
		return errors.New("ffmpeg: empty unit")
	}
	// The slice may lie in memory shared with another process: it is only read.
	return d.result(C.vd_send(d.d, (*C.uint8_t)(unsafe.Pointer(&data[0])), C.int(len(data)), C.int64_t(index)))
}

// Drain says that no more units follow.
func (d *Decoder) Drain() error { return d.result(C.vd_drain(d.d)) }

// Receive takes the next frame; its pixels stay with the decoder until the next
// call. The last frame of sound is what the resampler held back.
func (d *Decoder) Receive() (Info, error) {
	var i C.vd_info
	err := d.result(C.vd_receive(d.d, &i))
	if errors.Is(err, io.EOF) && d.sound && !d.tail {
		d.tail = true
		return Info{Index: -1}, nil
	}
	if err != nil {
		return Info{}, err
	}
	return Info{
		Index: int(i.index), Width: int(i.width), Height: int(i.height), Format: decode.PixelFormat(i.format),
		FullRange: i.full_range != 0, Space: uint8(i.space), Kind: byte(i.kind), ErrorFlags: int(i.error_flags), Corrupt: i.corrupt != 0, Samples: int(i.samples),
		Whole: decode.Whole{Width: int(i.whole_width), Height: int(i.whole_height), Left: int(i.left), Top: int(i.top)},
	}, nil
}

// Pool implements decode.Placer. The memory is shared with the parent and
// stays mapped as long as the process lives.
func (d *Decoder) Pool(mem []byte, slot int64, count uint32) error {
	if slot <= 0 || int64(len(mem)) < slot*int64(count) {
		return fmt.Errorf("ffmpeg: %d slots of %d bytes in %d bytes of memory", count, slot, len(mem))
	}
	return d.result(C.vd_pool(d.d, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(mem))), C.int64_t(slot), C.int(count)))
}

// Place implements decode.Placer.
func (d *Decoder) Place() (decode.Placed, bool) {
	var p C.vd_placed
	if C.vd_place(d.d, &p) != C.VD_OK {
		return decode.Placed{}, false
	}
	out := decode.Placed{Slot: uint32(p.slot)}
	for i := range out.Offset {
		out.Offset[i], out.Stride[i] = int(p.offset[i]), int(p.stride[i])
	}
	return out, true
}

// Unplace implements decode.Placer.
func (d *Decoder) Unplace(slot uint32) { C.vd_unplace(d.d, C.int(slot)) }

// Planes copies the planes of the frame, without padding and one after the
// other, and returns their sizes. Whole asks for the picture before cropping.
func (d *Decoder) Planes(dst []byte, whole bool) (sizes [3]int, err error) {
	all := C.int(0)
	if whole {
		all = 1
	}
	var s [3]C.int
	if n := C.vd_planes(d.d, all, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(dst))), C.int64_t(len(dst)), &s[0]); n < 0 {
		return sizes, fmt.Errorf("ffmpeg: picture does not fit into %d bytes", len(dst))
	}
	for i := range s {
		sizes[i] = int(s[i])
	}
	return sizes, nil
}

// RGBA converts the frame at its own size.
func (d *Decoder) RGBA(dst []byte) error {
	if C.vd_rgba(d.d, (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(dst))), C.int64_t(len(dst))) != C.VD_OK {
		return errors.New("ffmpeg: picture cannot be converted")
	}
	return nil
}

// Sound resamples the frame to 48 kHz stereo into dst, interleaved, and
// returns the values written. With drain, and for the last frame, it takes what
// is still held back.
func (d *Decoder) Sound(dst []float32, drain bool) (int, error) {
	held := C.int(0)
	if drain || d.tail {
		held = 1
	}
	n := C.vd_sound(d.d, (*C.float)(unsafe.Pointer(unsafe.SliceData(dst))), C.int(len(dst)/2), held)
	if n < 0 {
		return 0, d.result(C.VD_ERROR)
	}
	return 2 * int(n), nil
}

// Flush forgets everything that was sent.
func (d *Decoder) Flush() {
	C.vd_flush(d.d)
	d.tail = false
}

// Close frees the decoder.
func (d *Decoder) Close() {
	C.vd_close(d.d)
	d.d = nil
}
