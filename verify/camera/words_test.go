package camera_test

import (
	"strings"
	"testing"

	"vedette/verify/camera"
)

func TestZeroAndUnknownValuesSayNothingGood(t *testing.T) {
	for _, w := range []string{
		camera.State(0).String(), camera.State(99).String(), camera.Ownership(0).String(), camera.Ownership(99).String(), camera.Verdict(0).String(),
		camera.Verdict(99).String(), camera.PictureState(0).String(), camera.PictureState(99).String(), camera.Reason(0).String(), camera.Reason(200).String(),
	} {
		if w != "unchecked" && w != "undecided" && w != "" {
			t.Errorf("a value that was never set says %q", w)
		}
	}
}

func TestWordsAreThoseOfTheReport(t *testing.T) {
	var words []string
	for s := camera.Unchecked; s <= camera.Authentic; s++ {
		b, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, string(b))
	}
	for s := camera.PictureUndecided; s <= camera.PictureAltered; s++ {
		b, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, string(b))
	}
	for o := camera.OwnerUnchecked; o <= camera.OwnerUntrusted; o++ {
		b, err := o.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, string(b))
	}
	want := "unchecked not-signed not-authentic not-verifiable authentic-missing authentic-partial authentic " +
		"undecided ignored authentic unprotected not-verifiable unsigned-gap altered unchecked trusted untrusted"
	if got := strings.Join(words, " "); got != want {
		t.Errorf("%s", got)
	}
	for r := camera.ReasonUnreadable; r <= camera.ReasonGap; r++ {
		if !strings.HasSuffix(r.String(), ".") {
			t.Errorf("reason %d is no sentence: %q", r, r)
		}
	}
}
