package camera

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"

	"vedette/media"
)

// Options are what Check works with. All may be left out.
type Options struct {
	Judge    Judge
	Progress func(done, total int64) // bytes of samples
	Pause    func()                  // called about each mebibyte: who plays at the same time waits there
}

// pauseEvery is how much is examined between two pauses.
const pauseEvery = 1 << 20

// Check judges every video track of a source whose samples are all known. It
// reads a track twice: until a key is found, since the certificate may stand
// behind the first documents, then from the begin. An error means that the
// source could not be read or that ctx ended; then there is no report.
func Check(ctx context.Context, src media.Source, o Options) (*Report, error) {
	r := &Report{}
	c := &check{ctx: ctx, src: src, o: o}
	var tracks []media.Track
	for _, t := range src.Tracks() {
		if t.Kind == media.KindVideo && (t.Codec == media.CodecH264 || t.Codec == media.CodecH265) && src.Table(t.ID) != nil {
			tracks = append(tracks, t)
			c.total += c.size(t.ID)
		}
	}
	for _, t := range tracks {
		one, err := c.track(t)
		if err != nil {
			return nil, err
		}
		r.Tracks = append(r.Tracks, one)
	}
	r.Axis = c.axis
	r.derive()
	return r, nil
}

// derive sums the tracks up.
func (r *Report) derive() {
	r.State = Unchecked
	unsigned := false
	for _, t := range r.Tracks {
		d := t.Documents
		r.Documents.Authentic += d.Authentic
		r.Documents.Missing += d.Missing
		r.Documents.NotAuthentic += d.NotAuthentic
		r.Documents.NotVerifiable += d.NotVerifiable
		if t.State == NotSigned {
			unsigned = true
			continue
		}
		if !r.Present || t.State < r.State {
			r.State = t.State
		}
		if !r.Present || worse(t.Provenance.State, r.Provenance) {
			r.Provenance = t.Provenance.State
		}
		r.Present = true
	}
	switch {
	case !r.Present:
		r.State = NotSigned
	case unsigned: // a camera's signature on one track says nothing of another
		r.State = min(r.State, AuthenticPartial)
	}
}

func worse(a, b Ownership) bool {
	rank := [...]int{OwnerTrusted: 0, OwnerUnchecked: 1, OwnerUntrusted: 2}
	return rank[a] > rank[b]
}

type check struct {
	ctx         context.Context //nolint:containedctx // lives as long as one call of Check
	src         media.Source
	o           Options
	done, total int64
	since       int
	axis        bool
	buf         []byte
	nals        [][]byte
}

func (c *check) track(t media.Track) (TrackReport, error) {
	v := NewValidator(t.Codec, c.o.Judge)
	found, err := c.prime(t, v)
	if err != nil {
		return TrackReport{}, err
	}
	if !found {
		c.done += c.size(t.ID)
		return TrackReport{Track: t.ID, State: NotSigned}, nil
	}
	begin := c.done
	algs := v.hash.algs
	for {
		if err := c.feed(t, v); err != nil {
			return TrackReport{}, err
		}
		r, _ := v.Finish()
		if v.unread == 0 || len(v.hash.algs) <= len(algs) {
			return r, nil
		}
		// Another digest was announced later: the slices before it have to be
		// hashed by both. There are three, so this happens twice at most.
		algs = v.hash.algs
		v = NewValidator(t.Codec, c.o.Judge)
		if _, err := c.prime(t, v); err != nil {
			return TrackReport{}, err
		}
		v.expect(algs)
		c.done = begin
	}
}

// expect makes the entries be hashed by all of several algorithms.
func (v *Validator) expect(algs []crypto.Hash) {
	for _, a := range algs {
		v.hash.uses(a, 0)
	}
}

func (c *check) size(track uint32) (n int64) {
	table := c.src.Table(track)
	for i := range table.Len() {
		n += int64(table.At(i).Size)
	}
	return n
}

// prime looks for the key, from the begin of the track on, and reports whether
// there is any document at all.
func (c *check) prime(t media.Track, v *Validator) (bool, error) {
	found := false
	for u, err := range c.units(t) {
		if err != nil {
			return false, err
		}
		for _, nal := range u.NALs {
			if roleOf(t.Codec, nal) != message {
				continue
			}
			at, _, ok := payloadAt(t.Codec, nal)
			switch {
			case !ok:
			case bytes.HasPrefix(nal[at:], uuid):
				found = true
				v.Prime(nal)
			case bytes.HasPrefix(nal[at:], axisUUID):
				c.axis = true
			}
		}
		if v.Keyed() {
			return true, nil
		}
	}
	return found, nil
}

func (c *check) feed(t media.Track, v *Validator) error {
	for u, err := range c.units(t) {
		if err != nil {
			return err
		}
		v.Push(u)
		c.done += int64(u.Sample.Size)
		if c.o.Progress != nil {
			c.o.Progress(c.done, c.total)
		}
	}
	return nil
}

// units yields the access units of a track. Their memory is used again.
func (c *check) units(t media.Track) func(func(Unit, error) bool) {
	return func(yield func(Unit, error) bool) {
		table, size := c.src.Table(t.ID), prefixSize(t)
		for i := range table.Len() {
			if err := c.breathe(); err != nil {
				yield(Unit{}, err)
				return
			}
			u := Unit{Sample: table.At(i)}
			p, err := c.src.ReadSample(u.Sample, c.buf)
			switch {
			case err == nil:
				var whole bool
				c.buf = p
				c.nals, whole = Split(p, size, c.nals)
				u.NALs, u.Torn = c.nals, !whole
			case errors.Is(err, media.ErrNoSample):
				u.Torn = true
			default:
				yield(Unit{}, fmt.Errorf("camera: %w", err))
				return
			}
			c.since += len(p)
			if !yield(u, nil) {
				return
			}
		}
	}
}

// breathe lets others have their turn, and ends with the context.
func (c *check) breathe() error {
	if c.since >= pauseEvery && c.o.Pause != nil {
		c.since = 0
		c.o.Pause()
	}
	if err := c.ctx.Err(); err != nil {
		return fmt.Errorf("camera: %w", err)
	}
	return nil
}
