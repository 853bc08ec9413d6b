package annexa

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// GPS is a place on the Earth, WGS84, decimal degrees. Reading keeps seven
// decimals, which is a centimetre, so that what is written is what was read.
type GPS struct{ Lat, Lon float64 }

// Pixel is a place on a plan, in pixels of its image from the top left corner.
// Reading keeps two decimals.
type Pixel struct{ X, Y float64 }

// shape is what a cell of a position says.
type shape struct {
	pixels  []Pixel // one for a point
	polygon bool
	rect    bool // two vertices, taken for opposite corners
	gps     GPS
}

// issue is one thing found in a cell. Refusals have fatal set.
type issue struct {
	code    string
	fatal   bool
	hint    bool // a note, not a warning
	message string
}

// cellReader gathers the issues of one cell.
type cellReader struct {
	issues []issue
	failed bool
}

func (c *cellReader) warn(code, format string, args ...any) {
	c.issues = append(c.issues, issue{code: code, message: fmt.Sprintf(format, args...)})
}

func (c *cellReader) note(code, format string, args ...any) {
	c.issues = append(c.issues, issue{code: code, hint: true, message: fmt.Sprintf(format, args...)})
}

func (c *cellReader) fail(code, format string, args ...any) {
	c.failed = true
	c.issues = append(c.issues, issue{code: code, fatal: true, message: fmt.Sprintf(format, args...)})
}

// inside is the text between the parentheses of a position.
type inside struct {
	polygon bool
	text    string
}

// open reads keyword and parentheses.
func (c *cellReader) open(cell string) (in inside, ok bool) {
	n := protected(cell)
	if n == 0 {
		c.fail("POS-FORM", "%s is no POINT(...) or POLYGON(...)", quote(cell))
		return in, false
	}
	word := strings.TrimFunc(cell[:n-1], func(r rune) bool { return blank(r) || strings.ContainsRune("'’‘", r) })
	in.polygon = strings.EqualFold(word, "POLYGON")
	if want := map[bool]string{true: "POLYGON", false: "POINT"}[in.polygon]; cell[:n-1] != want {
		c.warn("POS-KEYWORD", "%s was read as %s", quote(cell[:n-1]), want)
	}
	body, tail, closed := strings.Cut(cell[n:], ")")
	if !closed {
		c.fail("PAREN-OPEN", "the parenthesis of %s is not closed", quote(cell))
		return in, false
	}
	if tail = strings.TrimFunc(tail, blank); tail != "" {
		if strings.Trim(tail, ".…") != "" {
			c.fail("POS-TAIL", "%s stands behind the parenthesis", quote(tail))
			return in, false
		}
		c.warn("POS-DOTS", "dots behind the parenthesis were ignored")
	}
	in.text = strings.TrimFunc(body, blank)
	return in, true
}

// number reads one number. Exponents, thousands and words are none.
func (c *cellReader) number(s string) (float64, bool) {
	t := strings.TrimFunc(s, blank)
	if u := strings.Map(func(r rune) rune {
		if r == '\u2212' || r == '\u2013' {
			return '-'
		}
		return r
	}, t); u != t {
		c.warn("NUM-DASH", "the dash of %s was read as a minus", quote(t))
		t = u
	}
	plain, dots := strings.TrimLeft(t, "+-"), 0
	for _, r := range plain {
		if r == '.' {
			dots++
		} else if r < '0' || r > '9' {
			c.fail("POS-NUM", "%s is no number%s", quote(s), formHint(s))
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || dots > 1 || len(plain) > 40 || len(t)-len(plain) > 1 || math.IsInf(v, 0) {
		c.fail("POS-NUM", "%s is no number%s", quote(s), formHint(s))
		return 0, false
	}
	return v, true
}

// formHint names the form that a text may have been meant in.
func formHint(s string) string {
	switch {
	case strings.ContainsAny(s, "°'\"′″NSEWO"):
		return "; it looks like degrees, minutes and seconds, and decimal degrees are wanted"
	case strings.IndexFunc(s, unicode.IsSpace) > 0:
		return "; blanks within a number are not read"
	}
	return ""
}

// gps reads a geographic position.
func (c *cellReader) gps(cell string, p Profile) (g GPS, ok bool) {
	in, ok := c.open(cell)
	if !ok {
		return g, false
	}
	if in.polygon {
		c.fail("GPS-PAIR", "a geographic position is a POINT, not a POLYGON")
		return g, false
	}
	parts, axis, ok := c.pair(in.text, p)
	if !ok {
		return g, false
	}
	a, ok1 := c.number(parts[0])
	b, ok2 := c.number(parts[1])
	if !ok1 || !ok2 {
		return g, false
	}
	if axis == LongitudeFirst {
		a, b = b, a
		c.warn("GPS-AXIS", "read with the longitude first, as the partner's profile says")
	}
	return c.onEarth(a, b)
}

// pair finds the two numbers of a geographic position.
func (c *cellReader) pair(text string, p Profile) (parts []string, axis Axis, ok bool) {
	commas, semis, dots := strings.Count(text, ","), strings.Count(text, ";"), strings.Count(text, ".")
	axis = p.AxisAll
	switch {
	case commas == 1 && semis == 0:
		parts = strings.Split(text, ",")
	case semis == 1 && commas == 0:
		c.warn("POS-SEP", "the two numbers are separated by a semicolon")
		parts = strings.Split(text, ";")
	case semis == 1 && commas == 2 && dots == 0 && strings.Count(strings.Split(text, ";")[0], ",") == 1:
		parts = strings.Split(strings.ReplaceAll(text, ",", "."), ";")
		c.warn("POS-DECIMAL", "decimal commas were read as dots")
	case semis == 0 && commas == 3 && dots == 0 && p.DecimalComma:
		f := strings.Split(text, ",")
		parts = []string{f[0] + "." + f[1], f[2] + "." + f[3]}
		c.warn("POS-DECIMAL", "decimal commas were read as dots, as the partner's profile says")
	case semis == 0 && commas == 3:
		c.fail("GPS-PAIR", "4 numbers; if the partner's system writes decimal commas, set it in the partner's profile")
		return nil, axis, false
	case commas+semis == 0 && len(strings.FieldsFunc(text, blank)) == 2:
		parts = strings.FieldsFunc(text, blank)
		if axis == AxisUnknown {
			axis = p.AxisBlank
		}
		if axis == AxisUnknown {
			if formHint(text) != "" && strings.ContainsAny(text, "°'\"′″NSEWO") {
				c.fail("POS-NUM", "%s is no pair of numbers%s", quote(text), formHint(text))
			} else {
				c.fail("GPS-AXIS", "two numbers separated by a blank: systems that write so often put the longitude first; set the order in the partner's profile")
			}
			return nil, axis, false
		}
		c.warn("POS-SEP", "the two numbers are separated by a blank")
	default:
		if strings.ContainsAny(text, "°′″") {
			c.fail("POS-NUM", "%s is no pair of numbers%s", quote(text), formHint(text))
			return nil, axis, false
		}
		c.fail("GPS-PAIR", "%d numbers, want latitude and longitude", commas+semis+1)
		return nil, axis, false
	}
	for _, s := range parts {
		if strings.TrimFunc(s, blank) == "" {
			c.fail("POS-NUM", "a number is missing")
			return nil, axis, false
		}
	}
	return parts, axis, true
}

func (c *cellReader) onEarth(lat, lon float64) (GPS, bool) {
	lat, lon = rounded(lat, gpsDigits), rounded(lon, gpsDigits)
	switch {
	case math.Abs(lat) > 1000 || math.Abs(lon) > 1000:
		c.fail("POS-NUM", "%g and %g are no degrees; metres of a national grid are not converted", lat, lon)
	case math.Abs(lat) > 90 && math.Abs(lat) <= 180 && math.Abs(lon) <= 90:
		c.fail("GPS-RANGE", "the latitude %g is beyond 90 degrees; it looks as if the longitude came first", lat)
	case math.Abs(lat) > 90 || math.Abs(lon) > 180:
		c.fail("GPS-RANGE", "%g, %g lies beyond 90 or 180 degrees", lat, lon)
	case lat == 0 && lon == 0:
		c.fail("GPS-ZERO", "0, 0 is a placeholder, not a position")
	default:
		return GPS{lat, lon}, true
	}
	return GPS{}, false
}

// hv reads a position on a plan.
func (c *cellReader) hv(cell string, p Profile) (s shape, ok bool) {
	in, ok := c.open(cell)
	if !ok {
		return s, false
	}
	nums, ok := c.pixels(in, p)
	if !ok {
		return s, false
	}
	if in.polygon {
		return c.ring(nums)
	}
	if len(nums) != 2 {
		c.fail("HV-PAIR", "%d numbers, want x and y", len(nums))
		return s, false
	}
	return shape{pixels: []Pixel{{nums[0], nums[1]}}}, true
}

// pixels reads the numbers of a position on a plan.
func (c *cellReader) pixels(in inside, p Profile) ([]float64, bool) {
	text := in.text
	commas, semis, dots := strings.Count(text, ","), strings.Count(text, ";"), strings.Count(text, ".")
	var parts []string
	switch {
	case !in.polygon && semis == 1 && commas == 2 && dots == 0 && strings.Count(strings.Split(text, ";")[0], ",") == 1:
		parts = strings.Split(strings.ReplaceAll(text, ",", "."), ";")
		c.warn("POS-DECIMAL", "decimal commas were read as dots")
	case !in.polygon && semis == 0 && commas == 3 && dots == 0 && p.DecimalComma:
		f := strings.Split(text, ",")
		parts = []string{f[0] + "." + f[1], f[2] + "." + f[3]}
		c.warn("POS-DECIMAL", "decimal commas were read as dots, as the partner's profile says")
	default:
		if commas+semis > maxNumbers {
			c.fail("POLY-LIMIT", "%d numbers, want at most %d", commas+semis+1, maxNumbers)
			return nil, false
		}
		parts = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
		if len(parts) != commas+semis+1 {
			c.fail("POS-NUM", "a number is missing")
			return nil, false
		}
		pairs := spread(parts)
		if semis > 0 || len(pairs) != len(parts) {
			c.warn("POS-SEP", "numbers are separated by something else than a comma")
		}
		parts = pairs
	}
	nums := make([]float64, 0, len(parts))
	for _, s := range parts {
		v, ok := c.number(s)
		if !ok {
			return nil, false
		}
		if v < 0 {
			c.fail("HV-NEG", "%g lies outside the image: pixels count from its top left corner", v)
			return nil, false
		}
		if v > maxPixel {
			c.fail("POS-NUM", "%g is no pixel of a plan", v)
			return nil, false
		}
		nums = append(nums, rounded(v, pixelDigits))
	}
	return nums, true
}

// spread parts pairs that are separated by blanks, when all parts are such pairs.
func spread(parts []string) []string {
	out := make([]string, 0, 2*len(parts))
	for _, s := range parts {
		f := strings.FieldsFunc(s, blank)
		if len(f) != 2 {
			return parts
		}
		out = append(out, f...)
	}
	return out
}
