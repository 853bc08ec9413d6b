package media

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Ticks is an exact time or duration: Value/Scale seconds. The zero value is
// an invalid time for arithmetic but prints as 0; use Zero(scale).
type Ticks struct {
	Value int64
	Scale uint32
}

// Hundred is the number of 100 ns units in a second, the unit of UTC.
const Hundred = 10_000_000

// Zero returns the time 0 in the given scale.
func Zero(scale uint32) Ticks { return Ticks{0, scale} }

// T100 returns a time given in 100 ns units.
func T100(v int64) Ticks { return Ticks{v, Hundred} }

// Cmp compares two times exactly.
func (t Ticks) Cmp(u Ticks) int {
	if t.Scale == u.Scale {
		return cmp.Compare(t.Value, u.Value)
	}
	a, b := max(t.Scale, 1), max(u.Scale, 1)
	if (t.Value < 0) != (u.Value < 0) {
		return cmp.Compare(t.Value, u.Value)
	}
	hi1, lo1 := bits.Mul64(magnitude(t.Value), uint64(b))
	hi2, lo2 := bits.Mul64(magnitude(u.Value), uint64(a))
	c := cmp.Compare(hi1, hi2)
	if c == 0 {
		c = cmp.Compare(lo1, lo2)
	}
	if t.Value < 0 {
		return -c
	}
	return c
}

// Before reports whether t is earlier than u.
func (t Ticks) Before(u Ticks) bool { return t.Cmp(u) < 0 }

// To converts to another scale, rounding towards minus infinity. Values out of
// range are clamped.
func (t Ticks) To(scale uint32) Ticks {
	if t.Scale == scale {
		return t
	}
	return Ticks{mulDivFloor(t.Value, scale, max(t.Scale, 1)), scale}
}

// Add returns t+u in the scale of t. A u of another scale is converted first,
// rounding towards minus infinity.
func (t Ticks) Add(u Ticks) Ticks {
	if t.Scale == 0 {
		return u
	}
	return Ticks{addClamp(t.Value, u.To(t.Scale).Value), t.Scale}
}

// Sub returns t-u in the scale of t.
func (t Ticks) Sub(u Ticks) Ticks {
	if t.Scale == 0 {
		t.Scale = u.Scale
	}
	v := u.To(t.Scale).Value
	if v == math.MinInt64 {
		v++
	}
	return Ticks{addClamp(t.Value, -v), t.Scale}
}

// Duration converts for timers and display, rounding towards minus infinity.
func (t Ticks) Duration() time.Duration {
	return time.Duration(t.To(1_000_000_000).Value)
}

// FromDuration converts a timer's duration.
func FromDuration(d time.Duration) Ticks { return Ticks{int64(d), 1_000_000_000} }

// String prints value/scale, the form used in reports.
func (t Ticks) String() string { return fmt.Sprintf("%d/%d", t.Value, t.Scale) }

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-(v + 1)) + 1
	}
	return uint64(v)
}

func addClamp(a, b int64) int64 {
	s := a + b
	switch {
	case a > 0 && b > 0 && s < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && s >= 0:
		return math.MinInt64
	}
	return s
}

func mulDivFloor(v int64, mul, div uint32) int64 {
	hi, lo := bits.Mul64(magnitude(v), uint64(mul))
	if hi >= uint64(div) {
		if v < 0 {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	q, r := bits.Div64(hi, lo, uint64(div))
	if v < 0 {
		if r != 0 {
			q++
		}
		if q > math.MaxInt64 {
			return math.MinInt64
		}
		return -int64(q)
	}
	if q > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(q)
}

// UTC is a wall-clock instant in 100 ns units since 1970-01-01T00:00:00Z,
// without leap seconds. It has no value for "unknown": see Wall.
type UTC int64

// FromTime converts, rounding towards minus infinity. Instants outside about
// 29,000 years around 1970 are clamped.
func FromTime(t time.Time) UTC {
	s := t.Unix()
	if s > math.MaxInt64/Hundred-1 {
		return math.MaxInt64
	}
	if s < math.MinInt64/Hundred+1 {
		return math.MinInt64
	}
	return UTC(s*Hundred + int64(t.Nanosecond())/100)
}

// Time converts to the standard library's type, in UTC.
func (u UTC) Time() time.Time {
	s, f := int64(u)/Hundred, int64(u)%Hundred
	if f < 0 {
		s, f = s-1, f+Hundred
	}
	return time.Unix(s, f*100).UTC()
}

// Add returns the instant d later; d is rounded towards minus infinity.
func (u UTC) Add(d Ticks) UTC { return UTC(addClamp(int64(u), d.To(Hundred).Value)) }

// Sub returns the time from v to u.
func (u UTC) Sub(v UTC) Ticks {
	return Ticks{int64(u), Hundred}.Sub(Ticks{int64(v), Hundred})
}

// String prints RFC 3339 with as many decimals as are needed, at most 7.
func (u UTC) String() string { return u.Time().Format(time.RFC3339Nano) }

// MarshalText prints as String.
func (u UTC) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads RFC 3339.
func (u *UTC) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("media: time %q: %w", b, err)
	}
	*u = FromTime(t)
	return nil
}

// Origin says where a wall time comes from. The zero value means that there is
// none, and the UTC beside it has no meaning.
type Origin uint8

// The origins.
const (
	OriginNone         Origin = iota
	OriginCSTB                // start time box of the export
	OriginSUMI                // legacy segment information of the export
	OriginSenderReport        // live: RTCP or replay header
)

// String returns the word of JSON's timeBasis.
func (o Origin) String() string {
	switch o {
	case OriginCSTB:
		return "cstb"
	case OriginSUMI:
		return "sumi"
	case OriginSenderReport:
		return "sender-report"
	default:
		return "none"
	}
}

// Wall is a wall-clock instant with its origin. The zero value is unknown.
type Wall struct {
	UTC    UTC
	Origin Origin
}

// Known reports whether there is a time at all.
func (w Wall) Known() bool { return w.Origin != OriginNone }

// Add returns the instant d later; unknown stays unknown.
func (w Wall) Add(d Ticks) Wall {
	if !w.Known() {
		return w
	}
	return Wall{w.UTC.Add(d), w.Origin}
}
