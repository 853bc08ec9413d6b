package verdict

import (
	"testing"

	"vedette/ui/look"
	"vedette/verify"
	"vedette/verify/camera"
)

// good are the marks that reassure.
var good = map[look.Mark]bool{look.MarkIntact: true}

func TestNothingUncheckedLooksGood(t *testing.T) {
	for name, r := range map[string]*verify.Report{
		"no report": nil, "empty report": {}, "running": {Verdict: verify.Intact, Integrity: verify.FileIntact, Trust: verify.Trusted, Coverage: verify.CoverageAll, Partial: true},
	} {
		if good[MarkOf(r)] {
			t.Errorf("%s has the mark of intact", name)
		}
		for _, a := range Answers(r) {
			if good[a.Mark] {
				t.Errorf("%s: %s has the mark of intact", name, a.Name)
			}
		}
	}
}

func TestEachAnswerIsGoodOnlyWhenItsAxisIs(t *testing.T) {
	seal := []verify.SealReport{{Index: 1, Integrity: verify.SealIntact, Scope: verify.ScopeFull}}
	for i := verify.FileUnchecked; i <= verify.FileMalformed; i++ {
		for tr := verify.TrustUnchecked; tr <= verify.Rejected; tr++ {
			for c := verify.CoverageNone; c <= verify.CoveragePartial; c++ {
				a := Answers(&verify.Report{Integrity: i, Trust: tr, Coverage: c, Seals: seal})
				if good[a[0].Mark] && i != verify.FileIntact && i != verify.FileIncomplete {
					t.Errorf("content looks good with integrity %s", i)
				}
				if good[a[1].Mark] && tr != verify.Trusted {
					t.Errorf("signer looks good with trust %s", tr)
				}
				if good[a[2].Mark] && c != verify.CoverageAll {
					t.Errorf("coverage looks good with %s", c)
				}
				if good[a[3].Mark] {
					t.Error("the clock looks checked")
				}
			}
		}
	}
}

func TestNumbersAreGroupedAndAmountsComparable(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1 000", 1988240912: "1 988 240 912"} {
		if got := Group(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{812: "812 bytes", 670_000: "670 kB", 1_988_000_000: "1988 MB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestAbsentPicturesAreNoFullCoverage(t *testing.T) {
	for state, want := range map[camera.State]look.Mark{
		camera.Authentic: look.MarkIntact, camera.AuthenticMissing: look.MarkIncomplete, camera.AuthenticPartial: look.MarkIncomplete,
		camera.NotVerifiable: look.MarkIncomplete,
	} {
		r := &verify.Report{Integrity: verify.FileIntact, Coverage: verify.CoverageAll, Camera: &verify.CameraReport{Present: true, State: state}}
		if got := Answers(r)[2].Mark; got != want {
			t.Errorf("%s: coverage is %s, want %s", state, got, want)
		}
	}
	r := &verify.Report{Integrity: verify.FileIntact, Coverage: verify.CoverageAll, Camera: &verify.CameraReport{Present: true, State: camera.NotAuthentic}}
	if got := Answers(r)[0].Mark; got != look.MarkBroken {
		t.Errorf("content that is not as the camera signed it is %s", got)
	}
}
