package camera_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify/camera"
)

const published = "../../testdata/media-signing/"

func opened(t testing.TB, name string) *evidence.Export {
	t.Helper()
	data, err := os.ReadFile(published + name)
	if err != nil {
		t.Fatal(err)
	}
	return indexed(t, data)
}

func indexed(t testing.TB, data []byte) *evidence.Export {
	t.Helper()
	e, err := evidence.Open(t.Context(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// loaded is the video of a published file as a film.
func loaded(t testing.TB, name string) *film {
	t.Helper()
	e := opened(t, name)
	f := &film{codec: e.Tracks()[0].Codec}
	table := e.Table(e.Tracks()[0].ID)
	for i := range table.Len() {
		p, err := e.ReadSample(table.At(i), nil)
		if err != nil {
			t.Fatal(err)
		}
		f.units = append(f.units, fixture.Unpack(p))
	}
	return f
}

func TestPublishedFilesAreAuthentic(t *testing.T) {
	for name, want := range map[string]string{
		"test_signed_h264.mp4": "authentic 0-255, ignored 256-256",
		"test_signed_h265.mp4": "authentic 0-301, ignored 302-302",
	} {
		r := judged(t, opened(t, name))
		if r.State != camera.Authentic || counts(r) != "5 a" || runs(r) != want {
			t.Errorf("%s: %s, %s, %s", name, r.State, counts(r), runs(r))
		}
		// The times are those of a counter that began with the stream: no UTC.
		s := r.Tracks[0].Segments[0].Signed
		if s.UTC || !s.From.IsZero() || s.To.Year() != 1601 || s.To.Sub(time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)).Round(time.Second) != 2*time.Second {
			t.Errorf("%s: %+v", name, s)
		}
		if l := r.Tracks[0].Leaf; l == nil || l.Version != 1 {
			t.Errorf("%s: the certificate is not of version 1", name)
		}
	}
}

func TestTamperedPublishedFilesAreFoundOut(t *testing.T) {
	for _, name := range []string{"test_signed_h264.mp4", "test_signed_h265.mp4"} {
		at := func(change func(f *film) *film) func(*testing.T) *film {
			return func(t *testing.T) *film { return change(loaded(t, name)) }
		}
		last := 256
		if name == "test_signed_h265.mp4" {
			last = 302
		}
		t.Run(name, func(t *testing.T) {
			examined(t, []row{
				{"as it is", at(func(f *film) *film { return f }), camera.Authentic, "5 a", "", camera.NoteNoUTC},
				{"picture dropped", at(func(f *film) *film { return f.drop(70, 1) }), camera.AuthenticMissing, "4 a 1 m", "", 0},
				{"picture flipped", at(func(f *film) *film { return f.flip(70) }), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"IDR flipped", at(func(f *film) *film { return f.flip(62) }), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"IDR dropped", at(func(f *film) *film { return f.drop(62, 1) }), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"pictures swapped", at(func(f *film) *film { return f.exchange(70, 80, false) }), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"document dropped", at(func(f *film) *film { return f.silence(125) }), camera.NotAuthentic, "4 a", "", 0},
				{"document flipped", at(func(f *film) *film {
					d := *f.document(125)
					d[len(d)/3] ^= 1
					return f
				}), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"last document flipped", at(func(f *film) *film {
					d := *f.document(last)
					d[len(d)/3] ^= 1
					return f
				}), camera.NotAuthentic, "4 a 1 n", "", 0},
				{"cut to start at an IDR", at(func(f *film) *film { return f.cut(62, last+1) }), camera.Authentic, "4 a 1 v", "", 0},
				{"cut to start in mid group", at(func(f *film) *film { return f.cut(70, last+1) }), camera.Authentic, "3 a 1 v", "", 0},
				{"cut to end in mid group", at(func(f *film) *film { return f.cut(0, 200) }), camera.Authentic, "3 a", "", 0},
				{"twice", at(func(f *film) *film {
					f.units = append(f.units, f.copied().units...)
					return f
				}), camera.NotAuthentic, "5 a 5 n", "", camera.NoteClock},
			})
		})
	}
}

func TestEveryFlippedByteOfADocumentIsNoticed(t *testing.T) {
	f := shot(t, fixture.Pattern{Groups: 3, Length: 2}, fixture.Camera{})
	d := *f.document(5)
	for i := range d {
		for _, bit := range []byte{1, 0x80} {
			d[i] ^= bit
			r := judged(t, f)
			// Unused bytes of the buffer behind the signature and the stop byte are covered by nothing.
			if r.State == camera.Authentic && i < len(d)-12 {
				t.Errorf("byte %d of %d: %s, %s", i, len(d), r.State, counts(r))
			}
			d[i] ^= bit
		}
	}
}

func TestEveryFlippedByteOfAPictureIsNoticed(t *testing.T) {
	f := shot(t, fixture.Pattern{Groups: 2, Length: 4}, fixture.Camera{})
	n := f.slice(2)
	for i := range n {
		for bit := range 8 {
			n[i] ^= 1 << bit
			if r := judged(t, f); r.State == camera.Authentic {
				t.Errorf("byte %d, bit %d: %s", i, bit, r.State)
			}
			n[i] ^= 1 << bit
		}
	}
}
