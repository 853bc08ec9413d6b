package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/session"
	"vedette/trust"
	"vedette/verify"
)

const verifyHelp = `Usage: vedettectl verify [--trust PACK]... [--partner NAME] [--at RFC3339] [--json] FILE...

Examines every seal of each export over the bytes of the file and the camera
signing inside its video, and judges every signer against the trust packs given.

  --trust PACK    a trust pack (folder or zip with pack.json), a folder of
                  certificates and lists (PEM or DER), or one such file. A loose
                  certificate counts as an anchor, and as a pin where it is the
                  signer's own. May be given several times. Without it the installed
                  packs are used (see vedettectl trust --help); where there is none
                  either, trust is "unchecked", never "trusted".
  --partner NAME  only this partner's pool vouches for the signer; NAME is its name or
                  identifier in the pack. Without it any one partner's pool may, and
                  is named
  --at TIME       judge dates as of this time instead of now
  --json          one JSON document (vedette.verify/1) instead of text

Of several files, those are told as a set that belong together: by their segment
numbers, else by unit, source and export day. Gaps and overlaps between them are
facts, the verdict of the set is that of its worst file, and that it is complete is
never shown.

Exit status: 0 intact, 11 intact-incomplete, 10 intact-untrusted, 13 unsigned,
14 cannot-check, 12 broken; of several files the one furthest to the right in this
order. 2 usage or unreadable path, 1 internal fault.

Examples:
  vedettectl verify --trust sample/trust sample/street-east.mp4
  vedettectl verify --json --trust court.pem *.mp4 > report.json
  vedettectl verify --at 2026-03-02T09:00:00Z --trust pack.zip clip.mp4
  vedettectl verify --partner "Harbour Metro" clip.mp4
`

func runVerify(ctx context.Context, e env, args []string) int {
	o := newOptions("verify", verifyHelp)
	var packs texts
	o.Var(&packs, "trust", "")
	partner := o.String("partner", "", "")
	at := o.String("at", "", "")
	asJSON := o.Bool("json", false, "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	if len(files) == 0 {
		fmt.Fprintln(e.stderr, "vedettectl verify: no file given; see vedettectl verify --help")
		return exitUsage
	}
	policy, fault, ok := policyOf(e, packs, *partner, *at)
	if !ok {
		return exitUsage
	}

	doc := &verify.Document{CheckedAt: policy.Now.UTC(), Program: "vedettectl " + version}
	var parts []evidence.Part
	worst := 0
	for i, name := range files {
		r, part, err := verifyFile(ctx, name, policy)
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl verify: %v\n", err)
			fault = max(fault, faultOf(err))
		}
		doc.Files, parts = append(doc.Files, r), append(parts, part)
		worst = verify.WorstExitStatus(worst, verify.ExitStatus(r.Verdict))
		if !*asJSON {
			if i > 0 {
				fmt.Fprintln(e.stdout)
			}
			if err := r.WriteText(e.stdout); err != nil {
				return exitFailed
			}
		}
	}
	doc.Sets = verify.Sets(parts, doc.Files)
	if !*asJSON && setsText(e.stdout, doc) != nil {
		return exitFailed
	}
	if *asJSON && writeJSON(e.stdout, doc) != nil {
		return exitFailed
	}
	if fault != 0 {
		return fault
	}
	return worst
}

// verifyFile always returns a report: of a file that cannot be read or is
// refused it says so, and that nothing was checked.
// The part says what joins it with others.
func verifyFile(ctx context.Context, name string, p verify.Policy) (*verify.Report, evidence.Part, error) {
	f, err := evidence.OpenFile(name)
	if err != nil {
		return verify.Unread(name, 0, diag.New("FILE-UNREADABLE", diag.Fatal, "%v", err)), evidence.Part{}, pathError{err}
	}
	defer f.Close()
	x, err := evidence.Open(ctx, f)
	var foreign *evidence.NotExportError
	switch {
	case ctx.Err() != nil:
		return cancelled(ctx, f)
	case errors.As(err, &foreign):
		return verify.Refused(name, f.Size(), diag.New("FILE-NOT-EXPORT", diag.Fatal, "%v", err)), evidence.Part{}, nil
	case err != nil:
		return verify.Unread(name, f.Size(), diag.New("FILE-UNREADABLE", diag.Fatal, "%v", err)), evidence.Part{}, pathError{err}
	}
	indexed := make(chan struct{})
	go func() { // side by side with the check, which reports its failure
		defer close(indexed)
		_ = x.Index(ctx, nil)
	}()
	r, err := verify.Check(ctx, x, p, nil)
	if ctx.Err() != nil { // a medium that hangs is not waited for
		return cancelled(ctx, f)
	}
	<-indexed
	return r, x.Part(), err
}

// setsText tells which of several files belong together, and which do not.
func setsText(w io.Writer, d *verify.Document) error {
	if len(d.Files) < 2 {
		return nil
	}
	joined := map[string]bool{}
	for i := range d.Sets {
		fmt.Fprintln(w)
		if err := d.Sets[i].WriteText(w); err != nil {
			return err
		}
		for _, f := range d.Sets[i].Files {
			joined[f.File] = true
		}
	}
	var alone []string
	for _, f := range d.Files {
		if !joined[f.File] {
			alone = append(alone, verify.Inert(f.File))
		}
	}
	if len(alone) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nIn no set with another file here: %s\n", strings.Join(alone, ", "))
	return err
}

func cancelled(ctx context.Context, f *evidence.File) (*verify.Report, evidence.Part, error) {
	return verify.Unread(f.Path(), f.Size(), diag.New("CHECK-CANCELLED", diag.Error, "the check was cancelled")), evidence.Part{}, ctx.Err()
}

// pathError marks a path that could not be opened or read.
type pathError struct{ error }

func (e pathError) Unwrap() error { return e.error }

func faultOf(err error) int {
	var p pathError
	if errors.As(err, &p) {
		return exitUsage
	}
	return exitFailed
}

// policyOf makes the policy of a run. Where installed packs cannot be read none
// is used and the run fails, but still says what it can.
func policyOf(e env, named []string, partner, at string) (p verify.Policy, fault int, ok bool) {
	p = verify.Policy{Now: time.Now(), Past: session.Built(), Partner: partner}
	if at != "" {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl verify: --at %q is not a time such as 2026-03-02T09:00:00Z\n", at)
			return p, 0, false
		}
		p.Now, p.Past = t, time.Time{}
	}
	packs, ok, err := pools(e, named)
	if !ok {
		return p, 0, false
	}
	p.Packs = packs
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl verify: no trust pack is used: %s\n", verify.Inert(err.Error()))
		return p, exitFailed, true
	}
	if partner != "" && !trust.Knows(packs, partner) {
		fmt.Fprintf(e.stderr, "vedettectl verify: --partner %q: no trust pack has a partner of this name\n", verify.Inert(partner))
		return p, 0, false
	}
	return p, 0, true
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
