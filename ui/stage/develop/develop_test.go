package develop

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// picture is one in which every pixel is another.
func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x*7 ^ y*13), 255})
		}
	}
	return m
}

func developed(src *image.RGBA, v View, area image.Point) (*image.RGBA, Placed) {
	p := v.Place(src.Rect.Dx(), src.Rect.Dy(), area)
	var k Kitchen
	return k.Develop(nil, src, src.Rect.Dx(), src.Rect.Dy(), v, p), p
}

func TestOnePixelForOneIsTheSameBytes(t *testing.T) {
	src := picture(64, 36)
	for _, smooth := range []bool{false, true} {
		got, p := developed(src, View{Zoom: 1, X: .5, Y: .5, Smooth: smooth}, image.Pt(64, 36))
		if !bytes.Equal(got.Pix, src.Pix) || p.Zoom != 1 {
			t.Errorf("smooth %t: other bytes at zoom %g", smooth, p.Zoom)
		}
	}
}

func TestWholeZoomsMakeEqualSquares(t *testing.T) {
	src := picture(40, 30)
	for _, zoom := range []int{1, 2, 3, 4, 8, 32} {
		for _, at := range [][2]float64{{0, 0}, {.5, .5}, {.31, .77}, {1, 1}} {
			area := image.Pt(37, 23)
			got, p := developed(src, View{Zoom: float64(zoom), X: at[0], Y: at[1]}, area)
			back := p.Map.Inverse()
			for y := range got.Rect.Dy() {
				for x := range got.Rect.Dx() {
					u, v := back.At(float64(x+p.Visible.Min.X)+.5, float64(y+p.Visible.Min.Y)+.5)
					if want := src.RGBAAt(int(u), int(v)); got.RGBAAt(x, y) != want {
						t.Fatalf("zoom %d at %v: pixel %d,%d is %v, want %v", zoom, at, x, y, got.RGBAAt(x, y), want)
					}
				}
			}
			if ox, oy := p.Map.At(0, 0); ox != math.Trunc(ox) || oy != math.Trunc(oy) {
				t.Errorf("zoom %d at %v: the picture begins at %g, %g", zoom, at, ox, oy)
			}
		}
	}
}

// everyView are the combinations of what the file says and the user does.
func everyView() []View {
	var all []View
	for n := range 4 * 2 * 4 * 2 * 3 {
		v := View{Shape: Shape{Turn: n % 4 * 90, Mirror: n/4%2 == 1}, Adjust: Adjust{Turn: n / 8 % 4 * 90, Mirror: n/32%2 == 1}}
		v.Shape.Aspect = [][2]int{{0, 0}, {16, 11}, {8, 9}}[n/64]
		for _, z := range []float64{0, 1, 2.5, 7} {
			v.Zoom, v.X, v.Y = z, .4, .6
			all = append(all, v)
		}
	}
	return all
}

// A box drawn into the picture must come to lie where the map says: the same map
// places the boxes of metadata, so they sit right whatever is done to the picture.
func TestBoxesLieWhereThePictureShowsThem(t *testing.T) {
	const w, h = 48, 32
	box := image.Rect(20, 12, 32, 17)
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 0, 255}
			if image.Pt(x, y).In(box) {
				c.R = 255
			}
			src.SetRGBA(x, y, c)
		}
	}
	for _, v := range everyView() {
		got, p := developed(src, v, image.Pt(90, 70))
		x0, y0, x1, y1 := p.Map.Rect(float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y))
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				cx, cy := float64(x+p.Visible.Min.X)+.5, float64(y+p.Visible.Min.Y)+.5
				near := func(a, edge float64) bool { return math.Abs(a-edge) < max(p.Zoom, 1) }
				if near(cx, x0) || near(cx, x1) || near(cy, y0) || near(cy, y1) {
					continue // the border itself may be mixed
				}
				if in := cx > x0 && cx < x1 && cy > y0 && cy < y1; in != (got.RGBAAt(x, y).R == 255) {
					t.Fatalf("%+v: at %g, %g the picture is %v, the box is at %g, %g to %g, %g", v, cx, cy, got.RGBAAt(x, y), x0, y0, x1, y1)
				}
			}
		}
	}
}

func TestTheMapHasAWayBack(t *testing.T) {
	for _, v := range everyView() {
		p := v.Place(48, 32, image.Pt(90, 70))
		x, y := p.Map.At(13.25, 7.5)
		if u, w := p.Map.Inverse().At(x, y); math.Abs(u-13.25) > 1e-9 || math.Abs(w-7.5) > 1e-9 {
			t.Errorf("%+v: back at %g, %g", v, u, w)
		}
	}
}

func TestTurnsAndMirrorsAreThoseOfTheEye(t *testing.T) {
	src := picture(3, 2)
	a, b := src.RGBAAt(0, 0), src.RGBAAt(2, 0) // upper left, upper right
	for _, c := range []struct {
		v              View
		w, h           int
		left, topRight color.RGBA
	}{
		{View{}, 3, 2, a, b},
		{View{Adjust: Adjust{Turn: 90}}, 2, 3, src.RGBAAt(0, 1), a},
		{View{Adjust: Adjust{Turn: 180}}, 3, 2, src.RGBAAt(2, 1), src.RGBAAt(0, 1)},
		{View{Adjust: Adjust{Mirror: true}}, 3, 2, b, a},
		{View{Shape: Shape{Turn: 270}}, 2, 3, b, src.RGBAAt(2, 1)},
		{View{Shape: Shape{Turn: 90}, Adjust: Adjust{Turn: 270}}, 3, 2, a, b},
		{View{Adjust: Adjust{Turn: 90, Mirror: true}}, 2, 3, a, src.RGBAAt(0, 1)},
	} {
		got, _ := c.v.Apply(src)
		n := got.Rect.Size()
		if n != image.Pt(c.w, c.h) || got.RGBAAt(0, 0) != c.left || got.RGBAAt(n.X-1, 0) != c.topRight {
			t.Errorf("%+v: %v with %v and %v above", c.v, n, got.RGBAAt(0, 0), got.RGBAAt(n.X-1, 0))
		}
	}
	seen := Adjust{Mirror: true}
	for range 4 {
		before, _ := View{Adjust: seen}.Apply(src)
		seen = seen.TurnRight()
		after, _ := View{Adjust: seen}.Apply(src)
		if after.RGBAAt(after.Rect.Dx()-1, 0) != before.RGBAAt(0, 0) {
			t.Errorf("%+v: what stood at the upper left does not stand at the upper right", seen)
		}
	}
	if seen != (Adjust{Mirror: true}) {
		t.Errorf("four quarter turns left %+v", seen)
	}
}

func TestPixelsOfOtherShapesAreStretchedAndNoneIsLost(t *testing.T) {
	for _, c := range []struct {
		aspect [2]int
		turn   int
		want   image.Point
	}{{[2]int{16, 11}, 0, image.Pt(64, 36)}, {[2]int{8, 9}, 0, image.Pt(44, 41)}, {[2]int{16, 11}, 90, image.Pt(36, 64)}} {
		got, words := View{Shape: Shape{Turn: c.turn, Aspect: c.aspect}}.Apply(picture(44, 36))
		if d := got.Rect.Size().Sub(c.want); d.X < -1 || d.X > 1 || d.Y < -1 || d.Y > 1 {
			t.Errorf("%v turned %d: %v, want %v", c.aspect, c.turn, got.Rect.Size(), c.want)
		}
		if len(words) == 0 {
			t.Errorf("%v: nothing is said", c.aspect)
		}
	}
}

func TestWhatWasDoneIsSaidAndThePictureStays(t *testing.T) {
	src := picture(16, 8)
	before := slices.Clone(src.Pix)
	v := View{Zoom: 4, Adjust: Adjust{Turn: -90, Mirror: true, Brightness: 20, Contrast: -10, Gamma: 40, Fields: TopField}}
	got, words := v.Apply(src)
	if want := "[top field only (bob) turned 270° clockwise mirrored gamma 1.40 contrast -10 % brightness +20 %]"; fmt.Sprint(words) != want {
		t.Errorf("%v, want %s", words, want)
	}
	if got.Rect.Size() != image.Pt(8, 16) {
		t.Errorf("a still of %v: zoom is not of stills", got.Rect.Size())
	}
	if !bytes.Equal(src.Pix, before) {
		t.Error("the picture given was changed")
	}
	if same, words := (View{Zoom: 4}).Apply(src); !bytes.Equal(same.Pix, src.Pix) || words != nil {
		t.Errorf("nothing adjusted, but %v", words)
	}
}

func TestTonesAreThoseOfTheirNames(t *testing.T) {
	for _, c := range []struct {
		a        Adjust
		in, want byte
	}{
		{Adjust{Brightness: 20}, 100, 151}, {Adjust{Brightness: -100}, 255, 0}, {Adjust{Contrast: 100}, 128, 129}, {Adjust{Contrast: 100}, 100, 73},
		{Adjust{Contrast: -100}, 3, 128}, {Adjust{Gamma: 100}, 64, 128}, {Adjust{Gamma: -50}, 128, 64}, {Adjust{Gamma: 1}, 255, 255}, {Adjust{Gamma: 1}, 0, 0},
	} {
		if got := c.a.tones()[c.in]; got != c.want {
			t.Errorf("%+v: %d becomes %d, want %d", c.a, c.in, got, c.want)
		}
	}
}

func TestFieldsAreKeptApart(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 9, 7))
	for y := range 7 {
		for x := range 9 {
			v := uint8(200 * (y & 1)) // the upper field is black, the lower one is not
			src.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	for f, want := range map[Fields]uint8{TopField: 0, BottomField: 200, Blended: 100} {
		got, _ := View{Adjust: Adjust{Fields: f}}.Apply(src)
		for y := range 7 {
			for x := range 9 {
				if c := got.RGBAAt(x, y); c != (color.RGBA{want, want, want, 255}) {
					t.Errorf("%v: line %d is %v, want %d", f, y, c, want)
				}
			}
		}
	}
}

func TestZoomStaysAtThePointer(t *testing.T) {
	const w, h = 1920, 1080
	area := image.Pt(1280, 700)
	v := View{}
	at := image.Pt(900, 300)
	u0, v0 := v.Place(w, h, area).Map.Inverse().At(900, 300)
	for zoom := .8; zoom < 40; zoom *= 1.3 {
		v = v.ZoomTo(zoom, at, w, h, area)
		u, y := v.Place(w, h, area).Map.Inverse().At(900, 300)
		// The picture begins on a whole pixel of the screen, now and at first.
		if limit := .75 + 1.5/v.Zoom; math.Abs(u-u0) > limit || math.Abs(y-v0) > limit {
			t.Errorf("zoom %.2f: %g, %g under the pointer, at first %g, %g", v.Zoom, u, y, u0, v0)
		}
	}
	if v = v.ZoomTo(50, at, w, h, area); v.Zoom != MaxZoom {
		t.Errorf("zoom %g, want at most %d", v.Zoom, MaxZoom)
	}
	if v = v.ZoomTo(.1, at, w, h, area); v.Zoom != 0 || !v.Untouched() {
		t.Errorf("below what fits: %+v", v)
	}
}

func TestABoxFillsTheArea(t *testing.T) {
	area := image.Pt(1280, 720)
	v := View{}.ZoomBox(image.Rect(320, 180, 640, 360), 1920, 1080, area)
	p := v.Place(1920, 1080, area)
	if want := [4]float64{.25, .25, .5, .5}; math.Abs(v.Zoom-4*2.0/3) > 1e-9 || math.Abs(p.Seen[0]-want[0])+math.Abs(p.Seen[3]-want[3]) > .002 {
		t.Errorf("zoom %g shows %v, want %v", v.Zoom, p.Seen, want)
	}
	if same := v.ZoomBox(image.Rect(5, 5, 7, 300), 1920, 1080, area); same != v {
		t.Error("a box without a width was zoomed to")
	}
}

func TestThePictureCannotBePannedAway(t *testing.T) {
	area := image.Pt(400, 300)
	v := View{}.ZoomTo(2, image.Pt(200, 150), 640, 360, area)
	v = v.Pan(image.Pt(100000, -100000), 640, 360, area)
	p := v.Place(640, 360, area)
	if p.Visible != image.Rect(0, 0, 400, 300) || p.Seen[0] != 0 || p.Seen[3] != 1 {
		t.Errorf("%v, seen %v", p.Visible, p.Seen)
	}
	if moved := v.Pan(image.Pt(-10, 0), 640, 360, area).Place(640, 360, area); moved.Seen[0] == 0 {
		t.Error("a move back from the border does nothing")
	}
}

func TestTheZoomIsSaidAsItIs(t *testing.T) {
	for want, c := range map[string]struct {
		v    View
		zoom float64
	}{
		"shown at 51 %":              {View{}, .51},
		"zoom 100 %":                 {View{Zoom: 1}, 1},
		"zoom 400 %, nearest pixels": {View{Zoom: 4}, 4},
		"zoom 250 %, smooth":         {View{Zoom: 2.5, Smooth: true}, 2.5},
		"zoom 66 %":                  {View{Zoom: .66}, .66},
	} {
		if got := c.v.ZoomWords(c.zoom); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestGridChangesEveryColour(t *testing.T) {
	for _, c := range []uint8{0, 64, 127, 128, 200, 255} {
		src := image.NewRGBA(image.Rect(0, 0, 4, 4))
		for i := range src.Pix {
			src.Pix[i] = c | uint8(255*(i&3/3))
		}
		got, _ := developed(src, View{Zoom: 8, Grid: true}, image.Pt(32, 32))
		a, b := got.RGBAAt(8, 4), got.RGBAAt(9, 4)
		if d := int(a.R) - int(b.R); d < 60 && d > -60 {
			t.Errorf("%d: a border of %v beside %v", c, a, b)
		}
	}
}

func TestTheNewestPictureWins(t *testing.T) {
	var w Worker
	defer w.Close()
	first, second := picture(32, 32), picture(32, 32)
	for i := range 50 {
		w.Put(Job{Picture: first, W: 32, H: 32, View: View{Zoom: 2}, Area: image.Pt(40, 40), Tag: 2 * i})
		w.Leave(second)
		first.Pix[0]++ // nobody may read it now; the race detector looks on
		w.Put(Job{Picture: second, W: 32, H: 32, View: View{Zoom: 2}, Area: image.Pt(40, 40), Small: image.Pt(8, 8), Tag: 2*i + 1})
		w.Wait()
		d, ok := w.Take()
		if !ok || d.Tag != 2*i+1 || d.Whole == nil {
			t.Fatalf("round %d: %+v", i, d)
		}
	}
	if _, ok := w.Take(); ok {
		t.Error("a picture was handed out twice")
	}
}

func TestWhatIsShownIsNotWrittenTo(t *testing.T) {
	var w Worker
	defer w.Close()
	src := picture(64, 64)
	var shown []*image.RGBA
	for i := range 20 {
		w.Put(Job{Picture: src, W: 64, H: 64, View: View{Zoom: 1, Adjust: Adjust{Brightness: i}}, Area: image.Pt(64, 64)})
		w.Wait()
		d, _ := w.Take()
		shown = append(shown, d.Shown)
		if i > 0 && &shown[i-1].Pix[0] == &d.Shown.Pix[0] {
			t.Fatal("the picture on the screen was written to")
		}
	}
	distinct := map[*byte]bool{}
	for _, m := range shown {
		distinct[&m.Pix[0]] = true
	}
	if len(distinct) > 4 {
		t.Errorf("%d buffers for 20 pictures", len(distinct))
	}
}

func BenchmarkDevelop(b *testing.B) {
	src := picture(1920, 1080)
	area := image.Pt(1280, 720)
	for name, v := range map[string]View{
		"fit-adjusted":    {Adjust: Adjust{Brightness: 20, Gamma: 40}},
		"fit-turned":      {Adjust: Adjust{Turn: 90}},
		"fit-top-field":   {Adjust: Adjust{Fields: TopField}},
		"exact":           {Zoom: 1, X: .5, Y: .5},
		"nearest-4":       {Zoom: 4, X: .5, Y: .5},
		"smooth-4-shaded": {Zoom: 4, X: .5, Y: .5, Smooth: true, Adjust: Adjust{Contrast: 30}},
		"grid-8":          {Zoom: 8, X: .5, Y: .5, Grid: true},
	} {
		b.Run(name, func(b *testing.B) {
			var k Kitchen
			var dst *image.RGBA
			p := v.Place(1920, 1080, area)
			b.ReportAllocs()
			for b.Loop() {
				dst = k.Develop(dst, src, 1920, 1080, v, p)
			}
		})
	}
}

func TestWhatFitsIsSeenWhole(t *testing.T) {
	for _, area := range []image.Point{{753, 317}, {1280, 720}, {333, 999}, {101, 57}} {
		for _, turn := range []int{0, 90} {
			if p := (View{Adjust: Adjust{Turn: turn}}).Place(1280, 720, area); !p.Whole() {
				t.Errorf("%v turned %d: seen %v", area, turn, p.Seen)
			}
		}
	}
}
