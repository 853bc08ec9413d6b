// Package develop makes what a tile shows out of a decoded picture: a part of
// it, larger or smaller, turned, mirrored, brighter, of one field. It changes a
// copy for the eye and never the picture that was given. One map (Placed.Map)
// says where each pixel of the coded picture comes to lie, so that boxes and
// read-outs can follow whatever is done to it. It knows no toolkit.
package develop

import (
	"fmt"
	"math"
	"strings"
)

// Shape is what the file says about how its pictures are to be shown: turned
// first, then mirrored. The zero value is a picture as it is coded.
type Shape struct {
	Turn   int    // degrees clockwise, a multiple of 90
	Mirror bool   // left and right exchanged
	Aspect [2]int // width and height of a pixel; 0, 0 is square
}

// Fields says what is made of the two fields of an interlaced picture.
type Fields int

// What can be made of fields. One field alone is what is called bob.
const (
	Woven Fields = iota // both, as they are coded
	TopField
	BottomField
	Blended
)

// String names it as the screen does.
func (f Fields) String() string {
	return [...]string{"both fields", "top field only (bob)", "bottom field only (bob)", "fields blended"}[f&3]
}

// Adjust is what the user changed for the eye. The zero value is nothing. It is
// applied to the picture as the file wants it shown, turned first, then mirrored.
type Adjust struct {
	Turn       int // degrees clockwise, a multiple of 90
	Mirror     bool
	Brightness int // per cent of the range, -100 to 100
	Contrast   int // per cent, -100 to 200
	Gamma      int // hundredths above 1.00, -75 to 300
	Fields     Fields
}

// Limits of what can be set.
const (
	MinBrightness, MaxBrightness = -100, 100
	MinContrast, MaxContrast     = -100, 200
	MinGamma, MaxGamma           = -75, 300
	MaxZoom                      = 32 // one pixel of the picture is 32 of the screen
	GridFrom                     = 8  // from here on pixels can be told apart by lines
)

// View is how a picture is looked at.
type View struct {
	Shape  Shape
	Adjust Adjust
	Zoom   float64 // pixels of the screen to one of the picture; 0 is as large as fits
	X, Y   float64 // what is in the middle of the area, as parts of the picture as shown; used with Zoom
	Smooth bool    // enlarged pixels run into each other
	Grid   bool    // lines between pixels, from GridFrom on
}

// Untouched reports whether the picture can be shown as it is.
func (v View) Untouched() bool {
	return v.Zoom == 0 && v.Adjust == Adjust{} && v.Shape.plain()
}

func (s Shape) plain() bool {
	return turns(s.Turn) == 0 && !s.Mirror && (s.Aspect[0] == s.Aspect[1] || s.Aspect[0] <= 0 || s.Aspect[1] <= 0)
}

// turns gives quarter turns, 0 to 3.
func turns(degrees int) int { return ((degrees/90)%4 + 4) % 4 }

// TurnRight turns what is seen by 90 degrees clockwise.
func (a Adjust) TurnRight() Adjust {
	by := 90
	if a.Mirror { // seen in a mirror, clockwise is the other way about
		by = -90
	}
	a.Turn = turns(a.Turn+by) * 90
	return a
}

// Words names the adjustments, in the order in which they are applied.
func (a Adjust) Words() []string {
	var w []string
	if a.Fields != Woven {
		w = append(w, a.Fields.String())
	}
	if n := turns(a.Turn); n != 0 {
		w = append(w, fmt.Sprintf("turned %d° clockwise", n*90))
	}
	if a.Mirror {
		w = append(w, "mirrored")
	}
	if a.Gamma != 0 {
		w = append(w, fmt.Sprintf("gamma %d.%02d", (100+a.Gamma)/100, (100+a.Gamma)%100))
	}
	if a.Contrast != 0 {
		w = append(w, fmt.Sprintf("contrast %+d %%", a.Contrast))
	}
	if a.Brightness != 0 {
		w = append(w, fmt.Sprintf("brightness %+d %%", a.Brightness))
	}
	return w
}

// Words names what the file asks for.
func (s Shape) Words() []string {
	var w []string
	if n := turns(s.Turn); n != 0 {
		w = append(w, fmt.Sprintf("turned %d° clockwise as the file says", n*90))
	}
	if s.Mirror {
		w = append(w, "mirrored as the file says")
	}
	if x, y := s.stretch(); x != 1 || y != 1 {
		w = append(w, fmt.Sprintf("pixels of %d:%d as the file says", s.Aspect[0], s.Aspect[1]))
	}
	return w
}

// ZoomWords says how large the picture is shown and what becomes of its pixels.
func (v View) ZoomWords(zoom float64) string {
	s := "shown at " + Percent(zoom)
	if v.Zoom != 0 {
		s = "zoom " + Percent(zoom)
	}
	switch {
	case v.Zoom == 0 || zoom < 1 || zoom == 1 && v.squarePixels():
		return s // below 100 % pixels cannot all be shown, and at 100 % each is one
	case v.Smooth:
		return s + ", smooth"
	}
	return s + ", nearest pixels"
}

func (v View) squarePixels() bool { x, y := v.Shape.stretch(); return x == 1 && y == 1 }

// Percent prints a zoom.
func Percent(zoom float64) string {
	if p := zoom * 100; p < 10 && p > 0 {
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", math.Floor(zoom*100+.5))
}

// String is everything that was done, for a caption; "" for nothing.
func (a Adjust) String() string {
	if w := a.Words(); len(w) > 0 {
		return "display adjusted: " + strings.Join(w, ", ")
	}
	return ""
}
