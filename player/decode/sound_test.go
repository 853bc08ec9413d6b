package decode_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/internal/town"
	"vedette/media"
	"vedette/player/decode"
)

// heardBy returns what the ffmpeg program makes of some sound: 48 kHz, stereo.
func heardBy(t testing.TB, input ...string) []float32 {
	t.Helper()
	args := append([]string{"-v", "error"}, input...)
	raw, err := exec.Command("ffmpeg", append(args, "-ar", "48000", "-ac", "2", "-f", "f32le", "-")...).Output()
	if err != nil {
		t.Fatal("this test needs the ffmpeg program: ", err)
	}
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

// recorded makes an export with two seconds of the town's sound.
func recorded(t testing.TB, coding string) (path string, e *evidence.Export, track media.Track) {
	t.Helper()
	shoot := fixture.Shoot{
		Seed: 1, Camera: town.Cameras()[0], W: 160, H: 96, From: 4 * town.Rate, Count: 2 * town.Rate,
		Film: fixture.Film{Codec: "libx264", GOP: 25, Quality: 30}, Audio: coding, Every: 25,
	}
	video, meta, audio, err := shoot.Record()
	if err != nil {
		t.Fatal(err)
	}
	x := &fixture.Export{W: 160, H: 96, Video: video, Meta: meta, Audio: audio}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), coding+".mp4")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	e, _ = opened(t, path)
	for _, tr := range e.Tracks() {
		if tr.Kind == media.KindAudio {
			return path, e, tr
		}
	}
	t.Fatal("no sound track")
	return "", nil, media.Track{}
}

// tone returns the amplitude of a frequency in one channel.
func tone(pcm []float32, hz float64) float64 {
	var re, im float64
	for i := 0; i < len(pcm); i += 2 {
		p := 2 * math.Pi * hz * float64(i/2) / 48000
		re, im = re+float64(pcm[i])*math.Cos(p), im+float64(pcm[i])*math.Sin(p)
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm)/2)
}

func TestSoundIsThatOfFFmpeg(t *testing.T) {
	ctx := context.Background()
	for _, coding := range []string{"aac", "alaw", "g722"} {
		t.Run(coding, func(t *testing.T) {
			path, e, track := recorded(t, coding)
			d, err := children(t).OpenAudio(ctx, decode.Config{Codec: track.Codec, Config: track.Config, SampleRate: track.SampleRate, Channels: track.Channels})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			table := e.Table(track.ID)
			all := func() (pcm []float32, raw []byte) {
				for i := range table.Len() {
					data, err := e.ReadSample(table.At(i), nil)
					if err != nil {
						t.Fatal(err)
					}
					s, err := d.Decode(ctx, i, data)
					if err != nil {
						t.Fatal(err)
					}
					pcm, raw = append(pcm, s.PCM...), append(raw, data...)
				}
				s, err := d.Drain(ctx)
				if err != nil {
					t.Fatal(err)
				}
				return append(pcm, s.PCM...), raw
			}
			got, raw := all()

			in := []string{"-i", path, "-map", "0:a"}
			if coding != "aac" {
				plain := path + ".raw"
				if err := os.WriteFile(plain, raw, 0o600); err != nil {
					t.Fatal(err)
				}
				in = []string{"-f", coding, "-i", plain}
				if coding == "alaw" {
					in = []string{"-f", coding, "-ar", "8000", "-ac", "1", "-i", plain}
				}
			}
			want := heardBy(t, in...)

			last := table.At(table.Len() - 1)
			lasts := int(last.End().Sub(table.At(0).PTS).To(48000).Value)
			if n := len(got) / 2; n < lasts-1 || n > lasts+1 || n != len(want)/2 {
				t.Errorf("%d frames, the track lasts %d, ffmpeg gives %d", n, lasts, len(want)/2)
			}
			worst := 0.0
			for i := range min(len(got), len(want)) {
				worst = max(worst, math.Abs(float64(got[i]-want[i])))
			}
			t.Logf("%d frames, values differ by %g at most; 880 Hz: %.4f and %.4f, 90 Hz: %.4f and %.4f", len(got)/2, worst,
				tone(got, 880), tone(want, 880), tone(got, 90), tone(want, 90))
			if worst > 1e-4 {
				t.Errorf("values differ from those of ffmpeg by %g", worst)
			}
			// One channel becomes two of half the power each.
			if tone(got, 880) < .003 || math.Abs(tone(got, 90)-300.0/32768*math.Sqrt2/2) > .0005 {
				t.Errorf("the beep has %f, the hum %f", tone(got, 880), tone(got, 90))
			}

			if err := d.Flush(ctx); err != nil {
				t.Fatal(err)
			}
			again, _ := all()
			if len(again) != len(got) {
				t.Errorf("after flushing there are %d values, before %d", len(again), len(got))
			}
		})
	}
}
