package verify_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify"
)

func TestPathsThatCannotBeJudgedAreNeverTrusted(t *testing.T) {
	w := world(t)
	by := func(change func(*x509.Certificate)) []byte {
		s, err := w.Mint("signer", nil, nil, change)
		if err != nil {
			t.Fatal(err)
		}
		return made(t, s, fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256)})
	}
	expect(t, agency(t), []answer{
		{
			name: "signed over SHA-1", verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonWeakChain,
			data: by(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }),
		},
		{
			name: "critical extension that is not known", verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonCritical,
			data: by(func(c *x509.Certificate) {
				c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
			}),
		},
	})
}
