package main

import (
	"context"
	"fmt"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// openExport opens and indexes one export. On failure the exit status says why.
func openExport(ctx context.Context, e env, name string) (*evidence.Export, func(), int) {
	f, err := evidence.OpenFile(name)
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl: %v\n", err)
		return nil, nil, exitUsage
	}
	x, err := evidence.Open(ctx, f)
	if err == nil {
		err = x.Index(ctx, nil)
	}
	if err != nil {
		f.Close()
		fmt.Fprintf(e.stderr, "vedettectl: %v\n", err)
		return nil, nil, exitFailed
	}
	return x, func() { f.Close() }, exitDone
}

// settle examines the seals, so that times are those of seals that verify.
func settle(ctx context.Context, x *evidence.Export) (*verify.Report, error) {
	return verify.Check(ctx, x, verify.Policy{Now: time.Now()}, nil)
}

// statusOf is the exit status for findings.
func statusOf(severities ...diag.Severity) int {
	for _, s := range severities {
		if s >= diag.Error {
			return exitFindings
		}
	}
	return exitDone
}

func worstReported(fs []verify.ReportedFinding) diag.Severity {
	var w diag.Severity
	for _, f := range fs {
		w = max(w, f.Severity)
	}
	return w
}

func utcText(u *media.UTC) string {
	if u == nil {
		return "no absolute time"
	}
	return u.String()
}
