package verify

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"vedette/internal/diag"
)

// RevocationState says how much is known about the revocation of a signer's path.
type RevocationState uint8

// The states of revocation. The zero value is unchecked.
const (
	RevocationUnchecked     RevocationState = iota // no list or response for any certificate of the path
	RevocationPartly                               // for some of them
	RevocationStale                                // for all, but the next list is overdue
	RevocationChecked                              // for all
	RevocationRevoked                              // a certificate is revoked
	RevocationNotApplicable                        // nobody above the certificate could revoke it: it is pinned and signed by itself
)

var revocationWords = [...]string{"unchecked", "partly", "stale", "checked", "revoked", "not-applicable"}

// String returns the word of the JSON form.
func (v RevocationState) String() string { return word(revocationWords[:], v) }

// MarshalText returns the word of the JSON form.
func (v RevocationState) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Revocation is what is known about the revocation of a signer's path.
type Revocation struct {
	State   RevocationState `json:"state"`
	KnownTo *time.Time      `json:"knownTo,omitempty"` // the date of the oldest of the lists that were used
}

// Reasons of revocation (RFC 5280, 5.3.1).
const (
	reasonAffiliation = 3
	reasonSuperseded  = 4
	reasonCessation   = 5
	reasonHold        = 6
	reasonPrivilege   = 9
)

var reasonWords = map[int]string{
	0: "unspecified", 1: "key compromised", 2: "authority compromised", reasonAffiliation: "affiliation changed", reasonSuperseded: "superseded",
	reasonCessation: "cessation of operation", reasonHold: "on hold", 8: "removed from the list", reasonPrivilege: "privilege withdrawn", 10: "attribute authority compromised",
}

// afterwards are the reasons that do not reach back before their date. Every
// other one, known or not, takes the trust from older exports too: a stolen key
// can state any time.
var afterwards = map[int]bool{reasonAffiliation: true, reasonSuperseded: true, reasonCessation: true, reasonHold: true}

// revocation is one statement that a certificate is revoked.
type revocation struct {
	at     time.Time // the earlier of the date and the invalidity date
	reason int
}

func (r revocation) sentence(c *x509.Certificate) string {
	why := reasonWords[r.reason]
	if why == "" {
		why = fmt.Sprintf("reason %d", r.reason)
	}
	return fmt.Sprintf("%s was revoked as of %s (%s).", nameOf(c.Subject.String()), r.at.UTC().Format(time.RFC3339), why)
}

// standing is what lists and responses say about one certificate.
type standing struct {
	known   bool        // at least one of them speaks about it
	upTo    time.Time   // the date of the newest that does
	next    time.Time   // when the one after was due; zero where it does not say
	dropped bool        // it had expired by then and may have dropped off
	revoked *revocation // the gravest statement
	refused []string    // what was said by lists that are not used
}

// news takes note of one list or response that speaks about the certificate.
func (s *standing) news(from, next time.Time, dropped bool) {
	if !s.known || s.dropped && !dropped || s.dropped == dropped && from.After(s.upTo) {
		s.known, s.upTo, s.next, s.dropped = true, from, next, dropped
	}
}

// revoke keeps the gravest statement: one that reaches back before one that
// does not, and among equals the earlier.
func (s *standing) revoke(r revocation) {
	if s.revoked == nil || afterwards[s.revoked.reason] && !afterwards[r.reason] ||
		afterwards[s.revoked.reason] == afterwards[r.reason] && r.at.Before(s.revoked.at) {
		s.revoked = &r
	}
}

func (s *standing) refuse(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(s.refused, text) {
		s.refused = append(s.refused, text)
	}
}

// standingOf asks every list and response of every pack: what an issuer signed
// holds whichever pack brought it.
func (c *checker) standingOf(cert, issuer *x509.Certificate) *standing {
	key := pair{cert, issuer}
	if s, ok := c.standings[key]; ok {
		return s
	}
	s := &standing{}
	c.askLists(cert, issuer, s)
	c.askResponses(cert, issuer, s)
	if c.standings == nil {
		c.standings = map[pair]*standing{}
	}
	c.standings[key] = s
	return s
}

// revocation judges a path by the lists. refused has a state where the signer
// cannot be trusted: rejected at once, undecidable unless something else
// forbids it.
func (j *judging) revocation(p Pack, path []*x509.Certificate) (r *Revocation, refused SignerTrust, remarks []remark) {
	pairs := make([]pair, 0, len(path))
	for i := 0; i+1 < len(path); i++ {
		pairs = append(pairs, pair{path[i], path[i+1]})
	}
	top := path[len(path)-1]
	asked := len(pairs) // nobody has to speak for an anchor, but what is said against it counts
	if len(path) == 1 {
		if selfSigned(top) {
			return &Revocation{State: RevocationNotApplicable}, refused, nil
		}
		asked = 1
	}
	if !bytes.Equal(top.RawIssuer, top.RawSubject) {
		pairs = append(pairs, pair{top, j.c.issuerOf(top, j.others)})
	}
	r = &Revocation{State: RevocationChecked}
	known := 0
	for i, x := range pairs {
		st := &standing{}
		if x.issuer != nil {
			st = j.c.standingOf(x.child, x.issuer)
		}
		for _, why := range st.refused {
			remarks = append(remarks, remark{RemarkListBad, diag.Warning, why, false})
		}
		if st.revoked != nil {
			said := st.revoked.sentence(x.child)
			if !j.t.believed || !st.revoked.at.After(j.t.at) || !afterwards[st.revoked.reason] {
				return &Revocation{State: RevocationRevoked}, SignerTrust{State: SignerRejected, Reason: ReasonRevoked, Detail: said}, remarks
			}
			remarks = append(remarks, remark{RemarkLater, diag.Warning, strings.TrimSuffix(said, ".") + ", after the stated export time", false})
		}
		if i >= asked {
			break
		}
		if !st.known {
			remarks = append(remarks, remark{RemarkUnchecked, diag.Warning, fmt.Sprintf("revocation of %s not checked: the packs hold no list or response of its issuer", nameOf(x.child.Subject.String())), false})
			if p.RequiresRevocation {
				refused = SignerTrust{State: SignerUndecidable, Reason: ReasonNoList, Detail: fmt.Sprintf("It concerns %s.", nameOf(x.child.Subject.String()))}
			}
			continue
		}
		known++
		if r.KnownTo == nil || st.upTo.Before(*r.KnownTo) {
			to := st.upTo.UTC()
			r.KnownTo = &to
		}
		more, stale := j.aged(x.child, st)
		remarks = append(remarks, more...)
		if !stale {
			continue
		}
		r.State = RevocationStale
		if p.RequiresRevocation && refused.State == SignerUnchecked {
			refused = SignerTrust{State: SignerUndecidable, Reason: ReasonListStale, Detail: fmt.Sprintf("It concerns %s.", nameOf(x.child.Subject.String()))}
		}
	}
	switch {
	case known == 0:
		r.State = RevocationUnchecked
	case known < asked:
		r.State = RevocationPartly
	}
	return r, refused, remarks
}

// aged tells what is too old about the newest that is known of a certificate.
func (j *judging) aged(cert *x509.Certificate, st *standing) (remarks []remark, stale bool) {
	name := nameOf(cert.Subject.String())
	if j.t.believed && st.upTo.Before(j.t.at) {
		remarks = append(remarks, remark{RemarkListOld, diag.Note, fmt.Sprintf("revocation of %s known only up to %s, which is before the export", name, day(st.upTo)), false})
	}
	since := st.next
	if since.IsZero() {
		since = st.upTo
	}
	if j.t.now.After(since) {
		stale = true
		remarks = append(remarks, remark{RemarkListStale, diag.Note, fmt.Sprintf("the revocation list for %s is stale since %s", name, day(since)), false})
	}
	if st.dropped && st.revoked == nil {
		remarks = append(remarks, remark{RemarkDropped, diag.Warning, fmt.Sprintf("%s had expired before %s, when the list was made, and may have dropped off it", name, day(st.upTo)), false})
	}
	return remarks, stale
}

// issuerOf finds the issuer of a certificate that no path leads up from: a
// pinned one, or an anchor that is no root.
func (c *checker) issuerOf(top *x509.Certificate, others []*x509.Certificate) *x509.Certificate {
	steps := 0
	try := func(list []*x509.Certificate) *x509.Certificate {
		for _, x := range list {
			if !bytes.Equal(x.RawSubject, top.RawIssuer) {
				continue
			}
			if steps++; steps > maxSteps {
				return nil
			}
			if c.signed(top, x) == nil {
				return x
			}
		}
		return nil
	}
	for _, p := range c.policy.Packs {
		for _, list := range [][]*x509.Certificate{p.Anchors, p.Intermediates} {
			if x := try(list); x != nil {
				return x
			}
		}
	}
	return try(others)
}
