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
	if !g.video {
		return
	}
	for _, r := range rs {
		at := g.table.edits.present(r.dts + r.cts)
		limit := max(int64(g.scale), 2*g.usual)
		if g.some && at-g.end > limit {
			g.append(g.end, at)
		}
		end := at + int64(r.dur)
		if g.some && g.usual > 0 && int64(r.dur) > limit {
			g.append(at+g.usual, end)
		} else {
			g.usual = int64(r.dur)
		}
		if !g.some || end > g.end {
			g.end = end
		}
		g.some = true
	}
}

func (g *gapFinder) append(from, to int64) {
	if len(g.found) < maxGaps {
		g.found = append(g.found, media.Gap{
			From: media.Ticks{Value: from, Scale: g.scale}, To: media.Ticks{Value: to, Scale: g.scale}, Reason: media.GapUnknown,
		})
	}
}
