package evidence

import (
	"math"
	"slices"
	"sort"

	"vedette/evidence/bmff"
	"vedette/media"
)

// edits maps composition times to presentation times, both in the track's
// timescale (ISO/IEC 14496-12, 8.6.6). The zero value is the identity.
//
// A sample is a frame once, however often the list plays it: where two edits
// show the same media, the earlier one counts. So the list comes down to pieces
// of media that do not overlap, each shown at one time.
type edits struct {
	pieces    []piece // in order of media time
	lead      int64   // media time of the first normal edit
	pauses    []span  // empty edits behind the first normal one
	repeats   []span  // presentation times at which media is played again
	dwells    int
	rates     int  // edits of a rate that is neither 0 nor 1
	backwards bool // the list plays media out of its order
	cut       int  // entries beyond the bound
	heard     bool // sound and metadata: a sample during which an edit begins keeps its own time
}

type span struct{ from, to int64 }

// piece shows media time from..to at presentation time at. With dwell it shows
// the one picture at from, for so long.
type piece struct {
	from, to int64
	at       int64
	dwell    int64
}

// maxEdits bounds the entries that are used: real exports have one or two.
const maxEdits = 1024

// newEdits reads an edit list. In a file that grows, with fragments, its last
// entry runs on: writers state there what they had when they began.
func newEdits(list []bmff.Edit, movieScale, scale uint32, grows bool) edits {
	var e edits
	if len(list) > maxEdits {
		e.cut = len(list) - maxEdits
		list = list[:maxEdits]
	}
	var movie int64 // presentation time in the movie's timescale
	first := true
	last := int64(math.MinInt64) // media time up to which the list has come
	for n, x := range list {
		at := scaled(movie, movieScale, scale)
		dur := scaled(clampInt(x.Duration), movieScale, scale)
		movie = addSafe(movie, clampInt(x.Duration))
		if x.MediaTime < 0 {
			if !first && dur > 0 {
				e.pauses = append(e.pauses, span{at, addSafe(at, dur)})
			}
			continue
		}
		p := piece{from: x.MediaTime, to: addSafe(x.MediaTime, dur), at: at}
		switch {
		case x.Rate == 0 && x.Duration != 0:
			p.to, p.dwell = p.from+1, dur
			e.dwells++
		case x.Duration == 0 || grows && n == len(list)-1:
			p.to = math.MaxInt64
		}
		if x.Rate != 0 && x.Rate != 1<<16 {
			e.rates++
		}
		if first {
			e.lead, first = x.MediaTime, false
		}
		if e.add(p, last) {
			last = max(last, p.from)
		}
	}
	return e
}

// add puts in what of a piece no earlier one shows. It reports whether there
// was any.
func (e *edits) add(p piece, last int64) bool {
	left := []piece{p}
	for _, o := range e.pieces {
		var next []piece
		for _, q := range left {
			if o.to <= q.from || q.to <= o.from {
				next = append(next, q)
				continue
			}
			if q.from < o.from {
				next = append(next, piece{q.from, o.from, q.at, q.dwell})
			}
			from, to := max(q.from, o.from), min(q.to, o.to)
			if o.dwell == 0 && q.dwell == 0 && to > from {
				e.repeats = append(e.repeats, span{addSafe(q.at, from-q.from), addSafe(q.at, to-q.from)})
			}
			if q.to > o.to {
				next = append(next, piece{o.to, q.to, addSafe(q.at, o.to-q.from), q.dwell})
			}
		}
		left = next
	}
	for _, q := range left {
		e.backwards = e.backwards || q.from < last
		k := sort.Search(len(e.pieces), func(k int) bool { return e.pieces[k].from > q.from })
		e.pieces = slices.Insert(e.pieces, k, q)
	}
	return len(left) > 0
}

// present maps one composition time of a sample that lasts dur. It is false for
// one that the list leaves out; media beside the shown part keeps its distance
// to it, so that what lies before has earlier times. A picture during which an edit
// begins is shown from there on.
func (e *edits) present(c, dur int64) (int64, bool) {
	if len(e.pieces) == 0 {
		return c, true
	}
	k := sort.Search(len(e.pieces), func(k int) bool { return e.pieces[k].to > c })
	if k == len(e.pieces) {
		p := e.pieces[k-1]
		return addSafe(p.at, c-p.from), false
	}
	p := e.pieces[k]
	switch {
	case c >= p.from:
		return addSafe(p.at, c-p.from), true
	case addSafe(c, dur) > p.from && e.heard:
		return addSafe(p.at, c-p.from), true
	case addSafe(c, dur) > p.from:
		return p.at, true
	}
	return addSafe(p.at, c-p.from), false
}

// dwell returns how long the picture at a composition time is held, 0 for as
// long as it lasts.
func (e *edits) dwell(c, dur int64) int64 {
	if e.dwells == 0 {
		return 0
	}
	k := sort.Search(len(e.pieces), func(k int) bool { return e.pieces[k].to > c })
	if k < len(e.pieces) && e.pieces[k].dwell > 0 && e.pieces[k].from < addSafe(c, max(dur, 1)) {
		return e.pieces[k].dwell
	}
	return 0
}

// paused reports whether an empty edit lies between two presentation times.
func (e *edits) paused(from, to int64) bool {
	k := sort.Search(len(e.pauses), func(k int) bool { return e.pauses[k].to > from })
	return k < len(e.pauses) && e.pauses[k].from < to
}

// scaled converts a length of the movie's timescale to the nearest tick.
func scaled(v int64, movieScale, scale uint32) int64 {
	t := media.Ticks{Value: v, Scale: movieScale}
	if scale > math.MaxUint32/2 {
		return t.To(scale).Value
	}
	return addSafe(t.To(2*scale).Value, 1) >> 1
}

func clampInt(v uint64) int64 {
	if v > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(v)
}

func addSafe(a, b int64) int64 {
	return media.Ticks{Value: a, Scale: 1}.Add(media.Ticks{Value: b, Scale: 1}).Value
}
