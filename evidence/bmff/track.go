package bmff

import (
	"encoding/binary"

	"github.com/Eyevinn/mp4ff/bits"
	"github.com/Eyevinn/mp4ff/mp4"
)

// MovieHeader is what is used of mvhd.
type MovieHeader struct {
	Timescale uint32
	Created   uint64 // seconds since 1904-01-01
}

// ParseMvhd reads an mvhd body.
func ParseMvhd(b Box, p []byte) (MovieHeader, error) {
	c := &cursor{box: b, p: p}
	var m MovieHeader
	if v, _ := c.full(); v == 1 {
		m.Created = c.u64("creation_time")
		c.u64("modification_time")
	} else {
		m.Created = uint64(c.u32("creation_time"))
		c.u32("modification_time")
	}
	m.Timescale = c.u32("timescale")
	if c.err == nil && m.Timescale == 0 {
		c.err = Faultf(Malformed, b, "timescale 0")
	}
	return m, c.fault()
}

// TrackHeader is what is used of tkhd.
type TrackHeader struct {
	ID            uint32
	Rotation      int // clockwise, 0, 90, 180 or 270 degrees
	Width, Height uint32
}

// ParseTkhd reads a tkhd body.
func ParseTkhd(b Box, p []byte) (TrackHeader, error) {
	c := &cursor{box: b, p: p}
	var t TrackHeader
	v, _ := c.full()
	c.take(8+8*int(v&1), "times")
	t.ID = c.u32("track_ID")
	c.take(8+4*int(v&1), "duration")
	c.take(16, "layer, group and volume")
	var m [9]int32
	for i := range m {
		m[i] = int32(c.u32("matrix"))
	}
	t.Width, t.Height = c.u32("width")>>16, c.u32("height")>>16
	switch {
	case m[0] == 0 && m[1] > 0 && m[3] < 0:
		t.Rotation = 90
	case m[0] < 0 && m[1] == 0:
		t.Rotation = 180
	case m[0] == 0 && m[1] < 0 && m[3] > 0:
		t.Rotation = 270
	}
	if c.err == nil && t.ID == 0 {
		c.err = Faultf(Malformed, b, "track_ID 0")
	}
	return t, c.fault()
}

// ParseMdhd reads the timescale of an mdhd body.
func ParseMdhd(b Box, p []byte) (timescale uint32, err error) {
	c := &cursor{box: b, p: p}
	v, _ := c.full()
	c.take(8+8*int(v&1), "times")
	timescale = c.u32("timescale")
	if c.err == nil && timescale == 0 {
		c.err = Faultf(Malformed, b, "timescale 0")
	}
	return timescale, c.fault()
}

// ParseHdlr reads the handler type of an hdlr body. Its name is not read:
// writers leave out the terminating zero.
func ParseHdlr(b Box, p []byte) (string, error) {
	c := &cursor{box: b, p: p}
	c.full()
	c.u32("pre_defined")
	h := string(c.take(4, "handler_type"))
	return h, c.fault()
}

// Edit is one entry of an edit list. MediaTime -1 is an empty edit.
type Edit struct {
	Duration  uint64 // in the movie's timescale
	MediaTime int64  // in the track's timescale
	Rate      int32  // 16.16
}

// ParseElst reads an elst body.
func ParseElst(b Box, p []byte) ([]Edit, error) {
	c := &cursor{box: b, p: p}
	v, _ := c.full()
	n := c.count(c.u32("entry_count"), 12+8*int(v&1), "entry_count")
	out := make([]Edit, 0, n)
	for range n {
		var e Edit
		if v == 1 {
			e.Duration, e.MediaTime = c.u64("segment_duration"), int64(c.u64("media_time"))
		} else {
			e.Duration, e.MediaTime = uint64(c.u32("segment_duration")), int64(int32(c.u32("media_time")))
		}
		e.Rate = int32(c.u32("media_rate"))
		out = append(out, e)
	}
	return out, c.fault()
}

// SelfContained reports whether every entry of a walked dref says that the
// media lies in this file.
func SelfContained(dref *Box, flags func(*Box) (uint32, error)) (bool, error) {
	for _, e := range dref.Children {
		f, err := flags(e)
		if err != nil {
			return false, err
		}
		if f&1 == 0 {
			return false, nil
		}
	}
	return true, nil
}

// Flags reads the flags of a FullBox body.
func Flags(b Box, p []byte) (uint32, error) {
	c := &cursor{box: b, p: p}
	_, f := c.full()
	return f, c.fault()
}

// SampleEntry is the first entry of a sample description.
type SampleEntry struct {
	Type          string
	Width, Height int    // video
	SampleRate    int    // audio
	Channels      int    // audio
	Config        []byte // avcC or hvcC payload, or AudioSpecificConfig
	Encoding      string // metx
	Namespace     string // metx
	Entries       int    // number of entries in the description
}

// maxEntries bounds the entries of a sample description: a change of coding
// within one track is rare, and more than a few are nonsense.
const maxEntries = 64

// ParseStsd reads an stsd body.
func ParseStsd(b Box, p []byte) (SampleEntry, error) {
	c := &cursor{box: b, p: p}
	c.full()
	n := c.count(c.u32("entry_count"), 16, "entry_count")
	if c.err != nil {
		return SampleEntry{}, c.err
	}
	if n == 0 || n > maxEntries {
		return SampleEntry{}, Faultf(Malformed, b, "%d sample entries, want 1", n)
	}
	size := int(c.u32("entry size"))
	kind := string(c.take(4, "entry type"))
	body := c.take(size-8, "entry "+Printable(kind))
	if c.err != nil {
		return SampleEntry{}, c.err
	}
	e := SampleEntry{Type: kind, Entries: n}
	s := &cursor{box: b, p: body}
	s.take(8, "reserved and data reference")
	switch kind {
	case "avc1", "avc3", "hvc1", "hev1":
		s.take(16, "pre_defined")
		e.Width, e.Height = int(s.u16("width")), int(s.u16("height"))
		s.take(50, "visual sample entry")
		e.Config = configOf(s)
	case "mp4a", "alaw", "ulaw", "g722", "G722", "twos", "sowt", "raw ":
		version := s.u16("version")
		s.take(6, "revision and vendor")
		e.Channels = int(s.u16("channelcount"))
		s.take(6, "samplesize")
		e.SampleRate = int(s.u32("samplerate") >> 16)
		if version == 1 {
			s.take(16, "sound description version 1")
		}
		if kind == "mp4a" && s.err == nil {
			e.Config = configOf(s)
		}
	case "metx":
		e.Encoding, e.Namespace = s.text("content_encoding"), s.text("namespace")
	}
	return e, s.fault()
}

// configOf finds the decoder configuration among the boxes after a sample entry.
func configOf(s *cursor) []byte {
	for s.err == nil && s.left() >= 8 {
		size := int(s.u32("box size"))
		kind := string(s.take(4, "box type"))
		body := s.take(size-8, Printable(kind))
		switch {
		case s.err != nil:
			return nil
		case kind == "avcC" || kind == "hvcC":
			return body
		case kind == "wave":
			if c := configOf(&cursor{box: s.box, p: body}); c != nil {
				return c
			}
		case kind == "esds":
			return audioConfig(body)
		}
	}
	return nil
}

// audioConfig takes the AudioSpecificConfig out of an esds body; nil if there is none.
func audioConfig(body []byte) []byte {
	whole := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	whole = append(append(whole, "esds"...), body...)
	box, err := mp4.DecodeBoxSR(0, bits.NewFixedSliceReader(whole))
	if err != nil {
		return nil
	}
	esds, ok := box.(*mp4.EsdsBox)
	if !ok || esds.DecConfigDescriptor == nil || esds.DecConfigDescriptor.DecSpecificInfo == nil {
		return nil
	}
	return esds.DecConfigDescriptor.DecSpecificInfo.DecConfig
}

// ParseCami reads a cami body, the UUID of a track.
func ParseCami(b Box, p []byte) ([16]byte, error) {
	c := &cursor{box: b, p: p}
	var u [16]byte
	copy(u[:], c.take(16, "UUID"))
	return u, c.fault()
}
