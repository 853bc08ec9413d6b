package verify_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"vedette/verify"
	"vedette/verify/camera"
)

func TestCameraWhoseKeyWasRevokedIsNotTrusted(t *testing.T) {
	w := world(t)
	before, after := scene.AddDate(0, 0, -1), scene.AddDate(0, 0, 1)
	for _, c := range []struct {
		name   string
		list   *x509.RevocationList
		trust  verify.TrustState
		reason string
		remark string
	}{
		{"revoked before", crl(t, w.Intermediate, nil, revoked(cameraKey(t), before, 4)), verify.SignerRejected, verify.ReasonRevoked, ""},
		{"stolen after", crl(t, w.Intermediate, nil, revoked(cameraKey(t), after, 1)), verify.SignerRejected, verify.ReasonRevoked, ""},
		{"superseded after", crl(t, w.Intermediate, nil, revoked(cameraKey(t), after, 4)), verify.SignerTrusted, verify.ReasonChain, verify.RemarkLater},
		{"not listed", crl(t, w.Intermediate, nil), verify.SignerTrusted, verify.ReasonChain, verify.RemarkUnchecked},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := agency(t)
			with(c.list)(&p)
			r := examine(t, filmed(t, take{}, nil), p)
			if r.Camera == nil || len(r.Camera.Tracks) != 1 {
				t.Fatalf("%+v", r.Camera)
			}
			got := r.Camera.Tracks[0].Trust
			want := camera.OwnerUntrusted
			if c.trust == verify.SignerTrusted {
				want = camera.OwnerTrusted
			}
			if got.State != c.trust || got.Reason != c.reason || r.Camera.Provenance != want || got.TimeSource != "signed time of the pictures" {
				t.Errorf("%+v, %s", got, r.Camera.Provenance)
			}
			if c.remark == "" {
				return
			}
			told := 0
			for _, f := range r.Findings {
				if f.Code == c.remark && strings.HasPrefix(f.Message, "camera signing: ") {
					told++
				}
			}
			if !slices.Contains(got.Remarks, c.remark) || told != 1 {
				t.Errorf("%s told %d times: %v", c.remark, told, r.Findings)
			}
		})
	}
}

func TestCameraIsNotAskedForTheUseThatAPackDemandsOfSigners(t *testing.T) {
	p := agency(t)
	p.Packs[0].EKU = signerUses
	r := examine(t, filmed(t, take{}, nil), p)
	if r.Camera.Provenance != camera.OwnerTrusted || r.Seals[0].Trust.Reason != verify.ReasonUse {
		t.Errorf("%s, %+v", r.Camera.Provenance, r.Seals[0].Trust)
	}
	ca := lens(t, "Camera authority", elliptic.P256(), nil, authority)
	k := take{}
	k.camera.By = ca
	if r := examine(t, filmed(t, k, nil), agency(t)); r.Camera.Provenance == camera.OwnerTrusted {
		t.Errorf("an authority took the pictures: %+v", r.Camera.Tracks)
	}
}
