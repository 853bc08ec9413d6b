package decode

import (
	"errors"
	"fmt"
	"math/bits"
	"sync"
)

// Screen is a picture converted for the screen. Release gives its memory back;
// the pixels must not be used afterwards.
type Screen struct {
	Width, Height int
	RGBA          []byte // 4*Width*Height bytes
	release       func()
}

// Release gives the pixels' memory back. It may be called on nil.
func (s *Screen) Release() {
	if s == nil || s.release == nil {
		return
	}
	r := s.release
	s.release = nil
	r()
}

// ErrGone says that the decoder which holds a picture's memory has ended: the
// picture has to be decoded anew.
var ErrGone = errors.New("decode: the decoder of this picture has ended")

// ErrNoRoom says that too many converted pictures are held.
var ErrNoRoom = errors.New("decode: too many pictures are on screen")

// screenSlots is how many converted pictures may be held at a time.
const screenSlots = 8

// Draw converts the picture to width by height pixels; 0 means its own size.
// The child converts, beside its decoding. Draw may be called by any goroutine,
// as long as the picture is not released meanwhile. Pictures without planes,
// which come converted, keep their own size.
func (p *Picture) Draw(width, height int) (*Screen, error) {
	if width <= 0 || height <= 0 {
		width, height = p.Width, p.Height
	}
	switch {
	case p.RGBA != nil:
		return &Screen{Width: p.Width, Height: p.Height, RGBA: append([]byte(nil), p.RGBA...)}, nil
	case p.owner == nil:
		return nil, fmt.Errorf("decode: sample %d has no picture: %s", p.Index, p.State)
	case width > maxSide || height > maxSide || width*height > maxPixels:
		return nil, fmt.Errorf("decode: a picture of %d by %d pixels is too large to show", width, height)
	}
	return p.owner.screen.draw(p, width, height)
}

// Kept reports whether the receiver may keep the picture for long: the slots of
// others are few, and the decoder waits for them.
func (p *Picture) Kept() bool { return p.release == nil || p.kept }

// Room returns the bytes of memory that the picture takes.
func (p *Picture) Room() int64 {
	if p.room > 0 {
		return p.room
	}
	n := int64(len(p.RGBA))
	for _, x := range p.Planes {
		n += int64(len(x))
	}
	return n
}

// screens is the parent's side of converting.
type screens struct {
	p *process

	turn sync.Mutex // one order at a time
	buf  [wireSize + wireText]byte

	mu   sync.Mutex // of what releasing touches
	out  *mapping
	free []uint32
	gone bool
}

func (s *screens) draw(p *Picture, w, h int) (*Screen, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	out, slot, err := s.slot(int64(w) * int64(h) * 4)
	if err != nil {
		return nil, err
	}
	target := out.offset + int64(slot)*out.slot
	m := message{op: opConvert, index: p.slot}
	m.v[0] = uint64(p.Width) | uint64(p.Height)<<32
	m.v[1] = uint64(p.Format) | flag(p.FullRange)<<16 | uint64(p.Space)<<24
	m.v[2] = uint64(p.place.Offset[0]) | uint64(p.place.Offset[1])<<32
	m.v[3] = uint64(p.place.Offset[2]) | uint64(p.Strides[0])<<32
	m.v[4] = uint64(p.Strides[1]) | uint64(w)<<32
	m.v[5] = uint64(h) | uint64(target/slotAlign)<<32
	a, err := s.p.order(m, s.buf[:], watchdog)
	if err == nil && (a.op != evConverted || a.index != 1) {
		s.giveBack(out, slot)
		return nil, fmt.Errorf("decode: sample %d cannot be converted: %s", p.Index, a.text)
	}
	if err != nil {
		s.giveBack(out, slot)
		return nil, s.lose(err)
	}
	n := w * h * 4
	return &Screen{w, h, out.at(slot)[:n:n], func() { s.giveBack(out, slot) }}, nil
}

// slot finds room for a converted picture, in a new segment where the present
// one has the wrong size. Called with the turn held.
func (s *screens) slot(size int64) (*mapping, uint32, error) {
	size = int64(1) << bits.Len64(uint64(aligned(size)-1)) // a window that is drawn larger asks for few
	s.mu.Lock()
	wrong := s.out == nil || s.out.slot < size || s.out.slot > 4*size
	gone := s.gone
	s.mu.Unlock()
	if gone {
		return nil, 0, ErrGone
	}
	if wrong {
		if err := s.exchange(size); err != nil {
			return nil, 0, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out == nil {
		return nil, 0, ErrGone
	}
	if len(s.free) == 0 {
		return nil, 0, ErrNoRoom
	}
	slot := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	s.out.used++
	return s.out, slot, nil
}

// exchange maps a segment with slots of another size. The lock is not held
// while the child answers: releasing must never wait for it.
func (s *screens) exchange(size int64) error {
	offset, data, err := s.p.grow(size * screenSlots)
	if err != nil {
		return err
	}
	seg := segment{data, offset, size, screenSlots}
	a, err := s.p.order(message{op: opSegment, v: [6]uint64{uint64(offset), uint64(size), screenSlots}}, s.buf[:], watchdog)
	if err != nil || a.op != evConverted || a.index != 1 {
		s.p.shrink(seg)
		return s.lose(errors.Join(err, errors.New(a.text)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retire()
	if s.gone {
		s.p.shrink(seg)
		return ErrGone
	}
	s.out, s.free = &mapping{segment: seg}, s.free[:0]
	for i := range uint32(screenSlots) {
		s.free = append(s.free, screenSlots-1-i)
	}
	return nil
}

// lose ends the child after an order that was not answered as it should be: the
// next answer could be this one's, and the picture of another sample.
func (s *screens) lose(why error) error {
	s.abandon()
	s.p.program.kill()
	return fmt.Errorf("%w: %w", ErrGone, why)
}

func (s *screens) giveBack(m *mapping, slot uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.used--
	switch {
	case m.retired && m.used == 0:
		s.p.shrink(m.segment)
	case !m.retired:
		s.free = append(s.free, slot)
	}
}

// retire gives up the present segment once its pictures are released. Called
// with the lock held.
func (s *screens) retire() {
	if s.out == nil {
		return
	}
	s.out.retired = true
	if s.out.used == 0 {
		s.p.shrink(s.out.segment)
	}
	s.out = nil
}

// abandon ends converting; pictures already converted stay readable.
func (s *screens) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
	s.retire()
}
