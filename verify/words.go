package verify

// Headline is the sentence of the verdict.
func (r *Report) Headline() string {
	switch r.Verdict {
	case Intact:
		return "Seal intact. Signer trusted."
	case IntactIncomplete:
		return "Seal intact. Not everything is covered."
	case IntactUntrusted:
		if r.Trust == TrustUnchecked {
			return "Seal intact. Signer not checked."
		}
		return "Seal intact. Signer not trusted."
	case Unsigned:
		return "No seal."
	case Broken:
		if r.Integrity == FileIntact || r.Integrity == FileIncomplete {
			return "Seal intact. Camera signing does not match."
		}
		return "Seal broken."
	}
	return "Cannot be checked."
}

// Limits is the second line of every verdict: what it does not show.
func (r *Report) Limits() string {
	switch r.Verdict {
	case Intact, IntactIncomplete:
		switch r.revocation() {
		case RevocationUnchecked:
			return "Revocation not checked. Does not show that the recorder's clock was right."
		case RevocationPartly:
			return "Revocation not checked for every certificate. Does not show that the recorder's clock was right."
		}
		return "Does not show that the recorder's clock was right."
	case IntactUntrusted:
		return "Does not show who made the export, or that the recorder's clock was right."
	case Unsigned:
		return "A file that never had a seal and one whose seals were removed look the same."
	case Broken:
		return "Does not show what was changed, by whom, or why."
	}
	if r.Integrity == FileWithdrawn {
		return "The file changed while it was open: what was said about it no longer holds."
	}
	return "Says nothing about the content, for or against."
}

// revocation is the least that was checked among the signers that count as trusted.
func (r *Report) revocation() RevocationState {
	least := RevocationChecked
	for _, s := range r.Seals {
		if v := s.Trust.Revocation; vouched(s.Trust.State) && v != nil {
			least = min(least, v.State)
		}
	}
	return least
}

// Line is the first line about a signer: the state, who vouches, and whether
// revocation was checked, which never stands in small print.
func (t SignerTrust) Line() string {
	out := t.State.String()
	if t.Partner != "" && vouched(t.State) {
		out += " as partner " + Inert(t.Partner)
	}
	if t.Revocation == nil {
		return out
	}
	switch t.Revocation.State {
	case RevocationUnchecked:
		out += "; revocation not checked"
	case RevocationPartly:
		out += "; revocation not checked for every certificate"
	case RevocationStale:
		out += "; revocation known up to " + day(*t.Revocation.KnownTo) + ", the list is stale"
	case RevocationChecked:
		out += "; revocation known up to " + day(*t.Revocation.KnownTo)
	}
	return out
}
