package clock

import (
	"fmt"
	"math"

	"vedette/media"
)

// normal is how many standard deviations hold 95 %.
const normal = 1.959964

// outlying is the residual, in standard deviations, from which an observation is
// flagged: one in 400 by chance.
const outlying = 3

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
