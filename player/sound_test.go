package player

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

// Sound of the tests: packets of 20 ms whose values are their own time, in
// seconds since presentation time 0 divided by 1000, so that what the device
// gets can be compared with what is shown.

const packet = 960

var hum = media.Track{ID: 2, Kind: media.KindAudio, Codec: media.CodecG711A, Timescale: soundRate, SampleRate: soundRate, Channels: 2}

// noisy is footage with sound: n packets, a gap of five seconds after packet
// "hole" if that is not 0.
type noisy struct {
	footage
	packets, hole int
	unreadable    bool
}

type soundTable struct{ n noisy }

func (n noisy) Table(id uint32) media.Table {
	if id == hum.ID {
		return soundTable{n}
	}
	return n.footage
}

func (n noisy) ReadSample(s media.Sample, buf []byte) ([]byte, error) {
	if s.Track != hum.ID {
		return n.footage.ReadSample(s, buf)
	}
	if n.unreadable {
		return nil, errors.New("the bytes changed")
	}
	return binary.BigEndian.AppendUint64(buf[:0], uint64(s.PTS.Value)), nil
}

func (t soundTable) Len() int             { return t.n.packets }
func (t soundTable) Complete() bool       { return true }
func (t soundTable) SyncBefore(i int) int { return i }
func (t soundTable) SyncAfter(i int) int  { return i + 1 }
func (t soundTable) Next(i int) int       { return i + 1 }
func (t soundTable) Prev(i int) int       { return i - 1 }
func (t soundTable) Frame(i int) int      { return i + 1 }
func (t soundTable) ByFrame(n int) int    { return n - 1 }

func (t soundTable) At(i int) media.Sample {
	at := int64(i) * packet
	if t.n.hole > 0 && i >= t.n.hole {
		at += 5 * soundRate
	}
	pts := media.Ticks{Value: at, Scale: soundRate}
	return media.Sample{Track: hum.ID, Index: i, PTS: pts, DTS: pts, Duration: media.Ticks{Value: packet, Scale: soundRate}, Sync: true, Size: 8}
}

func (t soundTable) AtPTS(p media.Ticks) (int, bool) {
	i := -1
	for i+1 < t.n.packets && !p.Before(t.At(i+1).PTS) {
		i++
	}
	return i, i >= 0
}

// ramp decodes the packets of noisy; the packet "bad" kills it whenever it comes.
type ramp struct{ bad int }

func (d *ramp) Decode(_ context.Context, index int, p []byte) (decode.Sound, error) {
	if d.bad > 0 && index == d.bad {
		return decode.Sound{}, &decode.CrashError{From: index, To: index + 1, Cause: "signal: killed"}
	}
	at := int64(binary.BigEndian.Uint64(p))
	pcm := make([]float32, 2*packet)
	for i := range packet {
		v := float32(float64(at+int64(i)) / soundRate / 1000)
		pcm[2*i], pcm[2*i+1] = v, v
	}
	return decode.Sound{Index: index, PCM: pcm}, nil
}
func (d *ramp) Drain(context.Context) (decode.Sound, error) { return decode.Sound{}, nil }
func (d *ramp) Flush(context.Context) error                 { return nil }
func (d *ramp) Close() error                                { return nil }

type soundOpener struct {
	opener
	bad int
	err error
}

func (o soundOpener) OpenAudio(context.Context, decode.Config) (decode.AudioDecoder, error) {
	return &ramp{o.bad}, o.err
}

// device is a sink that takes frames when the test says so.
type device struct {
	mu      sync.Mutex
	pull    func([]float32)
	lost    func(error)
	refuse  error
	latency time.Duration
	closed  bool
	starts  int
	last    []float32
}

func (d *device) Start(pull func([]float32), lost func(error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.starts++
	if d.refuse == nil {
		d.pull, d.lost = pull, lost
	}
	return d.refuse
}

func (d *device) Latency() time.Duration { return d.latency }

func (d *device) Stop() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pull = nil
	return nil
}

func (d *device) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pull, d.closed = nil, true
	return nil
}

// take pulls frames, and returns the value of the last one.
func (d *device) take(frames int) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pull == nil {
		return 0
	}
	d.last = make([]float32, 2*frames)
	d.pull(d.last)
	return float64(d.last[2*frames-1])
}

// hall is a stage with sound.
type hall struct {
	*stage
	d *device
}

func newHall(t *testing.T, n noisy, o soundOpener, d *device) *hall {
	t.Helper()
	s := &stage{t: t, now: time.Unix(1000, 0)}
	s.e = New(func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now })
	s.v = NewView(Config{Source: n, Track: track, Sound: &hum, Opener: o, Zero: 1_000_000})
	if d != nil {
		s.e.SetSink(d)
	}
	s.e.Add(s.v)
	t.Cleanup(s.e.Close)
	return &hall{s, d}
}

// until ticks, without time passing, until a condition holds.
func (h *hall) until(what string, ok func(Status) bool) Status {
	h.t.Helper()
	for range 200_000 {
		st := h.e.Tick()
		if ok(st) {
			return st
		}
		runtime.Gosched()
	}
	h.t.Fatalf("never: %s; %+v", what, h.e.Tick())
	return Status{}
}

// joined waits until the device is handed the sound.
func (h *hall) joined() {
	h.t.Helper()
	h.until("the sound begins", func(Status) bool { return h.e.sound.current.Load() != nil })
}

// supplied waits until sound for the next moment is decoded.
func (h *hall) supplied() {
	h.t.Helper()
	st := h.e.sound.current.Load()
	if st == nil {
		return
	}
	for range 1_000_000 {
		if st.written.Load() || st.ring.wrote.Load() >= st.ring.read.Load()+ringFrames/2 {
			return
		}
		runtime.Gosched()
	}
	h.t.Fatal("the sound is not decoded")
}

func (h *hall) playing() {
	h.t.Helper()
	h.until("the first picture", func(s Status) bool { _, _, st := h.v.Pull(); return !st.Seeking })
	h.e.Play()
	h.joined()
}

// axis returns the seconds since presentation time 0.
func axis(s Status) float64 { return float64(s.Axis-1_000_000) / media.Hundred }

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

func TestSoundAndPictureStayTogether(t *testing.T) {
	cases := map[string]struct {
		period  int           // frames per pull
		every   time.Duration // between pulls
		latency time.Duration
	}{
		"exact device":          {480, 10 * time.Millisecond, 60 * time.Millisecond},
		"one percent fast":      {4848, 100 * time.Millisecond, 60 * time.Millisecond},
		"one percent slow":      {4752, 100 * time.Millisecond, 0},
		"large periods":         {4800, 100 * time.Millisecond, 150 * time.Millisecond},
		"fast in small periods": {485, 10 * time.Millisecond, 20 * time.Millisecond},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := &device{latency: c.latency}
			h := newHall(t, noisy{footage: footage{n: 2000}, packets: 4000}, soundOpener{}, d)
			h.playing()
			worst, last, next := 0.0, 0.0, c.every
			var spoken float64 // time of what was handed over last
			var when time.Duration
			const tick = 10 * time.Millisecond
			for at := tick; at <= 60*time.Second; at += tick {
				h.pass(tick)
				for next <= at {
					h.supplied()
					spoken, when = d.take(c.period)*1000, next
					next += c.every
				}
				st := h.e.Tick()
				if axis(st) < last {
					t.Fatalf("at %s time went back from %f to %f", at, last, axis(st))
				}
				last = axis(st)
				if at < 2*time.Second {
					continue
				}
				heard := spoken + (at - when - c.latency).Seconds()
				worst = max(worst, math.Abs(heard-last))
				if st.Sound.State != SoundOn || !st.Sound.Leading {
					t.Fatalf("at %s: %+v", at, st.Sound)
				}
			}
			t.Logf("picture and sound differ by %.1f ms at most", worst*1000)
			if worst > .020 {
				t.Errorf("picture and sound differ by %.1f ms", worst*1000)
			}
		})
	}
}

func TestSoundBeginsAtThePositionAndAfterASeekAtTheOther(t *testing.T) {
	d := &device{latency: 40 * time.Millisecond}
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, d)
	h.playing()
	for _, to := range []float64{0, 7.5, 2.25} {
		if to > 0 {
			h.e.Seek(1_000_000 + media.UTC(to*media.Hundred))
			if d.take(480); h.e.sound.current.Load() != nil {
				t.Fatal("the former sound is still heard after a seek")
			}
			h.until("the picture sought", func(s Status) bool { h.v.Pull(); return !s.Waiting })
			h.joined()
		}
		h.pass(10 * time.Millisecond)
		got := d.take(480) * 1000
		if want := to + .010 + .040; !near(got, want, .001) {
			t.Errorf("after %v s the device is handed %f, want %f", to, got, want)
		}
		if st := h.e.Tick(); !near(axis(st), to+.010, .001) {
			t.Errorf("after %v s the position is %f", to, axis(st))
		}
	}
}

func TestSoundIsSilentUnlessPlayingAtNormalSpeed(t *testing.T) {
	d := &device{}
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, d)
	h.playing()
	loud := func() bool { h.pass(20 * time.Millisecond); h.supplied(); d.take(960); return d.take(960) != 0 }
	expect := func(what string, state SoundState, sound bool) {
		t.Helper()
		if sound {
			h.joined()
		}
		st := h.e.Tick()
		if got := loud(); got != sound || st.Sound.State != state {
			t.Errorf("%s: loud %v, %+v", what, got, st.Sound)
		}
	}
	h.pass(time.Second)
	h.e.Seek(1_000_000 + media.Hundred)
	h.until("the picture", func(s Status) bool { h.v.Pull(); return !s.Waiting })
	expect("playing", SoundOn, true)
	h.e.SetRate(2)
	expect("rate 2", SoundOffSpeed, false)
	h.e.SetRate(1)
	expect("rate 1 again", SoundOn, true)
	h.e.SetMuted(true)
	expect("muted", SoundMuted, false)
	h.e.SetMuted(false)
	expect("no longer muted", SoundOn, true)
	h.e.Pause()
	expect("paused", SoundOn, false)
	h.e.Play()
	expect("playing again", SoundOn, true)
	h.e.SetVolume(0)
	d.take(960)
	expect("volume 0", SoundOn, false)
	h.e.SetVolume(.5)
	d.take(960)
	expect("half volume", SoundOn, true)
	if st := h.e.Tick(); st.Sound.Volume != .5 || st.Sound.Level == 0 {
		t.Errorf("%+v", st.Sound)
	}
	if s := h.e.Tick().Sound; strings.Contains(s.Reason, "\n") {
		t.Errorf("%q", s.Reason)
	}
}

func TestGapInTheSoundIsSilenceOfItsLength(t *testing.T) {
	d := &device{}
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 500, hole: 100}, soundOpener{}, d)
	h.playing()
	for i := range 900 { // nine seconds; the gap is from 2 s to 7 s
		h.pass(10 * time.Millisecond)
		h.supplied()
		got := d.take(480) * 1000
		st := h.e.Tick()
		at := float64(i+1) / 100
		switch {
		case at > 2.02 && at < 6.98 && got != 0:
			t.Fatalf("at %f s there is sound: %f", at, got)
		case (at > .02 && at < 1.98 || at > 7.02) && !near(got, at, .001):
			t.Fatalf("at %f s the sound is that of %f", at, got)
		case !near(axis(st), at, .001):
			t.Fatalf("at %f s the position is %f", at, axis(st))
		}
	}
}
