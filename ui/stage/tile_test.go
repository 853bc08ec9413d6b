package stage

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vedette/metadata"
	"vedette/ui/look"
	"vedette/ui/stage/develop"
)

func TestPictureKeepsItsShape(t *testing.T) {
	pos, size := Fit(fyne.NewSize(1000, 1000), 1920, 1080)
	if math.Abs(float64(size.Width/size.Height)-1920.0/1080) > .001 || pos.X > .01 || pos.Y <= 0 {
		t.Errorf("at %v, size %v", pos, size)
	}
}

func TestLabelsTakeTheFirstFreePlace(t *testing.T) {
	pos, size := fyne.NewPos(0, 0), fyne.NewSize(640, 360)
	if _, y := labelPlace(100, 100, 40, 80, 60, pos, size, nil); y >= 100 {
		t.Errorf("a label with room above stands at %v", y)
	}
	if _, y := labelPlace(100, 5, 40, 80, 60, pos, size, nil); y < 85 {
		t.Errorf("a label without room above stands at %v", y)
	}
}

// tile returns a tile of 640 by 480 with a picture in which each pixel says where it is.
func tile(t *testing.T, w, h int) *Tile {
	t.Helper()
	test.NewTempApp(t)
	x := NewTile(&look.Dark, nil, nil)
	t.Cleanup(x.Close)
	win := test.NewTempWindow(t, x)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(640, 480))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for u := range w {
			m.SetRGBA(u, y, color.RGBA{uint8(u), uint8(y), uint8(u / 256), 255})
		}
	}
	x.SetPicture(m, w, h)
	x.Set(Model{Size: "a size"})
	return x
}

// settle takes over what is being developed.
func settle(x *Tile) {
	x.looking.worker.Wait()
	x.Turn()
}

func TestBoxesLieOnTheScreenWithinAPixelOfTheSource(t *testing.T) {
	const w, h = 1920, 1080
	x := tile(t, w, h)
	for _, v := range []develop.View{
		{}, {Zoom: 1, X: .5, Y: .5}, {Zoom: 3.7, X: .2, Y: .9}, {Adjust: develop.Adjust{Turn: 90}}, {Adjust: develop.Adjust{Turn: 270, Mirror: true}, Zoom: 2, X: .4, Y: .4},
	} {
		x.SetView(v)
		settle(x)
		m := x.toTile()
		for _, px := range [][4]float64{{0, 0, w, h}, {100, 200, 150, 320}, {1919, 1079, 1920, 1080}} {
			b := metadata.Rect{Left: px[0]/w*2 - 1, Right: px[2]/w*2 - 1, Top: 1 - px[1]/h*2, Bottom: 1 - px[3]/h*2}
			sx, sy, sw, sh := Screen(b, w, h, m)
			u0, v0, u1, v1 := m.Inverse().Rect(float64(sx), float64(sy), float64(sx+sw), float64(sy+sh))
			for i, got := range [4]float64{u0, v0, u1, v1} {
				if math.Abs(got-px[i]) > 1 {
					t.Errorf("%+v, box %v: edge %d at %g", v, px, i, got)
				}
			}
		}
	}
}

func TestAnUntouchedPictureIsShownAsItIs(t *testing.T) {
	x := tile(t, 320, 180)
	if x.picture.Image != image.Image(x.frame) {
		t.Error("another picture is shown")
	}
	x.ZoomBy(2)
	settle(x)
	if x.picture.Image == image.Image(x.frame) {
		t.Error("the decoded picture is shown enlarged")
	}
	x.FitAll()
	if x.picture.Image != image.Image(x.frame) || x.looking.got != nil {
		t.Error("the way back does not end at the decoded picture")
	}
}

func TestOneToOneIsOnePixelOfTheScreen(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		x := tile(t, 1920, 1080)
		c, _ := fyne.CurrentApp().Driver().CanvasForObject(x).(test.WindowlessCanvas)
		if c == nil {
			t.Skip("the toolkit's canvas cannot be scaled")
		}
		c.SetScale(scale)
		x.Exact()
		settle(x)
		m, _ := x.picture.Image.(*image.RGBA)
		if x.Zoom() != 1 || m.RGBAAt(11, 0).R-m.RGBAAt(10, 0).R != 1 {
			t.Errorf("scale %g: zoom %g", scale, x.Zoom())
		}
		if got := float64(x.picture.Size().Width * scale); math.Abs(got-float64(m.Rect.Dx())) > .01 {
			t.Errorf("scale %g: %d pixels are drawn on %g of the screen", scale, m.Rect.Dx(), got)
		}
		if got := x.ZoomText(); got != "zoom 100 %" {
			t.Errorf("it says %q", got)
		}
	}
}

func TestTheWheelZoomsAtThePointerAndStopsAtOneToOne(t *testing.T) {
	x := tile(t, 1920, 1080)
	at := fyne.NewPos(400, 240) // the picture stays in the middle while it is lower than the tile
	u0, v0 := x.toTile().Inverse().At(400, 240)
	for range 40 {
		x.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, 25)})
		if x.Zoom() == 1 {
			break
		}
	}
	settle(x)
	if u, v := x.toTile().Inverse().At(400, 240); x.Zoom() != 1 || math.Abs(u-u0) > 4 || math.Abs(v-v0) > 4 {
		t.Errorf("zoom %g: %g, %g under the pointer, before %g, %g", x.Zoom(), u, v, u0, v0)
	}
	for range 100 {
		x.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, 25)})
	}
	if x.Zoom() != develop.MaxZoom {
		t.Errorf("zoom %g", x.Zoom())
	}
}

func TestTheReadOutIsThePixelUnderThePointer(t *testing.T) {
	x := tile(t, 1920, 1080)
	for _, v := range []develop.View{{Zoom: 4, X: .3, Y: .3}, {Zoom: 8, X: .3, Y: .3, Adjust: develop.Adjust{Turn: 90, Mirror: true, Brightness: 40}}} {
		x.SetView(v)
		settle(x)
		px, py := x.toTile().At(600.5, 300.5)
		x.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(px), float32(py))}})
		if got := x.readout(); got != "x 600, y 300:  R 88  G 44  B 2" { // 600 is 2 times 256 and 88; as decoded, not as adjusted
			t.Errorf("%+v: %q", v, got)
		}
		if got := x.parts.size.Text; !strings.Contains(got, "x 600, y 300") {
			t.Errorf("the foot says %q", got)
		}
	}
}

func TestAScaledPictureHasNoValues(t *testing.T) {
	x := tile(t, 320, 180)
	var full []bool
	x.OnDetail = func(f bool) { full = append(full, f) }
	x.SetPicture(x.frame, 1920, 1080)
	x.Set(Model{Size: "a size", Time: "t"})
	x.Exact()
	settle(x)
	pos, _ := x.place()
	x.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: pos.AddXY(50, 50)}})
	if got := x.readout(); got == "" || strings.Contains(got, "R ") {
		t.Errorf("%q", got)
	}
	x.FitAll()
	if len(full) != 2 || !full[0] || full[1] {
		t.Errorf("the full picture was asked for %v", full)
	}
	if got := x.Zoom(); math.Abs(got-636.0/1920) > .001 {
		t.Errorf("zoom %g is of the scaled picture", got)
	}
}

func TestCaptionAndPictureChangeTogether(t *testing.T) {
	x := tile(t, 320, 180)
	x.SetView(develop.View{Adjust: develop.Adjust{Brightness: 20}})
	settle(x)
	before := x.picture.Image
	x.SetPicture(image.NewRGBA(image.Rect(0, 0, 320, 180)), 320, 180)
	x.Set(Model{Frame: "frame 2"})
	if x.model.Frame == "frame 2" && x.picture.Image == before {
		t.Error("the caption of frame 2 stands under frame 1")
	}
	settle(x)
	if x.model.Frame != "frame 2" || x.picture.Image == before {
		t.Errorf("%q is shown", x.model.Frame)
	}
	x.SetPicture(image.NewRGBA(image.Rect(0, 0, 320, 180)), 320, 180)
	x.Set(Model{Frame: "frame 3"})
	x.Set(Model{Message: "No footage"}) // it must not be replaced by what comes later
	settle(x)
	if x.model.Message != "No footage" || x.model.Frame != "" {
		t.Errorf("%+v", x.model)
	}
}

func TestAdjustmentsAreSaidOnTheTileUntilTheyAreTakenBack(t *testing.T) {
	x := tile(t, 320, 180)
	if x.parts.note.Visible() {
		t.Error("something is said of nothing")
	}
	x.SetView(develop.View{Adjust: develop.Adjust{Brightness: 20, Mirror: true}})
	settle(x)
	if got := x.parts.note.Text; !x.parts.note.Visible() || got != "Display adjusted: mirrored, brightness +20 %" {
		t.Errorf("%q", got)
	}
	x.parts.reset.OnTap()
	if x.parts.note.Visible() || x.View() != (develop.View{}) || x.picture.Image != image.Image(x.frame) {
		t.Errorf("%+v is left", x.View())
	}
}

func TestFootageIsShownInTheShapeTheFileAsksFor(t *testing.T) {
	x := tile(t, 320, 180)
	x.Set(Model{Turn: 90})
	settle(x)
	if s := x.picture.Size(); s.Width >= s.Height {
		t.Errorf("turned: %v", s)
	}
	x.Set(Model{Aspect: [2]int{4, 1}})
	settle(x)
	if s := x.picture.Size(); math.Abs(float64(s.Width/s.Height)-64/9.0) > .1 {
		t.Errorf("wide pixels: %v", s)
	}
}

func TestBoxesOutOfSightAreClippedAndOldOnesDashed(t *testing.T) {
	x := tile(t, 640, 360)
	in, half := metadata.Rect{Left: -.1, Right: .1, Top: .1, Bottom: -.1}, metadata.Rect{Left: -.6, Right: 0, Top: .1, Bottom: -.1}
	out := metadata.Rect{Left: -1, Right: -.9, Top: 1, Bottom: .9}
	x.SetView(develop.View{Zoom: 2, X: .5, Y: .5})
	x.Set(Model{Boxes: []Box{{Rect: in}, {Rect: half}, {Rect: out}}})
	settle(x)
	b := x.parts.boxes
	if !b[0].inner.Visible() || b[1].inner.Visible() || b[2].inner.Visible() || b[2].label.Visible() {
		t.Error("the whole box is not whole, or a part stands for another")
	}
	if b[1].sides[2].Visible() || !b[1].sides[3].Visible() || !b[1].sides[0].Visible() {
		t.Error("the side that is out of sight is drawn, or one in sight is not")
	}
	pos, size := x.place()
	if s := b[1].sides[0]; s.Position().X < pos.X || s.Position().X+s.Size().Width > pos.X+size.Width {
		t.Error("a box is drawn beside the picture")
	}
	x.Set(Model{Age: 300 * time.Millisecond, Boxes: []Box{{Rect: in}}})
	settle(x)
	if x.parts.boxes[0].inner.Visible() || !x.parts.boxes[0].drawn[0].dashed {
		t.Error("an old box is not dashed")
	}
}

func TestDragsPanZoomToABoxOrAreTheWindows(t *testing.T) {
	x := tile(t, 1920, 1080)
	windows := 0
	x.OnDrag = func(*fyne.DragEvent) { windows++ }
	drag := func(from, to fyne.Position) {
		x.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
		x.DragEnd()
		settle(x)
	}
	drag(fyne.NewPos(300, 200), fyne.NewPos(200, 200))
	if windows != 1 || x.View().Zoom != 0 {
		t.Errorf("%d drags for the window, %+v", windows, x.View())
	}
	x.MouseDown(&desktop.MouseEvent{Modifier: fyne.KeyModifierShift})
	drag(fyne.NewPos(200, 150), fyne.NewPos(300, 250))
	if x.View().Zoom < 1 {
		t.Errorf("a box left %+v", x.View())
	}
	before := x.View()
	x.MouseDown(&desktop.MouseEvent{})
	drag(fyne.NewPos(300, 200), fyne.NewPos(200, 200))
	if x.View().X <= before.X || x.View().Zoom != before.Zoom || windows != 1 {
		t.Errorf("a pan from %+v to %+v", before, x.View())
	}
	pos, size, ok := x.navigatorAt()
	if !ok {
		t.Fatal("no navigator")
	}
	x.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: pos.AddXY(size.Width*.7, size.Height*.4)}, Button: desktop.MouseButtonPrimary})
	if v := x.View(); math.Abs(v.X-.7) > .01 || math.Abs(v.Y-.4) > .01 {
		t.Errorf("%+v", v)
	}
}
