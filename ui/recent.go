package ui

import (
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
)

// What is remembered from one run to the next.
const (
	prefRecent = "recent"
	prefTheme  = "theme"
	maxRecent  = 10
)

// remember puts files at the head of those opened last.
func (w *Window) remember(paths ...string) {
	p := w.d.App.Preferences()
	all := p.StringList(prefRecent)
	for _, path := range paths {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		all = slices.DeleteFunc(all, func(o string) bool { return o == path })
		all = slices.Insert(all, 0, path)
	}
	p.SetStringList(prefRecent, all[:min(len(all), maxRecent)])
}

// recent returns what was opened last and is still there.
func (w *Window) recent() []string {
	return slices.DeleteFunc(w.d.App.Preferences().StringList(prefRecent), func(p string) bool {
		_, err := os.Stat(p)
		return err != nil
	})
}

// recentMenu lists what was opened last.
func (w *Window) recentMenu() *fyne.MenuItem {
	m := fyne.NewMenuItem("Open recent", nil)
	m.ChildMenu = fyne.NewMenu("")
	for _, p := range w.recent() {
		m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItem(filepath.Base(p)+"    "+filepath.Dir(p), func() { w.Open(p) }))
	}
	if len(m.ChildMenu.Items) == 0 {
		none := fyne.NewMenuItem("Nothing was opened yet", nil)
		none.Disabled = true
		m.ChildMenu.Items = append(m.ChildMenu.Items, none)
		return m
	}
	m.ChildMenu.Items = append(m.ChildMenu.Items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Forget these", func() {
		w.d.App.Preferences().SetStringList(prefRecent, nil)
		w.build()
	}))
	return m
}

// RememberedTheme returns the theme that was chosen last, or "".
func RememberedTheme(a fyne.App) string { return a.Preferences().String(prefTheme) }
