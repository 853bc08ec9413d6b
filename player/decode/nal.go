package decode

import (
	"encoding/binary"

	"vedette/media"
)

// unitFacts is what the coded data itself says of a picture, since the
// container's word for it can be wrong.
type unitFacts struct {
	sync    bool // decoding can start here
	clean   bool // and no later picture shown before it needs earlier ones (IDR)
	nonRef  bool // no other picture refers to it
	lengths bool // the lengths of its parts sum up to its size
}

// lengthSize returns the bytes of a part's length field, from avcC or hvcC.
func lengthSize(t media.Track) int {
	switch {
	case t.Codec == media.CodecH264 && len(t.Config) > 4:
		return int(t.Config[4]&3) + 1
	case t.Codec == media.CodecH265 && len(t.Config) > 21:
		return int(t.Config[21]&3) + 1
	}
	return 4
}

// examine reads the headers of the parts (NAL units) of one coded picture.
func examine(c media.Codec, size int, data []byte) unitFacts {
	f := unitFacts{lengths: true, nonRef: true}
	slices, recovery := 0, false
	for at := 0; at < len(data); {
		if at+size > len(data) {
			f.lengths = false
			break
		}
		var word [4]byte
		copy(word[4-size:], data[at:at+size])
		n := int(binary.BigEndian.Uint32(word[:]))
		at += size
		if n == 0 || n > len(data)-at {
			f.lengths = false
			break
		}
		p := data[at : at+n]
		at += n
		if c == media.CodecH264 {
			slices, recovery = f.avc(p, slices, recovery)
		} else {
			slices = f.hevc(p, slices)
		}
	}
	if slices == 0 {
		f.nonRef = false
	}
	f.sync = f.sync || recovery
	return f
}

// avc reads one part of H.264 (ISO/IEC 14496-10, 7.4.1).
func (f *unitFacts) avc(p []byte, slices int, recovery bool) (int, bool) {
	switch kind := p[0] & 31; kind {
	case 1, 2, 5:
		if p[0]>>5&3 != 0 {
			f.nonRef = false
		}
		if kind == 5 {
			f.sync, f.clean = true, true
		}
		return slices + 1, recovery
	case 6:
		return slices, recovery || len(p) > 1 && p[1] == 6 // recovery point message
	}
	return slices, recovery
}

// hevc reads one part of H.265 (ISO/IEC 23008-2, 7.4.2.2).
func (f *unitFacts) hevc(p []byte, slices int) int {
	kind := p[0] >> 1 & 63
	if kind > 31 {
		return slices
	}
	if kind >= 16 || kind%2 == 1 {
		f.nonRef = false
	}
	if kind >= 16 && kind <= 21 {
		f.sync = true
		f.clean = f.clean || kind == 19 || kind == 20
	}
	return slices + 1
}
