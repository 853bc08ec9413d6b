package civil

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vedette/media"
)

// Context is what a text leaves out.
type Context struct {
	Shown media.UTC      // the instant that is shown: a time of day is on its date
	Zone  *time.Location // of a time that names none; nil is UTC
}

// maxText is longer than any time that is printed.
const maxText = 200

var (
	dateForm   = regexp.MustCompile(`^(\d{4,5})-(\d{2})-(\d{2})(?:[T ] *|$)`)
	timeForm   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`)
	offsetForm = regexp.MustCompile(`^([+\-−])(\d{2}):?(?:(\d{2})(?::?(\d{2}))?)?(?: +|$|\()`)
	passForm   = regexp.MustCompile(`^(?:(.*[^ ,]))?[ ,]*([1-9])(?:st|nd|rd|th) pass$`)
)

// ParseTime reads a date and a time, a time of day on the date that is shown, or
// a date, which means its begin. After it may stand UTC or Z, an offset, the
// name of a zone, and the pass of a repeated hour, as Print writes them.
//
// A time that no clock of the zone showed is refused by a *Skipped, one that it
// showed more than once by a *Repeated.
func ParseTime(text string, c Context) (media.UTC, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return 0, fmt.Errorf("a time has at most %d characters, not %d", maxText, len(text))
	}
	r := reading{text: text}
	rest := text
	if m := dateForm.FindStringSubmatch(rest); m != nil {
		if err := r.date(m); err != nil {
			return 0, err
		}
		rest = rest[len(m[0]):]
	}
	if m := timeForm.FindStringSubmatch(rest); m != nil {
		if err := r.time(m); err != nil {
			return 0, err
		}
		rest = rest[len(m[0]):]
	}
	if !r.dated && !r.timed {
		return 0, fmt.Errorf("%q is no time such as 12:00:07.440, 2026-03-01 13:00:07 +01:00 or 2026-03-01 13:00 Europe/Paris", text)
	}
	if err := r.place(strings.TrimSpace(rest)); err != nil {
		return 0, err
	}
	u, err := r.instant(c)
	if err != nil {
		return 0, err
	}
	if u < Min || u > Max {
		return 0, fmt.Errorf("%q lies outside the years 0001 to 9999 of UTC", text)
	}
	return u, nil
}

// reading is a text taken apart.
type reading struct {
	text         string
	dated, timed bool
	year, mon, d int
	of           media.UTC // time of day
	loc          *time.Location
	offset       *media.UTC
	pass         int
}

func (r *reading) date(m []string) error {
	r.dated = true
	r.year, r.mon, r.d = atoi(m[1]), atoi(m[2]), atoi(m[3])
	t := time.Date(r.year, time.Month(r.mon), r.d, 0, 0, 0, 0, time.UTC)
	if int(t.Month()) != r.mon || t.Day() != r.d {
		return fmt.Errorf("%q: there is no day %s-%s-%s in the calendar", r.text, m[1], m[2], m[3])
	}
	return nil
}

func (r *reading) time(m []string) error {
	r.timed = true
	h, mi, s := atoi(m[1]), atoi(m[2]), atoi(m[3])
	f := media.UTC(atoi((m[4] + "000000000")[:9]) / 100)
	if s == 60 {
		return fmt.Errorf("%q: second 60 is a leap second, which recordings have no time for; its neighbours are second 59.9999999 and the next minute", r.text)
	}
	if h > 24 || mi > 59 || s > 59 || h == 24 && (mi > 0 || s > 0 || f > 0) {
		return fmt.Errorf("%q: a day goes from 00:00 to 24:00, an hour to minute 59, a minute to second 59", r.text)
	}
	r.of = media.UTC(h*3600+mi*60+s)*second + f
	return nil
}

// place reads what stands behind date and time.
func (r *reading) place(s string) error {
	switch s {
	case "":
		return nil
	case "UTC", "utc", "Z", "z":
		r.loc = time.UTC
		return nil
	}
	if m := offsetForm.FindStringSubmatch(s); m != nil {
		off := media.UTC(atoi(m[2])*3600+atoi(m[3])*60+atoi(m[4])) * second
		if off >= day || atoi(m[3]) > 59 || atoi(m[4]) > 59 {
			return fmt.Errorf("%q: %s is no offset from UTC such as +01:00", r.text, strings.Trim(m[0], " ("))
		}
		if m[1] != "+" {
			off = -off
		}
		r.offset = &off
		s = s[len(strings.TrimSuffix(m[0], "(")):]
	}
	if in, ok := strings.CutPrefix(s, "("); ok {
		if s, ok = strings.CutSuffix(in, ")"); !ok {
			return fmt.Errorf("%q: the bracket is not closed", r.text)
		}
	}
	if m := passForm.FindStringSubmatch(s); m != nil {
		s, r.pass = m[1], atoi(m[2])
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	if s == here || strings.HasSuffix(s, ", "+here) { // the abbreviation before it is for people
		s = here
	}
	loc, err := Zone(s)
	if err != nil {
		return fmt.Errorf("%q: %w", r.text, err)
	}
	r.loc = loc
	return nil
}

// instant finds the instant that is meant.
func (r *reading) instant(c Context) (media.UTC, error) {
	loc := r.loc
	if loc == nil && r.offset != nil && r.pass == 0 {
		loc = time.FixedZone("", int(*r.offset/second))
	}
	if loc == nil {
		loc = c.Zone
	}
	if loc == nil {
		loc = time.UTC
	}
	if !r.dated {
		y, m, d := c.Shown.Time().In(loc).Date()
		r.year, r.mon, r.d = y, int(m), d
	}
	if r.year > 10_000 {
		return 0, fmt.Errorf("%q lies outside the years 0001 to 9999 of UTC", r.text)
	}
	w := wall(media.FromTime(time.Date(r.year, time.Month(r.mon), r.d, 0, 0, 0, 0, time.UTC)) + r.of)
	at, skip := resolve(loc, w)
	if len(at) == 0 && !r.timed && media.UTC(shown(skip, loc)-w) < day { // a day that begins later
		at = []media.UTC{skip}
	}
	if r.offset != nil {
		return r.at(media.UTC(w)-*r.offset, at, loc)
	}
	switch {
	case len(at) == 0:
		return 0, &Skipped{Text: r.text, Before: skip - 1, After: skip, zone: loc}
	case r.pass > len(at):
		return 0, fmt.Errorf("%q: this time has no %s in %s; it occurs %s", r.text, passText(r.pass), zoneName(loc), times(len(at)))
	case r.pass > 0:
		return at[r.pass-1], nil
	case len(at) > 1 && r.timed:
		return 0, &Repeated{Text: r.text, Passes: at, zone: loc}
	}
	return at[0], nil
}

// at checks an instant that was given by its offset against the zone and the
// pass that were named beside it.
func (r *reading) at(u media.UTC, possible []media.UTC, loc *time.Location) (media.UTC, error) {
	for i, p := range possible {
		if p != u {
			continue
		}
		if r.pass > 0 && r.pass != i+1 {
			return 0, fmt.Errorf("%q: with this offset it is the %s", r.text, passText(i+1))
		}
		return u, nil
	}
	_, off := u.Time().In(loc).Zone()
	return 0, fmt.Errorf("%q: %s does not show this time with that offset; at that instant its offset is %s", r.text, zoneName(loc), offsetText(off))
}

func zoneName(loc *time.Location) string {
	if loc == time.Local {
		return here
	}
	if s := loc.String(); s != "" {
		return s
	}
	return "this offset"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// atoi reads digits that a form has matched; none are 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s) //nolint:errcheck // few digits
	return n
}

// Skipped says that clocks were put forward over a time.
type Skipped struct {
	Text          string
	Before, After media.UTC // the last instant before the change and the first after it
	zone          *time.Location
}

// Error names the nearest times that there are.
func (e *Skipped) Error() string {
	return fmt.Sprintf("%q: clocks were put forward over this time; the nearest are %s and %s", e.Text, Exact(e.Before, e.zone), Exact(e.After, e.zone))
}

// Repeated says that clocks were put back, so that they showed a time twice.
type Repeated struct {
	Text   string
	Passes []media.UTC // in order
	zone   *time.Location
}

// Error names the times that may be meant.
func (e *Repeated) Error() string {
	var all []string
	for _, u := range e.Passes {
		all = append(all, Exact(u, e.zone))
	}
	return fmt.Sprintf("%q occurs %s, as clocks were put back; write %s", e.Text, times(len(e.Passes)), strings.Join(all, " or "))
}
