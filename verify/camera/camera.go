// Package camera judges ONVIF Media Signing: signatures that a camera wrote
// into the video stream itself, independent of any seal of the file around it.
//
// A Validator is fed with the access units of one video track and answers per
// document (one signed list of slices, normally one group of pictures) and per
// picture. Check runs it over every video track of a source; Present only
// tells whether there is something to judge.
//
// Two questions are kept apart: whether the pictures are those that the key
// signed, and whose key it is. The second is put to a Judge that the caller
// supplies; without one it stays unchecked. The package decodes nothing, reads
// no file, asks no clock, and takes every byte of the stream as hostile.
//
// How it is judged and why is written down in docs/design/camera-signing.md.
package camera

import (
	"crypto/x509"
	"time"

	"vedette/media"
)

// State is the answer about one track or a whole source. The zero value means
// that nothing was checked.
type State uint8

// The states, from worst to best after the first two.
const (
	Unchecked State = iota
	NotSigned
	NotAuthentic
	NotVerifiable
	AuthenticMissing
	AuthenticPartial
	Authentic
)

var stateWords = [...]string{"unchecked", "not-signed", "not-authentic", "not-verifiable", "authentic-missing", "authentic-partial", "authentic"}

// String returns the word of the JSON form.
func (s State) String() string { return word(stateWords[:], s) }

// MarshalText returns the word of the JSON form.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// PictureState is the answer about one picture. The zero value is undecided
// and stands in no report that has ended.
type PictureState uint8

// The states of a picture, from best to worst but for the first two.
const (
	PictureUndecided     PictureState = iota
	PictureIgnored                    // holds no coded slice
	PictureAuthentic                  // every hashed slice is one that a valid document lists
	PictureUnprotected                // holds coded slices that the signer does not hash
	PictureNotVerifiable              // before the first document that applies, after the last, or no usable key
	PictureUnsignedGap                // no valid document covers it, though the stretches around are signed
	PictureAltered                    // within a document's range, but not as signed
)

var pictureWords = [...]string{"undecided", "ignored", "authentic", "unprotected", "not-verifiable", "unsigned-gap", "altered"}

// String returns the word of the JSON form.
func (s PictureState) String() string { return word(pictureWords[:], s) }

// MarshalText returns the word of the JSON form.
func (s PictureState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Verdict is the answer about one document. The zero value means none yet.
type Verdict uint8

// The verdicts of a document.
const (
	DocumentUnchecked     Verdict = iota
	DocumentAuthentic             // signed, and every slice listed is there in order
	DocumentPartialStart          // as above, but the head of the list lies before the clip
	DocumentMissing               // as above, but slices or whole documents are absent
	DocumentNotAuthentic          // not as signed
	DocumentNotVerifiable         // cannot be told
)

var verdictWords = [...]string{"unchecked", "authentic", "partial-start", "authentic-missing", "not-authentic", "not-verifiable"}

// String returns the word used on screen.
func (v Verdict) String() string { return word(verdictWords[:], v) }

// Ownership is whether the key that signed is vouched for. The zero value
// means that nobody was asked.
type Ownership uint8

// The values of a key's provenance.
const (
	OwnerUnchecked Ownership = iota
	OwnerTrusted
	OwnerUntrusted
)

var ownerWords = [...]string{"unchecked", "trusted", "untrusted"}

// String returns the word of the JSON form.
func (o Ownership) String() string { return word(ownerWords[:], o) }

// MarshalText returns the word of the JSON form.
func (o Ownership) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

func word[T ~uint8](words []string, v T) string {
	if int(v) >= len(words) {
		return words[0]
	}
	return words[v]
}

// Judge says whether the packs of the caller vouch for a key. helpers are the
// certificates that came with it and may help to find a path; nothing is to be
// trusted for being among them. at is when the pictures were taken by their
// signed clock; where that clock states no UTC, claimed is false and at is the
// middle of the leaf's validity.
type Judge func(leaf *x509.Certificate, helpers []*x509.Certificate, at time.Time, claimed bool) Provenance

// Provenance is what a Judge answers.
type Provenance struct {
	State    Ownership
	Reason   string // code of docs/findings.md
	Anchor   string
	JudgedAt time.Time
	Claimed  bool // JudgedAt is by the signed clock
}

// Unit is one access unit as it is stored or received.
type Unit struct {
	Sample media.Sample // Index must grow by one from unit to unit
	NALs   [][]byte     // without start codes and length prefixes; used during the call only
	Torn   bool         // bytes of the sample could not be taken apart
}

// Documents counts the documents of a track by their verdict. Copies and
// certificate SEIs count for nothing.
type Documents struct {
	Authentic     int `json:"authentic"` // with those whose list begins before the clip
	Missing       int `json:"missing"`
	NotAuthentic  int `json:"notAuthentic"`
	NotVerifiable int `json:"notVerifiable"`
}

func (d *Documents) count(v Verdict, n int) {
	switch v {
	case DocumentAuthentic, DocumentPartialStart:
		d.Authentic += n
	case DocumentMissing:
		d.Missing += n
	case DocumentNotAuthentic:
		d.NotAuthentic += n
	case DocumentNotVerifiable, DocumentUnchecked:
		d.NotVerifiable += n
	}
}

// Segment is the answer about one document or about a stretch without one.
// Once it has been handed out it does not change.
type Segment struct {
	Track    uint32
	Document int // number among the documents of the track, from 1; 0 for a stretch without
	Counter  uint32
	Verdict  Verdict // DocumentUnchecked for a stretch without a document
	State    PictureState
	Reason   Reason

	FromSample, ToSample int // pictures it speaks of, both included; ToSample < FromSample for none
	At                   int // sample that holds the document
	Signed               SignedTime
	Length               time.Duration // of its pictures, by the container

	Matched, Altered, Missing, Unprotected int  // slices
	Lost                                   int  // documents absent before this one, by its counter
	Seam                                   bool // a new signing session begins here
	TimeMismatch                           bool // signed and container length differ
}

// SignedTime is the time a document states.
type SignedTime struct {
	From, To time.Time // From is zero in documents of version 1, which state the end alone
	UTC      bool      // a usable UTC; otherwise relative to an unknown begin, counted from 1601
}

// Range is a run of pictures of one state.
type Range struct {
	FromSample, ToSample int         // both included
	From, To             media.Ticks // presentation time; To is the end of the last picture
	State                PictureState
	FirstDocument        int // numbers of the documents that speak of it; 0 for none
	LastDocument         int
	Signed               SignedTime // from the first document to the last
}

// TrackReport is the answer about one video track.
type TrackReport struct {
	Track     uint32
	State     State
	Documents Documents
	Segments  []Segment // in order of the stream, at most MaxSegments
	Ranges    []Range
	Authentic media.Ticks // length of the pictures that are authentic
	Total     media.Ticks // length of all pictures

	Leaf       *x509.Certificate // whose key signed; nil where none could be used
	Helpers    []*x509.Certificate
	Provenance Provenance
	Vendor     Vendor
	Notes      []Note
}

// Report is the answer about every video track of a source.
type Report struct {
	Present    bool // at least one track holds documents
	Axis       bool // holds Axis Signed Video, the predecessor, which is not judged
	State      State
	Provenance Ownership
	Documents  Documents
	Tracks     []TrackReport
}

// Vendor is what the camera says of itself. It is a claim.
type Vendor struct{ Firmware, Serial, Manufacturer string }

// Note is one observation about a track. Each kind is said once, with the
// sample at which it was first made and how often.
type Note struct {
	Kind   NoteKind
	Sample int
	Count  int
	Text   string // facts, may be empty
}

// NoteKind says what a note is about.
type NoteKind uint8

// The kinds of notes.
const (
	NoteUnreadable   NoteKind = iota + 1 // a document cannot be read
	NoteNewer                            // made by a newer version than is known
	NoteUnknownTag                       // holds something unknown, which was passed over
	NoteLittleEndian                     // writes its numbers in the other order
	NoteCertificate                      // a certificate cannot be used
	NoteKeyChange                        // another key signs from here on
	NoteSeam                             // a new signing session begins
	NoteClock                            // the signed clock runs backwards or material is repeated
	NoteTime                             // signed and container length differ
	NoteNoUTC                            // the signed clock states no UTC
	NoteAllSlices                        // the signer hashes slices of every kind
	NoteUnprotected                      // coded slices that no document covers
	NoteLimit                            // a limit was met
	NoteTorn                             // bytes of a sample could not be taken apart
)
