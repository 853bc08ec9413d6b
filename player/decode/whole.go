package decode

// whole is the picture before cropping, as it lies in a slot.
type whole struct {
	Whole
	planes [3][]byte // tight
}

// wholeOf reads the size before cropping from a picture's message. Where the
// message states none, the picture shown is the whole.
func wholeOf(m message, w, h int) Whole {
	if m.op != evPicture || m.v[5] == 0 {
		return Whole{Width: w, Height: h}
	}
	return Whole{int(m.v[5] & 0xffff), int(m.v[5] >> 16 & 0xffff), int(m.v[5] >> 32 & 0xffff), int(m.v[5] >> 48)}
}

// holds reports whether a picture of the given size fits into the whole.
func (w Whole) holds(width, height int) bool {
	return w.Left+width <= w.Width && w.Top+height <= w.Height && w.Width <= maxSide && w.Height <= maxSide && w.Width*w.Height <= maxPixels+maxSide*64
}

// shift returns where in plane i of the whole the picture shown begins.
func (w Whole) shift(f PixelFormat, i int) (bytes, rows int) {
	bytes, rows = w.Left, w.Top
	if i > 0 {
		x, y := f.subsampling()
		bytes, rows = bytes/x, rows/y
	}
	if f.wide() {
		bytes *= 2
	}
	return bytes, rows
}

// wholeIn returns the whole planes in a slot, nil when they do not fit into it.
func wholeIn(slot []byte, f PixelFormat, w Whole) *whole {
	out, at := &whole{Whole: w}, 0
	for i, n := range planeSizes(f, w.Width, w.Height) {
		if at+n > len(slot) {
			return nil
		}
		if n > 0 {
			out.planes[i] = slot[at : at+n : at+n]
		}
		at += n
	}
	return out
}
