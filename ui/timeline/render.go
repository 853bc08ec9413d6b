package timeline

import (
	"fmt"
	"image"
	"image/color"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/media"
	"vedette/ui/look"
)

const maxLabels = 24

// renderer owns one raster for everything that only changes with the model or
// the range, and a few objects that move over it.
type renderer struct {
	t      *Timeline
	raster *canvas.Raster
	labels pool
	chips  pool
	names  []*canvas.Text
	notes  []*canvas.Text
	marks  []*canvas.Image
	head   *canvas.Rectangle
	tag    *canvas.Rectangle
	tagged *canvas.Text
	hover  *canvas.Rectangle
	plate  *canvas.Rectangle // under what is told at the pointer
	hinted *canvas.Text
	empty  *canvas.Text
	split  *canvas.Rectangle
	pix    *image.RGBA
}

func newRenderer(t *Timeline) *renderer {
	p := t.P
	r := &renderer{
		t: t, head: rect(p.Text), tag: rect(p.Text), tagged: look.Bold("", look.SizeSecond, p.Panel),
		hover: rect(p.Control), plate: rect(p.Raised), hinted: look.Text("", look.SizeCode, p.Text2), empty: look.Text("", look.SizeSecond, p.Text2), split: rect(p.Line),
	}
	r.tag.CornerRadius = 3
	r.raster = canvas.NewRaster(r.draw)
	r.raster.ScaleMode = canvas.ImageScaleFastest
	return r
}

func (r *renderer) Destroy() { r.t.shown = nil }

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(400, r.height()) }

func (r *renderer) height() float32 {
	return rulerHeight + r.sum() + float32(max(r.t.model.visible(), 1))*r.row() + r.events()
}

// sum and events are the heights of the first row and of the last, which a
// compact time line leaves out.
func (r *renderer) sum() float32 {
	if r.t.model.Compact {
		return 0
	}
	return sumHeight
}

func (r *renderer) events() float32 {
	if r.t.model.Compact {
		return 0
	}
	return eventHeight
}

// row is the height of one source: in grids all are low.
func (r *renderer) row() float32 {
	if r.t.model.visible() > 1 {
		return lowRow
	}
	return rowHeight
}

func (r *renderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.raster, r.split}
	for _, t := range append(r.labels.all, r.chips.all...) {
		out = append(out, t)
	}
	for i := range r.names {
		out = append(out, r.names[i], r.notes[i], r.marks[i])
	}
	return append(out, r.empty, r.hover, r.plate, r.hinted, r.head, r.tag, r.tagged)
}

func (r *renderer) Layout(s fyne.Size) {
	look.At(r.raster, r.t.LabelW, 0, max(s.Width-r.t.LabelW, 1), s.Height)
	look.At(r.split, r.t.LabelW-1, 0, 1, s.Height)
	r.texts()
	r.placeHead()
	r.placeHover()
}

func (r *renderer) Refresh() {
	if !r.t.fitted {
		r.t.Fit()
	}
	p := r.t.P
	r.head.FillColor, r.tag.FillColor, r.tagged.Color = p.Text, p.Text, p.Panel
	r.Layout(r.t.Size())
	r.raster.Refresh()
	canvas.Refresh(r.t)
}

// pool keeps texts from one layout to the next. They must stay the same objects:
// the toolkit lays a tree out anew whenever it finds another object in it, and
// a layout that makes objects would then never come to rest.
type pool struct {
	all  []*canvas.Text
	used int
}

func (p *pool) next(s string, size float32, bold bool, c color.Color) *canvas.Text {
	if p.used == len(p.all) {
		p.all = append(p.all, canvas.NewText("", c))
	}
	t := p.all[p.used]
	p.used++
	t.Text, t.TextSize, t.TextStyle.Bold, t.Color = s, size, bold, c
	look.Show(true, t)
	return t
}

// hide puts away the texts that are not used.
func (p *pool) hide() {
	for _, t := range p.all[p.used:] {
		look.Show(false, t)
	}
}

// texts places ruler, row and cluster labels from their pools.
func (r *renderer) texts() {
	t, p := r.t, r.t.P
	r.labels.used, r.chips.used = 0, 0
	defer r.labels.hide()
	defer r.chips.hide()
	r.empty.Text = ""
	if len(t.model.Rows) == 0 {
		r.empty.Text, r.empty.Color = t.model.Empty, p.Text2
		m := r.empty.MinSize()
		look.At(r.empty, t.LabelW+(t.width()-m.Width)/2, (t.Size().Height-m.Height)/2, m.Width, m.Height)
		r.rowTexts()
		return
	}
	step := t.step(96)
	for u := ceil(t.from, step); u <= t.to && r.labels.used < maxLabels; u += step {
		l := r.labels.next(t.label(u, step < media.Hundred), look.SizeSecond, false, p.Text2)
		m := l.MinSize()
		x := t.X(u) - m.Width/2
		if x < t.LabelW+2 || x+m.Width > t.Size().Width {
			r.labels.used--
			continue
		}
		look.At(l, x, 2, m.Width, m.Height)
	}
	r.rowTexts()
	r.eventTexts()
	r.gapTexts()
}

func ceil(u, step media.UTC) media.UTC {
	k := u / step
	if k*step < u {
		k++
	}
	return k * step
}

func (r *renderer) rowTexts() {
	t, p := r.t, r.t.P
	n := t.model.visible()
	for i := n + 2; i < len(r.names); i++ {
		look.Show(false, r.names[i], r.notes[i], r.marks[i])
	}
	for len(r.names) < n+2 {
		r.names = append(r.names, look.Text("", look.SizeSecond, p.Text))
		r.notes = append(r.notes, look.Text("", look.SizeSecond, p.Text2))
		m := canvas.NewImageFromResource(nil)
		m.FillMode = canvas.ImageFillContain
		r.marks = append(r.marks, m)
	}
	put := func(i int, name, note string, bold bool, y, h float32, mark fyne.Resource) {
		x := float32(look.PanelPad)
		look.Show(true, r.names[i], r.notes[i])
		if mark == nil {
			look.Show(false, r.marks[i])
		} else {
			if r.marks[i].Resource != mark { // another image, so that no old texture can stay
				r.marks[i] = canvas.NewImageFromResource(mark)
				r.marks[i].FillMode = canvas.ImageFillContain
			}
			look.Show(true, r.marks[i])
			look.At(r.marks[i], x, y+(h-14)/2, 14, 14)
			x += 24
		}
		r.notes[i].Text, r.notes[i].Color = note, p.Text2
		w := r.notes[i].MinSize().Width
		look.Line(r.notes[i], t.LabelW-w-12, y, h)
		r.names[i].TextStyle.Bold = bold
		r.names[i].Text, r.names[i].Color = look.Fit(name, look.SizeSecond, r.names[i].TextStyle, t.LabelW-x-w-20, false), p.Text
		look.Line(r.names[i], x, y, h)
	}
	total := "none"
	switch all := len(t.model.Rows); {
	case all == 1:
		total = "1 export"
	case all > n && n == 1:
		total = fmt.Sprintf("%d of %d exports", t.first+1, all)
	case all > n:
		total = fmt.Sprintf("%d to %d of %d exports", t.first+1, t.first+n, all)
	case all > 1:
		total = fmt.Sprintf("%d exports", all)
	}
	if t.model.Compact {
		look.Show(false, r.names[0], r.notes[0], r.marks[0])
	} else {
		put(0, "All sources", total, true, rulerHeight, sumHeight, nil)
	}
	for i, row := range t.rows() {
		put(i+1, row.Name, row.Note, true, rulerHeight+r.sum()+float32(i)*r.row(), r.row()-12, p.MarkIcon(row.Mark))
	}
	y := rulerHeight + r.sum() + float32(n)*r.row()
	if t.model.Compact {
		look.Show(false, r.names[n+1], r.notes[n+1], r.marks[n+1])
		return
	}
	if n == 0 {
		put(n+1, "", "", false, y, eventHeight, nil)
		return
	}
	put(n+1, "Events", fmt.Sprint(len(t.model.Events)), false, y, eventHeight, p.Icon("event"))
}

// cluster is a group of events that lie too close to be told apart.
type cluster struct {
	x     float32
	count int
}

// clusters groups events by pixels with one binary search a column, so that a
// million of them cost no more than a screen has columns.
func clusters(events []media.UTC, from, to media.UTC, width float32, room float32) []cluster {
	var out []cluster
	span := to - from
	if span <= 0 || width <= 0 {
		return nil
	}
	unit := media.UTC(float64(span) * float64(room/width))
	if unit < 1 {
		unit = 1
	}
	i := sort.Search(len(events), func(k int) bool { return events[k] >= from })
	for i < len(events) && events[i] < to {
		end := events[i] + unit
		j := i + sort.Search(len(events)-i, func(k int) bool { return events[i+k] >= end })
		x := float32(float64(events[i]-from)/float64(span)) * width
		out = append(out, cluster{x, j - i})
		i = j
	}
	return out
}

// clusterRoom is the least distance of two marks of events.
const clusterRoom = 34

func (r *renderer) eventTexts() {
	t := r.t
	if t.model.Compact {
		return
	}
	y := rulerHeight + r.sum() + float32(t.model.visible())*r.row()
	for _, c := range clusters(t.model.Events, t.from, t.to, t.width(), clusterRoom) {
		if c.count < 2 || r.chips.used >= 60 {
			continue
		}
		l := r.chips.next(fmt.Sprint(c.count), look.SizeSecond, true, t.P.Text)
		look.Line(l, t.LabelW+c.x+8, y, eventHeight)
	}
}

func (r *renderer) gapTexts() {
	t := r.t
	for i, row := range t.rows() {
		y := rulerHeight + r.sum() + float32(i)*r.row()
		for _, g := range row.Gaps {
			x0, x1 := t.X(g.From), t.X(g.To)
			if x1-x0 < 22 || x1 < t.LabelW || r.chips.used > 120 {
				continue
			}
			l := r.chips.next(string(rune(g.Reason)), look.SizeCode, true, t.P.Text)
			look.Line(l, (x0+x1)/2-l.MinSize().Width/2, y+3, r.footage())
		}
	}
}

// footage is the height of the filled band of a row.
func (r *renderer) footage() float32 {
	if r.t.model.visible() > 1 {
		return 16
	}
	return 22
}

func (r *renderer) placeHead() {
	t := r.t
	x := t.X(t.head)
	inside := len(t.model.Rows) > 0 && x >= t.LabelW && x <= t.Size().Width
	look.Show(inside, r.head, r.tag, r.tagged)
	if !inside {
		return
	}
	look.At(r.head, x-.75, 20, 1.5, t.Size().Height-20)
	r.tagged.Text = t.label(t.head, true)
	w := r.tagged.MinSize().Width
	tx := min(max(x-w/2-8, t.LabelW), t.Size().Width-w-16)
	look.At(r.tag, tx, 1, w+16, 19)
	look.Line(r.tagged, tx+8, 1, 19)
	r.head.Refresh()
}

func (r *renderer) placeHover() {
	t := r.t
	over := t.hover >= t.LabelW && len(t.model.Rows) > 0
	look.Show(over, r.hover, r.plate, r.hinted)
	if !over {
		return
	}
	look.At(r.hover, t.hover, rulerHeight, 1, t.Size().Height-rulerHeight)
	r.hinted.Text = t.label(t.Time(t.hover), true) + r.told()
	r.hinted.Color = t.P.Text
	w := r.hinted.MinSize().Width
	x := min(t.hover+8, t.Size().Width-w-12)
	r.plate.FillColor, r.plate.CornerRadius = t.P.Raised, 3
	look.At(r.plate, x-6, t.Size().Height-25, w+12, 20)
	look.Line(r.hinted, x, t.Size().Height-25, 20)
	canvas.Refresh(t) // what was hidden until now is not known to the window itself
}

// told says what is known of the row and the time under the pointer.
func (r *renderer) told() string {
	t := r.t
	i := int((t.hoverY - rulerHeight - r.sum()) / r.row())
	if t.hoverY < rulerHeight+r.sum() || i >= t.model.visible() {
		return ""
	}
	return t.rows()[i].told(t.Time(t.hover))
}

func (row Row) told(at media.UTC) string {
	if at < row.Footage.From || at >= row.Footage.To {
		return ""
	}
	text := ""
	if row.Verdict != "" {
		text = "   " + row.Verdict
	}
	i := sort.Search(len(row.Camera), func(i int) bool { return row.Camera[i].To > at })
	if i < len(row.Camera) && row.Camera[i].From <= at {
		text += "   Camera signing: " + row.Camera[i].Text
	}
	return text
}

// draw paints footage, gaps, bands and event marks.
func (r *renderer) draw(w, h int) image.Image {
	if r.pix == nil || r.pix.Rect.Dx() != w || r.pix.Rect.Dy() != h {
		r.pix = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	t, p := r.t, r.t.P
	scale := float32(1)
	if lw := t.width(); lw > 0 {
		scale = float32(w) / lw
	}
	c := &look.Pen{M: r.pix, K: scale}
	c.Fill(0, 0, float32(w), float32(h), p.Panel)
	if len(t.model.Rows) == 0 {
		return r.pix
	}
	step := t.step(96)
	for u := ceil(t.from, step/4); u <= t.to; u += max(step/4, 1) {
		x := t.X(u) - t.LabelW
		if u%step == 0 {
			c.Fill(x, rulerHeight-6, 1, 6, p.Control)
			c.Fill(x, rulerHeight, 1, float32(h), p.Line)
		} else {
			c.Fill(x, rulerHeight-3, 1, 3, p.Control)
		}
	}
	for _, row := range t.model.Rows {
		if t.model.Compact {
			break
		}
		x0, x1 := t.X(row.Footage.From)-t.LabelW, t.X(row.Footage.To)-t.LabelW
		c.Fill(x0, rulerHeight+6, x1-x0, 8, p.Footage)
	}
	for i, row := range t.rows() {
		y := rulerHeight + r.sum() + float32(i)*r.row()
		c.Fill(0, y, t.width(), 1, p.Line)
		r.drawRow(c, row, y)
	}
	y := rulerHeight + r.sum() + float32(t.model.visible())*r.row()
	c.Fill(0, y, t.width(), 1, p.Line)
	if t.model.Compact {
		return r.pix
	}
	for _, k := range clusters(t.model.Events, t.from, t.to, t.width(), clusterRoom) {
		c.Triangle(k.x, y+eventHeight/2, 5, p.Accent)
	}
	if t.model.Loop {
		x0, x1 := t.X(t.model.In)-t.LabelW, t.X(t.model.Out)-t.LabelW
		c.Fill(x0, rulerHeight-2, x1-x0, 3, p.Accent)
	}
	return r.pix
}

func (r *renderer) drawRow(c *look.Pen, row Row, y float32) {
	t, p := r.t, r.t.P
	x0, x1 := t.X(row.Footage.From)-t.LabelW, t.X(row.Footage.To)-t.LabelW
	high := r.footage()
	c.Fill(x0, y+5, x1-x0, high, p.Footage)
	for _, g := range row.Gaps {
		a, b := t.X(g.From)-t.LabelW, t.X(g.To)-t.LabelW
		c.Hatch(a, y+5, b-a, high, p.Panel, p.Gap)
		if b-a >= 22 {
			c.Fill((a+b)/2-8, y+6, 16, high-2, p.Panel)
		}
	}
	band := y + 5 + high + 4
	if len(row.Camera) == 0 {
		c.Seal(p, row.Mark, x0, band, x1-x0, 6)
		return
	}
	// The seal is the frame, the camera's signing the picture in it.
	c.SealFrame(p, row.Mark, x0, band-1, x1-x0, 11)
	first := sort.Search(len(row.Camera), func(i int) bool { return row.Camera[i].To > t.from })
	// What differs is drawn last and never narrower than its shape, so that a
	// single picture among hours is seen.
	for _, bad := range []bool{false, true} {
		for _, b := range row.Camera[first:] {
			if b.From >= t.to {
				break
			}
			if differs := b.State == look.StretchAltered || b.State == look.StretchGap || b.State == look.StretchMissing; differs != bad {
				continue
			}
			a, e := t.X(b.From)-t.LabelW, t.X(b.To)-t.LabelW
			if bad && e-a < 7 {
				a, e = (a+e)/2-3.5, (a+e)/2+3.5
				c.Fill(a-1, band+2, 9, 5, p.Panel)
			}
			c.Stretch(p, b.State, a, band+2, max(e-a, 1), 5)
		}
	}
}
