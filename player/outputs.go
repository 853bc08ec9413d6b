package player

import (
	"errors"
	"slices"
)

// Output is a device that sound can go to.
type Output struct {
	Name   string
	System bool // the one that the system takes by itself
}

// Chooser is a sink that can play on one of several devices. Its methods are
// safe for use by several goroutines.
type Chooser interface {
	Sink
	// Outputs lists the devices there are now. It asks the system, which may
	// take a moment.
	Outputs() ([]Output, error)
	// Choose names the device that Start opens from now on; "" is the system's.
	// While there is none of that name the system's is played on.
	Choose(name string)
	// Missing returns the chosen name while another device plays in its place.
	Missing() string
}

// ErrReturned is what a sink tells as the reason of its loss when the device
// that was chosen is there again: it is to be started anew.
var ErrReturned = errors.New("the chosen device is back")

var errNoChoice = errors.New("this way of sound has no devices to choose from")

// Outputs lists the devices that sound can go to. It is not for the window's
// goroutine.
func (e *Engine) Outputs() ([]Output, error) {
	if c, ok := e.sound.chooser(); ok {
		return c.Outputs()
	}
	return nil, errNoChoice
}

// ChooseOutput names the device to be heard on; "" is the system's. What is
// playing moves there.
func (e *Engine) ChooseOutput(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c, ok := e.sound.chooser()
	if !ok {
		return
	}
	c.Choose(name)
	e.hush()
	e.sound.restart()
}

// Listen makes a view the one that is heard, whichever has the focus; nil is
// the focused one.
func (e *Engine) Listen(v *View) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sound.listen = v
}

// Heard returns the view whose sound is played, or nil.
func (e *Engine) Heard() *View {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard()
}

// heard is Heard with the lock held. A view that was taken off the axis is
// not listened to any more.
func (e *Engine) heard() *View {
	if v := e.sound.listen; v != nil && slices.Contains(e.views, v) {
		return v
	}
	return e.focus
}

func (s *sound) chooser() (Chooser, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.sink.(Chooser)
	return c, ok
}

// restart has the goroutine start the sink anew before it plays again.
func (s *sound) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anew, s.lostFor = true, nil
	s.poke()
}

// ask notes whether there is something that would be heard. While there is, a
// sink that was lost is tried again and again.
func (s *sound) ask(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == on {
		return
	}
	s.asked = on
	if on && s.lostFor != nil {
		s.poke()
	}
}
