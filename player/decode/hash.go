package decode

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what the standard prescribes; it finds damage, not forgery
	"encoding/binary"

	"vedette/media"
)

// Hash says what the picture hash that a stream of H.265 may carry tells about
// the decoded picture. It finds damage; anybody who changes a picture can change it.
type Hash uint8

// The answers. The zero value is that nothing was compared.
const (
	HashNone     Hash = iota // the stream carries none, or it was not compared
	HashMatch                // the picture is the one that the encoder meant
	HashMismatch             // it is not
)

// String returns the words used on screen and in JSON.
func (h Hash) String() string {
	switch h {
	case HashMatch:
		return "the picture hash of the stream matches"
	case HashMismatch:
		return "the picture hash of the stream does not match"
	default:
		return ""
	}
}

// Caveat returns what is to be said beside "decoded, no damage reported" where
// most damage inside pictures would be reported by nobody, else "".
func Caveat(c media.Codec, p *Picture) string {
	if c != media.CodecH265 || p == nil || p.State != Clean || p.Hash == HashMatch || p.Read {
		return ""
	}
	return "H.265 decoders report most damage inside pictures not at all"
}

// pictureHash is a decoded picture hash message (ISO/IEC 23008-2, D.2.19).
type pictureHash struct {
	kind   byte // 0 MD5, 1 CRC, 2 checksum
	planes []byte
}

// parseHash returns nil for what is no such message.
func parseHash(body []byte) *pictureHash {
	if len(body) < 1 || body[0] > 2 {
		return nil
	}
	size := hashSize(body[0])
	n := (len(body) - 1) / size
	if n != 1 && n != 3 {
		return nil
	}
	return &pictureHash{body[0], bytes.Clone(body[1 : 1+n*size])}
}

func hashSize(kind byte) int { return [...]int{16, 2, 4}[kind] }

// compare hashes the whole picture and compares.
func (h *pictureHash) compare(p *Picture) Hash {
	if h == nil || p.whole == nil || p.Format == PixelUnknown {
		return HashNone
	}
	size := hashSize(h.kind)
	for i, plane := range p.whole.planes {
		if plane == nil {
			break
		}
		if (i+1)*size > len(h.planes) {
			return HashNone // of fewer planes than there are
		}
		line, _ := planeLine(p.Format, p.whole.Width, p.whole.Height, i)
		if !bytes.Equal(sumOf(h.kind, plane, line, p.Format.wide()), h.planes[i*size:(i+1)*size]) {
			if h.kind == 1 {
				return HashNone // an encoder in wide use writes wrong ones of colour
			}
			return HashMismatch
		}
	}
	return HashMatch
}

// sumOf hashes one plane of samples of one or two bytes.
func sumOf(kind byte, plane []byte, line int, wide bool) []byte {
	switch kind {
	case 0:
		sum := md5.Sum(plane) //nolint:gosec // see above
		return sum[:]
	case 1:
		crc := uint32(0x1d0f)     // what the standard's 0xffff becomes when the zeros behind the data are left out
		for _, c := range plane { // two bytes of a sample come in this order as well
			crc = crcTable[byte(crc>>8)^c]&0xffff ^ crc<<8&0xffff
		}
		return binary.BigEndian.AppendUint16(nil, uint16(crc))
	default:
		return binary.BigEndian.AppendUint32(nil, checksum(plane, line, wide))
	}
}

// crcTable is of CRC-16 with the polynomial 0x1021, most significant bit first.
var crcTable = func() (t [256]uint32) {
	for i := range t {
		c := uint32(i) << 8
		for range 8 {
			if c <<= 1; c&0x10000 != 0 {
				c ^= 0x11021
			}
		}
		t[i] = c
	}
	return t
}()

func checksum(plane []byte, line int, wide bool) (sum uint32) {
	step := 1
	if wide {
		step = 2
	}
	for y := 0; (y+1)*line <= len(plane); y++ {
		row := plane[y*line : (y+1)*line]
		for x := 0; x*step < len(row); x++ {
			mask := byte(x) ^ byte(y) ^ byte(x>>8) ^ byte(y>>8)
			sum += uint32(row[x*step] ^ mask)
			if wide {
				sum += uint32(row[x*step+1] ^ mask)
			}
		}
	}
	return sum
}
