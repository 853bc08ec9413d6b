package verdict

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/ui/look"
	"vedette/verify"
)

// State is what the strip shows.
type State struct {
	Open     bool // an export is open
	Name     string
	Report   *verify.Report
	Checking bool
	Done     int64
	Total    int64
	Rate     float64
	Exported string // declared export time, or ""
	Error    string
}

// StripHeight is fixed from the first start, so that nothing moves.
const StripHeight = 60

// Strip stands under the stage, always.
type Strip struct {
	widget.BaseWidget
	P        *look.Palette
	Why      *look.Button
	Cancel   *look.Button
	state    State
	headline string // whole, as the texts may be cut to the room there is
	limits   string
	edge     *canvas.Rectangle
	top      *canvas.Rectangle
	mark     *canvas.Image
	ring     *canvas.Arc
	ringBack *canvas.Arc
	head     *canvas.Text
	second   *canvas.Text
	who      *canvas.Text
	when     *canvas.Text
	names    [4]*canvas.Text
	marks    [4]*canvas.Image
}

// NewStrip makes the strip; why opens the panel, cancel ends or resumes a check.
func NewStrip(p *look.Palette, why, cancel func()) *Strip {
	s := &Strip{
		P: p, Why: look.NewButton(p, "", "Why", "V", why), Cancel: look.NewButton(p, "", "Cancel", "", cancel),
		edge: canvas.NewRectangle(color.Transparent), top: canvas.NewRectangle(p.Line),
		mark: canvas.NewImageFromResource(nil), head: look.Bold("", look.SizeStrip, p.Text), second: look.Text("", look.SizeSecond, p.Text2),
		who: look.Text("", look.SizeBase, p.Text), when: look.Text("", look.SizeSecond, p.Text2),
		ring: canvas.NewArc(0, 90, .8, p.Unknown), ringBack: canvas.NewArc(0, 360, .8, p.Line),
	}
	s.mark.FillMode = canvas.ImageFillContain
	for i := range s.names {
		s.names[i] = look.Text("", look.SizeSecond, p.Text)
		s.marks[i] = canvas.NewImageFromResource(nil)
		s.marks[i].FillMode = canvas.ImageFillContain
	}
	s.ExtendBaseWidget(s)
	s.Set(State{})
	return s
}

// Set shows another state.
func (s *Strip) Set(st State) {
	s.state = st
	p := s.P
	s.top.FillColor = p.Line
	s.head.Color, s.second.Color, s.who.Color, s.when.Color = p.Text, p.Text2, p.Text, p.Text2
	busy := st.Open && (st.Checking || st.Report == nil)
	stopped := st.Open && !st.Checking && st.Report != nil && st.Report.Partial
	look.Show(busy, s.ring, s.ringBack)
	look.Show(busy || stopped, s.Cancel)
	label := "Cancel"
	if stopped {
		label = "Examine again"
	}
	if s.Cancel.Label != label {
		s.Cancel.Label = label
		s.Cancel.Refresh()
	}
	look.Show(!busy, s.mark)
	s.who.Text, s.when.Text = "", ""
	m := MarkOf(st.Report)
	s.edge.FillColor = p.Colour(m)
	switch {
	case !st.Open:
		s.edge.FillColor = p.Line
		s.headline, s.limits = "No export open", "The verdict stands here as soon as one is."
		s.Why.Disable(true)
	case st.Checking || st.Report == nil:
		s.headline = "Cannot be checked yet."
		s.limits = s.progress()
		s.Why.Disable(st.Report == nil)
		s.ring.EndAngle = 0
		if st.Total > 0 {
			s.ring.EndAngle = float32(360 * float64(st.Done) / float64(st.Total))
		}
	default:
		s.headline, s.limits = st.Report.Headline(), st.Report.Limits()
		s.Why.Disable(false)
		s.signer()
	}
	s.mark = exchange(s.mark, p.MarkIcon(m))
	for i, a := range Answers(st.Report) {
		s.names[i].Text, s.names[i].Color = a.Name, p.Text
		s.marks[i] = exchange(s.marks[i], p.MarkIcon(a.Mark))
	}
	s.Refresh()
}

// exchange returns an image of the drawing. Another drawing is another image:
// a picture that was hidden meanwhile could be painted from an old texture, and
// a verdict must never stand beside the mark of another.
func exchange(old *canvas.Image, r fyne.Resource) *canvas.Image {
	if old.Resource == r {
		return old
	}
	m := canvas.NewImageFromResource(r)
	m.FillMode = canvas.ImageFillContain
	if !old.Visible() {
		m.Hide()
	}
	return m
}

func (s *Strip) progress() string {
	st := s.state
	if st.Error != "" {
		return st.Error
	}
	if st.Total == 0 || st.Done == 0 {
		return "Reading the file."
	}
	line := fmt.Sprintf("Examined %s of %s", Bytes(st.Done), Bytes(st.Total))
	if st.Rate > 0 {
		line += fmt.Sprintf(", %s/s", Bytes(int64(st.Rate)))
	}
	return line + "."
}

// signer names the newest signer and how many are earlier.
func (s *Strip) signer() {
	r := s.state.Report
	n := len(r.Seals)
	if n == 0 {
		return
	}
	if g := r.Seals[n-1].Signer; g != nil {
		s.who.Text = verify.CommonName(g.Subject)
	}
	if n > 1 {
		s.who.Text += fmt.Sprintf(" and %d earlier", n-1)
		s.when.Text = "time of this seal not stated"
	} else if s.state.Exported != "" {
		s.when.Text = "exported " + s.state.Exported
	}
}

// MinSize implements fyne.Widget.
func (s *Strip) MinSize() fyne.Size { return fyne.NewSize(300, StripHeight) }

// CreateRenderer implements fyne.Widget.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer {
	return &stripRenderer{s}
}

type stripRenderer struct{ s *Strip }

func (r *stripRenderer) Objects() []fyne.CanvasObject {
	s := r.s
	o := []fyne.CanvasObject{s.top, s.edge, s.mark, s.ringBack, s.ring, s.head, s.second, s.who, s.when, s.Why, s.Cancel}
	for i := range s.names {
		o = append(o, s.names[i], s.marks[i])
	}
	return o
}

func (r *stripRenderer) Destroy()           {}
func (r *stripRenderer) MinSize() fyne.Size { return r.s.MinSize() }

func (r *stripRenderer) Refresh() {
	r.Layout(r.s.Size())
	for i := range r.s.marks {
		r.s.marks[i].Refresh()
	}
	r.s.mark.Refresh()
	canvas.Refresh(r.s)
}

func (r *stripRenderer) Layout(size fyne.Size) {
	s := r.s
	w := size.Width
	look.At(s.top, 0, 0, w, 1)
	look.At(s.edge, 0, 0, 6, size.Height)
	for _, o := range []fyne.CanvasObject{s.mark, s.ring, s.ringBack} {
		look.At(o, 24, 16, 28, 28)
	}
	x := w - 16
	why := s.Why.MinSize()
	x -= why.Width
	look.At(s.Why, x, 16, why.Width, 28)
	if s.Cancel.Visible() {
		c := s.Cancel.MinSize()
		x -= c.Width + 8
		look.At(s.Cancel, x, 16, c.Width, 28)
	}
	shown := w >= 820 && s.state.Open && !s.state.Checking && s.state.Report != nil
	if shown {
		x -= 204
	}
	for i := range s.names {
		look.Show(shown, s.names[i], s.marks[i])
		ax, ay := x+14+float32(i%2)*92, float32(11+20*(i/2))
		look.At(s.marks[i], ax, ay+2, 14, 14)
		look.Line(s.names[i], ax+22, ay, 18)
	}
	who := max(s.who.MinSize().Width, s.when.MinSize().Width)
	room := x - 24 - 76
	named := who > 0 && room-who > 300
	look.Show(named, s.who, s.when)
	if named {
		look.Line(s.who, x-who-16, 10, 20)
		look.Line(s.when, x-who-16, 31, 18)
		room -= who + 24
	}
	s.head.Text = look.Fit(s.headline, look.SizeStrip, s.head.TextStyle, room, false)
	look.Line(s.head, 66, 8, 24)
	s.second.Text = look.Fit(s.limits, look.SizeSecond, s.second.TextStyle, room, false)
	look.Line(s.second, 66, 32, 18)
}
