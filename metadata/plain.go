package metadata

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"unicode/utf8"
)

// Readable returns an EncodingError for a content encoding that is not undone.
// EXI (Efficient XML Interchange) is one: it needs grammars made from the
// schemas, and no decoder of it that could be relied on is there in Go.
func Readable(encoding string) error {
	switch encoding {
	case "", "xml", "text/xml", "application/xml", "gzip":
		return nil
	}
	return &EncodingError{cut(encoding)}
}

// Plain undoes the encoding of a sample. It never gives more than MaxDocument
// bytes, nor reads a packed document beyond them.
func Plain(sample []byte, encoding string) ([]byte, error) {
	if err := Readable(encoding); err != nil {
		return nil, err
	}
	if len(sample) > MaxDocument {
		return nil, fmt.Errorf("%w: %d bytes, want at most %d", ErrTooLarge, len(sample), MaxDocument)
	}
	// Writers that declare nothing may still compress.
	if encoding != "gzip" && !bytes.HasPrefix(sample, []byte{0x1f, 0x8b}) {
		return sample, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(sample))
	if err != nil {
		return nil, fmt.Errorf("metadata: gzip: %w", err)
	}
	limit := min(int64(MaxDocument), int64(len(sample))*MaxRatio)
	text, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, fmt.Errorf("metadata: gzip: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes when decompressed", ErrTooLarge, limit)
	}
	return text, nil
}

// guard refuses harm on the raw bytes: decoding an element costs memory for
// each attribute before its number could be known, and a comment is held whole.
func guard(doc []byte) error {
	for at := 0; ; {
		i := bytes.IndexByte(doc[at:], '<')
		if i < 0 {
			return nil
		}
		at += i
		end, err := markup(doc[at:])
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		at += end
	}
}

// markup returns the length of the tag, comment, section or instruction at the
// begin of p. One without an end is left to the decoder, which refuses it.
func markup(p []byte) (int, error) {
	for _, kind := range []struct {
		open, close string
		most        int
	}{{"<!--", "-->", MaxToken}, {"<![CDATA[", "]]>", MaxDocument}, {"<?", "?>", MaxToken}} {
		if !bytes.HasPrefix(p, []byte(kind.open)) {
			continue
		}
		n := len(p)
		if i := bytes.Index(p[len(kind.open):], []byte(kind.close)); i >= 0 {
			n = len(kind.open) + i + len(kind.close)
		}
		if n > kind.most {
			return 0, fmt.Errorf("metadata: markup of %d bytes, want at most %d", n, kind.most)
		}
		return n, nil
	}
	if bytes.HasPrefix(p, []byte("<!")) {
		return 0, ErrDTD
	}
	attributes, quote := 0, byte(0)
	for i, c := range p {
		switch {
		case i > MaxToken:
			return 0, fmt.Errorf("metadata: an element's tag has more than %d bytes", MaxToken)
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, nil
		case c == '=':
			if attributes++; attributes > MaxAttributes {
				return 0, fmt.Errorf("metadata: an element has more than %d attributes", MaxAttributes)
			}
		}
	}
	return len(p), nil
}

// legible puts U+FFFD in the place of bytes that are no UTF-8 and of characters
// that XML does not allow, and reports whether there were any. One wrong letter
// in the name of a rule is no reason to lose its events.
func legible(doc []byte) ([]byte, bool) {
	bad := !utf8.Valid(doc) || bytes.Contains(doc, []byte("\uFFFE")) || bytes.Contains(doc, []byte("\uFFFF"))
	for i := 0; i < len(doc) && !bad; i++ {
		bad = control(rune(doc[i]))
	}
	if !bad {
		return doc, false
	}
	return bytes.Map(func(r rune) rune {
		if control(r) || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r // bytes.Map reads bytes that are no UTF-8 as U+FFFD
	}, doc), true
}

func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }
