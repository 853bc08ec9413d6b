package annexa

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vedette/internal/diag"
)

// Names of encodings as reports have them.
const (
	encUTF8    = "utf-8"
	encBOM     = "utf-8 with byte order mark"
	encUTF16LE = "utf-16le"
	encUTF16BE = "utf-16be"
	enc1252    = "windows-1252"
	enc885915  = "iso-8859-15"
	encMac     = "macintosh"
)

// decode turns the bytes of a file into text and names the encoding.
func decode(raw, forced string, l *log) (text, encoding string, err error) {
	switch {
	case strings.HasPrefix(raw, "PK\x03\x04"), strings.HasPrefix(raw, "\xd0\xcf\x11\xe0"):
		return "", "", refuse("ENC-BINARY", "this is a spreadsheet or an archive, not a text: export it as CSV with semicolons")
	case strings.HasPrefix(raw, "\xff\xfe"), strings.HasPrefix(raw, "\xfe\xff"):
		big := raw[0] == 0xfe
		text, encoding = wide(raw[2:], big), encUTF16LE
		if big {
			encoding = encUTF16BE
		}
		l.note("ENC-UTF16", diag.Note, "the file is in UTF-16 and was read as such")
	case strings.HasPrefix(raw, "\xef\xbb\xbf"):
		text, encoding = raw[3:], encBOM
		l.note("ENC-BOM", diag.Note, "the file begins with a byte order mark, which is ignored")
	default:
		text, encoding, err = narrow(raw, strings.ToLower(forced), l)
		if err != nil {
			return "", "", err
		}
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", "", refuse("ENC-BINARY", "the file holds zero bytes: it is no text, or of an encoding that is not known")
	}
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
		l.note("ENC-BYTE", diag.Warning, "bytes that are no UTF-8 are shown as \ufffd")
	}
	return text, encoding, nil
}

func narrow(raw, forced string, l *log) (text, encoding string, err error) {
	table := charmap.Windows1252
	switch forced {
	case "":
		if utf8.ValidString(raw) {
			return raw, encUTF8, nil
		}
		encoding = enc1252
		l.note("ENC-1252", diag.Warning, "the file is no UTF-8 and was read as Windows-1252")
	case encUTF8:
		return raw, encUTF8, nil
	case enc1252:
		encoding = enc1252
	case enc885915:
		table, encoding = charmap.ISO8859_15, enc885915
	case encMac:
		table, encoding = charmap.Macintosh, encMac
	default:
		return "", "", refuse("ENC-UNKNOWN", "the encoding %q is not known", forced)
	}
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/16)
	for i := range len(raw) {
		b.WriteRune(letter(table, encoding, raw[i]))
	}
	return b.String(), encoding, nil
}

// letter decodes one byte. Five bytes of Windows-1252 stand for nothing, which
// the table at hand would give as control characters.
func letter(table *charmap.Charmap, encoding string, c byte) rune {
	if encoding == enc1252 {
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			return utf8.RuneError
		}
	}
	return table.DecodeByte(c)
}

func wide(raw string, big bool) string {
	var b strings.Builder
	b.Grow(len(raw)/2 + len(raw)/8)
	unit := func(i int) rune {
		if big {
			return rune(raw[i])<<8 | rune(raw[i+1])
		}
		return rune(raw[i+1])<<8 | rune(raw[i])
	}
	for i := 0; i+1 < len(raw); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 < len(raw) {
				if p := utf16.DecodeRune(r, unit(i+2)); p != utf8.RuneError {
					b.WriteRune(p)
					i += 2
					continue
				}
			}
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
