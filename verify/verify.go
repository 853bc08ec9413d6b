// Package verify judges one opened export: whether every seal fits the bytes
// it covers, and who made it, under a policy that is given explicitly. It
// answers with a Report, also when the answer is bad; an error means that it
// could not judge.
//
// It touches no file by name, no network and no clock, and never falls back to
// trust anchors of the system. The zero value of every answer is "unchecked".
package verify

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify/camera"
)

// MaxSeals is the number of seals whose signatures are checked: the newest
// ones, which cover the older. More cost a pass each when meta stands early.
const MaxSeals = 16

// maxSignature bounds a sibo payload: 64 KiB is 60 times the largest key.
const maxSignature = 64 << 10

// scheme_type and scheme_version of the export file format.
const (
	schemeType    = 0x6f656666 // "oeff"
	schemeVersion = 0x00010000
)

// Policy is under what a report is made. Now must be set.
type Policy struct {
	Packs   []Pack
	Now     time.Time
	Past    time.Time // a time that has certainly passed, such as the program's build; a clock before it is not relied on. Zero where none is known
	Partner string    // only this partner's pools count, by identifier or name; "" means any one
}

// Pack is one pool of a trust pack as it is used for judging: a pack with
// several partners gives one for each.
type Pack struct {
	Name               string
	Serial             int64
	SHA256             string // lower-case hexadecimal
	StaleAfter         time.Time
	Partner            string // identifier of whose exports it vouches for; "" means any
	PartnerName        string
	Subject            Subject // what the partner's signers carry
	Anchors            []*x509.Certificate
	Intermediates      []*x509.Certificate
	Pins               [][32]byte              // SHA-256 of DER certificates
	EKU                []asn1.ObjectIdentifier // where there are any, a signer has to be made for one of them
	RequiresRevocation bool                    // no current list: cannot be decided
	Revocations        []*x509.RevocationList
	Responses          []*Response
}

// Progress is how far a check is.
type Progress struct {
	Done, Total int64 // bytes hashed, counting each state that has to be hashed apart
}

// Check examines every seal in one pass over the file, which begins while the
// export is still being indexed by another goroutine, judges the signers, then
// camera signing where the file holds any, and puts the samples on the clock of
// the newest seal that verifies. When ctx ends or the file cannot be read it
// returns a report that says "unchecked" together with the error.
func Check(ctx context.Context, e *evidence.Export, p Policy, progress func(Progress)) (*Report, error) {
	c := &checker{e: e, policy: p, r: &Report{File: e.File().Path(), Size: e.File().Size(), TimeBasis: media.OriginNone.String()}}
	if c.r.File == "" {
		c.r.File = e.File().Name()
	}
	if p.Now.IsZero() {
		return c.unfinished(errors.New("verify: the policy states no time"))
	}
	for _, k := range p.Packs {
		ref := PackRef{Name: k.Name, Serial: k.Serial, SHA256: k.SHA256, Stale: !k.StaleAfter.IsZero() && p.Now.After(k.StaleAfter)}
		if ref.SHA256 == "" || !slices.Contains(c.r.Packs, ref) { // a pack may give several pools
			c.r.Packs = append(c.r.Packs, ref)
		}
	}
	c.mark = &finder{ReaderAt: e.File().Afresh(), mark: camera.UUID()[2:]} // zeros abound, which makes looking for them slow
	var sealed int64
	tell := func(done, total int64) {
		if sealed = total; c.mark.found.Load() {
			total += e.File().Size() // the pictures will be read again
		}
		if progress != nil {
			progress(Progress{done, total})
		}
	}
	var err error
	if c.done, err = ahead(ctx, c.mark, e.File().Size(), e.Indexed(), tell); err != nil {
		return c.unfinished(err)
	}
	select {
	case <-e.Indexed():
	case <-ctx.Done():
		return c.unfinished(ctx.Err())
	}
	if err := ctx.Err(); err != nil {
		return c.unfinished(err) // reading ahead was not waited for, so nobody else may read by the finder
	}
	if err := e.Index(ctx, nil); err != nil {
		return c.unfinished(err)
	}
	c.prot = e.Protection()
	if err := c.run(ctx, tell); err != nil {
		return c.unfinished(err)
	}
	if err := c.examineCamera(ctx, func(done, _ int64) {
		if progress != nil {
			progress(Progress{sealed + min(done, e.File().Size()), sealed + e.File().Size()})
		}
	}); err != nil {
		return c.unfinished(err)
	}
	return c.finish(), nil
}

// Refused returns the report about an input that could not even be opened as
// an export.
func Refused(name string, size int64, why diag.Finding) *Report {
	r := &Report{File: name, Size: size, Integrity: FileMalformed, TimeBasis: media.OriginNone.String(), Findings: Findings([]diag.Finding{why})}
	r.NotChecked = []string{"everything: the file was refused"}
	r.complete()
	return r
}

// Unread returns the report about an input that could not be read, or whose
// check was given up: that says nothing about the file itself.
func Unread(name string, size int64, why diag.Finding) *Report {
	r := Refused(name, size, why)
	r.Integrity, r.Partial = FileUnchecked, true
	r.NotChecked = []string{"everything: the check did not run to its end"}
	return r
}

type checker struct {
	e      *evidence.Export
	policy Policy
	prot   evidence.Protection
	r      *Report
	seals  []*sealCheck
	extra  []diag.Finding
	done   *prefix // hashed while the structure was read

	mark        *finder
	cameraTrust map[string]cameraTrust // by the key's certificate
	links       map[pair]error         // who signed whom
	standings   map[pair]*standing
	crls        []*list
	listed      map[listBy]string
}

// sealCheck is what is needed to verify one seal.
type sealCheck struct {
	report  SealReport
	scheme  scheme
	key     any
	weak    string
	minSalt int // that the key's own limits ask
	leaf    *x509.Certificate
	others  []*x509.Certificate // after the leaf in cert: untrusted helpers
	sig     []byte
	full    *view
	less    *view // without the index; nil where there is none
}

func (c *checker) unfinished(err error) (*Report, error) {
	c.r.Partial = true
	c.r.NotChecked = append(c.r.NotChecked, "everything: the check did not run to its end")
	var changed *evidence.ChangedError
	if errors.As(err, &changed) || c.e.File().Withdrawn() != nil {
		c.r.Integrity = FileWithdrawn
		c.extra = append(c.extra, diag.New("FILE-CHANGED", diag.Fatal, "%v", err))
	}
	c.r.Findings = Findings(append(c.extra, c.e.Findings()...))
	c.r.complete()
	return c.r, err
}

// run prepares the seals, reads the file once and compares.
func (c *checker) run(ctx context.Context, tell func(done, total int64)) error {
	size := c.e.File().Size()
	raw := &view{end: size, hash: crypto.SHA256}
	views := []*view{raw}
	sound := len(c.prot.Malformed) == 0
	var messages int64 // bytes of inputs that are signed themselves
	for k := range c.prot.Seals {
		s := c.prepare(k)
		c.seals = append(c.seals, s)
		if !sound {
			s.report.Integrity = SealUnchecked
			s.report.Reason = "The structure of the file is ambiguous or damaged, so the seal was not checked."
			continue
		}
		if s.report.Integrity == SealUnchecked && s.key != nil {
			if err := c.plan(k, s); err != nil {
				return err
			}
			if s.scheme.family == ed25519Pure {
				messages += s.messageLength()
				continue
			}
			views = append(views, s.views()...)
		}
	}
	var hashed int64
	err := pass(ctx, c.mark, size, views, c.done, func(done, total int64) {
		hashed = total
		tell(done, total+messages)
	})
	if err != nil {
		return err
	}
	c.r.Read = size
	c.r.SHA256 = hex.EncodeToString(raw.digest)
	for k, s := range c.seals {
		switch {
		case s.full == nil:
		case s.scheme.family == ed25519Pure:
			if err := c.compareMessage(ctx, k, s, func(done int64) { tell(hashed+done, hashed+messages) }); err != nil {
				return err
			}
			hashed, messages = hashed+s.messageLength(), messages-s.messageLength()
		default:
			c.settle(k, s, func(i int) (int, error) { return s.scheme.check(s.key, s.views()[i].digest, s.sig) })
		}
		if s.leaf != nil {
			c.judge(k, s)
		}
	}
	return nil
}

func (s *sealCheck) views() []*view {
	out := []*view{}
	for _, v := range []*view{s.full, s.less} {
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// prepare reads certificate and algorithm of a seal. What cannot be checked
// gets its answer here; otherwise Integrity stays unchecked.
func (c *checker) prepare(k int) *sealCheck {
	seal := c.prot.Seals[k]
	s := &sealCheck{report: SealReport{Index: seal.Number, Note: seal.Note}}
	for _, st := range seal.Starts {
		if st.Valid {
			s.report.StartTimes = append(s.report.StartTimes, StartTime{st.Track, st.UTC})
		}
	}
	c.readCertificates(seal, s)
	switch {
	case k < len(c.prot.Seals)-MaxSeals:
		s.refuse(SealUnchecked, fmt.Sprintf("Only the newest %d seals are checked.", MaxSeals))
		return s
	case slices.Equal(seal.Missing, []string{"schm"}):
		s.refuse(SealBroken, "It states no protection scheme (schm is missing), so it is not a seal of this format.")
		return s
	case len(seal.Missing) > 0:
		s.refuse(incomplete(seal), fmt.Sprintf("The seal is not complete: %s is missing.", seal.Missing[0]))
		return s
	case seal.SchemeType != schemeType || seal.SchemeVersion != schemeVersion:
		s.refuse(SealBroken, fmt.Sprintf("Its protection scheme %#08x version %#08x is not that of a seal.", seal.SchemeType, seal.SchemeVersion))
		return s
	case seal.Signature.Len() > maxSignature:
		s.refuse(SealMalformed, fmt.Sprintf("Its signature claims %d bytes.", seal.Signature.Len()))
		return s
	case s.leaf == nil:
		return s
	}
	var err error
	if s.scheme, err = schemeOf(seal.SigC); err == nil {
		s.key, s.weak, err = publicKey(s.leaf)
	}
	if err == nil {
		err = s.scheme.agrees(s.key)
	}
	if err == nil && s.leaf.PublicKey == nil {
		s.minSalt, err = s.scheme.within(s.leaf.RawSubjectPublicKeyInfo)
	}
	if err != nil {
		s.key = nil
		s.refuseFor(err)
		return s
	}
	s.report.Algorithm = s.scheme.name(s.key)
	return s
}

// incomplete says what an incomplete seal is: alone it is a malformed seal;
// after a sound one it is unsealed data within the file.
func incomplete(seal evidence.Seal) SealIntegrity {
	if seal.Number > 1 {
		return SealBroken
	}
	return SealMalformed
}

func (s *sealCheck) refuse(state SealIntegrity, why string) {
	s.report.Integrity, s.report.Reason = state, why
}

func (s *sealCheck) refuseFor(err error) {
	var u *unusable
	if errors.As(err, &u) {
		s.refuse(u.state, sentence(u.why))
		return
	}
	s.refuse(SealBroken, sentence(err.Error()))
}

// readCertificates parses cert: the first certificate is the signer's.
func (c *checker) readCertificates(seal evidence.Seal, s *sealCheck) {
	if seal.Certificates == nil {
		return
	}
	leaf, others, rest, err := splitCertificates(seal.Certificates)
	if err != nil {
		if b, _ := pem.Decode(seal.Certificates); b != nil {
			s.refuse(SealMalformed, "Its certificate is stored as PEM text; the format asks DER.")
			return
		}
		s.refuse(SealUnsupported, fmt.Sprintf("Its certificate cannot be read: %v. SHA-256 of its bytes: %x.", err, sha256.Sum256(seal.Certificates)))
		return
	}
	if rest {
		c.extra = append(c.extra, diag.At("CERT-TRAILING", diag.Note, seal.Range.From, seal.Range.To,
			"behind the certificate of seal %d stands something that is no certificate or is not used", seal.Number))
	}
	if leaf == nil {
		return
	}
	s.leaf, s.others = leaf, others
	signer := signerOf(s.leaf)
	s.report.Signer = &signer
}

func signerOf(c *x509.Certificate) Signer {
	sum := sha256.Sum256(c.Raw)
	return Signer{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: c.SerialNumber.Text(16),
		SHA256: hex.EncodeToString(sum[:]), NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
	}
}

// plan prepares the inputs of a seal in both scopes.
func (c *checker) plan(k int, s *sealCheck) error {
	seal := c.prot.Seals[k]
	sig := make([]byte, seal.Signature.Len())
	if _, err := c.e.File().ReadAt(sig, seal.Signature.From); err != nil {
		return fmt.Errorf("verify: seal %d: %w", seal.Number, err)
	}
	s.sig = sig
	var err error
	if s.full, err = sealView(c.prot, k, c.e.File().Size(), s.scheme.hash); err != nil {
		s.full = nil
		s.refuse(SealMalformed, sentence(err.Error()))
		return nil //nolint:nilerr // it is an answer about the seal
	}
	if n := s.full.length(); s.scheme.family == ed25519Pure && n > maxMessage {
		s.full = nil
		s.refuse(SealUnsupported, fmt.Sprintf("Ed25519 signs all of the %d bytes at once; it is checked up to %d.", n, maxMessage))
		return nil
	}
	if c.prot.Index != nil {
		s.less, err = sealView(c.prot, k, c.prot.Index.From, s.scheme.hash)
	}
	return err
}

// settle says whether the signature fits in some scope, by the check of each;
// the one that fits is told.
func (c *checker) settle(k int, s *sealCheck, check func(scope int) (salt int, err error)) {
	var first error
	for i, v := range s.views() {
		salt, err := check(i)
		if err == nil && salt < s.minSalt {
			err = fmt.Errorf("the salt has %d bytes, the key's own limits ask %d or more", salt, s.minSalt)
		}
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		s.report.Integrity, s.report.Scope = SealIntact, ScopeFull
		if i == 1 {
			s.report.Scope = ScopeFullMinusIndex
		}
		if s.weak != "" {
			s.refuse(SealWeak, sentence("the signature fits, but "+s.weak))
		}
		if s.scheme.family == pss {
			s.report.SaltLength = &salt
			if !s.scheme.stated && salt != defaultScheme.salt {
				c.extra = append(c.extra, diag.At("SIG-SALT", diag.Note, c.prot.Seals[k].Signature.From, c.prot.Seals[k].Signature.To,
					"the salt of seal %d has %d bytes; the format asks %d", k+1, salt, defaultScheme.salt))
			}
		}
		s.report.Covered = covered(c.prot, k, v.end)
		return
	}
	s.refuseFor(first)
}

// covered lists the bytes of the file that a seal's input holds: everything but
// its own signature and the seals after it.
func covered(p evidence.Protection, k int, end int64) []diag.Range {
	sig := p.Seals[k].Signature
	out := []diag.Range{{From: 0, To: sig.From}, {From: sig.To, To: end}}
	if last := len(p.Seals) - 1; k < last {
		out[1].To = p.Seals[k].Range.To
		if to := p.Seals[last].Range.To; to < end {
			out = append(out, diag.Range{From: to, To: end})
		}
	}
	return out
}

// finish puts the samples on the clock and derives the headline.
func (c *checker) finish() *Report {
	r := c.r
	for _, s := range c.seals {
		r.Seals = append(r.Seals, s.report)
		r.Started = append(r.Started, s.report.Integrity == SealIntact)
	}
	starts := c.e.ChooseStarts(nonNil(r.Started))
	c.e.UseStarts(starts)
	r.TimeBasis = starts.Basis.String()
	c.span(starts)
	c.derive()
	c.placeCamera()
	r.Findings = Findings(append(append(c.extra, c.e.Findings()...), starts.Findings...))
	r.complete()
	return r
}

func nonNil(v []bool) []bool {
	if v == nil {
		return []bool{}
	}
	return v
}

// span tells the UTC of the first track's origin and of the last sample's end.
func (c *checker) span(s evidence.Starts) {
	tracks := c.e.Tracks()
	if len(tracks) == 0 {
		return
	}
	if t, ok := s.Track[tracks[0].ID]; ok {
		u := t.Corrected
		c.r.Start = &u
	}
	for _, t := range tracks {
		table, ok := c.e.Table(t.ID).(*evidence.Table)
		start, has := s.Track[t.ID]
		if !ok || !has {
			continue
		}
		if _, to, ok := table.Span(); ok {
			if u := start.Corrected.Add(to); c.r.End == nil || u > *c.r.End {
				c.r.End = &u
			}
		}
	}
	if info, ok := c.e.Info(); ok && info.HasTime && c.r.End != nil && info.Time < *c.r.End-media.Hundred {
		c.extra = append(c.extra, diag.New("TIME-EXPORT-EARLY", diag.Warning, "the export says it was made at %s, before its last picture at %s", info.Time, *c.r.End))
	}
}
