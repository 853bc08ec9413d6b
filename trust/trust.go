// Package trust reads, previews and keeps trust packs: which certificates an
// agency has chosen as anchors and pins, for which partners, and what is
// revoked. No anchor is built in and nothing is fetched.
//
//	path -> Read -> Pack -> Preview -> Store.Install -> Store.InForce -> verify.Policy
//
// A pack is a folder or zip with pack.json, or loose certificates and lists. It
// refuses nothing silently: each finding says what was left out and why, and a
// pack that loses what it revokes is refused as a whole.
package trust

import (
	"crypto/x509"
	"encoding/asn1"
	"time"

	"vedette/verify"
)

// Pack is one trust pack, read and checked. It is not changed once returned.
type Pack struct {
	Name               string
	Issuer             string
	Serial             int64 // counts up from 1 with each issue; 0 for packs made by hand
	Issued             time.Time
	StaleAfter         time.Time // zero where it does not go out of date
	RequiresRevocation bool
	EKU                []asn1.ObjectIdentifier
	Partners           []Partner
	ByHand             bool   // made of loose files
	SHA256             string // of pack.json, lower-case hexadecimal; it lists the digests of all other files
	Signature          SignatureState

	Anchors       []*x509.Certificate
	Intermediates []*x509.Certificate
	TSA           []*x509.Certificate // for time stamps
	TLS           []*x509.Certificate // for live servers alone; never evidence
	Lists         []*x509.RevocationList
	Responses     []*verify.Response

	files map[string][]byte // by path within the pack, pack.json and pack.sig among them
}

// Partner is an organisation whose exports and servers the pack vouches for.
type Partner struct {
	ID, Name string
	Subject  verify.Subject
	Anchors  [][32]byte // SHA-256 of DER certificates
	Pins     [][32]byte
	TLS      [][32]byte
}

// SignatureState is what is known about pack.sig.
type SignatureState uint8

// The states of pack.sig. The zero value is none.
const (
	SignatureNone      SignatureState = iota // there is no pack.sig
	SignatureUnchecked                       // there is one, and no agency key to check it with
	SignatureHolds                           // it verifies under the agency key
)

var signatureWords = [...]string{"none", "unchecked", "holds"}

// String returns the word used in JSON.
func (s SignatureState) String() string {
	if int(s) >= len(signatureWords) {
		return signatureWords[0]
	}
	return signatureWords[s]
}

// MarshalText returns the word used in JSON.
func (s SignatureState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Pools returns the pack as it is used for judging: one pool for each partner,
// or one for everybody where it names none.
func (p *Pack) Pools() []verify.Pack {
	base := verify.Pack{
		Name: p.Name, Serial: p.Serial, SHA256: p.SHA256, StaleAfter: p.StaleAfter, EKU: p.EKU, RequiresRevocation: p.RequiresRevocation,
		Intermediates: p.Intermediates, Revocations: p.Lists, Responses: p.Responses,
	}
	if len(p.Partners) == 0 {
		base.Anchors = p.Anchors
		if p.ByHand { // a loose certificate is a pin where it is the signer's own
			for _, c := range p.Anchors {
				base.Pins = append(base.Pins, sum(c.Raw))
			}
		}
		return []verify.Pack{base}
	}
	var out []verify.Pack
	for _, q := range p.Partners {
		pool := base
		pool.Partner, pool.PartnerName, pool.Subject, pool.Pins = q.ID, q.Name, q.Subject, q.Pins
		pool.Anchors = pick(p.Anchors, q.Anchors)
		out = append(out, pool)
	}
	return out
}

// Servers are the anchors and pins of one partner's live servers.
type Servers struct {
	Anchors []*x509.Certificate
	Pins    [][32]byte // SHA-256 of DER certificates
}

// Servers returns what vouches for a partner's live servers, by its identifier.
// A digest whose certificate is an authority's is an anchor, any other a pin.
// Evidence anchors never count here.
func (p *Pack) Servers(partner string) Servers {
	var s Servers
	if len(p.Partners) == 0 && partner == "" {
		for _, c := range p.TLS {
			s.add(c, sum(c.Raw))
		}
	}
	for _, q := range p.Partners {
		if q.ID != partner {
			continue
		}
		for _, d := range q.TLS {
			var known *x509.Certificate
			if c := pick(p.TLS, [][32]byte{d}); len(c) > 0 {
				known = c[0]
			}
			s.add(known, d)
		}
	}
	return s
}

func (s *Servers) add(c *x509.Certificate, digest [32]byte) {
	if c != nil && c.IsCA {
		s.Anchors = append(s.Anchors, c)
		return
	}
	s.Pins = append(s.Pins, digest)
}

// Stale reports whether the pack is past the date its issuer set.
func (p *Pack) Stale(now time.Time) bool { return !p.StaleAfter.IsZero() && now.After(p.StaleAfter) }

// Age is how long ago the pack was issued.
func (p *Pack) Age(now time.Time) time.Duration { return now.Sub(p.Issued) }

// pick returns the certificates whose digests are asked for, in the order asked.
func pick(list []*x509.Certificate, digests [][32]byte) []*x509.Certificate {
	var out []*x509.Certificate
	for _, d := range digests {
		for _, c := range list {
			if sum(c.Raw) == d {
				out = append(out, c)
				break
			}
		}
	}
	return out
}
