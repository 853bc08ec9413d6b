package decode

import (
	"encoding/binary"
	"encoding/hex"
	"testing"

	"vedette/media"
)

func FuzzInspector(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 0x65, 1}, []byte{1}, true)
	f.Add([]byte{0, 0, 0, 3, 0x26, 1, 9}, []byte{1}, false)
	f.Fuzz(func(t *testing.T, data, config []byte, avc bool) {
		track := media.Track{Codec: media.CodecH265, Config: config}
		if avc {
			track.Codec = media.CodecH264
		}
		n := newInspector(track)
		for range 3 { // the first may bring parameter sets
			f := n.inspect(data)
			if f.whole && f.parts == 0 {
				t.Error("pictures are right from a sample without a picture")
			}
			if len(n.hevc.held) > 64 {
				t.Errorf("%d pictures are held", len(n.hevc.held))
			}
		}
	})
}

// Configurations of two films of 64x48, with which slices of anything are read.
const (
	avcConfig  = "0164000affe100176764000aacec47b011000003000100000300320f12253801000668eae3cb22c0fdf8f800"
	hevcConfig = "0101600000009000000000001ef000fcfdf8f800000f03200001001840010c01ffff01600000030090000003000003001e959809210001002842010101600000030090000003000003001ea02083165959aaf2bc05a0200000030020000003032122000100064401c173d189"
)

func FuzzCodedData(f *testing.F) {
	f.Add([]byte{0x65, 0x88, 0x84, 0, 0x33, 0xff, 0xfe}, true)
	f.Add([]byte{0x26, 1, 0xaf, 0x13, 0x20, 0x7f, 0xff, 0, 0x80}, false)
	f.Fuzz(func(t *testing.T, nal []byte, avc bool) {
		track := media.Track{Codec: media.CodecH265}
		text := hevcConfig
		if avc {
			track.Codec, text = media.CodecH264, avcConfig
		}
		var err error
		if track.Config, err = hex.DecodeString(text); err != nil {
			t.Fatal(err)
		}
		n := newInspector(track)
		n.deep = true
		sample := append(binary.BigEndian.AppendUint32(nil, uint32(len(nal))), nal...)
		for range 2 {
			if f := n.inspect(sample); len(nal) > 0 && f.fault == "" && f.parts == 0 {
				t.Error("nothing is wrong with a sample without a picture")
			}
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

func TestCRCIsThatOfTheStandard(t *testing.T) {
	plane := make([]byte, 999)
	for i := range plane {
		plane[i] = byte(i * i >> 3)
	}
	crc := uint32(0xffff) // D.3.19 of ISO/IEC 23008-2, bit by bit
	feed := func(bit uint32) { crc = (crc<<1+bit)&0xffff ^ crc>>15&1*0x1021 }
	for _, v := range plane {
		for b := 7; b >= 0; b-- {
			feed(uint32(v) >> b & 1)
		}
	}
	for range 16 {
		feed(0)
	}
	if got := sumOf(1, plane, 27, false); binary.BigEndian.Uint16(got) != uint16(crc) {
		t.Errorf("%x, want %04x", got, crc)
	}
}
