package stage

import (
	"strings"

	"fyne.io/fyne/v2"

	"vedette/ui/look"
)

// Tiles of a wall are small. What is written around the picture then takes less:
// below the first height the lines are lower, below the second there is one
// line, with the mark, the name and the time.
const (
	fullHeight    = 190
	compactHeight = 124
	narrow        = 330 // tiles of less width show the brief form of what stands at the right
)

// bands returns the heights of the caption and of the foot.
func bands(s fyne.Size) (head, foot float32) {
	switch {
	case s.Height >= fullHeight:
		return captionHeight, captionHeight
	case s.Height >= compactHeight:
		return 22, 20
	}
	return 20, 0
}

// Area returns the size of the part that shows the picture.
func (t *Tile) Area() fyne.Size {
	_, area := t.area()
	return area
}

// small writes what stands around the picture of a small tile. It reports
// whether the tile is one.
func (r *tileRenderer) small(s fyne.Size) bool {
	p, m := &r.t.parts, &r.t.model
	head, foot := bands(s)
	size := float32(look.SizeBase)
	if head < captionHeight {
		size = look.SizeSecond
	}
	p.name.TextSize, p.place.TextSize, p.right.TextSize, p.time.TextSize = size, size, size, size
	p.right.Text = m.Right
	free := s.Width - 62 - fyne.MeasureText(m.Name, size, p.name.TextStyle).Width
	if s.Width < narrow || p.right.MinSize().Width > free {
		p.right.Text = m.Brief // the name goes before
	}
	if head == captionHeight {
		p.time.Text, p.number.Text = m.Time, m.Frame
		p.right.Text = look.Fit(p.right.Text, size, p.right.TextStyle, s.Width*.55, false)
		return false
	}
	p.place.Text, p.size.Text, p.number.Text, p.time.Text = "", "", m.Frame, m.Time
	if foot == 0 { // one line: what is wrong stands before the time
		p.number.Text = ""
		if p.time.Text = strings.TrimSuffix(m.Time, " UTC"); m.Brief != "" {
			p.time.Text = ""
		} else if i := strings.IndexByte(p.time.Text, '.'); i > 0 && s.Width < 230 {
			p.time.Text = p.time.Text[:i] // the clock of the window tells the rest
		}
	}
	look.At(p.mark, 8, 2+(head-13)/2, 13, 13)
	p.right.Text = look.Fit(p.right.Text, size, p.right.TextStyle, s.Width*.55, false)
	right := max(p.right.MinSize().Width, 0)
	look.Line(p.right, s.Width-right-8, 2, head)
	if foot == 0 && p.time.Text != "" {
		w := p.time.MinSize().Width
		if w > s.Width*.6 {
			p.time.Text, w = "", 0
		}
		right = max(right, w)
		look.Line(p.time, s.Width-w-8, 2, head)
	}
	name, room := m.Name, s.Width-right-44
	if m.Short != "" && fyne.MeasureText(name, size, p.name.TextStyle).Width > room {
		name = m.Short
	}
	p.name.Text = look.Fit(name, size, p.name.TextStyle, room, true)
	look.Line(p.name, 27, 2, head)
	if foot > 0 {
		y := s.Height - foot - 2
		look.Line(p.time, 8, y, foot)
		x := float32(8)
		if p.time.Text != "" {
			x += p.time.MinSize().Width + 8
		}
		p.number.Text = look.Fit(m.Frame, look.SizeSecond, p.number.TextStyle, s.Width-x-8, false)
		look.Line(p.number, x, y, foot)
	}
	return true
}

// message writes why there is no picture: what, the detail, and what to do
// about it where there is room.
func (r *tileRenderer) message(pos fyne.Position, size fyne.Size) {
	p, m := &r.t.parts, &r.t.model
	at, area := r.t.area()
	look.At(p.shade, at.X, at.Y, area.Width, area.Height)
	look.Show(m.Message != "" && !m.Keep, p.shade)
	look.Show(m.Message == "" || m.Keep, r.t.picture) // its edge would be seen beside the shade
	roomy := size.Height >= 96 && m.Hint != ""
	look.Show(m.Message != "", p.said, p.details)
	look.Show(m.Message != "" && roomy, p.hint)
	if m.Message == "" {
		return
	}
	p.said.TextSize = look.SizeCard
	if size.Height < 120 {
		p.said.TextSize = look.SizeBase
	}
	width := r.t.Size().Width - 24 // the message may stand beside the picture, too
	p.said.Text = look.Fit(m.Message, p.said.TextSize, p.said.TextStyle, width, false)
	p.details.Text = look.Fit(m.Detail, look.SizeSecond, p.details.TextStyle, width, false)
	p.hint.Text = look.Fit(m.Hint, look.SizeSecond, p.hint.TextStyle, width, false)
	a, b, c := p.said.MinSize(), p.details.MinSize(), p.hint.MinSize()
	centre, y := pos.X+size.Width/2, pos.Y+size.Height/2
	if roomy {
		y -= 8
	}
	if m.Detail == "" {
		y += a.Height/2 + 2
	}
	look.At(p.said, centre-a.Width/2, y-a.Height-2, a.Width, a.Height)
	look.At(p.details, centre-b.Width/2, y+2, b.Width, b.Height)
	look.At(p.hint, centre-c.Width/2, y+b.Height+8, c.Width, c.Height)
}

var _ fyne.SecondaryTappable = (*Tile)(nil)

// TappedSecondary implements fyne.SecondaryTappable.
func (t *Tile) TappedSecondary(e *fyne.PointEvent) {
	if t.OnMenu != nil {
		t.OnMenu(e.AbsolutePosition)
	}
}
