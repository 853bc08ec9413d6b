// Package clock holds the clock models of a case: how far the clock of a source
// is off, how fast it drifts, and how well both are known, from observations
// that people make. It corrects declared times, and tells which of two moments
// came first, or that it cannot be decided.
//
// It refuses observations that do not say how exact they are, never drops one,
// and never takes an uncertainty for smaller than the observations carry. What
// it corrects stays beside what was declared: a model changes no file.
//
// Times and models are whole numbers of 100 ns. Only the adjustment itself, an
// estimate, is calculated in floating point. The reasons are written down in
// docs/design/clocks.md.
package clock

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"

	"vedette/media"
)

// Span is a length of time in units of 100 ns.
type Span int64

// Second is one second.
const Second Span = media.Hundred

// String prints seconds with as many decimals as needed, such as "-7.5 s".
func (s Span) String() string { return decimal(int64(s), 7) + " s" }

// MarshalText prints seconds as a decimal number.
func (s Span) MarshalText() ([]byte, error) { return []byte(decimal(int64(s), 7)), nil }

// UnmarshalText reads what MarshalText prints.
func (s *Span) UnmarshalText(b []byte) error {
	v, err := undecimal(string(b), 7)
	*s = Span(v)
	return err
}

// Figures rounds an uncertainty up to two figures, for display.
func (s Span) Figures() Span { return Span(up(int64(s), figures(int64(s)))) }

// Rate is a drift: how much a clock gains on true time, in units of 10^-12. A
// millionth (ppm) is a second in eleven and a half days.
type Rate int64

// PPM is one millionth.
const PPM Rate = 1_000_000

// String prints millionths, such as "40 ppm".
func (r Rate) String() string { return decimal(int64(r), 6) + " ppm" }

// MarshalText prints millionths as a decimal number.
func (r Rate) MarshalText() ([]byte, error) { return []byte(decimal(int64(r), 6)), nil }

// UnmarshalText reads what MarshalText prints.
func (r *Rate) UnmarshalText(b []byte) error {
	v, err := undecimal(string(b), 6)
	*r = Rate(v)
	return err
}

// over returns what a clock of this drift gains in a time, rounded to the
// nearest unit.
func (r Rate) over(d media.UTC) Span {
	const unit = 1_000_000_000_000
	hi, lo := bits.Mul64(magnitude(int64(r)), magnitude(int64(d)))
	lo, carry := bits.Add64(lo, unit/2, 0)
	hi += carry
	if hi >= unit/2 {
		hi, lo = 0, math.MaxInt64 // cannot be: limits keep rates below one
	} else {
		lo, _ = bits.Div64(hi, lo, unit)
	}
	if (r < 0) != (d < 0) {
		return -Span(lo) //nolint:gosec // below 2^63 by the branch above
	}
	return Span(lo) //nolint:gosec // below 2^63 by the branch above
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v) //nolint:gosec // two's complement
	}
	return uint64(v)
}

// Limits of what is taken for a clock.
const (
	maxSpan  = Span(200*365*86_400) * Second // clocks that lost their battery show 1970
	maxDrift = 100_000 * PPM                 // a tenth; anything more was set, and does not drift
)

// Model says what a clock shows: at the declared time At it is Offset ahead of
// true time, give or take Within, and gains Drift from there, give or take
// DriftWithin. Both uncertainties are for a probability of 95 %.
//
// The zero value of an uncertainty means that none is stated: nothing is known
// to be exact. Without DriftWithin nothing is said about drift, and At has no
// meaning.
type Model struct {
	Offset      Span      `json:"offset"` // declared less true time: above 0 the clock is fast
	Within      Span      `json:"within,omitempty"`
	Drift       Rate      `json:"drift,omitempty"` // above 0 the clock gains
	DriftWithin Rate      `json:"driftWithin,omitempty"`
	Assumed     bool      `json:"driftAssumed,omitempty"` // DriftWithin comes from AssumedDrift
	At          media.UTC `json:"at,omitempty"`
}

// Check tells why a model is none.
func (m Model) Check() error {
	switch {
	case m.Offset > maxSpan || m.Offset < -maxSpan || m.Within > maxSpan || m.Within < 0:
		return fmt.Errorf("a clock is off by up to 200 years, not by %s ± %s", m.Offset, m.Within)
	case m.Drift > maxDrift || m.Drift < -maxDrift || m.DriftWithin > maxDrift || m.DriftWithin < 0:
		return fmt.Errorf("a clock drifts by up to %s, not by %s ± %s", maxDrift, m.Drift, m.DriftWithin)
	case m.DriftWithin == 0 && (m.Drift != 0 || m.Assumed || m.At != 0):
		return fmt.Errorf("a drift of %s is given without how exact it is", m.Drift)
	case m.DriftWithin != 0 && m.Within == 0:
		return fmt.Errorf("a drift of %s is given, but not how exact the offset is", m.Drift)
	case !inRange(m.At):
		return fmt.Errorf("the model holds from a time outside the years 1 to 9999")
	}
	return nil
}

// Error returns how far the clock is ahead when it shows declared, and how
// exactly that is known; 0 when nothing is stated.
func (m Model) Error(declared media.UTC) (by, within Span) {
	if m.DriftWithin == 0 {
		return m.Offset, m.Within
	}
	d := declared - m.At
	return m.Offset + m.Drift.over(d), Span(upward(math.Hypot(float64(m.Within), float64(m.DriftWithin.over(d)))))
}

// Correct turns a declared time into the true one, give or take within.
func (m Model) Correct(declared media.UTC) (at media.UTC, within Span) {
	by, within := m.Error(declared)
	return declared - media.UTC(by), within
}

// Round returns the model with uncertainties of two figures, rounded up, and
// offset and drift as fine as that: for display, not for calculating.
func (m Model) Round() Model {
	step := figures(int64(m.Within))
	m.Within = m.Within.Figures()
	m.Offset = Span(near(int64(m.Offset), step))
	step = figures(int64(m.DriftWithin))
	m.DriftWithin = Rate(up(int64(m.DriftWithin), step))
	m.Drift = Rate(near(int64(m.Drift), step))
	return m
}

// figures returns the unit of the second figure of v.
func figures(v int64) int64 {
	step := int64(1)
	for v/step >= 100 {
		step *= 10
	}
	return step
}

func up(v, step int64) int64 { return (v + step - 1) / step * step }

func near(v, step int64) int64 {
	if v < 0 {
		return -near(-v, step)
	}
	return (v + step/2) / step * step
}

func inRange(u media.UTC) bool {
	y := u.Time().Year()
	return y >= 1 && y <= 9999
}

// decimal prints v/10^places without what is not needed.
func decimal(v int64, places int) string {
	s := fmt.Sprintf("%0*d", places+1, magnitude(v))
	whole, f := s[:len(s)-places], strings.TrimRight(s[len(s)-places:], "0")
	if f != "" {
		whole += "." + f
	}
	if v < 0 {
		return "-" + whole
	}
	return whole
}

// undecimal reads a decimal number of up to 11 digits before the point. Finer
// digits than places are refused, not cut off.
func undecimal(s string, places int) (int64, error) {
	digits, minus := strings.CutPrefix(s, "-")
	whole, f, point := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 11 || len(f) > places || point && f == "" {
		return 0, fmt.Errorf("%.40q is no decimal number with at most %d decimals", s, places)
	}
	var v int64
	for _, c := range whole + f + strings.Repeat("0", places-len(f)) {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%.40q is no decimal number", s)
		}
		v = v*10 + int64(c-'0')
	}
	if minus {
		v = -v
	}
	return v, nil
}

// stamp prints an instant.
func stamp(u media.UTC) string { return u.Time().Format(time.RFC3339Nano) }
