package camera

import (
	"encoding/binary"

	"vedette/media"
)

// role is what a NAL unit is to a signer.
type role uint8

const (
	other   role = iota // not signed and not a coded slice: may come and go
	slice               // hashed, linked to the anchor before it
	anchor              // first slice of an IDR or IRAP picture: begins a group of pictures
	spare               // coded slice that only signers of every slice hash
	bare                // coded slice that no signer hashes
	message             // SEI
)

// roleOf tells the role of a NAL unit. Units that contradict themselves are not
// hashed by signers, but a decoder may show them: a coded slice among them is bare.
func roleOf(codec media.Codec, nal []byte) role {
	if codec == media.CodecH265 {
		return roleOfH265(nal)
	}
	return roleOfH264(nal)
}

func roleOfH264(nal []byte) role {
	if len(nal) == 0 {
		return other
	}
	ref, kind, sound := nal[0]>>5&3, nal[0]&31, nal[0]&0x80 == 0 && len(nal) > 1
	switch kind {
	case 1, 5:
		switch {
		case !sound || kind == 5 && ref == 0:
			return bare
		case kind == 5 && nal[1]&0x80 != 0: // first_mb_in_slice is 0
			return anchor
		}
		return slice
	case 2, 3, 4:
		if sound {
			return spare
		}
		return bare
	case 6:
		if sound && ref == 0 {
			return message
		}
	case 19, 20, 21: // auxiliary pictures, SVC, MVC and depth
		return bare
	}
	return other
}

func roleOfH265(nal []byte) role {
	if len(nal) < 2 {
		if len(nal) == 1 && nal[0]>>1&63 < 32 {
			return bare
		}
		return other
	}
	kind, layer, tid := nal[0]>>1&63, nal[0]&1<<5|nal[1]>>3, nal[1]&7
	sound := nal[0]&0x80 == 0 && tid > 0 && len(nal) > 2
	switch {
	case kind < 32 && (!sound || layer > 0):
		return bare
	case kind <= 1:
		return slice
	case kind >= 16 && kind <= 21:
		switch {
		case tid != 1: // temporal id of an IRAP picture is 0
			return bare
		case nal[2]&0x80 != 0: // first_slice_segment_in_pic_flag
			return anchor
		}
		return slice
	case kind < 32: // TSA, STSA, RADL, RASL and those that are reserved
		return spare
	case (kind == 39 || kind == 40) && sound && layer == 0:
		return message
	}
	return other
}

// headerSize is the length of a NAL unit's header.
func headerSize(codec media.Codec) int {
	if codec == media.CodecH265 {
		return 2
	}
	return 1
}

// trimmed cuts the zero bytes that muxers add behind a NAL unit.
func trimmed(nal []byte) []byte {
	n := len(nal)
	for n > 0 && nal[n-1] == 0 {
		n--
	}
	return nal[:n]
}

// maxNALs bounds the NAL units of one sample: 600 slices for each of four tiles
// is the most that levels of H.265 allow, with messages around them.
const maxNALs = 4096

// Split takes a sample apart at its length prefixes, which have size bytes,
// into the units of buf, which it grows. It reports false where the sample does
// not end with a unit; what follows the last whole prefix then is the last unit.
func Split(sample []byte, size int, buf [][]byte) ([][]byte, bool) {
	buf = buf[:0]
	for len(sample) > 0 {
		if len(sample) < size || len(buf) == maxNALs {
			return append(buf, sample), false
		}
		var prefix [4]byte
		copy(prefix[4-size:], sample[:size])
		n := uint64(binary.BigEndian.Uint32(prefix[:]))
		sample = sample[size:]
		if n > uint64(len(sample)) {
			return append(buf, sample), false
		}
		buf = append(buf, sample[:n])
		sample = sample[n:]
	}
	return buf, true
}

// prefixSize returns the length of the length prefixes by the decoder
// configuration, 4 where there is none.
func prefixSize(t media.Track) int {
	at := 4 // avcC
	if t.Codec == media.CodecH265 {
		at = 21
	}
	if len(t.Config) <= at {
		return 4
	}
	return int(t.Config[at]&3) + 1
}
