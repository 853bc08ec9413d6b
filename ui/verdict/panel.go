package verdict

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/internal/diag"
	"vedette/ui/look"
	"vedette/verify"
)

// Shown is what the panel is about.
type Shown struct {
	Report   *verify.Report
	Checked  time.Time
	Exported string // declared export time, "" when not stated
	Parts    []Part // top-level boxes of the file, in order
	Bands    []Band // what camera signing says, in order

	Set *verify.SetReport // the exports that this one belongs with, nil for none

	// Signatures are the values of the seals, which cover all but themselves.
	Signatures []diag.Range
}

// Part is a run of top-level boxes of one kind.
type Part struct {
	Name  string
	Bytes diag.Range
}

// Orders are what the panel asks of the window. All must be set.
type Orders struct {
	Copy    func(text string)
	Close   func()
	Conform func()         // show the conformance report instead
	Seek    func(at int64) // to a time in 100 ns units, see media.UTC
}

// Panel shows everything behind a verdict.
type Panel struct {
	P      *look.Palette
	orders Orders
	root   *fyne.Container
	shown  Shown
	seal   int // index of the seal whose chain is shown
	left   *fyne.Container
}

// NewPanel makes an empty panel.
func NewPanel(p *look.Palette, o Orders) *Panel {
	return &Panel{P: p, orders: o, root: container.NewStack()}
}

// Object returns what is to be placed in a window.
func (d *Panel) Object() fyne.CanvasObject { return d.root }

// Set shows a report.
func (d *Panel) Set(s Shown) {
	if s.Report == nil {
		d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.P.Window)}
		d.root.Refresh()
		return
	}
	if s.Report != d.shown.Report {
		d.seal = len(s.Report.Seals) - 1
	}
	d.shown = s
	r := s.Report
	d.left = container.NewStack(d.leftColumn(r))
	body := container.NewVBox(d.cards(r), Gap(10), container.New(twoColumns{480}, d.left, d.right(s)), Gap(10), d.card("Coverage of the file", "half-open byte ranges, not to scale", nil, d.bytes(s)))
	scroll := container.NewVScroll(look.Inset(16, 12, 16, 16, body))
	d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.P.Window), container.NewBorder(d.headline(s), nil, nil, nil, scroll)}
	d.root.Refresh()
}

// choose shows the chain of another seal.
func (d *Panel) choose(i int) {
	d.seal = i
	d.left.Objects = []fyne.CanvasObject{d.leftColumn(d.shown.Report)}
	d.left.Refresh()
}

// Gap is free space of a height.
func Gap(h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, h))
	return r
}

func (d *Panel) headline(s Shown) fyne.CanvasObject {
	p, r := d.P, s.Report
	m := MarkOf(r)
	limits := fmt.Sprintf("%s  Checked %s UTC.", r.Limits(), s.Checked.UTC().Format("2006-01-02 15:04:05"))
	return look.Headline(p, p.Colour(m), p.MarkIcon(m), r.Headline(), limits,
		look.NewButton(p, "sheet", "Conformance…", "", d.orders.Conform),
		look.NewButton(p, "copy", "Copy text", "", func() { d.orders.Copy(reportText(r)) }),
		look.NewButton(p, "", "Close", "V", d.orders.Close))
}

// Card is a rounded surface with a title, and something at its right.
func Card(p *look.Palette, title, beside string, right, content fyne.CanvasObject) fyne.CanvasObject {
	name, more := look.Bold(title, look.SizeBase, p.Text), look.Text(beside, look.SizeSecond, p.Text2)
	line := canvas.NewRectangle(p.Line)
	objects := []fyne.CanvasObject{name, more, line}
	if right != nil {
		objects = append(objects, right)
	}
	head := look.Place(fyne.NewSize(200, 37), func(z fyne.Size, _ []fyne.CanvasObject) {
		room := z.Width - 24
		if right != nil {
			m := right.MinSize()
			look.At(right, z.Width-m.Width-6, (36-m.Height)/2, m.Width, m.Height)
			room -= m.Width
		}
		look.Line(name, 14, 0, 36)
		x := 14 + name.MinSize().Width + 10
		more.Text = look.Fit(beside, look.SizeSecond, more.TextStyle, room-x, false)
		look.Line(more, x, 0, 37)
		look.At(line, 0, 36, z.Width, 1)
	}, objects...)
	return container.NewStack(look.Rounded(p.Panel, p.Line), container.New(stacked{}, head, look.Inset(1, 0, 1, 8, content)))
}

func (d *Panel) card(title, beside string, right, content fyne.CanvasObject) fyne.CanvasObject {
	return Card(d.P, title, beside, right, content)
}

func (d *Panel) cards(r *verify.Report) fyne.CanvasObject {
	p := d.P
	var out []fyne.CanvasObject
	for _, a := range Answers(r) {
		mark := canvas.NewImageFromResource(p.MarkIcon(a.Mark))
		mark.FillMode = canvas.ImageFillContain
		mark.SetMinSize(fyne.NewSize(18, 18))
		rows := container.NewVBox(look.Text(a.Name, look.SizeSecond, p.Text2), container.NewHBox(mark, look.Bold(a.Said, look.SizeCard, p.Text)))
		text := ""
		for i, l := range a.Lines {
			if i > 0 {
				text += "\n"
			}
			text += l
		}
		rows.Add(Wrapped(text))
		out = append(out, container.NewStack(look.Rounded(p.Panel, p.Line), look.Inset(14, 10, 14, 10, rows)))
	}
	return container.New(cardRow{}, out...)
}

// cardRow puts cards side by side, 10 px apart, or two by two where they would
// become too narrow.
type cardRow struct{}

func (cardRow) columns(n int, width float32) int {
	if width < 900 && n > 2 {
		return 2
	}
	return n
}

func (c cardRow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if len(o) == 0 {
		return
	}
	n := c.columns(len(o), s.Width)
	w, rows := (s.Width-10*float32(n-1))/float32(n), (len(o)+n-1)/n
	h := (s.Height - 10*float32(rows-1)) / float32(rows)
	for i, x := range o {
		look.At(x, float32(i%n)*(w+10), float32(i/n)*(h+10), w, h)
	}
}

func (c cardRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	var h float32
	width := float32(0)
	for _, x := range o {
		h = max(h, x.MinSize().Height)
		width = max(width, x.Position().X+x.Size().Width)
	}
	if len(o) > 0 && width > 0 && c.columns(len(o), width) < len(o) {
		h = 2*h + 10
	}
	return fyne.NewSize(300, h)
}

// Wrapped is text that breaks its lines.
func Wrapped(s string) fyne.CanvasObject {
	seg := &widget.TextSegment{Text: s, Style: widget.RichTextStyle{ColorName: "foreground", SizeName: "text"}}
	t := widget.NewRichText(seg)
	t.Wrapping = fyne.TextWrapWord
	return container.New(tight{}, t)
}

// tight takes back the padding that the toolkit puts around rich text.
type tight struct{}

func (tight) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, c := range o {
		look.At(c, -8, -8, s.Width+16, s.Height+16)
	}
}

func (tight) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, c := range o {
		m = m.Max(c.MinSize())
	}
	return fyne.NewSize(60, max(m.Height-16, 18))
}

// twoColumns gives the second column a fixed width, or puts it below when
// there is no room.
type twoColumns struct{ second float32 }

func (t twoColumns) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if s.Width < 900 {
		h := o[0].MinSize().Height
		look.At(o[0], 0, 0, s.Width, h)
		look.At(o[1], 0, h+10, s.Width, o[1].MinSize().Height)
		return
	}
	second := min(t.second, s.Width*.42)
	look.At(o[0], 0, 0, s.Width-second-10, s.Height)
	look.At(o[1], s.Width-second, 0, second, s.Height)
}

func (t twoColumns) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	if w := o[0].Size().Width; w > 0 && o[1].Position().X == 0 { // one below the other
		return fyne.NewSize(300, a.Height+b.Height+10)
	}
	return fyne.NewSize(300, max(a.Height, b.Height))
}
