package annexa

import (
	"strings"

	"vedette/internal/diag"
)

// header says where each column stands in a file that names them.
type header struct {
	at      []int // index of each of Columns
	names   []string
	width   int
	inOrder bool // the eleven columns come first and in order
}

func headerCells(rec *record) []string {
	out := make([]string, len(rec.cells))
	for i, c := range rec.cells {
		out[i] = strings.TrimFunc(c, blank)
	}
	return out
}

// looksLikeHeader tells rows that name columns from rows that fill them.
func looksLikeHeader(cells []string) bool {
	partner, kind := false, false
	for _, c := range cells {
		partner = partner || strings.EqualFold(c, "Partner")
		kind = kind || strings.EqualFold(c, "Type")
	}
	return partner && kind
}

// takeHeader reads the first record as a header if it is one.
func (r *reader) takeHeader(rec *record) (bool, error) {
	if rec.bad != nil || !looksLikeHeader(headerCells(rec)) {
		r.log.note("HDR-ABSENT", diag.Note, "the file has no header line; columns were read by their position")
		return false, nil
	}
	cells := headerCells(rec)
	for len(cells) > len(Columns) && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	h := &header{at: make([]int, len(Columns)), names: append([]string(nil), cells...), width: len(cells), inOrder: true}
	known := make([]bool, len(cells))
	for i, want := range Columns {
		h.at[i] = -1
		for j, c := range cells {
			if !strings.EqualFold(c, want) {
				continue
			}
			if h.at[i] >= 0 {
				return false, refuse("HDR-DOUBLE", "line %d: the header names the column %s twice", rec.line, want)
			}
			h.at[i], known[j], h.names[j] = j, true, want
		}
		if h.at[i] < 0 {
			return false, refuse("HDR-MISSING", "line %d: the header has no column %s; Annex A has %s", rec.line, want, strings.Join(Columns, ";"))
		}
		h.inOrder = h.inOrder && h.at[i] == i
	}
	r.header, r.facts.Header = h, true
	if !h.inOrder {
		f := diag.New("HDR-ORDER", diag.Warning, "line %d: the columns stand in another order than Annex A has; they were read by their names", rec.line)
		f.Line, f.Read = rec.line, cutText(rec.raw)
		r.log.add(f)
	}
	for j, k := range known {
		if !k {
			f := diag.New("HDR-EXTRA", diag.Warning, "line %d: the column %s is none of Annex A and was left aside", rec.line, quote(cells[j]))
			f.Line, f.Read = rec.line, cutText(cells[j])
			r.log.add(f)
		}
	}
	return true, nil
}

// headerAgain tells a header within the file, as joined files have it.
func (r *reader) headerAgain(rec *record) bool {
	if len(rec.cells) < len(Columns) || !strings.EqualFold(strings.TrimFunc(rec.cells[0], blank), r.columnAt(0)) || !looksLikeHeader(headerCells(rec)) {
		return false
	}
	f := diag.New("HDR-AGAIN", diag.Warning, "line %d: the header stands again within the file and was passed over", rec.line)
	f.Line, f.Read = rec.line, cutText(rec.raw)
	r.log.add(f)
	return true
}

func (h *header) name(i int) string {
	if i < len(h.names) {
		return cutText(h.names[i])
	}
	return ""
}

// arrange brings cells into the order of Annex A.
func (h *header) arrange(cells []string) []string {
	if h.inOrder {
		return cells[:len(Columns)]
	}
	out := make([]string, len(Columns))
	for i, j := range h.at {
		if j < len(cells) {
			out[i] = cells[j]
		}
	}
	return out
}
