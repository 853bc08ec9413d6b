package bmff

import "encoding/binary"

// Coding is what the sequence parameter set of a video stream says of its
// pictures. The zero value says nothing.
type Coding struct {
	Profile       int
	Level         int // as coded: 31 is 3.1 in H.264, 93 is 3.1 in H.265
	Chroma        int // chroma_format_idc: 0 gray, 1 4:2:0, 2 4:2:2, 3 4:4:4
	Depth         int // bits of a luma sample
	Width, Height int // of the pictures that are shown, after cropping
	Cut           [4]int
	Fields        bool // pictures may be coded as two fields
	Aspect        [2]uint32
}

// ParameterSet returns what the first sequence parameter set of an avcC or hvcC
// payload says; false when there is none, or it cannot be read. Streams of avc1
// and hvc1 hold their sets there, those of avc3 and hev1 may not.
func ParameterSet(entry string, config []byte) (Coding, bool) {
	var c Coding
	var ok bool
	switch entry {
	case "avc1", "avc3":
		if set := firstAVC(config); set != nil {
			c, ok = h264Set(set)
		}
	case "hvc1", "hev1":
		if set := firstHEVC(config); set != nil {
			c, ok = h265Set(set)
		}
	}
	if !ok || c.Width <= 0 || c.Height <= 0 || c.Chroma > 3 || c.Depth > 16 {
		return Coding{}, false
	}
	return c, true
}

func firstAVC(p []byte) []byte {
	if len(p) < 8 || p[5]&31 == 0 {
		return nil
	}
	return part(p[6:])
}

// firstHEVC walks the arrays of hvcC (ISO/IEC 14496-15, 8.3.3.1).
func firstHEVC(p []byte) []byte {
	if len(p) < 23 {
		return nil
	}
	arrays := int(p[22])
	p = p[23:]
	for range arrays {
		if len(p) < 3 {
			return nil
		}
		kind, n := p[0]&63, int(binary.BigEndian.Uint16(p[1:]))
		p = p[3:]
		for range n {
			set := part(p)
			if set == nil {
				return nil
			}
			if kind == 33 {
				return set
			}
			p = p[2+len(set):]
		}
	}
	return nil
}

// part takes one unit with a length of 16 bits before it.
func part(p []byte) []byte {
	if len(p) < 2 {
		return nil
	}
	n := int(binary.BigEndian.Uint16(p))
	if n < 4 || n > len(p)-2 {
		return nil
	}
	return p[2 : 2+n]
}

// h264Set reads a sequence parameter set (ISO/IEC 14496-10, 7.3.2.1.1).
func h264Set(p []byte) (Coding, bool) {
	b := bitsOf(p[1:])
	c := Coding{Profile: int(b.u(8)), Chroma: 1, Depth: 8}
	b.u(8)
	c.Level = int(b.u(8))
	b.ue()
	switch c.Profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		c.Chroma = int(b.ue())
		lists := 8
		if c.Chroma == 3 {
			b.u(1)
			lists = 12
		}
		c.Depth = 8 + int(b.ue())
		b.ue()
		b.u(1)
		if b.u(1) == 1 {
			for i := range lists {
				if b.u(1) == 1 {
					b.scalingList(i < 6)
				}
			}
		}
	}
	b.ue()
	switch b.ue() {
	case 0:
		b.ue()
	case 1:
		b.u(1)
		b.ue()
		b.ue()
		for n := b.ue(); n > 0 && n < 256 && !b.over; n-- {
			b.ue()
		}
	}
	b.ue()
	b.u(1)
	width, height := 16*int64(b.ue()+1), 16*int64(b.ue()+1)
	c.Fields = b.u(1) == 0
	unit := [2]int64{1, 1}
	if c.Chroma == 1 || c.Chroma == 2 {
		unit[0] = 2
	}
	if c.Chroma == 1 {
		unit[1] = 2
	}
	if c.Fields {
		height *= 2
		unit[1] *= 2
		b.u(1)
	}
	b.u(1)
	c.cut(b, width, height, unit)
	if b.u(1) == 1 {
		c.Aspect = b.aspect()
	}
	return c, !b.over
}

// cut reads the cropping that H.264 and H.265 write alike.
func (c *Coding) cut(b *bitReader, width, height int64, unit [2]int64) {
	if b.u(1) == 1 {
		for i := range c.Cut {
			v := int64(b.ue()) * unit[i/2]
			if v > 1<<16 {
				b.over = true
				return
			}
			c.Cut[i] = int(v)
		}
	}
	w, h := width-int64(c.Cut[0]+c.Cut[1]), height-int64(c.Cut[2]+c.Cut[3])
	if w > 1<<16 || h > 1<<16 {
		b.over = true
		return
	}
	c.Width, c.Height = int(w), int(h)
}

// scalingList passes a list over; its values do not matter here.
func (b *bitReader) scalingList(small bool) {
	n := 64
	if small {
		n = 16
	}
	last, next := 8, 8
	for range n {
		if next != 0 {
			next = (last + b.se() + 256) % 256
		}
		if next != 0 {
			last = next
		}
	}
}

// aspects are the sample aspect ratios of table E.1 of both standards.
var aspects = [...][2]uint32{
	{}, {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11}, {80, 33}, {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1},
}

// aspect reads the begin of the usability information, the same in both.
func (b *bitReader) aspect() [2]uint32 {
	if b.u(1) == 0 {
		return [2]uint32{}
	}
	switch n := b.u(8); {
	case n == 255:
		return [2]uint32{b.u(16), b.u(16)}
	case int(n) < len(aspects):
		return aspects[n]
	}
	return [2]uint32{}
}
