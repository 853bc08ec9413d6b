package sealing_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"vedette/internal/fixture"
	"vedette/sealing"
)

const canary = "correct-horse-canary"

func never() ([]byte, error) { return nil, errors.New("asked for a passphrase") }

func secret(s string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(s), nil }
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func onP256(t testing.TB) *fixture.Signer {
	t.Helper()
	s, err := world(t).Mint("Desk", nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func p12(t testing.TB, e *pkcs12.Encoder, s *fixture.Signer, phrase string) []byte {
	t.Helper()
	der, err := e.Encode(s.Key, s.Cert, []*x509.Certificate{world(t).Intermediate.Cert}, phrase)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestEveryFormOfKeyGivesItsSigner(t *testing.T) {
	w, curve := world(t), onP256(t)
	k, ok := w.Court.Key.(*rsa.PrivateKey)
	e, ok2 := curve.Key.(*ecdsa.PrivateKey)
	if !ok || !ok2 {
		t.Fatal("other keys than expected")
	}
	sec1, err := x509.MarshalECPrivateKey(e)
	if err != nil {
		t.Fatal(err)
	}
	courtPEM, curvePEM := block("CERTIFICATE", w.Court.Cert.Raw), block("CERTIFICATE", curve.Cert.Raw)
	above := block("CERTIFICATE", w.Intermediate.Cert.Raw)
	cases := []struct {
		name      string
		key, cert []byte
		ask       func() ([]byte, error)
		leaf      *x509.Certificate
		helpers   int
	}{
		{"PKCS#8", pkcs8(t, k), courtPEM, never, w.Court.Cert, 0},
		{"PKCS#1", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)), courtPEM, never, w.Court.Cert, 0},
		{"SEC 1 behind its parameters", append(block("EC PARAMETERS", []byte{6, 1, 1}), block("EC PRIVATE KEY", sec1)...), curvePEM, never, curve.Cert, 0},
		{"certificate with the key", append(pkcs8(t, k), courtPEM...), nil, never, w.Court.Cert, 0},
		{"certificate in DER", pkcs8(t, k), w.Court.Cert.Raw, never, w.Court.Cert, 0},
		{"chain in any order", pkcs8(t, k), append(bytes.Clone(above), courtPEM...), never, w.Court.Cert, 1},
		{"PKCS#12", p12(t, pkcs12.Modern, w.Court, canary), nil, secret(canary), w.Court.Cert, 1},
		{"PKCS#12 of older programs", p12(t, pkcs12.LegacyRC2, w.Court, canary), nil, secret(canary), w.Court.Cert, 1},
		{"PKCS#12 on a curve", p12(t, pkcs12.Modern, curve, canary), nil, secret(canary), curve.Cert, 1},
		{"PKCS#12 without passphrase", p12(t, pkcs12.Modern, w.Court, ""), nil, never, w.Court.Cert, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := sealing.ReadSigner(c.key, c.cert, c.ask)
			if err != nil {
				t.Fatal(err)
			}
			if !s.Leaf.Equal(c.leaf) || len(s.Helpers) != c.helpers {
				t.Errorf("leaf %s, %d helpers", s.Leaf.Subject, len(s.Helpers))
			}
			if _, _, err := write(vector(t, "01_single"), sealing.Options{Signer: s, Now: now}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestKeysThatCannotBeUsedAreRefusedAndNothingSecretIsTold(t *testing.T) {
	w, curve := world(t), onP256(t)
	key, cert := pkcs8(t, w.Court.Key), block("CERTIFICATE", w.Court.Cert.Raw)
	renewed, err := w.Mint("Desk", w.Court.Key, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	store := p12(t, pkcs12.Modern, w.Court, canary)
	both := append(bytes.Clone(cert), block("CERTIFICATE", renewed.Cert.Raw)...)
	cases := []struct {
		name      string
		key, cert []byte
		ask       func() ([]byte, error)
		code, say string
	}{
		{"no certificate", key, nil, never, "SEALING-CERTIFICATE", "no certificate"},
		{"certificate of another key", key, block("CERTIFICATE", curve.Cert.Raw), never, "SEALING-CERTIFICATE", "another key"},
		{"two certificates for the key", key, both, never, "SEALING-CERTIFICATE", "several"},
		{"key file without key", cert, nil, never, "SEALING-KEY", "no private key"},
		{"two keys", append(bytes.Clone(key), pkcs8(t, curve.Key)...), cert, never, "SEALING-KEY", "several"},
		{"damaged key", block("PRIVATE KEY", []byte(canary)), cert, never, "SEALING-KEY", "cannot be read"},
		{"damaged certificate", key, block("CERTIFICATE", []byte("x")), never, "SEALING-CERTIFICATE", "cannot be read"},
		{"certificate file of something else", key, []byte("text"), never, "SEALING-CERTIFICATE", "neither PEM nor DER"},
		{"certificate file without certificate", key, key, never, "SEALING-CERTIFICATE", "no certificate"},
		{"text", []byte("not a key " + canary), cert, never, "SEALING-KEY", "neither PEM nor PKCS#12"},
		{"nothing", nil, cert, never, "SEALING-KEY", "neither PEM nor PKCS#12"},
		{"PKCS#12 cut short", store[:len(store)/2], nil, secret(canary), "SEALING-KEY", "PKCS#12"},
		{"wrong passphrase", store, nil, secret("wrong-" + canary), "SEALING-PASSPHRASE", "passphrase"},
		{"wrong passphrase of an older file", p12(t, pkcs12.LegacyRC2, w.Court, canary), nil, secret("wrong-" + canary), "SEALING-PASSPHRASE", "passphrase"},
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", []byte(canary)), cert, never, "SEALING-KEY", "openssl pkcs12 -export"},
		{
			"encrypted PKCS#1", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte(canary)}),
			cert, never, "SEALING-KEY", "openssl pkcs12 -export",
		},
		{"a book", make([]byte, sealing.MaxKeyFile+1), nil, never, "SEALING-KEY", "at most"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := sealing.ReadSigner(c.key, c.cert, c.ask)
			if s != nil || codeOf(err) != c.code || !strings.Contains(err.Error(), c.say) {
				t.Fatalf("%q: %v, want %s", codeOf(err), err, c.code)
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the secret is told: %v", err)
			}
		})
	}
	if _, err := sealing.ReadSigner(store, nil, never); err == nil || err.Error() != "asked for a passphrase" {
		t.Errorf("the reason why no passphrase came: %v", err)
	}
}

// What other programs write is read: the command that our own refusal names.
func TestTheCommandThatIsNamedMakesAKeyThatIsRead(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED: openssl is not installed")
	}
	dir, w := t.TempDir(), world(t)
	for name, data := range map[string][]byte{"key.pem": pkcs8(t, w.Court.Key), "cert.pem": block("CERTIFICATE", w.Court.Cert.Raw)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) {
		c := exec.Command(program, args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v: %s", args, err, out)
		}
	}
	run("pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.pem", "-passout", "pass:"+canary)
	run("pkcs12", "-export", "-inkey", "locked.pem", "-passin", "pass:"+canary, "-in", "cert.pem", "-out", "signer.p12", "-passout", "pass:"+canary)
	locked, err := os.ReadFile(filepath.Join(dir, "locked.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sealing.ReadSigner(locked, nil, never); codeOf(err) != "SEALING-KEY" {
		t.Errorf("encrypted PEM: %v", err)
	}
	store, err := os.ReadFile(filepath.Join(dir, "signer.p12"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := sealing.ReadSigner(store, nil, secret(canary))
	if err != nil || !s.Leaf.Equal(w.Court.Cert) {
		t.Errorf("%v", err)
	}
}

func TestThePassphraseIsOverwrittenAfterUse(t *testing.T) {
	given := []byte(canary)
	if _, err := sealing.ReadSigner(p12(t, pkcs12.Modern, world(t).Court, canary), nil, func() ([]byte, error) { return given, nil }); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(given, []byte("canary")) {
		t.Errorf("%q is left", given)
	}
}
