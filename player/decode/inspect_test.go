package decode

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"vedette/evidence"
	"vedette/media"
)

// footage returns the samples of a film that the ffmpeg program makes.
func footage(t testing.TB, args ...string) (media.Track, [][]byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film.mp4")
	all := append([]string{"-v", "error", "-f", "lavfi"}, args...)
	all = append(all, "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", path)
	if out, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	f, err := evidence.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	e, err := evidence.Open(context.Background(), f)
	if err == nil {
		err = e.Index(context.Background(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	track := e.Tracks()[0]
	table := e.Table(track.ID)
	var out [][]byte
	for i := range table.Len() {
		data, err := e.ReadSample(table.At(i), nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data)
	}
	return track, out
}

func TestSoundPicturesAreFoundSound(t *testing.T) {
	const moving = "testsrc2=size=328x184:rate=25:duration=3,noise=alls=12:allf=t"
	x264 := func(params string) []string {
		return []string{"-i", moving, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-g", "25", "-x264-params", params}
	}
	x265 := func(preset, params string) []string {
		return []string{"-i", moving, "-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", preset, "-x265-params", "log-level=error:keyint=25:" + params}
	}
	for name, args := range map[string][]string{
		"H.264":                   x264("bframes=3"),
		"H.264, weights, pyramid": x264("bframes=5:b-pyramid=normal:weightp=2:weightb=1:ref=6"),
		"H.264, CAVLC, slices":    x264("cabac=0:slices=4:bframes=0"),
		"H.264, CAVLC, all tools": x264("cabac=0:bframes=3:8x8dct=1:ref=4:partitions=all:weightp=2"),
		"H.264, CAVLC, best":      x264("cabac=0:bframes=2:qp=1"),
		"H.264, best":             x264("bframes=2:qp=1:partitions=all"),
		"H.264, baseline":         {"-i", moving, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-profile:v", "baseline", "-g", "25"},
		"H.264, grey":             {"-i", moving, "-pix_fmt", "gray", "-c:v", "libx264", "-g", "25"},
		"H.264, 10 bits":          {"-i", moving, "-pix_fmt", "yuv420p10le", "-c:v", "libx264", "-g", "25"},
		"H.264, open groups":      x264("open-gop=1:bframes=3:scenecut=0"),
		"H.264, gradual refresh":  x264("intra-refresh=1:bframes=0"),
		"H.264, fields":           x264("interlaced=1:bframes=2"),
		"H.265, fast":             x265("ultrafast", "bframes=2"),
		"H.265, all tools":        x265("slow", "amp=1:rect=1:weightb=1:bframes=4:b-adapt=2:rd=4:tskip=1:tu-inter-depth=3:tu-intra-depth=3"),
		"H.265, open groups":      x265("ultrafast", "open-gop=1:bframes=3:scenecut=0"),
		"H.265, wavefronts":       x265("medium", "wpp=1:ctu=32"),
		"H.265, small blocks":     x265("medium", "wpp=0:ctu=16"),
		"H.265, slices":           x265("medium", "wpp=1:slices=3:ctu=16"),
		"H.265, 10 bits":          {"-i", moving, "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "fast", "-x265-params", "log-level=error:keyint=25:qpmin=4:crf=18:aq-mode=2"},
		"H.265, lossless":         x265("fast", "lossless=1"),
		"H.265, lossless units":   x265("slow", "cu-lossless=1:crf=10"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			track, samples := footage(t, args...)
			n := newInspector(track)
			n.deep = true
			for i, data := range samples {
				f := n.inspect(data)
				if f.fault != "" || f.missing != "" {
					t.Fatalf("sample %d: fault %q, missing %q", i, f.fault, f.missing)
				}
				if !f.read && name != "H.264, fields" {
					t.Fatalf("sample %d was not read to its end", i)
				}
			}
		})
	}
}
