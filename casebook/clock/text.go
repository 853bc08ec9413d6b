package clock

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"vedette/media"
)

// String prints the model in one line that ParseModel reads back:
// "+4:12 fast ± 5 s; drift +40 ppm ± 3 ppm at 2026-03-01T12:00:00Z".
func (m Model) String() string {
	var b strings.Builder
	switch {
	case m.Offset > 0:
		b.WriteString("+" + colons(m.Offset) + " fast")
	case m.Offset < 0:
		b.WriteString("-" + colons(-m.Offset) + " slow")
	default:
		b.WriteString("0:00")
	}
	if m.Within != 0 {
		b.WriteString(" ± " + m.Within.String())
	}
	if m.DriftWithin != 0 {
		plus := ""
		if m.Drift >= 0 {
			plus = "+"
		}
		fmt.Fprintf(&b, "; drift %s%s ± %s ", plus, m.Drift, m.DriftWithin)
		if m.Assumed {
			b.WriteString("assumed ")
		}
		b.WriteString("at " + stamp(m.At))
	}
	return b.String()
}

// colons prints a length as a clock does, from minutes on.
func colons(s Span) string {
	whole := int64(s / Second)
	f := strings.TrimPrefix(decimal(int64(s%Second), 7), "0")
	if whole >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d%s", whole/3600, whole/60%60, whole%60, f)
	}
	return fmt.Sprintf("%d:%02d%s", whole/60, whole%60, f)
}

const maxLine = 300

var (
	pmForm     = regexp.MustCompile(`±|\+-|\+/-|-\+`)
	colonForm  = regexp.MustCompile(`^(?:(\d{1,7}):)?(\d{1,9}):([0-5]\d)(?:[.,](\d{1,7}))?$`)
	amountForm = regexp.MustCompile(`^(\d{1,11})?(?:[.,](\d{1,7}))? *([a-z]+) *`)
	driftForm  = regexp.MustCompile(`^drift ([+-]?)([0-9.]+) ppm (?:±|\+-|\+/-) ([0-9.]+) ppm (assumed )?at (\S+)$`)
)

var units = map[string]Span{
	"ms": Second / 1000, "s": Second, "sec": Second, "second": Second, "seconds": Second,
	"m": 60 * Second, "min": 60 * Second, "minute": 60 * Second, "minutes": 60 * Second,
	"h": 3600 * Second, "hour": 3600 * Second, "hours": 3600 * Second, "d": 86_400 * Second, "day": 86_400 * Second, "days": 86_400 * Second,
}

// ParseModel reads how far a clock is off: "+4:12 fast +-5 s", "-0:07",
// "4 min 12 s slow", "252 s fast ± 2 s", and what Model.String prints. A plus, or
// the word fast, means that the clock is ahead of true time.
func ParseModel(line string) (Model, error) {
	if len(line) > maxLine {
		return Model{}, fmt.Errorf("an offset takes at most %d characters, not %d", maxLine, len(line))
	}
	line = strings.Join(strings.Fields(strings.ReplaceAll(line, "−", "-")), " ")
	text, drift, more := strings.Cut(line, ";")
	var m Model
	offset := strings.TrimSpace(text)
	if at := pmForm.FindStringIndex(offset); at != nil {
		within, err := amount(strings.TrimSpace(offset[at[1]:]))
		if err != nil {
			return Model{}, fmt.Errorf("%q: uncertainty: %w", line, err)
		}
		if within == 0 {
			return Model{}, fmt.Errorf("%q: no clock is read exactly; state at least the last digit that was seen, such as ± 1 s", line)
		}
		m.Within, offset = within, strings.TrimSpace(offset[:at[0]])
	}
	var err error
	if m.Offset, err = signed(offset); err != nil {
		return Model{}, fmt.Errorf("%q: %w", line, err)
	}
	if more {
		if err = m.readDrift(strings.TrimSpace(drift)); err != nil {
			return Model{}, fmt.Errorf("%q: %w", line, err)
		}
	}
	if err := m.Check(); err != nil {
		return Model{}, fmt.Errorf("%q: %w", line, err)
	}
	return m, nil
}

// signed reads an offset with its sign, its word, or both if they agree.
func signed(s string) (Span, error) {
	sign, word := 0, ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign = 1
		if s[0] == '-' {
			sign = -1
		}
		s = strings.TrimSpace(s[1:])
	}
	for w, by := range map[string]int{"fast": 1, "slow": -1, "ahead": 1, "behind": -1} {
		rest, ok := strings.CutSuffix(s, " "+w)
		if !ok {
			continue
		}
		if sign == -by {
			return 0, fmt.Errorf("the sign and the word %q say opposite things", w)
		}
		s, sign, word = rest, by, w
	}
	if s == "right" && sign == 0 {
		return 0, nil
	}
	v, err := amount(s)
	if err != nil {
		return 0, err
	}
	if sign == 0 && v != 0 {
		return 0, fmt.Errorf("is the clock fast or slow? write +%s or -%s, or the word", s, s)
	}
	if v == 0 && word != "" {
		return 0, fmt.Errorf("a clock that is off by nothing is not %s; write right, or 0:00", word)
	}
	return v * Span(sign), nil
}

// amount reads a length: 4:12, 1:04:12.5, 4 min 12 s, 252 s.
func amount(s string) (Span, error) {
	if m := colonForm.FindStringSubmatch(s); m != nil {
		if m[1] != "" && number(m[2]) > 59 {
			return 0, fmt.Errorf("%q: an hour goes to minute 59", s)
		}
		v := Span(number(m[1])*3600+number(m[2])*60+number(m[3]))*Second + Span(number((m[4] + "0000000")[:7]))
		if v > maxSpan {
			return 0, fmt.Errorf("%q is more than 200 years", s)
		}
		return v, nil
	}
	var sum Span
	for rest := s; rest != "" || s == ""; {
		m := amountForm.FindStringSubmatch(rest)
		if m == nil || m[1] == "" && m[2] == "" || units[m[3]] == 0 {
			return 0, fmt.Errorf("%q is no length of time such as 4:12, 252 s or 4 min 12 s", s)
		}
		unit, n := units[m[3]], Span(number(m[1]))
		if n > maxSpan/unit {
			return 0, fmt.Errorf("%q is more than 200 years", s)
		}
		sum += n*unit + Span(number((m[2] + "0000000")[:7]))*(unit/1000)/(Second/1000)
		if sum > maxSpan {
			return 0, fmt.Errorf("%q is more than 200 years", s)
		}
		rest = rest[len(m[0]):]
	}
	return sum, nil
}

func number(digits string) int64 {
	v, _ := strconv.ParseInt(digits, 10, 64) //nolint:errcheck // few digits; none are 0
	return v
}

func (m *Model) readDrift(s string) error {
	f := driftForm.FindStringSubmatch(s)
	if f == nil {
		return fmt.Errorf("%q is no drift such as: drift +40 ppm ± 3 ppm at 2026-03-01T12:00:00Z", s)
	}
	if err := m.Drift.UnmarshalText([]byte(f[2])); err != nil {
		return err
	}
	if f[1] == "-" {
		m.Drift = -m.Drift
	}
	if err := m.DriftWithin.UnmarshalText([]byte(f[3])); err != nil {
		return err
	}
	m.Assumed = f[4] != ""
	var at media.UTC
	if err := at.UnmarshalText([]byte(f[5])); err != nil {
		return err
	}
	m.At = at
	if m.DriftWithin == 0 {
		return fmt.Errorf("a drift is never known exactly; state its uncertainty")
	}
	return nil
}
