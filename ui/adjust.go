package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/ui/look"
	"vedette/ui/stage/develop"
)

// adjust is the panel that takes the place of the side while pictures are
// adjusted, so that the picture itself stays in sight.
type adjust struct {
	w      *Window
	root   *fyne.Container
	open   bool
	name   *canvas.Text
	zoom   *canvas.Text
	lines  []*adjustLine
	fields [4]*look.Button
	mirror *look.Button
	smooth *look.Switch
	grid   *look.Switch
	reset  *look.Button
	none   *canvas.Text
	body   fyne.CanvasObject
}

// adjustLine is one value with its slider.
type adjustLine struct {
	slider *look.Slider
	value  *canvas.Text
	back   *look.Button
	of     func(*develop.Adjust) *int
	text   func(int) string
}

func newAdjust(w *Window, open bool) *adjust {
	p := w.p
	a := &adjust{w: w, open: open, name: look.Text("", look.SizeBase, p.Text2), zoom: look.Text("", look.SizeSecond, p.Text)}
	a.none = look.Text("Choose a picture to adjust.", look.SizeBase, p.Text2)
	shut := look.NewButton(p, "close", "", "", w.toggleAdjust)
	shut.Flat = true
	word := look.Bold("Adjust", look.SizeBase, p.Text)
	edge, line := canvas.NewRectangle(p.Line), canvas.NewRectangle(p.Line)
	head := look.Place(fyne.NewSize(rightLeast, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(word, 16, 0, 36)
		x := 26 + word.MinSize().Width
		if t := w.lookTile(); t != nil {
			a.name.Text = look.Fit(title(t.item), look.SizeBase, fyne.TextStyle{}, z.Width-x-48, false)
		}
		look.Line(a.name, x, 0, 36)
		look.At(shut, z.Width-38, 4, 28, 28)
		look.At(line, 0, 35, z.Width, 1)
	}, word, a.name, shut, line)
	a.body = container.NewVScroll(look.Inset(0, 4, 0, 16, container.New(stack{}, a.rows()...)))
	a.root = look.Place(fyne.NewSize(rightLeast, 200), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(edge, 0, 0, 1, z.Height)
		look.At(o[1], 1, 0, z.Width-1, z.Height)
		look.Line(a.none, 16, 48, 20)
	}, edge, container.NewBorder(head, nil, nil, nil, a.body), a.none)
	a.show()
	return a
}

// rows are the parts of the panel from top to bottom.
func (a *adjust) rows() []fyne.CanvasObject {
	p, w := a.w.p, a.w
	heading := func(s string) fyne.CanvasObject {
		return look.Inset(16, 12, 16, 4, look.Bold(s, look.SizeBase, p.Text))
	}
	button := func(icon, label, key string, fn func(*tile)) *look.Button {
		return look.NewButton(p, icon, label, key, w.looks(fn))
	}
	signed := func(v int) string {
		if v == 0 {
			return "0 %"
		}
		return fmt.Sprintf("%+d %%", v)
	}
	a.mirror = button("mirror", "Mirror", "H", mirror)
	a.smooth = look.NewSwitch(p, false, func(on bool) { a.change(func(v *develop.View) { v.Smooth = on }) })
	a.grid = look.NewSwitch(p, false, func(on bool) { a.change(func(v *develop.View) { v.Grid = on }) })
	a.reset = look.NewButton(p, "", "As recorded", "Shift+R", w.looks(asRecorded))
	rows := []fyne.CanvasObject{
		heading("Zoom"),
		look.Place(fyne.NewSize(200, 22), func(fyne.Size, []fyne.CanvasObject) { look.Line(a.zoom, 16, 0, 22) }, a.zoom),
		flow(button("fit", "Fit", "0", fitAll), button("", "1:1", "Z", exact), button("minus", "", "", zoomOut), button("plus", "", "", zoomIn), button("", "Box", "W", drawBox)),
		a.switchRow(a.smooth, "Enlarged pixels run into each other", "X"),
		a.switchRow(a.grid, "Lines between pixels, from 800 % on", ""),
		heading("Position"),
		flow(button("turn", "Turn", "R", turnRight), a.mirror),
		heading("Tone"),
		a.line("Brightness", develop.MinBrightness, develop.MaxBrightness, 5, func(x *develop.Adjust) *int { return &x.Brightness }, signed),
		a.line("Contrast", develop.MinContrast, develop.MaxContrast, 5, func(x *develop.Adjust) *int { return &x.Contrast }, signed),
		a.line("Gamma", develop.MinGamma, develop.MaxGamma, 5, func(x *develop.Adjust) *int { return &x.Gamma }, func(v int) string { return fmt.Sprintf("%d.%02d", (100+v)/100, (100+v)%100) }),
		heading("Fields of interlaced pictures"),
	}
	var fields []*look.Button
	for i, name := range []string{"Both", "Top", "Bottom", "Blend"} {
		a.fields[i] = look.NewButton(p, "", name, "", func() { a.change(func(v *develop.View) { v.Adjust.Fields = develop.Fields(i) }) })
		fields = append(fields, a.fields[i])
	}
	rows = append(rows, flow(fields...), look.Inset(0, 14, 0, 0, flow(a.reset)))
	for _, s := range []string{"Adjustments are for the eye. The evidence, its", "verdict and what is saved stay as recorded."} {
		t := look.Text(s, look.SizeSecond, p.Text2)
		rows = append(rows, look.Place(fyne.NewSize(200, 18), func(fyne.Size, []fyne.CanvasObject) { look.Line(t, 16, 0, 18) }, t))
	}
	return rows
}

// flow puts buttons beside each other.
func flow(buttons ...*look.Button) fyne.CanvasObject {
	var o []fyne.CanvasObject
	for _, b := range buttons {
		o = append(o, b)
	}
	return look.Place(fyne.NewSize(200, 36), func(fyne.Size, []fyne.CanvasObject) {
		x := float32(16)
		for _, b := range buttons {
			look.At(b, x, 4, b.MinSize().Width, 28)
			x += b.MinSize().Width + 6
		}
	}, o...)
}

func (a *adjust) switchRow(s *look.Switch, label, key string) fyne.CanvasObject {
	t, k := look.Text(label, look.SizeSecond, a.w.p.Text), look.Text(key, look.SizeCode, a.w.p.Text2)
	return look.Place(fyne.NewSize(200, 28), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(s, 16, 6, 28, 16)
		look.Line(t, 54, 0, 28)
		look.Line(k, 54+t.MinSize().Width+8, 0, 28)
	}, s, t, k)
}

// line is a row with a name, a slider, the value as a number and its reset.
func (a *adjust) line(name string, low, high, step int, of func(*develop.Adjust) *int, text func(int) string) fyne.CanvasObject {
	p := a.w.p
	l := &adjustLine{of: of, text: text, value: look.Text("", look.SizeSecond, p.Text)}
	l.slider = look.NewSlider(p, low, high, 0, step, func(v int) { a.change(func(x *develop.View) { *of(&x.Adjust) = v }) })
	l.back = look.NewButton(p, "close", "", "", func() { a.change(func(x *develop.View) { *of(&x.Adjust) = 0 }) })
	l.back.Flat = true
	a.lines = append(a.lines, l)
	label := look.Text(name, look.SizeSecond, p.Text)
	return look.Place(fyne.NewSize(200, 30), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(label, 16, 0, 30)
		look.At(l.slider, 92, 3, max(z.Width-92-96, 60), 24)
		look.Line(l.value, z.Width-42-l.value.MinSize().Width, 0, 30)
		look.At(l.back, z.Width-38, 3, 24, 24)
	}, label, l.slider, l.value, l.back)
}

func (a *adjust) change(f func(*develop.View)) {
	a.w.looks(func(t *tile) {
		v := t.View()
		f(&v)
		t.SetView(v)
	})()
}

// show takes over how the tile in focus is looked at.
func (a *adjust) show() {
	t := a.w.lookTile()
	look.Show(t == nil, a.none)
	look.Show(t != nil, a.body)
	if t == nil {
		a.name.Text = ""
		a.root.Refresh()
		return
	}
	v := t.View()
	a.zoom.Text = begun(t.ZoomText())
	for _, l := range a.lines {
		x := *l.of(&v.Adjust)
		l.slider.Set(x)
		l.value.Text = l.text(x)
		l.back.Disable(x == 0)
	}
	for i, b := range a.fields {
		b.Select(int(v.Adjust.Fields) == i)
	}
	a.mirror.Select(v.Adjust.Mirror)
	for s, on := range map[*look.Switch]bool{a.smooth: v.Smooth, a.grid: v.Grid} {
		if s.On != on {
			s.On = on
			s.Refresh()
		}
	}
	a.reset.Disable(v.Adjust == develop.Adjust{})
	a.root.Refresh()
}

func (w *Window) toggleAdjust() {
	w.adjust.open = !w.adjust.open && !w.maps.on
	w.adjust.show()
	w.arrange()
	w.tools.root.Refresh()
	w.d.Trace("adjust %t", w.adjust.open)
}
