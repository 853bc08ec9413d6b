package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"vedette/verify"
)

// A verdict that was withdrawn stays withdrawn, whatever is asked afterwards.
func TestWithdrawnExportIsNotExaminedAgain(t *testing.T) {
	s := &Session{path: "clip.mp4", opt: Options{Now: time.Now, Policy: func() verify.Policy { return verify.Policy{} }}, ctx: context.Background()}
	s.withdraw(errors.New("block 3 changed"))
	s.StartCheck()
	s.wg.Wait()
	n := s.Snapshot()
	if n.Checking || n.Report == nil || n.Report.Integrity != verify.FileWithdrawn || !n.Report.Partial {
		t.Fatalf("checking %v, report %+v", n.Checking, n.Report)
	}
}
