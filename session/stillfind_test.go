package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportsAreFoundByContentNotByName(t *testing.T) {
	dir, stills := t.TempDir(), t.TempDir()
	put := func(path, text string) string {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	right := put(filepath.Join(dir, "deep", "renamed.mp4"), "the export")
	wrong := put(filepath.Join(dir, "clip.mp4"), "the ExPort")
	sum, err := hashFile(context.Background(), right)
	if err != nil {
		t.Fatal(err)
	}
	card := func(file string) *FrameCard { return &FrameCard{File: file, SHA256: sum, Size: 10} }
	gone := "/nowhere/clip.mp4"
	beside := put(filepath.Join(stills, "b.mp4"), "the export")
	cases := []struct {
		name string
		c    *FrameCard
		in   []string
		want string
	}{
		{"the path of the card", card(right), nil, right},
		{"the path of the card, changed, and the right one beside the still", card(wrong), nil, beside},
		{"a folder", card(gone), []string{dir}, right},
		{"a file", card(gone), []string{right}, right},
		{"a changed file that was named", card(gone), []string{wrong}, wrong},
		{"a folder with nothing but a changed file of the name", card(gone), []string{filepath.Dir(put(filepath.Join(t.TempDir(), "clip.mp4"), "the eXport"))}, "clip.mp4"},
		{"beside the still under another name", card(gone), nil, beside},
		{"beside the still, without SHA-256", &FrameCard{File: "/nowhere/b.mp4", Size: 10}, nil, beside},
		{"nowhere", &FrameCard{File: gone, SHA256: strings.Repeat("0", 64), Size: 10}, nil, ""},
		{"nowhere in the folder", &FrameCard{File: "/x/y.mp4", SHA256: strings.Repeat("0", 64), Size: 10}, []string{dir}, ""},
		{"of another size", &FrameCard{File: gone, SHA256: sum, Size: 11}, []string{filepath.Join(dir, "deep")}, ""},
	}
	for _, c := range cases {
		got, err := FindExport(context.Background(), &SavedStill{Path: filepath.Join(stills, "s.png"), Card: c.c}, c.in)
		var none *NotFoundError
		if c.want == "" && !errors.As(err, &none) || c.want != "" && (err != nil || !strings.HasSuffix(got, c.want)) {
			t.Errorf("%s: %q, error %v, want %q", c.name, got, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FindExport(ctx, &SavedStill{Path: filepath.Join(stills, "s.png"), Card: card(gone)}, []string{dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := FindExport(context.Background(), &SavedStill{Card: card(gone)}, []string{"/nowhere"}); err == nil {
		t.Error("a place that is not there was searched")
	}
}

// A card comes from a stranger: it must not make this computer call another.
func TestPathsToOtherComputersAreNotFollowed(t *testing.T) {
	for _, p := range []string{`\\evil\share\clip.mp4`, "//evil/share/clip.mp4", "clip.mp4", "", "../clip.mp4"} {
		if local(p) {
			t.Errorf("%q is followed", p)
		}
	}
	if !local("/home/a/clip.mp4") {
		t.Error("a path of this computer is not followed")
	}
}
