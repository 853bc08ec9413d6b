package conform

import (
	"fmt"
	"io"
	"strings"
)

// stateText are the states for people.
var stateText = map[State]string{Met: "met", NotMet: "not met", CannotTell: "cannot be told", NotApplicable: "not applicable"}

// levelText are the levels for people.
var levelText = map[Level]string{
	LevelNone: "none", Level0V: "0V, offline export of collected videos", Level0ME: "0M/0E, offline export with metadata and events",
}

// width is that of a text line, and column where the evidence begins.
const (
	width  = 96
	column = 26
)

// WriteText writes the answers for people: the level, what is lacking for the
// others, and every demand with what was seen and where.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nLevel reached: %s.\n", foreign(r.File), levelText[r.Level])
	for _, g := range r.Missing {
		fmt.Fprintf(&b, "%s\n", wrap("Level "+g.Level.String()+" is not reached: "+strings.Join(g.Items, ", ")+".", width, "  "))
	}
	b.WriteString("This judges the form of the file by IEC 62676-2-11. It does not show who signed, or that the\nclock was right.\n\n")
	for _, x := range r.Rows {
		level := ""
		if x.For != LevelNone {
			level = " (level " + x.For.String() + ")"
		}
		fmt.Fprintf(&b, "%-8s  %-14s  %s%s\n", x.Clause, stateText[x.State], x.Title, level)
		text := x.Evidence
		if x.Offset != nil {
			text += fmt.Sprintf(" (at byte %d)", *x.Offset)
		}
		indent := strings.Repeat(" ", column)
		b.WriteString(indent + wrap(text, width-column, indent) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks a text at blanks into lines of at most n runes; lines after the
// first begin with indent. Isolates take no place, and a word too long for a
// line has one of its own.
func wrap(s string, n int, indent string) string {
	var b strings.Builder
	at := 0
	for i, word := range strings.Split(s, " ") {
		long := len([]rune(strings.NewReplacer(isolate, "", release, "").Replace(word)))
		switch {
		case i == 0:
		case at+1+long > n:
			b.WriteString("\n" + indent)
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += long
	}
	return b.String()
}
