package evidence

import (
	"fmt"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// maxTracks bounds the tracks of one file.
const maxTracks = 256

func (e *Export) readMoov(b *bmff.Box) error {
	if e.moov != nil {
		e.malformed(diag.At("BOX-DUPLICATE", diag.Fatal, b.Offset, b.End(), "a second moov stands at %d: which one counts is ambiguous", b.Offset))
		return nil
	}
	if err := b.Expand(e.in, 0, &e.budget); err != nil {
		return err
	}
	if mvhd := b.Find("mvhd"); mvhd != nil {
		p, err := bmff.Body(e.in, *mvhd, 256)
		if err != nil {
			return err
		}
		m, err := bmff.ParseMvhd(*mvhd, p)
		if err != nil {
			return err
		}
		e.movieScale = m.Timescale
		if u, ok := from1904(m.Created); ok {
			e.created = media.Wall{UTC: u, Origin: media.OriginCSTB}
		}
	} else {
		e.movieScale = 1000
		e.note("", diag.At("MOOV-NO-HEADER", diag.Warning, b.Offset, b.End(), "moov has no mvhd; a movie timescale of 1000 was assumed"))
	}
	e.grows = b.Find("mvex") != nil
	if err := e.readDefaults(b); err != nil {
		return err
	}
	for _, c := range b.Children {
		if c.Type != "trak" {
			continue
		}
		if len(e.tracks) >= maxTracks {
			return bmff.Faultf(bmff.TooMuch, *c, "more than %d tracks", maxTracks)
		}
		if err := e.readTrack(c); err != nil {
			return err
		}
	}
	e.mu.Lock()
	e.moov = b
	e.mu.Unlock()
	return e.readLocation(b)
}

func (e *Export) readDefaults(moov *bmff.Box) error {
	mvex := moov.Find("mvex")
	if mvex == nil {
		return nil
	}
	for _, c := range mvex.Children {
		if c.Type != "trex" {
			continue
		}
		p, err := bmff.Body(e.in, *c, 256)
		if err != nil {
			return err
		}
		d, err := bmff.ParseTrex(*c, p)
		if err != nil {
			return err
		}
		e.defaults[d.Track] = d
	}
	return nil
}

// readTrack reads one trak and, of a plain file, its sample table.
func (e *Export) readTrack(trak *bmff.Box) error {
	tkhd, mdia := trak.Find("tkhd"), trak.Find("mdia")
	if tkhd == nil || mdia == nil || mdia.Find("mdhd") == nil || mdia.Find("hdlr") == nil {
		return bmff.Faultf(bmff.Malformed, *trak, "tkhd, mdia, mdhd or hdlr is missing")
	}
	p, err := bmff.Body(e.in, *tkhd, 256)
	if err != nil {
		return err
	}
	th, err := bmff.ParseTkhd(*tkhd, p)
	if err != nil {
		return err
	}
	if _, twice := e.tables[th.ID]; twice {
		return bmff.Faultf(bmff.Malformed, *trak, "track_ID %d stands twice", th.ID)
	}
	mdhd := mdia.Find("mdhd")
	if p, err = bmff.Body(e.in, *mdhd, 256); err != nil {
		return err
	}
	scale, err := bmff.ParseMdhd(*mdhd, p)
	if err != nil {
		return err
	}
	hdlr := mdia.Find("hdlr")
	if p, err = bmff.Body(e.in, *hdlr, 64<<10); err != nil {
		return err
	}
	handler, err := bmff.ParseHdlr(*hdlr, p)
	if err != nil {
		return err
	}
	track := media.Track{ID: th.ID, Timescale: scale}
	table := newTable(th.ID, scale)
	if table.edits, err = e.readEdits(trak, scale); err != nil {
		return err
	}
	minf := mdia.Find("minf")
	if minf == nil {
		return bmff.Faultf(bmff.Malformed, *trak, "minf is missing")
	}
	if err := e.checkReferences(minf); err != nil {
		return err
	}
	stbl := minf.Find("stbl")
	if stbl == nil || stbl.Find("stsd") == nil {
		return bmff.Faultf(bmff.Malformed, *trak, "stbl or stsd is missing")
	}
	stsd := stbl.Find("stsd")
	if p, err = bmff.Body(e.in, *stsd, 1<<20); err != nil {
		return err
	}
	entries, err := bmff.ParseStsd(*stsd, p)
	if err != nil {
		return err
	}
	e.describeTrack(&track, handler, entries, th, stsd, tkhd)
	table.video, table.entries = track.Kind == media.KindVideo, len(entries)
	table.edits.heard = !table.video
	if lead := table.edits.lead; lead > int64(scale) {
		e.note("", diag.At("TIME-LEAD-IN", diag.Warning, trak.Offset, trak.End(),
			"the edit list of track %d starts %d/%d s into the media: the clock may be off by that much", track.ID, lead, scale))
	}
	if err := e.readCami(trak, track.ID); err != nil {
		return err
	}
	finder := &gapFinder{video: track.Kind == media.KindVideo || track.Kind == media.KindAudio, scale: scale, table: table}
	e.mu.Lock()
	e.tables[track.ID], e.gaps[track.ID] = table, finder
	e.tracks = append(e.tracks, track)
	e.mu.Unlock()
	return e.readPlainTable(track, table, stbl)
}

func (e *Export) readEdits(trak *bmff.Box, scale uint32) (edits, error) {
	edts := trak.Find("edts")
	if edts == nil || edts.Find("elst") == nil {
		return edits{}, nil
	}
	elst := edts.Find("elst")
	p, err := bmff.Body(e.in, *elst, 1<<20)
	if err != nil {
		return edits{}, err
	}
	list, err := bmff.ParseElst(*elst, p)
	if err != nil {
		return edits{}, err
	}
	return newEdits(list, e.movieScale, scale, e.grows), nil
}

// checkReferences refuses media that lies in another file: it would be
// outside every seal.
func (e *Export) checkReferences(minf *bmff.Box) error {
	dinf := minf.Find("dinf")
	if dinf == nil || dinf.Find("dref") == nil {
		return nil
	}
	dref := dinf.Find("dref")
	inside, err := bmff.SelfContained(dref, func(b *bmff.Box) (uint32, error) {
		p, err := bmff.Body(e.in, *b, 64<<10)
		if err != nil {
			return 0, err
		}
		return bmff.Flags(*b, p)
	})
	if err != nil {
		return err
	}
	if !inside {
		e.malformed(diag.At("MEDIA-ELSEWHERE", diag.Fatal, dref.Offset, dref.End(), "dref at %d names media in another file, which is never followed", dref.Offset))
	}
	return nil
}

func (e *Export) readCami(trak *bmff.Box, id uint32) error {
	meta := trak.Find("meta")
	if meta == nil || meta.Find("cami") == nil {
		return nil
	}
	cami := meta.Find("cami")
	p, err := bmff.Body(e.in, *cami, 1<<10)
	if err != nil {
		return err
	}
	u, err := bmff.ParseCami(*cami, p)
	if err != nil {
		return err
	}
	e.cami[u] = id
	return nil
}

// Location is the declared place of an export.
type Location struct {
	Name      string
	Role      int
	Latitude  float64 // degrees north
	Longitude float64 // degrees east
	Altitude  float64 // metres
	Notes     string
	Offset    int64 // of the box
}

// readLocation takes loci from moov, else from a track; differing ones are
// noted. Writers that add loci to what an encoder made add a second udta.
func (e *Export) readLocation(moov *bmff.Box) error {
	places := []*bmff.Box{moov}
	for _, c := range moov.Children {
		if c.Type == "trak" {
			places = append(places, c)
		}
	}
	for _, at := range places {
		for _, udta := range at.Children {
			b := udta.Find("loci")
			if udta.Type != "udta" || b == nil {
				continue
			}
			if err := e.readLoci(b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Export) readLoci(b *bmff.Box) error {
	p, err := bmff.Body(e.in, *b, 64<<10)
	if err != nil {
		return err
	}
	l, err := bmff.ParseLoci(*b, p)
	if err != nil {
		e.note("", diag.At("LOCI-UNREADABLE", diag.Error, b.Offset, b.End(), "the declared location cannot be read: %v", err))
		return nil
	}
	e.keepLocation(b, Location{l.Name, int(l.Role), float64(l.Latitude) / 65536, float64(l.Longitude) / 65536, float64(l.Altitude) / 65536, l.Notes, b.Offset})
	return nil
}

func (e *Export) keepLocation(b *bmff.Box, loc Location) {
	if loc.Latitude < -90 || loc.Latitude > 90 || loc.Longitude < -180 || loc.Longitude > 180 {
		e.note("", diag.At("LOCI-RANGE", diag.Error, b.Offset, b.End(),
			"the declared location %s is not on the Earth", degrees(loc)))
		return
	}
	e.mu.Lock()
	first := e.location
	if first == nil {
		e.location = &loc
	}
	e.mu.Unlock()
	if first != nil && (first.Latitude != loc.Latitude || first.Longitude != loc.Longitude) {
		e.note("", diag.At("LOCI-DIFFERS", diag.Warning, b.Offset, b.End(),
			"a second location %s differs from the first, %s, which is used", degrees(loc), degrees(*first)))
	}
}

func degrees(l Location) string { return fmt.Sprintf("%.5f, %.5f", l.Latitude, l.Longitude) }
