package evidence

import (
	"vedette/internal/diag"
	"vedette/media"
)

// SizeField is the size field of a box that is really in use.
type SizeField struct {
	Offset int64 // of the field
	Width  int   // 4, or 8 for a 64-bit size; 0 when the box extends to the end of the file
	Value  int64 // as stored; 0 when the box extends to the end of the file
}

// Protection is what the structure of a file says about its seals, before any
// cryptography. It is complete only once the file has been indexed.
type Protection struct {
	Meta  diag.Range // the file-level meta box, zero if absent
	Ipro  diag.Range // its ipro box, zero if absent
	MetaS SizeField
	IproS SizeField
	Seals []Seal // in file order
	// Index is the last top-level box when it is an mfra whose mfro agrees with
	// its size and which ends exactly at the end of the file; otherwise nil.
	Index *diag.Range
	// Outside are bytes after meta that are no Index: moof/mdat and others. An
	// early meta makes this the normal place of footage.
	Outside []diag.Range
	// Malformed lists what makes the structure ambiguous or damaged, so that no
	// verdict on the seals is possible. Empty means sound.
	Malformed []diag.Finding
}

// Seal is one sinf box.
type Seal struct {
	Number        int // from 1
	Range         diag.Range
	HasScheme     bool
	SchemeType    uint32
	SchemeVersion uint32
	Signature     diag.Range // payload of sibo; empty if absent
	Certificates  []byte     // payload of cert: DER, one or more; nil if absent
	SigC          []byte     // payload of sigC: DER AlgorithmIdentifier; nil if absent
	Note          string     // auib
	Starts        []StartEntry
	Missing       []string // names of mandatory boxes not found, such as "sibo"
}

// StartEntry is one entry of a cstb box.
type StartEntry struct {
	Track uint32
	Raw   uint64 // 100 ns units since 1601-01-01, as stored
	UTC   media.UTC
	Valid bool // Raw is a usable time
}
