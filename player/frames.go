package player

import (
	"image"
	"runtime"
	"sync/atomic"

	"vedette/media"
	"vedette/player/decode"
)

// Frame is one picture ready to be shown. What a view hands out stays valid
// until two other frames have been handed out after it.
type Frame struct {
	Sample        media.Sample
	Number        int // in order of presentation, from 1
	Kind          byte
	State         decode.State
	Reason        string
	Width, Height int         // of the picture as it was decoded
	Picture       *image.RGBA // at the size of View.SetSize; nil when there is none
	Near          bool        // not the picture sought, but one near it that was to be had at once
	Extra         any         // what Config.Annotate made of the sample

	sought int // generation of the seek that asked for it, 0 for none
	refs   atomic.Int32
	screen *decode.Screen
}

// hold takes a share in the frame's memory.
func (f *Frame) hold() *Frame {
	f.refs.Add(1)
	return f
}

// drop gives a share back; the last one frees the memory. It may be called on nil.
func (f *Frame) drop() {
	if f != nil && f.refs.Add(-1) == 0 {
		f.screen.Release()
	}
}

// leave gives a share back that somebody may still look at: the memory is freed
// when nobody has the picture any more. It may be called on nil.
func (f *Frame) leave() {
	switch {
	case f == nil:
	case f.Picture == nil || f.screen == nil:
		f.drop()
	case f.refs.Add(-1) == 0:
		runtime.AddCleanup(f.Picture, func(s *decode.Screen) { s.Release() }, f.screen)
	}
}

// kept is a decoded picture in a view's cache.
type kept struct {
	pic    *decode.Picture
	sample int
	number int // frame number
	refs   atomic.Int32
}

func (k *kept) hold() *kept {
	k.refs.Add(1)
	return k
}

func (k *kept) drop() {
	if k != nil && k.refs.Add(-1) == 0 {
		k.pic.Release()
	}
}

// cache keeps decoded pictures around a place, up to a number of bytes.
type cache struct {
	limit  int64
	bytes  int64
	room   int64 // of one picture, as seen last
	frames map[int]*kept
	onward bool // playing forwards: little of what lies behind is asked for again
}

// bound is the present limit in bytes. Playing forwards a quarter is enough, and
// the memory of the rest is never touched.
func (c *cache) bound() int64 {
	if c.onward {
		return min(max(c.limit/4, 2*aheadPlaying*c.room), c.limit)
	}
	return c.limit
}

// maxFrames bounds the pictures of a cache, whatever their size: they lie in a
// bounded number of slots.
const maxFrames = 240

// capacity is how many pictures of the present size the cache takes.
func (c *cache) capacity() int {
	return int(min(max(c.limit/max(c.room, 1), 2), maxFrames))
}

// around says which pictures are worth keeping: those near a place, and rather
// those on the way from there.
type around struct {
	place     int
	direction int // 1 or -1
	stride    int // frames between two that are wanted
}

// cost is the greater the less a frame is worth.
func (a around) cost(number, capacity int) int {
	far := (number - a.place) * a.direction
	reach := capacity * max(a.stride, 1)
	switch {
	case far > reach || far < -reach: // left from somewhere else
		return 4*reach + max(far, -far)
	case far < 0: // behind
		return reach - far
	}
	return far
}

// put takes over a picture and drops others where there is no room.
func (c *cache) put(k *kept, a around) {
	if c.frames == nil {
		c.frames = map[int]*kept{}
	}
	if old := c.frames[k.number]; old != nil {
		c.remove(old)
	}
	c.frames[k.number] = k
	room := k.pic.Room()
	c.bytes += room
	if room > 0 {
		c.room = room
	}
	c.shrink(a, k)
}

// shrink drops what is over the limit, but not one picture: it has just come,
// and somebody waits for it.
func (c *cache) shrink(a around, but *kept) {
	capacity := c.capacity()
	for len(c.frames) > 2 && (c.bytes > c.bound() || len(c.frames) > maxFrames) {
		var worst *kept
		most := -1
		for n, k := range c.frames {
			if x := a.cost(n, capacity); x > most && k != but {
				worst, most = k, x
			}
		}
		c.remove(worst)
	}
}

func (c *cache) remove(k *kept) {
	delete(c.frames, k.number)
	c.bytes -= k.pic.Room()
	k.drop()
}

func (c *cache) clear() {
	for _, k := range c.frames {
		c.remove(k)
	}
}
