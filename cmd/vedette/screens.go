package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"

	"vedette/ui"
)

// screens asks the library below the toolkit for the monitors: the toolkit
// fills only the one that a window lies on. All of it is for the main thread.
type screens struct{}

// List implements ui.Screens.
func (screens) List() []ui.Screen {
	var out []ui.Screen
	for _, m := range glfw.GetMonitors() {
		x, y := m.GetPos()
		s := ui.Screen{Name: m.GetName(), X: x, Y: y}
		if v := m.GetVideoMode(); v != nil {
			s.Width, s.Height = v.Width, v.Height
		}
		out = append(out, s)
	}
	return out
}

// Move implements ui.Screens.
func (screens) Move(w fyne.Window, to ui.Screen) func() {
	back := func() {}
	with(w, func(g *glfw.Window) {
		x, y := g.GetPos()
		width, height := g.GetSize()
		// Its middle must lie on the monitor, whatever its size.
		g.SetPos(to.X+(to.Width-width)/2, to.Y+(to.Height-height)/2)
		back = func() { with(w, func(g *glfw.Window) { g.SetPos(x, y) }) }
	})
	return back
}

// Unpaced implements ui.Screens.
func (screens) Unpaced(w fyne.Window) {
	with(w, func(*glfw.Window) { glfw.SwapInterval(0) })
}

// with hands over the library's window behind one of the toolkit, which makes
// it current for the time of the call. A window that is not on the screen yet
// has none.
func with(w fyne.Window, fn func(*glfw.Window)) {
	c, ok := w.(interface{ RunWithContext(f func()) })
	if !ok {
		return
	}
	c.RunWithContext(func() {
		if g := glfw.GetCurrentContext(); g != nil {
			fn(g)
		}
	})
}
