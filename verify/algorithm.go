package verify

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // hashes of the format's algorithms
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

// Floors and ceilings of keys: RFC-conforming RSA below 2048 bits verifies in
// the library, so the floor is ours; above 8192 bits a check costs more than it tells.
const (
	minRSA = 2048
	maxRSA = 8192
)

// scheme is how a signature was made.
type scheme struct {
	family family
	hash   crypto.Hash
	mgf    crypto.Hash // RSASSA-PSS
	salt   int         // RSASSA-PSS
	stated bool        // by a sigC box; otherwise the format's default
}

type family uint8

const (
	pss family = iota + 1
	pkcs1
	ecdsaDER
	ed25519Pure
)

// unusable says why an algorithm cannot be checked or does not count.
type unusable struct {
	state SealIntegrity // SealWeak or SealUnsupported or SealMalformed
	why   string
}

func (u *unusable) Error() string { return u.why }

func unsupported(format string, args ...any) error {
	return &unusable{SealUnsupported, fmt.Sprintf(format, args...)}
}

func tooWeak(format string, args ...any) error {
	return &unusable{SealWeak, fmt.Sprintf(format, args...)}
}

func badSeal(format string, args ...any) error {
	return &unusable{SealMalformed, fmt.Sprintf(format, args...)}
}

var (
	oidPSS     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}

	hashes = map[string]crypto.Hash{
		"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
	}
	weakHashes = map[string]string{"1.3.14.3.2.26": "SHA-1", "1.2.840.113549.2.5": "MD5"}
	fixed      = map[string]scheme{
		"1.2.840.113549.1.1.11": {family: pkcs1, hash: crypto.SHA256}, "1.2.840.113549.1.1.12": {family: pkcs1, hash: crypto.SHA384},
		"1.2.840.113549.1.1.13": {family: pkcs1, hash: crypto.SHA512},
		"1.2.840.10045.4.3.2":   {family: ecdsaDER, hash: crypto.SHA256}, "1.2.840.10045.4.3.3": {family: ecdsaDER, hash: crypto.SHA384},
		"1.2.840.10045.4.3.4": {family: ecdsaDER, hash: crypto.SHA512},
	}
	weakSchemes = map[string]string{
		"1.2.840.113549.1.1.4": "RSA with MD5", "1.2.840.113549.1.1.5": "RSA with SHA-1", "1.2.840.10045.4.1": "ECDSA with SHA-1",
		"1.2.840.10040.4.3": "DSA with SHA-1",
	}
	// unknown are the names of what is not checked; the rest is told by number.
	unknown = map[string]string{
		"1.2.840.113549.1.1.14": "RSA with SHA-224", "1.2.840.10045.4.3.1": "ECDSA with SHA-224", "2.16.840.1.101.3.4.2.4": "SHA-224",
		"2.16.840.1.101.3.4.3.1": "DSA with SHA-224", "2.16.840.1.101.3.4.3.2": "DSA with SHA-256", "1.3.101.113": "Ed448",
		"2.16.840.1.101.3.4.2.5": "SHA-512/224", "2.16.840.1.101.3.4.2.6": "SHA-512/256",
	}
)

// defaultScheme is the algorithm of a seal without sigC.
var defaultScheme = scheme{family: pss, hash: crypto.SHA256, mgf: crypto.SHA256, salt: 20}

// schemeOf reads sigC (RFC 3280 AlgorithmIdentifier, parameters by RFC 4055).
func schemeOf(sigC []byte) (scheme, error) {
	if sigC == nil {
		return defaultScheme, nil
	}
	var id pkix.AlgorithmIdentifier
	rest, err := asn1.Unmarshal(sigC, &id)
	if err != nil {
		return scheme{}, badSeal("sigC is no AlgorithmIdentifier: %v", err)
	}
	if len(rest) != 0 {
		return scheme{}, badSeal("%d bytes follow the AlgorithmIdentifier in sigC", len(rest))
	}
	oid := id.Algorithm.String()
	if s, ok := fixed[oid]; ok {
		if !null(id.Parameters) {
			return scheme{}, badSeal("sigC states parameters for an algorithm that has none")
		}
		s.stated = true
		return s, nil
	}
	if name, ok := weakSchemes[oid]; ok {
		return scheme{}, tooWeak("the seal is made by %s, which no longer counts", name)
	}
	switch {
	case id.Algorithm.Equal(oidPSS):
		return pssScheme(id.Parameters.FullBytes)
	case id.Algorithm.Equal(oidEd25519):
		if len(id.Parameters.FullBytes) != 0 {
			return scheme{}, badSeal("sigC states parameters for Ed25519, which has none")
		}
		return scheme{family: ed25519Pure, stated: true}, nil
	}
	return scheme{}, unsupported("the seal is made by %s, which is not checked by this program", named(oid))
}

// named is how an algorithm that is not checked is called.
func named(oid string) string {
	if name, ok := unknown[oid]; ok {
		return name
	}
	return "algorithm " + oid
}

// null reports whether parameters are absent or NULL, which mean the same.
func null(p asn1.RawValue) bool {
	return len(p.FullBytes) == 0 || bytes.Equal(p.FullBytes, asn1.NullBytes)
}

// pssParameters is RSASSA-PSS-params of RFC 4055.
type pssParameters struct {
	Hash    pkix.AlgorithmIdentifier `asn1:"explicit,tag:0,optional"`
	MGF     pkix.AlgorithmIdentifier `asn1:"explicit,tag:1,optional"`
	Salt    int                      `asn1:"explicit,tag:2,optional,default:20"`
	Trailer int                      `asn1:"explicit,tag:3,optional,default:1"`
}

func pssScheme(params []byte) (scheme, error) {
	s := scheme{family: pss, stated: true}
	if len(params) == 0 || bytes.Equal(params, asn1.NullBytes) {
		return s, tooWeak("the seal states RSASSA-PSS without parameters, which means SHA-1")
	}
	var p pssParameters
	rest, err := asn1.Unmarshal(params, &p)
	if err != nil || len(rest) != 0 {
		return s, badSeal("the RSASSA-PSS parameters in sigC cannot be read")
	}
	if p.Trailer != 1 {
		return s, unsupported("RSASSA-PSS with trailer field %d; only 1 is defined", p.Trailer)
	}
	if p.Salt < 0 || p.Salt > 512 {
		return s, badSeal("RSASSA-PSS with a salt of %d bytes", p.Salt)
	}
	s.salt = p.Salt
	if s.hash, err = hashOf(p.Hash, "hash"); err != nil {
		return s, err
	}
	if !p.MGF.Algorithm.Equal(oidMGF1) {
		if len(p.MGF.Algorithm) == 0 {
			return s, tooWeak("RSASSA-PSS without a mask generation function means one over SHA-1")
		}
		return s, unsupported("RSASSA-PSS with mask generation function %s; only MGF1 is known", p.MGF.Algorithm)
	}
	var inner pkix.AlgorithmIdentifier
	if rest, err := asn1.Unmarshal(p.MGF.Parameters.FullBytes, &inner); err != nil || len(rest) != 0 {
		return s, badSeal("the hash of MGF1 in sigC cannot be read")
	}
	s.mgf, err = hashOf(inner, "MGF1 hash")
	return s, err
}

func hashOf(id pkix.AlgorithmIdentifier, what string) (crypto.Hash, error) {
	oid := id.Algorithm.String()
	if len(id.Algorithm) == 0 {
		return 0, tooWeak("RSASSA-PSS without a stated %s means SHA-1", what)
	}
	if !null(id.Parameters) {
		return 0, badSeal("sigC states parameters for the %s, which has none", what)
	}
	if h, ok := hashes[oid]; ok {
		return h, nil
	}
	if name, ok := weakHashes[oid]; ok {
		return 0, tooWeak("the seal uses %s as %s, which no longer counts", name, what)
	}
	return 0, unsupported("the seal uses %s as %s, which is not checked by this program", named(oid), what)
}

// name is how reports call the scheme with a key.
func (s scheme) name(key any) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if s.family == pkcs1 {
			return fmt.Sprintf("RSA %d PKCS#1 v1.5, %s", k.N.BitLen(), s.hash)
		}
		if s.mgf != s.hash {
			return fmt.Sprintf("RSA-PSS %d, %s, MGF1 %s", k.N.BitLen(), s.hash, s.mgf)
		}
		return fmt.Sprintf("RSA-PSS %d, %s", k.N.BitLen(), s.hash)
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ECDSA %s, %s", k.Curve.Params().Name, s.hash)
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return s.hash.String()
}

// publicKey returns the key of the leaf and whether it is above the floor. A
// key below it is still returned: what does not fit it is broken, not weak.
func publicKey(leaf *x509.Certificate) (key any, weak string, err error) {
	key = leaf.PublicKey
	if key == nil {
		if key, err = pssKey(leaf.RawSubjectPublicKeyInfo); err != nil {
			return nil, "", err
		}
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch n := k.N.BitLen(); {
		case n > maxRSA:
			return nil, "", unsupported("an RSA key of %d bits is larger than %d", n, maxRSA)
		case n < minRSA:
			return k, fmt.Sprintf("an RSA key of %d bits is below the floor of %d", n, minRSA), nil
		}
		if k.E < 3 || k.E%2 == 0 {
			return nil, "", unsupported("an RSA key with the exponent %d is none", k.E)
		}
		return k, "", nil
	case ed25519.PublicKey:
		return k, "", nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
			return k, "", nil
		}
		return k, fmt.Sprintf("curve %s is below the floor of P-256", k.Curve.Params().Name), nil
	}
	return nil, "", unsupported("a key of type %s is not checked by this program", leaf.PublicKeyAlgorithm)
}

var errMismatch = errors.New("the signature does not fit the bytes")

// agrees reports whether the scheme is one for the key: the algorithm comes
// from sigC, the key from cert, and no other is tried where they differ.
func (s scheme) agrees(key any) error {
	says := "no sigC, which means RSA"
	if s.stated {
		says = "sigC states " + [...]string{pss: "RSA", pkcs1: "RSA", ecdsaDER: "ECDSA", ed25519Pure: "Ed25519"}[s.family]
	}
	holds, fits := "", false
	switch key.(type) {
	case *rsa.PublicKey:
		holds, fits = "RSA", s.family == pss || s.family == pkcs1
	case *ecdsa.PublicKey:
		holds, fits = "ECDSA", s.family == ecdsaDER
	case ed25519.PublicKey:
		holds, fits = "Ed25519", s.family == ed25519Pure
	}
	if !fits {
		return badSeal("%s, but the certificate holds a key for %s", says, holds)
	}
	return nil
}

// check verifies one signature over a digest; for Ed25519 over the message. It
// returns the salt length found where the scheme has one, and errMismatch when
// the signature does not fit.
func (s scheme) check(key any, digest, sig []byte) (salt int, err error) {
	if err := s.agrees(key); err != nil {
		return 0, err
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if len(sig) != k.Size() {
			return 0, fmt.Errorf("the signature has %d bytes, the key asks %d", len(sig), k.Size())
		}
		return s.checkRSA(k, digest, sig)
	case *ecdsa.PublicKey:
		der, err := unpadded(sig, (k.Curve.Params().BitSize+7)/8)
		if err != nil {
			return 0, err
		}
		if !ecdsa.VerifyASN1(k, digest, der) {
			return 0, errMismatch
		}
		return 0, nil
	case ed25519.PublicKey:
		return 0, checkEd25519(k, digest, sig)
	}
	return 0, unsupported("a key of type %T is not checked by this program", key)
}

func (s scheme) checkRSA(k *rsa.PublicKey, digest, sig []byte) (int, error) {
	if s.family == pkcs1 {
		if rsa.VerifyPKCS1v15(k, s.hash, digest, sig) != nil {
			return 0, errMismatch
		}
		return 0, nil
	}
	// Go refuses keys below 1024 bits; those above and below the floor are told apart by the caller.
	salt, err := verifyPSS(k, s.hash, s.mgf, digest, sig)
	if err != nil {
		return 0, err
	}
	if s.stated && salt != s.salt {
		return salt, fmt.Errorf("the salt has %d bytes, sigC states %d", salt, s.salt)
	}
	return salt, nil
}

// unpadded returns the DER SEQUENCE at the start of sig. Zero bytes may follow
// it, since the box was sized before the signature was made. n is the length of
// one number of the curve: two of them side by side are another form.
func unpadded(sig []byte, n int) ([]byte, error) {
	var raw asn1.RawValue
	rest, err := asn1.Unmarshal(sig, &raw)
	if err != nil || raw.Class != asn1.ClassUniversal || raw.Tag != asn1.TagSequence {
		if len(sig) == 2*n {
			return nil, unsupported("the ECDSA signature is not in DER form but has r and s side by side")
		}
		return nil, errors.New("the ECDSA signature is not in DER form")
	}
	if len(bytes.Trim(rest, "\x00")) != 0 {
		return nil, fmt.Errorf("%d bytes that are not zero follow the ECDSA signature", len(rest))
	}
	return raw.FullBytes, nil
}

// verifyPSS is EMSA-PSS-VERIFY of RFC 8017, 9.1.2, with the salt length taken
// from the encoding and with separate hashes for the message and MGF1, which
// the library does not offer. It returns the length of the salt.
func verifyPSS(k *rsa.PublicKey, h, mgf crypto.Hash, digest, sig []byte) (int, error) {
	c := new(big.Int).SetBytes(sig)
	if c.Cmp(k.N) >= 0 {
		return 0, errMismatch
	}
	bits := k.N.BitLen() - 1
	em := make([]byte, (bits+7)/8)
	m := c.Exp(c, big.NewInt(int64(k.E)), k.N)
	if m.BitLen() > len(em)*8 {
		return 0, errMismatch
	}
	m.FillBytes(em)

	hLen := h.Size()
	if len(em) < hLen+2 || em[len(em)-1] != 0xbc {
		return 0, errMismatch
	}
	db, sum := em[:len(em)-hLen-1], em[len(em)-hLen-1:len(em)-1]
	top := byte(0xff) >> (8*len(em) - bits)
	if db[0]&^top != 0 {
		return 0, errMismatch
	}
	mask(db, sum, mgf)
	db[0] &= top
	one := bytes.IndexByte(db, 1)
	if one < 0 || len(bytes.Trim(db[:one], "\x00")) != 0 {
		return 0, errMismatch
	}
	salt := db[one+1:]
	w := h.New()
	w.Write(make([]byte, 8))
	w.Write(digest)
	w.Write(salt)
	if !bytes.Equal(w.Sum(nil), sum) {
		return 0, errMismatch
	}
	return len(salt), nil
}

// mask is MGF1 of RFC 8017, B.2.1, applied to db.
func mask(db, seed []byte, h crypto.Hash) {
	for i, done := uint32(0), 0; done < len(db); i++ {
		w := h.New()
		w.Write(seed)
		w.Write([]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)})
		for _, b := range w.Sum(nil) {
			if done == len(db) {
				return
			}
			db[done] ^= b
			done++
		}
	}
}
