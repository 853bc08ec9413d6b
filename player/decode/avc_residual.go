package decode

// Kinds of blocks (ctxBlockCat).
const (
	blockDC16 = iota
	blockAC16
	blockLuma
	blockChromaDC
	blockChromaAC
	blockBig
)

// Contexts by kind of block: where a coefficient is, where the last one is, and
// how large they are.
var (
	ctxSigAt   = [6]int{105, 120, 134, 149, 152, 280}
	ctxLastAt  = [6]int{166, 181, 195, 210, 213, 295}
	ctxLevelAt = [6]int{227, 237, 247, 257, 266, 304}
)

var bigSig = [63]uint8{
	0, 1, 2, 3, 4, 5, 5, 4, 4, 3, 3, 4, 4, 4, 5, 5, 4, 4, 4, 4, 3, 3, 6, 7, 7, 7, 8, 9, 10, 9, 8, 7,
	7, 6, 11, 12, 13, 11, 6, 7, 8, 9, 14, 10, 9, 8, 6, 11, 12, 13, 11, 6, 9, 14, 10, 9, 11, 12, 13, 11, 14, 10, 12,
}

var bigLast = [63]uint8{
	0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
	3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8,
}

// residuals reads the coefficients of a macroblock (7.3.5.3).
func (d *avcData) residuals() {
	m := d.cur
	if m.i16 && d.flag(blockDC16, 0, 0) {
		d.coefficients(blockDC16, 16)
	}
	for quarter := range 4 {
		if m.luma>>quarter&1 == 0 {
			continue
		}
		x, y := quarter&1*2, quarter>>1*2
		if m.big {
			m.flags[0] |= 0x33 << (y*4 + x)
			d.coefficients(blockBig, 64)
			continue
		}
		for i := range 4 {
			kind, n := blockLuma, 16
			if m.i16 {
				kind, n = blockAC16, 15
			}
			if d.flag(kind, 0, (y+i>>1)*4+x+i&1) {
				d.coefficients(kind, n)
			}
		}
	}
	for c := 1; c < 3 && m.chroma > 0; c++ {
		if d.flag(blockChromaDC, c, 0) {
			d.coefficients(blockChromaDC, 4)
		}
	}
	for c := 1; c < 3 && m.chroma == 2; c++ {
		for i := range 4 {
			if d.flag(blockChromaAC, c, i>>1*4+i&1) {
				d.coefficients(blockChromaAC, 15)
			}
		}
	}
}

// flag reads whether a block of plane c has coefficients (9.3.3.1.1.9).
func (d *avcData) flag(kind, c, block int) bool {
	m := d.cur
	n := 0
	switch kind {
	case blockDC16, blockChromaDC:
		n = d.weigh(m.intra, func(o *avcMB) bool { return o.dc>>c&1 == 1 })
	default:
		x, y := block&3, block>>2
		left, lb := d.beside(x, y)
		above, ab := d.over(x, y)
		if c > 0 && x == 0 {
			lb = y*4 + 1
		}
		if c > 0 && y == 0 {
			ab = 4 + x
		}
		if left == nil && m.intra || left != nil && left.flags[c]>>lb&1 == 1 {
			n++
		}
		if above == nil && m.intra || above != nil && above.flags[c]>>ab&1 == 1 {
			n += 2
		}
	}
	if d.a.bit(&d.ctx[85+4*kind+n]) == 0 {
		return false
	}
	if kind == blockDC16 || kind == blockChromaDC {
		m.dc |= 1 << c
	} else {
		m.flags[c] |= 1 << block
	}
	return true
}

// coefficients reads those of one block with at least one of them (7.3.5.3.3).
func (d *avcData) coefficients(kind, total int) {
	sig, last := ctxSigAt[kind], ctxLastAt[kind]
	count, i := 0, 0
	for ; i < total-1; i++ {
		s, l := i, i
		switch kind {
		case blockChromaDC:
			s, l = min(i, 2), min(i, 2)
		case blockBig:
			s, l = int(bigSig[i]), int(bigLast[i])
		}
		if d.a.bit(&d.ctx[sig+s]) == 1 {
			count++
			if d.a.bit(&d.ctx[last+l]) == 1 {
				break
			}
		}
	}
	if i == total-1 {
		count++
	}
	most := 4
	if kind == blockChromaDC {
		most = 3
	}
	base := ctxLevelAt[kind]
	ones, more := 0, 0
	for range count {
		n := 0
		if more == 0 {
			n = min(4, 1+ones)
		}
		if d.a.bit(&d.ctx[base+n]) == 0 {
			ones++
		} else {
			n, v := 5+min(most, more), 1
			for v < 14 && d.a.bit(&d.ctx[base+n]) == 1 {
				v++
			}
			if v == 14 {
				d.escape()
			}
			more++
		}
		d.a.bypass()
	}
}

func (d *avcData) escape() {
	k := 0
	for d.a.bypass() == 1 {
		if k++; k > 24 {
			d.broken = true
			return
		}
	}
	d.a.bypasses(k)
}
