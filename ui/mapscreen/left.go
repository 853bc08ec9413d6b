// Package mapscreen is what surrounds the map: partners with their switches,
// what is drawn, the legend, and the controls over it. It is given plain lists
// and reports what was asked for.
package mapscreen

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/mapview"
	"vedette/ui/look"
)

// Partner is one owner of cameras.
type Partner struct {
	Name, Letter string
	Cameras      int // with a position on the Earth
	Elsewhere    int // on plans, or without a place
	On           bool
}

// File is one opened Annex A file.
type File struct {
	Name, Summary string
	Findings      int
}

// Layer is something that can be shown or hidden.
type Layer struct {
	Name  string
	Count int
	On    bool
}

// Model is everything the left panel shows.
type Model struct {
	Partners []Partner
	Files    []File
	Layers   []Layer
}

// Actions are what can be asked for.
type Actions struct {
	Open     func()
	Partner  func(name string, on bool)
	Layer    func(index int, on bool)
	Findings func(file int)
	Close    func(file int)
}

// Left is the panel at the left of the map.
type Left struct {
	Root  *fyne.Container
	p     *look.Palette
	do    Actions
	list  *fyne.Container
	count *canvas.Text
	shown Model
	built bool
}

const width = 264

// NewLeft makes the panel.
func NewLeft(p *look.Palette, c mapview.Colours, do Actions) *Left {
	l := &Left{p: p, do: do, list: container.NewVBox(), count: look.Text("", look.SizeBase, p.Text2)}
	title := look.Bold("Partners", look.SizeBase, p.Text)
	add := look.NewButton(p, "plus", "", "", do.Open)
	add.Flat = true
	line, edge := canvas.NewRectangle(p.Line), canvas.NewRectangle(p.Line)
	head := look.Place(fyne.NewSize(width, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(title, 16, 0, 36)
		look.Line(l.count, 26+title.MinSize().Width, 0, 36)
		look.At(add, z.Width-38, 4, 28, 28)
		look.At(line, 0, 35, z.Width, 1)
	}, title, l.count, add, line)
	l.Root = look.Place(fyne.NewSize(width, 200), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(o[0], 0, 0, z.Width-1, z.Height)
		look.At(edge, z.Width-1, 0, 1, z.Height)
	}, container.NewBorder(head, l.legend(c), nil, nil, container.NewVScroll(l.list)), edge)
	return l
}

func (l *Left) legend(c mapview.Colours) fyne.CanvasObject {
	p := l.p
	line := canvas.NewRectangle(p.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	box := container.NewVBox(line, look.Inset(16, 8, 16, 2, look.Bold("Legend", look.SizeBase, p.Text)))
	for _, s := range mapview.Legend(c) {
		img := canvas.NewImageFromImage(s.Make(2))
		img.FillMode = canvas.ImageFillContain
		name := look.Text(s.Name, look.SizeSecond, p.Text2)
		box.Add(look.Place(fyne.NewSize(width, 24), func(fyne.Size, []fyne.CanvasObject) {
			look.At(img, 16, 0, 28, 24)
			look.Line(name, 56, 0, 24)
		}, img, name))
	}
	return container.NewVBox(box, look.Inset(0, 6, 0, 0, canvas.NewRectangle(p.Panel)))
}

// Set shows another model.
func (l *Left) Set(m Model) {
	if l.built && same(m, l.shown) {
		return
	}
	l.shown, l.built = m, true
	on := 0
	l.list.Objects = nil
	for _, x := range m.Partners {
		if x.On {
			on++
		}
		l.list.Add(l.partner(x))
	}
	l.count.Text = "none"
	if len(m.Partners) > 0 {
		l.count.Text = fmt.Sprintf("%d of %d shown", on, len(m.Partners))
	} else {
		l.list.Add(l.empty())
	}
	for i, f := range m.Files {
		l.list.Add(l.file(i, f))
	}
	l.list.Add(look.Inset(16, 10, 16, 2, look.Bold("Show", look.SizeBase, l.p.Text)))
	for i, x := range m.Layers {
		l.list.Add(l.layer(i, x))
	}
	l.count.Refresh()
	l.list.Refresh()
}

func same(a, b Model) bool {
	return slices.Equal(a.Partners, b.Partners) && slices.Equal(a.Files, b.Files) && slices.Equal(a.Layers, b.Layers)
}

func (l *Left) empty() fyne.CanvasObject {
	open := look.NewButton(l.p, "sheet", "Open Annex A file…", "", l.do.Open)
	return look.Inset(16, 12, 16, 8, container.NewVBox(
		look.Text("Cameras of partners appear here", look.SizeBase, l.p.Text2),
		look.Text("once an Annex A file (CSV) is open.", look.SizeBase, l.p.Text2),
		container.NewHBox(open)))
}

func (l *Left) partner(x Partner) fyne.CanvasObject {
	p := l.p
	ring := canvas.NewCircle(p.Panel)
	ring.StrokeColor, ring.StrokeWidth = p.Text, 1.2
	letter, name := look.Bold(x.Letter, look.SizeCode, p.Text), look.Text(x.Name, look.SizeBase, p.Text)
	count := look.Text(fmt.Sprint(x.Cameras), look.SizeBase, p.Text2)
	note := ""
	if x.Elsewhere > 0 {
		note = fmt.Sprintf("%d more on plans or not placed", x.Elsewhere)
	}
	second := look.Text(note, look.SizeSecond, p.Text2)
	sw := look.NewSwitch(p, x.On, func(on bool) { l.do.Partner(x.Name, on) })
	h := float32(34)
	if note != "" {
		h = 50
	}
	return look.Place(fyne.NewSize(width, h), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(ring, 16, 8, 20, 20)
		look.Line(letter, 26-letter.MinSize().Width/2, 8, 20)
		name.Text = look.Fit(x.Name, look.SizeBase, name.TextStyle, z.Width-140, false)
		look.Line(name, 46, 8, 20)
		look.Line(second, 46, 27, 18)
		look.Line(count, z.Width-54-count.MinSize().Width, 8, 20)
		look.At(sw, z.Width-44, 8, 28, 20)
	}, ring, letter, name, second, count, sw)
}

func (l *Left) file(i int, f File) fyne.CanvasObject {
	p := l.p
	name, second := look.Text(f.Name, look.SizeSecond, p.Text), look.Text(f.Summary, look.SizeSecond, p.Text2)
	icon := canvas.NewImageFromResource(p.IconIn("sheet", p.Text2))
	icon.FillMode = canvas.ImageFillContain
	line := canvas.NewRectangle(p.Line)
	shut := look.NewButton(p, "close", "", "", func() { l.do.Close(i) })
	shut.Flat = true
	more := look.NewButton(p, "", "Findings", "", func() { l.do.Findings(i) })
	more.Flat = true
	objects := []fyne.CanvasObject{line, icon, name, second, shut}
	h := float32(54)
	if f.Findings > 0 {
		objects, h = append(objects, more), 84
	}
	return look.Place(fyne.NewSize(width, h), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(line, 0, 2, z.Width, 1)
		look.At(icon, 18, 12, 16, 16)
		name.Text = look.Fit(f.Name, look.SizeSecond, name.TextStyle, z.Width-90, true)
		look.Line(name, 46, 10, 20)
		look.Line(second, 46, 29, 18)
		look.At(shut, z.Width-38, 6, 28, 28)
		look.At(more, 36, 50, more.MinSize().Width, 28)
	}, objects...)
}

func (l *Left) layer(i int, x Layer) fyne.CanvasObject {
	p := l.p
	name, count := look.Text(x.Name, look.SizeBase, p.Text), look.Text("", look.SizeBase, p.Text2)
	if x.Count >= 0 {
		count.Text = fmt.Sprint(x.Count)
	}
	sw := look.NewSwitch(p, x.On, func(on bool) { l.do.Layer(i, on) })
	return look.Place(fyne.NewSize(width, 30), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.Line(name, 16, 5, 20)
		look.Line(count, z.Width-54-count.MinSize().Width, 5, 20)
		look.At(sw, z.Width-44, 5, 28, 20)
	}, name, count, sw)
}

// Over lays the controls over a map: closer, farther, everything.
func Over(p *look.Palette, m *mapview.Map) fyne.CanvasObject {
	in, out, fit := look.NewButton(p, "plus", "", "", func() { m.Zoom(1) }), look.NewButton(p, "minus", "", "", func() { m.Zoom(-1) }), look.NewButton(p, "full", "", "", m.Fit)
	return look.Place(fyne.NewSize(300, 200), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(m, 0, 0, z.Width, z.Height)
		for i, b := range []*look.Button{in, out, fit} {
			look.At(b, z.Width-44, 12+32*float32(i), 32, 28)
		}
	}, m, in, out, fit)
}
