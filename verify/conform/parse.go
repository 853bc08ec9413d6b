package conform

import "encoding/binary"

// described returns the first track that a track reference box (its body)
// refers to by cdsc, "describes"; 0 for none.
func described(p []byte) uint32 {
	for len(p) >= 8 {
		size := binary.BigEndian.Uint32(p)
		if size < 8 || uint64(size) > uint64(len(p)) {
			return 0
		}
		if string(p[4:8]) == "cdsc" && size >= 12 {
			return binary.BigEndian.Uint32(p[8:])
		}
		p = p[size:]
	}
	return 0
}

// bits reads numbers of any width; beyond the end it reads zeros and says so.
type bits struct {
	p    []byte
	at   int
	over bool
}

func (b *bits) take(n int) (v uint32) {
	for range n {
		if b.at >= 8*len(b.p) {
			b.over = true
			return 0
		}
		v = v<<1 | uint32(b.p[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v
}

// Audio object types of ISO/IEC 14496-3.
const (
	objectLC  = 2
	objectSBR = 5
	objectPS  = 29
)

// soundConfig is what an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) says.
type soundConfig struct {
	object   uint32
	extended bool // with spectral band replication, which AAC-LC does not have
}

// parseSoundConfig reads an AudioSpecificConfig as far as it is asked for;
// false if it ends before that.
func parseSoundConfig(p []byte) (soundConfig, bool) {
	b := &bits{p: p}
	object := func() uint32 {
		t := b.take(5)
		if t == 31 {
			t = 32 + b.take(6)
		}
		return t
	}
	c := soundConfig{object: object()}
	if b.take(4) == 15 {
		b.take(24)
	}
	channels := b.take(4)
	if b.over {
		return c, false
	}
	if c.object == objectSBR || c.object == objectPS {
		c.extended = true
		return c, true
	}
	if c.object != objectLC || channels == 0 {
		return c, true // no fixed place for what follows
	}
	b.take(1)          // frameLengthFlag
	if b.take(1) > 0 { // dependsOnCoreCoder
		b.take(14)
	}
	b.take(1)                                                    // extensionFlag
	if b.take(11) == 0x2b7 && object() == objectSBR && !b.over { // backward compatible signalling
		c.extended = b.take(1) > 0
	}
	return c, true
}

// profiles are names of H.264 and H.265 profiles by profile_idc.
var (
	profilesH264 = map[byte]string{66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4"}
	profilesH265 = map[byte]string{1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions"}
)

// videoConfig is what a decoder configuration record says.
type videoConfig struct {
	profile byte
	level   byte // H.264: ten times the level, H.265: thirty times
	prefix  int  // bytes of the length before each unit
}

// parseVideoConfig reads the head of an avcC or hvcC payload (ISO/IEC
// 14496-15); false if it is too short or of another version.
func parseVideoConfig(p []byte, h265 bool) (videoConfig, bool) {
	switch {
	case len(p) == 0 || p[0] != 1:
		return videoConfig{}, false
	case h265 && len(p) >= 23:
		return videoConfig{p[1] & 31, p[12], int(p[21]&3) + 1}, true
	case !h265 && len(p) >= 7:
		return videoConfig{p[1], p[3], int(p[4]&3) + 1}, true
	}
	return videoConfig{}, false
}

// holdsPicture reports whether a sample is a row of units, each with its
// length before it, that fills the sample exactly and has a slice of a picture.
func holdsPicture(p []byte, prefix int, h265 bool) bool {
	slice := false
	for len(p) > 0 {
		if len(p) < prefix {
			return false
		}
		n := 0
		for _, c := range p[:prefix] {
			n = n<<8 | int(c)
		}
		p = p[prefix:]
		if n == 0 || n > len(p) || p[0]&0x80 != 0 { // forbidden_zero_bit
			return false
		}
		if h265 {
			slice = slice || p[0]>>1 < 32
		} else {
			t := p[0] & 31
			slice = slice || t >= 1 && t <= 5
		}
		p = p[n:]
	}
	return slice
}
