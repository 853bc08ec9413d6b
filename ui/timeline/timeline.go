// Package timeline is the time line: a ruler, a row for each source with its
// footage, gaps and verdict, and the events in clusters. It draws what a Model
// says and reports where the user wants to be; all its arithmetic is in whole
// units of 100 ns.
package timeline

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"vedette/media"
	"vedette/ui/look"
)

// Span is a stretch of time.
type Span struct{ From, To media.UTC }

// Gap is a stretch without footage.
type Gap struct {
	Span
	Reason media.GapReason
}

// Row is one source.
type Row struct {
	Name    string
	Note    string // right of the name
	Mark    look.Mark
	Footage Span
	Gaps    []Gap
	Checked bool // the verdict is final
	Verdict string
	Camera  []Band // what camera signing says, in order; empty without
}

// Band is what camera signing says about a run of pictures.
type Band struct {
	Span
	State look.Stretch
	Text  string // in words: state, document, signer
}

// Model is everything that is shown.
type Model struct {
	Rows   []Row
	Events []media.UTC // in order
	Known  bool        // times are absolute
	Zero   media.UTC   // of the relative ruler
	In     media.UTC
	Out    media.UTC
	Loop   bool
	Empty  string // shown when there are no rows
	Focus  int    // the row that stays in sight
	Most   int    // rows shown at once; 0 for MaxRows
	// Compact leaves out the sum of all sources and the events.
	Compact bool
}

// MaxRows is how many sources have a row at once; the others are scrolled to.
const MaxRows = 6

// Measures in pixels.
const (
	rulerHeight = 28
	sumHeight   = 20
	rowHeight   = 50
	lowRow      = 36 // where there are several
	eventHeight = 30
)

// Timeline is the widget.
type Timeline struct {
	widget.BaseWidget
	P      *look.Palette
	LabelW float32
	OnSeek func(media.UTC)
	// OnScrub is told of each place the playhead is dragged over, OnSeek of the
	// last one.
	OnScrub func(media.UTC)

	model    Model
	from, to media.UTC // shown
	fitted   bool
	head     media.UTC
	hover    float32
	hoverY   float32
	dragging bool
	scrub    bool
	scrubX   float32
	first    int // row shown first
	shown    *renderer
}

var (
	_ fyne.Scrollable   = (*Timeline)(nil)
	_ fyne.Draggable    = (*Timeline)(nil)
	_ fyne.Tappable     = (*Timeline)(nil)
	_ desktop.Hoverable = (*Timeline)(nil)
	_ desktop.Mouseable = (*Timeline)(nil)
)

// New returns an empty time line.
func New(p *look.Palette, labelWidth float32, seek func(media.UTC)) *Timeline {
	t := &Timeline{P: p, LabelW: labelWidth, OnSeek: seek, hover: -1}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows another model. The range follows until the user has chosen one.
func (t *Timeline) Set(m Model) {
	if m.Focus != t.model.Focus || m.Most != t.model.Most || len(m.Rows) != len(t.model.Rows) {
		t.first = min(max(t.first, m.Focus-m.visible()+1), m.Focus)
	}
	t.model = m
	t.first = min(max(t.first, 0), len(m.Rows)-m.visible())
	if !t.fitted {
		t.Fit()
	}
	t.Refresh()
}

// visible returns how many rows are shown at once.
func (m *Model) visible() int {
	most := m.Most
	if most == 0 {
		most = MaxRows
	}
	return min(len(m.Rows), most)
}

// rows returns the rows that are shown.
func (t *Timeline) rows() []Row { return t.model.Rows[t.first : t.first+t.model.visible()] }

// Fit shows everything.
func (t *Timeline) Fit() {
	a, b, ok := t.extent()
	if !ok {
		return
	}
	pad := max((b-a)/40, media.Hundred/10)
	t.from, t.to = a-pad, b+pad
}

func (t *Timeline) extent() (a, b media.UTC, ok bool) {
	for _, r := range t.model.Rows {
		if r.Footage.To <= r.Footage.From {
			continue
		}
		if !ok || r.Footage.From < a {
			a = r.Footage.From
		}
		if !ok || r.Footage.To > b {
			b = r.Footage.To
		}
		ok = true
	}
	return a, b, ok
}

// SetHead moves the playhead.
func (t *Timeline) SetHead(u media.UTC) {
	if u == t.head {
		return
	}
	t.head = u
	if r := t.shown; r != nil {
		r.placeHead()
	}
}

// width of the part that has a time axis.
func (t *Timeline) width() float32 { return t.Size().Width - t.LabelW }

// X returns the place of a time, from the left edge of the widget.
func (t *Timeline) X(u media.UTC) float32 {
	span := t.to - t.from
	if span <= 0 {
		return t.LabelW
	}
	return t.LabelW + float32(float64(u-t.from)/float64(span)*float64(t.width()))
}

// Time returns the time at a place.
func (t *Timeline) Time(x float32) media.UTC {
	w := t.width()
	if w <= 0 {
		return t.from
	}
	return t.from + media.UTC(float64(t.to-t.from)*float64((x-t.LabelW)/w))
}

// Zoom changes the range about a place; k below 1 shows less.
func (t *Timeline) Zoom(x float32, k float64) {
	at := t.Time(x)
	span := media.UTC(float64(t.to-t.from) * k)
	if span < media.Hundred/20 || span > media.Hundred*86400*3660 {
		return
	}
	t.fitted = true
	t.from = at - media.UTC(float64(at-t.from)*k)
	t.to = t.from + span
	t.Refresh()
}

// ZoomBy zooms about the playhead.
func (t *Timeline) ZoomBy(k float64) { t.Zoom(t.X(t.head), k) }

// Scrolled implements fyne.Scrollable.
func (t *Timeline) Scrolled(e *fyne.ScrollEvent) {
	if e.Position.X < t.LabelW { // over the names the wheel goes through them
		by := -1
		if e.Scrolled.DY < 0 {
			by = 1
		}
		if n := min(max(t.first+by, 0), len(t.model.Rows)-t.model.visible()); n != t.first {
			t.first = n
			t.Refresh()
		}
		return
	}
	k := 1 / 1.2
	if e.Scrolled.DY < 0 {
		k = 1.2
	}
	t.Zoom(max(e.Position.X, t.LabelW), k)
}

// MouseDown implements desktop.Mouseable.
func (t *Timeline) MouseDown(e *desktop.MouseEvent) {
	d := e.Position.X - t.X(t.head)
	t.scrub = d > -7 && d < 7 || e.Position.Y < rulerHeight
}

// MouseUp implements desktop.Mouseable.
func (t *Timeline) MouseUp(*desktop.MouseEvent) {}

// Tapped implements fyne.Tappable.
func (t *Timeline) Tapped(e *fyne.PointEvent) { t.seek(e.Position.X) }

// Dragged implements fyne.Draggable.
func (t *Timeline) Dragged(e *fyne.DragEvent) {
	if t.scrub {
		t.scrubX = max(e.Position.X, t.LabelW)
		if t.OnScrub != nil && len(t.model.Rows) > 0 {
			t.dragging = true
			t.OnScrub(t.Time(t.scrubX))
		}
		return
	}
	w := t.width()
	if w <= 0 {
		return
	}
	d := media.UTC(float64(t.to-t.from) * float64(e.Dragged.DX/w))
	t.fitted = true
	t.from, t.to = t.from-d, t.to-d
	t.Refresh()
}

// DragEnd implements fyne.Draggable.
func (t *Timeline) DragEnd() {
	if t.dragging {
		t.seek(t.scrubX)
	}
	t.scrub, t.dragging = false, false
}

func (t *Timeline) seek(x float32) {
	if t.OnSeek != nil && x >= t.LabelW && len(t.model.Rows) > 0 {
		t.OnSeek(t.Time(x))
	}
}

// MouseIn implements desktop.Hoverable.
func (t *Timeline) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (t *Timeline) MouseMoved(e *desktop.MouseEvent) {
	t.hover, t.hoverY = e.Position.X, e.Position.Y
	if r := t.shown; r != nil {
		r.placeHover()
	}
}

// MouseOut implements desktop.Hoverable.
func (t *Timeline) MouseOut() {
	t.hover = -1
	if r := t.shown; r != nil {
		r.placeHover()
	}
}

// label prints a time as the ruler does.
func (t *Timeline) label(u media.UTC, fine bool) string {
	if !t.model.Known {
		d := u.Sub(t.model.Zero).Duration()
		sign := ""
		if d < 0 {
			sign, d = "-", -d
		}
		s := fmt.Sprintf("%s%02d:%02d:%02d", sign, int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
		if fine {
			s += fmt.Sprintf(".%03d", d.Milliseconds()%1000)
		}
		return s
	}
	if fine {
		return u.Time().Format("15:04:05.000")
	}
	return u.Time().Format("15:04:05")
}

// steps are the distances of ruler marks.
var steps = []time.Duration{
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second,
	30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// step returns the distance of labelled marks for at least room pixels between them.
func (t *Timeline) step(room float32) media.UTC {
	w := t.width()
	for _, s := range steps {
		u := media.UTC(s.Nanoseconds() / 100)
		if float64(u)/float64(max(t.to-t.from, 1))*float64(w) >= float64(room) {
			return u
		}
	}
	return media.UTC(steps[len(steps)-1].Nanoseconds() / 100)
}

// CreateRenderer implements fyne.Widget.
func (t *Timeline) CreateRenderer() fyne.WidgetRenderer {
	r := newRenderer(t)
	t.shown = r
	return r
}

func rect(c color.Color) *canvas.Rectangle { return canvas.NewRectangle(c) }

// RowsIn returns how many rows have room in a height, at least one.
func (t *Timeline) RowsIn(height float32) int {
	n := int((height-rulerHeight-sumHeight-eventHeight)/lowRow + .5)
	return min(max(n, 1), MaxRows)
}
