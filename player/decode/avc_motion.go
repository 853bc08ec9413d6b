package decode

// avcPart is one part of a macroblock, in blocks of 4x4: where it lies, its
// size, and from which lists it is predicted.
type avcPart struct {
	x, y, w, h int
	lists      [2]bool
	direct     bool
}

// lists of the B macroblocks with two parts, from type 4 on (table 7-14):
// 1 the first list, 2 the second, 3 both.
var partLists = [9][2]uint8{{1, 1}, {2, 2}, {1, 2}, {2, 1}, {1, 3}, {2, 3}, {3, 1}, {3, 2}, {3, 3}}

// motion reads how a macroblock is predicted from other pictures. It reports
// whether all its parts allow transforms of 8x8.
func (d *avcData) motion(kind int) bool {
	both := func(v uint8) [2]bool { return [2]bool{v&1 != 0, v&2 != 0} }
	var parts []avcPart
	shape, first, second := shapeWhole, uint8(1), uint8(1)
	switch {
	case d.h.kind == 0 && kind == 4: // four parts, all of which refer to the first picture
		return d.quarters(false)
	case d.h.kind == 0:
		shape = kind
	case kind == 0:
		return true // direct
	case kind == 22:
		shape = shapeQuarters
	case kind < 4:
		first = uint8(kind)
	default:
		l := partLists[(kind-4)/2]
		shape, first, second = shapeAcross+kind%2, l[0], l[1]
	}
	switch shape {
	case shapeWhole:
		parts = []avcPart{{0, 0, 4, 4, both(first), false}}
	case shapeAcross:
		parts = []avcPart{{0, 0, 4, 2, both(first), false}, {0, 2, 4, 2, both(second), false}}
	case shapeDown:
		parts = []avcPart{{0, 0, 2, 4, both(first), false}, {2, 0, 2, 4, both(second), false}}
	default:
		return d.quarters(true)
	}
	for list := range 2 {
		for _, p := range parts {
			d.reference(p, list)
		}
	}
	for list := range 2 {
		for _, p := range parts {
			d.vectors(p, list, 0)
		}
	}
	return true
}

// quarters reads the four parts of a macroblock, which are divided again.
func (d *avcData) quarters(refs bool) bool {
	var parts [4]avcPart
	var cut [4]int // 0 whole, 1 across, 2 down, 3 both
	sound := true
	for i := range parts {
		p := avcPart{x: i & 1 * 2, y: i >> 1 * 2, w: 2, h: 2, lists: [2]bool{true, false}}
		if d.h.kind == 0 {
			cut[i] = d.subP()
		} else {
			kind := d.subB()
			p.direct = kind == 0
			l := [13]uint8{0, 1, 2, 3, 1, 1, 2, 2, 3, 3, 1, 2, 3}[kind]
			p.lists = [2]bool{l&1 != 0, l&2 != 0}
			cut[i] = [13]int{0, 0, 0, 0, 1, 2, 1, 2, 1, 2, 3, 3, 3}[kind]
		}
		if cut[i] > 0 || p.direct && !d.sps.infer {
			sound = false
		}
		parts[i] = p
	}
	for list := range 2 {
		for _, p := range parts {
			if refs {
				d.reference(p, list)
			}
		}
	}
	for list := range 2 {
		for i, p := range parts {
			d.vectors(p, list, cut[i])
		}
	}
	return sound
}

func (d *avcData) subP() int {
	switch {
	case d.b != nil:
		return d.b.within(3)
	case d.a.bit(&d.ctx[21]) == 1:
		return 0
	case d.a.bit(&d.ctx[22]) == 0:
		return 1
	case d.a.bit(&d.ctx[23]) == 1:
		return 2
	}
	return 3
}

func (d *avcData) subB() int {
	if d.b != nil {
		return d.b.within(12)
	}
	if d.a.bit(&d.ctx[36]) == 0 {
		return 0
	}
	if d.a.bit(&d.ctx[37]) == 0 {
		return 1 + d.a.bit(&d.ctx[39])
	}
	kind := 3
	if d.a.bit(&d.ctx[38]) == 1 {
		if d.a.bit(&d.ctx[39]) == 1 {
			return 11 + d.a.bit(&d.ctx[39])
		}
		kind = 7
	}
	kind += 2 * d.a.bit(&d.ctx[39])
	return kind + d.a.bit(&d.ctx[39])
}

// beside returns the macroblock and block at the left of a block.
func (d *avcData) beside(x, y int) (*avcMB, int) {
	if x > 0 {
		return d.cur, y*4 + x - 1
	}
	return d.left, y*4 + 3
}

// over returns the macroblock and block above a block.
func (d *avcData) over(x, y int) (*avcMB, int) {
	if y > 0 {
		return d.cur, y*4 - 4 + x
	}
	return d.above, 12 + x
}

func (d *avcData) reference(p avcPart, list int) {
	if !p.lists[list] || d.h.refs[list] < 2 {
		return
	}
	if d.b != nil {
		d.vlcReference(d.h.refs[list])
		return
	}
	n := 0
	if m, b := d.beside(p.x, p.y); m != nil && m.refs[list]>>b&1 == 1 {
		n++
	}
	if m, b := d.over(p.x, p.y); m != nil && m.refs[list]>>b&1 == 1 {
		n += 2
	}
	v := 0
	for d.a.bit(&d.ctx[54+n]) == 1 {
		n = n>>2 + 4
		if v++; v >= 32 {
			d.broken = true
			return
		}
	}
	if v >= d.h.refs[list] {
		d.broken = true
	}
	if v > 0 {
		for y := p.y; y < p.y+p.h; y++ {
			for x := p.x; x < p.x+p.w; x++ {
				d.cur.refs[list] |= 1 << (y*4 + x)
			}
		}
	}
}

// vectors reads the motion vectors of a part, cut across (1), down (2) or both.
func (d *avcData) vectors(p avcPart, list, cut int) {
	if !p.lists[list] {
		return
	}
	w, h := p.w, p.h
	if cut&1 != 0 {
		h = 1
	}
	if cut&2 != 0 {
		w = 1
	}
	for y := p.y; y < p.y+p.h; y += h {
		for x := p.x; x < p.x+p.w; x += w {
			if d.b != nil {
				d.b.se()
				d.b.se()
				continue
			}
			var size [2]uint8
			for c := range size {
				sum := 0
				if m, b := d.beside(x, y); m != nil {
					sum += int(m.mvd[list][b][c])
				}
				if m, b := d.over(x, y); m != nil {
					sum += int(m.mvd[list][b][c])
				}
				size[c] = d.difference(40+7*c, sum)
			}
			for j := y; j < y+h; j++ {
				for i := x; i < x+w; i++ {
					d.cur.mvd[list][j*4+i] = size
				}
			}
		}
	}
}

// difference reads one component of a difference of vectors, and returns its
// size as far as neighbours ask for it.
func (d *avcData) difference(base, sum int) uint8 {
	n := base
	switch {
	case sum > 32:
		n += 2
	case sum > 2:
		n++
	}
	if d.a.bit(&d.ctx[n]) == 0 {
		return 0
	}
	v := 1
	for n = base + 3; v < 9 && d.a.bit(&d.ctx[n]) == 1; v++ {
		if v < 4 {
			n++
		}
	}
	if v >= 9 {
		k := 3
		for d.a.bypass() == 1 {
			v += 1 << k
			if k++; k > 24 {
				d.broken = true
				return 0
			}
		}
		v += d.a.bypasses(k)
	}
	d.a.bypass()
	return uint8(min(v, 70))
}
