package decode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// watchdog is how long a child may work on one unit without a sign of life.
const watchdog = 2 * time.Second

const (
	inputSlots  = 4
	outputSlots = 5
	// placedSlots hold pictures that are decoded in place. The library keeps up
	// to 17 of them to refer to; when none is free it copies.
	placedSlots = 20
	// maxKept bounds the slots for pictures that the receiver keeps.
	maxKept    = 250
	firstInput = 512 << 10
	slotAlign  = 4096
)

// client drives one child. It is used by one goroutine at a time, but pictures
// may be released by any.
type client struct {
	p       *process
	cfg     Config
	version string

	in       mapping
	inFree   []uint32
	inFlight []int // indices of units sent and not answered, oldest first
	ready    []*Picture
	sounds   []Sound
	draining bool // no more units follow
	ended    bool // and everything was delivered
	flushed  bool
	dead     error
	reports  []Report

	mu  sync.Mutex // of what releasing touches
	out *mapping

	screen screens
}

// Report is a complaint about one unit: what is known of damage before the
// rule of propagation is applied.
type Report struct {
	Index   int
	Refused bool // the unit was not accepted at all
	Text    string
}

// mapping is one segment as the parent sees it.
type mapping struct {
	segment
	held    map[uint32]bool // slots with pictures that are not released
	used    int             // slots with pictures that are not released
	retired bool
}

func (d *client) open(ctx context.Context) error {
	size := int64(firstInput)
	for size < int64(len(d.cfg.Config)) {
		size *= 2
	}
	if err := d.mapInput(size); err != nil {
		return err
	}
	if err := d.mapOutput(d.expected()); err != nil {
		return err
	}
	copy(d.in.at(0), d.cfg.Config)
	rgba := uint64(0)
	if d.cfg.RGBA {
		rgba = 1 << 16
	}
	err := d.p.send(message{op: opOpen, index: int64(len(d.cfg.Config)), v: [6]uint64{
		uint64(d.cfg.Codec), uint64(d.cfg.Width), uint64(d.cfg.Height), uint64(d.cfg.SampleRate), uint64(d.cfg.Channels),
		uint64(d.cfg.Mode) | uint64(min(d.cfg.Threads, 64))<<8 | rgba,
	}})
	if err != nil {
		return d.crash(err)
	}
	for d.version == "" {
		if err := d.wait(ctx, openLimit); err != nil {
			return err
		}
	}
	return nil
}

// openLimit bounds the opening of a codec.
const openLimit = 5 * time.Second

// expected is the slot size for pictures of the stated size.
func (d *client) expected() int64 {
	w, h := d.cfg.Width, d.cfg.Height
	if d.cfg.SampleRate > 0 || w <= 0 || h <= 0 || w > maxSide || h > maxSide || w*h > maxPixels {
		return soundSlot
	}
	if d.cfg.placed() {
		return roomFor(YUV420P, w, h)
	}
	n := int64(w) * int64(h) * 4
	if d.cfg.planes() {
		n += int64(w)*int64(h)*3/2 + 4096
	}
	return n
}

// slots is the number of output slots of a size, and how many of them are
// decoded into.
func (d *client) slots(size int64) (all, placed uint32) {
	if !d.cfg.placed() {
		return outputSlots, 0
	}
	placed = placedSlots + uint32(min(max(d.cfg.Keep/max(size, 1), 0), maxKept))
	return placed + outputSlots, placed
}

func aligned(n int64) int64 { return (n + slotAlign - 1) &^ (slotAlign - 1) }

func (d *client) mapSegment(kind uint32, slot int64, count, placed uint32) (segment, error) {
	slot = aligned(slot)
	offset, data, err := d.p.grow(slot * int64(count))
	if err != nil {
		return segment{}, err
	}
	s := segment{data, offset, slot, count}
	if err := d.p.send(message{op: opSegment, slot: kind, v: [6]uint64{uint64(offset), uint64(slot), uint64(count), uint64(placed)}}); err != nil {
		d.p.shrink(s)
		return segment{}, err
	}
	return s, nil
}

func (d *client) mapInput(slot int64) error {
	s, err := d.mapSegment(0, slot, inputSlots, 0)
	if err != nil {
		return d.crash(err)
	}
	if d.in.data != nil {
		d.p.shrink(d.in.segment)
	}
	d.in.segment = s
	d.inFree = []uint32{0, 1, 2, 3}
	return nil
}

func (d *client) mapOutput(slot int64) error {
	d.mu.Lock()
	// Under the lock, so that no slot of the old segment is freed in the new one.
	slot = aligned(slot)
	count, placed := d.slots(slot)
	s, err := d.mapSegment(1, slot, count, placed)
	if err == nil {
		d.retire()
		d.out = &mapping{segment: s, held: map[uint32]bool{}}
	}
	d.mu.Unlock()
	if err != nil {
		return d.crash(err)
	}
	return nil
}

// retire gives up the present output segment once its pictures are released.
func (d *client) retire() {
	if d.out == nil {
		return
	}
	d.out.retired = true
	if d.out.used == 0 {
		d.p.shrink(d.out.segment)
	}
	d.out = nil
}

// release gives a slot back to the child, or the whole segment to the system.
func (d *client) release(m *mapping, slot uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m.used--
	delete(m.held, slot)
	switch {
	case m.retired && m.used == 0:
		d.p.shrink(m.segment)
	case !m.retired:
		_ = d.p.send(message{op: opFree, slot: slot}) // a dead child needs none
	}
}

// Send implements VideoDecoder.
func (d *client) Send(ctx context.Context, u Unit) error {
	if d.dead != nil {
		return d.dead
	}
	if len(u.Data) == 0 || len(u.Data) > maxUnit {
		d.reports = append(d.reports, Report{u.Index, true, fmt.Sprintf("a unit of %d bytes", len(u.Data))})
		return nil
	}
	if int64(len(u.Data)) > d.in.slot {
		for len(d.inFlight) > 0 { // the old slots are still being read
			if len(d.ready) > 0 {
				return ErrAgain
			}
			if err := d.wait(ctx, watchdog); err != nil {
				return err
			}
		}
		if err := d.mapInput(int64(len(u.Data)) * 2); err != nil {
			return err
		}
	}
	for len(d.inFree) == 0 {
		if len(d.ready) > 0 {
			return ErrAgain
		}
		if err := d.wait(ctx, watchdog); err != nil {
			return err
		}
	}
	slot := d.inFree[len(d.inFree)-1]
	d.inFree = d.inFree[:len(d.inFree)-1]
	copy(d.in.at(slot), u.Data)
	flags := uint64(0)
	if u.Hidden {
		flags = flagHidden
	}
	d.inFlight = append(d.inFlight, u.Index)
	if err := d.p.send(message{op: opSend, slot: slot, index: int64(u.Index), v: [6]uint64{uint64(len(u.Data)), flags}}); err != nil {
		return d.crash(err)
	}
	return d.look()
}

// maxLook bounds the messages taken at once, and maxReports the complaints that
// wait: a child that tells without end must not be listened to without end.
const (
	maxLook    = 256
	maxReports = 4096
)

// look takes the messages that are there without waiting.
func (d *client) look() error {
	for n := 0; d.dead == nil; n++ {
		if n == maxLook {
			return nil // others have a word as well
		}
		m, err := d.p.receive(0)
		if errors.Is(err, errTimeout) {
			return nil
		}
		if err != nil {
			return d.crash(err)
		}
		if err := d.take(m); err != nil {
			return err
		}
	}
	return d.dead
}

// wait takes one message, waiting for it no longer than the watchdog allows.
func (d *client) wait(ctx context.Context, limit time.Duration) error {
	end := time.Now().Add(limit)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		left := time.Until(end)
		if left <= 0 {
			return d.crash(fmt.Errorf("%w for %s", errStalled, limit))
		}
		m, err := d.p.receive(min(left, 50*time.Millisecond)) // so that cancelling takes effect soon
		if errors.Is(err, errTimeout) {
			continue
		}
		if err != nil {
			return d.crash(err)
		}
		return d.take(m)
	}
}

// take checks and files one message of the child.
func (d *client) take(m message) error {
	switch m.op {
	case evOpened:
		d.version = m.text
		if d.version == "" {
			d.version = "unknown"
		}
	case evFailed:
		d.abandon(d.p.kill)
		d.dead = fmt.Errorf("decode: %s", m.text)
		return d.dead
	case evPicture, evPlaced:
		return d.picture(m)
	case evSound:
		return d.sound(m)
	case evAck, evRefused:
		if len(d.inFlight) == 0 || m.slot >= inputSlots {
			return d.crash(errors.New("an answer that was not asked for"))
		}
		d.inFlight = d.inFlight[1:]
		d.inFree = append(d.inFree, m.slot)
		if m.op == evRefused {
			d.reports = append(d.reports, Report{int(m.index), true, m.text})
		}
	case evReport:
		if len(d.reports) == maxReports {
			return d.crash(errors.New("complaints without end"))
		}
		d.reports = append(d.reports, Report{int(m.index), false, m.text})
	case evNeed:
		if n := m.v[0]; n > maxPixels*4*3 {
			return d.crash(fmt.Errorf("a picture of %d bytes", n))
		}
		return d.mapOutput(int64(m.v[0]))
	case evEnd:
		d.ended = true
	case evFlushed:
		d.flushed = true
	default:
		return d.crash(fmt.Errorf("an unknown message %d", m.op))
	}
	return nil
}

func (d *client) picture(m message) error {
	w, h := int(uint32(m.v[0])), int(m.v[0]>>32)
	format := PixelFormat(uint8(m.v[1]))
	var place Placed
	rgba := image{}
	all := wholeOf(m, w, h)
	if m.op == evPlaced {
		place = placedOf(m)
	} else {
		place, rgba = tightOf(m, format, all)
	}
	d.mu.Lock()
	out := d.out
	slot := out.at(m.slot)
	bad := slot == nil || w <= 0 || h <= 0 || w > maxSide || h > maxSide || w*h > maxPixels || format > lastFormat || !all.holds(w, h) || !rgba.within(slot, w, h)
	p := NewPicture(nil)
	for i := 0; i < len(p.Planes) && !bad; i++ {
		line, rows := planeLine(format, w, h, i)
		if m.op == evPicture && m.v[3] == 0 || line*rows == 0 {
			continue
		}
		from, to := place.Offset[i], place.Offset[i]+place.Stride[i]*(rows-1)+line
		if bad = place.Stride[i] < line || place.Stride[i] > 1<<20 || from < 0 || to > len(slot); !bad {
			p.Planes[i], p.Strides[i] = slot[from:to:to], place.Stride[i]
		}
	}
	if !bad && m.op == evPicture && m.v[5] != 0 && p.Planes[0] != nil {
		p.whole = wholeIn(slot, format, all)
		bad = p.whole == nil
	}
	if bad = bad || out.held[m.slot]; !bad { // one that is shown must not be given again
		out.held[m.slot] = true
		out.used++
	}
	d.mu.Unlock()
	if bad {
		return d.crash(errors.New("a picture that cannot be"))
	}
	number := m.slot
	p.release = func() { d.release(out, number) }
	p.Index, p.Width, p.Height, p.Format = int(m.index), w, h, format
	p.Kind, p.FullRange, p.Space = byte(m.v[1]>>8), m.v[1]>>16&1 != 0, uint8(m.v[1]>>24)
	if p.Planes[0] != nil {
		p.owner, p.slot, p.room, p.place = d, out.offset+int64(number)*out.slot, out.slot, place
		p.kept = m.op == evPlaced
	}
	if rgba.size > 0 {
		p.RGBA = slot[rgba.from : rgba.from+rgba.size : rgba.from+rgba.size]
	}
	p.State = Clean
	if uint32(m.v[2]) != 0 {
		p.State, p.Reason = Damaged, fmt.Sprintf("decoder error flags %#x", uint32(m.v[2]))
	} else if m.v[2]>>32 != 0 {
		p.State, p.Reason = Damaged, "marked as corrupt by the decoder"
	}
	d.ready = append(d.ready, p)
	return nil
}

// image is where the converted picture lies in a slot; its size is 0 when there
// is none.
type image struct{ from, size int64 }

func (i image) within(slot []byte, w, h int) bool {
	return i.size == 0 || i.size == int64(w)*int64(h)*4 && i.from >= 0 && i.from <= int64(len(slot))-i.size
}

// placedOf reads where the library put the planes.
func placedOf(m message) (p Placed) {
	p.Offset = [3]int{int(uint32(m.v[3])), int(m.v[3] >> 32), int(uint32(m.v[4]))}
	p.Stride = [3]int{int(uint32(m.v[5])), int(m.v[5] >> 32), int(m.v[5] >> 32)}
	return p
}

// tightOf says where planes lie that were copied one after the other, and the
// converted picture behind them.
func tightOf(m message, f PixelFormat, all Whole) (p Placed, rgba image) {
	at := 0
	for i := range p.Offset {
		line, rows := planeLine(f, all.Width, all.Height, i)
		x, y := all.shift(f, i)
		p.Offset[i], p.Stride[i] = at+y*line+x, line
		at += line * rows
	}
	return p, image{int64(m.v[3]), int64(m.v[4])}
}

func (d *client) sound(m message) error {
	d.mu.Lock()
	out := d.out
	slot := out.at(m.slot)
	d.mu.Unlock()
	if slot == nil || m.v[0] > uint64(len(slot)/4) {
		return d.crash(errors.New("a sound that cannot be"))
	}
	pcm := append([]float32(nil), floats(slot)[:m.v[0]]...)
	d.sounds = append(d.sounds, Sound{int(m.index), pcm})
	if err := d.p.send(message{op: opFree, slot: m.slot}); err != nil {
		return d.crash(err)
	}
	return nil
}

// Receive implements VideoDecoder.
func (d *client) Receive(ctx context.Context) (*Picture, error) {
	for {
		if len(d.ready) > 0 {
			p := d.ready[0]
			d.ready = d.ready[1:]
			return p, nil
		}
		if d.dead != nil {
			return nil, d.dead
		}
		if err := d.look(); err != nil && len(d.ready) == 0 {
			return nil, err
		}
		switch {
		case len(d.ready) > 0:
			continue
		case d.ended:
			return nil, io.EOF
		case len(d.inFlight) < 2 && !d.draining:
			return nil, ErrAgain
		}
		if err := d.wait(ctx, watchdog); err != nil {
			return nil, err
		}
	}
}

// Reports returns the complaints since the last call.
func (d *client) Reports() []Report {
	r := d.reports
	d.reports = nil
	return r
}

// Drain implements VideoDecoder.
func (d *client) Drain(ctx context.Context) error {
	if d.dead != nil {
		return d.dead
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	d.draining = true
	if err := d.p.send(message{op: opDrain}); err != nil {
		return d.crash(err)
	}
	return nil
}

// flushLimit bounds how long a child may go on telling before it forgets.
const flushLimit = 10 * time.Second

// Flush implements VideoDecoder.
func (d *client) Flush(ctx context.Context) error {
	if d.dead != nil {
		return d.dead
	}
	d.drop()
	d.flushed = false
	if err := d.p.send(message{op: opFlush}); err != nil {
		return d.crash(err)
	}
	for end := time.Now().Add(flushLimit); !d.flushed; d.drop() {
		if time.Now().After(end) {
			return d.crash(fmt.Errorf("%w for %s", errStalled, flushLimit))
		}
		if err := d.wait(ctx, watchdog); err != nil {
			return err
		}
	}
	d.draining, d.ended, d.reports = false, false, nil
	return nil
}

func (d *client) drop() {
	for _, p := range d.ready {
		p.Release()
	}
	d.ready, d.sounds = nil, nil
}

// crash ends the child and names the units it had not answered.
func (d *client) crash(cause error) error {
	if d.dead != nil {
		return d.dead
	}
	e := &CrashError{Cause: cause.Error()}
	if len(d.inFlight) > 0 {
		e.From, e.To = d.inFlight[0], d.inFlight[len(d.inFlight)-1]+1
	}
	d.abandon(d.p.kill)
	if status := d.p.ending(); !errors.Is(cause, errStalled) {
		e.Cause = fmt.Sprintf("%v; the decoder ended: %s", cause, status)
	}
	d.dead = e
	return e
}

// abandon ends the lane, or the whole child; pictures already received stay readable.
func (d *client) abandon(end func()) {
	end()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retire()
	if d.in.data != nil {
		d.p.shrink(d.in.segment)
		d.in = mapping{}
	}
	d.screen.abandon()
}

var errStalled = errors.New("no progress")

var errClosed = errors.New("decode: decoder is closed")

// Close gives up the decoder's lane of the child.
func (d *client) Close() error {
	if d.dead == nil {
		d.drop()
		d.dead = errClosed
		d.abandon(d.p.leave)
	} else {
		d.drop()
	}
	return nil
}

// Pid returns the number of the child process, for tests of its failing.
func (d *client) Pid() int { return d.p.pid() }

// soundClient is an AudioDecoder.
type soundClient struct{ *client }

// Decode implements AudioDecoder.
func (s *soundClient) Decode(ctx context.Context, index int, packet []byte) (Sound, error) {
	s.sounds = nil
	if err := s.Send(ctx, Unit{Index: index, Data: packet}); err != nil {
		return Sound{}, err
	}
	for len(s.inFlight) > 0 {
		if err := s.wait(ctx, watchdog); err != nil {
			return Sound{}, err
		}
	}
	return s.heard(index), nil
}

// Drain implements AudioDecoder.
func (s *soundClient) Drain(ctx context.Context) (Sound, error) {
	s.sounds = nil
	if err := s.client.Drain(ctx); err != nil {
		return Sound{}, err
	}
	for !s.ended {
		if err := s.wait(ctx, watchdog); err != nil {
			return Sound{}, err
		}
	}
	return s.heard(-1), nil
}

// heard returns the sounds that arrived as one.
func (s *soundClient) heard(index int) Sound {
	out := Sound{Index: index}
	for _, x := range s.sounds {
		out.PCM = append(out.PCM, x.PCM...)
	}
	return out
}
