package clock

import (
	"math"
	"math/rand/v2"
	"testing"

	"vedette/media"
)

// A thousand pairs: cameras with clocks of their own, observed with errors that
// stay within what is stated. The answer is the one of plain arithmetic with the
// two intervals, and it is never wrong.
func TestAThousandPairsAreOrderedAsTheirIntervalsLie(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 5))
	count := map[Answer]int{}
	for range 1000 {
		var list []Observation
		var clocks [2]truth
		for i := range clocks {
			clocks[i] = truth{Span(rnd.Int64N(int64(1200*Second))) - 600*Second, (rnd.Float64() - .5) * 150e-6}
			u := Span(1 + rnd.Int64N(int64(8*Second)))
			o := seen(string(rune('A'+i)), clocks[i], noon, u)
			o.Declared += media.UTC((rnd.Float64()*2 - 1) * float64(u))
			list = append(list, o)
		}
		s := solve(t, list...)
		at := noon + media.UTC(rnd.Int64N(int64(4*day))) - 2*day
		by := Span(rnd.NormFloat64() * float64(20*Second))
		a, b := Moment{"A", clocks[0].shows(at), Span(rnd.Int64N(int64(Second)))}, Moment{"B", clocks[1].shows(at + media.UTC(by)), 0}

		var low, high [2]int64 // of each moment, by hand
		for i, m := range []Moment{a, b} {
			o := list[i]
			far := float64(m.At - o.Declared)
			u := int64(math.Ceil(math.Hypot(float64(o.Within), 100e-6*far))) + int64(m.Within)
			middle := int64(m.At) - int64(o.Declared-o.True)
			low[i], high[i] = middle-u, middle+u
		}
		want := Undecided
		switch {
		case high[0] < low[1]:
			want = Before
		case high[1] < low[0]:
			want = After
		}
		o := s.Order(a, b)
		edge := min(max(high[0]-low[1], low[1]-high[0]), max(high[1]-low[0], low[0]-high[1])) < 100 // what rounding may turn
		if o.Answer != want && !edge {
			t.Fatalf("%v, want %v: %v to %v against %v to %v", o, want, low[0], high[0], low[1], high[1])
		}
		if o.Answer == Before && by <= 0 || o.Answer == After && by >= 0 {
			t.Fatalf("%v, but the truth is %v", o, by)
		}
		if back := s.Order(b, a); back.By != -o.By || back.Within != o.Within || back.Answer == o.Answer && o.Answer != Undecided {
			t.Fatalf("turned round: %v, against %v", back, o)
		}
		count[o.Answer]++
	}
	for _, a := range []Answer{Undecided, Before, After} {
		if count[a] < 100 {
			t.Errorf("only %d pairs are %v", count[a], a)
		}
	}
}

func TestIntervalsThatTouchDecideNothing(t *testing.T) {
	s := solve(t, seen("A", truth{}, noon, 5*Second), seen("B", truth{}, noon+media.UTC(8*Second), 3*Second))
	for by, want := range map[Span]string{
		8 * Second:   "cannot be decided: 8 s apart, ± 8 s",
		8*Second + 1: "before, by 8.0000001 s ± 8 s",
		8*Second - 1: "cannot be decided: 7.9999999 s apart, ± 8 s",
		-9 * Second:  "after, by 9 s ± 8.0000005 s", // B drifts for 17 s
	} {
		if got := s.Order(Moment{"A", noon, 0}, Moment{"B", noon + media.UTC(by), 0}).String(); got != want {
			t.Errorf("%v: %q, want %q", by, got, want)
		}
	}
	if o := s.Order(Moment{"A", noon, 1}, Moment{"B", noon + media.UTC(8*Second+1), 0}); o.Answer != Undecided {
		t.Errorf("a moment that is found to 100 ns: %v", o)
	}
}

func TestOfOneSourceOnlyTheDriftRemains(t *testing.T) {
	c := truth{offset: 252 * Second, drift: 40e-6}
	s := solve(t, seen("A", c, noon, 60*Second), seen("A", c, noon+100*day, 60*Second))
	first, second := Moment{"A", c.shows(noon), 0}, Moment{"A", c.shows(noon + media.UTC(Second/25)), 0}
	if o := s.Order(first, second); o.Answer != Before || o.Within > 10 || o.By != Second/25 {
		t.Errorf("one frame: %v", o)
	}
	if o := s.Order(second, first); o.Answer != After {
		t.Errorf("one frame back: %v", o)
	}
	if o := s.Order(first, first); o.Answer != Undecided || o.By != 0 || o.Within != 0 {
		t.Errorf("the same moment: %v", o)
	}
	second.Within = Second / 25
	if o := s.Order(first, second); o.Answer != Undecided {
		t.Errorf("a moment that is not found to the frame: %v", o)
	}
}

// Two cameras of which one alone was compared with true time: what is stated of
// their order holds in 95 % of cases at least, however the errors combine.
func TestTheUncertaintyOfAnOrderIsKept(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 7))
	a, b := truth{252 * Second, 40e-6}, truth{-7 * Second, -15e-6}
	const runs = 2000
	held := 0
	for range runs {
		list := []Observation{
			seen("A", a, noon, 5*Second), seen("A", a, noon+4*day, 5*Second), seen("B", b, noon+2*day, 5*Second),
			together("A", a, "B", b, noon+day, 2*Second), together("B", b, "A", a, noon+5*day, 2*Second),
		}
		for i := range list {
			list[i].Declared = noisy(rnd, list[i].Declared, list[i].Within)
		}
		o := solve(t, list...).Order(Moment{"A", a.shows(noon + 6*day), 0}, Moment{"B", b.shows(noon + 6*day), 0})
		if max(o.By, -o.By) <= o.Within {
			held++
		}
	}
	if p := float64(held) / runs; p < 0.94 {
		t.Errorf("the difference lies within what is stated in %.1f %% of cases", 100*p)
	}
}
