// Package trustscreen shows the trust packs that are installed, what each holds
// and which open exports it vouches for, and the preview of a pack before it is
// installed. It reads and installs nothing itself.
package trustscreen

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vedette/trust"
	"vedette/ui/look"
	"vedette/ui/verdict"
	"vedette/verify"
)

// Model is what is shown.
type Model struct {
	Entries []trust.Entry          // every pack that was ever installed
	Packs   map[string]*trust.Pack // those in force, by digest
	Named   []string               // packs named for this run: then no installed one is used
	Affects map[string][]string    // open exports whose signers a pack vouches for, by its name
	Busy    string                 // what is being done
	Error   string                 // why something was not done
	Now     time.Time

	Preview  *trust.Preview // shown instead of the list until it is installed or discarded
	Concerns []string       // open exports that the preview may concern
}

// Orders are what the screen asks of the window. All must be set.
type Orders struct {
	ImportFile, ImportFolder, Close, Discard func()
	Install                                  func(typed []string)
	Remove                                   func(digest string)
	Copy                                     func(text string)
}

// Panel is the screen.
type Panel struct {
	p      *look.Palette
	orders Orders
	root   *fyne.Container
	model  Model
	chosen string // digest of the pack whose contents are shown
	field  fyne.Focusable
}

// New makes an empty screen.
func New(p *look.Palette, o Orders) *Panel {
	return &Panel{p: p, orders: o, root: container.NewStack()}
}

// Object returns what is to be placed in a window.
func (d *Panel) Object() fyne.CanvasObject { return d.root }

// Field is where the first digits are to be typed, nil where none are asked for.
func (d *Panel) Field() fyne.Focusable { return d.field }

// Set shows a model.
func (d *Panel) Set(m Model) {
	d.model, d.field = m, nil
	body := d.overview()
	if m.Preview != nil {
		body = d.preview(m.Preview)
	}
	d.root.Objects = []fyne.CanvasObject{canvas.NewRectangle(d.p.Window), container.NewBorder(d.headline(), nil, nil, nil, body)}
	d.root.Refresh()
}

func (d *Panel) headline() fyne.CanvasObject {
	p, m := d.p, d.model
	said, limits := "Trust packs", "Signers count as trusted by these packs alone. None comes with the program, and nothing is fetched."
	buttons := []*look.Button{
		look.NewButton(p, "sheet", "Import file…", "", d.orders.ImportFile), look.NewButton(p, "folder", "Import folder…", "", d.orders.ImportFolder),
		look.NewButton(p, "", "Close", "Esc", d.orders.Close),
	}
	switch {
	case m.Preview != nil:
		said = "Preview: " + verify.Inert(m.Preview.Pack.Name)
		limits = "Nothing is installed yet. Compare the digests with what the maker of the pack tells on a second channel."
		buttons = []*look.Button{look.NewButton(p, "", "Discard", "Esc", d.orders.Discard)}
	case m.Busy != "":
		limits = m.Busy
	}
	return look.Headline(p, p.Control, nil, said, limits, buttons...)
}

// overview is the list at the left and what the chosen pack holds at the right.
func (d *Panel) overview() fyne.CanvasObject {
	p, m := d.p, d.model
	left := container.NewVBox()
	if m.Error != "" {
		left.Add(d.text("Not done", m.Error))
		left.Add(verdict.Gap(6))
	}
	if len(m.Named) > 0 {
		left.Add(d.text("Named for this run", strings.Join(m.Named, ", ")+". As long as packs are named when the program is started, the installed ones are not used."))
		left.Add(verdict.Gap(6))
	}
	rows := container.NewVBox()
	for i := len(m.Entries) - 1; i >= 0; i-- {
		e := m.Entries[i]
		if d.chosen == "" && e.State == trust.InForce {
			d.chosen = e.SHA256
		}
		rows.Add(look.NewFocusArea(p, d.entry(e), func() { d.chosen = e.SHA256; d.Set(d.model) }, nil))
	}
	if len(m.Entries) == 0 {
		rows.Add(look.Inset(14, 8, 14, 4, verdict.Wrapped("No pack was ever installed, so signers are not checked. A pack is a folder or zip with pack.json as your agency makes it, or loose certificates.")))
	}
	left.Add(verdict.Card(p, "Installed", fmt.Sprintf("%d in force", len(m.Packs)), nil, rows))
	columns := container.New(split{360}, container.NewVScroll(look.Inset(16, 12, 6, 16, left)), container.NewVScroll(look.Inset(6, 12, 16, 16, d.contents())))
	return columns
}

func (d *Panel) text(title, text string) fyne.CanvasObject {
	return verdict.Card(d.p, title, "", nil, look.Inset(14, 6, 14, 0, verdict.Wrapped(text)))
}

// split gives the first column a fixed width.
type split struct{ first float32 }

func (s split) Layout(o []fyne.CanvasObject, z fyne.Size) {
	w := min(s.first, z.Width*.4)
	look.At(o[0], 0, 0, w, z.Height)
	look.At(o[1], w, 0, z.Width-w, z.Height)
}

func (split) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(500, 200) }

func (d *Panel) entry(e trust.Entry) fyne.CanvasObject {
	p := d.p
	name := verify.Inert(e.Name)
	if e.Serial > 0 {
		name += fmt.Sprintf(", serial %d", e.Serial)
	}
	state := e.State
	if pack := d.model.Packs[e.SHA256]; pack != nil && pack.Stale(d.model.Now) {
		state += ", out of date since " + pack.StaleAfter.Format(time.DateOnly)
	}
	second := state + ", installed " + e.Installed.Format(time.DateOnly) + ", by " + e.Confirmed
	title, more := look.Bold(name, look.SizeBase, p.Text), look.Text(second, look.SizeSecond, p.Text2)
	back, bar := canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	if e.SHA256 == d.chosen {
		back.FillColor, bar.FillColor = p.Select, p.Accent
	}
	if e.State != trust.InForce {
		title.Color = p.Text2
	}
	return look.Place(fyne.NewSize(200, 46), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(bar, 0, 0, 3, z.Height)
		title.Text = look.Fit(name, look.SizeBase, title.TextStyle, z.Width-28, false)
		more.Text = look.Fit(second, look.SizeSecond, more.TextStyle, z.Width-28, false)
		look.Line(title, 14, 4, 20)
		look.Line(more, 14, 24, 18)
	}, back, bar, title, more)
}

func (d *Panel) contents() fyne.CanvasObject {
	p := d.p
	out := container.NewVBox()
	for _, e := range d.model.Entries {
		if e.SHA256 != d.chosen {
			continue
		}
		pack := d.model.Packs[e.SHA256]
		var remove fyne.CanvasObject
		if e.State == trust.InForce {
			b := look.NewButton(p, "minus", "Take out of force", "", func() { d.orders.Remove(e.SHA256) })
			b.Flat = true
			remove = b
		}
		facts := container.NewVBox()
		for _, l := range factsOf(e, pack, d.model.Now) {
			facts.Add(verdict.Wrapped(l))
		}
		out.Add(verdict.Card(p, verify.Inert(e.Name), e.State, remove, look.Inset(14, 6, 14, 0, facts)))
		out.Add(verdict.Gap(6))
		if pack == nil {
			break
		}
		affected := d.model.Affects[e.Name]
		text := "None of the open exports."
		if len(affected) > 0 {
			text = strings.Join(affected, "\n")
		}
		out.Add(d.text("Vouches for", text))
		out.Add(verdict.Gap(6))
		rows := container.NewVBox()
		for _, c := range pack.Contents() {
			rows.Add(d.change(c))
		}
		out.Add(verdict.Card(p, "Contents", "", nil, rows))
	}
	return out
}

func factsOf(e trust.Entry, pack *trust.Pack, now time.Time) []string {
	out := []string{"SHA-256 " + e.SHA256}
	if !e.ByHand {
		out = append(out, "Issued by "+verify.Inert(e.Issuer)+fmt.Sprintf(", serial %d", e.Serial))
	}
	if pack != nil && !pack.Issued.IsZero() {
		age := fmt.Sprintf("Issued %s, %d days ago", pack.Issued.Format(time.DateOnly), int(pack.Age(now).Hours()/24))
		if !pack.StaleAfter.IsZero() {
			age += ", out of date after " + pack.StaleAfter.Format(time.DateOnly)
		}
		out = append(out, age)
	}
	if e.Ended != nil {
		out = append(out, e.State+" since "+e.Ended.Format(time.DateOnly)+"; it is kept, so that old verdicts can be made again")
	}
	return out
}
