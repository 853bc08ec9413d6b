package player

import (
	"context"
	"math"
	"runtime"
	"testing"
	"time"

	"vedette/media"
)

func TestRingGivesEachFrameInItsPlace(t *testing.T) {
	r := newRing()
	pair := func(v ...float32) (out []float32) {
		for _, x := range v {
			out = append(out, x, x)
		}
		return out
	}
	take := func(want ...float32) {
		t.Helper()
		got := make([]float32, 2*len(want))
		r.take(got)
		for i, w := range want {
			if got[2*i] != w || got[2*i+1] != w {
				t.Fatalf("taken %v, want each of %v twice", got, want)
			}
		}
	}
	put := func(place, done int64, v ...float32) {
		t.Helper()
		if n := r.put(place, pair(v...)); n != done {
			t.Fatalf("%d frames are done with, want %d", n, done)
		}
	}
	put(0, 3, 1, 2, 3)
	take(1, 2)
	put(5, 2, 6, 7) // silence between
	take(3, 0, 0, 6)
	put(4, 4, 90, 91, 92, 8) // what is there already stays
	take(7, 8, 0, 0)         // the last two are missed
	put(8, 4, 9, 10, 11, 12)
	take(11, 12)
	put(2, 2, 1, 2) // altogether too late
	take(0)
	if n := r.put(13+2*ringFrames, pair(5)); n != 0 || r.wrote.Load() != 13+ringFrames {
		t.Errorf("%d frames far ahead are done with, written up to %d", n, r.wrote.Load())
	}
	big := make([]float32, 2*ringFrames+10)
	r = newRing()
	if n := r.put(-3, big); n != ringFrames+3 {
		t.Errorf("%d frames fit", n)
	}
}

func TestRingIsSharedWithoutMixingFrames(t *testing.T) {
	r := newRing()
	const total = 40 * ringFrames
	done := make(chan struct{})
	go func() {
		defer close(done)
		s := &stream{ring: r, ctx: context.Background()}
		pcm := make([]float32, 2*700)
		for at := int64(0); at < total; at += 700 {
			for i := range pcm {
				pcm[i] = float32((at+int64(i/2))%9973 + 1)
			}
			if s.write(at, pcm) != nil {
				return
			}
		}
	}()
	values := make([]float32, 2*333)
	for at := int64(0); at < total; at += 333 {
		r.take(values)
		for i, v := range values {
			if want := float32((at+int64(i/2))%9973 + 1); v != 0 && v != want {
				t.Fatalf("place %d holds %f, want %f or silence", at+int64(i/2), v, want)
			}
		}
		runtime.Gosched()
	}
	r.skipTo(total + 2*ringFrames)
	<-done
}

func TestTimesBeyondAllBoundsStayHarmless(t *testing.T) {
	for _, v := range []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64} {
		for _, scale := range []uint32{0, 1, 48000, math.MaxUint32} {
			for _, base := range []media.UTC{math.MinInt64, 0, math.MaxInt64} {
				ctx, cancel := context.WithCancel(context.Background())
				s := &stream{base: base, zero: 17_000_000_000_000_000, ring: newRing(), ctx: ctx}
				p := s.place(media.Ticks{Value: v, Scale: scale})
				if p < -farAway || p > farAway {
					t.Errorf("the place of %d/%d is %d", v, scale, p)
				}
				cancel()
				_ = s.write(p, make([]float32, 8)) // ends, by its context at the latest
			}
		}
	}
}

func TestSeekStormLeavesNoFormerSound(t *testing.T) {
	d := &device{}
	h := newHall(t, noisy{footage: footage{n: 500}, packets: 1000}, soundOpener{}, d)
	h.playing()
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() { // a device that works all the time
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
				d.take(64)
				runtime.Gosched()
			}
		}
	}()
	for i := range 300 {
		h.e.Seek(1_000_000 + media.UTC(i%18)*media.Hundred)
		h.e.SetVolume(float64(i%10) / 10)
		h.e.SetMuted(i%7 == 0)
		h.e.Tick()
	}
	close(stop)
	<-ended
	h.e.SetMuted(false)
	h.e.SetVolume(1)
	h.e.Seek(1_000_000 + 3*media.Hundred)
	h.until("the picture", func(s Status) bool { h.v.Pull(); return !s.Waiting })
	h.joined()
	h.pass(10 * time.Millisecond)
	d.take(960)
	if got := d.take(480) * 1000; !near(got, 3.010+.010, .02) {
		t.Errorf("after the storm %f s is heard", got)
	}
}

func BenchmarkDeviceTakesTwentyMilliseconds(b *testing.B) {
	s := newSound(time.Now)
	m := &mixer{now: s.now, volume: &s.volume, stream: &s.current, level: &s.level}
	st := &stream{ring: newRing()}
	s.current.Store(st)
	values, pcm := make([]float32, 1920), make([]float32, 1920)
	b.ReportAllocs()
	for b.Loop() {
		st.ring.put(st.ring.read.Load(), pcm)
		m.pull(values)
	}
}
