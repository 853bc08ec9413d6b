package annexa

import (
	"math"
	"strconv"
	"strings"
)

// The words of the column Type.
const (
	typeMap    = "Map"
	typeCamera = "Camera"
	typePlace  = "Place"
)

// take checks one row and stages what it declares.
func (r *reader) take(w *row) {
	if r.shifted(w) {
		return
	}
	profile := r.opt.Profiles[w.Partner]
	r.alias(w, profile)
	kind := r.kind(w)
	if w.Partner == "" {
		r.fail(w, "NO-PARTNER", "Partner", "", "the row names no partner")
	}
	if w.Map == "" {
		r.fail(w, "NO-MAP", "Map", "", "the row names no map")
	}
	if w.bad {
		return
	}
	switch kind {
	case typeMap:
		r.takeMap(w)
	case typeCamera:
		r.takeCamera(w, profile)
	case typePlace:
		r.takePlace(w, profile)
	}
	if !w.bad {
		r.facts.Accepted++
		r.staged.partner(w.Partner)
	}
}

func (r *reader) alias(w *row, p Profile) {
	swap := func(cell *string, column, to string) {
		if to != "" && to != *cell {
			r.note(w, "ALIAS", column, *cell, to, "%s is read as %s, as the partner's profile says", quote(*cell), quote(to))
			*cell = to
		}
	}
	swap(&w.Map, "Map", p.Maps[w.Map])
	swap(&w.Link, "Link", p.Maps[w.Link])
	swap(&w.Partner, "Partner", p.Name)
}

// shifted tells rows whose cells stand in wrong columns, which an unquoted
// semicolon in a name does; such a row may well look like a good one.
func (r *reader) shifted(w *row) bool {
	cells := []string{w.Partner, w.Map, w.File, w.Type, w.ID, w.Name, w.Link, w.GPS, w.HV, w.Angle, w.Icon}
	for i, c := range cells {
		if i != 7 && i != 8 && protected(c) > 0 {
			r.fail(w, "COL-SHIFT", Columns[i], c, "a position stands in the column %s: a semicolon too many or too few shifts the row", Columns[i])
			return true
		}
	}
	if !isType(w.Type) && (isType(w.File) || isType(w.ID)) {
		r.fail(w, "COL-SHIFT", "Type", w.Type, "the type stands in another column: a semicolon too many or too few shifts the row")
		return true
	}
	if w.Type == typeCamera && w.Link != "" && w.GPS == "" && w.HV != "" && w.Angle == "" && (w.Icon == "" || isDigits(w.Icon)) {
		r.fail(w, "COL-SHIFT", "Link", w.Link, "a camera with a link and no icon: a semicolon in its name seems to shift the row")
		return true
	}
	return false
}

func isType(s string) bool { return s == typeMap || s == typeCamera || s == typePlace }

func (r *reader) kind(w *row) string {
	bare := strings.TrimFunc(w.Type, func(c rune) bool { return blank(c) || strings.ContainsRune(`'’‘"`, c) })
	for _, t := range []string{typeMap, typeCamera, typePlace} {
		if strings.EqualFold(bare, t) {
			if w.Type != t {
				r.warn(w, "TYPE-CASE", "Type", w.Type, t, "%s was read as %s", quote(w.Type), t)
			}
			return t
		}
	}
	r.fail(w, "TYPE", "Type", w.Type, "%s is no type; Annex A has Map, Camera and Place", quote(w.Type))
	return ""
}

// unused tells of cells that mean nothing on this type of row.
func (r *reader) unused(w *row, kind string, cells ...string) {
	for i := 0; i+1 < len(cells); i += 2 {
		if cells[i+1] != "" {
			r.warn(w, "NOT-USED", cells[i], cells[i+1], "", "%s means nothing on a row of type %s; %s was left aside", cells[i], kind, quote(cells[i+1]))
		}
	}
}

func (r *reader) source(w *row) Source { return Source{Row: w.num, Line: w.rec.line, Raw: w.rec.raw} }

func (r *reader) takeMap(w *row) {
	r.unused(w, typeMap, "ID_Camera", w.ID, "Name", w.Name, "Link", w.Link, "GPS_Pos", w.GPS, "HV_Pos", w.HV, "Angle", w.Angle, "Icon", w.Icon)
	if w.File == "" {
		r.fail(w, "MAP-NO-FILE", "File", "", "a row of type Map names no file")
		return
	}
	ref, code, message := fileRef(w.File)
	if code != "" {
		r.fail(w, code, "File", ref.Text, "%s", message)
		return
	}
	if ref.Assumed && ref.URL != "" {
		r.warn(w, "FILE-SCHEME", "File", w.File, ref.URL, "the address has no scheme; %s was assumed, unless a file of that name stands beside this one", ref.URL)
	}
	m := &Map{Partner: w.Partner, Name: w.Map, Kind: Plan, File: ref, Source: r.source(w)}
	old := r.staged.plans[planKey{w.Partner, w.Map}]
	switch {
	case old == nil:
		r.staged.addPlan(m)
	case old.File.Text == w.File:
		r.note(w, "DUP-SAME", "Map", w.Map, "", "the plan stands in row %d already", old.Source.Row)
	default:
		r.fail(w, "DUP-MAP", "File", w.File, "row %d declares this plan with another file", old.Source.Row)
	}
}

// position reads the two columns of positions.
func (r *reader) position(w *row, p Profile, camera bool) (pos Position) {
	var gps *GPS
	var hv *shape
	if w.GPS != "" {
		c := &cellReader{}
		if g, ok := c.gps(w.GPS, p); ok {
			gps = &g
		}
		r.report(w, c, "GPS_Pos", w.GPS, gpsText(gps))
	}
	if w.HV != "" {
		c := &cellReader{}
		s, ok := c.hv(w.HV, p)
		if ok && s.polygon && camera {
			c.fail("CAM-POLYGON", "a camera stands at a point; POLYGON is for places")
			ok = false
		}
		if ok {
			hv = &s
		}
		r.report(w, c, "HV_Pos", w.HV, hvText(hv))
	}
	pos.GPS = gps
	if hv != nil {
		pos.Pixels, pos.Provisional = hv.pixels, hv.rect
	}
	if w.GPS == "" && w.HV == "" {
		r.warn(w, "NO-POS", "", "", "", "the row has no position; the object is listed as not placed")
	}
	return pos
}

func gpsText(g *GPS) string {
	if g == nil {
		return ""
	}
	return pointText(g.Lat, g.Lon, gpsDigits)
}

func hvText(s *shape) string {
	if s == nil {
		return ""
	}
	return pixelText(s.pixels)
}

func (r *reader) report(w *row, c *cellReader, column, read, assumed string) {
	for _, i := range c.issues {
		switch {
		case i.fatal:
			r.fail(w, i.code, column, read, "%s", i.message)
		case i.hint:
			r.note(w, i.code, column, read, assumed, "%s", i.message)
		default:
			r.warn(w, i.code, column, read, assumed, "%s", i.message)
		}
	}
}

func (r *reader) takeCamera(w *row, p Profile) {
	r.unused(w, typeCamera, "File", w.File, "Link", w.Link)
	if w.ID == "" {
		r.fail(w, "CAM-NO-ID", "ID_Camera", "", "a camera without identifier cannot be told from others")
	}
	pos := r.position(w, p, true)
	angle := r.angle(w)
	if w.bad {
		return
	}
	if w.Name == "" {
		r.warn(w, "NO-NAME", "Name", "", w.ID, "the camera has no name; its identifier is shown")
	}
	at := Placement{Map: w.Map, Position: pos, Angle: angle, Icon: iconOf(w.Icon), Source: r.source(w)}
	key := camKey{w.Partner, w.ID}
	cam := r.staged.cameras[key]
	if cam == nil {
		r.staged.addCamera(key, &Camera{Partner: w.Partner, ID: w.ID, Name: w.Name, Placements: []Placement{at}})
		return
	}
	for _, old := range cam.Placements {
		if old.Map != w.Map {
			continue
		}
		if cam.Name == w.Name && old.Icon == at.Icon && sameAngle(old.Angle, angle) && old.same(pos) {
			r.note(w, "DUP-SAME", "ID_Camera", w.ID, "", "the camera stands in row %d already", old.Source.Row)
		} else {
			r.fail(w, "DUP-ID", "ID_Camera", w.ID, "row %d declares this camera on the same map with other values", old.Source.Row)
		}
		return
	}
	r.warn(w, "DUP-OTHER-MAP", "ID_Camera", w.ID, "", "the camera stands on another map in row %d; it has two placements now", cam.Placements[0].Source.Row)
	cam.Placements = append(cam.Placements, at)
}

func sameAngle(a, b *float64) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

func (r *reader) takePlace(w *row, p Profile) {
	r.unused(w, typePlace, "File", w.File, "ID_Camera", w.ID, "Angle", w.Angle)
	if w.Link == "" {
		r.fail(w, "PLACE-NO-LINK", "Link", "", "a place leads to no map")
	}
	pos := r.position(w, p, false)
	if w.bad {
		return
	}
	if w.Name == "" {
		r.warn(w, "NO-NAME", "Name", "", w.Link, "the place has no name; the map behind it is shown")
	}
	pl := &Place{Partner: w.Partner, Map: w.Map, Name: w.Name, Link: w.Link, Position: pos, Icon: iconOf(w.Icon), Source: r.source(w)}
	key := placeKey{w.Partner, w.Map, w.Link, w.Name}
	for _, old := range r.staged.places[key] {
		if old.same(pos) {
			r.note(w, "DUP-SAME", "Name", w.Name, "", "the place stands in row %d already", old.Source.Row)
			return
		}
	}
	r.staged.addPlace(key, pl)
}

// angle reads a direction. nil is unknown, which is never the same as north.
func (r *reader) angle(w *row) *float64 {
	text := w.Angle
	if text == "" {
		return nil
	}
	t := strings.Map(func(c rune) rune {
		if c == '\u2212' || c == '\u2013' {
			return '-'
		}
		return c
	}, text)
	if t != text {
		r.warn(w, "NUM-DASH", "Angle", text, t, "the dash was read as a minus")
	}
	plain := strings.TrimFunc(strings.TrimSuffix(t, "°"), blank)
	if !w.ten {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.Abs(v) >= 720 || strings.ContainsAny(plain, "xXeEpP_nNiI") || v <= -360 {
		r.warn(w, "ANGLE-BAD", "Angle", text, "unknown", "%s is no angle from 0 to 359; the direction is unknown", quote(text))
		return nil
	}
	if plain != t {
		r.warn(w, "ANGLE-FORM", "Angle", text, plain, "%s was read as %s", quote(text), plain)
	}
	if v < 0 || v >= 360 {
		from := v
		v = math.Mod(v+360, 360)
		r.warn(w, "ANGLE-WRAP", "Angle", text, number(v, 2), "%g was turned to %s", from, number(v, 2))
	}
	v += 0
	return &v
}
