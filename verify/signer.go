package verify

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"vedette/internal/diag"
)

// Reason codes of a signer's trust.
const (
	ReasonChain           = "TRUST-CHAIN"             // chains to an anchor
	ReasonPinned          = "TRUST-PINNED"            // is pinned
	ReasonExpiredSince    = "TRUST-EXPIRED-SINCE"     // was valid at the stated export time, expired since
	ReasonNoAnchor        = "TRUST-NO-ANCHOR"         // no path to an anchor
	ReasonSelfSigned      = "TRUST-SELF-SIGNED"       // signed by itself and not in the packs
	ReasonNotYet          = "TRUST-NOT-YET-VALID"     // export time before the certificate's
	ReasonExpiredAtExport = "TRUST-EXPIRED-AT-EXPORT" // expired when the export was made
	ReasonKeyUsage        = "TRUST-KEY-USAGE"         // key usage forbids signing
	ReasonAuthority       = "TRUST-CA-LEAF"           // an authority's certificate signed the file
	ReasonNoTime          = "TRUST-NO-TIME"           // no usable time to judge by
	ReasonAnchorExpired   = "TRUST-ANCHOR-EXPIRED"    // the path is sound but for the dates of an authority
	ReasonUndecidable     = "TRUST-UNDECIDABLE"       // the path uses something that cannot be judged
	ReasonRevoked         = "TRUST-REVOKED"           // listed as revoked in the pack
	ReasonWeakChain       = "TRUST-WEAK-CHAIN"        // the path is signed by an algorithm that no longer counts
)

// earliestClaim is the earliest export time that is believed: no format of
// this kind is older.
var earliestClaim = time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC)

// judge says who made seal k, under the packs of the policy.
func (c *checker) judge(k int, s *sealCheck) {
	if len(c.policy.Packs) == 0 {
		return
	}
	at, source, believed := c.claimedTime(k)
	t := SignerTrust{State: SignerUnknown, Reason: ReasonNoAnchor, JudgedAt: &at, TimeSource: source}
	if selfSigned(s.leaf) {
		t.Reason = ReasonSelfSigned
	}
	var lists []*x509.RevocationList // a list that the issuer signed holds whichever pack brought it
	for _, p := range c.policy.Packs {
		lists = append(lists, p.Revocations...)
	}
	for _, p := range c.policy.Packs {
		p.Revocations = lists
		if c.policy.Partner != "" && p.Partner != "" && p.Partner != c.policy.Partner {
			continue
		}
		got, chain := judgeBy(p, s, at, believed, c.policy.Now)
		if better(got.State, t.State) {
			got.JudgedAt, got.TimeSource = &at, source
			t = got
			s.report.Chain = nil
			for _, x := range chain {
				s.report.Chain = append(s.report.Chain, signerOf(x))
			}
		}
	}
	if len(s.leaf.ExtKeyUsage)+len(s.leaf.UnknownExtKeyUsage) > 0 && !signingUsage(s.leaf) {
		t.Remarks = append(t.Remarks, "TRUST-EXTENDED-USAGE")
		c.extra = append(c.extra, diag.New("TRUST-EXTENDED-USAGE", diag.Note, "the certificate of seal %d is made for another use than signing documents", k+1))
	}
	s.report.Trust = t
}

// claimedTime is the time at which dates are judged: the export time for the
// first seal, if it can be believed, else now. A later seal has no time of its own.
func (c *checker) claimedTime(k int) (at time.Time, source string, believed bool) {
	if k == 0 {
		if info, ok := c.e.Info(); ok {
			stated := "that is stated is no time of an export"
			if info.HasTime {
				t := info.Time.Time()
				if t.After(earliestClaim) && t.Before(c.policy.Now.Add(24*time.Hour)) {
					return t, "claimed export time", true
				}
				stated = info.Time.String() + " cannot be"
			}
			c.extra = append(c.extra, diag.New("TIME-EXPORT-ABSURD", diag.Warning, "the export time %s; certificates were judged as of now", stated))
		}
	}
	return c.policy.Now.UTC(), "now", false
}

// rank orders states from least to most telling, so that several packs give
// the best supported answer: a rejection counts above unknown, trust above both.
var rank = []TrustState{SignerUnchecked, SignerUnknown, SignerUndecidable, SignerRejected, SignerTrustedThenExpired, SignerPinned, SignerTrusted}

func better(a, b TrustState) bool { return slices.Index(rank, a) > slices.Index(rank, b) }

// judgeBy judges one signer under one pack.
func judgeBy(p Pack, s *sealCheck, at time.Time, believed bool, now time.Time) (SignerTrust, []*x509.Certificate) {
	leaf := s.leaf
	pinned := slices.Contains(p.Pins, sha256.Sum256(leaf.Raw))
	chain, reason := pathTo(p, leaf, s.others, middle(leaf, at))
	if !pinned && chain == nil {
		state := SignerUnknown
		switch reason {
		case ReasonUndecidable, ReasonAnchorExpired:
			state = SignerUndecidable
		case ReasonWeakChain:
			state = SignerRejected
		}
		return SignerTrust{State: state, Reason: reason}, nil
	}
	if revoked(p, chain) {
		return SignerTrust{State: SignerRejected, Reason: ReasonRevoked}, chain
	}
	if why := usage(leaf, pinned); why != "" {
		return SignerTrust{State: SignerRejected, Reason: why}, chain
	}
	good := SignerTrust{State: SignerTrusted, Reason: ReasonChain, Anchor: p.Name}
	if chain != nil {
		good.Anchor = chain[len(chain)-1].Subject.String()
	}
	if pinned {
		good = SignerTrust{State: SignerPinned, Reason: ReasonPinned, Anchor: "pinned in " + p.Name}
		if len(chain) == 0 {
			chain = []*x509.Certificate{leaf}
		}
	}
	return dated(good, leaf, at, believed, now), chain
}

// revoked reports whether a list, signed by the issuer of a certificate of the
// path, names it. The date of revocation is not weighed:
// what is listed does not count.
func revoked(p Pack, chain []*x509.Certificate) bool {
	for i := 0; i+1 < len(chain); i++ {
		for _, l := range p.Revocations {
			if l.CheckSignatureFrom(chain[i+1]) != nil {
				continue
			}
			for _, e := range l.RevokedCertificateEntries {
				if e.SerialNumber.Cmp(chain[i].SerialNumber) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// dated applies the dates of the leaf.
func dated(good SignerTrust, leaf *x509.Certificate, at time.Time, believed bool, now time.Time) SignerTrust {
	switch {
	case at.Before(leaf.NotBefore):
		return SignerTrust{State: SignerRejected, Reason: ReasonNotYet}
	case at.After(leaf.NotAfter) && !believed:
		return SignerTrust{State: SignerUndecidable, Reason: ReasonNoTime}
	case at.After(leaf.NotAfter):
		return SignerTrust{State: SignerRejected, Reason: ReasonExpiredAtExport}
	case now.After(leaf.NotAfter):
		good.State, good.Reason = SignerTrustedThenExpired, ReasonExpiredSince
	}
	return good
}

// middle returns at, or the nearest time at which the leaf is valid: whether
// there is a path at all is asked apart from the leaf's dates.
func middle(leaf *x509.Certificate, at time.Time) time.Time {
	switch {
	case at.Before(leaf.NotBefore):
		return leaf.NotBefore
	case at.After(leaf.NotAfter):
		return leaf.NotAfter
	}
	return at
}

// usage returns why the leaf may not sign, or "". The library does not look.
func usage(leaf *x509.Certificate, pinned bool) string {
	if leaf.IsCA && !pinned {
		return ReasonAuthority
	}
	if leaf.KeyUsage != 0 && leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return ReasonKeyUsage
	}
	return ""
}

func signingUsage(leaf *x509.Certificate) bool {
	for _, u := range leaf.ExtKeyUsage {
		if u == x509.ExtKeyUsageAny || u == x509.ExtKeyUsageCodeSigning || u == x509.ExtKeyUsageEmailProtection {
			return true
		}
	}
	for _, u := range leaf.UnknownExtKeyUsage {
		if u.String() == "1.3.6.1.5.5.7.3.36" { // document signing, RFC 9336
			return true
		}
	}
	return false
}

func selfSigned(c *x509.Certificate) bool {
	return c.Issuer.String() == c.Subject.String() && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// pathTo looks for a path from leaf to an anchor of the pack at one time. It
// never uses the system's anchors: the pool is always given.
func pathTo(p Pack, leaf *x509.Certificate, others []*x509.Certificate, at time.Time) ([]*x509.Certificate, string) {
	roots, helpers := x509.NewCertPool(), x509.NewCertPool()
	for _, a := range p.Anchors {
		if !a.Equal(leaf) { // one's own certificate is a pin, not an anchor
			roots.AddCert(a)
		}
	}
	for _, x := range p.Intermediates {
		helpers.AddCert(x)
	}
	for _, x := range others {
		helpers.AddCert(x)
	}
	if at.IsZero() {
		return nil, ReasonNoTime
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: helpers, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err == nil {
		return chains[0], ""
	}
	return nil, pathReason(err, leaf)
}

func pathReason(err error, leaf *x509.Certificate) string {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	text := err.Error()
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ReasonAnchorExpired
	case strings.Contains(text, "insecure algorithm"):
		return ReasonWeakChain
	case strings.Contains(text, "unimplemented") || strings.Contains(text, "limit"):
		return ReasonUndecidable
	case errors.As(err, &unknown) && selfSigned(leaf):
		return ReasonSelfSigned
	case errors.As(err, &unknown):
		return ReasonNoAnchor
	}
	return ReasonUndecidable
}
