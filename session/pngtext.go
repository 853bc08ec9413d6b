package session

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// cardKeyword is the keyword of the text chunk that holds the card.
const cardKeyword = "Vedette frame card"

// Limits of what is read as a still.
const (
	maxStill     = 256 << 20 // a whole file: 8K without any compression is 100 MB
	maxCard      = 256 << 10 // a card is 2 KiB, a long list of packs some more
	maxTextChunk = maxCard + 1<<10
	maxTexts     = 64
	maxChunks    = 1 << 16 // whoever writes chunks of 8 KiB reaches 512 MiB
	maxPixels    = 1 << 26 // 8192 x 8192
	maxInflation = 1040    // no deflated stream grows by more than 1032
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngText is one text of a PNG file.
type pngText struct{ keyword, text string }

// NotStillError says why a file is no still, or a damaged one.
type NotStillError struct {
	What   string
	Image  bool // it is a PNG file
	Broken bool // it was a still, or claims to be one
}

// Error says what is wrong.
func (e *NotStillError) Error() string { return e.What }

func brokenPNG(format string, args ...any) error {
	return &NotStillError{What: "the PNG file is damaged: " + fmt.Sprintf(format, args...), Image: true, Broken: true}
}

// withTexts puts texts behind the head of a PNG file that was just encoded.
func withTexts(file []byte, texts []pngText) []byte {
	const head = len(pngSignature) + 4 + 4 + 13 + 4 // IHDR has a fixed length
	out := bytes.NewBuffer(make([]byte, 0, len(file)+4096))
	out.Write(file[:head])
	for _, t := range texts {
		if ascii(t.text) && t.keyword != cardKeyword { // more viewers show these
			writeChunk(out, "tEXt", []byte(t.keyword+"\x00"+t.text))
			continue
		}
		// No compression, no language, no translated keyword.
		writeChunk(out, "iTXt", []byte(t.keyword+"\x00\x00\x00\x00\x00"+t.text))
	}
	out.Write(file[head:])
	return out.Bytes()
}

func writeChunk(out *bytes.Buffer, kind string, body []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(body))) //nolint:gosec // texts are bounded
	out.Write(n[:])
	sum := crc32.NewIEEE()
	w := io.MultiWriter(out, sum)
	_, _ = io.WriteString(w, kind) // neither can fail
	_, _ = w.Write(body)
	out.Write(binary.BigEndian.AppendUint32(nil, sum.Sum32()))
}

func ascii(s string) bool {
	for _, r := range s {
		if r >= 0x7f || r < ' ' && r != '\n' {
			return false
		}
	}
	return true
}
