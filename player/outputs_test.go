package player

import (
	"errors"
	"sync/atomic"
	"testing"
)

// chooser is a device that can be chosen.
type chooser struct {
	device
	chosen atomic.Value
}

func (c *chooser) Outputs() ([]Output, error) {
	return []Output{{Name: "Speakers", System: true}, {Name: "Headphones"}}, nil
}
func (c *chooser) Choose(name string) { c.chosen.Store(name) }
func (c *chooser) Missing() string    { return "" }

func TestChoosingAnOutputMovesWhatIsPlayingThere(t *testing.T) {
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, nil)
	c := &chooser{}
	h.e.SetSink(c)
	h.playing()
	if outs, err := h.e.Outputs(); err != nil || len(outs) != 2 {
		t.Errorf("%v, error %v", outs, err)
	}
	starts := func() int { c.mu.Lock(); defer c.mu.Unlock(); return c.starts }
	before := starts()
	h.e.ChooseOutput("Headphones")
	if c.chosen.Load() != "Headphones" || h.e.sound.current.Load() != nil {
		t.Error("the former output is still played on")
	}
	h.joined()
	if starts() != before+1 {
		t.Errorf("the sink was started %d times more", starts()-before)
	}
	if st := h.e.Tick(); st.Sound.State != SoundOn {
		t.Errorf("%+v", st.Sound)
	}
}

func TestEngineWithoutAChoiceSaysSo(t *testing.T) {
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, &device{})
	if _, err := h.e.Outputs(); !errors.Is(err, errNoChoice) {
		t.Error(err)
	}
	h.e.ChooseOutput("Headphones") // asks for nothing that is there
	h.playing()
}
