// Package bmff walks the boxes of an ISO base media file (ISO/IEC 14496-12)
// over an io.ReaderAt and keeps the exact byte range of each. It parses the
// bodies that an export file is made of into plain values.
//
// It refuses what is ambiguous: a size below its header, a child that leaves
// its parent, a size of zero anywhere but in the last top-level box. Counts in
// bodies are checked against the bytes that remain before anything is
// allocated. It knows nothing of playback or verdicts.
package bmff

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"vedette/internal/diag"
)

// Limits of what is accepted, each far above what real files need.
const (
	MaxDepth = 16        // nesting of boxes
	MaxBoxes = 1_000_000 // boxes of one file, which bounds the memory of a tree
	MaxBody  = 16 << 20  // a box body that has to be held as a whole
)

// Kind says what is wrong with an input.
type Kind uint8

// The kinds of errors. The zero value is malformed.
const (
	Malformed Kind = iota
	Truncated
	Unsupported
	TooMuch // a limit of this package was met
)

// String returns the word used in messages.
func (k Kind) String() string {
	switch k {
	case Truncated:
		return "truncated"
	case Unsupported:
		return "unsupported"
	case TooMuch:
		return "limit exceeded"
	default:
		return "malformed"
	}
}

// Error is a fault of the input at a byte offset of the file.
type Error struct {
	Kind   Kind
	Box    string // type of the box, "" when its header cannot be read
	Offset int64  // of the box
	What   string // got and wanted
}

// Error names the box, the place and the fault.
func (e *Error) Error() string {
	box := e.Box
	if box == "" {
		box = "box"
	}
	return fmt.Sprintf("bmff: %s at %d: %s: %s", Printable(box), e.Offset, e.Kind, e.What)
}

// Faultf returns an Error about a box.
func Faultf(k Kind, b Box, format string, args ...any) *Error {
	return &Error{Kind: k, Box: b.Type, Offset: b.Offset, What: fmt.Sprintf(format, args...)}
}

// Box is the header of one box with its place in the file.
type Box struct {
	Type     string // four bytes
	Offset   int64  // of the size field
	Size     int64  // header included
	Header   int64  // length of the header in bytes: 8, 16, and 16 more for uuid
	ToEnd    bool   // the stored size is 0: the box extends to the end of the file
	Children []*Box // only where the box was walked into
}

// End returns the offset of the first byte after the box.
func (b Box) End() int64 { return b.Offset + b.Size }

// Body returns the bytes after the header.
func (b Box) Body() diag.Range { return diag.Range{From: b.Offset + b.Header, To: b.End()} }

// Range returns the bytes of the whole box.
func (b Box) Range() diag.Range { return diag.Range{From: b.Offset, To: b.End()} }

// Find returns the first child of a type, or nil.
func (b *Box) Find(kind string) *Box {
	for _, c := range b.Children {
		if c.Type == kind {
			return c
		}
	}
	return nil
}

// Header reads the header of the box at off. The box must end at or before
// limit; size 0 is accepted only when last is set.
func Header(r io.ReaderAt, off, limit int64, last bool) (Box, error) {
	b := Box{Offset: off}
	var h [32]byte
	n := min(int64(len(h)), limit-off)
	if n < 8 {
		return b, Faultf(Truncated, b, "%d bytes left, a header needs 8", max(n, 0))
	}
	if err := readFull(r, h[:n], off); err != nil {
		return b, err
	}
	b.Type = string(h[4:8])
	b.Header = 8
	size := int64(binary.BigEndian.Uint32(h[:4]))
	switch size {
	case 0:
		if !last {
			return b, Faultf(Malformed, b, "size 0 is for the last box of a file only")
		}
		b.ToEnd = true
		size = limit - off
	case 1:
		if n < 16 {
			return b, Faultf(Truncated, b, "%d bytes left, a 64-bit header needs 16", n)
		}
		big := binary.BigEndian.Uint64(h[8:16])
		if big < 16 || big > 1<<62 {
			return b, Faultf(Malformed, b, "64-bit size %d, want 16 or more", big)
		}
		b.Header, size = 16, int64(big)
	}
	if b.Type == "uuid" {
		b.Header += 16
	}
	if size < b.Header {
		return b, Faultf(Malformed, b, "size %d, the header alone has %d", size, b.Header)
	}
	if size > limit-off {
		k := Malformed
		if last {
			k = Truncated
		}
		return b, Faultf(k, b, "size %d, but %d bytes are left", size, limit-off)
	}
	b.Size = size
	return b, nil
}

func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("bmff: reading %d bytes at %d: %w", len(p), off, err)
}

// prefix is the number of bytes between a container's header and its first
// child. Types that are not listed are not walked into.
var prefix = map[string]int64{
	"moov": 0, "trak": 0, "mdia": 0, "minf": 0, "stbl": 0, "edts": 0, "udta": 0, "mvex": 0, "dinf": 0,
	"moof": 0, "traf": 0, "mfra": 0, "meta": 4, "ipro": 6, "sinf": 0, "schi": 0, "dref": 8,
}

// Walk returns the boxes of [from, to), walking into the containers of an
// export. budget counts boxes down over all calls for one file. A fault ends
// the walk: what was read before it is returned with the error.
func Walk(r io.ReaderAt, from, to int64, depth int, budget *int) ([]*Box, error) {
	var out []*Box
	for off := from; off < to; {
		if *budget--; *budget < 0 {
			return out, Faultf(TooMuch, Box{Offset: off}, "more than %d boxes", MaxBoxes)
		}
		h, err := Header(r, off, to, false)
		if err != nil {
			return out, err
		}
		b := &h
		out = append(out, b)
		if err := b.Expand(r, depth, budget); err != nil {
			return out, err
		}
		off = b.End()
	}
	return out, nil
}

// Expand reads the children of a container; of other boxes it does nothing.
func (b *Box) Expand(r io.ReaderAt, depth int, budget *int) error {
	skip, ok := prefix[b.Type]
	if !ok {
		return nil
	}
	if depth+1 >= MaxDepth {
		return Faultf(TooMuch, *b, "nested deeper than %d", MaxDepth)
	}
	body := b.Body()
	if b.Type == "meta" {
		bare, err := bareMeta(r, *b)
		if err != nil {
			return err
		}
		if bare {
			skip = 0
		}
	}
	if b.Type == "udta" && body.Len() == 4 { // a bare terminator, as QuickTime writes it
		return nil
	}
	if body.Len() < skip {
		return Faultf(Malformed, *b, "body %d bytes, want at least %d", body.Len(), skip)
	}
	var err error
	b.Children, err = Walk(r, body.From+skip, body.To, depth+1, budget)
	return err
}

// bareMeta reports whether a meta box lacks version and flags, as QuickTime
// writes it: then a hdlr stands where they should be.
func bareMeta(r io.ReaderAt, b Box) (bool, error) {
	body := b.Body()
	if body.Len() < 8 {
		return false, nil
	}
	var h [8]byte
	if err := readFull(r, h[:], body.From); err != nil {
		return false, err
	}
	return string(h[4:8]) == "hdlr", nil
}

// IsBareMeta reports whether a walked meta box lacks version and flags.
func IsBareMeta(b *Box) bool {
	return len(b.Children) > 0 && b.Children[0].Offset == b.Body().From
}

// Body reads the whole body of a box, which must not exceed limit.
func Body(r io.ReaderAt, b Box, limit int64) ([]byte, error) {
	n := b.Body().Len()
	if n > min(limit, MaxBody) {
		return nil, Faultf(TooMuch, b, "body %d bytes, want at most %d", n, min(limit, MaxBody))
	}
	p := make([]byte, n)
	if err := readFull(r, p, b.Body().From); err != nil {
		return nil, err
	}
	return p, nil
}

// Printable returns a box type or other short foreign text with everything
// that is not plain ASCII shown as a full stop.
func Printable(s string) string {
	p := []byte(s)
	for i, c := range p {
		if c < 0x20 || c > 0x7e {
			p[i] = '.'
		}
	}
	return string(p)
}
