package session

import (
	"fmt"
	"path/filepath"
	"strings"

	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// Rows tells a card in words, name and value; a row without a name is a
// heading. Foreign text is made harmless.
func (c *FrameCard) Rows() [][2]string {
	out := [][2]string{{"", "Picture"}, {"Frame", fmt.Sprintf("%d, track %d", c.Frame, c.Track)}}
	add := func(name, value string) {
		if value != "" {
			out = append(out, [2]string{name, value})
		}
	}
	if c.Kind != "" {
		out[1][1] += ", kind " + c.Kind
	}
	if c.Hidden {
		out[1][1] = fmt.Sprintf("none, track %d: the edit list leaves it out", c.Track)
	}
	add("Sample", fmt.Sprintf("%d, counted from 0 as stored", c.Sample))
	add("UTC", instant(c.Corrected))
	if c.Declared != nil && c.Corrected != nil && *c.Declared != *c.Corrected {
		add("Declared", instant(c.Declared))
	}
	add("PTS", fmt.Sprintf("%d/%d s", c.PTS.Value, c.PTS.Scale))
	for _, r := range c.Bytes {
		add("Bytes", fmt.Sprintf("%d to %d", r.From, r.To))
	}
	add("Size", fmt.Sprintf("%d x %d", c.Width, c.Height))
	if c.Rotation != 0 || c.Mirror {
		add("Shown", TurnText(c.Rotation, c.Mirror))
	}
	if a := c.PixelAspect; a != nil && a[0] != a[1] {
		add("Pixel shape", fmt.Sprintf("%d:%d", a[0], a[1]))
	}
	if d := c.Coded; d != nil && d.Profile != "" {
		add("Coding", fmt.Sprintf("%s %s, level %s, %d bits, %s", d.Codec, d.Profile, d.Level, d.BitDepth, d.Chroma))
	}
	add("State", c.State)
	add("Reason", verify.Inert(c.Reason))
	add("Picture hash", c.Hash)
	add("Not covered", c.Caveat)
	if len(c.Adjustments) > 0 {
		add("Adjusted", verify.Inert(strings.Join(c.Adjustments, ", ")))
	}
	add("Decoder", c.Decoder)
	add("Pixels", digest(c.PixelSHA256, c.PixelFormat))
	add("Coded", digest(c.CodedSHA256, ""))
	add("Still", digest(c.StillSHA256, "RGB"))

	add("", "File")
	add("Name", verify.Inert(filepath.Base(c.File)))
	add("Path", verify.Inert(c.File))
	add("Source", verify.Inert(c.Source))
	add("SHA-256", c.SHA256)
	if c.SHA256 == "" {
		add("SHA-256", "not known: the file is not examined")
	}
	add("Verdict", c.Headline)
	add("Sealed", c.sealed())
	if c.Camera != nil {
		add("Camera signing", fmt.Sprintf("%s, key %s", c.Camera.State, c.Camera.Provenance))
	}
	for _, p := range c.Packs {
		serial := ""
		if p.Serial > 0 {
			serial = fmt.Sprintf(", serial %d", p.Serial)
		}
		add("Trust pack", verify.Inert(p.Name)+serial)
	}
	if c.SavedAt != nil {
		add("Saved", instant(c.SavedAt))
	}
	add("Program", c.Program)
	return out
}

// Text is the card as plain text.
func (c *FrameCard) Text() string {
	var b strings.Builder
	for _, kv := range c.Rows() {
		if kv[0] == "" {
			fmt.Fprintf(&b, "%s\n", kv[1])
			continue
		}
		fmt.Fprintf(&b, "  %-15s %s\n", kv[0], kv[1])
	}
	return b.String()
}

// sealed says which seals stand for the bytes of this picture.
func (c *FrameCard) sealed() string {
	switch {
	case c.SealedBy == nil:
		return ""
	case len(c.SealedBy) == 0:
		return "by no seal that holds"
	case len(c.SealedBy) == 1:
		return fmt.Sprintf("its bytes, by seal %d", c.SealedBy[0])
	}
	return fmt.Sprintf("its bytes, by %d seals", len(c.SealedBy))
}

// Damaged reports whether the picture is not as it was coded.
func (c *FrameCard) Damaged() bool { return c.State != decode.Clean.String() }

func digest(sum, of string) string {
	if sum == "" {
		return ""
	}
	if of != "" {
		sum += " (" + of + ")"
	}
	return sum
}

func instant(u *media.UTC) string {
	if u == nil {
		return "no absolute time"
	}
	return u.Time().Format("2006-01-02 15:04:05.0000000") + " UTC"
}
