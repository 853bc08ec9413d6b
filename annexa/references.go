package annexa

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vedette/internal/diag"
)

// check looks at what rows say about each other, over the file and what is
// known already.
func check(c, known *Catalogue, l *log) {
	w := &web{cat: c, known: known, log: l}
	w.links()
	w.plans()
	w.lookalikes()
	w.far()
	w.stacks()
}

type web struct {
	cat, known *Catalogue
	log        *log
}

func (w *web) warn(s Source, code, column, read, format string, args ...any) {
	w.add(s, diag.Warning, code, column, read, format, args...)
}

func (w *web) add(s Source, sev diag.Severity, code, column, read, format string, args ...any) {
	where := ""
	if s.Row > 0 {
		where = fmt.Sprintf("row %d, line %d: ", s.Row, s.Line)
	}
	f := diag.New(code, sev, "%s%s", where, fmt.Sprintf(format, args...))
	f.Row, f.Line, f.Column, f.Read = s.Row, s.Line, column, cutText(read)
	w.log.add(f)
}

// targets are the maps that a link may lead to.
type targets struct {
	geo   map[string]bool
	plans map[string][]string // name -> partners
}

func (w *web) targets() targets {
	t := targets{geo: map[string]bool{}, plans: map[string][]string{}}
	for _, c := range []*Catalogue{w.cat, w.known} {
		if c == nil {
			continue
		}
		for _, m := range c.Maps {
			switch {
			case m.Kind == Georeferenced:
				t.geo[m.Name] = true
			case m.Kind == Plan && !slices.Contains(t.plans[m.Name], m.Partner):
				t.plans[m.Name] = append(t.plans[m.Name], m.Partner)
			}
		}
	}
	return t
}

func (w *web) links() {
	t := w.targets()
	for _, p := range w.cat.Places {
		owners := t.plans[p.Link]
		switch {
		case p.Link == p.Map:
			p.State = LinkSelf
			w.warn(p.Source, "LINK-SELF", "Link", p.Link, "the place leads to the map it stands on")
		case slices.Contains(owners, p.Partner) || t.geo[p.Link]:
			p.State = LinkOK
		case len(owners) == 1:
			p.State = LinkOther
			w.warn(p.Source, "LINK-OTHER-PARTNER", "Link", p.Link, "the map %s belongs to %s; the link is not followed until someone confirms it", quote(p.Link), quote(owners[0]))
		case len(owners) > 1:
			p.State = LinkAmbiguous
			w.warn(p.Source, "LINK-PARTNER-AMBIG", "Link", p.Link, "%d partners have a map %s; the link is not followed", len(owners), quote(p.Link))
		default:
			p.State = LinkMissing
			w.warn(p.Source, "LINK-UNKNOWN", "Link", p.Link, "no map %s is known; the link leads nowhere", quote(p.Link))
		}
	}
}

// plans tells of plans that cannot be reached, hold nothing, or lead nowhere.
func (w *web) plans() {
	reached, holds, leads := map[planKey]bool{}, map[planKey]bool{}, map[planKey]bool{}
	for _, p := range w.cat.Places {
		if p.Link != p.Map {
			reached[planKey{p.Partner, p.Link}] = true
		}
		holds[planKey{p.Partner, p.Map}] = true
		leads[planKey{p.Partner, p.Map}] = true
	}
	for _, c := range w.cat.Cameras {
		for _, at := range c.Placements {
			holds[planKey{c.Partner, at.Map}] = true
		}
	}
	for _, m := range w.cat.Maps {
		if m.Kind != Plan || m.Pending {
			continue
		}
		k := planKey{m.Partner, m.Name}
		if !reached[k] {
			w.warn(m.Source, "PLAN-ORPHAN", "Map", m.Name, "no place leads to the plan %s", quote(m.Name))
		}
		switch {
		case !holds[k]:
			w.add(m.Source, diag.Note, "PLAN-EMPTY", "Map", m.Name, "nothing stands on the plan %s", quote(m.Name))
		case !leads[k]:
			w.add(m.Source, diag.Note, "PLAN-DEAD-END", "Map", m.Name, "no place leads back from the plan %s", quote(m.Name))
		}
	}
}

// fold brings names that people take for the same into one form.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == '_' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '\u2212':
			gap = true
			continue
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// maxAlike bounds how many pairs of one kind are told.
const maxAlike = 100

func (w *web) lookalikes() {
	names := map[string]Source{}
	var order []string
	see := func(n string, s Source) {
		if _, ok := names[n]; !ok && n != "" {
			names[n] = s
			order = append(order, n)
		}
	}
	for _, m := range w.cat.Maps {
		see(m.Name, m.Source)
	}
	for _, p := range w.cat.Places {
		see(p.Link, p.Source)
	}
	w.alike("MAP-LOOKALIKE", "Map", order, names)
	partners := map[string]Source{}
	for _, p := range w.cat.Partners {
		partners[p] = Source{}
	}
	w.alike("PARTNER-LOOKALIKE", "Partner", w.cat.Partners, partners)
}

func (w *web) alike(code, column string, names []string, at map[string]Source) {
	first := map[string]string{}
	told := 0
	for _, n := range names {
		k := fold(n)
		o, ok := first[k]
		if !ok {
			first[k] = n
			continue
		}
		if o != n && told < maxAlike {
			told++
			w.warn(at[n], code, column, n, "%s and %s look alike; they are kept apart until someone says that they are the same", quote(o), quote(n))
		}
	}
}

// earth is the mean radius in kilometres.
const earth = 6371.0088

func distance(a, b GPS) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((b.Lat-a.Lat)*rad/2), math.Sin((b.Lon-a.Lon)*rad/2)
	h := s*s + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*t*t
	return 2 * earth * math.Asin(min(1, math.Sqrt(h)))
}

// far hints at positions whose two numbers were exchanged.
func (w *web) far() {
	type spot struct {
		g GPS
		s Source
	}
	of := map[string][]spot{}
	for _, c := range w.cat.Cameras {
		for _, p := range c.Placements {
			if p.GPS != nil {
				of[c.Partner] = append(of[c.Partner], spot{*p.GPS, p.Source})
			}
		}
	}
	for _, p := range w.cat.Places {
		if p.GPS != nil {
			of[p.Partner] = append(of[p.Partner], spot{*p.GPS, p.Source})
		}
	}
	for _, partner := range w.cat.Partners {
		spots := of[partner]
		if len(spots) < 3 {
			continue
		}
		lat, lon := make([]float64, 0, len(spots)), make([]float64, 0, len(spots))
		for _, s := range spots {
			lat, lon = append(lat, s.g.Lat), append(lon, s.g.Lon)
		}
		sort.Float64s(lat)
		sort.Float64s(lon)
		middle := GPS{lat[len(lat)/2], lon[len(lon)/2]}
		for _, s := range spots {
			if d := distance(s.g, middle); d > 500 && math.Abs(s.g.Lon) <= 90 && distance(GPS{s.g.Lon, s.g.Lat}, middle) < 50 {
				w.warn(s.s, "GPS-FAR", "GPS_Pos", gpsText(&s.g), "%.0f km from the partner's other objects, and close to them with the two numbers exchanged", d)
			}
		}
	}
}

// stacks notes cameras at the very same position.
func (w *web) stacks() {
	count := map[GPS]int{}
	for _, c := range w.cat.Cameras {
		for _, p := range c.Placements {
			if p.GPS == nil {
				continue
			}
			count[*p.GPS]++
			if count[*p.GPS] == 3 {
				w.add(p.Source, diag.Note, "GEO-STACK", "GPS_Pos", gpsText(p.GPS), "three or more cameras stand at this very position")
			}
		}
	}
}
