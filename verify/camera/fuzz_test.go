package camera_test

import (
	"encoding/binary"
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

// sealedFilm writes a film as bytes: for each unit the length of what follows,
// the units with prefixes of four bytes.
func sealedFilm(f *film) []byte {
	out := []byte{0}
	if f.codec == media.CodecH265 {
		out[0] = 1
	}
	for _, u := range f.units {
		p := fixture.Join(u)
		out = binary.BigEndian.AppendUint32(out, uint32(len(p))) //nolint:gosec // small
		out = append(out, p...)
	}
	return out
}

// unsealedFilm reads them, whatever they are.
func unsealedFilm(p []byte) *film {
	f := &film{codec: media.CodecH264}
	if len(p) > 0 && p[0]&1 == 1 {
		f.codec = media.CodecH265
	}
	for p = p[min(1, len(p)):]; len(p) >= 4; {
		n := min(int(binary.BigEndian.Uint32(p)), len(p)-4)
		f.units = append(f.units, [][]byte{p[4 : 4+n]})
		p = p[4+n:]
	}
	return f
}

// FuzzSEI looks for input on which reading one SEI fails.
func FuzzSEI(f *testing.F) {
	for _, c := range []fixture.Camera{{}, {Version1: true}, {Escape: fixture.EscapedAfter}, {Escape: fixture.EscapedBefore}, {LowBitrate: true}, {CertificateSEI: true}, {Every: 3}, {Opaque: true}} {
		film := shot(f, fixture.Pattern{Groups: 2, Length: 8}, c)
		for i := range film.units {
			if d := film.document(i); d != nil {
				f.Add(*d)
			}
		}
	}
	h := shot(f, fixture.Pattern{H265: true, Groups: 2, Length: 4}, fixture.Camera{})
	f.Add(*h.document(5))
	f.Add([]byte{6, 5, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, nal []byte) {
		for _, codec := range []media.Codec{media.CodecH264, media.CodecH265} {
			v := camera.NewValidator(codec, nil)
			v.Prime(nal)
			v.Push(unit(0, [][]byte{nal}))
			v.Push(unit(1, [][]byte{{0x65, 0x88, 1}, nal, nal}))
			r, _ := v.Finish()
			for _, g := range r.Ranges {
				if g.State == camera.PictureAuthentic {
					t.Errorf("a picture is authentic by one message: %x", nal)
				}
			}
		}
	})
}

// FuzzValidator looks for streams on which the validator fails, or that are
// authentic though they hold nothing that a key signed.
func FuzzValidator(f *testing.F) {
	for _, p := range []fixture.Pattern{{Groups: 3, Length: 3, Size: 6}, {Groups: 3, Length: 3, Size: 6, H265: true}} {
		for _, c := range []fixture.Camera{{}, {Every: 2}, {Partial: 2}, {LowBitrate: true, Open: true}, {CertificateSEI: true, Opaque: true}} {
			f.Add(sealedFilm(shot(f, p, c)))
		}
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		film := unsealedFilm(p)
		r, err := camera.Check(t.Context(), packedSource{film}, camera.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range r.Tracks {
			last := -1
			for _, g := range k.Ranges {
				if g.FromSample != last+1 || g.ToSample < g.FromSample || g.State == camera.PictureUndecided {
					t.Errorf("range %+v behind %d", g, last)
				}
				last = g.ToSample
			}
			if len(k.Ranges) > 0 && last != len(film.units)-1 {
				t.Errorf("%d of %d pictures have an answer", last+1, len(film.units))
			}
			if k.State == camera.Unchecked {
				t.Error("nothing is said")
			}
		}
		if r.State == camera.Authentic && r.Documents.Authentic == 0 {
			t.Error("authentic without a document")
		}
	})
}

// packedSource gives the units of a film as they are, prefixes and all.
type packedSource struct{ *film }

func (s packedSource) ReadSample(m media.Sample, _ []byte) ([]byte, error) {
	return s.units[m.Index][0], nil
}
