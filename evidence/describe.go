package evidence

import (
	"fmt"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// describeTrack takes over what the boxes say of a track, and notes what they
// say twice or what is not followed.
func (e *Export) describeTrack(t *media.Track, handler string, entries []bmff.SampleEntry, th bmff.TrackHeader, stsd, tkhd *bmff.Box) {
	switch handler {
	case "vide":
		t.Kind = media.KindVideo
	case "soun":
		t.Kind = media.KindAudio
	case "meta":
		t.Kind = media.KindMetadata
	}
	first := entries[0]
	t.Entry, t.Codec, t.Encoding, t.Config = first.Type, codecOf(first.Type), first.Encoding, first.Config
	t.Width, t.Height, t.SampleRate, t.Channels = first.Width, first.Height, first.SampleRate, first.Channels
	if t.Codec == media.CodecG722 {
		t.SampleRate = 16000 // sample entries often state the RTP clock of 8000
	}
	if len(entries) > 1 {
		e.note("", diag.At("TRACK-ENTRIES", diag.Note, stsd.Offset, stsd.End(), "track %d has %d sample entries: how its samples are coded changes within it", t.ID, len(entries)))
	}
	if t.Kind != media.KindVideo {
		return
	}
	t.Rotation, t.Mirror = th.Rotation, th.Mirror
	if th.Odd {
		e.note("", diag.At("TRACK-MATRIX", diag.Warning, tkhd.Offset, tkhd.End(),
			"the matrix of track %d does more than turn by quarters and mirror; its pictures are shown as they are stored", t.ID))
	}
	all := make([]media.Description, 0, len(entries))
	for n, x := range entries {
		d := media.Description{Entry: x.Type, Codec: codecOf(x.Type), Width: x.Width, Height: x.Height, Config: x.Config}
		if d.Width == 0 {
			d.Width, d.Height = int(th.Width), int(th.Height)
		}
		if set, ok := bmff.ParameterSet(x.Type, x.Config); ok {
			d.Coding = codingOf(x.Type, set)
		}
		e.shape(&d, x, t.ID, stsd)
		if n == 0 {
			t.Width, t.Height, t.PixelAspect, t.Clean, t.Coding = d.Width, d.Height, d.PixelAspect, d.Clean, d.Coding
		}
		all = append(all, d)
	}
	if len(all) > 1 {
		t.Descriptions = all
	}
}

// shape decides what the pixels look like: the sample entry is of the file and
// counts before the coded data (as players have it); where both differ it is told.
func (e *Export) shape(d *media.Description, x bmff.SampleEntry, track uint32, stsd *bmff.Box) {
	coded := d.Coding.PixelAspect
	d.PixelAspect = aspectOf(x.Aspect)
	if d.PixelAspect == [2]int{} {
		d.PixelAspect = coded
	} else if p := d.PixelAspect; coded[0] > 0 && int64(p[0])*int64(coded[1]) != int64(p[1])*int64(coded[0]) {
		e.note("", diag.At("TRACK-ASPECT", diag.Warning, stsd.Offset, stsd.End(),
			"pixels of track %d are %d:%d by its sample entry and %d:%d by the coded data; the sample entry counts", track, p[0], p[1], coded[0], coded[1]))
	}
	if x.Clean == nil {
		return
	}
	w, h := d.Coding.Width, d.Coding.Height
	if w == 0 {
		w, h = d.Width, d.Height
	}
	cx, cy, cw, ch, ok := x.Clean.Crop(w, h)
	if !ok {
		e.note("", diag.At("TRACK-CLEAN", diag.Warning, stsd.Offset, stsd.End(), "the clean aperture of track %d lies outside its pictures and is not told", track))
		return
	}
	d.Clean = media.Crop{X: cx, Y: cy, Width: cw, Height: ch}
	if cw < w || ch < h {
		e.note("", diag.At("TRACK-CLEAN", diag.Note, stsd.Offset, stsd.End(),
			"track %d asks to show %d x %d of its %d x %d pixels; all of them are shown", track, cw, ch, w, h))
	}
}

// maxAspect bounds a ratio of pixels that is believed.
const maxAspect = 1 << 16

// aspectOf returns a ratio in lowest terms, or none.
func aspectOf(a [2]uint32) [2]int {
	if a[0] == 0 || a[1] == 0 || a[0] > maxAspect || a[1] > maxAspect {
		return [2]int{}
	}
	x, y := a[0], a[1]
	for y > 0 {
		x, y = y, x%y
	}
	return [2]int{int(a[0] / x), int(a[1] / x)}
}

func codecOf(entry string) media.Codec {
	switch entry {
	case "avc1", "avc3":
		return media.CodecH264
	case "hvc1", "hev1":
		return media.CodecH265
	case "mp4a":
		return media.CodecAAC
	case "alaw":
		return media.CodecG711A
	case "ulaw":
		return media.CodecG711U
	case "g722", "G722":
		return media.CodecG722
	case "metx":
		return media.CodecMetadata
	}
	return media.CodecUnknown
}

// Names of profiles (ISO/IEC 14496-10, annex A; ISO/IEC 23008-2, annex A).
var (
	profiles264 = map[int]string{
		66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4 Predictive", 44: "CAVLC 4:4:4 Intra",
	}
	profiles265 = map[int]string{1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions", 9: "Screen-Extended"}
)

func codingOf(entry string, c bmff.Coding) media.Coding {
	out := media.Coding{
		Chroma: [...]string{"gray", "4:2:0", "4:2:2", "4:4:4"}[c.Chroma&3], Depth: c.Depth, Width: c.Width, Height: c.Height,
		Crop: c.Cut, Fields: c.Fields, PixelAspect: aspectOf(c.Aspect),
	}
	names, tens := profiles264, c.Level
	if codecOf(entry) == media.CodecH265 {
		names, tens = profiles265, c.Level/3 // in thirtieths
	}
	out.Level = fmt.Sprintf("%d.%d", tens/10, tens%10)
	if out.Profile = names[c.Profile]; out.Profile == "" {
		out.Profile = fmt.Sprintf("profile %d", c.Profile)
	}
	return out
}
