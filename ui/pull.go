package ui

import (
	"fmt"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"vedette/media"
	"vedette/media/civil"
	"vedette/player"
	"vedette/player/decode"
	"vedette/session"
	"vedette/ui/stage"
	"vedette/ui/timeline"
	"vedette/ui/verdict"
	"vedette/verify"
)

// slow is how many ticks pass between looks at what changes seldom.
const slow = 6

// gridEvery is the least time between repaints of several tiles: more than 30 a
// second are not worth their price.
const gridEvery = 28 * time.Millisecond

// pull runs just before each repaint: it moves the transport on, takes the
// frames that are due, and now and then looks at the snapshots. Where nothing
// changed nothing is repainted.
func (w *Window) pull() {
	w.probe.turn()
	w.runLater()
	s := w.d.Set.Engine().Tick()
	if now := w.d.Now(); w.layoutN > 1 && s.Playing {
		if now.Sub(w.pulled) < gridEvery {
			return
		}
		w.pulled = now
	}
	w.tick++
	w.flow(s.Playing)
	before := w.painted
	w.second.pull(s)
	if w.maps.on {
		w.restTiles()
	} else {
		w.turnTiles()
		for _, t := range w.tiles {
			w.pullTile(t, s)
		}
	}
	if w.focus != nil && w.focus.View != nil && (w.maps.on || !w.onStage(w.focus)) {
		w.frameOf(w.focus) // the side and stills are about its frame
	}
	// Time is shown with the pictures it belongs to: between two of them a
	// repaint of everything for a few milliseconds is not worth its price.
	if s.Axis != w.axis && (!s.Playing || w.painted != before || w.tick%slow == 0) {
		w.axis = s.Axis
		w.line.SetHead(s.Axis)
		w.showClock()
		w.side.follow(s.Axis)
	}
	w.bar.show(s, w.stateWords(s))
	w.bar.sound.show(s.Sound)
	if w.tick%slow == 0 {
		w.tools.hush()
		w.notice.hush()
		w.look()
	}
}

// flow traces once a second how many pictures the tiles were given.
func (w *Window) flow(playing bool) {
	now := w.d.Now()
	if !playing {
		w.flowAt, w.given = now, 0
		return
	}
	d := now.Sub(w.flowAt)
	if d < time.Second {
		return
	}
	late := 0
	for _, t := range w.tiles {
		late += t.late
	}
	w.d.Trace("flow %d pictures in %d ms on %d tiles, late %d", w.given, d.Milliseconds(), len(w.tiles), late)
	w.flowAt, w.given = now, 0
}

func (w *Window) pullTile(t *tile, s player.Status) {
	if t.item.View == nil {
		w.setTile(t, nil, false, player.State{Error: "The export has no track that can be played."}, s)
		return
	}
	w.tellSize(t)
	x := w.frameOf(t.item)
	w.setTile(t, x.frame, x.changed, x.state, s)
}

// setTile shows a frame and the state of its view.
func (w *Window) setTile(t *tile, f *player.Frame, changed bool, st player.State, s player.Status) {
	t.state = st
	snap := t.item.Snapshot()
	m := stage.Model{Name: t.name, Short: t.short, Place: place(snap), Mark: verdict.MarkOf(snap.Report), Focused: t.item == w.focus && !t.alone && len(w.d.Set.Items()) > 0}
	m.Time = w.timeText(t.item, s.Axis)
	said := w.tileNotes(t, st, s)
	if f != nil {
		zero := t.item.Zero() + t.item.View.Offset()
		said = append([]note{behind(s, st.Skipping, zero.Add(f.Sample.PTS), zero.Add(f.Sample.End()))}, said...)
		said = append(said, w.describeFrame(&m, t.item, f)...)
	}
	mute := t.item.View != nil && t.item.Recording() != ""
	m.Right, m.Brief = notes(said)
	switch {
	case snap.Withdrawn != "":
		m.Message, m.Detail = "The file changed while it was open.", snap.Withdrawn
	case mute && !st.Gap:
		m.Message, m.Detail = w.withoutPictures(t.item, s.Axis)
		m.Frame = ""
	case st.Error != "":
		m.Message, m.Detail = "No picture", st.Error
	case st.Before || st.After || st.Gap:
		m.Message, m.Detail, m.Hint = absence(t.item, st, s.Axis)
		// The frame that was shown last is of another time.
		m.Right, m.Brief = notes(w.tileNotes(t, st, s))
		m.Boxes, m.Frame, m.Time, m.Size = nil, "no frame", "", ""
	case f == nil || f.Picture == nil && f.State == 0:
		m.Message, m.Detail = "Opening", "The first picture is being decoded."
	case f.Picture == nil:
		m.Message, m.Detail = fmt.Sprintf(withoutPicture(f.State), f.Number), f.Reason // and not the one before it
	case st.Seeking && st.Total > 12:
		m.Message, m.Detail, m.Keep = "", fmt.Sprintf("decoding %d of %d", st.Done, st.Total), true
		m.Right, m.Brief = m.Detail, fmt.Sprintf("%d of %d", st.Done, st.Total)
	}
	key := fmt.Sprint(m)
	// Another tile of the same source may have been given the change before.
	if f != nil && f.Picture != nil && (changed || t.sample != f.Sample.Index+1) {
		t.sample = f.Sample.Index + 1
		shown, _ := t.item.TrackOf(f.Sample.Track)
		wide, high := player.ShownSize(shown.Described(f.Sample.Description), f.Width, f.Height)
		t.SetPicture(f.Picture, wide, high)
		w.given++
	} else if key == t.last {
		return
	}
	if f != nil && f.Picture != nil && !w.first[t.item] {
		w.first[t.item] = true
		w.d.Trace("first-picture %s", snap.Name)
	}
	t.last = key
	w.painted++
	t.Set(m)
}

// withoutPicture says why a frame has no picture.
func withoutPicture(s decode.State) string {
	switch s {
	case decode.Undecodable:
		return "Frame %d cannot be decoded."
	case decode.Withheld:
		return "The decoder gave no picture for frame %d."
	default:
		return "The decoder failed at frame %d."
	}
}

// describeFrame fills in what a frame says, and returns what is to be noted of it.
func (w *Window) describeFrame(m *stage.Model, i *session.Item, f *player.Frame) (said []note) {
	kind := ""
	if f.Kind != 0 {
		kind = ", " + string(rune(f.Kind))
	}
	m.Frame = fmt.Sprintf("frame %d%s", f.Number, kind)
	m.Time = w.timeText(i, i.Zero().Add(f.Sample.PTS))
	if f.Picture != nil {
		m.Size = fmt.Sprintf("%d x %d", f.Width, f.Height)
	}
	if f.Near {
		said = append(said, note{"nearest picture, while dragging", "near"})
	}
	if f.State == decode.Damaged || f.State == decode.Affected {
		said = append(said, note{f.State.String(), f.State.String()})
	}
	o, ok := f.Extra.(*session.Overlay)
	if !ok || o == nil || !w.overlay {
		return said
	}
	m.Age = o.Age
	if o.Age > 0 {
		said = append(said, note{fmt.Sprintf("overlay %d ms older than this frame", o.Age.Milliseconds()), ""})
	}
	shown, _ := i.TrackOf(f.Sample.Track)
	for _, x := range o.Objects {
		if x.Box == nil {
			continue
		}
		label := verify.Inert(x.Class)
		if label == "" {
			label = "Object"
		}
		label += " " + verify.Inert(x.ID)
		more := ""
		if x.Likelihood > 0 {
			more = fmt.Sprintf(" %.2f", x.Likelihood)
		}
		m.Boxes = append(m.Boxes, stage.Box{Rect: turned(shown, *x.Box), Label: label, More: more})
	}
	return said
}

// timeText prints a time of the axis for one item.
func (w *Window) timeText(i *session.Item, u media.UTC) string {
	if i.Floating {
		return relative(u.Sub(i.Zero()).Duration())
	}
	return civil.Clock(u, time.UTC)
}

func relative(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	return fmt.Sprintf("%s%02d:%02d:%02d.%03d from start", sign, int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Milliseconds()%1000)
}

// showClock prints the time of the playhead; dashes where no source stands behind it.
func (w *Window) showClock() {
	items := w.d.Set.Items()
	known := false
	for _, i := range items {
		known = known || !i.Floating
	}
	switch {
	case len(items) == 0:
		w.clock.Text, w.local.Text = "---------- --:--:--.--- UTC", "no source"
		w.clock.Color = w.p.Text3
	case !known:
		w.clock.Text, w.local.Text = relative(w.axis.Sub(items[0].Zero()).Duration()), "the export states no absolute time"
		w.clock.Color = w.p.Text
	default:
		w.clock.Color = w.p.Text
		w.clock.Text, w.local.Text = civil.Print(w.axis, time.UTC), civil.Clock(w.axis, time.Local)
	}
	width := w.win.Canvas().Size().Width
	w.clock.Move(fyne.NewPos(width-w.clock.MinSize().Width-16, w.clock.Position().Y))
	w.local.Move(fyne.NewPos(width-w.local.MinSize().Width-16, w.local.Position().Y))
	w.clock.Refresh()
	w.showFull()
}

// look takes over what changed in the snapshots.
func (w *Window) look() {
	changed := false
	settled := w.opening == 0
	for _, i := range w.d.Set.Items() {
		s := i.Snapshot()
		if s.Checking || !s.Indexed || s.Report == nil || !s.EventsRead {
			settled = false
		}
		if w.versions[i] != s.Version {
			w.versions[i] = s.Version
			changed = true
		}
		if s.Report != nil && !s.Checking && w.verdicts[i] != s.Report.Verdict.String() {
			w.verdicts[i] = s.Report.Verdict.String()
			w.d.Trace("verdict %s %s", s.Name, s.Report.Verdict)
		}
	}
	if size := w.win.Canvas().Size(); size != w.size {
		w.size, changed = size, true // the time line may have room for more, or less
	}
	if changed {
		w.stale = true
	}
	if w.maps.on || w.side.tab == 3 {
		w.maps.refresh() // which cameras have footage follows the playhead
	}
	// While files are read much changes often; a few times a second is enough.
	if w.stale && (settled || w.tick-w.shownAt > 5*slow) {
		w.stale, w.shownAt = false, w.tick
		w.d.Set.Align()
		w.refreshAll()
	}
	if settled && !w.settled && len(w.d.Set.Items()) > 0 {
		w.settled = true
		w.d.Trace("settled")
	}
}

// refreshAll shows the snapshots everywhere.
func (w *Window) refreshAll() {
	// Each part is rebuilt only when what it shows is another: a repaint of
	// everything is the dearest thing the window does.
	if k := w.sources.key(); k != w.sources.shown {
		w.sources.shown = k
		w.sources.show()
	}
	if st := w.stripState(); st != w.stripShown {
		w.stripShown = st
		w.strip.Set(st)
	}
	w.maps.refresh()
	w.refreshTrust()
	w.side.show()
	if m := w.lineModel(); !reflect.DeepEqual(m, w.lineShown) {
		w.lineShown = m
		w.line.Set(m)
	}
	w.showClock()
	s := w.d.Set.Engine().Tick()
	for _, t := range w.tiles {
		t.name, t.short = w.tileName(t.item)
		if t.item.View != nil {
			w.pullTile(t, s)
		}
	}
	if w.panelOpen && w.focus != nil && w.panelShown != w.focus.Snapshot().Report {
		w.showPanel()
	}
}

func (w *Window) stripState() verdict.State {
	if w.focus == nil {
		return verdict.State{}
	}
	s := w.focus.Snapshot()
	st := verdict.State{Open: true, Name: s.Name, Report: s.Report, Checking: s.Checking || !s.Indexed, Done: s.CheckDone, Total: s.CheckTotal, Rate: s.Rate, Error: s.CheckError}
	st.Exported = exported(s)
	if s.Report != nil && s.Report.Partial && !s.Checking {
		st.Checking = false
	}
	return st
}

// exported is the declared export time, "" when there is none.
func exported(s session.Snapshot) string {
	if s.Info == nil || !s.Info.HasTime {
		return ""
	}
	return s.Info.Time.Time().Format("2006-01-02 15:04:05") + " UTC"
}

func (w *Window) lineModel() timeline.Model {
	m := timeline.Model{Empty: "The time axis appears with the first source.", Most: w.split.rows}
	st := w.d.Set.Engine().Tick()
	m.In, m.Out, m.Loop = st.In, st.Out, st.Loop
	if w.maps.on || w.panelShows() {
		m.Most, m.Compact = 1, w.panelShows()
	} else if m.Most == timeline.MaxRows { // nobody chose fewer
		m.Most = w.mostRows()
	}
	for n, i := range w.d.Set.Items() {
		if i == w.focus {
			m.Focus = n
		}
		s := i.Snapshot()
		row := timeline.Row{Name: title(i), Mark: verdict.MarkOf(s.Report), Checked: s.Report != nil, Note: gapsNote(s)}
		if s.Report != nil && !s.Checking {
			row.Verdict = s.Report.Headline()
		}
		if t, ok := i.Track(); ok {
			row.Camera = w.bandsOf(i, s.Report, t.ID)
			x := i.Export()
			nudged := i.View.Offset()
			zero := i.Zero() + nudged
			if from, to, ok := i.Span(t.ID); ok {
				row.Footage = timeline.Span{From: from + nudged, To: to + nudged}
			}
			for _, g := range x.Gaps(t.ID) {
				row.Gaps = append(row.Gaps, timeline.Gap{Span: timeline.Span{From: zero.Add(g.From), To: zero.Add(g.To)}, Reason: g.Reason})
			}
		}
		m.Known = m.Known || !i.Floating
		m.Zero = i.Zero()
		m.Rows = append(m.Rows, row)
	}
	for _, e := range w.side.events {
		m.Events = append(m.Events, e.at)
	}
	return m
}

func gapsNote(s session.Snapshot) string {
	if !s.Indexed {
		return "reading"
	}
	if s.Gaps == 0 {
		return "gaps none"
	}
	return fmt.Sprintf("gaps %s", s.GapTime.Round(time.Second))
}
