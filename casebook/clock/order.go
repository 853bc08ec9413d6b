package clock

import (
	"fmt"
	"math"

	"vedette/media"
)

// Moment is something that happened in a source.
type Moment struct {
	Source string
	At     media.UTC // declared
	Within Span      // how exactly the moment is found in the source, such as the time of a frame
}

// Answer tells which of two moments came first. The zero value is that it cannot
// be decided.
type Answer uint8

// The answers.
const (
	Undecided Answer = iota
	Before           // the first moment came first
	After            // the second did
)

// String returns the answer in words.
func (a Answer) String() string {
	switch a {
	case Before:
		return "before"
	case After:
		return "after"
	default:
		return "cannot be decided"
	}
}

// Order is the order of two moments with its numbers.
type Order struct {
	Answer Answer
	By     Span // true time from the first to the second, as far as known
	Within Span // what By may be off by
	// Why says why nothing can be told, so that By and Within have no meaning.
	Why string
}

// String prints the order in a sentence without a subject.
func (o Order) String() string {
	if o.Why != "" {
		return o.Answer.String() + ": " + o.Why
	}
	by := max(o.By, -o.By)
	switch o.Answer {
	case Before:
		return fmt.Sprintf("before, by %s ± %s", by, o.Within)
	case After:
		return fmt.Sprintf("after, by %s ± %s", by, o.Within)
	default:
		return fmt.Sprintf("cannot be decided: %s apart, ± %s", by, o.Within)
	}
}

// Order tells which of two moments came first. It is undecided when the
// stretches in which they may lie overlap or touch. What two clocks are unsure
// of in common does not count: of one source only the drift between the moments
// remains, of two that were compared with each other only that comparison. What
// is left is added up, not averaged out.
func (s *Solution) Order(a, b Moment) Order {
	if a.Within < 0 || b.Within < 0 {
		return Order{Why: "a moment has an uncertainty below zero"}
	}
	first, known := s.Clock(a.Source)
	if a.Source == b.Source {
		return alone(first, known, a, b)
	}
	second, other := s.Clock(b.Source)
	switch {
	case !known:
		return Order{Why: fmt.Sprintf("the clock of %q was never compared", a.Source)}
	case !other:
		return Order{Why: fmt.Sprintf("the clock of %q was never compared", b.Source)}
	case first.group != second.group && first.Against != "":
		return Order{Why: fmt.Sprintf("the clock of %q was never compared with true time, nor with %q", a.Source, b.Source)}
	case first.group != second.group && second.Against != "":
		return Order{Why: fmt.Sprintf("the clock of %q was never compared with true time, nor with %q", b.Source, a.Source)}
	}
	ta, ua := first.Model.Correct(a.At)
	tb, ub := second.Model.Correct(b.At)
	o := Order{By: Span(tb - ta), Within: ua + ub}
	if first.group == second.group {
		o.Within = apart(first, second, a.At, b.At)
	}
	o.Within += a.Within + b.Within + unruled(first, o.By)
	return o.decide()
}

// alone compares two moments of one source: the offset drops out.
func alone(c Clock, known bool, a, b Moment) Order {
	m := c.Model
	if !known || c.Against == c.Source { // as it runs by itself
		m.Drift, m.DriftWithin = 0, AssumedDrift
	}
	d := b.At - a.At
	o := Order{By: Span(d) - m.Drift.over(d), Within: m.DriftWithin.over(max(d, -d)) + a.Within + b.Within}
	if c.Against != c.Source {
		o.Within += unruled(c, o.By)
	}
	return o.decide()
}

// unruled returns what a length of time may be off by as the clock that measures
// it is not true time but another one.
func unruled(c Clock, by Span) Span {
	if c.Against == "" {
		return 0
	}
	return AssumedDrift.over(media.UTC(max(by, -by)))
}

func (o Order) decide() Order {
	switch {
	case o.By > o.Within:
		o.Answer = Before
	case -o.By > o.Within:
		o.Answer = After
	}
	return o
}

// apart returns how exactly the difference of two clocks of one group is known.
// Observations that move both count with their difference only.
func apart(a, b Clock, at, bt media.UTC) Span {
	g := a.group
	only, other, both := 0.0, 0.0, 0.0
	for i, u := range g.width {
		ka, kb := g.influence(a.column, at, i), g.influence(b.column, bt, i)
		const nothing = 1e-9
		switch v := (ka - kb) * u; {
		case math.Abs(kb) < nothing:
			only += v * v
		case math.Abs(ka) < nothing:
			other += v * v
		default:
			both += v * v
		}
	}
	return Span(upward(math.Sqrt(only) + math.Sqrt(other) + math.Sqrt(both)))
}

// influence returns how much the error of a clock at a declared time moves with
// observation i.
func (g *group) influence(source int, declared media.UTC, i int) float64 {
	count, from := g.free()
	if source < from {
		return 0
	}
	k := source - from
	return g.gain[k][i] + g.gain[count+k][i]*float64(declared-g.ref[source])/dayLong
}
