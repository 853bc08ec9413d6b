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

// Explanation says what a reason code of a signer's trust means.
func Explanation(code string) string { return explanations[code] }

var explanations = map[string]string{
	"":                    "The signer was not checked: no trust pack was given.",
	ReasonChain:           "The signer's certificate chains to an anchor of the trust pack.",
	ReasonPinned:          "The signer's own certificate is pinned in the trust pack.",
	ReasonExpiredSince:    "The certificate was valid at the time the exporter states and has expired since. That time is the signer's word.",
	ReasonNoAnchor:        "No path leads from the signer's certificate to an anchor of the trust pack. The name in it is a claim.",
	ReasonSelfSigned:      "The certificate is signed by itself and not in the trust pack. The name in it is a claim.",
	ReasonNotYet:          "The stated export time lies before the certificate became valid.",
	ReasonExpiredAtExport: "The certificate had expired at the stated export time.",
	ReasonKeyUsage:        "The certificate does not allow its key to sign.",
	ReasonAuthority:       "The certificate is that of an authority, which does not sign exports.",
	ReasonNoTime:          "There is no time to judge the certificate's dates by, and it is not valid now.",
	ReasonAnchorExpired:   "A path to an anchor exists, but an authority on it was not valid at the time judged.",
	ReasonUndecidable:     "The path uses something that this program cannot judge.",
	ReasonRevoked:         "A revocation list of the trust pack names the certificate.",
	ReasonWeakChain:       "The path is signed by an algorithm that no longer counts.",
}
