package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vedette/session"
)

// needDecoder names the decoder program that was built before the tests.
func needDecoder(t *testing.T) {
	t.Helper()
	if os.Getenv("VEDETTE_DECODER") != "" {
		return
	}
	p, err := filepath.Abs("../../bin/vedette-decoder")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p); err != nil {
		t.Fatal("build the programs first (make build): ", err)
	}
	t.Setenv("VEDETTE_DECODER", p)
}

func TestStillsAreWrittenWithTheirCardAndRechecked(t *testing.T) {
	needDecoder(t)
	dir := t.TempDir()
	export := filepath.Join(dir, "clip.mp4")
	data, err := os.ReadFile(vectors + "01_single.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(export, data, 0o600); err != nil {
		t.Fatal(err)
	}
	still := filepath.Join(dir, "still.png")
	status, out, errs := ctl("frame", "--sample", "3", "--trust", vectors+"trust", "--json", export, "-o", still)
	var card session.FrameCard
	if err := json.Unmarshal([]byte(out), &card); err != nil || status != 0 || card.Verdict != "intact" || card.File != export {
		t.Fatalf("status %d, %v: %s%s", status, err, out, errs)
	}
	beside, err := os.ReadFile(filepath.Join(dir, "still.json"))
	if err != nil || string(beside) != out {
		t.Errorf("the card beside the still is another: %v", err)
	}
	if status, _, errs := ctl("frame", "--sample", "3", export, "-o", still); status != exitFailed || !strings.Contains(errs, "stays as it is") {
		t.Errorf("over a still: status %d, %s", status, errs)
	}
	changed := filepath.Join(t.TempDir(), "clip.mp4")
	data[len(data)/2] ^= 1
	if err := os.WriteFile(changed, data, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	cases := []struct {
		args   []string
		status int
		said   string
	}{
		{[]string{still}, 0, "The same"},
		{[]string{still, "--in", dir}, 0, "The same"},
		{[]string{still, "--in", changed}, 12, "SHA-256 is another"},
		{[]string{still, "--in", empty}, 14, "was not found"},
		{[]string{filepath.Join("../..", "docs/screens/first-start.png")}, 14, "no frame card"},
		{[]string{export}, 14, "no PNG image"},
		{[]string{still, export}, 14, "no PNG image"},
		{[]string{filepath.Join(dir, "missing.png")}, exitUsage, "missing.png"},
		{[]string{"--json", still, "--in", changed}, 12, `"result": "different"`},
		{nil, exitUsage, ""},
		{[]string{"--help"}, 0, "Examples:"},
	}
	for _, c := range cases {
		status, out, errs := ctl(append([]string{"recheck"}, c.args...)...)
		if status != c.status || !strings.Contains(out, c.said) {
			t.Errorf("%v: status %d, want %d: %s%s", c.args, status, c.status, out, errs)
		}
	}
	_, out, _ = ctl("recheck", "--json", still, export)
	var doc struct {
		Schema string
		Stills []struct {
			Result, Export string
			Checks         []struct{ What, State string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Schema != "vedette.recheck/1" || len(doc.Stills) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	if one, other := doc.Stills[0], doc.Stills[1]; one.Result != "same" || one.Export != export || len(one.Checks) != 7 || other.Result != "cannot-be-compared" || other.Checks == nil {
		t.Errorf("%+v", doc.Stills)
	}
}
