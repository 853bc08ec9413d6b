package clock

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"vedette/media"
)

const (
	hour = media.UTC(3600 * Second)
	day  = 24 * hour
)

var noon = media.FromTime(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))

// truth is a clock as it really runs.
type truth struct {
	offset Span // at noon, true time
	drift  float64
}

// shows returns what the clock shows at a true time.
func (c truth) shows(at media.UTC) media.UTC {
	return at + media.UTC(c.offset) + media.UTC(math.Round(c.drift*float64(at-noon)))
}

// noisy is what is read where within holds with 95 %.
func noisy(rnd *rand.Rand, at media.UTC, within Span) media.UTC {
	return at + media.UTC(math.Round(rnd.NormFloat64()*float64(within)/normal))
}

func seen(source string, c truth, at media.UTC, within Span) Observation {
	return Observation{Kind: RadioTime, Source: source, Declared: c.shows(at), True: at, Within: within}
}

func together(a string, ca truth, b string, cb truth, at media.UTC, within Span) Observation {
	return Observation{Kind: SameEvent, Source: a, Declared: ca.shows(at), Other: b, OtherDeclared: cb.shows(at), Within: within}
}

func solve(t testing.TB, list ...Observation) *Solution {
	t.Helper()
	s, err := Solve(list)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// near reports whether two times differ by at most so many units: what rounding
// leaves.
func near100(a, b media.UTC, units media.UTC) bool { return a-b <= units && b-a <= units }

func TestOneObservationGivesTheOffsetAndAssumesTheDrift(t *testing.T) {
	c := truth{offset: 252 * Second}
	s := solve(t, seen("A", c, noon, 2*Second))
	k, _ := s.Clock("A")
	if m := k.Model; m.Offset != 252*Second || m.Within != 2*Second || m.Drift != 0 || m.DriftWithin != AssumedDrift || !m.Assumed || m.At != c.shows(noon) {
		t.Errorf("%v", m)
	}
	if s.Residuals[0].Checked || s.Residuals[0].Outlier {
		t.Errorf("a lone observation was checked: %+v", s.Residuals[0])
	}
	at, within, ok := s.Correct("A", c.shows(noon)+10*day)
	if want := math.Hypot(2, 86.4); !ok || at != noon+10*day || math.Abs(float64(within)/float64(Second)-want) > 0.001 {
		t.Errorf("ten days later: %v ± %v, want ± %.1f s", at, within, want)
	}
}

func TestTwoObservationsGiveTheDriftAsWellAsTheyCan(t *testing.T) {
	c := truth{offset: 252 * Second, drift: 40e-6}
	s := solve(t, seen("A", c, noon, Second), seen("A", c, noon+10*day, Second))
	k, _ := s.Clock("A")
	m := k.Model
	if m.Assumed || math.Abs(float64(m.Drift)/1e6-40) > 0.01 || math.Abs(float64(m.DriftWithin)/1e6-math.Sqrt2/10/86_400*1e6) > 0.01 || math.Abs(float64(m.Within)/float64(Second)-math.Sqrt(0.5)) > 1e-6 {
		t.Errorf("%v", m)
	}
	for _, d := range []media.UTC{-30, 0, 5, 10, 400} {
		at, within, _ := s.Correct("A", c.shows(noon+d*day))
		x := float64(d-5) / 10
		if want := math.Sqrt(0.5 + 2*x*x); !near100(at, noon+d*day, 100) || math.Abs(float64(within)/float64(Second)-want) > 1e-3 {
			t.Errorf("day %d: %v ± %v, want ± %.4f s", d, at, within, want)
		}
	}
	// Two that are close together tell less than what clocks do anyway.
	s = solve(t, seen("A", c, noon, Second), seen("A", c, noon+hour, Second))
	if k, _ := s.Clock("A"); !k.Model.Assumed || k.Model.DriftWithin > AssumedDrift {
		t.Errorf("%v", k.Model)
	}
}

// The stated uncertainty holds in 95 % of all cases, at the observations, between
// and beyond.
func TestTheStatedUncertaintyIsKept(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 3))
	c := truth{offset: 252 * Second, drift: 40e-6}
	days := []media.UTC{-20, 0, 1, 2, 3, 30}
	hits, drift := make([]int, len(days)), 0
	const runs = 4000
	for range runs {
		var list []Observation
		for _, d := range []media.UTC{0, 1, 3} {
			o := seen("A", c, noon+d*day, 2*Second)
			o.Declared = noisy(rnd, o.Declared, o.Within)
			list = append(list, o)
		}
		s := solve(t, list...)
		for i, d := range days {
			at, within, _ := s.Correct("A", c.shows(noon+d*day))
			if near100(at, noon+d*day, media.UTC(within)) {
				hits[i]++
			}
		}
		k, _ := s.Clock("A")
		if math.Abs(float64(k.Model.Drift)-40e6) <= float64(k.Model.DriftWithin) {
			drift++
		}
	}
	for i, d := range append(days, 0) {
		n := drift
		if i < len(days) {
			n = hits[i]
		}
		if p := float64(n) / runs; p < 0.938 || p > 0.975 {
			t.Errorf("day %d: the true time lies within in %.1f %% of cases", d, 100*p)
		}
	}
}

func TestPairsTieSourcesTogether(t *testing.T) {
	a, b, c := truth{offset: 252 * Second, drift: 40e-6}, truth{offset: -7 * Second, drift: -10e-6}, truth{offset: 3600 * Second}
	list := []Observation{
		seen("A", a, noon, 5*Second), seen("A", a, noon+10*day, 5*Second),
		together("B", b, "A", a, noon, Second/10), together("A", a, "B", b, noon+10*day, Second/10),
		together("B", b, "C", c, noon+5*day, Second/5),
	}
	s := solve(t, list...)
	for name, clock := range map[string]truth{"A": a, "B": b, "C": c} {
		for _, d := range []media.UTC{0, 5, 10} {
			if name == "C" && d != 5 {
				continue // its drift is not known
			}
			at, within, ok := s.Correct(name, clock.shows(noon+d*day))
			if !ok || !near100(at, noon+d*day, 100) || within < 3*Second || within > 6*Second {
				t.Errorf("%s on day %d: %v ± %v", name, d, at, within)
			}
		}
	}
	// What A and B are unsure of in common does not count between them.
	o := s.Order(Moment{"A", a.shows(noon), 0}, Moment{"B", b.shows(noon + media.UTC(Second)), 0})
	if o.Answer != Before || !near100(media.UTC(o.By), media.UTC(Second), 100) || o.Within > Second/4 {
		t.Errorf("%v", o)
	}
}

func TestSourcesThatNobodyComparedWithTrueTimeAreOrderedAmongThemselves(t *testing.T) {
	a, b := truth{offset: 252 * Second}, truth{offset: -7 * Second}
	s := solve(t, together("A", a, "B", b, noon, Second/10), seen("C", truth{}, noon, Second))
	if _, _, ok := s.Correct("B", noon); ok {
		t.Error("a clock that was not compared with true time was corrected")
	}
	if k, _ := s.Clock("B"); k.Against != "A" {
		t.Errorf("%+v", k)
	}
	if o := s.Order(Moment{"B", b.shows(noon + hour), 0}, Moment{"A", a.shows(noon), 0}); o.Answer != After || -o.By < Span(hour)-2 {
		t.Errorf("%v", o)
	}
	for _, pair := range [][2]string{{"A", "C"}, {"C", "B"}, {"A", "D"}, {"D", "C"}} {
		if o := s.Order(Moment{pair[0], noon, 0}, Moment{pair[1], noon + 90*day, 0}); o.Answer != Undecided || o.Why == "" {
			t.Errorf("%v: %v", pair, o)
		}
	}
	if o := s.Order(Moment{"D", noon, 0}, Moment{"D", noon + hour, 0}); o.Answer != Before || o.Within != AssumedDrift.over(hour) {
		t.Errorf("within one source: %v", o)
	}
}

func TestOutliersAreFlaggedAndStayUntilTheyAreSetAside(t *testing.T) {
	c := truth{offset: 252 * Second, drift: 40e-6}
	var list []Observation
	for d := range media.UTC(6) {
		list = append(list, seen("A", c, noon+d*day, Second))
	}
	list = append(list, seen("B", c, noon, Second))
	wrong := list[4]
	wrong.True -= media.UTC(60 * Second) // a minute misread
	list[4] = wrong
	s := solve(t, list...)
	worst := 0
	for i, r := range s.Residuals {
		if r.Ratio > s.Residuals[worst].Ratio {
			worst = i
		}
	}
	k, _ := s.Clock("A")
	if worst != 4 || !s.Residuals[4].Outlier || k.Widened < 10 || k.Counted != 6 {
		t.Errorf("worst is %d, %+v, widened by %.1f", worst, s.Residuals, k.Widened)
	}
	if at, within, _ := s.Correct("A", c.shows(noon)); !near100(at, noon, media.UTC(within)) {
		t.Errorf("with the outlier %v ± %v", at, within)
	}
	if k, _ := s.Clock("B"); k.Widened != 1 {
		t.Errorf("what A says was held against B: %+v", k)
	}
	list[4].SetAside = "the minute hand was misread"
	s = solve(t, list...)
	if r := s.Residuals[4]; !r.SetAside || r.Outlier || r.By < 59*Second || r.By > 61*Second {
		t.Errorf("%+v", r)
	}
	if k, _ := s.Clock("A"); k.Counted != 5 || k.Widened != 1 {
		t.Errorf("%+v", k)
	}
}

func TestWhatCannotBeAdjustedIsRefusedWithTheReason(t *testing.T) {
	good := seen("A", truth{}, noon, Second)
	for why, o := range map[string]Observation{
		"how exact":       {Kind: RadioTime, Source: "A", Declared: noon, True: noon},
		"not known":       {Kind: "guess", Source: "A", Declared: noon, True: noon, Within: 1},
		"no source":       {Kind: RadioTime, Source: " ", Declared: noon, True: noon, Within: 1},
		"second source":   {Kind: SameEvent, Source: "A", Declared: noon, Other: "A", OtherDeclared: noon, Within: 1},
		"only the same":   {Kind: RadioTime, Source: "A", Other: "B", Within: 1},
		"no true time":    {Kind: SameEvent, Source: "A", Other: "B", True: noon, Within: 1},
		"200 years apart": {Kind: RadioTime, Source: "A", Declared: noon, True: noon - 300*365*day, Within: 1},
		"1 to 9999":       {Kind: RadioTime, Source: "A", Declared: 1 << 62, True: noon, Within: 1},
		"runs evenly":     {Kind: RadioTime, Source: "A", Declared: noon + day, True: noon, Within: Second},
	} {
		if s, err := Solve([]Observation{good, o}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%+v: %+v, error %v, want %q", o, s, err, why)
		}
	}
	if s, err := Solve(nil); err != nil || len(s.Clocks) != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := Solve(make([]Observation, MaxObservations+1)); err == nil {
		t.Error("any number was taken")
	}
}

// A chain of cameras of which one alone was compared with true time.
func TestTheMostSourcesAreSolvedInOneGo(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 4))
	var list []Observation
	name := func(i int) string { return string([]rune{rune('A' + i/26), rune('a' + i%26)}) }
	clocks := make([]truth, MaxSources)
	for i := range clocks {
		clocks[i] = truth{Span(rnd.Int64N(int64(600*Second))) - 300*Second, rnd.NormFloat64() * 30e-6}
		if i > 0 {
			list = append(list, together(name(i-1), clocks[i-1], name(i), clocks[i], noon, Second/10), together(name(i), clocks[i], name(i-1), clocks[i-1], noon+30*day, Second/10))
		}
	}
	list = append(list, seen(name(50), clocks[50], noon, Second), seen(name(50), clocks[50], noon+30*day, Second))
	s := solve(t, list...)
	for i, c := range clocks {
		if at, within, ok := s.Correct(name(i), c.shows(noon+15*day)); !ok || !near100(at, noon+15*day, 100_000) || within > 3*Second {
			t.Errorf("%s: %v ± %v", name(i), at, within)
		}
	}
}
