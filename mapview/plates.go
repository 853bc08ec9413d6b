package mapview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/mapview/tiles"
)

// cardLines bounds the lines of a hover card.
const cardLines = 4

// mapParts are the objects of the widget: the picture, the plate with scale and
// position, and the card of the marker under the pointer.
type mapParts struct {
	m       *Map
	picture *canvas.Image
	ring    *canvas.Rectangle // keyboard focus
	plate   *canvas.Rectangle
	bar     [3]*canvas.Rectangle
	length  *canvas.Text
	where   *canvas.Text
	note    *canvas.Text
	card    *canvas.Rectangle
	name    *canvas.Text
	lines   [cardLines]*canvas.Text
}

func newParts(m *Map) mapParts {
	c := m.colours
	text := func(size float32, bold bool, col color.Color) *canvas.Text {
		t := canvas.NewText("", col)
		t.TextSize, t.TextStyle.Bold = size, bold
		return t
	}
	p := mapParts{m: m, picture: canvas.NewImageFromImage(nil), ring: canvas.NewRectangle(color.Transparent), plate: canvas.NewRectangle(c.Plate), card: canvas.NewRectangle(c.Plate),
		length: text(12, false, c.Text), where: text(12, false, c.Text), note: text(12, false, c.Text2), name: text(13, true, c.Text)}
	p.picture.ScaleMode, p.picture.FillMode = canvas.ImageScaleFastest, canvas.ImageFillStretch
	p.plate.CornerRadius, p.card.CornerRadius = 4, 6
	p.card.StrokeColor, p.card.StrokeWidth = c.Line, 1
	p.ring.StrokeWidth = 2
	for i := range p.bar {
		p.bar[i] = canvas.NewRectangle(c.Text)
	}
	for i := range p.lines {
		p.lines[i] = text(12, false, c.Text2)
	}
	return p
}

func (p *mapParts) objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{p.picture, p.ring, p.plate, p.bar[0], p.bar[1], p.bar[2], p.length, p.where, p.note, p.card, p.name}
	for _, l := range p.lines {
		o = append(o, l)
	}
	return o
}

// set changes a text, and repaints only when it is another.
func set(t *canvas.Text, s string) {
	if t.Text != s {
		t.Text = s
		t.Refresh()
	}
}

func visible(on bool, o ...fyne.CanvasObject) {
	for _, c := range o {
		if c.Visible() != on {
			if on {
				c.Show()
			} else {
				c.Hide()
			}
		}
	}
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

func line(t *canvas.Text, x, y, h float32) float32 {
	m := t.MinSize()
	put(t, x, y+(h-m.Height)/2, m.Width, m.Height)
	return m.Width
}

// plates places everything over the picture.
func (p *mapParts) plates() {
	s := p.m.Size()
	put(p.ring, 0, 0, s.Width, s.Height)
	p.ring.StrokeColor = color.Transparent
	if p.m.focused {
		p.ring.StrokeColor = p.m.colours.Accent
	}
	visible(!p.m.Small, p.plate, p.bar[0], p.bar[1], p.bar[2], p.length, p.where, p.note)
	if !p.m.Small {
		p.scale(s)
	}
	p.hoverCard(s)
}

func (p *mapParts) scale(s fyne.Size) {
	v := p.m.shown
	if v == (tiles.View{}) {
		v = p.m.view
	}
	px, name := v.Bar(110)
	set(p.length, name)
	at := v.Centre
	if p.m.over {
		at = v.At(float64(p.m.pointer.X), float64(p.m.pointer.Y), float64(s.Width), float64(s.Height))
	}
	lat, lon := at.Position()
	set(p.where, Where(lat, lon))
	note := Attribution + ". No detailed map is installed."
	if p.m.failed != "" {
		note = "The ground cannot be drawn: " + p.m.failed
	}
	set(p.note, note)
	const h = 28
	y := s.Height - h - 12
	x := float32(12 + 12)
	put(p.bar[0], x, y+18, float32(px), 1.5)
	put(p.bar[1], x, y+11, 1.5, 8)
	put(p.bar[2], x+float32(px)-1.5, y+11, 1.5, 8)
	x += float32(px) + 12
	x += line(p.length, x, y, h) + 20
	line(p.where, x, y, h)
	x += 190
	w := p.note.MinSize().Width
	room := x+w+12 < s.Width-12
	visible(room, p.note)
	if room {
		line(p.note, x, y, h)
		x += w + 12
	}
	put(p.plate, 12, y, x-12, h)
}

func (p *mapParts) hoverCard(s fyne.Size) {
	n, ok := p.m.index.byID[p.m.hover]
	visible(ok, p.card, p.name)
	for _, l := range p.lines {
		visible(ok && l.Text != "", l)
	}
	if !ok {
		return
	}
	m := &p.m.index.markers[n]
	set(p.name, m.Name)
	w := p.name.MinSize().Width
	k := 0
	for i, l := range p.lines {
		t := ""
		if i < len(m.Lines) {
			t = m.Lines[i]
			k++
		}
		set(l, t)
		visible(t != "", l)
		w = max(w, l.MinSize().Width)
	}
	h := float32(34 + 18*k)
	w += 24
	x, y := p.m.pointer.X+16, p.m.pointer.Y+16
	if x+w > s.Width-8 {
		x = max(p.m.pointer.X-w-12, 8)
	}
	if y+h > s.Height-8 {
		y = max(p.m.pointer.Y-h-12, 8)
	}
	put(p.card, x, y, w, h)
	line(p.name, x+12, y+6, 22)
	for i, l := range p.lines {
		line(l, x+12, y+28+18*float32(i), 18)
	}
}
