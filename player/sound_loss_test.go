package player

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

// runs plays for a second and fails when time does not keep to the clock.
func (h *hall) runs() Status {
	h.t.Helper()
	begin := axis(h.e.Tick())
	var st Status
	for i := range 100 {
		h.pass(10 * time.Millisecond)
		st = h.e.Tick()
		if !near(axis(st), begin+float64(i+1)/100, .001) {
			h.t.Fatalf("%d ms later the position is %f, it was %f", 10*(i+1), axis(st), begin)
		}
	}
	return st
}

func TestNoOutputIsToldAndPlayingGoesOn(t *testing.T) {
	cases := map[string]struct {
		d      *device
		reason string
	}{
		"no sink":   {nil, "no sound output: not set up"},
		"no device": {&device{refuse: ErrNoDevice}, "no sound output: no device"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, c.d)
			h.until("the first picture", func(Status) bool { _, _, st := h.v.Pull(); return !st.Seeking })
			h.e.Play()
			h.until("the state", func(s Status) bool { return s.Sound.State == SoundNoOutput })
			if st := h.runs(); st.Sound.Reason != c.reason || st.Sound.State != SoundNoOutput {
				t.Errorf("%+v", st.Sound)
			}
			if c.d != nil && c.d.starts != 1 {
				t.Errorf("the device was tried %d times", c.d.starts)
			}
		})
	}
}

func TestDeviceThatComesBackIsUsedByTheNextPlaying(t *testing.T) {
	d := &device{refuse: ErrNoDevice}
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, d)
	h.until("the first picture", func(Status) bool { _, _, st := h.v.Pull(); return !st.Seeking })
	h.e.Play()
	h.until("the state", func(s Status) bool { return s.Sound.State == SoundNoOutput })
	h.runs()
	h.pass(time.Second)
	h.e.Pause()
	d.mu.Lock()
	d.refuse = nil
	d.mu.Unlock()
	h.e.Play()
	h.joined()
}

func TestLostDeviceIsTriedAgainWhilePlaying(t *testing.T) {
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, &device{})
	h.playing()
	begin := h.d.starts
	h.d.lost(ErrReturned)
	h.until("the loss", func(Status) bool { return h.e.sound.current.Load() == nil })
	h.until("the other start", func(Status) bool { h.d.mu.Lock(); defer h.d.mu.Unlock(); return h.d.starts == begin+1 })
	h.joined()
	h.pass(10 * time.Millisecond)
	h.supplied()
	if got, want := h.d.take(480)*1000, axis(h.e.Tick()); !near(got, want, .040) {
		t.Errorf("the device is handed %f at %f", got, want)
	}
}

func TestChosenViewIsHeardWhicheverHasTheFocus(t *testing.T) {
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, &device{})
	other := NewView(Config{Source: footage{n: 500}, Track: track, Opener: opener{}, Zero: 1_000_000})
	h.e.Add(other)
	h.e.Listen(h.v)
	h.e.Focus(other)
	h.playing()
	if st := h.e.Tick(); st.Sound.State != SoundOn || h.e.Heard() != h.v {
		t.Errorf("listening to a view without focus: %+v", st.Sound)
	}
	h.e.Listen(nil)
	if st := h.e.Tick(); st.Sound.State != SoundNone || h.e.sound.current.Load() != nil {
		t.Errorf("listening to the focused view, which has no sound: %+v", st.Sound)
	}
	h.e.Listen(h.v)
	h.joined()
	h.e.Remove(h.v)
	if st := h.e.Tick(); st.Sound.State != SoundNone || h.e.Heard() != other {
		t.Errorf("the view listened to was removed: %+v", st.Sound)
	}
}

func TestLossOfTheDeviceLeavesTimeRunning(t *testing.T) {
	lose := map[string]func(h *hall){
		"told": func(h *hall) { h.d.lost(errors.New("the device is gone")) },
		"not told": func(h *hall) { // it takes nothing any more
			last := axis(h.e.Tick())
			for range 60 {
				h.pass(10 * time.Millisecond)
				st := h.e.Tick()
				if now := axis(st); now < last || now > last+.0101 {
					t.Fatalf("the position goes from %f to %f", last, now)
				} else {
					last = now
				}
			}
		},
	}
	for name, fn := range lose {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, &device{latency: 30 * time.Millisecond})
			h.playing()
			for range 100 {
				h.pass(10 * time.Millisecond)
				h.supplied()
				h.d.take(480)
				h.e.Tick()
			}
			before := axis(h.e.Tick())
			fn(h)
			st := h.until("the state", func(s Status) bool { return s.Sound.State == SoundNoOutput })
			if now := axis(st); now < before || now > before+.61 {
				t.Errorf("the position jumped from %f to %f", before, now)
			}
			h.runs()
		})
	}
}

func TestFailingSoundNeverStopsThePicture(t *testing.T) {
	cases := map[string]struct {
		n      noisy
		o      soundOpener
		state  SoundState
		reason string
	}{
		"no decoder": {noisy{packets: 1000}, soundOpener{err: decode.ErrNoProgram}, SoundFailed, "sound cannot be played: there is no decoder program"},
		"unreadable": {noisy{packets: 1000, unreadable: true}, soundOpener{}, SoundFailed, "sound cannot be played: no sound can be decoded: the bytes changed"},
		"crash": {
			noisy{packets: 1000}, soundOpener{bad: 3}, SoundOn,
			"1 sound packets damaged, the last one is 3: decode: decoder failed between samples 3 and 4: signal: killed",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.n.footage = footage{n: 500}
			h := newHall(t, c.n, c.o, &device{})
			h.until("the first picture", func(Status) bool { _, _, st := h.v.Pull(); return !st.Seeking })
			h.e.Play()
			st := h.until("the state", func(s Status) bool {
				return s.Sound.Reason != "" && s.Sound.State == c.state && s.Sound.Reason == c.reason
			})
			if st.Sound.State != c.state || st.Sound.Reason != c.reason {
				t.Errorf("%+v", st.Sound)
			}
			if c.state == SoundFailed {
				h.runs()
				h.shows(25)
			}
		})
	}
}

func TestOnlyTheFocusedViewIsHeard(t *testing.T) {
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, &device{})
	mute := NewView(Config{Source: footage{n: 500}, Track: track, Opener: opener{}, Zero: 1_000_000})
	h.e.Add(mute)
	h.playing()
	h.e.Focus(mute)
	if st := h.e.Tick(); st.Sound.State != SoundNone || h.e.sound.current.Load() != nil {
		t.Errorf("a view without sound is focused: %+v", st.Sound)
	}
	h.e.Focus(h.v)
	h.joined()
	h.e.Remove(h.v)
	if st := h.e.Tick(); st.Sound.State != SoundNone || h.e.sound.current.Load() != nil {
		t.Errorf("the view was removed: %+v", st.Sound)
	}
}

func TestClosingEndsEverythingOfTheSound(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		d := &device{}
		h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, d)
		h.playing()
		h.e.Seek(1_000_000 + media.Hundred)
		h.e.Tick()
		h.e.Close()
		if !d.closed {
			t.Fatal("the sink is not closed")
		}
	}
	// Those that ended may not be off the scheduler's books yet.
	limit, tick := time.NewTimer(5*time.Second), time.NewTicker(time.Millisecond)
	defer limit.Stop()
	defer tick.Stop()
	for late := false; !late; {
		if runtime.NumGoroutine() <= before {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			late = true
		}
	}
	stacks := make([]byte, 64<<10)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}
