package bmff

// SampleEntry is one entry of a sample description.
type SampleEntry struct {
	Type          string
	Width, Height int    // video
	SampleRate    int    // audio
	Channels      int    // audio
	Config        []byte // avcC or hvcC payload, or AudioSpecificConfig
	Encoding      string // metx
	Namespace     string // metx
	Aspect        [2]uint32
	Clean         *Aperture
}

// Aperture is a clean aperture (clap): fractions of pixels, numerator and
// denominator, of width, height and of the shift of its centre.
type Aperture struct{ Width, Height, Horizontal, Vertical [2]int64 }

// Crop returns the whole pixels that the aperture leaves of a picture, false
// when it is none within it.
func (a Aperture) Crop(width, height int) (x, y, w, h int, ok bool) {
	x, w, okX := side(a.Width, a.Horizontal, width)
	y, h, okY := side(a.Height, a.Vertical, height)
	return x, y, w, h, okX && okY
}

// side computes one direction: the centre lies at shift + (full-1)/2.
func side(size, shift [2]int64, full int) (from, n int, ok bool) {
	if size[1] <= 0 || shift[1] <= 0 || size[0] <= 0 || full <= 0 {
		return 0, 0, false
	}
	w, s := float64(size[0])/float64(size[1]), float64(shift[0])/float64(shift[1])
	left := s + (float64(full)-w)/2
	if left < -0.5 || left+w > float64(full)+0.5 {
		return 0, 0, false
	}
	from = max(int(left+0.5), 0)
	n = min(int(w+0.5), full-from)
	return from, n, n > 0
}

// maxEntries bounds the entries of a sample description: a change of coding
// within one track is rare, and more than a few are nonsense.
const maxEntries = 64

// ParseStsd reads an stsd body: at least one entry.
func ParseStsd(b Box, p []byte) ([]SampleEntry, error) {
	c := &cursor{box: b, p: p}
	c.full()
	n := c.count(c.u32("entry_count"), 16, "entry_count")
	if c.err != nil {
		return nil, c.err
	}
	if n == 0 || n > maxEntries {
		return nil, Faultf(Malformed, b, "%d sample entries, want 1 to %d", n, maxEntries)
	}
	out := make([]SampleEntry, 0, n)
	for range n {
		size := int(c.u32("entry size"))
		kind := string(c.take(4, "entry type"))
		body := c.take(size-8, "entry "+Printable(kind))
		if c.err != nil {
			return nil, c.err
		}
		e, err := parseEntry(b, kind, body)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func parseEntry(b Box, kind string, body []byte) (SampleEntry, error) {
	e := SampleEntry{Type: kind}
	s := &cursor{box: b, p: body}
	s.take(8, "reserved and data reference")
	switch kind {
	case "avc1", "avc3", "hvc1", "hev1":
		s.take(16, "pre_defined")
		e.Width, e.Height = int(s.u16("width")), int(s.u16("height"))
		s.take(50, "visual sample entry")
		e.extras(s)
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
			e.extras(s)
		}
	case "metx":
		e.Encoding, e.Namespace = s.text("content_encoding"), s.text("namespace")
	}
	return e, s.fault()
}

// extras reads the boxes after a sample entry: the decoder configuration and
// what is said of the shape of the picture. Of several the first counts.
func (e *SampleEntry) extras(s *cursor) {
	for s.err == nil && s.left() >= 8 {
		size := int(s.u32("box size"))
		kind := string(s.take(4, "box type"))
		body := s.take(size-8, Printable(kind))
		in := &cursor{box: s.box, p: body}
		switch {
		case s.err != nil:
			return
		case e.Config == nil && (kind == "avcC" || kind == "hvcC"):
			e.Config = body
		case e.Config == nil && kind == "wave":
			e.extras(in)
		case e.Config == nil && kind == "esds":
			e.Config = audioConfig(body)
		case kind == "pasp" && e.Aspect == [2]uint32{} && len(body) >= 8:
			e.Aspect = [2]uint32{in.u32("hSpacing"), in.u32("vSpacing")}
		case kind == "clap" && e.Clean == nil && len(body) >= 32:
			f := func(name string) [2]int64 {
				return [2]int64{int64(int32(in.u32(name))), int64(int32(in.u32(name)))}
			}
			e.Clean = &Aperture{Width: f("cleanApertureWidth"), Height: f("cleanApertureHeight"), Horizontal: f("horizOff"), Vertical: f("vertOff")}
		}
	}
}
