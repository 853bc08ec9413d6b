package decode

import (
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
