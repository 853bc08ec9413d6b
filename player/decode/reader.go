package decode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"time"

	"vedette/media"
)

// Reader decodes one video track of a source in order of presentation. It
// feeds the decoder, marks damage by the rule of propagation, and survives the
// death of the decoder: a range at which a fresh decoder dies again is marked
// "decoder failed here", and reading goes on at the next sync sample.
//
// It is used by one goroutine at a time.
type Reader struct {
	opener Opener
	src    media.Source
	track  media.Track
	table  media.Table
	cfg    Config
	size   int // of NAL length fields
	desc   int // sample description that the decoder is for

	dec     VideoDecoder
	buf     []byte
	next    int // next sample to be sent, in decode order
	target  int // frame number from which pictures are delivered
	aim     int // sample that was sought, for Progress
	from    int // sample at which decoding towards it started
	stop    int // sample before which feeding ends, 0 for none
	drained bool
	last    int      // frame number delivered last
	end     int      // frame before which this pass ends, see stretch
	through int      // last sample of it in decode order
	only    int      // sample that is sought although it is no frame, -1 for none
	upTo    int      // frame before which those without a picture are named
	held    *Picture // the one that comes after them

	crashedAt int // first sample of the range at which the decoder died, -1 if it did not
	failures  []*Picture
	events    []event
	refused   int // times in a row that no decoder could be started
}

// event is damage that affects the samples [at, to) in decode order.
type event struct {
	at, to int
	only   bool // nothing refers to it
	what   string
	state  State
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
	r := &Reader{opener: o, src: src, track: t, table: table, cfg: c, target: 1, crashedAt: -1, only: -1}
	r.describe(0)
	r.stretch(1)
	return r, nil
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
	r.crashedAt = -1
	if err := r.startBefore(sample); err != nil {
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
		if r.held != nil && r.table.Frame(r.held.Index) < frame {
			r.held.Release()
			r.held = nil
		}
		r.target, r.last, r.aim, r.from = frame, frame-1, sample, min(r.next, sample)
	}
}

func (r *Reader) forget() {
	for _, p := range r.failures {
		p.Release()
	}
	r.held.Release()
	r.held, r.upTo = nil, 0
	r.failures, r.events, r.drained, r.stop = nil, nil, false, 0
}

// startBefore puts the next sample to a place from which the sample can be
// decoded: a sync sample that is one in the coded data as well, and that is
// not shown after it.
func (r *Reader) startBefore(sample int) error {
	shown := r.table.At(sample).CTS
	at := sample
	for {
		s := r.table.SyncBefore(at)
		if s < 0 {
			r.next, r.from = 0, 0
			return nil
		}
		if r.table.At(s).CTS.Cmp(shown) <= 0 {
			ok, err := r.isSync(s)
			if err != nil {
				return err
			}
			if ok {
				r.next, r.from = s, s
				return nil
			}
		}
		if s == 0 {
			r.next, r.from = 0, 0
			return nil
		}
		at = s - 1
	}
}

// isSync asks the coded data. A sample that cannot be read is no place to start.
func (r *Reader) isSync(i int) (bool, error) {
	data, err := r.src.ReadSample(r.table.At(i), r.buf)
	if err != nil {
		return false, nil //nolint:nilerr // feeding it will tell
	}
	r.buf = data
	t := r.track.Described(r.table.At(i).Description)
	return examine(t.Codec, lengthSize(t), data).sync, nil
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
		if p := r.takeFailure(); p != nil {
			return p, nil
		}
		if p := r.takeOwed(); p != nil {
			return p, nil
		}
		p, err := r.step(ctx)
		var crash *CrashError
		switch {
		case errors.As(err, &crash):
			if err := r.recover(crash); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			return nil, err
		case p == nil:
			continue
		}
		if out := r.accept(p); out != nil {
			return out, nil
		}
	}
}

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
	case errors.Is(err, io.EOF):
		return nil, r.goOn(ctx)
	case !errors.Is(err, ErrAgain):
		return p, err
	case !r.passed():
		if r.next >= r.table.Len() {
			return nil, ErrAgain
		}
		return nil, r.feed(ctx)
	case r.drained:
		return nil, r.goOn(ctx)
	}
	r.drained = true
	return nil, r.dec.Drain(ctx)
}

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

// feed sends the next sample.
func (r *Reader) feed(ctx context.Context) error {
	i := r.next
	data, err := r.src.ReadSample(r.table.At(i), r.buf)
	if err != nil {
		r.damage(i, false, Undecodable, err.Error())
		r.next++
		return nil
	}
	r.buf = data
	facts := examine(r.cfg.Codec, r.size, data)
	if facts.sync && len(r.events) > 0 {
		r.heal(i)
	}
	if !facts.lengths {
		r.damage(i, facts.nonRef, Damaged, "the parts of the coded picture do not sum up to its size")
	}
	if i == r.from && !facts.sync {
		r.damage(i, false, Affected, "decoding had to start where it cannot")
	}
	n := r.table.Frame(i)
	hidden := i != r.only && (n < r.target || n >= r.end)
	if hidden && facts.nonRef && r.cfg.Mode == Play {
		r.next++ // nothing needs it, and nobody sees it
		return nil
	}
	err = r.dec.Send(ctx, Unit{Index: i, Data: data, Sync: facts.sync, Hidden: hidden})
	if errors.Is(err, ErrAgain) {
		return nil
	}
	if err == nil {
		r.next++
	}
	r.collect()
	return err
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
		r.damage(x.Index, false, state, x.Text)
	}
}

// maxEvents bounds what is kept of damage between two sync samples.
const maxEvents = 256

func (r *Reader) damage(at int, only bool, state State, what string) {
	if len(r.events) == maxEvents {
		return
	}
	r.events = append(r.events, event{at: at, to: int(^uint(0) >> 1), only: only, what: what, state: state})
}

// heal ends damage at a sync sample, and forgets what lies far behind.
func (r *Reader) heal(sync int) {
	kept := r.events[:0]
	for _, e := range r.events {
		if e.at < sync && e.to > sync {
			e.to = sync
		}
		if e.to+64 > sync { // pictures of it may still be on their way
			kept = append(kept, e)
		}
	}
	r.events = kept
}

// accept marks a decoded picture, and drops those before the one sought.
func (r *Reader) accept(p *Picture) *Picture {
	frame := r.table.Frame(p.Index)
	if p.Index != r.only && (r.only >= 0 || frame < r.target || frame <= r.last || frame >= r.end) {
		p.Release()
		return nil
	}
	for _, e := range r.events {
		switch {
		case e.at == p.Index:
			p.State, p.Reason, p.CausedBy = e.state, e.what, e.at
			if e.state == Undecodable {
				p.State = Damaged // something was made of it all the same
			}
		case !e.only && e.at < p.Index && p.Index < e.to && p.State == Clean:
			p.State, p.Reason, p.CausedBy = Affected, e.what, e.at
		}
	}
	if r.crashedAt >= 0 && p.Index >= r.crashedAt {
		r.crashedAt = -1
	}
	r.upright(p)
	if frame > r.last+1 && r.only < 0 {
		r.upTo, r.held = frame, p
		return nil
	}
	r.last = frame
	return p
}

// recover goes on after the decoder's death: once over the same range with a
// fresh one, then past it.
func (r *Reader) recover(c *CrashError) error {
	r.drop()
	r.drained = false
	r.cfg.Shared = false // the next death is its own, not that of another in the same child
	first := c.From
	if c.To == c.From { // it died between two units
		first = max(r.next-1, 0)
	}
	if r.crashedAt < 0 {
		r.crashedAt = first
		return r.restart()
	}
	// It died there again: everything from the first undelivered picture to the
	// next sync sample is named as lost.
	next := r.table.SyncAfter(first)
	end := next
	if next < 0 {
		end = r.table.Len()
	}
	for n := r.last + 1; ; n++ {
		i := r.table.ByFrame(n)
		if i < 0 || i >= end || n >= r.end {
			break
		}
		p := NewPicture(nil)
		p.Index, p.State, p.Reason, p.CausedBy = i, Failed, c.Error(), first
		r.failures = append(r.failures, p)
	}
	r.crashedAt = -1
	r.next, r.from = end, end
	return nil
}

// restart decodes again from before the first picture that is still owed.
func (r *Reader) restart() error {
	owed := r.table.ByFrame(r.last + 1)
	if owed < 0 {
		owed = max(r.table.Len()-1, 0)
	}
	r.events = nil
	r.stretch(r.last + 1)
	return r.startBefore(owed)
}

func (r *Reader) takeFailure() *Picture {
	if len(r.failures) == 0 {
		return nil
	}
	p := r.failures[0]
	r.failures = r.failures[1:]
	r.last = max(r.last, r.table.Frame(p.Index))
	return p
}

func (r *Reader) drop() {
	if r.dec != nil {
		_ = r.dec.Close() // it is dead or about to be
		r.dec = nil
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
	q.owner, q.room = nil, 0
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
	q.release = nil
	p.Release()
	return &q
}
