package ui

import (
	"fmt"
	"image/color"
	"slices"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"vedette/media"
	"vedette/session"
	"vedette/ui/look"
	"vedette/verify"
)

const (
	sideWidth = 344
	allTopics = "All events"
)

// side is the right side: events, the frame, details.
type side struct {
	w       *Window
	root    *fyne.Container
	tabs    [4]*look.Button
	body    *fyne.Container
	tab     int
	filter  *widget.Entry
	topic   *widget.Select
	list    *widget.List
	foot    *canvas.Text
	orders  fyne.CanvasObject // below the frame card
	hashed  hashed
	all     []placedEvent
	events  []placedEvent // those that pass the filter
	current int
	loaded  int
	stamp   string
	shown   string
}

// placedEvent is one event on the axis.
type placedEvent struct {
	at    media.UTC
	item  *session.Item
	event session.Event
}

func newSide(w *Window) *side {
	p := w.p
	s := &side{w: w, body: container.NewStack(), foot: look.Text("", look.SizeSecond, p.Text2), current: -1}
	for i, name := range []string{"Events", "Frame", "Detail", "Map"} {
		s.tabs[i] = look.NewButton(p, "", name, "", func() { s.choose(i) })
		s.tabs[i].Flat = true
	}
	s.filter = widget.NewEntry()
	s.filter.SetPlaceHolder("Find event")
	s.filter.OnChanged = func(string) { s.apply(); w.refreshAll() }
	s.topic = widget.NewSelect([]string{allTopics}, nil)
	s.topic.Selected = allTopics
	s.topic.OnChanged = func(string) { s.apply(); w.refreshAll() }
	s.list = widget.NewList(func() int { return len(s.events) }, s.newRow, s.fillRow)
	s.list.HideSeparators = true
	s.list.OnSelected = func(i widget.ListItemID) {
		s.list.UnselectAll()
		s.goTo(i)
	}
	bar, line, edge := canvas.NewRectangle(p.Accent), canvas.NewRectangle(p.Line), canvas.NewRectangle(p.Line)
	head := look.Place(fyne.NewSize(sideWidth, 36), func(z fyne.Size, _ []fyne.CanvasObject) {
		x := float32(8)
		for i, t := range s.tabs {
			tw := t.MinSize().Width + 4
			look.At(t, x, 4, tw, 28)
			if i == s.tab {
				look.At(bar, x, 34, tw, 2)
			}
			x += tw + 2
		}
		look.At(line, 0, 35, z.Width, 1)
	}, s.tabs[0], s.tabs[1], s.tabs[2], s.tabs[3], line, bar)
	s.root = look.Place(fyne.NewSize(sideWidth, 200), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(edge, 0, 0, 1, z.Height)
		look.At(o[1], 1, 0, z.Width-1, z.Height)
	}, edge, container.NewBorder(head, nil, nil, nil, s.body))
	s.choose(0)
	return s
}

func (s *side) choose(tab int) {
	s.tab = tab
	s.show()
	s.root.Refresh()
}

// show fills the tab that is open.
func (s *side) show() {
	s.collect()
	key := fmt.Sprint(s.tab, len(s.all))
	switch s.tab {
	case 0:
		for _, i := range s.w.d.Set.Items() {
			key += fmt.Sprint(i.Snapshot().EventsRead)
		}
	case 1:
		key += fmt.Sprint(s.frameRows())
	case 2:
		key += fmt.Sprint(s.detailRows())
	case 3:
		key += fmt.Sprint(s.w.maps.on)
	}
	if key == s.shown {
		return
	}
	s.shown = key
	switch s.tab {
	case 0:
		s.showEvents()
	case 1:
		s.showFrame()
	case 2:
		s.body.Objects = []fyne.CanvasObject{s.rows(s.detailRows())}
		if m := s.w.maps; m.on && m.about[m.big.Selected()].item != nil {
			open := look.NewButton(s.w.p, "play", "Open picture", "Enter", m.open)
			open.Filled = true
			s.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, look.Inset(16, 8, 16, 14, container.NewHBox(open)), nil, nil, s.rows(s.detailRows()))}
		}
	case 3:
		s.body.Objects = []fyne.CanvasObject{s.smallMap()}
	}
	s.body.Refresh()
}

// collect puts the events of all exports in one order.
func (s *side) collect() {
	stamp := "of:"
	for _, i := range s.w.d.Set.Items() {
		stamp += fmt.Sprint(i.Snapshot().Events, i.Snapshot().EventsRun, i.Zero(), ";")
	}
	if stamp == s.stamp {
		return
	}
	s.stamp = stamp
	s.all = s.all[:0]
	for _, i := range s.w.d.Set.Items() {
		for _, e := range i.Events() {
			at := i.Zero().Add(e.At)
			if e.UTC != nil && !i.Floating {
				at = *e.UTC
			}
			s.all = append(s.all, placedEvent{at, i, e})
		}
	}
	slices.SortStableFunc(s.all, func(a, b placedEvent) int { return int(min(max(a.at-b.at, -1), 1)) })
	s.topics()
	s.apply()
}

// topics offers the kinds of events that there are.
func (s *side) topics() {
	names := []string{allTopics}
	for _, e := range s.all {
		if n := verify.Inert(e.event.Title); !slices.Contains(names, n) && len(names) < 40 {
			names = append(names, n)
		}
	}
	slices.Sort(names[1:])
	if !slices.Equal(names, s.topic.Options) {
		s.topic.SetOptions(names)
	}
	if !slices.Contains(names, s.topic.Selected) {
		s.topic.Selected = allTopics
		s.topic.Refresh()
	}
}

func (s *side) apply() {
	topic := s.topic.Selected
	want := strings.ToLower(strings.TrimSpace(s.filter.Text))
	s.events = nil
	for _, e := range s.all {
		if topic != allTopics && verify.Inert(e.event.Title) != topic {
			continue
		}
		if want == "" || strings.Contains(strings.ToLower(e.event.Title+" "+e.event.Detail+" "+e.event.Topic+" "+title(e.item)), want) {
			s.events = append(s.events, e)
		}
	}
	s.current = -2 // none that follow could find, so that it tells the count anew
	s.list.Refresh()
	s.mark(s.w.axis)
}

func (s *side) showEvents() {
	if len(s.all) == 0 {
		text := "Events of the sources you open\nappear here, in order of time."
		for _, i := range s.w.d.Set.Items() {
			text = "The metadata is being read."
			if i.Snapshot().EventsRead {
				text = "The metadata holds no events."
			}
		}
		l := widget.NewLabel(text)
		l.Alignment = fyne.TextAlignCenter
		l.Importance = widget.LowImportance
		s.body.Objects = []fyne.CanvasObject{container.NewCenter(l)}
		return
	}
	s.body.Objects = []fyne.CanvasObject{container.NewBorder(look.Inset(10, 6, 10, 6, container.NewGridWithColumns(2, s.filter, s.topic)), look.Inset(16, 8, 16, 8, s.foot), nil, nil, s.list)}
}

func (s *side) newRow() fyne.CanvasObject {
	p := s.w.p
	back, bar := canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	time, name, detail := look.Text("", look.SizeSecond, p.Text2), look.Text("", look.SizeBase, p.Text), look.Text("", look.SizeSecond, p.Text2)
	mark := canvas.NewImageFromResource(p.Icon("event"))
	mark.FillMode = canvas.ImageFillContain
	return look.Place(fyne.NewSize(200, 40), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, -4, -4, z.Width+8, z.Height+8)
		look.At(bar, -4, -4, 3, z.Height+8)
		look.Line(time, 10, 1, 20)
		look.At(mark, 100, 5, 12, 12)
		look.Line(name, 122, 1, 20)
		look.Line(detail, 122, 20, 18)
	}, back, bar, time, mark, name, detail)
}

func (s *side) fillRow(i widget.ListItemID, o fyne.CanvasObject) {
	c, ok := o.(*fyne.Container)
	if !ok || i >= len(s.events) {
		return
	}
	p, e := s.w.p, s.events[i]
	back, bar := c.Objects[0].(*canvas.Rectangle), c.Objects[1].(*canvas.Rectangle)                             //nolint:forcetypeassert // made by newRow
	when, name, detail := c.Objects[2].(*canvas.Text), c.Objects[4].(*canvas.Text), c.Objects[5].(*canvas.Text) //nolint:forcetypeassert // made by newRow
	back.FillColor, bar.FillColor = color.Transparent, color.Transparent
	name.TextStyle.Bold = i == s.current
	when.Color = p.Text2
	if i == s.current {
		back.FillColor, bar.FillColor, when.Color = p.Select, p.Accent, p.Text
	}
	when.Text = e.at.Time().Format("15:04:05.000")
	if e.item.Floating {
		when.Text = strings.TrimSuffix(relative(e.at.Sub(e.item.Zero()).Duration()), " from start")
	}
	name.Text = look.Fit(verify.Inert(e.event.Title), look.SizeBase, name.TextStyle, c.Size().Width-130, false)
	text := verify.Inert(e.event.Detail)
	if len(s.w.d.Set.Items()) > 1 {
		text = title(e.item) + ", " + text
	}
	detail.Text = look.Fit(text, look.SizeSecond, detail.TextStyle, c.Size().Width-130, false)
	c.Refresh()
}

// follow shows the frame at the playhead, or marks the last event before it.
func (s *side) follow(at media.UTC) {
	if s.tab == 1 {
		s.frameSoon()
	}
	s.mark(at)
}

// mark marks the event in the list.
func (s *side) mark(at media.UTC) {
	i := sort.Search(len(s.events), func(k int) bool { return s.events[k].at > at }) - 1
	if i == s.current {
		return
	}
	s.current = i
	s.foot.Text = fmt.Sprintf("Event %d of %d", i+1, len(s.events))
	if len(s.events) == 0 {
		s.foot.Text = "No event matches."
	}
	s.foot.Refresh()
	if s.tab == 0 {
		s.list.Refresh()
		if i >= 0 {
			s.list.ScrollTo(i)
		}
	}
}

func (s *side) goTo(i int) {
	if i < 0 || i >= len(s.events) {
		return
	}
	e := s.events[i]
	s.w.choose(e.item)
	s.w.d.Set.Engine().Seek(e.at)
}

// step goes to the next or previous event.
func (s *side) step(by int) {
	i := sort.Search(len(s.events), func(k int) bool { return s.events[k].at > s.w.axis })
	if by < 0 {
		i = sort.Search(len(s.events), func(k int) bool { return s.events[k].at >= s.w.axis }) - 1
	}
	s.goTo(i)
}

// rows shows pairs of name and value; a pair without a name is a heading.
// Digests take two lines, so that they can be read whole.
func (s *side) rows(pairs [][2]string) fyne.CanvasObject {
	p := s.w.p
	box := container.New(stack{})
	for _, kv := range pairs {
		if kv[0] == "" {
			box.Add(look.Inset(16, 14, 16, 4, look.Bold(kv[1], look.SizeBase, p.Text)))
			continue
		}
		k, v, second := look.Text(kv[0], look.SizeSecond, p.Text2), look.Text(kv[1], look.SizeSecond, p.Text), look.Text("", look.SizeSecond, p.Text)
		full, height := kv[1], float32(21)
		shown := full
		if isDigest(full) {
			v.TextStyle.Monospace, v.TextSize = true, look.SizeCode
			second.TextStyle.Monospace, second.TextSize = true, look.SizeCode
			shown, second.Text, height = full[:32], full[32:64], 38
		}
		box.Add(look.NewTapArea(look.Place(fyne.NewSize(200, height), func(z fyne.Size, _ []fyne.CanvasObject) {
			look.Line(k, 16, 0, 21)
			v.Text = look.Fit(shown, v.TextSize, v.TextStyle, z.Width-132, true)
			look.Line(v, 120, 0, 21)
			look.Line(second, 120, 17, 21)
		}, k, v, second), func() {
			s.w.d.App.Clipboard().SetContent(full)
			s.copied(kv[0])
		}, nil))
	}
	return container.NewVScroll(look.Inset(0, 6, 0, 12, box))
}

// isDigest reports whether a value begins with a SHA-256.
func isDigest(s string) bool {
	if len(s) < 64 || len(s) > 64 && s[64] != ' ' {
		return false
	}
	return strings.Trim(s[:64], "0123456789abcdef") == ""
}

// smallMap follows the selection; where nothing has a place it says so.
func (s *side) smallMap() fyne.CanvasObject {
	m := s.w.maps
	if s.w.focus != nil {
		m.small.Select(declaredID(s.w.focus))
	}
	large := look.NewButton(s.w.p, "map", "Large map", "", m.toggle)
	return container.NewBorder(nil, look.Inset(16, 8, 16, 8, container.NewHBox(large)), nil, nil, m.small)
}

// copied says for a moment what went to the clipboard.
func (s *side) copied(name string) {
	s.w.tools.say(name + " copied")
}

func (s *side) frameSoon() {
	if s.w.tick%slow == 0 || !s.w.bar.playing {
		s.show()
	}
}

func (s *side) detailRows() [][2]string {
	if s.w.maps.on {
		return s.w.maps.rows()
	}
	i := s.w.focus
	if i == nil {
		return [][2]string{{"", "Nothing chosen"}}
	}
	n := i.Snapshot()
	out := [][2]string{{"", "File"}, {"Name", n.Name}, {"Path", n.Path}, {"Size", fmt.Sprintf("%d bytes", n.Size)}}
	if x := n.Info; x != nil {
		out = append(out, [][2]string{{"", "Export"}, {"Unit", verify.Inert(x.UnitName)}, {"URL", verify.Inert(x.UnitURL)}, {"MAC", verify.Inert(x.UnitMAC)}, {"Operator", verify.Inert(x.Operator)}}...)
		if x.HasTime {
			out = append(out, [2]string{"Exported", x.Time.Time().Format("2006-01-02 15:04:05") + " UTC"})
		}
	}
	if l := n.Location; l != nil {
		out = append(out, [][2]string{{"", "Declared place"}, {"Name", verify.Inert(l.Name)}, {"Position", fmt.Sprintf("%.5f, %.5f", l.Latitude, l.Longitude)}, {"Altitude", fmt.Sprintf("%.1f m", l.Altitude)}}...)
	}
	for _, t := range n.Tracks {
		table := i.Export().Table(t.ID)
		out = append(out, [][2]string{{"", fmt.Sprintf("Track %d, %s", t.ID, t.Kind)}, {"Codec", fmt.Sprintf("%s (%s)", t.Codec, verify.Inert(t.Entry))}, {"Samples", samplesText(table)}}...)
		out = append(out, looksRows(t)...)
		if t.SampleRate > 0 {
			out = append(out, [2]string{"Sound", fmt.Sprintf("%d Hz, %d channels", t.SampleRate, t.Channels)})
		}
		if t.Name != "" {
			out = append(out, [2]string{"Source", verify.Inert(t.Name)}, [2]string{"URL", verify.Inert(t.URL)})
		}
	}
	return append(out, boxRows(i.Export().Boxes())...)
}
