package verify

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
)

// spki is a SubjectPublicKeyInfo.
type spki struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       asn1.BitString
}

// pssKey reads an RSA key that is marked for RSASSA-PSS alone (RFC 4055, 3.1),
// which the library leaves unread.
func pssKey(der []byte) (*rsa.PublicKey, error) {
	var info spki
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, unsupported("the signer's key cannot be read: %v", err)
	}
	if !info.Algorithm.Algorithm.Equal(oidPSS) {
		return nil, unsupported("the signer's key is one for %s, which is not checked by this program", named(info.Algorithm.Algorithm.String()))
	}
	k, err := x509.ParsePKCS1PublicKey(info.Key.RightAlign())
	if err != nil {
		return nil, unsupported("the signer's RSASSA-PSS key cannot be read: %v", err)
	}
	return k, nil
}

// within checks a scheme against the limits that a key marked for RSASSA-PSS
// states of itself (RFC 4055, 3.3): the same hashes, and a salt at least as
// long, whose length is returned. Without parameters there are no limits.
func (s scheme) within(der []byte) (minSalt int, err error) {
	if s.family != pss {
		return 0, badSeal("the certificate's key is marked for RSASSA-PSS alone (RFC 4055), but sigC states another algorithm")
	}
	var info spki
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return 0, unsupported("the signer's key cannot be read: %v", err)
	}
	params := info.Algorithm.Parameters.FullBytes
	if len(params) == 0 || bytes.Equal(params, asn1.NullBytes) {
		return 0, nil
	}
	limit, err := pssScheme(params)
	if err != nil {
		var u *unusable
		if errors.As(err, &u) {
			return 0, &unusable{u.state, "the limits of the signer's key: " + u.why}
		}
		return 0, err
	}
	if limit.hash != s.hash || limit.mgf != s.mgf {
		return 0, badSeal("the signer's key is limited to %s with MGF1 over %s, the seal uses %s with MGF1 over %s", limit.hash, limit.mgf, s.hash, s.mgf)
	}
	if s.stated && s.salt < limit.salt {
		return 0, badSeal("the signer's key is limited to a salt of %d bytes or more, sigC states %d", limit.salt, s.salt)
	}
	return limit.salt, nil
}
