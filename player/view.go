package player

import (
	"context"
	"errors"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

// Frame is one picture ready to be shown. What a view hands out stays valid
// until two other frames have been handed out after it.
type Frame struct {
	Sample  media.Sample
	Number  int // in order of presentation, from 1
	Kind    byte
	State   decode.State
	Reason  string
	Picture *image.RGBA // nil when there is none
	Extra   any         // what Config.Annotate made of the sample
	sought  int         // generation of the seek that asked for it, 0 for none
	refs    atomic.Int32
	pool    *pool
}

// Config describes a view.
type Config struct {
	Source   media.Source
	Track    media.Track
	Opener   decode.Opener
	Zero     media.UTC              // axis time of presentation time 0
	Cache    int64                  // bytes of pictures kept for stepping back; 0 means 256 MiB
	Sound    *media.Track           // of the same source, heard while the view is focused; nil for none
	Annotate func(media.Sample) any // called off the window's goroutine for every frame
}

// State says why a view shows what it shows.
type State struct {
	Gap      bool // no footage at this time
	Reason   media.GapReason
	Next     media.UTC // where footage goes on; HasNext says whether it does
	HasNext  bool
	Before   bool // before the first picture
	After    bool // after the last one
	Seeking  bool
	Done     int // samples decoded towards the one sought
	Total    int
	Error    string
	FailedAt int // frame number at which the decoder failed last, 0 for none
}

const (
	ahead        = 6 // frames decoded ahead of the one shown
	defaultCache = 256 << 20
)

// View decodes one video track.
type View struct {
	cfg   Config
	table media.Table

	mu      sync.Mutex
	wake    *sync.Cond
	zero    media.UTC
	gen     int // of the latest seek
	target  int // sample sought, -1 for none
	served  int // generation whose target has been delivered
	queue   []*Frame
	playing bool
	at      media.UTC
	shown   *Frame
	before  *Frame
	cache   cache
	state   State
	ended   bool
	closed  bool

	cancel context.CancelFunc
	ctx    context.Context //nolint:containedctx // the view's own run loop
	done   chan struct{}
	pool   *pool
}

// NewView prepares a view; it begins to decode when it is added to an engine.
func NewView(c Config) *View {
	if c.Cache == 0 {
		c.Cache = defaultCache
	}
	v := &View{cfg: c, table: c.Source.Table(c.Track.ID), zero: c.Zero, target: -1, done: make(chan struct{}), pool: &pool{}}
	v.wake = sync.NewCond(&v.mu)
	v.cache.limit = c.Cache
	return v
}

// Track returns the track that is shown.
func (v *View) Track() media.Track { return v.cfg.Track }

func (v *View) start(at media.UTC) {
	v.ctx, v.cancel = context.WithCancel(context.Background())
	v.seek(at)
	go v.run()
}

func (v *View) close() {
	v.mu.Lock()
	v.closed = true
	v.mu.Unlock()
	v.cancel()
	v.wake.Broadcast()
	<-v.done
}

func (v *View) axisOf(p media.Ticks) media.UTC {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.zero.Add(p)
}

func (v *View) setZero(z media.UTC) media.UTC {
	v.mu.Lock()
	defer v.mu.Unlock()
	d := z - v.zero
	v.zero = z
	return d
}

func (v *View) span() (from, to media.UTC) {
	v.mu.Lock()
	zero := v.zero
	v.mu.Unlock()
	n := v.table.Len()
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

// seek asks for the picture of an axis time; the latest asking wins.
func (v *View) seek(at media.UTC) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.table.AtPTS(at.Sub(v.zero))
	if !ok {
		i = v.table.ByFrame(1)
	}
	v.at = at
	v.gen++
	v.target, v.ended, v.state.Error = i, false, "" // whoever seeks tries again
	v.flush()
	if f := v.cache.get(i); f != nil {
		f.sought = v.gen
		v.queue = append(v.queue, f.hold())
		v.served = v.gen
	}
	v.wake.Broadcast()
}

func (v *View) flush() {
	for _, f := range v.queue {
		f.drop()
	}
	v.queue = v.queue[:0]
}

// follow tells the view where the transport is.
func (v *View) follow(at media.UTC, playing bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.at != at || v.playing != playing {
		v.at, v.playing = at, playing
		v.wake.Broadcast()
	}
}

// ready reports whether the picture of the latest seek is there.
func (v *View) ready() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.served == v.gen || v.target < 0 || v.state.Error != ""
}

// Pull returns the frame that is due, whether it is another one than before,
// and the state of the view. It never waits for decoding.
func (v *View) Pull() (f *Frame, changed bool, s State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	due := -1
	for i, q := range v.queue {
		// What was sought is due at once: before the first picture there is none at the position itself.
		if v.zero.Add(q.Sample.PTS) <= v.at || i == 0 && q.sought == v.gen {
			due = i
		}
	}
	if due >= 0 {
		next := v.queue[due].hold()
		for _, q := range v.queue[:due+1] {
			q.drop()
		}
		v.queue = append(v.queue[:0], v.queue[due+1:]...)
		if v.shown != nil && v.shown.Sample.Index == next.Sample.Index {
			next.drop()
		} else {
			v.before.drop()
			v.before, v.shown = v.shown, next
			changed = true
		}
		v.wake.Broadcast()
	}
	return v.shown, changed, v.describe()
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
	n := v.table.Len()
	if n == 0 {
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
			s.After = v.table.Complete() && v.at > v.zero.Add(v.table.At(i).End())
			s.Gap = s.After
			break
		}
		if start := v.table.At(next).PTS; p.Before(start) {
			s.Gap, s.HasNext, s.Next, s.Reason = true, true, v.zero.Add(start), media.GapUnknown
		}
	}
	return s
}

// run decodes: what was sought first, then ahead while there is room.
func (v *View) run() {
	defer close(v.done)
	r, err := decode.NewReader(v.cfg.Opener, v.cfg.Source, v.cfg.Track, decode.Config{RGBA: true})
	if err != nil {
		v.fail(err)
		return
	}
	defer r.Close()
	position := -1 // frame number that the reader delivers next
	for {
		gen, target, from, ok := v.job()
		if !ok {
			return
		}
		if target >= 0 {
			position = v.reach(r, gen, target, from, position)
			continue
		}
		position = v.advance(r, gen, position)
	}
}

// job waits until there is something to do. target is -1 for decoding ahead;
// from is the frame from which frames are worth keeping.
func (v *View) job() (gen, target, from int, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		if v.closed {
			return 0, 0, 0, false
		}
		if v.target < 0 && v.table.Len() > 0 {
			v.target = v.table.ByFrame(1)
			v.gen++
		}
		if v.target >= 0 && v.served != v.gen {
			return v.gen, v.target, v.keepFrom(v.target), true
		}
		if v.target >= 0 && !v.ended && len(v.queue) < v.room() && v.state.Error == "" {
			return v.gen, -1, 0, true
		}
		v.wake.Wait()
	}
}

// room is how many frames may wait. A paused view decodes little ahead.
func (v *View) room() int {
	if v.playing {
		return ahead
	}
	return 1
}

// keepFrom returns the frame from which decoding towards a target keeps what
// it decodes: stepping back asks for these next. Called with the lock held.
func (v *View) keepFrom(target int) int {
	n := v.table.Frame(target)
	if v.shown == nil || v.shown.Number <= n || v.shown.Number > n+2 {
		return n // not stepping back
	}
	size := int64(v.cfg.Track.Width) * int64(v.cfg.Track.Height) * 4
	keep := int(v.cache.limit / max(size, 1) / 2)
	return max(1, n-max(keep-ahead, 0))
}

// reach decodes up to the target and delivers it. It returns the frame that
// the reader delivers next, or -1.
func (v *View) reach(r *decode.Reader, gen, target, from, position int) int {
	n := v.table.Frame(target)
	if position != n {
		start := target
		if from < n {
			if s := v.table.SyncBefore(target); s >= 0 {
				from = max(from, min(v.table.Frame(s), n))
			}
			start = v.table.ByFrame(from)
		}
		if err := r.Seek(v.ctx, start); err != nil {
			v.fail(err)
			return -1
		}
	}
	for {
		f, err := v.next(r)
		v.progress(r)
		switch {
		case err != nil:
			return v.stuck(err, gen)
		case !v.current(gen):
			v.keep(f)
			f.drop()
			return f.Number + 1
		case f.Number < n:
			v.keep(f)
			f.drop()
			continue
		}
		v.keep(f)
		v.deliver(f, gen, true)
		return f.Number + 1
	}
}

// advance decodes the frame after those that wait.
func (v *View) advance(r *decode.Reader, gen, position int) int {
	v.mu.Lock()
	want := 0
	if n := len(v.queue); n > 0 {
		want = v.queue[n-1].Number + 1
	} else if v.shown != nil {
		want = v.shown.Number + 1
	} else {
		want = v.table.Frame(v.target) + 1
	}
	sample := v.table.ByFrame(want)
	var hit *Frame
	if sample >= 0 {
		hit = v.cache.get(sample)
	}
	if sample < 0 && v.table.Complete() {
		v.ended = true
	}
	v.mu.Unlock()
	switch {
	case sample < 0:
		v.pause()
		return position
	case hit != nil:
		v.deliver(hit.hold(), gen, false)
		return position
	}
	if position != want {
		if err := r.Seek(v.ctx, sample); err != nil {
			v.fail(err)
			return -1
		}
	}
	f, err := v.next(r)
	if err != nil {
		return v.stuck(err, gen)
	}
	v.keep(f)
	v.deliver(f, gen, false)
	return f.Number + 1
}

// stuck deals with what ends decoding for now.
func (v *View) stuck(err error, gen int) int {
	switch {
	case v.ctx.Err() != nil:
	case errors.Is(err, io.EOF):
		v.mu.Lock()
		v.ended = true
		v.served = max(v.served, gen)
		v.mu.Unlock()
	case errors.Is(err, decode.ErrAgain):
		v.pause()
	default:
		v.fail(err)
		if !decode.Permanent(err) {
			time.AfterFunc(retryAfter, func() { v.retry(gen) })
		}
	}
	return -1
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
	v.seek(at)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.served != v.gen {
		v.state.Error = why // it is told until a picture comes
	}
}

// pause waits a moment for the index to grow.
func (v *View) pause() {
	t := time.NewTimer(20 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-v.ctx.Done():
	}
}

func (v *View) current(gen int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.gen == gen
}

func (v *View) progress(r *decode.Reader) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state.Done, v.state.Total = r.Progress()
}

func (v *View) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ctx.Err() == nil {
		v.state.Error = err.Error()
	}
	v.served = v.gen
}

// next copies the next picture out of the decoder's memory.
func (v *View) next(r *decode.Reader) (*Frame, error) {
	p, err := r.Next(v.ctx)
	if err != nil {
		return nil, err
	}
	defer p.Release()
	f := &Frame{Sample: v.table.At(p.Index), Number: v.table.Frame(p.Index), Kind: p.Kind, State: p.State, Reason: p.Reason, pool: v.pool}
	f.refs.Store(1)
	if len(p.RGBA) > 0 {
		f.Picture = v.pool.get(p.Width, p.Height)
		copy(f.Picture.Pix, p.RGBA)
	}
	if v.cfg.Annotate != nil {
		f.Extra = v.cfg.Annotate(f.Sample)
	}
	return f, nil
}

func (v *View) keep(f *Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cache.put(f)
}

func (v *View) deliver(f *Frame, gen int, sought bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if f.State == decode.Failed {
		v.state.FailedAt = f.Number
	}
	if v.gen != gen {
		f.drop()
		return
	}
	if sought {
		f.sought, v.served = gen, gen
		v.state.Error = ""
	}
	v.queue = append(v.queue, f)
}
