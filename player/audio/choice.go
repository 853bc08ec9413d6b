//go:build cgo

package audio

import (
	"fmt"
	"time"

	"github.com/gen2brain/malgo"

	"vedette/player"
)

// watchEvery is how often it is looked whether the chosen device is back.
var watchEvery = 2 * time.Second

// list returns the devices there are, through a context of its own: it may be
// asked while another thread plays.
func list(b []malgo.Backend) ([]malgo.DeviceInfo, error) {
	ctx, err := malgo.InitContext(b, malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, player.ErrNoDevice
	}
	defer func() {
		_ = ctx.Uninit() // what was listed stays true
		ctx.Free()
	}()
	found, err := ctx.Devices(malgo.Playback)
	if err != nil {
		return nil, fmt.Errorf("the devices cannot be listed: %w", err)
	}
	return found, nil
}

// Outputs implements player.Chooser.
func (s *sink) Outputs() ([]player.Output, error) {
	found, err := s.devices()
	if err != nil {
		return nil, err
	}
	out := make([]player.Output, len(found))
	for i, d := range found {
		out[i] = player.Output{Name: d.Name(), System: d.IsDefault != 0}
	}
	return out, nil
}

// Choose implements player.Chooser.
func (s *sink) Choose(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen, s.missing = name, false
}

// Missing implements player.Chooser.
func (s *sink) Missing() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missing {
		return s.chosen
	}
	return ""
}

// watch looks for the chosen device while another plays in its place, and tells
// when it is there.
func (s *sink) watch(name string) {
	end, ended := make(chan struct{}), make(chan struct{})
	s.watching, s.watched = end, ended
	go func() {
		defer close(ended)
		t := time.NewTicker(watchEvery)
		defer t.Stop()
		for {
			select {
			case <-end:
				return
			case <-t.C:
			}
			found, err := s.devices()
			if err != nil {
				continue // it is looked for again
			}
			for _, d := range found {
				if d.Name() == name {
					s.tell(player.ErrReturned)
					return
				}
			}
		}
	}()
}

// tell says once why the device is no longer to be played on.
func (s *sink) tell(why error) {
	s.mu.Lock()
	lost := s.lost
	s.lost = nil
	s.mu.Unlock()
	if lost != nil {
		lost(why)
	}
}
