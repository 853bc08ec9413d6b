package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/player/decode"
)

// FrameCard is the document vedette.frame/1: everything known about one picture.
type FrameCard struct {
	Schema      string       `json:"schema"`
	File        string       `json:"file"`
	SHA256      string       `json:"sha256,omitempty"` // of the file, once it was examined
	Track       uint32       `json:"track"`
	Sample      int          `json:"sample"`
	Frame       int          `json:"frame"` // in order of presentation, from 1
	PTS         Stamp        `json:"pts"`
	Declared    *media.UTC   `json:"declared,omitempty"`
	Corrected   *media.UTC   `json:"corrected,omitempty"`
	Bytes       []diag.Range `json:"bytes"`
	PixelSHA256 string       `json:"pixelSha256,omitempty"`
	PixelFormat string       `json:"pixelFormat,omitempty"`
	Width       int          `json:"width"`
	Height      int          `json:"height"`
	Kind        string       `json:"kind,omitempty"`
	State       string       `json:"state"`
	Reason      string       `json:"reason,omitempty"`
	Hash        string       `json:"pictureHash,omitempty"` // what the hash in the stream says of the decoded picture
	Caveat      string       `json:"caveat,omitempty"`      // what "no damage reported" does not cover
	Decoder     string       `json:"decoder,omitempty"`
	Verdict     string       `json:"verdict"`
}

// Stamp is an exact time.
type Stamp struct {
	Value int64  `json:"value"`
	Scale uint32 `json:"scale"`
}

// Card decodes one picture as completely as possible and tells everything
// about it. The picture is the caller's to release.
func Card(ctx context.Context, e *evidence.Export, o decode.Opener, track media.Track, sample int) (*FrameCard, *decode.Picture, error) {
	table := e.Table(track.ID)
	if table == nil || sample < 0 || sample >= table.Len() {
		n := 0
		if table != nil {
			n = table.Len()
		}
		return nil, nil, fmt.Errorf("session: sample %d of track %d: the track has samples 0 to %d", sample, track.ID, n-1)
	}
	s := table.At(sample)
	c := &FrameCard{
		Schema: "vedette.frame/1", File: e.File().Path(), Track: track.ID, Sample: sample, Frame: table.Frame(sample),
		PTS: Stamp{s.PTS.Value, s.PTS.Scale}, Bytes: []diag.Range{{From: s.Offset, To: s.Offset + int64(s.Size)}}, Verdict: "cannot-check",
	}
	if start, ok := e.Starts().Track[track.ID]; ok {
		declared, corrected := start.Declared.Add(s.PTS), start.Corrected.Add(s.PTS)
		c.Declared, c.Corrected = &declared, &corrected
	}
	p, err := decode.Still(ctx, o, e, track, sample)
	if err != nil {
		c.State = decode.Undecodable.String()
		c.Reason = err.Error()
		return c, nil, err
	}
	c.Decoder = "FFmpeg " + o.Isolation().FFmpeg
	c.Width, c.Height, c.State, c.Reason = p.Width, p.Height, p.State.String(), p.Reason
	c.Hash, c.Caveat = p.Hash.String(), decode.Caveat(track.Codec, p)
	if p.Kind != 0 {
		c.Kind = string(rune(p.Kind))
	}
	if p.Format != decode.PixelUnknown && p.Planes[0] != nil {
		sum := sha256.Sum256(p.AppendPlanes(nil))
		c.PixelSHA256, c.PixelFormat = hex.EncodeToString(sum[:]), p.Format.String()
	}
	return c, p, nil
}

// WritePNG writes the picture as it is shown.
func WritePNG(w io.Writer, p *decode.Picture) error {
	if len(p.RGBA) == 0 {
		return fmt.Errorf("session: sample %d has no picture: %s", p.Index, p.State)
	}
	img := &image.RGBA{Pix: p.RGBA, Stride: 4 * p.Width, Rect: image.Rect(0, 0, p.Width, p.Height)}
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("session: still: %w", err)
	}
	return nil
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

// WriteCard writes a frame card as JSON beside its still.
func WriteCard(path string, c *FrameCard) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("session: card: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("session: card: %w", err)
	}
	return nil
}
