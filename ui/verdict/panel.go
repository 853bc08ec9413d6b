package verdict

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"vedette/internal/diag"
	"vedette/ui/look"
	"vedette/verify"
)

// Panel shows everything behind a verdict.
type Panel struct {
	P       *look.Palette
	OnCopy  func()
	OnClose func()
	root    *fyne.Container
}

// NewPanel makes an empty panel.
func NewPanel(p *look.Palette, onCopy, onClose func()) *Panel {
	return &Panel{P: p, OnCopy: onCopy, OnClose: onClose, root: container.NewStack()}
}

// Object returns what is to be placed in a window.
func (d *Panel) Object() fyne.CanvasObject { return d.root }

// Set shows a report.
func (d *Panel) Set(r *verify.Report, checked time.Time) {
	if r == nil {
		d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.P.Window)}
		d.root.Refresh()
		return
	}
	body := container.NewVBox(d.cards(r), gap(10), container.New(twoColumns{440}, d.left(r), d.right(r)))
	scroll := container.NewVScroll(look.Inset(16, 12, 16, 16, body))
	d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.P.Window), container.NewBorder(d.headline(r, checked), nil, nil, nil, scroll)}
	d.root.Refresh()
}

func gap(h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, h))
	return r
}

// headline is 72 high: mark, sentence, what it does not show, copy and close.
func (d *Panel) headline(r *verify.Report, checked time.Time) fyne.CanvasObject {
	p := d.P
	m := MarkOf(r)
	mark := canvas.NewImageFromResource(p.MarkIcon(m))
	mark.FillMode = canvas.ImageFillContain
	head := look.Bold(r.Headline(), look.SizePanel, p.Text)
	second := look.Text(fmt.Sprintf("%s  Checked %s UTC.", r.Limits(), checked.UTC().Format("2006-01-02 15:04:05")), look.SizeSecond, p.Text2)
	cp := look.NewButton(p, "copy", "Copy text", "", d.OnCopy)
	cl := look.NewButton(p, "", "Close", "V", d.OnClose)
	edge := canvas.NewRectangle(p.Colour(m))
	back, line := canvas.NewRectangle(p.Panel), canvas.NewRectangle(p.Line)
	return look.Place(fyne.NewSize(400, 72), func(s fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, s.Width, 72)
		look.At(line, 0, 71, s.Width, 1)
		look.At(edge, 0, 0, 6, 72)
		look.At(mark, 26, 20, 32, 32)
		w := cl.MinSize().Width
		look.At(cl, s.Width-w-16, 22, w, 28)
		v := cp.MinSize().Width
		look.At(cp, s.Width-w-v-24, 22, v, 28)
		room := s.Width - w - v - 24 - 84
		head.Text = look.Fit(r.Headline(), look.SizePanel, head.TextStyle, room, false)
		second.Text = look.Fit(second.Text, look.SizeSecond, second.TextStyle, room, false)
		look.Line(head, 76, 10, 32)
		look.Line(second, 76, 42, 18)
	}, back, line, edge, mark, head, second, cp, cl)
}

// card is a rounded surface with a title.
func (d *Panel) card(title, beside string, content fyne.CanvasObject) fyne.CanvasObject {
	p := d.P
	head := container.NewHBox(look.Bold(title, look.SizeBase, p.Text), look.Text(beside, look.SizeSecond, p.Text2))
	line := canvas.NewRectangle(p.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	return container.NewStack(look.Rounded(p.Panel, p.Line),
		container.NewVBox(look.Inset(14, 9, 14, 5, head), line, look.Inset(14, 6, 14, 12, content)))
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
		for _, l := range a.Lines {
			text += l + "\n"
		}
		rows.Add(d.wrapped(text))
		out = append(out, container.NewStack(look.Rounded(p.Panel, p.Line), look.Inset(14, 10, 14, 6, rows)))
	}
	return container.New(layout.NewGridLayout(4), out...)
}

// wrapped is small text that breaks its lines.
func (d *Panel) wrapped(s string) fyne.CanvasObject {
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
	return fyne.NewSize(m.Width, max(m.Height-16, 18))
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
	look.At(o[0], 0, 0, s.Width-t.second-10, s.Height)
	look.At(o[1], s.Width-t.second, 0, t.second, s.Height)
}

func (t twoColumns) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(300, max(a.Height, b.Height))
}

func (d *Panel) left(r *verify.Report) fyne.CanvasObject {
	rows := container.NewVBox()
	if len(r.Seals) == 0 {
		rows.Add(look.Text("The file has no seal.", look.SizeBase, d.P.Text2))
	}
	for _, s := range r.Seals {
		rows.Add(d.seal(s))
	}
	out := container.NewVBox(d.card("Seals, in order", "oldest first", rows))
	if n := len(r.Seals); n > 0 && len(r.Seals[n-1].Chain) > 0 {
		out.Add(gap(10))
		out.Add(d.card(fmt.Sprintf("Certificate chain of seal %d", n), "leaf to anchor", d.chain(r.Seals[n-1].Chain)))
	}
	out.Add(gap(10))
	out.Add(d.card("Coverage of the file", "half-open byte ranges", d.bytes(r)))
	return out
}

var sealMarks = map[verify.SealIntegrity]look.Mark{verify.SealIntact: look.MarkIntact, verify.SealBroken: look.MarkBroken}

func (d *Panel) seal(s verify.SealReport) fyne.CanvasObject {
	p := d.P
	m, ok := sealMarks[s.Integrity]
	if !ok {
		m = look.MarkUnknown
	}
	mark := canvas.NewImageFromResource(p.MarkIcon(m))
	mark.FillMode = canvas.ImageFillContain
	name, by := "no certificate", ""
	if s.Signer != nil {
		name = verify.CommonName(s.Signer.Subject)
		by = fmt.Sprintf("valid %s to %s, serial %s", s.Signer.NotBefore.Format(time.DateOnly), s.Signer.NotAfter.Format(time.DateOnly), s.Signer.Serial)
	}
	title := look.Bold(fmt.Sprintf("%d  %s", s.Index, name), look.SizeBase, p.Text)
	state := s.Integrity.String()
	if s.Scope != verify.ScopeNone {
		state += ", " + s.Scope.String()
	}
	alg := s.Algorithm
	if s.SaltLength != nil {
		alg += fmt.Sprintf(", salt %d", *s.SaltLength)
	}
	right := look.Text(state, look.SizeBase, p.Text)
	lines := []string{by, alg, verify.Explanation(s.Trust.Reason)}
	if s.Note != "" {
		lines = append(lines, "Note: "+verify.Inert(s.Note))
	}
	if s.Reason != "" && s.Integrity != verify.SealIntact {
		lines = append(lines, s.Reason)
	}
	var texts []*canvas.Text
	objects := []fyne.CanvasObject{mark, title, right}
	for _, l := range lines {
		if l == "" {
			continue
		}
		t := look.Text(l, look.SizeSecond, p.Text2)
		texts, objects = append(texts, t), append(objects, t)
	}
	full := make([]string, len(texts))
	for i, t := range texts {
		full[i] = t.Text
	}
	return look.Place(fyne.NewSize(200, float32(26+18*len(texts))), func(size fyne.Size, _ []fyne.CanvasObject) {
		look.At(mark, 0, 4, 16, 16)
		look.Line(title, 26, 2, 20)
		look.Line(right, size.Width-right.MinSize().Width, 2, 20)
		for i, t := range texts {
			t.Text = look.Fit(full[i], look.SizeSecond, t.TextStyle, size.Width-26, false)
			look.Line(t, 26, float32(22+18*i), 18)
		}
	}, objects...)
}

func (d *Panel) chain(chain []verify.Signer) fyne.CanvasObject {
	p := d.P
	var out []fyne.CanvasObject
	for i, c := range chain {
		var border color.Color = p.Line
		if i == len(chain)-1 {
			border = p.Intact
		}
		role := "signer"
		if i == len(chain)-1 {
			role = "anchor, in the trust pack"
		} else if i > 0 {
			role = "authority"
		}
		out = append(out, container.NewStack(look.Rounded(p.Raised, border), look.Inset(12, 8, 12, 8, container.NewVBox(
			look.Bold(verify.CommonName(c.Subject), look.SizeSecond, p.Text),
			look.Text(role, look.SizeSecond, p.Text2),
			look.Text(c.NotBefore.Format(time.DateOnly)+" to "+c.NotAfter.Format(time.DateOnly), look.SizeSecond, p.Text2),
			look.Text("SHA-256 "+c.SHA256[:8]+"…"+c.SHA256[len(c.SHA256)-4:], look.SizeCode, p.Text2),
		))))
	}
	return container.New(layout.NewGridLayout(max(len(out), 3)), out...)
}

// bytes draws what the seals cover as bars over the length of the file.
func (d *Panel) bytes(r *verify.Report) fyne.CanvasObject {
	p := d.P
	objects := []fyne.CanvasObject{}
	type bar struct {
		rect *canvas.Rectangle
		from diag.Range
		row  int
	}
	var bars []bar
	var labels []*canvas.Text
	for i, s := range r.Seals {
		l := look.Text(fmt.Sprintf("seal %d", s.Index), look.SizeSecond, p.Text2)
		labels, objects = append(labels, l), append(objects, l)
		for _, c := range s.Covered {
			b := canvas.NewRectangle(p.Intact)
			bars, objects = append(bars, bar{b, c, i}), append(objects, b)
		}
	}
	whole := canvas.NewRectangle(p.Raised)
	name, zero, end := look.Text("file", look.SizeSecond, p.Text2), look.Text("0", look.SizeCode, p.Text2), look.Text(Group(r.Size), look.SizeCode, p.Text2)
	objects = append([]fyne.CanvasObject{whole, name, zero, end}, objects...)
	h := float32(46 + 16*len(r.Seals))
	return look.Place(fyne.NewSize(200, h), func(s fyne.Size, _ []fyne.CanvasObject) {
		const left = 54
		w := s.Width - left
		look.Line(name, 0, 2, 18)
		look.At(whole, left, 2, w, 18)
		for i, l := range labels {
			look.Line(l, 0, float32(24+16*i), 14)
		}
		for _, b := range bars {
			x0 := float32(float64(b.from.From) / float64(max(r.Size, 1)) * float64(w))
			x1 := float32(float64(b.from.To) / float64(max(r.Size, 1)) * float64(w))
			look.At(b.rect, left+x0, float32(28+16*b.row), max(x1-x0, 1), 6)
		}
		look.Line(zero, left, h-20, 16)
		look.Line(end, s.Width-end.MinSize().Width, h-20, 16)
	}, objects...)
}

func (d *Panel) right(r *verify.Report) fyne.CanvasObject {
	p := d.P
	rows := container.NewVBox()
	count := map[diag.Severity]int{}
	for _, f := range r.Findings {
		count[f.Severity]++
		rows.Add(d.finding(f))
	}
	if len(r.Findings) == 0 {
		rows.Add(look.Text("Nothing was noticed.", look.SizeBase, p.Text2))
	}
	beside := counted(count[diag.Error]+count[diag.Fatal], "error") + ", " + counted(count[diag.Warning], "warning") + ", " + counted(count[diag.Note], "note")
	not := container.NewVBox()
	for _, n := range r.NotChecked {
		not.Add(d.wrapped(n))
	}
	packs := container.NewVBox()
	for _, k := range r.Packs {
		packs.Add(look.Text(verify.Inert(k.Name)+", SHA-256 "+k.SHA256[:8]+"…"+k.SHA256[len(k.SHA256)-4:], look.SizeSecond, p.Text))
	}
	if len(r.Packs) == 0 {
		packs.Add(look.Text("none: the signer was not checked", look.SizeSecond, p.Text2))
	}
	return container.NewVBox(d.card("Findings", beside, rows), gap(10), d.card("Not checked", "", not), gap(10), d.card("Trust packs", "", packs))
}

func (d *Panel) finding(f verify.ReportedFinding) fyne.CanvasObject {
	p := d.P
	name, c := "note", p.Text2
	switch {
	case f.Severity >= diag.Error:
		name, c = "error", p.Broken
	case f.Severity == diag.Warning:
		name = "warning"
	}
	icon := canvas.NewImageFromResource(p.IconIn(name, c))
	icon.FillMode = canvas.ImageFillContain
	code := f.Code
	if f.Offset != nil {
		code += "  at byte " + Group(*f.Offset)
	}
	text := d.wrapped(verify.Inert(f.Message))
	mark := look.Place(fyne.NewSize(24, 18), func(fyne.Size, []fyne.CanvasObject) { look.At(icon, 0, 2, 16, 16) }, icon)
	return container.NewBorder(nil, nil, mark, nil, container.NewVBox(text, look.Code(code, look.SizeCode, p.Text2)))
}

// counted prints a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
