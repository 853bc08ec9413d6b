package decode

import (
	"context"
	"io"
	"math"

	"vedette/media"
)

// A track is decoded in passes: each with one decoder of one sample description,
// in the order of the media. Where the description changes, or the edit list goes
// back to earlier media, the decoder is drained first, so that no picture is lost,
// and another pass begins.

// stretched is a table whose edit list may play media in another order than it
// was recorded.
type stretched interface {
	// Run returns the first frame of the stretch around a frame, the frame after
	// its last, and its last sample in decode order; false for all of the track.
	Run(frame int) (from, to, last int, ok bool)
}

// stretch limits the pass to what is shown in decode order around a frame.
func (r *Reader) stretch(frame int) {
	r.end, r.through = math.MaxInt, math.MaxInt
	if t, ok := r.table.(stretched); ok && frame > 0 {
		if _, to, last, ok := t.Run(frame); ok {
			r.end, r.through = to, last
		}
	}
}

// describe makes the next decoder one for a sample description.
func (r *Reader) describe(n int) {
	t := r.track.Described(n)
	if r.look == nil || n != r.desc {
		r.look = newInspector(t)
		r.look.deep = r.cfg.Mode == Evidence
	}
	r.desc = n
	r.cfg.Codec, r.cfg.Config, r.cfg.Width, r.cfg.Height = t.Codec, t.Config, t.Width, t.Height
}

// passed reports whether the decoder of this pass gets no more.
func (r *Reader) passed() bool {
	switch {
	case r.next > r.through || r.stop > 0 && r.next >= r.stop:
		return true
	case r.next >= r.table.Len():
		return r.table.Complete()
	}
	return r.table.At(r.next).Description != r.desc
}

// goOn begins the next pass when the decoder has given everything, or tells the
// end.
func (r *Reader) goOn(ctx context.Context) error {
	switch {
	case r.stop > 0 && r.next >= r.stop:
		return io.EOF
	case r.next > r.through && r.table.ByFrame(r.end) >= 0:
		return r.Seek(ctx, r.table.ByFrame(max(r.end, r.target)))
	case r.next >= r.table.Len() || r.next > r.through:
		return io.EOF
	}
	r.drop() // the next step opens one for the description that follows
	r.drained, r.ended, r.from = false, false, r.next
	return nil
}

// ends returns the frame before which this pass has given all its pictures, 0
// where others may follow.
func (r *Reader) ends() int {
	switch {
	case r.stop > 0 || r.only >= 0:
		return 0
	case r.next > r.through:
		return r.end
	case r.next >= r.table.Len() && r.table.Complete():
		return media.Frames(r.table) + 1
	}
	return 0
}
