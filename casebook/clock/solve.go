package clock

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"vedette/media"
)

// AssumedDrift is how far a clock may drift whose observations do not tell it
// better: what poor crystals do, 8.6 s a day. It counts with a probability of
// 95 %, like every uncertainty.
const AssumedDrift = 100 * PPM

// Limits of one case: the adjustment takes time with the cube of the sources.
const (
	MaxObservations = 2000
	MaxSources      = 100
)

// normal is how many standard deviations hold 95 %.
const normal = 1.959964

// outlying is the residual, in standard deviations, from which an observation is
// flagged: one in 400 by chance.
const outlying = 3

// Solution is the clocks of all observed sources, adjusted together. It is
// immutable.
type Solution struct {
	Clocks    []Clock    // in order of their names
	Residuals []Residual // of the observations, in the order in which they were given
	groups    []*group
}

// Clock is the result for one source.
type Clock struct {
	Source string
	Model  Model
	// Against is the source whose clock stands in for true time, since nothing
	// ties this one to it; "" for true time. A clock against itself is exact.
	Against string
	Counted int     // observations that count and name the source
	Widened float64 // by how much the uncertainties were widened, as observations disagree; 1 if they do not
	group   *group
	column  int
}

// Residual is what an observation differs by from the models.
type Residual struct {
	By Span // observed less modelled
	// Ratio is By in standard deviations of its expectation; 0 when nothing
	// else tells what this observation does.
	Ratio    float64
	Checked  bool // other observations tell the same, so that Ratio has a meaning
	Outlier  bool // Ratio is over 3; the observation counts all the same
	SetAside bool // it does not count, as was asked for
}

// group is sources that observations tie together; other groups share nothing.
type group struct {
	names   []string
	of      map[string]int // column in names
	counted []int          // observations, as places in the list
	rooted  bool           // tied to true time; else names[0] stands in for it
	base    []Span         // of each source, so that what is adjusted is small
	ref     []media.UTC    // of each source: the declared time from which drift is counted
	prior   []bool         // the drift of the source is assumed
	inverse matrix         // of the normal equations
	gain    matrix         // by parameter and observation, then by prior
	width   []float64      // uncertainty of each observation, widened, then of each prior
	x       []float64
	widened float64
}

const dayLong = float64(86_400 * Second)

// Solve adjusts the clocks of all sources by least squares, weighted by the
// stated uncertainties. A clock is an offset and, where the observations tell
// it better than AssumedDrift, a drift.
func Solve(list []Observation) (*Solution, error) {
	if len(list) > MaxObservations {
		return nil, fmt.Errorf("clock: %d observations; at most %d are adjusted together", len(list), MaxObservations)
	}
	for i, o := range list {
		if err := o.Check(); err != nil {
			return nil, fmt.Errorf("clock: number %d: %w", i+1, err)
		}
	}
	s := &Solution{Residuals: make([]Residual, len(list))}
	groups, err := gather(list)
	if err != nil {
		return nil, err
	}
	s.groups = groups
	for _, g := range groups {
		g.start(list)
		if err := g.adjust(list); err != nil {
			return nil, err
		}
		g.judge(list, s.Residuals)
		for k := range g.names {
			c, err := g.clock(k, list)
			if err != nil {
				return nil, err
			}
			s.Clocks = append(s.Clocks, c)
		}
	}
	slices.SortFunc(s.Clocks, func(a, b Clock) int { return cmp.Compare(a.Source, b.Source) })
	for i, o := range list {
		if o.SetAside != "" {
			s.Residuals[i] = s.aside(o)
		}
	}
	return s, nil
}

// Clock returns the result for one source, if any observation of it counts.
func (s *Solution) Clock(source string) (Clock, bool) {
	i, ok := slices.BinarySearchFunc(s.Clocks, source, func(c Clock, name string) int { return cmp.Compare(c.Source, name) })
	if !ok {
		return Clock{}, false
	}
	return s.Clocks[i], true
}

// Correct turns a declared time of a source into the true one, give or take
// within; false when nothing ties its clock to true time.
func (s *Solution) Correct(source string, declared media.UTC) (at media.UTC, within Span, ok bool) {
	c, ok := s.Clock(source)
	if !ok || c.Against != "" {
		return 0, 0, false
	}
	at, within = c.Model.Correct(declared)
	return at, within, true
}

// gather splits the sources into groups that observations tie together.
func gather(list []Observation) ([]*group, error) {
	parent := map[string]string{}
	var find func(string) string
	find = func(n string) string {
		for parent[n] != n {
			parent[n] = parent[parent[n]]
			n = parent[n]
		}
		return n
	}
	add := func(n string) {
		if _, ok := parent[n]; !ok {
			parent[n] = n
		}
	}
	for _, o := range list {
		if o.SetAside != "" {
			continue
		}
		add(o.Source)
		if o.Kind == SameEvent {
			add(o.Other)
			parent[find(o.Source)] = find(o.Other)
		}
	}
	if len(parent) > MaxSources {
		return nil, fmt.Errorf("clock: %d sources; at most %d are adjusted together", len(parent), MaxSources)
	}
	names := make([]string, 0, len(parent))
	for n := range parent {
		names = append(names, n)
	}
	slices.Sort(names)
	byRoot := map[string]*group{}
	var out []*group
	for _, n := range names {
		g := byRoot[find(n)]
		if g == nil {
			g = &group{of: map[string]int{}}
			byRoot[find(n)] = g
			out = append(out, g)
		}
		g.of[n] = len(g.names)
		g.names = append(g.names, n)
	}
	for i, o := range list {
		if o.SetAside == "" {
			g := byRoot[find(o.Source)]
			g.counted = append(g.counted, i)
			g.rooted = g.rooted || o.Kind != SameEvent
		}
	}
	return out, nil
}

// start chooses, for each source, a first value of its offset and the time from
// which its drift counts: the middle of its observations by weight.
func (g *group) start(list []Observation) {
	n := len(g.names)
	g.base, g.ref = make([]Span, n), make([]media.UTC, n)
	known := make([]bool, n)
	if !g.rooted {
		known[0] = true
	}
	for again := true; again; {
		again = false
		for _, i := range g.counted {
			o := list[i]
			a := g.of[o.Source]
			if o.Kind != SameEvent {
				if !known[a] {
					g.base[a], known[a], again = o.by(), true, true
				}
				continue
			}
			switch b := g.of[o.Other]; {
			case known[a] && !known[b]:
				g.base[b], known[b], again = g.base[a]-o.by(), true, true
			case known[b] && !known[a]:
				g.base[a], known[a], again = g.base[b]+o.by(), true, true
			}
		}
	}
	weight, sum, first := make([]float64, n), make([]float64, n), make([]media.UTC, n)
	see := func(k int, at media.UTC, within Span) {
		if weight[k] == 0 {
			first[k] = at
		}
		w := 1 / float64(within) / float64(within)
		weight[k] += w
		sum[k] += w * float64(at-first[k])
	}
	for _, i := range g.counted {
		o := list[i]
		see(g.of[o.Source], o.Declared, o.Within)
		if o.Kind == SameEvent {
			see(g.of[o.Other], o.OtherDeclared, o.Within)
		}
	}
	for k := range n {
		g.ref[k] = first[k] + media.UTC(math.Round(sum[k]/weight[k]))
	}
}

// free returns how many sources have unknowns: all, or all but the one that
// stands in for true time. Their offsets come first, then their drifts.
func (g *group) free() (count, from int) {
	if g.rooted {
		return len(g.names), 0
	}
	return len(g.names) - 1, 1
}

// row returns how an error of the clocks enters one observation: its unknowns,
// the factors before them, and what is observed less the first values.
func (g *group) row(o Observation) (col []int, k []float64, y float64) {
	count, from := g.free()
	add := func(s int, declared media.UTC, sign float64) {
		if s < from {
			return
		}
		col = append(col, s-from, count+s-from)
		k = append(k, sign, sign*float64(declared-g.ref[s])/dayLong)
	}
	by, a := o.by(), g.of[o.Source]
	add(a, o.Declared, 1)
	by -= g.base[a]
	if o.Kind == SameEvent {
		b := g.of[o.Other]
		add(b, o.OtherDeclared, -1)
		by += g.base[b]
	}
	return col, k, float64(by)
}

// priorWidth is AssumedDrift in the units of the unknowns: 100 ns a day.
var priorWidth = float64(AssumedDrift.over(media.UTC(dayLong)))

// adjust solves the normal equations. A drift that the observations tell worse
// than AssumedDrift, or not at all, gets that as one more observation. Which
// ones are so does not depend on what was observed, only on when and how well.
func (g *group) adjust(list []Observation) error {
	count, _ := g.free()
	p := 2 * count
	g.prior = make([]bool, count)
	plain := newMatrix(p, p)
	for _, i := range g.counted {
		col, k, _ := g.row(list[i])
		w := 1 / float64(list[i].Within) / float64(list[i].Within)
		for a := range col {
			for b := range col {
				plain[col[a]][col[b]] += w * k[a] * k[b]
			}
		}
	}
	for again := true; again; {
		again = false
		n := plain.clone()
		for s, is := range g.prior {
			if is {
				n[count+s][count+s] += 1 / priorWidth / priorWidth
			}
		}
		var singular int
		g.inverse, singular = n.invert()
		if singular >= 0 {
			if singular < count || g.prior[singular-count] {
				return fmt.Errorf("clock: the observations of %q cannot be adjusted; their uncertainties differ by too much", g.names[singular%max(count, 1)])
			}
			g.prior[singular-count], again = true, true
			continue
		}
		for s := range g.prior {
			if !g.prior[s] && g.inverse[count+s][count+s] > priorWidth*priorWidth {
				g.prior[s], again = true, true
			}
		}
	}
	g.solve(list)
	return nil
}

// solve finds the unknowns, and what each observation has to do with them.
func (g *group) solve(list []Observation) {
	count, _ := g.free()
	p := 2 * count
	g.gain = newMatrix(p, 0)
	g.x = make([]float64, p)
	for _, i := range g.counted {
		col, k, y := g.row(list[i])
		u := float64(list[i].Within)
		g.width = append(g.width, u)
		for r := range p {
			v := 0.0
			for a := range col {
				v += g.inverse[r][col[a]] * k[a]
			}
			v /= u * u
			g.gain[r] = append(g.gain[r], v)
			g.x[r] += v * y
		}
	}
	for s, is := range g.prior {
		if !is {
			continue
		}
		g.width = append(g.width, priorWidth)
		for r := range p {
			g.gain[r] = append(g.gain[r], g.inverse[r][count+s]/priorWidth/priorWidth)
		}
	}
}

// judge compares the observations with the models. Where they disagree by more
// than chance, the uncertainties of all observations of the group are widened.
func (g *group) judge(list []Observation, out []Residual) {
	count, _ := g.free()
	square, more := 0.0, len(g.counted)-2*count
	for _, i := range g.counted {
		col, k, y := g.row(list[i])
		h := 0.0
		for a := range col {
			y -= k[a] * g.x[col[a]]
			for b := range col {
				h += k[a] * g.inverse[col[a]][col[b]] * k[b]
			}
		}
		u := float64(list[i].Within)
		square += y * y / u / u
		r := Residual{By: Span(math.Round(y))}
		if left := 1 - h/u/u; left > 1e-6 {
			r.Checked, r.Ratio = true, math.Abs(y)/u*normal/math.Sqrt(left)
			r.Outlier = r.Ratio > outlying
		}
		out[i] = r
	}
	for s, is := range g.prior {
		if is {
			square += g.x[count+s] * g.x[count+s] / priorWidth / priorWidth
			more++
		}
	}
	square *= normal * normal
	g.widened = 1
	if more > 0 && square > chance(float64(more)) {
		g.widened = math.Sqrt(square / float64(more))
	}
	for n := range g.counted {
		g.width[n] *= g.widened
	}
}

// variance returns the expanded covariance of two unknowns.
func (g *group) variance(a, b int) float64 {
	v := 0.0
	for i, u := range g.width {
		v += g.gain[a][i] * g.gain[b][i] * u * u
	}
	return v
}

// chance returns what a sum of n squares of standard deviations stays below with
// a probability of 95 % (Wilson and Hilferty).
func chance(n float64) float64 {
	c := 2 / (9 * n)
	return n * math.Pow(1-c+1.644854*math.Sqrt(c), 3)
}

// clock puts the result for one source into a model. Its time is where offset
// and drift are independent, so that the model tells its own uncertainty.
func (g *group) clock(k int, list []Observation) (Clock, error) {
	count, from := g.free()
	c := Clock{Source: g.names[k], Widened: g.widened, group: g, column: k}
	for _, i := range g.counted {
		if list[i].Source == c.Source || list[i].Kind == SameEvent && list[i].Other == c.Source {
			c.Counted++
		}
	}
	if !g.rooted {
		c.Against = g.names[0]
	}
	if k < from {
		return c, nil
	}
	a, b := k-from, count+k-from
	aa, ab, bb := g.variance(a, a), g.variance(a, b), g.variance(b, b)
	across := -ab / bb // days from ref
	within := math.Sqrt(max(aa+across*ab, 0))
	c.Model = Model{
		Offset: g.base[k] + Span(math.Round(g.x[a]+g.x[b]*across)),
		Within: Span(max(upward(within), 1)),
		Drift:  rate(g.x[b], math.Round), DriftWithin: max(rate(math.Sqrt(bb), upward), 1),
		Assumed: g.prior[a],
		At:      g.ref[k] + media.UTC(math.Round(across*dayLong)),
	}
	if err := c.Model.Check(); err != nil {
		return c, fmt.Errorf("clock: the observations of %q are not of one clock that runs evenly: %w. If it was set in between, give each stretch a source of its own", c.Source, err)
	}
	return c, nil
}

// upward rounds up to the next unit what is more than the noise of calculating.
func upward(v float64) float64 { return math.Ceil(v * (1 - 1e-12)) }

func rate(perDay float64, round func(float64) float64) Rate {
	return Rate(round(max(min(perDay/dayLong*1e12, 1e18), -1e18)))
}

// aside tells what an observation that does not count differs by.
func (s *Solution) aside(o Observation) Residual {
	r := Residual{SetAside: true}
	a, ok := s.Clock(o.Source)
	if !ok {
		return r
	}
	by, _ := a.Model.Error(o.Declared)
	against := ""
	if o.Kind == SameEvent {
		b, known := s.Clock(o.Other)
		if !known || b.group != a.group && (a.Against != "" || b.Against != "") {
			return r
		}
		other, _ := b.Model.Error(o.OtherDeclared)
		by, against = by-other, a.Against
	}
	if a.Against == against {
		r.By = o.by() - by
	}
	return r
}
