package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Text makes one line of text.
func Text(s string, size float32, c color.Color) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = size
	return t
}

// Bold makes one line of emphasised text.
func Bold(s string, size float32, c color.Color) *canvas.Text {
	t := Text(s, size, c)
	t.TextStyle.Bold = true
	return t
}

// Code makes one line in the face of codes and digests.
func Code(s string, size float32, c color.Color) *canvas.Text {
	t := Text(s, size, c)
	t.TextStyle.Monospace = true
	return t
}

// Fit cuts a text to a width with an ellipsis; paths are cut in the middle.
func Fit(s string, size float32, style fyne.TextStyle, width float32, middle bool) string {
	if width <= 0 || fyne.MeasureText(s, size, style).Width <= width {
		return s
	}
	r := []rune(s)
	for n := len(r) - 1; n > 0; n-- {
		cut := string(r[:n]) + "…"
		if middle {
			cut = string(r[:n/2]) + "…" + string(r[len(r)-n+n/2:])
		}
		if fyne.MeasureText(cut, size, style).Width <= width {
			return cut
		}
	}
	return ""
}

// Surface is a filled rectangle under a content.
func Surface(c color.Color, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(canvas.NewRectangle(c), content)
}

// Rounded is a filled rectangle with the radius of cards.
func Rounded(fill, border color.Color) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	r.CornerRadius = 6
	if border != nil {
		r.StrokeColor, r.StrokeWidth = border, 1
	}
	return r
}

// place is a layout given by a function of the size.
type place struct {
	min fyne.Size
	fn  func(size fyne.Size, o []fyne.CanvasObject)
}

func (p place) Layout(o []fyne.CanvasObject, s fyne.Size) { p.fn(s, o) }
func (p place) MinSize([]fyne.CanvasObject) fyne.Size     { return p.min }

// Place lays objects out by a function; min is the least size.
func Place(min fyne.Size, fn func(size fyne.Size, o []fyne.CanvasObject), o ...fyne.CanvasObject) *fyne.Container {
	return container.New(place{min, fn}, o...)
}

// At moves and sizes an object.
func At(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// Line puts a text with its line of the given height at a place.
func Line(t *canvas.Text, x, y, height float32) {
	m := t.MinSize()
	At(t, x, y+(height-m.Height)/2, m.Width, m.Height)
}

// Inset surrounds a content with free space.
func Inset(left, top, right, bottom float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(inset{left, top, right, bottom}, content)
}

type inset struct{ l, t, r, b float32 }

func (i inset) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, c := range o {
		At(c, i.l, i.t, s.Width-i.l-i.r, s.Height-i.t-i.b)
	}
}

func (i inset) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, c := range o {
		m = m.Max(c.MinSize())
	}
	return m.Add(fyne.NewSize(i.l+i.r, i.t+i.b))
}

// Show shows or hides objects. Those that are so already are left alone: the
// toolkit repaints the window for each object that is hidden, and a layout that
// hides what is hidden would keep it painting.
func Show(on bool, o ...fyne.CanvasObject) {
	for _, c := range o {
		if c.Visible() == on {
			continue
		}
		if on {
			c.Show()
		} else {
			c.Hide()
		}
	}
}
