// Package metadata reads ONVIF metadata documents (tt:MetadataStream): scene
// descriptions with objects, events and PTZ states. It does not know where a
// document came from, and owns no times but those the document states.
//
// It refuses documents with a DTD, of too many bytes, levels or attributes, and
// of an encoding it cannot undo. An item that cannot be read is left out with a
// finding; the rest is kept.
package metadata

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"vedette/internal/diag"
	"vedette/media"
)

// Limits of one document.
const (
	MaxDocument   = 4 << 20 // bytes, after decompression
	MaxRatio      = 200     // decompressed to compressed
	MaxDepth      = 64
	MaxAttributes = 256 // of one element, counted before decoding
	MaxObjects    = 4096
	MaxPoints     = 4096
	maxEvents     = 4096
	maxText       = 4096 // runes of one text value that are kept
)

// Namespaces that are understood.
const (
	NamespaceSchema       = "http://www.onvif.org/ver10/schema"
	NamespaceNotification = "http://docs.oasis-open.org/wsn/b-2"
)

// Document is one metadata sample.
type Document struct {
	Frames   []Frame
	Events   []Event
	PTZ      []PTZ
	Findings []diag.Finding
}

// Frame is one analysed picture.
type Frame struct {
	UTC     media.UTC
	HasUTC  bool
	Source  string
	Objects []Object
	PTZ     *PTZ
	Motion  *Motion
}

// Object is something that analytics follows. Its coordinates are those of the
// picture, -1 to +1, x to the right and y up, after all transformations.
type Object struct {
	ID         string
	Parent     string
	Class      string
	Likelihood float64 // 0 if not stated
	Box        *Rect
	Centre     *Point
	Polygons   [][]Point
	Label      string // plate, bar code or other text
	Speed      *float64
	Idle       bool
	Removed    bool
}

// Point is a place in the picture.
type Point struct{ X, Y float64 }

// Rect is an upright rectangle with Left <= Right and Bottom <= Top.
type Rect struct{ Left, Bottom, Right, Top float64 }

// Pixels returns the rectangle in pixels of a decoded picture of w by h, from
// its top left corner.
func (r Rect) Pixels(w, h int) (x0, y0, x1, y1 float64) {
	fw, fh := float64(w), float64(h)
	return (r.Left + 1) / 2 * fw, (1 - r.Top) / 2 * fh, (r.Right + 1) / 2 * fw, (1 - r.Bottom) / 2 * fh
}

// Motion is a bit map of cells in which something moved, row by row from the
// top left. Area is where the cells lie in the picture.
type Motion struct {
	Columns, Rows int
	Cells         []bool
	Area          Rect
}

// Event is one notification.
type Event struct {
	UTC       media.UTC
	HasUTC    bool
	Topic     string // without namespace prefixes, such as "RuleEngine/LineDetector/Crossed"
	Operation string // Initialized, Changed, Deleted or ""
	Source    []Item
	Key       []Item
	Data      []Item
}

// Item is one name and value of an event.
type Item struct{ Name, Value string }

// PTZ is a state of a moving camera in the generic spaces.
type PTZ struct {
	UTC       media.UTC
	HasUTC    bool
	Pan, Tilt *float64
	Zoom      *float64
	Moving    string // IDLE, MOVING, UNKNOWN or ""
	Error     string
}

// EncodingError says that a document is stored in a form that is not undone.
type EncodingError struct{ Encoding string }

// Error names the encoding.
func (e *EncodingError) Error() string {
	return fmt.Sprintf("metadata: encoding %q is not supported; expected plain XML or gzip", e.Encoding)
}

// errors of a document as a whole.
var (
	ErrTooLarge = errors.New("metadata: document is too large")
	ErrDTD      = errors.New("metadata: document has a DTD, which is refused")
)

// Parse reads one document as it is stored in a sample. encoding is the
// track's content encoding: "", "xml" or "gzip".
func Parse(sample []byte, encoding string) (*Document, error) {
	text, err := Plain(sample, encoding)
	if err != nil {
		return nil, err
	}
	return parse(text)
}

// Plain undoes the encoding of a sample.
func Plain(sample []byte, encoding string) ([]byte, error) {
	switch encoding {
	case "", "xml", "text/xml", "application/xml":
		// Writers that declare nothing may still compress.
		if !bytes.HasPrefix(sample, []byte{0x1f, 0x8b}) {
			if len(sample) > MaxDocument {
				return nil, fmt.Errorf("%w: %d bytes, want at most %d", ErrTooLarge, len(sample), MaxDocument)
			}
			return sample, nil
		}
	case "gzip":
	default:
		return nil, &EncodingError{encoding}
	}
	z, err := gzip.NewReader(bytes.NewReader(sample))
	if err != nil {
		return nil, fmt.Errorf("metadata: gzip: %w", err)
	}
	limit := min(int64(MaxDocument), int64(len(sample))*MaxRatio)
	text, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, fmt.Errorf("metadata: gzip: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes when decompressed", ErrTooLarge, limit)
	}
	return text, nil
}
