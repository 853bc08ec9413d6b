package town

import (
	"image"
	"image/color"
	"math"
)

// canvas is a picture under way: colour, depth (as 1/distance) and, where an
// actor was drawn, its number.
type canvas struct {
	w, h  int
	pix   []color.RGBA
	depth []float32
	id    []int16
}

func newCanvas(w, h int) *canvas {
	return &canvas{w: w, h: h, pix: make([]color.RGBA, w*h), depth: make([]float32, w*h), id: make([]int16, w*h)}
}

func (c *canvas) copyFrom(o *canvas) {
	copy(c.pix, o.pix)
	copy(c.depth, o.depth)
	copy(c.id, o.id)
}

// lens projects the world onto a canvas (pinhole).
type lens struct {
	pos                Vec
	right, up, forward Vec
	focal, cx, cy      float64
}

func newLens(pos Vec, bearing, tilt, fov float64, w, h int) lens {
	b, t := bearing*math.Pi/180, tilt*math.Pi/180
	l := lens{pos: pos, cx: float64(w) / 2, cy: float64(h) / 2}
	l.forward = Vec{math.Sin(b) * math.Cos(t), math.Cos(b) * math.Cos(t), -math.Sin(t)}
	l.right = Vec{math.Cos(b), -math.Sin(b), 0}
	l.up = Vec{math.Sin(b) * math.Sin(t), math.Cos(b) * math.Sin(t), math.Cos(t)}
	l.focal = l.cx / math.Tan(fov*math.Pi/360)
	return l
}

// view returns a place in the camera's axes: right, up, forward.
func (l lens) view(p Vec) Vec {
	d := p.sub(l.pos)
	return Vec{d.dot(l.right), d.dot(l.up), d.dot(l.forward)}
}

const near = 0.25

type corner struct{ x, y, w float64 } // pixels and 1/distance

// face draws one convex flat polygon.
func (c *canvas) face(l lens, col color.RGBA, id int16, pts ...Vec) {
	var in, cut [12]Vec
	n := 0
	for _, p := range pts {
		in[n] = l.view(p)
		n++
	}
	m := 0
	for i := range n { // clip against the near plane
		a, b := in[i], in[(i+1)%n]
		if a.Z >= near {
			cut[m] = a
			m++
		}
		if (a.Z >= near) != (b.Z >= near) {
			cut[m] = a.mix(b, (near-a.Z)/(b.Z-a.Z))
			m++
		}
	}
	if m < 3 {
		return
	}
	var poly [12]corner
	for i := range m {
		w := 1 / cut[i].Z
		poly[i] = corner{l.cx + l.focal*cut[i].X*w, l.cy - l.focal*cut[i].Y*w, w}
	}
	for i := 1; i+1 < m; i++ {
		c.triangle(poly[0], poly[i], poly[i+1], col, id)
	}
}

// triangle fills pixels whose centre lies inside, nearer than what is there.
func (c *canvas) triangle(a, b, d corner, col color.RGBA, id int16) {
	area := (b.x-a.x)*(d.y-a.y) - (d.x-a.x)*(b.y-a.y)
	if area == 0 || math.IsNaN(area) {
		return
	}
	y0 := int(math.Ceil(max(min(a.y, b.y, d.y)-.5, 0)))
	y1 := int(math.Floor(min(max(a.y, b.y, d.y)-.5, float64(c.h-1))))
	inv := 1 / area
	// 1/distance is linear over the picture.
	wx := ((b.w-a.w)*(d.y-a.y) - (d.w-a.w)*(b.y-a.y)) * inv
	wy := ((d.w-a.w)*(b.x-a.x) - (b.w-a.w)*(d.x-a.x)) * inv
	for y := y0; y <= y1; y++ {
		py := float64(y) + .5
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, e := range [3][2]corner{{a, b}, {b, d}, {d, a}} {
			p, q := e[0], e[1]
			if (p.y <= py) == (q.y <= py) {
				continue
			}
			x := p.x + (q.x-p.x)*(py-p.y)/(q.y-p.y)
			lo, hi = min(lo, x), max(hi, x)
		}
		x0, x1 := int(math.Ceil(max(lo-.5, 0))), int(math.Ceil(min(hi-.5, float64(c.w))))
		w := a.w + wx*(float64(x0)+.5-a.x) + wy*(py-a.y)
		for i := y*c.w + x0; i < y*c.w+x1; i++ {
			if f := float32(w); f > c.depth[i] {
				c.depth[i], c.pix[i], c.id[i] = f, col, id
			}
			w += wx
		}
	}
}

// block draws an upright box with its three visible shades.
func (c *canvas) block(l lens, col color.RGBA, id int16, at Vec, length, width, height, heading float64) {
	s, k := math.Sincos(heading)
	p := func(x, y, z float64) Vec { return Vec{at.X + x*k - y*s, at.Y + x*s + y*k, at.Z + z} }
	x, y := length/2, width/2
	side, end, top := shade(col, .86), shade(col, .72), shade(col, 1.12)
	c.face(l, end, id, p(x, -y, 0), p(x, y, 0), p(x, y, height), p(x, -y, height))
	c.face(l, end, id, p(-x, -y, 0), p(-x, y, 0), p(-x, y, height), p(-x, -y, height))
	c.face(l, side, id, p(-x, y, 0), p(x, y, 0), p(x, y, height), p(-x, y, height))
	c.face(l, col, id, p(-x, -y, 0), p(x, -y, 0), p(x, -y, height), p(-x, -y, height))
	c.face(l, top, id, p(-x, -y, height), p(x, -y, height), p(x, y, height), p(-x, y, height))
}

func shade(c color.RGBA, k float64) color.RGBA {
	f := func(v uint8) uint8 { return uint8(max(0, min(255, float64(v)*k))) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), 255}
}

func grey(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }

// soften halves a canvas drawn at twice the size: its colours are averaged,
// its depth is that of one of the four.
func soften(big *canvas) *canvas {
	c := newCanvas(big.w/2, big.h/2)
	for y := range c.h {
		for x := range c.w {
			i := 2*y*big.w + 2*x
			var r, g, b int
			for _, k := range [4]int{i, i + 1, i + big.w, i + big.w + 1} {
				r, g, b = r+int(big.pix[k].R), g+int(big.pix[k].G), b+int(big.pix[k].B)
			}
			c.pix[y*c.w+x] = color.RGBA{uint8(r / 4), uint8(g / 4), uint8(b / 4), 255}
			c.depth[y*c.w+x] = big.depth[i]
		}
	}
	return c
}

// extent returns the pixels in which an actor is seen; empty when it is not.
func (c *canvas) extents() map[int16]image.Rectangle {
	out := map[int16]image.Rectangle{}
	for y := range c.h {
		row := c.id[y*c.w : (y+1)*c.w]
		for x, id := range row {
			if id == 0 {
				continue
			}
			r, seen := out[id]
			p := image.Rect(x, y, x+1, y+1)
			if seen {
				p = r.Union(p)
			}
			out[id] = p
		}
	}
	return out
}
