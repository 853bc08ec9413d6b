package evidence

import (
	"cmp"
	"slices"
	"sort"
	"sync"

	"vedette/media"
)

// MaxSamples bounds the samples of one file: three days of 25 pictures a second
// with sound. Orderly footage takes 5 to 20 bytes a sample, the worst 300 MiB.
const MaxSamples = 8 << 20

// record is one sample.
type record struct {
	offset int64
	dts    int64
	size   uint32 // with syncBit and badBit
	dur    uint32
	cts    int64
}

// Bits beside the size, which needs 26 (maxSize).
const (
	syncBit  = 1 << 31
	badBit   = 1 << 30 // its bytes are not media data and are not to be read
	sizeMask = badBit - 1
)

// maxSize is the largest sample accepted: 64 MiB is far above a coded picture
// of the largest size that is decoded.
const maxSize = 64 << 20

// hidden is the rank of a sample that is no frame.
const hidden = ^uint32(0)

// Table is the growing list of samples of one track, see media.Table.
type Table struct {
	track   uint32
	scale   uint32
	video   bool // a picture is shown until the next one
	entries int  // sample entries that the track has

	mu       sync.RWMutex
	recs     records
	places            // of the samples in order of presentation
	syncs    []uint32 // sync samples in decode order
	descs    []described
	runs     []run // of order, where the edit list goes back
	complete bool
	messy    bool // presentation order is far from decode order: sort at the end
	edits    edits
	start    media.Wall // of the origin of the presentation time line
}

// described says that the samples from one on are coded by a description.
type described struct{ from, index int }

var _ media.Table = (*Table)(nil)

func newTable(track, scale uint32) *Table { return &Table{track: track, scale: scale} }

// maxShift is how far a sample's place in order of presentation may lie from
// its place in decode order before the order is left to one sort at the end:
// sixteen reordered pictures are the most that H.264 and H.265 allow.
const maxShift = 64

// add appends samples under one lock. descs count from the first of them.
func (t *Table) add(rs []record, descs []described) {
	if len(rs) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range descs {
		if n := len(t.descs); n > 0 && t.descs[n-1].index == d.index || n == 0 && d.index == 0 {
			continue
		}
		t.descs = append(t.descs, described{t.recs.len() + d.from, d.index})
	}
	for _, r := range rs {
		i := uint32(t.recs.len()) //nolint:gosec // MaxSamples fits
		t.recs.add(r)
		if r.size&syncBit != 0 {
			t.syncs = append(t.syncs, i)
		}
		p, shown := t.present(i)
		if t.plain() && shown && t.behind(i, p) {
			t.n++
			continue
		}
		t.spread()
		t.rank = append(t.rank, hidden)
		if shown {
			t.insert(i, p)
		}
	}
	if t.messy && t.edits.backwards {
		t.sort()
	}
}

// behind reports whether a sample that is shown at p comes after all others, and
// none of them gives way to it.
func (t *Table) behind(i uint32, p int64) bool {
	if i == 0 {
		return true
	}
	before := t.pts(i - 1)
	return t.compare(i-1, before, i, p) <= 0 && (before != p || !t.covered(i-1, i))
}

// insert puts a sample that is shown at p in its place in order of presentation.
func (t *Table) insert(i uint32, p int64) {
	k := len(t.order)
	before, after := int64(0), int64(0) // presentation times around the place
	for n := 0; !t.messy && k > 0; n++ {
		if before = t.pts(t.order[k-1]); t.compare(t.order[k-1], before, i, p) <= 0 {
			break
		}
		if n == maxShift {
			t.messy = true
			k = len(t.order)
			break
		}
		k--
		after = before
	}
	switch {
	case t.messy:
	case k < len(t.order) && after == p && t.covered(i, t.order[k]):
		return
	case k > 0 && before == p && t.covered(t.order[k-1], i):
		t.rank[t.order[k-1]] = hidden
		t.order[k-1], t.rank[i] = i, uint32(k-1) //nolint:gosec // MaxSamples fits
		return
	}
	t.order = append(t.order, i)
	copy(t.order[k+1:], t.order[k:])
	t.order[k] = i
	for ; k < len(t.order); k++ {
		t.rank[t.order[k]] = uint32(k) //nolint:gosec // MaxSamples fits
	}
}

func (t *Table) composition(i uint32) int64 {
	at, _ := t.recs.when(int(i))
	return at
}

func (t *Table) present(i uint32) (int64, bool) {
	at, dur := t.recs.when(int(i))
	return t.edits.present(at, int64(dur))
}

func (t *Table) pts(i uint32) int64 {
	p, _ := t.present(i)
	return p
}

// compare orders samples by presentation, then by composition and decoding.
func (t *Table) compare(a uint32, atA int64, b uint32, atB int64) int {
	if c := cmp.Compare(atA, atB); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(t.composition(a), t.composition(b)), cmp.Compare(a, b))
}

// covered reports whether picture a, which began before an edit, has given way
// to b, shown at the same time, when the edit begins. Durations are those of
// decoding, so that this is known only when b is.
func (t *Table) covered(a, b uint32) bool {
	return len(t.edits.pieces) > 0 && t.composition(a) < t.composition(b)
}

// finish marks the table complete, sorting what could not be kept in order.
func (t *Table) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.messy {
		t.sort()
	}
	t.complete = true
}

func (t *Table) sort() {
	t.spread()
	type placed struct {
		at, composed int64
		i            uint32
	}
	all := make([]placed, 0, len(t.order))
	for _, i := range t.order {
		all = append(all, placed{t.pts(i), t.composition(i), i})
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.composed, b.composed), cmp.Compare(a.i, b.i))
	})
	kept := all[:0]
	for _, x := range all {
		if n := len(kept); n > 0 && kept[n-1].at == x.at && t.covered(kept[n-1].i, x.i) {
			t.rank[kept[n-1].i] = hidden
			kept = kept[:n-1]
		}
		kept = append(kept, x)
	}
	t.order = t.order[:0]
	for k, x := range kept {
		t.order = append(t.order, x.i)
		t.rank[x.i] = uint32(k) //nolint:gosec // MaxSamples fits
	}
	t.messy = false
}

// Len implements media.Table.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.recs.len()
}

// Complete implements media.Table.
func (t *Table) Complete() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.complete
}

// At implements media.Table.
func (t *Table) At(i int) media.Sample {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.at(i)
}

func (t *Table) at(i int) media.Sample {
	r := t.recs.at(i)
	p, _ := t.edits.present(r.dts+r.cts, int64(r.dur))
	pts := media.Ticks{Value: p, Scale: t.scale}
	return media.Sample{
		Track: t.track, Index: i, Description: t.description(i),
		DTS:      media.Ticks{Value: r.dts, Scale: t.scale},
		CTS:      media.Ticks{Value: r.dts + r.cts, Scale: t.scale},
		PTS:      pts,
		Duration: media.Ticks{Value: t.lasts(i, r, p), Scale: t.scale},
		Sync:     r.size&syncBit != 0,
		Hidden:   t.rankOf(i) == hidden,
		Offset:   r.offset, Size: int(r.size & sizeMask),
		Wall: t.start.Add(pts),
	}
}

func (t *Table) description(i int) int {
	k := sort.Search(len(t.descs), func(k int) bool { return t.descs[k].from > i })
	if k == 0 {
		return 0
	}
	return t.descs[k-1].index
}

// lasts returns how long sample i is shown from p on. The durations of a file are
// those of decoding: with pictures of unequal length that are stored in another
// order they belong to others. A picture stays until the next one, unless that
// is so far away that footage is missing.
func (t *Table) lasts(i int, r record, p int64) int64 {
	dur := int64(r.dur)
	k := int(t.rankOf(i)) + 1
	if !t.video || t.rankOf(i) == hidden {
		return dur
	}
	limit := max(int64(t.scale), 2*dur)
	if d := t.edits.dwell(r.dts+r.cts, dur); d > 0 {
		dur, limit = d, addSafe(d, limit)
	}
	if t.messy || k >= t.frames() {
		return dur
	}
	next := t.pts(t.sample(k))
	if d := next - p; d > 0 && d <= limit && !t.edits.paused(p, next) {
		return d
	}
	return dur
}

// SyncBefore implements media.Table.
func (t *Table) SyncBefore(i int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	k := sort.Search(len(t.syncs), func(k int) bool { return int(t.syncs[k]) > i })
	if k == 0 {
		return -1
	}
	return int(t.syncs[k-1])
}

// SyncAfter implements media.Table.
func (t *Table) SyncAfter(i int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	k := sort.Search(len(t.syncs), func(k int) bool { return int(t.syncs[k]) > i })
	if k == len(t.syncs) {
		return -1
	}
	return int(t.syncs[k])
}

// Syncs returns the number of sync samples known so far.
func (t *Table) Syncs() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.syncs)
}

// AtPTS implements media.Table.
func (t *Table) AtPTS(p media.Ticks) (int, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	k := sort.Search(t.frames(), func(k int) bool {
		return p.Before(media.Ticks{Value: t.pts(t.sample(k)), Scale: t.scale})
	})
	if k == 0 {
		return -1, false
	}
	return int(t.sample(k - 1)), true
}

// Next implements media.Table.
func (t *Table) Next(i int) int { return t.neighbour(i, 1) }

// Prev implements media.Table.
func (t *Table) Prev(i int) int { return t.neighbour(i, -1) }

func (t *Table) neighbour(i, d int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= t.recs.len() || t.rankOf(i) == hidden {
		return -1
	}
	k := int(t.rankOf(i)) + d
	if k < 0 || k >= t.frames() {
		return -1
	}
	return int(t.sample(k))
}

// Frame implements media.Table.
func (t *Table) Frame(i int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= t.recs.len() {
		return -1
	}
	return int(t.rankOf(i) + 1) // hidden is 0
}

// Frames returns the number of frames known so far.
func (t *Table) Frames() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.frames()
}

// run is a stretch of frames in which media time goes on: [from, to) counted
// from 0, and the last sample of it in decode order.
type run struct{ from, to, last int }

// Run returns the stretch around a frame in which pictures are shown in the
// order in which a decoder gives them: its first frame, the one after its last,
// and its last sample in decode order. It is false where that is everything.
func (t *Table) Run(frame int) (from, to, last int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.edits.backwards || t.frames() == 0 {
		return 0, 0, 0, false
	}
	// Only the runs are written here: who builds the index reads all else of the
	// table without its lock.
	if n := len(t.runs); n == 0 || t.runs[n-1].to != t.frames() {
		t.runs = t.runs[:0]
		for k := range t.frames() {
			i := t.sample(k)
			if k == 0 || t.composition(i) < t.composition(t.sample(k-1)) {
				t.runs = append(t.runs, run{from: k})
			}
			r := &t.runs[len(t.runs)-1]
			r.to, r.last = k+1, max(r.last, int(i))
		}
	}
	k := sort.Search(len(t.runs)-1, func(k int) bool { return t.runs[k].to >= frame })
	r := t.runs[k]
	return r.from + 1, r.to + 1, r.last, true
}

// ByFrame implements media.Table.
func (t *Table) ByFrame(n int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n < 1 || n > t.frames() {
		return -1
	}
	return int(t.sample(n - 1))
}

// Span returns the presentation time of the first sample and the end of the
// last one known; false when there are none.
func (t *Table) Span() (from, to media.Ticks, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.frames() == 0 {
		return from, to, false
	}
	first, last := t.at(int(t.sample(0))), t.at(int(t.sample(t.frames()-1)))
	return first.PTS, last.End(), true
}

func (t *Table) setStart(w media.Wall) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.start = w
}

func (t *Table) origin() media.Wall {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.start
}

func (t *Table) refused(i int) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.recs.at(i).size&badBit != 0
}

// next returns the decode time at which the next sample starts when nothing
// else says so: the end of the last one.
func (t *Table) next() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.recs.len() == 0 {
		return 0
	}
	r := t.recs.at(t.recs.len() - 1)
	return r.dts + int64(r.dur)
}
