package town

import (
	"bytes"
	"image"
	"math"
	"testing"

	"vedette/metadata"
)

func TestBoxesFitTheDrawnActorsToThePixel(t *testing.T) {
	const w, h = 640, 360
	scene := New(1)
	checked := 0
	for _, cam := range Cameras() {
		f := scene.NewFilmer(cam, w, h, 0)
		s := NewScribe(f)
		for n := 0; n < 2200; n += 73 {
			p := f.Draw(n)
			doc, err := metadata.Parse(s.Describe(p), "")
			if err != nil {
				t.Fatal(err)
			}
			want := masks(p)
			for _, o := range doc.Frames[0].Objects {
				x0, y0, x1, y1 := o.Box.Pixels(w, h)
				m, ok := want[o.ID]
				if !ok {
					t.Fatalf("%s picture %d: object %s is not drawn", cam.ID, n, o.ID)
				}
				for i, d := range []float64{x0 - float64(m.Min.X), y0 - float64(m.Min.Y), x1 - float64(m.Max.X), y1 - float64(m.Max.Y)} {
					if math.Abs(d) > 1 {
						t.Errorf("%s picture %d object %s: edge %d is off by %g", cam.ID, n, o.ID, i, d)
					}
				}
				checked++
			}
		}
	}
	if checked < 300 {
		t.Errorf("only %d boxes were there to check", checked)
	}
}

// masks finds the pixels of every actor on their own.
func masks(p *Picture) map[string]image.Rectangle {
	out := map[string]image.Rectangle{}
	for y := range p.H {
		for x := range p.W {
			if id := p.Owner(x, y); id != 0 {
				key := itoa(id)
				out[key] = out[key].Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return out
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func TestSameSeedGivesTheSamePictures(t *testing.T) {
	cam := Cameras()[0]
	a, b := New(7).NewFilmer(cam, 320, 180, 0), New(7).NewFilmer(cam, 320, 180, 0)
	other := New(8).NewFilmer(cam, 320, 180, 0)
	same := 0
	for n := 0; n < 400; n += 40 {
		p, q := a.Draw(n).YUV(nil), b.Draw(n).YUV(nil)
		if !bytes.Equal(p, q) {
			t.Fatalf("picture %d differs", n)
		}
		if bytes.Equal(p, other.Draw(n).YUV(nil)) {
			same++
		}
	}
	if same == 10 {
		t.Error("the seed changes nothing")
	}
}

func TestRedCoatWalksFromPictureToPicture(t *testing.T) {
	scene := New(1)
	seen := map[string]bool{}
	for _, cam := range Cameras() {
		f := scene.NewFilmer(cam, 320, 180, 0)
		for n := 0; n < 72*Rate; n += 12 {
			for _, o := range f.Draw(n).Seen {
				if o.Actor.ID == Red {
					seen[cam.ID] = true
				}
			}
		}
	}
	for _, id := range []string{"C-101", "C-102", "S-001", "L1-N", "L1-S"} {
		if !seen[id] {
			t.Errorf("the red coat never passes %s", id)
		}
	}
}
