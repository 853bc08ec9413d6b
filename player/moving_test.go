package player

import (
	"sync/atomic"
	"testing"
	"time"

	"vedette/media"
)

func at(ms int64) media.UTC { return 1_000_000 + media.UTC(ms*10_000) }

func TestPlayingBackwardsFollowsTheClockAndStopsAtTheBegin(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.e.Seek(at(1990))
	s.shows(49)
	s.e.SetRate(-1)
	s.e.Play()
	for i := 48; i >= 0; i-- {
		s.pass(40 * time.Millisecond)
		s.shows(i)
	}
	s.pass(time.Second)
	if st := s.e.Tick(); st.Playing || st.Axis != at(0) {
		t.Errorf("before the begin: %+v", st)
	}
	s.e.Play() // from the other end
	s.shows(49)
}

func TestTurningRoundShowsTheNeighboursOfThePictureShown(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.e.Seek(at(1000))
	s.shows(25)
	s.e.Play()
	s.pass(60 * time.Millisecond)
	s.shows(26)
	s.e.SetRate(-1)
	s.pass(40 * time.Millisecond)
	s.shows(25)
	s.pass(40 * time.Millisecond)
	s.shows(24)
	s.e.SetRate(1)
	s.pass(40 * time.Millisecond)
	s.shows(25)
}

func TestBackwardsLoopGoesToItsOutPoint(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.e.SetLoop(at(400), at(800), true)
	s.e.Seek(at(600))
	s.shows(15)
	s.e.SetRate(-1)
	s.e.Play()
	s.pass(250 * time.Millisecond)
	s.shows(19)
}

func TestHighRatesShowPicturesInOrderAndSayThatSomeAreLeftOut(t *testing.T) {
	for _, rate := range []float64{4, 8, 16, 32, -4, -8, -16, -32} {
		s := newStage(t, footage{n: 2000})
		start := int64(2000)
		if rate < 0 {
			start = 78_000
		}
		s.e.Seek(at(start))
		s.shows(int(start / 40))
		s.e.SetRate(rate)
		s.e.Play()
		last, seen := int(start/40), 0
		for n := range 200 {
			if n < 60 { // then the clock stands still, and what is due by now is still on its way
				s.pass(time.Second / 60)
			}
			s.e.Tick()
			f, changed, st := s.v.Pull()
			if st.Skipping == "" {
				t.Fatalf("rate %v: nothing is said of leaving out", rate)
			}
			if changed {
				if (f.Sample.Index-last)*int(rate) < 0 {
					t.Fatalf("rate %v: sample %d after %d", rate, f.Sample.Index, last)
				}
				if rate > 16 && !f.Sample.Sync {
					t.Errorf("rate %v: sample %d is shown", rate, f.Sample.Index)
				}
				last = f.Sample.Index
				seen++
			}
			s.v.Wait(2 * time.Millisecond)
		}
		want := int(start/40) + int(rate*25)
		if d := last - want; d > 20+int(max(rate, -rate)) || d < -20-int(max(rate, -rate)) || seen < 5 {
			t.Errorf("rate %v: after a second sample %d is shown, want about %d; %d pictures", rate, last, want, seen)
		}
		s.e.Close()
	}
}

func TestPicturesThatComeTooLateAreCountedAndTimeGoesOn(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	s.e.Play()
	s.pass(40 * time.Millisecond)
	s.shows(1)
	s.pass(400 * time.Millisecond) // nobody pulls meanwhile
	shown := 0
	for last := 1; last != 11; {
		s.e.Tick()
		f, changed, _ := s.v.Pull()
		if last = f.Sample.Index; changed {
			shown++
		}
		s.v.Wait(time.Millisecond)
	}
	if _, _, st := s.v.Pull(); st.Dropped != 10-shown || st.Dropped == 0 {
		t.Errorf("of ten pictures %d were shown and %d dropped", shown, st.Dropped)
	}
	s.e.Pause()
	s.e.Tick()
	s.e.Play()
	s.e.Tick()
	if _, _, st := s.v.Pull(); st.Dropped != 0 {
		t.Errorf("%d pictures were dropped since playing began again", st.Dropped)
	}
}

func TestNudgingMovesOneSourceAgainstTheOthers(t *testing.T) {
	s := newStage(t, footage{n: 50})
	other := NewView(Config{Source: footage{n: 50}, Track: track, Opener: opener{}, Zero: 1_000_000})
	s.e.Add(other)
	s.e.Seek(at(1000))
	s.shows(25)
	s.e.Nudge(s.v, 3)
	s.shows(28)
	if o := s.v.Offset(); o != -media.UTC(120*10_000) {
		t.Errorf("the offset is %d", o)
	}
	if st := s.e.Tick(); st.Axis != at(1000) {
		t.Errorf("the position moved to %d", st.Axis)
	}
	s.e.Shift(map[*View]media.UTC{s.v: 1_000_000}) // its clock is confirmed
	s.shows(28)
	s.e.Nudge(s.v, -1)
	s.shows(27)
	s.e.Nudge(s.v, 0)
	s.shows(25)
}

func TestTrackWithoutPicturesHasASpanAndMakesNobodyWait(t *testing.T) {
	s := newStage(t, footage{n: 10})
	sound := track
	sound.Kind = media.KindAudio
	v := NewView(Config{Source: footage{n: 100}, Track: sound, Opener: opener{}, Zero: 1_000_000})
	s.e.Add(v)
	s.e.Focus(v)
	if st := s.e.Tick(); st.To != at(4000) {
		t.Errorf("the axis ends at %d", st.To)
	}
	s.e.Seek(at(3000))
	if st := s.e.Tick(); st.Waiting {
		t.Error("somebody waits for a picture")
	}
	s.e.Step(1)
	if st := s.e.Tick(); st.Axis != at(3040) {
		t.Errorf("a step led to %d", st.Axis)
	}
	if f, _, st := v.Pull(); f != nil || st.Gap {
		t.Errorf("frame %v, state %+v", f, st)
	}
	if _, _, st := s.v.Pull(); !st.After || st.Ended != at(400) {
		t.Errorf("the other one: %+v", st)
	}
}

func TestAViewNobodyLooksAtDecodesNothing(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	s.v.SetShown(false)
	s.e.Seek(at(1000))
	if st := s.e.Tick(); st.Waiting {
		t.Error("the clock waits for it")
	}
	s.v.Wait(10 * time.Millisecond)
	if f, changed, _ := s.v.Pull(); changed {
		t.Errorf("sample %d was decoded", f.Sample.Index)
	}
	s.v.SetShown(true)
	s.shows(25)
}

func TestAnotherSizeKeepsThePictureThatWaits(t *testing.T) {
	for range 20 {
		s := newStage(t, footage{n: 50})
		s.e.Seek(at(1000))
		s.shows(25)
		s.e.Step(1)
		for !s.v.ready() {
			s.v.Wait(time.Millisecond)
		}
		s.v.SetSize(1, 1) // before anybody pulls
		s.v.Wait(time.Millisecond)
		s.shows(26)
		for range 20 {
			s.v.Wait(time.Millisecond)
			if f, _, _ := s.v.Pull(); f.Sample.Index != 26 {
				t.Fatalf("sample %d is shown again", f.Sample.Index)
			}
		}
		s.e.Close()
	}
}

// counting is a source that counts what is read of it.
type counting struct {
	footage
	reads *atomic.Int32
}

func (c counting) Table(uint32) media.Table { return c.footage }
func (c counting) ReadSample(s media.Sample, buf []byte) ([]byte, error) {
	c.reads.Add(1)
	return c.footage.ReadSample(s, buf)
}

func TestASmallCacheRestsWhenNothingMoves(t *testing.T) {
	for pictures := int64(2); pictures < 8; pictures++ {
		s := newStage(t, footage{n: 50})
		c := counting{footage{n: 50}, new(atomic.Int32)}
		v := NewView(Config{Source: c, Track: track, Opener: opener{}, Zero: 1_000_000, Cache: pictures * 16})
		s.e.Add(v)
		s.v = v
		s.e.Focus(v)
		for _, by := range []int{25, -1, -1} {
			s.e.Step(by)
			for range 50 {
				s.e.Tick()
				v.Pull()
				v.Wait(time.Millisecond)
			}
		}
		s.shows(23)
		before := c.reads.Load()
		for range 50 {
			v.Wait(time.Millisecond)
		}
		if n := c.reads.Load() - before; n > 0 {
			t.Errorf("room for %d pictures: %d samples are read while nothing moves", pictures, n)
		}
		s.e.Close()
	}
}

func TestAfterAHighRateEveryPictureIsShownAgain(t *testing.T) {
	s := newStage(t, footage{n: 2000})
	s.e.SetRate(16)
	s.e.Play()
	for range 40 {
		s.pass(time.Second / 60)
		s.e.Tick()
		s.v.Pull()
		s.v.Wait(time.Millisecond)
	}
	s.e.SetRate(1)
	s.e.Tick()
	var last *Frame
	for range 40 {
		for range 200 { // the clock stands still until what is due is there
			s.e.Tick()
			f, changed, st := s.v.Pull()
			if changed && last != nil && f.Number > last.Number+1+st.Dropped {
				t.Fatalf("frame %d after %d, %d are called dropped", f.Number, last.Number, st.Dropped)
			}
			if changed {
				last = f
			}
			if f.Sample.Index == (int(s.e.Tick().Axis)-1_000_000)/400_000 {
				break
			}
			s.v.Wait(time.Millisecond)
		}
		s.pass(40 * time.Millisecond)
	}
}

func TestPicturesAreMadeAsLargeAsTheirPlace(t *testing.T) {
	for _, c := range [][6]int{
		{1920, 1080, 0, 0, 1920, 1080}, {1920, 1080, 640, 400, 640, 360}, {1920, 1080, 1800, 1000, 1920, 1080},
		{640, 480, 3000, 2000, 640, 480}, {1080, 1920, 300, 300, 169, 300}, {16, 16, 1, 1, 1, 1},
	} {
		if w, h := fit(c[0], c[1], c[2], c[3]); w != c[4] || h != c[5] {
			t.Errorf("%v gives %d by %d", c, w, h)
		}
	}
}
