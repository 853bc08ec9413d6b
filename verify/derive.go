package verify

import (
	"fmt"
	"strings"

	"vedette/internal/diag"
)

// derive fills in the file's integrity, coverage and trust from its seals.
func (c *checker) derive() {
	r := c.r
	r.Integrity = integrityOf(len(c.prot.Malformed) > 0, r.Seals)
	r.Coverage = coverageOf(r.Seals)
	if r.Integrity == FileIntact && r.Coverage == CoverageAllButIndex {
		r.Integrity = FileIncomplete
	}
	if r.Coverage == CoverageAllButIndex && c.prot.Index != nil {
		c.extra = append(c.extra, diag.At("COVER-INDEX-LATER", diag.Warning, c.prot.Index.From, c.prot.Index.To,
			"the index (mfra) was written after the newest seal; no seal covers it, and it is not used"))
	}
	if len(r.Seals) == 0 && len(c.prot.Malformed) == 0 {
		c.extra = append(c.extra, diag.New("SEAL-NONE", diag.Warning, "the file has no seal; one that never had any and one whose seals were removed look the same"))
	}
	for _, s := range r.Seals {
		if s.Reason != "" && s.Integrity != SealIntact {
			c.extra = append(c.extra, diag.At(sealCodes[s.Integrity], sealSeverity[s.Integrity],
				c.prot.Seals[s.Index-1].Range.From, c.prot.Seals[s.Index-1].Range.To, "seal %d: %s", s.Index, s.Reason))
		}
	}
	r.Trust = trustOf(r.Seals)
	if r.Trust != TrustUnchecked {
		if r.revocation() < RevocationStale {
			r.NotChecked = append(r.NotChecked, "revocation of a signer or an authority: the trust packs hold no list or response of its issuer")
		}
		r.NotChecked = append(r.NotChecked, "revocation, beyond the lists and responses that the trust packs hold")
	} else if len(r.Seals) > 0 {
		r.NotChecked = append(r.NotChecked, "the signer: no trust pack was given")
	}
	r.NotChecked = append(r.NotChecked, "the recorder's clock and the scene itself")
	if len(r.Seals) > 0 {
		r.NotChecked = append(r.NotChecked, "whether a newer seal was removed: that leaves no trace in the file")
	}
}

var sealCodes = map[SealIntegrity]string{
	SealUnchecked: "SEAL-UNCHECKED", SealBroken: "SEAL-BROKEN", SealWeak: "SEAL-WEAK",
	SealUnsupported: "SEAL-UNSUPPORTED", SealMalformed: "SEAL-MALFORMED",
}

var sealSeverity = map[SealIntegrity]diag.Severity{
	SealUnchecked: diag.Warning, SealBroken: diag.Error, SealWeak: diag.Error, SealUnsupported: diag.Error, SealMalformed: diag.Error,
}

// integrityOf is the file's integrity: the worst of its seals, in the order
// malformed, broken, unsupported, weak, unchecked.
func integrityOf(malformed bool, seals []SealReport) FileIntegrity {
	has := map[SealIntegrity]bool{}
	for _, s := range seals {
		has[s.Integrity] = true
	}
	switch {
	case malformed || has[SealMalformed]:
		return FileMalformed
	case has[SealBroken]:
		return FileBroken
	case has[SealUnsupported]:
		return FileUnsupported
	case has[SealWeak]:
		return FileWeak
	case len(seals) == 0:
		return FileUnsigned
	case len(has) == 1 && has[SealIntact]:
		return FileIntact
	default:
		return FileUnchecked
	}
}

// coverageOf is what the newest seal covers. Where it fails but an older one
// holds, a part of the file is covered.
func coverageOf(seals []SealReport) Coverage {
	if len(seals) == 0 {
		return CoverageNone
	}
	newest := seals[len(seals)-1]
	if newest.Integrity == SealIntact {
		switch newest.Scope {
		case ScopeFull:
			return CoverageAll
		case ScopeFullMinusIndex:
			return CoverageAllButIndex
		}
	}
	for _, s := range seals {
		if s.Integrity == SealIntact {
			return CoveragePartial
		}
	}
	return CoverageNone
}

// trustOf is the worst trust of the seals.
func trustOf(seals []SealReport) FileTrust {
	worst := TrustUnchecked
	rank := map[FileTrust]int{Trusted: 1, TrustUnchecked: 2, Untrusted: 3, Rejected: 4}
	for i, s := range seals {
		t := TrustUnchecked
		switch s.Trust.State {
		case SignerTrusted, SignerTrustedThenExpired, SignerPinned:
			t = Trusted
		case SignerUnknown, SignerUndecidable:
			t = Untrusted
		case SignerRejected:
			t = Rejected
		}
		if i == 0 || rank[t] > rank[worst] {
			worst = t
		}
	}
	return worst
}

// verdictOf is the headline: the first row that fits, and cannot-check for
// everything that was not explicitly found good.
func verdictOf(integrity FileIntegrity, trust FileTrust, coverage Coverage) Verdict {
	switch integrity {
	case FileBroken:
		return Broken
	case FileUnsigned:
		return Unsigned
	case FileIntact, FileIncomplete:
	default:
		return CannotCheck
	}
	switch {
	case trust != Trusted:
		return IntactUntrusted
	case integrity == FileIncomplete || coverage == CoverageAllButIndex:
		return IntactIncomplete
	case coverage == CoverageAll:
		return Intact
	default:
		return CannotCheck
	}
}

// complete derives the headline and leaves no list nil, so that JSON has none either.
func (r *Report) complete() {
	r.Verdict = withCamera(verdictOf(r.Integrity, r.Trust, r.Coverage), r.Integrity, r.Camera)
	if r.Partial {
		r.Verdict = CannotCheck
	}
	if r.Packs == nil {
		r.Packs = []PackRef{}
	}
	if r.NotChecked == nil {
		r.NotChecked = []string{}
	}
	if r.Seals == nil {
		r.Seals = []SealReport{}
	}
	if r.Findings == nil {
		r.Findings = []ReportedFinding{}
	}
}

// Exit statuses of `vedettectl verify`.
var exits = map[Verdict]int{Intact: 0, IntactIncomplete: 11, IntactUntrusted: 10, Unsigned: 13, CannotCheck: 14, VerdictUnchecked: 14, Broken: 12}

// exitOrder is from best to worst.
var exitOrder = []int{0, 11, 10, 13, 14, 12}

// ExitStatus returns the exit status that stands for a verdict.
func ExitStatus(v Verdict) int {
	if s, ok := exits[v]; ok {
		return s
	}
	return exits[CannotCheck]
}

// WorstExitStatus returns the worse of two exit statuses of verdicts.
func WorstExitStatus(a, b int) int {
	for i := len(exitOrder) - 1; i >= 0; i-- {
		if exitOrder[i] == a || exitOrder[i] == b {
			return exitOrder[i]
		}
	}
	return exits[CannotCheck]
}

// sentence makes one of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
