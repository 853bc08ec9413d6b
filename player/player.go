// Package player plays several sources on one axis of wall-clock time. An
// Engine owns the transport: position, rate, loop. A View decodes ahead for one
// source in a goroutine of its own and hands out the frame that is due.
//
// Frames are pulled, never pushed: whoever draws asks each view for its frame
// when it is about to draw, so a slow window drops frames instead of piling
// them up, and a paused one costs nothing.
//
// The focused view is heard at rate 1. Its sound is decoded by one goroutine
// into a ring from which the device takes what it needs; the time that the
// device has played is then the time that the pictures follow. Without a
// device, or when it is lost, time goes on by the clock.
package player

import (
	"math"
	"runtime"
	"sync"
	"time"

	"vedette/media"
)

// Clock is the time that playing follows; tests inject their own.
type Clock func() time.Time

// Status is a snapshot of the transport.
type Status struct {
	Playing bool
	Waiting bool // for the picture of a seek
	Axis    media.UTC
	Rate    float64
	From    media.UTC // of everything on the axis
	To      media.UTC
	In, Out media.UTC // loop points; equal when there is no loop
	Loop    bool
	AtEnd   bool
	Sound   SoundStatus // of the focused view
}

// Engine is the transport of all views. Its methods return at once and are
// safe for use by several goroutines.
type Engine struct {
	now Clock

	mu      sync.Mutex
	views   []*View
	focus   *View
	playing bool
	rate    float64
	axis    media.UTC // position when base was taken
	base    time.Time
	held    bool // the clock waits for the focused view's picture
	heldAt  time.Time
	loop    bool
	in, out media.UTC
	placed  bool // a position was chosen or taken from the first view
	eager   bool // play as soon as there is something to play
	sound   *sound
}

// New returns an engine without views, paused.
func New(now Clock) *Engine { return &Engine{now: now, rate: 1, sound: newSound(now)} }

// holdLimit is how long the clock waits for a picture after a seek before time
// goes on without it.
const holdLimit = 3 * time.Second

// position returns the axis time now. Called with the lock held.
func (e *Engine) position() media.UTC {
	if !e.playing || e.held {
		return e.axis
	}
	run := e.now().Sub(e.base)
	return e.axis + media.UTC(float64(run.Nanoseconds()/100)*e.rate)
}

// settle makes the position of now the new base. Called with the lock held.
func (e *Engine) settle() {
	e.axis = e.position()
	e.base = e.now()
}

// span returns the first and last time of all views. Called with the lock held.
func (e *Engine) span() (from, to media.UTC) {
	for i, v := range e.views {
		a, b := v.span()
		if i == 0 || a < from {
			from = a
		}
		if i == 0 || b > to {
			to = b
		}
	}
	return from, to
}

// Tick moves the transport on; whoever draws calls it before pulling frames.
func (e *Engine) Tick() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	from, to := e.span()
	e.unhold()
	e.followSound()
	at := e.position()
	if e.playing && e.loop && e.out > e.in && (at >= e.out || at < e.in) {
		if e.rate > 0 {
			e.jump(e.in, false)
		} else {
			e.jump(e.out-1, false)
		}
		at = e.axis
	}
	s := Status{Playing: e.playing, Waiting: e.held, Axis: at, Rate: e.rate, From: from, To: to, In: e.in, Out: e.out, Loop: e.loop}
	switch {
	case !e.playing || len(e.views) == 0:
	case e.rate > 0 && at >= to && e.complete():
		e.stop(to, &s)
	case e.rate < 0 && at <= from:
		e.stop(from, &s)
	}
	s.AtEnd = len(e.views) > 0 && s.Axis >= to
	for _, v := range e.views {
		v.follow(s.Axis, e.playing, e.rate)
	}
	s.Sound = e.soundStatus()
	return s
}

// stop ends playing at a place. Called with the lock held.
func (e *Engine) stop(at media.UTC, s *Status) {
	e.axis, e.playing = at, false
	e.hush()
	s.Axis, s.Playing = at, false
}

// unhold lets the clock go on when the picture it waited for is there. Called
// with the lock held.
func (e *Engine) unhold() {
	if e.held && (e.focus == nil || e.focus.ready() || e.now().Sub(e.heldAt) > holdLimit) {
		e.held = false
		e.base = e.now()
	}
}

func (e *Engine) complete() bool {
	for _, v := range e.views {
		if !v.table.Complete() {
			return false
		}
	}
	return true
}

// jump puts the position and has every view seek. Called with the lock held.
func (e *Engine) jump(to media.UTC, near bool) {
	e.hush()
	e.axis, e.base = to, e.now()
	e.held, e.heldAt = true, e.now()
	for _, v := range e.views {
		v.seek(to, near)
	}
}

// Play starts playing, from the other end when the end was reached.
func (e *Engine) Play() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.playing || len(e.views) == 0 {
		return
	}
	switch from, to := e.span(); {
	case e.rate > 0 && e.axis >= to && e.complete():
		e.jump(from, false)
	case e.rate < 0 && e.axis <= from:
		e.jump(to-1, false)
	}
	e.playing, e.base = true, e.now()
	e.sound.retry()
}

// PlayWhenReady plays as soon as the first view is there.
func (e *Engine) PlayWhenReady() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.eager = len(e.views) == 0
	if !e.eager {
		e.playing, e.base = true, e.now()
	}
}

// Pause stops; the picture stays.
func (e *Engine) Pause() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	e.playing = false
	e.hush()
}

// Toggle plays or pauses.
func (e *Engine) Toggle() {
	e.mu.Lock()
	playing := e.playing
	e.mu.Unlock()
	if playing {
		e.Pause()
	} else {
		e.Play()
	}
}

// SetRate sets the speed of playing; below 0 time runs backwards, 0 is refused.
func (e *Engine) SetRate(r float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r != 0 && !math.IsNaN(r) && !math.IsInf(r, 0) {
		e.settle()
		if r != e.rate {
			e.hush()
		}
		e.rate = r
	}
}

// Seek puts the position within the span of all views.
func (e *Engine) Seek(to media.UTC) { e.seek(to, false) }

// Scrub is Seek while a hand moves the position: where the exact picture takes
// long, one near it is shown first.
func (e *Engine) Scrub(to media.UTC) { e.seek(to, true) }

func (e *Engine) seek(to media.UTC, near bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.views) == 0 {
		return
	}
	from, end := e.span()
	if e.complete() {
		to = min(to, end)
	}
	e.jump(max(to, from), near)
}

// SeekSample shows exactly one sample of a view.
func (e *Engine) SeekSample(v *View, sample int) {
	if v == nil || sample < 0 || sample >= v.table.Len() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.playing = false
	e.jump(v.axisOf(v.table.At(sample).PTS), false)
}

// Step pauses and moves by frames of the focused view.
func (e *Engine) Step(by int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.focus
	if v == nil {
		return
	}
	e.settle()
	e.playing = false
	e.hush()
	sample := v.stepFrom(e.axis)
	for ; by > 0 && sample >= 0; by-- {
		sample = v.table.Next(sample)
	}
	for ; by < 0 && sample >= 0; by++ {
		sample = v.table.Prev(sample)
	}
	if sample < 0 {
		return
	}
	to := v.axisOf(v.table.At(sample).PTS)
	e.axis, e.base = to, e.now()
	for _, o := range e.views {
		o.seek(to, false)
	}
}

// SetLoop sets the points between which playing repeats.
func (e *Engine) SetLoop(in, out media.UTC, on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.in, e.out, e.loop = in, out, on && out > in
}

// Focus makes a view the one that steps, holds the clock and is heard.
func (e *Engine) Focus(v *View) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v != e.focus {
		e.hush()
	}
	e.focus = v
}

// Views returns the views in the order they were added.
func (e *Engine) Views() []*View {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]*View(nil), e.views...)
}

// Add puts a view on the axis. The first one gives the position.
func (e *Engine) Add(v *View) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	e.views = append(e.views, v)
	if e.focus == nil {
		e.focus = v
	}
	if !e.placed {
		e.placed = true
		e.axis, _ = v.span()
	}
	e.share()
	v.start(e.axis)
	if e.eager {
		e.eager, e.playing = false, true
		e.held, e.heldAt, e.base = true, e.now(), e.now()
	}
}

// Remove takes a view off the axis and ends it.
func (e *Engine) Remove(v *View) {
	e.mu.Lock()
	kept := e.views[:0]
	for _, o := range e.views {
		if o != v {
			kept = append(kept, o)
		}
	}
	e.views = kept
	if e.focus == v {
		e.hush()
		e.focus = nil
		if len(e.views) > 0 {
			e.focus = e.views[0]
		}
	}
	if len(e.views) == 0 {
		e.playing, e.placed = false, false
	}
	e.share()
	e.mu.Unlock()
	e.sound.leave(v)
	v.close()
}

// Budget is how many bytes of decoded pictures all views keep together, beside
// those that decoders work on.
const Budget = 256 << 20

// share divides memory and processors among the views. One that is alone has a
// thread more than there are processors, since one mostly waits for another, and
// a decoder program of its own. Called with the lock held.
func (e *Engine) share() {
	n := max(len(e.views), 1)
	for _, v := range e.views {
		v.share(Budget/int64(n), min(max(runtime.NumCPU()/n, 1)+1/n, mostThreads), n > 1)
	}
}

// mostThreads bounds the threads of one decoder: each adds a picture of delay.
const mostThreads = 4

// Nudge moves one view against the others by frames: a positive number has it
// show later frames at the same time. 0 takes all nudging back.
func (e *Engine) Nudge(v *View, by int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	if by == 0 {
		v.unnudge()
	} else {
		v.nudge(by)
	}
	v.seek(e.axis, false)
}

// Shift moves views along the axis, when their clocks became known or were
// corrected. The position moves with the focused view, so that its picture
// stays; the others seek.
func (e *Engine) Shift(zero map[*View]media.UTC) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	e.hush()
	var lead media.UTC
	moved := map[*View]media.UTC{}
	for _, v := range e.views {
		z, ok := zero[v]
		if !ok {
			continue
		}
		moved[v] = v.setZero(z)
		if v == e.focus {
			lead = moved[v]
		}
	}
	e.axis += lead
	e.in, e.out = e.in+lead, e.out+lead
	for _, v := range e.views {
		if moved[v] != lead {
			v.seek(e.axis, false)
		} else {
			v.follow(e.axis, e.playing, e.rate)
		}
	}
}

// Close ends all views and the sound, and closes the sink.
func (e *Engine) Close() {
	for _, v := range e.Views() {
		e.Remove(v)
	}
	e.sound.close()
}

// Playing tells whether pictures are moving.
func (e *Engine) Playing() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.playing
}
