package verdict

import (
	"cmp"
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/internal/diag"
	"vedette/ui/look"
)

// shares divides a width among parts by their size, but so that each can be
// seen and named: the picture is not to scale.
func shares(parts []Part, width float32) []float32 {
	const least = 76
	out := make([]float32, len(parts))
	var total float64
	for _, p := range parts {
		total += float64(p.Bytes.To - p.Bytes.From)
	}
	free := max(width-least*float32(len(parts)), 0)
	floor := min(least, width/float32(max(len(parts), 1)))
	for i, p := range parts {
		out[i] = floor
		if total > 0 {
			out[i] += free * float32(float64(p.Bytes.To-p.Bytes.From)/total)
		}
	}
	return out
}

// bytes draws the parts of the file, what each seal covers, and what lies
// outside hatched.
func (d *Panel) bytes(s Shown) fyne.CanvasObject {
	p, r := d.P, s.Report
	parts := s.Parts
	if len(parts) == 0 {
		parts = []Part{{"file", diag.Range{From: 0, To: r.Size}}}
	}
	name := look.Bold("Bytes", look.SizeSecond, p.Text)
	objects := []fyne.CanvasObject{name}
	var labels, ends []*canvas.Text
	for i, x := range parts {
		l, e := look.Text(x.Name, look.SizeSecond, p.Text), look.Text(Group(x.Bytes.From), look.SizeCode, p.Text2)
		labels, ends = append(labels, l), append(ends, e)
		objects = append(objects, l, e)
		if i == len(parts)-1 {
			e := look.Text(Group(x.Bytes.To), look.SizeCode, p.Text2)
			ends, objects = append(ends, e), append(objects, e)
		}
	}
	var seals []*canvas.Text
	for _, x := range r.Seals {
		l := look.Text(fmt.Sprintf("seal %d", x.Index), look.SizeSecond, p.Text2)
		seals, objects = append(seals, l), append(objects, l)
	}
	h := float32(54 + 13*len(r.Seals))
	const left = 118
	raster := canvas.NewRaster(nil)
	raster.Generator = func(w, hp int) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, w, hp))
		k := float32(1)
		if raster.Size().Width > 0 {
			k = float32(w) / raster.Size().Width
		}
		c := &look.Pen{M: m, K: k}
		d.paintBytes(c, parts, float32(w)/k)
		return m
	}
	raster.ScaleMode = canvas.ImageScaleFastest
	return look.Inset(14, 8, 14, 0, look.Place(fyne.NewSize(300, h), func(z fyne.Size, _ []fyne.CanvasObject) {
		w := z.Width - left
		look.Line(name, 0, 2, 20)
		look.At(raster, left, 0, w, h-18)
		x := float32(left)
		for i, share := range shares(parts, w) {
			labels[i].Text = look.Fit(parts[i].Name, look.SizeSecond, labels[i].TextStyle, share-8, false)
			look.Line(labels[i], x+(share-labels[i].MinSize().Width)/2, 2, 20)
			ends[i].Text = look.Fit(Group(parts[i].Bytes.From), look.SizeCode, ends[i].TextStyle, share-4, false)
			look.Line(ends[i], x, h-17, 16)
			x += share
		}
		last := ends[len(ends)-1]
		if w := last.MinSize().Width; len(parts) > 1 && w > shares(parts, z.Width-left)[len(parts)-1]-ends[len(parts)-1].MinSize().Width-8 {
			ends[len(parts)-1].Text = "" // no room for both ends of the last part
		}
		look.Line(last, z.Width-last.MinSize().Width, h-17, 16)
		for i, l := range seals {
			look.Line(l, left-l.MinSize().Width-10, 23+13*float32(i), 13)
		}
	}, append([]fyne.CanvasObject{raster}, objects...)...))
}

func (d *Panel) paintBytes(c *look.Pen, parts []Part, width float32) {
	p, r := d.P, d.shown.Report
	x := float32(0)
	place := func(at int64) float32 {
		x := float32(0)
		for i, share := range shares(parts, width) {
			b := parts[i].Bytes
			if at < b.To || i == len(parts)-1 {
				return x + share*float32(float64(min(max(at-b.From, 0), b.To-b.From))/float64(max(b.To-b.From, 1)))
			}
			x += share
		}
		return x
	}
	var inside []diag.Range
	for _, s := range r.Seals {
		inside = append(inside, s.Covered...)
	}
	inside = append(inside, d.shown.Signatures...)
	for i, share := range shares(parts, width) {
		if len(r.Seals) > 0 && !within(parts[i].Bytes, inside) {
			c.Hatch(x, 0, share, 23, p.Raised, p.Control)
			c.Fill(x+6, 4, share-12, 15, p.Raised) // the name stays readable
		} else {
			c.Fill(x, 0, share, 23, p.Raised)
		}
		c.Fill(x, 0, 1, 36+13*float32(len(r.Seals)), p.Control)
		x += share
	}
	for i, s := range r.Seals {
		for _, k := range s.Covered {
			a, b := place(k.From), place(k.To)
			c.Fill(a, 27+13*float32(i), max(b-a, 1), 5, p.Intact)
		}
	}
}

// within reports whether every byte of b lies in one of the ranges.
func within(b diag.Range, ranges []diag.Range) bool {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(x, y diag.Range) int { return cmp.Compare(x.From, y.From) })
	at := b.From
	for _, r := range sorted {
		if r.From > at {
			break
		}
		at = max(at, r.To)
	}
	return at >= b.To
}
