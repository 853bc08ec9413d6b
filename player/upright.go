package player

import (
	"image"

	"vedette/media"
	"vedette/player/decode"
)

// upright returns the converted picture as the track's matrix asks for it. Most
// tracks ask for nothing, and the picture stays where it is.
func (v *View) upright(m *image.RGBA) *image.RGBA {
	t := v.cfg.Track
	if t.Rotation == 0 && !t.Mirror {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	tw, th := decode.Turned(t, w, h)
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	decode.Upright(t, out.Pix, m.Pix, w, h)
	return out
}

// ShownSize returns the size at which a decoded picture of w by h stands upright
// and has its shape.
func ShownSize(t media.Track, w, h int) (int, int) {
	w, h = square(t, w, h)
	return decode.Turned(t, w, h)
}

// square returns the size at which a picture has its shape on a screen, whose
// pixels are square: the wider way is stretched, so that no line is lost.
func square(t media.Track, w, h int) (int, int) {
	a := t.PixelAspect
	switch {
	case a[0] > a[1] && a[1] > 0 && a[0] <= mostStretch*a[1]:
		return (w*a[0] + a[1]/2) / a[1], h
	case a[1] > a[0] && a[0] > 0 && a[1] <= mostStretch*a[0]:
		return w, (h*a[1] + a[0]/2) / a[0]
	}
	return w, h
}

// mostStretch bounds the shape of pixels that is followed: 4:1 exceeds all that
// cameras have.
const mostStretch = 4

// shownSync returns the frame number of the last sync picture at or before sample
// i that is a frame, 0 when there is none: edit lists leave pictures out that
// others are decoded from.
func (v *View) shownSync(i int) int {
	for i >= 0 {
		if i = v.table.SyncBefore(i); i < 0 {
			return 0
		}
		if n := v.table.Frame(i); n > 0 {
			return n
		}
		i--
	}
	return 0
}
