package ui

import (
	"context"
	"path/filepath"
	"testing"

	"vedette/evidence"
	"vedette/media/civil"
)

func TestFramesAreFoundByNumberAndByDistance(t *testing.T) {
	f, err := evidence.OpenFile(filepath.Join("..", "testdata", "export", "01_single.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := evidence.Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	table := x.Table(x.Tracks()[0].ID)
	shown := table.At(table.ByFrame(7)).PTS
	for text, want := range map[string]int{"#1": 1, "#7": 7, "+5 frames": 12, "-6 frames": 1, "-7 frames": 0, "#1000000": 0, "+1000000 frames": 0} {
		g, err := civil.Parse(text, civil.Context{})
		if err != nil {
			t.Fatal(err)
		}
		sample, err := sampleOf(g, table, shown)
		if (err == nil) != (want > 0) || err == nil && table.Frame(sample) != want {
			t.Errorf("%s from frame 7: sample %d, error %v, want frame %d", text, sample, err, want)
		}
	}
}
