package verify

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"

	"vedette/internal/diag"
)

// judge says who made seal k, under the packs of the policy. Every pool is
// asked by itself, so that what one partner's anchors vouch for never leans on
// another's; the best supported answer is told, with the pool that gave it.
func (c *checker) judge(k int, s *sealCheck) {
	if len(c.policy.Packs) == 0 {
		return
	}
	j := &judging{c: c, leaf: s.leaf, others: s.others, t: c.timesOf(k)}
	s.report.Trust, s.report.Chain = j.ask(fmt.Sprintf("seal %d", k+1))
}

// ask asks every pool and takes the best supported answer, whose remarks become
// findings about what is named.
func (j *judging) ask(what string) (SignerTrust, []Signer) {
	best := outcome{trust: SignerTrust{State: SignerUnknown, Reason: ReasonNoAnchor}}
	if selfSigned(j.leaf) {
		best.trust.Reason = ReasonSelfSigned
	}
	var misses []miss
	for _, p := range j.c.policy.Packs {
		if !p.counts(j.c.policy.Partner) {
			continue
		}
		got := j.under(p)
		misses = append(misses, got.misses...)
		if got.above(best) {
			best = got
		}
	}
	t := best.trust
	at, now := j.t.at, j.c.policy.Now.UTC()
	t.JudgedAt, t.TimeSource, t.Now = &at, j.t.source, &now
	if !vouched(t.State) {
		t.Misses = tellMisses(misses)
	}
	for _, r := range append(j.t.remarks, best.remarks...) {
		if !slices.Contains(t.Remarks, r.code) {
			t.Remarks = append(t.Remarks, r.code)
		}
		if !r.told {
			j.c.extra = append(j.c.extra, diag.New(r.code, r.severity, "%s: %s", what, r.text))
		}
	}
	var path []Signer
	for _, x := range best.path {
		path = append(path, signerOf(x))
	}
	return t, path
}

// counts reports whether a pool may vouch when the exports of one partner are asked for.
func (p Pack) counts(partner string) bool {
	return partner == "" || p.Partner == "" || p.Partner == partner || p.PartnerName == partner
}

// judging is one signer being judged, of a seal or of pictures.
type judging struct {
	c      *checker
	leaf   *x509.Certificate
	others []*x509.Certificate // untrusted helpers that came with it
	t      times
	camera bool // of pictures: Media Signing has no rule for what the key is made for
}

// remark is an observation that does not change the state by itself.
type remark struct {
	code     string
	severity diag.Severity
	text     string
	told     bool // the finding was given already
}

// outcome is the answer of one pool by one path.
type outcome struct {
	trust   SignerTrust
	near    int // how close to an anchor the nearest miss came
	path    []*x509.Certificate
	misses  []miss
	remarks []remark
}

// rank orders states from least to most telling, so that several packs give
// the best supported answer: a rejection counts above unknown, trust above both.
var rank = []TrustState{SignerUnchecked, SignerUnknown, SignerUndecidable, SignerRejected, SignerTrustedThenExpired, SignerPinned, SignerTrusted}

func (o outcome) above(b outcome) bool {
	x, y := slices.Index(rank, o.trust.State), slices.Index(rank, b.trust.State)
	return x > y || x == y && o.near > b.near
}

// under judges the signer under one pool.
func (j *judging) under(p Pack) outcome {
	leaf := j.leaf
	pinned := slices.Contains(p.Pins, sha256.Sum256(leaf.Raw))
	w := j.c.walk(p, leaf, j.others, nearest(leaf, j.t.at))
	if !pinned && len(w.paths) == 0 {
		m := w.nearestMiss(leaf)
		return outcome{trust: SignerTrust{State: stateOf(m.reason), Reason: m.reason, Detail: m.text}, near: m.near, misses: w.misses}
	}
	if !pinned && !p.Subject.fits(leaf) {
		m := miss{ReasonOtherSubject, fmt.Sprintf("The certificate chains to an anchor of %s, whose signers have %s; this one has %s.", p.vouches(), p.Subject, subjectOf(leaf)), nearOther}
		return outcome{trust: SignerTrust{State: SignerUnknown, Reason: m.reason, Detail: m.text}, near: m.near, path: w.paths[0], misses: []miss{m}}
	}
	paths := w.paths
	if len(paths) == 0 {
		paths = [][]*x509.Certificate{{leaf}}
	}
	best := outcome{}
	for i, path := range paths {
		if got := j.along(p, path, pinned); i == 0 || got.above(best) {
			best = got
		}
	}
	if o, bad := j.compromised(paths, best); bad {
		return o
	}
	return best
}

// along judges the signer along one path, which is the leaf alone where it is pinned.
func (j *judging) along(p Pack, path []*x509.Certificate, pinned bool) outcome {
	leaf := path[0]
	o := outcome{path: path}
	good := SignerTrust{State: SignerTrusted, Reason: ReasonChain, Partner: p.partnerName(), Pack: p.Name, Anchor: path[len(path)-1].Subject.String()}
	if pinned {
		good.State, good.Reason, good.Anchor = SignerPinned, ReasonPinned, "pinned in "+p.Name
	}
	var refused SignerTrust
	good.Revocation, refused, o.remarks = j.revocation(p, path)
	refused.Revocation = good.Revocation
	if refused.State == SignerRejected {
		o.trust = refused
		return o
	}
	why, remarks := usage(p, leaf, pinned, j.camera)
	o.remarks = append(o.remarks, remarks...)
	if why != "" {
		o.trust = SignerTrust{State: SignerRejected, Reason: why, Revocation: good.Revocation}
		return o
	}
	o.trust, remarks = j.t.dated(good, path)
	o.remarks = append(o.remarks, remarks...)
	o.remarks = append(o.remarks, nameless(path)...)
	if vouched(o.trust.State) && refused.State != SignerUnchecked {
		o.trust = refused
	}
	if vouched(o.trust.State) && !p.StaleAfter.IsZero() && j.t.now.After(p.StaleAfter) {
		o.remarks = append(o.remarks, remark{RemarkPackStale, diag.Warning, fmt.Sprintf("trust pack %s is out of date since %s", p.Name, day(p.StaleAfter)), false})
	}
	return o
}

// compromised rejects a signer whose best path goes through a key that another
// path shows as compromised, under whichever certificate that key stands.
func (j *judging) compromised(paths [][]*x509.Certificate, best outcome) (outcome, bool) {
	for _, path := range paths {
		for i := 0; i+1 < len(path); i++ {
			st := j.c.standingOf(path[i], path[i+1])
			if st.revoked == nil || afterwards[st.revoked.reason] || st.revoked.reason == reasonPrivilege {
				continue
			}
			for _, x := range best.path {
				if bytes.Equal(x.RawSubjectPublicKeyInfo, path[i].RawSubjectPublicKeyInfo) {
					o := best
					o.trust = SignerTrust{State: SignerRejected, Reason: ReasonRevoked, Detail: st.revoked.sentence(path[i]), Revocation: &Revocation{State: RevocationRevoked}}
					return o, true
				}
			}
		}
	}
	return outcome{}, false
}

// vouched reports whether a state counts as trusted.
func vouched(s TrustState) bool {
	return s == SignerTrusted || s == SignerTrustedThenExpired || s == SignerPinned
}

func (p Pack) partnerName() string {
	if p.PartnerName != "" {
		return p.PartnerName
	}
	return p.Partner
}

// vouches names the pool for a sentence.
func (p Pack) vouches() string {
	if n := p.partnerName(); n != "" {
		return "partner " + Inert(n)
	}
	return "trust pack " + Inert(p.Name)
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}
