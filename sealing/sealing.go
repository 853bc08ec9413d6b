// Package sealing makes a sealed copy of an export: a first seal, or a further
// one over everything that is there, the older seals included. The export is
// only read. What is written is read back and examined before it counts, so a
// copy that does not hold is never handed out.
//
// The flow: the input is examined; a plan says which bytes come in and which
// sizes grow; the copy as it will be is examined for places that would no
// longer be true; it is streamed out and hashed in one pass; the signature is
// put into its room; the result is read back.
//
// It invents nothing: a file that does not say where it comes from gets that
// information only in a name that the caller states. Memory is that of package
// evidence for the input and for the copy, and one buffer.
package sealing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
	"vedette/verify/camera"
)

// Options says who seals and what the seal states. Signer and Now must be set.
type Options struct {
	Signer *Signer
	Now    time.Time // certificates are judged as of this time
	Note   string    // remark of the signer, stored in auib; "" for none
	// Starts are corrected start times by track: the UTC of the origin of the
	// track's time line. A track that is not named keeps its older one.
	Starts map[uint32]media.UTC
	// Unit is in whose name a file without export information becomes an
	// export. "" refuses such a file.
	Unit string
	// AsIs seals a file although an older seal of it does not hold. The new seal
	// mends nothing; Note must say why it is made.
	AsIs bool
}

// Refusal says why no seal was made. Nothing was written.
type Refusal struct {
	Code string // as in docs/findings.md
	What string // one sentence: the fault and what to do
}

// Error is the sentence.
func (r *Refusal) Error() string { return r.What }

func refuse(code, format string, args ...any) error {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}

// Progress is how far the work is. Each step passes over the whole file once.
type Progress struct {
	Step        Step
	Done, Total int64 // bytes
}

// Step is one of the passes, in their order.
type Step uint8

// The steps.
const (
	Examining Step = iota + 1
	Copying
	ReadingBack
)

// String names the step.
func (s Step) String() string {
	switch s {
	case Examining:
		return "examining the file"
	case Copying:
		return "writing the copy"
	case ReadingBack:
		return "reading the copy back"
	}
	return "waiting"
}

// Result is what was made. Before and After are reports without trust packs:
// they judge the bytes, not the signers.
type Result struct {
	Before, After *verify.Report
	Seal          verify.SealReport // the new one, as read back
	Findings      []diag.Finding    // what whoever examines the copy will meet
}

// Output is where a copy goes. Where it can also be flushed, by a method
// Sync() error, that is done before it is read back.
type Output interface {
	io.ReaderAt
	io.WriterAt
}

// Write writes a sealed copy of file to out, which must be empty, and examines
// what it wrote. After an error what lies in out is worth nothing. progress may
// be nil.
func Write(ctx context.Context, file *evidence.File, out Output, opt Options, progress func(Progress)) (*Result, error) {
	j := &job{file: file, opt: opt, progress: progress, r: &Result{}}
	if err := opt.check(); err != nil {
		return nil, err
	}
	img, err := j.prepare(ctx)
	if err != nil {
		return nil, err
	}
	if err := j.write(ctx, img, out); err != nil {
		return nil, err
	}
	if err := j.readBack(ctx, img, out); err != nil {
		return nil, err
	}
	if err := file.Recheck(); err != nil {
		return nil, fmt.Errorf("sealing: the file changed meanwhile: %w", err)
	}
	return j.r, nil
}

// job is one sealing.
type job struct {
	file     *evidence.File
	opt      Options
	progress func(Progress)
	x        *evidence.Export
	r        *Result
}

func (j *job) tell(s Step, done, total int64) {
	if j.progress != nil {
		j.progress(Progress{s, done, total})
	}
}

// prepare examines the input and returns the copy as it will be.
func (j *job) prepare(ctx context.Context) (*image, error) {
	var err error
	if j.x, err = open(ctx, j.file); err != nil {
		return nil, err
	}
	j.r.Before, err = j.examine(ctx, j.x, Examining)
	if err != nil {
		return nil, err
	}
	if err := j.mayBeSealed(); err != nil {
		return nil, err
	}
	return j.plan(ctx)
}

func open(ctx context.Context, f *evidence.File) (*evidence.Export, error) {
	x, err := evidence.Open(ctx, f)
	if err == nil {
		err = x.Index(ctx, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return x, nil
}

func (j *job) examine(ctx context.Context, x *evidence.Export, s Step) (*verify.Report, error) {
	r, err := verify.Check(ctx, x, verify.Policy{Now: j.opt.Now}, func(p verify.Progress) { j.tell(s, p.Done, p.Total) })
	if err != nil {
		return nil, fmt.Errorf("sealing: %s: %w", s, err)
	}
	return r, nil
}

// mayBeSealed refuses a file on which a seal would be ambiguous, and one whose
// older seals do not hold unless that was asked for.
func (j *job) mayBeSealed() error {
	r, p := j.r.Before, j.x.Protection()
	switch {
	case len(p.Malformed) > 0:
		return refuse("SEALING-MALFORMED", "the file is damaged or ambiguous, and no seal over it could be examined: %s", p.Malformed[0].Message)
	case len(p.Seals) >= verify.MaxSeals:
		return refuse("SEALING-LIMIT", "the file has %d seals; with one more the first would no longer be examined", len(p.Seals))
	}
	why := fault(r)
	if why == "" {
		return nil
	}
	switch {
	case !j.opt.AsIs:
		return refuse("SEALING-BROKEN", "%s A further seal mends nothing; to seal the file as it is, ask for that and state in a note why", why)
	case j.opt.Note == "":
		return refuse("SEALING-BROKEN", "%s To seal the file as it is, state in a note why", why)
	}
	j.add("SEALING-AS-IS", diag.Error, "%s The new seal covers the file as it is and mends nothing: the verdict of the copy is no better", why)
	return nil
}

// fault says what does not hold about a file, or "".
func fault(r *verify.Report) string {
	for _, s := range r.Seals {
		if s.Integrity != verify.SealIntact {
			return fmt.Sprintf("seal %d of the file is %s: %s", s.Index, s.Integrity, s.Reason)
		}
	}
	switch r.Integrity {
	case verify.FileIntact, verify.FileIncomplete, verify.FileUnsigned:
	default:
		return fmt.Sprintf("the file is %s.", r.Integrity)
	}
	if r.Camera != nil && r.Camera.State == camera.NotAuthentic {
		return "the video is not as its camera signed it."
	}
	return ""
}

func (j *job) add(code string, sev diag.Severity, format string, args ...any) {
	j.r.Findings = append(j.r.Findings, diag.New(code, sev, format, args...))
}

// readBack examines what was written: the new seal holds over all of it, and
// the older ones are what they were.
func (j *job) readBack(ctx context.Context, img *image, out Output) error {
	if s, ok := out.(interface{ Sync() error }); ok {
		if err := s.Sync(); err != nil {
			return fmt.Errorf("sealing: writing the copy: %w", err)
		}
	}
	x, err := open(ctx, evidence.NewFile(out, img.size, j.file.Name()))
	if err != nil {
		return err
	}
	if j.r.After, err = j.examine(ctx, x, ReadingBack); err != nil {
		return err
	}
	if err := j.compare(); err != nil {
		return fmt.Errorf("sealing: the copy was read back and is refused: %w", err)
	}
	j.r.Seal = j.r.After.Seals[len(j.r.After.Seals)-1]
	return nil
}

func (j *job) compare() error {
	old, now := j.r.Before.Seals, j.r.After.Seals
	if len(now) != len(old)+1 {
		return fmt.Errorf("it has %d seals, want %d", len(now), len(old)+1)
	}
	for k, o := range old {
		if n := now[k]; n.Integrity != o.Integrity || n.Scope != o.Scope {
			return fmt.Errorf("seal %d was %s (%s) and is %s (%s)", k+1, o.Integrity, o.Scope, n.Integrity, n.Scope)
		}
	}
	if a, b := j.r.Before.Camera, j.r.After.Camera; a == nil || b == nil || a.State != b.State || a.Documents != b.Documents {
		return errors.New("camera signing is not what it was")
	}
	s := now[len(old)]
	switch {
	case s.Integrity != verify.SealIntact || s.Scope != verify.ScopeFull:
		return fmt.Errorf("the new seal is %s (%s): %s", s.Integrity, s.Scope, s.Reason)
	case s.Signer == nil || s.Signer.SHA256 != j.opt.Signer.SHA256():
		return errors.New("the new seal names another signer")
	case s.Note != j.opt.Note || len(s.StartTimes) != len(j.opt.Starts):
		return errors.New("the new seal states something else than was asked")
	}
	for _, t := range s.StartTimes {
		if at, ok := j.opt.Starts[t.Track]; !ok || at != t.UTC {
			return fmt.Errorf("the new seal states %s for track %d", t.UTC, t.Track)
		}
	}
	return nil
}
