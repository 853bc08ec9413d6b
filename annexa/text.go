package annexa

import (
	"math"
	"strconv"
	"strings"
)

// Decimals that positions have room for.
const (
	gpsDigits   = 7
	pixelDigits = 2
)

// rounded rounds half away from zero to digits decimals, and makes one zero of both.
func rounded(v float64, digits int) float64 {
	k := math.Pow10(digits)
	if r := math.Round(v * k); !math.IsInf(r, 0) {
		v = r / k
	}
	return v + 0
}

// number prints a number in its shortest form with at most digits decimals.
func number(v float64, digits int) string {
	return strconv.FormatFloat(rounded(v, digits), 'f', -1, 64)
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
		return pointText(ps[0].X, ps[0].Y, pixelDigits)
	}
	parts := make([]string, 0, 2*len(ps))
	for _, p := range ps {
		parts = append(parts, number(p.X, pixelDigits), number(p.Y, pixelDigits))
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
