package metadata

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

// Colour is one colour of an object in the space that the document names, with
// how much of the object has it and how likely that is; 0 if not stated.
type Colour struct {
	X, Y, Z    float64
	Space      string
	Weight     float64
	Likelihood float64
}

// RGB returns the colour for a screen, and false for a space that is not
// converted. Without a space it is YCbCr, as the schema says.
func (c Colour) RGB() (color.RGBA, bool) {
	x, y, z := channel(c.X), channel(c.Y), channel(c.Z)
	switch s := c.Space[strings.LastIndexByte(c.Space, '/')+1:]; {
	case strings.EqualFold(s, "RGB"):
		return color.RGBA{x, y, z, 255}, true
	case s == "" || strings.EqualFold(s, "YCbCr"):
		r, g, b := color.YCbCrToRGB(x, y, z)
		return color.RGBA{r, g, b, 255}, true
	}
	return color.RGBA{}, false
}

func channel(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 255))) }

// String tells the colour as #rrggbb, or its numbers and space.
func (c Colour) String() string {
	text := fmt.Sprintf("%g, %g, %g in %s", c.X, c.Y, c.Z, c.Space)
	if v, ok := c.RGB(); ok {
		text = fmt.Sprintf("#%02x%02x%02x", v.R, v.G, v.B)
	}
	if c.Weight > 0 && c.Weight < 1 {
		text += fmt.Sprintf(" (%.0f %%)", 100*c.Weight)
	}
	return text
}

// maxColours bounds the colours of one description.
const maxColours = 16

// colours reads a colour descriptor; space is what the frame says of colours
// that name none.
func colours(n *node, space string) []Colour {
	var out []Colour
	for _, cluster := range n.all("ColorCluster") {
		k := cluster.first("Color")
		x, ok1 := number(k, "X")
		y, ok2 := number(k, "Y")
		z, ok3 := number(k, "Z")
		if !ok1 || !ok2 || !ok3 || len(out) == maxColours {
			continue
		}
		c := Colour{X: x, Y: y, Z: z, Space: k.word("Colorspace"), Likelihood: probability(k.word("Likelihood")), Weight: probability(cluster.first("Weight").content())}
		if c.Space == "" {
			c.Space = space
		}
		out = append(out, c)
	}
	return out
}
