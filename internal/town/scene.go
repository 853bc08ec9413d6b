package town

import (
	"fmt"
	"image"
	"image/color"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Rate is the number of pictures a second.
const Rate = 25

// Scene is the town of one seed.
type Scene struct{ actors []*Actor }

// New returns the town of a seed.
func New(seed uint64) *Scene { return &Scene{cast(seed)} }

// Seen is one actor as a camera sees it: the smallest rectangle around the
// pixels in which it is visible.
type Seen struct {
	Actor *Actor
	Box   image.Rectangle
}

// Picture is one drawn picture. Its memory belongs to the Filmer.
type Picture struct {
	W, H int
	Time time.Duration // since the scene began
	Seen []Seen
	c    *canvas
}

// Owner returns the number of the actor drawn at a pixel, 0 for none.
func (p *Picture) Owner(x, y int) int { return int(p.c.id[y*p.W+x]) }

// Filmer draws the pictures of one camera. It is used by one goroutine.
type Filmer struct {
	scene *Scene
	cam   Camera
	w, h  int
	back  *canvas
	last  [3]float64
	work  *canvas
	skew  time.Duration
	drawn bool
}

// NewFilmer prepares a camera; skew is added to the burned-in clock.
func (s *Scene) NewFilmer(c Camera, w, h int, skew time.Duration) *Filmer {
	return &Filmer{scene: s, cam: c, w: w, h: h, work: newCanvas(w, h), skew: skew}
}

// Draw draws picture n. The result is valid until the next call.
func (f *Filmer) Draw(n int) *Picture {
	at := time.Duration(n) * time.Second / Rate
	t := at.Seconds()
	bearing, tilt, fov, moving := f.cam.View(t)
	l := newLens(f.cam.Pos, bearing, tilt, fov, f.w, f.h)
	if v := [3]float64{bearing, tilt, fov}; !f.drawn || v != f.last {
		if moving { // nobody sees jagged edges in a turning picture
			f.back = newCanvas(f.w, f.h)
			backdrop(f.back, l)
		} else {
			big := newCanvas(2*f.w, 2*f.h)
			backdrop(big, newLens(f.cam.Pos, bearing, tilt, fov, 2*f.w, 2*f.h))
			f.back = soften(big)
		}
		f.last, f.drawn = v, true
	}
	c := f.work
	c.copyFrom(f.back)
	for _, a := range f.scene.actors {
		a.draw(c, l, t)
	}
	if f.Covered(t) {
		f.cover(c)
	}
	f.burn(c, at, n)
	p := &Picture{W: f.w, H: f.h, Time: at, c: c}
	boxes := c.extents()
	for _, a := range f.scene.actors {
		if b, ok := boxes[int16(a.ID)]; ok && b.Dx()*b.Dy() >= smallest { //nolint:gosec // fewer than a hundred actors
			p.Seen = append(p.Seen, Seen{a, b})
		}
	}
	return p
}

// smallest is the number of pixels below which an actor is drawn but not
// reported, as analytics would not find it either.
const smallest = 48

// Covered reports whether something covers the lens.
func (f *Filmer) Covered(t float64) bool { return t >= f.cam.Cover[0] && t < f.cam.Cover[1] }

// cover is a gloved hand before the lens.
func (f *Filmer) cover(c *canvas) {
	for i := range c.pix {
		x, y := i%c.w, i/c.w
		if y > c.h/12+(x*7%c.w)/40 {
			k := uint8(30 + (x*13+y*7)/9%9)
			c.pix[i], c.id[i] = color.RGBA{k, k, k + 4, 255}, 0
		}
	}
}

// burn writes clock, camera and frame number into the picture. The second
// begins with a white mark at the top right, and with a beep in the sound.
func (f *Filmer) burn(c *canvas, at time.Duration, n int) {
	scale := max(1, f.h/260)
	clock := Start.Add(at).Add(f.skew).Format("2006-01-02 15:04:05.00")
	text(c, clock, 6*scale, 14*scale, scale)
	text(c, fmt.Sprintf("%06d", n+1), f.w-(7*6+8)*scale, 14*scale, scale)
	text(c, f.cam.ID+" "+f.cam.Name, 6*scale, f.h-6*scale, scale)
	if n%Rate < 2 {
		for y := range 6 * scale {
			for x := range 6 * scale {
				i := (y+18*scale)*c.w + f.w - 8*scale - x
				c.pix[i], c.id[i] = grey(255), 0
			}
		}
	}
}

func text(c *canvas, s string, x, y, scale int) {
	mask := image.NewAlpha(image.Rect(0, 0, 7*len(s)+2, 15))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: basicfont.Face7x13, Dot: fixed.P(1, 12)}
	d.DrawString(s)
	set := func(px, py int, v uint8) {
		if px >= 0 && py >= 0 && px < c.w && py < c.h {
			c.pix[py*c.w+px], c.id[py*c.w+px] = grey(v), 0
		}
	}
	for pass, v := range []uint8{16, 240} {
		for my := range 15 {
			for mx := range mask.Rect.Dx() {
				if mask.AlphaAt(mx, my).A == 0 {
					continue
				}
				grow := 0
				if pass == 0 {
					grow = 1
				}
				for dy := -grow; dy < scale+grow; dy++ {
					for dx := -grow; dx < scale+grow; dx++ {
						set(x+mx*scale+dx, y+(my-12)*scale+dy, v)
					}
				}
			}
		}
	}
}

// YUV converts to planar 4:2:0, BT.709 limited range, into dst, which is grown
// as needed.
func (p *Picture) YUV(dst []byte) []byte {
	n := p.W * p.H
	if cap(dst) < n*3/2 {
		dst = make([]byte, n*3/2)
	}
	dst = dst[:n*3/2]
	for i, c := range p.c.pix {
		dst[i] = uint8(16 + (47*int(c.R)+157*int(c.G)+16*int(c.B)+128)>>8)
	}
	u, v := dst[n:n+n/4], dst[n+n/4:]
	for y := 0; y < p.H; y += 2 {
		for x := 0; x < p.W; x += 2 {
			var r, g, b int
			for _, k := range [4]int{y*p.W + x, y*p.W + x + 1, (y+1)*p.W + x, (y+1)*p.W + x + 1} {
				c := p.c.pix[k]
				r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
			}
			i := y/2*(p.W/2) + x/2
			u[i] = uint8(128 + (-26*r-87*g+112*b+512)>>10)
			v[i] = uint8(128 + (112*r-102*g-10*b+512)>>10)
		}
	}
	return dst
}

// Image returns the picture for looking at.
func (p *Picture) Image() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, p.W, p.H))
	for i, c := range p.c.pix {
		m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3] = c.R, c.G, c.B, 255
	}
	return m
}
