package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"vedette/internal/diag"
	"vedette/trust"
	"vedette/verify"
)

const trustHelp = `Usage: vedettectl trust import PACK [--confirm DIGITS]... [--json]
       vedettectl trust list [--json]
       vedettectl trust show NAME [--json]

Trust packs say whose signatures count. Installed packs are used by verify where
no --trust is given. They are kept in $VEDETTE_DATA/trust, or in vedette/trust in
your folder of settings; old ones are kept, so that an old verdict can be made again.

  import PACK    a folder or zip with pack.json, a folder of loose certificates and
                 lists, or one such file. Without --confirm it shows what would
                 change and installs nothing.
  --confirm D    the first 8 digits of the SHA-256 that import asks for, as you got
                 them from the maker of the pack on a second channel. For loose
                 certificates give it once for each. Not needed where pack.sig
                 verifies under the agency key of this installation.
  list           every pack that was ever installed, and whether it is in force
  show NAME      what a pack holds; NAME may be the beginning of its SHA-256
  --json         one JSON document (vedette.trust/1) instead of text

Exit status: 0 done, 1 not imported, not found or failed, 2 usage or unreadable path,
3 done, but something in the pack was left out.

Examples:
  vedettectl trust import sandhaven.zip
  vedettectl trust import sandhaven.zip --confirm 3f9a01c4
  vedettectl trust show "Sandhaven evidence"
`

// trustDocument is the JSON document of the subcommand.
type trustDocument struct {
	Schema    string         `json:"schema"`
	Packs     []trust.Entry  `json:"packs,omitempty"`     // list
	Preview   *trust.Preview `json:"preview,omitempty"`   // import
	Installed *trust.Entry   `json:"installed,omitempty"` // import, absent where it was not
	Pack      *trust.Summary `json:"pack,omitempty"`      // show
	Contents  []trust.Change `json:"contents,omitempty"`  // show
	Findings  []finding      `json:"findings"`
}

type finding struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Message  string        `json:"message"`
}

func runTrust(_ context.Context, e env, args []string) int {
	o := newOptions("trust", trustHelp)
	var digits texts
	o.Var(&digits, "confirm", "")
	asJSON := o.Bool("json", false, "")
	words, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	want := map[string]int{"import": 2, "list": 1, "show": 2}
	if len(words) == 0 || want[words[0]] != len(words) || len(digits) > 0 && words[0] != "import" {
		fmt.Fprintln(e.stderr, "vedettectl trust: want import PACK, list or show NAME; see vedettectl trust --help")
		return exitUsage
	}
	t := trustRun{e: e, json: *asJSON, doc: &trustDocument{Schema: "vedette.trust/1", Findings: []finding{}}}
	s, err := installed()
	if err != nil {
		return t.end(t.failed(err))
	}
	switch words[0] {
	case "import":
		return t.end(t.add(s, words[1], digits))
	case "list":
		return t.end(t.list(s))
	}
	return t.end(t.show(s, words[1]))
}

// installed opens the packs of this user.
func installed() (*trust.Store, error) {
	dir, err := trust.Folder()
	if err != nil {
		return nil, err
	}
	return trust.OpenStore(dir)
}

// trustRun is one run of the subcommand.
type trustRun struct {
	e    env
	json bool
	doc  *trustDocument
}

func (t *trustRun) say(format string, args ...any) {
	if !t.json {
		fmt.Fprintf(t.e.stdout, format+"\n", args...)
	}
}

func (t *trustRun) note(fs []diag.Finding) {
	for _, f := range fs {
		t.doc.Findings = append(t.doc.Findings, finding{f.Code, f.Severity, f.Message})
		fmt.Fprintf(t.e.stderr, "%s: %s [%s]\n", f.Severity, verify.Inert(f.Message), f.Code)
	}
}

// failed tells why nothing was done. A path that cannot be read is a matter of
// usage; a pack that is refused has a code.
func (t *trustRun) failed(err error) int {
	if code := trust.Code(err); code != "" {
		t.note([]diag.Finding{diag.New(code, diag.Fatal, "%s", strings.TrimPrefix(err.Error(), "trust: "))})
		return exitFailed
	}
	fmt.Fprintf(t.e.stderr, "vedettectl trust: %s\n", verify.Inert(err.Error()))
	return exitFailed
}

// end writes the document.
func (t *trustRun) end(status int) int {
	if t.json && writeJSON(t.e.stdout, t.doc) != nil {
		return exitFailed
	}
	return status
}

func (t *trustRun) add(s *trust.Store, path string, digits []string) int {
	v, err := s.Preview(path)
	if v != nil {
		t.note(v.Findings)
	}
	if err != nil {
		if status := t.failed(err); trust.Code(err) != "" {
			return status
		}
		return exitUsage
	}
	t.doc.Preview = v
	t.preview(v)
	if len(digits) == 0 && len(v.Confirm) > 0 {
		t.say("\nNothing was installed. Ask the maker of the pack for the digest on a second channel, compare it, and\nimport again with --confirm and its first %d digits, once for each of these:", trust.Digits)
		for _, c := range v.Confirm {
			t.say("  %s  %s", c.SHA256, verify.Inert(c.What))
		}
		return exitFailed
	}
	got, err := s.Install(v, digits, time.Now())
	if err != nil {
		return t.failed(err)
	}
	t.doc.Installed = &got
	t.say("\nInstalled as %q, confirmed by %s.", verify.Inert(got.Name), got.Confirmed)
	if diag.Worst(v.Findings) >= diag.Error {
		return exitFindings
	}
	return exitDone
}

func (t *trustRun) preview(v *trust.Preview) {
	t.summary(v.Pack)
	if v.Replaces != nil {
		t.say("Replaces   serial %d, SHA-256 %s", v.Replaces.Serial, v.Replaces.SHA256)
	}
	t.changes(v.Changes)
}

func (t *trustRun) summary(p trust.Summary) {
	t.say("Trust pack %s", verify.Inert(p.Name))
	if !p.ByHand {
		t.say("Issuer     %s, serial %d", verify.Inert(p.Issuer), p.Serial)
		t.say("Signature  %s", map[trust.SignatureState]string{
			trust.SignatureNone: "none (no pack.sig)", trust.SignatureHolds: "holds under the agency key of this installation",
			trust.SignatureUnchecked: "not checked: no agency key was fixed at installation",
		}[p.Signature])
	}
	if p.Issued != nil {
		line := "Issued     " + p.Issued.Format(time.DateOnly)
		if p.StaleAfter != nil {
			line += ", out of date after " + p.StaleAfter.Format(time.DateOnly)
		}
		t.say("%s", line)
	}
	t.say("SHA-256    %s", p.SHA256)
}

func (t *trustRun) changes(list []trust.Change) {
	for _, c := range list {
		line := fmt.Sprintf("  %-12s", c.What)
		if c.How != "" {
			line = fmt.Sprintf("  %-8s%s", c.How, line[1:])
		}
		if c.Partner != "" {
			line += " of " + verify.Inert(c.Partner) + ":"
		}
		t.say("%s %s", line, verify.Inert(c.Name))
		detail := []string{}
		if c.From != nil && c.To != nil {
			detail = append(detail, c.From.Format(time.DateOnly)+" to "+c.To.Format(time.DateOnly))
		}
		if c.Key != "" {
			detail = append(detail, c.Key)
		}
		if len(detail) > 0 {
			t.say("              %s", strings.Join(detail, ", "))
		}
		if c.SHA256 != "" {
			t.say("              %s", c.SHA256)
		}
		if c.Was != "" {
			t.say("              was %s", verify.Inert(c.Was))
		}
	}
}

func (t *trustRun) list(s *trust.Store) int {
	all, err := s.List()
	if err != nil {
		return t.failed(err)
	}
	t.doc.Packs = all
	if len(all) == 0 {
		t.say("No trust pack was ever installed; signers are not checked.")
	}
	for _, e := range all {
		state := e.State
		if e.Ended != nil {
			state += " since " + e.Ended.Format(time.DateOnly)
		}
		serial := ""
		if !e.ByHand {
			serial = fmt.Sprintf(", serial %d", e.Serial)
		}
		t.say("%s%s\n  %s; installed %s, confirmed by %s\n  SHA-256 %s", verify.Inert(e.Name), serial, state, e.Installed.Format(time.DateOnly), e.Confirmed, e.SHA256)
	}
	return exitDone
}

func (t *trustRun) show(s *trust.Store, name string) int {
	p, e, err := s.Find(name)
	if err != nil {
		return t.failed(err)
	}
	sum := p.Summary()
	t.doc.Pack, t.doc.Contents = &sum, p.Contents()
	t.summary(sum)
	t.say("State      %s, installed %s, confirmed by %s", e.State, e.Installed.Format(time.DateOnly), e.Confirmed)
	if p.Stale(time.Now()) {
		t.say("Age        out of date since %s", p.StaleAfter.Format(time.DateOnly))
	} else if !p.Issued.IsZero() {
		t.say("Age        %d days", int(p.Age(time.Now()).Hours()/24))
	}
	t.changes(p.Contents())
	return exitDone
}

// pools are the packs of a run: those named, else the installed ones. A false
// result means that packs were named wrongly; an error, that installed ones
// cannot be read, so that none is used.
func pools(e env, named []string) (out []verify.Pack, ok bool, err error) {
	for _, name := range named {
		got, findings, err := trust.Load(name)
		tellFindings(e.stderr, name, findings)
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl verify: --trust %s: %s\n", name, verify.Inert(err.Error()))
			return nil, false, nil
		}
		out = append(out, got...)
	}
	if len(named) > 0 {
		return out, true, nil
	}
	s, err := installed()
	if err != nil {
		return nil, true, err
	}
	out, err = s.Pools()
	return out, true, err
}

func tellFindings(w io.Writer, name string, fs []diag.Finding) {
	for _, f := range fs {
		fmt.Fprintf(w, "%s: %s: %s\n", name, f.Severity, verify.Inert(f.Message))
	}
}
