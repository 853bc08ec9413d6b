package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/sealing"
	"vedette/verify"
)

const sealHelp = `Usage: vedettectl seal --key K [--cert C] [--note T] [--start TRACK=RFC3339]... [--json] IN -o OUT

Writes a copy of an export with a seal more: the first one, or a further one that
covers the whole file with its older seals. IN is only read. OUT gets its name only
after it was read back and every seal was examined.

  --key K          the signer's key: PEM, or PKCS#12 with key and certificates
  --cert C         the signer's certificate, PEM or DER, where it is not in K;
                   intermediate certificates in it go into the seal as helpers
  --note T         a remark of the signer, stored in the seal
  --start N=TIME   the corrected UTC of the origin of track N, such as
                   1=2026-03-01T12:00:10Z; may be given for several tracks
  --unit NAME      in whose name a file that does not say who exported it becomes
                   an export; without it such a file is refused
  --as-is          seal the file although an older seal does not hold. It mends
                   nothing, and needs --note
  -o OUT           where to write; it must not exist yet
  --json           one JSON document (vedette.seal/1) instead of text

A passphrase is asked for on the terminal. For scripts: --passphrase-file FILE (its
first line), or the environment variable VEDETTE_PASSPHRASE.

Exit status: 0 done, 3 done with findings of severity error, 1 refused or failed,
2 usage or unreadable path.

Examples:
  vedettectl seal --key desk4.p12 --note "Received 2 March, exhibit 7" clip.mp4 -o clip-received.mp4
  vedettectl seal --key key.pem --cert desk4.pem --start 1=2026-03-01T12:00:10Z clip.mp4 -o corrected.mp4
  vedettectl seal --key desk4.p12 --unit "Evidence desk 4" plain.mp4 -o export.mp4
`

// sealDocument is vedette.seal/1.
type sealDocument struct {
	Schema   string                   `json:"schema"`
	SealedAt time.Time                `json:"sealedAt"`
	Program  string                   `json:"program"`
	Input    sealFile                 `json:"input"`
	Output   *sealFile                `json:"output,omitempty"` // absent: nothing was written
	Seal     *verify.SealReport       `json:"seal,omitempty"`
	Findings []verify.ReportedFinding `json:"findings"`
}

// sealFile is one of the two files. Integrity is that of its bytes; signers are
// judged by verify.
type sealFile struct {
	File      string                `json:"file"`
	Size      int64                 `json:"size,omitempty"`
	SHA256    string                `json:"sha256,omitempty"`
	Integrity *verify.FileIntegrity `json:"integrity,omitempty"`
	Seals     *int                  `json:"seals,omitempty"`
}

func runSeal(ctx context.Context, e env, args []string) int {
	o := newOptions("seal", sealHelp)
	key := o.String("key", "", "")
	cert := o.String("cert", "", "")
	secret := o.String("passphrase-file", "", "")
	note := o.String("note", "", "")
	unit := o.String("unit", "", "")
	asIs := o.Bool("as-is", false, "")
	out := o.String("o", "", "")
	asJSON := o.Bool("json", false, "")
	var starts texts
	o.Var(&starts, "start", "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	name, ok := one(e, "seal", files)
	if !ok {
		return exitUsage
	}
	if *key == "" || *out == "" || *asIs && *note == "" {
		fmt.Fprintln(e.stderr, "vedettectl seal: give --key and -o, and --note with --as-is; see vedettectl seal --help")
		return exitUsage
	}
	opt := sealing.Options{Now: time.Now(), Note: *note, Unit: *unit, AsIs: *asIs}
	var err error
	if opt.Starts, err = startsOf(starts); err != nil {
		fmt.Fprintf(e.stderr, "vedettectl seal: %v\n", err)
		return exitUsage
	}
	doc := &sealDocument{Schema: "vedette.seal/1", SealedAt: opt.Now.UTC(), Program: "vedettectl " + version, Input: sealFile{File: name}, Findings: []verify.ReportedFinding{}}
	r, err := seal(ctx, e, name, *out, &opt, keyFiles{*key, *cert, *secret})
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("cancelled, and nothing was written: %w", ctx.Err())
		}
		fmt.Fprintf(e.stderr, "vedettectl seal: %v\n", err)
		status = faultOf(err)
		doc.Findings = refusedBy(err)
	} else {
		doc.fill(*out, r)
		for _, f := range doc.Findings {
			status = max(status, statusOf(f.Severity))
		}
	}
	switch {
	case *asJSON:
		err = writeJSON(e.stdout, doc)
	case err == nil:
		err = sealText(e, doc)
	}
	if err != nil && status == exitDone {
		return exitFailed
	}
	return status
}

func seal(ctx context.Context, e env, in, out string, opt *sealing.Options, keys keyFiles) (*sealing.Result, error) {
	f, err := evidence.OpenFile(in)
	if err != nil {
		return nil, pathError{err}
	}
	defer f.Close()
	if opt.Signer, err = keys.signer(ctx, e); err != nil {
		return nil, err
	}
	return sealing.Copy(ctx, f, out, *opt, nil)
}

// startsOf reads TRACK=TIME.
func startsOf(given []string) (map[uint32]media.UTC, error) {
	out := map[uint32]media.UTC{}
	for _, s := range given {
		number, at, _ := strings.Cut(s, "=")
		id, err := strconv.ParseUint(number, 10, 32)
		var t media.UTC
		if err == nil {
			err = t.UnmarshalText([]byte(at))
		}
		if _, twice := out[uint32(id)]; err != nil || id == 0 || twice {
			return nil, fmt.Errorf("--start %q is no TRACK=TIME such as 1=2026-03-01T12:00:10Z, once for a track", s)
		}
		out[uint32(id)] = t
	}
	return out, nil
}

// refusedBy tells a script why nothing was written.
func refusedBy(err error) []verify.ReportedFinding {
	var r *sealing.Refusal
	if errors.As(err, &r) {
		return verify.Findings([]diag.Finding{diag.New(r.Code, diag.Fatal, "%s", r.What)})
	}
	return verify.Findings([]diag.Finding{diag.New("SEALING-FAILED", diag.Fatal, "%v", err)})
}

func (d *sealDocument) fill(out string, r *sealing.Result) {
	d.Input.judge(r.Before)
	d.Output = &sealFile{File: out}
	d.Output.judge(r.After)
	d.Seal = &r.Seal
	d.Findings = verify.Findings(r.Findings)
}

func (f *sealFile) judge(r *verify.Report) {
	n := len(r.Seals)
	f.Size, f.SHA256, f.Integrity, f.Seals = r.Size, r.SHA256, &r.Integrity, &n
}

func sealText(e env, d *sealDocument) error {
	p := &lines{w: e.stdout}
	p.f("Sealed     %s", d.Output.File)
	p.f("Seal       %d, %s", d.Seal.Index, d.Seal.Algorithm)
	p.f("Signer     %s", verify.Inert(d.Seal.Signer.Subject))
	if d.Seal.Note != "" {
		p.f("Note       %s", verify.Inert(d.Seal.Note))
	}
	for _, s := range d.Seal.StartTimes {
		p.f("Start      track %d at %s", s.Track, s.UTC)
	}
	p.f("Input      %s (SHA-256), %d bytes, seals: %d, %s", d.Input.SHA256, d.Input.Size, *d.Input.Seals, d.Input.Integrity)
	p.f("Copy       %s (SHA-256), %d bytes, seals: %d, %s", d.Output.SHA256, d.Output.Size, *d.Output.Seals, d.Output.Integrity)
	for _, f := range d.Findings {
		p.f("%-10s %s", f.Severity, verify.Inert(f.Message))
	}
	p.f("The bytes of the copy were examined, not its signers: see vedettectl verify.")
	return p.err
}
