package ui

import (
	"fmt"
	"math"
	"strings"
	"time"

	"vedette/media"
	"vedette/player"
	"vedette/session"
)

// absence says why an export has no picture at a time: what, when, and what to
// do. All three are short, since tiles are small.
func absence(i *session.Item, st player.State, at media.UTC) (message, detail, hint string) {
	name := func(u media.UTC) string { return tenths(i, u) }
	switch {
	case st.Before:
		return "Begins " + in(st.Next-at), "at " + name(st.Next), ""
	case st.After:
		return "Ended " + since(at-st.Ended), "at " + name(st.Ended), ""
	}
	g := gapAt(i, st, at)
	detail = fmt.Sprintf("%c: %s", g.reason, g.reason)
	if g.reason == media.GapUnknown {
		detail = fmt.Sprintf("%c: reason not known", g.reason)
	}
	if g.from != 0 || g.to != 0 {
		detail += ", " + strings.TrimSuffix(name(g.from), " UTC") + " to " + name(g.to)
	}
	if st.HasNext {
		hint = "Next footage " + in(st.Next-at) + " (G)"
	}
	return "No footage", detail, hint
}

// hole is a stretch without footage on the axis.
type hole struct {
	from, to media.UTC
	reason   media.GapReason
}

// gapAt returns the gap around a time; without one in the list what the view
// knows of it.
func gapAt(i *session.Item, st player.State, at media.UTC) hole {
	if t, ok := i.Video(); ok {
		for _, g := range i.Export().Gaps(t.ID) {
			zero := i.Zero() + i.View.Offset()
			h := hole{zero.Add(g.From), zero.Add(g.To), g.Reason}
			if at >= h.from && at < h.to {
				return h
			}
		}
	}
	h := hole{reason: st.Reason}
	if h.reason == 0 {
		h.reason = media.GapUnknown
	}
	return h
}

// tenths prints a time of the axis in the way of one export.
func tenths(i *session.Item, u media.UTC) string {
	if i.Floating {
		return strings.TrimSuffix(relative(u.Sub(i.Zero()).Duration()), " from start") + " from its start"
	}
	return u.Time().Format("15:04:05.0") + " UTC"
}

func in(d media.UTC) string { return "in " + amount(d) }

func since(d media.UTC) string { return amount(d) + " ago" }

// amount prints a stretch of time in two units at most, in whole seconds, so
// that it changes once a second while playing.
func amount(u media.UTC) string {
	d := (time.Duration(max(u, 0)) * 100).Truncate(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case d < time.Second:
		return "less than 1 s"
	case h >= 48:
		return fmt.Sprintf("%d days", h/24)
	case h > 0:
		return fmt.Sprintf("%d h %d min", h, m)
	case m > 0:
		return fmt.Sprintf("%d min %d s", m, s)
	}
	return fmt.Sprintf("%d s", s)
}

// note is what stands at the right of a caption, in full and for narrow tiles.
type note struct{ full, brief string }

// notes joins what there is to say about a tile, the gravest first. Narrow
// tiles have room for one.
func notes(list []note) (full, brief string) {
	var all []string
	for _, n := range list {
		if n.full == "" {
			continue
		}
		all = append(all, n.full)
		if brief == "" {
			brief = n.brief
		}
	}
	return strings.Join(all, ", "), brief
}

// behind tells that a picture is not that of the common instant, because
// decoding does not keep up. Where only sync pictures are shown that is so by
// choice.
func behind(s player.Status, skipped string, from, to media.UTC) note {
	lag := s.Axis - to
	if s.Rate < 0 {
		lag = from - s.Axis
	}
	if !s.Playing || skipped == player.SyncOnly || float64(lag) < media.Hundred*max(1, math.Abs(s.Rate)/2) {
		return note{}
	}
	seconds := fmt.Sprintf("%.1f s", float64(lag)/media.Hundred)
	return note{seconds + " behind", seconds + " behind"}
}

// nudgeText tells how far a source was moved against the others.
func nudgeText(frames int, by media.UTC) note {
	if frames == 0 {
		return note{}
	}
	unit := "frames"
	if frames == 1 || frames == -1 {
		unit = "frame"
	}
	ms := time.Duration(by) * 100 / time.Millisecond
	return note{fmt.Sprintf("nudged %+d %s, %+d ms", frames, unit, ms), fmt.Sprintf("%+d ms", ms)}
}

// nudge moves the focused source by frames against the others; 0 takes that back.
func (w *Window) nudge(by int) {
	i := w.focus
	if i == nil || i.View == nil {
		return
	}
	before := i.View.Offset()
	w.d.Set.Engine().Nudge(i.View, by)
	switch {
	case by == 0:
		delete(w.nudged, i)
	case i.View.Offset() != before: // at the ends there is no frame to go to
		w.nudged[i] += by
	}
	w.d.Trace("nudge %s %+d", i.Snapshot().Name, w.nudged[i])
	w.refreshAll()
}

// toggleListen listens to the focused source whichever has the focus later, or
// follows the focus again.
func (w *Window) toggleListen() {
	if w.focus == nil || w.focus.View == nil {
		return
	}
	if w.listening == w.focus {
		w.listen(nil)
		return
	}
	w.listen(w.focus)
}

// listen makes one source the one that is heard; nil follows the focus.
func (w *Window) listen(i *session.Item) {
	w.listening = i
	var v *player.View
	name := "the focus"
	if i != nil {
		v, name = i.View, i.Snapshot().Name
	}
	w.d.Set.Engine().Listen(v)
	w.d.Trace("listen %s", name)
	w.refreshAll()
}
