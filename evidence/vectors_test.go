package evidence

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"vedette/media"
)

func openVector(t testing.TB, name string) *Export {
	t.Helper()
	f, err := OpenFile(filepath.Join("..", "testdata", "export", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	e, err := Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEveryVectorIsIndexed(t *testing.T) {
	files, err := filepath.Glob("../testdata/export/*.mp4")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			e := openVector(t, filepath.Base(path))
			for _, track := range e.Tracks() {
				table := e.Table(track.ID)
				if track.Kind == media.KindVideo && table.Len() == 0 {
					t.Error("the video track has no samples")
				}
				var buf []byte
				for i := range table.Len() {
					s := table.At(i)
					if buf, err = e.ReadSample(s, buf); err != nil {
						t.Fatal(err)
					}
					if back := table.ByFrame(table.Frame(i)); back != i {
						t.Fatalf("sample %d is frame %d, which is sample %d", i, table.Frame(i), back)
					}
				}
			}
		})
	}
}

func TestSourcesOfBothTrackIDWidthsAreNamed(t *testing.T) {
	for name, bits := range map[string]int{"01_single.mp4": 16, "04_single_suepv1_2tracks.mp4": 16, "03_single_suepv0.mp4": 0} {
		info, ok := openVector(t, name).Info()
		if !ok || len(info.Sources) == 0 || info.Sources[0].Track != 1 || info.Sources[0].Name == "" {
			t.Errorf("%s: %+v", name, info)
		}
		if info.TrackIDBits != bits {
			t.Errorf("%s: track numbers of %d bits, want %d", name, info.TrackIDBits, bits)
		}
	}
}

// The vectors have a udta of their encoder, and loci in a second one.
func TestLocationIsFoundInASecondUserDataBox(t *testing.T) {
	e := openVector(t, "01_single.mp4")
	l, ok := e.Location()
	if !ok || l.Name != "Gare du Nord" || l.Latitude < 48.88 || l.Latitude > 48.89 || l.Altitude != -12.5 {
		t.Fatalf("%v, %+v", ok, l)
	}
	var kind [4]byte
	if _, err := e.File().ReadAt(kind[:], l.Offset+4); err != nil || string(kind[:]) != "loci" {
		t.Errorf("at %d stands %q, %v", l.Offset, kind, err)
	}
}

func TestUnreadablePathsSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.mp4")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, empty, filepath.Join(dir, "missing.mp4")} {
		if _, err := OpenFile(path); err == nil {
			t.Errorf("%s was opened", path)
		} else {
			t.Log(err)
		}
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"text": "this is a text that is longer than a header", "png": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"short": "abc", "zeros": string(make([]byte, 64)),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(context.Background(), f); err == nil {
			t.Errorf("%s was taken for an export", name)
		} else {
			t.Log(err)
		}
		f.Close()
	}
}
