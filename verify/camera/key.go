package camera

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // digests that a document may announce
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
)

// Limits of a chain. The reference signer writes at most three certificates.
const (
	maxChain   = 8
	minRSABits = 2048 // shorter keys can be broken
	maxRSABits = 8192 // longer ones cost time and are used by nobody
)

// signingKey is a key with the chain that came with it.
type signingKey struct {
	leaf    *x509.Certificate
	helpers []*x509.Certificate
}

// parseChain reads a chain: the leaf comes first.
func parseChain(text string) (*signingKey, error) {
	k := &signingKey{}
	rest := []byte(text)
	for n := 0; ; n++ {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		if n == maxChain {
			return nil, fmt.Errorf("more than %d certificates", maxChain)
		}
		c, err := x509.ParseCertificate(b.Bytes)
		switch {
		case err != nil && k.leaf == nil:
			return nil, fmt.Errorf("its certificate cannot be read: %w", err)
		case err != nil: // a helper that cannot help
		case k.leaf == nil:
			k.leaf = c
		default:
			k.helpers = append(k.helpers, c)
		}
	}
	if k.leaf == nil {
		return nil, errors.New("it holds no certificate")
	}
	return k, usable(k.leaf)
}

// usable says why a certificate's key cannot be used, or nil.
func usable(c *x509.Certificate) error {
	switch k := c.PublicKey.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return nil
		}
		return fmt.Errorf("keys on %s are not used", k.Curve.Params().Name)
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSABits || n > maxRSABits {
			return fmt.Errorf("an RSA key of %d bits does not count", n)
		}
		if big.NewInt(int64(k.E)).BitLen() > 32 {
			return errors.New("the exponent of its RSA key is too large")
		}
		return nil
	}
	return fmt.Errorf("keys of kind %s are not used", c.PublicKeyAlgorithm)
}

// fits reports whether a signature over a digest is by the key. The algorithm
// follows from the key: documents do not state it.
func (k *signingKey) fits(h crypto.Hash, digest, signature []byte) bool {
	switch pub := k.leaf.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(pub, digest, signature)
	case *rsa.PublicKey:
		// The salt is as long as fits, not as long as the digest.
		return rsa.VerifyPSS(pub, h, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto}) == nil
	}
	return false
}

// keyring is the key of a track: that of the first chain which signed the
// message it came in. Another later is a change of keys, never a replacement.
type keyring struct {
	key     *signingKey
	changed bool
	refused error // why a chain could not be used, while there is none
	cache   map[[sha256.Size]byte]parsedChain
}

type parsedChain struct {
	key *signingKey
	err error
}

// maxCached is the number of chains kept parsed: every document brings its own copy.
const maxCached = 16

func (r *keyring) parse(text string) (*signingKey, error) {
	sum := sha256.Sum256([]byte(text))
	if p, ok := r.cache[sum]; ok {
		return p.key, p.err
	}
	if len(r.cache) >= maxCached || r.cache == nil {
		r.cache = map[[sha256.Size]byte]parsedChain{}
	}
	key, err := parseChain(text)
	if err != nil {
		key = nil
	}
	r.cache[sum] = parsedChain{key, err}
	return key, err
}

// brought returns the keys that a message brings: the one that signs it, and
// the one that signs documents. They differ where the user provided a key: then
// the maker's signs the certificate SEI.
func (r *keyring) brought(d *document) (signs, documents *signingKey, err error) {
	for _, c := range d.chains {
		k, e := r.parse(c.text)
		if e != nil {
			err = e
			continue
		}
		switch {
		case c.user:
			documents = k
		case signs == nil:
			signs = k
		}
	}
	if signs == nil {
		signs = documents
	}
	if documents == nil {
		documents = signs
	}
	if !d.cert {
		signs = documents
	}
	if signs == nil && err == nil && len(d.chains) > 0 {
		err = errors.New("it holds no certificate")
	}
	return signs, documents, err
}

// standing is what a signature is worth.
type standing uint8

const (
	noKey       standing = iota // cannot be told
	signed                      // by the track's key
	wrong                       // by no key that is known
	foreign                     // by a key that came later
	notSigned                   // carries no signature
	unknownHash                 // by a digest that is not known
)

// weigh checks the signature of a document, once, and takes its key where the
// track has none yet. digest is of the signed bytes.
func (r *keyring) weigh(d *document, h crypto.Hash, digest []byte) standing {
	if !d.signed {
		return notSigned
	}
	signs, documents, err := r.brought(d)
	if err != nil && r.refused == nil {
		r.refused = err
	}
	own := signs != nil && (r.key == nil || !documents.leaf.Equal(r.key.leaf))
	switch {
	case own && signs.fits(h, digest, d.signature):
		if r.key == nil {
			r.key = documents
			return signed
		}
		r.changed = true
		return foreign
	case own && r.key == nil:
		if r.refused == nil {
			r.refused = errors.New("its signature does not fit the certificate it came with")
		}
		return wrong
	case own:
		return wrong
	case r.key == nil:
		return noKey
	case d.cert && signs != nil && signs.fits(h, digest, d.signature):
		return signed
	case r.key.fits(h, digest, d.signature):
		if r.changed {
			return foreign
		}
		return signed
	}
	return wrong
}
