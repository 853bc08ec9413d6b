package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"
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
		{name: "ECDSA, first byte of the signature changed", data: flip(padded, at+4), verdict: verify.Broken, seals: "b"},
		{name: "ECDSA, empty signature", data: made(t, p256, fixture.Scheme{SigC: ec256, Raw: true, Extra: 1}), verdict: verify.Broken, seals: "b"},
		{name: "ECDSA with NULL", data: ecWith(p256, crypto.SHA256, withNull(t, fixture.OIDECDSASHA256)), verdict: verify.Intact, seals: "i"},
		{name: "PKCS#1 with NULL", data: rsaWith(fixture.Scheme{PKCS1: true, SigC: withNull(t, fixture.OIDSHA256RSA)}), verdict: verify.Intact, seals: "i"},
		{name: "SHA-224 in PSS", data: rsaWith(fixture.Scheme{SigC: fixture.SigCPSS(crypto.SHA224, crypto.SHA256, 20, 1)}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "SHA-224 in MGF1", data: rsaWith(fixture.Scheme{SigC: fixture.SigCPSS(crypto.SHA256, crypto.SHA224, 20, 1)}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
		{name: "MD5 in PSS", data: rsaWith(fixture.Scheme{SigC: fixture.SigCPSS(crypto.MD5, crypto.SHA256, 20, 1)}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
	})
}

func TestWeakKeyThatDoesNotEvenFitIsBroken(t *testing.T) {
	data := made(t, modulus(t, 1024), fixture.Scheme{})
	expect(t, agency(t), []answer{{name: "1024 bits", data: flip(data, find(t, data, "mdat", 1)+30), verdict: verify.Broken, seals: "b"}})
}

func withNull(t testing.TB, oid asn1.ObjectIdentifier) []byte {
	t.Helper()
	der, err := asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.NullRawValue})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestEd25519SignsTheBytesThemselves(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w, ed, sigC := world(t), minted(t, key), fixture.SigC(fixture.OIDEd25519)
	single := made(t, ed, fixture.Scheme{SigC: sigC})
	double := seal(t, single, fixture.SealOptions{By: ed, Scheme: fixture.Scheme{SigC: sigC}})
	expect(t, agency(t), []answer{
		{name: "one", data: single, verdict: verify.Intact, seals: "i", start: noon},
		{name: "two", data: double, verdict: verify.Intact, seals: "ii", start: noon},
		{name: "under one by RSA", data: seal(t, single, court(t)), verdict: verify.Intact, seals: "ii", start: noon},
		{name: "index added later", data: append(bytes.Clone(double), trueIndex()...), verdict: verify.IntactIncomplete, seals: "ii"},
		{name: "picture changed", data: flip(double, find(t, double, "mdat", 1)+30), verdict: verify.Broken, seals: "bb"},
		{name: "first signature changed", data: flip(double, find(t, double, "sibo", 1)+9), verdict: verify.Broken, seals: "bb"},
		{name: "longer signature", data: made(t, ed, fixture.Scheme{SigC: sigC, Extra: 1}), verdict: verify.Broken, seals: "b"},
		{name: "stated, RSA key", data: made(t, w.Exporter, fixture.Scheme{SigC: sigC}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "not stated", data: made(t, ed, fixture.Scheme{}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "RSA stated", data: made(t, ed, fixture.Scheme{SigC: fixture.SigC(fixture.OIDSHA256RSA)}), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
	})
}

func TestEd25519OfALargeFileIsNotChecked(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ed := minted(t, key)
	s := large(t, 256<<20, 0)
	s.sealBy(t, fixture.SealOptions{By: world(t).Exporter, Certs: [][]byte{ed.Cert.Raw}, Scheme: fixture.Scheme{SigC: fixture.SigC(fixture.OIDEd25519)}})
	r, err := checkSparse(t, context.Background(), s, nil)
	if err != nil || r.Verdict != verify.CannotCheck || r.Integrity != verify.FileUnsupported || !strings.Contains(r.Seals[0].Reason, "268435456") {
		t.Errorf("%s, %s, %v", r.Verdict, r.Seals[0].Reason, err)
	}
}

func TestEd25519IsCancelledWhileItsBytesAreReadAgain(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := large(t, 8<<20, 0)
	s.sealBy(t, fixture.SealOptions{By: minted(t, key), Scheme: fixture.Scheme{SigC: fixture.SigC(fixture.OIDEd25519)}})
	for _, at := range []float64{1.2, 2} { // of the file: in the midst, and when all is read
		ctx, cancel := context.WithCancel(context.Background())
		var last verify.Progress
		r, err := checkSparse(t, ctx, s, func(p verify.Progress) {
			if last = p; float64(p.Done) >= at*float64(s.size)-1000 {
				cancel()
			}
		})
		cancel()
		// Once all is read the answer may be there before the cancel is seen.
		if r.Partial != (err != nil) || r.Partial && r.Verdict != verify.CannotCheck || at < 2 && !errors.Is(err, context.Canceled) {
			t.Errorf("at %.1f: %s, %v", at, r.Verdict, err)
		}
		if last.Done > last.Total || last.Total < 2*s.size-1000 {
			t.Errorf("%d of %d told, the file has %d bytes", last.Done, last.Total, s.size)
		}
	}
	r, err := checkSparse(t, context.Background(), s, nil)
	if err != nil || letters(r) != "i" {
		t.Errorf("%q, %v", letters(r), err)
	}
}

// What the library cannot read is told in its own words and never called broken.
func TestKeysThatAreNotCheckedAreUnsupportedByName(t *testing.T) {
	w := world(t)
	curveKey := func(oid asn1.ObjectIdentifier) []byte {
		params, err := asn1.Marshal(oid)
		if err != nil {
			t.Fatal(err)
		}
		return spki(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, params, append([]byte{4}, make([]byte, 64)...))
	}
	integers := func(bits ...int) []byte {
		out := []*big.Int{}
		for _, n := range bits {
			out = append(out, new(big.Int).Lsh(big.NewInt(1), uint(n)))
		}
		der, err := asn1.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	y, err := asn1.Marshal(big.NewInt(4))
	if err != nil {
		t.Fatal(err)
	}
	rsaKey := func(bits uint, e int64) []byte { // no such key: only its looks count
		n := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), bits-1), big.NewInt(1))
		k, err := asn1.Marshal(struct{ N, E *big.Int }{n, big.NewInt(e)})
		if err != nil {
			t.Fatal(err)
		}
		return spki(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullBytes, k)
	}
	negative, err := w.Mint("negative", w.Exporter.Key, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	minus := bytes.Replace(negative.Cert.Raw, []byte{2, 3, 0x5a}, []byte{2, 3, 0xda}, 1)
	certificate := func(key []byte) []byte {
		der, err := w.WithKey(w.Exporter, key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	for name, c := range map[string]struct {
		der  []byte
		says string
	}{
		"secp256k1":       {certificate(curveKey(asn1.ObjectIdentifier{1, 3, 132, 0, 10})), "unsupported elliptic curve"},
		"brainpool":       {certificate(curveKey(asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7})), "unsupported elliptic curve"},
		"Ed448":           {certificate(spki(t, asn1.ObjectIdentifier{1, 3, 101, 113}, nil, make([]byte, 57))), "Ed448"},
		"DSA":             {certificate(spki(t, asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, integers(2047, 255, 2), y)), "DSA"},
		"RSA, exponent 1": {certificate(rsaKey(2048, 1)), "exponent 1"},
		"RSA, exponent 4": {certificate(rsaKey(2048, 4)), "exponent 4"},
		"RSA, 8193 bits":  {certificate(rsaKey(8193, 65537)), "8193 bits"},
		"negative serial": {minus, "negative serial"},
	} {
		data := seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.Certs = [][]byte{c.der} }))
		r := examine(t, data, agency(t))
		if r.Verdict != verify.CannotCheck || letters(r) != "u" || !says(r, "SEAL-UNSUPPORTED") || !strings.Contains(r.Seals[0].Reason, c.says) {
			t.Errorf("%s: %s, %q, %q", name, r.Verdict, letters(r), r.Seals[0].Reason)
		}
	}
}

func spki(t testing.TB, oid asn1.ObjectIdentifier, params, key []byte) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.RawValue{FullBytes: params}}, asn1.BitString{Bytes: key, BitLength: 8 * len(key)}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestKeyMarkedForPSSIsReadAndItsLimitsHold(t *testing.T) {
	w := world(t)
	marked := func(limits []byte) *fixture.Signer {
		s, err := w.MarkPSS(w.Exporter, limits)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	params := func(h, mgf crypto.Hash, salt int) []byte { return fixture.SigCPSS(h, mgf, salt, 1) }
	s256 := func(salt int) []byte { return params(crypto.SHA256, crypto.SHA256, salt) }
	empty := []byte{0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10, 0x30, 0}
	free, limited := marked(nil), marked(s256(32))
	stated := func(salt int) fixture.Scheme { return fixture.Scheme{Salt: salt, SigC: s256(salt)} }
	expect(t, agency(t), []answer{
		{name: "no limits", data: made(t, free, fixture.Scheme{}), verdict: verify.Intact, seals: "i"},
		{name: "no limits, stated salt", data: made(t, free, stated(32)), verdict: verify.Intact, seals: "i"},
		{name: "used for PKCS#1", verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED",
			data: made(t, free, fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA256RSA)})},
		{name: "the limits themselves", data: made(t, limited, stated(32)), verdict: verify.Intact, seals: "i"},
		{name: "longer salt", data: made(t, limited, stated(64)), verdict: verify.Intact, seals: "i"},
		{name: "longer salt, not stated", data: made(t, limited, fixture.Scheme{Salt: 32}), verdict: verify.Intact, seals: "i", codes: "SIG-SALT"},
		{name: "shorter salt", data: made(t, limited, stated(20)), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "shorter salt, not stated", data: made(t, limited, fixture.Scheme{}), verdict: verify.Broken, seals: "b", codes: "SEAL-BROKEN"},
		{name: "picture changed", verdict: verify.Broken, seals: "b", data: func() []byte {
			d := made(t, limited, stated(32))
			return flip(d, find(t, d, "mdat", 1)+30)
		}()},
		{name: "another hash", data: made(t, limited, fixture.Scheme{Hash: crypto.SHA512, Salt: 32, SigC: params(crypto.SHA512, crypto.SHA512, 32)}),
			verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "another MGF1 hash", data: made(t, limited, fixture.Scheme{MGF: crypto.SHA512, Salt: 32, SigC: params(crypto.SHA256, crypto.SHA512, 32)}),
			verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "limited to SHA-1", data: made(t, marked(params(crypto.SHA1, crypto.SHA1, 20)), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "limited to the defaults, which are SHA-1", data: made(t, marked(empty), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "w", codes: "SEAL-WEAK"},
		{name: "limited to SHA-224", data: made(t, marked(params(crypto.SHA224, crypto.SHA224, 20)), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "u", codes: "SEAL-UNSUPPORTED"},
	})
}
