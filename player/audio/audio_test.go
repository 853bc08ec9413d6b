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

// silent opens the library's device that plays into nothing at the pace of a real one.
func silent(t *testing.T) *sink {
	t.Helper()
	// The binding's number for it is that of the library's custom backend; the next one is meant.
	s, err := open([]malgo.Backend{malgo.BackendNull + 1})
	if err != nil {
		t.Fatal(err)
	}
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

func TestDeviceIsOpenedWhenItIsNeededFirst(t *testing.T) {
	sink := player.LazySink(func() (player.Sink, error) { return silent(t), nil })
	if sink.Latency() != 0 {
		t.Error("the device was opened before it was needed")
	}
	taken := make(chan struct{}, 1)
	err := sink.Start(func(v []float32) {
		clear(v)
		select {
		case taken <- struct{}{}:
		default:
		}
	}, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	<-taken
	if sink.Latency() != 60*time.Millisecond {
		t.Errorf("the latency is %s", sink.Latency())
	}
	if err := sink.Close(); err != nil {
		t.Error(err)
	}
}

func TestSystemWithoutDeviceSaysSoAtOnce(t *testing.T) {
	begin := time.Now()
	s, err := Open()
	if err == nil {
		defer s.Close()
		t.Skip("this system has a device")
	}
	if !errors.Is(err, player.ErrNoDevice) || !strings.HasPrefix(err.Error(), "no device") || strings.Contains(err.Error(), ":") {
		t.Errorf("the reason is %q", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}
