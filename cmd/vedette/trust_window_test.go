package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPackIsInstalledInTheWindowOnceItsDigitsAreTyped(t *testing.T) {
	dir := evidenceSet(t)
	t.Setenv("VEDETTE_DATA", t.TempDir())
	r := start(t, filepath.Join(dir, "street-west.mp4"), filepath.Join(dir, "trust-pack.zip"))
	r.wait("verdict street-west.mp4 intact-untrusted")
	r.wait("trust-preview true")
	manifest, err := os.ReadFile(filepath.Join(dir, "trust-pack", "pack.json"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(manifest)
	r.typed("00000000")
	r.key("Return")
	r.wait("trust-packs 0 error true") // refused
	r.typed(hex.EncodeToString(sum[:4]))
	r.key("Return")
	r.wait("trust-packs 1 error false")
	r.wait("verdict street-west.mp4 intact\n")
}

func TestFileThatChangesIsWithdrawnAndExaminedAgainByOneKey(t *testing.T) {
	dir := evidenceSet(t)
	name := filepath.Join(dir, "street-west.mp4")
	r := start(t, "--trust", filepath.Join(dir, "trust"), name)
	r.wait("verdict street-west.mp4 intact\n")
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	var b [1]byte
	if _, err := f.WriteAt(b[:], st.Size()/2); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r.wait("verdict street-west.mp4 cannot-check")
	r.key("ctrl+r")
	r.wait("verdict street-west.mp4 broken")
	if n := strings.Count(r.text(), "intact\n"); n != 1 {
		t.Errorf("the old verdict was told again:\n%s", r.text())
	}
}
