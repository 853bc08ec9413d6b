// Package media holds the words that every part of Vedette shares about
// footage: exact media time, wall time with its origin, tracks, samples and
// the sources they come from. It owns no files, no decoders and no judgement.
//
// A frame's identity is (track, sample index): the index counts samples of one
// track in decode order from 0. Screens count frames from 1 in order of
// presentation; see Table.Frame.
//
// How wall time is derived from a file is written down in docs/design/time.md.
package media

import "errors"

// ErrNoSample says that the bytes which a sample claims are no media data of its
// source, so that there is nothing to read. Other errors of reading mean that
// the source itself fails.
var ErrNoSample = errors.New("no media data of this file")

// Kind says what a track carries.
type Kind uint8

// The kinds of tracks. The zero value is a track of unknown content.
const (
	KindOther Kind = iota
	KindVideo
	KindAudio
	KindMetadata
)

// String returns the word used in JSON and on screen.
func (k Kind) String() string {
	switch k {
	case KindVideo:
		return "video"
	case KindAudio:
		return "audio"
	case KindMetadata:
		return "metadata"
	default:
		return "other"
	}
}

// Codec names a coding that Vedette can hand to a decoder. The zero value is a
// coding that it cannot.
type Codec uint8

// The codecs of IEC 62676-2-11, clauses 5.2.3 and 5.2.4, and metadata.
const (
	CodecUnknown Codec = iota
	CodecH264
	CodecH265
	CodecAAC
	CodecG711A
	CodecG711U
	CodecG722
	CodecMetadata
)

// String returns the name used in JSON and on screen.
func (c Codec) String() string {
	switch c {
	case CodecH264:
		return "H.264"
	case CodecH265:
		return "H.265"
	case CodecAAC:
		return "AAC-LC"
	case CodecG711A:
		return "G.711 A-law"
	case CodecG711U:
		return "G.711 mu-law"
	case CodecG722:
		return "G.722"
	case CodecMetadata:
		return "ONVIF metadata"
	default:
		return "unknown"
	}
}

// Track describes one track of a source. It is immutable once published.
type Track struct {
	ID        uint32 // track_ID of the file; unique within a source
	Kind      Kind
	Codec     Codec
	Entry     string // sample entry type as stored, such as "avc1"
	Encoding  string // metadata content encoding as stored: "", "xml", "gzip", "exi"
	Timescale uint32 // ticks per second, never 0

	Width, Height int    // video: coded size in pixels, as the sample entry states it
	Mirror        bool   // video: left and right are exchanged, before the turn
	Rotation      int    // video: clockwise turn of tkhd in degrees: 0, 90, 180, 270
	PixelAspect   [2]int // video: width to height of a pixel as it is shown; 0 to 0 where nothing is stated: square
	Clean         Crop   // video: the clean aperture, told and not applied; zero for none
	Coding        Coding // video: what the coded data says of itself, as far as the entry holds it
	SampleRate    int    // audio, in Hz
	Channels      int    // audio
	Config        []byte // decoder configuration: avcC or hvcC payload, AudioSpecificConfig; not to be changed

	// Descriptions are the sample entries in the order of the file, where there
	// are several: Sample.Description chooses one. The fields above are those of the
	// first one.
	Descriptions []Description

	Name string // source name of suep, if any
	URL  string
	MAC  string
	Line string
}

// Crop is a rectangle of pixels within a picture.
type Crop struct{ X, Y, Width, Height int }

// Coding is what a video track's parameter sets say. The zero value says nothing.
type Coding struct {
	Profile       string // such as "High" or "Main 10"
	Level         string // such as "3.1"
	Chroma        string // "4:2:0", "4:2:2", "4:4:4" or "gray"
	Depth         int    // bits of a sample of brightness
	Width, Height int    // of the pictures after the cropping of the stream
	Crop          [4]int // pixels that the stream itself cuts: left, right, top, bottom
	Fields        bool   // pictures may be coded as two fields
	PixelAspect   [2]int // as the stream states it, 0 to 0 for nothing
}

// Description is one way in which samples of a track are coded.
type Description struct {
	Entry         string
	Codec         Codec
	Width, Height int
	Config        []byte
	PixelAspect   [2]int
	Clean         Crop
	Coding        Coding
}

// Described returns the track as its description n has it; what is out of range is
// the first one.
func (t Track) Described(n int) Track {
	if n >= 0 && n < len(t.Descriptions) {
		d := t.Descriptions[n]
		t.Entry, t.Codec, t.Width, t.Height, t.Config = d.Entry, d.Codec, d.Width, d.Height, d.Config
		t.PixelAspect, t.Clean, t.Coding = d.PixelAspect, d.Clean, d.Coding
	}
	return t
}

// Sample is one coded picture, audio packet or metadata document.
type Sample struct {
	Track       uint32
	Index       int   // decode order within the track, from 0
	Description int   // of Track.Descriptions, from 0
	DTS         Ticks // decode time on the track's own time line, before edits
	CTS         Ticks // composition time on it: the order in which decoders give pictures
	PTS         Ticks // presentation time on the time line of the source, after edits
	Duration    Ticks
	Sync        bool  // the container says that decoding can start here
	Hidden      bool  // the edit list leaves it out: it is no frame, and PTS is as if it went on
	Offset      int64 // first byte in the file
	Size        int   // bytes
	Wall        Wall  // presentation time on the wall clock
}

// End returns the presentation time at which the sample stops being shown.
func (s Sample) End() Ticks { return s.PTS.Add(s.Duration) }

// Table is the growing list of samples of one track. All methods are safe for
// use by several goroutines; what was returned once never changes.
type Table interface {
	// Len returns the number of samples known so far.
	Len() int
	// Complete reports whether the whole source has been indexed.
	Complete() bool
	// At returns sample i in decode order, 0 <= i < Len.
	At(i int) Sample
	// SyncBefore returns the last sync sample at or before i, or -1.
	SyncBefore(i int) int
	// SyncAfter returns the first sync sample after i among those known, or -1.
	SyncAfter(i int) int
	// AtPTS returns the sample shown at t: the one with the greatest PTS not
	// after t, and false if there is none. A gap may follow that sample; the
	// caller compares with its End.
	AtPTS(t Ticks) (int, bool)
	// Next and Prev return the neighbour of i in order of presentation, or -1.
	Next(i int) int
	Prev(i int) int
	// Frame returns the place of sample i in order of presentation, from 1, as
	// far as indexed; 0 for one that the edit list leaves out. ByFrame is its
	// inverse, or -1.
	Frame(i int) int
	ByFrame(n int) int
}

// Frames returns the number of frames of a table known so far: its samples
// without those that the edit list leaves out.
func Frames(t Table) int {
	if f, ok := t.(interface{ Frames() int }); ok {
		return f.Frames()
	}
	return t.Len()
}

// Gap is a stretch of a track without footage.
type Gap struct {
	From, To Ticks
	Reason   GapReason
}

// GapReason says why there is no footage.
type GapReason byte

// The reasons, as lettered on the time line.
const (
	GapNotRecorded  GapReason = 'N'
	GapNotExported  GapReason = 'X'
	GapDamaged      GapReason = 'D'
	GapNotDecodable GapReason = 'C'
	GapTimeJump     GapReason = 'J'
	GapReplayLimit  GapReason = 'W'
	GapUnknown      GapReason = 'U'
)

// String returns the reason in words.
func (g GapReason) String() string {
	switch g {
	case GapNotRecorded:
		return "not recorded"
	case GapNotExported:
		return "not exported"
	case GapDamaged:
		return "damaged"
	case GapNotDecodable:
		return "not decodable"
	case GapTimeJump:
		return "time jump"
	case GapReplayLimit:
		return "replay limit"
	default:
		return "unknown"
	}
}

// Source is footage that can be read sample by sample: an export, or a live
// session. Methods are safe for use by several goroutines.
type Source interface {
	// Tracks returns the tracks known; the slice is not to be changed.
	Tracks() []Track
	// Table returns the samples of one track, or nil for an unknown track.
	Table(track uint32) Table
	// Gaps returns the gaps of one track found so far, in order.
	Gaps(track uint32) []Gap
	// ReadSample reads the bytes of s into buf, which is grown when it is too
	// small, and returns it. An error means the bytes are not those that were
	// indexed, or cannot be read; it wraps ErrNoSample where there are none.
	ReadSample(s Sample, buf []byte) ([]byte, error)
	// Origin returns the wall time of the zero of a track's presentation time
	// line, as far as known now; OriginNone until then.
	Origin(track uint32) Wall
}
