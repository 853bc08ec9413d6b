package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"io"
	"slices"
	"unicode/utf8"
)

// pngFile is a PNG file taken apart into its chunks; all sums were compared.
type pngFile struct {
	width, height int
	depth, colour byte
	interlaced    bool
	core          []byte // the head, the pixels and the end, and nothing else
	deflated      int64  // bytes of the pixels as stored
	texts         []pngText
	foreign       []string // types of chunks that no still of ours has
	trailing      bool     // something follows the end
}

// parsePNG reads a PNG file. Where pixels is false it ends at the first of them.
func parsePNG(r io.Reader, pixels bool) (*pngFile, error) {
	var sign [8]byte
	if n, err := io.ReadFull(r, sign[:]); err != nil || string(sign[:]) != pngSignature {
		if err != nil && n > 0 && n < 8 || err == nil || errors.Is(err, io.EOF) {
			return nil, &NotStillError{What: "the file is no PNG image; stills are saved as PNG"}
		}
		return nil, fmt.Errorf("session: still: %w", err)
	}
	f := &pngFile{core: sign[:]}
	left := int64(maxStill - len(sign))
	for n := 0; ; n++ {
		if n == maxChunks {
			return nil, brokenPNG("it has more than %d parts", maxChunks)
		}
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, cut(err)
		}
		size, kind := int64(binary.BigEndian.Uint32(head[:4])), string(head[4:])
		if !letters(kind) {
			return nil, brokenPNG("part %d is of no kind that there is", n+1)
		}
		if n == 0 && (kind != "IHDR" || size != 13) {
			return nil, brokenPNG("it does not begin with its head")
		}
		if kind == "IDAT" && !pixels {
			return f, nil
		}
		if left -= size + 12; left < 0 {
			return nil, &NotStillError{What: fmt.Sprintf("the PNG file is larger than %d MiB; no still is", maxStill>>20), Image: true}
		}
		body, err := readChunk(r, head, size, f.limit(kind))
		if err != nil {
			return nil, err
		}
		if err := f.take(kind, body, n == 0); err != nil {
			return nil, err
		}
		if kind == "IEND" {
			break
		}
	}
	if n, _ := r.Read(make([]byte, 1)); n > 0 {
		f.trailing = true
	}
	return f, nil
}

// limit is how many bytes of a chunk are kept; the rest is only summed.
func (f *pngFile) limit(kind string) int64 {
	switch kind {
	case "IDAT":
		return maxStill
	case "IHDR", "iTXt", "tEXt":
		return maxTextChunk
	}
	return 0
}

// readChunk reads one chunk and compares its sum. It grows with what is there,
// never with what the head claims.
func readChunk(r io.Reader, head [8]byte, size, keep int64) ([]byte, error) {
	if keep > 0 && size > keep {
		return nil, brokenPNG("its part %s takes %d bytes, at most %d are read", head[4:], size, keep)
	}
	sum := crc32.NewIEEE()
	sum.Write(head[4:])
	var body bytes.Buffer
	to := io.Writer(&body)
	if keep == 0 {
		to = io.Discard
	}
	if n, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(r, size)); err != nil || n < size {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return nil, cut(err)
	}
	var tail [4]byte
	if _, err := io.ReadFull(r, tail[:]); err != nil {
		return nil, cut(err)
	}
	if binary.BigEndian.Uint32(tail[:]) != sum.Sum32() {
		return nil, brokenPNG("the sum of its part %s does not fit", head[4:])
	}
	return body.Bytes(), nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return brokenPNG("it ends too early")
	}
	return fmt.Errorf("session: still: %w", err)
}

// take takes over one chunk.
func (f *pngFile) take(kind string, body []byte, first bool) error {
	switch kind {
	case "IHDR":
		if !first {
			return brokenPNG("it has two heads")
		}
		w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
		if w == 0 || h == 0 || uint64(w)*uint64(h) > maxPixels {
			return brokenPNG("it claims %d x %d pixels, at most %d are read", w, h, maxPixels)
		}
		f.width, f.height, f.depth, f.colour, f.interlaced = int(w), int(h), body[8], body[9], body[12] != 0
		f.keep(kind, body)
	case "IDAT":
		f.deflated += int64(len(body))
		f.keep(kind, body)
	case "IEND":
		f.keep(kind, nil)
	case "tEXt", "iTXt":
		t, ok := readText(kind, body)
		if !ok || len(f.texts) == maxTexts {
			f.foreign = append(f.foreign, kind)
			break
		}
		f.texts = append(f.texts, t)
	default:
		if !slices.Contains(f.foreign, kind) && len(f.foreign) < maxTexts {
			f.foreign = append(f.foreign, kind)
		}
	}
	return nil
}

func (f *pngFile) keep(kind string, body []byte) {
	b := bytes.NewBuffer(f.core)
	writeChunk(b, kind, body)
	f.core = b.Bytes()
}

// readText reads a text as it is written here: an iTXt that is compressed or
// has a language is none of ours, and is not unpacked.
func readText(kind string, body []byte) (pngText, bool) {
	keyword, rest, ok := bytes.Cut(body, []byte{0})
	if !ok || len(keyword) == 0 || len(keyword) > 79 {
		return pngText{}, false
	}
	if kind == "iTXt" {
		if !bytes.HasPrefix(rest, make([]byte, 4)) || !utf8.Valid(rest[4:]) {
			return pngText{}, false
		}
		rest = rest[4:]
	} else if !ascii(string(rest)) {
		return pngText{}, false
	}
	return pngText{string(keyword), string(rest)}, true
}

// image decodes the pixels of a file in the form that stills are saved in.
func (f *pngFile) image() (*image.RGBA, error) {
	raw := int64(f.width)*int64(f.height)*3 + int64(f.height)
	switch {
	case f.depth != 8 || f.colour != 2 || f.interlaced:
		return nil, brokenPNG("it was written anew in another form; stills are saved with 8 bits of red, green and blue")
	case raw > f.deflated*maxInflation+1<<10:
		return nil, brokenPNG("it claims %d x %d pixels, which its %d bytes cannot hold", f.width, f.height, f.deflated)
	}
	img, err := png.Decode(bytes.NewReader(f.core))
	if err != nil {
		return nil, brokenPNG("%v", err)
	}
	if m, ok := img.(*image.RGBA); ok {
		return m, nil
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out, nil
}

func letters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
