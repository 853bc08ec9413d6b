package annexa

// ring makes a polygon of numbers. Two vertices that are left over are taken
// for the corners of an upright rectangle, which a person has to confirm.
func (c *cellReader) ring(nums []float64) (s shape, ok bool) {
	s.polygon = true
	if len(nums)%2 == 1 {
		if len(nums) < 5 || nums[len(nums)-1] != nums[0] {
			c.fail("POLY-ODD", "%d numbers do not make pairs", len(nums))
			return s, false
		}
		nums = nums[:len(nums)-1]
		c.warn("POLY-ODD", "%d numbers; the last repeats the first x, so it was taken for a cut-off closing vertex", len(nums)+1)
	}
	for i := 0; i+1 < len(nums); i += 2 {
		s.pixels = append(s.pixels, Pixel{nums[i], nums[i+1]})
	}
	if n := len(s.pixels); n > 3 && s.pixels[0] == s.pixels[n-1] {
		s.pixels = s.pixels[:n-1]
		c.note("POLY-CLOSED", "the last vertex repeats the first and was dropped")
	}
	switch distinct(s.pixels) {
	case 0, 1:
		c.fail("POLY-FEW", "the polygon has %d vertices, want at least 3", distinct(s.pixels))
		return s, false
	case 2:
		a, b := corners(s.pixels)
		if a.X == b.X || a.Y == b.Y {
			c.fail("POLY-FEW", "the two vertices lie on one line and enclose nothing")
			return s, false
		}
		s.pixels = []Pixel{a, {b.X, a.Y}, b, {a.X, b.Y}}
		s.rect = true
		c.warn("POLY-RECT", "the two vertices were read as a rectangle (%g,%g)-(%g,%g); please confirm on the plan", a.X, a.Y, b.X, b.Y)
	default:
		if crosses(s.pixels) {
			c.warn("POLY-CROSS", "the outline crosses itself")
		}
	}
	return s, true
}

func distinct(ps []Pixel) int {
	seen := make(map[Pixel]bool, len(ps))
	for _, p := range ps {
		seen[p] = true
	}
	return len(seen)
}

// corners returns the top left and bottom right of the box about ps.
func corners(ps []Pixel) (a, b Pixel) {
	a, b = ps[0], ps[0]
	for _, p := range ps[1:] {
		a = Pixel{min(a.X, p.X), min(a.Y, p.Y)}
		b = Pixel{max(b.X, p.X), max(b.Y, p.Y)}
	}
	return a, b
}

// maxCrossing bounds the search for crossings, which looks at all pairs of edges.
const maxCrossing = 512

func crosses(ps []Pixel) bool {
	n := len(ps)
	if n > maxCrossing {
		return false
	}
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if meet(ps[i], ps[(i+1)%n], ps[j], ps[(j+1)%n]) {
				return true
			}
		}
	}
	return false
}

// meet tells whether two edges cross properly.
func meet(a, b, c, d Pixel) bool {
	side := func(p, q, r Pixel) float64 { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}

// Contains tells whether a point lies within a polygon by the even-odd rule.
func Contains(polygon []Pixel, p Pixel) bool {
	in := false
	for i, j := 0, len(polygon)-1; i < len(polygon); j, i = i, i+1 {
		a, b := polygon[i], polygon[j]
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < (b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y)+a.X {
			in = !in
		}
	}
	return in
}
