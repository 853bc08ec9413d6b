package trustscreen

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/internal/diag"
	"vedette/trust"
	"vedette/ui/look"
	"vedette/ui/verdict"
	"vedette/verify"
)

// preview shows what installing would change, and asks for the digits.
func (d *Panel) preview(v *trust.Preview) fyne.CanvasObject {
	p := d.p
	rows := container.NewVBox()
	count := map[string]int{}
	for _, c := range v.Changes {
		count[c.How]++
		rows.Add(d.change(c))
	}
	beside := fmt.Sprintf("%d added, %d changed, %d removed, %d kept", count["added"], count["changed"], count["removed"], count["kept"])
	right := container.NewVBox(verdict.Card(p, "Changes", beside, nil, rows))

	left := container.NewVBox(d.confirm(v), verdict.Gap(6))
	if d.model.Error != "" {
		left.Add(d.text("Not installed", d.model.Error))
		left.Add(verdict.Gap(6))
	}
	if v.Replaces != nil {
		left.Add(d.text("Replaces", fmt.Sprintf("serial %d of %s. It is kept, so that old verdicts can be made again.", v.Replaces.Serial, verify.Inert(v.Replaces.Name))))
		left.Add(verdict.Gap(6))
	}
	concerned := "No export is open."
	if len(d.model.Concerns) > 0 {
		concerned = strings.Join(d.model.Concerns, "\n") + "\nThey are judged again when the pack is in force."
	}
	left.Add(d.text("Open exports", concerned))
	if len(v.Findings) > 0 {
		found := container.NewVBox()
		for _, f := range v.Findings {
			found.Add(verdict.Wrapped(findingLine(f)))
		}
		left.Add(verdict.Gap(6))
		left.Add(verdict.Card(p, "Findings", "", nil, look.Inset(14, 6, 14, 0, found)))
	}
	return container.New(split{440}, container.NewVScroll(look.Inset(16, 12, 6, 16, left)), container.NewVScroll(look.Inset(6, 12, 16, 16, right)))
}

func findingLine(f diag.Finding) string {
	return f.Severity.String() + ": " + verify.Inert(f.Message) + " [" + f.Code + "]"
}

// confirm asks for the first digits of each digest, unless a signature of the
// agency stands for them.
func (d *Panel) confirm(v *trust.Preview) fyne.CanvasObject {
	p := d.p
	body := container.NewVBox()
	var fields []*widget.Entry
	install := look.NewButton(p, "shield", "Install", "", nil)
	install.Filled = true
	give := func() {
		var typed []string
		for _, f := range fields {
			typed = append(typed, strings.TrimSpace(f.Text))
		}
		d.orders.Install(typed)
	}
	install.OnTap = give
	if len(v.Confirm) == 0 {
		body.Add(verdict.Wrapped("The signature of the pack holds under the agency key of this installation. No digits have to be typed."))
	} else {
		body.Add(verdict.Wrapped(fmt.Sprintf("Type the first %d digits of each digest as you were told them on a second channel: by telephone or on paper, not with the pack.", trust.Digits)))
	}
	for _, c := range v.Confirm {
		f := widget.NewEntry()
		f.SetPlaceHolder(fmt.Sprintf("first %d digits", trust.Digits))
		f.OnSubmitted = func(string) { give() }
		if fields = append(fields, f); d.field == nil {
			d.field = f
		}
		body.Add(verdict.Wrapped(verify.Inert(c.What)))
		body.Add(look.Code(masked(c.SHA256), look.SizeCode, p.Text2))
		body.Add(f)
	}
	body.Add(verdict.Gap(2))
	body.Add(container.NewHBox(install))
	return verdict.Card(p, "Confirm", "", nil, look.Inset(14, 6, 14, 4, body))
}

// masked hides the digits that are to be typed: they have to come from elsewhere.
func masked(digest string) string {
	r := []rune(digest)
	for i, hidden := 0, 0; i < len(r) && hidden < trust.Digits; i++ {
		if r[i] != ' ' {
			r[i], hidden = '·', hidden+1
		}
	}
	return string(r[:len(r)/2])
}

// kinds are the marks of what a pack changes.
var kinds = map[string]string{"added": "plus", "removed": "minus", "changed": "note"}

// change is one row: what, whose, since when, and its digest.
func (d *Panel) change(c trust.Change) fyne.CanvasObject {
	p := d.p
	name := verify.Inert(c.Name)
	if c.Partner != "" {
		name = verify.Inert(c.Partner) + ": " + name
	}
	var facts []string
	if c.From != nil && c.To != nil {
		facts = append(facts, c.From.Format(time.DateOnly)+" to "+c.To.Format(time.DateOnly))
	}
	if c.Key != "" {
		facts = append(facts, c.Key)
	}
	if c.Was != "" {
		facts = append(facts, "was "+verify.Inert(c.Was))
	}
	objects := []fyne.CanvasObject{}
	icon := canvas.NewImageFromResource(nil)
	if k, ok := kinds[c.How]; ok {
		icon = canvas.NewImageFromResource(p.IconIn(k, p.Text2))
	}
	icon.FillMode = canvas.ImageFillContain
	what := look.Text(strings.TrimSpace(c.How+" "+c.What), look.SizeSecond, p.Text2)
	title, more, code := look.Bold(name, look.SizeBase, p.Text), look.Text(strings.Join(facts, ", "), look.SizeSecond, p.Text2), look.Code(c.SHA256, look.SizeCode, p.Text2)
	line := canvas.NewRectangle(p.Line)
	height := float32(30)
	if more.Text != "" {
		height += 18
	}
	if code.Text != "" {
		height += 16
	}
	full := []string{more.Text, code.Text}
	objects = append(objects, icon, what, title, more, code, line)
	return look.Place(fyne.NewSize(300, height), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(icon, 14, 6, 16, 16)
		look.Line(what, 38, 4, 20)
		const x = 176
		title.Text = look.Fit(name, look.SizeBase, title.TextStyle, z.Width-x-14, false)
		look.Line(title, x, 4, 20)
		y := float32(24)
		if full[0] != "" {
			more.Text = look.Fit(full[0], look.SizeSecond, more.TextStyle, z.Width-x-14, false)
			look.Line(more, x, y, 18)
			y += 18
		}
		code.Text = look.Fit(full[1], look.SizeCode, code.TextStyle, z.Width-x-14, true)
		look.Line(code, x, y, 16)
		look.At(line, 0, z.Height-1, z.Width, 1)
	}, objects...)
}
