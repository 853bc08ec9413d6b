package verify

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Limits of looking for paths. Certificates of one name and key can be chained
// in any order, so that without them sixty certificates make 60^7 paths.
const (
	maxPath      = 8   // certificates from leaf to anchor, both counted
	maxSteps     = 256 // candidates looked at for one signer under one pool
	maxPaths     = 16  // complete paths that are compared
	maxMisses    = 8   // near misses that are told
	maxMissesRaw = 64  // near misses that are kept while walking
)

// How near a miss came to an anchor; a deeper path adds its length.
const (
	nearEnd    = 10  // the issuer is not at hand
	nearKey    = 20  // one of that name is, with another key
	nearHelper = 30  // a certificate between refuses the link
	nearAnchor = 60  // an anchor refuses the link
	nearWhole  = 100 // a whole path that fails one rule
	nearOther  = 200 // a whole path, under another organisation
)

// miss is one path that did not hold, and why.
type miss struct {
	reason string
	text   string
	near   int
}

// walker looks for paths from a leaf to the anchors of one pool.
type walker struct {
	c       *checker
	anchors map[string][]*x509.Certificate // by raw subject
	helpers map[string][]*x509.Certificate
	at      time.Time
	steps   int
	limited bool
	paths   [][]*x509.Certificate
	misses  []miss
}

// walk finds the paths that hold at one time, and says about the others why
// they do not. Its anchors are those of the pool and nothing else.
func (c *checker) walk(p Pack, leaf *x509.Certificate, others []*x509.Certificate, at time.Time) *walker {
	w := &walker{c: c, at: at, anchors: map[string][]*x509.Certificate{}, helpers: map[string][]*x509.Certificate{}}
	for _, a := range p.Anchors {
		if !a.Equal(leaf) { // one's own certificate is a pin, not an anchor
			w.anchors[string(a.RawSubject)] = append(w.anchors[string(a.RawSubject)], a)
		}
	}
	for _, x := range slices.Concat(p.Intermediates, others) {
		w.helpers[string(x.RawSubject)] = append(w.helpers[string(x.RawSubject)], x)
	}
	w.climb([]*x509.Certificate{leaf})
	sort.SliceStable(w.misses, func(i, j int) bool { return w.misses[i].near > w.misses[j].near })
	return w
}

// climb goes on from the end of a path to every issuer at hand.
func (w *walker) climb(path []*x509.Certificate) {
	tip := path[len(path)-1]
	if len(w.anchors[string(tip.RawIssuer)])+len(w.helpers[string(tip.RawIssuer)]) == 0 {
		text := fmt.Sprintf("%s: no certificate of its issuer %s is at hand.", trail(path), nameOf(tip.Issuer.String()))
		if bytes.Equal(tip.RawIssuer, tip.RawSubject) {
			text = trail(path) + ": it names itself as its issuer and is no anchor."
		}
		w.miss(miss{ReasonNoAnchor, text, nearEnd + len(path)})
		return
	}
	for _, anchor := range []bool{true, false} {
		set := w.helpers
		if anchor {
			set = w.anchors
		}
		for _, issuer := range byKey(set[string(tip.RawIssuer)], tip.AuthorityKeyId) {
			if w.steps++; w.steps > maxSteps || len(w.paths) >= maxPaths {
				w.limited = w.limited || len(w.paths) == 0
				return
			}
			if slices.ContainsFunc(path, issuer.Equal) {
				continue
			}
			longer := append(slices.Clone(path), issuer)
			if m := w.link(longer, anchor); m.reason != "" {
				w.miss(m)
				continue
			}
			switch {
			case anchor:
				w.arrive(longer)
			case len(longer) >= maxPath:
				w.miss(miss{ReasonPathLong, fmt.Sprintf("%s: it goes on beyond %d certificates.", trail(path), maxPath), nearHelper + len(longer)})
			default:
				w.climb(longer)
			}
		}
	}
}

// byKey puts first those whose key identifier is the one asked for.
func byKey(list []*x509.Certificate, id []byte) []*x509.Certificate {
	if len(id) == 0 {
		return list
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b *x509.Certificate) int {
		x, y := bytes.Equal(a.SubjectKeyId, id), bytes.Equal(b.SubjectKeyId, id)
		switch {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	return out
}

// link checks the last step of a path: did the issuer sign the one before?
func (w *walker) link(path []*x509.Certificate, anchor bool) miss {
	child, issuer := path[len(path)-2], path[len(path)-1]
	near := nearHelper + len(path)
	if anchor {
		near = nearAnchor + len(path)
	}
	err := w.c.signed(child, issuer)
	var insecure x509.InsecureAlgorithmError
	var forbidden x509.ConstraintViolationError
	switch {
	case err == nil:
	case errors.As(err, &insecure):
		return miss{ReasonWeakChain, fmt.Sprintf("%s: it is signed by %s.", trail(path[:len(path)-1]), child.SignatureAlgorithm), near}
	case errors.As(err, &forbidden):
		return miss{ReasonNotAuthority, fmt.Sprintf("%s: the last of them may not issue certificates.", trail(path)), near}
	case errors.Is(err, x509.ErrUnsupportedAlgorithm):
		return miss{ReasonUndecidable, fmt.Sprintf("%s: it is signed in a way that this program cannot check.", trail(path[:len(path)-1])), near}
	default:
		return miss{ReasonNoAnchor, fmt.Sprintf("%s: a certificate under the name of the issuer %s is at hand, but its key did not sign it.", trail(path[:len(path)-1]), nameOf(issuer.Subject.String())), nearKey + len(path)}
	}
	if weak, err := authorityKey(issuer); err != nil || weak != "" {
		return miss{ReasonWeakChain, fmt.Sprintf("%s: %s.", trail(path), weak), near}
	}
	return miss{}
}

// arrive checks a whole path, whose signatures fit.
func (w *walker) arrive(path []*x509.Certificate) {
	reason, why := w.rules(path)
	if reason == "" {
		w.paths = append(w.paths, path)
		return
	}
	w.miss(miss{reason, fmt.Sprintf("%s: %s.", trail(path), why), nearWhole + len(path)})
}

func (w *walker) rules(path []*x509.Certificate) (reason, why string) {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for i, c := range path {
		if len(c.UnhandledCriticalExtensions) > 0 {
			return ReasonCritical, fmt.Sprintf("%s has the critical extension %s", nameOf(c.Subject.String()), c.UnhandledCriticalExtensions[0])
		}
		if i == 0 {
			continue
		}
		if w.at.Before(c.NotBefore) || w.at.After(c.NotAfter) {
			return ReasonAnchorExpired, fmt.Sprintf("%s was valid from %s to %s", nameOf(c.Subject.String()), day(c.NotBefore), day(c.NotAfter))
		}
		if c.BasicConstraintsValid && c.MaxPathLen >= 0 && i-1 > c.MaxPathLen {
			return ReasonPathLength, fmt.Sprintf("%s allows %d authorities below it", nameOf(c.Subject.String()), c.MaxPathLen)
		}
		if i == len(path)-1 {
			roots.AddCert(c)
		} else {
			between.AddCert(c)
		}
	}
	err := library(path[0], x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: w.at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &invalid) && invalid.Reason == x509.CANotAuthorizedForThisName:
		return ReasonNames, strings.TrimPrefix(invalid.Error(), "x509: ")
	}
	return ReasonUndecidable, strings.TrimPrefix(err.Error(), "x509: ")
}

// library asks crypto/x509 about a path. Without anchors it would take those
// of the system, without a time this computer's: neither ever happens here.
func library(leaf *x509.Certificate, o x509.VerifyOptions) error {
	if o.Roots == nil || o.CurrentTime.IsZero() || len(o.KeyUsages) == 0 {
		panic("verify: a path is judged without anchors, time or use")
	}
	_, err := leaf.Verify(o)
	return err
}

func (w *walker) miss(m miss) {
	if len(w.misses) < maxMissesRaw {
		w.misses = append(w.misses, m)
	}
}

// nearestMiss says why there is no path at all.
func (w *walker) nearestMiss(leaf *x509.Certificate) miss {
	m := miss{reason: ReasonNoAnchor}
	if len(w.misses) > 0 {
		m = w.misses[0]
	}
	if w.limited && m.near < nearWhole {
		m = miss{ReasonLimit, fmt.Sprintf("%d candidates were looked at.", maxSteps), nearAnchor}
	}
	if m.reason == ReasonNoAnchor && selfSigned(leaf) {
		m.reason = ReasonSelfSigned
	}
	return m
}

// tellMisses lists the nearest misses of all pools, each once.
func tellMisses(all []miss) []string {
	sort.SliceStable(all, func(i, j int) bool { return all[i].near > all[j].near })
	var out []string
	for _, m := range all {
		if m.text != "" && len(out) < maxMisses && !slices.Contains(out, m.text) {
			out = append(out, m.text)
		}
	}
	return out
}

// trail names the certificates of a path, leaf first.
func trail(path []*x509.Certificate) string {
	names := make([]string, len(path))
	for i, c := range path {
		names[i] = nameOf(c.Subject.String())
	}
	return strings.Join(names, " > ")
}

// nameOf names a certificate in a sentence.
func nameOf(subject string) string {
	if subject == "" {
		return "one without a name"
	}
	return CommonName(subject)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// nearest returns at, or the nearest time at which the leaf is valid: whether
// there is a path at all is asked apart from the leaf's own dates.
func nearest(leaf *x509.Certificate, at time.Time) time.Time {
	switch {
	case at.Before(leaf.NotBefore):
		return leaf.NotBefore
	case at.After(leaf.NotAfter):
		return leaf.NotAfter
	}
	return at
}
