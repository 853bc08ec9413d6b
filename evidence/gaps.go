package evidence

import (
	"vedette/internal/diag"
	"vedette/media"
)

// maxGaps bounds what is listed of one track.
const maxGaps = 10_000

// gapFinder finds stretches without footage. It looks at pictures in order of
// presentation: in the order of the file one that is stored early would stand
// behind a gap that the next ones fill. While samples arrive, the last places
// may still change and are left for later.
type gapFinder struct {
	video  bool // continuous: pictures or sound
	scale  uint32
	table  *Table
	places int  // looked at, in order of presentation
	stale  bool // a sample arrived that belongs before one of them
	front
	found []media.Gap
	more  int   // gaps beyond maxGaps, which are not listed
	lost  int64 // and how long they are together
}

// front is how far the footage that was looked at reaches.
type front struct {
	last  int64 // begin of the last picture
	end   int64 // greatest end of any
	usual int64 // duration of an ordinary picture, 0 as long as there was none
	held  int64 // end of the last picture as stored, where it lasts too long to be one; else 0
}

func (g *gapFinder) add(rs []record) {
	if !g.video {
		return
	}
	for _, r := range rs {
		at, shown := g.table.edits.present(r.dts+r.cts, int64(r.dur))
		g.stale = g.stale || shown && g.places > 0 && at <= g.last
	}
	if !g.stale && !g.table.messy {
		g.look(g.table.frames() - maxShift)
	}
}

// conclude looks at the rest when the order is known, or at everything again
// when it was not what it seemed.
func (g *gapFinder) conclude() {
	if !g.video {
		return
	}
	if g.stale {
		g.places, g.stale, g.found, g.front, g.more, g.lost = 0, false, nil, front{}, 0, 0
	}
	g.look(g.table.frames())
	if g.held > g.end {
		g.append(g.end, g.held)
	}
}

// look goes through the pictures up to a place.
func (g *gapFinder) look(to int) {
	for ; g.places < to; g.places++ {
		r := g.table.recs.at(int(g.table.sample(g.places)))
		at, _ := g.table.edits.present(r.dts+r.cts, int64(r.dur))
		g.one(at, int64(r.dur), g.table.edits.dwell(r.dts+r.cts, int64(r.dur)))
	}
}

// one looks at the next picture. With dwell it is held on purpose.
func (g *gapFinder) one(at, dur, dwell int64) {
	if second := g.places == 1; second && dur > 0 && dwell == 0 && g.usual > max(int64(g.scale), 2*dur) {
		// The first picture had none to compare with.
		g.held, g.usual, g.end = g.end, dur, g.last+dur
	}
	limit := max(int64(g.scale), 2*g.usual)
	if g.places > 0 && at > g.end && (at-g.end > limit || g.held > 0 && at-g.last > limit || g.table.edits.paused(g.end, at)) {
		g.append(g.end, at)
	}
	length := dur
	g.held = 0
	switch {
	case dwell > 0:
		length = dwell
	case g.usual > 0 && dur > limit:
		length, g.held = g.usual, addSafe(at, dur)
	case dur > 0:
		g.usual = dur
	}
	g.last = at
	if end := addSafe(at, length); g.places == 0 || end > g.end {
		g.end = end
	}
}

func (g *gapFinder) append(from, to int64) {
	if len(g.found) == maxGaps {
		g.more++
		g.lost = addSafe(g.lost, to-from)
		return
	}
	g.found = append(g.found, media.Gap{
		From: media.Ticks{Value: from, Scale: g.scale}, To: media.Ticks{Value: to, Scale: g.scale}, Reason: media.GapUnknown,
	})
}

// unlisted tells of gaps that are not listed.
func (g *gapFinder) unlisted(track uint32) (diag.Finding, bool) {
	return diag.New("GAP-LIMIT", diag.Error, "track %d has %d gaps more than the %d that are listed and counted, together %d s; footage is missing there as well",
		track, g.more, maxGaps, g.lost/int64(max(g.scale, 1))), g.more > 0
}
