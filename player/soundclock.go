package player

import (
	"errors"
	"math"
	"time"

	"vedette/media"
)

const (
	// lead is how much sound before the position a stream holds: a device that
	// takes much at once begins a little earlier.
	lead = soundRate / 10
	// joinWith is how much sound waits when the device begins to take it.
	joinWith = soundRate / 10
	// deviation is how far the position may be from what is heard before it is
	// put right at once.
	deviation = media.UTC(40 * media.Hundred / 1000)
	// settling is the time in which a smaller deviation fades.
	settling = 500 * time.Millisecond
	// maxLatency bounds what a sink may say of itself.
	maxLatency = 200 * time.Millisecond
	// slowStart is how long a device may take to take its first sound.
	slowStart = 3 * time.Second
)

// steady is what is remembered between two looks at the device's clock.
type steady struct {
	looked  int64
	last    media.UTC // position at the last look
	pulled  int64
	silent  time.Duration // since the device took something, as far as it was looked at
	leading bool
}

var errSilentDevice = errors.New("the device stopped")

// hush ends what is heard; what comes next is a stream of its own. Called with
// the lock held.
func (e *Engine) hush() {
	if e.sound.order != nil {
		e.sound.want(nil)
	}
}

// followSound begins and ends streams as the transport needs them, and leads
// the position after what is heard. Called with the lock held.
func (e *Engine) followSound() {
	s := e.sound
	sink, missing := s.output()
	wanted := e.audible()
	s.ask(wanted)
	if missing != nil || !wanted {
		e.hush()
		return
	}
	st, v := s.order, e.heard()
	if st != nil && (st.view != v || st.ctx.Err() != nil) {
		e.hush() // another is listened to, or the sink was lost and is there again
		st = nil
	}
	if st == nil {
		s.want(newStream(v, e.position()-media.UTC(lead*media.Hundred/soundRate)))
		return
	}
	if e.held {
		return
	}
	latency := min(max(sink.Latency(), 0), maxLatency)
	if !st.attached {
		s.join(st, e.position(), latency)
		return
	}
	now := s.now()
	passed, alive := s.steady.look(now, st.pulled.Load())
	if !alive {
		s.lose(sink, errSilentDevice)
		e.hush()
		return
	}
	if heard, ok := st.heard(now, latency); ok {
		e.steer(heard, passed)
	}
}

// audible reports whether the transport is one at which sound is played.
// Called with the lock held.
func (e *Engine) audible() bool {
	v := e.heard()
	return e.playing && e.rate == 1 && !e.sound.muted && v != nil && v.cfg.Sound != nil
}

// look notes the moment of the device's last pull. It returns the time since
// the last look, as far as it counts, and whether the device still works: a
// computer that slept is no silent device.
func (k *steady) look(now, pulled int64) (passed time.Duration, alive bool) {
	passed = time.Duration(min(max(now-k.looked, 0), int64(silentDevice/5)))
	k.looked = now
	if pulled != k.pulled {
		k.pulled, k.silent = pulled, 0
		return passed, true
	}
	k.silent += passed
	limit := silentDevice
	if pulled == 0 {
		limit = slowStart
	}
	return passed, k.silent < limit
}

// steer moves the position towards what is heard. Called with the lock held.
func (e *Engine) steer(heard media.UTC, passed time.Duration) {
	k := &e.sound.steady
	at := e.position()
	switch off := heard - at; {
	case off > deviation:
		at = heard
	case off < -deviation:
		// Time never runs backwards: it waits for the sound.
		if k.leading {
			at = k.last
		}
	default:
		at += off * media.UTC(passed) / media.UTC(settling)
	}
	e.axis, e.base = at, e.now()
	k.last, k.leading = at, true
}

// join hands a stream to the device once enough of it is decoded. The place
// from which the device takes follows the clock until then.
func (s *sound) join(st *stream, at media.UTC, latency time.Duration) {
	now := s.now()
	place := st.placeOf(at.Add(media.FromDuration(latency)))
	st.ring.skipTo(place - lead)
	wrote := st.ring.wrote.Load()
	if wrote < place+joinWith && (!st.written.Load() || wrote <= place) {
		return
	}
	st.joinedAt, st.joinPlace, st.attached = now, place, true
	s.steady = steady{looked: now}
	s.current.Store(st)
}

// status tells what is known of the sound. Called with the engine's lock held.
func (e *Engine) soundStatus() SoundStatus {
	s := e.sound
	out := SoundStatus{
		Volume: math.Float64frombits(s.volume.Load()), Muted: s.muted, Leading: s.order != nil && s.steady.leading,
	}
	if c, ok := s.chooser(); ok {
		out.Missing = c.Missing()
	}
	v := e.heard()
	if v == nil || v.cfg.Sound == nil {
		return out
	}
	if s.current.Load() != nil {
		out.Level = float64(math.Float32frombits(s.level.Load()))
	}
	_, missing := s.output()
	s.mu.Lock()
	failed, damage := s.failed[v], s.damage[v]
	s.mu.Unlock()
	switch {
	case missing != nil:
		out.State, out.Reason = SoundNoOutput, noOutput(missing)
	case failed != "":
		out.State, out.Reason = SoundFailed, failed
	case s.muted:
		out.State = SoundMuted
	case e.rate != 1:
		out.State, out.Reason = SoundOffSpeed, offSpeed
	default:
		out.State, out.Reason = SoundOn, damage
	}
	return out
}
