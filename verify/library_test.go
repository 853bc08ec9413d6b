package verify

import (
	"crypto/x509"
	"testing"
	"time"
)

func TestPathIsNeverJudgedWithoutAnchorsTimeOrUse(t *testing.T) {
	whole := x509.VerifyOptions{Roots: x509.NewCertPool(), CurrentTime: time.Unix(1, 0), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	for name, spoil := range map[string]func(*x509.VerifyOptions){
		"anchors of the system":   func(o *x509.VerifyOptions) { o.Roots = nil },
		"this computer's clock":   func(o *x509.VerifyOptions) { o.CurrentTime = time.Time{} },
		"use of a server, not us": func(o *x509.VerifyOptions) { o.KeyUsages = nil },
	} {
		o := whole
		spoil(&o)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was used", name)
				}
			}()
			_ = library(&x509.Certificate{Raw: []byte{0}}, o)
		}()
	}
	if library(&x509.Certificate{Raw: []byte{0}}, whole) == nil {
		t.Error("an empty certificate is trusted")
	}
}

func TestEveryReasonAndRemarkIsExplainedAndNoOtherIs(t *testing.T) {
	if (SignerTrust{}).Line() != "unchecked" || Explanation("") == "" || Explanation("X") != "" {
		t.Error("the zero value reads as something")
	}
	for code := range explanations {
		if code != "" && stateOf(code) == SignerTrusted {
			t.Errorf("%s alone makes a signer trusted", code)
		}
	}
	if RevocationState(99).String() != "unchecked" {
		t.Error("an unknown state of revocation reads as something")
	}
}
