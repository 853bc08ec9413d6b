package bmff

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Suep is the export information box, in version 1 or the older version 0.
type Suep struct {
	Version  int
	UnitName string
	UnitURL  string
	UnitMAC  string
	Time     uint64 // seconds since 1904-01-01
	Operator string
	Sources  []SuepSource
	IDBits   int // width of TrackID as found: 16 or 32; 0 in version 0
}

// SuepSource is the entry of one track.
type SuepSource struct {
	Track uint32   // version 1
	UUID  [16]byte // version 0: that of the track's cami box
	Audio bool     // version 0: from the list of audio entries
	Name  string
	URL   string
	MAC   string
	Line  string
}

// ParseSuep reads a suep body. Both widths of TrackID are in the field: the
// one is taken that ends exactly at the end of the box with valid text and
// known tracks, 16 bits first as the standard's text has it.
func ParseSuep(b Box, p []byte, known func(track uint32) bool) (Suep, error) {
	c := &cursor{box: b, p: p}
	version, _ := c.full()
	s := Suep{Version: int(version)}
	s.UnitName, s.UnitURL, s.UnitMAC = c.text("ExportUnitName"), c.text("ExportUnitURL"), c.text("ExportUnitMAC")
	s.Time = c.u64("ExportUnitTime")
	s.Operator = c.text("ExportOperator")
	switch {
	case c.err != nil:
		return s, c.err
	case version == 0:
		s.Sources = append(oldSources(c, false), oldSources(c, true)...)
		return s, c.fault()
	case version != 1:
		return s, Faultf(Unsupported, b, "version %d, want 0 or 1", version)
	}
	n := c.u32("entry_count")
	c.count(n, 6, "entry_count")
	if c.err != nil {
		return s, c.err
	}
	narrow, nerr := newSources(*c, n, 16)
	wide, werr := newSources(*c, n, 32)
	switch {
	case nerr == nil && (werr != nil || allKnown(narrow, known) || !allKnown(wide, known)):
		s.Sources, s.IDBits = narrow, 16
	case werr == nil:
		s.Sources, s.IDBits = wide, 32
	default:
		return s, nerr
	}
	return s, nil
}

func newSources(c cursor, n uint32, bits int) ([]SuepSource, error) {
	out := make([]SuepSource, 0, n)
	for range n {
		var e SuepSource
		if bits == 16 {
			e.Track = uint32(c.u16("TrackID"))
		} else {
			e.Track = c.u32("TrackID")
		}
		e.Name, e.URL, e.MAC, e.Line = c.text("SourceName"), c.text("SourceURL"), c.text("SourceMAC"), c.text("SourceLine")
		if c.err != nil {
			return nil, c.err
		}
		if !printableText(e.Name) || !printableText(e.URL) || !printableText(e.MAC) || !printableText(e.Line) {
			return nil, Faultf(Malformed, c.box, "source text is not UTF-8")
		}
		out = append(out, e)
	}
	if c.left() != 0 {
		return nil, Faultf(Malformed, c.box, "%d bytes follow the last entry", c.left())
	}
	return out, nil
}

func printableText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsRune(s, '\uFFFD') && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' })
}

func allKnown(es []SuepSource, known func(uint32) bool) bool {
	for _, e := range es {
		if known == nil || !known(e.Track) {
			return false
		}
	}
	return true
}

func oldSources(c *cursor, audio bool) []SuepSource {
	n := c.count(uint32(c.u8("count of sources")), 19, "count of sources")
	out := make([]SuepSource, 0, n)
	for range n {
		e := SuepSource{Audio: audio}
		copy(e.UUID[:], c.take(16, "UUID"))
		e.Name, e.URL, e.MAC = c.text("SourceName"), c.text("SourceURL"), c.text("SourceMAC")
		if !audio {
			e.Line = c.text("SourceLine")
		}
		if c.err != nil {
			break
		}
		out = append(out, e)
	}
	return out
}

// Start is one entry of a cstb box: 100 ns units since 1601-01-01.
type Start struct {
	Track uint32
	Time  uint64
}

// ParseCstb reads a cstb body.
func ParseCstb(b Box, p []byte) ([]Start, error) {
	c := &cursor{box: b, p: p}
	n := c.count(c.u32("entry_count"), 12, "entry_count")
	out := make([]Start, 0, n)
	for range n {
		out = append(out, Start{c.u32("track_ID"), c.u64("startTime")})
	}
	if c.err == nil && c.left() != 0 {
		c.err = Faultf(Malformed, b, "%d bytes follow the last of %d entries", c.left(), n)
	}
	return out, c.fault()
}

// Sumi is the legacy segment information box of ISO/IEC 23000-10.
type Sumi struct {
	Segment, Predecessor, Successor [16]byte
	Start                           uint64 // 100 ns units since 1601-01-01
	Duration                        uint64 // 100 ns units
	PredecessorURI, SuccessorURI    string
}

// ParseSumi reads a sumi body.
func ParseSumi(b Box, p []byte) (Sumi, error) {
	c := &cursor{box: b, p: p}
	var s Sumi
	copy(s.Segment[:], c.take(16, "segment UUID"))
	copy(s.Predecessor[:], c.take(16, "predecessor UUID"))
	copy(s.Successor[:], c.take(16, "successor UUID"))
	s.Start, s.Duration = c.u64("start time"), c.u64("duration")
	np, ns := int(c.u16("predecessor URI size")), int(c.u16("successor URI size"))
	s.PredecessorURI = strings.TrimRight(string(c.take(np, "predecessor URI")), "\x00")
	s.SuccessorURI = strings.TrimRight(string(c.take(ns, "successor URI")), "\x00")
	return s, c.fault()
}

// Loci is the location box of 3GPP TS 26.244. Angles are in units of 1/65536
// degree, the altitude in 1/65536 metre.
type Loci struct {
	Name                          string
	Role                          uint8
	Longitude, Latitude, Altitude int32
	Body, Notes                   string
}

// ParseLoci reads a loci body.
func ParseLoci(b Box, p []byte) (Loci, error) {
	c := &cursor{box: b, p: p}
	c.full()
	c.u16("language")
	var l Loci
	l.Name = c.wide("Name")
	l.Role = c.u8("Role")
	l.Longitude, l.Latitude, l.Altitude = int32(c.u32("Longitude")), int32(c.u32("Latitude")), int32(c.u32("Altitude"))
	if c.left() > 0 { // writers leave the last strings out
		l.Body = c.wide("AstronomicalBody")
	}
	if c.err == nil && c.left() > 0 {
		l.Notes = c.wide("Notes")
	}
	return l, c.fault()
}

// wide reads a string that may be UTF-16 with a byte order mark.
func (c *cursor) wide(field string) string {
	if c.left() < 2 || c.err != nil {
		return c.text(field)
	}
	var order binary.ByteOrder
	switch {
	case c.p[c.at] == 0xfe && c.p[c.at+1] == 0xff:
		order = binary.BigEndian
	case c.p[c.at] == 0xff && c.p[c.at+1] == 0xfe:
		order = binary.LittleEndian
	default:
		return c.text(field)
	}
	c.at += 2
	var u []uint16
	for {
		v := order.Uint16(c.take(2, field))
		if v == 0 || c.err != nil {
			return string(utf16.Decode(u))
		}
		u = append(u, v)
	}
}

// SchemeType reads a schm body: scheme type and version.
func SchemeType(b Box, p []byte) (kind, version uint32, err error) {
	c := &cursor{box: b, p: p}
	c.full()
	kind, version = c.u32("scheme_type"), c.u32("scheme_version")
	return kind, version, c.fault()
}

// ParseText reads a body that is one string, as auib is.
func ParseText(b Box, p []byte) (string, error) {
	c := &cursor{box: b, p: p}
	s := c.text("text")
	if c.err == nil && c.left() != 0 {
		c.err = Faultf(Malformed, b, "%d bytes follow the string", c.left())
	}
	return s, c.fault()
}

// ProtectionCount reads the count of an ipro body.
func ProtectionCount(b Box, p []byte) (uint16, error) {
	c := &cursor{box: b, p: p}
	c.full()
	n := c.u16("protection_count")
	return n, c.fault()
}
