package evidence_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/media"
)

// odd returns the files that are within the rules but rare.
func odd(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// probed is one frame as the ffprobe program tells it: its coded bytes tell
// which sample it is.
type probed struct {
	at  int64 // first byte of the sample
	pts int64
}

// probe asks the ffprobe program for the first video track: for the frames it
// decodes, or for the packets, which are then put in order of presentation.
func probe(t *testing.T, data []byte, what string, options ...string) []probed {
	t.Helper()
	path := filepath.Join(t.TempDir(), "odd.mp4")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	pos := map[string]string{"frame": "pkt_pos", "packet": "pos"}[what]
	args := append([]string{"-v", "quiet", "-select_streams", "v:0", "-show_entries", what + "=pts," + pos, "-of", "json"}, options...)
	out, err := exec.Command("ffprobe", append(args, path)...).Output() //nolint:gosec // our own arguments
	if err != nil {
		t.Fatalf("ffprobe: %v", err)
	}
	var all struct{ Frames, Packets []map[string]any }
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&all); err != nil {
		t.Fatal(err)
	}
	var frames []probed
	for _, f := range append(all.Frames, all.Packets...) {
		text, _ := f[pos].(string)
		pts, _ := f["pts"].(float64)
		at, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("ffprobe tells no position: %v", err)
		}
		frames = append(frames, probed{at, int64(pts)})
	}
	if what == "packet" {
		slices.SortStableFunc(frames, func(a, b probed) int { return cmp.Compare(a.pts, b.pts) })
	}
	return frames
}

func framesOf(e *evidence.Export, track uint32) []probed {
	table := e.Table(track)
	var out []probed
	for n := range media.Frames(table) {
		s := table.At(table.ByFrame(n + 1))
		out = append(out, probed{s.Offset, s.PTS.Value})
	}
	return out
}

func differs(got, want []probed) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Sprintf("%d frames, want %d", len(got), len(want))
		case i >= len(want):
			return fmt.Sprintf("%d frames, want %d; frame %d too many is %v", len(got), len(want), i+1, got[i])
		case got[i] != want[i]:
			return fmt.Sprintf("frame %d is %v, want %v", i+1, got[i], want[i])
		}
	}
	return ""
}

// byPackets are files that ffprobe cannot decode, but takes apart.
var byPackets = map[string]string{"two codecs": "one codec a track", "two sizes in fragments": "one sample entry for all fragments"}

func TestFramesAreThoseOfFFprobeInNumberOrderAndTime(t *testing.T) {
	for name, data := range odd(t) {
		e := indexed(t, data)
		if e.Tracks()[0].Kind != media.KindVideo {
			continue
		}
		t.Run(name, func(t *testing.T) {
			scale := int64(e.Tracks()[0].Timescale)
			var want []probed
			// Where ffprobe does not follow the format, its pictures are taken without
			// the edit list and put where the list says.
			if x, ok := fixture.OddEdits[name]; ok {
				raw := probe(t, data, "frame", "-ignore_editlist", "1")
				for _, s := range x.List {
					for i := range s.Count {
						want = append(want, probed{raw[s.Picture+i].at, int64(s.At+40*i) * scale / 1000})
					}
				}
			} else if _, ok := byPackets[name]; ok {
				want = probe(t, data, "packet")
			} else {
				want = probe(t, data, "frame")
			}
			if name == "negative offsets in fragments" { // ffprobe moves them all, so that none is before its decoding
				for i := range want {
					want[i].pts -= 2 * scale / 25
				}
			}
			got := framesOf(e, 1)
			if name == "two codecs" { // of which it takes the first
				if len(got) != 50 {
					t.Fatalf("%d frames, want 50", len(got))
				}
				got = got[:25]
			}
			if d := differs(got, want); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSamplesThatAreNoFramesAreKeptAndNamed(t *testing.T) {
	for name, hides := range map[string]int{"edit inside a group": 32, "edit inside a group and before the end": 35, "fragments with an edit inside a group": 32, "edits with gaps": 35, "edit at the begin": 0} {
		e := indexed(t, odd(t)[name])
		table := e.Table(1)
		got := 0
		for i := range table.Len() {
			s := table.At(i)
			if !s.Hidden {
				continue
			}
			got++
			if table.Frame(i) != 0 || table.Next(i) != -1 || table.Prev(i) != -1 {
				t.Errorf("%s: sample %d is left out, and frame %d", name, i, table.Frame(i))
			}
			if p, err := e.ReadSample(s, nil); err != nil || len(p) != s.Size {
				t.Errorf("%s: sample %d cannot be read: %v", name, i, err)
			}
		}
		if got != hides || media.Frames(table) != 75-hides || table.ByFrame(75-hides+1) != -1 {
			t.Errorf("%s: %d samples are left out, want %d", name, got, hides)
		}
		if told(e, "EDIT-HIDES") != (hides > 0) {
			t.Errorf("%s: told %v", name, told(e, "EDIT-HIDES"))
		}
	}
}

func told(e *evidence.Export, code string) bool {
	for _, f := range e.Findings() {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestWhatIsOddIsNamed(t *testing.T) {
	for name, code := range map[string]string{
		"edits that repeat": "EDIT-REPEATS", "edits in another order": "EDIT-ORDER", "edit that holds a picture": "EDIT-DWELL",
		"two sizes": "TRACK-ENTRIES", "two sizes in fragments": "TRACK-ENTRIES", "turned by 45": "TRACK-MATRIX",
		"pixels said twice": "TRACK-ASPECT", "clean aperture": "TRACK-CLEAN",
	} {
		if e := indexed(t, odd(t)[name]); !told(e, code) {
			t.Errorf("%s is not told as %s: %v", name, code, e.Findings())
		}
	}
	for name, data := range odd(t) {
		for _, f := range indexed(t, data).Findings() {
			if strings.HasPrefix(f.Code, "EDIT-") && !strings.Contains(name, "edit") && name != "cut among leading pictures" {
				t.Errorf("%s: %v", name, f)
			}
		}
	}
}

func TestPicturesLastUntilTheNextWhereTheirLengthsVary(t *testing.T) {
	e := indexed(t, odd(t)["variable rate"])
	table := e.Table(1)
	for n := 1; n < media.Frames(table); n++ {
		s, next := table.At(table.ByFrame(n)), table.At(table.ByFrame(n+1))
		if s.End().Cmp(next.PTS) != 0 {
			t.Fatalf("frame %d ends at %v, the next begins at %v", n, s.End(), next.PTS)
		}
	}
	held := indexed(t, odd(t)["edit that holds a picture"]).Table(1)
	if d := held.At(held.ByFrame(31)).Duration.Duration(); d != 2040*time.Millisecond {
		t.Errorf("the picture that is held lasts %v", d)
	}
}

func TestLooksOfATrackAreThoseOfFFprobe(t *testing.T) {
	for name, data := range odd(t) {
		e := indexed(t, data)
		track := e.Tracks()[0]
		if track.Kind != media.KindVideo {
			continue
		}
		path := filepath.Join(t.TempDir(), "odd.mp4")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries", "stream=width,height,level,pix_fmt,sample_aspect_ratio,profile", "-of", "json", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		var all struct {
			Streams []struct {
				Width, Height, Level int
				Profile              string
				Pixels               string `json:"pix_fmt"`
				Aspect               string `json:"sample_aspect_ratio"`
			}
		}
		if err := json.Unmarshal(out, &all); err != nil || len(all.Streams) == 0 {
			t.Fatalf("%s: %v", name, err)
		}
		f, c := all.Streams[0], track.Coding
		depth := 8
		if strings.Contains(f.Pixels, "10") {
			depth = 10
		}
		aspect := "1:1"
		if track.PixelAspect[0] > 0 {
			aspect = fmt.Sprintf("%d:%d", track.PixelAspect[0], track.PixelAspect[1])
		}
		if f.Aspect == "" {
			f.Aspect = "1:1"
		}
		level := c.Level
		if track.Codec == media.CodecH265 {
			f.Level /= 3
		}
		if c.Width != f.Width || c.Height != f.Height || c.Depth != depth || level != fmt.Sprintf("%d.%d", f.Level/10, f.Level%10) || aspect != f.Aspect {
			t.Errorf("%s: %+v, aspect %s; ffprobe: %+v", name, c, aspect, f)
		}
		if chroma := map[string]string{"yuv422p": "4:2:2", "yuv422p10le": "4:2:2", "gray": "gray"}[f.Pixels]; chroma != "" && c.Chroma != chroma {
			t.Errorf("%s: %s, ffprobe %s", name, c.Chroma, f.Pixels)
		}
		if !strings.Contains(f.Profile, c.Profile) && c.Profile != "Range Extensions" {
			t.Errorf("%s: profile %q, ffprobe %q", name, c.Profile, f.Profile)
		}
		if fields := strings.Contains(name, "field") || strings.Contains(name, "interlaced"); c.Fields != fields {
			t.Errorf("%s: fields %v", name, c.Fields)
		}
	}
}

func TestEntriesAndRatesThatCannotBeAreNamed(t *testing.T) {
	c := &fixture.Coded{Scale: 1000, Entry: fixture.FieldPictures(1).Entry}
	for range 4 {
		c.Samples = append(c.Samples, fixture.Sample{Data: []byte("picture"), Duration: 40, Sync: true})
	}
	list := make([]fixture.Edit, 1030)
	for i := range list {
		list[i] = fixture.Edit{Duration: 40, MediaTime: int64(40 * i), Rate: 3 << 16}
	}
	x := fixture.Movie{Tracks: []fixture.MovieTrack{{Kind: "vide", W: 48, H: 64, Coded: c, Edits: list, Entry: 3}}}
	for _, fragmented := range []bool{false, true} {
		x.Fragmented = fragmented
		e := indexed(t, x.Bytes())
		for _, code := range []string{"EDIT-RATE", "EDIT-LIMIT", "TRACK-ENTRY-UNKNOWN"} {
			if !told(e, code) {
				t.Errorf("%s is not told: %v", code, e.Findings())
			}
		}
		if s := e.Table(1).At(0); s.Description != 0 {
			t.Errorf("described by entry %d", s.Description)
		}
	}
}

func TestAnExportOpensWithAFrameToShow(t *testing.T) {
	c := &fixture.Coded{Scale: 1000, Entry: fixture.FieldPictures(1).Entry}
	for range 40 {
		c.Samples = append(c.Samples, fixture.Sample{Data: []byte("picture"), Duration: 40, Sync: true})
	}
	for _, fragmented := range []bool{false, true} {
		x := fixture.Movie{Fragmented: fragmented, Tracks: []fixture.MovieTrack{{Kind: "vide", W: 48, H: 64, Coded: c, Edits: []fixture.Edit{{MediaTime: 1000, Rate: 1 << 16}}}}}
		e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(x.Bytes()), int64(len(x.Bytes())), "x.mp4"))
		if err != nil {
			t.Fatal(err)
		}
		if n := media.Frames(e.Table(1)); n == 0 {
			t.Error("it opened before the first frame")
		}
		x.Tracks[0].Edits = []fixture.Edit{{Duration: 500, MediaTime: 90_000, Rate: 1 << 16}} // behind the end
		e = indexed(t, x.Bytes())
		if table := e.Table(1); media.Frames(table) != 40 || table.ByFrame(40) != 39 || !told(e, "EDIT-NOTHING") || told(e, "EDIT-HIDES") {
			t.Errorf("fragmented %v: %d frames, %v", fragmented, media.Frames(table), e.Findings())
		}
	}
}
