package metadata

import (
	"math"

	"vedette/media"
)

// Frame is one analysed picture.
type Frame struct {
	UTC     media.UTC
	HasUTC  bool
	Source  string // the analytics module, "" if not stated
	Objects []Object
	Tree    []Change
	PTZ     *PTZ
	Motion  *Motion
	Image   string // reference to a picture of the scene
	Other   []Item
	ratios  []ratio
}

// Change is one change of the tree of objects: the objects From became To.
type Change struct {
	Kind     string // Rename, Split, Merge or Delete
	From, To []string
}

// Object is something that analytics follows. Its coordinates are those of the
// picture, -1 to +1, x to the right and y up, after all transformations.
type Object struct {
	ID         string
	Parent     string
	Class      string  // the likeliest of Classes
	Likelihood float64 // 0 if not stated
	Classes    []Likely
	Box        *Rect
	Centre     *Point
	Polygons   [][]Point // the object is their union
	Label      string    // plate, bar code or other text
	Colours    []Colour
	Vehicles   []Vehicle
	Plate      *Plate
	Barcode    *Barcode
	Labels     []Sign
	Face       []Item // of the person, by the path of each element
	Body       []Item
	Place      *Place
	Sphere     *Sphere
	Image      string // reference to a picture, or that one is enclosed
	Speed      *float64
	Heading    *Heading
	Idle       bool
	Removed    bool
	Other      []Item
}

// Likely is a text with how likely it is, 0 if that is not stated.
type Likely struct {
	Text       string
	Likelihood float64
}

// Vehicle describes a vehicle.
type Vehicle struct {
	Type, Brand, Model Likely
	Colours            []Colour
}

// Plate is a number plate.
type Plate struct{ Number, Type, Country, Issuer Likely }

// Barcode is a bar code; Module is its size in pixels, 0 if not stated.
type Barcode struct {
	Data, Type Likely
	Module     float64
}

// Sign is a marked sign, such as a danger label, by the authority that numbers it.
type Sign struct {
	Authority, ID string
	Likelihood    float64
}

// Place is where an object is on the Earth.
type Place struct {
	Latitude, Longitude float64
	Elevation           *float64
}

// Sphere is where an object is, seen from the device: metres and degrees.
type Sphere struct{ Distance, Elevation, Azimuth *float64 }

// Heading is where an object moves, in degrees: yaw 0 to the right of the
// device and 90 away from it, pitch 90 upwards.
type Heading struct{ Yaw, Pitch, Roll *float64 }

// Point is a place in the picture.
type Point struct{ X, Y float64 }

// Rect is an upright rectangle with Left <= Right and Bottom <= Top.
type Rect struct{ Left, Bottom, Right, Top float64 }

// Pixels returns the rectangle in pixels of a decoded picture of w by h, from
// its top left corner.
func (r Rect) Pixels(w, h int) (x0, y0, x1, y1 float64) {
	fw, fh := float64(w), float64(h)
	return (r.Left + 1) / 2 * fw, (1 - r.Top) / 2 * fh, (r.Right + 1) / 2 * fw, (1 - r.Bottom) / 2 * fh
}

// Motion is a bit map of cells in which something moved, row by row from the
// top left. Area is where the cells lie in the picture.
type Motion struct {
	Columns, Rows int
	Cells         []bool
	Area          Rect
}

// ratio is a further transformation for pictures of one ratio of sides.
type ratio struct {
	of float64
	c  system
}

// nearRatio is how far a ratio of sides may be off to be meant.
const nearRatio = .01

// Shown returns the frame for a picture that is shown w by h: where the document
// has a transformation for that ratio of sides, it is applied after the others.
func (f Frame) Shown(w, h int) Frame {
	if w <= 0 || h <= 0 {
		return f
	}
	for _, r := range f.ratios {
		if math.Abs(float64(w)/float64(h)/r.of-1) > nearRatio {
			continue
		}
		out := f
		out.Objects, out.ratios = make([]Object, len(f.Objects)), nil
		for i, o := range f.Objects {
			out.Objects[i] = o.moved(r.c)
		}
		if f.Motion != nil {
			m := *f.Motion
			m.Area = m.Area.moved(r.c)
			out.Motion = &m
		}
		return out
	}
	return f
}

func (o Object) moved(c system) Object {
	if o.Box != nil {
		b := o.Box.moved(c)
		o.Box = &b
	}
	if o.Centre != nil {
		p := c.place(o.Centre.X, o.Centre.Y)
		o.Centre = &p
	}
	old := o.Polygons
	o.Polygons = nil
	for _, g := range old {
		pts := make([]Point, len(g))
		for i, p := range g {
			pts[i] = c.place(p.X, p.Y)
		}
		o.Polygons = append(o.Polygons, pts)
	}
	return o
}

func (r Rect) moved(c system) Rect {
	return between(c.place(r.Left, r.Bottom), c.place(r.Right, r.Top))
}

// between returns the rectangle of two opposite corners.
func between(p, q Point) Rect {
	return Rect{min(p.X, q.X), min(p.Y, q.Y), max(p.X, q.X), max(p.Y, q.Y)}
}
