package verify

// Reason codes of a signer's trust.
const (
	ReasonChain           = "TRUST-CHAIN"              // chains to an anchor
	ReasonPinned          = "TRUST-PINNED"             // is pinned
	ReasonExpiredSince    = "TRUST-EXPIRED-SINCE"      // was valid at the stated export time, expired since
	ReasonNoAnchor        = "TRUST-NO-ANCHOR"          // no path to an anchor
	ReasonSelfSigned      = "TRUST-SELF-SIGNED"        // signed by itself and not in the packs
	ReasonOtherSubject    = "TRUST-OTHER-SUBJECT"      // another organisation than the partner's
	ReasonNotYet          = "TRUST-NOT-YET-VALID"      // export time before the certificate's
	ReasonExpiredAtExport = "TRUST-EXPIRED-AT-EXPORT"  // expired when the export was made
	ReasonKeyUsage        = "TRUST-KEY-USAGE"          // key usage forbids signing
	ReasonUse             = "TRUST-USE-REQUIRED"       // lacks a use that the pack demands
	ReasonAuthority       = "TRUST-CA-LEAF"            // an authority's certificate signed the file
	ReasonNoTime          = "TRUST-NO-TIME"            // no usable time to judge by
	ReasonClock           = "TRUST-CLOCK"              // only this computer's clock to judge by, and it is not relied on
	ReasonAnchorExpired   = "TRUST-ANCHOR-EXPIRED"     // the path is sound but for the dates of an authority
	ReasonNotAuthority    = "TRUST-NOT-AUTHORITY"      // an issuer on the path may not issue certificates
	ReasonPathLength      = "TRUST-PATH-LENGTH"        // an authority forbids so many below it
	ReasonNames           = "TRUST-NAME-CONSTRAINT"    // an authority may not issue for this name
	ReasonPathLong        = "TRUST-PATH-LONG"          // the path is longer than is followed
	ReasonCritical        = "TRUST-CRITICAL-EXTENSION" // a certificate demands something that is not understood
	ReasonLimit           = "TRUST-LIMIT"              // too many certificates of the same name
	ReasonUndecidable     = "TRUST-UNDECIDABLE"        // the path uses something that cannot be judged
	ReasonRevoked         = "TRUST-REVOKED"            // revoked
	ReasonNoList          = "TRUST-REVOCATION-MISSING" // the pack demands a list and there is none
	ReasonListStale       = "TRUST-REVOCATION-STALE"   // the pack demands a current list and it is stale
	ReasonWeakChain       = "TRUST-WEAK-CHAIN"         // the path is signed by an algorithm or key that no longer counts
)

// Codes of remarks: they stand beside a state and do not change it.
const (
	RemarkUnchecked  = "TRUST-REVOCATION-UNCHECKED" // no list or response for a certificate
	RemarkListOld    = "TRUST-LIST-OLD"             // the newest list is older than the export time
	RemarkListStale  = "TRUST-LIST-STALE"           // the newest list is past its next update
	RemarkDropped    = "TRUST-LIST-DROPPED"         // an expired certificate may have dropped off the list
	RemarkListBad    = "TRUST-LIST-REFUSED"         // a list or response about the signer is not used
	RemarkLater      = "TRUST-REVOKED-LATER"        // revoked after the export for a harmless reason
	RemarkUse        = "TRUST-EXTENDED-USAGE"       // made for another use
	RemarkNoKeyUsage = "TRUST-KEY-USAGE-ABSENT"     // states no key usage
	RemarkNoName     = "TRUST-NAME-UNCONSTRAINED"   // name constraints have nothing to hold on
	RemarkPackStale  = "TRUST-PACK-STALE"           // the pack is out of date
	RemarkClock      = "TIME-CLOCK"                 // this computer's clock is not relied on
	RemarkNoExport   = "TIME-EXPORT-ABSURD"         // no export time to believe
)

// stateOf is the state of a signer that no path vouches for.
func stateOf(reason string) TrustState {
	switch reason {
	case ReasonWeakChain, ReasonNotAuthority, ReasonPathLength, ReasonNames:
		return SignerRejected
	case ReasonNoAnchor, ReasonSelfSigned, ReasonOtherSubject:
		return SignerUnknown
	}
	return SignerUndecidable
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
	ReasonOtherSubject:    "The certificate chains to an anchor of a partner, but is made for another organisation than that partner's.",
	ReasonNotYet:          "The stated export time lies before the certificate became valid.",
	ReasonExpiredAtExport: "The certificate had expired at the stated export time.",
	ReasonKeyUsage:        "The certificate does not allow its key to sign.",
	ReasonUse:             "The certificate is not made for the use that the trust pack demands.",
	ReasonAuthority:       "The certificate is that of an authority, which does not sign exports.",
	ReasonNoTime:          "There is no time to judge the certificate's dates by, and it is not valid now.",
	ReasonClock:           "There is no time to judge the certificate's dates by but this computer's clock, which is wrong.",
	ReasonAnchorExpired:   "A path to an anchor exists, but an authority on it was not valid at the time judged.",
	ReasonNotAuthority:    "An issuer on the path may not issue certificates.",
	ReasonPathLength:      "An authority on the path forbids as many authorities below it.",
	ReasonNames:           "An authority on the path may not issue for the name in the certificate.",
	ReasonPathLong:        "The path is longer than eight certificates and was not followed to its end.",
	ReasonCritical:        "A certificate on the path demands that something is understood which this program does not know.",
	ReasonLimit:           "Too many certificates of the same name stand in the way; the search was given up.",
	ReasonUndecidable:     "The path uses something that this program cannot judge.",
	ReasonRevoked:         "The certificate, or that of an authority above it, was revoked.",
	ReasonNoList:          "The trust pack demands that revocation is checked, and there is no list for the issuer.",
	ReasonListStale:       "The trust pack demands that revocation is checked by a current list, and the list is stale.",
	ReasonWeakChain:       "The path is signed by an algorithm or a key that no longer counts.",

	RemarkUnchecked:  "Revocation not checked: there is no list or response of the issuer.",
	RemarkListOld:    "The newest list is older than the export, so revocation is known only up to its date.",
	RemarkListStale:  "The newest list is past the date at which the next one was due.",
	RemarkDropped:    "The certificate had expired when the list was made, so it may have dropped off the list.",
	RemarkListBad:    "A revocation list or response about the signer is not used.",
	RemarkLater:      "The certificate was revoked after the export, for a reason that does not reach back.",
	RemarkUse:        "The certificate is made for another use than signing documents.",
	RemarkNoKeyUsage: "The certificate does not state what its key may be used for.",
	RemarkNoName:     "An authority on the path is limited to certain names, and the certificate holds none of that kind.",
	RemarkPackStale:  "The trust pack is past the date at which its issuer calls it out of date.",
	RemarkClock:      "This computer's clock lies before a time that has certainly passed, so it is not relied on.",
	RemarkNoExport:   "The stated export time cannot be true; dates were judged as of now.",
}
