// Package ui is the window: it turns snapshots of a set of sessions into what
// the screens show, and what the user does into orders to the set. Everything
// here runs on the window's goroutine; files are read and pictures decoded
// elsewhere.
package ui

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"vedette/media"
	"vedette/player"
	"vedette/session"
	"vedette/ui/conformance"
	"vedette/ui/look"
	"vedette/ui/stage"
	"vedette/ui/stage/develop"
	"vedette/ui/timeline"
	"vedette/ui/trustscreen"
	"vedette/ui/verdict"
	"vedette/verify"
)

// Deps is what the window works with.
type Deps struct {
	App     fyne.App
	Set     *session.Set
	Light   bool
	Version string
	Trust   Trust
	Sample  func() []string // paths of the sample evidence, if it is there
	Trace   func(format string, args ...any)
	Now     func() time.Time
	Screens Screens // nil where monitors are not told apart
}

// Window is the one window of the program.
type Window struct {
	d   Deps
	win fyne.Window
	p   *look.Palette

	body    *fyne.Container // everything below the header
	centre  *fyne.Container
	clock   *canvas.Text
	local   *canvas.Text
	sources *sources
	tiles   []*tile
	grid    *fyne.Container
	strip   *verdict.Strip
	panel   *verdict.Panel

	conformance *conformance.Panel
	conforming  bool // the panel shows the clauses, not the verdict
	trusting    *trustscreen.Panel
	trustOpen   bool
	trustModel  trustscreen.Model
	judged      conformed

	line    *timeline.Timeline
	bar     *transport
	side    *side
	maps    *maps
	tools   *tools
	notice  *notice
	stills  *stills
	header  header
	start   fyne.CanvasObject
	content *fyne.Container
	layer   *fyne.Container // above everything: what is dragged

	cells     []cell
	pulled    time.Time // when tiles were repainted last, of several
	size      fyne.Size // of the window when it was looked at last
	places    places
	back      int // tiles across before one source filled the stage
	nudged    map[*session.Item]int
	listening *session.Item // heard whichever has the focus; nil for that one

	catalogues []*session.Catalogue

	focus     *session.Item
	layoutN   int // tiles across
	auto      bool
	overlay   bool
	panelOpen bool
	full      bool
	dialogs   []dialog.Dialog // that are open and that Escape closes
	messages  []message
	opening   int
	tick      int
	painted   int // tiles painted so far
	given     int // pictures given to tiles since flowAt
	flowAt    time.Time
	shownAt   int  // tick of the last refresh
	stale     bool // snapshots changed since
	versions  map[*session.Item]int
	axis      media.UTC
	settled   bool

	stripShown verdict.State
	lineShown  timeline.Model
	panelShown *verify.Report

	first    map[*session.Item]bool
	bands    map[*session.Item]bands
	verdicts map[*session.Item]string
	probe    *probe

	split    split
	adjust   *adjust
	second   *second
	views    map[*session.Item]develop.View
	frames   map[*session.Item]pulled
	later    []later
	fullRow  *fullLine
	fullBack func() // to the monitor where the window was before
	anim     *fyne.Animation
}

// message is something that could not be opened.
type message struct{ what, why string }

// tile is one place of the stage.
type tile struct {
	*stage.Tile
	item     *session.Item
	name     string // and short as of the last look at the snapshots
	short    string
	last     string
	area     fyne.Size // of the picture, as the view was told
	told     bool
	late     int          // pictures that came too late so far
	lateAt   int          // tick at which it was one more
	skipping string       // what is not decoded at this speed
	state    player.State // of the view when it was looked at last
	sample   int          // shown, from 1; 0 is none
	alone    bool         // in a window of its own
}

// New builds the window. Run the app to show it.
func New(d Deps) *Window {
	if d.Trace == nil {
		d.Trace = func(string, ...any) {}
	}
	w := &Window{
		d: d, overlay: true, layoutN: 1, auto: true, versions: map[*session.Item]int{}, first: map[*session.Item]bool{}, verdicts: map[*session.Item]string{}, bands: map[*session.Item]bands{}, nudged: map[*session.Item]int{},
		views: map[*session.Item]develop.View{}, frames: map[*session.Item]pulled{},
	}
	w.stills = &stills{w: w}
	w.split = w.remembered()
	w.win = d.App.NewWindow("Vedette")
	w.win.SetPadded(false)
	w.win.SetMaster()
	w.SetLight(d.Light)
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		var paths []string
		for _, u := range uris {
			paths = append(paths, u.Path())
		}
		w.Open(paths...)
	})
	w.keys()
	w.rememberOutput()
	w.probe = startProbe(d.Trace)
	w.anim = fyne.NewAnimation(time.Hour, func(float32) { w.pull() })
	w.anim.RepeatCount = fyne.AnimationRepeatForever
	d.App.Lifecycle().SetOnStarted(func() { w.anim.Start() })
	w.win.SetOnClosed(func() {
		w.anim.Stop()
		old := w.tiles
		w.tiles = nil
		w.dropTiles(old)
		w.probe.stop()
	})
	return w
}

// Win returns the toolkit's window.
func (w *Window) Win() fyne.Window { return w.win }

// SetLight builds everything anew in the other theme; what is open stays.
func (w *Window) SetLight(light bool) {
	w.d.Light = light
	w.p = &look.Dark
	if light {
		w.p = &look.LightPalette
	}
	w.d.App.Settings().SetTheme(&look.Theme{P: w.p})
	w.build()
}

// otherTheme changes between dark and light, and keeps the choice.
func (w *Window) otherTheme() {
	name := "light"
	if w.d.Light {
		name = "dark"
	}
	w.d.App.Preferences().SetString(prefTheme, name)
	w.SetLight(!w.d.Light)
}

func (w *Window) build() {
	p := w.p
	w.clock = look.Bold("", look.SizeClock, p.Text)
	w.local = look.Text("", look.SizeSecond, p.Text2)
	w.sources = newSources(w)
	w.side = newSide(w)
	w.strip = verdict.NewStrip(p, w.togglePanel, w.toggleCheck)
	w.panel = verdict.NewPanel(p, verdict.Orders{
		Copy: w.d.App.Clipboard().SetContent, Close: w.togglePanel, Conform: w.toggleConform, Seek: func(at int64) { w.d.Set.Engine().Seek(media.UTC(at)) },
	})
	w.conformance = conformance.New(p, conformance.Orders{
		Copy: w.d.App.Clipboard().SetContent, Letter: w.saveLetter, Verdict: w.toggleConform, Close: w.togglePanel,
	})
	w.newTrustScreen()
	w.line = timeline.New(p, w.split.left, func(u media.UTC) { w.d.Set.Engine().Seek(u) })
	w.line.OnScrub = func(u media.UTC) { w.d.Set.Engine().Scrub(u) }
	w.bar = newTransport(w)
	old := w.tiles
	w.tiles = nil
	w.dropTiles(old)
	w.tools = newTools(w)
	w.notice = newNotice(w, w.notice)
	w.maps = newMaps(w, w.maps)
	w.adjust = newAdjust(w, w.adjust != nil && w.adjust.open)
	w.grid = container.NewStack()
	w.start = w.firstStart()
	clear(w.versions)
	w.stripShown, w.lineShown, w.panelShown = verdict.State{Name: "none shown yet"}, timeline.Model{Empty: "none shown yet"}, nil
	w.content = container.NewStack()
	w.layer = container.NewWithoutLayout()
	w.arrange()
	w.win.SetContent(w.content)
	w.refreshAll()
	w.adjust.show()
	w.second.rebuild()
}

// arrange puts the parts in their places. Panels draw no ground of their own:
// the window is cleared with their colour, and each layer more is paid for with
// every repaint where the processor draws.
func (w *Window) arrange() {
	p := w.p
	if w.full {
		w.rebuildGrid()
		w.content.Objects = append(w.fullStage(), w.layer)
		w.content.Refresh()
		return
	}
	w.rebuildGrid()
	var middle fyne.CanvasObject
	left, told := w.sources.root, w.notice.root
	switch {
	case w.maps.on:
		left = w.maps.left.Root
		middle = w.beside(w.maps.centre)
	case w.trustOpen:
		middle = w.trusting.Object()
	case w.panelShows():
		middle = w.panel.Object()
		if w.conforming {
			middle = w.conformance.Object()
		}
		left = container.NewBorder(nil, w.smallStage(), nil, nil, w.sources.root)
	case len(w.d.Set.Items()) == 0 && w.opening == 0:
		below := fyne.CanvasObject(w.strip)
		if w.notice.shown != nil { // a small screen has no room for both, and there is no verdict yet
			below, told = w.notice.root, container.NewStack()
		}
		middle = w.beside(container.NewBorder(nil, below, nil, nil, w.start))
	default:
		middle = w.beside(container.NewBorder(w.tools.root, w.strip, nil, nil, look.Inset(2, 0, 2, 2, w.grid)))
	}
	line := canvas.NewRectangle(p.Line)
	line.SetMinSize(fyne.NewSize(1, 1))
	bottom := container.NewVBox(told, line, w.line, w.bar.root)
	w.content.Objects = []fyne.CanvasObject{
		w.workspace(container.NewVBox(w.menuRow(), w.headerRow()), bottom, left, middle), w.layer,
	}
	w.content.Refresh()
}

// panelShows reports whether the verdict stands where the stage was.
func (w *Window) panelShows() bool {
	return w.panelOpen && w.focus != nil && !w.maps.on && !w.full && !w.trustOpen
}

// smallStage is the stage while the verdict stands in its place: it plays on in
// the left column.
func (w *Window) smallStage() fyne.CanvasObject {
	title, beside := look.Bold("Stage", look.SizeBase, w.p.Text), look.Text("keeps playing", look.SizeBase, w.p.Text2)
	line, side := canvas.NewRectangle(w.p.Line), canvas.NewRectangle(w.p.Line)
	return look.Place(fyne.NewSize(leftLeast, 36+w.leftWidth()*9/16+56), func(z fyne.Size, o []fyne.CanvasObject) {
		look.At(line, 0, 0, z.Width, 1)
		look.At(side, z.Width-1, 0, 1, z.Height)
		look.Line(title, 16, 0, 36)
		look.Line(beside, 26+title.MinSize().Width, 0, 36)
		look.At(o[4], 8, 36, z.Width-17, z.Height-44)
	}, line, side, title, beside, w.grid)
}

// header is the row's buttons that change.
type header struct{ mapButton *look.Button }

// headerRow is 48 high: name, what can be opened, and the clock at the right.
func (w *Window) headerRow() fyne.CanvasObject {
	p := w.p
	logo := canvas.NewImageFromResource(p.Icon("logo"))
	logo.FillMode = canvas.ImageFillContain
	name := look.Bold("Vedette", look.SizeCard, p.Text)
	open := look.NewButton(p, "folder", "Open…", "", w.openDialog)
	trust := look.NewButton(p, "shield", "Trust…", "", w.toggleTrust)
	show := look.NewButton(p, "map", "Map", "", w.maps.toggle)
	show.Select(w.maps.on)
	trust.Select(w.trustOpen)
	w.header.mapButton = show
	packs := look.Text(w.packLine(), look.SizeSecond, p.Text2)
	line := canvas.NewRectangle(p.Line)
	return look.Place(fyne.NewSize(600, 48), func(s fyne.Size, _ []fyne.CanvasObject) {
		look.At(line, 0, 47, s.Width, 1)
		look.At(logo, 16, 12, 24, 24)
		look.Line(name, 48, 0, 47)
		x := float32(140)
		for _, b := range []*look.Button{open, trust, show} {
			bw := b.MinSize().Width
			look.At(b, x, 9, bw, 30)
			x += bw + 8
		}
		look.Line(packs, x+8, 0, 47)
		look.Line(w.clock, s.Width-w.clock.MinSize().Width-16, 5, 22)
		look.Line(w.local, s.Width-w.local.MinSize().Width-16, 26, 18)
	}, line, logo, name, open, trust, show, packs, w.clock, w.local)
}

// packLine says which packs are in force, and whether they are out of date.
func (w *Window) packLine() string {
	packs, names, stale := w.d.Trust.Pools(), []string{}, false
	for _, p := range packs {
		name := verify.Inert(p.Name)
		if p.Serial > 0 {
			name += fmt.Sprintf(" serial %d", p.Serial)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		stale = stale || !p.StaleAfter.IsZero() && w.d.Now().After(p.StaleAfter)
	}
	line := ""
	switch len(names) {
	case 0:
		return "No trust pack: signers are not checked"
	case 1:
		line = "Trust pack: " + names[0]
	default:
		line = fmt.Sprintf("%d trust packs", len(names))
	}
	if stale {
		line += ", out of date"
	}
	return line
}

// gridLayout divides a space evenly, 4 px apart.
type gridLayout struct{ cols, rows int }

func (g gridLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 140) }

func (g gridLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	cw, ch := (s.Width-4*float32(g.cols-1))/float32(g.cols), (s.Height-4*float32(g.rows-1))/float32(g.rows)
	for i, c := range o {
		look.At(c, float32(i%g.cols)*(cw+4), float32(i/g.cols)*(ch+4), cw, ch)
	}
}

// choose makes an item the one that the strip, the side and stepping are about.
func (w *Window) choose(i *session.Item) {
	if w.focus == i {
		return
	}
	w.focus = i
	w.showOnly()
	if w.panelOpen {
		w.showPanel()
	}
	if i.View != nil {
		w.d.Set.Engine().Focus(i.View)
	}
	if w.layoutN == 1 || w.panelShows() {
		w.arrange()
	}
	w.refreshAll()
	w.adjust.show()
	w.tools.showZoom()
}

func (w *Window) togglePanel() {
	if w.focus == nil || w.focus.Snapshot().Report == nil {
		return
	}
	w.panelOpen, w.conforming, w.trustOpen = !w.panelOpen || w.trustOpen, false, false
	w.dropConform()
	w.showPanel()
	w.arrange()
	w.refreshAll()
	state := "closed"
	if w.panelOpen {
		state = "open"
	}
	w.d.Trace("verdict-panel %s", state)
}

func (w *Window) showPanel() {
	if w.panelOpen && w.focus != nil && w.conforming {
		w.panelShown = w.focus.Snapshot().Report
		w.showConform()
		return
	}
	if w.panelOpen && w.focus != nil {
		s := w.focus.Snapshot()
		if w.panelShown = s.Report; s.Report == nil {
			w.panel.Set(verdict.Shown{})
			return
		}
		shown := verdict.Shown{Report: s.Report, Checked: w.d.Now(), Exported: exported(s), Parts: partsOf(w.focus.Export())}
		for _, x := range w.focus.Export().Protection().Seals {
			shown.Signatures = append(shown.Signatures, x.Signature)
		}
		for _, x := range w.d.Set.Joined() {
			if slices.ContainsFunc(x.Files, func(f verify.SetFile) bool { return f.File == s.Report.File }) {
				shown.Set = &x
			}
		}
		if t, ok := w.focus.Video(); ok {
			for _, b := range w.bandsOf(w.focus, s.Report, t.ID) {
				shown.Bands = append(shown.Bands, verdict.Band{From: b.From, To: b.To, State: b.State})
			}
		}
		w.panel.Set(shown)
	}
}

// toggleCheck cancels a check that is running, or starts it again; a file that
// changed is opened anew.
func (w *Window) toggleCheck() {
	if w.focus == nil {
		return
	}
	if s := w.focus.Snapshot(); s.Withdrawn != "" {
		// What was read is no longer so: everything is read again from the begin.
		w.remove(w.focus, s.Path)
		return
	}
	if w.focus.Snapshot().Checking {
		w.focus.CancelCheck()
	} else {
		w.focus.StartCheck()
	}
}
