package decode

import "vedette/media"

// Turned returns the size at which a picture of w by h stands upright.
func Turned(t media.Track, w, h int) (int, int) {
	if t.Rotation == 90 || t.Rotation == 270 {
		return h, w
	}
	return w, h
}

// Upright writes a picture of w by h RGBA pixels to dst as the track's matrix asks
// for it: mirrored, then turned. Both hold 4*w*h bytes without padding and do not
// overlap. No pixel is changed, and none is lost.
func Upright(t media.Track, dst, src []byte, w, h int) {
	if len(src) < 4*w*h || len(dst) < 4*w*h {
		return
	}
	wide, _ := Turned(t, w, h)
	for y := range h {
		row := src[4*w*y:][:4*w]
		for x := range w {
			u := x
			if t.Mirror {
				u = w - 1 - x
			}
			tx, ty := u, y
			switch t.Rotation {
			case 90:
				tx, ty = h-1-y, u
			case 180:
				tx, ty = w-1-u, h-1-y
			case 270:
				tx, ty = y, w-1-u
			}
			copy(dst[4*(wide*ty+tx):][:4], row[4*x:][:4])
		}
	}
}

// TurnPoint maps a point of a picture, 0 to 1 from its left and its top, to where
// it stands in the upright one.
func TurnPoint(t media.Track, x, y float64) (float64, float64) {
	if t.Mirror {
		x = 1 - x
	}
	switch t.Rotation {
	case 90:
		return 1 - y, x
	case 180:
		return 1 - x, 1 - y
	case 270:
		return y, 1 - x
	}
	return x, y
}

// upright turns a picture that is for the screen alone. Its memory is exchanged.
func (r *Reader) upright(p *Picture) {
	if r.track.Rotation == 0 && !r.track.Mirror || r.cfg.planes() || len(p.RGBA) == 0 {
		return
	}
	out := make([]byte, len(p.RGBA))
	Upright(r.track, out, p.RGBA, p.Width, p.Height)
	p.Release()
	p.RGBA = out
	p.Width, p.Height = Turned(r.track, p.Width, p.Height)
}
