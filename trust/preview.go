package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"vedette/internal/diag"
)

// Preview is what installing a pack would change. Nothing has been installed yet.
type Preview struct {
	Pack     Summary        `json:"pack"`
	Replaces *Summary       `json:"replaces,omitempty"` // the pack of the same name and issuer that is in force
	Changes  []Change       `json:"changes"`
	Confirm  []Confirmation `json:"confirm"` // what has to be typed; empty where pack.sig verifies under the agency key
	Findings []diag.Finding `json:"-"`

	pack *Pack
}

// Summary names a pack.
type Summary struct {
	Name       string         `json:"name"`
	Issuer     string         `json:"issuer,omitempty"`
	Serial     int64          `json:"serial,omitempty"`
	Issued     *time.Time     `json:"issued,omitempty"`
	StaleAfter *time.Time     `json:"staleAfter,omitempty"`
	SHA256     string         `json:"sha256"`
	Signature  SignatureState `json:"signature"`
	ByHand     bool           `json:"byHand,omitempty"`
}

// Summary returns what names the pack.
func (p *Pack) Summary() Summary {
	s := Summary{Name: p.Name, Issuer: p.Issuer, Serial: p.Serial, SHA256: p.SHA256, Signature: p.Signature, ByHand: p.ByHand}
	if p.ByHand {
		s.Issuer = ""
	}
	if !p.Issued.IsZero() {
		t := p.Issued
		s.Issued = &t
	}
	if !p.StaleAfter.IsZero() {
		t := p.StaleAfter
		s.StaleAfter = &t
	}
	return s
}

// Change is one thing that a pack adds, takes away or changes.
type Change struct {
	How     string     `json:"how"`  // added, removed, changed, kept
	What    string     `json:"what"` // anchor, pin, intermediate, list, response, tsa, tls, partner, rule
	Partner string     `json:"partner,omitempty"`
	Name    string     `json:"name"` // subject of a certificate, issuer of a list, text of a rule
	From    *time.Time `json:"from,omitempty"`
	To      *time.Time `json:"to,omitempty"`
	Key     string     `json:"key,omitempty"`    // kind and size of a certificate's key
	SHA256  string     `json:"sha256,omitempty"` // in groups of four
	Was     string     `json:"was,omitempty"`    // digest or text before a change

	key string // what makes it the same thing in two packs
}

// Confirmation is a digest of which the first eight digits have to be typed,
// as they were told on a second channel.
type Confirmation struct {
	What   string `json:"what"`
	SHA256 string `json:"sha256"` // in groups of four
}

// Digits is how many hexadecimal digits of a digest are typed.
const Digits = 8

// Grouped writes a digest in groups of four digits.
func Grouped(d [32]byte) string {
	s := hex.EncodeToString(d[:])
	var parts []string
	for ; s != ""; s = s[4:] {
		parts = append(parts, s[:4])
	}
	return strings.Join(parts, " ")
}

// preview compares a pack with the one that it replaces, if any.
func preview(p, before *Pack, findings []diag.Finding) *Preview {
	v := &Preview{Pack: p.Summary(), Findings: findings, Confirm: []Confirmation{}, pack: p}
	var old []Change
	if before != nil {
		s := before.Summary()
		v.Replaces, old = &s, before.Contents()
	}
	v.Changes = compare(old, p.Contents())
	v.Confirm = append(v.Confirm, confirmations(p)...)
	return v
}

// confirmations are what has to be typed: the digest of the pack, which lists
// all others. For loose files there is no such digest on another channel, but
// there are those of the certificates.
func confirmations(p *Pack) []Confirmation {
	switch {
	case p.Signature == SignatureHolds:
		return nil
	case !p.ByHand:
		d, _ := digestOf(p.SHA256)
		return []Confirmation{{"trust pack " + p.Name, Grouped(d)}}
	}
	var out []Confirmation
	for _, c := range p.Anchors {
		out = append(out, Confirmation{c.Subject.String(), Grouped(sum(c.Raw))})
	}
	if len(out) == 0 {
		for _, name := range p.names() {
			if name != manifestName {
				out = append(out, Confirmation{name, Grouped(sum(p.files[name]))})
			}
		}
	}
	return out
}

// confirmed reports whether what was typed fits. Blanks, colons and case do not matter.
func confirmed(want []Confirmation, typed []string) error {
	given := map[string]bool{}
	for _, t := range typed {
		clean := strings.ToLower(strings.NewReplacer(" ", "", ":", "", "-", "").Replace(t))
		if len(clean) >= Digits {
			given[clean[:Digits]] = true
		}
	}
	for _, c := range want {
		if !given[strings.ReplaceAll(c.SHA256, " ", "")[:Digits]] {
			return refuse("PACK-NOT-CONFIRMED", "the first %d digits of the SHA-256 of %s were not typed, or do not fit: ask who made it on a second channel", Digits, c.What)
		}
	}
	return nil
}

// Contents lists what a pack holds, in a fixed order.
func (p *Pack) Contents() []Change {
	var out []Change
	cert := func(what, partner string, c *x509.Certificate) {
		d := sum(c.Raw)
		from, to := c.NotBefore.UTC(), c.NotAfter.UTC()
		out = append(out, Change{
			What: what, Partner: partner, Name: c.Subject.String(), From: &from, To: &to, Key: keyOf(c), SHA256: Grouped(d),
			key: what + "|" + partner + "|" + hex.EncodeToString(d[:]),
		})
	}
	digest := func(what, partner string, d [32]byte) {
		out = append(out, Change{What: what, Partner: partner, Name: "a certificate that only its digest names", SHA256: Grouped(d), key: what + "|" + partner + "|" + hex.EncodeToString(d[:])})
	}
	for _, q := range p.Partners {
		if q.Subject.O+q.Subject.OU != "" {
			out = append(out, Change{What: "partner", Partner: q.ID, Name: q.Name + ", signers with " + q.Subject.String(), key: "partner|" + q.ID})
		} else {
			out = append(out, Change{What: "partner", Partner: q.ID, Name: q.Name, key: "partner|" + q.ID})
		}
		for _, c := range pick(p.Anchors, q.Anchors) {
			cert("anchor", q.ID, c)
		}
		for _, d := range q.Pins {
			digest("pin", q.ID, d)
		}
		for _, d := range q.TLS {
			if c := pick(p.TLS, [][32]byte{d}); len(c) > 0 {
				cert("tls", q.ID, c[0])
			} else {
				digest("tls", q.ID, d)
			}
		}
	}
	if len(p.Partners) == 0 {
		for _, c := range p.Anchors {
			cert("anchor", "", c)
		}
		for _, c := range p.TLS {
			cert("tls", "", c)
		}
	}
	for _, c := range p.Intermediates {
		cert("intermediate", "", c)
	}
	for _, c := range p.TSA {
		cert("tsa", "", c)
	}
	return append(out, p.revoking()...)
}

// revoking lists the rules and what revokes.
func (p *Pack) revoking() []Change {
	var out []Change
	for _, l := range p.Lists {
		from, to := l.ThisUpdate.UTC(), l.NextUpdate.UTC()
		c := Change{What: "list", Name: fmt.Sprintf("%s, number %s, %d revoked", l.Issuer, l.Number, len(l.RevokedCertificateEntries)), From: &from, SHA256: Grouped(sum(l.Raw)), key: "list|" + series(l)}
		if !l.NextUpdate.IsZero() {
			c.To = &to
		}
		out = append(out, c)
	}
	for _, name := range p.names() {
		if strings.HasPrefix(name, folderOf[KindOCSP]+"/") {
			out = append(out, Change{What: "response", Name: name, SHA256: Grouped(sum(p.files[name])), key: "response|" + name})
		}
	}
	if p.RequiresRevocation {
		out = append(out, Change{What: "rule", Name: "revocation has to be checked by a current list", key: "rule|revocation"})
	}
	if len(p.EKU) > 0 {
		var ids []string
		for _, id := range p.EKU {
			ids = append(ids, id.String())
		}
		out = append(out, Change{What: "rule", Name: "signers have to be made for one of " + strings.Join(ids, ", "), key: "rule|eku"})
	}
	return out
}

// series is what makes two lists issues of the same one.
func series(l *x509.RevocationList) string {
	scope := ""
	for _, e := range l.Extensions {
		if e.Id.String() == "2.5.29.28" {
			scope = hex.EncodeToString(e.Value)
		}
	}
	return hex.EncodeToString(l.RawIssuer) + "|" + hex.EncodeToString(l.AuthorityKeyId) + "|" + scope
}

// keyOf names a key in a few words.
func keyOf(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	}
	return c.PublicKeyAlgorithm.String()
}

// compare says what became of each thing. A certificate of the same subject in
// place of another is told as changed, not as one gone and one new.
func compare(old, now []Change) []Change {
	out := []Change{}
	left := slices.Clone(old)
	take := func(fits func(Change) bool) (Change, bool) {
		i := slices.IndexFunc(left, fits)
		if i < 0 {
			return Change{}, false
		}
		was := left[i]
		left = slices.Delete(left, i, i+1)
		return was, true
	}
	for i := range now {
		if was, ok := take(func(o Change) bool { return o.key == now[i].key }); ok {
			now[i].How = "kept"
			if was.SHA256 != now[i].SHA256 || was.Name != now[i].Name {
				now[i].How, now[i].Was = "changed", was.text()
			}
		}
	}
	for _, c := range now {
		if c.How == "" {
			c.How = "added"
			if was, ok := take(func(o Change) bool {
				return o.What == c.What && o.Partner == c.Partner && o.Name == c.Name && c.SHA256 != "" && c.From != nil
			}); ok {
				c.How, c.Was = "changed", was.text()
			}
		}
		out = append(out, c)
	}
	for _, o := range left {
		o.How = "removed"
		out = append(out, o)
	}
	rank := []string{"added", "changed", "removed", "kept"}
	slices.SortStableFunc(out, func(a, b Change) int { return slices.Index(rank, a.How) - slices.Index(rank, b.How) })
	return out
}

// text is what a change tells of what was before.
func (c Change) text() string {
	if c.What == "list" || c.SHA256 == "" {
		return c.Name
	}
	return c.SHA256
}

// names lists the files of a pack in order.
func (p *Pack) names() []string {
	var out []string
	for name := range p.files {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) })
	return out
}
