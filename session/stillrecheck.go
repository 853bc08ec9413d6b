package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// Rechecker compares stills with their exports, without a window. Stills of the
// export that was opened last cost no second examination. It is used by one
// goroutine at a time.
type Rechecker struct {
	Opener  decode.Opener
	Program string           // of the cards that this program writes
	Now     func() time.Time // of the examination
	In      []string         // files and folders to look in; empty: where the card says, and beside the still

	path   string
	x      *evidence.Export
	report *verify.Report
	pass   map[uint32]*Pass
}

// Check answers about one still. The answer is never nil; the error says that
// the still's file could not be read, or that ctx ended.
func (k *Rechecker) Check(ctx context.Context, path string) (*StillAnswer, error) {
	s, err := ReadStill(path)
	if err != nil {
		a := Uncompared(path, nil, err)
		var not *NotStillError
		switch {
		case errors.As(err, &not) && not.Broken:
			// Where the card can still be read, this was a still, and is no longer the one that was saved.
			if head, cerr := ReadStillCard(path); cerr == nil {
				a.Result, a.Card, a.Summary = Different, head.Card, "Different: "+harmless(not.What)+"."
			}
			return a, nil
		case errors.As(err, &not) || errors.Is(err, ErrNoCard):
			return a, nil
		}
		return a, err
	}
	a, err := k.compare(ctx, s)
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return Uncompared(path, s.Card, ctx.Err()), ctx.Err()
	}
	return Uncompared(path, s.Card, err), nil
}

func (k *Rechecker) compare(ctx context.Context, s *SavedStill) (*StillAnswer, error) {
	path := k.path
	// What is open is the export if it is bit for bit that of the card.
	if k.x == nil || s.Card.SHA256 == "" || k.report.SHA256 != s.Card.SHA256 || k.x.File().Recheck() != nil || len(k.In) == 0 && path != s.Card.File {
		found, err := FindExport(ctx, s, k.In)
		if err != nil {
			return nil, err
		}
		path = found
	}
	if err := k.open(ctx, path); err != nil {
		return nil, err
	}
	p := k.pass[s.Card.Track]
	if p == nil {
		i := slices.IndexFunc(k.x.Tracks(), func(t media.Track) bool { return t.ID == s.Card.Track && t.Kind == media.KindVideo })
		if i < 0 {
			return CompareIn(ctx, s, k.x, k.Opener, k.report, k.Program)
		}
		made, err := NewPass(k.x, k.Opener, k.x.Tracks()[i])
		if err != nil {
			return nil, err
		}
		p, k.pass[s.Card.Track] = made, made
	}
	return Compare(ctx, s, p, k.report, k.Program)
}

// open opens, indexes and examines an export, unless it is the one that is open.
func (k *Rechecker) open(ctx context.Context, path string) error {
	if k.x != nil && k.path == path && k.x.File().Recheck() == nil {
		return nil
	}
	if err := k.Close(); err != nil {
		return err
	}
	f, err := evidence.OpenFile(path)
	if err != nil {
		return err
	}
	x, err := evidence.Open(ctx, f)
	if err == nil {
		err = x.Index(ctx, nil)
	}
	var r *verify.Report
	if err == nil {
		r, err = verify.Check(ctx, x, verify.Policy{Now: k.Now()}, nil)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	k.path, k.x, k.report, k.pass = path, x, r, map[uint32]*Pass{}
	return nil
}

// Close ends the decoders and releases the export.
func (k *Rechecker) Close() error {
	var errs []error
	for _, p := range k.pass {
		errs = append(errs, p.Close())
	}
	if k.x != nil {
		errs = append(errs, k.x.File().Close())
	}
	k.path, k.x, k.report, k.pass = "", nil, nil, nil
	return errors.Join(errs...)
}
