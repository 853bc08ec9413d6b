package stage

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/metadata"
	"vedette/ui/look"
	"vedette/ui/stage/develop"
)

// maxBoxes bounds the objects drawn over one picture.
const maxBoxes = 40

// boxObjects draw one box: as two rectangles, or, where it is dashed or part of
// it is out of sight, as its sides.
type boxObjects struct {
	outer, inner *canvas.Rectangle
	sides        [4]*canvas.Image // top, bottom, left, right; nil until needed
	drawn        [4]side
	plate        *canvas.Rectangle
	label        *canvas.Text
}

// side is how a side was drawn last.
type side struct {
	length  int
	upright bool
	dashed  bool
	colour  color.NRGBA
}

func newBox() *boxObjects {
	b := &boxObjects{outer: canvas.NewRectangle(color.Transparent), inner: canvas.NewRectangle(color.Transparent), plate: canvas.NewRectangle(color.Black), label: look.Text("", look.SizeSecond, color.White)}
	b.plate.CornerRadius = 2
	return b
}

func (b *boxObjects) objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{b.outer, b.inner}
	for _, s := range b.sides {
		if s != nil {
			o = append(o, s)
		}
	}
	return append(o, b.plate, b.label)
}

func (b *boxObjects) hide() {
	look.Show(false, b.outer, b.inner, b.plate, b.label)
	b.hideSides()
}

func (b *boxObjects) hideSides() {
	for _, s := range b.sides {
		if s != nil {
			look.Show(false, s)
		}
	}
}

// Lines of boxes, in pixels of the screen: a bright line between two dark ones.
const (
	sideThick = 3
	dashOn    = 5
	dashOff   = 4
)

// paint draws a side of a box into a strip of its own.
func (s side) paint() *image.RGBA {
	n := max(s.length, 1)
	m := image.NewRGBA(image.Rect(0, 0, n, sideThick))
	if s.upright {
		m = image.NewRGBA(image.Rect(0, 0, sideThick, n))
	}
	bright, dark := color.RGBAModel.Convert(s.colour).(color.RGBA), color.RGBA{0, 0, 0, 200} //nolint:forcetypeassert // that model makes no other
	for i := range n {
		if s.dashed && i%(dashOn+dashOff) >= dashOn {
			continue
		}
		for j := range sideThick {
			c := dark
			if j == sideThick/2 {
				c = bright
			}
			if s.upright {
				m.SetRGBA(j, i, c)
			} else {
				m.SetRGBA(i, j, c)
			}
		}
	}
	return m
}

// frame draws the border of a box, clipped to what is seen of the picture: a
// side that is out of sight is not drawn at its edge.
func (b *boxObjects) frame(x, y, w, h float32, pos fyne.Position, size fyne.Size, k float32, dashed bool, colour color.NRGBA) {
	x0, y0, x1, y1 := max(x, pos.X), max(y, pos.Y), min(x+w, pos.X+size.Width), min(y+h, pos.Y+size.Height)
	cut := x0 > x+.5 || y0 > y+.5 || x1 < x+w-.5 || y1 < y+h-.5
	look.Show(!cut && !dashed, b.outer, b.inner)
	if !cut && !dashed {
		b.hideSides()
		b.outer.StrokeColor, b.outer.StrokeWidth = color.NRGBA{0, 0, 0, 200}, 3
		b.inner.StrokeColor, b.inner.StrokeWidth = colour, 1.5
		look.At(b.outer, x-1, y-1, w+2, h+2)
		look.At(b.inner, x, y, w, h)
		return
	}
	thick := sideThick / k
	for i := range b.sides {
		upright := i > 1
		length := x1 - x0
		if upright {
			length = y1 - y0
		}
		sx, sy := x0, y0
		seen := true
		switch i {
		case 0:
			sy, seen = y-thick/2, y >= pos.Y
		case 1:
			sy, seen = y+h-thick/2, y+h <= pos.Y+size.Height+.5
		case 2:
			sx, seen = x-thick/2, x >= pos.X
		case 3:
			sx, seen = x+w-thick/2, x+w <= pos.X+size.Width+.5
		}
		s := side{int(length*k + .5), upright, dashed, colour}
		if b.sides[i] == nil {
			b.sides[i] = canvas.NewImageFromImage(nil)
			b.sides[i].ScaleMode, b.sides[i].FillMode = canvas.ImageScaleFastest, canvas.ImageFillStretch
		}
		look.Show(seen, b.sides[i])
		if !seen {
			continue
		}
		if b.drawn[i] != s {
			b.drawn[i], b.sides[i].Image = s, s.paint()
			b.sides[i].Refresh()
		}
		n := b.sides[i].Image.Bounds().Size()
		look.At(b.sides[i], sx, sy, float32(n.X)/k, float32(n.Y)/k)
	}
}

// Screen maps a rectangle of metadata, which lies on the coded picture of w by
// h, onto the tile.
func Screen(b metadata.Rect, w, h int, m develop.Map) (x, y, width, height float32) {
	u0, v0, u1, v1 := b.Pixels(w, h)
	x0, y0, x1, y1 := m.Rect(u0, v0, u1, v1)
	return float32(x0), float32(y0), float32(x1 - x0), float32(y1 - y0)
}

func (r *tileRenderer) boxes(pos fyne.Position, size fyne.Size) {
	t, p := r.t, &r.t.parts
	boxes := t.model.Boxes
	if t.model.Message != "" && !t.model.Keep || t.frame == nil {
		boxes = nil
	}
	n := min(len(boxes), maxBoxes)
	for len(p.boxes) < n {
		p.boxes = append(p.boxes, newBox())
	}
	m, k := t.toTile(), t.pixels()
	var taken []fyne.CanvasObject
	for i, o := range p.boxes {
		if i >= n {
			o.hide()
			continue
		}
		b := boxes[i]
		x, y, w, h := Screen(b.Rect, t.w, t.h, m)
		if x >= pos.X+size.Width || y >= pos.Y+size.Height || x+w <= pos.X || y+h <= pos.Y {
			o.hide() // out of sight
			continue
		}
		white := color.NRGBA{255, 255, 255, 255}
		plate, ink := color.NRGBA{11, 13, 15, 225}, color.NRGBA{232, 234, 236, 255}
		if b.Selected {
			white, plate, ink = t.P.Accent, t.P.Accent, t.P.OnFill
		}
		o.frame(x, y, w, h, pos, size, k, t.model.Age > stale, white)
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
		// Of a box that is partly out of sight the label stands at the part that is seen.
		cx, cy := max(x, pos.X), max(y, pos.Y)
		lx, ly := labelPlace(cx, cy, min(x+w, pos.X+size.Width)-cx, min(y+h, pos.Y+size.Height)-cy, lw, pos, size, taken)
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
