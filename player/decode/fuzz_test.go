package decode

import (
	"testing"

	"vedette/media"
)

func FuzzExamine(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 0x65, 1}, true, 4)
	f.Add([]byte{0, 0, 0, 3, 0x26, 1, 9}, false, 4)
	f.Add([]byte{1, 0x41, 0xff}, true, 1)
	f.Fuzz(func(t *testing.T, data []byte, avc bool, size int) {
		c := media.CodecH265
		if avc {
			c = media.CodecH264
		}
		facts := examine(c, 1+(size&3), data)
		if facts.clean && !facts.sync {
			t.Error("a clean start is no start")
		}
	})
}

func FuzzMessages(f *testing.F) {
	var buf [wireSize]byte
	f.Add(message{op: evPicture, slot: 1, index: 7, text: "x"}.encode(buf[:]))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, p []byte) {
		m, err := parseMessage(p)
		if err != nil {
			return
		}
		var out [wireSize + wireText]byte
		if got := m.encode(out[:]); string(got) != string(p) {
			t.Errorf("%d bytes came back as %d", len(p), len(got))
		}
	})
}

func TestCodedDataSaysWhereDecodingCanStart(t *testing.T) {
	cases := []struct {
		name  string
		codec media.Codec
		data  []byte
		want  unitFacts
	}{
		{"IDR", media.CodecH264, []byte{0, 0, 0, 1, 0x65}, unitFacts{sync: true, clean: true, lengths: true}},
		{"reference slice", media.CodecH264, []byte{0, 0, 0, 1, 0x41}, unitFacts{lengths: true}},
		{"other slice", media.CodecH264, []byte{0, 0, 0, 1, 0x01}, unitFacts{nonRef: true, lengths: true}},
		{"recovery point", media.CodecH264, []byte{0, 0, 0, 2, 6, 6, 0, 0, 0, 1, 0x41}, unitFacts{sync: true, lengths: true}},
		{"IDR of H.265", media.CodecH265, []byte{0, 0, 0, 2, 19 << 1, 1}, unitFacts{sync: true, clean: true, lengths: true}},
		{"CRA", media.CodecH265, []byte{0, 0, 0, 2, 21 << 1, 1}, unitFacts{sync: true, lengths: true}},
		{"sub-layer picture", media.CodecH265, []byte{0, 0, 0, 2, 0, 1}, unitFacts{nonRef: true, lengths: true}},
		{"length too long", media.CodecH264, []byte{0, 0, 0, 9, 0x65}, unitFacts{}},
		{"nothing", media.CodecH264, nil, unitFacts{lengths: true}},
	}
	for _, c := range cases {
		if got := examine(c.codec, 4, c.data); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
