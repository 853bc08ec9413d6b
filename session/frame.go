package session

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// cardSchema is the document a frame card is written as.
const cardSchema = "vedette.frame/1"

// FrameCard is the document vedette.frame/1: everything known about one picture.
// What is not known is absent.
type FrameCard struct {
	Schema    string       `json:"schema"`
	File      string       `json:"file"` // whole path
	Size      int64        `json:"size,omitempty"`
	SHA256    string       `json:"sha256,omitempty"` // of the file, once it was examined
	Track     uint32       `json:"track"`
	Source    string       `json:"source,omitempty"` // name that the export gives its camera; foreign text
	Sample    int          `json:"sample"`
	Frame     int          `json:"frame"`            // in order of presentation, from 1; 0 for a sample that is no frame
	Hidden    bool         `json:"hidden,omitempty"` // the edit list leaves it out
	PTS       Stamp        `json:"pts"`
	Declared  *media.UTC   `json:"declared,omitempty"`
	Corrected *media.UTC   `json:"corrected,omitempty"`
	Bytes     []diag.Range `json:"bytes"`
	// CodedSHA256 is of the coded bytes of this picture, so that it is known
	// again in a file that was changed elsewhere.
	CodedSHA256 string `json:"codedSha256,omitempty"`

	PixelSHA256 string `json:"pixelSha256,omitempty"` // of the decoded planes, row by row
	PixelFormat string `json:"pixelFormat,omitempty"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	// How the still was made of the decoded planes, and how they were coded.
	Rotation    int        `json:"rotation,omitempty"`
	Mirror      bool       `json:"mirror,omitempty"`
	PixelAspect *[2]int    `json:"pixelAspect,omitempty"` // told; a still keeps one pixel for each
	Coded       *CodedInfo `json:"coded,omitempty"`

	Kind    string `json:"kind,omitempty"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
	Hash    string `json:"pictureHash,omitempty"` // what the hash in the stream says of the decoded picture
	Caveat  string `json:"caveat,omitempty"`      // what "no damage reported" does not cover
	Decoder string `json:"decoder,omitempty"`

	Verdict   string           `json:"verdict"`
	Headline  string           `json:"headline"`            // the same in a sentence
	Integrity string           `json:"integrity,omitempty"` // of the file, as the three below: words of vedette.verify/1
	Trust     string           `json:"trust,omitempty"`
	Coverage  string           `json:"coverage,omitempty"`
	SealedBy  []int            `json:"sealedBy,omitzero"` // seals that hold and cover every byte of this picture
	Camera    *CardCamera      `json:"cameraSigning,omitempty"`
	Packs     []verify.PackRef `json:"packs,omitempty"`

	Adjustments []string   `json:"adjustments,omitempty"` // burned into the still's pixels, in order
	StillSHA256 string     `json:"stillSha256,omitempty"` // of the still's pixels: red, green, blue, row by row
	SavedAt     *media.UTC `json:"savedAt,omitempty"`
	Program     string     `json:"program,omitempty"`
}

// Stamp is an exact time.
type Stamp struct {
	Value int64  `json:"value"`
	Scale uint32 `json:"scale"`
}

// CardCamera is what the camera's own signing says of one picture.
type CardCamera struct {
	State      string `json:"state"`      // of this picture
	Provenance string `json:"provenance"` // of the camera's key
	Document   int    `json:"document,omitempty"`
}

// notExamined is the headline of a card whose export was not examined to the end.
const notExamined = "Not examined when this was written."

// Identify tells what is known of a picture without decoding it: where it
// lies, when it is shown, and what the report says, which may be nil.
func Identify(x *evidence.Export, track media.Track, sample int, r *verify.Report) (*FrameCard, error) {
	table := x.Table(track.ID)
	if table == nil || sample < 0 || sample >= table.Len() {
		n := 0
		if table != nil {
			n = table.Len()
		}
		return nil, fmt.Errorf("session: sample %d of track %d: the track has samples 0 to %d", sample, track.ID, n-1)
	}
	s := table.At(sample)
	as := track.Described(s.Description)
	c := &FrameCard{
		Schema: cardSchema, File: whole(x.File().Path()), Size: x.File().Size(), Track: track.ID, Source: track.Name, Sample: sample, Frame: table.Frame(sample), Hidden: s.Hidden,
		PTS: Stamp{s.PTS.Value, s.PTS.Scale}, Bytes: []diag.Range{{From: s.Offset, To: s.Offset + int64(s.Size)}},
		Width: as.Width, Height: as.Height, Rotation: as.Rotation, Mirror: as.Mirror, PixelAspect: aspectInfo(as), Coded: codedInfo(as),
	}
	// What the edit list leaves out has no time of its own: the one beside the list
	// may be that of another picture.
	if start, ok := x.Starts().Track[track.ID]; ok && !s.Hidden {
		declared, corrected := start.Declared.Add(s.PTS), start.Corrected.Add(s.PTS)
		c.Declared, c.Corrected = &declared, &corrected
	}
	c.judge(r)
	return c, nil
}

// whole is the path from the root, so that the card holds wherever it is read.
func whole(path string) string {
	if abs, err := filepath.Abs(path); err == nil && path != "" {
		return abs
	}
	return path
}

// judge takes over what an examination found. One that has not run to its end
// found nothing.
func (c *FrameCard) judge(r *verify.Report) {
	c.Verdict, c.Headline = verify.CannotCheck.String(), notExamined
	if r == nil || r.Partial {
		return
	}
	c.SHA256, c.Verdict, c.Headline = r.SHA256, r.Verdict.String(), r.Headline()
	c.Integrity, c.Trust, c.Coverage, c.Packs = r.Integrity.String(), r.Trust.String(), r.Coverage.String(), r.Packs
	c.SealedBy = []int{}
	for _, s := range r.Seals {
		if s.Integrity == verify.SealIntact && covered(c.Bytes, s.Covered) {
			c.SealedBy = append(c.SealedBy, s.Index)
		}
	}
	if r.Camera == nil || !r.Camera.Present {
		return
	}
	for _, g := range r.Camera.Ranges {
		if g.Track == c.Track && g.FromSample <= c.Sample && c.Sample <= g.ToSample {
			c.Camera = &CardCamera{State: g.State.String(), Provenance: r.Camera.Provenance.String()}
			if g.FirstDocument == g.LastDocument {
				c.Camera.Document = g.FirstDocument
			}
			return
		}
	}
}

// covered reports whether every byte of the parts lies in one of the ranges.
func covered(parts, ranges []diag.Range) bool {
	for _, p := range parts {
		for at := p.From; at < p.To; {
			next := at
			for _, r := range ranges {
				if r.From <= at && at < r.To {
					next = max(next, r.To)
				}
			}
			if next == at {
				return false
			}
			at = next
		}
	}
	return len(parts) > 0
}

// show takes over what the decoder made of the picture.
func (c *FrameCard) show(p *decode.Picture, decoder string) {
	c.Decoder, c.State, c.Reason = decoder, p.State.String(), strings.TrimSpace(p.Reason)
	if p.Width > 0 && p.Height > 0 {
		c.Width, c.Height = p.Width, p.Height
	}
	if p.Kind != 0 {
		c.Kind = string(rune(p.Kind))
	}
	if p.Format != decode.PixelUnknown && p.Planes[0] != nil {
		sum := sha256.Sum256(p.AppendPlanes(nil))
		c.PixelSHA256, c.PixelFormat = hex.EncodeToString(sum[:]), p.Format.String()
	}
}

// SampleAt returns the sample of a track that is shown at a wall-clock time.
func SampleAt(e *evidence.Export, track uint32, at media.UTC) (int, error) {
	origin := e.Origin(track)
	if !origin.Known() {
		return -1, fmt.Errorf("session: the export states no absolute time; choose a sample by its number")
	}
	i, ok := e.Table(track).AtPTS(at.Sub(origin.UTC))
	if !ok {
		return -1, fmt.Errorf("session: %s is before the first picture at %s", at, origin.UTC)
	}
	s := e.Table(track).At(i)
	if !at.Sub(origin.UTC).Before(s.End()) {
		return -1, fmt.Errorf("session: there is no footage at %s; the picture before it ends at %s", at, origin.UTC.Add(s.End()))
	}
	return i, nil
}
