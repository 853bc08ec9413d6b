package verify

import (
	"bytes"
	"crypto"
	"crypto/sha1" //nolint:gosec // responders name issuers and themselves by SHA-1; nothing rests on it
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Limits of a stored response. One with a responder's certificate has about 2 KiB.
const (
	MaxResponse = 64 << 10
	maxAnswers  = 64
)

var oidArchiveCutoff = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}

// Response is a stored answer of an OCSP responder. It says nothing until its
// signature was checked against the issuer of a certificate.
type Response struct {
	raw     []byte
	answers []certID
}

// certID names a certificate within a response (RFC 6960, 4.1.1).
type certID struct {
	Hash      pkix.AlgorithmIdentifier
	IssuerDN  []byte
	IssuerKey []byte
	Serial    *big.Int
}

// ParseResponse reads a stored OCSP response. It checks form alone.
func ParseResponse(raw []byte) (*Response, error) {
	if len(raw) > MaxResponse {
		return nil, fmt.Errorf("verify: OCSP response of %d bytes, the limit is %d", len(raw), MaxResponse)
	}
	r := &Response{raw: raw}
	if err := r.readAnswers(); err != nil {
		return nil, err
	}
	for _, a := range r.answers {
		if _, err := ocsp.ParseResponseForCert(raw, &x509.Certificate{SerialNumber: a.Serial}, nil); err != nil {
			return nil, fmt.Errorf("verify: OCSP response: %w", err)
		}
	}
	return r, nil
}

// readAnswers takes out which certificates a response is about: the library
// does not tell by which hashes it names their issuer.
func (r *Response) readAnswers() error {
	var outer struct {
		Status asn1.Enumerated
		Bytes  struct {
			Type asn1.ObjectIdentifier
			Body []byte
		} `asn1:"explicit,tag:0,optional"`
	}
	if rest, err := asn1.Unmarshal(r.raw, &outer); err != nil || len(rest) > 0 {
		return errors.New("verify: OCSP response cannot be read")
	}
	if outer.Status != 0 {
		return fmt.Errorf("verify: OCSP response: %s", ocsp.ResponseStatus(outer.Status))
	}
	var basic struct {
		Data struct {
			Version   int `asn1:"optional,default:0,explicit,tag:0"`
			Responder asn1.RawValue
			Produced  time.Time `asn1:"generalized"`
			Answers   []struct{ ID certID }
		}
	}
	if _, err := asn1.Unmarshal(outer.Bytes.Body, &basic); err != nil {
		return fmt.Errorf("verify: OCSP response: %w", err)
	}
	if n := len(basic.Data.Answers); n == 0 || n > maxAnswers {
		return fmt.Errorf("verify: OCSP response with %d answers, want 1 to %d", n, maxAnswers)
	}
	for _, a := range basic.Data.Answers {
		r.answers = append(r.answers, a.ID)
	}
	return nil
}

// about reports whether the response is about a certificate of an issuer. The
// library takes the first answer with the serial, so that one has to fit.
func (r *Response) about(cert, issuer *x509.Certificate) bool {
	for _, a := range r.answers {
		if a.Serial.Cmp(cert.SerialNumber) != 0 {
			continue
		}
		h := idHash(a.Hash.Algorithm)
		return h.Available() && bytes.Equal(a.IssuerDN, digest(h, issuer.RawSubject)) && bytes.Equal(a.IssuerKey, digest(h, keyBits(issuer)))
	}
	return false
}

func idHash(id asn1.ObjectIdentifier) crypto.Hash {
	for h, o := range map[crypto.Hash]asn1.ObjectIdentifier{
		crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
		crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	} {
		if id.Equal(o) {
			return h
		}
	}
	return 0
}

func digest(h crypto.Hash, p []byte) []byte {
	x := h.New()
	x.Write(p)
	return x.Sum(nil)
}

// keyBits are the bits of a public key without its algorithm.
func keyBits(c *x509.Certificate) []byte {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &info); err != nil {
		return nil
	}
	return info.Key.RightAlign()
}

// askResponses asks every response about a certificate.
func (c *checker) askResponses(cert, issuer *x509.Certificate, s *standing) {
	var seen []*Response
	for _, p := range c.policy.Packs {
		for _, r := range p.Responses {
			if slices.Contains(seen, r) || !r.about(cert, issuer) {
				continue
			}
			seen = append(seen, r)
			got, err := r.answer(cert, issuer)
			if err == nil && got.Certificate != nil && c.withdrawn(got.Certificate, issuer) {
				err = errors.New("its responder is revoked")
			}
			if err != nil {
				s.refuse("an OCSP response about %s is not used: %v", nameOf(cert.Subject.String()), err)
				continue
			}
			switch got.Status {
			case ocsp.Good:
				s.news(got.ThisUpdate, got.NextUpdate, forgotten(got, cert))
			case ocsp.Revoked:
				s.news(got.ThisUpdate, got.NextUpdate, false)
				s.revoke(revocation{got.RevokedAt, got.RevocationReason})
			default:
				s.refuse("an OCSP response about %s is not used: the responder does not know the certificate", nameOf(cert.Subject.String()))
			}
		}
	}
}

// answer checks the response as one of the issuer or of its delegate.
func (r *Response) answer(cert, issuer *x509.Certificate) (*ocsp.Response, error) {
	got, err := ocsp.ParseResponseForCert(r.raw, cert, nil)
	if err != nil {
		return nil, err
	}
	if weakHash(got.SignatureAlgorithm) {
		return nil, fmt.Errorf("it is signed by %s, which no longer counts", got.SignatureAlgorithm)
	}
	by := issuer
	if got.Certificate != nil && !got.Certificate.Equal(issuer) {
		by = got.Certificate
		if err := delegated(by, issuer, got.ProducedAt); err != nil {
			return nil, err
		}
	}
	if err := got.CheckSignatureFrom(by); err != nil {
		return nil, errors.New("its signature does not fit the issuer's key")
	}
	sum := sha1.Sum(keyBits(by)) //nolint:gosec // a name, see above
	if !bytes.Equal(got.RawResponderName, by.RawSubject) && !bytes.Equal(got.ResponderKeyHash, sum[:]) {
		return nil, errors.New("it names another responder than the one that signed it")
	}
	if !got.NextUpdate.IsZero() && got.NextUpdate.Before(got.ThisUpdate) {
		return nil, errors.New("its next update lies before its own date")
	}
	return got, nil
}

// delegated checks that the issuer itself made a responder its delegate.
func delegated(by, issuer *x509.Certificate, at time.Time) error {
	weak, err := authorityKey(by)
	switch {
	case !bytes.Equal(by.RawIssuer, issuer.RawSubject) || by.CheckSignatureFrom(issuer) != nil:
		return errors.New("its responder is not appointed by the issuer")
	case !slices.Contains(by.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
		return errors.New("its responder may not answer for the issuer (no OCSP signing use)")
	case err != nil || weak != "":
		return errors.New("its responder's key does not count")
	case at.Before(by.NotBefore) || at.After(by.NotAfter):
		return errors.New("its responder's certificate was not valid when it answered")
	}
	return nil
}

// withdrawn reports whether a list of the issuer names its delegate.
func (c *checker) withdrawn(by, issuer *x509.Certificate) bool {
	s := &standing{}
	c.askLists(by, issuer, s)
	return s.revoked != nil
}

// forgotten reports whether a responder may no longer know a certificate that expired.
func forgotten(r *ocsp.Response, c *x509.Certificate) bool {
	if !c.NotAfter.Before(r.ThisUpdate) {
		return false
	}
	for _, e := range r.Extensions {
		var cutoff time.Time
		if e.Id.Equal(oidArchiveCutoff) {
			if _, err := asn1.UnmarshalWithParams(e.Value, &cutoff, "generalized"); err == nil {
				return c.NotAfter.Before(cutoff)
			}
		}
	}
	return true
}
