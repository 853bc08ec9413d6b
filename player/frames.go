package player

import (
	"image"
	"sync"
)

// pool keeps the memory of pictures of one size for the next ones.
type pool struct {
	mu   sync.Mutex
	w, h int
	free []*image.RGBA
}

// maxFree bounds what is kept unused.
const maxFree = 4

func (p *pool) get(w, h int) *image.RGBA {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w != w || p.h != h {
		p.w, p.h, p.free = w, h, nil
	}
	if n := len(p.free); n > 0 {
		m := p.free[n-1]
		p.free = p.free[:n-1]
		return m
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

func (p *pool) put(m *image.RGBA) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Rect.Dx() == p.w && m.Rect.Dy() == p.h && len(p.free) < maxFree {
		p.free = append(p.free, m)
	}
}

// hold takes a share in the frame's memory.
func (f *Frame) hold() *Frame {
	f.refs.Add(1)
	return f
}

// drop gives a share back; the last one frees the memory. It may be called on nil.
func (f *Frame) drop() {
	if f == nil || f.refs.Add(-1) > 0 {
		return
	}
	if f.Picture != nil {
		f.pool.put(f.Picture)
	}
}

// cache keeps the frames used last, up to a number of bytes.
type cache struct {
	limit  int64
	bytes  int64
	frames []*Frame // oldest first
}

func (c *cache) get(sample int) *Frame {
	for i, f := range c.frames {
		if f.Sample.Index == sample {
			c.frames = append(append(c.frames[:i:i], c.frames[i+1:]...), f)
			return f
		}
	}
	return nil
}

func (c *cache) put(f *Frame) {
	if f.Picture == nil || c.get(f.Sample.Index) != nil {
		return
	}
	c.frames = append(c.frames, f.hold())
	c.bytes += int64(len(f.Picture.Pix))
	for c.bytes > c.limit && len(c.frames) > 1 {
		old := c.frames[0]
		c.frames = c.frames[1:]
		c.bytes -= int64(len(old.Picture.Pix))
		old.drop()
	}
}
