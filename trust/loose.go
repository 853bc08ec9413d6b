package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vedette/internal/diag"
	"vedette/verify"
)

// ErrEmpty says that nothing among loose files is a certificate or list.
var ErrEmpty = errors.New("no certificate found")

// readLoose makes a pack of loose certificates, lists and responses. Each
// certificate counts as an anchor, and as a pin where it is the signer's own.
func readLoose(root string, folder bool) (*Pack, []diag.Finding, error) {
	l := &loose{}
	var err error
	if folder {
		err = l.folder(root)
	} else {
		err = l.file(root, filepath.Base(root))
	}
	if err != nil {
		return nil, l.findings, err
	}
	if len(l.certs)+len(l.lists)+len(l.responses) == 0 {
		return nil, l.findings, fmt.Errorf("trust: %s: %w", root, ErrEmpty)
	}
	p, err := l.pack()
	if err != nil {
		return nil, l.findings, err
	}
	p.Name = filepath.Base(filepath.Clean(root)) // how it is called until it is installed
	return p, l.findings, nil
}

type loose struct {
	certs, lists, responses [][]byte // DER
	findings                []diag.Finding
	files                   int
	total                   int64
}

func (l *loose) tell(code string, sev diag.Severity, format string, args ...any) {
	l.findings = append(l.findings, diag.New(code, sev, format, args...))
}

func (l *loose) folder(root string) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("trust: %w", err)
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return fmt.Errorf("trust: %w", err)
		}
		if d.IsDir() {
			if strings.Count(name, string(filepath.Separator)) >= maxDepth {
				l.tell("PACK-DEEP", diag.Warning, "%s lies more than %d deep and was left out", name, maxDepth)
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			l.tell("PACK-NOT-A-FILE", diag.Warning, "%s is not a regular file and was left out", name)
			return nil
		}
		if l.files++; l.files > MaxEntries {
			return refuse("PACK-LIMIT", "%s holds more than %d files; it is probably no trust pack", root, MaxEntries)
		}
		return l.file(p, name)
	})
}

func (l *loose) file(path, name string) error {
	f, err := os.Open(path) //nolint:gosec // opening what the user names is the purpose
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	defer f.Close()
	head := make([]byte, 64)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("trust: %s: %w", name, err)
	}
	limit := int64(MaxFile)
	if n > 0 && (head[0] == 0x30 || bytes.Contains(head[:n], []byte("-----BEGIN X509 CRL"))) {
		limit = verify.MaxList // it may be a list
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return fmt.Errorf("trust: %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		if limit == verify.MaxList {
			return refuse("PACK-LIST", "%s may be a revocation list and is larger than %d bytes", name, limit)
		}
		l.tell("PACK-TOO-LARGE", diag.Error, "%s is larger than %d bytes and was left out", name, limit)
		return nil
	}
	if l.total += int64(len(data)); l.total > MaxUnpacked {
		return refuse("PACK-LIMIT", "the files have more than %d bytes together", MaxUnpacked)
	}
	found, err := l.parse(data, name)
	if err != nil {
		return err
	}
	if !found {
		l.tell("PACK-NOT-CERTIFICATE", diag.Note, "%s is no certificate, list or response and was left out", name)
	}
	if len(l.certs) > MaxCertificates {
		return refuse("PACK-LIMIT", "more than %d certificates", MaxCertificates)
	}
	return nil
}

// parse takes the objects out of one file. Private keys are named, never kept.
func (l *loose) parse(data []byte, name string) (bool, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		found := l.der(data)
		if !found && strings.EqualFold(filepath.Ext(name), ".crl") { // what it revokes would be trusted
			return false, refuse("PACK-LIST", "%s cannot be read as a revocation list", name)
		}
		return found, nil
	}
	found := false
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return found, nil
		}
		switch {
		case b.Type == "CERTIFICATE":
			found = true
			if _, err := x509.ParseCertificate(b.Bytes); err != nil {
				l.tell("PACK-CERTIFICATE", diag.Error, "%s: a certificate cannot be read and is left out: %v", name, err)
				continue
			}
			l.certs = append(l.certs, b.Bytes)
		case b.Type == "X509 CRL":
			found = true
			if _, err := parseList(b.Bytes); err != nil {
				return true, refuse("PACK-LIST", "%s: %v", name, err)
			}
			l.lists = append(l.lists, b.Bytes)
		case strings.Contains(b.Type, "PRIVATE KEY"):
			found = true
			l.tell("PACK-PRIVATE-KEY", diag.Warning, "%s holds a private key, which does not belong into a trust pack; it was not read", name)
		}
	}
}

// der looks what kind of DER object a file holds.
func (l *loose) der(data []byte) bool {
	if len(data) == 0 || data[0] != 0x30 {
		return false
	}
	if len(data) <= MaxFile {
		if cs, err := x509.ParseCertificates(data); err == nil && len(cs) > 0 {
			for _, c := range cs {
				l.certs = append(l.certs, c.Raw)
			}
			return true
		}
	}
	if _, err := parseList(data); err == nil {
		l.lists = append(l.lists, data)
		return true
	}
	if _, err := verify.ParseResponse(data); err == nil {
		l.responses = append(l.responses, data)
		return true
	}
	return false
}

// ByHand is how packs of loose files are called; when installed, with the day.
const ByHand = "added by hand"

// pack gives the objects files and a pack.json. Equal ones count once, and
// neither the order of files nor the day matters, so that the digest of the
// same objects is the same.
func (l *loose) pack() (*Pack, error) {
	m := &manifest{Format: 1, Name: ByHand, Issuer: "this installation", Serial: 1, Issued: "1970-01-01", Files: []manifestFile{}}
	files := map[string][]byte{}
	for _, set := range []struct {
		kind Kind
		ext  string
		list [][]byte
	}{{KindAnchor, "cer", l.certs}, {KindCRL, "crl", l.lists}, {KindOCSP, "der", l.responses}} {
		slices.SortFunc(set.list, bytes.Compare)
		for _, der := range slices.CompactFunc(set.list, bytes.Equal) {
			d := sum(der)
			path := fmt.Sprintf("%s/%x.%s", folderOf[set.kind], d[:16], set.ext)
			files[path] = der
			m.Files = append(m.Files, manifestFile{Path: path, Kind: set.kind, SHA256: hex.EncodeToString(d[:]), Size: int64(len(der))})
		}
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	files[manifestName] = raw
	p, more, err := assemble(files, Options{})
	l.findings = append(l.findings, more...)
	if err != nil {
		return nil, err
	}
	p.ByHand, p.Serial, p.Issued = true, 0, time.Time{}
	return p, nil
}
