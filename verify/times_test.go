package verify_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// dated is an export that states a time, or none, sealed by one signer.
func dated(t testing.TB, at time.Time, s *fixture.Signer) []byte {
	t.Helper()
	f := parsed(t, sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Seals, x.Side.Time = nil, at }))
	f.At("meta").Drop("cstb")
	return seal(t, f.Bytes(), by(t, func(o *fixture.SealOptions) { o.By = s }))
}

func TestDatesAreJudgedByTheTable(t *testing.T) {
	w := world(t)
	now := scene.AddDate(0, 6, 0)
	late := now.Add(25 * time.Hour)
	lapsed := issued(t, "Unit", nil, func(c *x509.Certificate) { c.NotAfter = scene.AddDate(0, 3, 0) })
	for _, c := range []struct {
		name   string
		at     time.Time
		by     *fixture.Signer
		state  verify.TrustState
		reason string
		remark string
		past   time.Time
	}{
		{name: "valid then and now", at: claim, by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "valid then, expired since", at: claim, by: lapsed, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince},
		{name: "not yet then", at: claim, by: w.NotYet, state: verify.SignerRejected, reason: verify.ReasonNotYet},
		{name: "expired then", at: claim, by: w.Expired, state: verify.SignerRejected, reason: verify.ReasonExpiredAtExport},
		{name: "a little after now", at: now.Add(23 * time.Hour), by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain},
		{name: "absurdly late, valid now", at: late, by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain, remark: verify.RemarkNoExport},
		{name: "absurdly late, expired now", at: late, by: lapsed, state: verify.SignerUndecidable, reason: verify.ReasonNoTime, remark: verify.RemarkNoExport},
		{name: "absurdly early, valid now", at: time.Date(2003, 12, 31, 0, 0, 0, 0, time.UTC), by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain, remark: verify.RemarkNoExport},
		{name: "absurdly early, not yet valid", at: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), by: w.NotYet, state: verify.SignerUndecidable, reason: verify.ReasonNoTime, remark: verify.RemarkNoExport},
		{name: "clock behind, valid then", at: claim, by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain, remark: verify.RemarkClock, past: now.AddDate(0, 1, 0)},
		{name: "clock behind, certainly expired since", at: claim, by: w.Exporter, state: verify.SignerTrustedThenExpired, reason: verify.ReasonExpiredSince, remark: verify.RemarkClock, past: now.AddDate(9, 0, 0)},
		{name: "clock behind, export after the clock", at: late, by: w.Exporter, state: verify.SignerTrusted, reason: verify.ReasonChain, remark: verify.RemarkClock, past: now.AddDate(0, 1, 0)},
		{name: "clock behind, nothing else to judge by", at: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), by: w.Exporter, state: verify.SignerUndecidable, reason: verify.ReasonClock, remark: verify.RemarkClock, past: now.AddDate(0, 1, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := agency(t)
			p.Past = c.past
			r := examine(t, dated(t, c.at, c.by), p)
			got := r.Seals[0].Trust
			if got.State != c.state || got.Reason != c.reason || c.remark != "" && (!slices.Contains(got.Remarks, c.remark) || !says(r, c.remark)) {
				t.Errorf("%+v", got)
			}
			if c.remark == "" && (slices.Contains(got.Remarks, verify.RemarkNoExport) || slices.Contains(got.Remarks, verify.RemarkClock)) {
				t.Errorf("remarks %v", got.Remarks)
			}
			if got.Now == nil || !got.Now.Equal(now) || got.JudgedAt == nil {
				t.Error("the times are not stated")
			}
			if believed := got.TimeSource == "claimed export time"; believed && !got.JudgedAt.Equal(c.at) || !believed && !got.JudgedAt.Equal(now) {
				t.Errorf("judged at %s by %s", got.JudgedAt, got.TimeSource)
			}
		})
	}
	bare := changed(t, dated(t, claim, w.Exporter), func(f *fixture.File) { f.At("meta").Drop("suep") })
	if got := examine(t, bare, agency(t)).Seals[0].Trust; got.TimeSource != "now" || !slices.Contains(got.Remarks, verify.RemarkNoExport) {
		t.Errorf("no export information: %+v", got)
	}
}

func TestLaterSealIsJudgedByNow(t *testing.T) {
	w := world(t)
	for _, c := range []struct {
		name   string
		by     *fixture.Signer
		now    time.Time
		past   time.Time
		state  verify.TrustState
		reason string
	}{
		{"valid", w.Court, scene.AddDate(0, 6, 0), time.Time{}, verify.SignerTrusted, verify.ReasonChain},
		{"not yet valid, so it cannot have signed", w.NotYet, scene.AddDate(0, 6, 0), time.Time{}, verify.SignerRejected, verify.ReasonNotYet},
		{"expired, it may have signed before", w.Court, scene.AddDate(5, 0, 0), time.Time{}, verify.SignerUndecidable, verify.ReasonNoTime},
		{"clock behind", w.Court, scene.AddDate(0, 6, 0), scene.AddDate(0, 7, 0), verify.SignerUndecidable, verify.ReasonClock},
		{"revoked at any time", w.Revoked, scene.AddDate(0, 6, 0), time.Time{}, verify.SignerRejected, verify.ReasonRevoked},
	} {
		p := agency(t)
		p.Now, p.Past = c.now, c.past
		with(crl(t, w.Intermediate, nil, revoked(w.Revoked, scene.AddDate(0, 5, 0), 4)))(&p)
		r := examine(t, seal(t, draft(t, nil), by(t, nil), fixture.SealOptions{By: c.by}), p)
		if got := r.Seals[1].Trust; got.State != c.state || got.Reason != c.reason || got.TimeSource != "now" {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// The rows of the test matrix of export files that ask about signers.
func TestRowsOfTheMatrixAboutSigners(t *testing.T) {
	w := world(t)
	p := agency(t)
	lapsed := issued(t, "Unit", nil, func(c *x509.Certificate) { c.NotAfter = scene.AddDate(0, 3, 0) })
	encipher := issued(t, "Unit", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
	lie := parsed(t, draft(t, nil))
	lie.At("mdat").Body[50] ^= 1
	expect(t, p, []answer{
		{name: "37 changed and sealed again under the same name", data: seal(t, lie.Bytes(), by(t, func(o *fixture.SealOptions) { o.By = w.Mallory })), verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonSelfSigned},
		{name: "47 RSA-1024", data: made(t, modulus(t, 1024), fixture.Scheme{}), verdict: verify.CannotCheck, seals: "w"},
		{name: "48 RSASSA-PSS without parameters", data: made(t, w.Exporter, fixture.Scheme{SigC: fixture.SigC(fixture.OIDPSS)}), verdict: verify.CannotCheck, seals: "w"},
		{name: "49 expired before the export", data: made(t, w.Expired, fixture.Scheme{}), verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonExpiredAtExport},
		{name: "50 expired after the export", data: signed(t, judged{by: lapsed}), verdict: verify.Intact, seals: "i", codes: verify.ReasonExpiredSince},
		{name: "51 not yet valid", data: made(t, w.NotYet, fixture.Scheme{}), verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonNotYet},
		{name: "51 an authority", data: made(t, w.Intermediate, fixture.Scheme{}), verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonAuthority},
		{name: "51 a key that may not sign", data: signed(t, judged{by: encipher}), verdict: verify.IntactUntrusted, seals: "i", codes: verify.ReasonKeyUsage},
		{name: "52 two certificates", data: signed(t, judged{by: w.Exporter, certs: raws(w.Exporter, w.Mallory)}), verdict: verify.Intact, seals: "i", codes: verify.ReasonChain},
	})
}

func TestReportTellsPathTimesPackAndRevocationInWords(t *testing.T) {
	w := world(t)
	p := agency(t)
	p.Packs[0].Name, p.Packs[0].Serial, p.Packs[0].SHA256, p.Packs[0].StaleAfter = "Evidence", 7, "ab", scene.AddDate(0, 1, 0)
	text := func(c judged) (*verify.Report, string) {
		r := examine(t, signed(t, c), p)
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		return r, b.String()
	}
	r, said := text(judged{by: w.Exporter})
	for _, s := range []string{
		"Revocation not checked. Does not show", "trusted; revocation not checked. The signer's", "Under      CN=Sandhaven Evidence CA 1", "By pack    Evidence",
		"Judged at  2026-03-02T12:00:00Z (claimed export time)", "Now        2026-09-01T12:00:00Z", "Evidence, serial 7, out of date, SHA-256 ab", "revocation of a signer or an authority: the trust packs hold no list",
	} {
		if !strings.Contains(said, s) {
			t.Errorf("%q is not said:\n%s", s, said)
		}
	}
	if got := r.Seals[0].Trust; !slices.Contains(got.Remarks, verify.RemarkPackStale) || got.Pack != "Evidence" || !r.Packs[0].Stale || len(r.Seals[0].Chain) < 2 {
		t.Errorf("%+v", got)
	}
	with(crl(t, w.Intermediate, nil), crl(t, w.Root, nil))(&p)
	if r, said = text(judged{by: w.Exporter}); !strings.Contains(said, "trusted; revocation known up to 2026-03-02. The") || strings.Contains(r.Limits(), "Revocation") {
		t.Error(said)
	}
	stale := func(l *x509.RevocationList) { l.NextUpdate = scene.AddDate(0, 1, 0) }
	with(crl(t, w.Intermediate, stale), crl(t, w.Root, nil))(&p)
	if _, said = text(judged{by: w.Exporter}); !strings.Contains(said, "the list is stale") {
		t.Error(said)
	}
	with(crl(t, w.Intermediate, nil, revoked(w.Exporter, claim, 1)))(&p)
	if r, said = text(judged{by: w.Exporter}); !strings.Contains(said, "rejected. The certificate, or") || !strings.Contains(said, "VMS export 02 was revoked as of 2026-03-02T12:00:00Z (key compromised)") {
		t.Error(said)
	}
	orphan := issued(t, "Unit", below(t, "Elsewhere", w.Metro, nil), nil)
	if _, said = text(judged{by: orphan}); !strings.Contains(said, "no certificate of its issuer Elsewhere is at hand") {
		t.Error(said)
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{`"revocation":{"state":"revoked"}`, `"now":"2026-09-01T12:00:00Z"`, `"path":[{"subject":"CN=VMS export 02`, `"detail":"VMS export 02 was revoked`} {
		if !strings.Contains(string(raw), s) {
			t.Errorf("%s is not in %s", s, raw)
		}
	}
	p.Packs[0].Pins = [][32]byte{sha256.Sum256(w.Mallory.Cert.Raw)}
	if r, said = text(judged{by: w.Mallory}); !strings.Contains(said, "Trust      pinned. The signer's own") || r.Seals[0].Trust.Revocation.State != verify.RevocationNotApplicable {
		t.Error(said)
	}
}
