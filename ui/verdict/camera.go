package verdict

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/media"
	"vedette/ui/look"
	"vedette/verify"
	"vedette/verify/camera"
)

// Band is what camera signing says about a run of pictures.
type Band struct {
	From, To media.UTC
	State    look.Stretch
}

var owners = map[camera.Ownership]string{camera.OwnerTrusted: "trusted", camera.OwnerUntrusted: "not trusted", camera.OwnerUnchecked: "not checked"}

// camera is the card about signatures inside the video, nil without any.
func (d *Panel) camera(s Shown) fyne.CanvasObject {
	r := s.Report.Camera
	switch {
	case r == nil:
		return nil
	case r.Axis && !r.Present:
		return d.card("Camera signing", "", nil, look.Inset(14, 6, 14, 2, Wrapped("The video holds Axis Signed Video, the predecessor of ONVIF Media Signing. This program does not judge it.")))
	case !r.Present:
		return nil
	}
	beside := "ONVIF Media Signing: " + r.State.String()
	for _, t := range r.Tracks {
		if t.Signer != nil {
			beside += ", key of " + verify.CommonName(t.Signer.Subject) + ", " + owners[r.Provenance]
			break
		}
	}
	var text []string
	for _, t := range r.Tracks {
		text = append(text, fmt.Sprintf("Track %d: %s of %s are authentic in the words of Media Signing.", t.Track, seconds(t.Authentic), seconds(t.Total)))
	}
	rows := container.NewVBox()
	if len(s.Bands) > 0 {
		rows.Add(d.lane(s.Bands))
	}
	for _, l := range text {
		rows.Add(Wrapped(l))
	}
	return d.card("Camera signing", beside, d.legend(r.Documents), look.Inset(14, 8, 14, 2, rows))
}

func seconds(t media.Ticks) string { return fmt.Sprintf("%.1f s", t.Duration().Seconds()) }

// legend names the shapes that occur, with the number of documents.
func (d *Panel) legend(n camera.Documents) fyne.CanvasObject {
	p := d.P
	row := container.NewHBox()
	for _, k := range []struct {
		n     int
		text  string
		state look.Stretch
	}{
		{n.Authentic, "authentic", look.StretchMatches}, {n.Missing, "with absent pictures", look.StretchMissing},
		{n.NotAuthentic, "not authentic", look.StretchAltered}, {n.NotVerifiable, "not verifiable", look.StretchUnknown},
	} {
		if k.n == 0 {
			continue
		}
		row.Add(swatch(p, k.state))
		row.Add(look.Text(fmt.Sprintf("%d %s", k.n, k.text), look.SizeSecond, p.Text2))
		row.Add(look.Place(fyne.NewSize(6, 1), func(fyne.Size, []fyne.CanvasObject) {}))
	}
	return row
}

func swatch(p *look.Palette, s look.Stretch) fyne.CanvasObject {
	r := canvas.NewRaster(nil)
	r.Generator = func(w, h int) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		c := &look.Pen{M: m, K: float32(w) / 18}
		c.Stretch(p, s, 0, 1, 18, 8)
		return m
	}
	r.ScaleMode = canvas.ImageScaleFastest
	return look.Place(fyne.NewSize(18, 18), func(fyne.Size, []fyne.CanvasObject) { look.At(r, 0, 4, 18, 10) }, r)
}

// lane draws the runs of pictures over their time; a click goes there.
func (d *Panel) lane(bands []Band) fyne.CanvasObject {
	p := d.P
	from, to := bands[0].From, bands[len(bands)-1].To
	name := look.Bold("Pictures", look.SizeSecond, p.Text)
	raster := canvas.NewRaster(nil)
	raster.ScaleMode = canvas.ImageScaleFastest
	raster.Generator = func(w, h int) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		k := float32(1)
		if raster.Size().Width > 0 {
			k = float32(w) / raster.Size().Width
		}
		c := &look.Pen{M: m, K: k}
		x := func(u media.UTC) float32 { return float32(float64(u-from)/float64(max(to-from, 1))) * float32(w) / k }
		for _, b := range bands {
			c.Stretch(p, b.State, x(b.From), 0, max(x(b.To)-x(b.From), 1), 10)
		}
		return m
	}
	objects := []fyne.CanvasObject{name, raster}
	var ticks []*canvas.Text
	for i := range 7 {
		u := from + (to-from)*media.UTC(i)/6
		t := look.Text(u.Time().Format("15:04:05"), look.SizeCode, p.Text2)
		ticks, objects = append(ticks, t), append(objects, t)
	}
	const left = 118
	area := look.NewTapArea(look.Place(fyne.NewSize(300, 34), func(z fyne.Size, _ []fyne.CanvasObject) {
		w := z.Width - left
		look.Line(name, 0, 0, 16)
		look.At(raster, left, 3, w, 10)
		for i, t := range ticks {
			m := t.MinSize().Width
			look.Line(t, min(max(left+w*float32(i)/6-m/2, left), z.Width-m), 17, 16)
		}
	}, objects...), nil, nil)
	area.At = func(pos fyne.Position) {
		if w := area.Size().Width - left; w > 0 && pos.X >= left {
			d.orders.Seek(int64(from + media.UTC(float64(to-from)*float64((pos.X-left)/w))))
		}
	}
	return area
}
