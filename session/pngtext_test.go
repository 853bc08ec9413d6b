package session

import (
	"bytes"
	"encoding/binary"
	"image"
	"strings"
	"testing"
)

// smallStill is a still that no export has.
func smallStill(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 4, 3))
	for i := range m.Pix {
		m.Pix[i] = byte(i) | 0x80
	}
	s := &Still{Image: tight(m), Card: &FrameCard{Schema: cardSchema, File: "/a/b.mp4", Track: 1, Sample: 3, Frame: 4, State: "decoded, no damage reported", Verdict: "cannot-check", Headline: notExamined}}
	s.Card.StillSHA256 = pixelSum(s.Image)
	data, err := s.PNG()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pngCases are files that claim to be stills, by why they are none.
func pngCases(t testing.TB) map[string][]byte {
	good := smallStill(t)
	dims := func(w, h uint32) []byte {
		head := make([]byte, 13)
		binary.BigEndian.PutUint32(head, w)
		binary.BigEndian.PutUint32(head[4:], h)
		head[8], head[9] = 8, 2
		b := bytes.NewBufferString(pngSignature)
		writeChunk(b, "IHDR", head)
		b.Write(good[33:])
		return b.Bytes()
	}
	card := func(kind string, body string) []byte {
		at := bytes.Index(good, []byte("iTXt"+cardKeyword)) - 4
		size := int(binary.BigEndian.Uint32(good[at:])) + 12
		b := bytes.NewBuffer(bytes.Clone(good[:at]))
		writeChunk(b, kind, []byte(body))
		b.Write(good[at+size:])
		return b.Bytes()
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)-30] ^= 1
	huge := bytes.Clone(good[:41])
	copy(huge[33:], "\xff\xff\xff\xf0iTXt")
	return map[string][]byte{
		"good":                 good,
		"empty":                nil,
		"no image":             []byte("these are notes, and no image"),
		"signature alone":      []byte(pngSignature),
		"cut":                  good[:len(good)-5],
		"flipped":              flipped,
		"claims 4 GB of text":  huge,
		"claims 2^31 pixels":   dims(1<<31-1, 1),
		"claims 8000 x 8000":   dims(8000, 8000),
		"claims no pixels":     dims(0, 7),
		"no card":              card("tEXt", "Title\x00Frame 1"),
		"packed card":          card("iTXt", cardKeyword+"\x00\x01\x00\x00\x00"+"packed"),
		"two cards":            withChunk(good, "iTXt", []byte(cardKeyword+"\x00\x00\x00\x00\x00{}")),
		"card is no JSON":      card("iTXt", cardKeyword+"\x00\x00\x00\x00\x00frame 7"),
		"card of another form": card("iTXt", cardKeyword+"\x00\x00\x00\x00\x00"+`{"schema":"vedette.frame/9"}`),
		"card with bad hash":   card("iTXt", cardKeyword+"\x00\x00\x00\x00\x00"+`{"schema":"vedette.frame/1","sha256":"../../x"}`),
		"card with bad range":  card("iTXt", cardKeyword+"\x00\x00\x00\x00\x00"+`{"schema":"vedette.frame/1","bytes":[{"from":9,"to":1}]}`),
	}
}

func TestFilesThatAreNoStillsSayWhy(t *testing.T) {
	want := map[string]string{
		"empty": "no PNG image", "no image": "no PNG image", "signature alone": "ends too early", "cut": "ends too early", "flipped": "does not fit",
		"claims 4 GB of text": "larger than 256 MiB", "claims 2^31 pixels": "2147483647 x 1 pixels", "claims no pixels": "0 x 7",
		"no card": "no frame card", "packed card": "no frame card", "two cards": "2 frame cards", "card is no JSON": "cannot be read",
		"card of another form": `"vedette.frame/9"`, "card with bad hash": "no SHA-256", "card with bad range": "no range",
	}
	for name, data := range pngCases(t) {
		s, err := parseStill(bytes.NewReader(data), true)
		if w := want[name]; w != "" {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: error %v, want %q", name, err, w)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img, err := s.Image()
		if name == "claims 8000 x 8000" {
			if err == nil || !strings.Contains(err.Error(), "cannot hold") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || pixelSum(img) != s.Card.StillSHA256 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The card alone is read without what follows it.
	good := smallStill(t)
	if _, err := parseStill(bytes.NewReader(good[:bytes.Index(good, []byte("IDAT"))+4]), false); err != nil {
		t.Errorf("the head alone: %v", err)
	}
}

// FuzzStill reads hostile stills: no panic, no memory beyond what the file
// holds, and what is taken for a still is one.
func FuzzStill(f *testing.F) {
	for _, data := range pngCases(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseStill(bytes.NewReader(data), true)
		if err != nil {
			return
		}
		if s.Card.Schema != cardSchema {
			t.Errorf("schema %q", s.Card.Schema)
		}
		s.Card.words()
		s.Card.Text()
		if name := s.Card.StillName(); strings.ContainsAny(name, `/\:`) {
			t.Errorf("name %q", name)
		}
		if img, err := s.Image(); err == nil {
			if int64(len(img.Pix)) > int64(len(data))*maxInflation*2+1<<12 {
				t.Errorf("%d bytes became %d", len(data), len(img.Pix))
			}
			pixelSum(img)
		}
	})
}
