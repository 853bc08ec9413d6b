package verify_test

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// judged is one signer under one policy.
type judged struct {
	name    string
	by      *fixture.Signer
	certs   [][]byte // instead of the signer's own
	policy  func(*verify.Policy)
	verdict verify.Verdict
	state   verify.TrustState
	reason  string
}

// issued mints a certificate with a template of its own.
func issued(t testing.TB, name string, from *fixture.Signer, change func(*x509.Certificate)) *fixture.Signer {
	t.Helper()
	s, err := world(t).Mint(name, world(t).Exporter.Key, from, change)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signed(t testing.TB, c judged) []byte {
	return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.By, o.Certs = c.by, c.certs }))
}

func TestSignersAreJudgedByPathUsageAndDates(t *testing.T) {
	w := world(t)
	authority := func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
	}
	between := issued(t, "Authority between", w.Intermediate, authority)
	old := issued(t, "Authority of the past", w.Root, func(c *x509.Certificate) {
		authority(c)
		c.NotBefore, c.NotAfter = scene.AddDate(-4, 0, 0), scene.AddDate(-2, 0, 0)
	})
	usage := func(u x509.KeyUsage) *fixture.Signer {
		return issued(t, "Unit", nil, func(c *x509.Certificate) { c.KeyUsage = u })
	}
	no := func(p *verify.Policy) { p.Packs = nil }
	rootOnly := func(p *verify.Policy) { p.Packs[0].Anchors = []*x509.Certificate{w.Root.Cert} }
	later := func(p *verify.Policy) { p.Now = scene.AddDate(5, 0, 0) }
	pin := func(s *fixture.Signer) func(*verify.Policy) {
		return func(p *verify.Policy) { p.Packs[0].Pins = [][32]byte{sha256.Sum256(s.Cert.Raw)} }
	}
	list, err := x509.ParseRevocationList(w.Revocations)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := w.List(w.Root, scene, scene.AddDate(1, 0, 0), w.Exporter)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := x509.ParseRevocationList(forged)
	if err != nil {
		t.Fatal(err)
	}
	lists := func(l ...*x509.RevocationList) func(*verify.Policy) {
		return func(p *verify.Policy) { p.Packs[0].Revocations = l }
	}
	partner := func(of, asked string) func(*verify.Policy) {
		return func(p *verify.Policy) { p.Packs[0].Partner, p.Partner = of, asked }
	}
	under := issued(t, "Unit", between, nil)
	past := issued(t, "Unit", old, nil)
	three := [][]byte{under.Cert.Raw, between.Cert.Raw, w.Intermediate.Cert.Raw}
	junk := [][]byte{w.Exporter.Cert.Raw, []byte("junk")}
	for _, c := range []judged{
		{name: "chains to an anchor", by: w.Exporter, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "no pack", by: w.Exporter, policy: no, verdict: verify.IntactUntrusted, state: verify.SignerUnchecked},
		{name: "self-signed under the same name", by: w.Mallory, verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonSelfSigned},
		{name: "self-signed and pinned", by: w.Mallory, policy: pin(w.Mallory), verdict: verify.Intact, state: verify.SignerPinned, reason: verify.ReasonPinned},
		{name: "another's pin", by: w.Mallory, policy: pin(w.Exporter), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonSelfSigned},
		{name: "not yet valid at export", by: w.NotYet, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonNotYet},
		{name: "expired at export", by: w.Expired, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonExpiredAtExport},
		{name: "expired since", by: w.Exporter, policy: later, verdict: verify.Intact, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince},
		{name: "pinned, expired at export", by: w.Expired, policy: pin(w.Expired), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonExpiredAtExport},
		{name: "an authority", by: w.Intermediate, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonAuthority},
		{name: "an authority that is pinned but may not sign", by: w.Intermediate, policy: pin(w.Intermediate), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonKeyUsage},
		{name: "key for encryption alone", by: usage(x509.KeyUsageKeyEncipherment), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonKeyUsage},
		{name: "key for commitment", by: usage(x509.KeyUsageContentCommitment), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "key without stated usage", by: usage(0), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "authority between is not at hand", by: under, verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor},
		{name: "authority between stands behind the certificate", by: under, certs: three[:2], verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "two authorities stand behind the certificate", by: under, certs: three, policy: rootOnly, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "junk stands behind the certificate", by: w.Exporter, certs: junk, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "authority expired long before", by: past, certs: [][]byte{past.Cert.Raw, old.Cert.Raw}, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonAnchorExpired},
		{name: "revoked", by: w.Revoked, policy: lists(list), verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonRevoked},
		{name: "revoked, list not at hand", by: w.Revoked, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "revoked by one who is not the issuer", by: w.Exporter, policy: lists(foreign), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "of the partner asked for", by: w.Exporter, policy: partner("metro", "metro"), verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "of another partner", by: w.Exporter, policy: partner("metro", "harbour"), verdict: verify.IntactUntrusted, state: verify.SignerUnknown, reason: verify.ReasonNoAnchor},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := agency(t)
			if c.policy != nil {
				c.policy(&p)
			}
			r := examine(t, signed(t, c), p)
			if len(r.Seals) != 1 {
				t.Fatalf("%d seals", len(r.Seals))
			}
			if got := r.Seals[0].Trust; r.Verdict != c.verdict || got.State != c.state || got.Reason != c.reason {
				t.Errorf("%s, %s %s; want %s, %s %s", r.Verdict, got.State, got.Reason, c.verdict, c.state, c.reason)
			}
			if verify.Explanation(c.reason) == "" {
				t.Errorf("%s is not explained", c.reason)
			}
		})
	}
}

func TestFirstCertificateIsTheSignersAndTheOthersVouchForNothing(t *testing.T) {
	w := world(t)
	r := examine(t, signed(t, judged{by: w.Mallory, certs: [][]byte{w.Mallory.Cert.Raw, w.Exporter.Cert.Raw}}), agency(t))
	if r.Verdict != verify.IntactUntrusted || !strings.Contains(r.Seals[0].Signer.SHA256, hex(sha256.Sum256(w.Mallory.Cert.Raw))) {
		t.Errorf("%s, %+v", r.Verdict, r.Seals[0].Signer)
	}
	r = examine(t, signed(t, judged{by: w.Mallory, certs: [][]byte{w.Exporter.Cert.Raw, w.Mallory.Cert.Raw}}), agency(t))
	if r.Verdict != verify.Broken {
		t.Errorf("another's certificate in front: %s", r.Verdict)
	}
}

func TestLaterSealHasNoTimeOfItsOwn(t *testing.T) {
	data := seal(t, draft(t, nil), by(t, nil), court(t))
	p := agency(t)
	r := examine(t, data, p)
	if r.Verdict != verify.Intact || r.Seals[0].Trust.TimeSource != "claimed export time" || r.Seals[1].Trust.TimeSource != "now" {
		t.Errorf("%s, %+v, %+v", r.Verdict, r.Seals[0].Trust, r.Seals[1].Trust)
	}
	p.Now = scene.AddDate(5, 0, 0)
	r = examine(t, data, p)
	if r.Verdict != verify.IntactUntrusted || r.Seals[0].Trust.State != verify.SignerTrustedThenExpired || r.Seals[1].Trust.Reason != verify.ReasonNoTime {
		t.Errorf("%s, %+v, %+v", r.Verdict, r.Seals[0].Trust, r.Seals[1].Trust)
	}
}

func TestSignerForAnotherUseIsRemarked(t *testing.T) {
	for name, c := range map[string]struct {
		uses []x509.ExtKeyUsage
		said bool
	}{
		"none": {nil, false}, "server": {[]x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, true}, "any": {[]x509.ExtKeyUsage{x509.ExtKeyUsageAny}, false},
		"mail": {[]x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageEmailProtection}, false},
	} {
		s := issued(t, "Unit", nil, func(x *x509.Certificate) { x.ExtKeyUsage = c.uses })
		r := examine(t, signed(t, judged{by: s}), agency(t))
		if r.Verdict != verify.Intact || says(r, "TRUST-EXTENDED-USAGE") != c.said {
			t.Errorf("%s: %s, said %v", name, r.Verdict, !c.said)
		}
	}
}

func TestSeveralPacksGiveTheBestSupportedAnswer(t *testing.T) {
	w := world(t)
	other := verify.Pack{Name: "other", Anchors: []*x509.Certificate{w.Mallory.Cert}}
	p := agency(t)
	data := signed(t, judged{by: w.Exporter})
	for _, packs := range [][]verify.Pack{{other, p.Packs[0]}, {p.Packs[0], other}, slices.Repeat([]verify.Pack{other, p.Packs[0]}, 3)} {
		p.Packs = packs
		if r := examine(t, data, p); r.Verdict != verify.Intact || len(r.Packs) != len(packs) {
			t.Errorf("%s by %d packs", r.Verdict, len(r.Packs))
		}
	}
	list, err := x509.ParseRevocationList(w.Revocations)
	if err != nil {
		t.Fatal(err)
	}
	other.Revocations = []*x509.RevocationList{list}
	p.Packs = []verify.Pack{agency(t).Packs[0], other}
	if r := examine(t, signed(t, judged{by: w.Revoked}), p); r.Seals[0].Trust.Reason != verify.ReasonRevoked {
		t.Errorf("revoked by the list of another pack: %+v", r.Seals[0].Trust)
	}
	p.Now = time.Time{}
	if _, err := verify.Check(t.Context(), opened(t, data), p, nil); err == nil {
		t.Error("a policy without time was followed")
	}
}

func hex(sum [32]byte) string { return fmt.Sprintf("%x", sum) }
