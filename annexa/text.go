package annexa

import (
	"math"
	"strconv"
	"strings"
)

// number prints a number in its shortest form with at most digits decimals.
func number(v float64, digits int) string {
	k := math.Pow10(digits)
	if r := math.Round(v * k); !math.IsInf(r, 0) {
		v = r / k
	}
	return strconv.FormatFloat(v+0, 'f', -1, 64)
}

func pointText(a, b float64, digits int) string {
	return "POINT(" + number(a, digits) + "," + number(b, digits) + ")"
}

// pixelText prints a position on a plan: a point, or an outline that is not
// closed by repeating its first vertex.
func pixelText(ps []Pixel) string {
	switch len(ps) {
	case 0:
		return ""
	case 1:
		return pointText(ps[0].X, ps[0].Y, 2)
	}
	parts := make([]string, 0, 2*len(ps))
	for _, p := range ps {
		parts = append(parts, number(p.X, 2), number(p.Y, 2))
	}
	return "POLYGON(" + strings.Join(parts, ",") + ")"
}

// angleText prints a direction as the whole number that Annex A wants.
func angleText(a *float64) string {
	if a == nil {
		return ""
	}
	return strconv.Itoa(int(math.Round(*a)) % 360)
}
