package session

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/verify"
)

// examined is an open export whose examination has ended, without a window.
func examined(t *testing.T, name string) *Item {
	t.Helper()
	ctx := context.Background()
	f, err := evidence.OpenFile(filepath.Join("..", "testdata", "export", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	x, err := evidence.Open(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Index(ctx, nil); err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(ctx, x, verify.Policy{Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Item{Session: &Session{path: f.Path(), x: x, snap: Snapshot{Indexed: true, Report: r}}}
}

func TestOpenExportsThatBelongTogetherAreASet(t *testing.T) {
	first, later, other := examined(t, "01_single.mp4"), examined(t, "A1_sumi_only.mp4"), examined(t, "F4_gst_like_unsigned.mp4")
	waiting := examined(t, "20_tamper_mdat.mp4")
	waiting.snap.Report = nil
	s := &Set{items: []*Item{later, other, waiting, first}}
	sets := s.Joined()
	if len(sets) != 1 || len(sets[0].Files) != 2 || sets[0].Files[0].File != first.path || sets[0].Verdict != verify.IntactUntrusted {
		t.Errorf("%+v", sets)
	}
}
