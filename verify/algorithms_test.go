package verify_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify"
)

// minted issues one more certificate of the exporter's world.
func minted(t testing.TB, key crypto.Signer) *fixture.Signer {
	t.Helper()
	s, err := world(t).Mint("VMS export 07", key, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func curve(t testing.TB, c elliptic.Curve) *fixture.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return minted(t, k)
}

func modulus(t testing.TB, bits int) *fixture.Signer {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return minted(t, k)
}

// made is one seal by a signer and a scheme.
func made(t testing.TB, s *fixture.Signer, scheme fixture.Scheme) []byte {
	return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.By, o.Scheme = s, scheme }))
}

func TestRSAPSSIsIntactWithEveryHashAndSaltThatIsStated(t *testing.T) {
	var cases []answer
	w := world(t)
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		for _, mgf := range []crypto.Hash{crypto.SHA256, crypto.SHA512} {
			for _, salt := range []int{fixture.NoSalt, 20, 32, 64} {
				said := max(salt, 0)
				cases = append(cases, answer{
					name: fmt.Sprintf("%s, MGF1 %s, salt %d", h, mgf, said), verdict: verify.Intact, seals: "i", start: noon,
					data: made(t, w.Exporter, fixture.Scheme{Hash: h, MGF: mgf, Salt: salt, SigC: fixture.SigCPSS(h, mgf, said, 1)}),
				})
			}
		}
	}
	expect(t, agency(t), cases)
}

func TestSaltOfAnotherLengthThanTheFormatAsksIsIntactWithARemark(t *testing.T) {
	var cases []answer
	for _, salt := range []int{fixture.NoSalt, 1, 32, 64, 222} {
		cases = append(cases, answer{
			name: fmt.Sprint(salt), data: made(t, world(t).Exporter, fixture.Scheme{Salt: salt}),
			verdict: verify.Intact, seals: "i", codes: "SIG-SALT",
		})
	}
	expect(t, agency(t), cases)
}

func TestStatedAlgorithmsAreFollowedToTheLetter(t *testing.T) {
	w := world(t)
	pss := func(salt, trailer int) []byte { return fixture.SigCPSS(crypto.SHA256, crypto.SHA256, salt, trailer) }
	weakPSS := fixture.SigCPSS(crypto.SHA1, crypto.SHA1, 20, 1)
	mixed := fixture.SigCPSS(crypto.SHA256, crypto.SHA1, 20, 1)
	p256, p384, p521 := curve(t, elliptic.P256()), curve(t, elliptic.P384()), curve(t, elliptic.P521())
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ed := minted(t, edKey)
	rsaWith := func(s fixture.Scheme) []byte { return made(t, w.Exporter, s) }
	ecWith := func(s *fixture.Signer, h crypto.Hash, oid []byte) []byte {
		return made(t, s, fixture.Scheme{Hash: h, SigC: oid})
	}
	ec256 := fixture.SigC(fixture.OIDECDSASHA256)
	padded := made(t, p256, fixture.Scheme{SigC: ec256, Extra: 7})
	at := find(t, padded, "sibo", 1)
	lastByte := at - 4 + int(padded[at-2])<<8 + int(padded[at-1]) - 1
	expect(t, agency(t), []answer{
		{name: "PKCS#1 v1.5, SHA-256", data: rsaWith(fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA256RSA)}), verdict: verify.Intact, seals: "i"},
		{name: "PKCS#1 v1.5, SHA-384", data: rsaWith(fixture.Scheme{PKCS1: true, Hash: crypto.SHA384, SigC: fixture.SigC(fixture.OIDSHA384RSA)}), verdict: verify.Intact, seals: "i"},
		{name: "PKCS#1 v1.5, SHA-512", data: rsaWith(fixture.Scheme{PKCS1: true, Hash: crypto.SHA512, SigC: fixture.SigC(fixture.OIDSHA512RSA)}), verdict: verify.Intact, seals: "i"},
		{name: "PKCS#1 v1.5 without saying so", data: rsaWith(fixture.Scheme{PKCS1: true}), verdict: verify.Broken, seals: "b"},
		{name: "PSS where PKCS#1 is stated", data: rsaWith(fixture.Scheme{SigC: fixture.SigC(fixture.OIDSHA256RSA)}), verdict: verify.Broken, seals: "b"},
		{name: "another hash than stated", data: rsaWith(fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA512RSA)}), verdict: verify.Broken, seals: "b"},
		{name: "another salt than stated", data: rsaWith(fixture.Scheme{Salt: 32, SigC: pss(20, 1)}), verdict: verify.Broken, seals: "b"},
		{name: "another MGF1 hash than stated", data: rsaWith(fixture.Scheme{MGF: crypto.SHA512, SigC: pss(20, 1)}), verdict: verify.Broken, seals: "b"},
		{name: "trailer 2", data: rsaWith(fixture.Scheme{SigC: pss(20, 2)}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "salt of 600 bytes stated", data: rsaWith(fixture.Scheme{SigC: pss(600, 1)}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "SHA-1 by PKCS#1", data: rsaWith(fixture.Scheme{SigC: fixture.SigC(fixture.OIDSHA1RSA)}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "SHA-1 by PSS", data: rsaWith(fixture.Scheme{SigC: weakPSS}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "SHA-1 in MGF1", data: rsaWith(fixture.Scheme{SigC: mixed}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "PSS without parameters", data: rsaWith(fixture.Scheme{SigC: fixture.SigC(fixture.OIDPSS)}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "empty sigC", data: rsaWith(fixture.Scheme{SigC: []byte{}}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "sigC with something behind", data: rsaWith(fixture.Scheme{SigC: append(pss(20, 1), 0)}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "RSA key of 1024 bits", data: made(t, modulus(t, 1024), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "RSA key of 2047 bits", data: made(t, modulus(t, 2047), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "RSA key of 2049 bits", data: made(t, modulus(t, 2049), fixture.Scheme{}), verdict: verify.Intact, seals: "i"},
		{name: "signature longer than the key", data: rsaWith(fixture.Scheme{Extra: 1}), verdict: verify.Broken, seals: "b"},
		{name: "ECDSA P-256", data: ecWith(p256, crypto.SHA256, ec256), verdict: verify.Intact, seals: "i"},
		{name: "ECDSA P-384", data: ecWith(p384, crypto.SHA384, fixture.SigC(fixture.OIDECDSASHA384)), verdict: verify.Intact, seals: "i"},
		{name: "ECDSA P-521", data: ecWith(p521, crypto.SHA512, fixture.SigC(fixture.OIDECDSASHA512)), verdict: verify.Intact, seals: "i"},
		{name: "ECDSA P-256 over SHA-512", data: ecWith(p256, crypto.SHA512, fixture.SigC(fixture.OIDECDSASHA512)), verdict: verify.Intact, seals: "i"},
		{name: "ECDSA with zeros behind", data: padded, verdict: verify.Intact, seals: "i"},
		{name: "ECDSA with other bytes behind", data: flip(padded, lastByte), verdict: verify.Broken, seals: "b"},
		{name: "ECDSA, picture changed", data: flip(padded, find(t, padded, "mdat", 1)+30), verdict: verify.Broken, seals: "b"},
		{name: "ECDSA not in DER", data: made(t, p256, fixture.Scheme{SigC: ec256, Raw: true}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "ECDSA without sigC", data: made(t, p256, fixture.Scheme{}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "ECDSA stated, RSA key", data: rsaWith(fixture.Scheme{SigC: ec256}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "RSA stated, ECDSA key", data: made(t, p256, fixture.Scheme{SigC: pss(20, 1)}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "ECDSA P-224", data: ecWith(curve(t, elliptic.P224()), crypto.SHA256, ec256), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "Ed25519 stated", data: rsaWith(fixture.Scheme{SigC: fixture.SigC(fixture.OIDEd25519)}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "Ed25519 key", verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED", data: seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) {
			o.Certs = [][]byte{ed.Cert.Raw}
		}))},
	})
}

func TestWeakKeyThatDoesNotEvenFitIsBroken(t *testing.T) {
	data := made(t, modulus(t, 1024), fixture.Scheme{})
	expect(t, agency(t), []answer{{name: "1024 bits", data: flip(data, find(t, data, "mdat", 1)+30), verdict: verify.Broken, seals: "b"}})
}

func TestKeyMarkedForPSSIsReadAndItsLimitsAreNotGuessed(t *testing.T) {
	w := world(t)
	free, err := w.MarkPSS(w.Exporter, nil)
	if err != nil {
		t.Fatal(err)
	}
	params := fixture.SigCPSS(crypto.SHA256, crypto.SHA256, 32, 1)
	limited, err := w.MarkPSS(w.Exporter, params)
	if err != nil {
		t.Fatal(err)
	}
	stated := fixture.Scheme{Salt: 32, SigC: params}
	expect(t, agency(t), []answer{
		{name: "no limits", data: made(t, free, fixture.Scheme{}), verdict: verify.Intact, seals: "i"},
		{name: "no limits, stated salt", data: made(t, free, stated), verdict: verify.Intact, seals: "i"},
		{name: "with limits", data: made(t, limited, stated), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "used for PKCS#1", verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED",
			data: made(t, free, fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA256RSA)})},
	})
}
