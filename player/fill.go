package player

import (
	"errors"
	"io"
	"time"

	"vedette/player/decode"
)

// filler is the goroutine that decodes what a view wants into its cache.
type filler struct {
	v        *View
	r        *decode.Reader
	position int // frame number that the reader delivers next, -1 if that is unknown
	threads  int // of the reader
	keep     int64
}

func (v *View) decode() {
	f := &filler{v: v, position: -1}
	defer f.close()
	for {
		j, ok := v.wanted()
		switch {
		case !ok:
			return
		case j.poll:
			v.pause()
		default:
			f.run(j)
		}
	}
}

// wanted waits for something to decode; ok is false when the view closes.
func (v *View) wanted() (j job, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for !v.closed {
		if j, ok := v.plan(); ok {
			return j, true
		}
		v.wake.Wait()
	}
	return job{}, false
}

func (f *filler) close() {
	if f.r != nil {
		_ = f.r.Close() // whatever it says, it is gone
		f.r = nil
	}
}

// run decodes a stretch.
func (f *filler) run(j job) {
	v := f.v
	if err := f.bring(j); err != nil {
		f.stuck(err, j)
		return
	}
	for {
		p, err := f.r.Next(v.ctx)
		v.progress(f.r)
		if err != nil {
			f.stuck(err, j)
			return
		}
		n := v.table.Frame(p.Index)
		f.position = n + 1
		v.mu.Lock()
		if v.runFrom == 0 {
			v.runFrom = n
		}
		v.runTo = f.position
		v.mu.Unlock()
		if j.only {
			f.position = -1
		}
		if j.stride > 1 && n%j.stride != 0 && n != j.to && n != j.from {
			p.Release()
		} else if err := v.keep(p, n); err != nil {
			f.stuck(err, j)
			return
		}
		if n >= j.to {
			return
		}
		v.mu.Lock()
		over := v.superseded(&j, f.position)
		v.mu.Unlock()
		if over {
			return
		}
	}
}

// bring has the reader deliver the job's first frame next.
func (f *filler) bring(j job) error {
	v := f.v
	v.mu.Lock()
	first := v.table.ByFrame(j.from)
	onward := f.position > 0 && f.position <= j.from && !v.syncBetween(f.position, j.from)
	if f.position > 0 && f.position <= j.to && f.position > j.from && !v.syncBetween(f.position, j.to) {
		// It stands between the first frame worth keeping and the last one.
		onward, first = true, v.table.ByFrame(f.position)
	}
	threads, keep, shared := v.threads, v.cache.limit, v.shared
	v.mu.Unlock()
	if onward && !j.only && f.r != nil {
		f.r.Lean(j.lean)
		if v.table.Frame(first) != f.position {
			f.r.Pass(first)
		}
		return nil
	}
	if f.r != nil && (threads != f.threads || keep > 2*f.keep || 2*keep < f.keep) {
		f.close()
		v.mu.Lock()
		v.cache.clear() // it lay in the decoder's memory
		v.mu.Unlock()
	}
	if f.r == nil {
		r, err := decode.NewReader(v.cfg.Opener, v.cfg.Source, v.cfg.Track, decode.Config{Threads: threads, Keep: keep, Shared: shared})
		if err != nil {
			return err
		}
		f.r, f.threads, f.keep = r, threads, keep
	}
	f.position = -1
	v.mu.Lock()
	v.runFrom, v.runTo = j.from, j.from
	v.mu.Unlock()
	f.r.Lean(j.lean)
	if j.only {
		return f.r.Only(v.ctx, first)
	}
	return f.r.Seek(v.ctx, first)
}

// stuck deals with what ends decoding for now.
func (f *filler) stuck(err error, j job) {
	v, gen := f.v, j.gen
	f.position = -1
	switch {
	case v.ctx.Err() != nil:
	case errors.Is(err, io.EOF) && j.only:
		p := decode.NewPicture(nil)
		p.Index, p.State, p.Reason = v.table.ByFrame(j.from), decode.Withheld, "the decoder gave no picture for it"
		_ = v.keep(p, j.from) // there is nothing to be copied
	case errors.Is(err, io.EOF):
		v.mu.Lock()
		v.ended = v.gen == gen
		v.served = max(v.served, gen)
		v.mu.Unlock()
	case errors.Is(err, decode.ErrAgain):
		v.pause()
	default:
		if v.fail(err, gen) && !decode.Permanent(err) {
			v.retryLater(gen)
		}
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

func (v *View) progress(r *decode.Reader) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state.Done, v.state.Total = r.Progress()
}

// keep puts a decoded picture into the cache.
func (v *View) keep(p *decode.Picture, n int) error {
	if !p.Kept() {
		var err error
		if p, err = p.Settle(); err != nil {
			return err
		}
	}
	k := &kept{pic: p, sample: p.Index, number: n}
	k.refs.Store(1)
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.State == decode.Failed {
		v.state.FailedAt = n
	}
	v.cache.put(k, v.around())
	v.wake.Broadcast()
	return nil
}
