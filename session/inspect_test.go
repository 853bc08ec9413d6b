package session

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"vedette/evidence"
	"vedette/internal/fixture"
)

func TestInspectAddsUpTheGaps(t *testing.T) {
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "odd.mp4")
	if err := os.WriteFile(path, odd["edits with gaps"], 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := evidence.OpenFile(path)
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
	track := x.Tracks()[0]
	want := int64(0)
	for _, g := range x.Gaps(track.ID) {
		want += g.To.Value - g.From.Value
	}
	got := trackInfo(x, track)
	if len(got.Gaps) == 0 || len(got.GapTotals) != 1 || got.GapTotals[0] != (GapTotalInfo{"unknown", len(got.Gaps), Stamp{want, track.Timescale}}) {
		t.Errorf("%+v of %+v, want %d/%d s", got.GapTotals, got.Gaps, want, track.Timescale)
	}
}
