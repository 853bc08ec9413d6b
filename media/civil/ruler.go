package civil

import (
	"cmp"
	"slices"
	"time"

	"vedette/media"
)

// Tick is a mark of a time line.
type Tick struct {
	At    media.UTC
	Label string // local time, as fine as the distance of the marks asks for
	// Major says that a day begins, or among days a month, among months and
	// years a year or a century. Its label has the date.
	Major bool
	// Change says that clocks were changed here; the label has the new offset.
	Change bool
}

// step is a distance of marks: a length that divides a day, or else a number of
// days, months or years.
type step struct {
	length              media.UTC
	days, months, years int
}

// about is how long a step takes at least.
func (s step) about() media.UTC {
	return s.length + media.UTC(s.days)*day + media.UTC(s.months)*28*day + media.UTC(s.years)*365*day
}

// steps are all distances, in order.
var steps = func() []step {
	var out []step
	for _, ms := range []media.UTC{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		out = append(out, step{length: ms * second / 1000})
	}
	for _, s := range []media.UTC{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200} {
		out = append(out, step{length: s * second})
	}
	for _, n := range []int{1, 2, 7} {
		out = append(out, step{days: n})
	}
	for _, n := range []int{1, 3, 6} {
		out = append(out, step{months: n})
	}
	for _, n := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000} {
		out = append(out, step{years: n})
	}
	return out
}()

// Ruler returns the marks between two instants, both included, in order: about
// as many as most says, and every change of clocks besides where hours are told
// apart. Each mark is where clocks of the zone really show its label: across a
// change the distances differ and the labels tell the pass.
func Ruler(from, to media.UTC, loc *time.Location, most int) []Tick {
	from, to = max(from, Min), min(to, Max)
	if to < from {
		return nil
	}
	most = min(max(most, 1), 1000)
	s := steps[len(steps)-1]
	for _, x := range steps {
		if (to-from)/media.UTC(most) <= x.about() {
			s = x
			break
		}
	}
	var out []Tick
	if s.length > 0 {
		out = s.within(from, to, loc)
	} else {
		out = s.dates(from, to, loc)
	}
	for i := range out {
		out[i].Label = s.label(&out[i], loc)
	}
	return out
}

// within places marks at multiples of the step on the clock.
func (s step) within(from, to media.UTC, loc *time.Location) []Tick {
	var out []Tick
	for i, p := range periods(loc, from, to) {
		a := max(from, p.from)
		u := a + p.offset
		if r := u % s.length; r > 0 {
			u += s.length - r
		} else {
			u -= r
		}
		u -= p.offset
		if i > 0 && p.from <= to {
			if u != p.from {
				out = append(out, Tick{At: p.from, Change: true})
			}
		}
		for ; u <= to && u < p.to; u += s.length {
			w := media.UTC(shown(u, loc))
			out = append(out, Tick{At: u, Major: w%day == 0, Change: i > 0 && u == p.from})
		}
	}
	for i := range out {
		if out[i].Change && date(out[i].At-1, loc) < date(out[i].At, loc) {
			out[i].Major = true // a day without midnight
		}
	}
	return out
}

// dates places marks where days begin.
func (s step) dates(from, to media.UTC, loc *time.Location) []Tick {
	var out []Tick
	year, month, d := (from - day).Time().In(loc).Date()
	switch {
	case s.years > 0:
		year, month, d = year-year%s.years, 1, 1
	case s.months > 0:
		month, d = month-(month-1)%time.Month(s.months), 1
	case s.days == 7: // Mondays
		d -= int(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Weekday()+6) % 7
	default:
		d -= int(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix()/86_400) & (s.days - 1)
	}
	for {
		t := time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
		w := wall(media.FromTime(t))
		if media.UTC(w) > to+reach {
			break
		}
		for _, u := range begins(loc, w) {
			if u >= from && u <= to {
				out = append(out, Tick{At: u, Major: s.days > 0 && t.Day() == 1 || s.months > 0 && t.Month() == 1 || s.years > 0 && t.Year()%100 == 0})
			}
		}
		year, month, d = year+s.years, month+time.Month(s.months), d+s.days
	}
	slices.SortFunc(out, func(a, b Tick) int { return cmp.Compare(a.At, b.At) })
	return out
}

// begins returns when clocks show the midnight w; where they jump over it, when
// its day begins; nothing where a zone has left out the day.
func begins(loc *time.Location, w wall) []media.UTC {
	at, skip := resolve(loc, w)
	if len(at) == 0 && media.UTC(shown(skip, loc)-w) < day {
		return []media.UTC{skip}
	}
	return at
}

// label prints what clocks show at a mark.
func (s step) label(t *Tick, loc *time.Location) string {
	at := t.At.Time().In(loc)
	var text string
	switch {
	case s.years > 0:
		text = at.Format("2006")
	case s.months > 0:
		text = at.Format("2006-01")
	case s.length == 0:
		text = at.Format("2006-01-02")
	case s.length%(60*second) == 0:
		text = at.Format("15:04")
	case s.length%second == 0:
		text = at.Format("15:04:05")
	default:
		text = at.Format("15:04:05.000")
	}
	if t.Major && s.length > 0 {
		if media.UTC(shown(t.At, loc))%day == 0 {
			text = at.Format("2006-01-02")
		} else {
			text = at.Format("2006-01-02 ") + text
		}
	}
	if t.Change {
		_, off := at.Zone()
		text += " " + offsetText(off)
	}
	if n, of := Pass(t.At, loc); of > 1 {
		text += " " + passText(n)
	}
	return text
}
