package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/session"
	"vedette/ui/look"
)

// cellAt returns the place of the stage under the pointer.
func (w *Window) cellAt(at fyne.Position) (cell, bool) {
	if w.maps.on || w.trustOpen {
		return cell{}, false
	}
	for _, c := range w.cells {
		p := w.d.App.Driver().AbsolutePositionForObject(c.object)
		s := c.object.Size()
		if at.X >= p.X && at.X < p.X+s.Width && at.Y >= p.Y && at.Y < p.Y+s.Height {
			return c, true
		}
	}
	return cell{}, false
}

// carry shows what is dragged, and where it would go.
func (w *Window) carry(i *session.Item, at fyne.Position) {
	p := w.p
	text := title(i)
	var objects []fyne.CanvasObject
	if c, ok := w.cellAt(at); ok && c.item != i {
		switch {
		case c.item != nil && c.place >= 0 && w.places.find(i) >= 0:
			text += ": changes places with " + title(c.item)
		case c.item != nil:
			text += ": in place of " + title(c.item)
		default:
			text += ": goes here"
		}
		frame := canvas.NewRectangle(color.Transparent)
		frame.StrokeColor, frame.StrokeWidth = p.Accent, 3
		o := w.d.App.Driver().AbsolutePositionForObject(c.object)
		look.At(frame, o.X+1, o.Y+1, c.object.Size().Width-2, c.object.Size().Height-2)
		objects = append(objects, frame)
	}
	plate := look.Rounded(p.Raised, p.Accent)
	label := look.Text(look.Fit(text, look.SizeBase, fyne.TextStyle{}, 360, false), look.SizeBase, p.Text)
	width := label.MinSize().Width + 20
	x := min(at.X+14, w.win.Canvas().Size().Width-width-4)
	look.At(plate, x, at.Y+12, width, 28)
	look.Line(label, x+10, at.Y+12, 28)
	w.layer.Objects = append(objects, plate, label)
	w.layer.Refresh()
}

// drop puts what is dragged where the pointer is.
func (w *Window) drop(i *session.Item, at fyne.Position) {
	w.layer.Objects = nil
	w.layer.Refresh()
	c, ok := w.cellAt(at)
	switch {
	case !ok || c.item == i:
	case c.place < 0:
		w.choose(i)
	default:
		w.put(i, c.place)
	}
}

// vacancy is a place without an export.
func (w *Window) vacancy(place int) fyne.CanvasObject {
	p := w.p
	back, frame := canvas.NewRectangle(p.Stage), canvas.NewRectangle(color.Transparent)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = p.Line, 1, look.Radius
	said := look.Text("Drop a source here", look.SizeBase, p.Text2)
	hint := look.Text("or click to choose one", look.SizeSecond, p.Text2)
	drawn := look.Place(fyne.NewSize(60, 40), func(z fyne.Size, _ []fyne.CanvasObject) {
		look.At(back, 0, 0, z.Width, z.Height)
		look.At(frame, 8, 8, z.Width-16, z.Height-16)
		said.Text = look.Fit("Drop a source here", look.SizeBase, said.TextStyle, z.Width-28, false)
		two := z.Height >= 96 && z.Width >= 170
		y := (z.Height - 20) / 2
		if two {
			y -= 11
		}
		look.Line(said, (z.Width-said.MinSize().Width)/2, y, 20)
		look.Show(two, hint)
		look.Line(hint, (z.Width-hint.MinSize().Width)/2, y+22, 20)
	}, back, frame, said, hint)
	choose := func(at fyne.Position) { w.vacancyMenu(place, at) }
	area := look.NewTapArea(drawn, nil, choose)
	area.At = func(at fyne.Position) {
		choose(w.d.App.Driver().AbsolutePositionForObject(area).Add(at))
	}
	return area
}

// vacancyMenu offers the exports that are not on the stage, then the others.
func (w *Window) vacancyMenu(place int, at fyne.Position) {
	var off, on []*fyne.MenuItem
	for _, i := range w.d.Set.Items() {
		if k := w.places.find(i); k < 0 || k >= len(w.cells) {
			off = append(off, fyne.NewMenuItem(title(i), func() { w.put(i, place) }))
		} else {
			on = append(on, fyne.NewMenuItem(title(i)+", from its place", func() { w.put(i, place) }))
		}
	}
	if len(off) > 0 && len(on) > 0 {
		off = append(off, fyne.NewMenuItemSeparator())
	}
	off = append(append(off, on...), fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Open export…", w.openDialog))
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", off...), w.win.Canvas(), at)
}

// tileMenu is what can be done with one source of the stage.
func (w *Window) tileMenu(i *session.Item, at fyne.Position) {
	w.choose(i)
	e := w.d.Set.Engine()
	fill := "Fill the stage"
	if w.layoutN == 1 {
		fill = "Back to the other tiles"
	}
	reset := keyed("Take the nudge back", "", func() { w.nudge(0) })
	reset.Disabled = w.nudged[i] == 0
	listen := keyed("Listen to this source", "Alt+M", w.toggleListen)
	listen.Checked = i.View != nil && e.Heard() == i.View
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("",
		keyed(fill, "double click", w.solo),
		listen,
		fyne.NewMenuItemSeparator(),
		keyed("Nudge one frame back", "Alt+,", func() { w.nudge(-1) }),
		keyed("Nudge one frame forward", "Alt+.", func() { w.nudge(1) }),
		reset,
		fyne.NewMenuItemSeparator(),
		keyed("Save still…", "S", w.saveStill),
		keyed("Details", "", func() { w.side.choose(2) }),
		keyed("Verdict", "V", w.togglePanel),
		fyne.NewMenuItemSeparator(),
		keyed("Remove from the stage", "Delete", func() { w.unstage(i) }),
	), w.win.Canvas(), at)
}

// keyed is a menu item with its key behind it.
func keyed(name, key string, fn func()) *fyne.MenuItem {
	if key != "" {
		name += "    " + key
	}
	return fyne.NewMenuItem(name, fn)
}
