package trust

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vedette/verify"
)

// Names that are no files of the list.
const (
	manifestName  = "pack.json"
	signatureName = "pack.sig"
)

// Kind says what a file of a pack is for.
type Kind string

// The kinds of files, each in its own folder.
const (
	KindAnchor       Kind = "anchor"
	KindIntermediate Kind = "intermediate"
	KindCRL          Kind = "crl"
	KindOCSP         Kind = "ocsp"
	KindTSA          Kind = "tsa"
	KindTLS          Kind = "tls"
)

var folderOf = map[Kind]string{
	KindAnchor: "anchors", KindIntermediate: "intermediates", KindCRL: "crls", KindOCSP: "ocsp", KindTSA: "tsa", KindTLS: "tls",
}

// manifest is pack.json.
type manifest struct {
	Format             int               `json:"format"`
	Name               string            `json:"name"`
	Issuer             string            `json:"issuer"`
	Serial             int64             `json:"serial"`
	Issued             string            `json:"issued"`
	StaleAfter         string            `json:"stale_after,omitempty"`
	RequiresRevocation bool              `json:"requires_revocation,omitempty"`
	EKU                []string          `json:"eku,omitempty"`
	Partners           []manifestPartner `json:"partners,omitempty"`
	Files              []manifestFile    `json:"files"`
}

type manifestPartner struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Anchors []string        `json:"anchors,omitempty"`
	Pins    []string        `json:"pins,omitempty"`
	TLS     []string        `json:"tls,omitempty"`
	Subject manifestSubject `json:"subject,omitzero"`
}

type manifestSubject struct {
	O  string `json:"o,omitempty"`
	OU string `json:"ou,omitempty"`
}

type manifestFile struct {
	Path   string `json:"path"`
	Kind   Kind   `json:"kind"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// keys are the names that each object of pack.json may have, by its place.
var keys = map[string][]string{
	"":                  {"format", "name", "issuer", "serial", "issued", "stale_after", "requires_revocation", "eku", "partners", "files"},
	".partners":         {"id", "name", "anchors", "pins", "tls", "subject"},
	".partners.subject": {"o", "ou"},
	".files":            {"path", "kind", "sha256", "size"},
}

// parseManifest reads pack.json strictly: a name that is unknown, stands twice
// or is written otherwise is refused, since another program may read it otherwise.
func parseManifest(data []byte) (*manifest, error) {
	if len(data) > MaxManifest {
		return nil, refuse("PACK-LIMIT", "%s has %d bytes, the limit is %d", manifestName, len(data), MaxManifest)
	}
	if !utf8.Valid(data) {
		return nil, refuse("PACK-JSON", "%s is not UTF-8", manifestName)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := strict(d, ""); err != nil {
		return nil, refuse("PACK-JSON", "%s: %v", manifestName, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse("PACK-JSON", "%s: something follows its end", manifestName)
	}
	m := &manifest{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, refuse("PACK-JSON", "%s: %v", manifestName, err)
	}
	return m, m.check()
}

// strict walks through one value. The names of objects are limited to those of
// the format, which bounds its depth too.
func strict(d *json.Decoder, place string) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t {
	case nil:
		return fmt.Errorf("null stands at %q", place)
	case json.Delim('['):
		if place == "" {
			return errors.New("it is not an object")
		}
		for d.More() {
			if strings.HasSuffix(place, "[]") {
				return fmt.Errorf("a list stands within a list at %q", place)
			}
			if err := strict(d, place+"[]"); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case json.Delim('{'):
		place = strings.TrimSuffix(place, "[]")
		seen := map[string]bool{}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := k.(string)
			if !slices.Contains(keys[place], name) {
				return fmt.Errorf("%q is not known at %q", name, place)
			}
			if seen[name] {
				return fmt.Errorf("%q stands twice at %q", name, place)
			}
			seen[name] = true
			if err := strict(d, place+"."+name); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	}
	if place == "" {
		return errors.New("it is not an object")
	}
	return nil
}

// check looks at every field for itself.
func (m *manifest) check() error {
	bad := func(format string, args ...any) error {
		return refuse("PACK-JSON", manifestName+": "+format, args...)
	}
	if m.Format != 1 {
		return refuse("PACK-FORMAT", "%s states format %d; this program reads format 1", manifestName, m.Format)
	}
	for what, s := range map[string]string{"name": m.Name, "issuer": m.Issuer} {
		if !plain(s) {
			return bad("%s %q has to be a text of 1 to %d bytes on one line", what, s, MaxName)
		}
	}
	if m.Serial < 1 {
		return bad("serial %d has to be 1 or more", m.Serial)
	}
	issued, err := when(m.Issued)
	if err != nil {
		return bad("issued: %v", err)
	}
	if m.StaleAfter != "" {
		stale, err := when(m.StaleAfter)
		if err != nil {
			return bad("stale_after: %v", err)
		}
		if !stale.After(issued) {
			return bad("stale_after %s is not after issued %s", m.StaleAfter, m.Issued)
		}
	}
	if len(m.Partners) > MaxPartners || len(m.Files) > MaxEntries || len(m.EKU) > MaxPartners {
		return refuse("PACK-LIMIT", "%s has %d partners, %d files and %d uses; the limits are %d, %d and %d", manifestName, len(m.Partners), len(m.Files), len(m.EKU), MaxPartners, MaxEntries, MaxPartners)
	}
	if m.Files == nil {
		return bad("files is missing")
	}
	for _, s := range m.EKU {
		if _, err := oid(s); err != nil {
			return bad("eku: %v", err)
		}
	}
	ids := map[string]bool{}
	for _, p := range m.Partners {
		if !plain(p.ID) || !plain(p.Name) || ids[p.ID] {
			return bad("partner %q %q has to have an id of its own and a name", p.ID, p.Name)
		}
		ids[p.ID] = true
		if (p.Subject.O != "" && !plain(p.Subject.O)) || (p.Subject.OU != "" && !plain(p.Subject.OU)) {
			return bad("partner %q: subject has to be one line of at most %d bytes", p.ID, MaxName)
		}
		for _, d := range slices.Concat(p.Anchors, p.Pins, p.TLS) {
			if _, err := digestOf(d); err != nil {
				return bad("partner %q: %v", p.ID, err)
			}
		}
	}
	return m.checkFiles()
}

func (m *manifest) checkFiles() error {
	seen := map[string]string{}
	for _, f := range m.Files {
		if why := nameProblem(f.Path); why != "" {
			return refuse("PACK-NAME", "%s lists %q, which is refused: %s", manifestName, f.Path, why)
		}
		folder, ok := folderOf[f.Kind]
		if !ok {
			return refuse("PACK-JSON", "%s: %s is of kind %q, which is not known", manifestName, f.Path, f.Kind)
		}
		if !strings.HasPrefix(f.Path, folder+"/") {
			return refuse("PACK-JSON", "%s: %s is of kind %s, so it has to lie in %s/", manifestName, f.Path, f.Kind, folder)
		}
		low := strings.ToLower(f.Path)
		if other, ok := seen[low]; ok {
			return refuse("PACK-TWIN", "%s lists %s and %s, which are one file where case does not count", manifestName, other, f.Path)
		}
		seen[low] = f.Path
		if _, err := digestOf(f.SHA256); err != nil {
			return refuse("PACK-JSON", "%s: %s: %v", manifestName, f.Path, err)
		}
		if f.Size < 0 || f.Size > limitOf(f.Path) {
			return refuse("PACK-TOO-LARGE", "%s: %s has %d bytes, the limit is %d", manifestName, f.Path, f.Size, limitOf(f.Path))
		}
	}
	return nil
}

// plain reports whether a text is fit to be shown in a line.
func plain(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= MaxName && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	})
}

// when reads a time, or a day that stands for its beginning in UTC.
func when(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date such as 2026-03-02", s)
}

func digestOf(s string) (d [32]byte, err error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(b) != len(d) {
		return d, fmt.Errorf("%q is no SHA-256 of 64 hexadecimal digits", s)
	}
	return [32]byte(b), nil
}

func oid(s string) (asn1.ObjectIdentifier, error) {
	var out asn1.ObjectIdentifier
	for _, part := range strings.Split(s, ".") {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || len(out) > 30 {
			return nil, fmt.Errorf("%q is no object identifier such as 1.3.6.1.5.5.7.3.36", s)
		}
		out = append(out, int(n))
	}
	if len(out) < 2 {
		return nil, fmt.Errorf("%q is no object identifier such as 1.3.6.1.5.5.7.3.36", s)
	}
	return out, nil
}

// partners converts what check has accepted.
func (m *manifest) partners() []Partner {
	var out []Partner
	for _, p := range m.Partners {
		q := Partner{ID: p.ID, Name: p.Name, Subject: verify.Subject{O: p.Subject.O, OU: p.Subject.OU}}
		for to, from := range map[*[][32]byte][]string{&q.Anchors: p.Anchors, &q.Pins: p.Pins, &q.TLS: p.TLS} {
			for _, s := range from {
				if d, err := digestOf(s); err == nil && !slices.Contains(*to, d) {
					*to = append(*to, d)
				}
			}
		}
		out = append(out, q)
	}
	return out
}
