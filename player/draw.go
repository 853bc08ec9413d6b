package player

import (
	"errors"
	"image"

	"vedette/player/decode"
)

// order is a picture to be converted for the screen.
type order struct {
	k             *kept
	gen, moves    int
	width, height int
	sought, near  bool
	again         bool // the one that is shown, at another size
	late          int  // frames that are passed over because their time has gone
}

// draw is the goroutine that converts what is due next.
func (v *View) draw() {
	for {
		o, ok := v.pick()
		if !ok {
			return
		}
		f, err := v.develop(o)
		v.hand(o, f, err)
	}
}

// pick waits for a picture that is wanted on screen and lies in the cache.
func (v *View) pick() (order, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for !v.closed {
		if o, ok := v.choose(); ok && !v.crowded {
			o.gen, o.moves, o.width, o.height = v.gen, v.moves, v.width, v.height
			o.k.hold()
			return o, true
		}
		v.wake.Wait()
	}
	return order{}, false
}

// latest is the frame that is shown when everything that waits has been pulled.
// Called with the lock held.
func (v *View) latest() *Frame {
	if n := len(v.queue); n > 0 {
		return v.queue[n-1]
	}
	return v.shown
}

// choose is called with the lock held.
func (v *View) choose() (order, bool) {
	if v.target < 0 {
		return order{}, false
	}
	if v.served != v.gen {
		if k := v.cached(v.table.Frame(v.target)); k != nil {
			return order{k: k, sought: true}, true
		}
		if v.near && v.nearGen != v.gen {
			if s := v.table.SyncBefore(v.target); s >= 0 {
				k := v.cached(v.table.Frame(s))
				return order{k: k, near: true}, k != nil
			}
		}
		return order{}, false
	}
	if v.redraw && v.playing {
		v.redraw = false // the next one comes in the new size
	}
	if v.redraw && v.latest() != nil {
		f := v.latest()
		if k := v.cached(f.Number); k != nil {
			return order{k: k, again: true, near: f.Near}, true
		}
		if v.redraw = false; f.Near {
			return order{}, false // it stands in for one that could not be had
		}
		v.gen++ // it has to be decoded again
		v.target = f.Sample.Index
		v.wake.Broadcast()
		return order{}, false
	}
	if !v.playing || len(v.queue) >= drawnAhead {
		return order{}, false
	}
	n, late := v.upcoming()
	last := v.shownNumber()
	if l := len(v.queue); l > 0 {
		last = v.queue[l-1].Number
	}
	o := order{k: v.cached(n)}
	if o.k == nil && late {
		// The newest that is there is better than waiting for what is due.
		for m := n - v.ahead; (m-last)*v.ahead > 0 && (n-m)*v.ahead < aheadPlaying; m -= v.ahead {
			if o.k = v.cached(m); o.k != nil {
				n = m
				break
			}
		}
	}
	if v.stride() == 1 && v.rate >= -1 && v.rate <= 1 && last > 0 {
		o.late = max((n-last)*v.ahead-1, 0)
	}
	return o, o.k != nil
}

// develop makes the frame for the screen.
func (v *View) develop(o order) (*Frame, error) {
	p := o.k.pic
	f := &Frame{
		Sample: v.table.At(o.k.sample), Number: o.k.number, Kind: p.Kind, State: p.State, Reason: p.Reason,
		Width: p.Width, Height: p.Height, Near: o.near,
	}
	f.refs.Store(1)
	if p.Planes[0] != nil || p.RGBA != nil {
		wide, high := decode.Turned(v.cfg.Track, o.width, o.height) // the place, as the picture lies
		across, down := square(v.cfg.Track.Described(f.Sample.Description), p.Width, p.Height)
		w, h := fit(across, down, wide, high)
		s, err := p.Draw(w, h)
		if err != nil {
			return nil, err
		}
		f.screen = s
		f.Picture = v.upright(&image.RGBA{Pix: s.RGBA, Stride: 4 * s.Width, Rect: image.Rect(0, 0, s.Width, s.Height)})
	}
	if v.cfg.Annotate != nil {
		f.Extra = v.cfg.Annotate(f.Sample)
	}
	return f, nil
}

// fit returns the size at which a picture is converted for a place on screen:
// its own, unless the place is clearly smaller.
func fit(w, h, width, height int) (int, int) {
	if width <= 0 || height <= 0 {
		return w, h
	}
	k := min(float64(width)/float64(w), float64(height)/float64(h))
	if k > 0.8 {
		return w, h
	}
	return max(int(float64(w)*k+.5), 1), max(int(float64(h)*k+.5), 1)
}

// tooOften is how many pictures in a row may be lost with their decoders.
const tooOften = 8

// hand gives a converted frame to who pulls, unless it is no longer wanted.
func (v *View) hand(o order, f *Frame, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	defer o.k.drop()
	switch {
	case errors.Is(err, decode.ErrNoRoom):
		v.crowded = true
		return
	case errors.Is(err, decode.ErrGone):
		if v.lost++; v.lost > tooOften {
			v.state.Error, v.served = err.Error(), v.gen
			v.retryLater(v.gen)
		}
		v.cache.clear() // all of it lay in that decoder's memory
		v.wake.Broadcast()
		return
	case err != nil:
		f = &Frame{Sample: v.table.At(o.k.sample), Number: o.k.number, State: decode.Undecodable, Reason: err.Error()}
		f.refs.Store(1)
	}
	v.lost = 0
	if v.gen != o.gen || v.closed {
		f.drop()
		return
	}
	switch {
	case o.again:
		v.flush()
		f.sought = v.gen
		v.redraw = v.redraw && (o.width != v.width || o.height != v.height)
	case o.sought:
		v.flush()
		f.sought, v.served = v.gen, v.gen
		v.redraw = v.redraw && (o.width != v.width || o.height != v.height)
		v.state.Error = ""
	case o.near:
		v.flush()
		f.sought, v.nearGen = v.gen, v.gen
	case v.playing && v.moves == o.moves:
		v.state.Dropped += o.late
	default:
		f.drop()
		return
	}
	v.queue = append(v.queue, f)
	v.wake.Broadcast() // decoding goes on behind it
}
