package evidence

import (
	"vedette/media"
)

// maxGaps bounds what is listed of one track.
const maxGaps = 10_000

// gapFinder finds stretches without footage while samples arrive.
type gapFinder struct {
	video bool // continuous: pictures or sound
	scale uint32
	table *Table
	end   int64 // greatest presentation end so far
	some  bool
	usual int64 // duration of an ordinary sample
	found []media.Gap
}

func (g *gapFinder) add(rs []record) {
	if !g.video || g.table.edits.backwards {
		return // or in order of presentation, when that is known
	}
	for _, r := range rs {
		g.one(r)
	}
}

// conclude looks through a table that is not shown in the order of the file.
func (g *gapFinder) conclude() {
	if !g.video || !g.table.edits.backwards {
		return
	}
	for k := range g.table.frames() {
		g.one(g.table.recs.at(int(g.table.sample(k))))
	}
}

func (g *gapFinder) one(r record) {
	e := &g.table.edits
	at, shown := e.present(r.dts+r.cts, int64(r.dur))
	if !shown {
		return
	}
	limit := max(int64(g.scale), 2*g.usual)
	if g.some && (at-g.end > limit || at > g.end && e.paused(g.end, at)) {
		g.append(g.end, at)
	}
	end := at + int64(r.dur)
	if d := e.dwell(r.dts+r.cts, int64(r.dur)); d > 0 {
		end = addSafe(at, d) // one picture, held on purpose
	} else if g.some && g.usual > 0 && int64(r.dur) > limit {
		g.append(at+g.usual, end)
	} else {
		g.usual = int64(r.dur)
	}
	if !g.some || end > g.end {
		g.end = end
	}
	g.some = true
}

func (g *gapFinder) append(from, to int64) {
	if len(g.found) < maxGaps {
		g.found = append(g.found, media.Gap{
			From: media.Ticks{Value: from, Scale: g.scale}, To: media.Ticks{Value: to, Scale: g.scale}, Reason: media.GapUnknown,
		})
	}
}
