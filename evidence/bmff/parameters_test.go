package bmff

import (
	"encoding/hex"
	"slices"
	"testing"
)

func bytesOf(s string) []byte {
	p, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return p
}

// Decoder configurations as encoders wrote them: 70 x 50 in H.264, cropped, and
// 64 x 64 gray in H.265, with every way of telling what is passed over.
var (
	avcConfig  = bytesOf("0164000affe1001a6764000aacd945279a23011000000300100000030320f122596001000468ef8fcbfdf8f800")
	hevcConfig = bytesOf("0104080000009fc8000000001ef000fcfcf8f800000f04a00001001740010c01ffff0408000003009fc800000300001e959009" +
		"a1000100284201010408000003009fc800000300001ec0820416595912930bc05b020000030002000003003210a2000100064401c073c08927")
	wideConfig = bytesOf("0164000affe100186764000aacd9447b0e1000000300100000030320f122596001000468ef8fcbfdf8f800")
)

func TestParameterSetsTellSizeDepthAndShape(t *testing.T) {
	for _, c := range []struct {
		name, entry string
		config      []byte
		want        Coding
	}{
		{"cropped", "avc1", avcConfig, Coding{Profile: 100, Level: 10, Chroma: 1, Depth: 8, Width: 70, Height: 50, Cut: [4]int{0, 10, 0, 14}, Aspect: [2]uint32{1, 1}}},
		{"wide pixels", "avc3", wideConfig, Coding{Profile: 100, Level: 10, Chroma: 1, Depth: 8, Width: 64, Height: 48, Aspect: [2]uint32{4, 3}}},
		{"gray", "hvc1", hevcConfig, Coding{Profile: 4, Level: 30, Chroma: 0, Depth: 8, Width: 64, Height: 64, Aspect: [2]uint32{1, 1}}},
	} {
		got, ok := ParameterSet(c.entry, c.config)
		got.Aspect, c.want.Aspect = square(got.Aspect), square(c.want.Aspect)
		if !ok || got != c.want {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
	for name, p := range map[string][]byte{"nothing": nil, "no set": {1, 100, 0, 10, 0xff, 0xe0, 0, 0}, "a set too long": slices.Concat(avcConfig[:6], []byte{0xff, 0xff}, avcConfig[8:])} {
		if c, ok := ParameterSet("avc1", p); ok {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if _, ok := ParameterSet("mp4a", avcConfig); ok {
		t.Error("sound has pictures")
	}
	for n := range len(hevcConfig) { // cut anywhere it is unread or the same
		if c, ok := ParameterSet("hvc1", hevcConfig[:n]); ok && c.Width != 64 {
			t.Errorf("cut at %d: %+v", n, c)
		}
	}
}

// square takes what is not stated for what it means.
func square(a [2]uint32) [2]uint32 {
	if a == [2]uint32{} {
		return [2]uint32{1, 1}
	}
	return a
}

func TestNumbersOfParameterSetsAreReadBitByBit(t *testing.T) {
	b := bitsOf([]byte{0b1_010_011_0, 0b0100_0010, 0b1_1111111})
	for _, want := range []uint32{0, 1, 2, 3} {
		if got := b.ue(); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
	if got := b.se(); got != -2 { // 00101 is 4
		t.Errorf("%d, want -2", got)
	}
	if got := bitsOf([]byte{0, 0, 3, 1, 0, 0, 3}).p; !slices.Equal(got, []byte{0, 0, 1, 0, 0}) {
		t.Errorf("%v", got)
	}
	b = bitsOf([]byte{0, 0, 0, 0, 0, 0})
	if b.ue(); !b.over {
		t.Error("a number without end was read")
	}
}

func TestCleanApertureIsWholePixels(t *testing.T) {
	one := func(v int64) [2]int64 { return [2]int64{v, 1} }
	for _, c := range []struct {
		a    Aperture
		want [4]int
		ok   bool
	}{
		{Aperture{one(60), one(40), one(0), one(-1)}, [4]int{2, 3, 60, 40}, true},
		{Aperture{one(64), one(48), one(0), one(0)}, [4]int{0, 0, 64, 48}, true},
		{Aperture{[2]int64{1230, 20}, one(48), one(0), one(0)}, [4]int{1, 0, 62, 48}, true},
		{Aperture{one(66), one(48), one(0), one(0)}, [4]int{}, false},
		{Aperture{one(60), one(40), one(9), one(0)}, [4]int{}, false},
		{Aperture{one(60), one(40), [2]int64{1, 0}, one(0)}, [4]int{}, false},
	} {
		x, y, w, h, ok := c.a.Crop(64, 48)
		if ok != c.ok || ok && [4]int{x, y, w, h} != c.want {
			t.Errorf("%+v: %d %d %d %d %v", c.a, x, y, w, h, ok)
		}
	}
}
