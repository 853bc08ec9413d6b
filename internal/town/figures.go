package town

import (
	"image/color"
	"math"
)

var skin = color.RGBA{204, 166, 138, 255}

// draw draws one actor where it is at a time.
func (a *Actor) draw(c *canvas, l lens, t float64) {
	at, heading, speed, ok := a.Place(t)
	if !ok || l.view(at).Z < -3 || distance(l.pos, at) > 150 {
		return
	}
	id := int16(a.ID) //nolint:gosec // fewer than a hundred actors
	switch a.Kind {
	case Person:
		a.person(c, l, id, at, heading, speed, t)
	case Car:
		vehicle(c, l, id, a.Colour, at, heading, 4.3, 1.8, .75, 1.45, .5)
	case Bus:
		vehicle(c, l, id, a.Colour, at, heading, 11, 2.5, 1.2, 3.1, .92)
	case Train:
		train(c, l, id, a.Colour, at, heading)
	}
}

func distance(a, b Vec) float64 { d := a.sub(b); return math.Sqrt(d.dot(d)) }

func (a *Actor) person(c *canvas, l lens, id int16, at Vec, heading, speed, t float64) {
	step := math.Sin((t+float64(a.ID))*6.2) * min(speed, 1.4) * .24
	s, k := math.Sincos(heading)
	off := func(f, side, z float64) Vec { return at.add(Vec{f*k - side*s, f*s + side*k, z}) }
	legs := a.Legs
	c.block(l, legs, id, off(step, .1, 0), .2, .16, .84, heading)
	c.block(l, shade(legs, .9), id, off(-step, -.1, 0), .2, .16, .84, heading)
	c.block(l, a.Colour, id, off(0, 0, .8), .26, .46, .64, heading)
	c.block(l, shade(a.Colour, .9), id, off(-step*.8, .29, .82), .15, .12, .58, heading)
	c.block(l, shade(a.Colour, .9), id, off(step*.8, -.29, .82), .15, .12, .58, heading)
	c.block(l, skin, id, off(.02, 0, 1.46), .2, .2, .24, heading)
	c.block(l, color.RGBA{50, 40, 34, 255}, id, off(-.02, 0, 1.64), .23, .22, .1, heading)
	if a.Bag {
		c.block(l, color.RGBA{66, 54, 44, 255}, id, off(-step*.8, .36, .5), .3, .12, .3, heading)
	}
}

func vehicle(c *canvas, l lens, id int16, col color.RGBA, at Vec, heading, length, width, belt, height, cabin float64) {
	s, k := math.Sincos(heading)
	off := func(f, side, z float64) Vec { return at.add(Vec{f*k - side*s, f*s + side*k, z}) }
	c.block(l, col, id, off(0, 0, .28), length, width, belt-.2, heading)
	c.block(l, color.RGBA{52, 62, 72, 255}, id, off(-length*.02, 0, belt), length*cabin*.98, width*.9, height-belt-.12, heading)
	c.block(l, shade(col, .96), id, off(-length*.02, 0, height-.14), length*cabin*.94, width*.9, .14, heading)
	for _, f := range []float64{-.32, .32} {
		for _, side := range []float64{-.5, .5} {
			c.block(l, grey(30), id, off(length*f, width*side*.94, 0), .62, .2, .6, heading)
		}
	}
	for _, side := range []float64{-.34, .34} {
		c.block(l, color.RGBA{232, 226, 196, 255}, id, off(length/2, width*side, belt-.35), .06, .3, .16, heading)
		c.block(l, color.RGBA{150, 36, 30, 255}, id, off(-length/2, width*side, belt-.35), .06, .3, .16, heading)
	}
}

func train(c *canvas, l lens, id int16, col color.RGBA, at Vec, heading float64) {
	s, k := math.Sincos(heading)
	for car := range 3 {
		d := float64(car-1) * 19
		p := at.add(Vec{d * k, d * s, -1})
		c.block(l, col, id, p.add(Vec{0, 0, .3}), 18.6, 2.5, 3.4, heading)
		c.block(l, color.RGBA{60, 110, 104, 255}, id, p.add(Vec{0, 0, 1.1}), 18.62, 2.54, .5, heading)
		for w := range 6 {
			q := p.add(Vec{(-7.4 + 3*float64(w)) * k, (-7.4 + 3*float64(w)) * s, 2})
			c.block(l, color.RGBA{54, 64, 74, 255}, id, q, 1.9, 2.56, 1.1, heading)
		}
	}
}
