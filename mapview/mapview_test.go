package mapview

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"vedette/mapview/tiles"
)

var colours = Colours{
	Ground: tiles.Ground{Sea: color.NRGBA{16, 18, 20, 255}, Land: color.NRGBA{40, 44, 48, 255}, Border: color.NRGBA{80, 84, 88, 255}, Grid: color.NRGBA{30, 33, 36, 255}},
	Marker: color.NRGBA{232, 234, 236, 255}, Hollow: color.NRGBA{11, 13, 15, 255}, Accent: color.NRGBA{0, 158, 115, 255}, OnAccent: color.NRGBA{6, 19, 14, 255},
	Plate: color.NRGBA{26, 30, 34, 255}, Text: color.NRGBA{232, 234, 236, 255}, Text2: color.NRGBA{169, 177, 185, 255}, Line: color.NRGBA{42, 47, 52, 255},
}

func bearing(d float64) *float64 { return &d }

func TestFewMarkersStandAloneAndManyAreGathered(t *testing.T) {
	var ms []Marker
	for i := range 1000 {
		ms = append(ms, Marker{ID: fmt.Sprint(i), Lat: 48 + float64(i/40)*.01, Lon: 2 + float64(i%40)*.01})
	}
	few, many := newIndex(ms[:100]), newIndex(ms)
	v := tiles.FitView(many.at, 1000, 800, 40, 18)
	for _, s := range few.spots(v, 1000, 800) {
		if s.cluster {
			t.Errorf("a cluster of %d", len(s.all))
		}
	}
	total := 0
	spots := many.spots(v, 1000, 800)
	for _, s := range spots {
		total += len(s.all)
		if s.x < -40 || s.x > 1040 || s.y < -40 || s.y > 840 {
			t.Errorf("spot at %g, %g", s.x, s.y)
		}
	}
	if total != 1000 || len(spots) > 300 {
		t.Errorf("%d markers in %d spots", total, len(spots))
	}
}

func TestMarkersOnBothSidesOf180DegreesAreSeen(t *testing.T) {
	ix := newIndex([]Marker{{ID: "w", Lat: 52, Lon: 179.9}, {ID: "e", Lat: 52, Lon: -179.9}})
	v := tiles.View{Centre: tiles.Project(52, 180), Zoom: 10}
	spots := ix.spots(v, 800, 600)
	if len(spots) != 2 {
		t.Fatalf("%d spots", len(spots))
	}
	for _, s := range spots {
		if s.x < 0 || s.x > 800 {
			t.Errorf("spot at %g", s.x)
		}
	}
}

func TestImpossiblePositionsAreNotDrawn(t *testing.T) {
	ix := newIndex([]Marker{{ID: "a", Lat: math.NaN()}, {ID: "b", Lon: math.Inf(1)}, {ID: "c", Lat: 91}, {ID: "d", Lat: 1, Lon: 1}})
	if len(ix.markers) != 1 || ix.markers[0].ID != "d" {
		t.Errorf("markers %+v", ix.markers)
	}
}

// at paints one marker in the middle and returns the picture.
func at(t *testing.T, m Marker, chosen string) *image.RGBA {
	t.Helper()
	o, err := tiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	pic := image.NewRGBA(image.Rect(0, 0, 200, 200))
	paint(pic, o, &scene{view: tiles.View{Centre: tiles.Project(m.Lat, m.Lon), Zoom: 17}, w: 200, h: 200, scale: 1, index: newIndex([]Marker{m}), wedges: true, chosen: chosen, colours: colours})
	return pic
}

func bright(c color.RGBA) int { return int(c.R) + int(c.G) + int(c.B) }

func TestACameraLooksWhereItsBearingSays(t *testing.T) {
	base := at(t, Marker{ID: "c", Lat: 54.5, Lon: 3.5}, "")
	for _, b := range []float64{0, 90, 180, 255} {
		pic := at(t, Marker{ID: "c", Lat: 54.5, Lon: 3.5, Bearing: bearing(b)}, "")
		s, c := math.Sincos(b * math.Pi / 180)
		if x, y := int(100+18*s), int(100-18*c); bright(pic.RGBAAt(x, y)) <= bright(base.RGBAAt(x, y)) {
			t.Errorf("bearing %g: nothing at %d, %d", b, x, y)
		}
		if x, y := int(100-18*s), int(100+18*c); bright(pic.RGBAAt(x, y)) != bright(base.RGBAAt(x, y)) {
			t.Errorf("bearing %g: something behind at %d, %d", b, x, y)
		}
	}
}

func TestAnUnknownBearingDrawsNoView(t *testing.T) {
	pic := at(t, Marker{ID: "c", Lat: 54.5, Lon: 3.5}, "")
	sea := pic.RGBAAt(30, 170)
	for i := range 36 {
		s, c := math.Sincos(float64(i) * math.Pi / 18)
		if got := pic.RGBAAt(int(100+17*s), int(100+17*c)); bright(got) > bright(sea)+60 {
			t.Errorf("something at %d degrees: %v", i*10, got)
		}
	}
}

func TestFootageFillsAMarkerAndChoiceColoursIt(t *testing.T) {
	m := Marker{ID: "c", Lat: 54.5, Lon: 3.5}
	hollow := at(t, m, "").RGBAAt(104, 104)
	m.Footage = true
	full := at(t, m, "").RGBAAt(104, 104)
	chosen := at(t, m, "c").RGBAAt(104, 104)
	if bright(hollow) > 100 || bright(full) < 600 || chosen.G < 120 || chosen.R > 60 {
		t.Errorf("hollow %v, full %v, chosen %v", hollow, full, chosen)
	}
}

func TestAStillPictureHasTheMarkerWhereTheMapHasIt(t *testing.T) {
	ms := []Marker{{ID: "a", Lat: 54.5, Lon: 3.5, Footage: true}, {ID: "b", Lat: 54.501, Lon: 3.502, Footage: true}}
	pic, err := Static(ms, "", 640, 480, colours)
	if err != nil {
		t.Fatal(err)
	}
	v := tiles.FitView(newIndex(ms).at, 640, 480, 90, fitZoom)
	v.Zoom = math.Floor(v.Zoom)
	for _, m := range ms {
		x, y := v.Pixel(tiles.Project(m.Lat, m.Lon), 640, 480)
		c := color.RGBAModel.Convert(pic.At(int(x+5), int(y+5))).(color.RGBA) //nolint:forcetypeassert // the model's own
		if bright(c) < 600 {
			t.Errorf("marker %s at %g, %g: %v", m.ID, x, y, c)
		}
	}
	if _, err := Static(nil, "", 640, 480, colours); err == nil {
		t.Error("a picture of nothing")
	}
}

func BenchmarkHundredThousandMarkers(b *testing.B) {
	var ms []Marker
	for i := range 100_000 {
		ms = append(ms, Marker{ID: fmt.Sprint(i), Letter: "C", Lat: 48 + float64(i/400)*.001, Lon: 2 + float64(i%400)*.001, Bearing: bearing(float64(i % 360))})
	}
	ix := newIndex(ms)
	o, err := tiles.Load()
	if err != nil {
		b.Fatal(err)
	}
	pic := image.NewRGBA(image.Rect(0, 0, 1280, 720))
	for _, zoom := range []float64{10, 14, 17} {
		b.Run(fmt.Sprint("zoom", zoom), func(b *testing.B) {
			for b.Loop() {
				paint(pic, o, &scene{view: tiles.View{Centre: tiles.Project(48.12, 2.2), Zoom: zoom}, w: 1280, h: 720, scale: 1, index: ix, wedges: true, colours: colours})
			}
		})
	}
}
