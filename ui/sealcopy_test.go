package ui

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/sealing"
	"vedette/verify"
)

// signerFiles writes a new key and its certificate.
func signerFiles(t *testing.T) (key, cert string) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Evidence desk"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	key, cert = filepath.Join(t.TempDir(), "key.pem"), filepath.Join(t.TempDir(), "cert.pem")
	for path, b := range map[string]*pem.Block{key: {Type: "PRIVATE KEY", Bytes: raw}, cert: {Type: "CERTIFICATE", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return key, cert
}

func TestFormOfSealingMakesACopyAndCorrectsTheClock(t *testing.T) {
	f, err := evidence.OpenFile("../testdata/export/01_single.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := evidence.Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	key, cert := signerFiles(t)
	good := sealRequest{key: key, cert: cert, note: "received 2026-0147", clock: "10", out: filepath.Join(t.TempDir(), "copy.mp4")}
	r, err := good.run(context.Background(), x, func(sealing.Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	if r.After.Integrity != verify.FileIntact || r.Seal.Index != 2 || r.Seal.Note != good.note {
		t.Errorf("the copy is %s, seal %d says %q", r.After.Integrity, r.Seal.Index, r.Seal.Note)
	}
	track := x.Tracks()[0].ID
	want := x.Origin(track).UTC + 10*media.Hundred
	if len(r.Seal.StartTimes) == 0 || r.Seal.StartTimes[0].UTC != want {
		t.Errorf("corrected starts %v, want %s", r.Seal.StartTimes, want)
	}

	for name, c := range map[string]struct {
		change func(*sealRequest)
		says   string
	}{
		"the copy exists":        {func(*sealRequest) {}, "exist"},
		"a clock in words":       {func(q *sealRequest) { q.clock, q.out = "ten", q.out+"2" }, "no number of seconds"},
		"no key file":            {func(q *sealRequest) { q.key, q.out = q.key+"x", q.out+"3" }, "no such file"},
		"a film instead of keys": {func(q *sealRequest) { q.key, q.out = "../testdata/export/01_single.mp4", q.out+"4" }, "key"},
		"over the original":      {func(q *sealRequest) { q.out = "../testdata/export/01_single.mp4" }, "never written"},
	} {
		q := good
		c.change(&q)
		if _, err := q.run(context.Background(), x, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
