package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"path/filepath"
	"strings"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// StillOptions say what is known and wanted beside the picture itself.
type StillOptions struct {
	Report  *verify.Report // nil while the export is not examined
	Program string         // name and version of who saves
	Now     time.Time
	// Adjust, if not nil, gives the picture as it was adjusted for display, and
	// names each adjustment. A plain still is the picture as it was decoded.
	Adjust   func(*image.RGBA) (*image.RGBA, []string)
	Progress func(done, total int) // pictures decoded on the way
}

// Still is one picture with its card, in memory of its own.
type Still struct {
	Card  *FrameCard
	Image *image.RGBA // opaque
}

// ErrNoPicture says that a sample has no picture that could be saved.
var ErrNoPicture = errors.New("there is no picture to save")

// TakeStill decodes one picture of an export for evidence.
func TakeStill(ctx context.Context, x *evidence.Export, o decode.Opener, track media.Track, sample int, opt StillOptions) (*Still, error) {
	p, err := NewPass(x, o, track)
	if err != nil {
		return nil, err
	}
	s, err := p.Still(ctx, sample, opt)
	return s, errors.Join(err, p.Close())
}

// Still takes one picture. Of a file that changed while it was open nothing is
// taken.
func (p *Pass) Still(ctx context.Context, sample int, opt StillOptions) (*Still, error) {
	if err := p.x.File().Recheck(); err != nil {
		return nil, fmt.Errorf("the file changed while it was open, so no still is made of it: %w", err)
	}
	c, err := Identify(p.x, p.track, sample, opt.Report)
	if err != nil {
		return nil, err
	}
	coded, err := p.x.ReadSample(p.x.Table(p.track.ID).At(sample), nil)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(coded)
	c.CodedSHA256 = hex.EncodeToString(sum[:])
	pic, err := p.Picture(ctx, sample, opt.Progress)
	if err != nil {
		return nil, err
	}
	defer pic.Release()
	c.show(pic, p.Decoder())
	c.Hash, c.Caveat = pic.Hash.String(), decode.Caveat(p.track.Codec, pic)
	if len(pic.RGBA) == 0 {
		return nil, fmt.Errorf("frame %d, sample %d: %w: %s", c.Frame, sample, ErrNoPicture, reasonOf(c))
	}
	s := &Still{Card: c, Image: opaque(p.track, pic)}
	if opt.Adjust != nil {
		if s.Image, c.Adjustments = opt.Adjust(s.Image); s.Image == nil || len(c.Adjustments) == 0 {
			return nil, errors.New("session: an adjusted still names its adjustments")
		}
		s.Image = tight(s.Image)
	}
	if opt.Program != "" {
		c.Program = opt.Program
	}
	if !opt.Now.IsZero() {
		at := media.FromTime(opt.Now)
		c.SavedAt = &at
	}
	c.StillSHA256 = pixelSum(s.Image)
	if err := p.x.File().Recheck(); err != nil { // it was read in between
		return nil, fmt.Errorf("the file changed while it was read, so no still is made of it: %w", err)
	}
	return s, nil
}

func reasonOf(c *FrameCard) string {
	if c.Reason == "" {
		return c.State
	}
	return c.State + ", " + verify.Inert(c.Reason)
}

// opaque copies a decoded picture so that it stands upright.
func opaque(t media.Track, p *decode.Picture) *image.RGBA {
	w, h := decode.Turned(t, p.Width, p.Height)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	decode.Upright(t, img.Pix, p.RGBA, p.Width, p.Height)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

// tight copies an image so that it begins at 0,0 and its rows touch.
func tight(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[4*w*y:][:4*w], m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):])
	}
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 255
	}
	return out
}

// pixelSum is the SHA-256 of red, green and blue, row by row, without alpha.
func pixelSum(m *image.RGBA) string {
	h := sha256.New()
	w := m.Rect.Dx()
	row := make([]byte, 0, 3*w)
	for y := range m.Rect.Dy() {
		row = row[:0]
		for p := m.Pix[y*m.Stride:][:4*w]; len(p) > 0; p = p[4:] {
			row = append(row, p[0], p[1], p[2])
		}
		h.Write(row)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// JSON is the card as it stands beside the still and in it.
func (c *FrameCard) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("session: frame card: %w", err)
	}
	return b.Bytes(), nil
}

// PNG returns the still with its card as an image file.
func (s *Still) PNG() ([]byte, error) {
	card, err := s.Card.JSON()
	if err != nil {
		return nil, err
	}
	if len(card) > maxCard {
		return nil, fmt.Errorf("session: the frame card takes %d bytes, at most %d are written", len(card), maxCard)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, s.Image); err != nil {
		return nil, fmt.Errorf("session: still: %w", err)
	}
	return withTexts(b.Bytes(), append(s.Card.words(), pngText{cardKeyword, string(card)})), nil
}

// words are what any image viewer shows of a still, by the keywords that the
// PNG specification registers.
func (c *FrameCard) words() []pngText {
	name := verify.Inert(filepath.Base(strings.ReplaceAll(c.File, `\`, "/")))
	out := []pngText{{"Title", fmt.Sprintf("Frame %d of %s, track %d", c.Frame, name, c.Track)}}
	if c.Source != "" {
		out = append(out, pngText{"Source", verify.Inert(c.Source)})
	}
	if c.Corrected != nil {
		out = append(out, pngText{"Creation Time", c.Corrected.String()})
	}
	text := "State: " + reasonOf(c) + ".\n"
	if c.Corrected != nil {
		text += "Time: " + instant(c.Corrected) + ", by the clock that the export states.\n"
	} else {
		text += "Time: the export states no absolute time.\n"
	}
	text += "Export: " + c.Headline + "\n"
	if c.SHA256 != "" {
		text += "SHA-256 of the export: " + c.SHA256 + "\n"
	}
	if len(c.Adjustments) > 0 {
		text += "Adjusted for display: " + verify.Inert(strings.Join(c.Adjustments, ", ")) + ".\n"
	}
	text += "The whole frame card is in this file as text (" + cardKeyword + "). vedettectl recheck compares the still with its export."
	software := c.Decoder
	if c.Program != "" {
		software = c.Program + ", " + software
	}
	return append(out, pngText{"Description", text}, pngText{"Software", verify.Inert(software)})
}
