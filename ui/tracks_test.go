package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/metadata"
	"vedette/player/decode"
)

// oddWindow shows one of the files that are within the rules but rare.
func oddWindow(t *testing.T, name string) (*Window, *queueDriver) {
	t.Helper()
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "odd.mp4")
	if err := os.WriteFile(path, odd[name], 0o600); err != nil {
		t.Fatal(err)
	}
	w, d := decodingWindow(t, func(o decode.Opener) decode.Opener { return o })
	w.Open(path)
	until(t, w, d, "the file is read", func() bool {
		return len(w.d.Set.Items()) == 1 && w.d.Set.Items()[0].Snapshot().EventsRead && len(w.tiles) == 1
	})
	return w, d
}

func TestTheNextCameraIsShownByItsNameAndNumber(t *testing.T) {
	w, d := oddWindow(t, "two cameras")
	i := w.d.Set.Items()[0]
	shows := func(name string, width int) func() bool {
		return func() bool {
			f := i.View.Current()
			return title(i) == name && f != nil && f.Width == width && strings.Contains(w.tiles[0].last, name)
		}
	}
	until(t, w, d, "the yard is shown", shows("Yard", 64))
	if text, several := severalCameras(i); !several || text != "Yard (1 of 2)" {
		t.Errorf("%q", text)
	}
	at := w.d.Set.Engine().Tick().Axis
	w.nextCamera()
	until(t, w, d, "the gate is shown", shows("Gate", 96))
	if now := w.d.Set.Engine().Tick().Axis; now != at {
		t.Errorf("the position is %s, it was %s", now, at)
	}
	menu := w.cameraMenu(i)
	if len(menu) == 0 || len(menu[0].ChildMenu.Items) != 2 || menu[0].ChildMenu.Items[0].Checked || !menu[0].ChildMenu.Items[1].Checked {
		t.Errorf("the menu offers %v", menu)
	}
	w.nextCamera()
	until(t, w, d, "the yard is shown again", shows("Yard", 64))
}

func TestRecordingsWithoutPicturesSayWhatTheyHave(t *testing.T) {
	for name, want := range map[string]string{
		"sound only": "This recording has sound only.", "metadata only": "This recording has events only.", "sound and metadata": "This recording has sound and events, no pictures.",
	} {
		w, d := oddWindow(t, name)
		i := w.d.Set.Items()[0]
		w.d.Set.Engine().Seek(i.Zero() + 2*media.Hundred)
		until(t, w, d, "the tile tells "+want, func() bool {
			return strings.Contains(w.tiles[0].last, want) && strings.Contains(w.tiles[0].last, "00:00:02 of 00:00:03")
		})
		row := w.lineModel().Rows[0]
		if row.Footage.To-row.Footage.From != 3*media.Hundred {
			t.Errorf("%s: the time line shows %+v", name, row.Footage)
		}
		w.nextCamera() // there is none, and nothing happens
		w.saveStill()
	}
}

func TestDetailsTellHowPicturesAreCodedAndShown(t *testing.T) {
	for name, want := range map[string][]string{
		"turned by 90 and mirrored": {"mirrored, then turned clockwise by 90 degrees"},
		"two sizes":                 {"64 x 48", "96 x 64", "Baseline, level 1.0"},
		"10 bits":                   {"Main 10, level 1.0", "10 bits, 4:2:0"},
		"wide pixels":               {"4:3, shown in their shape"},
		"clean aperture":            {"60 x 40 at 2, 3; all is shown"},
		"cropped":                   {"left 0, right 10, top 0, bottom 14"},
		"edit inside a group":       {"75, of them 43 frames"},
	} {
		w, _ := oddWindow(t, name)
		var all []string
		for _, kv := range w.side.detailRows() {
			all = append(all, kv[1])
		}
		text := strings.Join(all, "\n")
		for _, x := range want {
			if !strings.Contains(text, x) {
				t.Errorf("%s: %q is not told in\n%s", name, x, text)
			}
		}
	}
}

func TestBoxesOfMetadataTurnWithThePicture(t *testing.T) {
	box := metadata.Rect{Left: -1, Right: 0, Top: 1, Bottom: 0} // the upper left quarter
	for _, c := range []struct {
		track media.Track
		want  metadata.Rect
	}{
		{media.Track{}, box},
		{media.Track{Rotation: 90}, metadata.Rect{Left: 0, Right: 1, Top: 1, Bottom: 0}},
		{media.Track{Rotation: 180}, metadata.Rect{Left: 0, Right: 1, Top: 0, Bottom: -1}},
		{media.Track{Rotation: 270}, metadata.Rect{Left: -1, Right: 0, Top: 0, Bottom: -1}},
		{media.Track{Mirror: true}, metadata.Rect{Left: 0, Right: 1, Top: 1, Bottom: 0}},
	} {
		if got := turned(c.track, box); got != c.want {
			t.Errorf("%d, mirrored %v: %+v, want %+v", c.track.Rotation, c.track.Mirror, got, c.want)
		}
	}
}
