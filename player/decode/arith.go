package decode

import "math/bits"

// arith decodes the binary arithmetic code of H.264 and H.265 (ISO/IEC
// 14496-10, 9.3.1.2 and 9.3.3.2). It reads zeros behind the end.
type arith struct {
	p     []byte // without emulation prevention
	at    int
	value uint64 // the offset of nine bits, and bits that lie ahead behind it
	ahead int
	rng   uint32
}

// start begins to decode at a byte.
func (a *arith) start(at int) {
	a.at, a.value, a.ahead, a.rng = at, 0, -9, 510
	a.fill()
}

func (a *arith) fill() {
	for a.ahead <= 40 {
		var c byte
		if a.at < len(a.p) {
			c = a.p[a.at]
		}
		a.at++
		a.value = a.value<<8 | uint64(c)
		a.ahead += 8
	}
}

// bit decodes one symbol with a context: its state times two, and the more
// probable symbol.
func (a *arith) bit(ctx *uint8) int {
	s := *ctx
	lps := uint32(rangeLPS[s>>1][a.rng>>6&3])
	a.rng -= lps
	limit := uint64(a.rng) << uint(a.ahead)
	v := int(s & 1)
	if a.value < limit {
		if a.rng < 256 {
			a.rng <<= 1
			a.ahead--
		}
		if s < 124 {
			*ctx = s + 2
		}
	} else {
		a.value -= limit
		n := bits.LeadingZeros32(lps) - 23
		a.rng = lps << uint(n)
		a.ahead -= n
		if s < 2 {
			*ctx = s ^ 1
		} else {
			*ctx = afterLPS[s>>1]<<1 | s&1
		}
		v ^= 1
	}
	if a.ahead < 8 {
		a.fill()
	}
	return v
}

// bypass decodes one symbol of equal probabilities.
func (a *arith) bypass() int {
	if a.ahead < 8 {
		a.fill()
	}
	a.ahead--
	if limit := uint64(a.rng) << uint(a.ahead); a.value >= limit {
		a.value -= limit
		return 1
	}
	return 0
}

func (a *arith) bypasses(n int) (v int) {
	for range n {
		v = v<<1 | a.bypass()
	}
	return v
}

// terminates decodes the symbol that ends a run.
func (a *arith) terminates() bool {
	a.rng -= 2
	if a.value >= uint64(a.rng)<<uint(a.ahead) {
		return true
	}
	if a.rng < 256 {
		a.rng <<= 1
		a.ahead--
	}
	if a.ahead < 8 {
		a.fill()
	}
	return false
}

// tail returns the byte behind a run that has been terminated, and whether the
// run ends as one must, with a one. What pads its byte is not looked at: an
// encoder in wide use puts a bit of its own there.
func (a *arith) tail() (next int, ends bool) {
	last := 8*a.at - a.ahead - 1
	if last < 0 || last/8 >= len(a.p) {
		return len(a.p) + 1, false
	}
	return last/8 + 1, a.p[last/8]<<(last%8)&0x80 != 0
}

// past reports whether symbols were made of what is behind the end.
func (a *arith) past() bool { return a.at > len(a.p)+16 }

// firstState gives a context its first state (9.3.1.1).
func firstState(m, n, qp int) uint8 {
	pre := min(max(m*min(max(qp, 0), 51)>>4+n, 1), 126)
	if pre <= 63 {
		return uint8(63-pre) << 1
	}
	return uint8(pre-64)<<1 | 1
}
