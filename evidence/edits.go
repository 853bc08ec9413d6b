package evidence

import (
	"math"
	"sort"

	"vedette/evidence/bmff"
	"vedette/media"
)

// edits maps composition times to presentation times, both in the track's
// timescale (ISO/IEC 14496-12, 8.6.6). The zero value is the identity.
type edits struct {
	segments []segment
	lead     int64 // media time of the first normal edit
	gaps     []gapTicks
	upTo     []int64 // greatest "to" of the segments so far: finds the first that shows a time
}

type gapTicks struct{ from, to int64 }

// segment shows media time from..to at presentation time at.
type segment struct {
	from, to int64
	at       int64
}

// maxEdits bounds the entries that are used: real exports have one or two.
const maxEdits = 1024

func newEdits(list []bmff.Edit, movieScale, scale uint32) edits {
	var e edits
	if len(list) > maxEdits {
		list = list[:maxEdits]
	}
	var movie uint64 // presentation time in the movie's timescale
	first := true
	for _, x := range list {
		at := media.Ticks{Value: clampInt(movie), Scale: movieScale}.To(scale).Value
		dur := media.Ticks{Value: clampInt(x.Duration), Scale: movieScale}.To(scale).Value
		if x.MediaTime >= 0 {
			to := int64(math.MaxInt64)
			if x.Duration != 0 && len(list) > 1 {
				to = addSafe(x.MediaTime, dur)
			}
			e.segments = append(e.segments, segment{x.MediaTime, to, at})
			if first {
				e.lead, first = x.MediaTime, false
			}
		} else if !first {
			e.gaps = append(e.gaps, gapTicks{at, addSafe(at, dur)})
		}
		movie += x.Duration
	}
	// The last normal edit runs on: writers of growing files state a length that is too short.
	if n := len(e.segments); n > 0 {
		e.segments[n-1].to = math.MaxInt64
	}
	most := int64(math.MinInt64)
	for _, s := range e.segments {
		most = max(most, s.to)
		e.upTo = append(e.upTo, most)
	}
	return e
}

// present maps one composition time. Media before the first edit keeps its
// distance to it, so that pictures before the shown part have earlier times.
func (e edits) present(c int64) int64 {
	if len(e.segments) == 0 {
		return c
	}
	i := sort.Search(len(e.upTo)-1, func(i int) bool { return c < e.upTo[i] })
	return addSafe(e.segments[i].at, c-e.segments[i].from)
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
