package conform_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vedette/verify/conform"
)

var update = flag.Bool("update", false, "write the goldens anew; read the difference")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test ./verify/conform -update writes it anew):\n%s", path, got)
	}
}

// delivery are vectors, whose bytes are always the same.
func delivery(t *testing.T, names ...string) []*conform.Result {
	var out []*conform.Result
	for _, n := range names {
		out = append(out, judged(t, vector(t, n), n))
	}
	return out
}

func TestTableReadsAsItShould(t *testing.T) {
	for name, file := range map[string]string{"double.txt": "10_double.mp4", "stripped.txt": "32_strip_meta.mp4"} {
		var b bytes.Buffer
		if err := delivery(t, file)[0].WriteText(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
	}
}

func TestLettersReadAsTheyShould(t *testing.T) {
	from := conform.Sender{Name: "Evidence desk 4", Reference: "2026-0147", Program: "vedettectl 1.0", Date: time.Date(2026, 8, 1, 9, 0, 0, 0, time.UTC)}
	for name, files := range map[string][]string{
		"stripped": {"32_strip_meta.mp4"},
		"mixed":    {"B0_nested_transform.mp4", "01_single.mp4", "20_tamper_mdat.mp4"},
		"sound":    {"01_single.mp4"},
		"0v":       {"B0_nested_transform.mp4"},
	} {
		for _, lang := range []string{"en", "fr"} {
			letters, err := conform.Letters(delivery(t, files...), lang, from)
			if err != nil || len(letters) != 1 {
				t.Fatalf("%v, %d letters", err, len(letters))
			}
			var text, html bytes.Buffer
			if err := letters[0].WriteText(&text); err != nil {
				t.Fatal(err)
			}
			golden(t, "letter-"+name+"-"+lang+".txt", text.Bytes())
			if name != "mixed" {
				continue
			}
			if err := conform.WriteHTML(&html, letters); err != nil {
				t.Fatal(err)
			}
			golden(t, "letter-"+name+"-"+lang+".html", html.Bytes())
		}
	}
}

func TestNoLettersAreAnEmptyPage(t *testing.T) {
	var b bytes.Buffer
	if err := conform.WriteHTML(&b, nil); err != nil || bytes.Contains(b.Bytes(), []byte("<article")) {
		t.Errorf("%v: %s", err, b.String())
	}
}
