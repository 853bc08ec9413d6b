package verdict

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vedette/ui/look"
	"vedette/verify"
)

func TestHeadlineIsWholeAgainAfterANarrowWindow(t *testing.T) {
	test.NewTempApp(t)
	s := NewStrip(&look.Dark, func() {}, func() {})
	s.Set(State{Open: true, Name: "clip.mp4", Report: &verify.Report{Verdict: verify.IntactUntrusted, Trust: verify.Untrusted, Integrity: verify.FileIntact}})
	r := test.WidgetRenderer(s)
	r.Layout(fyne.NewSize(320, StripHeight))
	if s.head.Text == "Seal intact. Signer not trusted." {
		t.Fatal("the headline is not cut where there is no room for it")
	}
	r.Layout(fyne.NewSize(1200, StripHeight))
	if s.head.Text != "Seal intact. Signer not trusted." || s.second.Text != (&verify.Report{Verdict: verify.IntactUntrusted}).Limits() {
		t.Fatalf("%q, %q", s.head.Text, s.second.Text)
	}
}
