package events

import (
	"sort"

	"vedette/media"
)

// stride is how many events lie between two sums. Counting to any event then
// costs one sum and fewer than stride events.
const stride = 64

// Bins counts the events selected by class in n stretches of equal length from
// from to to: out[class][stretch]. Its time does not grow with the number of
// events, so that it may be asked at every step of a zoom. The first call for a
// selection sums it up once.
func (x *Selection) Bins(from, to media.UTC, n int) [][]int {
	classes := len(x.s.Classes())
	out := make([][]int, classes)
	cells := make([]int, classes*max(n, 0))
	for c := range out {
		out[c] = cells[c*max(n, 0) : (c+1)*max(n, 0)]
	}
	span := uint64(to) - uint64(from) // no overflow where the ends are in order
	if x.Len() == 0 || n <= 0 || to <= from {
		return out
	}
	x.once.Do(x.sum)
	before, now := make([]uint32, classes), make([]uint32, classes)
	k := x.search(int64(from), 0)
	x.count(k, before)
	for i := range n {
		edge := int64(uint64(from) + span/uint64(n)*uint64(i+1) + span%uint64(n)*uint64(i+1)/uint64(n))
		next := x.search(edge, k)
		if next == k {
			continue
		}
		k = next
		x.count(k, now)
		for c := range now {
			out[c][i] = int(now[c] - before[c])
		}
		before, now = now, before
	}
	return out
}

// search returns the first event selected at or after t, from event k on. It
// looks near first: the edges of stretches follow each other.
func (x *Selection) search(t int64, k int) int {
	step := 1
	lo, hi := k, k
	for hi < x.Len() && x.time(hi) < t {
		lo, hi = hi+1, hi+step
		step *= 2
	}
	hi = min(hi, x.Len())
	return lo + sort.Search(hi-lo, func(i int) bool { return x.time(lo+i) >= t })
}

// sum counts the classes up to every stride-th event.
func (x *Selection) sum() {
	now := make([]uint32, len(x.s.classes))
	rows := x.Len()/stride + 1
	cells := make([]uint32, 0, rows*len(now))
	for k := range x.Len() {
		if k%stride == 0 {
			cells = append(cells, now...)
		}
		now[x.class(k)]++
	}
	if x.Len()%stride == 0 {
		cells = append(cells, now...)
	}
	for i := range rows {
		x.sums = append(x.sums, cells[i*len(now):(i+1)*len(now)])
	}
}

func (x *Selection) class(k int) uint32 { return x.s.shapes[x.s.shape[x.Index(k)]].class }

// count puts the number of events of each class before event k into to.
func (x *Selection) count(k int, to []uint32) {
	copy(to, x.sums[k/stride])
	for i := k / stride * stride; i < k; i++ {
		to[x.class(i)]++
	}
}
