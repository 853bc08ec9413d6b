package verify

import (
	"testing"

	"vedette/internal/diag"
)

func TestOnlyTheFullyGoodStateReadsIntact(t *testing.T) {
	for i := FileUnchecked; i <= FileMalformed+1; i++ {
		for tr := TrustUnchecked; tr <= Rejected+1; tr++ {
			for c := CoverageNone; c <= CoveragePartial+1; c++ {
				good := i == FileIntact && tr == Trusted && c == CoverageAll
				if got := verdictOf(i, tr, c) == Intact; got != good {
					t.Errorf("integrity %s, trust %s, coverage %s: intact %v", i, tr, c, got)
				}
			}
		}
	}
}

func TestZeroValuesSayNothingGood(t *testing.T) {
	var r Report
	r.complete()
	if r.Verdict != CannotCheck || r.Headline() != "Cannot be checked." || ExitStatus(r.Verdict) == 0 {
		t.Errorf("an empty report says %s, %q", r.Verdict, r.Headline())
	}
	if ExitStatus(VerdictUnchecked) == 0 || ExitStatus(99) == 0 {
		t.Error("an unknown verdict has the exit status of intact")
	}
	for _, s := range []string{SealIntegrity(0).String(), FileIntegrity(0).String(), FileTrust(0).String(), TrustState(0).String()} {
		if s != "unchecked" {
			t.Errorf("zero value says %q", s)
		}
	}
	if Verdict(77).String() == "intact" || SealIntegrity(77).String() == "intact" {
		t.Error("an unknown value says intact")
	}
	refused := Refused("x", 1, diag.New("FILE-NOT-EXPORT", diag.Fatal, "x"))
	if refused.Verdict != CannotCheck {
		t.Errorf("a refused file is %s", refused.Verdict)
	}
}

func TestFileIntegrityIsTheWorstOfItsSeals(t *testing.T) {
	seal := func(s ...SealIntegrity) []SealReport {
		var out []SealReport
		for _, x := range s {
			out = append(out, SealReport{Integrity: x, Scope: ScopeFull})
		}
		return out
	}
	cases := []struct {
		name      string
		malformed bool
		seals     []SealReport
		want      FileIntegrity
	}{
		{"no seal", false, nil, FileUnsigned},
		{"damaged structure beats everything", true, seal(SealIntact), FileMalformed},
		{"one intact", false, seal(SealIntact), FileIntact},
		{"one of two broken", false, seal(SealIntact, SealBroken), FileBroken},
		{"broken beats weak", false, seal(SealWeak, SealBroken), FileBroken},
		{"weak", false, seal(SealIntact, SealWeak), FileWeak},
		{"unsupported", false, seal(SealUnsupported), FileUnsupported},
		{"an unchecked one is never intact", false, seal(SealIntact, SealUnchecked), FileUnchecked},
		{"malformed seal", false, seal(SealMalformed), FileMalformed},
	}
	for _, c := range cases {
		if got := integrityOf(c.malformed, c.seals); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTrustIsTheWorstOfTheSigners(t *testing.T) {
	signers := func(s ...TrustState) []SealReport {
		var out []SealReport
		for _, x := range s {
			out = append(out, SealReport{Trust: SignerTrust{State: x}})
		}
		return out
	}
	cases := []struct {
		in   []SealReport
		want FileTrust
	}{
		{nil, TrustUnchecked},
		{signers(SignerTrusted), Trusted},
		{signers(SignerPinned, SignerTrustedThenExpired), Trusted},
		{signers(SignerTrusted, SignerUnknown), Untrusted},
		{signers(SignerUnchecked, SignerTrusted), TrustUnchecked},
		{signers(SignerRejected, SignerUnknown), Rejected},
		{signers(SignerUndecidable), Untrusted},
	}
	for _, c := range cases {
		if got := trustOf(c.in); got != c.want {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestWorstOfSeveralExitStatusesFollowsTheOrder(t *testing.T) {
	order := []int{0, 11, 10, 13, 14, 12}
	for i, a := range order {
		for j, b := range order {
			if got := WorstExitStatus(a, b); got != order[max(i, j)] {
				t.Errorf("%d and %d give %d", a, b, got)
			}
		}
	}
}
