package mapview

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"

	sm "github.com/flopp/go-staticmaps"
	"github.com/fogleman/gg"
	"github.com/golang/geo/s2"

	"vedette/mapview/tiles"
)

// maxStatic bounds the markers of one still picture.
const maxStatic = 500

// Static makes a still picture of markers for a report, with scale, attribution
// and north up. Nothing is fetched.
func Static(ms []Marker, chosen string, w, h int, c Colours) (image.Image, error) {
	ix := newIndex(ms)
	switch n := len(ix.markers); {
	case n == 0:
		return nil, errors.New("mapview: no marker has a position")
	case n > maxStatic:
		return nil, fmt.Errorf("mapview: %d markers, want at most %d in one picture", n, maxStatic)
	case w < 64 || h < 64 || w > 8192 || h > 8192:
		return nil, fmt.Errorf("mapview: a picture of %d by %d, want 64 to 8192", w, h)
	}
	outline, err := tiles.Load()
	if err != nil {
		return nil, err
	}
	v := tiles.FitView(ix.at, float64(w), float64(h), 90, fitZoom)
	v.Zoom = math.Floor(v.Zoom) // the library knows whole steps only
	lat, lon := v.Centre.Position()
	ctx := sm.NewContext()
	ctx.SetTileProvider(sm.NewTileProviderNone())
	ctx.SetSize(w, h)
	ctx.SetZoom(int(v.Zoom))
	ctx.SetCenter(s2.LatLngFromDegrees(lat, lon))
	ctx.OverrideAttribution(Attribution + ". North is up.")
	ctx.AddObject(&still{outline, w, h, &scene{view: v, index: ix, chosen: chosen, wedges: true, colours: c, scale: 1}})
	return ctx.Render()
}

// still draws ground and markers as one object of the library.
type still struct {
	outline *tiles.Outline
	w, h    int // of what is cut out
	q       *scene
}

// Bounds implements sm.MapObject.
func (s *still) Bounds() s2.Rect {
	r := s2.EmptyRect()
	for _, m := range s.q.index.markers {
		r = r.AddPoint(s2.LatLngFromDegrees(m.Lat, m.Lon))
	}
	return r
}

// ExtraMarginPixels implements sm.MapObject.
func (s *still) ExtraMarginPixels() (float64, float64, float64, float64) { return 0, 0, 0, 0 }

// Draw implements sm.MapObject. The library's picture is larger than what it
// cuts out in the end, with the centre where its transformer says.
func (s *still) Draw(gc *gg.Context, t *sm.Transformer) {
	m, ok := gc.Image().(*image.RGBA)
	if !ok {
		return
	}
	q := *s.q
	q.w, q.h = float64(m.Rect.Dx()), float64(m.Rect.Dy())
	lat, lon := q.view.Centre.Position()
	x, y := t.LatLngToXY(s2.LatLngFromDegrees(lat, lon))
	k := q.view.Scale()
	q.view.Centre.X += (q.w/2 - x) / k
	q.view.Centre.Y += (q.h/2 - y) / k
	paint(m, s.outline, &q)
	px, name := q.view.Bar(110)
	b := newBrush(m, 1)
	// At the lower left of what is cut out, above the attribution.
	bx, by := x-float64(s.w)/2+14, y+float64(s.h)/2-34
	b.path(fade(q.colours.Plate, 235), [2]float64{bx - 6, by - 12}, [2]float64{bx + px + 64, by - 12}, [2]float64{bx + px + 64, by + 10}, [2]float64{bx - 6, by + 10})
	ink := color.Color(q.colours.Text)
	b.stroke([2]float64{bx, by + 3}, [2]float64{bx + px, by + 3}, 1.5, ink)
	b.stroke([2]float64{bx + .75, by - 4}, [2]float64{bx + .75, by + 3}, 1.5, ink)
	b.stroke([2]float64{bx + px - .75, by - 4}, [2]float64{bx + px - .75, by + 3}, 1.5, ink)
	b.text(name, bx+px+8, by, 12, false, ink)
}
