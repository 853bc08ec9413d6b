package metadata

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"

	"vedette/internal/diag"
)

// reader turns the elements of one document into a Document.
type reader struct {
	doc   *Document
	other int // unknown elements kept so far
}

func parse(text []byte) (*Document, error) {
	if err := guard(text); err != nil {
		return nil, err
	}
	text, changed := legible(text)
	r := &reader{doc: &Document{}}
	if changed {
		r.note("METADATA-LETTERS", "a document has bytes that are no UTF-8 text; each is shown as U+FFFD")
	}
	err := r.stream(newScanner(text))
	if err != nil && broken(err) && !r.empty() {
		r.doc.Findings = append(r.doc.Findings, diag.New("METADATA-BROKEN", diag.Error, "a document breaks off: %v; what stands before is kept", err))
		r.doc.Broken = err
		return r.doc, nil
	}
	if err != nil {
		return nil, err
	}
	return r.doc, nil
}

func (r *reader) empty() bool {
	d := r.doc
	return len(d.Frames)+len(d.Events)+len(d.PTZ)+len(d.Sensors) == 0
}

// stream reads the document child by child, so that no more than one frame or
// one event is held as a tree.
func (r *reader) stream(s *scanner) error {
	root, ok, err := s.enter()
	if err != nil || !ok {
		if err != nil && !broken(err) {
			return err
		}
		return fmt.Errorf("metadata: document has no element: %w", err)
	}
	if root.Name.Space != NamespaceSchema || !strings.EqualFold(root.Name.Local, "MetadataStream") {
		return fmt.Errorf("metadata: root element %q of %q, want MetadataStream of %q", cut(root.Name.Local), cut(root.Name.Space), NamespaceSchema)
	}
	for {
		child, ok, err := s.enter()
		if err != nil || !ok {
			return err
		}
		if err := r.child(s, child); err != nil {
			return err
		}
	}
}

// child reads one child of the root.
func (r *reader) child(s *scanner, start xml.StartElement) error {
	parts := map[string]map[string]func(*node){
		"VideoAnalytics": {"Frame": r.frame},
		"PTZ":            {"PTZStatus": func(n *node) { r.doc.PTZ = append(r.doc.PTZ, r.ptz(n)) }},
		"Event":          {"NotificationMessage": r.event},
	}[start.Name.Local]
	if parts == nil || start.Name.Space != NamespaceSchema {
		n, err := s.tree(start)
		if err != nil {
			return err
		}
		switch {
		case n.space == NamespaceSchema && n.name == "SensorData":
			r.sensor(n)
		default:
			r.keep(&r.doc.Other, n)
		}
		return nil
	}
	for {
		unit, ok, err := s.enter()
		if err != nil || !ok {
			return err
		}
		n, err := s.tree(unit)
		if err != nil {
			return err
		}
		if take := parts[n.name]; take != nil {
			take(n)
		} else {
			r.keep(&r.doc.Other, n)
		}
	}
}

func (r *reader) note(code string, format string, args ...any) {
	if len(r.doc.Findings) < maxFindings {
		r.doc.Findings = append(r.doc.Findings, diag.New(code, diag.Warning, format, args...))
	}
}

// farthest bounds coordinates: beyond it nothing can be part of a picture.
const farthest = 1e6

// number reads an attribute that is a number of a sensible size.
func number(n *node, name string) (float64, bool) {
	s, ok := n.attr(name)
	if !ok {
		return 0, false
	}
	return decimal(s)
}

func decimal(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > farthest {
		return 0, false
	}
	return v, true
}

func optional(n *node, name string) *float64 {
	if v, ok := number(n, name); ok {
		return &v
	}
	return nil
}

func (r *reader) ptz(n *node) PTZ {
	var p PTZ
	if pt := n.first("Position").first("PanTilt"); pt != nil {
		p.Pan, p.Tilt, p.PanTiltSpace = optional(pt, "x"), optional(pt, "y"), pt.word("space")
	}
	if z := n.first("Position").first("Zoom"); z != nil {
		p.Zoom, p.ZoomSpace = optional(z, "x"), z.word("space")
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
	if t := n.first("UtcTime"); t != nil {
		p.UTC, p.HasUTC = parseTime(t.content())
	}
	if f := n.first("FieldOfView"); f != nil {
		p.Width, p.Height = optional(f, "hfov"), optional(f, "vfov")
	}
	r.rest(&p.Other, n, "Position", "MoveStatus", "Error", "UtcTime", "FieldOfView")
	return p
}

func (r *reader) sensor(n *node) {
	if len(r.doc.Sensors) == maxEvents {
		r.note("METADATA-SENSORS", "a document has more than %d values of sensors; the others are left out", maxEvents)
		return
	}
	v := Sensor{ID: n.word("SensorID"), Type: n.first("Type").content(), Value: n.first("Value").content()}
	if t, ok := n.attr("UtcTime"); ok {
		v.UTC, v.HasUTC = parseTime(t)
	}
	r.rest(&v.Other, n, "Type", "Value")
	r.doc.Sensors = append(r.doc.Sensors, v)
}

// keep stores an element that is not known as text. Of an Extension its
// children are meant.
func (r *reader) keep(to *[]Item, n *node) {
	if n.name == "Extension" && len(n.kids) > 0 {
		for _, k := range n.kids {
			r.keep(to, k)
		}
		return
	}
	if r.other++; r.other > maxOther {
		if r.other == maxOther+1 {
			r.note("METADATA-UNKNOWN", "a document has more than %d elements that are not known; the others are left out", maxOther)
		}
		return
	}
	*to = append(*to, Item{cut(n.name), flat(n)})
}

// rest keeps the children that are none of the known.
func (r *reader) rest(to *[]Item, n *node, known ...string) {
next:
	for _, k := range n.kids {
		for _, name := range known {
			if k.name == name {
				continue next
			}
		}
		r.keep(to, k)
	}
}

// maxLeaves bounds the values of one element that are told apart.
const maxLeaves = 64

// leaves returns the values within an element, each by the path that leads to
// it. A colour is one value.
func leaves(n *node) []Item {
	var out []Item
	add := func(path, value string) {
		if len(out) < maxLeaves {
			out = append(out, Item{cut(strings.TrimPrefix(path, "/")), value})
		}
	}
	var walk func(n *node, path string)
	walk = func(n *node, path string) {
		if c := colours(n, ""); len(c) > 0 {
			for _, v := range c {
				add(path, v.String())
			}
			return
		}
		if s := n.content(); s != "" {
			add(path, s)
		}
		for _, a := range n.attrs {
			if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
				add(path+"/"+a.Name.Local, cut(a.Value))
			}
		}
		for _, k := range n.kids {
			if len(out) < maxLeaves {
				walk(k, path+"/"+k.name)
			}
		}
	}
	walk(n, "")
	return out
}

// flat tells the text within an element in one line.
func flat(n *node) string {
	var b bytes.Buffer
	for _, v := range leaves(n) {
		if v.Name == "Name" {
			continue // it stands beside the value
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if v.Name != "" {
			b.WriteString(v.Name + "=")
		}
		b.WriteString(v.Value)
	}
	return cut(b.String())
}
