// Package decode turns coded samples into pictures and sound. The work is done
// by a sandboxed child process (cmd/vedette-decoder) that is given coded units
// only, never a file name and never the network; this package is its client,
// and holds the rule by which damage is marked. It is pure Go.
//
// Memory: a Picture lies in memory shared with the child and belongs to the
// receiver until Release, which every picture must see exactly once.
package decode

import (
	"context"
	"errors"
	"fmt"

	"vedette/media"
)

// Mode says what the pictures are for.
type Mode uint8

// The modes. Play may use several threads; Evidence uses one, skips nothing
// and reports damage as completely as the codec allows.
const (
	Play Mode = iota
	Evidence
)

// Config describes one decoder.
type Config struct {
	Codec      media.Codec
	Config     []byte // media.Track.Config
	Width      int    // of the track; a bound for the first allocation
	Height     int
	SampleRate int
	Channels   int
	Mode       Mode
	Threads    int   // 0: chosen by Mode
	RGBA       bool  // deliver every picture as RGBA at source size; with Evidence its planes as well
	Shared     bool  // the child may serve others, whose death is then its own
	Keep       int64 // bytes of pictures that the receiver keeps beside those it works on
}

// planes reports whether the planes of pictures are delivered.
func (c Config) planes() bool { return !c.RGBA || c.Mode == Evidence }

// whole reports whether planes are those of the picture before cropping, as a
// hash in the stream is about them.
func (c Config) whole() bool { return c.Codec == media.CodecH265 && c.Mode == Evidence && c.RGBA }

// placed reports whether pictures are decoded straight into shared memory.
func (c Config) placed() bool {
	return !c.RGBA && (c.Codec == media.CodecH264 || c.Codec == media.CodecH265)
}

// Unit is one coded sample handed to the decoder, in decode order.
type Unit struct {
	Index  int // media.Sample.Index; comes back on the picture
	Data   []byte
	Hidden bool // decode but do not deliver the picture (on the way to a seek target)
}

// State says what is known about a decoded picture. It is about the decoder's
// view only: whether the coded bytes are those that were sealed is the
// verdict's business. The zero value is invalid.
type State uint8

// The states of a picture.
const (
	Clean       State = iota + 1 // decoded, no damage reported
	Damaged                      // damaged here
	Affected                     // affected by earlier damage
	Undecodable                  // not decodable
	Withheld                     // withheld by the decoder
	Failed                       // the decoder failed here
)

// String returns the words used on screen and in JSON.
func (s State) String() string {
	switch s {
	case Clean:
		return "decoded, no damage reported"
	case Damaged:
		return "damaged here"
	case Affected:
		return "affected by earlier damage"
	case Undecodable:
		return "not decodable"
	case Withheld:
		return "withheld by decoder"
	case Failed:
		return "decoder failed here"
	default:
		return "unknown"
	}
}

// PixelFormat is the layout of a picture's planes.
type PixelFormat uint8

// The pixel formats. Planes of more than 8 bits are little-endian 16-bit words.
const (
	PixelUnknown PixelFormat = iota
	YUV420P
	YUV422P
	YUV444P
	Gray8
	YUV420P10
	YUV422P10
	YUV444P10
	Gray10
	YUV420P12
	YUV422P12
	lastFormat = YUV422P12
)

// wide reports whether samples take two bytes.
func (p PixelFormat) wide() bool { return p >= YUV420P10 }

// subsampling is how many columns and rows share a sample of colour.
func (p PixelFormat) subsampling() (x, y int) {
	switch p {
	case YUV420P, YUV420P10, YUV420P12:
		return 2, 2
	case YUV422P, YUV422P10, YUV422P12:
		return 2, 1
	}
	return 1, 1
}

// String returns the name used in JSON.
func (p PixelFormat) String() string {
	switch p {
	case YUV420P:
		return "yuv420p"
	case YUV422P:
		return "yuv422p"
	case YUV444P:
		return "yuv444p"
	case Gray8:
		return "gray"
	case YUV420P10:
		return "yuv420p10le"
	case YUV422P10:
		return "yuv422p10le"
	case YUV444P10:
		return "yuv444p10le"
	case Gray10:
		return "gray10le"
	case YUV420P12:
		return "yuv420p12le"
	case YUV422P12:
		return "yuv422p12le"
	default:
		return "unknown"
	}
}

// Picture is one decoded picture. Row y of plane i begins at y*Strides[i].
// Release gives the memory back; the planes must not be used afterwards.
type Picture struct {
	Index         int // of the sample it was decoded from
	Width, Height int
	Format        PixelFormat
	FullRange     bool
	Space         uint8     // of colour, as Converter takes it
	Kind          byte      // 'I', 'P', 'B', or 0 if the decoder does not say
	Planes        [3][]byte // Y, U, V; nil where RGBA alone was asked for
	Strides       [3]int    // bytes from row to row
	RGBA          []byte    // 4*Width*Height bytes, nil unless asked for
	State         State
	Reason        string // of damage, in the library's words
	CausedBy      int    // sample whose damage affects this picture, -1 if none
	Hash          Hash   // what the picture hash of the stream says, checked with Evidence
	Read          bool   // the coded data of it and of those decoded before it were read to their end

	whole   *whole // with Evidence of H.265
	release func()
	owner   *client // whose shared memory the planes lie in, nil for none
	slot    int64   // offset of their slot
	room    int64   // bytes of the slot
	place   Placed
	kept    bool // one of the slots that are decoded into
}

// NewPicture returns a picture whose Release calls release once.
func NewPicture(release func()) *Picture { return &Picture{CausedBy: -1, release: release} }

// Release gives the picture's memory back.
func (p *Picture) Release() {
	if p == nil || p.release == nil {
		return
	}
	r := p.release
	p.release = nil
	r()
}

// AppendPlanes appends the rows of all planes without padding, Y, U and V one
// after the other, as raw video is stored.
func (p *Picture) AppendPlanes(dst []byte) []byte {
	for i, plane := range p.Planes {
		line, rows := planeLine(p.Format, p.Width, p.Height, i)
		for y := 0; y < rows && plane != nil; y++ {
			dst = append(dst, plane[y*p.Strides[i]:][:line]...)
		}
	}
	return dst
}

// Sound is decoded audio: 48 kHz stereo, interleaved 32-bit floats.
type Sound struct {
	Index int // of the packet it was decoded from
	PCM   []float32
}

// ErrAgain says that the decoder needs more input before it can deliver.
var ErrAgain = errors.New("decode: more input needed")

// CrashError says that the child died or hung while working on a range of
// samples. The decoder that returned it is closed.
type CrashError struct {
	From, To int    // half-open range of sample indices sent and not answered
	Cause    string // exit status, signal, or "no progress for 2 s"
}

// Error names the range and the cause.
func (e *CrashError) Error() string {
	return fmt.Sprintf("decode: decoder failed between samples %d and %d: %s", e.From, e.To, e.Cause)
}

// VideoDecoder decodes one video track. It is used by one goroutine at a time.
type VideoDecoder interface {
	// Send hands over one unit; the data may be reused when it returns. It
	// returns ErrAgain when pictures must be received first.
	Send(ctx context.Context, u Unit) error
	// Receive returns the next picture in order of presentation, ErrAgain when
	// more input is needed, io.EOF after Drain when there are no more.
	Receive(ctx context.Context) (*Picture, error)
	// Drain says that no more units follow.
	Drain(ctx context.Context) error
	// Flush forgets everything, for a seek. Pictures not yet received are lost.
	Flush(ctx context.Context) error
	Close() error
}

// AudioDecoder decodes one audio track. It is used by one goroutine at a time.
type AudioDecoder interface {
	// Decode returns the sound of one packet, which may be empty; the slice is
	// valid until the next call.
	Decode(ctx context.Context, index int, packet []byte) (Sound, error)
	// Drain returns the sound that is held back after the last packet. Only
	// Flush and Close may follow.
	Drain(ctx context.Context) (Sound, error)
	Flush(ctx context.Context) error
	Close() error
}

// Isolation says how far the child is confined.
type Isolation struct {
	Isolated bool     // every layer that was asked for is in force
	Layers   []string // in force, such as "landlock", "seccomp", "limits"
	Missing  []string // not available on this system
	FFmpeg   string   // version the child runs with
}

// Opener starts decoders.
type Opener interface {
	OpenVideo(ctx context.Context, c Config) (VideoDecoder, error)
	OpenAudio(ctx context.Context, c Config) (AudioDecoder, error)
	Isolation() Isolation // of the children started so far
}
