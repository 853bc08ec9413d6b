package ui

import (
	"testing"

	"vedette/media"
	"vedette/player"
)

func TestShuttleKeysGoUpAndDownThroughTheSpeeds(t *testing.T) {
	rate, playing := 1.0, false
	for i, step := range []struct {
		toward, want float64
	}{
		{1, 1}, {1, 2}, {1, 4}, {1, 8}, {1, 16}, {1, 16}, // L
		{-1, 8}, {-1, 4}, {-1, 2}, {-1, 1}, {-1, -1}, {-1, -2}, // J, through normal speed into reverse
		{1, -1}, {1, 1}, // and L the other way
	} {
		rate, playing = shuttle(rate, playing, step.toward), true
		if rate != step.want {
			t.Fatalf("press %d gives %g, want %g", i+1, rate, step.want)
		}
	}
	if got := shuttle(-8, false, 1); got != 1 {
		t.Errorf("L at rest gives %g", got)
	}
	if got := shuttle(.25, true, 1); got != .5 {
		t.Errorf("L in slow motion gives %g", got)
	}
	if got := shuttle(.25, true, -1); got != -1 {
		t.Errorf("J in slow motion gives %g", got)
	}
}

func TestSlowMotionKeysGetSlower(t *testing.T) {
	rate, playing := 4.0, true
	for i, want := range []float64{.5, .25, .1, .1} {
		if rate = crawl(rate, playing, 1); rate != want {
			t.Fatalf("press %d gives %g, want %g", i+1, rate, want)
		}
	}
	if got := crawl(rate, true, -1); got != -.5 {
		t.Errorf("Shift+J gives %g", got)
	}
}

func TestSpeedAndStateAreToldInWords(t *testing.T) {
	for rate, want := range map[float64]string{1: "1.0x", .25: "0.25x", .1: "0.1x", 16: "16.0x", -2: "reverse 2.0x", -.5: "reverse 0.5x"} {
		if got := speedText(rate); got != want {
			t.Errorf("%g is told as %q, want %q", rate, got, want)
		}
	}
	fast := player.Status{Playing: true, Rate: 8, Sound: player.SoundStatus{State: player.SoundOffSpeed}}
	if got := stateWords(fast, "sync pictures only", 12); got != "sync pictures only, late: 12, no sound" {
		t.Errorf("%q", got)
	}
	back := player.Status{Playing: true, Rate: -2, Sound: player.SoundStatus{State: player.SoundOffSpeed}}
	if got := stateWords(back, "", 0); got != "no sound in reverse" {
		t.Errorf("%q", got)
	}
	still := player.Status{Rate: 1, Sound: player.SoundStatus{State: player.SoundOn}}
	if got := stateWords(still, "sync pictures only", 3); got != "" {
		t.Errorf("at rest: %q", got)
	}
	away := player.Status{Rate: 1, Sound: player.SoundStatus{State: player.SoundOn, Missing: "Headphones"}}
	if got := stateWords(away, "", 0); got != "Headphones not connected: system's output" {
		t.Errorf("%q", got)
	}
}

func TestPictureThatLagsIsSaidToBeBehind(t *testing.T) {
	at := func(s float64) media.UTC { return media.UTC(s * media.Hundred) }
	for name, c := range map[string]struct {
		s       player.Status
		skipped string
		want    string
	}{
		"in time":       {player.Status{Playing: true, Rate: 1, Axis: at(10.02)}, "", ""},
		"behind":        {player.Status{Playing: true, Rate: 1, Axis: at(16.74)}, "", "6.7 s behind"},
		"in reverse":    {player.Status{Playing: true, Rate: -1, Axis: at(7.5)}, "", "2.5 s behind"},
		"fast":          {player.Status{Playing: true, Rate: 8, Axis: at(13)}, "", ""},
		"sync pictures": {player.Status{Playing: true, Rate: 32, Axis: at(60)}, player.SyncOnly, ""},
		"at rest":       {player.Status{Rate: 1, Axis: at(60)}, "", ""},
	} {
		if got := behind(c.s, c.skipped, at(10), at(10.04)).full; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestStretchesOfTimeAreToldInTwoUnits(t *testing.T) {
	for seconds, want := range map[float64]string{0.4: "less than 1 s", 14.9: "14 s", 80.8: "1 min 20 s", 3600: "1 h 0 min", 49 * 3600: "2 days", -3: "less than 1 s"} {
		if got := amount(media.UTC(seconds * media.Hundred)); got != want {
			t.Errorf("%g s is told as %q, want %q", seconds, got, want)
		}
	}
}

func TestNotesOfATileAreJoinedAndTheGravestIsKeptForSmallOnes(t *testing.T) {
	full, brief := notes([]note{{}, {"late: 12", "late: 12"}, nudgeText(3, 3*40*media.Hundred/1000), {"heard", ""}})
	if full != "late: 12, nudged +3 frames, +120 ms, heard" || brief != "late: 12" {
		t.Errorf("%q, %q", full, brief)
	}
	if n := nudgeText(-1, -40*media.Hundred/1000); n.full != "nudged -1 frame, -40 ms" || n.brief != "-40 ms" {
		t.Errorf("%+v", n)
	}
	if n := nudgeText(0, 0); n.full != "" {
		t.Errorf("%+v", n)
	}
}

func TestTheChosenOutputIsShownWhileItIsAway(t *testing.T) {
	w, driver := window(t)
	w.chooseOutput("Headphones")
	items := w.soundItems([]player.Output{{Name: "Speakers", System: true}}, nil)
	last := items[len(items)-1]
	if last.Label != "Headphones, not connected" || !last.Checked || !last.Disabled {
		t.Errorf("the last item is %+v", last)
	}
	w.chooseOutput("")
	items = w.soundItems(nil, player.ErrNoDevice)
	if got := items[len(items)-1].Label; got != "No output: no device" {
		t.Errorf("%q", got)
	}
	driver.turn()
}
