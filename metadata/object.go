package metadata

import (
	"math"
	"strconv"
)

func (r *reader) object(n *node, c system, space string) Object {
	o := Object{ID: id(n, "ObjectId", "UUID"), Parent: id(n, "Parent", "ParentUUID")}
	if b := n.first("Behaviour"); b != nil {
		o.Removed, o.Idle = b.first("Removed") != nil, b.first("Idle") != nil
		if v, ok := decimal(b.first("Speed").content()); ok {
			o.Speed = &v
		}
		if d := b.first("Direction"); d != nil {
			o.Heading = &Heading{optional(d, "yaw"), optional(d, "pitch"), optional(d, "roll")}
		}
		r.rest(&o.Other, b, "Removed", "Idle", "Speed", "Direction")
	}
	if a := n.first("Appearance"); a != nil {
		r.appearance(&o, a, c, space)
	}
	r.rest(&o.Other, n, "Appearance", "Behaviour")
	return o
}

func (r *reader) appearance(o *Object, a *node, c system, space string) {
	r.shape(o, a.first("Shape"), r.under(c, a.first("Transformation")))
	o.Classes = classes(a.first("Class"))
	best := -1.0
	for _, k := range o.Classes {
		if k.Likelihood > best {
			o.Class, o.Likelihood, best = k.Text, k.Likelihood, k.Likelihood
		}
	}
	o.Colours = colours(a.first("Color"), space)
	for _, v := range a.all("VehicleInfo") {
		o.Vehicles = append(o.Vehicles, Vehicle{likely(v.first("Type")), likely(v.first("Brand")), likely(v.first("Model")), colours(v.first("Color"), space)})
	}
	if p := a.first("LicensePlateInfo"); p != nil {
		o.Plate = &Plate{likely(p.first("PlateNumber")), likely(p.first("PlateType")), likely(p.first("CountryCode")), likely(p.first("IssuingEntity"))}
	}
	if b := a.first("BarcodeInfo"); b != nil {
		o.Barcode = &Barcode{Data: likely(b.first("Data")), Type: likely(b.first("Type"))}
		o.Barcode.Module, _ = decimal(b.first("PPM").content())
	}
	for _, l := range a.all("Label") {
		s := Sign{Authority: l.first("Authority").content(), ID: l.first("ID").content()}
		if s.ID == "" {
			s.ID = l.content()
		}
		s.Likelihood = probability(l.word("Likelihood"))
		o.Labels = append(o.Labels, s)
	}
	if f := a.first("HumanFace"); f != nil {
		o.Face = leaves(f)
	}
	if b := a.first("HumanBody"); b != nil {
		o.Body = leaves(b)
	}
	r.whereabouts(o, a)
	if o.Image = a.first("ImageRef").content(); o.Image == "" && a.first("Image") != nil {
		o.Image = enclosed
	}
	o.Label = label(o)
	r.rest(&o.Other, a, "Transformation", "Shape", "Color", "Class", "GeoLocation", "VehicleInfo", "LicensePlateInfo", "HumanFace", "HumanBody",
		"ImageRef", "Image", "BarcodeInfo", "SphericalCoordinate", "Label")
}

func (r *reader) whereabouts(o *Object, a *node) {
	if g := a.first("GeoLocation"); g != nil {
		lat, ok1 := number(g, "lat")
		lon, ok2 := number(g, "lon")
		if ok1 && ok2 && math.Abs(lat) <= 90 && math.Abs(lon) <= 180 {
			o.Place = &Place{lat, lon, optional(g, "elevation")}
		} else {
			r.note("METADATA-PLACE", "the place of object %s is not on the Earth and is left out", o.ID)
		}
	}
	if s := a.first("SphericalCoordinate"); s != nil {
		o.Sphere = &Sphere{optional(s, "Distance"), optional(s, "ElevationAngle"), optional(s, "AzimuthAngle")}
	}
}

// label is the text that stands beside the box.
func label(o *Object) string {
	switch {
	case o.Plate != nil && o.Plate.Number.Text != "":
		return o.Plate.Number.Text
	case o.Barcode != nil && o.Barcode.Data.Text != "":
		return o.Barcode.Data.Text
	case len(o.Labels) > 0:
		return o.Labels[0].ID
	}
	return ""
}

func (r *reader) shape(o *Object, s *node, c system) {
	if s == nil {
		return
	}
	if b := s.first("BoundingBox"); b != nil {
		l, ok1 := number(b, "left")
		t, ok2 := number(b, "top")
		rt, ok3 := number(b, "right")
		bt, ok4 := number(b, "bottom")
		if ok1 && ok2 && ok3 && ok4 {
			box := between(c.place(l, bt), c.place(rt, t))
			o.Box = &box
		} else {
			r.note("METADATA-BOX", "the box of object %s cannot be read; the object is listed without it", o.ID)
		}
	}
	if g := s.first("CenterOfGravity"); g != nil {
		x, ok1 := number(g, "x")
		y, ok2 := number(g, "y")
		if ok1 && ok2 {
			p := c.place(x, y)
			o.Centre = &p
		}
	}
	for _, poly := range s.all("Polygon") {
		r.polygon(o, poly, c)
	}
	r.rest(&o.Other, s, "BoundingBox", "CenterOfGravity", "Polygon")
}

func (r *reader) polygon(o *Object, poly *node, c system) {
	var pts []Point
	for _, p := range poly.all("Point") {
		x, ok1 := number(p, "x")
		y, ok2 := number(p, "y")
		if !ok1 || !ok2 || len(pts) == MaxPoints {
			r.note("METADATA-POLYGON", "an outline of object %s cannot be read and is left out", o.ID)
			return
		}
		pts = append(pts, c.place(x, y))
	}
	if len(pts) < 3 {
		r.note("METADATA-POLYGON", "an outline of object %s has %d points, want at least 3; it is left out", o.ID, len(pts))
		return
	}
	o.Polygons = append(o.Polygons, pts)
}

// maxClasses bounds the classes of one object.
const maxClasses = 64

// classes returns the classes in the present form, or else in the older one.
func classes(n *node) []Likely {
	var out []Likely
	take := func(text string, p float64) {
		if text != "" && len(out) < maxClasses {
			out = append(out, Likely{text, p})
		}
	}
	for _, t := range n.all("Type") {
		take(t.content(), probability(t.word("Likelihood")))
	}
	if len(out) > 0 {
		return out
	}
	for _, list := range [][]*node{n.all("ClassCandidate"), n.first("Extension").all("OtherTypes")} {
		for _, c := range list {
			take(c.first("Type").content(), probability(c.first("Likelihood").content()))
		}
	}
	return out
}

func likely(n *node) Likely { return Likely{n.content(), probability(n.word("Likelihood"))} }

// probability reads a likelihood; what is none counts as not stated.
func probability(s string) float64 {
	p, err := strconv.ParseFloat(s, 64)
	if err != nil || !(p >= 0 && p <= 1) {
		return 0
	}
	return p
}
