package conform

import (
	"slices"
	"testing"
)

func TestReferenceNamesTheTrackDescribed(t *testing.T) {
	cases := []struct {
		name string
		body []byte
		want uint32
	}{
		{"one", []byte{0, 0, 0, 12, 'c', 'd', 's', 'c', 0, 0, 0, 7}, 7},
		{"after another", []byte{0, 0, 0, 12, 'h', 'i', 'n', 't', 0, 0, 0, 3, 0, 0, 0, 12, 'c', 'd', 's', 'c', 0, 0, 0, 7}, 7},
		{"two tracks, the first", []byte{0, 0, 0, 16, 'c', 'd', 's', 'c', 0, 0, 0, 7, 0, 0, 0, 8}, 7},
		{"none", nil, 0},
		{"empty", []byte{0, 0, 0, 8, 'c', 'd', 's', 'c'}, 0},
		{"beyond the end", []byte{0, 0, 1, 0, 'c', 'd', 's', 'c', 0, 0, 0, 7}, 0},
		{"size 0", []byte{0, 0, 0, 0, 'c', 'd', 's', 'c', 0, 0, 0, 7}, 0},
	}
	for _, c := range cases {
		if got := described(c.body); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// soundConfigs are AudioSpecificConfigs with what they say; object 0 is "not readable".
var soundConfigs = []struct {
	name     string
	p        []byte
	object   uint32
	extended bool
}{
	{"LC 44.1 kHz stereo", []byte{0x12, 0x10}, 2, false},
	{"LC 16 kHz mono, longer", []byte{0x14, 0x08, 0x56, 0xe5, 0x00}, 2, false},
	{"LC that SBR extends", []byte{0x13, 0x10, 0x56, 0xe5, 0x98}, 2, true},
	{"LC with a core coder", []byte{0x12, 0x12, 0x00, 0x00}, 2, false},
	{"LC, channels elsewhere", []byte{0x12, 0x00}, 2, false},
	{"LC, rate in full", []byte{0x17, 0x80, 0x1f, 0x40, 0x08}, 2, false},
	{"SBR", []byte{0x2b, 0x92, 0x08, 0x00}, 5, true},
	{"PS", []byte{0xeb, 0x09, 0x88, 0x00}, 29, true},
	{"Main", []byte{0x0a, 0x10}, 1, false},
	{"escaped object type", []byte{0xf8, 0x46, 0x10}, 34, false},
	{"one byte", []byte{0x12}, 0, false},
	{"nothing", nil, 0, false},
}

func TestSoundConfigurationsAreRead(t *testing.T) {
	for _, c := range soundConfigs {
		got, ok := parseSoundConfig(c.p)
		if ok != (c.object != 0) || ok && (got.object != c.object || got.extended != c.extended) {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
}

func TestVideoConfigurationsAreRead(t *testing.T) {
	h265 := append([]byte{1, 0x22}, make([]byte, 21)...)
	h265[12], h265[21] = 120, 0xfc|1
	cases := []struct {
		name string
		p    []byte
		h265 bool
		want videoConfig
	}{
		{"H.264", []byte{1, 77, 0, 41, 0xff, 0xe1, 0}, false, videoConfig{77, 41, 4}},
		{"H.264, short lengths", []byte{1, 77, 0, 41, 0xfd, 0xe1, 0}, false, videoConfig{77, 41, 2}},
		{"H.265", h265, true, videoConfig{2, 120, 2}},
		{"H.264 cut", []byte{1, 77, 0}, false, videoConfig{}},
		{"H.265 cut", h265[:22], true, videoConfig{}},
		{"version 0", []byte{0, 77, 0, 41, 0xff, 0xe1, 0}, false, videoConfig{}},
		{"nothing", nil, false, videoConfig{}},
	}
	for _, c := range cases {
		if got, ok := parseVideoConfig(c.p, c.h265); got != c.want || ok != (c.want.prefix > 0) {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
}

// samples are coded pictures, and things that are none.
var samples = []struct {
	name   string
	p      []byte
	prefix int
	h265   bool
	want   bool
}{
	{"key frame", []byte{0, 0, 0, 2, 0x65, 1}, 4, false, true},
	{"parameters and slice", []byte{0, 1, 0x67, 0, 2, 0x41, 1}, 2, false, true},
	{"parameters alone", []byte{0, 1, 0x67}, 2, false, false},
	{"H.265 key frame", []byte{2, 19 << 1, 1}, 1, true, true},
	{"H.265 parameters alone", []byte{2, 32 << 1, 1}, 1, true, false},
	{"length beyond the end", []byte{0, 0, 0, 9, 0x65, 1}, 4, false, false},
	{"length 0", []byte{0, 0, 0, 0, 0x65, 1}, 4, false, false},
	{"rest of a length", []byte{0, 0, 0, 2, 0x65, 1, 0}, 4, false, false},
	{"bit that must be 0", []byte{0, 0, 0, 2, 0xe5, 1}, 4, false, false},
	{"with start codes", []byte{0, 0, 0, 1, 0x65, 1, 2, 3}, 4, false, false},
	{"nothing", nil, 4, false, false},
}

func TestPicturesAreToldFromOtherBytes(t *testing.T) {
	for _, c := range samples {
		if got := holdsPicture(c.p, c.prefix, c.h265); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzParsers(f *testing.F) {
	for _, c := range soundConfigs {
		f.Add(c.p, uint8(4), false)
	}
	for _, c := range samples {
		f.Add(c.p, uint8(c.prefix), c.h265) //nolint:gosec // 1 to 4
	}
	f.Fuzz(func(t *testing.T, p []byte, prefix uint8, h265 bool) {
		before := slices.Clone(p)
		described(p)
		if c, ok := parseSoundConfig(p); ok && len(p) < 2 {
			t.Errorf("%x: read as %+v", p, c)
		}
		if c, ok := parseVideoConfig(p, h265); ok && (c.prefix < 1 || c.prefix > 4) {
			t.Errorf("%x: lengths of %d bytes", p, c.prefix)
		}
		if n := int(prefix%4) + 1; holdsPicture(p, n, h265) && len(p) <= n {
			t.Errorf("%x: a picture without a byte", p)
		}
		if !slices.Equal(before, p) {
			t.Error("the input was changed")
		}
	})
}

func TestLongListsAreCut(t *testing.T) {
	if got := cut([]string{"1", "2", "3", "4", "5", "6", "7", "8"}); got != "1, 2, 3, 4, 5, 6 and 2 more" {
		t.Error(got)
	}
}
