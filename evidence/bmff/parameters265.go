package bmff

// h265Set reads a sequence parameter set (ISO/IEC 23008-2, 7.3.2.2). What
// follows the reference picture sets is reached for the shape of pixels alone.
func h265Set(p []byte) (Coding, bool) {
	b := bitsOf(p[2:])
	b.u(4)
	layers := int(b.u(3))
	b.u(1)
	c := Coding{}
	b.u(3)
	c.Profile = int(b.u(5))
	b.skip(32)
	progressive, interlaced := b.u(1), b.u(1)
	c.Fields = interlaced == 1 && progressive == 0
	b.skip(46)
	c.Level = int(b.u(8))
	b.subLayers(layers)
	b.ue()
	c.Chroma = int(b.ue())
	if c.Chroma == 3 {
		b.u(1)
	}
	width, height := int64(b.ue()), int64(b.ue())
	unit := [2]int64{1, 1}
	if c.Chroma == 1 || c.Chroma == 2 {
		unit[0] = 2
	}
	if c.Chroma == 1 {
		unit[1] = 2
	}
	c.cut(b, width, height, unit)
	c.Depth = 8 + int(b.ue())
	b.ue()
	if b.over || c.Depth > 16 {
		return c, false
	}
	// What is missing from here on costs the aspect only.
	if b.toUsability(layers) && b.u(1) == 1 {
		if a := b.aspect(); !b.over {
			c.Aspect = a
		}
	}
	return c, true
}

func (b *bitReader) subLayers(n int) {
	var has [8][2]uint32
	for i := range n {
		has[i] = [2]uint32{b.u(1), b.u(1)}
	}
	if n > 0 {
		b.skip(2 * (8 - n))
	}
	for i := range n {
		b.skip(int(has[i][0])*88 + int(has[i][1])*8)
	}
}

// toUsability passes over everything up to the flag of the usability
// information; false when that cannot be reached.
func (b *bitReader) toUsability(layers int) bool {
	order := int(b.ue()) + 4
	from := layers
	if b.u(1) == 1 {
		from = 0
	}
	for i := from; i <= layers; i++ {
		b.ue()
		b.ue()
		b.ue()
	}
	for range 6 {
		b.ue()
	}
	if b.u(1) == 1 && b.u(1) == 1 {
		b.scalingMatrices()
	}
	b.skip(2)
	if b.u(1) == 1 { // pcm
		b.skip(8)
		b.ue()
		b.ue()
		b.u(1)
	}
	if !b.referenceSets() {
		return false
	}
	if b.u(1) == 1 { // long-term pictures
		n := b.ue()
		if n > 32 || order > 16 {
			return false
		}
		b.skip(int(n) * (order + 1))
	}
	b.skip(2)
	return !b.over
}

func (b *bitReader) scalingMatrices() {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for m := 0; m < 6 && !b.over; m += step {
			if b.u(1) == 0 {
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

// referenceSets passes the short-term reference picture sets over (7.3.7): each
// may be told as a difference from the one before, so their sizes are kept.
func (b *bitReader) referenceSets() bool {
	n := b.ue()
	if n > 64 {
		return false
	}
	before := 0
	for i := range int(n) {
		if i > 0 && b.u(1) == 1 {
			b.u(1)
			b.ue()
			kept := 0
			for range before + 1 {
				used := b.u(1)
				if used == 1 || b.u(1) == 1 {
					kept++
				}
			}
			before = kept
			continue
		}
		negative, positive := b.ue(), b.ue()
		if negative > 16 || positive > 16 {
			return false
		}
		for range negative + positive {
			b.ue()
			b.u(1)
		}
		before = int(negative + positive)
	}
	return !b.over
}
