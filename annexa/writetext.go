package annexa

import (
	"encoding/csv"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// rowWriter writes rows with semicolons and CRLF. It adds one thing to what
// encoding/csv quotes: a row whose first cell begins with # would be passed
// over as a comment when it is read.
type rowWriter struct {
	*csv.Writer
	out io.Writer
}

func newRowWriter(w io.Writer) *rowWriter {
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	return &rowWriter{Writer: c, out: w}
}

// Write implements gocsv.CSVWriter.
func (r *rowWriter) Write(row []string) error {
	if len(row) < 2 || !strings.HasPrefix(row[0], "#") || strings.ContainsAny(row[0], ";\"\r\n") {
		return r.Writer.Write(row)
	}
	r.Flush()
	if err := r.Error(); err != nil {
		return err
	}
	if _, err := io.WriteString(r.out, `"`+row[0]+`";`); err != nil {
		return err
	}
	return r.Writer.Write(row[1:])
}

// narrowWriter turns UTF-8 into Windows-1252 and remembers what that has no
// letter for.
type narrowWriter struct {
	w    io.Writer
	rest []byte // the begin of a letter that a write cut in two
	lost map[rune]bool
}

// Write implements io.Writer.
func (n *narrowWriter) Write(p []byte) (int, error) {
	b := append(n.rest, p...)
	out := make([]byte, 0, len(b))
	for len(b) > 0 && utf8.FullRune(b) {
		r, size := utf8.DecodeRune(b)
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok || letter(charmap.Windows1252, enc1252, c) != r {
			if n.lost == nil {
				n.lost = map[rune]bool{}
			}
			n.lost[r] = true
			c = '?'
		}
		out = append(out, c)
		b = b[size:]
	}
	n.rest = append([]byte(nil), b...)
	if _, err := n.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lostText lists what was lost, in a fixed order.
func (n *narrowWriter) lostText() string {
	all := make([]rune, 0, len(n.lost))
	for r := range n.lost {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return strings.Join(strings.Split(cutText(string(all)), ""), " ")
}
