package trust

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vedette/internal/fixture"
)

func deltaOf(n int) []pkix.Extension {
	v, _ := asn1.Marshal(n)
	return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: v}}
}

// foreign is a certificate whose curve the library does not know.
func foreign(t testing.TB) []byte {
	t.Helper()
	raw := slices.Clone(world(t).Metro.Cert.Raw)
	oid := []byte{0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7} // P-256
	i := bytes.Index(raw, oid)
	if i < 0 {
		t.Fatal("no curve found")
	}
	raw[i+len(oid)-1] = 99
	return raw
}

func TestDishonestPackIsRefusedWithACode(t *testing.T) {
	w := world(t)
	line := func(path, kind string) map[string]any {
		return map[string]any{"path": path, "kind": kind, "sha256": strings.Repeat("0", 64), "size": 3}
	}
	for _, c := range []struct {
		name   string
		code   string
		change func(*fixture.TrustPack)
	}{
		{"listed and missing", "PACK-MISSING", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/x.pem", "anchor")) }},
		{"listed twice", "PACK-TWIN", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/metro-root.pem", "anchor")) }},
		{"case twins", "PACK-TWIN", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/METRO-root.pem", "anchor")) }},
		{"absolute", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("/etc/passwd", "anchor")) }},
		{"leads out", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/../../x", "anchor")) }},
		{"backslash", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line(`anchors\x`, "anchor")) }},
		{"drive", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("c:/x", "anchor")) }},
		{"device", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/con.pem", "anchor")) }},
		{"trailing dot", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/x.", "anchor")) }},
		{"too deep", "PACK-NAME", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/a/b/c", "anchor")) }},
		{"long name", "PACK-NAME", func(p *fixture.TrustPack) {
			p.Listed = append(p.Listed, line("anchors/"+strings.Repeat("x", 101), "anchor"))
		}},
		{"unknown kind", "PACK-JSON", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("anchors/x", "root")) }},
		{"another folder than its kind's", "PACK-JSON", func(p *fixture.TrustPack) { p.Listed = append(p.Listed, line("intermediates/x", "anchor")) }},
		{"bad digest in a line", "PACK-JSON", func(p *fixture.TrustPack) {
			l := line("anchors/x", "anchor")
			l["sha256"] = "12"
			p.Listed = append(p.Listed, l)
		}},
		{"negative size", "PACK-TOO-LARGE", func(p *fixture.TrustPack) {
			l := line("anchors/x", "anchor")
			l["size"] = -1
			p.Listed = append(p.Listed, l)
		}},
		{"gigantic list", "PACK-TOO-LARGE", func(p *fixture.TrustPack) {
			l := line("crls/x", "crl")
			l["size"] = 32<<20 + 1
			p.Listed = append(p.Listed, l)
		}},
		{"unknown field", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["comment"] = "x" }},
		{"field in other case", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["Name"] = "x" }},
		{"unknown field of a partner", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["trusted"] = true }},
		{"unknown field of a subject", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["subject"] = map[string]any{"cn": "x"} }},
		{"format of the future", "PACK-FORMAT", func(p *fixture.TrustPack) { p.Manifest["format"] = 2 }},
		{"no name", "PACK-JSON", func(p *fixture.TrustPack) { delete(p.Manifest, "name") }},
		{"name that turns the line", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["name"] = "a\u202eb" }},
		{"no issuer", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["issuer"] = " " }},
		{"null", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["stale_after"] = nil }},
		{"serial 0", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["serial"] = 0 }},
		{"serial with a fraction", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["serial"] = 1.5 }},
		{"no date", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["issued"] = "yesterday" }},
		{"bad stale date", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["stale_after"] = "soon" }},
		{"stale before issued", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["stale_after"] = "2001-01-01" }},
		{"bad use", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["eku"] = []string{"documentSigning"} }},
		{"short use", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["eku"] = []string{"1"} }},
		{"list within a list", "PACK-JSON", func(p *fixture.TrustPack) { p.Manifest["eku"] = []any{[]any{"1.2"}} }},
		{"partner without id", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["id"] = "" }},
		{"two partners of one id", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["id"] = "metro" }},
		{"subject of two lines", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["subject"] = map[string]any{"o": "a\nb"} }},
		{"bad digest of a partner", "PACK-JSON", func(p *fixture.TrustPack) { partner(p, 0)["pins"] = []string{"xyz"} }},
		{"too many partners", "PACK-LIMIT", func(p *fixture.TrustPack) {
			var all []map[string]any
			for i := range MaxPartners + 1 {
				all = append(all, map[string]any{"id": fmt.Sprint(i), "name": "x"})
			}
			p.Manifest["partners"] = all
		}},
		{"partner's anchor is not in the pack", "PACK-PARTNER", func(p *fixture.TrustPack) { partner(p, 0)["anchors"] = []string{w.Exporter.SHA256()} }},
		{"anchor for evidence and servers", "PACK-MIXED", func(p *fixture.TrustPack) { p.Files["tls/root.pem"] = w.Root.PEM() }},
		{"pin for evidence and servers", "PACK-MIXED", func(p *fixture.TrustPack) {
			partner(p, 0)["pins"], partner(p, 1)["tls"] = []string{w.Court.SHA256()}, []string{w.Court.SHA256()}
		}},
		{"private key", "PACK-PRIVATE-KEY", func(p *fixture.TrustPack) {
			p.Files["anchors/key.pem"] = pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte{1}})
		}},
		{"list that is none", "PACK-LIST", func(p *fixture.TrustPack) { p.Files["crls/x.crl"] = []byte{0x30, 0} }},
		{"two lists in a file", "PACK-LIST", func(p *fixture.TrustPack) { p.Files["crls/x.crl"] = slices.Concat(w.Revocations, w.Revocations) }},
		{"two lists in a text", "PACK-LIST", func(p *fixture.TrustPack) {
			b := pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: w.Revocations})
			p.Files["crls/x.crl"] = slices.Concat(b, b)
		}},
		{"list of changes", "PACK-LIST", func(p *fixture.TrustPack) {
			der, err := x509.CreateRevocationList(nil, &x509.RevocationList{Number: w.Metro.Cert.SerialNumber, ThisUpdate: day, NextUpdate: day.AddDate(0, 1, 0), ExtraExtensions: deltaOf(1)}, w.Intermediate.Cert, w.Intermediate.Key)
			if err != nil {
				t.Fatal(err)
			}
			p.Files["crls/x.crl"] = der
		}},
		{"response that is none", "PACK-LIST", func(p *fixture.TrustPack) { p.Files["ocsp/x.der"] = []byte{0x30, 0} }},
		{"broken text for a response", "PACK-LIST", func(p *fixture.TrustPack) { p.Files["ocsp/x.der"] = []byte("-----BEGIN OCSP RESPONSE-----\n") }},
		{"flood of authorities", "PACK-LIMIT", func(p *fixture.TrustPack) {
			for i := range MaxCertificates + 1 {
				c := slices.Clone(w.Intermediate.Cert.Raw)
				binary.BigEndian.PutUint16(c[len(c)-2:], uint16(i)) //nolint:gosec // small
				p.Files[fmt.Sprintf("intermediates/%d.cer", i)] = c
			}
		}},
		{"nothing", "PACK-EMPTY", func(p *fixture.TrustPack) { clear(p.Files); delete(p.Manifest, "partners") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := rendered(t, c.change)
			path := folder(t, files)
			_, _, err := Read(path, Options{})
			if Code(err) != c.code {
				t.Errorf("code %q, want %s: %v", Code(err), c.code, err)
			}
			if packed, zerr := fixture.Zip(files); zerr != nil {
				t.Fatal(zerr)
			} else if _, _, err := Read(archive(t, packed), Options{}); Code(err) != c.code {
				t.Errorf("packed: code %q, want %s: %v", Code(err), c.code, err)
			}
		})
	}
}

func TestManifestIsReadStrictly(t *testing.T) {
	good := rendered(t, nil)[manifestName]
	for name, raw := range map[string]string{
		"field twice":      strings.Replace(string(good), `"format": 1,`, `"format": 1, "format": 1,`, 1),
		"something behind": string(good) + "{}",
		"a list":           "[]",
		"a word":           "true",
		"cut":              string(good[:len(good)/2]),
		"cut in a list":    `{"eku": ["1.2"`,
		"cut after a name": `{"name"`,
		"no UTF-8":         strings.Replace(string(good), "Sandhaven evidence", "Sand\xff", 1),
		"deep":             strings.Repeat(`{"files":[`, 10000),
		"empty":            "",
		"object for text":  `{"name": {}}`,
	} {
		if _, err := parseManifest([]byte(raw)); Code(err) != "PACK-JSON" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := parseManifest(make([]byte, MaxManifest+1)); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
	if _, err := parseManifest(good); err != nil {
		t.Error(err)
	}
}

func TestFilesThatAreNotAsListedAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		code   string
		change func(map[string][]byte)
	}{
		"changed":      {"PACK-MISMATCH", func(f map[string][]byte) { f["anchors/metro-root.pem"][40] ^= 1 }},
		"longer":       {"PACK-MISMATCH", func(f map[string][]byte) { f["crls/sandhaven-ca1.crl"] = append(f["crls/sandhaven-ca1.crl"], 0) }},
		"unlisted":     {"PACK-UNLISTED", func(f map[string][]byte) { f["README"] = []byte("x") }},
		"no manifest":  {"PACK-NO-MANIFEST", func(f map[string][]byte) { delete(f, manifestName); f["a/pack.json"] = []byte("{}") }},
		"bad name":     {"PACK-NAME", func(f map[string][]byte) { f["anchors/a b.pem"] = nil }},
		"file too big": {"PACK-TOO-LARGE", func(f map[string][]byte) { f["anchors/big"] = bytes.Repeat([]byte("0123456789abcdef!"), MaxFile/16) }},
	} {
		files := rendered(t, nil)
		files["anchors/metro-root.pem"] = slices.Clone(files["anchors/metro-root.pem"])
		c.change(files)
		_, err := readAndAssemble(folder(t, files), name == "no manifest")
		if Code(err) != c.code {
			t.Errorf("%s: code %q, want %s: %v", name, Code(err), c.code, err)
		}
	}
}

// readAndAssemble reads a folder as a pack even where pack.json is missing.
func readAndAssemble(dir string, without bool) (*Pack, error) {
	if !without {
		p, _, err := Read(dir, Options{})
		return p, err
	}
	files, err := readFolder(dir)
	if err != nil {
		return nil, err
	}
	p, _, err := assemble(files, Options{})
	return p, err
}

func TestLinksInAFolderAreRefused(t *testing.T) {
	files := rendered(t, nil)
	for _, to := range []string{"metro-root.pem", "/etc/passwd", "../../../x"} {
		dir := folder(t, files)
		if err := os.Symlink(to, filepath.Join(dir, "anchors", "link.pem")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(dir, Options{}); Code(err) != "PACK-LINK" {
			t.Errorf("%s: %v", to, err)
		}
	}
	dir := folder(t, files)
	if err := os.Rename(filepath.Join(dir, manifestName), filepath.Join(dir, "..", "elsewhere.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../elsewhere.json", filepath.Join(dir, manifestName)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(dir, Options{}); Code(err) != "PACK-LINK" {
		t.Error(err)
	}
}

func TestPackKeepsWhatCanBeReadAndTellsTheRest(t *testing.T) {
	w := world(t)
	p, findings, err := Read(folder(t, rendered(t, func(p *fixture.TrustPack) {
		p.Files["anchors/curve.cer"] = foreign(t)
		p.Files["anchors/loose.pem"] = w.Court.PEM()
		p.Files["anchors/again.cer"] = w.Root.Cert.Raw
		p.Manifest["partners"] = append(p.Manifest["partners"].([]map[string]any), map[string]any{"id": "none", "name": "Nobody"})
	})), Options{})
	if err != nil || len(p.Anchors) != 3 {
		t.Fatalf("%v, %v", findings, err)
	}
	for _, code := range []string{"PACK-CERTIFICATE", "PACK-ANCHOR-LOOSE", "PACK-TWICE", "PACK-PARTNER-EMPTY"} {
		if !slices.Contains(codes(findings), code) {
			t.Errorf("no %s in %v", code, findings)
		}
	}
	for _, pool := range p.Pools() {
		if slices.ContainsFunc(pool.Anchors, w.Court.Cert.Equal) {
			t.Error("an anchor that no partner lists vouches for one")
		}
	}
}

// entry adds one file to an archive with a header of its own.
func entry(t testing.TB, z *zip.Writer, h *zip.FileHeader, data []byte) {
	t.Helper()
	f, err := z.CreateHeader(h)
	if err == nil && !strings.HasSuffix(h.Name, "/") {
		_, err = f.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestHostileArchiveIsRefusedWithACode(t *testing.T) {
	header := func(name string, mode fs.FileMode) *zip.FileHeader {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(mode)
		return h
	}
	for _, c := range []struct {
		name, code string
		write      func(*zip.Writer)
		change     func([]byte) []byte
	}{
		{name: "traversal", code: "PACK-NAME", write: func(z *zip.Writer) { entry(t, z, header("../x", 0o600), nil) }},
		{name: "absolute", code: "PACK-NAME", write: func(z *zip.Writer) { entry(t, z, header("/x", 0o600), nil) }},
		{name: "link", code: "PACK-LINK", write: func(z *zip.Writer) {
			entry(t, z, header("anchors/x", fs.ModeSymlink|0o777), []byte("/etc/passwd"))
		}},
		{name: "link as folder", code: "PACK-LINK", write: func(z *zip.Writer) {
			h := header("anchors/", 0o600)
			h.ExternalAttrs = uint32(0xa1ff) << 16
			entry(t, z, h, nil)
		}},
		{name: "twice", code: "PACK-TWIN", write: func(z *zip.Writer) {
			entry(t, z, header("anchors/x", 0o600), nil)
			entry(t, z, header("anchors/x", 0o600), nil)
		}},
		{name: "bomb", code: "PACK-BOMB", write: func(z *zip.Writer) { entry(t, z, header("anchors/x", 0o600), make([]byte, MaxFile)) }},
		{name: "too large", code: "PACK-TOO-LARGE", write: func(z *zip.Writer) { entry(t, z, header("anchors/x", 0o600), make([]byte, MaxFile+1)) }},
		{name: "too many entries", code: "PACK-LIMIT", write: func(z *zip.Writer) {
			for i := range MaxEntries + 1 {
				entry(t, z, header(fmt.Sprintf("a/%d", i), 0o600), nil)
			}
		}},
		{name: "long directory", code: "PACK-LIMIT", write: func(z *zip.Writer) {
			for i := range 40 {
				h := header(fmt.Sprintf("a/%d", i), 0o600)
				h.Comment = strings.Repeat("x", 60000)
				entry(t, z, h, nil)
			}
		}},
		{name: "comment", code: "PACK-ZIP", write: func(z *zip.Writer) { _ = z.SetComment("hello") }},
		{name: "bytes behind", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte { return append(b, 0) }},
		{name: "cut", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte { return b[:10] }},
		{name: "directory elsewhere", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			b[len(b)-6]++
			return b
		}},
		{name: "directory destroyed", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			copy(b[bytes.Index(b, []byte("PK\x01\x02")):], "XXXX")
			return b
		}},
		{name: "encrypted", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			b[bytes.LastIndex(b, []byte("PK\x01\x02"))+8] |= 1
			return b
		}},
		{name: "unknown method", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			b[bytes.LastIndex(b, []byte("PK\x01\x02"))+10] = 12
			return b
		}},
		{name: "content destroyed", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			b[bytes.Index(b, []byte("anchors/a"))+12] ^= 0xff
			return b
		}},
		{name: "local header destroyed", code: "PACK-ZIP", write: func(*zip.Writer) {}, change: func(b []byte) []byte {
			i := bytes.LastIndex(b[:bytes.Index(b, []byte("PK\x01\x02"))], zipMagic)
			copy(b[i:], "XXXX")
			return b
		}},
		{name: "folder packed", code: "PACK-NO-MANIFEST", write: func(*zip.Writer) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			entry(t, z, header("sandhaven/", fs.ModeDir|0o700), nil)
			entry(t, z, header("anchors/a", 0o600), []byte("some text that is packed"))
			entry(t, z, header("anchors/b", 0o600), []byte("some text that is packed"))
			c.write(z)
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			data := b.Bytes()
			if c.change != nil {
				data = c.change(data)
			}
			if _, _, err := Read(archive(t, data), Options{}); Code(err) != c.code {
				t.Errorf("code %q, want %s: %v", Code(err), c.code, err)
			}
		})
	}
	if _, err := readZip(bytes.NewReader(nil), MaxUnpacked+1); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
}

func TestFilesTogetherAreBounded(t *testing.T) {
	noise := make([]byte, MaxFile)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	files := map[string][]byte{manifestName: []byte("{}")}
	for i := range MaxUnpacked/MaxFile + 1 {
		files[fmt.Sprintf("anchors/%d", i)] = noise
	}
	if _, _, err := Read(folder(t, files), Options{}); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
	delete(files, manifestName)
	dir := folder(t, files)
	for name := range files { // DER of no kind, so that each is read whole
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt([]byte{0x30}, 0); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	if _, _, err := Read(dir, Options{}); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
}

func TestEntriesOfAListAreCountedBeforeItIsRead(t *testing.T) {
	w := world(t)
	if n := countEntries(w.Revocations); n < 1 || n > 10 {
		t.Errorf("%d entries", n)
	}
	one := []byte{0x30, 0}
	body := bytes.Repeat(one, maxListEntries+1)
	seq := func(p []byte) []byte {
		return append([]byte{0x30, 0x84, byte(len(p) >> 24), byte(len(p) >> 16), byte(len(p) >> 8), byte(len(p))}, p...)
	}
	if _, err := parseList(seq(seq(seq(body)))); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
	if _, err := parseList(make([]byte, 33<<20)); err == nil {
		t.Error("a gigantic list was read")
	}
	b := &builder{pack: &Pack{}, entries: maxListEntries}
	if err := b.add(KindCRL, "x.crl", w.Revocations); Code(err) != "PACK-LIMIT" {
		t.Errorf("lists that are too long together: %v", err)
	}
	for _, bad := range [][]byte{nil, {0x30}, {0x30, 0x85, 0, 0, 0, 0, 0}, {0x30, 0x82, 1}, {0x30, 5, 1}, {0x30, 2, 0x30, 9}} {
		if n := countEntries(bad); n != 0 {
			t.Errorf("%x: %d", bad, n)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(rendered(f, nil)[manifestName])
	for _, s := range []string{`{"format":1}`, `{"files":[{"path":"anchors/x","kind":"anchor","sha256":"","size":0}]}`, `{"partners":[{"id":"a","subject":{"o":"x"}}]}`, `[[[[`, `{"eku":["1.2.3"]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err != nil {
			return
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseManifest(raw); err != nil {
			t.Errorf("what was accepted is refused when written again: %v", err)
		}
	})
}

func FuzzZip(f *testing.F) {
	packed, err := fixture.Zip(rendered(f, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := readZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		total := 0
		for name, p := range files {
			if nameProblem(name) != "" {
				t.Errorf("%q was let through", name)
			}
			total += len(p)
		}
		if total > MaxUnpacked || total > MaxRatio*(len(data)+1)*2 {
			t.Errorf("%d bytes from %d", total, len(data))
		}
		_, _, _ = assemble(files, Options{})
	})
}
