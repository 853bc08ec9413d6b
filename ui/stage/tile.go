// Package stage shows pictures: a tile with caption and foot, the overlay of
// metadata over the picture with its age, and the reason when there is no
// picture. It is given pictures and texts, and decodes nothing.
package stage

import (
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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
	// How the file wants its pictures shown: turned clockwise by degrees, then
	// mirrored, with pixels of a shape (0, 0 is square).
	Turn   int
	Mirror bool
	Aspect [2]int
	Short  string // in place of Name where that does not fit
	Brief  string // in place of Right where the tile is narrow
	Hint   string // after Detail, where there is room: what to do
}

// Measures in pixels.
const (
	captionHeight = 28
	noteHeight    = 24                     // the row that tells what was adjusted
	stale         = 200 * time.Millisecond // overlays older than this are drawn dashed
)

// Tile is one picture with its surroundings.
type Tile struct {
	widget.BaseWidget
	P        *look.Palette
	OnTap    func()
	OnDouble func()
	OnView   func()                // how the picture is looked at was changed here
	OnDetail func(full bool)       // whether the picture is needed at its full size
	OnDrag   func(*fyne.DragEvent) // drags that do not move the picture
	OnDrop   func()                // their end
	OnMenu   func(fyne.Position)   // what can be done with the tile is asked for, at an absolute place

	model   Model
	picture *canvas.Image
	frame   *image.RGBA
	w, h    int // of the coded picture, which frame may show scaled
	looking looking
	parts   parts
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
	note                              *canvas.Text // what was adjusted
	reset                             *look.Button
	whole                             *canvas.Image // of the navigator
	wholeFrame, seen                  *canvas.Rectangle
	rubber                            *canvas.Rectangle // the box that is being drawn
}

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
	t.parts.note = look.Text("", look.SizeSecond, p.Text)
	t.parts.reset = look.NewButton(p, "", "As recorded", "", t.ResetAdjust)
	t.parts.reset.Flat, t.parts.reset.Height = true, noteHeight-2
	t.parts.whole = canvas.NewImageFromImage(nil)
	t.parts.whole.ScaleMode, t.parts.whole.FillMode = canvas.ImageScaleFastest, canvas.ImageFillStretch
	t.parts.wholeFrame, t.parts.seen, t.parts.rubber = r(color.Transparent), r(color.Transparent), r(color.Transparent)
	look.Show(false, t.parts.note, t.parts.reset, t.parts.whole, t.parts.wholeFrame, t.parts.seen, t.parts.rubber)
	t.ExtendBaseWidget(t)
	return t
}

// SetPicture exchanges the picture; w and h are the size of the coded picture,
// which m may show scaled. The image must not be written to until two more have
// been shown: the one before this is not read any more when SetPicture returns.
// The model that belongs to it follows with Set.
func (t *Tile) SetPicture(m *image.RGBA, w, h int) {
	if m != t.frame {
		t.looking.worker.Leave(m)
	}
	if t.frame = m; m != nil {
		t.w, t.h = max(w, 1), max(h, 1)
	}
}

// Set shows another model. Where the picture is developed first, both change
// together, so that no caption ever stands under another picture.
func (t *Tile) Set(m Model) {
	l := &t.looking
	l.next = m
	if v := t.whole(); t.frame == nil || v.Untouched() || m.Message != "" && !m.Keep {
		t.showNow(m)
		return
	}
	if l.waiting || l.got == nil || t.frame != l.asked.Picture || t.whole() != l.asked.View {
		t.ask()
		return
	}
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

// Fit returns where a picture of w by h lies within an area, keeping its shape.
func Fit(area fyne.Size, w, h float32) (pos fyne.Position, size fyne.Size) {
	if w <= 0 || h <= 0 || area.Width <= 0 || area.Height <= 0 {
		return fyne.NewPos(0, 0), area
	}
	k := min(area.Width/w, area.Height/h)
	size = fyne.NewSize(w*k, h*k)
	return fyne.NewPos((area.Width-size.Width)/2, (area.Height-size.Height)/2), size
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
		o = append(o, b.objects()...)
	}
	return append(o, p.whole, p.wholeFrame, p.seen, p.rubber, p.note, p.reset, p.shade, p.said, p.details, p.hint, p.mark, p.name, p.place, p.right, p.time, p.number, p.size)
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
	p.note.Color = c.Text
	for _, x := range []*canvas.Text{p.place, p.number, p.size, p.details, p.hint} {
		x.Color = c.Text2
	}
	r.Layout(t.Size())
	t.picture.Refresh()
	canvas.Refresh(t)
}

func (r *tileRenderer) Layout(s fyne.Size) {
	t, p := r.t, &r.t.parts
	if l := &t.looking; t.frame != nil && (t.model.Message == "" || t.model.Keep) && l.asked.Picture != nil && (l.got != nil || l.waiting) && l.asked.Area != t.areaPixels() && !t.whole().Untouched() {
		t.ask() // for another room
	}
	look.At(p.ring[0], 0, 0, s.Width, 2)
	look.At(p.ring[1], 0, s.Height-2, s.Width, 2)
	look.At(p.ring[2], 0, 2, 2, s.Height-4)
	look.At(p.ring[3], s.Width-2, 2, 2, s.Height-4)
	at, area := t.area()
	pos, size := t.place()
	look.At(t.picture, pos.X, pos.Y, size.Width, size.Height)
	if t.frame == nil {
		look.At(p.bars[0], at.X, at.Y, area.Width, area.Height)
		look.At(p.bars[1], 0, 0, 0, 0)
	} else if size.Width < area.Width {
		look.At(p.bars[0], at.X, at.Y, pos.X-at.X, area.Height)
		look.At(p.bars[1], pos.X+size.Width, at.Y, at.X+area.Width-pos.X-size.Width, area.Height)
	} else {
		look.At(p.bars[0], at.X, at.Y, area.Width, pos.Y-at.Y)
		look.At(p.bars[1], at.X, pos.Y+size.Height, area.Width, at.Y+area.Height-pos.Y-size.Height)
	}
	r.captions(s)
	r.note(s)
	r.navigator()
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
	end := p.number.Position().X + p.number.MinSize().Width
	for _, p.size.Text = range r.t.footRight() { // the longest that has room beside what matters more
		if x := s.Width - p.size.MinSize().Width - 14; x > end+12 {
			look.Line(p.size, x, y, captionHeight)
			break
		}
		p.size.Text = ""
	}
}
