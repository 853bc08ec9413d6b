package civil

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vedette/media"
)

// Goal is where a user wants to go.
type Goal struct {
	Kind  GoalKind
	At    media.UTC   // ToTime
	By    media.Ticks // ByTime, in units of 100 ns
	Frame int         // ToFrame: counted from 1; ByFrames: how many, back below 0
}

// GoalKind says how a goal is given. The zero value is none.
type GoalKind uint8

// The kinds.
const (
	NoGoal GoalKind = iota
	ToTime
	ByTime
	ToFrame
	ByFrames
)

// String prints the goal so that Parse reads it back.
func (g Goal) String() string {
	switch g.Kind {
	case ToTime:
		return Exact(g.At, time.UTC)
	case ByTime:
		v, sign := uint64(g.By.Value), "+" //nolint:gosec // the sign is looked at next
		if g.By.Value < 0 {
			v, sign = -v, "-"
		}
		s := fmt.Sprintf("%s%d.%07d", sign, v/media.Hundred, v%media.Hundred)
		return strings.TrimRight(strings.TrimRight(s, "0"), ".") + " s"
	case ToFrame:
		return fmt.Sprintf("#%d", g.Frame)
	case ByFrames:
		return fmt.Sprintf("%+d frames", g.Frame)
	}
	return ""
}

var (
	clockForm = regexp.MustCompile(`^(?:(\d{1,6}):)?(\d{1,6}):([0-5]\d)(?:[.,](\d{1,7}))?$`)
	framesBy  = regexp.MustCompile(`^(\d{1,9}) *(?:frames?|f)$`)
	partForm  = regexp.MustCompile(`^(\d{1,12})?(?:[.,](\d{1,7}))? *([a-z]*) *`)
)

// units are those of a shift. A number without one is in seconds.
var units = map[string]media.UTC{
	"ms": second / 1000, "": second, "s": second, "sec": second, "second": second, "seconds": second,
	"m": 60 * second, "min": 60 * second, "minute": 60 * second, "minutes": 60 * second,
	"h": 3600 * second, "hour": 3600 * second, "hours": 3600 * second, "d": day, "day": day, "days": day,
}

// Parse reads what is typed to go somewhere: a time as ParseTime reads it; with
// + or - in front a shift such as +1:30 (minutes and seconds), -10 s, +1 h 5 min
// or +5 frames; or #123, the number of a frame.
func Parse(text string, c Context) (Goal, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return Goal{}, fmt.Errorf("a time has at most %d characters, not %d", maxText, len(text))
	}
	if n, ok := strings.CutPrefix(text, "#"); ok {
		frame, err := strconv.Atoi(strings.TrimSpace(n))
		if err != nil || frame < 1 {
			return Goal{}, fmt.Errorf("%q is no frame number; frames are counted from #1", text)
		}
		return Goal{Kind: ToFrame, Frame: frame}, nil
	}
	for sign, by := range map[string]int{"+": 1, "-": -1, "−": -1} {
		if far, ok := strings.CutPrefix(text, sign); ok {
			return shift(text, strings.TrimSpace(far), by)
		}
	}
	u, err := ParseTime(text, c)
	if err != nil {
		return Goal{}, err
	}
	return Goal{Kind: ToTime, At: u}, nil
}

// shift reads how far to go.
func shift(text, s string, sign int) (Goal, error) {
	if m := framesBy.FindStringSubmatch(s); m != nil {
		return Goal{Kind: ByFrames, Frame: sign * atoi(m[1])}, nil
	}
	var sum media.UTC
	if m := clockForm.FindStringSubmatch(s); m != nil {
		if m[1] != "" && atoi(m[2]) > 59 {
			return Goal{}, fmt.Errorf("%q: an hour goes to minute 59", text)
		}
		sum = media.UTC(atoi(m[1])*3600+atoi(m[2])*60+atoi(m[3]))*second + media.UTC(atoi((m[4] + "0000000")[:7]))
		return by(text, sum, sign)
	}
	for rest := s; rest != "" || s == ""; {
		m := partForm.FindStringSubmatch(rest)
		unit, known := units[m[3]]
		if m[1] == "" && m[2] == "" || !known {
			return Goal{}, fmt.Errorf("%q is no shift such as +1:30 (minutes and seconds), -10 s, +1 h 5 min or +5 frames", text)
		}
		n := media.UTC(atoi(m[1]))
		if n > (Max-Min)/unit || sum > Max-Min {
			return by(text, Max-Min, sign)
		}
		sum += n*unit + media.UTC(atoi((m[2] + "0000000")[:7]))*(unit/1000)/(second/1000)
		rest = rest[len(m[0]):]
	}
	return by(text, sum, sign)
}

func by(text string, sum media.UTC, sign int) (Goal, error) {
	if sum > Max-Min-second {
		return Goal{}, fmt.Errorf("%q is more than the 9999 years that times have", text)
	}
	return Goal{Kind: ByTime, By: media.T100(int64(sum) * int64(sign))}, nil
}
