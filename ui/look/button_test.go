package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestFocusedButtonLeavesKeysToTheWindow(t *testing.T) {
	test.NewTempApp(t)
	tapped := 0
	b := NewButton(&Dark, "", "Why", "V", func() { tapped++ })
	w := test.NewTempWindow(t, b)
	var runes []rune
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedRune(func(r rune) { runes = append(runes, r) })
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().Focus(b)
	b.TypedRune(' ')
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if string(runes) != " " || len(keys) != 1 || keys[0] != fyne.KeyLeft || tapped != 1 {
		t.Fatalf("runes %q, keys %v, tapped %d", runes, keys, tapped)
	}
}
