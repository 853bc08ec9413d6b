package look

// Stretch is the shape of what camera signing says about a run of pictures.
// Each differs from the others without colour.
type Stretch uint8

// The shapes. The zero value is drawn like what cannot be told.
const (
	StretchUnknown     Stretch = iota // dots: not verifiable
	StretchMatches                    // filled: authentic, in the words of Media Signing
	StretchMissing                    // lower half filled: pictures are absent
	StretchAltered                    // crosses: not as signed
	StretchGap                        // hatched: no document covers it
	StretchUnprotected                // an outline: holds slices that are not signed
)

// Stretch draws a run of pictures; h is at least 4.
func (c *Pen) Stretch(p *Palette, s Stretch, x, y, w, h float32) {
	switch s {
	case StretchMatches:
		c.Fill(x, y, w, h, p.Intact)
	case StretchMissing:
		c.Fill(x, y, w, 1, p.Control)
		c.Fill(x, y+h/2, w, h-h/2, p.Incomplete)
	case StretchAltered:
		c.Cross(x, y, h, p.Broken)
		for at := x + h + 2; at+h <= x+w; at += h + 2 {
			c.Cross(at, y, h, p.Broken)
		}
	case StretchGap:
		c.Hatch(x, y, w, h, p.Panel, p.Broken)
	case StretchUnprotected:
		c.Frame(x, y, w, h, p.Intact)
	default:
		c.Fill(x, y+h/2-1, min(2, w), 2, p.Unknown)
		for at := x + 5; at < x+w; at += 5 {
			c.Fill(at, y+h/2-1, 2, 2, p.Unknown)
		}
	}
}

// Seal draws the band of a verdict.
func (c *Pen) Seal(p *Palette, m Mark, x, y, w, h float32) {
	col := p.Colour(m)
	switch m {
	case MarkIntact:
		c.Fill(x, y, w, h, col)
	case MarkIncomplete:
		c.Fill(x, y, w, 1, p.Control)
		c.Fill(x, y+h/2, w, h-h/2, col)
	case MarkUntrusted:
		for at := x; at < x+w; at += 9 {
			c.Frame(at, y, min(7, x+w-at), h, col)
		}
	case MarkBroken:
		for at := x; at+h <= x+w; at += h + 4 {
			c.Cross(at, y, h, col)
		}
	case MarkUnsigned:
		c.Fill(x, y+h/2, w, 1, col)
	default:
		for at := x; at < x+w; at += 6 {
			c.Fill(at, y+h/2-1, 2, 2, col)
		}
	}
}

// SealFrame draws the band of a verdict as a frame around what camera signing
// says: one line above and one below, broken up in the manner of the mark.
func (c *Pen) SealFrame(p *Palette, m Mark, x, y, w, h float32) {
	col := p.Colour(m)
	on, off := w, float32(0)
	switch m {
	case MarkIntact:
	case MarkIncomplete:
		c.Fill(x, y, w, 1, p.Control)
		c.Fill(x, y+h-2, w, 2, col)
		return
	case MarkUntrusted:
		on, off = 7, 2
	case MarkBroken:
		on, off = 3, 7
	case MarkUnsigned:
		c.Fill(x, y, w, 1, col)
		c.Fill(x, y+h-1, w, 1, col)
		return
	default:
		on, off = 2, 4
	}
	for at := x; at < x+w; at += max(on+off, 1) {
		n := min(on, x+w-at)
		c.Fill(at, y, n, 2, col)
		c.Fill(at, y+h-2, n, 2, col)
	}
	c.Fill(x, y, 2, h, col)
	c.Fill(x+w-2, y, 2, h, col)
}
