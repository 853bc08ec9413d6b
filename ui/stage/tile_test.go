package stage

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"

	"vedette/metadata"
)

func TestBoxesLieOnTheScreenWithinAPixelOfTheSource(t *testing.T) {
	const w, h = 1920, 1080
	for _, area := range []fyne.Size{{Width: 1366, Height: 500}, {Width: 400, Height: 900}, {Width: 1920, Height: 1080}} {
		pos, size := Fit(area, w, h)
		for _, px := range [][4]float64{{0, 0, w, h}, {100, 200, 150, 320}, {1919, 1079, 1920, 1080}} {
			b := metadata.Rect{Left: px[0]/w*2 - 1, Right: px[2]/w*2 - 1, Top: 1 - px[1]/h*2, Bottom: 1 - px[3]/h*2}
			x, y, bw, bh := Screen(b, pos, size)
			k := float64(size.Width) / w
			got := [4]float64{float64(x-pos.X) / k, float64(y-pos.Y) / k, float64(x+bw-pos.X) / k, float64(y+bh-pos.Y) / k}
			for i := range got {
				if math.Abs(got[i]-px[i]) > 1 {
					t.Errorf("area %v, box %v: edge %d at %g", area, px, i, got[i])
				}
			}
		}
	}
}

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
