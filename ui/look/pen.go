package look

import (
	"image"
	"image/color"
)

// Pen draws in units of the canvas on pixels of the screen.
type Pen struct {
	M *image.RGBA
	K float32 // pixels to a unit
}

// Fill fills a rectangle; what is thinner than a pixel is a pixel.
func (c *Pen) Fill(x, y, w, h float32, col color.NRGBA) {
	r := image.Rect(int(x*c.K+.5), int(y*c.K+.5), int((x+w)*c.K+.5), int((y+h)*c.K+.5))
	if w > 0 && r.Dx() == 0 {
		r.Max.X++
	}
	if h > 0 && r.Dy() == 0 {
		r.Max.Y++
	}
	r = r.Intersect(c.M.Rect)
	for py := r.Min.Y; py < r.Max.Y; py++ {
		row := c.M.Pix[c.M.PixOffset(r.Min.X, py):]
		for i := 0; i < 4*r.Dx(); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = col.R, col.G, col.B, 255
		}
	}
}

// Frame draws the border of a rectangle.
func (c *Pen) Frame(x, y, w, h float32, col color.NRGBA) {
	c.Fill(x, y, w, 1, col)
	c.Fill(x, y+h-1, w, 1, col)
	c.Fill(x, y, 1, h, col)
	c.Fill(x+w-1, y, 1, h, col)
}

// Cross draws a cross in a square.
func (c *Pen) Cross(x, y, s float32, col color.NRGBA) {
	for i := float32(0); i < s; i += .5 {
		c.Fill(x+i, y+i, 1.2, 1.2, col)
		c.Fill(x+i, y+s-i, 1.2, 1.2, col)
	}
}

// Triangle draws a triangle about a place, with its point upwards.
func (c *Pen) Triangle(x, y, s float32, col color.NRGBA) {
	for i := float32(0); i < 2*s; i += .5 {
		c.Fill(x-i/2, y-s+i, i, .5, col)
	}
}

// Hatch fills with lines that begin at the stretch, so that it stays readable in grey.
func (c *Pen) Hatch(x, y, w, h float32, back, line color.NRGBA) {
	if w < 2 {
		w = 2
	}
	c.Fill(x, y, w, h, back)
	r := image.Rect(int(x*c.K), int(y*c.K), int((x+w)*c.K), int((y+h)*c.K)).Intersect(c.M.Rect)
	period := max(int(6*c.K), 3)
	for py := r.Min.Y; py < r.Max.Y; py++ {
		for px := r.Min.X; px < r.Max.X; px++ {
			if (px-int(x*c.K)+py-r.Min.Y)%period < max(int(1.4*c.K), 1) {
				c.M.SetRGBA(px, py, color.RGBA{line.R, line.G, line.B, 255})
			}
		}
	}
	c.Frame(x, y, w, h, line)
}
