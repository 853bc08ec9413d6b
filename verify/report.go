package verify

import (
	"encoding/json"
	"time"

	"vedette/internal/diag"
	"vedette/media"
)

// Report is the whole answer about one file. It is immutable once returned,
// and its JSON form is one element of "files" of vedette.verify/1. The zero
// value says "unchecked" on every axis.
type Report struct {
	File       string            `json:"file"`
	Size       int64             `json:"size"`
	SHA256     string            `json:"sha256,omitempty"` // absent until the whole file has been read
	Verdict    Verdict           `json:"verdict"`
	Integrity  FileIntegrity     `json:"integrity"`
	Trust      FileTrust         `json:"trust"`
	Coverage   Coverage          `json:"coverage"`
	Packs      []PackRef         `json:"packs"`
	NotChecked []string          `json:"notChecked"`
	Seals      []SealReport      `json:"seals"`
	Camera     *CameraReport     `json:"cameraSigning,omitempty"`
	Start      *media.UTC        `json:"start,omitempty"`
	End        *media.UTC        `json:"end,omitempty"`
	TimeBasis  string            `json:"timeBasis"`
	Findings   []ReportedFinding `json:"findings"`

	Read    int64         `json:"-"` // bytes hashed so far, counting each state once
	Elapsed time.Duration `json:"-"` // time the check took, as measured by the caller's clock
	Partial bool          `json:"-"` // the check was cancelled or is still running
	Started []bool        `json:"-"` // per seal in order: does its own signature verify
}

// SealReport is the answer about one seal.
type SealReport struct {
	Index      int           `json:"index"` // from 1, in file order
	Integrity  SealIntegrity `json:"integrity"`
	Scope      Scope         `json:"scope,omitempty"`
	Algorithm  string        `json:"algorithm,omitempty"`
	SaltLength *int          `json:"saltLength,omitempty"`
	Signer     *Signer       `json:"signer,omitempty"`
	Trust      SignerTrust   `json:"trust"`
	Note       string        `json:"note,omitempty"`
	StartTimes []StartTime   `json:"startTimes,omitempty"`

	Reason  string       `json:"-"`              // why it is not intact, one plain sentence
	Covered []diag.Range `json:"-"`              // half-open byte ranges of the file this seal covers
	Chain   []Signer     `json:"path,omitempty"` // leaf to anchor when a path was found
}

// Signer is a certificate's claim. It says nothing about trust.
type Signer struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Serial    string    `json:"serial"` // lower-case hexadecimal
	SHA256    string    `json:"sha256"` // of the DER certificate, lower-case hexadecimal
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
}

// SignerTrust is the judgement about one signer.
type SignerTrust struct {
	State      TrustState `json:"state"`
	Reason     string     `json:"reason,omitempty"`   // code, see docs/findings.md
	Anchor     string     `json:"anchor,omitempty"`   // subject of the anchor or "pinned"
	JudgedAt   *time.Time `json:"judgedAt,omitempty"` // the time at which dates were judged
	TimeSource string     `json:"timeSource,omitempty"`

	Now        *time.Time  `json:"now,omitempty"`        // the other time: that of the check
	Pack       string      `json:"pack,omitempty"`       // whose pool vouches for the signer
	Partner    string      `json:"partner,omitempty"`    // name of the partner whose pool vouches; absent for a pool of all
	Detail     string      `json:"detail,omitempty"`     // what the reason's sentence leaves open: dates and names
	Misses     []string    `json:"misses,omitempty"`     // paths that did not hold and why, the nearest first
	Revocation *Revocation `json:"revocation,omitempty"` // of the path that was judged
	Remarks    []string    `json:"remarks,omitempty"`    // codes of remarks that do not change the state; their sentences are findings
}

// StartTime is one entry of a seal's cstb.
type StartTime struct {
	Track uint32    `json:"track"`
	UTC   media.UTC `json:"utc"`
}

// PackRef names a trust pack that was used.
type PackRef struct {
	Name   string `json:"name"`
	Serial int64  `json:"serial,omitempty"`
	SHA256 string `json:"sha256"`
	Stale  bool   `json:"stale,omitempty"` // past the date at which its issuer calls it out of date
}

// ReportedFinding is a finding in the JSON form of reports.
type ReportedFinding struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Offset   *int64        `json:"offset,omitempty"`
	Message  string        `json:"message"`
	To       int64         `json:"-"` // end of the byte range, 0 if none
}

// Findings converts for a report.
func Findings(fs []diag.Finding) []ReportedFinding {
	out := make([]ReportedFinding, 0, len(fs))
	for _, f := range fs {
		r := ReportedFinding{Code: f.Code, Severity: f.Severity, Message: f.Message}
		if f.Bytes != nil {
			from := f.Bytes.From
			r.Offset, r.To = &from, f.Bytes.To
		}
		out = append(out, r)
	}
	return out
}

// Verdict is the headline for one export. The zero value means that nothing
// has been checked.
type Verdict uint8

// The headlines, in the order of the exit status: the worst is the last.
const (
	VerdictUnchecked Verdict = iota // said as cannot-check
	Intact
	IntactIncomplete
	IntactUntrusted
	Unsigned
	CannotCheck
	Broken
)

var verdictWords = [...]string{"cannot-check", "intact", "intact-incomplete", "intact-untrusted", "unsigned", "cannot-check", "broken"}

// FileIntegrity is the integrity of a whole file.
type FileIntegrity uint8

// The values of a file's integrity. The zero value is unchecked.
const (
	FileUnchecked FileIntegrity = iota
	FileWithdrawn
	FileIntact
	FileIncomplete
	FileBroken
	FileUnsigned
	FileWeak
	FileUnsupported
	FileMalformed
)

var fileIntegrityWords = [...]string{"unchecked", "withdrawn", "intact", "incomplete", "broken", "unsigned", "weak", "unsupported", "malformed"}

// SealIntegrity is the integrity of one seal.
type SealIntegrity uint8

// The values of a seal's integrity. The zero value is unchecked.
const (
	SealUnchecked SealIntegrity = iota
	SealIntact
	SealBroken
	SealWeak
	SealUnsupported
	SealMalformed
)

var sealIntegrityWords = [...]string{"unchecked", "intact", "broken", "weak", "unsupported", "malformed"}

// FileTrust is the worst trust among a file's seals.
type FileTrust uint8

// The values of a file's trust. The zero value is unchecked.
const (
	TrustUnchecked FileTrust = iota
	Trusted
	Untrusted
	Rejected
)

var fileTrustWords = [...]string{"unchecked", "trusted", "untrusted", "rejected"}

// TrustState is the judgement about one signer.
type TrustState uint8

// The states of one signer. The zero value is unchecked.
const (
	SignerUnchecked TrustState = iota
	SignerTrusted
	SignerTrustedThenExpired
	SignerPinned
	SignerUnknown
	SignerRejected
	SignerUndecidable
)

var trustStateWords = [...]string{"unchecked", "trusted", "trusted-then-expired", "pinned", "unknown", "rejected", "undecidable"}

// Coverage says how much of the file the newest seal covers.
type Coverage uint8

// The values of coverage. The zero value is none.
const (
	CoverageNone Coverage = iota
	CoverageAll
	CoverageAllButIndex
	CoveragePartial
)

var coverageWords = [...]string{"none", "all", "all-but-index", "partial"}

// Scope says which bytes one seal covers: of the file as it is for the last
// seal, of the older state for the earlier ones.
type Scope uint8

// The scopes. The zero value means that none verified.
const (
	ScopeNone Scope = iota
	ScopeFull
	ScopeFullMinusIndex
)

var scopeWords = [...]string{"", "full", "full-minus-index"}

func word[T ~uint8](words []string, v T) string {
	if int(v) >= len(words) {
		return words[0]
	}
	return words[v]
}

// String returns the word of the JSON form.
func (v Verdict) String() string { return word(verdictWords[:], v) }

// String returns the word of the JSON form.
func (v FileIntegrity) String() string { return word(fileIntegrityWords[:], v) }

// String returns the word of the JSON form.
func (v SealIntegrity) String() string { return word(sealIntegrityWords[:], v) }

// String returns the word of the JSON form.
func (v FileTrust) String() string { return word(fileTrustWords[:], v) }

// String returns the word of the JSON form.
func (v TrustState) String() string { return word(trustStateWords[:], v) }

// String returns the word of the JSON form.
func (v Coverage) String() string { return word(coverageWords[:], v) }

// String returns the word of the JSON form.
func (v Scope) String() string { return word(scopeWords[:], v) }

// MarshalText returns the word of the JSON form.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v FileIntegrity) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v SealIntegrity) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v FileTrust) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v TrustState) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v Coverage) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalText returns the word of the JSON form.
func (v Scope) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Document is the JSON document of `vedettectl verify --json`.
type Document struct {
	Schema    string      `json:"schema"`
	CheckedAt time.Time   `json:"checkedAt"`
	Program   string      `json:"program"`
	Files     []*Report   `json:"files"`
	Sets      []SetReport `json:"sets,omitempty"` // of the files that belong together
}

// Schema is the name and version of Document.
const Schema = "vedette.verify/1"

var _ json.Marshaler = (*Document)(nil)

// MarshalJSON fills in the schema, so that a document never goes out without.
func (d *Document) MarshalJSON() ([]byte, error) {
	type plain Document
	p := plain(*d)
	p.Schema = Schema
	return json.Marshal(&p)
}
