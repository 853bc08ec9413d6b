package verify_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify"
)

// authority turns a template into that of an authority.
func authority(c *x509.Certificate) {
	c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
}

// below is one more authority.
func below(t testing.TB, name string, from *fixture.Signer, change func(*x509.Certificate)) *fixture.Signer {
	t.Helper()
	s, err := world(t).Mint(name, nil, from, func(c *x509.Certificate) {
		authority(c)
		if change != nil {
			change(c)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// raws are certificates as they stand in a cert box.
func raws(s ...*fixture.Signer) [][]byte {
	var out [][]byte
	for _, x := range s {
		out = append(out, x.Cert.Raw)
	}
	return out
}

// resigned replaces the algorithm of a certificate and signs it anew.
func resigned(t testing.TB, s, by *fixture.Signer, algorithm []byte, sign func(tbs []byte) []byte) *fixture.Signer {
	t.Helper()
	var c struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(s.Cert.Raw, &c); err != nil {
		t.Fatal(err)
	}
	body := slices.Clone(c.TBS.Bytes)
	i := strings.Index(string(body), string(c.Algorithm.FullBytes))
	body = slices.Concat(body[:i], algorithm, body[i+len(c.Algorithm.FullBytes):])
	var err error
	if c.TBS.FullBytes, err = asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: body}); err != nil {
		t.Fatal(err)
	}
	c.Algorithm = asn1.RawValue{FullBytes: algorithm}
	sig := sign(c.TBS.FullBytes)
	c.Signature = asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}
	der, err := asn1.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture.Signer{Cert: x, Key: s.Key}
}

func algorithm(t testing.TB, oid asn1.ObjectIdentifier) []byte {
	t.Helper()
	der, err := asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.NullRawValue})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// want is what is said about one signer.
type want struct {
	judged
	detail  string // a part of the detail or of a miss
	remarks string // codes, blank between, in any order
}

func expectSigners(t *testing.T, cases []want) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := agency(t)
			if c.policy != nil {
				c.policy(&p)
			}
			r := examine(t, signed(t, c.judged), p)
			got := r.Seals[0].Trust
			if r.Verdict != c.verdict || got.State != c.state || got.Reason != c.reason {
				t.Errorf("%s, %s %s; want %s, %s %s", r.Verdict, got.State, got.Reason, c.verdict, c.state, c.reason)
			}
			if c.detail != "" && !strings.Contains(got.Detail+strings.Join(got.Misses, " "), c.detail) {
				t.Errorf("detail %q, misses %q; want %q", got.Detail, got.Misses, c.detail)
			}
			if c.remarks != "" && c.remarks != "none" {
				for _, code := range strings.Fields(c.remarks) {
					if !slices.Contains(got.Remarks, code) || !says(r, code) {
						t.Errorf("%s is not remarked: %v", code, got.Remarks)
					}
				}
			}
			if c.remarks == "none" && len(got.Remarks) > 0 {
				t.Errorf("remarks %v", got.Remarks)
			}
			for _, code := range append(slices.Clone(got.Remarks), got.Reason) {
				if verify.Explanation(code) == "" {
					t.Errorf("%s is not explained", code)
				}
			}
			if t.Failed() {
				t.Logf("%+v", got)
			}
		})
	}
}

func TestPathsAreFollowedByTheRules(t *testing.T) {
	w := world(t)
	only := func(s ...*fixture.Signer) func(*verify.Policy) {
		return func(p *verify.Policy) {
			p.Packs[0].Anchors, p.Packs[0].Intermediates = nil, nil
			for _, x := range s {
				p.Packs[0].Anchors = append(p.Packs[0].Anchors, x.Cert)
			}
		}
	}
	// A chain of authorities below the intermediate, and a signer at its end.
	long := []*fixture.Signer{w.Intermediate}
	for i := range 7 {
		long = append(long, below(t, fmt.Sprintf("Authority %d", i), long[i], nil))
	}
	at := func(n int) (leaf *fixture.Signer, chain [][]byte) {
		leaf = issued(t, "Unit", long[n], nil)
		chain = raws(leaf)
		for i := n; i > 0; i-- {
			chain = append(chain, long[i].Cert.Raw)
		}
		return leaf, chain
	}
	eight, eightChain := at(5) // leaf, 5 authorities, intermediate, root
	nine, nineChain := at(6)   // one more
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := w.Mint("Weak authority", small, nil, authority)
	if err != nil {
		t.Fatal(err)
	}
	underWeak := issued(t, "Unit", weak, nil)
	noCA := issued(t, "No authority", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature })
	underNoCA := issued(t, "Unit", noCA, nil)
	noSign := below(t, "Lists alone", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign })
	underNoSign := issued(t, "Unit", noSign, nil)
	flat := below(t, "Flat authority", nil, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	underFlat := below(t, "Authority below", flat, nil)
	tooDeep := issued(t, "Unit", underFlat, nil)
	named := below(t, "Named authority", nil, func(c *x509.Certificate) {
		c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{"sandhaven.example"}, true
	})
	inside := issued(t, "Unit", named, func(c *x509.Certificate) { c.DNSNames = []string{"vms.sandhaven.example"} })
	outside := issued(t, "Unit", named, func(c *x509.Certificate) { c.DNSNames = []string{"vms.elsewhere.example"} })
	nameless := issued(t, "vms.elsewhere.example", named, nil)
	strange := func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
	}
	critical := issued(t, "Unit", nil, strange)
	strangeCA := below(t, "Strange authority", nil, strange)
	underStrange := issued(t, "Unit", strangeCA, nil)
	oldCA := below(t, "Authority of the past", w.Root, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = scene.AddDate(-4, 0, 0), scene.AddDate(-2, 0, 0)
	})
	past := issued(t, "Unit", oldCA, nil)
	brief := below(t, "Brief authority", w.Root, func(c *x509.Certificate) { c.NotAfter = scene.AddDate(0, 3, 0) })
	underBrief := issued(t, "Unit", brief, nil)
	key := w.Intermediate.Key
	pssOdd := resigned(t, w.Exporter, w.Intermediate, fixture.SigC(fixture.OIDPSS), func(tbs []byte) []byte { return make([]byte, 256) })
	sha := resigned(t, w.Exporter, w.Intermediate, algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}), func(tbs []byte) []byte {
		sum := sha1.Sum(tbs)
		sig, err := key.Sign(rand.Reader, sum[:], crypto.SHA1)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	})
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edwards, err := w.Mint("Edwards authority", edKey, nil, authority)
	if err != nil {
		t.Fatal(err)
	}
	underEdwards := issued(t, "Unit", edwards, nil)
	twin := below(t, w.Intermediate.Cert.Subject.CommonName, w.Root, nil) // another key under the same name
	expectSigners(t, []want{
		{judged: judged{name: "eight certificates", by: eight, certs: eightChain, policy: only(w.Root, w.Intermediate), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}},
		{judged: judged{name: "nine certificates", by: nine, certs: append(nineChain, w.Intermediate.Cert.Raw), policy: only(w.Root), verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonPathLong}},
		{judged: judged{name: "authority with a weak key", by: underWeak, certs: raws(underWeak, weak), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonWeakChain}, detail: "below the floor"},
		{judged: judged{name: "issuer is no authority", by: underNoCA, certs: raws(underNoCA, noCA), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonNotAuthority}},
		{judged: judged{name: "issuer may sign lists alone", by: underNoSign, certs: raws(underNoSign, noSign), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonNotAuthority}},
		{judged: judged{name: "deeper than an authority allows", by: tooDeep, certs: raws(tooDeep, underFlat, flat), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonPathLength}, detail: "allows 0"},
		{judged: judged{name: "name within the constraints", by: inside, certs: raws(inside, named), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}},
		{judged: judged{name: "name outside the constraints", by: outside, certs: raws(outside, named), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonNames}},
		{judged: judged{name: "no name for the constraints", by: nameless, certs: raws(nameless, named), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, remarks: verify.RemarkNoName},
		{judged: judged{name: "unknown critical extension of the signer", by: critical, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonCritical}, detail: "1.2.3.4"},
		{judged: judged{name: "unknown critical extension of an authority", by: underStrange, certs: raws(underStrange, strangeCA), verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonCritical}},
		{judged: judged{name: "authority expired long before", by: past, certs: raws(past, oldCA), verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonAnchorExpired}, detail: "Authority of the past was valid"},
		{judged: judged{name: "anchor expired long before", by: past, policy: only(oldCA), verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonAnchorExpired}},
		{judged: judged{name: "authority expired since", by: underBrief, certs: raws(underBrief, brief), verdict: verify.Intact, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince}, detail: "Brief authority, which is above it, expired on 2026-06-01"},
		{judged: judged{name: "certificate signed with an odd salt", by: pssOdd, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonUndecidable}},
		{judged: judged{name: "certificate signed by SHA-1", by: sha, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonWeakChain}, detail: "SHA1"},
		{judged: judged{name: "authority on Ed25519", by: underEdwards, certs: raws(underEdwards, edwards), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}},
		{judged: judged{name: "another key under the anchor's name", by: issued(t, "Unit", twin, nil), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor}, detail: "its key did not sign it"},
		{judged: judged{name: "issuer is not at hand", by: past, policy: only(w.Root), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor}, detail: "no certificate of its issuer Authority of the past"},
		{judged: judged{name: "an anchor between is enough", by: w.Exporter, policy: only(w.Intermediate), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}},
		{judged: judged{name: "authorities of the pack", by: w.Exporter, policy: func(p *verify.Policy) {
			only(w.Root)(p)
			p.Packs[0].Intermediates = []*x509.Certificate{w.Intermediate.Cert}
		}, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}},
	})
}

func TestFloodOfAuthoritiesOfOneNameIsUndecidableAndCheap(t *testing.T) {
	w := world(t)
	ca, err := w.Mint("Flood", nil, nil, authority)
	if err != nil {
		t.Fatal(err)
	}
	leaf := issued(t, "Unit", ca, nil)
	p := agency(t)
	for range 60 {
		x, err := w.Mint("Flood", ca.Key, ca, authority)
		if err != nil {
			t.Fatal(err)
		}
		p.Packs[0].Intermediates = append(p.Packs[0].Intermediates, x.Cert)
	}
	r := examine(t, signed(t, judged{by: leaf}), p)
	if got := r.Seals[0].Trust; got.State != verify.SignerUndecidable || got.Reason != verify.ReasonLimit {
		t.Errorf("%+v", got)
	}
	p.Packs[0].Anchors = append(p.Packs[0].Anchors, ca.Cert)
	if r := examine(t, signed(t, judged{by: leaf}), p); r.Seals[0].Trust.State != verify.SignerTrusted {
		t.Errorf("the anchor drowned: %+v", r.Seals[0].Trust)
	}
}

func TestUseOfTheCertificateIsJudged(t *testing.T) {
	documents := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
	own := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}
	with := func(uses ...asn1.ObjectIdentifier) *fixture.Signer {
		return issued(t, "Unit", nil, func(c *x509.Certificate) { c.UnknownExtKeyUsage = uses })
	}
	asks := func(o ...asn1.ObjectIdentifier) func(*verify.Policy) {
		return func(p *verify.Policy) { p.Packs[0].EKU = o }
	}
	broken := issued(t, "Unit", nil, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 19, 77}, Value: []byte{1}}}
	})
	trusted := judged{verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}
	refused := judged{verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonUse}
	for name, c := range map[string]struct {
		judged
		by      *fixture.Signer
		policy  func(*verify.Policy)
		remarks string
	}{
		"states none":                   {trusted, broken, nil, verify.RemarkUnchecked},
		"for documents":                 {trusted, with(documents), nil, verify.RemarkUnchecked},
		"for something else":            {trusted, with(own), nil, verify.RemarkUse},
		"for what the pack demands":     {trusted, with(own), asks(documents, own), verify.RemarkUnchecked},
		"not for what the pack demands": {refused, with(documents), asks(own), ""},
		"states none, the pack demands": {refused, broken, asks(documents), ""},
		"states no key usage":           {trusted, issued(t, "Unit", nil, func(c *x509.Certificate) { c.KeyUsage = 0 }), nil, verify.RemarkNoKeyUsage},
	} {
		c.judged.name, c.judged.by, c.judged.policy = name, c.by, c.policy
		expectSigners(t, []want{{judged: c.judged, remarks: c.remarks}})
	}
}

func TestPartnersNeverVouchForOneAnother(t *testing.T) {
	w := world(t)
	metroCA := below(t, "Metro CA", w.Metro, nil)
	metro := issued(t, "Metro VMS", metroCA, func(c *x509.Certificate) { c.Subject.OrganizationalUnit = []string{"Video"} })
	pools := func(change func(sand, metro *verify.Pack)) func(*verify.Policy) {
		return func(p *verify.Policy) {
			a := verify.Pack{Name: "both", SHA256: "aa", Partner: "sand", PartnerName: "Sandhaven", Anchors: []*x509.Certificate{w.Root.Cert}, Intermediates: []*x509.Certificate{w.Intermediate.Cert, metroCA.Cert}}
			b := a
			b.Partner, b.PartnerName, b.Anchors = "metro", "Harbour Metro", []*x509.Certificate{w.Metro.Cert}
			if change != nil {
				change(&a, &b)
			}
			p.Packs = []verify.Pack{a, b}
		}
	}
	asked := func(partner string, change func(a, b *verify.Pack)) func(*verify.Policy) {
		return func(p *verify.Policy) {
			pools(change)(p)
			p.Partner = partner
		}
	}
	for _, c := range []struct {
		judged
		partner string
	}{
		{judged{name: "the first", by: w.Exporter, policy: pools(nil), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, "Sandhaven"},
		{judged{name: "the second", by: metro, policy: pools(nil), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, "Harbour Metro"},
		{judged{name: "asked for by identifier", by: metro, policy: asked("metro", nil), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, "Harbour Metro"},
		{judged{name: "asked for by name", by: metro, policy: asked("Harbour Metro", nil), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, "Harbour Metro"},
		{judged{name: "another one is asked for", by: metro, policy: asked("sand", nil), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor}, ""},
		{judged{name: "an authority that one has as anchor helps nobody else", by: metro, policy: asked("sand", func(a, b *verify.Pack) {
			a.Intermediates, b.Anchors = nil, []*x509.Certificate{metroCA.Cert}
		}), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor}, ""},
		{judged{name: "pinned for one alone", by: w.Mallory, policy: asked("sand", func(_, b *verify.Pack) { b.Pins = [][32]byte{sha256.Sum256(w.Mallory.Cert.Raw)} }), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonSelfSigned}, ""},
		{judged{name: "the partner's organisation", by: metro, policy: pools(func(_, b *verify.Pack) { b.Subject = verify.Subject{O: "Sandhaven (demonstration)", OU: "Video"} }), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}, "Harbour Metro"},
		{judged{name: "another organisation under the same anchor", by: metro, policy: pools(func(_, b *verify.Pack) { b.Subject = verify.Subject{O: "Harbour Metro"} }), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonOtherSubject}, ""},
		{judged{name: "another unit under the same anchor", by: w.Exporter, policy: pools(func(a, _ *verify.Pack) { a.Subject = verify.Subject{OU: "Video"} }), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonOtherSubject}, ""},
		{judged{name: "pinned, whatever its organisation", by: metro, policy: pools(func(a, b *verify.Pack) {
			b.Anchors, b.Subject, b.Pins = nil, verify.Subject{O: "x"}, [][32]byte{sha256.Sum256(metro.Cert.Raw)}
		}), verdict: verify.Intact, state: verify.SignerPinned, reason: verify.ReasonPinned}, "Harbour Metro"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := agency(t)
			c.policy(&p)
			r := examine(t, signed(t, c.judged), p)
			got := r.Seals[0].Trust
			if r.Verdict != c.verdict || got.State != c.state || got.Reason != c.reason || got.Partner != c.partner || len(r.Packs) != 1 {
				t.Errorf("%s, %+v, %d packs", r.Verdict, got, len(r.Packs))
			}
			var b strings.Builder
			if err := r.WriteText(&b); err != nil || c.partner != "" && !strings.Contains(b.String(), " as partner "+c.partner+"; revocation not checked") {
				t.Error(b.String())
			}
			if c.reason == verify.ReasonOtherSubject && !strings.Contains(got.Detail, "whose signers have") {
				t.Error(got.Detail)
			}
		})
	}
}

func TestOneCertificateBehindTheSignersThatCannotBeReadHidesNoOther(t *testing.T) {
	w := world(t)
	ca := below(t, "Behind", nil, nil)
	leaf := issued(t, "Unit", ca, nil)
	many := [][]byte{leaf.Cert.Raw, {0x30, 3, 1, 2, 3}, ca.Cert.Raw}
	r := examine(t, signed(t, judged{by: leaf, certs: many}), agency(t))
	if r.Verdict != verify.Intact || !says(r, "CERT-TRAILING") {
		t.Errorf("%s, %+v", r.Verdict, r.Seals[0].Trust)
	}
	far := [][]byte{leaf.Cert.Raw}
	for range 20 {
		far = append(far, w.Court.Cert.Raw)
	}
	r = examine(t, signed(t, judged{by: leaf, certs: append(far, ca.Cert.Raw)}), agency(t))
	if r.Verdict != verify.IntactUntrusted || !says(r, "CERT-TRAILING") {
		t.Errorf("more than are used: %s", r.Verdict)
	}
	r = examine(t, signed(t, judged{by: w.Exporter, certs: [][]byte{{0x30, 0x03, 0x02, 0x01, 0xff}}}), agency(t))
	if s := r.Seals[0]; s.Integrity != verify.SealUnsupported || !strings.Contains(s.Reason, fmt.Sprintf("%x", sha256.Sum256([]byte{0x30, 3, 2, 1, 0xff}))) {
		t.Errorf("%s: %s", s.Integrity, s.Reason)
	}
}
