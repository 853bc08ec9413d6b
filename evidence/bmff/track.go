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
	Rotation      int  // clockwise, 0, 90, 180 or 270 degrees
	Mirror        bool // left and right are exchanged before the turn
	Odd           bool // the matrix does something else: neither is to be applied
	Matrix        [9]int32
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
	for i := range t.Matrix {
		t.Matrix[i] = int32(c.u32("matrix"))
	}
	t.Width, t.Height = c.u32("width")>>16, c.u32("height")>>16
	t.turn()
	if c.err == nil && t.ID == 0 {
		c.err = Faultf(Malformed, b, "track_ID 0")
	}
	return t, c.fault()
}

// turn reads what the matrix does to the picture. The picture point (x, y) is
// shown at (ax+cy, bx+dy), and what moves it as a whole does not matter here.
// Scaling by the same factor both ways is the stage's business; anything else
// but quarter turns and mirroring is odd.
func (t *TrackHeader) turn() {
	a, b, c, d := t.Matrix[0], t.Matrix[1], t.Matrix[3], t.Matrix[4]
	quarter := a == 0 && d == 0
	straight := b == 0 && c == 0
	even := straight && abs(a) == abs(d) || quarter && abs(b) == abs(c)
	if t.Matrix[2] != 0 || t.Matrix[5] != 0 || !even || straight == quarter {
		t.Odd = true
		return
	}
	switch {
	case straight && a > 0 && d > 0:
	case straight && a < 0 && d < 0:
		t.Rotation = 180
	case straight && a < 0:
		t.Mirror = true
	case straight:
		t.Mirror, t.Rotation = true, 180
	case b > 0 && c < 0:
		t.Rotation = 90
	case b < 0 && c > 0:
		t.Rotation = 270
	case b > 0:
		t.Mirror, t.Rotation = true, 270
	default:
		t.Mirror, t.Rotation = true, 90
	}
}

func abs(v int32) int64 { return max(int64(v), -int64(v)) }

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
