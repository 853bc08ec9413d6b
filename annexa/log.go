package annexa

import (
	"sort"

	"vedette/internal/diag"
)

// log gathers findings: the first in full, the others as counts.
type log struct {
	first  []diag.Finding
	forced []diag.Finding
	counts map[string]int
	over   map[string]*overflow
	errors int
	once   map[string]bool
}

type overflow struct {
	n        int
	severity diag.Severity
}

func newLog() *log {
	return &log{counts: map[string]int{}, over: map[string]*overflow{}, once: map[string]bool{}}
}

func (l *log) add(f diag.Finding) {
	l.counts[f.Code]++
	if f.Severity >= diag.Error {
		l.errors++
	}
	if len(l.first) < MaxFindings {
		l.first = append(l.first, f)
		return
	}
	o := l.over[f.Code]
	if o == nil {
		o = &overflow{}
		l.over[f.Code] = o
	}
	o.n++
	o.severity = max(o.severity, f.Severity)
}

// note adds a finding about the file as a whole, once per code.
func (l *log) note(code string, sev diag.Severity, format string, args ...any) {
	if !l.once[code] {
		l.once[code] = true
		l.add(diag.New(code, sev, format, args...))
	}
}

// force adds a finding that is told however many there are.
func (l *log) force(f diag.Finding) {
	l.counts[f.Code]++
	l.forced = append(l.forced, f)
}

func (l *log) list() []diag.Finding {
	out := append(append([]diag.Finding(nil), l.forced...), l.first...)
	codes := make([]string, 0, len(l.over))
	for c := range l.over {
		codes = append(codes, c)
	}
	sort.Strings(codes)
	for _, c := range codes {
		out = append(out, diag.New(c, l.over[c].severity, "%d more like this", l.over[c].n))
	}
	return out
}

// cutText keeps a quotation short enough for a message.
func cutText(s string) string {
	if len(s) <= 256 {
		return s
	}
	r := []rune(s[:min(len(s), 1024)])
	return string(r[:min(len(r), 255)]) + "…"
}
