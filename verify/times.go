package verify

import (
	"crypto/x509"
	"fmt"
	"time"

	"vedette/internal/diag"
)

// Where the time comes from at which dates are judged.
const (
	sourceClaim    = "claimed export time"
	sourcePictures = "signed time of the pictures"
	sourceMiddle   = "middle of the certificate's validity" // where pictures state no time
	sourceNow      = "now"
)

// earliestClaim is the earliest export time that is believed: no format of
// this kind is older.
var earliestClaim = time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC)

// latestClaim is how far after now an export time may lie: clocks differ, and
// some state local time for UTC.
const latestClaim = 24 * time.Hour

// times are the times by which one seal's signer is judged.
type times struct {
	at       time.Time // the claimed export time, or now
	source   string
	believed bool      // at is a claim that can be believed
	later    bool      // a seal after the first, which has no time of its own
	now      time.Time // the later of now and of what has certainly passed
	reliable bool      // the clock that gave now is not known to be wrong
	remarks  []remark
}

// atNow are the times of what states none.
func (c *checker) atNow() times {
	t := times{at: c.policy.Now.UTC(), source: sourceNow, now: c.policy.Now.UTC(), reliable: true}
	if c.policy.Now.Before(c.policy.Past) {
		t.now, t.reliable = c.policy.Past.UTC(), false
		t.remarks = append(t.remarks, remark{RemarkClock, diag.Warning, fmt.Sprintf("this computer's clock says %s, which is before %s, a time that has certainly passed",
			c.policy.Now.UTC().Format(time.RFC3339), c.policy.Past.UTC().Format(time.RFC3339)), false})
	}
	return t
}

// timesOfPictures are those of a camera's key: the time that it signed, or the
// middle of its certificate's validity, which nothing stands for but the path.
func (c *checker) timesOfPictures(at time.Time, claimed bool) times {
	t := c.atNow()
	switch {
	case !claimed:
		t.at, t.source = at, sourceMiddle
	case !at.After(t.now.Add(latestClaim)):
		t.at, t.source, t.believed = at, sourcePictures, true
	}
	return t
}

// timesOf chooses the time for seal k: the export time for the first, if it can
// be believed, else now. A later seal has no time of its own.
func (c *checker) timesOf(k int) times {
	t := c.atNow()
	if t.later = k > 0; t.later {
		return t
	}
	stated := "the export states no time"
	if info, ok := c.e.Info(); ok {
		stated = "the export time that is stated is no time of an export"
		if info.HasTime {
			claim := info.Time.Time()
			if !claim.Before(earliestClaim) && !claim.After(t.now.Add(latestClaim)) {
				t.at, t.source, t.believed = claim, sourceClaim, true
				return t
			}
			stated = fmt.Sprintf("the export time %s cannot be", info.Time)
		}
		c.extra = append(c.extra, diag.New(RemarkNoExport, diag.Warning, "%s; certificates were judged as of now", stated))
		t.remarks = append(t.remarks, remark{code: RemarkNoExport, told: true})
		return t
	}
	t.remarks = append(t.remarks, remark{RemarkNoExport, diag.Warning, stated + "; certificates were judged as of now", false})
	return t
}

// dated applies the dates of the leaf to a signer who is vouched for. Those of
// the authorities were applied with the path; since when one of them expired
// matters like the leaf's own.
func (t times) dated(good SignerTrust, path []*x509.Certificate) (SignerTrust, []remark) {
	leaf := path[0]
	no := func(state TrustState, reason, detail string) (SignerTrust, []remark) {
		return SignerTrust{State: state, Reason: reason, Detail: detail, Revocation: good.Revocation}, nil
	}
	early, late := t.at.Before(leaf.NotBefore), t.at.After(leaf.NotAfter)
	begins, ends := fmt.Sprintf("It is valid from %s.", day(leaf.NotBefore)), fmt.Sprintf("It expired on %s.", day(leaf.NotAfter))
	switch {
	case early && t.believed:
		return no(SignerRejected, ReasonNotYet, begins)
	case late && t.believed:
		return no(SignerRejected, ReasonExpiredAtExport, ends)
	case t.source == sourceNow && !t.reliable:
		return no(SignerUndecidable, ReasonClock, "")
	case early && t.later: // the seal exists, so it is older than now
		return no(SignerRejected, ReasonNotYet, begins)
	case early:
		return no(SignerUndecidable, ReasonNoTime, begins)
	case late:
		return no(SignerUndecidable, ReasonNoTime, ends)
	}
	first := leaf
	for _, c := range path[1:] {
		if c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	if t.now.After(first.NotAfter) {
		good.State, good.Reason, good.Detail = SignerTrustedThenExpired, ReasonExpiredSince, fmt.Sprintf("It expired on %s.", day(first.NotAfter))
		if first != leaf {
			good.Detail = fmt.Sprintf("%s, which is above it, expired on %s.", nameOf(first.Subject.String()), day(first.NotAfter))
		}
	}
	return good, nil
}
