package metadata

import (
	"encoding/base64"
	"strconv"
	"strings"
)

const maxCells = 1 << 20

// motion reads a bit map of cells: base64 of PackBits, most significant bit first.
func (r *reader) motion(n *node, c system) *Motion {
	cols, rows := whole16(n, "Columns"), whole16(n, "Rows")
	text, _ := n.attr("Cells")
	packed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if cols == 0 || rows == 0 || cols*rows > maxCells || err != nil {
		r.note("METADATA-MOTION", "a map of motion cells cannot be read and is left out")
		return nil
	}
	bits := unpack(packed, (cols*rows+7)/8)
	m := &Motion{Columns: cols, Rows: rows, Cells: make([]bool, cols*rows)}
	for i := range m.Cells {
		m.Cells[i] = i/8 < len(bits) && bits[i/8]&(0x80>>(i%8)) != 0
	}
	p, q := c.place(0, 0), c.place(float64(cols), float64(rows))
	m.Area = Rect{min(p.X, q.X), min(p.Y, q.Y), max(p.X, q.X), max(p.Y, q.Y)}
	if c == whole { // cells without a transformation fill the picture
		m.Area = Rect{-1, -1, 1, 1}
	}
	return m
}

func whole16(n *node, name string) int {
	s, _ := n.attr(name)
	v, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int(v)
}

// unpack undoes PackBits, giving at most limit bytes.
func unpack(p []byte, limit int) []byte {
	out := make([]byte, 0, limit)
	for i := 0; i < len(p) && len(out) < limit; {
		switch n := int(int8(p[i])); {
		case n >= 0:
			end := min(i+2+n, len(p))
			out = append(out, p[i+1:end]...)
			i = end
		case n == -128:
			i++
		default:
			if i+1 >= len(p) {
				return out
			}
			for range 1 - n {
				out = append(out, p[i+1])
			}
			i += 2
		}
	}
	return out[:min(len(out), limit)]
}
