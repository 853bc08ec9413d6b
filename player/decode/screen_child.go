package decode

import (
	"errors"
	"fmt"
	"sync"
)

// Link is a connection of messages.
type Link struct {
	Receive func(buf []byte) (int, error) // blocks; io.EOF when the parent is gone
	Send    func(p []byte) error
}

// PlanesIn describes planes that lie in memory.
type PlanesIn struct {
	Memory         []byte
	Width, Height  int
	Format         PixelFormat
	FullRange      bool
	Space          uint8 // 0 BT.601, 1 BT.709, 2 BT.2020
	Offset, Stride [3]int
}

// Converter makes RGBA of planes, in the child.
type Converter interface {
	Convert(p PlanesIn, dst []byte, width, height int) error
	Close()
}

// regions are the parts of the shared memory that the child has mapped. They
// stay mapped as long as it lives.
type regions struct {
	fetch func(offset, size int64) ([]byte, error)
	mu    sync.Mutex
	list  []segment
}

func (r *regions) get(offset, size int64) ([]byte, error) {
	data, err := r.fetch(offset, size)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, segment{data: data, offset: offset})
	return data, nil
}

// forget unmaps everything.
func (r *regions) forget(unmap func([]byte)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.list {
		unmap(s.data)
	}
	r.list = nil
}

// from returns the mapped memory from an offset to the end of its region.
func (r *regions) from(offset int64) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.list {
		if at := offset - s.offset; at >= 0 && at < int64(len(s.data)) {
			return s.data[at:]
		}
	}
	return nil
}

// convert obeys the orders of the second connection until the parent is gone.
func (r *regions) convert(h Host) {
	c, err := h.Converter()
	if err != nil {
		return // the parent notices the silence
	}
	defer c.Close()
	in, out := make([]byte, wireSize+wireText), make([]byte, wireSize, wireSize+wireText)
	t := targets{regions: r, unmap: h.Unmap}
	defer t.close()
	for {
		n, err := h.Screen.Receive(in)
		if err != nil {
			return
		}
		answer := message{op: evConverted, index: 1}
		m, err := parseMessage(in[:n])
		if err == nil {
			err = t.obey(c, m)
		}
		if err != nil {
			answer.index, answer.text = 0, err.Error()
		}
		if h.Screen.Send(answer.encode(out)) != nil {
			return
		}
	}
}

// targets is where converted pictures are put: one region at a time.
type targets struct {
	*regions
	unmap  func([]byte)
	offset int64
	data   []byte
}

func (r *targets) close() {
	if r.data != nil {
		r.unmap(r.data)
	}
}

func (r *targets) obey(c Converter, m message) error {
	switch m.op {
	case opSegment:
		data, err := r.fetch(int64(m.v[0]), int64(m.v[1])*int64(m.v[2]))
		if err != nil {
			return err
		}
		if r.data != nil {
			r.unmap(r.data) // orders come one after the other, so nobody writes there
		}
		r.offset, r.data = int64(m.v[0]), data
		return nil
	case opConvert:
		p := PlanesIn{
			Memory: r.from(m.index), Width: int(uint32(m.v[0])), Height: int(m.v[0] >> 32),
			Format: PixelFormat(uint8(m.v[1])), FullRange: m.v[1]>>16&1 != 0, Space: uint8(m.v[1] >> 24),
			Offset: [3]int{int(uint32(m.v[2])), int(m.v[2] >> 32), int(uint32(m.v[3]))},
			Stride: [3]int{int(m.v[3] >> 32), int(uint32(m.v[4])), int(uint32(m.v[4]))},
		}
		w, h := int(m.v[4]>>32), int(uint32(m.v[5]))
		var dst []byte
		if at := int64(m.v[5]>>32)*slotAlign - r.offset; at >= 0 && at < int64(len(r.data)) {
			dst = r.data[at:]
		}
		if err := p.check(); err != nil {
			return err
		}
		if w <= 0 || h <= 0 || int64(len(dst)) < int64(w)*int64(h)*4 {
			return fmt.Errorf("decode: no room for %d by %d pixels", w, h)
		}
		return c.Convert(p, dst[:w*h*4], w, h)
	}
	return fmt.Errorf("decode: an unknown order %d", m.op)
}

// check sees that the planes lie within their memory, and drops what the format
// does not have.
func (p *PlanesIn) check() error {
	for i := range p.Offset {
		line, rows := planeLine(p.Format, p.Width, p.Height, i)
		if line*rows == 0 {
			p.Offset[i], p.Stride[i] = 0, 0
			continue
		}
		if p.Stride[i] < line || p.Offset[i] < 0 || p.Offset[i]+p.Stride[i]*(rows-1)+line > len(p.Memory) {
			return errors.New("decode: planes outside their memory")
		}
	}
	if p.Stride[0] == 0 {
		return errors.New("decode: no planes")
	}
	return nil
}
