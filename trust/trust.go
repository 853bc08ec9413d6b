// Package trust reads trust packs from disk: which certificates an agency has
// chosen as anchors and pins, and its revocation lists. No anchor is built in. It refuses
// nothing silently: what is no certificate is a finding.
package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"vedette/internal/diag"
	"vedette/verify"
)

// Limits of a pack.
const (
	MaxFile         = 1 << 20 // bytes of one file
	MaxFiles        = 2000
	MaxCertificates = 500 // above that path building meets its work limit
	maxDepth        = 3
)

// ErrEmpty says that nothing in the pack is a certificate.
var ErrEmpty = errors.New("no certificate found")

// Load reads a folder of certificates, PEM or DER, or one such file. A loose
// certificate counts as an anchor, and as a pin where it is the signer's own.
func Load(path string) (verify.Pack, []diag.Finding, error) {
	l := &loader{}
	st, err := os.Stat(path)
	if err != nil {
		return verify.Pack{}, nil, fmt.Errorf("trust: %w", err)
	}
	if !st.IsDir() {
		err = l.file(path, filepath.Base(path))
	} else {
		err = l.folder(path)
	}
	if err != nil {
		return verify.Pack{}, l.findings, err
	}
	if len(l.certs) == 0 {
		return verify.Pack{}, l.findings, fmt.Errorf("trust: %s: %w", path, ErrEmpty)
	}
	return l.pack(filepath.Base(filepath.Clean(path))), l.findings, nil
}

type loader struct {
	certs    []*x509.Certificate
	lists    []*x509.RevocationList
	findings []diag.Finding
	files    int
}

func (l *loader) folder(root string) error {
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
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			l.findings = append(l.findings, diag.New("PACK-NOT-A-FILE", diag.Warning, "%s is not a regular file and was left out", name))
			return nil
		}
		if l.files++; l.files > MaxFiles {
			return fmt.Errorf("trust: %s holds more than %d files; it is probably not a trust pack", root, MaxFiles)
		}
		return l.file(p, name)
	})
}

func (l *loader) file(path, name string) error {
	f, err := os.Open(path) //nolint:gosec // opening what the user names is the purpose
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return fmt.Errorf("trust: %s: %w", name, err)
	}
	if len(data) > MaxFile {
		l.findings = append(l.findings, diag.New("PACK-TOO-LARGE", diag.Error, "%s is larger than %d bytes and was left out", name, MaxFile))
		return nil
	}
	found, err := l.parse(data, name)
	if err != nil {
		l.findings = append(l.findings, diag.New("PACK-CERTIFICATE", diag.Error, "%s: a certificate cannot be read: %v", name, err))
	} else if !found {
		l.findings = append(l.findings, diag.New("PACK-NOT-CERTIFICATE", diag.Note, "%s is no certificate and was left out", name))
	}
	if len(l.certs) > MaxCertificates {
		return fmt.Errorf("trust: more than %d certificates", MaxCertificates)
	}
	return nil
}

// parse takes the certificates out of one file. Private keys are named, never kept.
func (l *loader) parse(data []byte, name string) (bool, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		if len(data) == 0 || data[0] != 0x30 {
			return false, nil
		}
		if list, err := x509.ParseRevocationList(data); err == nil {
			l.lists = append(l.lists, list)
			return true, nil
		}
		cs, err := x509.ParseCertificates(data)
		if err != nil {
			return false, nil //nolint:nilerr // DER of another kind is not a certificate
		}
		l.certs = append(l.certs, cs...)
		return len(cs) > 0, nil
	}
	found := false
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return found, nil
		}
		switch b.Type {
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(b.Bytes)
			if err != nil {
				return found, fmt.Errorf("trust: %w", err)
			}
			l.certs, found = append(l.certs, c), true
		case "X509 CRL":
			list, err := x509.ParseRevocationList(b.Bytes)
			if err != nil {
				return found, fmt.Errorf("trust: revocation list: %w", err)
			}
			l.lists, found = append(l.lists, list), true
		case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
			found = true
			l.findings = append(l.findings, diag.New("PACK-PRIVATE-KEY", diag.Warning, "%s holds a private key, which does not belong into a trust pack; it was not read", name))
		}
	}
}

// pack sorts the certificates into their roles. Equal ones count once, and the
// order of files does not matter.
func (l *loader) pack(name string) verify.Pack {
	p := verify.Pack{Name: name, Revocations: l.lists}
	sort.Slice(l.certs, func(i, j int) bool { return bytes.Compare(l.certs[i].Raw, l.certs[j].Raw) < 0 })
	l.certs = slices.CompactFunc(l.certs, func(a, b *x509.Certificate) bool { return a.Equal(b) })
	var sums [][32]byte
	for _, c := range l.certs {
		sum := sha256.Sum256(c.Raw)
		sums, p.Pins = append(sums, sum), append(p.Pins, sum)
		p.Anchors = append(p.Anchors, c)
	}
	slices.SortFunc(sums, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, s := range sums {
		h.Write(s[:])
	}
	p.SHA256 = hex.EncodeToString(h.Sum(nil))
	return p
}
