// Package metadata reads ONVIF metadata documents (tt:MetadataStream): scene
// descriptions with objects, events, PTZ states and values of sensors. It does
// not know where a document came from, a sample of a file or the packets of a
// live stream, and owns no times but those the document states.
//
// It refuses documents with a DTD, of too many bytes, elements, levels or
// attributes, and of an encoding it cannot undo. An item that cannot be read is
// left out with a finding; the rest is kept. Of a document that breaks off, what
// stands before the break is kept. Elements that are not known are kept as text,
// within bounds, for whoever wants to show them.
package metadata

import (
	"errors"
	"fmt"

	"vedette/internal/diag"
	"vedette/media"
)

// Limits of one document.
const (
	MaxDocument   = 4 << 20 // bytes, as stored and after decompression
	MaxRatio      = 200     // decompressed to compressed
	MaxToken      = 256 << 10
	MaxDepth      = 64
	MaxAttributes = 256     // of one element, counted before decoding
	MaxElements   = 1 << 18 // a frame of 10,000 objects has a third of them
	MaxObjects    = 4096
	MaxPoints     = 4096
	maxEvents     = 4096
	maxText       = 4096 // runes of one text value that are kept
	maxOther      = 256  // unknown elements of a document that are kept
	maxFindings   = 100
)

// Namespaces that are understood.
const (
	NamespaceSchema       = "http://www.onvif.org/ver10/schema"
	NamespaceNotification = "http://docs.oasis-open.org/wsn/b-2"
	NamespaceTopics       = "http://www.onvif.org/ver10/topics"
)

// Document is one metadata sample.
type Document struct {
	Frames   []Frame
	Events   []Event
	PTZ      []PTZ
	Sensors  []Sensor
	Other    []Item // elements that are not known, outside of frames and events
	Broken   error  // where the document breaks off; nil if it is whole
	Findings []diag.Finding
}

// Item is one name and value, as text.
type Item struct{ Name, Value string }

// Event is one notification.
type Event struct {
	UTC       media.UTC
	HasUTC    bool
	Topic     string // with canonical prefixes, such as "tns1:RuleEngine/LineDetector/Crossed"
	Raw       string // as it is written; its prefixes are of the writer's choice
	Operation string // Initialized, Changed, Deleted or ""
	Source    []Item
	Key       []Item
	Data      []Item
	Other     []Item // elements of the message that are not known
}

// PTZ is a state of a moving camera. In the generic spaces pan and tilt are -1
// to +1 and zoom is 0 to 1.
type PTZ struct {
	UTC          media.UTC
	HasUTC       bool
	Pan, Tilt    *float64
	Zoom         *float64
	PanTiltSpace string
	ZoomSpace    string
	Moving       string // IDLE, MOVING, UNKNOWN or ""
	Error        string
	Width        *float64 // field of view in degrees
	Height       *float64
	Other        []Item
}

// Sensor is one value of a sensor. The value is kept as the text that states it.
type Sensor struct {
	UTC    media.UTC
	HasUTC bool
	ID     string
	Type   string
	Value  string
	Other  []Item
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

// Parse reads one document: the bytes of a sample, or of one document of a live
// stream put together from its packets. encoding is the track's content
// encoding: "", "xml" or "gzip". With an error the document is nil.
func Parse(sample []byte, encoding string) (*Document, error) {
	text, err := Plain(sample, encoding)
	if err != nil {
		return nil, err
	}
	return parse(text)
}
