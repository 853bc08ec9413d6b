package develop

import (
	"image"
	"math"
)

// Map carries a point of the coded picture to the area of the tile:
// x = A*u + B*v + C, y = D*u + E*v + F.
type Map struct{ A, B, C, D, E, F float64 }

// Then returns the map that does m first and n after it.
func (m Map) Then(n Map) Map {
	return Map{
		n.A*m.A + n.B*m.D, n.A*m.B + n.B*m.E, n.A*m.C + n.B*m.F + n.C,
		n.D*m.A + n.E*m.D, n.D*m.B + n.E*m.E, n.D*m.C + n.E*m.F + n.F,
	}
}

// At returns where a point comes to lie.
func (m Map) At(u, v float64) (x, y float64) { return m.A*u + m.B*v + m.C, m.D*u + m.E*v + m.F }

// Rect returns where a rectangle comes to lie. Maps here turn by quarters only.
func (m Map) Rect(u0, v0, u1, v1 float64) (x0, y0, x1, y1 float64) {
	x0, y0 = m.At(u0, v0)
	x1, y1 = m.At(u1, v1)
	return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
}

// Inverse returns the way back. Maps made here always have one.
func (m Map) Inverse() Map {
	d := m.A*m.E - m.B*m.D
	if d == 0 {
		return Map{}
	}
	i := Map{A: m.E / d, B: -m.B / d, D: -m.D / d, E: m.A / d}
	i.C, i.F = -(i.A*m.C + i.B*m.F), -(i.D*m.C + i.E*m.F)
	return i
}

// stretch returns the factors by which square pixels are made; none is below 1,
// so that no line or column is lost.
func (s Shape) stretch() (x, y float64) {
	a, b := s.Aspect[0], s.Aspect[1]
	switch {
	case a <= 0 || b <= 0 || a == b:
		return 1, 1
	case a > b:
		return float64(a) / float64(b), 1
	}
	return 1, float64(b) / float64(a)
}

// orient returns the way from the coded picture of w by h to the picture as
// shown at 100 %, and its size there.
func (v View) orient(w, h int) (m Map, width, height float64) {
	sx, sy := v.Shape.stretch()
	m = Map{A: sx, E: sy}
	width, height = float64(w)*sx, float64(h)*sy
	turn := func(n int) {
		for range n {
			m = m.Then(Map{B: -1, C: height, D: 1})
			width, height = height, width
		}
	}
	mirror := func(on bool) {
		if on {
			m = m.Then(Map{A: -1, C: width, E: 1})
		}
	}
	turn(turns(v.Shape.Turn))
	mirror(v.Shape.Mirror)
	turn(turns(v.Adjust.Turn))
	mirror(v.Adjust.Mirror)
	return m, width, height
}

// Size returns the size of a picture of w by h as shown at 100 %.
func (v View) Size(w, h int) (width, height float64) {
	_, width, height = v.orient(w, h)
	return width, height
}

// Placed is a picture in its area, in pixels of the screen.
type Placed struct {
	Area    image.Point
	Visible image.Rectangle // of the area
	Zoom    float64
	Fit     float64 // zoom at which all of it is seen
	Map     Map     // from the coded picture to the area
	// Seen is the visible part of the picture as shown, as parts of it.
	Seen [4]float64 // left, top, right, bottom
}

// Whole reports whether all of the picture is seen.
func (p Placed) Whole() bool {
	return p.Seen == [4]float64{0, 0, 1, 1}
}

// Place puts a coded picture of w by h into an area of the screen. The picture
// begins on a whole pixel of the screen, so that at whole zooms each of its
// pixels is a square of equal size.
func (v View) Place(w, h int, area image.Point) Placed {
	p := Placed{Area: area}
	if w <= 0 || h <= 0 || area.X <= 0 || area.Y <= 0 {
		return p
	}
	m, width, height := v.orient(w, h)
	p.Fit = min(float64(area.X)/width, float64(area.Y)/height)
	p.Zoom = p.Fit
	if v.Zoom > 0 {
		p.Zoom = min(max(v.Zoom, min(p.Fit, 1)), max(MaxZoom, p.Fit))
	}
	x, nx, vx0, vx1 := along(width*p.Zoom, area.X, v.X)
	y, ny, vy0, vy1 := along(height*p.Zoom, area.Y, v.Y)
	p.Visible = image.Rect(vx0, vy0, vx1, vy1)
	p.Map = m.Then(Map{A: p.Zoom, C: float64(x), E: p.Zoom, F: float64(y)})
	p.Seen = [4]float64{float64(vx0-x) / nx, float64(vy0-y) / ny, float64(vx1-x) / nx, float64(vy1-y) / ny}
	return p
}

// along places one side: where the picture begins, how many pixels of the screen
// it takes, and what of it is seen.
func along(length float64, area int, middle float64) (begin int, whole float64, from, to int) {
	n := max(int(length+.5), 1)
	if n <= area {
		begin = (area - n) / 2
		return begin, float64(n), begin, begin + n
	}
	begin = int(math.Round(float64(area)/2 - middle*length))
	begin = max(min(begin, 0), area-n)
	return begin, float64(n), 0, area
}

// ZoomTo changes the zoom so that the point under a place of the area stays there.
// At or below what fits, everything is shown.
func (v View) ZoomTo(zoom float64, at image.Point, w, h int, area image.Point) View {
	p := v.Place(w, h, area)
	if p.Zoom == 0 {
		return v
	}
	zoom = min(zoom, MaxZoom)
	if zoom <= p.Fit*1.0001 && (zoom < p.Zoom || v.Zoom == 0) {
		v.Zoom, v.X, v.Y = 0, 0, 0
		return v
	}
	_, width, height := v.orient(w, h)
	x, y, from := v.X, v.Y, v.Zoom
	if from == 0 {
		x, y, from = .5, .5, p.Fit
	}
	// The place as a part of the picture as shown. It is not taken from where
	// the picture was put, on whole pixels, lest it creep from step to step.
	fx := x + (float64(at.X)-float64(area.X)/2)/(width*from)
	fy := y + (float64(at.Y)-float64(area.Y)/2)/(height*from)
	v.Zoom = zoom
	v.X = fx + (float64(area.X)/2-float64(at.X))/(width*zoom)
	v.Y = fy + (float64(area.Y)/2-float64(at.Y))/(height*zoom)
	return v.settle(w, h, area)
}

// Pan moves the picture by pixels of the screen.
func (v View) Pan(by image.Point, w, h int, area image.Point) View {
	if v.Zoom == 0 {
		return v
	}
	_, width, height := v.orient(w, h)
	v.X -= float64(by.X) / (width * v.Zoom)
	v.Y -= float64(by.Y) / (height * v.Zoom)
	return v.settle(w, h, area)
}

// ZoomBox shows a box of the area as large as it fits.
func (v View) ZoomBox(b image.Rectangle, w, h int, area image.Point) View {
	p := v.Place(w, h, area)
	if b = b.Intersect(p.Visible); b.Dx() < 4 || b.Dy() < 4 {
		return v
	}
	px, py := float64(p.Visible.Dx()), float64(p.Visible.Dy())
	v.X = p.Seen[0] + (float64(b.Min.X+b.Max.X)/2-float64(p.Visible.Min.X))/px*(p.Seen[2]-p.Seen[0])
	v.Y = p.Seen[1] + (float64(b.Min.Y+b.Max.Y)/2-float64(p.Visible.Min.Y))/py*(p.Seen[3]-p.Seen[1])
	k := min(float64(area.X)/float64(b.Dx()), float64(area.Y)/float64(b.Dy()))
	v.Zoom = min(p.Zoom*k, MaxZoom)
	return v.settle(w, h, area)
}

// settle keeps the middle where the picture can be put, so that a later move
// the other way acts at once.
func (v View) settle(w, h int, area image.Point) View {
	_, width, height := v.orient(w, h)
	keep := func(m, length float64, area int) float64 {
		half := float64(area) / 2 / length
		if half >= .5 {
			return .5
		}
		return min(max(m, half), 1-half)
	}
	v.X, v.Y = keep(v.X, width*v.Zoom, area.X), keep(v.Y, height*v.Zoom, area.Y)
	return v
}
