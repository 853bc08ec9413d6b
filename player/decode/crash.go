package decode

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"time"
)

// A decoder that fails to start is tried again so often in a row, after a pause
// that doubles up to the longest: about eight seconds in all.
const (
	maxRefused   = 30
	longestPause = 320 * time.Millisecond
)

// unopened waits before another try at starting a decoder: a child that died
// while it started says nothing about the next one. What no try can mend, such
// as a missing program, is the caller's.
func (r *Reader) unopened(ctx context.Context, err error) error {
	r.refused++
	if r.refused > maxRefused || Permanent(err) {
		r.refused = 0
		return err
	}
	select {
	case <-time.After(min(10*time.Millisecond<<min(r.refused, 8), longestPause)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Permanent reports whether an error of starting a decoder will be the same at
// the next try.
func Permanent(err error) bool {
	return errors.Is(err, ErrNoProgram) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, exec.ErrNotFound)
}

// span is a run of samples at which fresh decoders die.
type span struct {
	from, to int
	why      string
}

// failed returns the run that a sample lies in.
func (r *Reader) failed(sample int) (span, bool) {
	for _, l := range r.lost {
		if l.from <= sample && sample < l.to {
			return l, true
		}
	}
	return span{}, false
}

// recover goes on after the decoder's death: once over the same range with a
// fresh one, then past it, up to the next sync sample.
func (r *Reader) recover(ctx context.Context, c *CrashError) error {
	r.drop()
	r.cfg.Shared = false // the next death is its own, not that of another in the same child
	first := c.From
	if c.To == c.From { // it died between two units
		first = max(r.next-1, 0)
	}
	if r.crashedAt < 0 {
		r.crashedAt = first
		r.restart()
		return r.startBefore(ctx, r.owed())
	}
	end := r.table.SyncAfter(first)
	if end < 0 {
		end = r.table.Len()
	}
	r.restart()
	r.lost = append(r.lost, span{r.crashedFrom(first), end, c.Error()})
	r.crashedAt = -1
	r.next, r.from, r.begun = end, end, end
	return nil
}

// restart forgets what was sent, but not where feeding ends.
func (r *Reader) restart() {
	stop := r.stop
	r.forget()
	r.stop = stop
	r.stretch(r.last + 1)
}

// crashedFrom is the first sample whose picture is still owed, or the one at
// which the decoder died where that comes before.
func (r *Reader) crashedFrom(first int) int { return min(first, r.owed()) }

// owed is the sample of the first picture that is neither delivered nor lost.
func (r *Reader) owed() int {
	if r.only >= 0 {
		return r.only
	}
	for n := r.last + 1; ; n++ {
		i := r.table.ByFrame(n)
		if i < 0 {
			return max(r.table.Len()-1, 0)
		}
		if _, lost := r.failed(i); !lost {
			return i
		}
	}
}

func (r *Reader) drop() {
	if r.dec != nil {
		_ = r.dec.Close() // it is dead or about to be
		r.dec = nil
	}
}
