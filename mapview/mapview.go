// Package mapview is the map: the ground from package tiles with the markers of
// cameras, declared places and links over it. It draws in a goroutine of its
// own, so that the window never waits for it, and reports what the user chose;
// it opens no file and no connection.
package mapview

import (
	"fmt"
	"image"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"vedette/assets/basemap"
	"vedette/mapview/tiles"
)

// Map is the widget. Its methods are for the window's goroutine.
type Map struct {
	widget.BaseWidget
	OnSelect func(id string) // "" when nothing is chosen any more
	OnOpen   func(id string)
	Small    bool // no plates, for a corner

	colours Colours
	index   *index
	view    tiles.View
	fitted  bool // the view follows the markers until the user moves it
	chosen  string
	wedges  bool
	spots   []spot // as shown
	shown   tiles.View
	hover   string
	pointer fyne.Position
	over    bool
	pressed fyne.Position
	focused bool
	failed  string

	mu      sync.Mutex // guards what the worker takes
	pending *scene
	busy    bool
	spare   *image.RGBA

	parts mapParts
}

// scene is everything a picture is drawn from.
type scene struct {
	view    tiles.View
	w, h    float64 // units of the canvas
	scale   float64
	index   *index
	chosen  string
	wedges  bool
	colours Colours
}

// chosenOf returns the chosen marker of a spot, or -1.
func (q *scene) chosenOf(s spot) int {
	for _, n := range s.all {
		if q.chosen != "" && q.index.markers[n].ID == q.chosen {
			return n
		}
	}
	return -1
}

// rank orders spots from below to above.
func (q *scene) rank(s spot) int {
	switch {
	case q.chosenOf(s) >= 0:
		return 3
	case q.index.markers[s.all[0]].Kind == Declared:
		return 0
	case q.index.markers[s.all[0]].Kind == Place:
		return 1
	}
	return 2
}

// New returns a map of the world without markers.
func New(c Colours) *Map {
	m := &Map{colours: c, index: newIndex(nil), wedges: true}
	m.view = tiles.FitView(nil, 800, 500, 0, 3)
	m.parts = newParts(m)
	m.ExtendBaseWidget(m)
	return m
}

// SetMarkers exchanges the markers. The view follows them until the user has
// moved it.
func (m *Map) SetMarkers(ms []Marker) {
	m.index = newIndex(ms)
	if _, ok := m.index.byID[m.chosen]; !ok {
		m.chosen = ""
	}
	if !m.fitted {
		m.fit()
	}
	m.redraw()
}

// SetWedges shows or hides what cameras may see.
func (m *Map) SetWedges(on bool) {
	m.wedges = on
	m.redraw()
}

// Select chooses a marker, "" for none.
func (m *Map) Select(id string) {
	if id == m.chosen {
		return
	}
	m.chosen = id
	m.redraw()
}

// Selected returns the marker that is chosen, or "".
func (m *Map) Selected() string { return m.chosen }

// Reveal brings a marker into the middle, if it is not in sight.
func (m *Map) Reveal(id string) {
	n, ok := m.index.byID[id]
	if !ok {
		return
	}
	s := m.Size()
	x, y := m.view.Pixel(m.index.at[n], float64(s.Width), float64(s.Height))
	if x < 40 || y < 40 || x > float64(s.Width)-40 || y > float64(s.Height)-40 {
		m.view.Centre = m.index.at[n]
		m.redraw()
	}
}

// Fit shows all markers and lets the view follow them again.
func (m *Map) Fit() {
	m.fitted = false
	m.fit()
	m.redraw()
}

// fitZoom is the greatest zoom that is chosen without being asked.
const fitZoom = 17.5

func (m *Map) fit() {
	s := m.Size()
	margin := 90.0
	if m.Small {
		margin = 36
	}
	m.view = tiles.FitView(m.index.at, float64(s.Width), float64(s.Height), margin, fitZoom)
}

// Zoom changes the scale by whole steps about the middle.
func (m *Map) Zoom(by float64) {
	s := m.Size()
	m.zoomAt(by, float64(s.Width)/2, float64(s.Height)/2)
}

func (m *Map) zoomAt(by, x, y float64) {
	s := m.Size()
	w, h := float64(s.Width), float64(s.Height)
	at := m.view.At(x, y, w, h)
	v := m.view
	v.Zoom = min(max(v.Zoom+by, tiles.MinZoom), tiles.MaxZoom)
	v.Centre = tiles.World{X: at.X - (x-w/2)/v.Scale(), Y: at.Y - (y-h/2)/v.Scale()}
	m.view, m.fitted = v.Clamp(), true
	m.redraw()
}

func (m *Map) pan(dx, dy float64) {
	k := m.view.Scale()
	m.view.Centre = tiles.World{X: m.view.Centre.X - dx/k, Y: m.view.Centre.Y - dy/k}
	m.view, m.fitted = m.view.Clamp(), true
	m.redraw()
}

// redraw asks for another picture; of many requests the newest counts.
func (m *Map) redraw() {
	s := m.Size()
	if s.Width < 2 || s.Height < 2 {
		return
	}
	scale := 1.0
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		scale = float64(c.Scale())
	}
	q := &scene{view: m.view, w: float64(s.Width), h: float64(s.Height), scale: scale, index: m.index, chosen: m.chosen, wedges: m.wedges, colours: m.colours}
	m.mu.Lock()
	m.pending = q
	start := !m.busy
	m.busy = true
	m.mu.Unlock()
	if start {
		go m.work()
	}
}

// work draws until nothing is asked for any more. Two pictures take turns: one
// is shown while the other is drawn.
func (m *Map) work() {
	outline, err := tiles.Load()
	if err != nil {
		outline = &tiles.Outline{}
		fyne.Do(func() { m.failed = err.Error() })
	}
	for {
		m.mu.Lock()
		q := m.pending
		m.pending = nil
		if q == nil {
			m.busy = false
			m.mu.Unlock()
			return
		}
		pic := m.spare
		m.spare = nil
		m.mu.Unlock()
		box := image.Rect(0, 0, int(math.Ceil(q.w*q.scale)), int(math.Ceil(q.h*q.scale)))
		if pic == nil || pic.Rect != box {
			pic = image.NewRGBA(box)
		}
		spots := paint(pic, outline, q)
		fyne.DoAndWait(func() { m.show(pic, q, spots) })
	}
}

// show takes over a picture that was drawn.
func (m *Map) show(pic *image.RGBA, q *scene, spots []spot) {
	old, _ := m.parts.picture.Image.(*image.RGBA)
	m.mu.Lock()
	m.spare = old
	m.mu.Unlock()
	m.parts.picture.Image = pic
	m.spots, m.shown = spots, q.view
	m.Refresh()
}

// hit returns the spot under a place of the widget.
func (m *Map) hit(p fyne.Position) *spot {
	var best *spot
	near := math.Inf(1)
	for i := range m.spots {
		s := &m.spots[i]
		if d := math.Hypot(s.x-float64(p.X), s.y-float64(p.Y)); d <= s.r+4 && d < near {
			best, near = s, d
		}
	}
	return best
}

func (m *Map) choose(id string) {
	if id == m.chosen {
		return
	}
	m.chosen = id
	m.redraw()
	if m.OnSelect != nil {
		m.OnSelect(id)
	}
}

func (m *Map) open() {
	if m.chosen != "" && m.OnOpen != nil {
		m.OnOpen(m.chosen)
	}
}

// MouseDown implements desktop.Mouseable.
func (m *Map) MouseDown(e *desktop.MouseEvent) {
	m.pressed = e.Position
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		c.Focus(m)
	}
}

// MouseUp implements desktop.Mouseable. A press that was no drag chooses: at a
// place of several markers the next one, in a cluster it goes closer.
func (m *Map) MouseUp(e *desktop.MouseEvent) {
	if d := e.Position.Subtract(m.pressed); math.Hypot(float64(d.X), float64(d.Y)) > 4 {
		return
	}
	s := m.hit(e.Position)
	switch {
	case s == nil:
		m.choose("")
	case s.cluster:
		m.zoomAt(2, s.x, s.y)
	default:
		next := 0
		for i, n := range s.all {
			if m.index.markers[n].ID == m.chosen {
				next = (i + 1) % len(s.all)
			}
		}
		m.choose(m.index.markers[s.all[next]].ID)
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (m *Map) DoubleTapped(e *fyne.PointEvent) {
	if s := m.hit(e.Position); s != nil && !s.cluster {
		m.open()
		return
	}
	m.zoomAt(1, float64(e.Position.X), float64(e.Position.Y))
}

// Dragged implements fyne.Draggable.
func (m *Map) Dragged(e *fyne.DragEvent) { m.pan(float64(e.Dragged.DX), float64(e.Dragged.DY)) }

// DragEnd implements fyne.Draggable.
func (m *Map) DragEnd() {}

// Scrolled implements fyne.Scrollable.
func (m *Map) Scrolled(e *fyne.ScrollEvent) {
	by := .5
	if e.Scrolled.DY < 0 {
		by = -.5
	}
	m.zoomAt(by, float64(e.Position.X), float64(e.Position.Y))
}

// MouseIn implements desktop.Hoverable.
func (m *Map) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (m *Map) MouseMoved(e *desktop.MouseEvent) {
	m.over, m.pointer = true, e.Position
	m.hover = ""
	if s := m.hit(e.Position); s != nil && !s.cluster {
		m.hover = m.index.markers[s.all[0]].ID
	}
	m.parts.plates()
}

// MouseOut implements desktop.Hoverable.
func (m *Map) MouseOut() {
	m.over, m.hover = false, ""
	m.parts.plates()
}

// FocusGained implements fyne.Focusable.
func (m *Map) FocusGained() { m.focused = true; m.Refresh() }

// FocusLost implements fyne.Focusable.
func (m *Map) FocusLost() { m.focused = false; m.Refresh() }

// TypedRune implements fyne.Focusable.
func (m *Map) TypedRune(r rune) {
	switch r {
	case '+', '=':
		m.Zoom(1)
	case '-':
		m.Zoom(-1)
	case '0':
		m.Fit()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil && c.OnTypedRune() != nil {
			c.OnTypedRune()(r) // the window's keys
		}
	}
}

// TypedKey implements fyne.Focusable.
func (m *Map) TypedKey(e *fyne.KeyEvent) {
	const step = 80
	switch e.Name {
	case fyne.KeyLeft:
		m.pan(step, 0)
	case fyne.KeyRight:
		m.pan(-step, 0)
	case fyne.KeyUp:
		m.pan(0, step)
	case fyne.KeyDown:
		m.pan(0, -step)
	case fyne.KeyPageDown:
		m.walk(1)
	case fyne.KeyPageUp:
		m.walk(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		m.open()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e)
		}
	}
}

// walk chooses the next marker in their order.
func (m *Map) walk(by int) {
	n := len(m.index.markers)
	if n == 0 {
		return
	}
	at, ok := m.index.byID[m.chosen]
	switch {
	case !ok && by < 0:
		at = n - 1
	case !ok:
		at = 0
	default:
		at = (at + by + n) % n
	}
	id := m.index.markers[at].ID
	m.choose(id)
	m.Reveal(id)
}

// Where prints a position as the plates do.
func Where(lat, lon float64) string {
	ns, ew := "N", "E"
	if lat < 0 {
		ns = "S"
	}
	if lon < 0 {
		ew = "W"
	}
	return fmt.Sprintf("%.5f %s, %.5f %s", math.Abs(lat), ns, math.Abs(lon), ew)
}

// Attribution is what must be shown with the ground.
const Attribution = "Outline: " + basemap.Attribution

// CreateRenderer implements fyne.Widget.
func (m *Map) CreateRenderer() fyne.WidgetRenderer { return &mapRenderer{m} }

type mapRenderer struct{ m *Map }

func (r *mapRenderer) Destroy()                     {}
func (r *mapRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, 160) }
func (r *mapRenderer) Objects() []fyne.CanvasObject { return r.m.parts.objects() }

func (r *mapRenderer) Refresh() {
	r.m.parts.plates()
	canvas.Refresh(r.m.parts.picture)
}

func (r *mapRenderer) Layout(s fyne.Size) {
	r.m.parts.picture.Resize(s)
	if !r.m.fitted {
		r.m.fit()
	}
	r.m.parts.plates()
	r.m.redraw()
}

// Markers returns the markers that are drawn.
func (m *Map) Markers() []Marker { return m.index.markers }
