package evidence

import (
	"math"
	"slices"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// Info is what an export says about its making.
type Info struct {
	SuepVersion int
	TrackIDBits int // width of TrackID as found: 16 or 32; 0 in version 0
	UnitName    string
	UnitURL     string
	UnitMAC     string
	Operator    string
	Time        media.UTC // of the export, by the exporter's clock
	HasTime     bool
	Sources     []SourceInfo
}

// SourceInfo says where one track comes from.
type SourceInfo struct {
	Track uint32
	Name  string
	URL   string
	MAC   string
	Line  string
}

func (e *Export) keepInfo(b *bmff.Box, s bmff.Suep) {
	info := Info{SuepVersion: s.Version, TrackIDBits: s.IDBits, UnitName: s.UnitName, UnitURL: s.UnitURL, UnitMAC: s.UnitMAC, Operator: s.Operator}
	info.Time, info.HasTime = from1904(s.Time)
	if s.Version == 0 {
		e.note("", diag.At("SUEP-LEGACY", diag.Note, b.Offset, b.End(), "the export information is of version 0, from before 2018"))
	}
	if s.IDBits == 32 {
		e.note("", diag.At("SUEP-WIDE", diag.Note, b.Offset, b.End(), "the export information has 32-bit track numbers; the format's text asks 16"))
	}
	used := map[uint32]bool{}
	for _, src := range s.Sources {
		id := src.Track
		if s.Version == 0 {
			id = e.legacyTrack(b, src, used)
		}
		used[id] = true
		info.Sources = append(info.Sources, SourceInfo{id, src.Name, src.URL, src.MAC, src.Line})
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.info = &info
	for i := range e.tracks {
		for _, src := range info.Sources {
			if src.Track == e.tracks[i].ID {
				t := &e.tracks[i]
				t.Name, t.URL, t.MAC, t.Line = src.Name, src.URL, src.MAC, src.Line
			}
		}
	}
}

// legacyTrack finds the track of a version 0 entry by its UUID, else by the
// order of the tracks in the file.
func (e *Export) legacyTrack(b *bmff.Box, src bmff.SuepSource, used map[uint32]bool) uint32 {
	if id, ok := e.cami[src.UUID]; ok {
		return id
	}
	want := media.KindVideo
	if src.Audio {
		want = media.KindAudio
	}
	for _, t := range e.tracks {
		if t.Kind == want && !used[t.ID] {
			e.note("suep-order", diag.At("SUEP-BY-ORDER", diag.Note, b.Offset, b.End(), "sources were given to tracks by their order, for want of identifiers in the tracks"))
			return t.ID
		}
	}
	return 0
}

// Starts are the start times of the tracks, chosen by one rule for all.
type Starts struct {
	Basis    media.Origin
	Track    map[uint32]TrackStart
	Findings []diag.Finding
}

// TrackStart is the UTC of the origin of one track's presentation time line.
type TrackStart struct {
	Declared  media.UTC // by the original clock
	Corrected media.UTC // after the newest correction; equal where there is none
	Origin    media.Origin
	Seal      int // number of the seal that gave Corrected; 0 if none did
}

// ChooseStarts derives the start times when verified[k] says whether seal k+1
// verifies by its own signature. With nil, before the seals were examined, the
// oldest start times are taken, so that no unexamined correction counts.
func (e *Export) ChooseStarts(verified []bool) Starts {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s := Starts{Track: map[uint32]TrackStart{}}
	c := chooser{e: e, s: &s}
	c.choose(verified)
	return s
}

type chooser struct {
	e *Export
	s *Starts
}

func (c *chooser) choose(verified []bool) {
	seals := c.e.prot.Seals
	meta := startEntries(c.e.metaStarts)
	own := slices.ContainsFunc(meta, func(x StartEntry) bool { return x.Valid }) // it speaks for every track
	any := len(seals) == 0 || verified == nil
	for k, seal := range seals {
		ok := verified == nil || k < len(verified) && verified[k]
		any = any || ok
		if !ok {
			if len(seal.Starts) > 0 {
				c.s.Findings = append(c.s.Findings, diag.At("TIME-SEAL-BROKEN", diag.Warning, seal.Range.From, seal.Range.To,
					"the start times of seal %d do not count, because the seal does not verify", seal.Number))
			}
			continue
		}
		if verified == nil && (own || c.s.Basis != media.OriginNone) {
			continue // a correction counts only when its seal has been examined
		}
		c.apply(seal.Starts, seal.Number)
	}
	if len(meta) > 0 && any {
		c.fill(meta)
	}
	if c.e.sumi != nil && any {
		c.legacy(*c.e.sumi)
	}
	c.follow()
}

// follow gives metadata tracks the correction of the video they describe:
// their documents carry the same clock, and a correction often names the video
// alone.
func (c *chooser) follow() {
	for _, v := range c.e.tracks {
		lead, ok := c.s.Track[v.ID]
		if v.Kind != media.KindVideo || !ok || lead.Seal == 0 {
			continue
		}
		for _, t := range c.e.tracks {
			ts, ok := c.s.Track[t.ID]
			if t.Kind != media.KindMetadata || !ok || ts.Seal >= lead.Seal {
				continue
			}
			ts.Corrected, ts.Seal = ts.Declared+(lead.Corrected-lead.Declared), lead.Seal
			c.s.Track[t.ID] = ts
			c.s.Findings = append(c.s.Findings, diag.New("TIME-METADATA-FOLLOWS", diag.Note,
				"the correction of seal %d names the video alone; metadata track %d follows it", lead.Seal, t.ID))
		}
		return
	}
}

// apply takes the entries of one cstb over those of older seals.
func (c *chooser) apply(entries []StartEntry, seal int) {
	if len(entries) == 0 {
		return
	}
	for _, t := range c.e.tracks {
		ts, had := c.s.Track[t.ID]
		x, ok := c.entryFor(entries, t.ID, !had)
		if !ok {
			continue
		}
		if !had {
			ts = TrackStart{Declared: x.UTC, Origin: media.OriginCSTB}
		}
		ts.Corrected, ts.Seal = x.UTC, seal
		c.s.Track[t.ID], c.s.Basis = ts, media.OriginCSTB
	}
	c.remarks(entries)
}

// fill gives tracks without a start the one of meta, and is the original clock
// of those that have a sealed one.
func (c *chooser) fill(entries []StartEntry) {
	for _, t := range c.e.tracks {
		ts, had := c.s.Track[t.ID]
		x, ok := c.entryFor(entries, t.ID, !had)
		if !ok {
			continue
		}
		if had {
			ts.Declared = x.UTC
		} else {
			ts = TrackStart{Declared: x.UTC, Corrected: x.UTC, Origin: media.OriginCSTB}
		}
		c.s.Track[t.ID], c.s.Basis = ts, media.OriginCSTB
	}
	c.remarks(entries)
}

// entryFor finds the start of a track: its own entry, else that for track 0,
// else, for a track that has none yet, the first one. A correction need not
// list every track.
func (c *chooser) entryFor(entries []StartEntry, id uint32, anyEntry bool) (StartEntry, bool) {
	var all, first *StartEntry
	for i := range entries {
		x := &entries[i]
		if !x.Valid {
			continue
		}
		if x.Track == id {
			return *x, true
		}
		if x.Track == 0 && all == nil {
			all = x
		}
		if first == nil {
			first = x
		}
	}
	switch {
	case all != nil:
		return *all, true
	case first != nil && anyEntry:
		return *first, true
	}
	return StartEntry{}, false
}

// maxRemarks bounds the remarks on the entries of one cstb.
const maxRemarks = 32

func (c *chooser) remarks(entries []StartEntry) {
	before := len(c.s.Findings)
	for _, x := range entries {
		if len(c.s.Findings)-before == maxRemarks {
			return
		}
		switch {
		case !x.Valid:
			c.s.Findings = append(c.s.Findings, diag.New("TIME-UNUSABLE", diag.Warning, "the start time of track %d, %d, is no usable time", x.Track, x.Raw))
		case x.Track == 0:
			c.s.Findings = append(c.s.Findings, diag.New("TIME-TRACK-ZERO", diag.Note, "a start time is given for track 0; it was taken for all tracks"))
		case c.e.tables[x.Track] == nil:
			c.s.Findings = append(c.s.Findings, diag.New("TIME-TRACK-UNKNOWN", diag.Note, "a start time is given for track %d, which the file does not have", x.Track))
		}
	}
}

// legacy dates tracks that still have no start by sumi, which gives the UTC of
// the first sample.
func (c *chooser) legacy(s bmff.Sumi) {
	u, ok := from1601(s.Start)
	if !ok {
		c.s.Findings = append(c.s.Findings, diag.New("TIME-UNUSABLE", diag.Warning, "the start time of sumi, %d, is no usable time", s.Start))
		return
	}
	for _, t := range c.e.tracks {
		if _, had := c.s.Track[t.ID]; had {
			continue
		}
		start := u
		if from, _, ok := c.e.tables[t.ID].Span(); ok {
			start = u.Add(media.Zero(from.Scale).Sub(from))
		}
		c.s.Track[t.ID] = TrackStart{Declared: start, Corrected: start, Origin: media.OriginSUMI}
		if c.s.Basis == media.OriginNone {
			c.s.Basis = media.OriginSUMI
		}
	}
}

// UseStarts puts every sample on the wall clock. Samples keep their identity.
func (e *Export) UseStarts(s Starts) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.starts = s
	for id, t := range e.tables {
		w := media.Wall{}
		if ts, ok := s.Track[id]; ok {
			w = media.Wall{UTC: ts.Corrected, Origin: ts.Origin}
		}
		t.setStart(w)
	}
}

// Starts returns the start times in use.
func (e *Export) Starts() Starts {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.starts
}

func startEntries(in []bmff.Start) []StartEntry {
	out := make([]StartEntry, 0, len(in))
	for _, s := range in {
		u, ok := from1601(s.Time)
		out = append(out, StartEntry{s.Track, s.Time, u, ok})
	}
	return out
}

const (
	seconds1601 = 11_644_473_600 // from 1601-01-01 to 1970-01-01
	seconds1904 = 2_082_844_800  // from 1904-01-01 to 1970-01-01
	// Times outside 1970 to 2200 are no times of a recording.
	lastUTC = media.UTC(7_258_118_400 * media.Hundred)
)

func from1601(v uint64) (media.UTC, bool) {
	if v > math.MaxInt64 {
		return 0, false
	}
	u := media.UTC(int64(v) - seconds1601*media.Hundred)
	return u, u > 0 && u < lastUTC
}

// To1601 is the form of a start time in cstb: 100 ns units since 1601-01-01.
func To1601(u media.UTC) uint64 { return uint64(u + seconds1601*media.Hundred) }

// To1904 is the form of an export time in suep: seconds since 1904-01-01,
// rounded down.
func To1904(u media.UTC) uint64 { return uint64(u.Time().Unix() + seconds1904) }

func from1904(v uint64) (media.UTC, bool) {
	if v > 1<<40 {
		return 0, false
	}
	u := media.UTC((int64(v) - seconds1904) * media.Hundred)
	return u, u > 0 && u < lastUTC
}
