package session

import (
	"context"
	"errors"
	"fmt"

	"vedette/verify"
)

// Examined waits until the export is examined to its end, and returns the
// report. tell, if not nil, hears how far it is. It is not for a window's
// goroutine.
func (s *Session) Examined(ctx context.Context, tell func(done, total int64)) (*verify.Report, error) {
	for {
		s.mu.Lock()
		n := s.snap
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		next := s.changed
		s.mu.Unlock()
		switch {
		case n.Withdrawn != "":
			return nil, fmt.Errorf("the file changed while it was open: %s", n.Withdrawn)
		case !n.Checking && n.Report != nil && !n.Report.Partial:
			return n.Report, nil
		case !n.Checking && n.CheckError != "":
			return nil, errors.New(n.CheckError)
		case !n.Checking && n.Report != nil:
			return nil, errors.New("examining the export was stopped; examine it again (Ctrl+R)")
		}
		if tell != nil {
			tell(n.CheckDone, n.CheckTotal)
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ctx.Done():
			return nil, errors.New("the export was closed")
		}
	}
}
