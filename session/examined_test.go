package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"vedette/verify"
)

func TestWaitingForTheReportEndsWithIt(t *testing.T) {
	hold := make(chan struct{})
	s, err := Open(context.Background(), "../testdata/export/01_single.mp4", Options{Now: time.Now, Policy: func() verify.Policy {
		<-hold
		return verify.Policy{Now: time.Now()}
	}})
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Examined(gone, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up is told %v", err)
	}
	close(hold)
	r, err := s.Examined(context.Background(), func(int64, int64) {})
	if err != nil || r.SHA256 == "" || r != s.Snapshot().Report {
		t.Errorf("%v, %+v", err, r)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.withdraw(errors.New("block 3 changed"))
	if _, err := s.Examined(context.Background(), nil); err == nil {
		t.Error("a withdrawn report was given")
	}
}
