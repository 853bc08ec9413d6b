package bmff

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// cursor reads fields of a body. After the first fault it reads zeros and
// keeps the fault, so that a parser checks once at its end.
type cursor struct {
	box Box
	p   []byte
	at  int
	err *Error
}

func (c *cursor) left() int { return len(c.p) - c.at }

func (c *cursor) take(n int, field string) []byte {
	if c.err == nil && (n < 0 || n > c.left()) {
		c.err = Faultf(Malformed, c.box, "%s needs %d bytes, %d are left", field, n, c.left())
	}
	if c.err != nil {
		return make([]byte, min(max(n, 0), 16))
	}
	c.at += n
	return c.p[c.at-n : c.at]
}

func (c *cursor) u8(field string) uint8   { return c.take(1, field)[0] }
func (c *cursor) u16(field string) uint16 { return binary.BigEndian.Uint16(c.take(2, field)) }
func (c *cursor) u32(field string) uint32 { return binary.BigEndian.Uint32(c.take(4, field)) }
func (c *cursor) u64(field string) uint64 { return binary.BigEndian.Uint64(c.take(8, field)) }

// full reads version and flags.
func (c *cursor) full() (version uint8, flags uint32) {
	v := c.u32("version and flags")
	return uint8(v >> 24), v & 0xffffff
}

// text reads a UTF-8 string with its terminating zero.
func (c *cursor) text(field string) string {
	if c.err != nil {
		return ""
	}
	end := bytes.IndexByte(c.p[c.at:], 0)
	if end < 0 {
		c.err = Faultf(Malformed, c.box, "%s has no terminating zero", field)
		return ""
	}
	s := string(c.p[c.at : c.at+end])
	c.at += end + 1
	return strings.ToValidUTF8(s, "\uFFFD")
}

// count checks that n entries of at least size bytes fit into what is left.
func (c *cursor) count(n uint32, size int, field string) int {
	if c.err == nil && int64(n)*int64(size) > int64(c.left()) {
		c.err = Faultf(Malformed, c.box, "%s %d, but %d bytes are left for entries of %d or more", field, n, c.left(), size)
	}
	if c.err != nil {
		return 0
	}
	return int(n)
}

func (c *cursor) fault() error {
	if c.err == nil {
		return nil
	}
	return c.err
}
