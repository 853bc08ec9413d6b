package evidence

import (
	"io"
	"math"
	"sort"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// pendingRun are samples of a fragment that wait until the box after it is
// known, so that a published sample can be read.
type pendingRun struct {
	table *Table
	kind  media.Kind
	recs  []record
	descs []described
}

// describe says by which description the samples from now on are coded, as the
// file counts: from 1. One that the file does not have is told, and the first taken.
func (e *Export) describe(run *pendingRun, index uint32, b *bmff.Box) {
	n := int(index) - 1
	switch {
	case index == 0 && run.table.entries == 1: // nothing states it, and nothing has to
		n = 0
	case n < 0 || n >= run.table.entries:
		e.note("description", diag.At("TRACK-ENTRY-UNKNOWN", diag.Error, b.Offset, b.End(),
			"samples of track %d are said to be coded by entry %d of %d; the first was taken", run.table.track, index, max(run.table.entries, 1)))
		n = 0
	}
	if k := len(run.descs); k == 0 || run.descs[k-1].index != n {
		run.descs = append(run.descs, described{len(run.recs), n})
	}
}

// window is a part of a file held in memory, read at the file's offsets.
type window struct {
	data []byte
	at   int64
}

func (w window) ReadAt(p []byte, off int64) (int, error) {
	if off < w.at || off > w.at+int64(len(w.data)) {
		return 0, io.EOF
	}
	n := copy(p, w.data[off-w.at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (e *Export) readMoof(b *bmff.Box) error {
	if e.moov == nil {
		e.note("moof-early", diag.At("FRAGMENT-BEFORE-MOOV", diag.Error, b.Offset, b.End(), "a fragment stands before moov and cannot be understood"))
		return nil
	}
	body, err := bmff.Body(e.in, *b, bmff.MaxBody)
	if err != nil {
		return err
	}
	w := window{body, b.Body().From}
	children, err := bmff.Walk(w, b.Body().From, b.End(), 1, &e.budget)
	if err != nil {
		return err
	}
	base := b.Offset // of the first track fragment; later ones go on where it ended
	for _, traf := range children {
		if traf.Type != "traf" {
			continue
		}
		if base, err = e.readTraf(w, b, traf, base); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) readTraf(w window, moof, traf *bmff.Box, base int64) (int64, error) {
	tfhd := traf.Find("tfhd")
	if tfhd == nil {
		return base, bmff.Faultf(bmff.Malformed, *traf, "tfhd is missing")
	}
	p, err := bmff.Body(w, *tfhd, 1<<10)
	if err != nil {
		return base, err
	}
	id, err := bmff.TrackOf(*tfhd, p)
	if err != nil {
		return base, err
	}
	h, err := bmff.ParseTfhd(*tfhd, p, e.defaults[id])
	if err != nil {
		return base, err
	}
	table := e.tables[id]
	if table == nil {
		e.note("track-unknown", diag.At("FRAGMENT-TRACK", diag.Error, traf.Offset, traf.End(), "a fragment is of track %d, which moov does not declare", id))
		return base, nil
	}
	switch {
	case h.HasBase && h.Base > math.MaxInt64:
		return base, bmff.Faultf(bmff.Malformed, *tfhd, "base_data_offset %d", h.Base)
	case h.HasBase:
		base = int64(h.Base)
	case h.BaseIsMoof:
		base = moof.Offset
	}
	d, err := e.decodeTime(w, traf, table)
	if err != nil {
		return base, err
	}
	run := pendingRun{table: table, kind: e.kindOf(id)}
	e.describe(&run, h.Description, tfhd)
	next := base
	for _, c := range traf.Children {
		if c.Type != "trun" {
			continue
		}
		if p, err = bmff.Body(w, *c, bmff.MaxBody); err != nil {
			return base, err
		}
		if next, d, err = e.readTrun(*c, p, h, base, next, d, &run); err != nil {
			return base, err
		}
	}
	if n := len(run.recs); n > 0 {
		e.pending = append(e.pending, run)
		e.pendingEnd[table] = run.recs[n-1].dts + int64(run.recs[n-1].dur)
	}
	return next, nil
}

func (e *Export) readTrun(b bmff.Box, p []byte, h bmff.FragmentHeader, base, next, d int64, run *pendingRun) (int64, int64, error) {
	first := len(run.recs)
	empty := 0
	full := false
	var lie error
	offset, has, err := bmff.ParseTrun(b, p, h.Defaults, func(s bmff.RunSample) bool {
		if e.samples >= MaxSamples || !e.claim(int64(s.Size)) {
			full = true
			return false
		}
		if s.Size == 0 {
			empty++
		}
		// What no length of the file bounds is bounded here.
		if empty > maxEmpty {
			lie = bmff.Faultf(bmff.Malformed, b, "more than %d samples without any byte", maxEmpty)
			return false
		}
		if s.Size > maxSize && e.said("sample-size") {
			next += int64(s.Size)
			d += int64(s.Duration)
			return true
		}
		if s.Size > maxSize {
			e.note("sample-size", diag.At("SAMPLE-SIZE", diag.Error, b.Offset, b.End(), "a sample of %d bytes is larger than %d and is left out", s.Size, maxSize))
			next += int64(s.Size)
			d += int64(s.Duration)
			return true
		}
		r := record{offset: next, dts: d, size: s.Size, dur: s.Duration, cts: s.Composition}
		if s.Sync {
			r.size |= syncBit
		}
		next += int64(s.Size)
		d += int64(s.Duration)
		if len(run.recs) == first || !join(run, r) {
			run.recs = append(run.recs, r)
			e.samples++
		}
		return true
	})
	if err == nil {
		err = lie
	}
	if err != nil {
		return next, d, err
	}
	if full {
		e.note("samples", diag.At("SAMPLE-LIMIT", diag.Error, b.Offset, b.End(), tooMany, MaxSamples))
	}
	if has { // offsets were counted from the end of the run before; move them
		shift := base + int64(offset) - runStart(run, first, next)
		for i := first; i < len(run.recs); i++ {
			run.recs[i].offset += shift
		}
		next += shift
	}
	return next, d, nil
}

// claim counts bytes that samples claim. Those of an honest file are its own, each
// once; together they bound the work that small tables can ask for.
func (e *Export) claim(n int64) bool {
	e.claimed += n
	return e.claimed <= e.file.Size()
}

const tooMany = "the file has more than %d samples, or they claim more bytes than it has; those from here on are left out"

// maxEmpty is the number of samples without any byte that one run may have.
const maxEmpty = 10_000

func runStart(run *pendingRun, first int, next int64) int64 {
	if first < len(run.recs) {
		return run.recs[first].offset
	}
	return next
}

// joinFrames is the number of audio frames of one byte or so that are kept as
// one sample: the table would be as large as the sound itself otherwise.
const joinFrames = 1024

// join adds r to the last sample of the run if both are tiny pieces of
// uncompressed audio that follow each other.
func join(run *pendingRun, r record) bool {
	if n := r.size & sizeMask; run.kind != media.KindAudio || n == 0 || n > 4 {
		return false
	}
	last := &run.recs[len(run.recs)-1]
	size := last.size & sizeMask
	if last.dur >= joinFrames || last.offset+int64(size) != r.offset || last.dts+int64(last.dur) != r.dts {
		return false
	}
	last.size += r.size & sizeMask
	last.dur += r.dur
	return true
}

// decodeTime returns the decode time at which a track fragment starts.
func (e *Export) decodeTime(w window, traf *bmff.Box, table *Table) (int64, error) {
	tfdt := traf.Find("tfdt")
	next, waits := e.pendingEnd[table]
	if !waits {
		next = table.next()
	}
	if tfdt == nil {
		e.note("tfdt", diag.At("TIME-NO-TFDT", diag.Warning, traf.Offset, traf.End(), "a fragment states no decode time; it was put after the one before it"))
		return next, nil
	}
	p, err := bmff.Body(w, *tfdt, 256)
	if err != nil {
		return 0, err
	}
	t, err := bmff.ParseTfdt(*tfdt, p)
	if err != nil {
		return 0, err
	}
	if t > math.MaxInt64/4 {
		return 0, bmff.Faultf(bmff.Malformed, *tfdt, "decode time %d is beyond any clock", t)
	}
	if table.Len() == 0 && t > uint64(table.scale) {
		e.note("first-tfdt", diag.At("TIME-FIRST-TFDT", diag.Warning, tfdt.Offset, tfdt.End(),
			"the first decode time of track %d is %d/%d s, not 0: if the start time means the first sample, the clock is off by that much", table.track, t, table.scale))
	}
	if int64(t) < next {
		e.note("tfdt-back", diag.At("TIME-BACKWARDS", diag.Warning, tfdt.Offset, tfdt.End(),
			"a fragment of track %d starts at %d/%d, before the end of the one before it at %d", table.track, t, table.scale, next))
	}
	return int64(t), nil
}

func (e *Export) kindOf(id uint32) media.Kind {
	for _, t := range e.tracks {
		if t.ID == id {
			return t.Kind
		}
	}
	return media.KindOther
}

// publish hands the waiting samples over to their tables. Bytes outside media
// data are refused: they may be anything, and the seals say nothing of them
// that a picture could rely on.
func (e *Export) publish() {
	for _, run := range e.pending {
		from := run.table.Len()
		for i := range run.recs {
			r := &run.recs[i]
			if e.isMedia(r.offset, int64(r.size&sizeMask)) {
				continue
			}
			r.size |= badBit
			if !e.said("media-range") {
				end := max(r.offset, 0) + int64(r.size&sizeMask)
				e.note("media-range", diag.At("MEDIA-RANGE", diag.Error, max(r.offset, 0), end,
					"sample %d of track %d claims bytes %d to %d, which are not media data of this file; it is not shown", from+i, run.table.track, r.offset, end))
			}
		}
		run.table.add(run.recs, run.descs)
		e.mu.Lock()
		e.gaps[run.table.track].add(run.recs)
		e.mu.Unlock()
	}
	e.pending = nil
	clear(e.pendingEnd)
}

// isMedia reports whether bytes lie within the payload of one mdat box known so far.
func (e *Export) isMedia(off, n int64) bool {
	i := len(e.mdat) - 1 // nearly always the last
	if i >= 0 && off < e.mdat[i].From {
		i = sort.Search(i, func(i int) bool { return off < e.mdat[i].From }) - 1
	}
	return i >= 0 && off+n <= e.mdat[i].To && off+n >= off
}
