package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Headline is the head of a panel, 72 high: an edge and, where there is one, a
// mark, what is said and what it does not show, and what can be done at the right.
func Headline(p *Palette, edge color.Color, mark fyne.Resource, said, limits string, buttons ...*Button) *fyne.Container {
	head, second := Bold(said, SizePanel, p.Text), Text(limits, SizeSecond, p.Text2)
	back, line, bar := canvas.NewRectangle(p.Panel), canvas.NewRectangle(p.Line), canvas.NewRectangle(edge)
	objects := []fyne.CanvasObject{back, line, bar, head, second}
	left := float32(26)
	if mark != nil {
		left = 76
		m := canvas.NewImageFromResource(mark)
		m.FillMode = canvas.ImageFillContain
		At(m, 26, 20, 32, 32)
		objects = append(objects, m)
	}
	for _, b := range buttons {
		objects = append(objects, b)
	}
	return Place(fyne.NewSize(400, 72), func(z fyne.Size, _ []fyne.CanvasObject) {
		At(back, 0, 0, z.Width, 72)
		At(line, 0, 71, z.Width, 1)
		At(bar, 0, 0, 6, 72)
		x := z.Width - 8
		for i := len(buttons) - 1; i >= 0; i-- {
			w := buttons[i].MinSize().Width
			x -= w + 8
			At(buttons[i], x, 22, w, 28)
		}
		head.Text = Fit(said, SizePanel, head.TextStyle, x-left-16, false)
		second.Text = Fit(limits, SizeSecond, second.TextStyle, x-left-16, false)
		Line(head, left, 10, 32)
		Line(second, left, 42, 18)
	}, objects...)
}
