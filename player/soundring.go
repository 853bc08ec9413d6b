package player

import "sync/atomic"

// ringFrames is how much sound may wait for the device: a third of a second.
// It is a power of two.
const ringFrames = 1 << 14

// ring carries frames from one writer to one reader without a lock. Places are
// counted from 0 for the whole life of the ring.
//
// The reader's place always moves on by what the device took, also when there
// was nothing to give: it is a clock. What is written too late for it is
// dropped, so that late sound is missing instead of shifted.
type ring struct {
	data  [2 * ringFrames]float32
	read  atomic.Int64 // next place the device takes
	wrote atomic.Int64 // next place to be written
	room  chan struct{}
}

func newRing() *ring { return &ring{room: make(chan struct{}, 1)} }

// take fills values with the next frames, or silence where there are none. Only
// the reader calls it.
func (r *ring) take(values []float32) {
	at, frames := r.read.Load(), int64(len(values)/2)
	ready := min(max(r.wrote.Load()-at, 0), frames)
	for i := range ready {
		from := 2 * ((at + i) % ringFrames)
		values[2*i], values[2*i+1] = r.data[from], r.data[from+1]
	}
	clear(values[2*ready:])
	r.skipTo(at + frames)
}

// skipTo moves the reader on without taking anything.
func (r *ring) skipTo(place int64) {
	if place > r.read.Load() {
		r.read.Store(place)
	}
	select {
	case r.room <- struct{}{}:
	default:
	}
}

// put writes what fits of pcm, which belongs at the given place, and returns
// how many of its frames are done with, be it written or dropped. A stretch
// before the place that was never written becomes silence; while that does not
// fit, nothing is done with. Only the writer calls it.
//
// It never writes what the reader may be reading: that lies before wrote, and
// the room ends where the reader was at the latest.
func (r *ring) put(place int64, pcm []float32) int64 {
	read := r.read.Load()
	at, end := max(r.wrote.Load(), read), read+ringFrames
	for ; at < place && at < end; at++ {
		to := 2 * (at % ringFrames)
		r.data[to], r.data[to+1] = 0, 0
	}
	frames := int64(len(pcm) / 2)
	done := int64(0)
	if at >= place {
		done = min(at-place, frames)
		for ; done < frames && at < end; done, at = done+1, at+1 {
			to := 2 * (at % ringFrames)
			r.data[to], r.data[to+1] = pcm[2*done], pcm[2*done+1]
		}
	}
	r.wrote.Store(at)
	return done
}
