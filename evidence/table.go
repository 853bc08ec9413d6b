package evidence

import (
	"cmp"
	"slices"
	"sort"
	"sync"

	"vedette/media"
)

// MaxSamples bounds the samples of one file: three days of 25 pictures a
// second with sound, or 320 MiB of table.
const MaxSamples = 8 << 20

// record is one sample: 32 bytes.
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

// Table is the growing list of samples of one track, see media.Table.
type Table struct {
	track uint32
	scale uint32

	mu       sync.RWMutex
	recs     []record
	order    []uint32 // samples in order of presentation
	rank     []uint32 // its inverse
	syncs    []uint32 // sync samples in decode order
	complete bool
	messy    bool // presentation order is far from decode order: sort at the end
	edits    edits
	start    media.Wall // of the origin of the presentation time line
}

var _ media.Table = (*Table)(nil)

func newTable(track, scale uint32) *Table { return &Table{track: track, scale: scale} }

// maxShift is how far a sample's place in order of presentation may lie from
// its place in decode order before the order is left to one sort at the end:
// sixteen reordered pictures are the most that H.264 and H.265 allow.
const maxShift = 64

// add appends samples under one lock.
func (t *Table) add(rs []record) {
	if len(rs) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range rs {
		i := uint32(len(t.recs)) //nolint:gosec // MaxSamples fits
		t.recs = append(t.recs, r)
		if r.size&syncBit != 0 {
			t.syncs = append(t.syncs, i)
		}
		t.order = append(t.order, i)
		t.rank = append(t.rank, i)
		if t.messy {
			continue
		}
		k := int(i)
		for n := 0; k > 0 && t.composition(t.order[k-1]) > t.composition(i); n++ {
			if n == maxShift {
				t.messy = true
				break
			}
			t.order[k] = t.order[k-1]
			t.rank[t.order[k]] = uint32(k) //nolint:gosec // MaxSamples fits
			k--
		}
		t.order[k] = i
		t.rank[i] = uint32(k) //nolint:gosec // MaxSamples fits
	}
}

func (t *Table) composition(i uint32) int64 { return t.recs[i].dts + t.recs[i].cts }

// finish marks the table complete, sorting what could not be kept in order.
func (t *Table) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.messy {
		slices.SortFunc(t.order, func(a, b uint32) int {
			return cmp.Or(cmp.Compare(t.composition(a), t.composition(b)), cmp.Compare(a, b))
		})
		for k, i := range t.order {
			t.rank[i] = uint32(k) //nolint:gosec // MaxSamples fits
		}
		t.messy = false
	}
	t.complete = true
}

// Len implements media.Table.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.recs)
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
	r := t.recs[i]
	pts := media.Ticks{Value: t.edits.present(r.dts + r.cts), Scale: t.scale}
	return media.Sample{
		Track: t.track, Index: i,
		DTS:      media.Ticks{Value: r.dts, Scale: t.scale},
		PTS:      pts,
		Duration: media.Ticks{Value: int64(r.dur), Scale: t.scale},
		Sync:     r.size&syncBit != 0,
		Offset:   r.offset, Size: int(r.size & sizeMask),
		Wall: t.start.Add(pts),
	}
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
	k := sort.Search(len(t.order), func(k int) bool {
		at := media.Ticks{Value: t.edits.present(t.composition(t.order[k])), Scale: t.scale}
		return p.Before(at)
	})
	if k == 0 {
		return -1, false
	}
	return int(t.order[k-1]), true
}

// Next implements media.Table.
func (t *Table) Next(i int) int { return t.neighbour(i, 1) }

// Prev implements media.Table.
func (t *Table) Prev(i int) int { return t.neighbour(i, -1) }

func (t *Table) neighbour(i, d int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= len(t.rank) {
		return -1
	}
	k := int(t.rank[i]) + d
	if k < 0 || k >= len(t.order) {
		return -1
	}
	return int(t.order[k])
}

// Frame implements media.Table.
func (t *Table) Frame(i int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if i < 0 || i >= len(t.rank) {
		return -1
	}
	return int(t.rank[i]) + 1
}

// ByFrame implements media.Table.
func (t *Table) ByFrame(n int) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n < 1 || n > len(t.order) {
		return -1
	}
	return int(t.order[n-1])
}

// Span returns the presentation time of the first sample and the end of the
// last one known; false when there are none.
func (t *Table) Span() (from, to media.Ticks, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.order) == 0 {
		return from, to, false
	}
	first, last := t.at(int(t.order[0])), t.at(int(t.order[len(t.order)-1]))
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
	return t.recs[i].size&badBit != 0
}

// next returns the decode time at which the next sample starts when nothing
// else says so: the end of the last one.
func (t *Table) next() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.recs) == 0 {
		return 0
	}
	r := t.recs[len(t.recs)-1]
	return r.dts + int64(r.dur)
}
