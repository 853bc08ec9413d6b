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
	opSegment               // slot: 0 input, 1 output; v: offset, slot size, slots, slots to decode into
	opSend                  // slot, index; v: bytes, flags
	opDrain
	opFlush
	opFree // slot
	// On the second connection: index: offset of the picture's slot in the shared memory; v: width | height<<32,
	// format | full range<<16 | colour space<<24, offsets of the planes (0 | 1<<32, 2) | stride of the first<<32,
	// stride of the others | width wanted<<32, height wanted | page of the target<<32.
	opConvert
)

// Answers of the child.
const (
	evHello   op = iota + 64 // text: isolation
	evOpened                 // text: version of FFmpeg
	evPicture                // slot, index; v: width | height<<32, format | kind<<8 | full range<<16 | colour space<<24, error flags | corrupt<<32, bytes of tight planes, RGBA bytes, size before cropping and place within (16 bits each) or 0
	evPlaced                 // the same, but v[3:]: offsets of the planes (0 | 1<<32, 2), strides (0 | 1<<32)
	evSound                  // slot, index; v: values
	evAck                    // index
	evRefused                // index; text: the unit was not accepted
	evNeed                   // v: bytes that an output slot must have
	evEnd                    // everything sent was delivered
	evFlushed
	evFailed    // text: the decoder could not be opened
	evConverted // index: 1 when it was done
	evReport    // index of the first unit complained about; text: of the library
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

// planeLine returns the bytes of a row and the rows of plane i of a picture.
func planeLine(f PixelFormat, w, h, i int) (line, rows int) {
	if f == PixelUnknown || i > 0 && (f == Gray8 || f == Gray10) {
		return 0, 0
	}
	if i > 0 {
		x, y := f.subsampling()
		w, h = (w+x-1)/x, (h+y-1)/y
	}
	if f.wide() {
		w *= 2
	}
	return w, h
}

// planeSizes returns the bytes of the tight planes of a picture.
func planeSizes(f PixelFormat, w, h int) (sizes [3]int) {
	for i := range sizes {
		line, rows := planeLine(f, w, h, i)
		sizes[i] = line * rows
	}
	return sizes
}

// roomFor bounds the bytes that a library takes to decode a picture in place:
// rows and columns are rounded up, and there is some room behind each plane.
func roomFor(f PixelFormat, w, h int) int64 {
	var n int64
	for i := range 3 {
		line, rows := planeLine(f, w+128, h+96, i)
		n += int64(line)*int64(rows) + 256
	}
	return n
}
