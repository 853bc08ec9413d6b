package sealing_test

import (
	"bytes"
	"context"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"vedette/evidence"
	"vedette/sealing"
	"vedette/verify"
)

// FuzzWrite seals whatever comes: what is sealed holds, and without the new
// seal it is the input.
func FuzzWrite(f *testing.F) {
	for _, name := range names(f) {
		data := vector(f, name)
		f.Add(data, false)
		f.Add(data[max(0, len(data)-4000):], true)
	}
	by := signer(f, onP256(f))
	f.Fuzz(func(t *testing.T, data []byte, asIs bool) {
		opt := sealing.Options{Signer: by, Now: now, AsIs: asIs, Note: "as received"}
		x, err := evidence.Open(context.Background(), file(data))
		if err != nil {
			return
		}
		if err := x.Index(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if _, has := x.Info(); !has && x.Protection().Ipro.Len() == 0 {
			opt.Unit = "Desk"
		}
		out, r, err := write(data, opt)
		if err != nil {
			if len(out) != 0 {
				t.Fatalf("refused after %d bytes were written: %v", len(out), err)
			}
			return
		}
		if again := examine(t, out, verify.Policy{Now: now}); again.Seals[len(again.Seals)-1].Integrity != verify.SealIntact {
			t.Fatal("the seal does not hold")
		}
		if len(r.Before.Seals) > 0 && !bytes.Equal(withoutNewest(t, out), data) {
			t.Fatal("without the newest seal it is not the input")
		}
	})
}

// FuzzReadSigner must not fail on any bytes. PKCS#12 stretches a passphrase as
// often as the file says, so such seeds are cut.
func FuzzReadSigner(f *testing.F) {
	w := world(f)
	store := p12(f, pkcs12.Modern, w.Court, "")
	f.Add(pkcs8(f, w.Court.Key), w.Court.Cert.Raw)
	f.Add(pkcs8(f, w.Court.Key), block("CERTIFICATE", w.Court.Cert.Raw))
	f.Add(store[:200], []byte(nil))
	f.Add(block("ENCRYPTED PRIVATE KEY", []byte("x")), []byte("-----BEGIN "))
	f.Fuzz(func(t *testing.T, key, certs []byte) {
		if s, err := sealing.ReadSigner(key, certs, secret("x")); err == nil && (s.Leaf == nil || s.Key == nil) {
			t.Fatal("a signer without certificate or key")
		}
	})
}
