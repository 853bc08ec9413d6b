package player

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"vedette/media"
)

// stream is the sound of one view from one position on, until anything about
// playing changes. What one stream has left in its ring never reaches another.
type stream struct {
	view  *View
	track media.Track
	base  media.UTC // axis time of place 0 of the ring
	zero  media.UTC // axis time of the track's presentation time 0
	ring  *ring
	ctx   context.Context //nolint:containedctx // ends with the stream
	end   context.CancelFunc

	written atomic.Bool // nothing more comes

	// Under the engine's lock until the device is handed the stream.
	attached  bool
	joinedAt  int64 // when that was, and what was due to be taken then
	joinPlace int64

	// The device's clock: what is pulled at the moment t belongs to the time
	// anchor+t on the stream. Written by the device's thread.
	pulled atomic.Int64 // moment of the last pull, 0 for none
	anchor atomic.Int64
}

func newStream(v *View, base media.UTC) *stream {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream{view: v, track: *v.cfg.Sound, base: base, ring: newRing(), ctx: ctx, end: cancel}
	v.mu.Lock()
	s.zero = v.zero
	v.mu.Unlock()
	// The two tracks may begin at different moments of the recorder's clock.
	a, b := v.cfg.Source.Origin(s.track.ID), v.cfg.Source.Origin(v.cfg.Track.ID)
	if a.Known() && b.Known() {
		s.zero += a.UTC - b.UTC
	}
	return s
}

// farAway bounds places, so that sums of them cannot overflow. It is centuries.
const farAway = 1 << 50

// place returns where a presentation time of the track lies in the ring. It may
// be far outside.
func (s *stream) place(pts media.Ticks) int64 { return s.placeOf(s.zero.Add(pts)) }

// placeOf returns where an axis time lies in the ring.
func (s *stream) placeOf(at media.UTC) int64 {
	return min(max(at.Sub(s.base).To(soundRate).Value, -farAway), farAway)
}

// pull gives the device what is next and takes its pace.
func (s *stream) pull(values []float32, now int64) {
	if s.pulled.Load() == 0 {
		waited := media.FromDuration(time.Duration(now - s.joinedAt)).To(soundRate).Value
		s.ring.skipTo(s.joinPlace + waited - int64(len(values)/2))
	}
	s.ring.take(values)
	s.anchor.Store(int64(media.Ticks{Value: s.ring.read.Load(), Scale: soundRate}.Duration()) - now)
	s.pulled.Store(now)
}

// silentDevice is how long a device may take nothing before it counts as gone.
const silentDevice = 500 * time.Millisecond

// drawOut is how far the time between two pulls is filled in.
const drawOut = 150 * time.Millisecond

// heard returns the axis time of what can be heard now.
func (s *stream) heard(now int64, latency time.Duration) (media.UTC, bool) {
	pulled := s.pulled.Load()
	if pulled == 0 {
		return 0, false
	}
	at := s.anchor.Load() + min(now, pulled+int64(drawOut)) - int64(latency)
	return s.base + media.UTC(at/100), true
}

// fadeFrames is the length of the ramp when sound begins and ends, 5 ms, so that
// neither is heard as a click.
const fadeFrames = 240

// mixer is what the device calls. Its fields belong to the device's thread.
type mixer struct {
	now    func() int64
	volume *atomic.Uint64
	stream *atomic.Pointer[stream]
	level  *atomic.Uint32

	last *stream
	gain float32
	tail [2 * fadeFrames]float32
}

func (m *mixer) pull(values []float32) {
	s := m.stream.Load()
	if s != nil {
		s.pull(values, m.now())
	} else {
		clear(values)
	}
	target := float32(math.Float64frombits(m.volume.Load()))
	if s != m.last {
		m.change(values, s)
	}
	var peak float32
	frames := len(values) / 2
	step := (target - m.gain) / float32(max(frames, 1))
	for i := range frames {
		m.gain += step
		values[2*i] *= m.gain
		values[2*i+1] *= m.gain
		peak = max(peak, abs(values[2*i]), abs(values[2*i+1]))
	}
	m.gain = target
	m.level.Store(math.Float32bits(peak))
}

// change lets the former stream die away and the new one swell.
func (m *mixer) change(values []float32, s *stream) {
	frames := min(fadeFrames, len(values)/2)
	tail := m.tail[:2*frames]
	clear(tail)
	if m.last != nil {
		m.last.ring.take(tail)
	}
	m.last = s
	for i := range frames {
		in := float32(i) / float32(frames)
		for c := range 2 {
			values[2*i+c] = values[2*i+c]*in + tail[2*i+c]*(1-in)
		}
	}
}

func abs(v float32) float32 { return float32(math.Abs(float64(v))) }
