package decode

// avcData reads the coded data of slices of H.264 without making a picture of
// them, as hevcData does for H.265 (ISO/IEC 14496-10, 7.3.4 and 7.3.5).
//
// Pictures of frames are read, without colour or with colour in 4:2:0.
type avcData struct {
	a   arith
	ctx [avcContexts]uint8
	b   *bitReader // instead, where symbols have codes of their own

	sps *avcSPS
	pps *avcPPS
	h   avcSlice

	mbs   []avcMB // of the picture
	done  int     // macroblocks read
	id    int     // of the slice, from 1
	delta bool    // the quantiser changed at the macroblock before

	broken bool
	cur    *avcMB
	left   *avcMB // nil where there is none in the slice
	above  *avcMB
}

// avcMB is what is known of a macroblock.
type avcMB struct {
	slice                 int
	skip, pcm, intra, i16 bool
	nxn, direct, big      bool // big: transforms of 8x8
	luma                  uint8
	chroma                uint8 // 0 none, 1 DC, 2 AC as well
	chromaMode            bool
	dc                    uint8     // coded flags of DC: 1 luma, 2 and 4 chroma
	flags                 [3]uint16 // coded flags of blocks
	refs                  [2]uint16 // blocks that refer to another than the first picture
	mvd                   [2][16][2]uint8
	total                 [3][16]uint8 // coefficients of blocks
}

// readable reports whether slices of these parameter sets can be read.
func (s *avcSPS) readable(p *avcPPS) bool {
	return s.framesOnly && s.chromaFormat <= 1 && !s.arbitrary && !p.groups && !s.separate && s.width*s.height <= maxPixels/256
}

func (d *avcData) begin() { d.done, d.id, d.sps = 0, 0, nil }

// complete reports whether all macroblocks of the picture were read.
func (d *avcData) complete() bool { return d.sps != nil && d.done == d.sps.width*d.sps.height }

// slice reads the data of one slice, and reports whether they can have been meant.
func (d *avcData) slice(rbsp []byte, h avcSlice, sps *avcSPS, pps *avcPPS) bool {
	count := sps.width * sps.height
	if d.sps == nil {
		if len(d.mbs) != count {
			d.mbs = make([]avcMB, count)
		}
		for i := range d.mbs {
			d.mbs[i].slice = 0
		}
	}
	if d.sps != nil && d.sps != sps {
		return false // of another sequence
	}
	d.sps, d.pps, d.h, d.broken, d.delta = sps, pps, h, false, false
	if h.first != d.done {
		return false // slices before it are missing
	}
	d.id++
	if d.b = nil; !pps.cabac {
		return d.variable(rbsp)
	}
	d.a.p = rbsp
	at := h.at
	for ; at%8 != 0; at++ {
		if at/8 >= len(rbsp) || rbsp[at/8]<<(at%8)&0x80 == 0 {
			return false // the alignment is of ones
		}
	}
	d.a.start(at / 8)
	table := &avcInit[0]
	if h.kind != 2 {
		table = &avcInit[1+h.init]
	}
	for i, v := range table {
		d.ctx[i] = firstState(int(v[0]), int(v[1]), h.qp)
	}
	for d.done < count && !d.a.past() {
		if d.neighbours(); !d.skipped() {
			d.macroblock()
		}
		d.done++
		end := d.a.terminates()
		if d.broken {
			return false
		}
		if end {
			at, ends := d.a.tail()
			return ends && at == len(rbsp)
		}
	}
	return false
}

// neighbours goes on to the next macroblock.
func (d *avcData) neighbours() {
	w := d.sps.width
	d.cur, d.left, d.above = &d.mbs[d.done], nil, nil
	if d.done%w > 0 && d.mbs[d.done-1].slice == d.id {
		d.left = &d.mbs[d.done-1]
	}
	if d.done >= w && d.mbs[d.done-w].slice == d.id {
		d.above = &d.mbs[d.done-w]
	}
	*d.cur = avcMB{slice: d.id}
}

// skipped reads whether nothing is coded of a macroblock.
func (d *avcData) skipped() bool {
	base := [3]int{11, 24, 0}[d.h.kind]
	if base == 0 || d.a.bit(&d.ctx[base+d.count(func(n *avcMB) bool { return !n.skip })]) == 0 {
		return false
	}
	d.cur.skip, d.cur.direct, d.delta = true, d.h.kind == 1, false
	return true
}

func (d *avcData) macroblock() {
	m := d.cur
	kind := 0
	switch {
	case d.b != nil:
		kind = d.vlcKind()
	case d.h.kind == 2:
		kind = d.intraKind(3, true)
	case d.h.kind == 0:
		kind = d.kindP()
	default:
		kind = d.kindB()
	}
	if d.broken {
		return
	}
	if m.pcm {
		d.samples()
		return
	}
	small := true // all parts are of 8x8 at least
	switch {
	case m.intra:
		d.intraModes()
	default:
		small = d.motion(kind)
	}
	if m.i16 {
		m.luma, m.chroma = uint8(kind-1)/12*15, uint8(kind-1)/4%3
	} else {
		d.pattern()
		if m.luma > 0 && d.pps.big && !m.nxn && small && (!m.direct || d.sps.infer) {
			d.size()
		}
	}
	if m.luma == 0 && m.chroma == 0 && !m.i16 {
		d.delta = false
		return
	}
	if d.quantiser(); d.b != nil {
		d.vlcResiduals()
	} else {
		d.residuals()
	}
}

// samples passes over a macroblock that is stored as it is.
func (d *avcData) samples() {
	m := d.cur
	bits := 256 * d.sps.depth
	if d.sps.chromaFormat == 1 {
		bits += 128 * d.sps.depthC
	}
	if d.b != nil {
		d.b.skip((8-d.b.at%8)%8 + bits)
	} else {
		at, _ := d.a.tail()
		d.a.start(at + (bits+7)/8)
	}
	m.luma, m.chroma, m.dc, m.flags, d.delta = 15, 2, 7, [3]uint16{0xffff, 0xffff, 0xffff}, false
	for c := range m.total {
		for i := range m.total[c] {
			m.total[c][i] = 16
		}
	}
}

// count adds one for the neighbour at the left and one for that above of which
// something holds.
func (d *avcData) count(holds func(n *avcMB) bool) (c int) {
	if d.left != nil && holds(d.left) {
		c++
	}
	if d.above != nil && holds(d.above) {
		c++
	}
	return c
}

// weigh is count, but counts the neighbour above twice. What is not there
// counts as stated.
func (d *avcData) weigh(absent bool, holds func(n *avcMB) bool) (c int) {
	if d.left == nil && absent || d.left != nil && holds(d.left) {
		c++
	}
	if d.above == nil && absent || d.above != nil && holds(d.above) {
		c += 2
	}
	return c
}

// intraKind reads the type of an intra macroblock: 0 for prediction of small
// blocks, 1 to 24 for 16x16.
func (d *avcData) intraKind(base int, alone bool) int {
	m := d.cur
	m.intra = true
	step := 0
	if alone {
		base += d.count(func(n *avcMB) bool { return !n.nxn })
		step = 1
	}
	if d.a.bit(&d.ctx[base]) == 0 {
		m.nxn = true
		return 0
	}
	if alone {
		base = 5
	}
	if d.a.terminates() {
		m.pcm = true
		return 25
	}
	kind := 1 + 12*d.a.bit(&d.ctx[base+1])
	if d.a.bit(&d.ctx[base+2]) == 1 {
		kind += 4 + 4*d.a.bit(&d.ctx[base+2+step])
	}
	kind += 2 * d.a.bit(&d.ctx[base+3+step])
	kind += d.a.bit(&d.ctx[base+3+2*step])
	m.i16 = true
	return kind
}

// Shapes of the parts of a macroblock.
const (
	shapeWhole = iota
	shapeAcross
	shapeDown
	shapeQuarters
)

func (d *avcData) kindP() int {
	if d.a.bit(&d.ctx[14]) == 1 {
		return d.intraKind(17, false)
	}
	if d.a.bit(&d.ctx[15]) == 0 {
		return 3 * d.a.bit(&d.ctx[16])
	}
	return 2 - d.a.bit(&d.ctx[17])
}

func (d *avcData) kindB() int {
	n := d.count(func(n *avcMB) bool { return !n.direct })
	if d.a.bit(&d.ctx[27+n]) == 0 {
		d.cur.direct = true
		return 0
	}
	if d.a.bit(&d.ctx[30]) == 0 {
		return 1 + d.a.bit(&d.ctx[32])
	}
	v := d.a.bit(&d.ctx[31]) << 3
	for i := 2; i >= 0; i-- {
		v |= d.a.bit(&d.ctx[32]) << i
	}
	switch {
	case v < 8:
		return v + 3
	case v == 13:
		return d.intraKind(32, false)
	case v == 14:
		return 11
	case v == 15:
		return 22
	}
	return v<<1 + d.a.bit(&d.ctx[32]) - 4
}

func (d *avcData) size() {
	if d.b != nil {
		d.cur.big = d.b.flag()
		return
	}
	d.cur.big = d.a.bit(&d.ctx[277+d.count(func(n *avcMB) bool { return n.big })]) == 1
}

func (d *avcData) intraModes() {
	m := d.cur
	if m.nxn {
		if d.pps.big {
			d.size()
		}
		blocks := 16
		if m.big {
			blocks = 4
		}
		for range blocks {
			if d.b != nil {
				if !d.b.flag() {
					d.b.skip(3)
				}
			} else if d.a.bit(&d.ctx[68]) == 0 {
				for range 3 {
					d.a.bit(&d.ctx[69])
				}
			}
		}
	}
	if d.sps.chromaFormat == 0 {
		return
	}
	if d.b != nil {
		d.b.within(3)
		return
	}
	if d.a.bit(&d.ctx[64+d.count(func(n *avcMB) bool { return n.chromaMode })]) == 1 {
		m.chromaMode = true
		if d.a.bit(&d.ctx[67]) == 1 {
			d.a.bit(&d.ctx[67])
		}
	}
}

// pattern reads which blocks are coded (9.3.3.1.1.4).
func (d *avcData) pattern() {
	m := d.cur
	if d.b != nil {
		d.vlcPattern()
		return
	}
	for b := range 4 {
		n := 0
		if b&1 == 1 && m.luma>>(b-1)&1 == 0 || b&1 == 0 && d.left != nil && d.left.luma>>(b+1)&1 == 0 {
			n++
		}
		if b&2 == 2 && m.luma>>(b-2)&1 == 0 || b&2 == 0 && d.above != nil && d.above.luma>>(b+2)&1 == 0 {
			n += 2
		}
		m.luma |= uint8(d.a.bit(&d.ctx[73+n]) << b)
	}
	if d.sps.chromaFormat == 0 {
		return
	}
	if d.a.bit(&d.ctx[77+d.weigh(false, func(n *avcMB) bool { return n.chroma > 0 })]) == 1 {
		m.chroma = 1 + uint8(d.a.bit(&d.ctx[81+d.weigh(false, func(n *avcMB) bool { return n.chroma == 2 })]))
	}
}

func (d *avcData) quantiser() {
	if d.b != nil {
		if limit := 26 + 3*(d.sps.depth-8); max(d.b.se(), 0) >= limit {
			d.broken = true
		}
		return
	}
	n := 0
	if d.delta {
		n = 1
	}
	v := 0
	for d.a.bit(&d.ctx[60+n]) == 1 {
		n = 2 + n>>1
		if v++; v > 2*(51+6*8) {
			d.broken = true
			return
		}
	}
	d.delta = v > 0
}
