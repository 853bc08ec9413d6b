package decode

import (
	"encoding/binary"

	"vedette/media"
)

// unitFacts is what the coded data itself says of one sample, since the
// container's word for it can be wrong.
type unitFacts struct {
	parts    int    // of the coded picture (slices); 0: there is no picture in it
	sync     bool   // decoding can start here
	open     bool   // pictures decoded later and shown before it may need earlier ones
	nonRef   bool   // no other picture refers to it
	carries  bool   // libraries carry damage of it over to others all the same
	recovery int    // frame numbers until pictures are right when decoding starts here
	whole    bool   // from here on pictures are right, whatever came before
	skipped  bool   // the decoder is bound to leave it out (RASL)
	fault    string // what is wrong with it, as far as can be seen without decoding
	missing  string // what is wrong with the sequence before it
	hash     *pictureHash
	read     bool // its coded data were read to their end
}

// inspector reads the headers of coded pictures in decode order. It knows the
// parameter sets, and what a sequence without losses goes on with.
type inspector struct {
	codec media.Codec
	size  int // of the length field of a part
	avc   avcStream
	hevc  hevcStream
	rbsp  []byte

	deep    bool // the coded data of slices are read as well
	data    hevcData
	avcData avcData
	body    []byte
}

// newInspector reads the parameter sets of the decoder configuration.
func newInspector(t media.Track) *inspector {
	n := &inspector{codec: t.Codec, size: lengthSize(t)}
	n.restart()
	for _, p := range configParts(t) {
		n.part(p, &unitFacts{})
	}
	return n
}

// restart forgets the sequence, since decoding starts elsewhere.
func (n *inspector) restart() {
	n.avc.known, n.avc.refreshing = false, false
	n.hevc.known, n.hevc.fresh = false, true
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

// configParts returns the parameter sets of an avcC or hvcC record.
func configParts(t media.Track) [][]byte {
	var out [][]byte
	p := t.Config
	take := func(count int) {
		for ; count > 0 && len(p) >= 2; count-- {
			n := int(binary.BigEndian.Uint16(p))
			if n > len(p)-2 {
				p = nil
				return
			}
			if n > 0 {
				out = append(out, p[2:2+n])
			}
			p = p[2+n:]
		}
	}
	switch {
	case t.Codec == media.CodecH264 && len(p) > 6:
		count := int(p[5] & 31)
		p = p[6:]
		take(count)
		if len(p) > 0 {
			count, p = int(p[0]), p[1:]
			take(count)
		}
	case t.Codec == media.CodecH265 && len(p) > 23:
		arrays := int(p[22])
		for p = p[23:]; arrays > 0 && len(p) >= 3; arrays-- {
			count := int(binary.BigEndian.Uint16(p[1:]))
			p = p[3:]
			take(count)
		}
	}
	return out
}

// eachPart calls do for every part of a sample, and reports whether their
// lengths sum up to its size.
func eachPart(size int, data []byte, do func(nal []byte)) bool {
	for at := 0; at < len(data); {
		if at+size > len(data) {
			return false
		}
		var word [4]byte
		copy(word[4-size:], data[at:at+size])
		n := int(binary.BigEndian.Uint32(word[:]))
		at += size
		if n == 0 || at == len(data) {
			return false
		}
		if n > len(data)-at {
			do(data[at:]) // its header is there
			return false
		}
		do(data[at : at+n])
		at += n
	}
	return true
}

// inspect reads the parts of the next sample.
func (n *inspector) inspect(data []byte) unitFacts {
	f := unitFacts{nonRef: true, read: n.deep}
	n.avc.begin()
	n.hevc.begin()
	n.data.begin()
	n.avcData.begin()
	if !eachPart(n.size, data, func(p []byte) { n.part(p, &f) }) {
		f.fault = "the parts of the coded picture do not sum up to its size"
	}
	if n.deep && f.fault == "" && f.parts > 0 {
		n.completed(&f)
	}
	if f.parts == 0 {
		f.nonRef = false
		f.blame("there is no coded picture in the sample")
	}
	return f
}

func (n *inspector) part(p []byte, f *unitFacts) {
	if p[0]&0x80 != 0 {
		f.blame("a part has its forbidden bit set")
		return
	}
	if emulated(p) {
		f.blame("a part holds a start code")
	}
	if n.codec == media.CodecH264 {
		n.avcPart(p, f)
	} else {
		n.hevcPart(p, f)
	}
}

// blame keeps the first fault.
func (f *unitFacts) blame(what string) {
	if f.fault == "" {
		f.fault = what
	}
}

const unsound = "the coded data of the picture do not end where they must"

// completed tells a picture of which slices are missing.
func (n *inspector) completed(f *unitFacts) {
	if n.data.laidFor != nil && !n.data.complete() || n.avcData.sps != nil && !n.avcData.complete() {
		f.blame("parts of the picture are missing")
	}
}

// payload takes padding and emulation prevention out of a slice.
func (n *inspector) payload(nal []byte) []byte {
	for end := len(nal); ; {
		for end > 0 && nal[end-1] == 0 {
			end--
		}
		if nal = nal[:end]; end < 3 || nal[end-1] != 3 || nal[end-2] != 0 || nal[end-3] != 0 {
			break
		}
		end--
	}
	n.body = unescape(n.body, nal, len(nal))
	return n.body
}
