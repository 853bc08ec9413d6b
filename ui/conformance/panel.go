// Package conformance shows how an export answers the clauses of IEC 62676-2-11:
// the level it reaches, what stands in the way of the next one, and each demand
// with what was seen. It shows answers and derives none.
package conformance

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/ui/look"
	"vedette/ui/verdict"
	"vedette/verify/conform"
)

// State is what is shown: a result, or why there is none.
type State struct {
	Name   string
	Result *conform.Result // nil while it is being made
	Error  string
}

// Orders are what the panel asks of the window. All must be set.
type Orders struct {
	Copy    func(text string)
	Letter  func(lang string, html bool)
	Verdict func() // show the verdict instead
	Close   func()
}

// Panel is the screen.
type Panel struct {
	p      *look.Palette
	orders Orders
	root   *fyne.Container
}

// New makes an empty panel.
func New(p *look.Palette, o Orders) *Panel { return &Panel{p, o, container.NewStack()} }

// Object returns what is to be placed in a window.
func (d *Panel) Object() fyne.CanvasObject { return d.root }

// Set shows a state.
func (d *Panel) Set(s State) {
	var body fyne.CanvasObject
	switch {
	case s.Error != "":
		body = d.message("The export could not be judged by the clauses.", s.Error)
	case s.Result == nil:
		body = d.message("Reading the export", "Boxes, tracks and metadata are looked through. Nothing is changed.")
	default:
		body = d.table(s.Result)
	}
	d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.p.Window), container.NewBorder(d.headline(s), nil, nil, nil, body)}
	d.root.Refresh()
}

func (d *Panel) message(said, more string) fyne.CanvasObject {
	return look.Inset(16, 16, 16, 16, container.NewVBox(look.Bold(said, look.SizeCard, d.p.Text), verdict.Wrapped(more)))
}

// Headline says which level is reached.
func Headline(r *conform.Result) string {
	if r.Level == conform.LevelNone {
		return "No level of IEC 62676-2-11 is reached."
	}
	return "Level " + r.Level.String() + " is reached."
}

const limits = "The form of the file is judged, and whether its seals fit. Not who signed, nor whether the clock was right."

func (d *Panel) headline(s State) fyne.CanvasObject {
	p := d.p
	said := "Conformance of " + s.Name
	if s.Result != nil {
		said = Headline(s.Result)
	}
	letter := look.NewButton(p, "sheet", "Letter to the site…", "", nil)
	letter.OnTap = func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(letter)
		item := func(label, lang string, html bool) *fyne.MenuItem {
			return fyne.NewMenuItem(label, func() { d.orders.Letter(lang, html) })
		}
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", item("English, text", "en", false), item("English, for printing (HTML)", "en", true),
			item("French, text", "fr", false), item("French, for printing (HTML)", "fr", true)),
			fyne.CurrentApp().Driver().CanvasForObject(letter), at.AddXY(0, 30))
	}
	letter.Disable(s.Result == nil)
	cp := look.NewButton(p, "copy", "Copy text", "", func() {
		var b strings.Builder
		_ = s.Result.WriteText(&b) // a builder takes everything
		d.orders.Copy(b.String())
	})
	cp.Disable(s.Result == nil)
	return look.Headline(p, p.Control, nil, said, limits,
		look.NewButton(p, "shield", "Verdict", "", d.orders.Verdict), letter, cp, look.NewButton(p, "", "Close", "V", d.orders.Close))
}

// table shows what is missing, then every demand in the order of the standard.
func (d *Panel) table(r *conform.Result) fyne.CanvasObject {
	p := d.p
	count := map[conform.State]int{}
	rows := container.NewVBox()
	for _, k := range r.Rows {
		count[k.State]++
		rows.Add(d.row(k))
	}
	body := container.NewVBox()
	if len(r.Missing) > 0 {
		missing := container.NewVBox()
		for _, g := range r.Missing {
			missing.Add(verdict.Wrapped(lacks(r, g)))
		}
		body.Add(verdict.Card(p, "What stands in the way", "", nil, look.Inset(14, 6, 14, 0, missing)))
		body.Add(verdict.Gap(10))
	}
	beside := fmt.Sprintf("%d met, %d not met, %d cannot be told from the file, %d not applicable",
		count[conform.Met], count[conform.NotMet], count[conform.CannotTell], count[conform.NotApplicable])
	body.Add(verdict.Card(p, "Clauses", beside, nil, rows))
	return container.NewVScroll(look.Inset(16, 12, 16, 16, body))
}

// lacks says in the words of the demands what a level needs.
func lacks(r *conform.Result, g conform.Gap) string {
	titles := map[string]string{}
	for _, k := range r.Rows {
		titles[k.Clause+" "+k.Item] = k.Title + " (" + k.Clause + ")"
	}
	var out []string
	for _, i := range g.Items {
		if t, ok := titles[i]; ok {
			i = t
		}
		out = append(out, i)
	}
	return "Level " + g.Level.String() + " is not reached: " + strings.Join(out, "; ") + "."
}

var icons = map[conform.State]string{conform.Met: "tick", conform.NotMet: "close", conform.CannotTell: "half", conform.NotApplicable: "minus"}

func (d *Panel) row(k conform.Row) fyne.CanvasObject {
	p := d.p
	colour := p.Text2
	title := look.Bold(k.Title, look.SizeBase, p.Text)
	if k.State == conform.NotMet {
		colour = p.Broken
	}
	icon := canvas.NewImageFromResource(p.IconIn(icons[k.State], colour))
	icon.FillMode = canvas.ImageFillContain
	clause, state := look.Text(k.Clause, look.SizeBase, p.Text), look.Text(words[k.State], look.SizeSecond, p.Text2)
	asked := ""
	if k.For != conform.LevelNone {
		asked = "level " + k.For.String()
	}
	if k.Offset != nil {
		if asked != "" {
			asked += ", "
		}
		asked += "at byte " + verdict.Group(*k.Offset)
	}
	right := look.Text(asked, look.SizeSecond, p.Text2)
	seen := verdict.Wrapped(k.Evidence)
	line := canvas.NewRectangle(p.Line)
	full := k.Title
	return container.New(rowLayout{}, look.Place(fyne.NewSize(300, 24), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(icon, 14, 5, 16, 16)
		look.Line(clause, 42, 3, 20)
		look.Line(state, 100, 3, 20)
		look.Line(right, z.Width-right.MinSize().Width-14, 3, 20)
		title.Text = look.Fit(full, look.SizeBase, title.TextStyle, z.Width-right.MinSize().Width-14-12-208, false)
		look.Line(title, 208, 3, 20)
	}, icon, clause, state, right, title), seen, line)
}

var words = map[conform.State]string{conform.Met: "met", conform.NotMet: "not met", conform.CannotTell: "cannot be told", conform.NotApplicable: "not applicable"}

// rowLayout puts what was seen under its demand, and a line below.
type rowLayout struct{}

func (rowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	look.At(o[0], 0, 2, s.Width, 24)
	look.At(o[1], 208, 26, s.Width-208-14, max(s.Height-34, 18))
	look.At(o[2], 0, s.Height-1, s.Width, 1)
}

func (rowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, 26+o[1].MinSize().Height+8)
}
