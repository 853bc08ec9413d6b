package conform

import (
	"fmt"
	"slices"

	"vedette/verify"
)

// sealBox points at the n-th seal, from 1; nil for none.
func (j *judge) sealBox(n int) *int64 {
	if n < 1 || n > len(j.prot.Seals) {
		return nil
	}
	off := j.prot.Seals[n-1].Range.From
	return &off
}

// first returns the first seal of a state, or nil.
func (j *judge) first(s verify.SealIntegrity) *verify.SealReport {
	k := slices.IndexFunc(j.report.Seals, func(r verify.SealReport) bool { return r.Integrity == s })
	if k < 0 {
		return nil
	}
	return &j.report.Seals[k]
}

// unchecked says why nothing can be said of the seals, or "".
func (j *judge) unchecked() (Reason, string) {
	switch {
	case j.report.Partial:
		return ReasonSealNotChecked, "The seals were not checked to the end."
	case len(j.prot.Malformed) > 0:
		return ReasonSealNotChecked, "The structure of the file is damaged or ambiguous, so no seal was checked."
	}
	return "", ""
}

// none answers a demand on seals of a file that has none.
func (j *judge) none(r Row) Row {
	r.State, r.Evidence = NotApplicable, "There is no signature; see 5.2.6."
	return r
}

// sealWords are the demands of 4.3, to which 5.2.6 refers.
func (j *judge) sealWords() {
	j.add(j.named(Row{Clause: "4.3", Item: "signer-named", For: Level0V}))
	reason, why := j.unchecked()
	for _, r := range []Row{{Clause: "4.3", Item: "algorithms", For: Level0V}, {Clause: "4.3", Item: "coverage", For: Level0V}} {
		switch {
		case reason != "":
			r.Reason, r.Evidence = reason, why
		case len(j.report.Seals) == 0:
			r = j.none(r)
		case r.Item == "algorithms":
			r = j.algorithms(r)
		default:
			r = j.coverage(r)
		}
		j.add(r)
	}
}

// named says whom the newest seal names. Whether that is the person who made
// the export, no certificate shows.
func (j *judge) named(r Row) Row {
	if len(j.prot.Seals) == 0 && len(j.prot.Malformed) == 0 {
		return j.none(r)
	}
	r.Reason, r.Evidence = ReasonSealNotChecked, "The certificate of the signature was not read."
	if len(j.report.Seals) == 0 {
		return r
	}
	s := j.report.Seals[len(j.report.Seals)-1]
	r.Offset = j.sealBox(s.Index)
	switch {
	case s.Signer == nil:
		return r
	case s.Signer.Subject == "":
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoName, fmt.Sprintf("The certificate of seal %d names nobody.", s.Index)
		return r
	}
	r.Open, r.Reason = true, ReasonPerson
	r.Evidence = fmt.Sprintf("The certificate of seal %d names %s.", s.Index, quoted(verify.CommonName(s.Signer.Subject)))
	if info, ok := j.e.Info(); ok && info.Operator != "" {
		r.Evidence += " The export states the operator " + quoted(info.Operator) + "."
	}
	r.Evidence += " Whether that is the person who made the export is not in the file."
	return r
}

func (j *judge) algorithms(r Row) Row {
	for _, s := range j.report.Seals {
		switch s.Integrity {
		case verify.SealWeak:
			r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonSealWeak, j.sealBox(s.Index), fmt.Sprintf("Seal %d: %s", s.Index, foreign(s.Reason))
			return r
		case verify.SealUnsupported, verify.SealMalformed, verify.SealUnchecked:
			r.Reason, r.Offset, r.Evidence = ReasonSealUnsupported, j.sealBox(s.Index), fmt.Sprintf("Seal %d: %s", s.Index, foreign(s.Reason))
		case verify.SealBroken:
			if r.Evidence == "" && s.Algorithm == "" {
				r.Reason, r.Offset, r.Evidence = ReasonSealForm, j.sealBox(s.Index), fmt.Sprintf("Seal %d: %s", s.Index, foreign(s.Reason))
			}
		}
	}
	if r.Evidence != "" {
		return r
	}
	r.State, r.Offset = Met, j.sealBox(1)
	for i, s := range j.report.Seals {
		if i > 0 {
			r.Evidence += " "
		}
		r.Evidence += fmt.Sprintf("Seal %d states %s.", s.Index, s.Algorithm)
	}
	return r
}

func (j *judge) coverage(r Row) Row {
	r.Offset = j.sealBox(len(j.prot.Seals))
	switch {
	case j.report.Integrity == verify.FileBroken:
		_, r.Reason, _ = j.worstSeal()
		r.State, r.Evidence = NotMet, "A seal fails, or bytes lie outside every seal."
	case j.report.Coverage == verify.CoverageAll:
		r.State, r.Evidence = Met, fmt.Sprintf("Seal %d covers all bytes but its own signature.", len(j.prot.Seals))
	case j.report.Coverage == verify.CoverageAllButIndex:
		r.State = Met
		r.Evidence = fmt.Sprintf("Seal %d covers all bytes but its own signature and the index of fragments (mfra), which was written later, which the format allows and which is not used.", len(j.prot.Seals))
	default:
		r.Reason, r.Evidence = ReasonSealNotChecked, "No seal that was checked covers the whole file."
	}
	return r
}

// seals are the demands of 5.2.6.
func (j *judge) seals() {
	seal := Row{Clause: "5.2.6", Item: "seal", For: Level0V, Offset: j.sealBox(1)}
	fit := Row{Clause: "5.2.6", Item: "seals-fit", For: Level0V, Offset: j.sealBox(1)}
	form := Row{Clause: "5.2.6", Item: "seal-form", For: Level0V, Offset: j.sealBox(1)}
	reason, why := j.unchecked()
	switch {
	case j.damage(areaSeal) != nil:
		f := j.damage(areaSeal)
		form.State, form.Reason, form.Offset, form.Evidence = NotMet, ReasonSealForm, from(*f), sentence(foreign(f.Message))
		seal.Reason, seal.Evidence, fit.Reason, fit.Evidence = reason, why, reason, why
	case len(j.prot.Seals) == 0 && len(j.prot.Malformed) == 0:
		seal.State, seal.Reason = NotMet, ReasonNoSeal
		seal.Evidence = "There is no signature. A file that never had one and one whose signatures were removed look the same."
		fit, form = j.none(fit), j.none(form)
	case reason != "":
		for _, r := range []*Row{&seal, &fit, &form} {
			r.Reason, r.Evidence = reason, why
		}
	default:
		seal, fit, form = j.sealPresent(seal), j.sealsFit(fit), j.sealForm(form)
	}
	j.add(seal)
	j.add(fit)
	j.add(form)
}

func (j *judge) sealPresent(r Row) Row {
	if s := j.first(verify.SealIntact); s != nil {
		r.State, r.Offset = Met, j.sealBox(s.Index)
		r.Evidence = fmt.Sprintf("Seal %d of %d fits the bytes that it covers. Who signed is judged by trust packs, not here.", s.Index, len(j.report.Seals))
		return r
	}
	r.State, r.Reason, r.Evidence = j.worstSeal()
	return r
}

func (j *judge) sealsFit(r Row) Row {
	switch j.report.Integrity {
	case verify.FileIntact, verify.FileIncomplete:
		r.State, r.Evidence = Met, fmt.Sprintf("All %d seals fit.", len(j.report.Seals))
		if len(j.report.Seals) == 1 {
			r.Evidence = "The seal fits."
		}
	default:
		r.State, r.Reason, r.Evidence = j.worstSeal()
	}
	return r
}

// worstSeal says of seals that do not all fit what the worst one is.
func (j *judge) worstSeal() (State, Reason, string) {
	for _, c := range []struct {
		is     verify.SealIntegrity
		state  State
		reason Reason
	}{
		{verify.SealMalformed, NotMet, ReasonSealForm}, {verify.SealBroken, NotMet, ReasonSealBroken}, {verify.SealWeak, NotMet, ReasonSealWeak},
		{verify.SealUnsupported, CannotTell, ReasonSealUnsupported}, {verify.SealUnchecked, CannotTell, ReasonSealNotChecked},
	} {
		if s := j.first(c.is); s != nil {
			if c.is == verify.SealBroken && s.Algorithm == "" { // it was not even compared with the bytes
				c.reason = ReasonSealForm
			}
			return c.state, c.reason, fmt.Sprintf("Seal %d: %s", s.Index, foreign(s.Reason))
		}
	}
	return CannotTell, ReasonSealNotChecked, "The seals were not judged."
}

// sealForm asks whether at least one seal that fits is made as the format has it.
func (j *judge) sealForm(r Row) Row {
	var odd string
	for k, s := range j.report.Seals {
		if s.Integrity != verify.SealIntact {
			continue
		}
		r.Offset = j.sealBox(s.Index)
		if s.SaltLength != nil && *s.SaltLength != usualSalt && j.prot.Seals[k].SigC == nil {
			odd = fmt.Sprintf("The salt of seal %d has %d bytes where the format has %d, and no sigC states it.", s.Index, *s.SaltLength, usualSalt)
			continue
		}
		r.State, r.Evidence = Met, fmt.Sprintf("Seal %d is made as the format has it.", s.Index)
		return r
	}
	if odd != "" {
		r.State, r.Reason, r.Evidence = NotMet, ReasonSealSalt, odd
		return r
	}
	if s := j.first(verify.SealMalformed); s != nil {
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonSealForm, j.sealBox(s.Index), fmt.Sprintf("Seal %d: %s", s.Index, foreign(s.Reason))
		return r
	}
	_, r.Reason, r.Evidence = j.worstSeal()
	r.State, r.Evidence = CannotTell, "No seal fits, so its form is not judged. "+r.Evidence
	return r
}

// usualSalt is the salt of RSASSA-PSS, in bytes, where no sigC states another.
const usualSalt = 20
