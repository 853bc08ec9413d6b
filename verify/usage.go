package verify

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"

	"vedette/internal/diag"
)

// Subject is what a partner's signers carry in their certificates. An empty
// field is not asked for. The common name is never looked at: anyone who gets a
// certificate from the same authority may choose it.
type Subject struct {
	O, OU string
}

// fits reports whether a certificate carries what is asked for.
func (s Subject) fits(c *x509.Certificate) bool {
	return (s.O == "" || slices.Contains(c.Subject.Organization, s.O)) &&
		(s.OU == "" || slices.Contains(c.Subject.OrganizationalUnit, s.OU))
}

// String names what is asked for, in a sentence.
func (s Subject) String() string {
	return organisation(s.O, s.OU)
}

func subjectOf(c *x509.Certificate) string {
	return organisation(strings.Join(c.Subject.Organization, ", "), strings.Join(c.Subject.OrganizationalUnit, ", "))
}

func organisation(o, ou string) string {
	var parts []string
	if o != "" {
		parts = append(parts, "organisation "+Inert(o))
	}
	if ou != "" {
		parts = append(parts, "unit "+Inert(ou))
	}
	if len(parts) == 0 {
		return "no organisation"
	}
	return strings.Join(parts, ", ")
}

var (
	oidExtUsage        = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidSubjectAltName  = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidNameConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
)

// signingUses are the extended uses under which documents are signed: any,
// code, mail, and documents (RFC 9336).
var signingUses = []asn1.ObjectIdentifier{
	{2, 5, 29, 37, 0}, {1, 3, 6, 1, 5, 5, 7, 3, 3}, {1, 3, 6, 1, 5, 5, 7, 3, 4}, {1, 3, 6, 1, 5, 5, 7, 3, 36},
}

// usage applies our own rules of use, at which the library does not look. It
// returns the reason why the leaf may not sign, or "". Of a camera's key only
// the first rule is asked: Media Signing has none for its use.
func usage(p Pack, leaf *x509.Certificate, pinned, camera bool) (string, []remark) {
	if leaf.IsCA && !pinned {
		return ReasonAuthority, nil
	}
	if camera {
		return "", nil
	}
	var remarks []remark
	switch {
	case leaf.KeyUsage == 0:
		remarks = append(remarks, remark{RemarkNoKeyUsage, diag.Note, "the certificate does not state what its key may be used for", false})
	case leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return ReasonKeyUsage, nil
	}
	uses := extendedUses(leaf)
	if len(p.EKU) > 0 {
		if !meets(uses, p.EKU) {
			return ReasonUse, nil
		}
	} else if len(uses) > 0 && !meets(uses, signingUses) {
		remarks = append(remarks, remark{RemarkUse, diag.Note, "the certificate is made for another use than signing documents", false})
	}
	return "", remarks
}

func meets(has, want []asn1.ObjectIdentifier) bool {
	return slices.ContainsFunc(has, func(h asn1.ObjectIdentifier) bool { return slices.ContainsFunc(want, h.Equal) })
}

// extendedUses lists what a certificate is made for; none means that it states nothing.
func extendedUses(c *x509.Certificate) []asn1.ObjectIdentifier {
	var out []asn1.ObjectIdentifier
	if v, ok := extension(c, oidExtUsage); ok {
		if _, err := asn1.Unmarshal(v, &out); err != nil {
			return nil
		}
	}
	return out
}

func extension(c *x509.Certificate, id asn1.ObjectIdentifier) ([]byte, bool) {
	for _, e := range c.Extensions {
		if e.Id.Equal(id) {
			return e.Value, true
		}
	}
	return nil, false
}

// nameless remarks that name constraints, which look at alternative names
// alone, had nothing to look at.
func nameless(path []*x509.Certificate) []remark {
	if _, ok := extension(path[0], oidSubjectAltName); ok {
		return nil
	}
	for _, c := range path[1:] {
		if _, ok := extension(c, oidNameConstraints); ok {
			return []remark{{RemarkNoName, diag.Note, fmt.Sprintf("%s is limited to certain names, and the certificate holds none of that kind", nameOf(c.Subject.String())), false}}
		}
	}
	return nil
}
