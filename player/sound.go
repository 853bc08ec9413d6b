package player

import (
	"errors"
	"math"
	"sync"
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

// LazySink returns a sink that is opened when it is started first, so that a
// program that never plays sound never touches a device.
func LazySink(open func() (Sink, error)) Sink { return &lazySink{open: open} }

type lazySink struct {
	open func() (Sink, error)
	mu   sync.Mutex
	sink Sink
}

func (l *lazySink) get() Sink {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sink
}

func (l *lazySink) Start(pull func([]float32), lost func(error)) error {
	s := l.get()
	if s == nil {
		var err error
		if s, err = l.open(); err != nil {
			return err
		}
		l.mu.Lock()
		l.sink = s
		l.mu.Unlock()
	}
	return s.Start(pull, lost)
}

func (l *lazySink) Latency() time.Duration {
	if s := l.get(); s != nil {
		return s.Latency()
	}
	return 0
}

func (l *lazySink) Stop() error {
	if s := l.get(); s != nil {
		return s.Stop()
	}
	return nil
}

func (l *lazySink) Close() error {
	l.mu.Lock()
	s := l.sink
	l.sink = nil
	l.mu.Unlock()
	if s != nil {
		return s.Close()
	}
	return nil
}

// SoundState says whether the sound of the focused view can be heard.
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
