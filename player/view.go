package player

import (
	"context"
	"sync"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

// Config describes a view.
type Config struct {
	Source   media.Source
	Track    media.Track // a track without pictures gives a view that has a span and no frames
	Opener   decode.Opener
	Zero     media.UTC              // axis time of presentation time 0
	Cache    int64                  // bytes of decoded pictures kept; 0 means a share of the engine's
	Sound    *media.Track           // of the same source, heard while the view is focused; nil for none
	Annotate func(media.Sample) any // called off the window's goroutine for every frame
}

// State says why a view shows what it shows.
type State struct {
	Gap      bool // no footage at this time
	Reason   media.GapReason
	Next     media.UTC // where footage goes on; HasNext says whether it does
	HasNext  bool
	Before   bool      // before the first picture
	After    bool      // after the last one
	Ended    media.UTC // when the last picture ended, with After
	Seeking  bool
	Done     int // samples decoded towards the one sought
	Total    int
	Error    string
	FailedAt int    // frame number at which the decoder failed last, 0 for none
	Dropped  int    // pictures that came too late to be shown since playing began
	Skipping string // what is left out because the rate is high, "" for nothing
}

// View decodes one video track. Two goroutines work for it: one decodes what is
// wanted into the cache, the other converts from there what is due for the
// screen. What they do follows from the state alone, so the newest wish wins.
type View struct {
	cfg   Config
	table media.Table

	mu      sync.Mutex
	wake    *sync.Cond
	zero    media.UTC
	nudged  media.UTC // part of zero that was set by hand
	gen     int       // of the latest seek
	target  int       // sample sought, -1 for none
	served  int       // generation whose target has been delivered
	near    bool      // a picture near the target is welcome
	nearGen int       // generation for which one was delivered
	queue   []*Frame  // converted, in the direction of moving
	playing bool
	rate    float64
	ahead   int // direction in which pictures are wanted next: 1 or -1
	at      media.UTC
	shown   *Frame
	before  *Frame
	cache   cache
	state   State
	ended   bool
	closed  bool
	hidden  bool // nobody looks: nothing is decoded
	width   int  // of the pictures wanted, 0 for their own size
	height  int
	redraw  bool // the picture shown is wanted at another size
	crowded bool // no room for another converted picture until one is taken
	threads int  // of the decoder that is opened next
	shared  bool // it may share a child with others
	runFrom int  // frames that decoding has gone through since it last started anew, 0 for none: from this one
	runTo   int  // to the one before this
	moves   int  // counts changes of the way that is gone
	lost    int  // pictures lost in a row because their decoder ended

	cancel context.CancelFunc
	ctx    context.Context //nolint:containedctx // the view's own run loops
	done   sync.WaitGroup
}

// NewView prepares a view; it begins to decode when it is added to an engine.
func NewView(c Config) *View {
	v := &View{cfg: c, table: c.Source.Table(c.Track.ID), zero: c.Zero, target: -1, ahead: 1, rate: 1}
	v.wake = sync.NewCond(&v.mu)
	v.cache.limit = c.Cache
	v.cache.room = int64(c.Track.Width+128) * int64(c.Track.Height+96) * 3 / 2
	return v
}

// Track returns the track that is shown.
func (v *View) Track() media.Track { return v.cfg.Track }

// blind reports whether the track has no pictures.
func (v *View) blind() bool { return v.cfg.Track.Kind != media.KindVideo }

// SetSize says how large pictures are wanted, in pixels of the screen; 0 means
// their own size. Pictures are never enlarged, and keep their shape.
func (v *View) SetSize(width, height int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if width == v.width && height == v.height {
		return
	}
	v.width, v.height, v.redraw = width, height, true
	v.wake.Broadcast()
}

// SetShown says whether anybody looks at the view. One that is not shown
// decodes nothing.
func (v *View) SetShown(on bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.hidden = !on
	v.wake.Broadcast()
}

// Offset returns by how much the view was nudged: what it shows is shown that
// much later on the axis than its clock says.
func (v *View) Offset() media.UTC {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.nudged
}

// share sets what the view may use of the machine.
func (v *View) share(bytes int64, threads int, together bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cfg.Cache > 0 {
		bytes = v.cfg.Cache
	}
	v.cache.limit, v.threads, v.shared = bytes, threads, together
	v.cache.shrink(v.around(), nil)
}

func (v *View) start(at media.UTC) {
	v.ctx, v.cancel = context.WithCancel(context.Background())
	v.seek(at, false)
	if !v.blind() {
		v.done.Go(v.decode)
		v.done.Go(v.draw)
	}
}

func (v *View) close() {
	v.mu.Lock()
	v.closed = true
	v.mu.Unlock()
	v.cancel()
	v.wake.Broadcast()
	v.done.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.flush()
	v.cache.clear()
	for _, f := range []*Frame{v.before, v.shown} {
		f.leave()
	}
	v.before, v.shown = nil, nil
}

func (v *View) axisOf(p media.Ticks) media.UTC {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.zero.Add(p)
}

func (v *View) setZero(z media.UTC) media.UTC {
	v.mu.Lock()
	defer v.mu.Unlock()
	d := z + v.nudged - v.zero
	v.zero += d
	return d
}

// nudge moves the view against the axis by frames: a positive number has it show
// later frames at the same time.
func (v *View) nudge(by int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	from, ok := v.table.AtPTS(v.at.Sub(v.zero))
	if !ok {
		return
	}
	to := v.table.ByFrame(v.table.Frame(from) + by)
	if to < 0 {
		return
	}
	d := v.zero.Add(v.table.At(to).PTS) - v.zero.Add(v.table.At(from).PTS)
	v.zero -= d
	v.nudged -= d
}

func (v *View) unnudge() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.zero -= v.nudged
	v.nudged = 0
}

func (v *View) span() (from, to media.UTC) {
	v.mu.Lock()
	zero := v.zero
	v.mu.Unlock()
	n := media.Frames(v.table) // samples that the edit list leaves out are none
	if n == 0 {
		return zero, zero
	}
	first, last := v.table.At(max(v.table.ByFrame(1), 0)), v.table.At(max(v.table.ByFrame(n), 0))
	return zero.Add(first.PTS), zero.Add(last.End())
}

// stepFrom returns the sample from which stepping counts: the one shown if it
// belongs to the position, else the one that would be.
func (v *View) stepFrom(at media.UTC) int {
	v.mu.Lock()
	shown, target, served, gen, zero := v.shown, v.target, v.served, v.gen, v.zero
	v.mu.Unlock()
	if target >= 0 && served != gen {
		return target
	}
	if shown != nil {
		return shown.Sample.Index
	}
	i, ok := v.table.AtPTS(at.Sub(zero))
	if !ok {
		return v.table.ByFrame(1)
	}
	return i
}

// seek asks for the picture of an axis time; the latest asking wins. With near,
// a picture near it is shown until it is there.
func (v *View) seek(at media.UTC, near bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.table.AtPTS(at.Sub(v.zero))
	if !ok {
		i = v.table.ByFrame(1)
	}
	v.at, v.near = at, near
	v.gen++
	v.target, v.ended, v.state.Error = i, false, "" // whoever seeks tries again
	v.runFrom, v.runTo = 0, 0
	v.flush()
	if v.blind() {
		v.served = v.gen
		return
	}
	if n := v.shownNumber(); n > 0 && i >= 0 {
		switch to := v.table.Frame(i); {
		case to < n && to >= n-2:
			v.ahead = -1
		case to != n:
			v.ahead = 1
		}
		if v.shown.Sample.Index == i && !v.shown.Near {
			v.served = v.gen
		}
	}
	v.wake.Broadcast()
}

// shownNumber is the number of the frame shown, 0 for none. Called with the
// lock held.
func (v *View) shownNumber() int {
	if v.shown == nil {
		return 0
	}
	return v.shown.Number
}

func (v *View) flush() {
	for _, f := range v.queue {
		f.drop()
	}
	v.queue = v.queue[:0]
}

// turn drops what waits for the way that is no longer gone; what was sought is
// still wanted.
func (v *View) turn() {
	v.moves++
	v.runFrom, v.runTo = 0, 0
	if len(v.queue) > 0 && v.queue[0].sought == v.gen {
		for _, f := range v.queue[1:] {
			f.drop()
		}
		v.queue = v.queue[:1]
		return
	}
	v.flush()
}

// follow tells the view where the transport is.
func (v *View) follow(at media.UTC, playing bool, rate float64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.at == at && v.playing == playing && v.rate == rate && v.target >= 0 {
		return
	}
	if playing && !v.playing {
		v.state.Dropped = 0
	}
	stop := !playing && v.playing
	stride, only, ahead := v.stride(), v.syncOnly(), v.ahead
	v.at, v.playing, v.rate = at, playing, rate
	v.cache.onward = playing && rate > 0
	if playing {
		v.ahead = 1
		if rate < 0 {
			v.ahead = -1
		}
	}
	if stop || v.stride() != stride || v.syncOnly() != only || v.ahead != ahead {
		v.turn()
	}
	v.wake.Broadcast()
}

// ready reports whether the picture of the latest seek is there.
func (v *View) ready() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.served == v.gen || v.target < 0 || v.hidden || v.state.Error != ""
}

// Pull returns the frame that is due, whether it is another one than before,
// and the state of the view. It never waits for decoding.
func (v *View) Pull() (f *Frame, changed bool, s State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	due := -1
	for i, q := range v.queue {
		// What was sought is due at once: before the first picture there is none at the position itself.
		if v.due(q) || i == 0 && q.sought == v.gen {
			due = i
		}
	}
	if due >= 0 {
		next := v.queue[due].hold()
		if v.playing && due > 0 && v.rate >= -1 && v.rate <= 1 {
			v.state.Dropped += due
		}
		for _, q := range v.queue[:due+1] {
			q.drop()
		}
		v.queue = append(v.queue[:0], v.queue[due+1:]...)
		v.before.drop()
		v.before, v.shown = v.shown, next
		changed = true
	}
	if changed || v.crowded {
		v.crowded = false
		v.wake.Broadcast()
	}
	return v.shown, changed, v.describe()
}

// due reports whether the position has reached a frame. Called with the lock
// held.
func (v *View) due(f *Frame) bool {
	if v.ahead < 0 && v.playing {
		return v.at < v.zero.Add(f.Sample.End())
	}
	return v.zero.Add(f.Sample.PTS) <= v.at
}

// Current returns the frame that was pulled last, or nil.
func (v *View) Current() *Frame {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.shown
}

// describe tells the state at the present position. Called with the lock held.
func (v *View) describe() State {
	s := v.state
	s.Seeking = v.served != v.gen && v.target >= 0 && s.Error == ""
	s.Skipping = v.skipping()
	if media.Frames(v.table) == 0 {
		return s
	}
	p := v.at.Sub(v.zero)
	i, ok := v.table.AtPTS(p)
	switch {
	case !ok:
		s.Gap, s.Before, s.HasNext, s.Reason = true, true, true, media.GapUnknown
		s.Next = v.zero.Add(v.table.At(v.table.ByFrame(1)).PTS)
	case !p.Before(v.table.At(i).End()):
		next := v.table.Next(i)
		if next < 0 {
			s.Ended = v.zero.Add(v.table.At(i).End())
			s.After = v.table.Complete() && v.at > s.Ended
			s.Gap = s.After
			break
		}
		if start := v.table.At(next).PTS; p.Before(start) {
			s.Gap, s.HasNext, s.Next, s.Reason = true, true, v.zero.Add(start), v.reason(p)
		}
	}
	return s
}

// reason says why there is no footage at a time. Called with the lock held.
func (v *View) reason(p media.Ticks) media.GapReason {
	for _, g := range v.cfg.Source.Gaps(v.cfg.Track.ID) {
		if !p.Before(g.From) && p.Before(g.To) {
			return g.Reason
		}
	}
	return media.GapUnknown
}

// retryAfter is how long a view that cannot decode waits before it tries again.
const retryAfter = 2 * time.Second

// retry asks for the picture of the present position again, unless somebody
// has sought meanwhile.
func (v *View) retry(gen int) {
	v.mu.Lock()
	at, why := v.at, v.state.Error
	due := !v.closed && v.gen == gen && why != ""
	v.mu.Unlock()
	if !due {
		return
	}
	v.seek(at, false)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.served != v.gen {
		v.state.Error = why // it is told until a picture comes
	}
}

// retryLater tries again after a while. It is for what may mend itself.
func (v *View) retryLater(gen int) { time.AfterFunc(retryAfter, func() { v.retry(gen) }) }

// fail tells why the picture of a seek is not there. It returns false when
// somebody has sought meanwhile: that is tried first.
func (v *View) fail(err error, gen int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx.Err() != nil || v.gen != gen {
		return false
	}
	v.state.Error, v.served = err.Error(), gen
	return true
}

// Wait returns when the view has something new to be pulled, or after a while.
func (v *View) Wait(most time.Duration) {
	over := false
	t := time.AfterFunc(most, func() {
		v.mu.Lock() // so that it cannot come between looking and waiting
		over = true
		v.mu.Unlock()
		v.wake.Broadcast()
	})
	defer t.Stop()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.queue) == 0 && !over {
		v.wake.Wait()
	}
}
