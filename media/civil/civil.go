// Package civil prints instants as people read them and reads what they type:
// UTC, local time with its offset, the name of the zone and the pass of an hour
// that is repeated. It also places the marks of a time line. It refuses what no
// clock of the zone ever showed and what it showed twice, and names the times
// that are meant instead; it never chooses.
//
// UTC is the only time that is calculated with. A local time is a text, made
// here from an instant or turned into one here, and nowhere else.
//
// The rules of the zones are those of the machine, or else the ones that are
// built in. Why things are so is written down in docs/design/clocks.md.
package civil

import (
	"fmt"
	"time"
	_ "time/tzdata" // a machine without zone data must not lose local time

	"vedette/media"
)

// The first and the last instant that are read, and printed with four digits
// of the year in UTC.
var (
	Min = media.FromTime(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))
	Max = media.FromTime(time.Date(9999, 12, 31, 23, 59, 59, 999_999_900, time.UTC))
)

// here is how the zone of this machine is called: its own name is not known.
const here = "this computer"

// Zone returns a zone by its name in the IANA database, such as Europe/Paris.
// Abbreviations that several zones share are not names.
func Zone(name string) (*time.Location, error) {
	if name == here {
		return time.Local, nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("no time zone is named; names are such as Europe/Paris or UTC")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q; names are such as Europe/Paris or UTC", name)
	}
	return loc, nil
}

// wall is what a clock on the wall shows, counted as UTC counts.
type wall int64

const (
	second = media.UTC(media.Hundred)
	day    = 86_400 * second
)

// period is a stretch of time in which a zone keeps one offset.
type period struct {
	from, to media.UTC // to is not part of it
	offset   media.UTC
}

// periods returns the periods of a zone that meet a..b, in order; neighbours
// differ in their offset.
func periods(loc *time.Location, a, b media.UTC) []period {
	var out []period
	for at := a; ; {
		t := at.Time().In(loc)
		_, off := t.Zone()
		start, end := t.ZoneBounds()
		p := period{media.UTC(minUTC), media.UTC(maxUTC), media.UTC(off) * second}
		if !start.IsZero() {
			p.from = media.FromTime(start)
		}
		if !end.IsZero() {
			p.to = media.FromTime(end)
		}
		if p.to <= at { // in years that follow a rule, ZoneBounds ends leap years a day early
			p.to = at + day
		}
		if n := len(out); n > 0 && out[n-1].offset == p.offset {
			out[n-1].to = p.to // only the name changed
		} else {
			out = append(out, p)
		}
		if p.to > b {
			return out
		}
		at = p.to
	}
}

const (
	minUTC = -1 << 63
	maxUTC = 1<<63 - 1
)

// reach is further than any offset of any zone.
const reach = 27 * 3600 * second

// resolve returns the instants at which clocks of a zone show w, in order. If
// there is none, skip is the instant at which they jump over it.
func resolve(loc *time.Location, w wall) (at []media.UTC, skip media.UTC) {
	over := false
	for _, p := range periods(loc, media.UTC(w)-reach, media.UTC(w)+reach) {
		u := media.UTC(w) - p.offset
		switch {
		case u >= p.from && u < p.to:
			at = append(at, u)
		case u < p.from && len(at) == 0 && !over:
			skip, over = p.from, true
		}
	}
	return at, skip
}

// shown returns what clocks of a zone show at u.
func shown(u media.UTC, loc *time.Location) wall {
	_, off := u.Time().In(loc).Zone()
	return wall(u + media.UTC(off)*second)
}

// Pass tells the how-manieth time clocks of a zone show at u what they show
// then, and how often they do in all: 1 of 1 but in an hour that is repeated.
func Pass(u media.UTC, loc *time.Location) (n, of int) {
	at, _ := resolve(loc, shown(u, loc))
	for i, x := range at {
		if x == u {
			return i + 1, len(at)
		}
	}
	return 1, 1
}

func passText(n int) string {
	switch n {
	case 1:
		return "1st pass"
	case 2:
		return "2nd pass"
	case 3:
		return "3rd pass"
	}
	return fmt.Sprintf("%dth pass", n)
}
