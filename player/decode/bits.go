package decode

import "math/bits"

// bitReader reads the payload of a part (NAL unit) bit by bit. Behind its end
// it gives zeros and remembers that it did.
type bitReader struct {
	p    []byte // without emulation prevention
	at   int    // bit
	over bool
}

// u reads n bits, at most 32.
func (b *bitReader) u(n int) uint32 {
	var v uint32
	for n > 0 {
		i := b.at >> 3
		if i >= len(b.p) {
			b.over = true
			b.at += n
			return v << n
		}
		left := 8 - b.at&7
		take := min(left, n)
		v = v<<take | uint32(b.p[i])>>(left-take)&(1<<take-1)
		b.at += take
		n -= take
	}
	return v
}

func (b *bitReader) flag() bool { return b.u(1) == 1 }

func (b *bitReader) skip(n int) {
	b.at += n
	b.over = b.over || b.at > 8*len(b.p)
}

// more reports whether anything follows but the one that ends a payload.
func (b *bitReader) more() bool {
	end := len(b.p)
	for end > 0 && b.p[end-1] == 0 {
		end--
	}
	return end > 0 && b.at < 8*end-1-bits.TrailingZeros8(b.p[end-1])
}

// ue reads an unsigned Exp-Golomb number (ISO/IEC 14496-10, 9.1).
func (b *bitReader) ue() uint32 {
	zeros := 0
	for !b.flag() {
		if zeros++; zeros > 31 || b.over {
			b.over = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.u(zeros)
}

// within reads a number that may not exceed a bound; one that does counts as
// reading past the end.
func (b *bitReader) within(limit uint32) int {
	v := b.ue()
	if v > limit {
		b.over = true
		return 0
	}
	return int(v)
}

// se reads a signed Exp-Golomb number.
func (b *bitReader) se() int {
	v := b.ue()
	if v&1 == 1 {
		return int(v/2) + 1
	}
	return -int(v / 2)
}

// ceilLog2 returns the bits that numbers below n take.
func ceilLog2(n int) int {
	if n <= 1 {
		return 0
	}
	return bits.Len(uint(n - 1))
}

// unescape takes emulation prevention out of a part, up to so many bytes of it.
func unescape(dst, nal []byte, limit int) []byte {
	dst = dst[:0]
	zeros := 0
	for _, c := range nal[:min(limit, len(nal))] {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if c == 0 {
			zeros++
		} else {
			zeros = 0
		}
		dst = append(dst, c)
	}
	return dst
}

// emulated looks for what no encoder writes into a part: a start code, or an
// emulation prevention byte with nothing behind it to prevent. Zeros at the end
// are padding and no damage.
func emulated(nal []byte) bool {
	end := len(nal)
	for end > 0 && nal[end-1] == 0 {
		end--
	}
	for i := 2; i < end; i++ {
		c := nal[i]
		if c > 3 {
			i += 2 // no such pattern can end at the next two
			continue
		}
		if nal[i-1] == 0 && nal[i-2] == 0 && (c < 3 || i+1 < end && nal[i+1] > 3) {
			return true
		}
	}
	return false
}
