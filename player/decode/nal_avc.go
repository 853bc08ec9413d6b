package decode

// avcStream is the state of a sequence of H.264 (ISO/IEC 14496-10).
type avcStream struct {
	sps [32]*avcSPS
	pps [256]*avcPPS

	refreshing bool // gradually, up to the picture with the frame number aim
	aim        int

	known   bool // prev is that of the picture before
	prev    int  // frame number of the last picture that is referred to
	nextMB  int  // the next slice of the picture begins at or behind it
	primary avcSlice
}

type avcSPS struct {
	frameBits, pocBits int
	pocType            int
	deltaZero          bool
	separate           bool
	chroma             bool
	gaps               bool
	framesOnly         bool
	arbitrary          bool // slices may come in any order
	infer              bool // direct prediction in blocks of 8x8
	chromaFormat       int
	depth, depthC      int
	width, height      int // in macroblocks
}

type avcPPS struct {
	sps                 int
	bottomOrder         bool
	groups              bool
	refs                [2]int
	weighted, redundant bool
	weightedB           int
	cabac, filter, big  bool
	qp                  int
}

type avcSlice struct {
	kind, first, pps, frame int
	refs                    [2]int
	init, qp, at            int  // at: the bit at which the data begin
	idr, field, reset       bool // reset: it sets the frame number to 0 (operation 5)
	redundant               bool
}

func (s *avcStream) begin() { s.nextMB, s.primary = 0, avcSlice{pps: -1} }

// avcPart reads one part (7.3.1).
func (n *inspector) avcPart(p []byte, f *unitFacts) {
	kind, ref := p[0]&31, p[0]>>5&3
	switch kind {
	case 1, 5, 2:
		f.parts++
		if ref != 0 {
			f.nonRef = false
		}
		n.rbsp = unescape(n.rbsp, p[1:], maxHeader)
		n.avcSlicePart(&bitReader{p: n.rbsp}, f, p, kind == 5, ref != 0)
	case 3, 4: // data partitions of a slice
		f.parts++
	case 6:
		n.rbsp = unescape(n.rbsp, p[1:], len(p))
		messages(n.rbsp, func(kind int, body []byte) {
			if kind == 6 { // recovery point
				b := &bitReader{p: body}
				f.sync, f.open, f.recovery = true, true, b.within(1<<16)
			}
		})
	case 7:
		n.rbsp = unescape(n.rbsp, p[1:], len(p))
		n.avcSPS(&bitReader{p: n.rbsp})
	case 8:
		n.rbsp = unescape(n.rbsp, p[1:], len(p))
		n.avcPPS(&bitReader{p: n.rbsp})
	}
}

// messages calls do for each message of supplemental information (7.3.2.3.1).
func messages(p []byte, do func(kind int, body []byte)) {
	number := func() (v int) {
		for len(p) > 0 {
			c := p[0]
			p = p[1:]
			v += int(c)
			if c != 255 {
				return v
			}
		}
		return v
	}
	for len(p) > 2 {
		kind := number()
		size := number()
		if size > len(p) {
			return
		}
		do(kind, p[:size])
		p = p[size:]
	}
}

func (n *inspector) avcSPS(b *bitReader) {
	s := &avcSPS{chroma: true, chromaFormat: 1, depth: 8, depthC: 8}
	profile, constraints := b.u(8), b.u(8)
	s.arbitrary = profile == 88 || profile == 66 && constraints&0x40 == 0
	b.skip(8)
	id := b.within(31)
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		format := b.within(3)
		s.chroma, s.chromaFormat = format != 0, format
		if format == 3 {
			s.separate = b.flag()
		}
		s.depth, s.depthC = b.within(6)+8, b.within(6)+8
		b.skip(1)
		if b.flag() {
			lists := 8
			if format == 3 {
				lists = 12
			}
			for i := range lists {
				if b.flag() {
					b.scalingList(16 + 48*min(max(i-5, 0), 1))
				}
			}
		}
	}
	s.frameBits = b.within(12) + 4
	s.pocType = b.within(2)
	switch s.pocType {
	case 0:
		s.pocBits = b.within(12) + 4
	case 1:
		s.deltaZero = b.flag()
		b.se()
		b.se()
		for range b.within(255) {
			b.se()
		}
	}
	b.ue()
	s.gaps = b.flag()
	s.width, s.height = b.within(maxSide/16)+1, b.within(maxSide/16)+1
	if s.framesOnly = b.flag(); !s.framesOnly {
		b.skip(1)
	}
	s.infer = b.flag()
	if !b.over {
		n.avc.sps[id] = s
	}
}

// scalingList skips one list of n weights (7.3.2.1.1.1).
func (b *bitReader) scalingList(n int) {
	last, next := 8, 8
	for range n {
		if next != 0 {
			next = (last + b.se() + 256) & 255
		}
		if next != 0 {
			last = next
		}
	}
}

func (n *inspector) avcPPS(b *bitReader) {
	p := &avcPPS{}
	id := b.within(255)
	p.sps = b.within(31)
	p.cabac, p.bottomOrder = b.flag(), b.flag()
	if p.groups = b.ue() > 0; p.groups {
		// What follows is not needed to read a slice up to its frame number.
		if !b.over {
			n.avc.pps[id] = p
		}
		return
	}
	p.refs = [2]int{b.within(31) + 1, b.within(31) + 1}
	p.weighted, p.weightedB = b.flag(), int(b.u(2))
	p.qp = 26 + b.se()
	b.se()
	b.se()
	p.filter = b.flag()
	b.skip(1)
	p.redundant = b.flag()
	p.big = b.more() && b.flag()
	if !b.over {
		n.avc.pps[id] = p
	}
}

// avcSlicePart reads a slice header and compares it with what the sequence
// leads to expect.
func (n *inspector) avcSlicePart(b *bitReader, f *unitFacts, nal []byte, idr, ref bool) {
	s := &n.avc
	h := avcSlice{idr: idr}
	h.first, h.kind, h.pps = b.within(1<<20), b.within(9)%5, b.within(255)
	if b.over {
		f.blame("a slice begins with what is no slice header")
		return
	}
	pps := s.pps[h.pps]
	if pps == nil || s.sps[pps.sps] == nil {
		f.sync, f.whole = f.sync || idr, f.whole || idr
	}
	if pps == nil || s.sps[pps.sps] == nil {
		f.blame("a slice names a parameter set that is not there")
		return
	}
	sps := s.sps[pps.sps]
	s.rest(b, &h, sps, pps, ref)
	if b.over {
		f.blame("a slice header is cut off or holds impossible values")
		return
	}
	if h.redundant {
		return
	}
	if f.read = f.read && h.kind <= 2 && sps.readable(pps); f.read && f.fault == "" && !n.avcData.slice(n.payload(nal[1:]), h, sps, pps) {
		f.blame(unsound)
	}
	if !pps.cabac {
		f.carries = true
	}
	if idr && h.kind != 2 && h.kind != 4 {
		f.blame("a picture at which decoding can start refers to others")
	}
	if first := s.primary.pps < 0; first {
		if h.first != 0 && !sps.arbitrary {
			f.blame("the first slice of the picture is missing")
		}
		s.primary, s.nextMB = h, h.first+1
		s.sequence(f, h, sps, ref)
		s.recover(f, h, 1<<sps.frameBits)
		return
	}
	second := h.field && s.primary.field && h.first == 0 // of two fields
	if h.idr != s.primary.idr && !second || h.frame != s.primary.frame {
		f.blame("slices of one picture contradict each other")
	}
	if h.first < s.nextMB && !sps.arbitrary && !second {
		f.blame("slices of the picture are out of order")
	}
	s.nextMB = h.first + 1
	s.primary.reset = s.primary.reset || h.reset
}

// sequence notes a new picture and finds those missing before it (7.4.3).
func (s *avcStream) sequence(f *unitFacts, h avcSlice, sps *avcSPS, ref bool) {
	mask := 1<<sps.frameBits - 1
	if !h.idr && s.known && !sps.gaps && h.frame != s.prev && h.frame != (s.prev+1)&mask {
		f.missing = "the frame numbers of the stream leave out a picture before it"
	}
	if h.idr && h.frame != 0 {
		f.blame("a picture at which decoding can start has a frame number")
	}
	if ref || h.idr {
		s.known, s.prev = true, h.frame
		if h.reset {
			s.prev = 0
		}
	}
}

// recover tells whether decoding can start at a picture, and from which one on
// pictures are right whatever came before (D.2.8).
func (s *avcStream) recover(f *unitFacts, h avcSlice, span int) {
	switch {
	case h.idr:
		f.sync, f.whole, f.open, f.recovery = true, true, false, 0
	case f.sync && f.recovery == 0:
		f.whole = true
	case f.sync:
		s.refreshing, s.aim = true, (h.frame+f.recovery)%span
		return
	case s.refreshing && (h.frame-s.aim+span)%span < span/2:
		f.whole, f.open = true, true
	}
	if f.whole {
		s.refreshing = false
	}
}

// rest reads a slice header from the frame number to the marking of references
// (7.3.3 to 7.3.3.3).
func (s *avcStream) rest(b *bitReader, h *avcSlice, sps *avcSPS, pps *avcPPS, ref bool) {
	if sps.separate {
		b.skip(2)
	}
	h.frame = int(b.u(sps.frameBits))
	if !sps.framesOnly {
		if h.field = b.flag(); h.field {
			b.skip(1)
		}
	}
	if h.idr {
		b.within(65535)
	}
	switch {
	case sps.pocType == 0:
		b.skip(sps.pocBits)
		if pps.bottomOrder && !h.field {
			b.se()
		}
	case sps.pocType == 1 && !sps.deltaZero:
		b.se()
		if pps.bottomOrder && !h.field {
			b.se()
		}
	}
	if pps.groups {
		return
	}
	if pps.redundant {
		h.redundant = b.within(127) > 0
	}
	predicted, both := h.kind == 0 || h.kind == 3, h.kind == 1
	if both {
		b.skip(1)
	}
	refs := pps.refs
	if predicted || both {
		if b.flag() {
			refs[0] = b.within(31) + 1
			if both {
				refs[1] = b.within(31) + 1
			}
		}
		b.modifications()
		if both {
			b.modifications()
		}
		if pps.weighted && predicted || pps.weightedB == 1 && both {
			b.weights(refs, both, sps.chroma && !sps.separate)
		}
	}
	h.refs = refs
	if ref {
		h.reset = b.marking(h.idr)
	}
	if pps.cabac && (predicted || both) {
		h.init = b.within(2)
	}
	h.qp = pps.qp + b.se()
	if h.kind > 2 { // switching slices; no more is needed
		return
	}
	if pps.filter && b.within(2) != 1 {
		b.se()
		b.se()
	}
	h.at = b.at
}

// modifications skips those of one list of references.
func (b *bitReader) modifications() {
	if !b.flag() {
		return
	}
	for range 67 {
		if op := b.within(5); op == 3 || b.over {
			return
		}
		b.ue()
	}
	b.over = true
}

func (b *bitReader) weights(refs [2]int, both, chroma bool) {
	b.within(7)
	if chroma {
		b.within(7)
	}
	for list := range 2 {
		if list == 1 && !both {
			return
		}
		for range refs[list] {
			if b.flag() {
				b.se()
				b.se()
			}
			if chroma && b.flag() {
				for range 4 {
					b.se()
				}
			}
		}
	}
}

// marking reads what becomes of references, and reports whether all are
// forgotten and the frame number starts again.
func (b *bitReader) marking(idr bool) (reset bool) {
	if idr {
		b.skip(2)
		return false
	}
	if !b.flag() {
		return false
	}
	for range 67 {
		switch b.within(6) {
		case 0:
			return reset
		case 3:
			b.ue()
			b.ue()
		case 1, 2, 4, 6:
			b.ue()
		case 5:
			reset = true
		}
		if b.over {
			return reset
		}
	}
	b.over = true
	return reset
}
