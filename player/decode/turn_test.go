package decode

import (
	"bytes"
	"testing"

	"vedette/media"
)

func TestPicturesAreTurnedAndMirroredWithoutLoss(t *testing.T) {
	picture := func(rows ...string) []byte {
		var out []byte
		for _, r := range rows {
			for _, c := range []byte(r) {
				out = append(out, c, c, c, 255)
			}
		}
		return out
	}
	for _, c := range []struct {
		turn   int
		mirror bool
		want   []byte
	}{
		{0, false, picture("abc", "def")},
		{90, false, picture("da", "eb", "fc")},
		{180, false, picture("fed", "cba")},
		{270, false, picture("cf", "be", "ad")},
		{0, true, picture("cba", "fed")},
		{180, true, picture("def", "abc")},
		{90, true, picture("fc", "eb", "da")},
		{270, true, picture("ad", "be", "cf")},
	} {
		track := media.Track{Rotation: c.turn, Mirror: c.mirror}
		got := make([]byte, 4*6)
		Upright(track, got, picture("abc", "def"), 3, 2)
		if !bytes.Equal(got, c.want) {
			t.Errorf("%d, mirrored %v: %q, want %q", c.turn, c.mirror, got, c.want)
		}
		w, h := Turned(track, 3, 2)
		for i := range 6 { // the middle of each pixel
			x, y := TurnPoint(track, (float64(i%3)+0.5)/3, (float64(i/3)+0.5)/2)
			at := int(y*float64(h))*w + int(x*float64(w))
			if got[4*at] != "abcdef"[i] {
				t.Errorf("%d, mirrored %v: the point of %q lies on %q", c.turn, c.mirror, "abcdef"[i], got[4*at])
			}
		}
	}
}
