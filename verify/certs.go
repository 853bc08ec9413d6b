package verify

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/asn1"
)

// maxHelpers is how many certificates behind the signer's are used: a path has
// at most eight, and the file's maker chooses them.
const maxHelpers = 16

// splitCertificates takes the certificates of a cert box apart, one by one: one
// that the library cannot read does not hide the others. rest is true when
// something was left out.
func splitCertificates(p []byte) (leaf *x509.Certificate, others []*x509.Certificate, rest bool, err error) {
	for i := 0; len(p) > 0; i++ {
		var raw asn1.RawValue
		after, aerr := asn1.Unmarshal(p, &raw)
		if aerr == nil {
			var c *x509.Certificate
			if c, aerr = x509.ParseCertificate(raw.FullBytes); aerr == nil && i > 0 && len(others) < maxHelpers {
				others = append(others, c)
			} else if aerr == nil && i == 0 {
				leaf = c
			} else {
				rest = true
			}
		}
		if i == 0 && aerr != nil {
			return nil, nil, false, aerr
		}
		if raw.FullBytes == nil || i > maxHelpers {
			return leaf, others, true, nil
		}
		p = after
	}
	return leaf, others, rest, nil
}

// pair is a certificate and the one that may have issued it.
type pair struct{ child, issuer *x509.Certificate }

// signed checks whether issuer signed child, each pair once in a check:
// the same authorities stand above many seals and in many pools.
func (c *checker) signed(child, issuer *x509.Certificate) error {
	key := pair{child, issuer}
	err, known := c.links[key]
	if !known {
		err = linkError(child, issuer)
		if c.links == nil {
			c.links = map[pair]error{}
		}
		c.links[key] = err
	}
	return err
}

func linkError(child, issuer *x509.Certificate) error {
	if _, err := authorityKey(issuer); err != nil {
		return x509.ErrUnsupportedAlgorithm // before its key costs time
	}
	return child.CheckSignatureFrom(issuer)
}

// authorityKey says whether an authority's key is above the floor, which is
// that of seals; authorities may also use Ed25519.
func authorityKey(c *x509.Certificate) (weak string, err error) {
	if _, ok := c.PublicKey.(ed25519.PublicKey); ok {
		return "", nil
	}
	_, weak, err = publicKey(c)
	return weak, err
}
