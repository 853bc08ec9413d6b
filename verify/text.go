package verify

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// maxForeign is the number of runes of foreign text that are shown.
const maxForeign = 256

// Inert returns foreign text so that it can do no harm on a screen: control
// and direction characters are shown by their number, and long text is cut.
func Inert(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxForeign {
			b.WriteString(" (more)")
			break
		}
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar {
			fmt.Fprintf(&b, "<U+%04X>", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// CommonName returns the CN of a distinguished name as Signer states it, or
// the whole name where there is none.
func CommonName(subject string) string {
	for _, part := range attributes(subject) {
		if cn, ok := strings.CutPrefix(part, "CN="); ok {
			return Inert(cn)
		}
	}
	return Inert(subject)
}

// attributes takes a distinguished name apart where no backslash hides the
// separator (RFC 2253), so that no value can pose as another attribute.
func attributes(subject string) []string {
	var out []string
	var b strings.Builder
	hidden := false
	for _, r := range subject {
		switch {
		case hidden:
			hidden = false
			b.WriteRune(r)
		case r == '\\':
			hidden = true
		case r == ',' || r == '+':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	return append(out, b.String())
}

// WriteText writes the report for people: the headline, what it does not
// show, seals in order, findings, what was not checked and by which packs.
func (r *Report) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.line("%s", Inert(r.File))
	p.line("%s", r.Headline())
	p.line("%s", r.Limits())
	p.line("")
	p.line("  Verdict    %s (integrity %s, signer %s, coverage %s)", r.Verdict, r.Integrity, r.Trust, r.Coverage)
	p.line("  Size       %d bytes", r.Size)
	if r.SHA256 != "" {
		p.line("  SHA-256    %s", r.SHA256)
	}
	if r.Start != nil {
		p.line("  Start      %s (from %s)", r.Start, r.TimeBasis)
	} else {
		p.line("  Start      no absolute time in the file that can be used")
	}
	if r.End != nil {
		p.line("  End        %s", r.End)
	}
	p.seals(r)
	p.camera(r)
	p.findings(r)
	if len(r.Packs) > 0 {
		p.line("")
		p.line("Trust packs used")
		for _, k := range r.Packs {
			serial, stale := "", ""
			if k.Serial > 0 {
				serial = fmt.Sprintf(", serial %d", k.Serial)
			}
			if k.Stale {
				stale = ", out of date"
			}
			p.line("  %s%s%s, SHA-256 %s", Inert(k.Name), serial, stale, k.SHA256)
		}
	}
	p.line("")
	p.line("Not checked")
	for _, s := range r.NotChecked {
		p.line("  %s", s)
	}
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) seals(r *Report) {
	p.line("")
	if len(r.Seals) == 0 {
		none := "none could be looked for"
		if r.Integrity == FileUnsigned {
			none = "none"
		}
		p.line("Seals      %s", none)
		return
	}
	p.line("Seals      %d, oldest first. A seal that was removed from the end leaves no trace in the file.", len(r.Seals))
	for _, s := range r.Seals {
		state := s.Integrity.String()
		if s.Scope != ScopeNone {
			state += ", " + s.Scope.String()
		}
		p.line("  %d  %s", s.Index, state)
		if s.Reason != "" && s.Integrity != SealIntact {
			p.line("     %s", s.Reason)
		}
		if s.Algorithm != "" {
			salt := ""
			if s.SaltLength != nil {
				salt = fmt.Sprintf(", salt %d", *s.SaltLength)
			}
			p.line("     Algorithm  %s%s", s.Algorithm, salt)
		}
		if g := s.Signer; g != nil {
			p.line("     Signer     %s", Inert(g.Subject))
			p.line("     Issuer     %s, serial %s", Inert(g.Issuer), g.Serial)
			p.line("     Valid      %s to %s", g.NotBefore.Format(time.DateOnly), g.NotAfter.Format(time.DateOnly))
			p.line("     SHA-256    %s", g.SHA256)
		}
		p.trust(s)
		if s.Note != "" {
			p.line("     Note       %s", Inert(s.Note))
		}
		for _, c := range s.Covered {
			p.line("     Covers     bytes %d to %d", c.From, c.To)
		}
	}
}

// trust tells why a signer is trusted or not: by which path, at which times.
func (p *printer) trust(s SealReport) {
	t := s.Trust
	p.line("     Trust      %s", strings.TrimSpace(t.Line()+". "+Explanation(t.Reason)+" "+Inert(t.Detail)))
	for i, x := range s.Chain {
		if i == 0 {
			continue // the signer stands above
		}
		p.line("     Under      %s, valid %s to %s, SHA-256 %s", Inert(x.Subject), day(x.NotBefore), day(x.NotAfter), x.SHA256)
	}
	if t.Pack != "" {
		p.line("     By pack    %s", Inert(t.Pack))
	}
	if t.JudgedAt != nil {
		p.line("     Judged at  %s (%s)", t.JudgedAt.Format(time.RFC3339), t.TimeSource)
	}
	if t.Now != nil && t.TimeSource != sourceNow {
		p.line("     Now        %s", t.Now.Format(time.RFC3339))
	}
	for _, m := range t.Misses {
		if m != t.Detail {
			p.line("     No path    %s", Inert(m))
		}
	}
}

func (p *printer) findings(r *Report) {
	if len(r.Findings) == 0 {
		return
	}
	p.line("")
	p.line("Findings")
	for _, f := range r.Findings {
		at := ""
		if f.Offset != nil {
			at = fmt.Sprintf(" (at byte %d)", *f.Offset)
		}
		p.line("  %-8s %s%s [%s]", f.Severity, Inert(f.Message), at, f.Code)
	}
}
