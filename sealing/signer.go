package sealing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // hashes of the larger curves
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// Limits of what goes into a seal, all below what is read back.
const (
	maxNote    = 4 << 10  // bytes; more than a page of text
	maxCert    = 64 << 10 // bytes of all certificates
	maxHelpers = 8        // certificates above the leaf; no path is longer
	minRSA     = 2048     // the format's floor
	maxRSA     = 8192     // above it no seal is examined
)

// Signer is a key with the certificates that go into a seal. The key may lie
// outside this process; it is asked for one signature.
type Signer struct {
	Key     crypto.Signer
	Leaf    *x509.Certificate
	Helpers []*x509.Certificate // from the leaf's issuer upwards, without a root
}

// NewSigner puts a key and certificates together: the leaf is the one that
// holds the key's public half; of the others those are kept that lead upwards
// from it.
func NewSigner(key crypto.Signer, certs []*x509.Certificate) (*Signer, error) {
	pub, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil, refuse("SEALING-KEY", "a key of type %T cannot seal", key.Public())
	}
	s := &Signer{Key: key}
	for _, c := range certs {
		if !pub.Equal(c.PublicKey) {
			continue
		}
		if s.Leaf != nil && !s.Leaf.Equal(c) {
			return nil, refuse("SEALING-CERTIFICATE", "several certificates hold this key's public half; give the right one alone")
		}
		s.Leaf = c
	}
	switch {
	case len(certs) == 0:
		return nil, refuse("SEALING-CERTIFICATE", "there is no certificate with the key; give the signer's certificate")
	case s.Leaf == nil:
		return nil, refuse("SEALING-CERTIFICATE", "the certificate %s belongs to another key", verify.Inert(certs[0].Subject.String()))
	}
	s.Helpers = above(s.Leaf, certs)
	return s, nil
}

// above walks from a leaf towards its root, which is left out: whoever trusts
// it has it.
func above(leaf *x509.Certificate, certs []*x509.Certificate) []*x509.Certificate {
	var out []*x509.Certificate
	for at := leaf; len(out) < maxHelpers; {
		var next *x509.Certificate
		for _, c := range certs {
			if !selfSigned(c) && !c.Equal(at) && at.CheckSignatureFrom(c) == nil {
				next = c
				break
			}
		}
		if next == nil {
			return out
		}
		out, at = append(out, next), next
	}
	return out
}

func selfSigned(c *x509.Certificate) bool {
	return string(c.RawSubject) == string(c.RawIssuer)
}

// SHA256 is that of the leaf, in lower-case hexadecimal.
func (s *Signer) SHA256() string {
	sum := sha256.Sum256(s.Leaf.Raw)
	return hex.EncodeToString(sum[:])
}

// certificates is the payload of cert: the leaf, then helpers.
func (s *Signer) certificates() []byte {
	out := append([]byte(nil), s.Leaf.Raw...)
	for _, c := range s.Helpers {
		out = append(out, c.Raw...)
	}
	return out
}

// algorithm is how a key seals.
type algorithm struct {
	hash crypto.Hash
	opts crypto.SignerOpts
	room int    // length of the sibo payload, fixed before signing
	sigC []byte // nil for the format's default
}

// algorithm is the format's default for RSA, and ECDSA with the hash of the
// curve's strength, stated in sigC.
func (s *Signer) algorithm() (algorithm, error) {
	switch k := s.Key.Public().(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSA || n > maxRSA {
			return algorithm{}, refuse("SEALING-KEY", "the RSA key has %d bits; a seal asks %d to %d", n, minRSA, maxRSA)
		}
		return algorithm{hash: crypto.SHA256, opts: &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256}, room: k.Size()}, nil
	case *ecdsa.PublicKey:
		return ecdsaBy(k.Curve)
	}
	return algorithm{}, refuse("SEALING-KEY", "a key of type %T cannot seal; take RSA of %d bits or more, or ECDSA on P-256, P-384 or P-521", s.Key.Public(), minRSA)
}

func ecdsaBy(c elliptic.Curve) (algorithm, error) {
	a, last := algorithm{}, 0
	switch c {
	case elliptic.P256():
		a.hash, last = crypto.SHA256, 2
	case elliptic.P384():
		a.hash, last = crypto.SHA384, 3
	case elliptic.P521():
		a.hash, last = crypto.SHA512, 4
	default:
		return a, refuse("SEALING-KEY", "a key on curve %s cannot seal; take P-256, P-384 or P-521", c.Params().Name)
	}
	a.opts = a.hash
	// The longest DER form: two INTEGERs with room for a sign, in a SEQUENCE.
	a.room = 2 * (2 + c.Params().BitSize/8 + 1)
	if a.room += 2; a.room > 2+127 {
		a.room++
	}
	var err error
	a.sigC, err = asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, last}}) // RFC 5758, 3.2
	if err != nil {
		return a, fmt.Errorf("sealing: sigC: %w", err)
	}
	return a, nil
}

// check refuses what no one who examines the copy would accept.
func (o Options) check() error {
	if o.Signer == nil || o.Now.IsZero() {
		return errors.New("sealing: the options name no signer or no time")
	}
	if _, err := o.Signer.algorithm(); err != nil {
		return err
	}
	if err := o.Signer.check(o.Now); err != nil {
		return err
	}
	if len(o.Note) > maxNote || !plain(o.Note) || len(o.Unit) > maxNote || !plain(o.Unit) {
		return refuse("SEALING-NOTE", "notes and names are one line of plain text (UTF-8, no control characters), at most %d bytes", maxNote)
	}
	for id, t := range o.Starts {
		if at := t.Time(); at.Year() <= 1970 || at.After(o.Now.Add(24*time.Hour)) {
			return refuse("SEALING-START", "the start time %s of track %d is no time of a recording", t, id)
		}
	}
	return nil
}

// plain reports whether a text is shown everywhere as it is.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	})
}

func (s *Signer) check(now time.Time) error {
	c, who := s.Leaf, verify.Inert(s.Leaf.Subject.String())
	from, to := media.FromTime(c.NotBefore), media.FromTime(c.NotAfter)
	switch {
	case now.Before(c.NotBefore):
		return refuse("SEALING-DATES", "the certificate of %s is valid only from %s on", who, from)
	case now.After(c.NotAfter):
		return refuse("SEALING-DATES", "the certificate of %s expired at %s; a seal by it would not be trusted. Renew it", who, to)
	case c.IsCA:
		return refuse("SEALING-CERTIFICATE", "the certificate of %s is that of an authority, which does not sign exports", who)
	case c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return refuse("SEALING-CERTIFICATE", "the certificate of %s does not allow its key to sign (key usage)", who)
	case weak(c.SignatureAlgorithm):
		return refuse("SEALING-CERTIFICATE", "the certificate of %s is signed by %s, which no longer counts. Renew it", who, c.SignatureAlgorithm)
	case len(s.certificates()) > maxCert:
		return refuse("SEALING-CERTIFICATE", "the certificates have more than %d bytes", maxCert)
	}
	return nil
}

func weak(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

// remarks are not reasons to refuse, but what the examiner will be told.
func (s *Signer) remarks() []diag.Finding {
	var out []diag.Finding
	if selfSigned(s.Leaf) {
		out = append(out, diag.New("SEALING-SELF-SIGNED", diag.Warning,
			"the certificate is signed by itself: the signer is trusted only where this certificate is pinned (SHA-256 %s)", s.SHA256()))
	}
	return out
}
