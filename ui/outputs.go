package ui

import (
	"fyne.io/fyne/v2"

	"vedette/player"
)

// prefOutput keeps the name of the device to be heard on.
const prefOutput = "output"

// rememberOutput plays on the device that was chosen last.
func (w *Window) rememberOutput() {
	if name := w.d.App.Preferences().String(prefOutput); name != "" {
		w.d.Set.Engine().ChooseOutput(name)
	}
}

// chooseOutput plays on a device from now on; "" is the system's.
func (w *Window) chooseOutput(name string) {
	w.d.App.Preferences().SetString(prefOutput, name)
	w.d.Set.Engine().ChooseOutput(name)
	w.d.Trace("output %s", outputName(name))
}

func outputName(name string) string {
	if name == "" {
		return "System's output"
	}
	return name
}

// soundMenu asks the system for its devices, elsewhere, and then shows what can
// be chosen about sound.
func (w *Window) soundMenu() {
	go func() {
		outs, err := w.d.Set.Engine().Outputs()
		fyne.Do(func() {
			if !w.covered() {
				w.popUp(w.bar.sound.level, w.soundItems(outs, err)...)
			}
		})
	}()
}

// soundItems is the menu about sound: what is heard, and on what.
func (w *Window) soundItems(outs []player.Output, err error) []*fyne.MenuItem {
	mark := func(i *fyne.MenuItem, on bool) *fyne.MenuItem { i.Checked = on; return i }
	says := func(s string) *fyne.MenuItem { i := fyne.NewMenuItem(s, nil); i.Disabled = true; return i }
	x := w.d.Set.Engine().Tick().Sound
	items := []*fyne.MenuItem{
		mark(keyed("Muted", "Ctrl+M", w.toggleMuted), x.Muted),
		keyed("Louder", "Ctrl+Up", func() { w.louder(1) }),
		keyed("Quieter", "Ctrl+Down", func() { w.louder(-1) }),
		fyne.NewMenuItemSeparator(),
		mark(fyne.NewMenuItem("Listen to the source with the focus", func() { w.listen(nil) }), w.listening == nil),
	}
	for _, i := range w.d.Set.Items() {
		if i.View != nil && i.HasSound() {
			items = append(items, mark(fyne.NewMenuItem("Listen to "+title(i), func() { w.listen(i) }), w.listening == i))
		}
	}
	chosen := w.d.App.Preferences().String(prefOutput)
	items = append(items, fyne.NewMenuItemSeparator(), mark(fyne.NewMenuItem(outputName(""), func() { w.chooseOutput("") }), chosen == ""))
	there := chosen == ""
	for _, o := range outs {
		name := o.Name
		if o.System {
			name += " (the system's)"
		}
		there = there || o.Name == chosen
		items = append(items, mark(fyne.NewMenuItem(name, func() { w.chooseOutput(o.Name) }), o.Name == chosen))
	}
	if !there {
		items = append(items, mark(says(chosen+", not connected"), true))
	}
	if err != nil {
		items = append(items, says("No output: "+err.Error()))
	} else if len(outs) == 0 {
		items = append(items, says("No output is connected."))
	}
	if text := soundText(x); x.State == player.SoundFailed || x.State == player.SoundNoOutput && err == nil {
		items = append(items, fyne.NewMenuItemSeparator(), says(text))
	}
	return items
}
