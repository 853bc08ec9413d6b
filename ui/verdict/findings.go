package verdict

import (
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/internal/diag"
	"vedette/ui/look"
	"vedette/verify"
)

// maxShown bounds the findings that are drawn; all are in the copied text.
const maxShown = 200

func (d *Panel) right(shown Shown) fyne.CanvasObject {
	p, r := d.P, shown.Report
	rows := container.New(stacked{})
	count := map[diag.Severity]int{}
	for i, f := range r.Findings {
		count[f.Severity]++
		if i < maxShown {
			rows.Add(d.finding(f))
		}
	}
	switch n := len(r.Findings); {
	case n == 0:
		rows.Add(look.Inset(14, 6, 14, 2, look.Text("Nothing was noticed.", look.SizeBase, p.Text2)))
	case n > maxShown:
		rows.Add(look.Inset(14, 6, 14, 2, look.Text(fmt.Sprintf("%d more are in the copied text.", n-maxShown), look.SizeBase, p.Text2)))
	}
	beside := counted(count[diag.Error]+count[diag.Fatal], "error") + ", " + counted(count[diag.Warning], "warning") + ", " + counted(count[diag.Note], "note")
	cp := look.NewButton(p, "copy", "Copy text", "", func() { d.orders.Copy(findingsText(r)) })
	cp.Flat = true
	not := container.NewVBox()
	for _, n := range r.NotChecked {
		not.Add(Wrapped(n))
	}
	packs := container.NewVBox()
	for _, k := range r.Packs {
		text := verify.Inert(k.Name)
		if k.Serial > 0 {
			text += fmt.Sprintf(", serial %d", k.Serial)
		}
		packs.Add(look.Text(text+", SHA-256 "+k.SHA256[:8]+" … "+k.SHA256[len(k.SHA256)-4:], look.SizeSecond, p.Text))
	}
	if len(r.Packs) == 0 {
		packs.Add(look.Text("none: the signer was not checked", look.SizeSecond, p.Text2))
	}
	out := container.NewVBox(d.card("Findings", beside, cp, rows), Gap(10))
	if shown.Set != nil {
		out.Add(d.set(shown.Set))
		out.Add(Gap(10))
	}
	for _, c := range []fyne.CanvasObject{
		d.card("Not checked", "", nil, look.Inset(14, 4, 14, 0, not)), Gap(10), d.card("Trust packs", "", nil, look.Inset(14, 4, 14, 0, packs)),
	} {
		out.Add(c)
	}
	return out
}

// set tells with which open exports this one belongs together.
func (d *Panel) set(s *verify.SetReport) fyne.CanvasObject {
	rows, joint := container.NewVBox(), 0
	for i, f := range s.Files {
		if i > 0 && f.Start != nil && joint < len(s.Joints) {
			rows.Add(look.Text(s.Joints[joint].String(), look.SizeSecond, d.P.Text2))
			joint++
		}
		rows.Add(Wrapped(fmt.Sprintf("%d  %s: %s", i+1, verify.Inert(filepath.Base(f.File)), f.Verdict)))
	}
	for _, m := range s.Missing {
		rows.Add(Wrapped("Segment " + verify.Inert(m) + " of the chain is not open."))
	}
	for _, n := range s.NotChecked {
		rows.Add(Wrapped(n))
	}
	return d.card("Set", fmt.Sprintf("%d files, as a whole: %s", len(s.Files), s.Verdict), nil, look.Inset(14, 4, 14, 0, rows))
}

func (d *Panel) finding(f verify.ReportedFinding) fyne.CanvasObject {
	p := d.P
	name, c := "note", p.Text2
	switch {
	case f.Severity >= diag.Error:
		name, c = "error", p.Broken
	case f.Severity == diag.Warning:
		name, c = "warning", p.Untrusted
	}
	icon := canvas.NewImageFromResource(p.IconIn(name, c))
	icon.FillMode = canvas.ImageFillContain
	mark := look.Place(fyne.NewSize(26, 18), func(fyne.Size, []fyne.CanvasObject) { look.At(icon, 0, 2, 16, 16) }, icon)
	lines := container.New(stacked{}, Wrapped(verify.Inert(f.Message)))
	if where := bytesOf(f); where != "" {
		lines.Add(look.Text(where, look.SizeSecond, p.Text2))
	}
	lines.Add(look.Code(f.Code, look.SizeCode, p.Text2))
	line := canvas.NewRectangle(p.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	return container.New(stacked{}, look.Inset(14, 6, 14, 6, container.NewBorder(nil, nil, mark, nil, lines)), line)
}

// bytesOf says where in the file a finding was seen.
func bytesOf(f verify.ReportedFinding) string {
	switch {
	case f.Offset == nil:
		return ""
	case f.To > *f.Offset:
		return "bytes " + Group(*f.Offset) + " to " + Group(f.To)
	}
	return "at byte " + Group(*f.Offset)
}

func findingsText(r *verify.Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s  %s  %s", f.Severity, f.Code, verify.Inert(f.Message))
		if where := bytesOf(f); where != "" {
			b.WriteString("  (" + where + ")")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func reportText(r *verify.Report) string {
	var b strings.Builder
	_ = r.WriteText(&b) // a builder takes everything
	return b.String()
}

// counted prints a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
