//go:build cgo

package audio

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gen2brain/malgo"

	"vedette/player"
)

// silent is the way to the library's device that plays into nothing at the pace
// of a real one.
func silent(t *testing.T) *sink {
	t.Helper()
	// The binding's number for it is that of the library's custom backend; the next one is meant.
	s := newSink([]malgo.Backend{malgo.BackendNull + 1})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestDeviceTakesFramesAtItsPaceUntilStopped(t *testing.T) {
	s := silent(t)
	var taken atomic.Int64
	enough := make(chan struct{}, 1)
	pull := func(values []float32) {
		if taken.Add(int64(len(values)/2)) >= rate/2 {
			select {
			case enough <- struct{}{}:
			default:
			}
		}
	}
	lost := func(err error) { t.Error("lost: ", err) }
	for range 2 { // it can be started again
		taken.Store(0)
		begin := time.Now()
		if err := s.Start(pull, lost); err != nil {
			t.Fatal(err)
		}
		select {
		case <-enough:
		case <-time.After(10 * time.Second):
			t.Fatal("half a second of sound is not taken within ten")
		}
		if took := time.Since(begin); took < 500*time.Millisecond-s.Latency()-20*time.Millisecond {
			t.Errorf("half a second of sound was taken within %s", took)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		after := taken.Load()
		if err := s.Stop(); err != nil || taken.Load() != after {
			t.Errorf("after stopping: %v, %d frames more", err, taken.Load()-after)
		}
		select {
		case <-enough:
		default:
		}
	}
}

func TestDeviceThatStopsByItselfIsToldAsLost(t *testing.T) {
	s := silent(t)
	lost := make(chan error, 1)
	if err := s.Start(func(v []float32) { clear(v) }, func(err error) { lost <- err }); err != nil {
		t.Fatal(err)
	}
	if err := s.dev.Stop(); err != nil { // as the library does when the device is pulled out
		t.Fatal(err)
	}
	select {
	case err := <-lost:
		if !errors.Is(err, errLost) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was told")
	}
	if err := s.Start(func(v []float32) { clear(v) }, func(error) {}); err != nil {
		t.Error("starting anew: ", err)
	}
}

func TestSystemWithoutDeviceSaysSoAtOnce(t *testing.T) {
	begin := time.Now()
	s := New()
	defer s.Close()
	err := s.Start(func(v []float32) { clear(v) }, func(error) {})
	if err == nil {
		t.Skip("this system has a device")
	}
	if !errors.Is(err, player.ErrNoDevice) || !strings.HasPrefix(err.Error(), "no device") || strings.Contains(err.Error(), ":") {
		t.Errorf("the reason is %q", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestChosenDeviceIsPlayedOnByItsName(t *testing.T) {
	s := silent(t)
	outs, err := s.Outputs()
	if err != nil || len(outs) != 1 || outs[0].Name == "" {
		t.Fatalf("%v, error %v", outs, err)
	}
	s.Choose(outs[0].Name)
	if err := s.Start(func(v []float32) { clear(v) }, func(error) {}); err != nil {
		t.Fatal(err)
	}
	if s.Missing() != "" || s.watching != nil {
		t.Errorf("%q is said to be missing", s.Missing())
	}
}

func TestAbsentDeviceIsReplacedUntilItIsBack(t *testing.T) {
	watchEvery = time.Millisecond
	defer func() { watchEvery = 2 * time.Second }()
	s := silent(t)
	real := s.devices
	var back atomic.Bool
	s.devices = func() ([]malgo.DeviceInfo, error) {
		if back.Load() {
			return real()
		}
		return nil, errors.New("not now")
	}
	outs, err := real()
	if err != nil {
		t.Fatal(err)
	}
	name := outs[0].Name()
	s.Choose("Headphones that were unplugged")
	told := make(chan error, 1)
	if err := s.Start(func(v []float32) { clear(v) }, func(err error) { told <- err }); err != nil {
		t.Fatal(err)
	}
	if s.Missing() != "Headphones that were unplugged" {
		t.Errorf("%q is missing", s.Missing())
	}
	if err := s.Stop(); err != nil || s.watching != nil {
		t.Error("it is still looked for after stopping")
	}
	s.set(func(v []float32) { clear(v) }, func(err error) { told <- err })
	s.watch(name)
	back.Store(true)
	if err := <-told; !errors.Is(err, player.ErrReturned) {
		t.Errorf("told %v", err)
	}
}
