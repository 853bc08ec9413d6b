package session

import (
	"fmt"

	"vedette/media"
)

// LooksInfo says how the pictures of a track are coded and are to be shown.
type LooksInfo struct {
	Rotation    int         `json:"rotation"` // clockwise, in degrees
	Mirror      bool        `json:"mirror"`
	PixelAspect *[2]int     `json:"pixelAspect,omitempty"` // width to height; none stated: square
	Clean       *CropInfo   `json:"cleanAperture,omitempty"`
	Codings     []CodedInfo `json:"codings"` // one for each sample entry
}

// CropInfo is a rectangle of pixels.
type CropInfo struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// CodedInfo is what the parameter sets of a sample entry say.
type CodedInfo struct {
	Codec    string  `json:"codec"`
	Entry    string  `json:"entry"`
	Profile  string  `json:"profile,omitempty"`
	Level    string  `json:"level,omitempty"`
	Chroma   string  `json:"chroma,omitempty"`
	BitDepth int     `json:"bitDepth,omitempty"`
	Width    int     `json:"width,omitempty"` // after the cropping of the stream
	Height   int     `json:"height,omitempty"`
	Cropped  *[4]int `json:"cropped,omitempty"` // left, right, top, bottom
	Fields   bool    `json:"fields,omitempty"`  // pictures may be coded as two fields
}

func looksInfo(t media.Track) *LooksInfo {
	if t.Kind != media.KindVideo {
		return nil
	}
	l := &LooksInfo{Rotation: t.Rotation, Mirror: t.Mirror, PixelAspect: aspectInfo(t), Codings: []CodedInfo{}}
	if c := t.Clean; c.Width > 0 {
		l.Clean = &CropInfo{c.X, c.Y, c.Width, c.Height}
	}
	for n := range max(len(t.Descriptions), 1) {
		l.Codings = append(l.Codings, *codedInfo(t.Described(n)))
	}
	return l
}

func codedInfo(t media.Track) *CodedInfo {
	c := &CodedInfo{
		Codec: t.Codec.String(), Entry: t.Entry, Profile: t.Coding.Profile, Level: t.Coding.Level, Chroma: t.Coding.Chroma, BitDepth: t.Coding.Depth,
		Width: t.Coding.Width, Height: t.Coding.Height, Fields: t.Coding.Fields,
	}
	if cut := t.Coding.Crop; cut != [4]int{} {
		c.Cropped = &cut
	}
	return c
}

func aspectInfo(t media.Track) *[2]int {
	if a := t.PixelAspect; a[0] > 0 {
		return &a
	}
	return nil
}

// TurnText says in words how a picture is made to stand upright.
func TurnText(rotation int, mirror bool) string {
	switch {
	case mirror && rotation != 0:
		return fmt.Sprintf("mirrored, then turned clockwise by %d degrees", rotation)
	case mirror:
		return "mirrored"
	case rotation != 0:
		return fmt.Sprintf("turned clockwise by %d degrees", rotation)
	}
	return "not turned"
}
