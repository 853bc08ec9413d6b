package camera_test

import (
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

// minute is a film of one minute of 1080p at 6 Mbit/s: 25 pictures a second of
// 30 kB, a document each second.
func minute(b *testing.B) *film {
	return shot(b, fixture.Pattern{Groups: 60, Length: 25, Size: 30_000}, fixture.Camera{})
}

// packedOnce reads from memory, so that judging is what is measured.
type packedOnce struct {
	*film
	samples [][]byte
	table   media.Table
}

func (s packedOnce) Table(uint32) media.Table { return s.table }
func (s packedOnce) ReadSample(m media.Sample, _ []byte) ([]byte, error) {
	return s.samples[m.Index], nil
}

func BenchmarkCameraSigningOfOneMinute(b *testing.B) {
	f := minute(b)
	src := packedOnce{film: f, table: f.Table(1)}
	size := int64(0)
	for _, u := range f.units {
		p := fixture.Join(u)
		size += int64(len(p))
		src.samples = append(src.samples, p)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		r, err := camera.Check(b.Context(), src, camera.Options{})
		if err != nil || r.State != camera.Authentic {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/minute-of-video")
}

func BenchmarkCameraSigningPresent(b *testing.B) {
	e := opened(b, "test_signed_h264.mp4")
	for b.Loop() {
		if p, err := camera.Present(e, e.Tracks()[0]); err != nil || !p.Signing {
			b.Fatal(p, err)
		}
	}
}
