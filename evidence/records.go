package evidence

import (
	"math"
	"sort"
)

// records holds the samples of a track in a few bytes each. Samples follow one
// another in a file, and mostly in equal time: what follows from the sample
// before is not stored. Growing never moves what is there.
type records struct {
	n      int
	sizes  pages[uint32] // with syncBit and badBit
	shifts pages[int32]  // composition offsets of the samples of blocks that have any
	blocks pages[block]
	odd    map[int]record // what does not fit into the above
	last   record
	count  int // samples of the last block
}

// block is a run of samples that lie one behind the other in the file and in
// time, with one duration.
type block struct {
	offset int64
	dts    int64
	first  uint32 // index of its first sample
	dur    uint32
	shift  uint32 // place of its first composition offset in shifts, or none
}

const (
	blockSamples = 64
	none         = math.MaxUint32
)

// pages is a slice that grows without being copied.
type pages[T any] struct {
	list [][]T
	n    int
}

const pageSize = 4096

func (p *pages[T]) add(v T) {
	switch {
	case p.n == 0:
		p.list = append(p.list, nil) // small files are many
	case p.n%pageSize == 0:
		p.list = append(p.list, make([]T, 0, pageSize))
	}
	k := len(p.list) - 1
	p.list[k] = append(p.list[k], v)
	p.n++
}

func (p *pages[T]) at(i int) *T { return &p.list[i/pageSize][i%pageSize] }

func (r *records) len() int { return r.n }

// add appends a sample.
func (r *records) add(s record) {
	fits := s.cts >= math.MinInt32 && s.cts <= math.MaxInt32
	if !fits {
		if r.odd == nil {
			r.odd = map[int]record{}
		}
		r.odd[r.n] = s
		s.cts = 0
	}
	if !r.follows(s) {
		shift := uint32(none)
		if s.cts != 0 {
			shift = uint32(r.shifts.n) //nolint:gosec // MaxSamples fits
		}
		r.blocks.add(block{offset: s.offset, dts: s.dts, first: uint32(r.n), dur: s.dur, shift: shift}) //nolint:gosec // MaxSamples fits
		r.count = 0
	}
	r.sizes.add(s.size)
	if r.blocks.at(r.blocks.n-1).shift != none {
		r.shifts.add(int32(s.cts)) //nolint:gosec // looked at above
	}
	r.last = s
	r.count++
	r.n++
}

// follows reports whether a sample continues the last block.
func (r *records) follows(s record) bool {
	if r.n == 0 || r.count == blockSamples {
		return false
	}
	l := r.last
	shifted := r.blocks.at(r.blocks.n-1).shift != none
	return s.offset == l.offset+int64(l.size&sizeMask) && s.dts == l.dts+int64(l.dur) && s.dur == l.dur && (shifted || s.cts == 0)
}

// at returns sample i.
func (r *records) at(i int) record {
	if len(r.odd) > 0 {
		if s, ok := r.odd[i]; ok {
			return s
		}
	}
	b := r.blockOf(i)
	s := record{offset: b.offset, dts: b.dts + int64(i-int(b.first))*int64(b.dur), dur: b.dur, size: *r.sizes.at(i), cts: r.shiftOf(b, i)}
	for j := int(b.first); j < i; j++ {
		s.offset += int64(*r.sizes.at(j) & sizeMask)
	}
	return s
}

// when returns the composition time and the duration of sample i, at less
// expense than at.
func (r *records) when(i int) (composed int64, dur uint32) {
	if len(r.odd) > 0 {
		if s, ok := r.odd[i]; ok {
			return s.dts + s.cts, s.dur
		}
	}
	b := r.blockOf(i)
	return b.dts + int64(i-int(b.first))*int64(b.dur) + r.shiftOf(b, i), b.dur
}

func (r *records) blockOf(i int) *block {
	b := r.blocks.at(r.blocks.n - 1) // while a file is read the newest are asked for
	if int(b.first) > i {
		b = r.blocks.at(sort.Search(r.blocks.n, func(k int) bool { return int(r.blocks.at(k).first) > i }) - 1)
	}
	return b
}

func (r *records) shiftOf(b *block, i int) int64 {
	if b.shift == none {
		return 0
	}
	return int64(*r.shifts.at(int(b.shift) + i - int(b.first)))
}
