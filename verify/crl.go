package verify

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MaxList bounds a revocation list. 200,000 entries have 4.4 MB.
const MaxList = 32 << 20

var (
	oidListNumber    = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidInvalidity    = asn1.ObjectIdentifier{2, 5, 29, 24}
	oidDelta         = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidScope         = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidEntryIssuer   = asn1.ObjectIdentifier{2, 5, 29, 29}
	oidAuthorityKey  = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidExpiredOnList = asn1.ObjectIdentifier{2, 5, 29, 60}
)

// list is a revocation list as it was looked through, once in a check.
type list struct {
	l     *x509.RevocationList
	bad   string    // why it is not used whoever signed it
	scope string    // raw scope extension; "" where it speaks about everything
	names []string  // distribution points to which the scope limits it
	keeps time.Time // certificates that expired since then stay on it; zero where it does not say
}

// ListProblem returns why a revocation list cannot be used whoever signed it,
// as a clause, or "".
func ListProblem(l *x509.RevocationList) string { return lookThrough(l).bad }

// lookThrough judges what the library parses and does not judge.
func lookThrough(l *x509.RevocationList) *list {
	out := &list{l: l}
	if len(l.Raw) > MaxList {
		out.bad = fmt.Sprintf("it has %d bytes, the limit is %d", len(l.Raw), MaxList)
		return out
	}
	if weakHash(l.SignatureAlgorithm) {
		out.bad = fmt.Sprintf("it is signed by %s, which no longer counts", l.SignatureAlgorithm)
		return out
	}
	if !l.NextUpdate.IsZero() && l.NextUpdate.Before(l.ThisUpdate) {
		out.bad = "its next update lies before its own date"
		return out
	}
	seen := map[string]bool{}
	for _, e := range l.Extensions {
		if seen[e.Id.String()] {
			out.bad = fmt.Sprintf("it has the extension %s twice", e.Id)
			return out
		}
		seen[e.Id.String()] = true
		if out.bad = out.extension(e); out.bad != "" {
			return out
		}
	}
	for _, e := range l.RevokedCertificateEntries {
		for _, x := range e.Extensions {
			if x.Id.Equal(oidEntryIssuer) || x.Critical && !x.Id.Equal(oidInvalidity) {
				out.bad = fmt.Sprintf("an entry has the extension %s: the list speaks about other issuers, or is not understood", x.Id)
				return out
			}
		}
	}
	return out
}

func (x *list) extension(e pkix.Extension) (bad string) {
	switch {
	case e.Id.Equal(oidDelta):
		return "it lists only what changed since another list"
	case e.Id.Equal(oidScope):
		x.scope = string(e.Value)
		names, err := scopeNames(e.Value)
		if err != nil {
			return err.Error()
		}
		x.names = names
	case e.Id.Equal(oidExpiredOnList):
		if _, err := asn1.UnmarshalWithParams(e.Value, &x.keeps, "generalized"); err != nil {
			x.keeps = time.Time{}
		}
	case e.Id.Equal(oidListNumber), e.Id.Equal(oidAuthorityKey):
	case e.Critical:
		return fmt.Sprintf("it has the critical extension %s, which is not understood", e.Id)
	}
	return ""
}

// scopeNames reads an issuing distribution point. A list that leaves out kinds
// of certificates or reasons, or speaks for other issuers, is refused; one of a
// single distribution point counts for the certificates that name the point.
func scopeNames(der []byte) ([]string, error) {
	var s struct {
		Point struct {
			FullName []asn1.RawValue `asn1:"optional,tag:0"`
			Relative asn1.RawValue   `asn1:"optional,tag:1"`
		} `asn1:"optional,tag:0"`
		Users      bool           `asn1:"optional,tag:1"`
		CAs        bool           `asn1:"optional,tag:2"`
		Reasons    asn1.BitString `asn1:"optional,tag:3"`
		Indirect   bool           `asn1:"optional,tag:4"`
		Attributes bool           `asn1:"optional,tag:5"`
	}
	if rest, err := asn1.Unmarshal(der, &s); err != nil || len(rest) > 0 {
		return nil, errors.New("its scope cannot be read")
	}
	switch {
	case s.Indirect:
		return nil, errors.New("it speaks about certificates of other issuers too (indirect)")
	case s.Users || s.CAs || s.Attributes || s.Reasons.BitLength > 0:
		return nil, errors.New("it leaves out kinds of certificates or reasons (partial)")
	}
	names := []string{}
	for _, n := range s.Point.FullName {
		if n.Class == asn1.ClassContextSpecific && n.Tag == 6 {
			names = append(names, string(n.Bytes))
		}
	}
	if len(names) == 0 {
		return nil, errors.New("its scope names no address (partial)")
	}
	return names, nil
}

// covers reports whether a list of one distribution point is about a certificate.
func (x *list) covers(c *x509.Certificate) bool {
	return x.names == nil || slices.ContainsFunc(x.names, func(n string) bool { return slices.Contains(c.CRLDistributionPoints, n) })
}

// dropped reports whether a certificate that expired may be off the list.
func (x *list) dropped(c *x509.Certificate) bool {
	return c.NotAfter.Before(x.l.ThisUpdate) && (x.keeps.IsZero() || c.NotAfter.Before(x.keeps))
}

// newer orders the lists of one issuer and scope: by number, then by date.
func (x *list) newer(o *list) bool {
	if x.l.Number != nil && o.l.Number != nil {
		if d := x.l.Number.Cmp(o.l.Number); d != 0 {
			return d > 0
		}
	}
	return x.l.ThisUpdate.After(o.l.ThisUpdate)
}

// askLists asks every list that the issuer of a certificate signed. The one
// with the highest number is the current one. An older one still counts for
// what cannot be taken back: an entry that is on hold can be lifted, any other
// stays on every list as long as the certificate lives.
func (c *checker) askLists(cert, issuer *x509.Certificate, s *standing) {
	current := map[string]*list{}
	var used []*list
	for _, x := range c.lists() {
		if !bytes.Equal(x.l.RawIssuer, issuer.RawSubject) || !x.covers(cert) {
			continue
		}
		if why := c.listFrom(x, issuer); why != "" {
			if why != otherKey {
				s.refuse("a revocation list of %s is not used: %s", nameOf(x.l.Issuer.String()), why)
			}
			continue
		}
		used = append(used, x)
		if cur := current[x.scope]; cur == nil || x.newer(cur) {
			current[x.scope] = x
		}
	}
	for _, x := range used {
		cur := current[x.scope]
		if x != cur && x.l.ThisUpdate.After(cur.l.ThisUpdate) {
			s.refuse("a revocation list of %s is not used: its number %s is below %s, which is held, though it is dated later", nameOf(x.l.Issuer.String()), x.l.Number, cur.l.Number)
		}
		if x == cur {
			s.news(x.l.ThisUpdate, x.l.NextUpdate, x.dropped(cert))
		}
		for i := range x.l.RevokedCertificateEntries {
			e := &x.l.RevokedCertificateEntries[i]
			if e.SerialNumber.Cmp(cert.SerialNumber) == 0 && (x == cur || e.ReasonCode != reasonHold) {
				s.revoke(revocation{effective(e), e.ReasonCode})
			}
		}
	}
}

// effective is the date of an entry, or its invalidity date where that is earlier.
func effective(e *x509.RevocationListEntry) time.Time {
	at := e.RevocationTime
	for _, x := range e.Extensions {
		var t time.Time
		if x.Id.Equal(oidInvalidity) {
			if _, err := asn1.UnmarshalWithParams(x.Value, &t, "generalized"); err == nil && t.Before(at) {
				at = t
			}
		}
	}
	return at
}

// lists are those of all packs, each once.
func (c *checker) lists() []*list {
	if c.crls == nil {
		c.crls = []*list{}
		seen := map[*x509.RevocationList]bool{}
		for _, p := range c.policy.Packs {
			for _, l := range p.Revocations {
				if !seen[l] {
					seen[l] = true
					c.crls = append(c.crls, lookThrough(l))
				}
			}
		}
	}
	return c.crls
}

// otherKey says that a list is by another authority of the same name.
const otherKey = "other key"

type listBy struct {
	l      *list
	issuer *x509.Certificate
}

// listFrom returns why a list does not count as the issuer's, or "".
func (c *checker) listFrom(x *list, issuer *x509.Certificate) string {
	key := listBy{x, issuer}
	why, known := c.listed[key]
	if known {
		return why
	}
	why = x.bad
	if len(x.l.AuthorityKeyId) > 0 && len(issuer.SubjectKeyId) > 0 && !bytes.Equal(x.l.AuthorityKeyId, issuer.SubjectKeyId) {
		why = otherKey
	}
	if why == "" {
		var forbidden x509.ConstraintViolationError
		switch err := x.l.CheckSignatureFrom(issuer); {
		case errors.As(err, &forbidden):
			why = "the issuer's certificate does not allow it to sign lists"
		case errors.Is(err, x509.ErrUnsupportedAlgorithm):
			why = "it is signed in a way that this program cannot check"
		case err != nil:
			why = "its signature does not fit the issuer's key"
		}
	}
	if c.listed == nil {
		c.listed = map[listBy]string{}
	}
	c.listed[key] = why
	return why
}

// weakHash reports whether a signature rests on MD5 or SHA-1, which the library
// still accepts for lists.
func weakHash(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.DSAWithSHA256:
		return true
	}
	return false
}
