package mapview

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"vedette/assets"
	"vedette/mapview/tiles"
)

// Colours are those of the map.
type Colours struct {
	Ground   tiles.Ground
	Marker   color.NRGBA // filled markers, rings, letters on hollow ones
	Hollow   color.NRGBA // inside of hollow markers and letters on filled ones
	Accent   color.NRGBA // what is chosen
	OnAccent color.NRGBA
	Plate    color.NRGBA // behind texts
	Text     color.NRGBA
	Text2    color.NRGBA
	Line     color.NRGBA
}

var (
	fontRegular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(assets.Regular) })
	fontBold    = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(assets.SemiBold) })
)

// brush draws on one picture. Lengths are in units of the canvas; scale is
// pixels for one of them. It is used by one goroutine.
type brush struct {
	m     *image.RGBA
	scale float64
	faces map[float64]font.Face // by size, bold ones negative
	taken [][4]float64          // plates that stand already
	late  []func()              // plates, drawn when all markers stand
}

func newBrush(m *image.RGBA, scale float64) *brush {
	return &brush{m: m, scale: scale, faces: map[float64]font.Face{}}
}

func (b *brush) face(size float64, bold bool) font.Face {
	key, load := size, fontRegular
	if bold {
		key, load = -size, fontBold
	}
	if f, ok := b.faces[key]; ok {
		return f
	}
	parsed, err := load()
	if err != nil {
		panic("mapview: " + err.Error()) // our own file
	}
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * b.scale, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("mapview: " + err.Error())
	}
	b.faces[key] = f
	return f
}

// textWidth returns the width of a line in units of the canvas.
func (b *brush) textWidth(s string, size float64, bold bool) float64 {
	return float64(font.MeasureString(b.face(size, bold), s)) / 64 / b.scale
}

// text draws a line with its middle left at x, y.
func (b *brush) text(s string, x, y, size float64, bold bool, c color.Color) {
	f := b.face(size, bold)
	d := font.Drawer{Dst: b.m, Src: image.NewUniform(c), Face: f}
	up := float64(f.Metrics().CapHeight) / 64
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * b.scale * 64), Y: fixed.Int26_6((y*b.scale + up/2) * 64)}
	d.DrawString(s)
}

// path fills a closed line.
func (b *brush) path(c color.Color, ps ...[2]float64) {
	if len(ps) < 3 {
		return
	}
	lo, hi := ps[0], ps[0]
	for _, p := range ps {
		lo, hi = [2]float64{min(lo[0], p[0]), min(lo[1], p[1])}, [2]float64{max(hi[0], p[0]), max(hi[1], p[1])}
	}
	box := image.Rect(int(lo[0]*b.scale)-1, int(lo[1]*b.scale)-1, int(hi[0]*b.scale)+2, int(hi[1]*b.scale)+2).Intersect(b.m.Rect)
	if box.Empty() {
		return
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, p := range ps {
		x, y := float32(p[0]*b.scale)-float32(box.Min.X), float32(p[1]*b.scale)-float32(box.Min.Y)
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
	z.Draw(b.m, box, image.NewUniform(c), image.Point{})
}

func around(x, y, r float64) [][2]float64 {
	n := int(max(16, min(r*3, 96)))
	out := make([][2]float64, 0, n)
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out = append(out, [2]float64{x + r*c, y + r*s})
	}
	return out
}

func (b *brush) disc(x, y, r float64, c color.Color) { b.path(c, around(x, y, r)...) }

// ring draws a circle's line.
func (b *brush) ring(x, y, r, width float64, c color.Color) {
	line := around(x, y, r)
	for i := range line {
		b.stroke(line[i], line[(i+1)%len(line)], width, c)
	}
}

func (b *brush) stroke(p, q [2]float64, width float64, c color.Color) {
	dx, dy := q[0]-p[0], q[1]-p[1]
	n := math.Hypot(dx, dy)
	if n == 0 {
		return
	}
	x, y := -dy/n*width/2, dx/n*width/2
	b.path(c, [2]float64{p[0] + x, p[1] + y}, [2]float64{q[0] + x, q[1] + y}, [2]float64{q[0] - x, q[1] - y}, [2]float64{p[0] - x, p[1] - y})
}

// lines draws an open line, dashed where what it says is assumed.
func (b *brush) lines(ps [][2]float64, width float64, dashed bool, c color.Color) {
	const on, off = 4.0, 3.0
	walked := 0.0
	for i := 1; i < len(ps); i++ {
		p, q := ps[i-1], ps[i]
		n := math.Hypot(q[0]-p[0], q[1]-p[1])
		if !dashed {
			b.stroke(p, q, width, c)
			continue
		}
		for t := 0.0; t < n; {
			phase := math.Mod(walked+t, on+off)
			step := on - phase
			draw := phase < on
			if !draw {
				step = on + off - phase
			}
			u := min(t+step, n)
			if draw {
				b.stroke([2]float64{p[0] + (q[0]-p[0])*t/n, p[1] + (q[1]-p[1])*t/n}, [2]float64{p[0] + (q[0]-p[0])*u/n, p[1] + (q[1]-p[1])*u/n}, width, c)
			}
			t = u
		}
		walked += n
	}
}

func fade(c color.NRGBA, a uint8) color.NRGBA { c.A = a; return c }

// wedge draws what a camera may see. A width that is assumed is never drawn
// like one that is known.
func (b *brush) wedge(x, y, bearing, width, radius float64, assumed bool, c color.NRGBA) {
	ps := [][2]float64{{x, y}}
	n := max(int(width/4), 2)
	for i := range n + 1 {
		s, k := math.Sincos((bearing - width/2 + width*float64(i)/float64(n)) * math.Pi / 180)
		ps = append(ps, [2]float64{x + radius*s, y - radius*k})
	}
	b.path(fade(c, 56), ps...)
	b.lines(append(ps, ps[0]), 1.2, assumed, fade(c, 190))
}

// camera draws the marker of one camera.
func (b *brush) camera(x, y float64, letter string, footage, chosen bool, c *Colours) {
	switch {
	case chosen:
		b.ring(x, y, 16, 2, c.Accent)
		b.disc(x, y, 10.5, c.Accent)
		b.letter(x, y, letter, c.OnAccent)
	case footage:
		b.disc(x, y, 10.5, c.Hollow)
		b.disc(x, y, 9.5, c.Marker)
		b.letter(x, y, letter, c.Hollow)
	default:
		b.disc(x, y, 10.5, c.Hollow)
		b.ring(x, y, 8.8, 1.5, c.Marker)
		b.letter(x, y, letter, c.Marker)
	}
}

func (b *brush) letter(x, y float64, s string, c color.Color) {
	b.text(s, x-b.textWidth(s, 11, true)/2, y, 11, true, c)
}

// declared draws the place that an export declares: a circle, for it is a claim
// and as coarse as the field is (about two metres).
func (b *brush) declared(x, y float64, name string, chosen bool, c *Colours) {
	col := c.Marker
	if chosen {
		col = c.Accent
	}
	b.disc(x, y, 13, fade(col, 40))
	b.ring(x, y, 13, 3.5, c.Hollow)
	b.ring(x, y, 13, 2, col)
	b.disc(x, y, 2.5, col)
	b.late = append(b.late, func() {
		w := b.textWidth(name, 12, false)
		for _, at := range [][2]float64{{x + 22, y}, {x - 22 - w, y}, {x - w/2, y - 27}, {x - w/2, y + 27}} {
			if b.free(name, at[0], at[1], 12, false) {
				b.plate(name, at[0], at[1], 12, false, c)
				return
			}
		}
		if chosen {
			b.plate(name, x+22, y, 12, false, c)
		}
	})
}

// free tells whether a plate would cover none that stands already.
func (b *brush) free(s string, x, y, size float64, bold bool) bool {
	w := b.textWidth(s, size, bold)
	for _, t := range b.taken {
		if x-5 < t[2] && x+w+5 > t[0] && y-10 < t[3] && y+10 > t[1] {
			return false
		}
	}
	return true
}

// plate draws a text on a ground of its own.
func (b *brush) plate(s string, x, y, size float64, bold bool, c *Colours) {
	w := b.textWidth(s, size, bold)
	b.taken = append(b.taken, [4]float64{x - 5, y - 10, x + w + 5, y + 10})
	b.path(fade(c.Plate, 235), [2]float64{x - 5, y - 10}, [2]float64{x + w + 5, y - 10}, [2]float64{x + w + 5, y + 10}, [2]float64{x - 5, y + 10})
	b.text(s, x, y, size, bold, c.Text)
}

// place draws a link to a plan: sheets upon each other.
func (b *brush) place(x, y float64, chosen bool, c *Colours) {
	back, ink := c.Hollow, c.Marker
	if chosen {
		back, ink = c.Accent, c.OnAccent
	}
	b.path(ink, [2]float64{x - 11, y - 11}, [2]float64{x + 11, y - 11}, [2]float64{x + 11, y + 11}, [2]float64{x - 11, y + 11})
	b.path(back, [2]float64{x - 9.6, y - 9.6}, [2]float64{x + 9.6, y - 9.6}, [2]float64{x + 9.6, y + 9.6}, [2]float64{x - 9.6, y + 9.6})
	b.lines([][2]float64{{x - 6, y - 3}, {x, y - 6}, {x + 6, y - 3}, {x, y}, {x - 6, y - 3}}, 1.3, false, ink)
	for _, d := range []float64{.5, 4} {
		b.lines([][2]float64{{x - 6, y + d}, {x, y + d + 3}, {x + 6, y + d}}, 1.3, false, ink)
	}
}

func (b *brush) cluster(s spot, c *Colours) {
	b.disc(s.x, s.y, s.r, c.Hollow)
	b.ring(s.x, s.y, s.r-1.5, 2, c.Marker)
	t := strconv.Itoa(len(s.all))
	b.text(t, s.x-b.textWidth(t, 12, true)/2, s.y, 12, true, c.Marker)
}

// paint draws a scene: ground, graticule names, wedges, markers.
func paint(m *image.RGBA, o *tiles.Outline, q *scene) []spot {
	b := newBrush(m, q.scale)
	device := tiles.View{Centre: q.view.Centre, Zoom: q.view.Zoom + math.Log2(q.scale)}
	o.Draw(m, device, q.colours.Ground)
	b.gridNames(q)
	spots := q.index.spots(q.view, q.w, q.h)
	if q.wedges {
		b.wedges(q, spots)
	}
	// Declared places are wide rings, and stand under the cameras of the same place.
	slices.SortStableFunc(spots, func(a, b spot) int { return q.rank(a) - q.rank(b) })
	for _, s := range spots {
		b.spot(q, s, !s.cluster && q.chosenOf(s) >= 0)
	}
	for _, s := range spots {
		b.taken = append(b.taken, [4]float64{s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r})
	}
	for _, fn := range b.late {
		fn()
	}
	return spots
}

func (b *brush) spot(q *scene, s spot, chosen bool) {
	if s.cluster {
		b.cluster(s, &q.colours)
		return
	}
	n := s.all[0]
	if chosen {
		n = q.chosenOf(s)
	}
	m := &q.index.markers[n]
	switch m.Kind {
	case Declared:
		name := m.Name
		if len(s.all) > 1 {
			name += fmt.Sprintf(" and %d more", len(s.all)-1)
		}
		b.declared(s.x, s.y, name, chosen, &q.colours)
		return
	case Place:
		b.place(s.x, s.y, chosen, &q.colours)
	default:
		b.camera(s.x, s.y, m.Letter, m.Footage, chosen, &q.colours)
	}
	if len(s.all) > 1 {
		b.plate(strconv.Itoa(len(s.all)), s.x+13, s.y-9, 10, true, &q.colours)
	}
	if chosen {
		b.late = append([]func(){func() { b.plate(m.Name, s.x+22, s.y, 12, true, &q.colours) }}, b.late...)
	}
}

func (b *brush) wedges(q *scene, spots []spot) {
	mpp := q.view.MetresPerPixel()
	for _, s := range spots {
		if s.cluster {
			continue
		}
		for _, n := range s.all {
			m := &q.index.markers[n]
			if m.Bearing == nil || m.Kind != Camera {
				continue
			}
			width, reach, col := m.Width, m.Range, q.colours.Marker
			if width == 0 {
				width = AssumedWidth
			}
			if reach == 0 {
				reach = AssumedRange
			}
			if m.ID == q.chosen {
				col = q.colours.Accent
			}
			b.wedge(s.x, s.y, *m.Bearing, width, min(max(reach/mpp, 24), 2000), m.Width == 0 || m.Range == 0, col)
		}
	}
}

// gridNames writes degrees at the edges.
func (b *brush) gridNames(q *scene) {
	tiles.Grid(q.view, q.w, q.h, func(x, y, deg float64) {
		if math.IsNaN(y) {
			if x > 60 && x < q.w-60 {
				b.text(tiles.GridName(deg, "EW"), x+4, 9, 11, false, q.colours.Text2)
			}
		} else if y > 30 && y < q.h-60 {
			b.text(tiles.GridName(deg, "NS"), 6, y-8, 11, false, q.colours.Text2)
		}
	})
}
