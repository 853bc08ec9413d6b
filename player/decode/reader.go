package decode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"vedette/media"
)

// Reader decodes one video track of a source in order of presentation. It
// feeds the decoder, marks damage by the rule of propagation, and survives the
// death of the decoder: a range at which a fresh decoder dies again is marked
// "decoder failed here", and reading goes on at the next sync sample. Every
// frame of the table is told of: one that has no picture comes without planes,
// with its state and the reason.
//
// It is used by one goroutine at a time.
type Reader struct {
	opener Opener
	src    media.Source
	track  media.Track
	table  media.Table
	cfg    Config
	desc   int // sample description that the decoder is for
	look   *inspector
	hist   history

	dec     VideoDecoder
	buf     []byte
	ready   bool      // buf holds the next sample
	facts   unitFacts // of it
	next    int       // next sample to be sent, in decode order
	target  int       // frame number from which pictures are delivered
	aim     int       // sample that was sought, for Progress
	from    int       // sample at which decoding towards it started
	stop    int       // sample before which feeding ends, 0 for none
	begun   int       // sample at which decoding started
	read    bool      // the data of all samples since then were read to their end
	lean    bool      // what nothing refers to is not decoded
	drained bool
	ended   bool         // the decoder has nothing more to give in this pass
	last    int          // frame number delivered last
	end     int          // frame before which this pass ends, see stretch
	through int          // last sample of it in decode order
	only    int          // sample that is sought although it is no frame, -1 for none
	sent    map[int]sent // samples handed over lately
	held    []*Picture   // in order of presentation, until it is their turn

	crashedAt int    // first sample of the range at which the decoder died, -1 if it did not
	lost      []span // ranges passed over
	refused   int    // times in a row that no decoder could be started
}

// sent is a sample that was handed to the decoder.
type sent struct {
	alone  bool // damage of it reaches no other picture
	hidden bool // its picture does not come back
	passed bool // it was left out, and nobody misses it
	came   bool // its picture did, or is known not to
	hash   *pictureHash
}

// reporter is a decoder that tells complaints about units.
type reporter interface{ Reports() []Report }

// NewReader prepares to decode a track from its first sample.
func NewReader(o Opener, src media.Source, t media.Track, c Config) (*Reader, error) {
	if t.Kind != media.KindVideo {
		return nil, fmt.Errorf("decode: track %d carries %s, not video", t.ID, t.Kind)
	}
	table := src.Table(t.ID)
	if table == nil {
		return nil, fmt.Errorf("decode: track %d is not known", t.ID)
	}
	r := &Reader{opener: o, src: src, track: t, table: table, cfg: c, target: 1, crashedAt: -1, only: -1, sent: map[int]sent{}}
	r.hist.place = r.place
	r.describe(0)
	r.stretch(1)
	r.read = r.look.deep
	return r, nil
}

// place orders samples as the stream shows them, whatever an edit list makes of
// it.
func (r *Reader) place(sample int) int64 {
	if sample < 0 || sample >= r.table.Len() {
		return math.MinInt64
	}
	return r.table.At(sample).CTS.Value
}

// Seek makes the picture of the given sample the next one delivered.
func (r *Reader) Seek(ctx context.Context, sample int) error {
	if sample < 0 || sample >= r.table.Len() {
		return fmt.Errorf("decode: sample %d is not known", sample)
	}
	frame := r.table.Frame(sample)
	r.forget()
	if r.dec != nil {
		if err := r.dec.Flush(ctx); err != nil {
			r.drop()
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	r.target, r.last, r.aim, r.only = frame, frame-1, sample, -1
	if frame < 1 { // the edit list leaves it out
		r.only = sample
	}
	r.stretch(frame)
	r.crashedAt, r.lost = -1, nil
	if err := r.startBefore(ctx, sample); err != nil {
		return err
	}
	if r.table.At(r.next).Description != r.desc {
		r.drop()
	}
	return nil
}

// Only makes the picture of one sync sample the next and last one delivered:
// nothing behind it is decoded before the next Seek.
func (r *Reader) Only(ctx context.Context, sample int) error {
	if err := r.Seek(ctx, sample); err != nil {
		return err
	}
	r.stop = sample + 1
	return nil
}

// Pass makes the picture of a later sample the next one delivered, decoding on
// from where the reader is.
func (r *Reader) Pass(sample int) {
	if frame := r.table.Frame(sample); frame > r.last {
		r.target, r.last, r.aim, r.from = frame, frame-1, sample, min(r.next, sample)
		for len(r.held) > 0 && r.table.Frame(r.held[0].Index) < frame {
			r.held[0].Release()
			r.held = r.held[1:]
		}
	}
}

// Lean says whether pictures that no other refers to are left out, since there is
// no time for them. With Evidence it changes nothing.
func (r *Reader) Lean(on bool) { r.lean = on && r.cfg.Mode == Play }

// forget drops what is known of samples sent, since decoding starts elsewhere.
func (r *Reader) forget() {
	for _, p := range r.held {
		p.Release()
	}
	r.held, r.ready, r.drained, r.ended, r.stop = nil, false, false, false, 0
	clear(r.sent)
	r.read = r.look.deep
	r.hist.forget()
	r.look.restart()
}

// startBefore puts the next sample to a place from which the sample can be
// decoded: a sync sample that is one in the coded data as well, not shown after
// it, and far enough before it where the picture is refreshed gradually.
func (r *Reader) startBefore(ctx context.Context, sample int) error {
	for at := sample; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := r.table.SyncBefore(at)
		if s <= 0 {
			r.next, r.from, r.begun = 0, 0, 0
			return nil
		}
		if r.place(s) <= r.place(sample) && r.leadsTo(ctx, s, sample) {
			r.next, r.from, r.begun = s, s, s
			return nil
		}
		at = s - 1
	}
}

// leadsTo asks the coded data whether decoding can start at a sync sample for
// the picture of another. A sample that cannot be read is no place to start.
func (r *Reader) leadsTo(ctx context.Context, s, sample int) bool {
	look := newInspector(r.track.Described(r.table.At(s).Description))
	for i := s; i <= sample && ctx.Err() == nil; i++ {
		data, err := r.src.ReadSample(r.table.At(i), r.buf)
		if err != nil {
			return false // feeding it will tell
		}
		r.buf = data
		f := look.inspect(data)
		if i == s && !f.sync {
			return false
		}
		if f.whole {
			return i == s || r.place(i) <= r.place(sample)
		}
	}
	return false
}

// Progress says how many samples have been decoded towards the one sought.
func (r *Reader) Progress() (done, total int) {
	return min(max(r.next-r.from, 0), r.aim-r.from+1), r.aim - r.from + 1
}

// Next returns the next picture in order of presentation, io.EOF at the end,
// and ErrAgain when the source is still being indexed and has no more yet. A
// picture that cannot be had comes without planes, with its state and reason.
func (r *Reader) Next(ctx context.Context) (*Picture, error) {
	for {
		if p := r.due(); p != nil {
			return p, nil
		}
		if r.ended {
			if err := r.goOn(ctx); err != nil {
				return nil, err
			}
			continue
		}
		p, err := r.step(ctx)
		var crash *CrashError
		switch {
		case errors.As(err, &crash):
			if err := r.recover(ctx, crash); err != nil {
				return nil, err
			}
		case errors.Is(err, io.EOF):
			r.ended = true
		case err != nil:
			return nil, err
		case p != nil:
			if out := r.take(p); out != nil {
				return out, nil
			}
		}
	}
}

// Close ends the decoder.
func (r *Reader) Close() error {
	r.forget()
	if r.dec == nil {
		return nil
	}
	d := r.dec
	r.dec = nil
	return d.Close()
}

// Still decodes exactly one picture as completely as possible: one thread,
// nothing skipped. The picture is to be released.
func Still(ctx context.Context, o Opener, src media.Source, t media.Track, sample int) (*Picture, error) {
	r, err := NewReader(o, src, t, Config{Mode: Evidence, Threads: 1, RGBA: true})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if err := r.Seek(ctx, sample); err != nil {
		return nil, err
	}
	p, err := r.Next(ctx)
	if err != nil {
		return nil, fmt.Errorf("decode: sample %d: %w", sample, err)
	}
	if p.Index != sample {
		p.Release()
		return nil, fmt.Errorf("decode: sample %d gave no picture", sample)
	}
	// The decoder ends here, and its memory with it.
	return p.detach(), nil
}

// Settle copies a picture out of shared memory, converted as well; the original
// is released. What it returns may be kept for as long as its owner likes.
func (p *Picture) Settle() (*Picture, error) {
	defer p.Release()
	s, err := p.Draw(0, 0)
	if err != nil {
		return nil, err
	}
	defer s.Release()
	q := p.detach()
	q.RGBA = append([]byte(nil), s.RGBA...)
	return q, nil
}

// detach copies a picture out of shared memory.
func (p *Picture) detach() *Picture {
	q := *p
	for i := range q.Planes {
		q.Planes[i] = append([]byte(nil), p.Planes[i]...)
	}
	q.RGBA = append([]byte(nil), p.RGBA...)
	q.owner, q.room, q.kept, q.whole, q.release = nil, 0, false, nil, nil
	p.Release()
	return &q
}
