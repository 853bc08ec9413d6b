package player

import (
	"math"

	"vedette/media"
)

// What a view wants follows from where it is, which way it moves and how fast.
// Everything here is called with the view's lock held.

// Bounds of what is wanted ahead.
const (
	aheadPlaying = 8 // decoded frames ahead of the one shown
	aheadPaused  = 4
	behindTarget = 2    // frames kept at least before one that is sought
	behindMost   = 12   // and at most, where the sync sample is far
	soonBack     = 3    // with fewer frames ready for moving back somebody waits
	firstBack    = 12   // and so many are decoded at first
	drawnAhead   = 2    // converted frames that wait
	fastest      = 16.0 // above this rate only sync pictures are shown
	allShown     = 2.0  // up to this rate every picture is shown
	mostShown    = 30   // pictures a second above it
)

// cursor is the frame number of the position.
func (v *View) cursor() int {
	i, ok := v.table.AtPTS(v.at.Sub(v.zero))
	if !ok {
		return 1
	}
	return v.table.Frame(i)
}

// cached returns the picture of a frame number, nil when it is not there.
func (v *View) cached(n int) *kept {
	k := v.cache.frames[n]
	if k != nil && k.sample != v.table.ByFrame(n) { // the index grew before it
		v.cache.remove(k)
		return nil
	}
	return k
}

// around says what the cache is to keep.
func (v *View) around() around {
	a := around{v.cursor(), v.ahead, v.stride()}
	if v.served != v.gen && v.target >= 0 {
		a.place = v.table.Frame(v.target)
	}
	return a
}

// stride is how many frames lie between two that are shown.
func (v *View) stride() int {
	r := math.Abs(v.rate)
	if !v.playing || r <= allShown {
		return 1
	}
	i := v.table.ByFrame(v.cursor())
	if i < 0 {
		return 1
	}
	long := v.table.At(i).Duration.To(media.Hundred).Value
	return int(max(1, min(r*media.Hundred/mostShown/float64(max(long, 1)), 1000)))
}

func (v *View) syncOnly() bool { return v.playing && math.Abs(v.rate) > fastest }

// SyncOnly is what State.Skipping says above the rate at which others are shown.
const SyncOnly = "sync pictures only"

// skipping tells in words what is left out.
func (v *View) skipping() string {
	switch {
	case v.syncOnly():
		return SyncOnly
	case v.stride() > 1:
		return "not every picture is shown"
	}
	return ""
}

// next returns the frame that is shown after another, 0 or one past the last
// when there is none.
func (v *View) next(n int) int {
	if v.syncOnly() {
		return v.nextSync(n)
	}
	k := v.stride()
	if v.ahead < 0 {
		return (n - 1) / k * k
	}
	return (n/k + 1) * k
}

func (v *View) nextSync(n int) int {
	i := v.table.ByFrame(n)
	if i < 0 {
		return 0
	}
	if v.ahead > 0 {
		for s := v.table.SyncAfter(i); s >= 0; s = v.table.SyncAfter(s) {
			if f := v.table.Frame(s); f > 0 {
				return f
			}
		}
		return media.Frames(v.table) + 1
	}
	for s := i; s > 0; {
		if s = v.table.SyncBefore(s - 1); s < 0 {
			break
		}
		if f := v.table.Frame(s); f > 0 && f < n {
			return f
		}
	}
	return 0
}

// upcoming returns the first frame that is to be shown after those that are
// shown or wait: the next one, or the one that is due by now when that is later.
func (v *View) upcoming() (n int, late bool) {
	last := v.shownNumber()
	if l := len(v.queue); l > 0 {
		last = v.queue[l-1].Number
	} else if last == 0 || v.shown.Near {
		last = v.table.Frame(v.target)
	}
	n = v.next(last)
	if !v.playing {
		return n, false
	}
	for v.passedOver(n) {
		n = v.next(n)
	}
	// A frame further on is due already when decoding fell behind, or when
	// nobody pulled for a while.
	due := v.cursor()
	if (due-n)*v.ahead > 0 {
		if v.syncOnly() {
			due = max(v.shownSync(v.table.ByFrame(due)), 1)
		} else if k := v.stride(); k > 1 {
			due = max(due/k*k, 1)
		}
		for v.passedOver(due) {
			due = v.next(due)
		}
		if (due-n)*v.ahead > 0 {
			return due, true
		}
	}
	return n, false
}

// passedOver reports whether decoding has left out a frame on its way forwards:
// it does not turn round for it.
func (v *View) passedOver(n int) bool {
	return v.ahead > 0 && v.runFrom > 0 && n >= v.runFrom && n < v.runTo && v.cached(n) == nil
}

// job is a run of frames to be decoded into the cache.
type job struct {
	gen      int
	from, to int // frame numbers, both included
	stride   int
	only     bool // just this sync picture
	refill   bool // for moving back
	lean     bool // late: what nothing refers to is left out
	poll     bool // the index has to grow first
}

// plan says what to decode next; ok is false when there is nothing.
func (v *View) plan() (j job, ok bool) {
	if v.target < 0 && v.table.Len() > 0 {
		v.target = v.table.ByFrame(1)
		v.gen++
	}
	if v.target < 0 || v.hidden {
		return job{}, false
	}
	j = job{gen: v.gen, stride: 1}
	if v.served != v.gen {
		n := v.table.Frame(v.target)
		if v.cached(n) != nil {
			return job{}, false
		}
		sync := v.shownSync(v.target)
		if v.near && sync > 0 && sync < n && v.cached(sync) == nil && v.nearGen != v.gen {
			j.from, j.to, j.only = sync, sync, true
			return j, true
		}
		// Of what lies before, the decoder skips what nothing refers to.
		// The farther it is, the longer stepping back would wait for those before.
		keep := min(max((n-sync)/20, behindTarget), behindMost, v.cache.capacity()/2)
		j.from, j.to = max(1, min(sync, n), n-keep), n
		return j, true
	}
	if v.ended || v.state.Error != "" {
		return job{}, false
	}
	if v.ahead < 0 {
		return v.planBack(j)
	}
	n, late := v.upcoming()
	count := min(aheadPaused, max(v.cache.capacity()-2, 0)) // what has no room would be decoded again and again
	if v.playing {
		count = min(aheadPlaying, max(v.cache.capacity()/2, 1))
	}
	for range count {
		i := v.table.ByFrame(n)
		if i < 0 {
			j.poll = !v.table.Complete()
			return j, j.poll
		}
		if v.cached(n) == nil {
			j.from, j.to, j.stride, j.only = n, n, v.stride(), v.syncOnly()
			if late && j.stride == 1 {
				// What is decoded on the way is shown as well, late as it is.
				j.from, j.lean = min(n, max(v.shownNumber()+1, v.shownSync(i))), true
			}
			return j, true
		}
		n = v.next(n)
	}
	return job{}, false
}

// planBack wants the stretch before the frames that lie ready for moving back.
func (v *View) planBack(j job) (job, bool) {
	n, _ := v.upcoming()
	room := v.cache.capacity()
	have := 0
	for n >= 1 && v.cached(n) != nil && have < room {
		n = v.next(n)
		have++
	}
	if n < 1 || have > room/2 || have >= max(room-1, 1) {
		return job{}, false
	}
	i := v.table.ByFrame(n)
	if i < 0 {
		return job{}, false
	}
	j.refill, j.stride, j.to = true, v.stride(), n
	if v.syncOnly() {
		j.from, j.only = n, true
		return j, have < aheadPlaying
	}
	sync := v.shownSync(i)
	most := max(room-have-4, 1)
	if have < soonBack {
		most = min(most, firstBack) // somebody waits for these
	}
	j.from = max(1, min(sync, n), n-most*j.stride)
	return j, true
}

// superseded reports whether a job is no longer worth going on with, now that
// the reader delivers a certain frame next; it follows a target on its way.
func (v *View) superseded(j *job, position int) bool {
	switch {
	case v.closed || v.hidden:
		return true
	case v.gen != j.gen:
		n := v.table.Frame(v.target)
		if v.served == v.gen || v.cached(n) != nil {
			if !j.refill || v.ahead > 0 {
				return true
			}
			j.gen = v.gen
			return false
		}
		if position > n || n > j.to && v.syncBetween(position, n) {
			return true
		}
		if j.gen = v.gen; !j.refill || n > j.to {
			j.to = n
		}
		return false
	case j.refill:
		return v.ahead > 0 || v.playing && v.cursor() < j.from
	}
	return false
}

// syncBetween reports whether decoding from a sync sample reaches frame n sooner
// than going on at frame position does.
func (v *View) syncBetween(position, n int) bool {
	i := v.table.ByFrame(n)
	if i < 0 {
		return true
	}
	s := v.table.SyncBefore(i)
	return s >= 0 && v.table.Frame(s) > position
}
