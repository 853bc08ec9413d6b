package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func ctl(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(context.Background(), env{&out, &errs}, args)
	return status, out.String(), errs.String()
}

const vectors = "../../testdata/export/"

func TestExitStatusIsTheWorstVerdict(t *testing.T) {
	trust := "--trust=" + vectors + "trust"
	cases := []struct {
		args []string
		want int
	}{
		{[]string{"verify", trust, vectors + "01_single.mp4"}, 0},
		{[]string{"verify", vectors + "01_single.mp4"}, 10},
		{[]string{"verify", trust, vectors + "50_mfra_unsigned.mp4"}, 11},
		{[]string{"verify", trust, vectors + "32_strip_meta.mp4"}, 13},
		{[]string{"verify", trust, vectors + "97_dup_suep.mp4"}, 14},
		{[]string{"verify", trust, vectors + "20_tamper_mdat.mp4"}, 12},
		{[]string{"verify", trust, vectors + "01_single.mp4", vectors + "20_tamper_mdat.mp4", vectors + "32_strip_meta.mp4"}, 12},
		{[]string{"verify", trust, "missing.mp4"}, 2},
		{[]string{"verify"}, 2},
		{[]string{"verify", "--at", "yesterday", vectors + "01_single.mp4"}, 2},
		{[]string{"verify", "--trust", "missing", vectors + "01_single.mp4"}, 2},
		{[]string{"dance"}, 2},
		{[]string{"inspect", vectors + "01_single.mp4"}, 0},
		{[]string{"inspect", vectors + "97_dup_suep.mp4"}, 3},
		{[]string{"events", vectors + "99_gzip_meta.mp4"}, 0},
		{[]string{"--help"}, 0},
		{[]string{"verify", "--help"}, 0},
		{[]string{"frame", "--sample", "1", vectors + "01_single.mp4"}, 2},
	}
	for _, c := range cases {
		if got, _, stderr := ctl(c.args...); got != c.want {
			t.Errorf("%v: exit status %d, want %d: %s", c.args, got, c.want, stderr)
		}
	}
}

func TestADocumentIsPrintedForEveryFileThatIsNamed(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(notes, []byte("these are notes and no export"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, _ := ctl("verify", "--json", vectors+"01_single.mp4", notes, "missing.mp4")
	var doc struct {
		Schema string
		Files  []struct {
			File, Verdict, Integrity, Trust, SHA256 string
			Findings                                []struct{ Code, Severity string }
			NotChecked                              []string
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if status != 2 || doc.Schema != "vedette.verify/1" || len(doc.Files) != 3 {
		t.Fatalf("status %d, %+v", status, doc)
	}
	if f := doc.Files[0]; f.Verdict != "intact-untrusted" || f.Trust != "unchecked" || len(f.SHA256) != 64 {
		t.Errorf("%+v", f)
	}
	for _, f := range doc.Files[1:] {
		if f.Verdict != "cannot-check" || len(f.Findings) != 1 || len(f.NotChecked) == 0 {
			t.Errorf("%+v", f)
		}
	}
}

func TestEventsAreToldOnTheCorrectedClock(t *testing.T) {
	_, out, _ := ctl("events", "--json", vectors+"10_double.mp4")
	var doc struct {
		Events []struct{ UTC, Declared string }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Events) == 0 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, e := range doc.Events {
		if !strings.HasPrefix(e.Declared, "2026-03-01T12:00:0") || !strings.HasPrefix(e.UTC, "2026-03-01T12:00:1") {
			t.Errorf("declared %s, told as %s", e.Declared, e.UTC)
		}
	}
}

func TestFilesThatBelongTogetherAreToldAsASet(t *testing.T) {
	one, later := vectors+"01_single.mp4", vectors+"A1_sumi_only.mp4"
	_, text, _ := ctl("verify", one, later, vectors+"F4_gst_like_unsigned.mp4")
	for _, want := range []string{
		"Set of 2 files (same unit, same source, exported within a day)", "gap of 57s", "completeness of the set is not shown by the seals",
		"In no set with another file here: " + vectors + "F4_gst_like_unsigned.mp4",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not told:\n%s", want, text)
		}
	}
	var first string
	for _, args := range [][]string{{one, later, "missing.mp4"}, {"missing.mp4", later, one}} {
		_, out, _ := ctl(append([]string{"verify", "--json"}, args...)...)
		var doc struct{ Sets []json.RawMessage }
		if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Sets) != 1 {
			t.Fatalf("%v: %d sets", err, len(doc.Sets))
		}
		if first == "" {
			first = string(doc.Sets[0])
		}
		if string(doc.Sets[0]) != first {
			t.Errorf("named in another order: %s, then %s", first, doc.Sets[0])
		}
	}
	if _, out, _ := ctl("verify", "--json", one); strings.Contains(out, `"sets"`) {
		t.Error("one file is no set")
	}
}

func TestConformTellsLevelsClausesAndLetters(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(notes, []byte("these are notes and no export"), 0o600); err != nil {
		t.Fatal(err)
	}
	sound, bare := vectors+"01_single.mp4", vectors+"32_strip_meta.mp4"
	cases := []struct {
		args   []string
		status int
		out    []string
	}{
		{[]string{sound}, 0, []string{"Level reached: 0M/0E", "5.2.5.2   met"}},
		{[]string{bare}, 3, []string{"Level reached: none", "5.2.6     not met"}},
		{[]string{sound, bare}, 3, []string{"Level reached: 0M/0E", "Level reached: none"}},
		{[]string{"--json", sound}, 0, []string{`"schema": "vedette.conform/1"`, `"level": "0M/0E"`, `"clause": "5.2.5.2"`, `"state": "cannot-tell"`}},
		{[]string{"--json", sound, bare}, 3, []string{`"files": [`, `"level": "none"`}},
		{[]string{"--json", notes}, 3, []string{`"reason": "not-iso"`, `"level": "none"`}},
		{[]string{"--json", "missing.mp4"}, 2, []string{`"state": "cannot-tell"`, `"level": "none"`}},
		{[]string{"--letter", "fr", bare}, 3, []string{"Madame, Monsieur,", "Paragraphe 5.2.6"}},
		{[]string{"--letter", "en", "--html", "--from", "Desk 4", "--ref", "7/26", bare}, 3, []string{"<!DOCTYPE html>", "Desk 4", "7/26", "Clause 5.2.6"}},
		{[]string{"--letter", "en", notes}, 3, []string{"The file is no MP4 file"}},
		{[]string{"--letter", "en", sound, bare}, 3, []string{"\f"}}, // two units, two letters
		{[]string{"--letter", "en", "missing.mp4"}, 2, nil},
		{[]string{"--letter", "de", sound}, 2, nil},
		{[]string{"--html", sound}, 2, nil},
		{[]string{"--json", "--letter", "en", sound}, 2, nil},
		{nil, 2, nil},
		{[]string{"--help"}, 0, []string{"Examples:"}},
	}
	for _, c := range cases {
		status, out, stderr := ctl(append([]string{"conform"}, c.args...)...)
		if status != c.status {
			t.Errorf("%v: exit status %d, want %d: %s", c.args, status, c.status, stderr)
		}
		for _, want := range c.out {
			if !strings.Contains(out, want) {
				t.Errorf("%v: %q is not told in:\n%s", c.args, want, out)
			}
		}
		if c.out == nil && strings.TrimSpace(out) != "" || c.status == 2 && stderr == "" {
			t.Errorf("%v: told %q, %q", c.args, out, stderr)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	if status := run(ended, env{&out, &errs}, []string{"conform", sound}); status != exitFailed || out.Len() > 0 {
		t.Errorf("cancelled: exit status %d, told %q", status, out.String())
	}
}
