package metadata

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vedette/internal/diag"
)

// reader turns one tree into a Document.
type reader struct{ doc *Document }

func parse(text []byte) (*Document, error) {
	root, err := readTree(text)
	if err != nil {
		return nil, err
	}
	if root.space != NamespaceSchema || !strings.EqualFold(root.name, "MetadataStream") {
		return nil, fmt.Errorf("metadata: root element %q of %q, want MetadataStream of %q", root.name, root.space, NamespaceSchema)
	}
	r := &reader{doc: &Document{}}
	for _, k := range root.kids {
		if k.space != NamespaceSchema {
			continue
		}
		switch k.name {
		case "VideoAnalytics":
			for _, f := range k.all("Frame") {
				r.frame(f)
			}
		case "PTZ":
			for _, s := range k.all("PTZStatus") {
				r.doc.PTZ = append(r.doc.PTZ, r.ptz(s))
			}
		case "Event":
			for _, m := range k.all("NotificationMessage") {
				r.event(m)
			}
		}
	}
	return r.doc, nil
}

func (r *reader) note(code string, format string, args ...any) {
	if len(r.doc.Findings) < 100 {
		r.doc.Findings = append(r.doc.Findings, diag.New(code, diag.Warning, format, args...))
	}
}

// system is a coordinate system: a point p in it lies at s*p + t in the picture.
type system struct{ sx, sy, tx, ty float64 }

var whole = system{sx: 1, sy: 1}

// under returns the system that a Transformation sets up within this one.
func (r *reader) under(c system, t *node) system {
	if t == nil {
		return c
	}
	ux, uy, vx, vy := 1.0, 1.0, 0.0, 0.0
	if s := t.first("Scale"); s != nil {
		ux, uy = r.pair(s, 1)
	}
	if s := t.first("Translate"); s != nil {
		vx, vy = r.pair(s, 0)
	}
	return system{ux * c.sx, uy * c.sy, c.sx*vx + c.tx, c.sy*vy + c.ty}
}

func (r *reader) pair(n *node, fallback float64) (x, y float64) {
	x, okx := number(n, "x")
	y, oky := number(n, "y")
	if !okx {
		x = fallback
	}
	if !oky {
		y = fallback
	}
	return x, y
}

func (c system) place(x, y float64) Point { return Point{c.sx*x + c.tx, c.sy*y + c.ty} }

// farthest bounds coordinates: beyond it nothing can be part of a picture.
const farthest = 1e6

func number(n *node, name string) (float64, bool) {
	s, ok := n.attr(name)
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > farthest {
		return 0, false
	}
	return v, true
}

func (r *reader) frame(n *node) {
	f := Frame{}
	if s, ok := n.attr("UtcTime"); ok {
		f.UTC, f.HasUTC = parseTime(s)
	}
	if !f.HasUTC {
		r.note("METADATA-TIME", "a frame has no readable UtcTime; the time of its sample is used")
	}
	f.Source, _ = n.attr("Source")
	c := r.under(whole, n.first("Transformation"))
	for i, o := range n.all("Object") {
		if i == MaxObjects {
			r.note("METADATA-OBJECTS", "a frame has more than %d objects; the others are left out", MaxObjects)
			break
		}
		f.Objects = append(f.Objects, r.object(o, c))
	}
	if s := n.first("PTZStatus"); s != nil {
		p := r.ptz(s)
		f.PTZ = &p
	}
	if m := n.first("Extension").first("MotionInCells"); m != nil {
		f.Motion = r.motion(m, c)
	}
	r.doc.Frames = append(r.doc.Frames, f)
}

func (r *reader) object(n *node, c system) Object {
	o := Object{}
	o.ID, _ = n.attr("ObjectId")
	if o.ID == "" {
		o.ID, _ = n.attr("UUID")
	}
	if o.Parent, _ = n.attr("Parent"); o.Parent == "" {
		o.Parent, _ = n.attr("ParentUUID")
	}
	o.ID, o.Parent = cut(o.ID), cut(o.Parent)
	if b := n.first("Behaviour"); b != nil {
		o.Removed, o.Idle = b.first("Removed") != nil, b.first("Idle") != nil
		if v, err := strconv.ParseFloat(b.first("Speed").content(), 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			o.Speed = &v
		}
	}
	a := n.first("Appearance")
	if a == nil {
		return o
	}
	c = r.under(c, a.first("Transformation"))
	r.shape(&o, a.first("Shape"), c)
	o.Class, o.Likelihood = class(a.first("Class"))
	switch {
	case a.first("LicensePlateInfo") != nil:
		o.Label = a.first("LicensePlateInfo").first("PlateNumber").content()
	case a.first("BarcodeInfo") != nil:
		o.Label = a.first("BarcodeInfo").first("Data").content()
	case a.first("Label") != nil:
		o.Label = a.first("Label").content()
	}
	return o
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
			p, q := c.place(l, bt), c.place(rt, t)
			o.Box = &Rect{min(p.X, q.X), min(p.Y, q.Y), max(p.X, q.X), max(p.Y, q.Y)}
		} else {
			r.note("METADATA-BOX", "the box of object %s cannot be read; the object is listed without it", o.ID)
		}
	}
	if g := s.first("CenterOfGravity"); g != nil {
		if x, ok := number(g, "x"); ok {
			if y, ok := number(g, "y"); ok {
				p := c.place(x, y)
				o.Centre = &p
			}
		}
	}
	for _, poly := range s.all("Polygon") {
		r.polygon(o, poly, c)
	}
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
	if len(pts) >= 3 {
		o.Polygons = append(o.Polygons, pts)
	}
}

// class returns the likeliest class in the present or the older form.
func class(n *node) (name string, likelihood float64) {
	if n == nil {
		return "", 0
	}
	best := -1.0
	take := func(s string, p float64) {
		if s != "" && p > best {
			name, likelihood, best = s, p, p
		}
	}
	for _, t := range n.all("Type") {
		p, _ := number(t, "Likelihood")
		take(t.content(), p)
	}
	if name != "" {
		return name, likelihood
	}
	for _, cc := range n.all("ClassCandidate") {
		p, err := strconv.ParseFloat(cc.first("Likelihood").content(), 64)
		if err != nil || math.IsNaN(p) || p < 0 || p > 1 {
			p = 0
		}
		take(cc.first("Type").content(), p)
	}
	return name, likelihood
}

func (r *reader) ptz(n *node) PTZ {
	var p PTZ
	if pos := n.first("Position"); pos != nil {
		if pt := pos.first("PanTilt"); pt != nil {
			p.Pan, p.Tilt = optional(pt, "x"), optional(pt, "y")
		}
		if z := pos.first("Zoom"); z != nil {
			p.Zoom = optional(z, "x")
		}
	}
	if m := n.first("MoveStatus"); m != nil {
		p.Moving = m.content()
		for _, axis := range []string{"PanTilt", "Zoom"} {
			if s := m.first(axis).content(); s != "" && (p.Moving == "" || s == "MOVING") {
				p.Moving = s
			}
		}
	}
	p.Error = n.first("Error").content()
	p.UTC, p.HasUTC = parseTime(n.first("UtcTime").content())
	return p
}

func optional(n *node, name string) *float64 {
	if v, ok := number(n, name); ok {
		return &v
	}
	return nil
}

func (r *reader) event(n *node) {
	if len(r.doc.Events) == maxEvents {
		r.note("METADATA-EVENTS", "a document has more than %d events; the others are left out", maxEvents)
		return
	}
	e := Event{Topic: topic(n.first("Topic").content())}
	m := n.first("Message")
	if inner := m.first("Message"); inner != nil {
		m = inner
	}
	if m == nil || e.Topic == "" {
		r.note("METADATA-EVENT", "an event without topic or message is left out")
		return
	}
	if s, ok := m.attr("UtcTime"); ok {
		e.UTC, e.HasUTC = parseTime(s)
	}
	e.Operation, _ = m.attr("PropertyOperation")
	e.Source, e.Key, e.Data = items(m.first("Source")), items(m.first("Key")), items(m.first("Data"))
	r.doc.Events = append(r.doc.Events, e)
}

// topic drops namespace prefixes, which writers choose freely.
func topic(s string) string {
	parts := strings.Split(s, "/")
	for i, p := range parts {
		if _, local, ok := strings.Cut(p, ":"); ok {
			parts[i] = local
		}
	}
	return strings.Join(parts, "/")
}

func items(n *node) []Item {
	if n == nil {
		return nil
	}
	var out []Item
	for _, k := range n.kids {
		name, _ := k.attr("Name")
		switch k.name {
		case "SimpleItem":
			v, _ := k.attr("Value")
			out = append(out, Item{cut(name), cut(v)})
		case "ElementItem":
			out = append(out, Item{cut(name), flat(k)})
		}
	}
	return out
}

// flat tells the text within an element item.
func flat(n *node) string {
	var parts []string
	var walk func(*node)
	walk = func(n *node) {
		if s := n.content(); s != "" {
			parts = append(parts, s)
		}
		for _, a := range n.attrs {
			if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Local != "Name" {
				parts = append(parts, a.Name.Local+"="+a.Value)
			}
		}
		for _, k := range n.kids {
			walk(k)
		}
	}
	walk(n)
	return cut(strings.Join(parts, " "))
}
