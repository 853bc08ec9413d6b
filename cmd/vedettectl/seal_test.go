package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/sealing"
)

// desk writes key and certificate of a signer that is valid now.
func desk(t *testing.T) (key, cert string) {
	t.Helper()
	w, err := fixture.NewWorld(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(w.Court.Key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	key, cert = filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	for name, b := range map[string]*pem.Block{key: {Type: "PRIVATE KEY", Bytes: der}, cert: {Type: "CERTIFICATE", Bytes: w.Court.Cert.Raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return key, cert
}

func TestASealedCopyIsToldAndExamined(t *testing.T) {
	key, cert := desk(t)
	out := filepath.Join(t.TempDir(), "out.mp4")
	status, text, errs := ctl("seal", "--json", "--key", key, "--cert", cert, "--note", "Exhibit 7", "--start", "1=2026-03-01T12:00:30.5Z", vectors+"10_double.mp4", "-o", out)
	var doc struct {
		Schema        string
		Input, Output struct {
			File, SHA256, Integrity string
			Size                    int64
			Seals                   int
		}
		Seal struct {
			Index            int
			Integrity, Scope string
			Algorithm, Note  string
			Signer           struct{ Subject, SHA256 string }
			StartTimes       []struct {
				Track int
				UTC   string
			}
		}
		Findings []struct{ Code, Severity string }
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil || status != 0 || errs != "" {
		t.Fatalf("status %d: %v: %s%s", status, err, text, errs)
	}
	if doc.Schema != "vedette.seal/1" || doc.Input.Seals != 2 || doc.Output.Seals != 3 || doc.Output.Integrity != "intact" || doc.Output.File != out {
		t.Errorf("%+v", doc)
	}
	s := doc.Seal
	if s.Index != 3 || s.Integrity != "intact" || s.Scope != "full" || s.Note != "Exhibit 7" || !strings.Contains(s.Signer.Subject, "Evidence desk 4") ||
		len(s.StartTimes) != 1 || s.StartTimes[0].UTC != "2026-03-01T12:00:30.5Z" {
		t.Errorf("%+v", s)
	}
	if len(doc.Findings) != 1 || doc.Findings[0].Code != "SEALING-TIME" {
		t.Errorf("%+v", doc.Findings)
	}
	_, text, _ = ctl("verify", "--json", "--trust", cert, out)
	if !strings.Contains(text, doc.Output.SHA256) || !strings.Contains(text, "Exhibit 7") {
		t.Errorf("verify tells another file: %s", text)
	}
	if status, text, _ := ctl("seal", "--key", key, "--cert", cert, out, "-o", out+"2"); status != 0 || !strings.Contains(text, "Seal       4, RSA-PSS 2048, SHA-256") {
		t.Errorf("status %d: %s", status, text)
	}
}

func TestSealEndsWithTheStatusThatFits(t *testing.T) {
	key, cert := desk(t)
	dir := t.TempDir()
	to := func(name string) string { return filepath.Join(dir, name) }
	in := vectors + "01_single.mp4"
	cases := []struct {
		name string
		args []string
		want int
		code string
	}{
		{"help", []string{"--help"}, 0, ""},
		{"no key", []string{in, "-o", to("a")}, 2, ""},
		{"no output", []string{"--key", key, in}, 2, ""},
		{"no input", []string{"--key", key, "-o", to("a")}, 2, ""},
		{"as it is, without a note", []string{"--key", key, "--cert", cert, "--as-is", in, "-o", to("a")}, 2, ""},
		{"start without track", []string{"--key", key, "--cert", cert, "--start", "2026-03-01T12:00:00Z", in, "-o", to("a")}, 2, ""},
		{"start twice", []string{"--key", key, "--cert", cert, "--start", "1=2026-03-01T12:00:00Z", "--start", "1=2026-03-01T12:00:00Z", in, "-o", to("a")}, 2, ""},
		{"missing input", []string{"--key", key, "--cert", cert, "missing.mp4", "-o", to("a")}, 2, "SEALING-FAILED"},
		{"missing key", []string{"--key", "missing.pem", "--cert", cert, in, "-o", to("a")}, 2, "SEALING-FAILED"},
		{"key without certificate", []string{"--key", key, in, "-o", to("a")}, 1, "SEALING-CERTIFICATE"},
		{"broken", []string{"--key", key, "--cert", cert, vectors + "20_tamper_mdat.mp4", "-o", to("a")}, 1, "SEALING-BROKEN"},
		{"onto itself", []string{"--key", key, "--cert", cert, in, "-o", in}, 1, "SEALING-OUTPUT"},
		{"no export", []string{"--key", key, "--cert", cert, key, "-o", to("a")}, 1, "SEALING-FAILED"},
		{"broken, as it is", []string{"--key", key, "--cert", cert, "--as-is", "--note", "as received", vectors + "20_tamper_mdat.mp4", "-o", to("b")}, 3, "SEALING-AS-IS"},
		{"in a name", []string{"--key", key, "--cert", cert, "--unit", "Desk", vectors + "32_strip_meta.mp4", "-o", to("c")}, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, out, errs := ctl(append([]string{"seal", "--json"}, c.args...)...)
			if status != c.want || !strings.Contains(out, c.code) {
				t.Errorf("status %d, want %d: %s%s", status, c.want, out, errs)
			}
			if c.code != "" && !json.Valid([]byte(out)) {
				t.Errorf("no document: %s", out)
			}
		})
	}
	if _, err := os.Lstat(to("a")); err == nil {
		t.Error("a file was written although none was sealed")
	}
}

// The phrase comes from a file or the environment, is asked for only where
// there is a terminal, and is never told.
func TestThePassphraseComesFromAFileOrTheEnvironment(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED: openssl is not installed")
	}
	const phrase = "correct-horse-canary"
	key, cert := desk(t)
	dir := t.TempDir()
	store, right, wrong := filepath.Join(dir, "s.p12"), filepath.Join(dir, "right"), filepath.Join(dir, "wrong")
	if out, err := exec.Command(program, "pkcs12", "-export", "-inkey", key, "-in", cert, "-out", store, "-passout", "pass:"+phrase).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, text := range map[string]string{right: phrase + "\r\nsecond line\n", wrong: "wrong-" + phrase} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name, file, env string
		want            int
		say             string
	}{
		{"right file", right, "", 0, ""},
		{"right file counts before the environment", right, "wrong", 0, ""},
		{"environment", "", phrase, 0, ""},
		{"wrong file", wrong, "", 1, "does not open"},
		{"wrong environment", "", "wrong-" + phrase, 1, "does not open"},
		{"missing file", filepath.Join(dir, "none"), "", 2, "no such file"},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.env != "" {
				t.Setenv(passphraseEnv, c.env)
			}
			args := []string{"seal", "--key", store, vectors + "01_single.mp4", "-o", filepath.Join(dir, "out"+string(rune('a'+i)))}
			if c.file != "" {
				args = append(args, "--passphrase-file", c.file)
			}
			status, out, errs := ctl(args...)
			if status != c.want || !strings.Contains(errs, c.say) {
				t.Errorf("status %d, want %d: %s%s", status, c.want, out, errs)
			}
			if strings.Contains(out+errs, phrase) {
				t.Errorf("the phrase is told: %s%s", out, errs)
			}
		})
	}
}

func TestWithoutATerminalThePassphraseIsNotWaitedFor(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	stdin := os.Stdin
	os.Stdin = null
	defer func() { os.Stdin = stdin }()
	t.Setenv(passphraseEnv, "") // restored at the end
	if err := os.Unsetenv(passphraseEnv); err != nil {
		t.Fatal(err)
	}
	var r *sealing.Refusal
	if _, err := (keyFiles{key: "signer.p12"}).passphrase(context.Background(), env{io.Discard, io.Discard}); !errors.As(err, &r) || !strings.Contains(r.What, passphraseEnv) {
		t.Errorf("%v", err)
	}
}
