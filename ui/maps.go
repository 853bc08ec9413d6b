package ui

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"vedette/annexa"
	"vedette/mapview"
	"vedette/mapview/tiles"
	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/mapscreen"
	"vedette/verify"
)

// The layers of the map, in the order of their switches.
const (
	layerCameras = iota
	layerViews
	layerDeclared
	layerPlaces
	layers
)

// maps is the map screen and the small map at the right.
type maps struct {
	w      *Window
	on     bool // the map fills the place of the stage
	big    *mapview.Map
	small  *mapview.Map
	left   *mapscreen.Left
	centre *fyne.Container
	off    map[string]bool // partners that are hidden
	hidden [layers]bool
	about  map[string]subject // by the identifier of a marker
	key    string
}

// subject is what a marker stands for.
type subject struct {
	item   *session.Item // the export, or one of the same camera's name
	camera *annexa.Camera
	at     *annexa.Placement
	place  *annexa.Place
	file   *session.Catalogue
}

// mapColours are those of a palette for the map.
func mapColours(p *look.Palette) mapview.Colours {
	c := mapview.Colours{
		Ground: tiles.Ground{Sea: p.Window, Land: p.Raised, Border: p.Control, Grid: p.Panel},
		Marker: p.Text, Hollow: p.Stage, Accent: p.Accent, OnAccent: p.OnFill, Plate: p.Panel, Text: p.Text, Text2: p.Text2, Line: p.Control,
	}
	if p.Light {
		c.Ground.Sea, c.Ground.Land, c.Ground.Grid, c.Hollow = p.Stage, p.Window, p.Hover, p.Panel
	}
	return c
}

func newMaps(w *Window, old *maps) *maps {
	m := &maps{w: w, off: map[string]bool{}}
	chosen := ""
	if old != nil {
		m.on, m.off, m.hidden, chosen = old.on, old.off, old.hidden, old.big.Selected()
	}
	c := mapColours(w.p)
	m.big, m.small = mapview.New(c), mapview.New(c)
	m.small.Small = true
	m.big.OnSelect, m.small.OnSelect = m.chosen, m.chosen
	m.big.OnOpen, m.small.OnOpen = func(string) { m.open() }, func(string) { m.open() }
	m.big.Select(chosen)
	m.big.SetWedges(!m.hidden[layerViews])
	m.left = mapscreen.NewLeft(w.p, c, mapscreen.Actions{
		Open:    w.openDialog,
		Partner: func(name string, on bool) { m.off[name] = !on; w.refreshAll() },
		Layer: func(i int, on bool) {
			m.hidden[i] = !on
			m.big.SetWedges(!m.hidden[layerViews])
			w.refreshAll()
		},
		Findings: m.findings,
		Close:    m.close,
	})
	m.centre = container.NewBorder(m.tools(), nil, nil, nil, mapscreen.Over(w.p, m.big))
	return m
}

// tools is the row above the map.
func (m *maps) tools() fyne.CanvasObject {
	p := m.w.p
	title := look.Bold("Map", look.SizeBase, p.Text)
	save := look.NewButton(p, "still", "Save picture…", "", m.save)
	save.Flat = true
	back := look.NewButton(p, "", "Back to pictures", "Esc", m.toggle)
	back.Flat = true
	line := canvas.NewRectangle(p.Line)
	return look.Place(fyne.NewSize(460, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(title, 16, 0, 36)
		x := z.Width - 8 - back.MinSize().Width
		look.At(back, x, 4, back.MinSize().Width, 28)
		x -= save.MinSize().Width + 8
		look.At(save, x, 4, save.MinSize().Width, 28)
		look.At(line, 0, 35, z.Width, 1)
	}, title, save, back, line)
}

// toggle shows the map in place of the pictures, or them again.
func (m *maps) toggle() {
	w := m.w
	m.on = !m.on
	if m.on {
		w.panelOpen = false
	} else {
		e := w.d.Set.Engine()
		if s := e.Tick(); s.Playing && len(w.d.Set.Items()) > 0 {
			e.Seek(s.Axis) // pictures were not taken while none was shown
		}
	}
	w.header.mapButton.Select(m.on)
	w.arrange()
	w.refreshAll()
	if m.on {
		w.win.Canvas().Focus(m.big)
	} else {
		w.win.Canvas().Unfocus()
	}
	w.d.Trace("map %v", m.on)
}

// chosen follows a choice on a map to the side.
func (m *maps) chosen(id string) {
	w := m.w
	m.big.Select(id)
	m.small.Select(id)
	if x := m.about[id]; x.item != nil && x.camera == nil {
		w.choose(x.item)
	}
	if id != "" && m.on {
		w.side.choose(2)
	}
	w.refreshAll()
}

// open shows the picture of what is chosen.
func (m *maps) open() {
	x := m.about[m.big.Selected()]
	if x.item == nil {
		return
	}
	if m.on {
		m.toggle()
	}
	m.w.choose(x.item)
}

func declaredID(i *session.Item) string { return "export/" + i.Snapshot().Path }

// refresh builds the markers anew where something changed.
func (m *maps) refresh() {
	w := m.w
	items := w.d.Set.Items()
	byName := map[string]*session.Item{}
	key := fmt.Sprint(m.hidden, m.off, len(w.catalogues))
	for _, i := range items {
		s := i.Snapshot()
		byName[strings.ToLower(title(i))] = i
		key += fmt.Sprint("|", s.Path, title(i), s.Location != nil, w.hasFootage(i))
	}
	for _, c := range w.catalogues {
		key += "|" + c.Path + c.Facts.SHA256
	}
	m.left.Set(m.model())
	if key == m.key {
		return
	}
	m.key = key
	m.about = map[string]subject{}
	var ms []mapview.Marker
	for _, c := range w.catalogues {
		ms = append(ms, m.cameras(c, byName)...)
		ms = append(ms, m.places(c)...)
	}
	for _, i := range items {
		if l := i.Snapshot().Location; l != nil && (l.Latitude != 0 || l.Longitude != 0) {
			id := declaredID(i)
			m.about[id] = subject{item: i}
			if m.hidden[layerDeclared] {
				continue
			}
			ms = append(ms, mapview.Marker{
				ID: id, Kind: mapview.Declared, Name: title(i), Lat: l.Latitude, Lon: l.Longitude, Footage: w.hasFootage(i),
				Lines: []string{"Declared by the export " + i.Snapshot().Name, mapview.Where(l.Latitude, l.Longitude)},
			})
		}
	}
	m.big.SetMarkers(ms)
	m.small.SetMarkers(ms)
	if m.big.Selected() == "" && w.focus != nil {
		m.small.Select(declaredID(w.focus))
	}
}

func letterOf(partner string) string {
	for _, r := range partner {
		return strings.ToUpper(string(r))
	}
	return ""
}

func (m *maps) cameras(c *session.Catalogue, byName map[string]*session.Item) (out []mapview.Marker) {
	for _, cam := range c.Cameras {
		at := cam.Primary()
		if at == nil || at.GPS == nil {
			continue
		}
		id := "camera/" + c.Path + "/" + cam.Partner + "/" + cam.ID
		item := byName[strings.ToLower(cam.Label())]
		m.about[id] = subject{item: item, camera: cam, at: at, file: c}
		if m.hidden[layerCameras] || m.off[cam.Partner] {
			continue
		}
		source := "No export of this name is open."
		if item != nil {
			source = "Export of this name: " + item.Snapshot().Name
		}
		out = append(out, mapview.Marker{
			ID: id, Kind: mapview.Camera, Name: verify.Inert(cam.Label()), Letter: letterOf(cam.Partner), Lat: at.GPS.Lat, Lon: at.GPS.Lon, Bearing: at.Angle,
			Footage: item != nil && m.w.hasFootage(item),
			Lines:   []string{verify.Inert(cam.Partner) + ", camera " + verify.Inert(cam.ID), looks(at), source},
		})
	}
	return out
}

func looks(at *annexa.Placement) string {
	if at.Angle == nil {
		return "Direction unknown"
	}
	return fmt.Sprintf("Looks %.0f°, width assumed %d°", *at.Angle, mapview.AssumedWidth)
}

func (m *maps) places(c *session.Catalogue) (out []mapview.Marker) {
	for n, p := range c.Places {
		if p.GPS == nil {
			continue
		}
		id := fmt.Sprintf("place/%s/%d", c.Path, n)
		m.about[id] = subject{place: p, file: c}
		if m.hidden[layerPlaces] || m.off[p.Partner] {
			continue
		}
		out = append(out, mapview.Marker{
			ID: id, Kind: mapview.Place, Name: verify.Inert(p.Label()), Lat: p.GPS.Lat, Lon: p.GPS.Lon,
			Lines: []string{verify.Inert(p.Partner), "Leads to the plan " + verify.Inert(p.Link)},
		})
	}
	return out
}

// hasFootage tells whether an export has a picture at the playhead.
func (w *Window) hasFootage(i *session.Item) bool {
	t, ok := i.Video()
	if !ok {
		return false
	}
	table, at := i.Export().Table(t.ID), w.axis.Sub(i.Zero())
	n, ok := table.AtPTS(at)
	return ok && at.Before(table.At(n).End())
}

func (m *maps) model() mapscreen.Model {
	out := mapscreen.Model{}
	cameras, places, declared := 0, 0, 0
	for _, c := range m.w.catalogues {
		for _, name := range c.Partners {
			k := slices.IndexFunc(out.Partners, func(p mapscreen.Partner) bool { return p.Name == verify.Inert(name) })
			if k < 0 {
				out.Partners = append(out.Partners, mapscreen.Partner{Name: verify.Inert(name), Letter: letterOf(name), On: !m.off[name]})
				k = len(out.Partners) - 1
			}
			for _, cam := range c.Cameras {
				if cam.Partner != name {
					continue
				}
				if at := cam.Primary(); at != nil && at.GPS != nil {
					out.Partners[k].Cameras++
					cameras++
				} else {
					out.Partners[k].Elsewhere++
				}
			}
		}
		for _, p := range c.Places {
			if p.GPS != nil {
				places++
			}
		}
		out.Files = append(out.Files, mapscreen.File{Name: c.Name, Summary: c.Summary(), Findings: len(c.Findings)})
	}
	for _, i := range m.w.d.Set.Items() {
		if i.Snapshot().Location != nil {
			declared++
		}
	}
	out.Layers = []mapscreen.Layer{
		{Name: "Cameras of partners", Count: cameras, On: !m.hidden[layerCameras]}, {Name: "Views", Count: -1, On: !m.hidden[layerViews]},
		{Name: "Places that exports declare", Count: declared, On: !m.hidden[layerDeclared]}, {Name: "Links to plans", Count: places, On: !m.hidden[layerPlaces]},
	}
	return out
}

// rows describe what is chosen on the map, for the tab Detail.
func (m *maps) rows() [][2]string {
	id := m.big.Selected()
	x, ok := m.about[id]
	switch {
	case !ok:
		return [][2]string{{"", "Nothing chosen on the map"}}
	case x.camera != nil:
		return m.cameraRows(x)
	case x.place != nil:
		return [][2]string{
			{"", verify.Inert(x.place.Label())}, {"Partner", verify.Inert(x.place.Partner)}, {"Position", mapview.Where(x.place.GPS.Lat, x.place.GPS.Lon)},
			{"Leads to", verify.Inert(x.place.Link)}, {"Link", string(x.place.State)}, {"Declared by", fmt.Sprintf("%s, row %d", x.file.Name, x.place.Source.Row)},
		}
	}
	return m.exportRows(x)
}

func (m *maps) cameraRows(x subject) [][2]string {
	look, width := "unknown", "unknown"
	if x.at.Angle != nil {
		look, width = fmt.Sprintf("%.0f°, declared", *x.at.Angle), fmt.Sprintf("%d°, assumed", mapview.AssumedWidth)
	}
	out := [][2]string{
		{"", verify.Inert(x.camera.Label())}, {"Partner", verify.Inert(x.camera.Partner)}, {"Camera", verify.Inert(x.camera.ID)},
		{"Position", mapview.Where(x.at.GPS.Lat, x.at.GPS.Lon)}, {"Map", verify.Inert(x.at.Map)}, {"Looks", look}, {"Width", width},
		{"Range", fmt.Sprintf("%d m, assumed", mapview.AssumedRange)}, {"Declared by", fmt.Sprintf("%s, row %d", x.file.Name, x.at.Source.Row)},
	}
	if x.item == nil {
		return append(out, [2]string{"Export", "none of this name is open"})
	}
	return append(out, [2]string{"Export", x.item.Snapshot().Name + ", matched by name"}, [2]string{"Verdict", headline(x.item.Snapshot())})
}

func (m *maps) exportRows(x subject) [][2]string {
	s := x.item.Snapshot()
	l := s.Location
	if l == nil {
		return [][2]string{{"", title(x.item)}, {"Position", "the export declares none"}}
	}
	out := [][2]string{
		{"", title(x.item)}, {"Export", s.Name}, {"Position", mapview.Where(l.Latitude, l.Longitude)}, {"Precision", "about 2 m, as the field is"},
		{"Altitude", fmt.Sprintf("%.1f m", l.Altitude)}, {"Place", verify.Inert(l.Name)}, {"Declared by", "the export itself (loci)"}, {"Verdict", headline(s)},
	}
	for _, c := range m.w.catalogues {
		for _, cam := range c.Cameras {
			at := cam.Primary()
			if at == nil || at.GPS == nil || !strings.EqualFold(cam.Label(), title(x.item)) {
				continue
			}
			d := tiles.Distance(l.Latitude, l.Longitude, at.GPS.Lat, at.GPS.Lon)
			said := fmt.Sprintf("agrees within %.1f m", d)
			if d > 100 {
				said = fmt.Sprintf("another place, %.0f m away", d)
			} else if d > 5 {
				said = fmt.Sprintf("differs by %.0f m", d)
			}
			out = append(out, [2]string{"Map file", said + " (" + c.Name + ")"})
		}
	}
	return out
}

func (m *maps) findings(file int) {
	if file >= len(m.w.catalogues) {
		return
	}
	c := m.w.catalogues[file]
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s.\n\n", c.Path, c.Summary())
	for i, f := range c.Findings {
		if i == 300 {
			fmt.Fprintf(&b, "and %d more\n", len(c.Findings)-i)
			break
		}
		fmt.Fprintf(&b, "%s  %s  %s\n", f.Severity, f.Code, verify.Inert(f.Message))
	}
	m.w.say("What was found in "+c.Name, b.String())
}

func (m *maps) close(file int) {
	if file < len(m.w.catalogues) {
		m.w.catalogues = slices.Delete(m.w.catalogues, file, file+1)
		m.w.refreshAll()
	}
}

// save writes a still of the markers that are shown.
func (m *maps) save() {
	w := m.w
	marks, chosen, c := m.big.Markers(), m.big.Selected(), mapColours(w.p)
	d := dialog.NewFileSave(func(u fyne.URIWriteCloser, err error) {
		if err != nil || u == nil {
			return
		}
		path := u.URI().Path()
		_ = u.Close() // written below, once the picture is there
		go func() {
			err := writeMap(marks, chosen, path, c)
			fyne.Do(func() {
				if err != nil {
					w.messages = append(w.messages, message{"Picture of the map", explain(path, err)})
					w.refreshAll()
				}
			})
		}()
	}, w.win)
	d.SetFileName("map.png")
	d.Resize(fyne.NewSize(860, 560))
	d.Show()
}

func writeMap(ms []mapview.Marker, chosen, path string, c mapview.Colours) error {
	pic, err := mapview.Static(ms, chosen, 1600, 1000, c)
	if err != nil {
		return err
	}
	f, err := os.Create(path) //nolint:gosec // the user chose it
	if err != nil {
		return err
	}
	if err := png.Encode(f, pic); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// openCatalogue reads an Annex A file; it is not for the window's goroutine.
func (w *Window) openCatalogue(path string) error {
	c, err := session.OpenCatalogue(context.Background(), path)
	if err != nil {
		return err
	}
	fyne.Do(func() {
		w.catalogues = slices.DeleteFunc(w.catalogues, func(o *session.Catalogue) bool { return o.Path == path })
		w.catalogues = append(w.catalogues, c)
		w.d.Trace("catalogue %s %d", c.Name, c.Facts.Accepted)
		w.refreshAll()
	})
	return nil
}
