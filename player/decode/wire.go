package decode

import (
	"encoding/binary"
	"fmt"
)

// The parent and the child talk in datagrams of 64 bytes, some followed by up
// to 448 bytes of text. Coded units and pictures lie in shared memory, in
// slots that the messages name. Every field that comes from the child is
// checked before it is used: the child works on hostile input.
const (
	wireSize = 64
	wireText = 448
)

type op uint32

// Orders to the child.
const (
	opOpen    op = iota + 1 // v: codec, width, height, rate, channels, mode | threads<<8 | rgba<<16; n: bytes of configuration in input slot 0
	opSegment               // slot: 0 input, 1 output; v: offset, slot size, slots
	opSend                  // slot, index; v: bytes, flags
	opDrain
	opFlush
	opFree // slot
)

// Answers of the child.
const (
	evHello   op = iota + 64 // text: isolation
	evOpened                 // text: version of FFmpeg
	evPicture                // slot, index; v: width | height<<32, format | kind<<8 | full range<<16, error flags | corrupt<<32, plane sizes, RGBA bytes
	evSound                  // slot, index; v: values
	evAck                    // index; v: complaints; text: of the library
	evRefused                // index; text: the unit was not accepted
	evNeed                   // v: bytes that an output slot must have
	evEnd                    // everything sent was delivered
	evFlushed
	evFailed // text: the decoder could not be opened
)

// Flags of opSend.
const flagHidden = 1

type message struct {
	op    op
	slot  uint32
	index int64
	v     [6]uint64
	text  string
}

func (m message) encode(buf []byte) []byte {
	buf = buf[:wireSize]
	binary.LittleEndian.PutUint32(buf[0:], uint32(m.op))
	binary.LittleEndian.PutUint32(buf[4:], m.slot)
	binary.LittleEndian.PutUint64(buf[8:], uint64(m.index))
	for i, v := range m.v {
		binary.LittleEndian.PutUint64(buf[16+8*i:], v)
	}
	return append(buf, m.text[:min(len(m.text), wireText)]...)
}

func parseMessage(p []byte) (message, error) {
	if len(p) < wireSize || len(p) > wireSize+wireText {
		return message{}, fmt.Errorf("decode: message of %d bytes, want %d to %d", len(p), wireSize, wireSize+wireText)
	}
	m := message{
		op: op(binary.LittleEndian.Uint32(p)), slot: binary.LittleEndian.Uint32(p[4:]),
		index: int64(binary.LittleEndian.Uint64(p[8:])), text: string(p[wireSize:]),
	}
	for i := range m.v {
		m.v[i] = binary.LittleEndian.Uint64(p[16+8*i:])
	}
	return m, nil
}

// Bounds of what may be decoded: 64 megapixels, 16384 a side.
const (
	maxSide   = 16384
	maxPixels = 64 << 20
	maxUnit   = 64 << 20
)

// planeSizes returns the bytes of the tight planes of a picture.
func planeSizes(f PixelFormat, w, h int) [3]int {
	cw, ch := (w+1)/2, (h+1)/2
	switch f {
	case YUV420P:
		return [3]int{w * h, cw * ch, cw * ch}
	case YUV422P:
		return [3]int{w * h, cw * h, cw * h}
	case YUV444P:
		return [3]int{w * h, w * h, w * h}
	case Gray8:
		return [3]int{w * h, 0, 0}
	case YUV420P10:
		return [3]int{2 * w * h, 2 * cw * ch, 2 * cw * ch}
	}
	return [3]int{}
}
