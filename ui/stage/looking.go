package stage

import (
	"image"
	"math"

	"fyne.io/fyne/v2"

	"vedette/ui/stage/develop"
)

// looking is how the picture of a tile is looked at, and the picture that was
// developed for it. While nothing is adjusted or zoomed the decoded picture is
// shown as it is, and nothing is developed.
type looking struct {
	worker  develop.Worker
	view    develop.View  // without what the file says
	got     *develop.Done // shown; nil while the picture is shown as it is
	asked   develop.Job
	next    Model // of the picture that was set last
	waiting bool  // for what was asked last
	number  int   // of what was asked last
	least   int   // results of earlier askings come too late
	full    bool  // what OnDetail was told

	pointer  fyne.Position
	inside   bool // the pointer is over the tile
	ctrl     bool // and Control is held
	drag     dragging
	from, to fyne.Position // of the box that is drawn
	boxNext  bool          // the next drag draws a box
	shifted  bool          // Shift was held when the button went down
}

// ticket goes with a picture to be developed.
type ticket struct {
	number int
	model  Model
}

// View returns how the picture is looked at, without what the file says.
func (t *Tile) View() develop.View { return t.looking.view }

// Apply adjusts a still as the tile does; see develop.View.Apply.
func (t *Tile) Apply(src *image.RGBA) (*image.RGBA, []string) { return t.whole().Apply(src) }

// SetView changes how the picture is looked at. The shape that the file asks
// for comes with the model.
func (t *Tile) SetView(v develop.View) {
	v.Shape = develop.Shape{}
	if v == t.looking.view {
		return
	}
	t.looking.view = v
	t.detail()
	if t.frame != nil && !t.whole().Untouched() && (t.model.Message == "" || t.model.Keep) {
		t.ask()
	} else {
		t.showNow(t.looking.next)
	}
	if t.OnView != nil {
		t.OnView()
	}
}

// Close ends what the tile does in the background. It is not shown any more.
func (t *Tile) Close() { t.looking.worker.Close() }

// Full reports whether the tile needs its pictures at full size.
func (t *Tile) Full() bool { return t.looking.full }

// whole is the view with what the file says.
func (t *Tile) whole() develop.View {
	v, m := t.looking.view, &t.looking.next
	v.Shape = develop.Shape{Turn: m.Turn, Mirror: m.Mirror, Aspect: m.Aspect}
	return v
}

// showNow shows a model with the picture as it is, or without one.
func (t *Tile) showNow(m Model) {
	l := &t.looking
	l.waiting = false
	l.number++
	l.least = l.number
	if t.whole().Untouched() || t.frame == nil {
		l.got = nil
		t.picture.Image = nil
		if t.frame != nil { // a nil picture in the interface would not be nil
			t.picture.Image = t.frame
		}
	}
	t.model = m
	t.Refresh()
}

// ask has the picture developed. What is shown stays until it is there.
func (t *Tile) ask() {
	l := &t.looking
	l.number++
	l.waiting = true
	k := t.pixels()
	l.asked = develop.Job{Picture: t.frame, W: t.w, H: t.h, View: t.whole(), Area: t.areaPixels(), Tag: ticket{l.number, l.next}}
	if _, area := t.area(); area.Width >= 2.2*navigatorWidth && area.Height >= 2.2*navigatorHeight {
		l.asked.Small = image.Pt(int(navigatorWidth*k), int(navigatorHeight*k))
	}
	l.worker.Put(l.asked)
}

// Turn takes over what was developed since, and reports whether there was any.
// The window calls it before each repaint.
func (t *Tile) Turn() bool {
	l := &t.looking
	d, ok := l.worker.Take()
	if !ok {
		return false
	}
	k, _ := d.Tag.(ticket)
	if k.number < l.least || t.frame == nil {
		return false
	}
	l.got, t.model = d, k.model
	l.waiting = k.number != l.number
	t.picture.Image = d.Shown
	t.parts.whole.Image = nil
	if d.Whole != nil {
		t.parts.whole.Image = d.Whole
	}
	t.Refresh()
	return true
}

// detail tells the window whether the picture is needed at its full size: for
// what is enlarged, for single lines, and for values under the pointer.
func (t *Tile) detail() {
	l := &t.looking
	full := l.view.Zoom != 0 || l.view.Adjust.Fields != develop.Woven || l.inside && l.ctrl
	if full != l.full {
		l.full = full
		if t.OnDetail != nil {
			t.OnDetail(full)
		}
	}
}

// pixels returns how many pixels of the screen make one unit of the canvas.
func (t *Tile) pixels() float32 {
	if a := fyne.CurrentApp(); a != nil {
		if c := a.Driver().CanvasForObject(t); c != nil {
			const far = 1 << 20 // whole pixels are told, so the factor is as exact as the place is far
			if x, _ := c.PixelCoordinateForPosition(fyne.NewPos(far, 0)); x > 0 {
				return float32(x) / far
			}
		}
	}
	return 1
}

// area returns where pictures have room, beginning on a pixel of the screen.
func (t *Tile) area() (fyne.Position, fyne.Size) {
	s := t.Size()
	head, foot := bands(s)
	h := s.Height - 4 - head - foot
	if t.looking.view.Adjust != (develop.Adjust{}) {
		h -= noteHeight
	}
	return fyne.NewPos(2, 2+head), fyne.NewSize(max(s.Width-4, 0), max(h, 0))
}

// areaPixels returns how many whole pixels of the screen the area has.
func (t *Tile) areaPixels() image.Point {
	pos, s := t.area()
	k, o := t.pixels(), t.origin()
	return image.Pt(max(int((pos.X+s.Width-o.X)*k+.02), 0), max(int((pos.Y+s.Height-o.Y)*k+.02), 0))
}

// origin is the place of the area's first pixel of the screen on the tile. A
// picture that is shown pixel by pixel must not begin between two.
func (t *Tile) origin() fyne.Position {
	pos, _ := t.area()
	k := t.pixels()
	var abs fyne.Position
	if a := fyne.CurrentApp(); a != nil {
		abs = a.Driver().AbsolutePositionForObject(t)
	}
	on := func(rel, abs float32) float32 {
		return float32(math.Ceil(float64((rel+abs)*k)-.01))/k - abs
	}
	return fyne.NewPos(on(pos.X, abs.X), on(pos.Y, abs.Y))
}

// place returns where the picture lies on the tile.
func (t *Tile) place() (fyne.Position, fyne.Size) {
	pos, area := t.area()
	d := t.looking.got
	if d == nil {
		w, h := float64(16), float64(9)
		if t.frame != nil {
			w, h = float64(t.w), float64(t.h)
		}
		at, size := Fit(area, float32(w), float32(h))
		return pos.Add(at), size
	}
	k, o := t.pixels(), t.origin()
	v := d.Placed.Visible
	at := o.AddXY(float32(v.Min.X)/k, float32(v.Min.Y)/k)
	size := fyne.NewSize(float32(v.Dx())/k, float32(v.Dy())/k)
	if d.Placed.Area != t.areaPixels() { // made for another room, it must not cover what is beside this one
		size.Width, size.Height = min(size.Width, pos.X+area.Width-at.X), min(size.Height, pos.Y+area.Height-at.Y)
	}
	return at, size
}

// toTile is the way from the coded picture to the tile.
func (t *Tile) toTile() develop.Map {
	if d := t.looking.got; d != nil {
		k, o := float64(t.pixels()), t.origin()
		return d.Placed.Map.Then(develop.Map{A: 1 / k, C: float64(o.X), E: 1 / k, F: float64(o.Y)})
	}
	pos, size := t.place()
	return develop.Map{A: float64(size.Width) / float64(max(t.w, 1)), C: float64(pos.X), E: float64(size.Height) / float64(max(t.h, 1)), F: float64(pos.Y)}
}

// Zoom returns how many pixels of the screen one of the picture takes, 0 without one.
func (t *Tile) Zoom() float64 {
	if t.frame == nil {
		return 0
	}
	return t.whole().Place(t.w, t.h, t.areaPixels()).Zoom
}

// ZoomText says how large the picture is shown, "" without one.
func (t *Tile) ZoomText() string {
	if t.frame == nil {
		return ""
	}
	return t.looking.view.ZoomWords(t.Zoom())
}

// ZoomBy enlarges about the middle, or about the pointer while it is over the picture.
func (t *Tile) ZoomBy(factor float64) {
	n := t.areaPixels()
	t.zoomAt(factor, image.Pt(n.X/2, n.Y/2))
}

func (t *Tile) zoomAt(factor float64, at image.Point) {
	now := t.Zoom()
	if now == 0 {
		return
	}
	to := now * factor
	if now < .999 && to > 1 || now > 1.001 && to < 1 {
		to = 1 // nobody wants to pass it by a hair's breadth
	}
	t.SetView(t.whole().ZoomTo(to, at, t.w, t.h, t.areaPixels()))
}

// Exact shows each pixel of the picture as one of the screen.
func (t *Tile) Exact() {
	v := t.looking.view
	if v.Zoom == 0 {
		v.X, v.Y = .5, .5
	}
	v.Zoom = 1
	t.SetView(v)
}

// FitAll shows all of the picture, as large as it fits.
func (t *Tile) FitAll() {
	v := t.looking.view
	v.Zoom, v.X, v.Y = 0, 0, 0
	t.SetView(v)
}

// Pan moves what is seen by parts of the area.
func (t *Tile) Pan(dx, dy float64) {
	n := t.areaPixels()
	t.SetView(t.whole().Pan(image.Pt(-int(dx*float64(n.X)), -int(dy*float64(n.Y))), t.w, t.h, n))
}

// DrawBox makes the next drag draw the box that is to be seen, or takes that back.
func (t *Tile) DrawBox() {
	t.looking.boxNext = !t.looking.boxNext
	t.showFoot()
}

// ResetAdjust takes all adjustments back.
func (t *Tile) ResetAdjust() {
	v := t.looking.view
	v.Adjust = develop.Adjust{}
	t.SetView(v)
}
