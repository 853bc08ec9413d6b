package decode

// hevcStream is the state of a sequence of H.265 (ISO/IEC 23008-2).
type hevcStream struct {
	sps [16]*hevcSPS
	pps [64]*hevcPPS

	known   bool  // held is what the decoder holds
	fresh   bool  // the next picture is the first of a sequence
	orphans bool  // leading pictures that refer behind the start are left out
	anchor  int   // order count of the last picture of the lowest layer
	held    []int // order counts of the pictures that later ones may refer to

	header   hevcSlice // of the slice before, which dependent ones go on with
	segments int
	nextCTB  int
}

type hevcSPS struct {
	profile             int
	layers              int // temporal sub-layers
	chroma              int
	separate            bool
	width, height       int
	depth, depthC       int
	pocBits             int
	minCB, ctb          int // log2
	minTB, maxTB        int
	depthInter          int
	depthIntra          int
	amp, sao, pcm       bool
	pcmDepth, pcmDepthC int
	minPCM, maxPCM      int
	sets                []refSet
	long                bool
	longLSB             []int
	longUsed            []bool
	motion              bool // temporal motion vector prediction
}

// across and down are the picture's size in coding tree blocks.
func (s *hevcSPS) across() int { return (s.width + 1<<s.ctb - 1) >> s.ctb }
func (s *hevcSPS) down() int   { return (s.height + 1<<s.ctb - 1) >> s.ctb }

type hevcPPS struct {
	sps                           int
	dependent, output             bool
	extra                         int
	signHiding, cabacInit         bool
	refs                          [2]int
	qp                            int
	transformSkip, deltaQP        bool
	deltaQPDepth                  int
	chromaOffsets                 bool
	weighted, weightedB, lossless bool
	tiles, wavefronts             bool
	columns, rows                 []int // sizes of tiles, nil: equal
	nColumns, nRows               int
	acrossSlices                  bool
	override, unfiltered          bool
	listsChange, extension        bool
}

// refSet is what a picture and those behind it may refer to: differences of
// order counts, negative ones first, and whether the picture itself does.
type refSet struct {
	delta []int
	used  []bool
	neg   int
}

func (s *hevcStream) begin() { s.segments, s.nextCTB = 0, 0 }

// hevcPart reads one part (7.3.1.1).
func (n *inspector) hevcPart(p []byte, f *unitFacts) {
	kind := int(p[0] >> 1 & 63)
	if len(p) < 3 {
		if kind < 32 {
			f.blame("a slice without a header")
		}
		if kind == 36 || kind == 37 { // end of sequence, of stream
			n.hevc.fresh = true
		}
		return
	}
	layer, temporal := int(p[0]&1)<<5|int(p[1]>>3), int(p[1]&7)-1
	if temporal < 0 {
		f.blame("a part states no temporal layer")
		return
	}
	if layer > 0 {
		return // of another view; not decoded
	}
	switch {
	case kind < 10 || kind >= 16 && kind <= 21:
		f.parts++
		n.rbsp = unescape(n.rbsp, p[2:], maxHeader)
		n.hevcSlicePart(&bitReader{p: n.rbsp}, f, kind, temporal, p[2:])
	case kind < 32: // reserved
		f.blame("a part of a kind that is reserved")
	case kind == 33:
		n.rbsp = unescape(n.rbsp, p[2:], len(p))
		n.hevcSPS(&bitReader{p: n.rbsp})
	case kind == 34:
		n.rbsp = unescape(n.rbsp, p[2:], len(p))
		n.hevcPPS(&bitReader{p: n.rbsp})
	case kind == 40:
		n.rbsp = unescape(n.rbsp, p[2:], len(p))
		messages(n.rbsp, func(kind int, body []byte) {
			if kind == 132 {
				f.hash = parseHash(body)
			}
		})
	}
}

// maxHeader bounds the bytes in which a slice header lies.
const maxHeader = 2048

func (n *inspector) hevcSPS(b *bitReader) {
	s := &hevcSPS{}
	b.skip(4)
	layers := int(b.u(3))
	s.layers = layers + 1
	b.skip(1)
	s.profile = b.profile(layers)
	id := b.within(15)
	if s.chroma = b.within(3); s.chroma == 3 {
		s.separate = b.flag()
	}
	s.width, s.height = b.within(maxSide), b.within(maxSide)
	if b.flag() {
		for range 4 {
			b.ue()
		}
	}
	s.depth, s.depthC = b.within(8)+8, b.within(8)+8
	s.pocBits = b.within(12) + 4
	first := layers
	if b.flag() {
		first = 0
	}
	for ; first <= layers; first++ {
		b.ue()
		b.ue()
		b.ue()
	}
	s.minCB = b.within(3) + 3
	s.ctb = s.minCB + b.within(3)
	s.minTB = b.within(3) + 2
	s.maxTB = s.minTB + b.within(3)
	s.depthInter, s.depthIntra = b.within(4), b.within(4)
	if b.flag() && b.flag() {
		b.scalingLists()
	}
	s.amp, s.sao = b.flag(), b.flag()
	if s.pcm = b.flag(); s.pcm {
		s.pcmDepth, s.pcmDepthC = int(b.u(4))+1, int(b.u(4))+1
		s.minPCM = b.within(2) + 3
		s.maxPCM = s.minPCM + b.within(2)
		b.skip(1)
	}
	count := b.within(64)
	for i := range count {
		s.sets = append(s.sets, b.refSet(s.sets, i, count))
	}
	if s.long = b.flag(); s.long {
		for range b.within(32) {
			s.longLSB = append(s.longLSB, int(b.u(s.pocBits)))
			s.longUsed = append(s.longUsed, b.flag())
		}
	}
	s.motion = b.flag()
	if !b.over && s.width > 0 && s.height > 0 && s.ctb <= 6 && s.maxTB <= 5 && s.minTB < s.minCB {
		n.hevc.sps[id] = s
	}
}

// profile reads profile_tier_level (7.3.3).
func (b *bitReader) profile(layers int) int {
	b.skip(3)
	profile := int(b.u(5))
	b.skip(88)
	var present [8][2]bool
	for i := range layers {
		present[i] = [2]bool{b.flag(), b.flag()}
	}
	if layers > 0 {
		b.skip(2 * (8 - layers))
	}
	for i := range layers {
		if present[i][0] {
			b.skip(88)
		}
		if present[i][1] {
			b.skip(8)
		}
	}
	return profile
}

// scalingLists skips scaling_list_data (7.3.4).
func (b *bitReader) scalingLists() {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for m := 0; m < 6 && !b.over; m += step {
			if !b.flag() {
				b.ue()
				continue
			}
			if size > 1 {
				b.se()
			}
			for range min(64, 1<<(4+2*size)) {
				b.se()
			}
		}
	}
}

// refSet reads st_ref_pic_set (7.3.7, 7.4.8). In a slice, i is count.
func (b *bitReader) refSet(sets []refSet, i, count int) refSet {
	var s refSet
	add := func(delta int, used bool) { s.delta, s.used = append(s.delta, delta), append(s.used, used) }
	if i == 0 || !b.flag() {
		neg, pos := b.within(16), b.within(16)
		at := 0
		for k := range neg + pos {
			if k == neg {
				at = 0
			}
			if k < neg {
				at -= b.within(1<<15) + 1
			} else {
				at += b.within(1<<15) + 1
			}
			add(at, b.flag())
		}
		s.neg = neg
		return s
	}
	back := 1
	if i == count {
		back += b.within(uint32(count - 1))
	}
	if back > i || i-back >= len(sets) {
		b.over = true
		return s
	}
	from := sets[i-back]
	shift := 1 - 2*int(b.u(1))
	shift *= b.within(1<<15) + 1
	total := len(from.delta)
	used, keep := make([]bool, total+1), make([]bool, total+1)
	for k := range used {
		used[k], keep[k] = b.flag(), true
		if !used[k] {
			keep[k] = b.flag()
		}
	}
	try := func(k, delta int, sign int) {
		if delta*sign > 0 && keep[k] {
			add(delta, used[k])
		}
	}
	for k := total - 1; k >= from.neg; k-- {
		try(k, from.delta[k]+shift, -1)
	}
	try(total, shift, -1)
	for k := range from.neg {
		try(k, from.delta[k]+shift, -1)
	}
	s.neg = len(s.delta)
	for k := from.neg - 1; k >= 0; k-- {
		try(k, from.delta[k]+shift, 1)
	}
	try(total, shift, 1)
	for k := from.neg; k < total; k++ {
		try(k, from.delta[k]+shift, 1)
	}
	if len(s.delta) > 16 {
		b.over = true
	}
	return s
}

func (n *inspector) hevcPPS(b *bitReader) {
	p := &hevcPPS{}
	id := b.within(63)
	p.sps = b.within(15)
	p.dependent, p.output = b.flag(), b.flag()
	p.extra = int(b.u(3))
	p.signHiding, p.cabacInit = b.flag(), b.flag()
	p.refs = [2]int{b.within(14) + 1, b.within(14) + 1}
	p.qp = 26 + b.se()
	b.skip(1)
	p.transformSkip = b.flag()
	if p.deltaQP = b.flag(); p.deltaQP {
		p.deltaQPDepth = b.within(3)
	}
	b.se()
	b.se()
	p.chromaOffsets = b.flag()
	p.weighted, p.weightedB, p.lossless = b.flag(), b.flag(), b.flag()
	p.tiles, p.wavefronts = b.flag(), b.flag()
	p.nColumns, p.nRows = 1, 1
	if p.tiles {
		p.nColumns, p.nRows = b.within(19)+1, b.within(21)+1
		if !b.flag() {
			for range p.nColumns - 1 {
				p.columns = append(p.columns, b.within(1<<12)+1)
			}
			for range p.nRows - 1 {
				p.rows = append(p.rows, b.within(1<<12)+1)
			}
			if p.columns == nil {
				p.columns = []int{}
			}
		}
		b.skip(1)
	}
	p.acrossSlices = b.flag()
	if b.flag() {
		p.override = b.flag()
		if p.unfiltered = b.flag(); !p.unfiltered {
			b.se()
			b.se()
		}
	}
	if b.flag() {
		b.scalingLists()
	}
	p.listsChange = b.flag()
	b.ue()
	p.extension = b.flag()
	if !b.over {
		n.hevc.pps[id] = p
	}
}
