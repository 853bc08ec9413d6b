package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"

	"vedette/media"
	"vedette/metadata"
	"vedette/player/decode"
	"vedette/session"
	"vedette/verify"
)

// cameraName names a track with pictures by its place in the file and its name.
func cameraName(i *session.Item, t media.Track) string {
	all := i.Videos()
	n := slices.IndexFunc(all, func(x media.Track) bool { return x.ID == t.ID })
	name := verify.Inert(t.Name)
	if name == "" {
		name = fmt.Sprintf("track %d", t.ID)
	}
	return fmt.Sprintf("%s (%d of %d)", name, n+1, len(all))
}

// severalCameras returns which camera of several is shown; false for an export
// with one or none.
func severalCameras(i *session.Item) (string, bool) {
	t, ok := i.Video()
	if !ok || len(i.Videos()) < 2 {
		return "", false
	}
	return cameraName(i, t), true
}

// cameraKey changes when another camera is shown.
func cameraKey(i *session.Item) string {
	text, _ := severalCameras(i)
	return text
}

// cameraMenu offers the cameras of an export; nil where there is nothing to choose.
func (w *Window) cameraMenu(i *session.Item) []*fyne.MenuItem {
	now, ok := i.Video()
	if _, several := severalCameras(i); !ok || !several {
		return nil
	}
	var items []*fyne.MenuItem
	for _, t := range i.Videos() {
		m := fyne.NewMenuItem(cameraName(i, t), func() { w.chooseCamera(i, t.ID) })
		m.Checked = t.ID == now.ID
		items = append(items, m)
	}
	menu := fyne.NewMenuItem("Camera", nil)
	menu.ChildMenu = fyne.NewMenu("", items...)
	return []*fyne.MenuItem{menu, fyne.NewMenuItemSeparator()}
}

// chooseCamera shows another track with pictures, at the same time.
func (w *Window) chooseCamera(i *session.Item, track uint32) {
	if err := w.d.Set.Choose(i, track); err != nil {
		w.messages = append(w.messages, message{"Camera", err.Error()})
		w.sources.show()
		return
	}
	if w.focus == i {
		w.d.Set.Engine().Focus(i.View)
	}
	for _, t := range w.tiles {
		if t.item == i {
			t.last, t.sample = "", 0 // the next picture is another camera's
			t.SetPicture(nil, 0, 0)
		}
	}
	w.d.Trace("camera %s %d", i.Snapshot().Name, track)
	w.refreshAll()
	w.choose(i)
}

// nextCamera goes through the cameras of the chosen export.
func (w *Window) nextCamera() {
	if w.focus == nil {
		return
	}
	all := w.focus.Videos()
	now, ok := w.focus.Video()
	if !ok || len(all) < 2 {
		w.tools.say("This export has one camera")
		return
	}
	n := slices.IndexFunc(all, func(t media.Track) bool { return t.ID == now.ID })
	w.chooseCamera(w.focus, all[(n+1)%len(all)].ID)
}

// withoutPictures says what a tile of an item without pictures tells: what the
// recording has, and how far it has run.
func (w *Window) withoutPictures(i *session.Item, at media.UTC) (message, detail string) {
	message = i.Recording()
	t, ok := i.Track()
	if !ok {
		return message, ""
	}
	from, to, ok := i.Span(t.ID)
	if !ok {
		return message, "It is being read."
	}
	run := min(max(at-from, 0), to-from)
	return message, clockText(run) + " of " + clockText(to-from) // short: tiles may be small
}

// clockText prints a length of time.
func clockText(d media.UTC) string {
	s := int64(d) / media.Hundred
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// turned maps a box of metadata, which is about the picture as it is coded, onto
// the upright one.
func turned(t media.Track, r metadata.Rect) metadata.Rect {
	if t.Rotation == 0 && !t.Mirror {
		return r
	}
	x0, y0, x1, y1 := r.Pixels(1, 1) // from the top
	ax, ay := decode.TurnPoint(t, x0, y0)
	bx, by := decode.TurnPoint(t, x1, y1)
	return metadata.Rect{
		Left: 2*min(ax, bx) - 1, Right: 2*max(ax, bx) - 1,
		Top: 1 - 2*min(ay, by), Bottom: 1 - 2*max(ay, by),
	}
}

// looksRows tells how a track's pictures are coded and shown.
func looksRows(t media.Track) [][2]string {
	if t.Kind != media.KindVideo {
		return nil
	}
	var out [][2]string
	add := func(name, format string, args ...any) {
		out = append(out, [2]string{name, fmt.Sprintf(format, args...)})
	}
	for n := range max(len(t.Descriptions), 1) {
		d := t.Described(n)
		size, coding, fields := "Picture", "Coding", ""
		if len(t.Descriptions) > 1 {
			size, coding = fmt.Sprintf("Picture %d", n+1), fmt.Sprintf("Coding %d", n+1)
		}
		c := d.Coding
		if c.Fields {
			fields = ", fields"
		}
		add(size, "%d x %d", d.Width, d.Height)
		if c.Profile != "" {
			add(coding, "%s, level %s", c.Profile, c.Level)
			add("Depth", "%d bits, %s%s", c.Depth, c.Chroma, fields)
		}
		if c.Crop != [4]int{} {
			add("Cropped", "left %d, right %d, top %d, bottom %d", c.Crop[0], c.Crop[1], c.Crop[2], c.Crop[3])
		}
		if a := d.PixelAspect; a[0] != a[1] {
			add("Pixels", "%d:%d, shown in their shape", a[0], a[1])
		}
		if a := d.Clean; a.Width > 0 {
			add("Clean area", "%d x %d at %d, %d; all is shown", a.Width, a.Height, a.X, a.Y)
		}
	}
	if t.Mirror || t.Rotation != 0 {
		add("Shown", "%s", session.TurnText(t.Rotation, t.Mirror))
	}
	return out
}

// samplesText counts samples, and frames where the edit list leaves some out.
func samplesText(table media.Table) string {
	if n, f := table.Len(), media.Frames(table); f != n {
		return fmt.Sprintf("%d, of them %d frames", n, f)
	}
	return fmt.Sprint(table.Len())
}
