package camera_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify/camera"
)

// encoded is a real film of moving noise: four seconds of 25 pictures, a group
// each second, signed without a document at the end.
func encoded(t testing.TB, codec string, bframes int, escape fixture.Escape) *fixture.Coded {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("SKIPPED: the ffmpeg program is not installed")
	}
	const w, h = 128, 96
	rnd := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, w*h*2)
	for i := range noise {
		noise[i] = byte(100 + rnd.IntN(40))
	}
	open, group := bframes == 3, 25
	if open {
		group = 23 // no multiple of the distance between referenced pictures: some lead the next group
	}
	video, err := fixture.EncodeVideo(fixture.Film{Codec: codec, W: w, H: h, Rate: 25, GOP: group, BFrames: bframes, Quality: 30, Open: open}, func(out io.Writer) error {
		for i := range 100 {
			if _, err := out.Write(noise[i*3 : i*3+w*h*3/2]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var units [][][]byte
	for _, s := range video.Samples {
		units = append(units, fixture.Unpack(s.Data))
	}
	c := fixture.Camera{By: leaf(t), Begin: scene, H265: codec == "libx265", Escape: escape, Open: true}
	if units, err = c.Sign(units); err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		video.Samples[i].Data = fixture.Join(u)
	}
	return video
}

// written writes a film as a plain or a fragmented file.
func written(t testing.TB, video *fixture.Coded, plain bool) string {
	t.Helper()
	var b bytes.Buffer
	x := &fixture.Export{Video: video, W: 128, H: 96, Plain: plain}
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// via copies the stream through containers without coding it again.
func via(t testing.TB, name string, steps ...[]string) string {
	t.Helper()
	for i, s := range steps {
		out := filepath.Join(t.TempDir(), "copy"+s[0])
		args := append([]string{"-v", "error", "-y", "-i", name, "-map", "0:v", "-c", "copy"}, s[1:]...)
		if text, err := exec.Command("ffmpeg", append(args, out)...).CombinedOutput(); err != nil { //nolint:gosec // our own arguments
			t.Fatalf("step %d: %v: %s", i+1, err, text)
		}
		name = out
	}
	return name
}

func examinedFile(t testing.TB, name string) *camera.Report {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return judged(t, indexed(t, data))
}

func TestStreamsSurviveCopying(t *testing.T) {
	mp4 := []string{".mp4"}
	fragmented := []string{".mp4", "-movflags", "frag_keyframe+empty_moov"}
	mkv, ts := []string{".mkv"}, []string{".ts"}
	for _, c := range []struct {
		name    string
		codec   string
		bframes int
		escape  fixture.Escape
		plain   bool
		steps   [][]string
		want    camera.State
	}{
		{"27 as written, fragmented", "libx264", 0, fixture.Raw, false, nil, camera.Authentic},
		{"27 as written, plain", "libx264", 0, fixture.Raw, true, nil, camera.Authentic},
		{"27 B-pictures", "libx264", 2, fixture.Raw, false, nil, camera.Authentic},
		{"27 copied to MP4", "libx264", 0, fixture.Raw, false, [][]string{mp4}, camera.Authentic},
		{"27 copied to fragmented MP4", "libx264", 0, fixture.Raw, true, [][]string{fragmented}, camera.Authentic},
		{"27 copied via Matroska", "libx264", 0, fixture.Raw, false, [][]string{mkv, mp4}, camera.Authentic},
		{"27 H.265 without B-pictures, via Matroska", "libx265", 0, fixture.Raw, false, [][]string{mkv, mp4}, camera.Authentic},
		{"28 via MPEG-TS, escaped after signing", "libx264", 0, fixture.EscapedAfter, false, [][]string{ts, mp4}, camera.Authentic},
		{"28 via MPEG-TS, escaped before signing", "libx264", 0, fixture.EscapedBefore, false, [][]string{ts, mp4}, camera.Authentic},
		{"28 via MPEG-TS, not escaped", "libx264", 0, fixture.Raw, false, [][]string{ts, mp4}, camera.NotAuthentic},
		{"33 open groups of a real encoder", "libx265", 3, fixture.Raw, false, nil, camera.AuthenticPartial},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := via(t, written(t, encoded(t, c.codec, c.bframes, c.escape), c.plain), c.steps...)
			r := examinedFile(t, name)
			if r.State != c.want {
				t.Errorf("%s, want %s: %s, %s", r.State, c.want, counts(r), runs(r))
				explain(t, r)
			}
			if c.want != camera.NotAuthentic && r.Documents.NotAuthentic+r.Documents.Missing > 0 {
				t.Errorf("documents %s", counts(r))
			}
		})
	}
}
