package decode

import "sync"

// codes looks codes up by the bits that lie ahead.
type codes struct {
	bits  int
	value []uint16 // value<<5 | length, 0: none
}

func lookup(t codeTable) codes {
	var c codes
	for _, n := range t.size {
		c.bits = max(c.bits, int(n))
	}
	c.value = make([]uint16, 1<<c.bits)
	for v, n := range t.size {
		if n == 0 {
			continue
		}
		free := c.bits - int(n)
		for i := range 1 << free {
			c.value[int(t.bits[v])<<free|i] = uint16(v)<<5 | uint16(n)
		}
	}
	return c
}

var avcCodes = sync.OnceValue(func() (out struct {
	token [5]codes
	zeros [15]codes
	dc    [3]codes
	run   [7]codes
}) {
	for i, t := range tokenCodes {
		out.token[i] = lookup(t)
	}
	for i, t := range zerosCodes {
		out.zeros[i] = lookup(t)
	}
	for i, t := range zerosCodesDC {
		out.dc[i] = lookup(t)
	}
	for i, t := range runCodes {
		out.run[i] = lookup(t)
	}
	return out
})

// code reads one code.
func (b *bitReader) code(c codes) int {
	at := b.at
	v := c.value[b.u(c.bits)]
	b.at = at + int(v&31)
	b.over = v == 0 || b.at > 8*len(b.p) // what lay ahead may have been behind the end
	return int(v >> 5)
}

// variable reads a slice in which symbols have codes of their own (CAVLC). It
// goes on with a sensible symbol at nearly any bit, but seldom ends where the
// slice ends.
func (d *avcData) variable(rbsp []byte) bool {
	b := &bitReader{p: rbsp, at: d.h.at}
	d.b = b
	count := d.sps.width * d.sps.height
	for !d.broken && !b.over {
		if d.h.kind != 2 {
			run := b.within(uint32(count - d.done))
			for range run {
				d.neighbours()
				d.cur.skip, d.cur.direct = true, d.h.kind == 1
				d.done++
			}
			if run > 0 && !b.more() {
				break
			}
		}
		if d.done >= count {
			return false
		}
		d.neighbours()
		d.macroblock()
		d.done++
		if !b.more() {
			break
		}
	}
	return !d.broken && !b.over && b.ends()
}

// ends reports whether the one that ends a payload is the next bit.
func (b *bitReader) ends() bool {
	rest := *b
	return rest.flag() && !rest.over && !b.more()
}

// vlcKind reads the type of a macroblock.
func (d *avcData) vlcKind() int {
	m := d.cur
	kind := int(d.b.within(48))
	inter := [3]int{5, 23, 0}[d.h.kind]
	if kind < inter {
		m.direct = d.h.kind == 1 && kind == 0
		return kind
	}
	kind -= inter
	m.intra, m.nxn, m.pcm = true, kind == 0, kind == 25
	m.i16 = kind > 0 && kind < 25
	if kind > 25 {
		d.broken = true
	}
	return kind
}

func (d *avcData) vlcPattern() {
	kind, grey := 1, 0
	if d.cur.intra {
		kind = 0
	}
	if d.sps.chromaFormat == 0 {
		grey = 1
	}
	list := patternCodes[kind][grey]
	v := list[d.b.within(uint32(len(list)-1))]
	d.cur.luma, d.cur.chroma = v&15, v>>4
}

// vlcReference reads a reference (te, 9.1).
func (d *avcData) vlcReference(count int) {
	if count == 2 {
		d.b.skip(1)
		return
	}
	d.b.within(uint32(count - 1))
}

// vlcResiduals reads the coefficients of a macroblock.
func (d *avcData) vlcResiduals() {
	m := d.cur
	if m.i16 {
		d.vlcBlock(d.around(0, 0), 16)
	}
	for quarter := range 4 {
		if m.luma>>quarter&1 == 0 {
			continue
		}
		for i := range 4 {
			total := 16
			if m.i16 {
				total = 15
			}
			at := (quarter>>1*2+i>>1)*4 + quarter&1*2 + i&1
			m.total[0][at] = uint8(d.vlcBlock(d.around(0, at), total))
		}
	}
	for c := 1; c < 3 && m.chroma > 0; c++ {
		d.vlcBlock(-1, 4)
	}
	for c := 1; c < 3 && m.chroma == 2; c++ {
		for i := range 4 {
			at := i>>1*4 + i&1
			m.total[c][at] = uint8(d.vlcBlock(d.around(c, at), 15))
		}
	}
}

// around works out how many coefficients a block is likely to have.
func (d *avcData) around(c, block int) int {
	x, y := block&3, block>>2
	left, lb := d.beside(x, y)
	above, ab := d.over(x, y)
	if c > 0 && x == 0 {
		lb = y*4 + 1
	}
	if c > 0 && y == 0 {
		ab = 4 + x
	}
	switch {
	case left != nil && above != nil:
		return (int(left.total[c][lb]) + int(above.total[c][ab]) + 1) >> 1
	case left != nil:
		return int(left.total[c][lb])
	case above != nil:
		return int(above.total[c][ab])
	}
	return 0
}

// vlcBlock reads the coefficients of one block (9.2) and returns their number.
func (d *avcData) vlcBlock(around, most int) int {
	b, tables := d.b, avcCodes()
	table := 3
	switch {
	case around < 0:
		table = 4
	case around < 2:
		table = 0
	case around < 4:
		table = 1
	case around < 8:
		table = 2
	}
	token := b.code(tables.token[table])
	total, ones := token>>2, token&3
	if total > most || b.over {
		d.broken = true
		return 0
	}
	if total == 0 {
		return 0
	}
	b.skip(ones)
	size := 0
	if total > 10 && ones < 3 {
		size = 1
	}
	for i := ones; i < total && !b.over; i++ {
		size = d.vlcLevel(size, i == ones && ones < 3)
	}
	left := 0
	if total < most {
		if table == 4 {
			left = b.code(tables.dc[total-1])
		} else {
			left = b.code(tables.zeros[total-1])
		}
	}
	if total+left > most {
		d.broken = true
		return 0
	}
	for i := 1; i < total && left > 0 && !b.over; i++ {
		left -= b.code(tables.run[min(left, 7)-1])
	}
	d.broken = d.broken || left < 0 || b.over
	return total
}

// vlcLevel reads one coefficient and returns the size of the next one's suffix.
func (d *avcData) vlcLevel(size int, first bool) int {
	b := d.b
	prefix := 0
	for !b.flag() {
		if prefix++; prefix > 25 || b.over {
			d.broken = true
			return size
		}
	}
	code := min(prefix, 15) << size
	suffix := size
	switch {
	case prefix == 14 && size == 0:
		suffix = 4
	case prefix > 14:
		suffix = prefix - 3
	}
	code += int(b.u(suffix))
	if prefix > 14 && size == 0 {
		code += 15
	}
	if prefix > 15 {
		code += 1<<(prefix-3) - 4096
	}
	if first {
		code += 2
	}
	level := (code + 2) >> 1
	if code&1 == 1 {
		level = (code + 1) >> 1
	}
	if size == 0 {
		size = 1
	}
	if level > 3<<(size-1) && size < 6 {
		size++
	}
	return size
}
