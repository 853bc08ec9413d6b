package decode

// hevcData reads the coded data of slices of H.265 without making a picture of
// them (ISO/IEC 23008-2, 7.3.8). Where data are damaged, the arithmetic code
// goes on with other symbols, and then it does not end where the slice ends:
// that is all that can be known of damage, and libraries do not tell it.
//
// Pictures of the profiles Main, Main 10 and Main Still Picture are read.
type hevcData struct {
	a   arith
	ctx [hevcContexts]uint8
	wpp [hevcContexts]uint8 // behind the second block of the row above
	dep [hevcContexts]uint8 // behind the slice segment before

	sps *hevcSPS
	pps *hevcPPS
	h   hevcSlice

	grid    []hevcCell // of 4x4 samples
	stride  int
	slices  []int // address of the slice of each coding tree block, -1: none yet
	tile    []int // of each block, in raster order
	toRS    []int // raster address by order of coding
	toTS    []int
	laidFor *hevcPPS
	done    int // blocks read of the picture, in order of coding
	address int // of the slice

	broken    bool // what was read cannot be
	coded     bool // the quantiser change of the group
	deltaSize int
	lossless  bool
	x, y      int // of the coding unit
	log2      int
	intra     bool
	part      int
	depthMax  int
	lumaModes [4]uint8
	chroma    uint8
}

// hevcCell is what neighbours ask of 4x4 samples.
type hevcCell struct {
	depth uint8
	mode  uint8 // of intra prediction; 1 (DC) for all else
	skip  bool
}

const (
	modePlanar = 0
	modeDC     = 1
)

// readable reports whether pictures of these parameter sets can be read.
func (s *hevcSPS) readable() bool {
	return s.profile >= 1 && s.profile <= 3 && s.chroma <= 1 && s.depth <= 10 && s.minCB >= 3 && s.ctb >= 4 && s.width%(1<<s.minCB) == 0 && s.height%(1<<s.minCB) == 0 && s.width*s.height <= maxPixels
}

// begin forgets the picture before.
func (d *hevcData) begin() { d.done, d.laidFor = 0, nil }

// slice reads the data of one slice segment. It reports whether they can have
// been meant: they begin where those before ended, hold a sound end, and end
// with the slice.
func (d *hevcData) slice(rbsp []byte, h hevcSlice, sps *hevcSPS, pps *hevcPPS) bool {
	if d.laidFor == nil {
		d.sps, d.pps, d.laidFor = sps, pps, pps
		if !d.lay() {
			return false
		}
	}
	if pps != d.laidFor || sps != d.sps || d.toTS[h.address] != d.done {
		return false // slices of it are missing
	}
	d.h, d.broken = h, false
	d.a.p = rbsp
	d.a.start(h.at / 8)
	if !h.dependent {
		d.address = h.address
	}
	d.deltaSize = sps.ctb - pps.deltaQPDepth
	width := sps.across()
	for first := true; ; first = false {
		rs := d.toRS[d.done]
		d.slices[rs] = d.address
		d.prepare(rs, first)
		d.block(rs)
		end := d.a.terminates()
		if d.broken || d.a.past() {
			return false
		}
		d.done++
		if pps.wavefronts && (rs%width == 1 || rs > 1 && rs%width != 0 && d.tile[rs] != d.tile[max(rs-2, 0)]) {
			d.wpp = d.ctx
		}
		if end {
			break
		}
		if d.done == len(d.toRS) {
			return false
		}
		next := d.toRS[d.done]
		newTile := d.tile[next] != d.tile[rs]
		if pps.tiles && newTile || pps.wavefronts && (next%width == 0 || newTile || d.tile[next] != d.tile[next-1]) {
			if !d.a.terminates() {
				return false
			}
			at, ends := d.a.tail()
			if !ends {
				return false
			}
			d.a.start(at)
		}
	}
	d.dep = d.ctx
	at, ends := d.a.tail()
	return ends && at == len(rbsp)
}

// complete reports whether all blocks of the picture were read.
func (d *hevcData) complete() bool { return d.laidFor != nil && d.done == len(d.toRS) }

// lay works out in which order blocks are coded (6.5.1).
func (d *hevcData) lay() bool {
	w, h := d.sps.across(), d.sps.down()
	columns, rows := spread(d.pps.nColumns, w, d.pps.columns), spread(d.pps.nRows, h, d.pps.rows)
	if columns == nil || rows == nil {
		return false
	}
	n := w * h
	if len(d.toRS) != n {
		d.toRS, d.toTS, d.tile, d.slices = make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	}
	ts := 0
	for ty := range len(rows) - 1 {
		for tx := range len(columns) - 1 {
			for y := rows[ty]; y < rows[ty+1]; y++ {
				for x := columns[tx]; x < columns[tx+1]; x++ {
					rs := y*w + x
					d.toRS[ts], d.toTS[rs], d.tile[rs], d.slices[rs] = rs, ts, ty*len(columns)+tx, -1
					ts++
				}
			}
		}
	}
	d.stride = w << d.sps.ctb >> 2
	if size := d.stride * (h << d.sps.ctb >> 2); len(d.grid) != size {
		d.grid = make([]hevcCell, size)
	}
	return true
}

// spread returns the borders of tiles.
func spread(n, blocks int, sizes []int) []int {
	out := []int{0}
	for i := range n {
		at := (i + 1) * blocks / n
		if sizes != nil && i < n-1 && i < len(sizes) {
			at = out[i] + sizes[i]
		} else if sizes != nil {
			at = blocks
		}
		if at <= out[i] || at > blocks {
			return nil
		}
		out = append(out, at)
	}
	return out
}

// prepare gives the contexts their states before a block (9.3.1).
func (d *hevcData) prepare(rs int, first bool) {
	w := d.sps.across()
	newTile := d.done == 0 || d.tile[rs] != d.tile[d.toRS[d.done-1]]
	row := d.pps.wavefronts && (rs%w == 0 || d.tile[rs] != d.tile[rs-1])
	switch {
	case newTile && (first || d.pps.tiles):
		d.reset()
	case row:
		d.reset()
		if up := rs - w + 1; rs >= w && rs%w < w-1 && d.slices[up] == d.address && d.tile[up] == d.tile[rs] {
			d.ctx = d.wpp
		}
	case first && d.h.dependent:
		d.ctx = d.dep
	case first:
		d.reset()
	}
}

func (d *hevcData) reset() {
	kind := 0
	switch {
	case d.h.kind == 1:
		kind = 1
	case d.h.kind == 0:
		kind = 2
	}
	if d.h.init && kind > 0 {
		kind = 3 - kind
	}
	for i, v := range hevcInit[kind] {
		d.ctx[i] = firstState(int(v>>4)*5-45, int(v&15)<<3-16, d.h.qp)
	}
}

// cell returns what is known of the neighbour at a place, nil where there is none.
func (d *hevcData) cell(x, y int) *hevcCell {
	if x < 0 || y < 0 || x >= d.sps.width || y >= d.sps.height {
		return nil
	}
	w := d.sps.across()
	rs, own := y>>d.sps.ctb*w+x>>d.sps.ctb, d.toRS[d.done]
	if d.slices[rs] != d.address || d.tile[rs] != d.tile[own] {
		return nil
	}
	return &d.grid[y>>2*d.stride+x>>2]
}

// fill sets the cells of an area.
func (d *hevcData) fill(x, y, size int, do func(c *hevcCell)) {
	for j := y >> 2; j < (y+size)>>2; j++ {
		row := d.grid[j*d.stride:]
		for i := x >> 2; i < (x+size)>>2; i++ {
			do(&row[i])
		}
	}
}

// block reads a coding tree unit.
func (d *hevcData) block(rs int) {
	w := d.sps.across()
	if d.h.saoLuma || d.h.saoC {
		d.offsets(rs, w)
	}
	d.tree(rs%w<<d.sps.ctb, rs/w<<d.sps.ctb, d.sps.ctb, 0)
}

// offsets reads sample adaptive offsets (7.3.8.3).
func (d *hevcData) offsets(rs, w int) {
	same := func(other int) bool { return d.slices[other] == d.address && d.tile[other] == d.tile[rs] }
	if rs%w > 0 && same(rs-1) && d.a.bit(&d.ctx[ctxSAOMerge]) == 1 || rs >= w && same(rs-w) && d.a.bit(&d.ctx[ctxSAOMerge]) == 1 {
		return
	}
	kind := 0
	planes := 3
	if d.sps.chroma == 0 {
		planes = 1
	}
	for c := range planes {
		depth := d.sps.depth
		if c > 0 {
			depth = d.sps.depthC
		}
		if c == 0 && !d.h.saoLuma || c > 0 && !d.h.saoC {
			continue
		}
		if c < 2 {
			if kind = d.a.bit(&d.ctx[ctxSAOType]); kind == 1 {
				kind += d.a.bypass()
			}
		}
		if kind == 0 {
			continue
		}
		limit := 1<<(min(depth, 10)-5) - 1
		var signs int
		for range 4 {
			v := 0
			for v < limit && d.a.bypass() == 1 {
				v++
			}
			if v > 0 {
				signs++
			}
		}
		if kind == 1 {
			d.a.bypasses(signs + 5)
		} else if c < 2 {
			d.a.bypasses(2)
		}
	}
}

// tree reads a coding quadtree (7.3.8.4).
func (d *hevcData) tree(x, y, log2, depth int) {
	size := 1 << log2
	split := log2 > d.sps.minCB
	if split && x+size <= d.sps.width && y+size <= d.sps.height {
		n := 0
		for _, c := range [2]*hevcCell{d.cell(x-1, y), d.cell(x, y-1)} {
			if c != nil && int(c.depth) > depth {
				n++
			}
		}
		split = d.a.bit(&d.ctx[ctxSplit+n]) == 1
	}
	if d.pps.deltaQP && log2 >= d.deltaSize {
		d.coded = false
	}
	if !split {
		d.unit(x, y, log2, depth)
		return
	}
	half := size / 2
	for i := range 4 {
		if cx, cy := x+i&1*half, y+i>>1*half; cx < d.sps.width && cy < d.sps.height {
			d.tree(cx, cy, log2-1, depth+1)
		}
	}
}

// Partitions of coding units.
const (
	partWhole = iota
	part2NxN
	partNx2N
	partNxN
	part2NxnU
	part2NxnD
	partnLx2N
	partnRx2N
)

// unit reads a coding unit (7.3.8.5).
func (d *hevcData) unit(x, y, log2, depth int) {
	size := 1 << log2
	d.x, d.y, d.log2, d.part, d.intra = x, y, log2, partWhole, true
	d.lossless = d.pps.lossless && d.a.bit(&d.ctx[ctxLossless]) == 1
	skip := false
	if d.h.kind != 2 {
		n := 0
		for _, c := range [2]*hevcCell{d.cell(x-1, y), d.cell(x, y-1)} {
			if c != nil && c.skip {
				n++
			}
		}
		skip = d.a.bit(&d.ctx[ctxSkip+n]) == 1
	}
	d.fill(x, y, size, func(c *hevcCell) { *c = hevcCell{depth: uint8(depth), mode: modeDC, skip: skip} })
	if skip {
		d.mergeIndex()
		return
	}
	if d.h.kind != 2 {
		d.intra = d.a.bit(&d.ctx[ctxPredMode]) == 1
	}
	if !d.intra || log2 == d.sps.minCB {
		d.part = d.partition()
	}
	rest := true
	switch {
	case !d.intra:
		merged := d.motion(depth)
		if !merged || d.part != partWhole {
			rest = d.a.bit(&d.ctx[ctxRootCBF]) == 1
		}
	case d.part == partWhole && d.sps.pcm && log2 >= d.sps.minPCM && log2 <= d.sps.maxPCM && d.a.terminates():
		d.samples(log2)
		return
	default:
		d.modes()
	}
	if rest && !d.broken {
		d.depthMax = d.sps.depthInter
		if d.intra {
			d.depthMax = d.sps.depthIntra
			if d.part == partNxN {
				d.depthMax++
			}
		}
		d.transforms(x, y, log2, 0, 0, [2]bool{true, true})
	}
}

func (d *hevcData) partition() int {
	if d.a.bit(&d.ctx[ctxPartMode]) == 1 {
		return partWhole
	}
	if d.intra {
		return partNxN
	}
	across := d.a.bit(&d.ctx[ctxPartMode+1]) == 1
	if d.log2 == d.sps.minCB {
		switch {
		case across:
			return part2NxN
		case d.log2 == 3 || d.a.bit(&d.ctx[ctxPartMode+2]) == 1:
			return partNx2N
		}
		return partNxN
	}
	part, odd := partNx2N, partnLx2N
	if across {
		part, odd = part2NxN, part2NxnU
	}
	if !d.sps.amp || d.a.bit(&d.ctx[ctxPartMode+3]) == 1 {
		return part
	}
	return odd + d.a.bypass()
}

// samples passes over a block that is stored as it is.
func (d *hevcData) samples(log2 int) {
	at, ends := d.a.tail()
	bits := d.sps.pcmDepth << (2 * log2)
	if d.sps.chroma == 1 {
		bits += d.sps.pcmDepthC << (2*log2 - 1)
	}
	d.broken = d.broken || !ends
	d.a.start(at + (bits+7)/8)
}

// modes reads the modes of intra prediction (8.4.2, 8.4.3).
func (d *hevcData) modes() {
	parts, size := 1, 1<<d.log2
	if d.part == partNxN {
		parts, size = 4, size/2
	}
	var known [4]bool
	for i := range parts {
		known[i] = d.a.bit(&d.ctx[ctxPrevIntra]) == 1
	}
	for i := range parts {
		x, y := d.x+i&1*size, d.y+i>>1*size
		c := d.candidates(x, y)
		var mode int
		if known[i] {
			k := d.a.bypass()
			if k == 1 {
				k += d.a.bypass()
			}
			mode = c[k]
		} else {
			mode = d.a.bypasses(5)
			if c[0] > c[1] {
				c[0], c[1] = c[1], c[0]
			}
			if c[0] > c[2] {
				c[0], c[2] = c[2], c[0]
			}
			if c[1] > c[2] {
				c[1], c[2] = c[2], c[1]
			}
			for _, k := range c {
				if mode >= k {
					mode++
				}
			}
		}
		d.lumaModes[i] = uint8(mode)
		d.fill(x, y, size, func(c *hevcCell) { c.mode = uint8(mode) })
	}
	if d.sps.chroma == 0 {
		return
	}
	d.chroma = d.lumaModes[0]
	if d.a.bit(&d.ctx[ctxChromaMode]) == 1 {
		if m := [4]uint8{modePlanar, 26, 10, modeDC}[d.a.bypasses(2)]; m != d.chroma {
			d.chroma = m
		} else {
			d.chroma = 34
		}
	}
}

func (d *hevcData) candidates(x, y int) [3]int {
	a, b := modeDC, modeDC
	if c := d.cell(x-1, y); c != nil {
		a = int(c.mode)
	}
	if c := d.cell(x, y-1); c != nil && (y-1)>>d.sps.ctb == y>>d.sps.ctb {
		b = int(c.mode)
	}
	switch {
	case a == b && a < 2:
		return [3]int{modePlanar, modeDC, 26}
	case a == b:
		return [3]int{a, 2 + (a+29)%32, 2 + (a-1)%32}
	case a != modePlanar && b != modePlanar:
		return [3]int{a, b, modePlanar}
	case a != modeDC && b != modeDC:
		return [3]int{a, b, modeDC}
	}
	return [3]int{a, b, 26}
}

// motion reads the prediction units, and reports whether the last was merged.
func (d *hevcData) motion(depth int) (merged bool) {
	n := 1 << d.log2
	sizes := [][2]int{{n, n}}
	switch d.part {
	case part2NxN:
		sizes = [][2]int{{n, n / 2}, {n, n / 2}}
	case partNx2N:
		sizes = [][2]int{{n / 2, n}, {n / 2, n}}
	case part2NxnU:
		sizes = [][2]int{{n, n / 4}, {n, n * 3 / 4}}
	case part2NxnD:
		sizes = [][2]int{{n, n * 3 / 4}, {n, n / 4}}
	case partnLx2N:
		sizes = [][2]int{{n / 4, n}, {n * 3 / 4, n}}
	case partnRx2N:
		sizes = [][2]int{{n * 3 / 4, n}, {n / 4, n}}
	case partNxN:
		sizes = [][2]int{{n / 2, n / 2}, {n / 2, n / 2}, {n / 2, n / 2}, {n / 2, n / 2}}
	}
	for _, s := range sizes {
		if merged = d.a.bit(&d.ctx[ctxMerge]) == 1; merged {
			d.mergeIndex()
			continue
		}
		first, second := true, false
		if d.h.kind == 0 {
			if s[0]+s[1] != 12 && d.a.bit(&d.ctx[ctxInterPred+min(depth, 3)]) == 1 {
				second = true
			} else if d.a.bit(&d.ctx[ctxInterPred+4]) == 1 {
				first, second = false, true
			}
		}
		if first {
			d.reference(d.h.refs[0])
			d.difference()
			d.a.bit(&d.ctx[ctxMVP])
		}
		if second {
			d.reference(d.h.refs[1])
			if !first || !d.h.zeroMVD {
				d.difference()
			}
			d.a.bit(&d.ctx[ctxMVP])
		}
	}
	return merged
}

func (d *hevcData) mergeIndex() {
	if d.h.merges > 1 && d.a.bit(&d.ctx[ctxMergeIndex]) == 1 {
		for n := 1; n < d.h.merges-1 && d.a.bypass() == 1; n++ {
		}
	}
}

func (d *hevcData) reference(count int) {
	for n := 0; n < count-1; n++ {
		v := 0
		if n < 2 {
			v = d.a.bit(&d.ctx[ctxRef+n]) // the same for both lists
		} else {
			v = d.a.bypass()
		}
		if v == 0 {
			return
		}
	}
}

// difference reads a difference of motion vectors (7.3.8.9).
func (d *hevcData) difference() {
	var some, more [2]bool
	for i := range some {
		some[i] = d.a.bit(&d.ctx[ctxMVD]) == 1
	}
	for i := range more {
		more[i] = some[i] && d.a.bit(&d.ctx[ctxMVD+1]) == 1
	}
	for i := range some {
		if more[i] {
			k := 1
			for d.a.bypass() == 1 {
				if k++; k > 17 {
					d.broken = true
					return
				}
			}
			d.a.bypasses(k)
		}
		if some[i] {
			d.a.bypass()
		}
	}
}
