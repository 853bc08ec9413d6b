package verdict

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/ui/look"
	"vedette/verify"
)

func (d *Panel) leftColumn(r *verify.Report) fyne.CanvasObject {
	if len(r.Seals) == 0 {
		out := container.NewVBox(d.card("Seals", "", nil, look.Inset(14, 6, 14, 4, look.Text("The file has no seal. Unsigned and stripped look the same.", look.SizeBase, d.P.Text2))))
		d.addCamera(out)
		return out
	}
	rows := container.New(stacked{}, d.sealHead())
	for i := range r.Seals {
		rows.Add(look.NewFocusArea(d.P, d.sealRow(i), func() { d.choose(i) }, nil))
	}
	d.seal = min(max(d.seal, 0), len(r.Seals)-1)
	s := r.Seals[d.seal]
	out := container.NewVBox(d.card("Seals, in order", "oldest first", nil, rows), Gap(10),
		d.card(fmt.Sprintf("Certificate chain of seal %d", s.Index), "leaf to anchor", d.certificateButton(s), look.Inset(14, 8, 14, 6, d.chain(s))))
	d.addCamera(out)
	return out
}

// addCamera puts camera signing below the seals.
func (d *Panel) addCamera(out *fyne.Container) {
	if c := d.camera(d.shown); c != nil {
		out.Add(Gap(10))
		out.Add(c)
	}
}

// stacked puts rows under each other without space between.
type stacked struct{}

func (stacked) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, c := range o {
		h := c.MinSize().Height
		look.At(c, 0, y, s.Width, h)
		y += h
	}
}

func (stacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, c := range o {
		n := c.MinSize()
		m.Width, m.Height = max(m.Width, n.Width), m.Height+n.Height
	}
	return m
}

// sealColumns returns where the columns of the table begin, and where the last ends.
func sealColumns(w float32) (signer, algorithm, at, end float32) {
	return 44, w * .40, w * .58, w - 14
}

func (d *Panel) sealHead() fyne.CanvasObject {
	p := d.P
	var t []*canvas.Text
	var o []fyne.CanvasObject
	for _, s := range []string{"Signer", "Algorithm", "Export time (declared)", "Covers bytes, from 0 to"} {
		x := look.Text(s, look.SizeSecond, p.Text2)
		t, o = append(t, x), append(o, x)
	}
	line := canvas.NewRectangle(p.Line)
	return look.Place(fyne.NewSize(300, 30), func(z fyne.Size, _ []fyne.CanvasObject) {
		a, b, c, e := sealColumns(z.Width)
		look.Line(t[0], a, 2, 26)
		look.Line(t[1], b, 2, 26)
		look.Line(t[2], c, 2, 26)
		look.Line(t[3], e-t[3].MinSize().Width, 2, 26)
		look.At(line, 0, 29, z.Width, 1)
	}, append(o, line)...)
}

var sealMarks = map[verify.SealIntegrity]look.Mark{verify.SealIntact: look.MarkIntact, verify.SealBroken: look.MarkBroken}

// sealMark is that of one seal: the tick only where signer and bytes are good.
func sealMark(s verify.SealReport) look.Mark {
	m, ok := sealMarks[s.Integrity]
	if !ok {
		return look.MarkUnknown
	}
	if m == look.MarkIntact && !trusted(s.Trust.State) {
		return look.MarkUntrusted
	}
	return m
}

// trusted reports whether a signer counts as trusted.
func trusted(s verify.TrustState) bool {
	return s == verify.SignerTrusted || s == verify.SignerTrustedThenExpired || s == verify.SignerPinned
}

func (d *Panel) sealRow(i int) fyne.CanvasObject {
	p, r := d.P, d.shown.Report
	s := r.Seals[i]
	mark := canvas.NewImageFromResource(p.MarkIcon(sealMark(s)))
	mark.FillMode = canvas.ImageFillContain
	name, organisation := "no certificate", ""
	if s.Signer != nil {
		name, organisation = verify.CommonName(s.Signer.Subject), attribute(s.Signer.Subject, "O")
	}
	note := "No note"
	if s.Note != "" {
		note = "Note: " + verify.Inert(s.Note)
	}
	if organisation != "" {
		note = organisation + ". " + note
	}
	algorithm, hash, _ := strings.Cut(s.Algorithm, ", ")
	if s.SaltLength != nil {
		hash += fmt.Sprintf(", salt %d", *s.SaltLength)
	}
	at, state := "not stated", "of an earlier state"
	if i == 0 && d.shown.Exported != "" {
		at = d.shown.Exported
	}
	if i == len(r.Seals)-1 {
		state = "newest"
	} else {
		state = fmt.Sprintf("state before seal %d", r.Seals[i+1].Index)
	}
	covers, how := "none", s.Integrity.String()
	if n := len(s.Covered); n > 0 && s.Integrity == verify.SealIntact {
		covers, how = Group(s.Covered[n-1].To), map[bool]string{true: s.Scope.String(), false: s.Scope.String() + " at its time"}[i == len(r.Seals)-1]
	}
	full := [][2]string{{fmt.Sprintf("%d  %s", s.Index, name), note}, {algorithm, hash}, {at, state}, {covers, how}}
	back, bar, line := canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent), canvas.NewRectangle(p.Line)
	if i == d.seal {
		back.FillColor, bar.FillColor = p.Select, p.Accent
	}
	objects := []fyne.CanvasObject{back, bar, line, mark}
	var texts [4][2]*canvas.Text
	for k := range full {
		texts[k][0], texts[k][1] = look.Text(full[k][0], look.SizeBase, p.Text), look.Text(full[k][1], look.SizeSecond, p.Text2)
		objects = append(objects, texts[k][0], texts[k][1])
	}
	texts[0][0].TextStyle.Bold = true
	return look.Place(fyne.NewSize(300, 46), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(bar, 0, 0, 3, z.Height)
		look.At(line, 0, z.Height-1, z.Width, 1)
		look.At(mark, 16, 7, 16, 16)
		a, b, c, e := sealColumns(z.Width)
		for k, x := range []float32{a, b, c, e} {
			room := []float32{b - a - 12, c - b - 12, e - c - 130, 150}[k]
			for j, t := range texts[k] {
				t.Text = look.Fit(full[k][j], t.TextSize, t.TextStyle, room, false)
				at := x
				if k == 3 {
					at = x - t.MinSize().Width
				}
				look.Line(t, at, 4+19*float32(j), 20-2*float32(j))
			}
		}
	}, objects...)
}

// attribute returns one attribute of a distinguished name, "" without it.
func attribute(name, key string) string {
	for _, part := range strings.Split(name, ",") {
		if k, v, ok := strings.Cut(strings.TrimSpace(part), "="); ok && k == key {
			return v
		}
	}
	return ""
}

// certificateButton copies everything that is known of a seal's signer.
func (d *Panel) certificateButton(s verify.SealReport) fyne.CanvasObject {
	b := look.NewButton(d.P, "copy", "Copy certificates", "", func() { d.orders.Copy(chainText(s)) })
	b.Flat = true
	return b
}

func chainText(s verify.SealReport) string {
	chain := s.Chain
	if len(chain) == 0 && s.Signer != nil {
		chain = []verify.Signer{*s.Signer}
	}
	var b strings.Builder
	for _, c := range chain {
		fmt.Fprintf(&b, "Subject  %s\nIssuer   %s\nSerial   %s\nValid    %s to %s\nSHA-256  %s\n\n", c.Subject, c.Issuer, c.Serial,
			c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339), c.SHA256)
	}
	return b.String()
}

// chain shows the path from the signer to the anchor, and what was said of it.
func (d *Panel) chain(s verify.SealReport) fyne.CanvasObject {
	p := d.P
	chain := s.Chain
	said := verify.Explanation(s.Trust.Reason)
	if s.Integrity != verify.SealIntact && s.Reason != "" {
		said = s.Reason + " " + said
	}
	if s.Trust.JudgedAt != nil {
		said += fmt.Sprintf(" Judged at %s UTC (%s).", s.Trust.JudgedAt.UTC().Format("2006-01-02 15:04:05"), s.Trust.TimeSource)
	}
	out := container.NewVBox()
	if s.Signer == nil {
		out.Add(look.Text("The seal holds no certificate that can be read.", look.SizeBase, p.Text2))
		return out
	}
	if len(chain) == 0 {
		chain = []verify.Signer{*s.Signer}
	}
	var boxes []fyne.CanvasObject
	for i, c := range chain {
		role, border := "authority", color.Color(p.Line)
		switch {
		case i == len(chain)-1 && s.Trust.Anchor != "":
			role, border = "anchor, in the trust pack", p.Intact
			if s.Trust.State == verify.SignerPinned {
				role = "pinned, in the trust pack"
			}
		case i == 0:
			role = "signer"
		}
		boxes = append(boxes, d.certificate(c, role, border))
	}
	out.Add(container.New(chained{p}, boxes...))
	if said != "" {
		out.Add(Gap(2))
		out.Add(Wrapped(said))
	}
	if s.Trust.Detail != "" {
		out.Add(Wrapped(verify.Inert(s.Trust.Detail)))
	}
	for _, m := range s.Trust.Misses {
		if m == s.Trust.Detail {
			continue
		}
		out.Add(Wrapped("Did not hold: " + verify.Inert(m)))
	}
	for _, k := range s.Trust.Remarks {
		out.Add(Wrapped(verify.Explanation(k)))
	}
	return out
}

func (d *Panel) certificate(c verify.Signer, role string, border color.Color) fyne.CanvasObject {
	p := d.P
	full := []string{
		verify.CommonName(c.Subject), role, c.NotBefore.Format(time.DateOnly) + " to " + c.NotAfter.Format(time.DateOnly), "serial " + c.Serial,
		"SHA-256 " + c.SHA256[:min(8, len(c.SHA256))] + " … " + c.SHA256[max(0, len(c.SHA256)-4):],
	}
	face := look.Rounded(p.Raised, border)
	objects := []fyne.CanvasObject{face}
	var texts []*canvas.Text
	for i, s := range full {
		t := look.Text(s, look.SizeSecond, p.Text2)
		if i == 0 {
			t.TextStyle.Bold, t.Color = true, p.Text
		}
		texts, objects = append(texts, t), append(objects, t)
	}
	return look.Place(fyne.NewSize(150, 106), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(face, 0, 0, z.Width, z.Height)
		for i, t := range texts {
			t.Text = look.Fit(full[i], look.SizeSecond, t.TextStyle, z.Width-24, false)
			look.Line(t, 12, 8+18*float32(i), 18)
		}
	}, objects...)
}

// chained lays certificates out from left to right, three to a row, with room
// between them.
type chained struct{ p *look.Palette }

func (chained) Layout(o []fyne.CanvasObject, s fyne.Size) {
	n := max(min(len(o), 3), 2)
	w := min((s.Width-16*float32(n-1))/float32(n), 260)
	for i, c := range o {
		look.At(c, float32(i%n)*(w+16), float32(i/n)*116, w, 106)
	}
}

func (chained) MinSize(o []fyne.CanvasObject) fyne.Size {
	n := max(min(len(o), 3), 2)
	return fyne.NewSize(300, float32((len(o)+n-1)/n)*116-10)
}
