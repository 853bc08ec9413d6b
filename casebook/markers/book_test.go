package markers

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"vedette/media"
)

func open(t testing.TB, path string) *Book {
	t.Helper()
	b, err := Open(path, func() media.UTC { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func add(t testing.TB, b *Book, m Marker) Marker {
	t.Helper()
	m, err := b.Add(m)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestABookComesBackAsItWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "markers.json")
	b := open(t, path)
	first := add(t, b, Marker{Kind: Person, Source: "A", From: noon, To: noon, First: Picture{1, 0}, Last: Picture{1, 0}, Text: "with \"quotes\"\nand\tmore, ü"})
	second := add(t, b, Marker{Kind: Person, From: noon, To: noon + 5})
	third := add(t, b, Marker{Kind: Vehicle, Name: "The van", From: noon, To: noon})
	if first.Name != "Person 1" || second.Name != "Person 2" || third.Name != "The van" || third.Number != 1 || first.ID == second.ID {
		t.Errorf("%+v %+v %+v", first, second, third)
	}
	second.Kind = Event
	second, err := b.Change(second)
	if err != nil || second.Name != "Event 1" {
		t.Errorf("%+v, %v", second, err)
	}
	third.Name = ""
	if third, err = b.Change(third); err != nil || third.Name != "Vehicle 1" {
		t.Errorf("%+v, %v", third, err)
	}
	if err := b.Remove(third.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.Remove(third.ID); err == nil {
		t.Error("removed twice")
	}
	if _, err := b.Change(third); err == nil {
		t.Error("what was removed was changed")
	}
	want := b.All()
	for _, how := range []string{"from the journal", "from the document"} {
		if how == "from the document" {
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
		}
		b = open(t, path)
		if got := b.All(); !reflect.DeepEqual(got, want) || len(b.Said()) != 0 {
			t.Errorf("%s: %+v, said %q, want %+v", how, got, b.Said(), want)
		}
	}
	// What was removed is not named again.
	if m := add(t, b, Marker{Kind: Vehicle, From: noon, To: noon}); m.ID == third.ID || m.Name != "Vehicle 2" {
		t.Errorf("%+v", m)
	}
	b.Close()
	if _, err := b.Add(first); err == nil {
		t.Error("a closed book took a marker")
	}
}

// Whatever is left of the journal's last line, every line before it counts.
func TestAJournalThatIsCutAnywhereKeepsWhatCameBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "markers.json")
	b := open(t, path)
	var ends []int
	for range 3 {
		add(t, b, Marker{Kind: Note, From: noon, To: noon})
		info, err := os.Stat(path + ".journal")
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, int(info.Size()))
	}
	whole := map[string][]byte{}
	for _, name := range []string{path, path + ".last", path + ".journal"} {
		text, err := os.ReadFile(name)
		if err != nil && name != path+".last" {
			t.Fatal(err)
		}
		whole[name] = text
	}
	for cut := range ends[2] + 1 {
		dir := t.TempDir()
		copied := filepath.Join(dir, "markers.json")
		for name, text := range whole {
			if strings.HasSuffix(name, ".journal") {
				text = text[:cut]
			}
			if text != nil {
				if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := 0
		for _, e := range ends {
			if e <= cut {
				want++
			}
		}
		b := open(t, copied)
		if got := len(b.All()); got != want || len(b.Said()) != 0 {
			t.Fatalf("cut at %d of %d: %d markers, want %d, said %q", cut, ends[2], got, want, b.Said())
		}
		b.Close()
	}
}

func TestDamageIsToldAndMadeGoodFromTheCopyBefore(t *testing.T) {
	for _, how := range []string{"cut", "emptied", "overwritten", "lost"} {
		path := filepath.Join(t.TempDir(), "markers.json")
		b := open(t, path)
		b.compact = 5
		for range 13 {
			add(t, b, Marker{Kind: Note, From: noon, To: noon})
		}
		want := b.All()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch how {
		case "cut":
			err = os.WriteFile(path, text[:len(text)/2], 0o600)
		case "emptied":
			err = os.WriteFile(path, nil, 0o600)
		case "overwritten":
			err = os.WriteFile(path, []byte(strings.Replace(string(text), `"kind": "note"`, `"kind": "NOTE"`, 1)), 0o600)
		case "lost":
			err = os.Remove(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		b = open(t, path)
		if got := b.All(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %d markers, want %d", how, len(got), len(want))
		}
		if told := len(b.Said()) == 1; told != (how != "lost") {
			t.Errorf("%s: said %q", how, b.Said())
		}
		// The copy that is kept is whole again.
		b.Close()
		os.Remove(path)
		if got := open(t, path).All(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, and then lost: %d markers, want %d", how, len(got), len(want))
		}
	}
}

func TestADamagedLineHarmsNoOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "markers.json")
	b := open(t, path)
	for range 3 {
		add(t, b, Marker{Kind: Note, From: noon, To: noon})
	}
	text, err := os.ReadFile(path + ".journal")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines[1] = strings.Replace(lines[1], "Note 2", "Note 9", 1)
	if err := os.WriteFile(path+".journal", []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	b = open(t, path)
	if got := b.All(); len(got) != 2 || got[0].Name != "Note 1" || got[1].Name != "Note 3" || len(b.Said()) != 1 {
		t.Errorf("%+v, said %q", got, b.Said())
	}
}

func TestNoBookIsBegunOverOneThatCannotBeRead(t *testing.T) {
	for why, text := range map[string]string{
		"nor the copy before it": "{",
		"newer program":          `{"schema": "vedette.markers/2"}`,
		"unknown field":          `{"schema": "vedette.markers/1", "colour": "red"}`,
	} {
		path := filepath.Join(t.TempDir(), "markers.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, func() media.UTC { return noon }); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%s: the file holds %q now, error %v", why, got, err)
		}
	}
}

func TestNoBookIsBegunBesideAJournalOfOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "markers.json")
	b := open(t, path)
	add(t, b, Marker{Kind: Note, From: noon, To: noon})
	os.Remove(path)
	os.Remove(path + ".last")
	if _, err := Open(path, func() media.UTC { return noon }); err == nil || !strings.Contains(err.Error(), "put one of them back") {
		t.Error(err)
	}
}

func FuzzReadChange(f *testing.F) {
	f.Add([]byte(`00000000 {"seq":1,"put":{"id":1,"kind":"note","number":1,"name":"Note 1","from":"2026-03-01T12:00:00Z","to":"2026-03-01T12:00:00Z","made":"2026-03-01T12:00:00Z","changed":"2026-03-01T12:00:00Z"}}`))
	f.Add([]byte(`c8f36f1a {"seq":3,"remove":2}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if c, ok := readChange(line); ok && c.Put != nil && c.Put.Check() != nil {
			t.Errorf("%+v was taken", c)
		}
	})
}
