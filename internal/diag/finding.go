// Package diag holds Finding: one observation about an input, with a stable
// code, a severity and a place. Parsers return what they understood together
// with their findings; a finding never replaces an error of the machine.
package diag

import "fmt"

// Severity orders findings. The zero value is invalid, so that a forgotten
// severity is noticed and never reads as harmless.
type Severity uint8

// The severities of design: an error refuses one item, fatal the whole input.
const (
	Note Severity = iota + 1
	Warning
	Error
	Fatal
)

// String returns the word used in JSON.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	case Fatal:
		return "fatal"
	default:
		return "invalid"
	}
}

// MarshalText returns the word used in JSON and refuses the zero value.
func (s Severity) MarshalText() ([]byte, error) {
	if s < Note || s > Fatal {
		return nil, fmt.Errorf("diag: severity %d is not valid", s)
	}
	return []byte(s.String()), nil
}

// Range is a half-open range of bytes of a file.
type Range struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Len returns the number of bytes.
func (r Range) Len() int64 { return r.To - r.From }

// Finding is one observation.
type Finding struct {
	Code     string   // stable, upper-case, hyphenated; listed in docs/findings.md
	Severity Severity //
	Message  string   // what was found, where, and what was assumed; plain text, one line
	Bytes    *Range   // where in a binary file, if known
	Row      int      // row of a table from 1; 0 if not in a table
	Line     int      // physical line from 1; 0 if not in a text
	Column   string   // column name of a table
	Read     string   // the text found, cut to 256 runes
	Assumed  string   // what it was taken for
}

// At returns a finding about bytes [from, to) of a file.
func At(code string, sev Severity, from, to int64, format string, args ...any) Finding {
	return Finding{Code: code, Severity: sev, Bytes: &Range{from, to}, Message: fmt.Sprintf(format, args...)}
}

// New returns a finding about the input as a whole.
func New(code string, sev Severity, format string, args ...any) Finding {
	return Finding{Code: code, Severity: sev, Message: fmt.Sprintf(format, args...)}
}

// Worst returns the greatest severity among fs, or 0 when there is none.
func Worst(fs []Finding) Severity {
	var w Severity
	for _, f := range fs {
		w = max(w, f.Severity)
	}
	return w
}
