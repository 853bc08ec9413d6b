package trust

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"vedette/internal/diag"
)

func TestFolderOfCertificatesIsAPack(t *testing.T) {
	p, findings, err := Load("../testdata/export/trust")
	if err != nil || len(p.Anchors) != 5 || len(p.Pins) != 5 || len(findings) != 0 {
		t.Errorf("%d anchors, %d pins, %v, %v", len(p.Anchors), len(p.Pins), findings, err)
	}
	again, _, err := Load("../testdata/export/trust")
	if err != nil || again.SHA256 != p.SHA256 {
		t.Error("the digest of the same pack differs")
	}
}

func TestWhatIsNoCertificateIsToldAndKeysAreNotRead(t *testing.T) {
	dir := t.TempDir()
	der, err := os.ReadFile("../testdata/export/trust/court.der")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"court.der": der, "copy.der": der, "notes.txt": []byte("hello"), "large.bin": make([]byte, MaxFile+1),
		"key.pem": []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
		"bad.pem": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, findings, err := Load(dir)
	if err != nil || len(p.Anchors) != 1 {
		t.Fatalf("%d anchors, %v", len(p.Anchors), err)
	}
	got := map[string]diag.Severity{}
	for _, f := range findings {
		got[f.Code] = f.Severity
	}
	for _, code := range []string{"PACK-NOT-CERTIFICATE", "PACK-TOO-LARGE", "PACK-PRIVATE-KEY", "PACK-CERTIFICATE"} {
		if got[code] == 0 {
			t.Errorf("no finding %s in %v", code, findings)
		}
	}
}

func TestPackWithoutCertificateIsRefused(t *testing.T) {
	if _, _, err := Load(t.TempDir()); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	if _, _, err := Load(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing pack was loaded")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Add([]byte{0x30, 3, 1, 2, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		l := &loader{}
		found, err := l.parse(data, "x")
		if !found && err == nil && len(l.certs) > 0 {
			t.Error("certificates came from nothing")
		}
	})
}
