package annexa

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gocarina/gocsv"
	"golang.org/x/text/unicode/norm"

	"vedette/internal/diag"
)

// row is one row by the names of its columns.
type row struct {
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

	rec *record `csv:"-"`
	num int     `csv:"-"` // of the row, a header not counted
	bad bool    `csv:"-"` // a finding of severity error was made
	ten bool    `csv:"-"` // it had ten cells, so no decimal comma can be told
}

// batchSize is how many records are handed to gocsv at once: it bounds what is
// held twice, and how late a cancel is seen.
const batchSize = 1024

// batch hands records to gocsv as if they were a canonical file.
type batch struct {
	rows [][]string
	next int
}

// Read implements gocsv.CSVReader.
func (b *batch) Read() ([]string, error) {
	b.next++
	switch {
	case b.next == 1:
		return Columns, nil
	case b.next-2 < len(b.rows):
		return b.rows[b.next-2], nil
	}
	return nil, io.EOF
}

// ReadAll implements gocsv.CSVReader.
func (b *batch) ReadAll() ([][]string, error) {
	return append([][]string{Columns}, b.rows...), nil
}

// reader reads one text.
type reader struct {
	opt    Options
	log    *log
	enc    string
	header *header
	facts  Facts
	staged *stage
	spaces bool
}

func newReader(opt Options, l *log, enc string) *reader {
	if opt.Separator == 0 {
		opt.Separator = ';'
	}
	return &reader{opt: opt, log: l, enc: enc, facts: Facts{Encoding: enc, Separator: string(opt.Separator)}, staged: newStage()}
}

func (r *reader) run(ctx context.Context, text string) error {
	if err := r.gate(text); err != nil {
		return err
	}
	s := &scanner{text: text, line: 1, sep: r.opt.Separator}
	r.separatorLine(s)
	first := true
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("annexa: %w", err)
		}
		recs := make([]*record, 0, batchSize)
		for len(recs) < batchSize {
			rec := s.next()
			if rec == nil {
				break
			}
			comment := rec.bad == nil && rec.cells == nil
			if first && !comment {
				first = false
				if isHeader, err := r.takeHeader(rec); err != nil {
					return err
				} else if isHeader {
					continue
				}
			}
			recs = append(recs, rec)
		}
		if len(recs) == 0 {
			break
		}
		if err := r.batch(recs); err != nil {
			return err
		}
		if r.opt.Progress != nil {
			r.opt.Progress(int64(s.pos), int64(len(text)))
		}
	}
	if r.facts.Rows == 0 {
		r.log.note("NO-ROWS", diag.Note, "the file has no rows")
	}
	return nil
}

// gate refuses a file that has nothing, or another separator.
func (r *reader) gate(text string) error {
	s := &scanner{text: text, line: 1}
	commas, tabs := 0, 0
	for lines := 0; lines < 10 && s.pos < len(text); {
		line, next := s.lineAt(s.pos)
		s.pos = next
		if strings.TrimFunc(line, blank) == "" {
			continue
		}
		lines++
		if strings.IndexByte(line, r.opt.Separator) >= 0 {
			return nil
		}
		commas, tabs = max(commas, strings.Count(line, ",")), max(tabs, strings.Count(line, "\t"))
	}
	switch {
	case tabs >= 10 && r.opt.Separator != '\t':
		return refuse("SEP", "this file separates by tabs; Annex A demands semicolons. It can be read again with tabs")
	case commas >= 10 && r.opt.Separator != ',':
		return refuse("SEP", "this file separates by commas; Annex A demands semicolons. It can be read again with commas")
	case s.pos == len(text) && strings.TrimFunc(text, func(c rune) bool { return blank(c) || c == '\r' || c == '\n' }) == "":
		return refuse("EMPTY", "the file is empty")
	}
	return nil
}

// separatorLine passes over the line by which spreadsheets state the separator.
func (r *reader) separatorLine(s *scanner) {
	line, next := s.lineAt(0)
	t := strings.TrimFunc(line, blank)
	if len(t) == 5 && strings.EqualFold(t[:4], "sep=") && t[4] == r.opt.Separator {
		s.pos, s.line = next, 2
		r.log.note("SEP-LINE", diag.Note, "the first line states the separator, as spreadsheets write it, and was passed over")
	}
}

// batch reads one batch of records.
func (r *reader) batch(recs []*record) error {
	keep, cells := make([]row, 0, len(recs)), make([][]string, 0, len(recs))
	for _, rec := range recs {
		for _, f := range rec.warns {
			f.Row = r.facts.Rows + 1
			r.log.add(f)
		}
		if rec.bad == nil && (rec.cells == nil || r.separatorsOnly(rec) || r.headerAgain(rec)) {
			continue
		}
		if r.facts.Rows++; r.facts.Rows > MaxRows {
			return refuse("ROW-LIMIT", "the file has more than %d rows", MaxRows)
		}
		w := row{rec: rec, num: r.facts.Rows}
		if rec.bad != nil {
			f := *rec.bad
			f.Row = w.num
			r.refuseRow(&w, f)
		} else if line, ok := r.eleven(&w); ok {
			keep, cells = append(keep, w), append(cells, line)
		}
		if r.log.errors > MaxErrors {
			return refuse("NOT-ANNEXA", "more than %d rows cannot be read: this is probably not an Annex A file", MaxErrors)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	var rows []row
	if err := gocsv.UnmarshalCSV(&batch{rows: cells}, &rows); err != nil {
		return fmt.Errorf("annexa: rows %d to %d: %w", keep[0].num, keep[len(keep)-1].num, err)
	}
	if len(rows) != len(keep) {
		return fmt.Errorf("annexa: %d rows came back of %d", len(rows), len(keep))
	}
	for i := range rows {
		w := &rows[i]
		w.rec, w.num, w.ten = keep[i].rec, keep[i].num, keep[i].ten
		r.take(w)
		if r.log.errors > MaxErrors {
			return refuse("NOT-ANNEXA", "more than %d rows cannot be read: this is probably not an Annex A file", MaxErrors)
		}
	}
	return nil
}

// separatorsOnly tells the empty rows that spreadsheets leave behind.
func (r *reader) separatorsOnly(rec *record) bool {
	if len(rec.cells) < 2 {
		return false
	}
	for _, c := range rec.cells {
		if strings.TrimFunc(c, blank) != "" {
			return false
		}
	}
	r.log.note("ROW-EMPTY", diag.Note, "rows of separators only were passed over")
	return true
}

// eleven brings a record to the eleven columns, or refuses it.
func (r *reader) eleven(w *row) ([]string, bool) {
	cells := w.rec.cells
	for i, c := range cells {
		cells[i] = r.clean(w, i, c)
	}
	want := len(Columns)
	if r.header != nil {
		want = r.header.width
	}
	if len(cells) > want {
		for _, c := range cells[want:] {
			if c != "" {
				r.fail(w, "FIELD-COUNT", "", "", "the row has %d cells, want %d", len(cells), want)
				return nil, false
			}
		}
		r.warn(w, "TRAILING-SEP", "", "", "", "the row ends in %d empty cells too many, which were dropped", len(cells)-want)
		cells = cells[:want]
	}
	if want == len(Columns) && len(cells) == 10 && (r.header == nil || r.header.inOrder) {
		if cells = r.commaBeforeIcon(w, cells); cells == nil {
			return nil, false
		}
	}
	if len(cells) < want && !(r.header != nil && r.header.inOrder && len(cells) >= len(Columns)) {
		r.fail(w, "FIELD-COUNT", "", "", "the row has %d cells, want %d", len(cells), want)
		return nil, false
	}
	if r.header == nil {
		return cells, true
	}
	return r.header.arrange(cells), true
}

// commaBeforeIcon takes the tenth of ten cells apart at its first comma, where
// the printed examples have a comma in place of the last semicolon.
func (r *reader) commaBeforeIcon(w *row, cells []string) []string {
	angle, icon, ok := strings.Cut(cells[9], ",")
	if !ok {
		return cells
	}
	if isDigits(angle) && isDigits(icon) {
		r.fail(w, "ANGLE-ICON-AMBIG", "Angle", cells[9], "this is either an angle with a decimal comma or an angle and an icon; the row was refused")
		return nil
	}
	angle, icon = strings.TrimFunc(angle, blank), strings.TrimFunc(icon, blank)
	w.ten = true
	r.warn(w, "COMMA-BEFORE-ICON", "Angle", cells[9], "Angle "+quote(angle)+", Icon "+quote(icon), "a comma stands where a semicolon belongs between Angle and Icon")
	return append(cells[:9:9], angle, icon)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func quote(s string) string {
	if s == "" {
		return "empty"
	}
	return `"` + cutText(s) + `"`
}

// clean trims a cell and takes out what can be no part of a word.
func (r *reader) clean(w *row, i int, c string) string {
	t := strings.TrimFunc(c, blank)
	if t != c && !r.spaces {
		r.spaces = true
		r.log.note("SPACES", diag.Note, "blanks around cells were dropped")
	}
	column := r.columnAt(i)
	if strings.ContainsAny(t, "\n") {
		r.warn(w, "NAME-NEWLINE", column, t, strings.ReplaceAll(t, "\n", " "), "a line break in a cell was read as a blank")
		t = strings.ReplaceAll(t, "\n", " ")
	}
	if strings.IndexFunc(t, control) >= 0 {
		u := strings.Map(func(c rune) rune {
			if control(c) {
				return -1
			}
			return c
		}, t)
		r.warn(w, "NAME-CONTROL", column, t, u, "control characters were taken out")
		t = strings.TrimFunc(u, blank)
	}
	if r.enc == enc1252 && strings.ContainsRune(t, '\ufffd') {
		r.warn(w, "ENC-BYTE", column, t, "", "a byte stands for nothing in Windows-1252 and is shown as \ufffd")
	}
	t = strings.TrimFunc(t, blank)
	if t != "" && strings.Trim(t, ".…") == "" {
		r.warn(w, "DOTS", column, t, "", "dots alone were read as an empty cell")
		return ""
	}
	return norm.NFC.String(t)
}

func control(c rune) bool {
	return c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}

func (r *reader) columnAt(i int) string {
	if r.header != nil {
		return r.header.name(i)
	}
	if i < len(Columns) {
		return Columns[i]
	}
	return ""
}

func (r *reader) finding(w *row, sev diag.Severity, code, column, read, assumed, format string, args ...any) diag.Finding {
	where := fmt.Sprintf("row %d, line %d", w.num, w.rec.line)
	if column != "" {
		where += ", " + column
	}
	f := diag.New(code, sev, "%s: %s", where, fmt.Sprintf(format, args...))
	f.Row, f.Line, f.Column, f.Read, f.Assumed = w.num, w.rec.line, column, cutText(read), cutText(assumed)
	return f
}

func (r *reader) warn(w *row, code, column, read, assumed, format string, args ...any) {
	r.log.add(r.finding(w, diag.Warning, code, column, read, assumed, format, args...))
}

func (r *reader) note(w *row, code, column, read, assumed, format string, args ...any) {
	r.log.add(r.finding(w, diag.Note, code, column, read, assumed, format, args...))
}

// fail refuses the row. It may be called again for another reason.
func (r *reader) fail(w *row, code, column, read, format string, args ...any) {
	r.refuseRow(w, r.finding(w, diag.Error, code, column, read, "", format, args...))
}

func (r *reader) refuseRow(w *row, f diag.Finding) {
	r.log.add(f)
	if w.bad {
		return
	}
	w.bad = true
	r.facts.Refused++
	r.staged.refused = append(r.staged.refused, Refused{Row: w.num, Line: w.rec.line, Code: f.Code, Column: f.Column, Text: f.Read, Raw: w.rec.raw})
}
