package stage

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vedette/ui/look"
	"vedette/ui/stage/develop"
)

// footRight lists what may stand at the right of the foot, the fullest first.
func (t *Tile) footRight() []string {
	m := &t.model
	if t.frame == nil || m.Size == "" {
		return []string{m.Size}
	}
	if t.looking.boxNext {
		return []string{"drag a box over what is to be enlarged", "drag a box"}
	}
	zoom := t.ZoomText()
	all := []string{m.Size + ", " + zoom, zoom, develop.Percent(t.Zoom())}
	if words := t.whole().Shape.Words(); len(words) > 0 {
		all = append([]string{m.Size + ", " + strings.Join(words, ", ") + ", " + zoom}, all...)
	}
	if s := t.readout(); s != "" {
		return []string{s + "     " + zoom, s}
	}
	return all
}

// readout tells the pixel under the pointer, as it was decoded.
func (t *Tile) readout() string {
	l := &t.looking
	if !l.inside || t.frame == nil || t.model.Message != "" && !t.model.Keep || !l.ctrl && (l.view.Zoom == 0 || t.Zoom() < 1) {
		return ""
	}
	u, v := t.toTile().Inverse().At(float64(l.pointer.X), float64(l.pointer.Y))
	x, y := int(math.Floor(u)), int(math.Floor(v))
	pos, size := t.place()
	if x < 0 || y < 0 || x >= t.w || y >= t.h || !within(l.pointer, pos, size) {
		return ""
	}
	s := fmt.Sprintf("x %d, y %d", x, y)
	if t.frame.Rect.Dx() == t.w && t.frame.Rect.Dy() == t.h { // a scaled picture has values of its own
		c := t.frame.RGBAAt(x, y)
		s += fmt.Sprintf(":  R %d  G %d  B %d", c.R, c.G, c.B)
	}
	return s
}

func within(p, pos fyne.Position, size fyne.Size) bool {
	return p.X >= pos.X && p.Y >= pos.Y && p.X < pos.X+size.Width && p.Y < pos.Y+size.Height
}

// note lays out the row that tells what was adjusted: it is between the picture
// and its foot and covers neither.
func (r *tileRenderer) note(s fyne.Size) {
	t, p := r.t, &r.t.parts
	text := t.looking.view.Adjust.String()
	look.Show(text != "", p.note, p.reset)
	if text == "" {
		return
	}
	_, foot := bands(s)
	y := s.Height - 2 - foot - noteHeight
	w := p.reset.MinSize().Width
	look.At(p.reset, s.Width-w-6, y+1, w, noteHeight-2)
	p.note.Text = look.Fit(strings.ToUpper(text[:1])+text[1:], look.SizeSecond, p.note.TextStyle, s.Width-w-26, false)
	look.Line(p.note, 12, y, noteHeight)
}

// Measures of the navigator, and its distance from the corner.
const (
	navigatorWidth  = 176
	navigatorHeight = 132
	navigatorEdge   = 10
)

// navigatorAt returns where the navigator lies; ok tells whether there is one.
func (t *Tile) navigatorAt() (pos fyne.Position, size fyne.Size, ok bool) {
	d := t.looking.got
	if d == nil || d.Whole == nil || d.Placed.Whole() || t.model.Message != "" && !t.model.Keep {
		return pos, size, false
	}
	at, area := t.area()
	k := t.pixels()
	size = fyne.NewSize(float32(d.Whole.Rect.Dx())/k, float32(d.Whole.Rect.Dy())/k)
	return at.AddXY(area.Width-size.Width-navigatorEdge, area.Height-size.Height-navigatorEdge), size, true
}

func (r *tileRenderer) navigator() {
	t, p := r.t, &r.t.parts
	pos, size, ok := t.navigatorAt()
	look.Show(ok, p.whole, p.wholeFrame, p.seen)
	boxing := t.looking.drag == dragBox
	look.Show(boxing, p.rubber)
	if boxing {
		a, b := t.looking.from, t.looking.to
		p.rubber.StrokeColor, p.rubber.StrokeWidth = t.P.Accent, 2
		look.At(p.rubber, min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X)-min(a.X, b.X), max(a.Y, b.Y)-min(a.Y, b.Y))
	}
	if !ok {
		return
	}
	p.wholeFrame.StrokeColor, p.wholeFrame.StrokeWidth = t.P.Control, 1
	p.seen.StrokeColor, p.seen.StrokeWidth = t.P.Accent, 2
	look.At(p.whole, pos.X, pos.Y, size.Width, size.Height)
	look.At(p.wholeFrame, pos.X-1, pos.Y-1, size.Width+2, size.Height+2)
	s := t.looking.got.Placed.Seen
	x, y := pos.X+float32(s[0])*size.Width, pos.Y+float32(s[1])*size.Height
	look.At(p.seen, x, y, max(float32(s[2]-s[0])*size.Width, 4), max(float32(s[3]-s[1])*size.Height, 4))
	canvas.Refresh(p.seen)
}
