package tiles

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/vector"

	"vedette/assets/basemap"
)

// Ground is the colours of the outline map.
type Ground struct {
	Sea, Land, Border, Grid color.NRGBA
}

var world = sync.OnceValues(func() (*Outline, error) { return ParseOutline(basemap.Countries) })

// Load returns the embedded outline. The first call takes some tenths of a
// second, so it is not for a window's goroutine.
func Load() (*Outline, error) { return world() }

// Draw draws the ground of a view over the whole picture.
func (o *Outline) Draw(m *image.RGBA, v View, c Ground) {
	draw.Draw(m, m.Rect, image.NewUniform(c.Sea), image.Point{}, draw.Src)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	land, edge := vector.NewRasterizer(w, h), NewPen(w, h)
	any := false
	scale := v.Scale()
	box := [4]float64{-4, -4, float64(w) + 4, float64(h) + 4}
	for i := range o.rings {
		r := &o.rings[i]
		for shift := -1.0; shift <= 1; shift++ {
			off := World{v.Centre.X - shift, v.Centre.Y}
			x0, x1 := float64(w)/2+(r.minX-off.X)*scale, float64(w)/2+(r.maxX-off.X)*scale
			y0, y1 := float64(h)/2+(r.minY-off.Y)*scale, float64(h)/2+(r.maxY-off.Y)*scale
			if x1 < box[0] || x0 > box[2] || y1 < box[1] || y0 > box[3] || x1-x0 < .5 && y1-y0 < .5 {
				continue
			}
			line := make([][2]float64, 0, len(r.points))
			for _, p := range r.points {
				q := [2]float64{float64(w)/2 + (p.X-off.X)*scale, float64(h)/2 + (p.Y-off.Y)*scale}
				if n := len(line); n > 0 && math.Abs(line[n-1][0]-q[0]) < .4 && math.Abs(line[n-1][1]-q[1]) < .4 {
					continue
				}
				line = append(line, q)
			}
			fill(land, clip(line, box))
			for k := range line {
				if r.closedByPole && k >= len(line)-3 {
					continue // the edge of the map is no coast
				}
				edge.Line(line[k], line[(k+1)%len(line)], 1)
			}
			any = true
		}
	}
	if any {
		land.Draw(m, m.Rect, image.NewUniform(c.Land), image.Point{})
		edge.Draw(m, c.Border)
	}
	graticule(m, v, c.Grid)
}

func fill(z *vector.Rasterizer, line [][2]float64) {
	if len(line) < 3 {
		return
	}
	z.MoveTo(float32(line[0][0]), float32(line[0][1]))
	for _, p := range line[1:] {
		z.LineTo(float32(p[0]), float32(p[1]))
	}
	z.ClosePath()
}

// clip cuts a closed line to a box, side by side (Sutherland and Hodgman). It
// keeps coordinates small: at great zooms they would not fit the rasteriser's.
func clip(in [][2]float64, box [4]float64) [][2]float64 {
	for side := range 4 {
		axis := side % 2
		limit, inside := box[side], func(p [2]float64) bool { return p[axis] >= box[side] }
		if side >= 2 {
			inside = func(p [2]float64) bool { return p[axis] <= box[side] }
		}
		var out [][2]float64
		for i, p := range in {
			q := in[(i+len(in)-1)%len(in)]
			if inside(p) != inside(q) {
				t := (limit - q[axis]) / (p[axis] - q[axis])
				out = append(out, [2]float64{q[0] + t*(p[0]-q[0]), q[1] + t*(p[1]-q[1])})
			}
			if inside(p) {
				out = append(out, p)
			}
		}
		in = out
	}
	return in
}

// Pen gathers thin lines and draws them at once.
type Pen struct {
	z    *vector.Rasterizer
	w, h float64
	any  bool
}

// NewPen returns a pen for a picture of w by h.
func NewPen(w, h int) *Pen {
	return &Pen{z: vector.NewRasterizer(w, h), w: float64(w), h: float64(h)}
}

// Line adds a line of a width, cut to the picture.
func (p *Pen) Line(a, b [2]float64, width float64) {
	a, b, ok := segment(a, b, [4]float64{-width, -width, p.w + width, p.h + width})
	if !ok {
		return
	}
	dx, dy := b[0]-a[0], b[1]-a[1]
	n := math.Hypot(dx, dy)
	if n < 1e-9 {
		return
	}
	// All strips turn the same way, so that where they overlap they do not cancel.
	x, y := -dy/n*width/2, dx/n*width/2
	fill(p.z, [][2]float64{{a[0] + x, a[1] + y}, {b[0] + x, b[1] + y}, {b[0] - x, b[1] - y}, {a[0] - x, a[1] - y}})
	p.any = true
}

// Draw draws what was gathered.
func (p *Pen) Draw(m *image.RGBA, c color.Color) {
	if p.any {
		p.z.Draw(m, m.Rect, image.NewUniform(c), image.Point{})
	}
}

// segment cuts a line to a box (Liang and Barsky).
func segment(a, b [2]float64, box [4]float64) ([2]float64, [2]float64, bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := b[0]-a[0], b[1]-a[1]
	for _, e := range [4][2]float64{{-dx, a[0] - box[0]}, {dx, box[2] - a[0]}, {-dy, a[1] - box[1]}, {dy, box[3] - a[1]}} {
		if e[0] == 0 {
			if e[1] < 0 {
				return a, b, false
			}
			continue
		}
		t := e[1] / e[0]
		if e[0] < 0 {
			t0 = max(t0, t)
		} else {
			t1 = min(t1, t)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	return [2]float64{a[0] + t0*dx, a[1] + t0*dy}, [2]float64{a[0] + t1*dx, a[1] + t1*dy}, true
}

// gridSteps are the distances of the graticule in degrees.
var gridSteps = []float64{30, 15, 10, 5, 2, 1, .5, .2, .1, .05, .02, .01, .005, .002, .001, .0005, .0002, .0001}

// GridStep returns the distance of the lines of the graticule, in degrees.
func GridStep(v View) float64 {
	for i := len(gridSteps) - 1; i >= 0; i-- {
		if gridSteps[i]/360*v.Scale() >= 150 {
			return gridSteps[i]
		}
	}
	return gridSteps[0]
}

// GridName prints a degree of the graticule, with n or s, e or w.
func GridName(deg float64, letters string) string {
	l := letters[:1]
	if deg < 0 {
		l, deg = letters[1:], -deg
	}
	return fmt.Sprintf("%g° %s", math.Round(deg*1e6)/1e6, l)
}

// graticule draws lines of latitude and longitude.
func graticule(m *image.RGBA, v View, c color.NRGBA) {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	pen := NewPen(m.Rect.Dx(), m.Rect.Dy())
	Grid(v, w, h, func(x, y, _ float64) {
		if math.IsNaN(y) {
			pen.Line([2]float64{math.Round(x) + .5, 0}, [2]float64{math.Round(x) + .5, h}, 1)
		} else {
			pen.Line([2]float64{0, math.Round(y) + .5}, [2]float64{w, math.Round(y) + .5}, 1)
		}
	})
	pen.Draw(m, c)
}

// Grid calls fn for each line of the graticule: y is NaN for a meridian and x
// for a parallel.
func Grid(v View, w, h float64, fn func(x, y, degrees float64)) {
	step := GridStep(v)
	west, east := (v.At(0, 0, w, h).X-.5)*360, (v.At(w, 0, w, h).X-.5)*360
	for d := math.Ceil(west/step) * step; d <= east; d += step {
		lon := math.Mod(d+540, 360) - 180
		fn(w/2+(d/360+.5-v.Centre.X)*v.Scale(), math.NaN(), lon)
	}
	north, _ := World{0, max(v.At(0, 0, w, h).Y, 0)}.Position()
	south, _ := World{0, min(v.At(0, h, w, h).Y, 1)}.Position()
	for d := math.Ceil(south/step) * step; d <= north; d += step {
		fn(math.NaN(), h/2+(Project(d, 0).Y-v.Centre.Y)*v.Scale(), d)
	}
}
