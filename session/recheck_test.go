package session

import (
	"context"
	"runtime"
	"testing"
	"time"

	"vedette/verify"
)

func TestOldAnswerIsGoneAsSoonAsExaminingBeginsAgain(t *testing.T) {
	hold := make(chan struct{})
	asked := 0
	s, err := Open(context.Background(), "../testdata/export/01_single.mp4", Options{Now: time.Now, Policy: func() verify.Policy {
		if asked++; asked > 1 { // the second check waits
			<-hold
		}
		return verify.Policy{Now: time.Now()}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for s.Snapshot().Report == nil {
		runtime.Gosched()
	}
	s.StartCheck()
	if n := s.Snapshot(); n.Report != nil || !n.Checking {
		t.Errorf("while it is examined again it still says %s", n.Report.Verdict)
	}
	close(hold)
}
