package ui

import (
	"vedette/media"
	"vedette/player"
)

// What the window asks of the player beyond playing, stepping and seeking.

func scrub(e *player.Engine, at media.UTC) {
	if x, ok := any(e).(interface{ Scrub(media.UTC) }); ok {
		x.Scrub(at)
		return
	}
	e.Seek(at)
}

func nudge(e *player.Engine, v *player.View, by int) {
	if x, ok := any(e).(interface{ Nudge(*player.View, int) }); ok {
		x.Nudge(v, by)
	}
}

func offsetOf(v *player.View) media.UTC {
	if x, ok := any(v).(interface{ Offset() media.UTC }); ok {
		return x.Offset()
	}
	return 0
}

func setSize(v *player.View, w, h int) {
	if x, ok := any(v).(interface{ SetSize(w, h int) }); ok {
		x.SetSize(w, h)
	}
}

func dropped(player.State) int { return 0 }

func skipping(player.State) string { return "" }

func sourceSize(f *player.Frame) (w, h int) { return f.Picture.Rect.Dx(), f.Picture.Rect.Dy() }
