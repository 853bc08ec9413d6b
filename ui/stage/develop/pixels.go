package develop

import (
	"encoding/binary"
	"image"
	"math"
)

// Kitchen holds what developing needs again for each picture. It is for one
// goroutine, and its memory is bounded by the largest area and picture seen.
type Kitchen struct {
	field   []byte   // the picture made of one field
	sideway []byte   // before a quarter turn
	lines   []uint64 // two lines stretched along
	across  []step
	down    []step
	tone    [256]byte
	toned   Adjust // what the table is of
	tones   bool   // the table says anything
}

// step is where a pixel of the screen takes its colour from: a pixel of the
// picture and, when smooth, the share of the one after it in 256ths.
type step struct{ at, next, share int32 }

// Develop draws the visible part of src, which shows a coded picture of w by h,
// perhaps scaled, into a tight picture of p.Visible's size. dst is used again
// where it is large enough.
func (k *Kitchen) Develop(dst, src *image.RGBA, w, h int, v View, p Placed) *image.RGBA {
	n := p.Visible.Size()
	dst = tight(dst, n)
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	if n.X <= 0 || n.Y <= 0 || sw <= 0 || sh <= 0 {
		return dst
	}
	back := p.Map.Inverse()
	sideways := back.A == 0 // a quarter turn: lines of the screen are columns of the picture
	smooth := v.Smooth || p.Zoom < 1
	kx, ky := float64(sw)/float64(w), float64(sh)/float64(h)
	vx, vy := float64(p.Visible.Min.X), float64(p.Visible.Min.Y)
	if sideways {
		k.across = steps(k.across, n.Y, sw, back.B*kx, back.B*kx*(vy+.5)+back.C*kx, smooth)
		k.down = steps(k.down, n.X, sh, back.D*ky, back.D*ky*(vx+.5)+back.F*ky, smooth)
	} else {
		k.across = steps(k.across, n.X, sw, back.A*kx, back.A*kx*(vx+.5)+back.C*kx, smooth)
		k.down = steps(k.down, n.Y, sh, back.E*ky, back.E*ky*(vy+.5)+back.F*ky, smooth)
	}
	pix, stride := src.Pix, src.Stride
	if v.Adjust.Fields != Woven && sh == h { // the lines of a scaled picture are of no field
		pix, stride = k.oneField(src, v.Adjust.Fields), 4*sw
	}
	out := dst.Pix
	if sideways {
		k.sideway = grow(k.sideway, 4*n.X*n.Y)
		out = k.sideway
	}
	k.prepare(v.Adjust)
	if smooth {
		k.smooth(out, pix, stride)
	} else {
		k.nearest(out, pix, stride)
	}
	if v.Grid && !smooth && p.Zoom >= GridFrom {
		k.grid(out)
	}
	if sideways {
		turn(dst.Pix, out, n.X, n.Y)
	}
	return dst
}

// Apply returns the whole picture, adjusted and in the shape that the file asks
// for, with everything that was done in words. Zoom is of the screen and is not
// applied. The picture given is left alone.
func (v View) Apply(src *image.RGBA) (*image.RGBA, []string) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	still := View{Shape: v.Shape, Adjust: v.Adjust, Zoom: 1}
	still.Smooth = !still.squarePixels()
	width, height := still.Size(w, h)
	p := still.Place(w, h, image.Pt(int(width+.5), int(height+.5)))
	var k Kitchen
	return k.Develop(nil, src, w, h, still, p), append(v.Shape.Words(), v.Adjust.Words()...)
}

func tight(m *image.RGBA, n image.Point) *image.RGBA {
	n.X, n.Y = max(n.X, 0), max(n.Y, 0)
	if m == nil {
		m = &image.RGBA{}
	}
	return &image.RGBA{Pix: grow(m.Pix, 4*n.X*n.Y), Stride: 4 * n.X, Rect: image.Rect(0, 0, n.X, n.Y)}
}

func grow[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	return b[:n]
}

// steps lists the places along one side of a picture of the given length.
func steps(s []step, n, length int, slope, first float64, smooth bool) []step {
	s = grow(s, n)
	last := int32(length - 1) //nolint:gosec // a picture's side
	for i := range s {
		at := first + slope*float64(i)
		if smooth {
			at -= .5
		}
		whole := math.Floor(at)
		a := int32(whole)
		t := step{at: min(max(a, 0), last), next: min(max(a+1, 0), last)}
		if smooth {
			t.share = int32((at - whole) * 256)
		}
		s[i] = t
	}
	return s
}

func (k *Kitchen) nearest(out, pix []byte, stride int) {
	width := 4 * len(k.across)
	for y, d := range k.down {
		line := out[y*width : (y+1)*width]
		if y > 0 && k.down[y-1].at == d.at {
			copy(line, out[(y-1)*width:])
			continue
		}
		row := pix[int(d.at)*stride:]
		for x, a := range k.across {
			binary.LittleEndian.PutUint32(line[4*x:], binary.LittleEndian.Uint32(row[4*a.at:]))
		}
		k.shade(line)
	}
}

const lanes = 0x00ff00ff00ff00ff

// spread gives each colour of a pixel 16 bits, so that all are mixed at once.
func spread(p uint32) uint64 { return uint64(p&0x00ff00ff) | uint64(p>>8&0x00ff00ff)<<32 }

// mix takes s 256ths of q and the rest of p. Borrows between the colours cancel
// out: each sum is of 16 bits and never negative.
func mix(p, q, s uint64) uint64 { return (p<<8 + (q-p)*s) >> 8 & lanes }

// smooth mixes along the line first, once for each line of the picture, then
// the two lines about each line of the screen.
func (k *Kitchen) smooth(out, pix []byte, stride int) {
	n := len(k.across)
	k.lines = grow(k.lines, 2*n)
	upper, lower := k.lines[:n], k.lines[n:2*n]
	have := [2]int32{-1, -1}
	stretch := func(line []uint64, y int32) {
		row := pix[int(y)*stride:]
		across := k.across[:len(line)]
		for x := range across {
			a := &across[x]
			p, q := spread(binary.LittleEndian.Uint32(row[4*a.at:])), spread(binary.LittleEndian.Uint32(row[4*a.next:]))
			line[x] = mix(p, q, uint64(a.share)) //nolint:gosec // 0 to 255
		}
	}
	for y, d := range k.down {
		if have[0] != d.at {
			if have[1] == d.at {
				upper, lower = lower, upper
				have[0], have[1] = have[1], have[0]
			} else {
				stretch(upper, d.at)
				have[0] = d.at
			}
		}
		if d.share != 0 && have[1] != d.next {
			stretch(lower, d.next)
			have[1] = d.next
		}
		s := uint64(d.share) //nolint:gosec // 0 to 255
		line := out[4*n*y : 4*n*(y+1)]
		up, low := upper[:n], lower[:n]
		if s == 0 {
			low = up
		}
		if t := &k.tone; k.tones {
			for x, p := range up {
				m := mix(p, low[x], s)
				c := uint32(t[uint8(m)]) | uint32(t[uint8(m>>32)])<<8 | uint32(t[uint8(m>>16)])<<16 | uint32(m>>48)<<24
				binary.LittleEndian.PutUint32(line[4*x:4*x+4], c)
			}
			continue
		}
		for x, p := range up {
			m := mix(p, low[x], s)
			binary.LittleEndian.PutUint32(line[4*x:4*x+4], uint32(m)|uint32(m>>32)<<8) //nolint:gosec // the two halves
		}
	}
}

// grid marks the borders between pixels by a change that is seen on every colour.
func (k *Kitchen) grid(out []byte) {
	n := len(k.across)
	for y := range k.down {
		border := y > 0 && k.down[y].at != k.down[y-1].at
		line := out[4*n*y : 4*n*(y+1)]
		for x := range k.across {
			if border || x > 0 && k.across[x].at != k.across[x-1].at {
				p := binary.LittleEndian.Uint32(line[4*x:])
				binary.LittleEndian.PutUint32(line[4*x:], average(p, p^0x00808080))
			}
		}
	}
}

// turn exchanges lines and columns, in squares that stay in the cache. out is w
// by h, in is h by w.
func turn(out, in []byte, w, h int) {
	const side = 16
	for y0 := 0; y0 < h; y0 += side {
		for x0 := 0; x0 < w; x0 += side {
			for x := x0; x < min(x0+side, w); x++ {
				row := in[4*(x*h):]
				for y := y0; y < min(y0+side, h); y++ {
					binary.LittleEndian.PutUint32(out[4*(y*w+x):], binary.LittleEndian.Uint32(row[4*y:]))
				}
			}
		}
	}
}

// average mixes two pixels half and half.
func average(a, b uint32) uint32 { return (a & b) + ((a^b)>>1)&0x7f7f7f7f }

// oneField makes a picture of one field, or of the mean of both, of those lines
// that are shown.
func (k *Kitchen) oneField(src *image.RGBA, f Fields) []byte {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	k.field = grow(k.field, 4*w*h)
	from, to := h, -1
	for _, d := range k.down {
		from, to = min(from, int(d.at), int(d.next)), max(to, int(d.at), int(d.next))
	}
	line := func(y int) []byte { return src.Pix[y*src.Stride : y*src.Stride+4*w] }
	for y := from; y <= to; y++ {
		out := k.field[4*w*y : 4*w*(y+1)]
		a, b := y, y
		switch {
		case f == Blended:
			b = y + 1
		case (y&1 == 1) == (f == TopField): // a line of the other field
			a, b = y-1, y+1
		}
		if a < 0 {
			a = b
		}
		if b >= h {
			b = a
			if f == Blended && h > 1 {
				b = y - 1
			}
		}
		if a >= h || a == b {
			copy(out, line(min(a, h-1)))
			continue
		}
		p, q := line(a), line(b)
		x := 0
		for ; x+8 <= len(out); x += 8 { // two pixels at once
			a, b := binary.LittleEndian.Uint64(p[x:]), binary.LittleEndian.Uint64(q[x:])
			binary.LittleEndian.PutUint64(out[x:], (a&b)+((a^b)>>1)&0x7f7f7f7f7f7f7f7f)
		}
		if x < len(out) {
			binary.LittleEndian.PutUint32(out[x:], average(binary.LittleEndian.Uint32(p[x:]), binary.LittleEndian.Uint32(q[x:])))
		}
	}
	return k.field
}

// prepare makes the table of gamma, contrast and brightness, in this order.
func (k *Kitchen) prepare(a Adjust) {
	k.tones = a.Gamma != 0 || a.Contrast != 0 || a.Brightness != 0
	if k.tones && (k.toned.Gamma != a.Gamma || k.toned.Contrast != a.Contrast || k.toned.Brightness != a.Brightness) {
		k.tone, k.toned = a.tones(), a
	}
}

// shade applies the table to a line while it is at hand.
func (k *Kitchen) shade(line []byte) {
	if !k.tones {
		return
	}
	t := &k.tone
	for i := 0; i+4 <= len(line); i += 4 {
		q := line[i : i+4 : i+4]
		q[0], q[1], q[2] = t[q[0]], t[q[1]], t[q[2]]
	}
}

// tones is what becomes of each value.
func (a Adjust) tones() [256]byte {
	var t [256]byte
	gamma := 1 / (float64(100+max(a.Gamma, MinGamma)) / 100)
	contrast, brightness := float64(100+a.Contrast)/100, float64(a.Brightness)/100
	for i := range t {
		x := math.Pow(float64(i)/255, gamma)
		x = (x-.5)*contrast + .5 + brightness
		t[i] = byte(min(max(x, 0), 1)*255 + .5)
	}
	return t
}
