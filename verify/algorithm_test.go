package verify

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"testing"
)

func TestEverySaltLengthIsReadFromTheSignature(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("bytes"))
	for _, salt := range []int{0, 1, 20, 32, 64, 200, 222} {
		sig, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: salt})
		if salt == 0 { // the library's 0 means the longest; sign with the raw option instead
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := verifyPSS(&key.PublicKey, crypto.SHA256, crypto.SHA256, sum[:], sig); err != nil || got != salt {
			t.Errorf("salt %d: read %d, %v", salt, got, err)
		}
		sig[len(sig)/2] ^= 1
		if _, err := verifyPSS(&key.PublicKey, crypto.SHA256, crypto.SHA256, sum[:], sig); !errors.Is(err, errMismatch) {
			t.Errorf("salt %d: a changed signature gave %v", salt, err)
		}
		other := sha256.Sum256([]byte("other bytes"))
		if _, err := verifyPSS(&key.PublicKey, crypto.SHA256, crypto.SHA256, other[:], sig); err == nil {
			t.Errorf("salt %d: other bytes fit", salt)
		}
	}
}

func TestAlgorithmsThatDoNotCountAreNamed(t *testing.T) {
	null := []byte{5, 0}
	id := func(oid []byte, params []byte) []byte {
		body := append(append([]byte{6, byte(len(oid))}, oid...), params...)
		return append([]byte{0x30, byte(len(body))}, body...)
	}
	rsaOID := func(n byte) []byte { return []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, n} }
	cases := map[string]struct {
		sigC []byte
		want SealIntegrity
	}{
		"RSA with SHA-1":          {id(rsaOID(5), null), SealWeak},
		"RSA with MD5":            {id(rsaOID(4), null), SealWeak},
		"PSS without parameters":  {id(rsaOID(10), nil), SealWeak},
		"PSS with NULL":           {id(rsaOID(10), null), SealWeak},
		"Ed25519 with NULL":       {id([]byte{0x2b, 0x65, 0x70}, null), SealMalformed},
		"RSA with an INTEGER":     {id(rsaOID(11), []byte{2, 1, 1}), SealMalformed},
		"RSA with SHA-224":        {id(rsaOID(14), null), SealUnsupported},
		"Ed448":                   {id([]byte{0x2b, 0x65, 0x71}, nil), SealUnsupported},
		"DSA with SHA-256":        {id([]byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2}, nil), SealUnsupported},
		"DSA with SHA-1":          {id([]byte{0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3}, nil), SealWeak},
		"ECDSA with SHA-224":      {id([]byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1}, nil), SealUnsupported},
		"ECDSA with SHA-1":        {id([]byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1}, nil), SealWeak},
		"PSS with no SEQUENCE":    {id(rsaOID(10), []byte{2, 1, 1}), SealMalformed},
		"PSS without MGF":         {id(rsaOID(10), pssParams(sha256ID(), nil)), SealWeak},
		"PSS with another MGF":    {id(rsaOID(10), pssParams(sha256ID(), id([]byte{0x2a, 3, 4}, nil))), SealUnsupported},
		"MGF1 without hash":       {id(rsaOID(10), pssParams(sha256ID(), id(rsaOID(8), null))), SealMalformed},
		"PSS with a strange hash": {id(rsaOID(10), pssParams(id([]byte{0x2a, 3, 4}, nil), nil)), SealUnsupported},
		"PSS, hash with INTEGER":  {id(rsaOID(10), pssParams(id(sha256ID()[4:13], []byte{2, 1, 1}), nil)), SealMalformed},
		"unknown":                 {id([]byte{0x2a, 3, 4, 5}, nil), SealUnsupported},
		"no DER":                  {[]byte("RSA please"), SealMalformed},
		"empty":                   {[]byte{}, SealMalformed},
	}
	for name, c := range cases {
		_, err := schemeOf(c.sigC)
		var u *unusable
		if !errors.As(err, &u) || u.state != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for n, h := range map[byte]crypto.Hash{11: crypto.SHA256, 12: crypto.SHA384, 13: crypto.SHA512} {
		for _, params := range [][]byte{null, nil} {
			if s, err := schemeOf(id(rsaOID(n), params)); err != nil || s.hash != h || s.family != pkcs1 {
				t.Errorf("RSA %d: %+v, %v", n, s, err)
			}
		}
	}
}

// sha256ID is the AlgorithmIdentifier of SHA-256.
func sha256ID() []byte {
	return []byte{0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}
}

// pssParams are parameters of RSASSA-PSS with a hash and a mask generation function.
func pssParams(hash, mgf []byte) []byte {
	body := append([]byte{0xa0, byte(len(hash))}, hash...)
	if mgf != nil {
		body = append(append(body, 0xa1, byte(len(mgf))), mgf...)
	}
	return append([]byte{0x30, byte(len(body))}, body...)
}

func FuzzSchemeOf(f *testing.F) {
	f.Add([]byte{0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, p []byte) {
		s, err := schemeOf(p)
		if err == nil && (s.hash == 0 && s.family != ed25519Pure || s.family == 0) {
			t.Errorf("an empty scheme was accepted: %+v", s)
		}
		_, _, _, _ = splitCertificates(p)
		_, _ = unpadded(p, 32)
	})
}
