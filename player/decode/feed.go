package decode

import (
	"context"
	"errors"
	"fmt"
	"io"

	"vedette/media"
)

// step receives one picture, feeding the decoder when it asks for more.
func (r *Reader) step(ctx context.Context) (*Picture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.dec == nil {
		if r.next < r.table.Len() {
			r.describe(r.table.At(r.next).Description)
		}
		d, err := r.opener.OpenVideo(ctx, r.cfg)
		if err != nil {
			return nil, r.unopened(ctx, err)
		}
		r.dec, r.refused = d, 0
	}
	p, err := r.dec.Receive(ctx)
	r.collect()
	switch {
	case !errors.Is(err, ErrAgain):
		return p, err
	case !r.passed():
		if r.next >= r.table.Len() {
			return nil, ErrAgain
		}
		return nil, r.feed(ctx)
	case r.drained:
		return nil, io.EOF
	}
	r.drained = true
	return nil, r.dec.Drain(ctx)
}

// feed sends the next sample.
func (r *Reader) feed(ctx context.Context) error {
	i := r.next
	if !r.ready {
		data, err := r.src.ReadSample(r.table.At(i), r.buf)
		switch {
		case errors.Is(err, media.ErrNoSample):
			r.hist.damage(i, false, Undecodable, err.Error())
			r.next++
			return nil
		case err != nil:
			return fmt.Errorf("decode: sample %d: %w", i, err)
		}
		r.buf, r.ready = data, true
		r.facts = r.look.inspect(data)
		r.judge(i, r.facts)
		r.read = r.read && r.facts.read
	}
	f := r.facts
	n := r.table.Frame(i)
	s := sent{alone: f.nonRef && !f.carries, hidden: i != r.only && (n < r.target || n >= r.end)}
	if r.cfg.whole() && f.hash != nil {
		s.hash, s.hidden = f.hash, false // it has to come back to be compared
	}
	if (s.hidden || r.lean) && f.nonRef && f.fault == "" && r.cfg.Mode == Play {
		r.next, r.ready = i+1, false // nothing needs it, and nobody sees it
		r.sent[i] = sent{alone: true, hidden: true, passed: true, came: true}
		r.forgetSent(i)
		return nil
	}
	err := r.dec.Send(ctx, Unit{Index: i, Data: r.buf, Hidden: s.hidden})
	if errors.Is(err, ErrAgain) {
		return nil
	}
	if err == nil {
		r.sent[i] = s
		r.next, r.ready = i+1, false
		r.forgetSent(i)
	}
	r.collect()
	return err
}

// forgetSent forgets what is settled of a sample far behind one that is sent: no
// complaint comes so late.
func (r *Reader) forgetSent(i int) {
	const far = 256
	if old, ok := r.sent[i-far]; ok && (old.hidden || old.came) {
		delete(r.sent, i-far)
	}
}

// judge notes what the coded data alone says of damage.
func (r *Reader) judge(i int, f unitFacts) {
	if f.whole {
		r.hist.heal(recovered{i, r.place(i), f.open})
	}
	switch {
	case i != r.begun:
	case !f.sync:
		r.hist.damage(i, false, Affected, "decoding had to start where it cannot")
	case !f.whole:
		r.hist.damage(i, false, Affected, "decoding started where the picture is refreshed bit by bit")
	case f.open:
		r.hist.startedOpen(i)
	}
	if f.missing != "" {
		r.hist.damage(i, false, Affected, f.missing)
	}
	switch {
	case f.skipped:
		r.hist.damage(i, true, Undecodable, "it refers to pictures before the place where decoding started")
	case f.parts == 0:
		r.hist.damage(i, false, Undecodable, f.fault)
	case f.fault != "":
		r.hist.damage(i, f.nonRef && !f.carries, Damaged, f.fault)
	}
}

// collect takes the decoder's complaints as events.
func (r *Reader) collect() {
	c, ok := r.dec.(reporter)
	if !ok {
		return
	}
	for _, x := range c.Reports() {
		state := Damaged
		if x.Refused {
			state = Undecodable
		}
		r.hist.damage(x.Index, r.sent[x.Index].alone, state, x.Text)
	}
}
