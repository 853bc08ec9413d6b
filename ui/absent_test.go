package ui

import (
	"path/filepath"
	"strings"
	"testing"

	"vedette/media"
	"vedette/player"
	"vedette/player/decode"
)

func TestTilesSayWhyThereIsNoPicture(t *testing.T) {
	w, d := decodingWindow(t, func(o decode.Opener) decode.Opener { return o })
	for _, n := range []string{"01_single.mp4", "10_double.mp4"} {
		path, err := filepath.Abs("../testdata/export/" + n)
		if err != nil {
			t.Fatal(err)
		}
		w.Open(path)
	}
	until(t, w, d, "two sources on the stage", func() bool {
		for _, tl := range w.tiles {
			if tl.item.View.Current() == nil || !tl.item.Snapshot().Indexed {
				return false
			}
		}
		return len(w.tiles) == 2 && w.opening == 0
	})
	i := w.places[0]
	from := i.Zero()
	for name, c := range map[string]struct {
		st   player.State
		at   media.UTC
		want string
	}{
		"before": {player.State{Gap: true, Before: true, HasNext: true, Next: from + 15*media.Hundred}, from, "Begins in 15 s|at " + tenths(i, from+15*media.Hundred) + "|"},
		"after":  {player.State{Gap: true, After: true, Ended: from}, from + 90*media.Hundred, "Ended 1 min 30 s ago|at " + tenths(i, from) + "|"},
		"gap": {
			player.State{Gap: true, Reason: media.GapNotRecorded, HasNext: true, Next: from + 81*media.Hundred}, from,
			"No footage|N: not recorded|Next footage in 1 min 21 s (G)",
		},
		"gap of unknown reason at the end": {player.State{Gap: true, Reason: media.GapUnknown}, from, "No footage|U: reason not known|"},
	} {
		message, detail, hint := absence(i, c.st, c.at)
		if got := strings.Join([]string{message, detail, hint}, "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	w.choose(i)
	w.nudge(2)
	if got := nudgeText(w.nudged[i], -i.View.Offset()).full; !strings.HasPrefix(got, "nudged +2 frames, +") {
		t.Errorf("after nudging: %q", got)
	}
	w.nudge(0)
	if i.View.Offset() != 0 || w.nudged[i] != 0 {
		t.Error("the nudge was not taken back")
	}
	second := w.places[1]
	w.put(second, 0)
	if w.places[1] != i || w.focus != second || w.auto {
		t.Error("the sources did not change places")
	}
	w.unstage(second)
	if w.onStage(second) || len(w.tiles) != 1 || len(w.cells) != 4 {
		t.Errorf("%d tiles in %d places after one was removed", len(w.tiles), len(w.cells))
	}
	w.listen(i)
	if w.d.Set.Engine().Heard() != i.View {
		t.Error("the chosen source is not listened to")
	}
	w.remove(i)
	until(t, w, d, "closing", func() bool { return len(w.d.Set.Items()) == 1 })
	if w.listening != nil || w.places.find(i) >= 0 {
		t.Error("a closed source is still on the stage")
	}
}
