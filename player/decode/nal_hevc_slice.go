package decode

import "slices"

// hevcSlice is what a slice segment header says (7.3.6.1).
type hevcSlice struct {
	first, dependent bool
	pps, address     int
	kind             int // 0 B, 1 P, 2 I
	poc              int // least significant bits
	set              refSet
	long             []longRef
	saoLuma, saoC    bool
	refs             [2]int
	zeroMVD, init    bool
	merges           int
	qp               int
	entries          []int // bytes of the substreams but the last
	at               int   // bit at which the data begin, without emulation prevention
}

// longRef is a long-term reference.
type longRef struct {
	poc    int
	bits   bool // poc holds the least significant bits only
	cycles int
	used   bool
}

// hevcSlicePart reads a slice header and compares it with what the sequence
// leads to expect.
func (n *inspector) hevcSlicePart(b *bitReader, f *unitFacts, kind, temporal int, nal []byte) {
	s := &n.hevc
	start := kind >= 16
	h, why := s.read(b, kind)
	if why != "" {
		f.blame(why)
		f.nonRef = false
		f.sync, f.whole = f.sync || start, f.whole || start
		return
	}
	sps := s.sps[s.pps[h.pps].sps]
	left := len(nal) - h.at/8
	for _, e := range h.entries {
		left -= e
	}
	if left < 0 {
		f.blame("the parts of a slice are longer than the slice")
	}
	// A picture of an odd kind is not referred to within its sub-layer, but may
	// be by sub-layers above.
	if start || kind%2 == 1 || temporal < sps.layers-1 {
		f.nonRef = false
	}
	if start && h.kind != 2 {
		f.blame("a picture at which decoding can start refers to others")
	}
	if s.segments++; s.segments == 1 {
		if !h.first {
			f.blame("the first slice of the picture is missing")
		}
		s.sequence(f, h, sps, kind, temporal)
		if start && h.kind == 2 {
			f.sync, f.whole, f.open = true, true, kind == 21 || kind <= 18
		}
	} else if h.first {
		f.blame("two pictures in one sample")
	} else if h.address < s.nextCTB {
		f.blame("slices of the picture are out of order")
	}
	s.nextCTB = h.address + 1
	s.header = h
	if f.read = f.read && sps.readable(); f.read && f.fault == "" && !n.data.slice(n.payload(nal), h, sps, s.pps[h.pps]) {
		f.blame(unsound)
	}
}

// read reads a slice segment header, or says why it cannot be one.
func (s *hevcStream) read(b *bitReader, kind int) (h hevcSlice, why string) {
	first := b.flag()
	if kind >= 16 && kind <= 23 {
		b.skip(1)
	}
	id := b.within(63)
	if b.over {
		return h, "a slice begins with what is no slice header"
	}
	pps := s.pps[id]
	if pps == nil || s.sps[pps.sps] == nil {
		return h, "a slice names a parameter set that is not there"
	}
	sps := s.sps[pps.sps]
	dependent := false
	address := 0
	if !first {
		dependent = pps.dependent && b.flag()
		blocks := sps.across() * sps.down()
		if address = int(b.u(ceilLog2(blocks))); address == 0 || address >= blocks {
			b.over = true
		}
	}
	if dependent {
		h = s.header
	}
	h.first, h.pps, h.address, h.dependent = first, id, address, dependent
	if !dependent {
		s.independent(b, &h, sps, pps, kind)
	}
	h.entries = nil
	if pps.tiles || pps.wavefronts {
		if count := b.within(1 << 13); count > 0 {
			size := b.within(31) + 1
			for range min(count, 440*sps.down()+1) {
				h.entries = append(h.entries, int(b.u(size))+1)
			}
		}
	}
	if pps.extension {
		b.skip(8 * b.within(256))
	}
	if !b.flag() { // of the alignment: a one, then zeros
		b.over = true
	}
	for b.at%8 != 0 && !b.over {
		b.over = b.flag()
	}
	h.at = b.at
	if b.over {
		return h, "a slice header is cut off or holds impossible values"
	}
	return h, ""
}

// independent reads the fields of a slice that depends on none before it.
func (s *hevcStream) independent(b *bitReader, h *hevcSlice, sps *hevcSPS, pps *hevcPPS, kind int) {
	b.skip(pps.extra)
	h.kind = b.within(2)
	if pps.output {
		b.skip(1)
	}
	if sps.separate {
		b.skip(2)
	}
	motion := false
	if kind != 19 && kind != 20 {
		motion = s.references(b, h, sps)
	}
	chroma := sps.chroma != 0 && !sps.separate
	if sps.sao {
		h.saoLuma = b.flag()
		h.saoC = chroma && b.flag()
	}
	if h.kind != 2 {
		s.prediction(b, h, pps, motion, chroma)
	}
	h.qp = pps.qp + b.se()
	if pps.chromaOffsets {
		b.se()
		b.se()
	}
	unfiltered := pps.unfiltered
	if pps.override && b.flag() {
		if unfiltered = b.flag(); !unfiltered {
			b.se()
			b.se()
		}
	}
	if pps.acrossSlices && (h.saoLuma || h.saoC || !unfiltered) {
		b.skip(1)
	}
}

// references reads the order count and the reference picture set.
func (s *hevcStream) references(b *bitReader, h *hevcSlice, sps *hevcSPS) (motion bool) {
	h.poc = int(b.u(sps.pocBits))
	if !b.flag() {
		h.set = b.refSet(sps.sets, len(sps.sets), len(sps.sets))
	} else if i := int(b.u(ceilLog2(len(sps.sets)))); i < len(sps.sets) {
		h.set = sps.sets[i]
	} else {
		b.over = true
	}
	if sps.long {
		listed := 0
		if len(sps.longLSB) > 0 {
			listed = b.within(32)
		}
		cycles := 0
		for i := range listed + b.within(32) {
			r := longRef{bits: true}
			if i < listed {
				if k := int(b.u(ceilLog2(len(sps.longLSB)))); k < len(sps.longLSB) {
					r.poc, r.used = sps.longLSB[k], sps.longUsed[k]
				}
			} else {
				r.poc, r.used = int(b.u(sps.pocBits)), b.flag()
			}
			if i == 0 || i == listed {
				cycles = 0
			}
			if b.flag() {
				cycles += b.within(1 << 24)
				r.bits, r.cycles = false, cycles
			}
			h.long = append(h.long, r)
		}
	}
	return sps.motion && b.flag()
}

// prediction reads what P and B slices say of their references.
func (s *hevcStream) prediction(b *bitReader, h *hevcSlice, pps *hevcPPS, motion, chroma bool) {
	both := h.kind == 0
	h.refs = pps.refs
	if b.flag() {
		h.refs[0] = b.within(14) + 1
		if both {
			h.refs[1] = b.within(14) + 1
		}
	}
	total := 0
	for _, u := range h.set.used {
		if u {
			total++
		}
	}
	for _, l := range h.long {
		if l.used {
			total++
		}
	}
	if pps.listsChange && total > 1 {
		for list := range 2 {
			if (list == 0 || both) && b.flag() {
				b.skip(h.refs[list] * ceilLog2(total))
			}
		}
	}
	if both {
		h.zeroMVD = b.flag()
	}
	if pps.cabacInit {
		h.init = b.flag()
	}
	if motion {
		list := 0
		if both && !b.flag() {
			list = 1
		}
		if h.refs[list] > 1 {
			b.within(14)
		}
	}
	if pps.weighted && !both || pps.weightedB && both {
		b.hevcWeights(h.refs, both, chroma)
	}
	h.merges = 5 - b.within(4)
}

// hevcWeights skips pred_weight_table (7.3.6.3).
func (b *bitReader) hevcWeights(refs [2]int, both, chroma bool) {
	b.within(7)
	if chroma {
		b.se()
	}
	for list := range 2 {
		if list == 1 && !both {
			return
		}
		luma, colour := make([]bool, refs[list]), make([]bool, refs[list])
		for i := range luma {
			luma[i] = b.flag()
		}
		for i := range colour {
			colour[i] = chroma && b.flag()
		}
		for i := range luma {
			if luma[i] {
				b.se()
				b.se()
			}
			for range 4 {
				if colour[i] {
					b.se()
				}
			}
		}
	}
}

// sequence notes a new picture, and finds those missing before it: pictures
// that it refers to and that the decoder cannot hold (8.3.1, 8.3.2).
func (s *hevcStream) sequence(f *unitFacts, h hevcSlice, sps *hevcSPS, kind, temporal int) {
	start := kind >= 16
	span := 1 << sps.pocBits
	idr := kind == 19 || kind == 20
	broken := start && (idr || kind <= 18 || s.fresh) // nothing before it counts
	poc := h.poc
	if !broken {
		high := s.anchor - s.anchor&(span-1)
		switch low := s.anchor & (span - 1); {
		case h.poc < low && low-h.poc >= span/2:
			high += span
		case h.poc > low && h.poc-low > span/2:
			high -= span
		}
		poc += high
	}
	if start {
		if broken {
			s.held, s.known = s.held[:0], true
			s.orphans = !idr
		} else {
			s.orphans = false
		}
		s.fresh = false
	}
	if (kind == 8 || kind == 9) && s.orphans {
		f.skipped = true
		return
	}
	if s.known && !broken && !s.follow(h, poc, span) {
		f.missing = "it refers to a picture that is missing in the stream"
	}
	if len(s.held) < 32 {
		s.held = append(s.held, poc)
	}
	if temporal == 0 && (kind > 9 || kind < 6) && (kind%2 == 1 || start) {
		s.anchor = poc
	}
}

// follow keeps what the picture's set names, and reports whether all that the
// picture itself refers to is there. What is not is taken as made up by the
// decoder, so that it is missed once.
func (s *hevcStream) follow(h hevcSlice, poc, span int) bool {
	var kept []int
	all := true
	for i, d := range h.set.delta {
		if h.set.used[i] && !slices.Contains(s.held, poc+d) {
			all = false
			kept = append(kept, poc+d)
		} else if slices.Contains(s.held, poc+d) {
			kept = append(kept, poc+d)
		}
	}
	for _, l := range h.long {
		same := func(p int) bool { return p&(span-1) == l.poc }
		if !l.bits {
			want := poc - l.cycles*span - (poc&(span-1) - l.poc)
			same = func(p int) bool { return p == want }
		}
		i := slices.IndexFunc(s.held, same)
		switch {
		case i >= 0:
			kept = append(kept, s.held[i])
		case l.used:
			all = false
			kept = append(kept, l.poc)
		}
	}
	s.held = kept
	return all
}
