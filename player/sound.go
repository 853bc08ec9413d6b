package player

import (
	"errors"
	"math"
	"time"
)

// soundRate is the rate of frames, each of two channels, that sinks are given.
const soundRate = 48_000

// Sink is where sound goes: a device, or a stand-in of a test. It is driven by
// one goroutine at a time, except for Latency.
type Sink interface {
	// Start begins to call pull, from a thread of the device, for as many
	// interleaved stereo values at 48 kHz as it has room for; pull fills all of
	// them and never waits. lost is called when the device is gone for good,
	// possibly more than once; it must not be called within Start. Start may
	// follow Stop.
	Start(pull func(values []float32), lost func(reason error)) error
	// Latency is the time from the return of pull to the hearing of what comes
	// after the frames it gave.
	Latency() time.Duration
	// Stop ends the calls of pull before it returns.
	Stop() error
	// Close stops and frees the device.
	Close() error
}

// SoundState says whether the sound of the view that is listened to can be heard.
type SoundState uint8

// The states. The zero value is a view without sound.
const (
	SoundNone     SoundState = iota
	SoundOn                  // heard while playing
	SoundMuted               // switched off
	SoundOffSpeed            // the rate is not 1
	SoundNoOutput            // there is no device, or it is gone
	SoundFailed              // the track cannot be decoded
)

// String returns the word used on screen and in scripts.
func (s SoundState) String() string {
	switch s {
	case SoundOn:
		return "on"
	case SoundMuted:
		return "muted"
	case SoundOffSpeed:
		return "off-speed"
	case SoundNoOutput:
		return "no-output"
	case SoundFailed:
		return "failed"
	default:
		return "none"
	}
}

// SoundStatus is what is known of the sound at one moment.
type SoundStatus struct {
	State   SoundState
	Reason  string  // in plain words; with SoundOn it tells of damage
	Volume  float64 // 0 to 1, also while muted
	Muted   bool
	Level   float64 // peak of what was handed to the device last, 0 to 1
	Leading bool    // the position follows the device's clock
	Missing string  // the chosen device, while another plays in its place
}

// ErrNoDevice is the reason of a sink that found nothing to play on.
var ErrNoDevice = errors.New("no device")

// errNoSink is the reason while no sink was given to the engine.
var errNoSink = errors.New("not set up")

const offSpeed = "sound plays at normal speed only"

func noOutput(reason error) string { return "no sound output: " + reason.Error() }

// SetSink gives the engine its sink, which it owns from then on; nil takes it
// away. The sink is started when there is something to be heard.
func (e *Engine) SetSink(s Sink) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hush()
	e.sound.setSink(s)
}

// SetVolume sets how loud sound is, from 0 to 1.
func (e *Engine) SetVolume(v float64) {
	if math.IsNaN(v) {
		return
	}
	e.sound.volume.Store(math.Float64bits(min(max(v, 0), 1)))
}

// SetMuted switches sound off or on again.
func (e *Engine) SetMuted(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if on {
		e.hush()
	}
	e.sound.muted = on
}
