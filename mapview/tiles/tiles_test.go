package tiles

import (
	"image"
	"image/color"
	"math"
	"testing"
	"time"
)

func TestPositionsSurviveTheProjection(t *testing.T) {
	for _, p := range [][2]float64{{0, 0}, {48.8566, 2.3522}, {-33.86, 151.2}, {84.9, -179.9}, {-85, 179.99}} {
		lat, lon := Project(p[0], p[1]).Position()
		if math.Abs(lat-p[0]) > 1e-9 || math.Abs(lon-p[1]) > 1e-9 {
			t.Errorf("%v came back as %g, %g", p, lat, lon)
		}
	}
}

func TestDestinationsLieWhereTheyWereMeasured(t *testing.T) {
	for _, v := range [][3]float64{{0, 48.8574993, 2.3522000}, {45, 48.8572359, 2.3531665}, {90, 48.8566000, 2.3535669}, {255, 48.8563672, 2.3508797}} {
		lat, lon := Destination(48.8566, 2.3522, v[0], 100)
		if Distance(lat, lon, v[1], v[2]) > .01 {
			t.Errorf("bearing %g: %.7f, %.7f, want %.7f, %.7f", v[0], lat, lon, v[1], v[2])
		}
	}
}

var ground = Ground{Sea: color.NRGBA{0, 0, 255, 255}, Land: color.NRGBA{0, 255, 0, 255}, Border: color.NRGBA{0, 255, 0, 255}}

func TestTheWorldIsDrawnWithoutStreaks(t *testing.T) {
	o, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, centre := range []float64{.5, 0, .99, .25} {
		v := View{Centre: World{centre, .5}, Zoom: 2}
		m := image.NewRGBA(image.Rect(0, 0, 1024, 1024))
		o.Draw(m, v, ground)
		for _, c := range []struct {
			lat, lon float64
			land     bool
		}{
			{48.5, 2.5, true}, {40, -100, true}, {-25, 134, true}, {66.8, -179, true}, {66.8, 178, true}, {-83, 0, true}, {-84.5, 175, true}, {-84.5, -90, true}, {72, -40, true},
			{0, -30, false}, {50, 180, false}, {0, 180, false}, {-40, -120, false}, {20, 65, false}, {75, 0, false}, {-60, 20, false}, {60, -30, false}, {45, -160, false},
		} {
			x, y := v.Pixel(Project(c.lat, c.lon), 1024, 1024)
			if x < 0 || y < 0 || x > 1023 || y > 1023 {
				continue
			}
			if got := m.RGBAAt(int(x), int(y)).G > 128; got != c.land {
				t.Errorf("centre %g: %g, %g is land %v, want %v", centre, c.lat, c.lon, got, c.land)
			}
		}
	}
}

func TestGreatZoomsKeepTheirShape(t *testing.T) {
	o, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for _, zoom := range []float64{12, 18, 21} {
		o.Draw(m, View{Centre: Project(48.5, 2.5), Zoom: zoom}, ground)
		for _, p := range [][2]int{{0, 0}, {150, 100}, {299, 199}} {
			if m.RGBAAt(p[0], p[1]).G < 128 {
				t.Errorf("zoom %g: %v is no land", zoom, p)
			}
		}
		o.Draw(m, View{Centre: Project(0, -30), Zoom: zoom}, ground)
		if m.RGBAAt(150, 100).B < 128 {
			t.Errorf("zoom %g: the sea is gone", zoom)
		}
	}
}

func TestTheBarIsRoundAndTrue(t *testing.T) {
	v := View{Centre: Project(54.5, 3.5), Zoom: 16}
	px, name := v.Bar(120)
	if name != "100 m" || math.Abs(px*v.MetresPerPixel()-100) > 1e-6 {
		t.Errorf("%g pixels, %s", px, name)
	}
	a, b := v.At(0, 0, 200, 200), v.At(px, 0, 200, 200)
	lat1, lon1 := a.Position()
	lat2, lon2 := b.Position()
	if d := Distance(lat1, lon1, lat2, lon2); math.Abs(d-100) > .1 {
		t.Errorf("the bar spans %g m", d)
	}
}

func TestAllPositionsFitAlsoAcross180Degrees(t *testing.T) {
	ps := []World{Project(52, 179.5), Project(53, -179.5)}
	v := FitView(ps, 800, 600, 40, 18)
	for _, p := range ps {
		if x, y := v.Pixel(p, 800, 600); x < 39 || x > 761 || y < 39 || y > 561 {
			t.Errorf("%v lies at %g, %g", p, x, y)
		}
	}
	if v.Zoom < 5 {
		t.Errorf("zoom %g", v.Zoom)
	}
}

func FuzzParseOutline(f *testing.F) {
	f.Add([]byte(`{"transform":{"scale":[1,1],"translate":[0,0]},"arcs":[[[0,0],[1,1],[1,-1]]],"objects":{"countries":{"geometries":[{"type":"Polygon","arcs":[[0]]}]}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<12 {
			return
		}
		o, err := ParseOutline(b)
		if err != nil {
			return
		}
		begin := time.Now()
		o.Draw(image.NewRGBA(image.Rect(0, 0, 32, 32)), View{Centre: World{.5, .5}}, ground)
		if time.Since(begin) > 5*time.Second {
			t.Error("drawing took too long")
		}
	})
}

func BenchmarkDrawTheWorld(b *testing.B) {
	o, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 1920, 1080))
	for b.Loop() {
		o.Draw(m, View{Centre: World{.5, .4}, Zoom: 2.9}, ground)
	}
}
