package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"vedette/verify"
)

func TestWhatCouldNotBeExaminedIsSaidInTheDocument(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		file   string
		status int
		code   string
	}{
		{context.Background(), "missing.mp4", exitUsage, "FILE-UNREADABLE"},
		{gone, vectors + "01_single.mp4", exitFailed, "CHECK-CANCELLED"},
	} {
		var out, errs bytes.Buffer
		status := run(c.ctx, env{&out, &errs}, []string{"verify", "--json", c.file})
		var doc struct {
			Files []struct {
				Verdict, Integrity string
				Findings           []struct{ Code string }
			}
		}
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Files) != 1 {
			t.Fatalf("%s: %v, %s", c.code, err, out.String())
		}
		f := doc.Files[0]
		if status != c.status || f.Verdict != "cannot-check" || f.Integrity != "unchecked" || len(f.Findings) != 1 || f.Findings[0].Code != c.code {
			t.Errorf("status %d, %+v", status, f)
		}
	}
}

// A check that is cancelled at any moment says so and nothing else; one that was
// not is whole.
func TestCancelledCheckIsNeverGood(t *testing.T) {
	whole := 0
	for after := range int64(60) {
		ctx := &endsAfter{Context: context.Background()}
		ctx.left.Store(after)
		r, _, err := verifyFile(ctx, vectors+"01_single.mp4", verify.Policy{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
		switch {
		case err == nil && r.Integrity == verify.FileIntact:
			whole++
		case !errors.Is(err, context.Canceled) || r.Verdict != verify.CannotCheck || r.Integrity != verify.FileUnchecked:
			t.Errorf("after %d looks: %s, %s, %v", after, r.Verdict, r.Integrity, err)
		}
	}
	if whole == 60 {
		t.Error("no check was cancelled")
	}
}

// endsAfter is a context that has ended once it was looked at so often.
type endsAfter struct {
	context.Context
	left atomic.Int64
}

func (c *endsAfter) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}
