// Package stage shows pictures: a tile with caption and foot, the overlay of
// metadata over the picture with its age, and the reason when there is no
// picture. It is given pictures and texts, and decodes nothing.
package stage

import (
	"fmt"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"vedette/metadata"
	"vedette/ui/look"
)

// Box is one object drawn over the picture, in the coordinates of metadata.
type Box struct {
	Rect     metadata.Rect
	Label    string
	More     string // after the label, where there is room
	Selected bool
}

// Model is everything a tile shows.
type Model struct {
	Name, Place string
	Mark        look.Mark
	Right       string // caption, right: the age of the overlay
	Time        string // foot, emphasised
	Frame       string // foot, after it
	Size        string // foot, right
	Boxes       []Box
	Age         time.Duration
	Message     string // instead of a picture, or over it while seeking
	Detail      string
	Keep        bool // the message does not replace the picture
	Focused     bool
	Short       string // in place of Name where that does not fit
	Brief       string // in place of Right where the tile is narrow
	Hint        string // after Detail, where there is room: what to do
}

// Measures in pixels.
const (
	captionHeight = 28
	stale         = 200 * time.Millisecond // overlays older than this are drawn dashed
)

// Tile is one picture with its surroundings.
type Tile struct {
	widget.BaseWidget
	Hooks
	P        *look.Palette
	OnTap    func()
	OnDouble func()
	model    Model
	picture  *canvas.Image
	frame    *image.RGBA
	parts    parts
}

type parts struct {
	ring                              [4]*canvas.Rectangle // around a tile that has the focus
	bars                              [2]*canvas.Rectangle // beside or above and below the picture
	shade                             *canvas.Rectangle
	mark                              *canvas.Image
	name, place, right                *canvas.Text
	time, number, size, said, details *canvas.Text
	hint                              *canvas.Text
	boxes                             []*boxObjects
}

type boxObjects struct {
	outer, inner *canvas.Rectangle
	plate        *canvas.Rectangle
	label        *canvas.Text
}

// maxBoxes bounds the objects drawn over one picture.
const maxBoxes = 40

// NewTile makes an empty tile.
func NewTile(p *look.Palette, tap, double func()) *Tile {
	t := &Tile{P: p, OnTap: tap, OnDouble: double, picture: canvas.NewImageFromImage(nil)}
	t.picture.ScaleMode = canvas.ImageScaleFastest
	t.picture.FillMode = canvas.ImageFillStretch
	r := func(c color.Color) *canvas.Rectangle { return canvas.NewRectangle(c) }
	t.parts = parts{
		ring: [4]*canvas.Rectangle{r(p.Stage), r(p.Stage), r(p.Stage), r(p.Stage)}, bars: [2]*canvas.Rectangle{r(p.Stage), r(p.Stage)}, shade: r(p.Stage),
		mark: canvas.NewImageFromResource(nil),
		name: look.Bold("", look.SizeBase, p.Text), place: look.Text("", look.SizeBase, p.Text2), right: look.Text("", look.SizeBase, p.Text),
		time: look.Bold("", look.SizeBase, p.Text), number: look.Text("", look.SizeSecond, p.Text2), size: look.Text("", look.SizeSecond, p.Text2),
		said: look.Bold("", look.SizeCard, p.Text), details: look.Text("", look.SizeSecond, p.Text2),
		hint: look.Text("", look.SizeSecond, p.Text2),
	}
	t.parts.mark.FillMode = canvas.ImageFillContain
	t.ExtendBaseWidget(t)
	return t
}

// SetPicture exchanges the picture. The image must not be written to until two more
// have been shown.
func (t *Tile) SetPicture(m *image.RGBA) {
	t.frame = m
	if m == nil {
		t.picture.Image = nil
	} else {
		t.picture.Image = m
	}
}

// Set shows another model.
func (t *Tile) Set(m Model) {
	t.model = m
	t.Refresh()
}

// Tapped implements fyne.Tappable.
func (t *Tile) Tapped(*fyne.PointEvent) {
	if t.OnTap != nil {
		t.OnTap()
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (t *Tile) DoubleTapped(*fyne.PointEvent) {
	if t.OnDouble != nil {
		t.OnDouble()
	}
}

var (
	_ fyne.Tappable       = (*Tile)(nil)
	_ fyne.DoubleTappable = (*Tile)(nil)
	_ desktop.Cursorable  = (*Tile)(nil)
)

// Cursor implements desktop.Cursorable.
func (t *Tile) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// Fit returns where a picture of w by h lies within an area, keeping its shape.
func Fit(area fyne.Size, w, h int) (pos fyne.Position, size fyne.Size) {
	if w <= 0 || h <= 0 || area.Width <= 0 || area.Height <= 0 {
		return fyne.NewPos(0, 0), area
	}
	k := min(area.Width/float32(w), area.Height/float32(h))
	size = fyne.NewSize(float32(w)*k, float32(h)*k)
	return fyne.NewPos((area.Width-size.Width)/2, (area.Height-size.Height)/2), size
}

// Scale returns the factor at which the picture is shown, in per cent.
func (t *Tile) Scale() int {
	if t.frame == nil {
		return 0
	}
	return int(t.picture.Size().Width/float32(t.frame.Rect.Dx())*100 + .5)
}

// CreateRenderer implements fyne.Widget.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer { return &tileRenderer{t} }

type tileRenderer struct{ t *Tile }

func (r *tileRenderer) Destroy()           {}
func (r *tileRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

func (r *tileRenderer) Objects() []fyne.CanvasObject {
	p := &r.t.parts
	o := []fyne.CanvasObject{p.ring[0], p.ring[1], p.ring[2], p.ring[3], p.bars[0], p.bars[1], r.t.picture}
	for _, b := range p.boxes {
		o = append(o, b.outer, b.inner, b.plate, b.label)
	}
	return append(o, p.shade, p.said, p.details, p.hint, p.mark, p.name, p.place, p.right, p.time, p.number, p.size)
}

func (r *tileRenderer) Refresh() {
	t, p, m := r.t, &r.t.parts, &r.t.model
	c := t.P
	for _, x := range p.ring {
		x.FillColor = c.Stage
		if m.Focused {
			x.FillColor = c.Accent
		}
	}
	p.bars[0].FillColor, p.bars[1].FillColor, p.shade.FillColor = c.Stage, c.Stage, c.Stage
	if r := c.MarkIcon(m.Mark); p.mark.Resource != r { // another image, so that no old texture can stay
		p.mark = canvas.NewImageFromResource(r)
		p.mark.FillMode = canvas.ImageFillContain
	}
	p.name.Text, p.place.Text, p.right.Text = m.Name, m.Place, m.Right
	p.time.Text, p.number.Text, p.size.Text = m.Time, m.Frame, m.Size
	p.said.Text, p.details.Text = m.Message, m.Detail
	for _, x := range []*canvas.Text{p.name, p.right, p.time, p.said} {
		x.Color = c.Text
	}
	for _, x := range []*canvas.Text{p.place, p.number, p.size, p.details, p.hint} {
		x.Color = c.Text2
	}
	r.Layout(t.Size())
	t.picture.Refresh()
	canvas.Refresh(t)
}

func (r *tileRenderer) Layout(s fyne.Size) {
	t, p := r.t, &r.t.parts
	look.At(p.ring[0], 0, 0, s.Width, 2)
	look.At(p.ring[1], 0, s.Height-2, s.Width, 2)
	look.At(p.ring[2], 0, 2, 2, s.Height-4)
	look.At(p.ring[3], s.Width-2, 2, 2, s.Height-4)
	head, foot := bands(s)
	area := fyne.NewSize(s.Width-4, s.Height-4-head-foot)
	w, h := 16, 9
	if t.frame != nil {
		w, h = t.frame.Rect.Dx(), t.frame.Rect.Dy()
	}
	pos, size := Fit(area, w, h)
	pos = pos.AddXY(2, 2+head)
	look.At(t.picture, pos.X, pos.Y, size.Width, size.Height)
	top := 2 + head
	if t.frame == nil {
		look.At(p.bars[0], 2, top, area.Width, area.Height)
		look.At(p.bars[1], 0, 0, 0, 0)
	} else if size.Width < area.Width {
		look.At(p.bars[0], 2, top, pos.X-2, area.Height)
		look.At(p.bars[1], pos.X+size.Width, top, 2+area.Width-pos.X-size.Width, area.Height)
	} else {
		look.At(p.bars[0], 2, top, area.Width, pos.Y-top)
		look.At(p.bars[1], 2, pos.Y+size.Height, area.Width, top+area.Height-pos.Y-size.Height)
	}
	r.captions(s)
	r.message(pos, size)
	r.boxes(pos, size)
}

func (r *tileRenderer) captions(s fyne.Size) {
	p, m := &r.t.parts, &r.t.model
	if r.small(s) {
		return
	}
	look.At(p.mark, 12, 9, 15, 15)
	right := p.right.MinSize().Width
	look.Line(p.right, s.Width-right-14, 2, captionHeight)
	p.name.Text = look.Fit(m.Name, look.SizeBase, p.name.TextStyle, s.Width-right-60, false)
	look.Line(p.name, 36, 2, captionHeight)
	x := 36 + p.name.MinSize().Width + 10
	p.place.Text = ""
	if room := s.Width - right - x - 24; room > 0 {
		p.place.Text = look.Fit(m.Place, look.SizeBase, p.place.TextStyle, room, false)
	}
	look.Line(p.place, x, 2, captionHeight)
	y := s.Height - captionHeight - 2
	look.Line(p.time, 12, y, captionHeight)
	number := float32(12)
	if m.Time != "" {
		number = 22 + p.time.MinSize().Width
	}
	look.Line(p.number, number, y, captionHeight)
	p.size.Text = r.t.model.Size
	end := p.number.Position().X + p.number.MinSize().Width
	if x := s.Width - p.size.MinSize().Width - 14; x > end+12 {
		look.Line(p.size, x, y, captionHeight)
	} else {
		p.size.Text = "" // no room beside what matters more
	}
}

// Screen maps a rectangle of metadata onto the shown picture.
func Screen(b metadata.Rect, pos fyne.Position, size fyne.Size) (x, y, w, h float32) {
	x0, y0, x1, y1 := b.Pixels(1<<16, 1<<16) // exact for pictures up to 65536 wide
	k := float64(1 << 16)
	return pos.X + float32(x0/k)*size.Width, pos.Y + float32(y0/k)*size.Height, float32((x1-x0)/k) * size.Width, float32((y1-y0)/k) * size.Height
}

func (r *tileRenderer) boxes(pos fyne.Position, size fyne.Size) {
	t, p := r.t, &r.t.parts
	boxes := t.model.Boxes
	if t.model.Message != "" && !t.model.Keep {
		boxes = nil
	}
	n := min(len(boxes), maxBoxes)
	for len(p.boxes) < n {
		b := &boxObjects{canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Black), look.Text("", look.SizeSecond, color.White)}
		b.plate.CornerRadius = 2
		p.boxes = append(p.boxes, b)
	}
	var taken []fyne.CanvasObject
	for i, o := range p.boxes {
		look.Show(i < n, o.outer, o.inner, o.plate, o.label)
		if i >= n {
			continue
		}
		b := boxes[i]
		x, y, w, h := Screen(b.Rect, pos, size)
		white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 200}
		plate, ink := color.NRGBA{11, 13, 15, 225}, color.NRGBA{232, 234, 236, 255}
		if t.model.Age > stale {
			white = color.NRGBA{255, 255, 255, 130}
		}
		if b.Selected {
			white, plate, ink = t.P.Accent, t.P.Accent, t.P.OnFill
		}
		o.outer.StrokeColor, o.outer.StrokeWidth = black, 3
		o.inner.StrokeColor, o.inner.StrokeWidth = white, 1.5
		look.At(o.outer, x-1, y-1, w+2, h+2)
		look.At(o.inner, x, y, w, h)
		o.label.Text, o.label.Color, o.plate.FillColor = b.Label, ink, plate
		// In small tiles labels would hide the picture; the boxes stay.
		named := b.Selected || size.Width >= 300
		look.Show(named, o.plate, o.label)
		if !named {
			continue
		}
		if size.Width > 520 {
			o.label.Text += b.More
		}
		if t.model.Age > 0 {
			o.label.Text += fmt.Sprintf("  -%d ms", t.model.Age.Milliseconds())
		}
		lw := o.label.MinSize().Width + 10
		lx, ly := labelPlace(x, y, w, h, lw, pos, size, taken)
		look.At(o.plate, lx, ly, lw, 17)
		look.Line(o.label, lx+5, ly, 17)
		taken = append(taken, o.plate)
	}
}

// labelPlace takes the first free place: above, below, left of the box.
func labelPlace(x, y, w, h, lw float32, pos fyne.Position, size fyne.Size, taken []fyne.CanvasObject) (float32, float32) {
	places := [][2]float32{
		{x - 1, y - 20}, {x - 1, y + h + 3}, {x - lw - 4, y}, {x + w + 4, y}, {x + w - lw + 1, y - 20}, {x + w - lw + 1, y + h + 3},
		{x - 1, y - 38}, {x - 1, y + h + 21}, {x + w + 4, y + 18}, {x - lw - 4, y + 18}, {x - 1, y - 56}, {x - 1, y + h + 39},
	}
	for _, q := range places {
		if q[0] < pos.X || q[0]+lw > pos.X+size.Width || q[1] < pos.Y || q[1]+17 > pos.Y+size.Height {
			continue
		}
		free := true
		for _, o := range taken {
			a, b := o.Position(), o.Size()
			if q[0] < a.X+b.Width && q[0]+lw > a.X && q[1] < a.Y+b.Height && q[1]+17 > a.Y {
				free = false
				break
			}
		}
		if free {
			return q[0], q[1]
		}
	}
	return min(max(x-1, pos.X), pos.X+size.Width-lw), max(y-20, pos.Y)
}
