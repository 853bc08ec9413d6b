package town

import (
	"image/color"
	"math"
)

// backdrop draws everything that does not move.
func backdrop(c *canvas, l lens) {
	for i := range c.pix { // sky, or the dark of a room
		y := float64(i/c.w) / float64(c.h)
		c.pix[i] = color.RGBA{uint8(150 + 50*y), uint8(164 + 40*y), uint8(176 + 30*y), 255}
	}
	switch {
	case l.pos.X > 150:
		shop(c, l)
	case l.pos.Y > 250:
		platform(c, l)
	default:
		street(c, l)
		square(c, l)
	}
}

func ground(c *canvas, l lens, col color.RGBA, x0, y0, x1, y1, z float64) {
	const step = 20.0 // smaller pieces keep clipping exact near the camera
	for x := x0; x < x1; x += step {
		a, b := x, min(x+step, x1)
		c.face(l, col, 0, Vec{a, y0, z}, Vec{b, y0, z}, Vec{b, y1, z}, Vec{a, y1, z})
	}
}

var (
	asphalt  = color.RGBA{78, 80, 84, 255}
	pavement = color.RGBA{132, 132, 130, 255}
	paving   = color.RGBA{150, 146, 138, 255}
	white    = color.RGBA{208, 210, 208, 255}
)

func street(c *canvas, l lens) {
	ground(c, l, color.RGBA{112, 116, 106, 255}, -220, -200, 220, 200, -.12)
	ground(c, l, asphalt, -200, -5, 200, 5, 0)
	ground(c, l, pavement, -200, -9.2, 200, -5, .1)
	ground(c, l, pavement, -200, 5, 200, 9.2, .1)
	for x := -200.0; x < 200; x += 6 {
		if x > -4 && x < 8 {
			continue
		}
		c.face(l, white, 0, Vec{x, -.1, .01}, Vec{x + 2.6, -.1, .01}, Vec{x + 2.6, .1, .01}, Vec{x, .1, .01})
	}
	for y := -4.6; y < 4.6; y += 1.1 { // the crossing
		c.face(l, white, 0, Vec{0, y, .02}, Vec{4, y, .02}, Vec{4, y + .6, .02}, Vec{0, y + .6, .02})
	}
	c.face(l, white, 0, Vec{-2.4, -5, .02}, Vec{-2, -5, .02}, Vec{-2, 0, .02}, Vec{-2.4, 0, .02})
	walls := []color.RGBA{{186, 172, 148, 255}, {168, 160, 150, 255}, {198, 184, 160, 255}, {158, 142, 128, 255}, {180, 176, 166, 255}}
	n := 0
	for x := -110.0; x < 110; x += 16 {
		house(c, l, x, -9.2, 16, -1, 10+float64(n%3)*2.5, walls[n%len(walls)])
		n++
		if x < 17 || x > 46 {
			house(c, l, x, 9.2, 16, 1, 11+float64(n%4)*2, walls[n%len(walls)])
		}
		n++
	}
	for _, x := range []float64{-16, 20, 44, -58} {
		tree(c, l, Vec{x, -8.4, 0})
		tree(c, l, Vec{x + 5, 8.4, 0})
	}
	for x := -56.0; x < 60; x += 28 {
		c.block(l, grey(60), 0, Vec{x, 5.6, 0}, .16, .16, 6.4, 0)
		c.block(l, grey(70), 0, Vec{x, 4.9, 6.3}, .3, 1.6, .16, 0)
	}
}

// house is a facade with windows and a shop front; side tells where it stands.
func house(c *canvas, l lens, x, y, width, side, height float64, col color.RGBA) {
	back := y + side*12
	c.face(l, col, 0, Vec{x, y, 0}, Vec{x + width, y, 0}, Vec{x + width, y, height}, Vec{x, y, height})
	c.face(l, shade(col, .7), 0, Vec{x, y, 0}, Vec{x, back, 0}, Vec{x, back, height}, Vec{x, y, height})
	c.face(l, shade(col, .76), 0, Vec{x + width, y, 0}, Vec{x + width, back, 0}, Vec{x + width, back, height}, Vec{x + width, y, height})
	c.face(l, shade(col, .55), 0, Vec{x, y, height}, Vec{x + width, y, height}, Vec{x + width, back, height}, Vec{x, back, height})
	front := y - side*.04
	glass, frame := color.RGBA{64, 78, 92, 255}, shade(col, 1.15)
	rect := func(col color.RGBA, x0, z0, x1, z1, off float64) {
		f := front - side*off
		c.face(l, col, 0, Vec{x0, f, z0}, Vec{x1, f, z0}, Vec{x1, f, z1}, Vec{x0, f, z1})
	}
	rect(color.RGBA{58, 70, 70, 255}, x+.8, .5, x+width-3.4, 2.9, 0)
	rect(color.RGBA{44, 46, 50, 255}, x+width-2.6, 0, x+width-1.2, 2.6, 0)
	sign := []color.RGBA{{92, 40, 38, 255}, {38, 62, 84, 255}, {48, 74, 54, 255}, {104, 84, 40, 255}}
	rect(sign[(int(math.Abs(x))/16)%len(sign)], x+.6, 3, x+width-.6, 3.7, .02)
	for z := 4.6; z+1.8 < height; z += 2.9 {
		for wx := x + 1.2; wx+1.4 < x+width; wx += 2.8 {
			rect(frame, wx-.15, z-.15, wx+1.45, z+1.95, 0)
			rect(glass, wx, z, wx+1.3, z+1.8, .02)
		}
	}
	rect(shade(col, .8), x, height-.5, x+width, height, .03)
}

func tree(c *canvas, l lens, at Vec) {
	c.block(l, color.RGBA{92, 76, 60, 255}, 0, at, .3, .3, 2.8, 0)
	green := color.RGBA{92, 112, 80, 255}
	for i := range 5 {
		a := float64(i) * 1.2566
		c.block(l, shade(green, .86+.07*float64(i)), 0, at.add(Vec{.7 * math.Cos(a), .7 * math.Sin(a), 2.5 + .4*float64(i%3)}), 1.9, 1.9, 1.7, a)
	}
}

func square(c *canvas, l lens) {
	ground(c, l, paving, 17, 9.2, 49, 44, .05)
	for x := 19.0; x < 49; x += 4 {
		c.face(l, shade(paving, .92), 0, Vec{x, 9.2, .06}, Vec{x + .3, 9.2, .06}, Vec{x + .3, 44, .06}, Vec{x, 44, .06})
	}
	c.block(l, grey(150), 0, Vec{33, 24, 0}, 4.4, 4.4, .5, .6)
	c.block(l, color.RGBA{70, 104, 124, 255}, 0, Vec{33, 24, .46}, 3.8, 3.8, .08, .6)
	c.block(l, grey(130), 0, Vec{33, 24, .5}, .6, .6, 2.6, .6)
	for i := range 4 {
		c.block(l, color.RGBA{110, 84, 58, 255}, 0, Vec{22 + 7*float64(i), 39, 0}, 1.8, .5, .5, 0)
		tree(c, l, Vec{21 + 8*float64(i), 41.5, 0})
	}
	for i := range 3 { // market stalls
		x := 24 + 8*float64(i)
		awning := []color.RGBA{{164, 74, 60, 255}, {58, 98, 120, 255}, {172, 148, 84, 255}}[i]
		c.block(l, color.RGBA{128, 108, 84, 255}, 0, Vec{x, 15, 0}, 3, 1.2, .95, 0)
		c.block(l, awning, 0, Vec{x, 15, 2.3}, 3.6, 2, .15, 0)
		for _, d := range []float64{-1.6, 1.6} {
			c.block(l, grey(90), 0, Vec{x + d, 14.2, 0}, .1, .1, 2.4, 0)
		}
	}
}

func shop(c *canvas, l lens) {
	fill(c, color.RGBA{70, 68, 64, 255})
	floor := color.RGBA{146, 134, 116, 255}
	for x := 200.0; x < 212; x++ {
		for y := 0.0; y < 8; y++ {
			k := 1.0
			if int(x+y)%2 == 0 {
				k = .95
			}
			c.face(l, shade(floor, k), 0, Vec{x, y, 0}, Vec{x + 1, y, 0}, Vec{x + 1, y + 1, 0}, Vec{x, y + 1, 0})
		}
	}
	wall := color.RGBA{196, 190, 178, 255}
	c.face(l, shade(wall, .9), 0, Vec{200, 0, 0}, Vec{212, 0, 0}, Vec{212, 0, 3.4}, Vec{200, 0, 3.4})
	c.face(l, wall, 0, Vec{212, 0, 0}, Vec{212, 8, 0}, Vec{212, 8, 3.4}, Vec{212, 0, 3.4})
	c.face(l, shade(wall, .8), 0, Vec{200, 8, 0}, Vec{212, 8, 0}, Vec{212, 8, 3.4}, Vec{200, 8, 3.4})
	c.face(l, shade(wall, .84), 0, Vec{200, 0, 0}, Vec{200, 8, 0}, Vec{200, 8, 3.4}, Vec{200, 0, 3.4})
	c.face(l, color.RGBA{150, 176, 190, 255}, 0, Vec{201, .03, 0}, Vec{202.4, .03, 0}, Vec{202.4, .03, 2.3}, Vec{201, .03, 2.3})
	c.face(l, color.RGBA{160, 184, 196, 255}, 0, Vec{203.4, .03, .8}, Vec{207, .03, .8}, Vec{207, .03, 2.4}, Vec{203.4, .03, 2.4})
	lamp := []color.RGBA{{206, 178, 96, 255}, {186, 96, 70, 255}, {92, 126, 138, 255}, {128, 140, 96, 255}}
	for i := range 3 {
		x := 204 + 2.3*float64(i)
		c.block(l, color.RGBA{110, 88, 64, 255}, 0, Vec{x, 2.2, 0}, .7, 2.2, 1.2, 0)
		for k := range 4 {
			c.block(l, lamp[(i+k)%4], 0, Vec{x, 1.4 + .55*float64(k), 1.2}, .3, .3, .35, 0)
		}
	}
	c.block(l, color.RGBA{126, 98, 70, 255}, 0, Vec{210.3, 5, 0}, .9, 3.4, 1.05, 0)
	c.block(l, grey(52), 0, Vec{210.3, 4.3, 1.05}, .4, .5, .35, 0)
	for i := range 5 {
		c.block(l, color.RGBA{120, 98, 74, 255}, 0, Vec{211.7, 1 + 1.4*float64(i), 0}, .4, 1.2, 2.4, 0)
		for k := range 3 {
			c.block(l, lamp[(i*2+k)%4], 0, Vec{211.4, 1 + 1.4*float64(i), .4 + .7*float64(k)}, .2, .8, .4, 0)
		}
	}
}

func platform(c *canvas, l lens) {
	fill(c, grey(54))
	slab, track := color.RGBA{158, 156, 150, 255}, color.RGBA{62, 58, 54, 255}
	ground(c, l, track, -80, 298.6, 160, 302, -1.1)
	ground(c, l, slab, -80, 302, 160, 310, 0)
	ground(c, l, color.RGBA{206, 176, 72, 255}, -80, 302.5, 160, 302.9, .01)
	for x := -80.0; x < 160; x += 20 {
		a, b := x, x+20
		wall := color.RGBA{178, 180, 174, 255}
		c.face(l, wall, 0, Vec{a, 310, 0}, Vec{b, 310, 0}, Vec{b, 310, 4.4}, Vec{a, 310, 4.4})
		c.face(l, color.RGBA{70, 112, 104, 255}, 0, Vec{a, 309.98, .9}, Vec{b, 309.98, .9}, Vec{b, 309.98, 1.2}, Vec{a, 309.98, 1.2})
		c.face(l, grey(92), 0, Vec{a, 298.6, -1.1}, Vec{b, 298.6, -1.1}, Vec{b, 298.6, 4.4}, Vec{a, 298.6, 4.4})
		c.face(l, grey(120), 0, Vec{a, 298.6, 4.4}, Vec{b, 298.6, 4.4}, Vec{b, 310, 4.4}, Vec{a, 310, 4.4})
		c.face(l, grey(236), 0, Vec{a + 2, 305.6, 4.38}, Vec{a + 16, 305.6, 4.38}, Vec{a + 16, 306.2, 4.38}, Vec{a + 2, 306.2, 4.38})
		c.face(l, grey(80), 0, Vec{a, 302, -1.1}, Vec{b, 302, -1.1}, Vec{b, 302, 0}, Vec{a, 302, 0})
		poster := []color.RGBA{{150, 92, 76, 255}, {74, 98, 128, 255}, {128, 132, 84, 255}, {112, 92, 124, 255}}[(int(x)/20+8)%4]
		c.face(l, poster, 0, Vec{a + 4, 309.96, 1.5}, Vec{a + 7, 309.96, 1.5}, Vec{a + 7, 309.96, 3.3}, Vec{a + 4, 309.96, 3.3})
		c.face(l, color.RGBA{46, 66, 110, 255}, 0, Vec{a + 11, 309.96, 2.3}, Vec{a + 16, 309.96, 2.3}, Vec{a + 16, 309.96, 3}, Vec{a + 11, 309.96, 3})
		c.face(l, white, 0, Vec{a + 11.5, 309.95, 2.5}, Vec{a + 15.5, 309.95, 2.5}, Vec{a + 15.5, 309.95, 2.75}, Vec{a + 11.5, 309.95, 2.75})
		c.block(l, grey(140), 0, Vec{a + 10, 306, 0}, .5, .5, 4.4, 0)
		c.block(l, color.RGBA{104, 84, 62, 255}, 0, Vec{a + 14, 309, 0}, 2.4, .6, .5, 0)
	}
	for _, y := range []float64{299.9, 301.3} {
		ground(c, l, grey(128), -80, y, 160, y+.1, -1)
	}
}

func fill(c *canvas, col color.RGBA) {
	for i := range c.pix {
		c.pix[i] = col
	}
}
