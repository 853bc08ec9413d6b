//go:build cgo

// Package audio is the way of sound to a device of this system. It owns the
// device while it is open, and decides nothing about what is played: it asks
// for frames when the device has room. Where there is no device Open says so
// at once.
//
// Ownership: the library's context and device are made by Open and Start and
// freed by Close. Frames are copied into the device's memory during a call; no
// pointer of either side is kept. pull is called on a thread of the library.
package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gen2brain/malgo"

	"vedette/player"
)

const (
	rate     = 48_000
	channels = 2
	// Three periods of 20 ms: short enough that volume acts at once, long enough
	// for a busy machine.
	periodMillis = 20
	periods      = 3
)

// errLost is told when the device stopped although nobody asked it to.
var errLost = errors.New("the device is gone")

// Open opens the default device of the system. Its error is player.ErrNoDevice
// where there is none that can be opened. Nothing is played before Start.
func Open() (player.Sink, error) { return open(backends()) }

// backends lists what may lead to a device, best first. The library's stand-in
// that plays into nothing is left out: it would look like sound.
func backends() []malgo.Backend {
	switch runtime.GOOS {
	case "windows":
		return []malgo.Backend{malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm}
	case "darwin":
		return []malgo.Backend{malgo.BackendCoreaudio}
	default:
		// JACK is left out: its library crashes the program where no server runs.
		// Systems that use it offer one of the others too.
		if !hasCard() {
			return []malgo.Backend{malgo.BackendPulseaudio}
		}
		return []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendAlsa}
	}
}

// hasCard tells whether Linux knows of any sound card. Where there is none ALSA
// would say so on standard error, in dozens of lines.
func hasCard() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	cards, err := os.ReadFile("/proc/asound/cards")
	return err == nil && !strings.Contains(string(cards), "no soundcards")
}

func open(b []malgo.Backend) (*sink, error) {
	ctx, err := malgo.InitContext(b, malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, player.ErrNoDevice
	}
	s := &sink{ctx: ctx}
	// What is listed may still be nothing that sounds: only opening tells.
	if err := s.prepare(); err != nil {
		_ = s.Close() // the first reason is the one that counts
		return nil, err
	}
	return s, nil
}

// sink is one device. Its methods are called by one goroutine at a time.
type sink struct {
	ctx  *malgo.AllocatedContext
	dev  *malgo.Device
	used bool // the device was started

	mu   sync.Mutex
	pull func([]float32)
	lost func(error) // nil while the device is to be silent

	values []float32 // of the device's thread
}

// Start implements player.Sink.
func (s *sink) Start(pull func([]float32), lost func(error)) error {
	if s.ctx == nil {
		return errors.New("the device is closed")
	}
	if s.used { // one that was started before may be lost
		s.free()
	}
	if err := s.prepare(); err != nil {
		return err
	}
	s.used = true
	s.set(pull, lost)
	if err := s.dev.Start(); err != nil {
		s.free()
		return fmt.Errorf("the device cannot be started: %w", err)
	}
	return nil
}

// prepare opens the device without starting it.
func (s *sink) prepare() error {
	if s.dev != nil {
		return nil
	}
	c := malgo.DefaultDeviceConfig(malgo.Playback)
	c.Playback.Format, c.Playback.Channels, c.SampleRate = malgo.FormatF32, channels, rate
	c.PeriodSizeInMilliseconds, c.Periods = periodMillis, periods
	dev, err := malgo.InitDevice(s.ctx.Context, c, malgo.DeviceCallbacks{Data: s.fill, Stop: s.stopped})
	switch {
	case errors.Is(err, malgo.ErrNoDevice):
		return player.ErrNoDevice
	case errors.Is(err, malgo.ErrFailedToOpenBackendDevice):
		return fmt.Errorf("%w that can be opened", player.ErrNoDevice)
	case err != nil:
		return fmt.Errorf("the device cannot be opened: %w", err)
	}
	s.dev = dev
	return nil
}

func (s *sink) set(pull func([]float32), lost func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pull, s.lost = pull, lost
}

// fill is called by the library for each period.
func (s *sink) fill(out, _ []byte, frames uint32) {
	s.mu.Lock()
	pull := s.pull
	s.mu.Unlock()
	n := int(frames) * channels
	if pull == nil || len(out) < 4*n {
		clear(out)
		return
	}
	if cap(s.values) < n {
		s.values = make([]float32, n)
	}
	values := s.values[:n]
	pull(values)
	for i, v := range values {
		binary.NativeEndian.PutUint32(out[4*i:], math.Float32bits(v))
	}
}

// stopped is called by the library when the device stopped for any reason.
func (s *sink) stopped() {
	s.mu.Lock()
	lost := s.lost
	s.lost = nil
	s.mu.Unlock()
	if lost != nil {
		lost(errLost)
	}
}

// Latency implements player.Sink: the periods that lie in the device's memory.
func (s *sink) Latency() time.Duration { return periods * periodMillis * time.Millisecond }

// Stop implements player.Sink.
func (s *sink) Stop() error {
	s.free()
	return nil
}

// free gives the device back to the system, so that other programs can have it.
func (s *sink) free() {
	s.set(nil, nil)
	if s.dev != nil {
		s.dev.Uninit()
		s.dev, s.used = nil, false
	}
}

// Close implements player.Sink.
func (s *sink) Close() error {
	s.free()
	if s.ctx == nil {
		return nil
	}
	err := s.ctx.Uninit()
	s.ctx.Free()
	s.ctx = nil
	if err != nil {
		return fmt.Errorf("audio: %w", err)
	}
	return nil
}
