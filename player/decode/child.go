package decode

import (
	"errors"
	"fmt"
	"io"

	"vedette/media"
)

// Engine is what decodes inside the child: FFmpeg, or a stand-in of a test.
type Engine interface {
	Send(data []byte, index int) error
	Drain() error
	Receive() (EngineFrame, error)
	Flush()
	// Report takes a unit that the library complained about since it was asked
	// last, and the text of a complaint; it is false when there is none left.
	Report() (unit int, text string, ok bool)
	Close()
}

// EngineFrame is one decoded frame; it is valid until the next call of Receive.
type EngineFrame struct {
	Index         int
	Width, Height int
	Format        PixelFormat
	FullRange     bool
	Space         uint8
	Kind          byte
	ErrorFlags    int
	Corrupt       bool
	Whole         Whole
	Planes        func(dst []byte, whole bool) (sizes [3]int, err error)
	RGBA          func(dst []byte) error
	Sound         func(dst []float32) (n int, err error) // audio only
}

// Whole is a picture before cropping, and where in it lies what is shown. A
// hash in the stream is about the whole.
type Whole struct{ Width, Height, Left, Top int }

// Placer is an Engine that can decode straight into slots of shared memory, so
// that pictures need not be copied. Slots belong to it until Unplace.
type Placer interface {
	Pool(mem []byte, slot int64, count uint32) error
	Place() (Placed, bool) // of the frame received last; false when it lies elsewhere
	Unplace(slot uint32)
}

// Placed says where in which slot the planes of a picture lie.
type Placed struct {
	Slot           uint32
	Offset, Stride [3]int
}

// Host is what the child's loop needs of its program.
type Host struct {
	Receive func(buf []byte) (int, error) // blocks; io.EOF when the parent is gone
	Send    func(p []byte) error
	Map     func(offset, size int64) ([]byte, error)
	Unmap   func(data []byte)
	Open    func(c Config) (Engine, error)
	Version string
	Hello   string

	Screen    Link // orders to convert; they are obeyed beside decoding
	Converter func() (Converter, error)
}

// soundSlot is the room for the sound of one packet: 2 s at 48 kHz stereo.
const soundSlot = 2 * 48000 * 2 * 4

// Serve is the child's loop: it answers orders until the parent is gone.
func Serve(h Host) error {
	c := &child{host: h, maps: &regions{fetch: h.Map}, buf: make([]byte, wireSize+wireText), hidden: map[int]bool{}}
	if h.Screen.Receive != nil {
		converting := make(chan struct{})
		go func() { // ends when the parent gives up the second connection
			defer close(converting)
			c.maps.convert(h)
		}()
		defer func() {
			<-converting
			c.close()
			c.maps.forget(h.Unmap)
		}()
	} else {
		defer c.close()
	}
	c.tell(message{op: evHello, text: h.Hello})
	for {
		m, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.obey(m); err != nil {
			return err
		}
	}
}

type child struct {
	host    Host
	maps    *regions
	engine  Engine
	audio   bool
	rgba    bool
	planes  bool
	whole   bool // planes are those of the picture before cropping
	buf     []byte
	out     []byte // scratch of messages
	queue   []message
	in      segment
	outputs segment
	free    []uint32 // slots of outputs that are ours to fill
	placer  Placer   // nil where every picture is copied
	placed  uint32   // slots of outputs that are decoded into
	hidden  map[int]bool
}

// segment is a run of equal slots in shared memory.
type segment struct {
	data   []byte
	offset int64 // in the shared memory
	slot   int64 // bytes of one
	count  uint32
}

func (s segment) at(i uint32) []byte {
	if i >= s.count {
		return nil
	}
	return s.data[int64(i)*s.slot : int64(i+1)*s.slot : int64(i+1)*s.slot]
}

func (c *child) close() {
	if c.engine != nil {
		c.engine.Close()
	}
}

func (c *child) tell(m message) {
	if c.out == nil {
		c.out = make([]byte, wireSize, wireSize+wireText)
	}
	// When the parent is gone the next receive says so.
	_ = c.host.Send(m.encode(c.out))
}

// next returns the oldest order that was put off, else waits for one.
func (c *child) next() (message, error) {
	if len(c.queue) > 0 {
		m := c.queue[0]
		c.queue = c.queue[1:]
		return m, nil
	}
	return c.receive()
}

func (c *child) receive() (message, error) {
	n, err := c.host.Receive(c.buf)
	if err != nil {
		return message{}, err
	}
	return parseMessage(c.buf[:n])
}

func (c *child) obey(m message) error {
	switch m.op {
	case opSegment:
		return c.segment(m)
	case opFree:
		if c.placer != nil && m.slot < c.placed {
			c.placer.Unplace(m.slot)
		} else {
			c.free = append(c.free, m.slot)
		}
	case opOpen:
		return c.open(m)
	case opSend:
		return c.decode(m)
	case opDrain:
		if c.engine != nil {
			_ = c.engine.Drain()
			if err := c.deliver(); err != nil {
				return err
			}
		}
		c.tell(message{op: evEnd})
	case opFlush:
		if c.engine != nil {
			c.engine.Flush()
		}
		clear(c.hidden)
		c.tell(message{op: evFlushed})
	}
	return nil
}

func (c *child) segment(m message) error {
	size := int64(m.v[1]) * int64(m.v[2])
	data, err := c.maps.get(int64(m.v[0]), size)
	if err != nil {
		return err
	}
	s := segment{data, int64(m.v[0]), int64(m.v[1]), uint32(m.v[2])}
	if m.slot == 0 {
		c.in = s
		return nil
	}
	c.outputs, c.placed = s, uint32(m.v[3])
	return c.share()
}

// share gives the first slots of the outputs to an engine that decodes into
// them; the rest are ours to copy to.
func (c *child) share() error {
	c.free = c.free[:0]
	first := uint32(0)
	if c.placer != nil {
		first = min(c.placed, c.outputs.count)
		if err := c.placer.Pool(c.outputs.data, c.outputs.slot, first); err != nil {
			return err
		}
	}
	for i := first; i < c.outputs.count; i++ {
		c.free = append(c.free, i)
	}
	return nil
}

func (c *child) open(m message) error {
	cfg := Config{
		Codec: media.Codec(m.v[0]), Width: int(m.v[1]), Height: int(m.v[2]), SampleRate: int(m.v[3]), Channels: int(m.v[4]),
		Mode: Mode(m.v[5]), Threads: int(m.v[5] >> 8 & 0xff), RGBA: m.v[5]>>16&1 != 0,
	}
	if n := m.index; n > 0 && n <= int64(len(c.in.at(0))) {
		cfg.Config = append([]byte(nil), c.in.at(0)[:n]...)
	}
	c.rgba, c.planes = cfg.RGBA, cfg.planes()
	c.whole = cfg.whole()
	c.audio = cfg.Codec != media.CodecH264 && cfg.Codec != media.CodecH265
	e, err := c.host.Open(cfg)
	if err != nil {
		c.tell(message{op: evFailed, text: err.Error()})
		return nil
	}
	c.engine = e
	if p, ok := e.(Placer); ok && cfg.placed() {
		c.placer = p
		if err := c.share(); err != nil {
			return err
		}
	}
	c.tell(message{op: evOpened, text: c.host.Version})
	return nil
}

func (c *child) decode(m message) error {
	in := c.in.at(m.slot)
	if c.engine == nil || in == nil || m.v[0] > uint64(len(in)) {
		c.tell(message{op: evRefused, slot: m.slot, index: m.index, text: "no decoder is open"})
		return nil
	}
	index := int(m.index)
	if m.v[1]&flagHidden != 0 {
		c.hidden[index] = true
	}
	err := c.engine.Send(in[:m.v[0]], index)
	for errors.Is(err, ErrAgain) {
		if err := c.deliver(); err != nil {
			return err
		}
		if err = c.engine.Send(in[:m.v[0]], index); errors.Is(err, ErrAgain) {
			err = errors.New("the decoder takes nothing and gives nothing")
		}
	}
	refused := err
	if err := c.deliver(); err != nil {
		return err
	}
	a := message{op: evAck, slot: m.slot, index: m.index}
	if refused != nil {
		a.op, a.text = evRefused, refused.Error()
	}
	c.tell(a)
	return nil
}

// deliver hands over what the decoder has ready.
func (c *child) deliver() error {
	for {
		f, err := c.engine.Receive()
		// Before the picture, so that it is not taken for a clean one.
		for unit, text, ok := c.engine.Report(); ok; unit, text, ok = c.engine.Report() {
			c.tell(message{op: evReport, index: int64(unit), text: text})
		}
		if errors.Is(err, ErrAgain) || errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return nil //nolint:nilerr // a frame that cannot be had is told by the complaints of the library
		}
		if c.hidden[f.Index] {
			delete(c.hidden, f.Index)
			continue
		}
		if c.place(f) {
			continue
		}
		need := int64(soundSlot)
		if !c.audio {
			if need = c.pictureBytes(f); need == 0 {
				c.tell(message{op: evReport, index: int64(f.Index), text: fmt.Sprintf("a picture of %d x %d is larger than any that is shown", f.Width, f.Height)})
				continue
			}
		}
		slot, err := c.slot(need)
		if err != nil {
			return err
		}
		m := message{op: evPicture, slot: slot, index: int64(f.Index)}
		if c.audio {
			m, err = c.sound(f, slot)
		} else {
			err = c.picture(f, slot, &m)
		}
		if err != nil {
			c.free = append(c.free, slot)
			continue
		}
		c.tell(m)
	}
}

// place hands over a picture that lies in a slot already.
func (c *child) place(f EngineFrame) bool {
	if c.placer == nil || f.Format == PixelUnknown {
		return false
	}
	p, ok := c.placer.Place()
	if !ok {
		return false
	}
	m := message{op: evPlaced, slot: p.Slot, index: int64(f.Index), v: facts(f)}
	m.v[3] = uint64(p.Offset[0]) | uint64(p.Offset[1])<<32
	m.v[4] = uint64(p.Offset[2])
	m.v[5] = uint64(p.Stride[0]) | uint64(p.Stride[1])<<32
	c.tell(m)
	return true
}

// pictureBytes is the room that a picture takes in a slot, 0 for one that is
// refused.
func (c *child) pictureBytes(f EngineFrame) int64 {
	if f.Width <= 0 || f.Height <= 0 || f.Width > maxSide || f.Height > maxSide || f.Width*f.Height > maxPixels {
		return 0
	}
	if c.placer != nil {
		return roomFor(f.Format, f.Width, f.Height)
	}
	var n int64
	if c.planes {
		w, h := f.Width, f.Height
		if c.whole {
			w, h = f.Whole.Width, f.Whole.Height
		}
		for _, s := range planeSizes(f.Format, w, h) {
			n += int64(s)
		}
	}
	if c.rgba || f.Format == PixelUnknown {
		n = (n + 63) &^ 63
		n += int64(f.Width) * int64(f.Height) * 4
	}
	return n
}

// slot waits for a free output slot of at least need bytes. Other orders that
// arrive meanwhile are put off.
func (c *child) slot(need int64) (uint32, error) {
	asked := false
	for {
		if c.outputs.slot >= need && len(c.free) > 0 {
			s := c.free[len(c.free)-1]
			c.free = c.free[:len(c.free)-1]
			return s, nil
		}
		if c.outputs.slot < need && !asked {
			c.tell(message{op: evNeed, v: [6]uint64{uint64(need)}})
			asked = true
		}
		m, err := c.receive()
		if err != nil {
			return 0, err
		}
		switch m.op {
		case opFree, opSegment:
			if err := c.obey(m); err != nil {
				return 0, err
			}
		default:
			c.queue = append(c.queue, m)
		}
	}
}

func (c *child) picture(f EngineFrame, slot uint32, m *message) error {
	dst := c.outputs.at(slot)
	var sizes [3]int
	if c.planes && f.Format != PixelUnknown {
		var err error
		if sizes, err = f.Planes(dst, c.whole); err != nil {
			return err
		}
	}
	total := (sizes[0] + sizes[1] + sizes[2] + 63) &^ 63
	rgba := 0
	if c.rgba || f.Format == PixelUnknown {
		rgba = f.Width * f.Height * 4
		if err := f.RGBA(dst[total : total+rgba]); err != nil {
			return err
		}
	}
	m.v = facts(f)
	m.v[3], m.v[4] = uint64(total), uint64(rgba)
	if c.whole {
		m.v[5] = uint64(f.Whole.Width) | uint64(f.Whole.Height)<<16 | uint64(f.Whole.Left)<<32 | uint64(f.Whole.Top)<<48
	}
	return nil
}

// facts are the fields that every picture's message begins with.
func facts(f EngineFrame) [6]uint64 {
	return [6]uint64{
		uint64(f.Width) | uint64(f.Height)<<32,
		uint64(f.Format) | uint64(f.Kind)<<8 | flag(f.FullRange)<<16 | uint64(f.Space)<<24,
		uint64(uint32(f.ErrorFlags)) | flag(f.Corrupt)<<32,
	}
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (c *child) sound(f EngineFrame, slot uint32) (message, error) {
	dst := floats(c.outputs.at(slot))
	n, err := f.Sound(dst)
	return message{op: evSound, slot: slot, index: int64(f.Index), v: [6]uint64{uint64(n)}}, err
}
