//go:build cgo

// Package audio is the way of sound to a device of this system. It owns the
// device while it plays, and decides nothing about what is played: it asks for
// frames when the device has room. Where there is no device Start says so.
//
// Ownership: the library's context and device are made by Start and freed by
// Stop, so that a system of sound that was restarted meanwhile is met anew.
// Frames are copied into the device's memory during a call; no pointer of
// either side is kept. pull is called on a thread of the library.
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
	"unsafe"

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

// freeWithin is how long the system may take to let go of a device.
const freeWithin = time.Second

// errLost is told when the device stopped although nobody asked it to.
var errLost = errors.New("the device is gone")

// New returns the way to the devices of the system. Nothing is opened before
// Start, whose error is player.ErrNoDevice where there is none that can be.
func New() player.Sink { return newSink(backends()) }

func newSink(b []malgo.Backend) *sink {
	return &sink{backends: b, devices: func() ([]malgo.DeviceInfo, error) { return list(b) }}
}

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

// sink is one device at a time. Start, Stop and Close are called by one
// goroutine at a time.
type sink struct {
	backends []malgo.Backend
	devices  func() ([]malgo.DeviceInfo, error)
	ctx      *malgo.AllocatedContext
	dev      *malgo.Device
	closed   bool
	watching chan struct{} // ends the watch for the chosen device
	watched  chan struct{} // closed when it has ended

	mu      sync.Mutex
	chosen  string // "" for the system's device
	missing bool   // another plays in its place
	pull    func([]float32)
	lost    func(error) // nil while the device is to be silent

	values []float32 // of the device's thread
}

var _ player.Chooser = (*sink)(nil)

// Start implements player.Sink.
func (s *sink) Start(pull func([]float32), lost func(error)) error {
	if s.closed {
		return errors.New("the device is closed")
	}
	s.free() // one that was started before may be lost
	missing, err := s.prepare()
	if err != nil {
		s.free()
		return err
	}
	s.set(pull, lost)
	if err := s.dev.Start(); err != nil {
		s.free()
		return fmt.Errorf("the device cannot be started: %w", err)
	}
	if missing != "" {
		s.watch(missing)
	}
	return nil
}

// prepare opens the chosen device, or the system's while there is none of its
// name, without starting it. What is listed may still be nothing that sounds:
// only opening tells.
func (s *sink) prepare() (missing string, err error) {
	if s.ctx, err = malgo.InitContext(s.backends, malgo.ContextConfig{}, nil); err != nil {
		return "", player.ErrNoDevice
	}
	s.mu.Lock()
	name := s.chosen
	s.mu.Unlock()
	if name != "" {
		missing = name
		found, _ := s.ctx.Devices(malgo.Playback) // nothing listed is nothing found
		for _, d := range found {
			if d.Name() == name && s.open(&d.ID) == nil {
				missing = ""
				break
			}
		}
	}
	if s.dev == nil {
		err = s.open(nil)
	}
	s.mu.Lock()
	s.missing = missing != "" && err == nil
	s.mu.Unlock()
	return missing, err
}

// open opens one device, the system's when id is nil.
func (s *sink) open(id *malgo.DeviceID) error {
	c := malgo.DefaultDeviceConfig(malgo.Playback)
	c.Playback.Format, c.Playback.Channels, c.SampleRate = malgo.FormatF32, channels, rate
	c.PeriodSizeInMilliseconds, c.Periods = periodMillis, periods
	if id != nil {
		var pin runtime.Pinner // the library copies it
		pin.Pin(id)
		defer pin.Unpin()
		c.Playback.DeviceID = unsafe.Pointer(id)
	}
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
func (s *sink) stopped() { s.tell(errLost) }

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
	if s.watching != nil {
		close(s.watching)
		<-s.watched
		s.watching = nil
	}
	if s.dev == nil && s.ctx == nil {
		return
	}
	freed := make(chan struct{})
	go func(dev *malgo.Device, ctx *malgo.AllocatedContext) {
		defer close(freed)
		if dev != nil {
			dev.Uninit()
		}
		_ = ctx.Uninit() // there is nothing that could be done about it
		ctx.Free()
	}(s.dev, s.ctx)
	s.dev, s.ctx = nil, nil
	// With PulseAudio the library waits for ever for a device that was taken
	// away while it played. Then it is left behind: it pulls nothing any more.
	limit := time.NewTimer(freeWithin)
	defer limit.Stop()
	select {
	case <-freed:
	case <-limit.C:
	}
}

// Close implements player.Sink.
func (s *sink) Close() error {
	s.free()
	s.closed = true
	return nil
}
