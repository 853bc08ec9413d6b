package session

import (
	"context"
	"errors"
	"fmt"
	"io"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
)

// Pass decodes pictures of one track as completely as possible: one thread,
// nothing skipped. Pictures of one group that are asked for in order of
// presentation cost no seek. It is used by one goroutine at a time.
//
// Every picture is what a decoder gives that was started for its group alone:
// what stands in place of damage depends on what was decoded before, and one
// picture must not have two answers.
type Pass struct {
	x      *evidence.Export
	opener decode.Opener
	track  media.Track
	reader *decode.Reader
	next   int // frame that the reader gives next, 0 where a decoder is to be started
	group  int // of the reader
	tell   func(done, total int)
	from   int
	aim    int
}

// NewPass prepares a pass; nothing is started before the first picture.
func NewPass(x *evidence.Export, o decode.Opener, track media.Track) (*Pass, error) {
	p := &Pass{x: x, opener: o, track: track}
	return p, p.start()
}

// start makes a decoder that has seen nothing.
func (p *Pass) start() error {
	if p.reader != nil {
		if err := p.Close(); err != nil {
			return err
		}
	}
	r, err := decode.NewReader(p.opener, counted{p.x, p}, p.track, decode.Config{Mode: decode.Evidence, Threads: 1, RGBA: true})
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	p.reader = r
	return nil
}

// groupOf is the sync sample from which a picture is decoded, by the table.
func (p *Pass) groupOf(sample int) int {
	table := p.x.Table(p.track.ID)
	shown := table.At(sample).CTS
	for s := table.SyncBefore(sample); s > 0; s = table.SyncBefore(s - 1) {
		if table.At(s).CTS.Cmp(shown) <= 0 {
			return s
		}
	}
	return 0
}

// counted is the export with a look at how far decoding is.
type counted struct {
	*evidence.Export
	p *Pass
}

// ReadSample implements media.Source.
func (c counted) ReadSample(s media.Sample, buf []byte) ([]byte, error) {
	if c.p.from < 0 || s.Index < c.p.from {
		c.p.from = s.Index
	}
	if c.p.tell != nil && c.p.aim > c.p.from {
		c.p.tell(min(s.Index, c.p.aim)-c.p.from, c.p.aim-c.p.from)
	}
	return c.Export.ReadSample(s, buf)
}

// Picture decodes one picture, which is to be released. tell, if not nil, hears
// from time to time how many samples were decoded on the way to it.
func (p *Pass) Picture(ctx context.Context, sample int, tell func(done, total int)) (*decode.Picture, error) {
	p.tell, p.from, p.aim = tell, -1, sample
	defer func() { p.tell = nil }()
	frame := p.x.Table(p.track.ID).Frame(sample)
	if group := p.groupOf(sample); frame < 1 || p.next != frame || p.group != group {
		p.next, p.group = 0, group
		if err := p.start(); err != nil {
			return nil, err
		}
		if err := p.reader.Seek(ctx, sample); err != nil {
			return nil, fmt.Errorf("session: %w", err)
		}
	}
	got, err := p.reader.Next(ctx)
	if err == nil && got.Index != sample { // it was left out, and another came
		got.Release()
		err = io.EOF
	}
	switch {
	case errors.Is(err, io.EOF):
		p.next = 0
		return nil, fmt.Errorf("frame %d, sample %d: %w: the decoder made none of it", frame, sample, ErrNoPicture)
	case err != nil:
		p.next = 0
		return nil, fmt.Errorf("session: sample %d: %w", sample, err)
	}
	p.next = 0
	if frame > 0 { // what the edit list leaves out comes alone
		p.next = frame + 1
	}
	return got, nil
}

// Decoder names the library that decodes, with its version.
func (p *Pass) Decoder() string { return "FFmpeg " + p.opener.Isolation().FFmpeg }

// Close ends the decoder.
func (p *Pass) Close() error {
	if err := p.reader.Close(); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}
