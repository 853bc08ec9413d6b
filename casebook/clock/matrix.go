package clock

import "math"

// matrix is square and symmetric, or a table of rows.
type matrix [][]float64

func newMatrix(rows, columns int) matrix {
	m := make(matrix, rows)
	for i := range m {
		m[i] = make([]float64, columns)
	}
	return m
}

func (m matrix) clone() matrix {
	out := make(matrix, len(m))
	for i := range m {
		out[i] = append([]float64(nil), m[i]...)
	}
	return out
}

// invert returns the inverse of a positive definite matrix by Cholesky's way, and
// -1; or the first unknown that those before it determine. Unknowns are scaled
// to like size, as seconds and rates are not.
func (m matrix) invert() (matrix, int) {
	n := len(m)
	scale := make([]float64, n)
	for i := range n {
		if m[i][i] <= 0 {
			return nil, i
		}
		scale[i] = 1 / math.Sqrt(m[i][i])
	}
	l := newMatrix(n, n)
	for i := range n {
		for j := range i + 1 {
			v := m[i][j] * scale[i] * scale[j]
			for k := range j {
				v -= l[i][k] * l[j][k]
			}
			switch {
			case j < i:
				l[i][j] = v / l[j][j]
			case v < 1e-11:
				return nil, i
			default:
				l[i][i] = math.Sqrt(v)
			}
		}
	}
	out := newMatrix(n, n)
	for c := range n { // one column of the inverse after the other
		x := make([]float64, n)
		for i := range n {
			v := 0.0
			if i == c {
				v = 1
			}
			for k := range i {
				v -= l[i][k] * x[k]
			}
			x[i] = v / l[i][i]
		}
		for i := n - 1; i >= 0; i-- {
			v := x[i]
			for k := i + 1; k < n; k++ {
				v -= l[k][i] * x[k]
			}
			x[i] = v / l[i][i]
		}
		for i := range n {
			out[i][c] = x[i] * scale[i] * scale[c]
		}
	}
	return out, -1
}
