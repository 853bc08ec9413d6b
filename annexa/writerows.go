package annexa

import (
	"cmp"
	"slices"
)

func (o *writer) maps(c *Catalogue, partner string) (out []line) {
	for _, m := range c.Maps {
		if m.Kind != Plan || m.Partner != partner {
			continue
		}
		file := fileText(m.File)
		if m.Pending || file == "" {
			o.left("WRITE-PENDING", "the plan %s of %s is not written: no file is known for it", quote(m.Name), quote(partner))
			continue
		}
		if m.File.URL == "" {
			o.note("WRITE-PATH", "the plan %s of %s is written with the path %s; Annex A has an address", quote(m.Name), quote(partner), quote(file))
		}
		out = append(out, line{Partner: partner, Map: m.Name, File: file, Type: typeMap})
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Compare(a.Map, b.Map) })
	return out
}

func fileText(f FileRef) string {
	switch {
	case f.URL != "":
		return f.URL
	case f.Path != "":
		return f.Path
	}
	return f.Text
}

func (o *writer) places(c *Catalogue, partner string) (out []line) {
	for _, p := range c.Places {
		if p.Partner != partner {
			continue
		}
		if p.Provisional {
			o.left("WRITE-PROVISIONAL", "the place %s of %s is not written: its area has not been confirmed", quote(p.Label()), quote(partner))
			continue
		}
		l := line{Partner: partner, Map: p.Map, Type: typePlace, Name: p.Name, Link: p.Link, Icon: p.Icon.Text}
		l.GPS, l.HV = o.position(p.Position, "place", p.Label(), partner)
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.Map, b.Map), cmp.Compare(a.Link, b.Link), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.GPS, b.GPS), cmp.Compare(a.HV, b.HV))
	})
	// Two places may differ only in what is not written; a reader would take
	// the second for a repetition of the first.
	return slices.CompactFunc(out, func(a, b line) bool { a.Icon = b.Icon; return a == b })
}

func (o *writer) cameras(c *Catalogue, partner string) (out []line) {
	for _, m := range c.Cameras {
		if m.Partner != partner {
			continue
		}
		at := m.Primary()
		if at == nil {
			o.left("WRITE-NO-MAP", "the camera %s of %s is not written: it stands on no map", quote(m.ID), quote(partner))
			continue
		}
		for i := range m.Placements {
			if p := &m.Placements[i]; p != at {
				o.left("WRITE-PLACEMENT", "the placement of camera %s of %s on %s is not written: Annex A has room for one", quote(m.ID), quote(partner), quote(p.Map))
			}
		}
		l := line{Partner: partner, Map: at.Map, Type: typeCamera, ID: m.ID, Name: m.Name, Angle: angleText(at.Angle), Icon: at.Icon.Text}
		l.GPS, l.HV = o.position(at.Position, "camera", m.Label(), partner)
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Or(cmp.Compare(a.Map, b.Map), cmp.Compare(a.ID, b.ID)) })
	return out
}

// position prints the position that counts, and tells what else there is.
func (o *writer) position(p Position, what, name, partner string) (gps, hv string) {
	if p.Spare != nil {
		o.left("WRITE-SPARE", "the point of reference of the %s %s of %s is not written: Annex A has room for one position", what, quote(name), quote(partner))
	}
	if p.GPS != nil {
		return gpsText(p.GPS), ""
	}
	return "", pixelText(p.Pixels)
}
