package player

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"vedette/player/decode"
)

const (
	// idleSink is how long a sink stays started without anything to play.
	idleSink = 3 * time.Second
	// reviveAfter is how long a sink that was lost is left alone before it is
	// tried again while there is something to be heard.
	reviveAfter = time.Second
)

// sound owns the sink and the goroutine that decodes for it. The engine says
// which stream is wanted; the device's thread takes from the one that is current.
type sound struct {
	now     func() int64
	volume  atomic.Uint64 // bits of a float64
	level   atomic.Uint32 // bits of a float32
	current atomic.Pointer[stream]

	// Under the engine's lock.
	muted  bool
	order  *stream
	steady steady
	listen *View // heard whichever has the focus; nil for that one

	mu      sync.Mutex
	kick    chan struct{} // something below changed
	running bool
	closing bool
	ended   chan struct{}
	sink    Sink
	retired []Sink // to be closed
	wanted  *stream
	using   *View         // the goroutine reads its source or holds its decoder
	left    chan struct{} // closed when it no longer does
	leaving *View
	lostFor error // why there is no output
	lostAt  int64
	asked   bool // there is something that would be heard
	anew    bool // the sink is to be started again
	failed  map[*View]string
	damage  map[*View]string
}

func newSound(now Clock) *sound {
	origin := now()
	s := &sound{
		now: func() int64 { return int64(now().Sub(origin)) + 1 }, kick: make(chan struct{}, 1),
		failed: map[*View]string{}, damage: map[*View]string{},
	}
	s.volume.Store(math.Float64bits(1))
	return s
}

func (s *sound) poke() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *sound) setSink(k Sink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sink != nil {
		s.retired = append(s.retired, s.sink)
	}
	s.sink, s.lostFor = k, nil
	if !s.running && !s.closing {
		s.running, s.ended = true, make(chan struct{})
		go s.run(&mixer{now: s.now, volume: &s.volume, stream: &s.current, level: &s.level})
	}
	s.poke()
}

// want makes a stream the one to be decoded; nil for none. The one before ends.
func (s *sound) want(st *stream) {
	if s.order != nil {
		s.order.end()
	}
	s.current.Store(nil)
	s.order, s.steady = st, steady{}
	s.mu.Lock()
	s.wanted = st
	if st != nil {
		delete(s.failed, st.view)
		delete(s.damage, st.view)
	}
	s.mu.Unlock()
	s.poke()
}

// lose notes that a sink gives no output any more. A sink that was replaced
// meanwhile has no say. It is called on the device's thread, too.
func (s *sound) lose(k Sink, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k != s.sink || s.lostFor != nil {
		return
	}
	s.lostFor, s.lostAt = why, s.now()
	if s.wanted != nil {
		s.wanted.end()
	}
	s.current.Store(nil)
	s.poke()
}

// output returns the sink that can be played on, or why there is none.
func (s *sound) output() (Sink, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sink == nil {
		return nil, errNoSink
	}
	return s.sink, s.lostFor
}

// retry forgets that the device was gone, so that the next playing tries it.
func (s *sound) retry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lostFor != nil && s.now()-s.lostAt > int64(time.Second) {
		s.lostFor = nil
	}
}

// leave waits until the goroutine has nothing more to do with a view.
func (s *sound) leave(v *View) {
	s.mu.Lock()
	delete(s.failed, v)
	delete(s.damage, v)
	if s.wanted != nil && s.wanted.view == v {
		s.wanted.end()
	}
	if s.using != v {
		s.mu.Unlock()
		return
	}
	s.leaving = v
	left := s.left
	s.mu.Unlock()
	s.poke()
	<-left
}

// close ends the goroutine and closes the sink.
func (s *sound) close() {
	s.mu.Lock()
	s.closing = true
	running, ended, k := s.running, s.ended, s.sink
	s.mu.Unlock()
	if running {
		s.poke()
		<-ended
	} else if k != nil {
		_ = k.Close() // there is nobody left to be told
	}
}

// run is the goroutine of the sound.
func (s *sound) run(m *mixer) {
	defer close(s.ended)
	var f feeder
	out := outlet{pull: m.pull, lose: s.lose}
	idle := time.NewTimer(idleSink)
	defer idle.Stop()
	var last *stream
	for {
		s.mu.Lock()
		closing, st, sink, lost, retired, leaving := s.closing, s.wanted, s.sink, s.lostFor, s.retired, s.leaving
		asked, anew := s.asked, s.anew
		s.retired, s.anew = nil, false
		s.mu.Unlock()
		if leaving != nil || closing {
			s.release(&f)
		}
		if out.started != sink || lost != nil || closing || anew {
			out.stop()
		}
		if closing {
			retired = append(retired, sink)
		}
		discard(retired)
		if closing {
			return
		}
		if sink != nil && lost == nil && st.waits(last) {
			if err := out.start(sink); err != nil {
				s.lose(sink, err)
			} else {
				last = st
				s.play(&f, st)
				idle.Reset(idleSink)
			}
			continue
		}
		var again <-chan time.Time
		if sink != nil && lost != nil && asked {
			wait := reviveAfter
			if errors.Is(lost, ErrReturned) {
				wait = 0
			}
			again = time.After(wait)
		}
		select {
		case <-s.kick:
		case <-again:
			s.revive(&out, sink)
			idle.Reset(idleSink)
		case <-idle.C:
			if st != nil {
				idle.Reset(idleSink)
			} else {
				out.stop() // it is started again when there is sound
			}
		}
	}
}

// waits reports whether a stream is another one than that decoded last, and
// still wanted. It may be called on nil.
func (s *stream) waits(last *stream) bool { return s != nil && s != last && s.ctx.Err() == nil }

// outlet is the sink that was started, if any.
type outlet struct {
	started Sink
	pull    func([]float32)
	lose    func(Sink, error)
}

func (o *outlet) start(k Sink) error {
	if o.started == k {
		return nil
	}
	if err := k.Start(o.pull, func(why error) { o.lose(k, why) }); err != nil {
		return err
	}
	o.started = k
	return nil
}

// revive tries a sink that was lost; what is to be heard then begins anew.
func (s *sound) revive(o *outlet, k Sink) {
	err := o.start(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if k == s.sink {
		s.lostFor, s.lostAt = err, s.now()
	}
}

func (o *outlet) stop() {
	if o.started != nil {
		_ = o.started.Stop() // the device is gone or not needed
		o.started = nil
	}
}

func discard(sinks []Sink) {
	for _, k := range sinks {
		if k != nil {
			_ = k.Close() // there is nobody to be told
		}
	}
}

// play decodes a stream and notes how that ended.
func (s *sound) play(f *feeder, st *stream) {
	if f.view != nil && f.view != st.view {
		s.release(f)
	}
	s.mu.Lock()
	if s.wanted != st { // its view may be gone already
		s.mu.Unlock()
		return
	}
	if s.using == nil {
		s.using, s.left = st.view, make(chan struct{})
	}
	s.mu.Unlock()
	damaged := 0
	err := f.fill(st, func(sample int, why string) {
		damaged++
		s.mu.Lock()
		defer s.mu.Unlock()
		s.damage[st.view] = fmt.Sprintf("%d sound packets damaged, the last one is %d: %s", damaged, sample, why)
	})
	if err == nil || st.ctx.Err() != nil {
		return
	}
	if errors.Is(err, decode.ErrNoProgram) {
		err = errors.New("there is no decoder program")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wanted == st {
		s.failed[st.view] = "sound cannot be played: " + err.Error()
	}
}

// release closes the decoder and lets those go on who wait for that.
func (s *sound) release(f *feeder) {
	f.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.using != nil {
		s.using = nil
		close(s.left)
	}
	s.leaving = nil
}
