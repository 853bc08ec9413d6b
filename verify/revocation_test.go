package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"vedette/internal/fixture"
	"vedette/verify"
)

// The export of these tests states this time.
var claim = scene.Add(24 * time.Hour)

// crl makes a list of an authority; entries are changed as they like.
func crl(t testing.TB, by *fixture.Signer, change func(*x509.RevocationList), entries ...x509.RevocationListEntry) *x509.RevocationList {
	t.Helper()
	l := &x509.RevocationList{Number: big.NewInt(10), ThisUpdate: claim.Add(time.Hour), NextUpdate: claim.AddDate(1, 0, 0), RevokedCertificateEntries: entries}
	if change != nil {
		change(l)
	}
	der, err := x509.CreateRevocationList(rand.Reader, l, by.Cert, by.Key)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseRevocationList(der)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func revoked(s *fixture.Signer, at time.Time, reason int, more ...pkix.Extension) x509.RevocationListEntry {
	return x509.RevocationListEntry{SerialNumber: s.Cert.SerialNumber, RevocationTime: at, ReasonCode: reason, ExtraExtensions: more}
}

func der(t testing.TB, v any, params string) []byte {
	t.Helper()
	out, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ext(critical bool, value []byte, id ...int) pkix.Extension {
	return pkix.Extension{Id: id, Critical: critical, Value: value}
}

// with has the root for an anchor and the authority below it for a helper.
func with(lists ...*x509.RevocationList) func(*verify.Policy) {
	return func(p *verify.Policy) {
		w, err := worldOnce()
		if err != nil {
			panic(err)
		}
		p.Packs[0].Anchors, p.Packs[0].Intermediates, p.Packs[0].Revocations = []*x509.Certificate{w.Root.Cert}, []*x509.Certificate{w.Intermediate.Cert}, lists
	}
}

func required(lists ...*x509.RevocationList) func(*verify.Policy) {
	return func(p *verify.Policy) {
		with(lists...)(p)
		p.Packs[0].RequiresRevocation = true
	}
}

func TestRevocationIsWeighedByDateAndReason(t *testing.T) {
	w := world(t)
	full := func(entries ...x509.RevocationListEntry) *x509.RevocationList {
		return crl(t, w.Intermediate, nil, entries...)
	}
	root := crl(t, w.Root, nil)
	before, after := claim.AddDate(0, 0, -1), claim.AddDate(0, 0, 1)
	good := judged{by: w.Exporter, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}
	bad := judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonRevoked}
	var cases []want
	add := func(name string, j judged, policy func(*verify.Policy), detail, remarks string) {
		j.name, j.policy = name, policy
		cases = append(cases, want{judged: j, detail: detail, remarks: remarks})
	}
	for reason := range 11 {
		if reason == 7 || reason == 8 {
			continue // not used; of lists of changes alone
		}
		e := revoked(w.Exporter, before, reason)
		add("before the export, reason "+big.NewInt(int64(reason)).String(), bad, with(full(e), root), "was revoked as of", "")
		add("at the export, reason "+big.NewInt(int64(reason)).String(), bad, with(full(revoked(w.Exporter, claim, reason)), root), "", "")
		later := with(full(revoked(w.Exporter, after, reason)), root)
		switch reason {
		case 3, 4, 5, 6:
			add("after the export, reason "+big.NewInt(int64(reason)).String(), good, later, "", verify.RemarkLater)
		default:
			add("after the export, reason "+big.NewInt(int64(reason)).String(), bad, later, "2026-03-03", "")
		}
	}
	invalid := ext(false, der(t, before.UTC(), "generalized"), 2, 5, 29, 24)
	add("superseded after, invalid before", bad, with(full(revoked(w.Exporter, after, 4, invalid))), "2026-03-01", "")
	add("superseded after, invalidity unreadable", good, with(full(revoked(w.Exporter, after, 4, ext(false, []byte{5, 0}, 2, 5, 29, 24)))), "", verify.RemarkLater)
	add("an authority revoked before", bad, with(full(), crl(t, w.Root, nil, revoked(w.Intermediate, before, 4))), "Sandhaven Evidence CA 1 was revoked", "")
	add("an authority compromised after", bad, with(full(), crl(t, w.Root, nil, revoked(w.Intermediate, after, 2))), "authority compromised", "")
	add("an authority superseded after", good, with(full(), crl(t, w.Root, nil, revoked(w.Intermediate, after, 4))), "", verify.RemarkLater)
	both := func(l *x509.RevocationList) func(*verify.Policy) {
		return func(p *verify.Policy) { p.Packs[0].Revocations = []*x509.RevocationList{full(), l} }
	}
	add("an anchor that another anchor revoked", bad, both(crl(t, w.Root, nil, revoked(w.Intermediate, before, 1))), "Sandhaven Evidence CA 1 was revoked", "")
	add("an anchor of which no list speaks", good, both(crl(t, w.Metro, nil)), "", "none")
	add("reason of the future", bad, with(full(revoked(w.Exporter, after, 77))), "reason 77", "")
	add("another's serial", good, with(full(revoked(w.Court, before, 1)), root), "", "none")
	add("no list", good, nil, "", verify.RemarkUnchecked)
	add("a list for the signer alone", good, with(full()), "", verify.RemarkUnchecked)
	add("no list, demanded", judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonNoList}, required(full()), "It concerns Sandhaven Evidence CA 1", "")
	add("all lists, demanded", good, required(full(), root), "", "none")
	old := crl(t, w.Intermediate, func(l *x509.RevocationList) { l.ThisUpdate = before })
	add("older than the export", good, with(old, root), "", verify.RemarkListOld)
	stale := crl(t, w.Intermediate, func(l *x509.RevocationList) { l.NextUpdate = claim.AddDate(0, 1, 0) })
	add("stale", good, with(stale, root), "", verify.RemarkListStale)
	add("stale, demanded", judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonListStale}, required(stale, root), "It concerns VMS export 02", "")
	add("revoked in a stale list", bad, required(crl(t, w.Intermediate, func(l *x509.RevocationList) { l.NextUpdate = claim.AddDate(0, 1, 0) }, revoked(w.Exporter, before, 1))), "", "")
	lapsed := issued(t, "Unit", nil, func(c *x509.Certificate) { c.NotAfter = claim.AddDate(0, 1, 0) })
	since := judged{by: lapsed, verdict: verify.Intact, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince}
	after2 := func(more ...pkix.Extension) *x509.RevocationList {
		return crl(t, w.Intermediate, func(l *x509.RevocationList) { l.ThisUpdate, l.ExtraExtensions = claim.AddDate(0, 2, 0), more })
	}
	keeps := func(at time.Time) pkix.Extension { return ext(false, der(t, at.UTC(), "generalized"), 2, 5, 29, 60) }
	add("may have dropped off", since, with(after2(), root), "", verify.RemarkDropped)
	add("stays on the list", since, with(after2(keeps(claim)), root), "", "none")
	add("was not kept that long", since, with(after2(keeps(claim.AddDate(0, 1, 15))), root), "", verify.RemarkDropped)
	add("states unreadably how long it keeps", since, with(after2(ext(false, []byte{5, 0}, 2, 5, 29, 60)), root), "", verify.RemarkDropped)
	add("an older list still had it", since, with(after2(), crl(t, w.Intermediate, func(l *x509.RevocationList) { l.Number = big.NewInt(9) }), root), "", verify.RemarkDropped)
	pin := func(s *fixture.Signer, l ...*x509.RevocationList) func(*verify.Policy) {
		return func(p *verify.Policy) {
			required(l...)(p)
			p.Packs[0].Pins = [][32]byte{sha256.Sum256(s.Cert.Raw)}
			p.Packs[0].Anchors, p.Packs[0].Intermediates = nil, []*x509.Certificate{w.Court.Cert, w.Intermediate.Cert}
		}
	}
	pinned := judged{by: w.Exporter, verdict: verify.Intact, state: verify.SignerPinned, reason: verify.ReasonPinned}
	add("pinned, with its issuer's list", pinned, pin(w.Exporter, full()), "", "none")
	add("pinned and revoked", bad, pin(w.Exporter, full(revoked(w.Exporter, before, 1))), "", "")
	add("pinned, list demanded", judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonNoList}, pin(w.Exporter), "", "")
	add("pinned and signed by itself", judged{by: w.Mallory, verdict: verify.Intact, state: verify.SignerPinned, reason: verify.ReasonPinned}, pin(w.Mallory), "", "none")
	orphan := issued(t, "Unit", w.Metro, nil)
	add("pinned, its issuer not at hand", judged{by: orphan, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonNoList}, pin(orphan, full()), "", "")
	add("pinned, its issuer behind it in the file", judged{by: orphan, certs: raws(orphan, w.Metro), verdict: verify.Intact, state: verify.SignerPinned, reason: verify.ReasonPinned}, pin(orphan, crl(t, w.Metro, nil)), "", "none")
	expectSigners(t, cases)
}

func TestListsAreAcceptedByTheRules(t *testing.T) {
	w := world(t)
	point := "http://crl.sandhaven.example/1.crl"
	name := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: []byte(point)}
	type dp struct {
		FullName []asn1.RawValue `asn1:"optional,tag:0"`
	}
	type scope struct {
		Point    dp             `asn1:"optional,tag:0"`
		Users    bool           `asn1:"optional,tag:1"`
		CAs      bool           `asn1:"optional,tag:2"`
		Reasons  asn1.BitString `asn1:"optional,tag:3"`
		Indirect bool           `asn1:"optional,tag:4"`
		Attrs    bool           `asn1:"optional,tag:5"`
	}
	scoped := func(s scope) pkix.Extension { return ext(true, der(t, s, ""), 2, 5, 29, 28) }
	at := dp{[]asn1.RawValue{name}}
	dirName := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: w.Root.Cert.RawSubject}
	entry := revoked(w.Exporter, claim.AddDate(0, 0, -1), 1)
	saying := func(more ...pkix.Extension) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) { l.ExtraExtensions = more }
	}
	for _, c := range []struct {
		name, why string
		list      *x509.RevocationList
		change    func(*x509.RevocationList)
	}{
		{name: "changes alone", why: "only what changed", list: crl(t, w.Intermediate, saying(ext(true, der(t, 5, ""), 2, 5, 29, 27)), entry)},
		{name: "indirect", why: "other issuers", list: crl(t, w.Intermediate, saying(scoped(scope{Point: at, Indirect: true})), entry)},
		{name: "users alone", why: "partial", list: crl(t, w.Intermediate, saying(scoped(scope{Point: at, Users: true})), entry)},
		{name: "authorities alone", why: "partial", list: crl(t, w.Intermediate, saying(scoped(scope{CAs: true})), entry)},
		{name: "attributes alone", why: "partial", list: crl(t, w.Intermediate, saying(scoped(scope{Attrs: true})), entry)},
		{name: "some reasons", why: "partial", list: crl(t, w.Intermediate, saying(scoped(scope{Point: at, Reasons: asn1.BitString{Bytes: []byte{0x40}, BitLength: 2}})), entry)},
		{name: "scope without an address", why: "names no address", list: crl(t, w.Intermediate, saying(scoped(scope{Point: dp{[]asn1.RawValue{dirName}}})), entry)},
		{name: "unreadable scope", why: "scope cannot be read", list: crl(t, w.Intermediate, saying(ext(true, []byte{4, 0}, 2, 5, 29, 28)), entry)},
		{name: "unknown critical extension", why: "1.2.3.4", list: crl(t, w.Intermediate, saying(ext(true, []byte{5, 0}, 1, 2, 3, 4)), entry)},
		{name: "extension twice", why: "twice", list: crl(t, w.Intermediate, saying(ext(false, []byte{5, 0}, 1, 2, 3), ext(false, []byte{5, 0}, 1, 2, 3)), entry)},
		{name: "entry of another issuer", why: "2.5.29.29", list: crl(t, w.Intermediate, nil, revoked(w.Exporter, claim, 1, ext(false, []byte{5, 0}, 2, 5, 29, 29)))},
		{name: "unknown critical extension of an entry", why: "1.2.3.4", list: crl(t, w.Intermediate, nil, revoked(w.Exporter, claim, 1, ext(true, []byte{5, 0}, 1, 2, 3, 4)))},
		{name: "signature changed", why: "does not fit", list: crl(t, w.Intermediate, nil, entry), change: func(l *x509.RevocationList) { l.Signature[9] ^= 1 }},
		{name: "weak algorithm", why: "no longer counts", list: crl(t, w.Intermediate, nil, entry), change: func(l *x509.RevocationList) { l.SignatureAlgorithm = x509.SHA1WithRSA }},
		{name: "unknown algorithm", why: "cannot check", list: crl(t, w.Intermediate, nil, entry), change: func(l *x509.RevocationList) { l.SignatureAlgorithm = x509.UnknownSignatureAlgorithm }},
		{name: "next before this", why: "next update lies before", list: crl(t, w.Intermediate, nil, entry), change: func(l *x509.RevocationList) { l.NextUpdate = l.ThisUpdate.Add(-time.Hour) }},
		{name: "gigantic", why: "the limit is", list: crl(t, w.Intermediate, nil, entry), change: func(l *x509.RevocationList) { l.Raw = make([]byte, verify.MaxList+1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.change != nil {
				c.change(c.list)
			}
			p := agency(t)
			with(c.list)(&p)
			r := examine(t, signed(t, judged{by: w.Exporter}), p)
			got := r.Seals[0].Trust
			if got.State != verify.SignerTrusted || !slices.Contains(got.Remarks, verify.RemarkListBad) || !slices.Contains(got.Remarks, verify.RemarkUnchecked) || got.Revocation.State != verify.RevocationUnchecked {
				t.Errorf("%+v", got)
			}
			found := slices.ContainsFunc(r.Findings, func(f verify.ReportedFinding) bool {
				return f.Code == verify.RemarkListBad && strings.Contains(f.Message, c.why)
			})
			if !found {
				t.Errorf("%q is not said: %v", c.why, r.Findings)
			}
			required(c.list)(&p)
			if r := examine(t, signed(t, judged{by: w.Exporter}), p); r.Seals[0].Trust.Reason != verify.ReasonNoList {
				t.Errorf("demanded: %+v", r.Seals[0].Trust)
			}
		})
	}

	for name, l := range map[string]*x509.RevocationList{
		"another name": crl(t, w.Root, nil, entry),
		"another point than the certificate names": crl(t, w.Intermediate, saying(scoped(scope{Point: at})), entry),
		"another key under the same name":          crl(t, below(t, w.Intermediate.Cert.Subject.CommonName, w.Root, nil), nil, entry),
	} {
		p := agency(t)
		with(l)(&p)
		if got := examine(t, signed(t, judged{by: w.Exporter}), p).Seals[0].Trust; got.State != verify.SignerTrusted || slices.Contains(got.Remarks, verify.RemarkListBad) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	named := issued(t, "Unit", nil, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{point} })
	p := agency(t)
	with(crl(t, w.Intermediate, saying(scoped(scope{Point: at})), revoked(named, claim, 1)))(&p)
	if got := examine(t, signed(t, judged{by: named}), p).Seals[0].Trust; got.Reason != verify.ReasonRevoked {
		t.Errorf("the point that the certificate names: %+v", got)
	}
}

func TestAuthorityThatMayNotSignListsRevokesNothing(t *testing.T) {
	w := world(t)
	mute := below(t, "Mute authority", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })
	leaf := issued(t, "Unit", mute, nil)
	speaking := *mute.Cert
	speaking.KeyUsage |= x509.KeyUsageCRLSign
	l := crl(t, &fixture.Signer{Cert: &speaking, Key: mute.Key}, nil, revoked(leaf, claim, 1))
	p := agency(t)
	with(l, crl(t, w.Intermediate, nil))(&p)
	r := examine(t, signed(t, judged{by: leaf, certs: raws(leaf, mute)}), p)
	if got := r.Seals[0].Trust; got.State != verify.SignerTrusted || got.Revocation.State != verify.RevocationPartly || !slices.Contains(got.Remarks, verify.RemarkListBad) {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(r.Limits(), "Revocation not checked for every certificate.") || !strings.Contains(r.Seals[0].Trust.Line(), "not checked for every certificate") {
		t.Errorf("%q, %q", r.Limits(), r.Seals[0].Trust.Line())
	}
}

func TestListOfTheHighestNumberCounts(t *testing.T) {
	w := world(t)
	numbered := func(n int64, at time.Time, entries ...x509.RevocationListEntry) *x509.RevocationList {
		return crl(t, w.Intermediate, func(l *x509.RevocationList) { l.Number, l.ThisUpdate = big.NewInt(n), at }, entries...)
	}
	root := crl(t, w.Root, nil)
	hold := revoked(w.Exporter, claim.AddDate(0, 0, -1), 6)
	stolen := revoked(w.Exporter, claim.AddDate(0, 0, -1), 1)
	good := judged{by: w.Exporter, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}
	bad := judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonRevoked}
	var cases []want
	for name, c := range map[string]struct {
		judged
		lists   []*x509.RevocationList
		remarks string
	}{
		"a hold was lifted":                   {good, []*x509.RevocationList{numbered(5, claim, hold), numbered(6, claim.Add(time.Hour), revoked(w.Court, claim, 1))}, "none"},
		"on hold":                             {bad, []*x509.RevocationList{numbered(5, claim), numbered(6, claim.Add(time.Hour), hold)}, ""},
		"what an old list says is not undone": {bad, []*x509.RevocationList{numbered(6, claim.Add(time.Hour)), numbered(5, claim, stolen)}, ""},
		"lower number and later date":         {good, []*x509.RevocationList{numbered(9, claim), numbered(5, claim.Add(time.Hour))}, verify.RemarkListBad},
		"same number, the later date":         {good, []*x509.RevocationList{numbered(5, claim, hold), numbered(5, claim.Add(time.Hour))}, "none"},
		"the same list twice":                 {good, []*x509.RevocationList{root, root, numbered(1, claim)}, "none"},
	} {
		c.judged.name = name
		c.judged.policy = with(append(c.lists, root)...)
		cases = append(cases, want{judged: c.judged, remarks: c.remarks})
	}
	expectSigners(t, cases)
}

func TestKeyThatIsCompromisedUnderOneCertificateCountsUnderNone(t *testing.T) {
	w := world(t)
	first, err := w.Mint("Twofold CA", nil, w.Root, authority)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Mint("Twofold CA", first.Key, w.Root, authority)
	if err != nil {
		t.Fatal(err)
	}
	leaf := issued(t, "Unit", first, nil)
	for reason, want := range map[int]verify.TrustState{1: verify.SignerRejected, 4: verify.SignerTrusted} {
		p := agency(t)
		with(crl(t, w.Root, nil, revoked(first, claim.AddDate(0, 0, -1), reason)))(&p)
		p.Packs[0].Intermediates = []*x509.Certificate{first.Cert, second.Cert}
		if got := examine(t, signed(t, judged{by: leaf}), p).Seals[0].Trust; got.State != want {
			t.Errorf("reason %d: %+v", reason, got)
		}
	}
}

// answered is the policy with one stored response.
func answered(t testing.TB, raw []byte) func(*verify.Policy) {
	t.Helper()
	r, err := verify.ParseResponse(raw)
	if err != nil {
		t.Fatal(err)
	}
	root := crl(t, world(t).Root, nil)
	return func(p *verify.Policy) {
		required(root)(p)
		p.Packs[0].Responses = []*verify.Response{r, r}
	}
}

func TestStoredResponsesAreAcceptedByTheRules(t *testing.T) {
	w := world(t)
	delegate := func(from *fixture.Signer, change func(*x509.Certificate)) *fixture.Signer {
		return issued(t, "Responder", from, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
			c.NotBefore, c.NotAfter = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
			if change != nil {
				change(c)
			}
		})
	}
	make := func(about *fixture.Signer, issuer, responder, key *fixture.Signer, change func(*ocsp.Response)) []byte {
		r := ocsp.Response{Status: ocsp.Good, SerialNumber: about.Cert.SerialNumber, IssuerHash: crypto.SHA256, ThisUpdate: claim.Add(time.Hour), NextUpdate: claim.AddDate(1, 0, 0)}
		if change != nil {
			change(&r)
		}
		raw, err := ocsp.CreateResponse(issuer.Cert, responder.Cert, r, key.Key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	ca := w.Intermediate
	by := func(d *fixture.Signer) []byte {
		return make(w.Exporter, ca, d, d, func(r *ocsp.Response) { r.Certificate = d.Cert })
	}
	own := func(change func(*ocsp.Response)) []byte { return make(w.Exporter, ca, ca, ca, change) }
	good := judged{by: w.Exporter, verdict: verify.Intact, state: verify.SignerTrusted, reason: verify.ReasonChain}
	missing := judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonNoList}
	stale := judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerUndecidable, reason: verify.ReasonListStale}
	bad := judged{by: w.Exporter, verdict: verify.IntactUntrusted, state: verify.SignerRejected, reason: verify.ReasonRevoked}
	lapsed := issued(t, "Unit", nil, func(c *x509.Certificate) { c.NotAfter = claim.AddDate(0, 1, 0) })
	since := judged{by: lapsed, verdict: verify.Intact, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince}
	aboutLapsed := func(more ...pkix.Extension) []byte {
		return make(lapsed, ca, ca, ca, func(r *ocsp.Response) { r.ThisUpdate, r.ExtraExtensions = claim.AddDate(0, 2, 0), more })
	}
	cutoff := func(at time.Time) pkix.Extension {
		return ext(false, der(t, at.UTC(), "generalized"), 1, 3, 6, 1, 5, 5, 7, 48, 1, 6)
	}
	revokedAt := func(at time.Time, reason int) func(*ocsp.Response) {
		return func(r *ocsp.Response) { r.Status, r.RevokedAt, r.RevocationReason = ocsp.Revoked, at, reason }
	}
	withdrawn := delegate(ca, nil)
	var cases []want
	add := func(name string, j judged, raw []byte, remarks string) {
		j.name, j.policy = name, answered(t, raw)
		cases = append(cases, want{judged: j, remarks: remarks})
	}
	add("good, by the issuer", good, own(nil), "none")
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA384, crypto.SHA512} {
		add("good, issuer named by "+h.String(), good, own(func(r *ocsp.Response) { r.IssuerHash = h }), "none")
	}
	add("good, the issuer's certificate beside it", good, make(w.Exporter, ca, ca, ca, func(r *ocsp.Response) { r.Certificate = ca.Cert }), "none")
	add("good, by a delegate", good, by(delegate(ca, nil)), "none")
	add("delegate without the use", missing, by(delegate(ca, func(c *x509.Certificate) { c.ExtKeyUsage = nil })), verify.RemarkListBad)
	add("delegate of another", missing, by(delegate(w.Root, nil)), verify.RemarkListBad)
	add("delegate out of date", missing, by(delegate(ca, func(c *x509.Certificate) { c.NotAfter = scene.AddDate(-1, 0, 0) })), verify.RemarkListBad)
	add("signed by another", missing, make(w.Exporter, ca, ca, w.Court, nil), verify.RemarkListBad)
	add("names another responder", missing, make(w.Exporter, ca, w.Court, ca, nil), verify.RemarkListBad)
	add("about another issuer's certificate", missing, make(w.Exporter, w.Root, ca, ca, nil), "")
	add("about another certificate", missing, make(w.Court, ca, ca, ca, nil), "")
	add("unknown to the responder", missing, own(func(r *ocsp.Response) { r.Status = ocsp.Unknown }), verify.RemarkListBad)
	add("next before this", missing, own(func(r *ocsp.Response) { r.NextUpdate = r.ThisUpdate.Add(-time.Hour) }), verify.RemarkListBad)
	add("stale", stale, own(func(r *ocsp.Response) { r.NextUpdate = claim.AddDate(0, 1, 0) }), verify.RemarkListStale)
	add("revoked before", bad, own(revokedAt(claim.AddDate(0, 0, -1), 4)), "")
	add("superseded after", good, own(revokedAt(claim.AddDate(0, 0, 1), 4)), verify.RemarkLater)
	add("compromised after", bad, own(revokedAt(claim.AddDate(0, 0, 1), 1)), "")
	add("may have been forgotten", since, aboutLapsed(), verify.RemarkDropped)
	add("is kept", since, aboutLapsed(cutoff(claim)), "none")
	add("was not kept that long", since, aboutLapsed(cutoff(claim.AddDate(0, 1, 15))), verify.RemarkDropped)
	expectSigners(t, cases)

	p := agency(t)
	answered(t, by(withdrawn))(&p)
	p.Packs[0].Revocations = append(p.Packs[0].Revocations, crl(t, ca, func(l *x509.RevocationList) { l.ThisUpdate = claim.AddDate(0, 0, -9) }, revoked(withdrawn, claim, 1)))
	if got := examine(t, signed(t, judged{by: w.Exporter}), p).Seals[0].Trust; !slices.Contains(got.Remarks, verify.RemarkListBad) {
		t.Errorf("a responder that is revoked: %+v", got)
	}
}

func TestResponseOfWrongFormIsRefused(t *testing.T) {
	w := world(t)
	good, err := w.Response(w.Exporter, w.Intermediate, nil)
	if err != nil {
		t.Fatal(err)
	}
	critical, err := w.Response(w.Exporter, w.Intermediate, func(r *ocsp.Response) { r.ExtraExtensions = []pkix.Extension{ext(true, []byte{5, 0}, 1, 2, 3)} })
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"nothing": nil, "cut": good[:len(good)-9], "longer": append(slices.Clone(good), 0), "error": ocsp.UnauthorizedErrorResponse,
		"gigantic": make([]byte, verify.MaxResponse+1), "critical extension": critical, "without body": {0x30, 3, 10, 1, 0},
		"no answers": bytes.Replace(good, der(t, w.Exporter.Cert.SerialNumber, ""), []byte{2, 3, 0x5b, 0, 0}, 1)[:40],
	} {
		if _, err := verify.ParseResponse(raw); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzParseResponse(f *testing.F) {
	w := world(f)
	good, err := w.Response(w.Exporter, w.Intermediate, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(ocsp.TryLaterErrorResponse)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := verify.ParseResponse(raw)
		if err == nil && r == nil {
			t.Error("neither a response nor an error")
		}
	})
}
