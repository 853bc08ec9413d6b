package main

import (
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"vedette/internal/fixture"
	"vedette/session"
)

// One picture has one number and one hash, whatever the file asks a player to do:
// in inspect, in frame, and by the ffmpeg program.
func TestFrameAndInspectAgreeWithFFmpegOnOddFiles(t *testing.T) {
	program, err := filepath.Abs("../../bin/vedette-decoder")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatal("build the programs first (make build): ", err)
	}
	t.Setenv("VEDETTE_DECODER", program)
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range odd {
		dir := t.TempDir()
		path := filepath.Join(dir, "odd.mp4")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var d struct{ Tracks []session.TrackInfo }
		answer(t, &d, "inspect", "--json", path)
		if d.Tracks[0].Kind != "video" {
			if status, _, stderr := ctl("frame", "--sample", "0", path, "-o", filepath.Join(dir, "x.png")); status != 1 && status != exitFailed {
				t.Errorf("%s: frame ends with %d: %s", name, status, stderr)
			}
			continue
		}
		want, err := fixture.OddHashes(name, dir)
		if err != nil {
			t.Fatal(err)
		}
		if d.Tracks[0].Frames != len(want) || d.Tracks[0].Samples != d.Tracks[0].Frames+d.Tracks[0].Hidden {
			t.Errorf("%s: inspect counts %d frames and %d hidden of %d samples, ffmpeg shows %d", name, d.Tracks[0].Frames, d.Tracks[0].Hidden, d.Tracks[0].Samples, len(want))
		}
		for n, sample := range map[string]int{"first": 0, "middle": d.Tracks[0].Samples / 2, "last": d.Tracks[0].Samples - 1} {
			var c session.FrameCard
			still := filepath.Join(dir, n+".png")
			answer(t, &c, "frame", "--json", "--sample", fmt.Sprint(sample), path, "-o", still)
			switch {
			case c.Sample != sample || c.PixelSHA256 == "" || c.Hidden != (c.Frame == 0) || c.Frame > len(want):
				t.Errorf("%s: sample %d is frame %d, hidden %v", name, c.Sample, c.Frame, c.Hidden)
			case c.Frame > 0 && want[c.Frame-1] != "" && c.PixelSHA256 != want[c.Frame-1]:
				t.Errorf("%s: frame %d has other pixels than ffmpeg's", name, c.Frame)
			}
			f, err := os.Open(still)
			if err != nil {
				t.Fatal(err)
			}
			size, err := png.DecodeConfig(f)
			f.Close()
			w, h := c.Width, c.Height
			if c.Rotation%180 != 0 {
				w, h = h, w
			}
			if err != nil || size.Width != w || size.Height != h {
				t.Errorf("%s: the still is %d x %d, want %d x %d", name, size.Width, size.Height, w, h)
			}
		}
	}
}

// answer reads the document that a command prints.
func answer(t *testing.T, doc any, args ...string) {
	t.Helper()
	status, out, stderr := ctl(args...)
	if json.Unmarshal([]byte(out), doc) != nil { // the status tells of findings as well
		t.Fatalf("%v: status %d, %s%s", args, status, out, stderr)
	}
}

func TestTheCameraOfAFrameIsChosenByItsTrack(t *testing.T) {
	program, err := filepath.Abs("../../bin/vedette-decoder")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("VEDETTE_DECODER", program)
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "odd.mp4")
	if err := os.WriteFile(path, odd["two cameras"], 0o600); err != nil {
		t.Fatal(err)
	}
	for track, name := range map[string]string{"0": "Yard", "1": "Yard", "2": "Gate"} {
		var c session.FrameCard
		answer(t, &c, "frame", "--json", "--track", track, "--at", "2026-03-01T12:00:01Z", path, "-o", filepath.Join(dir, track+".png"))
		if c.Source != name {
			t.Errorf("track %s is %q", track, c.Source)
		}
	}
	if status, _, stderr := ctl("frame", "--track", "3", "--sample", "0", path, "-o", filepath.Join(dir, "x.png")); status != exitFailed || stderr != "vedettectl frame: no video track 3; the file has 1 Yard, 2 Gate\n" {
		t.Errorf("status %d: %s", status, stderr)
	}
}
