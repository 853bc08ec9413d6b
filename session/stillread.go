package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"regexp"

	"vedette/evidence"
	"vedette/internal/diag"
)

// SavedStill is a still as it was read back from its file. Nothing in it is
// believed: it is what Compare compares with the export.
type SavedStill struct {
	Path  string
	Card  *FrameCard
	json  string // the card as it stands in the file
	texts []pngText
	file  *pngFile
}

// ErrNoCard says that a PNG file holds no frame card.
var ErrNoCard = errors.New("the image holds no frame card; it was not saved by Vedette, or its texts were removed")

// ReadStillCard reads no more of a file than the card.
func ReadStillCard(path string) (*SavedStill, error) { return readStill(path, false) }

// ReadStill reads a still whole.
func ReadStill(path string) (*SavedStill, error) { return readStill(path, true) }

func readStill(path string, pixels bool) (*SavedStill, error) {
	st, err := os.Stat(path)
	if err == nil && !st.Mode().IsRegular() {
		return nil, &evidence.PathError{Path: path, What: "is not a regular file; a still is a PNG file"}
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := parseStill(f, pixels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.Path = path
	return s, nil
}

func parseStill(r io.Reader, pixels bool) (*SavedStill, error) {
	f, err := parsePNG(r, pixels)
	if err != nil {
		return nil, err
	}
	s := &SavedStill{file: f}
	cards := 0
	for _, t := range f.texts {
		if t.keyword != cardKeyword {
			s.texts = append(s.texts, t)
			continue
		}
		cards++
		s.json = t.text
	}
	switch cards {
	case 0:
		return nil, ErrNoCard
	case 1:
	default:
		return nil, &NotStillError{What: fmt.Sprintf("the image holds %d frame cards; a still has one", cards), Image: true, Broken: true}
	}
	if s.Card, err = parseCard([]byte(s.json)); err != nil {
		return nil, &NotStillError{What: "the frame card in the image cannot be read: " + err.Error(), Image: true, Broken: true}
	}
	return s, nil
}

var hexSum = regexp.MustCompile(`^[0-9a-f]{64}$`)

// parseCard reads a card and refuses what no card says. Keys that are not known
// are those of a later program and are left alone.
func parseCard(data []byte) (*FrameCard, error) {
	if len(data) > maxCard {
		return nil, fmt.Errorf("it takes %d bytes, at most %d are read", len(data), maxCard)
	}
	c := &FrameCard{}
	if err := json.Unmarshal(data, c); err != nil {
		return nil, err
	}
	if c.Schema != cardSchema {
		return nil, fmt.Errorf("it is of the form %q, this program reads %q", c.Schema, cardSchema)
	}
	for _, sum := range []string{c.SHA256, c.CodedSHA256, c.PixelSHA256, c.StillSHA256} {
		if sum != "" && !hexSum.MatchString(sum) {
			return nil, fmt.Errorf("%.80q is no SHA-256", sum)
		}
	}
	if c.Sample < 0 || c.Size < 0 || c.Width < 0 || c.Height < 0 || len(c.Bytes) > 1 {
		return nil, errors.New("its numbers are none of a picture")
	}
	for _, r := range c.Bytes {
		if r.From < 0 || r.To < r.From {
			return nil, fmt.Errorf("bytes %d to %d are no range", r.From, r.To)
		}
	}
	if c.Bytes == nil {
		c.Bytes = []diag.Range{}
	}
	return c, nil
}

// Image decodes the pixels of the still.
func (s *SavedStill) Image() (*image.RGBA, error) { return s.file.image() }
