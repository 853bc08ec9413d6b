package session

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"vedette/media"
	"vedette/player/decode"
)

func TestEachLieOfAStillIsNamed(t *testing.T) {
	path := townExport(t, t.TempDir(), townFilms[0], 30)
	made, k := oneStill(t, path, 7, nil)
	draw := func(s *Still) {
		for i := range 400 {
			s.Image.Pix[4*i] ^= 0xff
		}
	}
	cases := map[string]struct {
		change func(*Still)
		what   string
		result Likeness
		said   string
	}{
		"nothing":                            {func(*Still) {}, "card", Same, "The same"},
		"pixels":                             {draw, "png", Different, "not those that were saved"},
		"pixels and their hash":              {func(s *Still) { draw(s); s.Card.StillSHA256 = pixelSum(s.Image) }, "png", Different, "does not show the picture"},
		"another time":                       {func(s *Still) { u := *s.Card.Corrected + media.Hundred; s.Card.Corrected = &u }, "card", Different, "contradicts the export"},
		"another verdict":                    {func(s *Still) { s.Card.Verdict = "broken" }, "card", Different, "the verdict"},
		"less integrity":                     {func(s *Still) { s.Card.Integrity = "broken" }, "card", Different, "the integrity"},
		"another frame":                      {func(s *Still) { s.Card.Frame++ }, "card", Different, "the frame is"},
		"another sample":                     {func(s *Still) { s.Card.Sample++ }, "picture", Different, "not that of the card"},
		"a sample that there is not":         {func(s *Still) { s.Card.Sample = 9000 }, "card", Different, "samples 0 to 29"},
		"a track that there is not":          {func(s *Still) { s.Card.Track = 9 }, "card", Different, "no video track"},
		"state made worse":                   {func(s *Still) { s.Card.State = decode.Damaged.String() }, "card", Different, "the state is"},
		"picture hash":                       {func(s *Still) { s.Card.PixelSHA256 = s.Card.SHA256 }, "picture", Different, "not that of the card"},
		"picture hash, of another decoder":   {func(s *Still) { s.Card.PixelSHA256, s.Card.Decoder = s.Card.SHA256, "FFmpeg 99.9" }, "picture", NotCompared, "FFmpeg 99.9"},
		"no picture hash":                    {func(s *Still) { s.Card.PixelSHA256 = "" }, "picture", NotCompared, "no SHA-256 of the decoded"},
		"coded bytes":                        {func(s *Still) { s.Card.CodedSHA256 = s.Card.SHA256 }, "coded", Different, "coded bytes"},
		"another export":                     {func(s *Still) { s.Card.SHA256 = s.Card.PixelSHA256 }, "export", Different, "SHA-256 is another"},
		"adjustments that were not declared": {func(s *Still) { s.Card.Adjustments = []string{"gamma 2"} }, "png", NotCompared, "gamma 2"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			still := save(t, made, t.TempDir())
			rewrite(t, still, c.change)
			a, err := k.Check(context.Background(), still)
			if err != nil || a.Result != c.result || stateOf(a, c.what) != c.result || !strings.Contains(a.Summary, c.said) {
				t.Errorf("error %v, %s, %s: %s\n%+v", err, c.what, stateOf(a, c.what), a.Summary, a.Checks)
			}
		})
	}
	t.Run("its file", func(t *testing.T) {
		for name, change := range map[string]func(b []byte) []byte{
			"a byte in the pixels": func(b []byte) []byte { b[len(b)-40] ^= 1; return b },
			"cut off":              func(b []byte) []byte { return b[:len(b)-30] },
			"bytes behind the end": func(b []byte) []byte { return append(b, "more"...) },
			"a second animation":   func(b []byte) []byte { return withChunk(b, "acTL", make([]byte, 8)) },
			"a colour profile":     func(b []byte) []byte { return withChunk(b, "gAMA", []byte{0, 0, 0, 1}) },
			"another title":        func(b []byte) []byte { return withChunk(b, "tEXt", []byte("Title\x00Frame 1 of another")) },
		} {
			still := save(t, made, t.TempDir())
			b, err := os.ReadFile(still)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(still, change(b), 0o600); err != nil {
				t.Fatal(err)
			}
			if a, err := k.Check(context.Background(), still); err != nil || a.Result != Different {
				t.Errorf("%s: error %v, %s", name, err, a.Summary)
			}
		}
	})
	t.Run("the card beside it", func(t *testing.T) {
		still := save(t, made, t.TempDir())
		b, err := os.ReadFile(CardPath(still))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(CardPath(still), bytes.Replace(b, []byte(`"frame": `), []byte(`"frame": 1`), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if a, _ := k.Check(context.Background(), still); a.Result != Different || stateOf(a, "beside") != Different {
			t.Error(a.Summary)
		}
	})
}

func withChunk(b []byte, kind string, body []byte) []byte {
	out := bytes.NewBuffer(bytes.Clone(b[:33]))
	writeChunk(out, kind, body)
	out.Write(b[33:])
	return out.Bytes()
}
