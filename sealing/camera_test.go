package sealing_test

import (
	"bytes"
	"os"
	"testing"

	"vedette/internal/diag"
	"vedette/verify"
	"vedette/verify/camera"
)

func TestCameraSigningIsUntouchedAndWhatDoesNotMatchIsNotSealedByAccident(t *testing.T) {
	data, err := os.ReadFile("../testdata/media-signing/test_signed_h264.mp4")
	if err != nil {
		t.Fatal(err)
	}
	opt := court(t)
	opt.Unit = "Desk"
	out, r, err := write(data, opt)
	if err != nil || r.After.Camera.State != camera.Authentic || r.After.Camera.Documents.Authentic == 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	opensslAccepts(t, out)

	x := opened(t, data)
	s := x.Table(x.Tracks()[0].ID).At(100)
	altered := bytes.Clone(data)
	altered[s.Offset+int64(s.Size)/2] ^= 1
	if out, _, err := write(altered, opt); codeOf(err) != "SEALING-BROKEN" || len(out) != 0 {
		t.Errorf("%v", err)
	}
	opt.AsIs, opt.Note = true, "as received"
	if _, r, err = write(altered, opt); err != nil || r.After.Verdict != verify.Broken || severity(r, "SEALING-AS-IS") != diag.Error {
		t.Errorf("%v: %+v", err, r)
	}
}
