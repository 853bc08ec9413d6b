package camera

import (
	"time"

	"vedette/media"
)

// matched answers about a document of which pictures were found.
func (v *Validator) matched(m *matcher, w []entry, sp *span) {
	d, s := m.doc, m.doc.segment
	slices := v.lead(w[:sp.start])
	s.Matched, s.Altered, s.Missing = sp.matched, sp.altered, sp.missing
	begins := v.prev == nil && !v.synced && !s.Seam
	if !begins {
		s.Missing += sp.head
	}
	switch why := v.fault(m, w, sp); {
	case why != ReasonNone:
		s.Verdict, s.Reason = DocumentNotAuthentic, why
		if why != ReasonAltered {
			for i := range sp.state {
				sp.state[i] = PictureAltered
			}
		}
	case s.Missing > 0:
		s.Verdict, s.Reason = DocumentMissing, ReasonSlices
	case s.Lost > 0 && slices == 0:
		s.Verdict, s.Reason = DocumentMissing, ReasonLostDocuments
	case begins && sp.head > 0:
		s.Verdict, s.Reason = DocumentPartialStart, ReasonListHead
	default:
		s.Verdict = DocumentAuthentic
	}
	v.span(s, w, sp)
	v.timing(m, s)
	first := d.first()
	if first == "" {
		first = m.sum(&w[sp.first])
	}
	v.cut(sp.end)
	v.prev = &link{s.Counter, first, string(d.gopHash), s}
	v.synced, v.seam = true, false
}

// fault returns why a document that was found does not count, or none.
func (v *Validator) fault(m *matcher, w []entry, sp *span) Reason {
	d, s := m.doc, m.doc.segment
	switch {
	case sp.altered > 0:
		return ReasonAltered
	case m.follows && v.prev.first != "" && string(d.link) != v.prev.first:
		return ReasonLink
	case s.Lost > 0 && v.moved(w[sp.end:], s.Counter):
		return ReasonOrder
	}
	if v.backwards(s) {
		v.note(NoteClock, d.at, "")
		return ReasonClock
	}
	return ReasonNone
}

// backwards reports whether a document was signed before the session before it
// ended.
func (v *Validator) backwards(s *segment) bool {
	at := s.Signed.From
	if at.IsZero() {
		at = s.Signed.To
	}
	return s.Signed.UTC && !v.floor.IsZero() && at.Before(v.floor)
}

// moved reports whether pictures of a document that was skipped stand behind
// those of one that was signed after it.
func (v *Validator) moved(w []entry, counter uint32) bool {
	for _, o := range v.orphans {
		if int32(counter-o.segment.Counter) <= 0 { //nolint:gosec // counters wrap
			continue
		}
		m, ok := v.matcher(o, nil)
		if ok && m.fit(w, v.mode).first >= 0 {
			return true
		}
	}
	return false
}

// span gives the entries of a document their answer, or keeps it until the
// document itself is vouched for.
func (v *Validator) span(s *segment, w []entry, sp *span) {
	if sp.end > sp.start {
		s.FromSample, s.ToSample = w[sp.start].au, w[sp.end-1].au
		s.Length = media.Ticks{Value: v.pictures.length(s.FromSample, s.ToSample), Scale: v.pictures.scale}.Duration()
	}
	for i := sp.start; i < sp.end; i++ {
		e, state := &w[i], sp.state[i-sp.start]
		if state == PictureUnprotected {
			s.Unprotected++
			v.bareIn++
		}
		s.State = max(s.State, state)
		if s.vouched {
			v.release(e, state, s)
			continue
		}
		if e.role == message {
			v.release(e, state, s)
		} else {
			s.marks = append(s.marks, mark{e.au, state})
			v.held++
		}
	}
}

// Tolerance of the signed against the container's clock: pictures are stamped
// when they are taken and stored by a rounded rate.
const (
	clockShare = 50 // 2 %
	clockLeast = 40 * time.Millisecond
)

// timing compares the length a document states with that of its pictures. A
// document with losses is not compared, nor is the last of a stream, which
// repeats the times of the one before.
func (v *Validator) timing(m *matcher, s *segment) {
	if m.doc.version < 2 || s.Verdict != DocumentAuthentic || v.prev != nil && v.prev.segment.Signed == s.Signed {
		return
	}
	stated := s.Signed.To.Sub(s.Signed.From)
	if d := (stated - s.Length).Abs(); d > clockLeast && d > stated.Abs()/clockShare {
		s.TimeMismatch = true
		v.note(NoteTime, s.FromSample, "")
	}
}
