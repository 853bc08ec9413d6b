package clock

import (
	"cmp"
	"fmt"
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
