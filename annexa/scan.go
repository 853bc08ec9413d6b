package annexa

import (
	"strings"

	"vedette/internal/diag"
)

// record is one row as it stands in the file.
type record struct {
	line  int // physical line of its begin, from 1
	raw   string
	cells []string
	bad   *diag.Finding // the row cannot be taken apart
	warns []diag.Finding
}

// scanner takes a text apart into records. A separator counts only outside
// quotes and outside the parentheses of POINT and POLYGON, since the annex
// itself prints one there.
type scanner struct {
	text string
	pos  int
	line int // of pos
	sep  byte
}

// blank is what is trimmed from cells: blanks of all widths, also invisible ones.
func blank(r rune) bool {
	switch r {
	case ' ', '\t', '\u00a0', '\u202f', '\u2009', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}

// lineAt returns the line that begins at pos, without its end, and where the next begins.
func (s *scanner) lineAt(pos int) (line string, next int) {
	i := strings.IndexAny(s.text[pos:], "\r\n")
	if i < 0 {
		return s.text[pos:], len(s.text)
	}
	end := pos + i
	next = end + 1
	if s.text[end] == '\r' && next < len(s.text) && s.text[next] == '\n' {
		next++
	}
	return s.text[pos:end], next
}

// next returns the next record, or nil at the end. Lines of blanks are passed over.
func (s *scanner) next() *record {
	for s.pos < len(s.text) {
		line, next := s.lineAt(s.pos)
		if strings.TrimFunc(line, blank) != "" {
			return s.record(line, next)
		}
		s.pos, s.line = next, s.line+1
	}
	return nil
}

// record takes the record apart that begins with line.
func (s *scanner) record(line string, next int) *record {
	rec := &record{line: s.line, raw: line}
	if strings.HasPrefix(strings.TrimLeftFunc(line, blank), "#") {
		rec.warns = append(rec.warns, s.finding("COMMENT", diag.Warning, rec, "the line begins with # and was passed over as a comment; the annex has no comments"))
		s.pos, s.line = next, s.line+1
		return rec
	}
	if len(line) > maxRecord {
		return s.give(rec, next, "ROW-LONG", "the row has %d bytes, want at most %d", len(line), maxRecord)
	}
	end, lines := s.split(rec)
	if rec.bad != nil {
		s.pos, s.line = next, s.line+1
		return rec
	}
	rec.raw = strings.TrimRight(s.text[s.pos:end], "\r\n")
	s.pos, s.line = end, s.line+lines
	s.unwrap(rec)
	return rec
}

// give refuses the record; reading goes on with the next line.
func (s *scanner) give(rec *record, next int, code, format string, args ...any) *record {
	f := s.finding(code, diag.Error, rec, format, args...)
	rec.bad = &f
	s.pos, s.line = next, s.line+1
	return rec
}

func (s *scanner) finding(code string, sev diag.Severity, rec *record, format string, args ...any) diag.Finding {
	f := diag.New(code, sev, format, args...)
	f.Line, f.Read = rec.line, cutText(rec.raw)
	return f
}

// split cuts the text at pos into cells and returns where the record ends and
// how many lines it takes.
func (s *scanner) split(rec *record) (end, lines int) {
	p, lines := s.pos, 1
	rec.cells = make([]string, 0, len(Columns)+1)
	for {
		cell, q, extra, bad := s.cell(p, rec)
		if bad != "" {
			s.refuseCell(rec, bad)
			return p, lines
		}
		lines += extra
		if len(rec.cells) < maxCells {
			rec.cells = append(rec.cells, cell)
		}
		if q < len(s.text) && s.text[q] == s.sep {
			p = q + 1
			continue
		}
		if q < len(s.text) && s.text[q] == '\r' {
			q++
			if q < len(s.text) && s.text[q] == '\n' {
				q++
			}
		} else if q < len(s.text) {
			q++
		}
		return q, lines
	}
}

func (s *scanner) refuseCell(rec *record, code string) {
	f := s.finding(code, diag.Error, rec, "a quotation mark is opened and not closed within %d lines; only this line was refused", maxQuotedLn)
	if code == "PAREN-OPEN" {
		f = s.finding(code, diag.Error, rec, "a parenthesis of POINT or POLYGON is opened and not closed on its line; only this line was refused")
	}
	rec.bad = &f
}

// cell reads one cell from p. q is at the separator, the line end or the end of text.
func (s *scanner) cell(p int, rec *record) (cell string, q, lines int, bad string) {
	start := p
	for p < len(s.text) && (s.text[p] == ' ' || s.text[p] == '\t') && s.text[p] != s.sep {
		p++
	}
	if p < len(s.text) && s.text[p] == '"' {
		return s.quoted(p+1, rec)
	}
	if open := protected(s.text[p:min(len(s.text), p+24)]); open > 0 {
		i := strings.IndexAny(s.text[p+open:], ")\r\n")
		if i < 0 || s.text[p+open+i] != ')' {
			return "", p, 0, "PAREN-OPEN"
		}
		p += open + i
	}
	for p < len(s.text) && s.text[p] != s.sep && s.text[p] != '\r' && s.text[p] != '\n' {
		p++
	}
	return s.text[start:p], p, 0, ""
}

// protected returns the length of a keyword with its parenthesis at the begin of s, or 0.
func protected(s string) int {
	t := strings.TrimLeft(s, "'’‘ ")
	n := len(s) - len(t)
	for _, word := range []string{"POLYGON", "POINT"} {
		if len(t) >= len(word) && strings.EqualFold(t[:len(word)], word) {
			rest := strings.TrimLeft(t[len(word):], "'’‘ \t")
			if strings.HasPrefix(rest, "(") {
				return n + len(t) - len(rest) + 1
			}
		}
	}
	return 0
}

func (s *scanner) quoted(p int, rec *record) (cell string, q, lines int, bad string) {
	var b strings.Builder
	begin := p
	for {
		if p >= len(s.text) || p-begin > maxQuoted || lines >= maxQuotedLn {
			return "", p, 0, "QUOTE-OPEN"
		}
		c := s.text[p]
		switch {
		case c == '"' && p+1 < len(s.text) && s.text[p+1] == '"':
			b.WriteByte('"')
			p += 2
			continue
		case c == '"':
			from := p + 1
			for p = from; p < len(s.text) && s.text[p] != s.sep && s.text[p] != '\r' && s.text[p] != '\n'; p++ {
			}
			if tail := s.text[from:p]; strings.TrimFunc(tail, blank) != "" {
				rec.warns = append(rec.warns, s.finding("QUOTE-TAIL", diag.Warning, rec, "text stands behind a closing quotation mark; it was added to the cell"))
				b.WriteString(tail)
			}
			return b.String(), p, lines, ""
		case c == '\r':
			lines++
			b.WriteByte('\n')
			if p+1 < len(s.text) && s.text[p+1] == '\n' {
				p++
			}
		case c == '\n':
			lines++
			b.WriteByte('\n')
		default:
			b.WriteByte(c)
		}
		p++
	}
}

// unwrap joins an icon that was broken onto a line of its own, as the annex
// prints it: ten cells that end in a comma, then one cell without one.
func (s *scanner) unwrap(rec *record) {
	if len(rec.cells) != 10 || !strings.HasSuffix(strings.TrimRightFunc(rec.raw, blank), ",") || s.pos >= len(s.text) {
		return
	}
	line, next := s.lineAt(s.pos)
	icon := strings.TrimFunc(line, blank)
	if icon == "" || icon[0] == '#' || strings.IndexByte(line, s.sep) >= 0 || strings.ContainsAny(line, `,"`) {
		return
	}
	rec.cells[9] += icon
	rec.raw += "\n" + line
	f := s.finding("WRAP", diag.Warning, rec, "the icon stands on a line of its own; the two lines were read as one row")
	f.Column, f.Read, f.Assumed = "Icon", cutText(line), icon
	rec.warns = append(rec.warns, f)
	s.pos, s.line = next, s.line+1
}
