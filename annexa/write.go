package annexa

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"vedette/internal/diag"
)

// WriteOptions say in what clothing the strict form is written. The zero value
// is the strict form itself: UTF-8 without mark, with the header.
type WriteOptions struct {
	BOM         bool // a byte order mark, which some spreadsheets need
	Windows1252 bool // in place of UTF-8; what it cannot express is told
	NoHeader    bool
}

// line is one row as it is written.
type line struct {
	Partner string `csv:"Partner"`
	Map     string `csv:"Map"`
	File    string `csv:"File"`
	Type    string `csv:"Type"`
	ID      string `csv:"ID_Camera"`
	Name    string `csv:"Name"`
	Link    string `csv:"Link"`
	GPS     string `csv:"GPS_Pos"`
	HV      string `csv:"HV_Pos"`
	Angle   string `csv:"Angle"`
	Icon    string `csv:"Icon"`
}

// Write writes a catalogue in the strict form of Annex A: CRLF, dots in
// numbers, quotes only where they are needed, rows in a fixed order. What the
// form has no room for is left out and told as findings. The same catalogue
// gives the same bytes.
func Write(w io.Writer, c *Catalogue, opt WriteOptions) ([]diag.Finding, error) {
	o := &writer{}
	var lines []line
	for _, partner := range owners(c) {
		lines = append(lines, o.maps(c, partner)...)
		lines = append(lines, o.places(c, partner)...)
		lines = append(lines, o.cameras(c, partner)...)
	}
	o.formulas(lines)
	buf := bufio.NewWriter(w)
	if opt.BOM && !opt.Windows1252 {
		if _, err := buf.WriteString("\ufeff"); err != nil {
			return o.findings, fmt.Errorf("annexa: write: %w", err)
		}
	}
	enc := &narrowWriter{w: buf}
	var text io.Writer = buf
	if opt.Windows1252 {
		text = enc
	}
	marshal := gocsv.MarshalCSV
	if opt.NoHeader {
		marshal = gocsv.MarshalCSVWithoutHeaders
	}
	if err := marshal(lines, newRowWriter(text)); err != nil {
		return o.findings, fmt.Errorf("annexa: write: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return o.findings, fmt.Errorf("annexa: write: %w", err)
	}
	if lost := enc.lostText(); lost != "" {
		o.left("WRITE-LOST", "Windows-1252 has no %s; a question mark was written for each", lost)
	}
	return o.findings, nil
}

// owners are the partners in their order, then by name those that only
// objects name: no object is lost because a list was not kept.
func owners(c *Catalogue) []string {
	out, seen := []string{}, map[string]bool{}
	for _, p := range c.Partners {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	listed := len(out)
	see := func(p string) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, m := range c.Maps {
		if m.Kind == Plan {
			see(m.Partner)
		}
	}
	for _, m := range c.Cameras {
		see(m.Partner)
	}
	for _, p := range c.Places {
		see(p.Partner)
	}
	slices.Sort(out[listed:])
	return out
}

type writer struct{ findings []diag.Finding }

func (o *writer) left(code, format string, args ...any) {
	o.findings = append(o.findings, diag.New(code, diag.Warning, format, args...))
}

func (o *writer) note(code, format string, args ...any) {
	o.findings = append(o.findings, diag.New(code, diag.Note, format, args...))
}

// formulas tells of cells that a spreadsheet would take for a formula. They
// stay as they are: a level is rightly called -1.
func (o *writer) formulas(lines []line) {
	n, first := 0, ""
	for _, l := range lines {
		for _, s := range []string{l.Partner, l.Map, l.File, l.ID, l.Name, l.Link, l.Icon} {
			if s != "" && strings.IndexByte("=+-@", s[0]) >= 0 {
				if n++; n == 1 {
					first = s
				}
			}
		}
	}
	if n > 0 {
		o.note("WRITE-FORMULA", "%d cells begin as a formula does, the first is %s; a spreadsheet may run them", n, quote(first))
	}
}
