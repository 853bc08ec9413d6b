package evidence

import (
	"cmp"
	"slices"

	"vedette/media"
)

// GapTotal is how much footage is missing for one reason.
type GapTotal struct {
	Reason media.GapReason
	Count  int         // stretches
	Length media.Ticks // of all of them
}

// TotalGaps adds up gaps by reason, in the order of their letters. Gaps of one
// reason that overlap or touch are one stretch, so that no moment counts twice;
// a moment that is missing for two reasons counts for both.
func TotalGaps(gaps []media.Gap) []GapTotal {
	sorted := slices.Clone(gaps)
	slices.SortFunc(sorted, func(a, b media.Gap) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), a.From.Cmp(b.From), a.To.Cmp(b.To))
	})
	var out []GapTotal
	var end media.Ticks // of the stretch so far
	for _, g := range sorted {
		if !g.From.Before(g.To) {
			continue
		}
		n := len(out) - 1
		if n < 0 || out[n].Reason != g.Reason {
			out = append(out, GapTotal{g.Reason, 1, g.To.Sub(g.From)})
			end = g.To
			continue
		}
		switch {
		case end.Before(g.From):
			out[n].Count++
			out[n].Length = out[n].Length.Add(g.To.Sub(g.From))
		case end.Before(g.To):
			out[n].Length = out[n].Length.Add(g.To.Sub(end))
		default:
			continue
		}
		end = g.To
	}
	return out
}
