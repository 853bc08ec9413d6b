package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
)

// TestMain keeps the packs that are installed on this machine out of the tests.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "vedettectl")
	if err == nil {
		err = os.Setenv("VEDETTE_DATA", dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// packed writes the agency's pack as a folder and a zip.
func packed(t *testing.T) (folder, archive string) {
	t.Helper()
	w, err := fixture.NewWorld(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	folder, archive = filepath.Join(t.TempDir(), "pack"), filepath.Join(t.TempDir(), "pack.zip")
	if err := w.WritePack(folder, archive); err != nil {
		t.Fatal(err)
	}
	return folder, archive
}

type trustJSON struct {
	Schema  string
	Packs   []struct{ Name, State, SHA256 string }
	Preview struct {
		Pack    struct{ SHA256 string }
		Changes []struct{ How, What, Partner string }
		Confirm []struct{ SHA256 string }
	}
	Installed *struct{ Name, SHA256 string }
	Pack      struct{ Name string }
	Contents  []struct{ What, Partner string }
	Findings  []struct{ Code, Severity string }
}

func trustJSONOf(t *testing.T, out string) trustJSON {
	t.Helper()
	var doc trustJSON
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Schema != "vedette.trust/1" || doc.Findings == nil {
		t.Fatalf("%v: %s", err, out)
	}
	return doc
}

func TestPackIsPreviewedConfirmedListedAndShown(t *testing.T) {
	t.Setenv("VEDETTE_DATA", t.TempDir())
	folder, archive := packed(t)
	status, out, _ := ctl("trust", "list")
	if status != 0 || !strings.Contains(out, "No trust pack was ever installed") {
		t.Errorf("%d: %s", status, out)
	}
	status, out, _ = ctl("trust", "import", archive)
	if status != 1 || !strings.Contains(out, "Nothing was installed.") || !strings.Contains(out, "Harbour Metro Root") || !strings.Contains(out, "added    anchor") {
		t.Errorf("%d: %s", status, out)
	}
	status, out, _ = ctl("trust", "import", "--json", folder)
	doc := trustJSONOf(t, out)
	if status != 1 || doc.Installed != nil || len(doc.Preview.Confirm) != 1 || len(doc.Preview.Changes) < 6 {
		t.Errorf("%d: %s", status, out)
	}
	if status, _, errs := ctl("trust", "import", archive, "--confirm", "00000000"); status != 1 || !strings.Contains(errs, "PACK-NOT-CONFIRMED") {
		t.Errorf("%d: %s", status, errs)
	}
	digest := doc.Preview.Pack.SHA256
	if status, out, errs := ctl("trust", "import", archive, "--confirm", digest[:8]); status != 0 || !strings.Contains(out, `Installed as "Sandhaven evidence", confirmed by digits.`) {
		t.Errorf("%d: %s%s", status, out, errs)
	}
	if status, out, _ := ctl("trust", "list"); status != 0 || !strings.Contains(out, "Sandhaven evidence, serial 7\n  in force; installed ") || !strings.Contains(out, digest) {
		t.Errorf("%d: %s", status, out)
	}
	_, out, _ = ctl("trust", "list", "--json")
	if doc := trustJSONOf(t, out); len(doc.Packs) != 1 || doc.Packs[0].State != "in force" {
		t.Error(out)
	}
	for _, name := range []string{"Sandhaven evidence", digest[:10]} {
		if status, out, _ := ctl("trust", "show", name); status != 0 || !strings.Contains(out, "Sandhaven police, evidence unit, serial 7") || !strings.Contains(out, "State      in force") || !strings.Contains(out, "RSA 2048") {
			t.Errorf("%d: %s", status, out)
		}
	}
	_, out, _ = ctl("trust", "show", "--json", "Sandhaven evidence")
	if doc := trustJSONOf(t, out); doc.Pack.Name != "Sandhaven evidence" || len(doc.Contents) < 6 {
		t.Error(out)
	}
	if status, _, errs := ctl("trust", "show", "Another"); status != 1 || !strings.Contains(errs, "PACK-UNKNOWN") {
		t.Errorf("%d: %s", status, errs)
	}
}

func TestInstalledPacksAreUsedWhereNoneIsNamed(t *testing.T) {
	data := t.TempDir()
	t.Setenv("VEDETTE_DATA", data)
	args := []string{"trust", "import", vectors + "trust"}
	_, out, _ := ctl("trust", "import", "--json", vectors+"trust")
	for _, c := range trustJSONOf(t, out).Preview.Confirm {
		args = append(args, "--confirm", c.SHA256[:9])
	}
	if status, out, errs := ctl(args...); status != 0 || !strings.Contains(out, `Installed as "added by hand on `) {
		t.Fatalf("%d: %s%s", status, out, errs)
	}
	file := vectors + "01_single.mp4"
	if status, out, errs := ctl("verify", "--at", "2026-11-01T00:00:00Z", file); status != 0 || !strings.Contains(out, "By pack    added by hand on ") {
		t.Errorf("%d: %s%s", status, out, errs)
	}
	folder, _ := packed(t)
	if status, out, _ := ctl("verify", "--trust", folder, file); status != 10 || strings.Contains(out, "added by hand") {
		t.Errorf("packs that are named come first: %d: %s", status, out)
	}
	if status, _, errs := ctl("verify", "--partner", "nobody", file); status != 2 || !strings.Contains(errs, "no trust pack has a partner") {
		t.Errorf("%d: %s", status, errs)
	}
	if status, _, errs := ctl("verify", "--trust", folder, "--partner", "Harbour Metro", file); status != 10 || errs != "" {
		t.Errorf("%d: %s", status, errs)
	}
	lists, err := filepath.Glob(filepath.Join(data, "trust", "packs", "*", "anchors", "*"))
	if err != nil || len(lists) == 0 {
		t.Fatal(err)
	}
	if err := os.Remove(lists[0]); err != nil {
		t.Fatal(err)
	}
	status, out, errs := ctl("verify", "--json", file)
	if status != 1 || !strings.Contains(errs, "no trust pack is used") || !strings.Contains(out, `"trust": "unchecked"`) {
		t.Errorf("a damaged pack: %d: %s", status, errs)
	}
}

func TestRefusedPackHasItsCodeAndADocument(t *testing.T) {
	data := t.TempDir()
	t.Setenv("VEDETTE_DATA", data)
	folder, _ := packed(t)
	if err := os.WriteFile(filepath.Join(folder, "extra"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errs := ctl("trust", "import", "--json", folder)
	doc := trustJSONOf(t, out)
	if status != 1 || len(doc.Findings) != 1 || doc.Findings[0].Code != "PACK-UNLISTED" || doc.Findings[0].Severity != "fatal" || !strings.Contains(errs, "PACK-UNLISTED") {
		t.Errorf("%d: %s%s", status, out, errs)
	}
	if status, _, errs := ctl("verify", "--trust", folder, vectors+"01_single.mp4"); status != 2 || !strings.Contains(errs, "not listed") {
		t.Errorf("%d: %s", status, errs)
	}
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"trust"}, 2}, {[]string{"trust", "dance"}, 2}, {[]string{"trust", "import"}, 2}, {[]string{"trust", "list", "x"}, 2}, {[]string{"trust", "show"}, 2},
		{[]string{"trust", "list", "--confirm", "12345678"}, 2}, {[]string{"trust", "import", "missing"}, 2}, {[]string{"trust", "--help"}, 0}, {[]string{"trust", "--bad"}, 2},
	} {
		if got, _, errs := ctl(c.args...); got != c.want {
			t.Errorf("%v: %d, want %d: %s", c.args, got, c.want, errs)
		}
	}
	if err := os.MkdirAll(filepath.Join(data, "trust"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "trust", "state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := ctl("trust", "list"); status != 1 || !strings.Contains(errs, "PACK-STORE") {
		t.Errorf("%d: %s", status, errs)
	}
	if err := os.WriteFile(filepath.Join(data, "trust", "agency.pub"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := ctl("trust", "list"); status != 1 || !strings.Contains(errs, "agency.pub") {
		t.Errorf("%d: %s", status, errs)
	}
	if status, _, errs := ctl("verify", vectors+"01_single.mp4"); status != 1 || !strings.Contains(errs, "agency.pub") {
		t.Errorf("%d: %s", status, errs)
	}
}

func TestWhatWasLeftOutOfAPackIsInTheExitStatus(t *testing.T) {
	t.Setenv("VEDETTE_DATA", t.TempDir())
	dir := t.TempDir()
	bad := "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	good, err := os.ReadFile(vectors + "trust/court.der")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"bad.pem": []byte(bad), "good.der": good} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, out, _ := ctl("trust", "import", "--json", dir)
	status, _, errs := ctl("trust", "import", dir, "--confirm", trustJSONOf(t, out).Preview.Confirm[0].SHA256)
	if status != 3 || !strings.Contains(errs, "PACK-CERTIFICATE") {
		t.Errorf("%d: %s", status, errs)
	}
}
