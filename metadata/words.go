package metadata

import (
	"fmt"
	"strings"
)

// Title says in plain words what an event is about.
func (e Event) Title() string {
	words, _ := TopicWords(e.Topic)
	return words
}

// State says what the data of a property event states: "on", "off" or "".
func (e Event) State() string { return State(e.Data) }

// State reads "on" or "off" from the data of an event, or "" where they state
// neither: a value that is named as a state, or the only one that is a truth.
func State(data []Item) string {
	only, truths := "", 0
	for _, d := range data {
		s := truth(d.Value)
		switch strings.ToLower(d.Name) {
		case "state", "ismotion", "isinside", "istamper", "isloitering", "issounddetected", "logicalstate", "active", "enabled", "failed", "alarm":
			if s != "" {
				return s
			}
		}
		switch strings.ToLower(d.Value) {
		case "true", "false":
			only = s
			truths++
		}
	}
	if truths == 1 {
		return only
	}
	return ""
}

func truth(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1", "active", "on":
		return "on"
	case "false", "0", "inactive", "off":
		return "off"
	}
	return ""
}

// Detail names rule, object and state, as far as the event states them.
func (e Event) Detail() string {
	var parts []string
	for _, group := range [][]Item{e.Source, e.Key, e.Data} {
		for _, it := range group {
			switch {
			case strings.EqualFold(it.Name, "Rule"):
				parts = append([]string{it.Value}, parts...)
			case strings.EqualFold(it.Name, "ObjectId"):
				parts = append(parts, "object "+it.Value)
			}
		}
	}
	if s := e.State(); s != "" {
		parts = append(parts, "state "+s)
	}
	if len(parts) == 0 {
		for _, it := range e.Data {
			parts = append(parts, it.Name+" "+it.Value)
		}
	}
	return strings.Join(parts, ", ")
}

// Facts tells what is known of an object beyond its box, for a screen.
func (o Object) Facts() []Item {
	var out []Item
	add := func(name, value string) {
		if value != "" {
			out = append(out, Item{name, value})
		}
	}
	for _, c := range o.Classes {
		add("Class", c.String())
	}
	add("Part of", o.Parent)
	if o.Plate != nil {
		add("Number plate", o.Plate.Number.String())
		add("Kind of plate", o.Plate.Type.String())
		add("Country", o.Plate.Country.String())
		add("Issued by", o.Plate.Issuer.String())
	}
	for _, v := range o.Vehicles {
		add("Vehicle", v.Type.String())
		add("Brand", v.Brand.String())
		add("Model", v.Model.String())
		for _, c := range v.Colours {
			add("Vehicle colour", c.String())
		}
	}
	for _, c := range o.Colours {
		add("Colour", c.String())
	}
	if o.Barcode != nil {
		add("Bar code", o.Barcode.Data.String())
		add("Kind of code", o.Barcode.Type.String())
	}
	for _, l := range o.Labels {
		add("Label", Likely{strings.TrimSpace(l.Authority + " " + l.ID), l.Likelihood}.String())
	}
	for _, i := range o.Face {
		add("Face, "+i.Name, i.Value)
	}
	for _, i := range o.Body {
		add("Body, "+i.Name, i.Value)
	}
	if o.Place != nil {
		add("Declared place", fmt.Sprintf("%.6f, %.6f", o.Place.Latitude, o.Place.Longitude))
	}
	if o.Sphere != nil && o.Sphere.Distance != nil {
		add("Distance", fmt.Sprintf("%.1f m", *o.Sphere.Distance))
	}
	if o.Speed != nil {
		add("Speed", fmt.Sprintf("%.1f m/s", *o.Speed))
	}
	if o.Heading != nil && o.Heading.Yaw != nil {
		add("Heading", fmt.Sprintf("%.0f degrees", *o.Heading.Yaw))
	}
	switch {
	case o.Removed:
		add("Behaviour", "removed")
	case o.Idle:
		add("Behaviour", "idle")
	}
	add("Picture", o.Image)
	for _, i := range o.Other {
		add(i.Name, i.Value)
	}
	return out
}

// Facts tells what is known of a scene beyond its objects, for a screen.
func (f Frame) Facts() []Item {
	var out []Item
	if f.Source != "" {
		out = append(out, Item{"Module", f.Source})
	}
	if m := f.Motion; m != nil {
		n := 0
		for _, c := range m.Cells {
			if c {
				n++
			}
		}
		out = append(out, Item{"Motion", fmt.Sprintf("%d of %d cells", n, len(m.Cells))})
	}
	for _, c := range f.Tree {
		text := strings.Join(c.From, ", ")
		if len(c.To) > 0 {
			text += " to " + strings.Join(c.To, ", ")
		}
		out = append(out, Item{c.Kind, cut(text)})
	}
	if f.Image != "" {
		out = append(out, Item{"Scene picture", f.Image})
	}
	return append(out, f.Other...)
}

// Fact tells the value of a sensor, for a screen.
func (s Sensor) Fact() Item {
	value := strings.TrimSpace(s.Type + " " + s.Value)
	for _, o := range s.Other {
		value += ", " + o.Name + " " + o.Value
	}
	return Item{"Sensor " + s.ID, value}
}

// String tells the text with its likelihood, if one is stated.
func (l Likely) String() string {
	if l.Text == "" || l.Likelihood == 0 {
		return l.Text
	}
	return fmt.Sprintf("%s (%.0f %%)", l.Text, 100*l.Likelihood)
}
