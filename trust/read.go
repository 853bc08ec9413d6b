package trust

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"vedette/internal/diag"
	"vedette/verify"
)

// Options say how a pack is read.
type Options struct {
	Agency ed25519.PublicKey // the key under which pack.sig has to verify; nil where none was fixed
}

// Load reads a pack for one judgement, without installing it: what Read reads, as pools.
func Load(path string) ([]verify.Pack, []diag.Finding, error) {
	p, findings, err := Read(path, Options{})
	if err != nil {
		return nil, findings, err
	}
	return p.Pools(), findings, nil
}

// Read reads a trust pack: a folder or zip with pack.json, a folder of loose
// certificates and lists, or one such file. The findings tell what was left
// out; a *RefusedError tells why nothing was read.
func Read(path string, o Options) (*Pack, []diag.Finding, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("trust: %w", err)
	}
	if st.IsDir() {
		is, err := isPack(path)
		if err != nil {
			return nil, nil, fmt.Errorf("trust: %w", err)
		}
		if !is {
			return readLoose(path, true)
		}
		files, err := readFolder(path)
		if err != nil {
			return nil, nil, err
		}
		return assemble(files, o)
	}
	if !st.Mode().IsRegular() {
		return nil, nil, refuse("PACK-LINK", "%s is no file", path)
	}
	f, err := os.Open(path) //nolint:gosec // opening what the user names is the purpose
	if err != nil {
		return nil, nil, fmt.Errorf("trust: %w", err)
	}
	defer f.Close()
	var magic [4]byte
	if n, _ := f.ReadAt(magic[:], 0); n < len(magic) || !bytes.Equal(magic[:], zipMagic) {
		return readLoose(path, false)
	}
	files, err := readZip(f, st.Size())
	if err != nil {
		return nil, nil, err
	}
	return assemble(files, o)
}

// assemble checks the files of a pack against pack.json and reads them.
func assemble(files map[string][]byte, o Options) (*Pack, []diag.Finding, error) {
	raw, ok := files[manifestName]
	if !ok {
		return nil, nil, refuse("PACK-NO-MANIFEST", "%s does not stand at the top of the pack; where a folder was packed, pack what is in it", manifestName)
	}
	m, err := parseManifest(raw)
	if err != nil {
		return nil, nil, err
	}
	p := &Pack{
		Name: m.Name, Issuer: m.Issuer, Serial: m.Serial, RequiresRevocation: m.RequiresRevocation, Partners: m.partners(), files: files,
	}
	digest := sum(raw)
	p.SHA256 = hex.EncodeToString(digest[:])
	p.Issued, _ = when(m.Issued)
	if m.StaleAfter != "" {
		p.StaleAfter, _ = when(m.StaleAfter)
	}
	for _, s := range m.EKU {
		id, _ := oid(s)
		p.EKU = append(p.EKU, id)
	}
	if p.Signature, err = checkSignature(raw, files, o.Agency); err != nil {
		return nil, nil, err
	}
	if err := m.matches(files); err != nil {
		return nil, nil, err
	}
	b := &builder{pack: p}
	for _, f := range m.Files {
		if err := b.add(f.Kind, f.Path, files[f.Path]); err != nil {
			return nil, b.findings, err
		}
	}
	return p, b.findings, b.check()
}

// matches compares the files at hand with those that are listed.
func (m *manifest) matches(files map[string][]byte) error {
	listed := map[string]bool{manifestName: true, signatureName: true}
	for _, f := range m.Files {
		listed[f.Path] = true
		data, ok := files[f.Path]
		if !ok {
			return refuse("PACK-MISSING", "%s is listed in %s and missing", f.Path, manifestName)
		}
		want, _ := digestOf(f.SHA256)
		if int64(len(data)) != f.Size || sum(data) != want {
			return refuse("PACK-MISMATCH", "%s has %d bytes with SHA-256 %x; %s lists %d bytes with %x", f.Path, len(data), sum(data), manifestName, f.Size, want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !listed[name] {
			return refuse("PACK-UNLISTED", "%s is not listed in %s", name, manifestName)
		}
	}
	return nil
}

// checkSignature checks pack.sig under the agency key. A signature that does
// not fit is worse than none.
func checkSignature(raw []byte, files map[string][]byte, key ed25519.PublicKey) (SignatureState, error) {
	sig, ok := files[signatureName]
	if !ok {
		return SignatureNone, nil
	}
	if len(sig) != ed25519.SignatureSize {
		return SignatureNone, refuse("PACK-SIGNATURE", "%s has %d bytes, want %d", signatureName, len(sig), ed25519.SignatureSize)
	}
	if len(key) != ed25519.PublicKeySize {
		return SignatureUnchecked, nil
	}
	if !ed25519.Verify(key, raw, sig) {
		return SignatureNone, refuse("PACK-SIGNATURE", "%s does not fit %s under the agency key of this installation", signatureName, manifestName)
	}
	return SignatureHolds, nil
}

// builder puts the objects of files into a pack.
type builder struct {
	pack     *Pack
	findings []diag.Finding
	digests  map[Kind]map[[32]byte]bool
	entries  int // of all lists together
}

// add reads one file. A certificate that cannot be read is left out, which
// takes trust away; a list or response that cannot be read ends it all, since
// without it what is revoked would be trusted.
func (b *builder) add(kind Kind, name string, data []byte) error {
	der, err := oneObject(data)
	if errors.Is(err, errKey) {
		return refuse("PACK-PRIVATE-KEY", "%s: %v", name, err)
	}
	if err != nil && (kind == KindCRL || kind == KindOCSP) {
		return refuse("PACK-LIST", "%s: %v", name, err)
	}
	switch kind {
	case KindCRL:
		l, err := parseList(der)
		if err != nil {
			return refuse("PACK-LIST", "%s: %v", name, err)
		}
		if why := verify.ListProblem(l); why != "" {
			return refuse("PACK-LIST", "%s: the list is not used: %s", name, why)
		}
		if b.entries += len(l.RevokedCertificateEntries); b.entries > maxListEntries {
			return refuse("PACK-LIMIT", "the lists of the pack have more than %d entries together", maxListEntries)
		}
		b.pack.Lists = append(b.pack.Lists, l)
		return nil
	case KindOCSP:
		r, err := verify.ParseResponse(der)
		if err != nil {
			return refuse("PACK-LIST", "%s: %v", name, err)
		}
		b.pack.Responses = append(b.pack.Responses, r)
		return nil
	}
	var c *x509.Certificate
	if err == nil {
		c, err = x509.ParseCertificate(der)
	}
	if err != nil {
		b.findings = append(b.findings, diag.New("PACK-CERTIFICATE", diag.Error, "%s: the certificate cannot be read and is left out: %v", name, err))
		return nil
	}
	return b.certificate(kind, name, c)
}

func (b *builder) certificate(kind Kind, name string, c *x509.Certificate) error {
	list := map[Kind]*[]*x509.Certificate{
		KindAnchor: &b.pack.Anchors, KindIntermediate: &b.pack.Intermediates, KindTSA: &b.pack.TSA, KindTLS: &b.pack.TLS,
	}[kind]
	if b.digests == nil {
		b.digests = map[Kind]map[[32]byte]bool{}
	}
	if b.digests[kind] == nil {
		b.digests[kind] = map[[32]byte]bool{}
	}
	d := sum(c.Raw)
	if b.digests[kind][d] {
		b.findings = append(b.findings, diag.New("PACK-TWICE", diag.Note, "%s is the same certificate as another file and counts once", name))
		return nil
	}
	b.digests[kind][d] = true
	if *list = append(*list, c); len(*list) > MaxCertificates {
		return refuse("PACK-LIMIT", "the pack holds more than %d certificates of kind %s", MaxCertificates, kind)
	}
	return nil
}

// check holds the parts of a pack against each other.
func (b *builder) check() error {
	p := b.pack
	used := map[[32]byte]bool{}
	for _, q := range p.Partners {
		for _, d := range q.Anchors {
			used[d] = true
			if !b.digests[KindAnchor][d] && !b.leftOut() {
				return refuse("PACK-PARTNER", "partner %s names the anchor %s, which is no anchor of the pack", q.ID, Grouped(d))
			}
		}
		if len(q.Anchors)+len(q.Pins)+len(q.TLS) == 0 {
			b.findings = append(b.findings, diag.New("PACK-PARTNER-EMPTY", diag.Warning, "partner %s has neither anchors nor pins, so nothing vouches for it", q.ID))
		}
	}
	for _, c := range p.Anchors {
		d := sum(c.Raw)
		if b.digests[KindTLS][d] {
			return refuse("PACK-MIXED", "%s is an anchor of evidence and of live servers; these are never mixed", verify.CommonName(c.Subject.String()))
		}
		if len(p.Partners) > 0 && !used[d] {
			b.findings = append(b.findings, diag.New("PACK-ANCHOR-LOOSE", diag.Warning, "the anchor %s is listed by no partner and vouches for nobody", verify.CommonName(c.Subject.String())))
		}
	}
	for _, q := range p.Partners {
		for _, d := range q.TLS {
			if used[d] || slices.ContainsFunc(p.Partners, func(x Partner) bool { return slices.Contains(x.Pins, d) }) {
				return refuse("PACK-MIXED", "partner %s lists %s for evidence and for live servers; these are never mixed", q.ID, Grouped(d))
			}
		}
	}
	if len(p.Anchors)+len(p.Lists)+len(p.Responses)+len(p.TLS)+len(p.TSA) == 0 && !slices.ContainsFunc(p.Partners, func(q Partner) bool { return len(q.Pins)+len(q.TLS) > 0 }) {
		return refuse("PACK-EMPTY", "the pack vouches for nobody and revokes nothing")
	}
	return nil
}

// leftOut reports whether a certificate of the pack could not be read.
func (b *builder) leftOut() bool {
	return slices.ContainsFunc(b.findings, func(f diag.Finding) bool { return f.Code == "PACK-CERTIFICATE" })
}

var (
	errSeveral = errors.New("it holds more than one object; one file holds one")
	errKey     = errors.New("it is a private key, which does not belong into a trust pack")
)

// oneObject returns the DER of a file that holds one object, as PEM or DER.
func oneObject(data []byte) ([]byte, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		return data, nil
	}
	b, rest := pem.Decode(data)
	if b == nil {
		return nil, errors.New("its PEM text cannot be read")
	}
	if strings.Contains(b.Type, "PRIVATE KEY") {
		return nil, errKey
	}
	if more, _ := pem.Decode(rest); more != nil {
		return nil, errSeveral
	}
	return b.Bytes, nil
}

// parseList reads a revocation list after counting its entries: read, one takes
// ten times the memory that it has in the file.
func parseList(der []byte) (*x509.RevocationList, error) {
	if len(der) > verify.MaxList {
		return nil, fmt.Errorf("the list has %d bytes, the limit is %d", len(der), verify.MaxList)
	}
	if n := countEntries(der); n > maxListEntries {
		return nil, fmt.Errorf("the list has more than %d entries", maxListEntries)
	}
	l, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, err
	}
	if len(l.Raw) != len(der) {
		return nil, errSeveral
	}
	return l, nil
}
