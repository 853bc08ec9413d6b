package metadata

// system is a coordinate system: a point p in it lies at s*p + t in the picture.
type system struct{ sx, sy, tx, ty float64 }

var whole = system{sx: 1, sy: 1}

func (c system) place(x, y float64) Point { return Point{c.sx*x + c.tx, c.sy*y + c.ty} }

// under returns the system that a Transformation sets up within this one.
func (r *reader) under(c system, t *node) system {
	if t == nil {
		return c
	}
	ux, uy := r.pair(t.first("Scale"), 1)
	vx, vy := r.pair(t.first("Translate"), 0)
	return system{ux * c.sx, uy * c.sy, c.sx*vx + c.tx, c.sy*vy + c.ty}
}

// pair reads x and y. What is not stated is the fallback; what is stated and no
// number is too, with a finding, because boxes then lie elsewhere.
func (r *reader) pair(n *node, fallback float64) (x, y float64) {
	out := [2]float64{fallback, fallback}
	for i, name := range []string{"x", "y"} {
		if _, stated := n.attr(name); !stated {
			continue
		}
		v, ok := number(n, name)
		if !ok {
			r.note("METADATA-TRANSFORMATION", "%s of a transformation's %s cannot be read; %g is assumed", name, n.name, fallback)
			continue
		}
		out[i] = v
	}
	return out[0], out[1]
}

func (r *reader) frame(n *node) {
	f := Frame{Source: n.word("Source"), Image: n.first("SceneImageRef").content()}
	if s, ok := n.attr("UtcTime"); ok {
		f.UTC, f.HasUTC = parseTime(s)
	}
	if !f.HasUTC {
		r.note("METADATA-TIME", "a frame has no readable UtcTime; the time of its sample is used")
	}
	c := r.under(whole, n.first("Transformation"))
	space := n.word("Colorspace")
	for i, o := range n.all("Object") {
		if i == MaxObjects {
			r.note("METADATA-OBJECTS", "a frame has more than %d objects; the others are left out", MaxObjects)
			break
		}
		f.Objects = append(f.Objects, r.object(o, c, space))
	}
	if s := n.first("PTZStatus"); s != nil {
		p := r.ptz(s)
		f.PTZ = &p
	}
	motion := n.first("MotionInCells")
	if motion == nil {
		motion = n.first("Extension").first("MotionInCells")
	}
	if motion != nil {
		f.Motion = r.motion(motion, c)
	}
	for _, a := range n.all("AspectRatioTransformation") {
		if of, ok := number(a, "ratio"); ok && of > 0 && len(f.ratios) < 16 {
			f.ratios = append(f.ratios, ratio{of, r.under(whole, a)})
		}
	}
	f.Tree = r.changes(n.first("ObjectTree"))
	if f.Image == "" && n.first("SceneImage") != nil {
		f.Image = enclosed
	}
	r.rest(&f.Other, n, "Object", "Transformation", "PTZStatus", "Extension", "AspectRatioTransformation", "ObjectTree", "SceneImage", "SceneImageRef", "MotionInCells")
	if x := n.first("Extension"); x != nil {
		r.rest(&f.Other, x, "MotionInCells")
	}
	r.doc.Frames = append(r.doc.Frames, f)
}

// enclosed stands in the place of a reference to a picture that is in the document.
const enclosed = "in the document"

// maxChanges bounds the changes of a tree of objects, and the objects of one.
const maxChanges = 1024

func (r *reader) changes(n *node) []Change {
	if n == nil {
		return nil
	}
	var out []Change
	for _, k := range n.kids {
		var c Change
		switch k.name {
		case "Rename", "Split", "Merge":
			c = Change{k.name, ids(k, "from", "From"), ids(k, "to", "To")}
		case "Delete":
			c = Change{Kind: k.name, From: []string{id(k, "ObjectId", "UUID")}}
		default:
			continue
		}
		if len(c.From) == 0 || c.From[0] == "" || c.Kind != "Delete" && len(c.To) == 0 || len(out) == maxChanges {
			r.note("METADATA-TREE", "a %s in the tree of objects cannot be read and is left out", k.name)
			continue
		}
		out = append(out, c)
	}
	return out
}

func ids(n *node, names ...string) []string {
	var out []string
	for _, name := range names {
		for _, k := range n.all(name) {
			if s := id(k, "ObjectId", "UUID"); s != "" && len(out) < maxChanges {
				out = append(out, s)
			}
		}
	}
	return out
}

// id returns the first of some attributes that is stated.
func id(n *node, names ...string) string {
	for _, name := range names {
		if s := n.word(name); s != "" {
			return s
		}
	}
	return ""
}
