package camera

import "vedette/media"

// settle answers about a document, now that the next one is known; next is nil
// at the end of the stream, and where none came for too long.
func (v *Validator) settle(d, next *document) {
	s := d.segment
	if v.order != nil && len(d.gopHash) > 0 {
		s.Counter, s.Signed = v.order.counter(d), v.order.signed(d)
	}
	if d.standing == noKey && d.fault == "" && v.ring.key != nil {
		d.standing = v.ring.weigh(d, d.hash, d.digest)
	}
	switch {
	case d.fault != "":
		v.refuse(s, DocumentNotAuthentic, ReasonUnreadable)
	case d.standing == unknownHash:
		v.refuse(s, DocumentNotVerifiable, ReasonVersion)
	case d.standing == wrong:
		v.claim(d)
		v.refuse(s, DocumentNotAuthentic, ReasonSignature)
	case d.standing == foreign || d.late:
		v.claim(d)
		v.refuse(s, DocumentNotAuthentic, ReasonKey)
	case v.ring.key == nil:
		v.refuse(s, DocumentNotVerifiable, ReasonNoKey)
	case d.newer != "":
		v.refuse(s, DocumentNotVerifiable, ReasonVersion)
	default:
		s.vouched = d.standing == signed
		v.sequence(d, next)
	}
	if !s.decided && s.vouched {
		v.apply(s)
	} else if !s.decided {
		v.waiting = append(v.waiting, s)
	}
	v.queue = append(v.queue, s)
	v.bound()
}

// refuse gives a document an answer without looking at pictures.
func (v *Validator) refuse(s *segment, verdict Verdict, why Reason) {
	s.Verdict, s.Reason, s.decided = verdict, why, true
	s.State = PictureNotVerifiable
	if verdict == DocumentNotAuthentic {
		s.State = PictureUnsignedGap
	}
}

// claim marks the pictures of which an invalid document speaks: they are not
// merely without a document.
func (v *Validator) claim(d *document) {
	m, ok := v.matcher(d, nil)
	to := d.place - v.base
	if !ok || to <= 0 {
		return
	}
	from := 0
	for i, anchors := to-1, 0; i >= 0; i-- {
		if v.entries[i].role != anchor {
			continue
		}
		if anchors++; anchors == 3 { // the group before the one that is running, and one in reserve
			from = i
			break
		}
	}
	w := v.entries[from:to]
	sp := m.fit(w, v.mode)
	for i := sp.start; sp.first >= 0 && i < sp.end; i++ {
		w[i].claimed = true
	}
}

// sequence places a document behind the one before it and compares it with the
// pictures that wait.
func (v *Validator) sequence(d, next *document) {
	s := d.segment
	end := v.ended || next != nil && next.fault == "" && next.freshSession()
	if next != nil && (next.fault != "" || next.repeated || next.standing != signed && next.standing != notSigned) {
		next = nil // what it lists is nobody's word
	}
	m, ok := v.matcher(d, next)
	if !ok {
		v.hash.uses(d.hash, v.base+len(v.entries))
		v.unread++
		v.refuse(s, DocumentNotVerifiable, ReasonHash)
		return
	}
	if n := v.hash.begun(d.hash) - v.base; n > 0 {
		// What was not hashed by it can be told by no later document either. It is
		// as if a session began here.
		v.stretch(v.entries[:n], n, PictureNotVerifiable, ReasonHash)
		v.cut(n)
		v.prev, v.seam = nil, v.synced
		v.refuse(s, DocumentNotVerifiable, ReasonHash)
		return
	}
	if d.repeated {
		v.note(NoteClock, d.at, "")
		v.claim(d)
		v.refuse(s, DocumentNotAuthentic, ReasonRepeated)
		return
	}
	if d.freshSession() && v.prev != nil && s.vouched {
		v.turn(d)
	}
	if v.prev != nil {
		lost := int32(s.Counter - v.prev.counter - 1) //nolint:gosec // counters wrap, and so does their difference
		switch {
		case lost < 0 && v.prev.segment.vouched:
			v.note(NoteClock, d.at, "")
			v.claim(d)
			v.refuse(s, DocumentNotAuthentic, ReasonOlder)
			return
		case lost > 0:
			s.Lost = int(lost)
		}
		m.follows = lost == 0
		m.direct = m.follows && v.synced && !v.seam
	}
	m.last = end
	w := v.entries[:max(0, d.place-v.base)]
	sp, as := m.choose(w, v.mode)
	switch {
	case m.stopped:
		v.note(NoteLimit, d.at, "comparisons")
		v.refuse(s, DocumentNotVerifiable, ReasonLimit)
	case sp.first < 0:
		v.unmatched(m, w)
	default:
		if as == modeAll && v.mode != modeAll {
			v.note(NoteAllSlices, d.at, "")
		}
		v.mode = as
		v.matched(m, w, &sp)
	}
}

// turn begins a new signing session.
func (v *Validator) turn(d *document) {
	v.note(NoteSeam, d.at, "")
	v.floor, v.prev, v.seam, v.orphans = v.latest, nil, true, nil
	o := orderOf(d)
	v.order = &o
	s := d.segment
	s.Seam, s.Counter, s.Signed = true, o.counter(d), o.signed(d)
}

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

// unmatched answers about a document none of whose pictures were found.
func (v *Validator) unmatched(m *matcher, w []entry) {
	d, s := m.doc, m.doc.segment
	switch {
	case v.prev == nil || !v.synced || v.seam:
		v.foreword(m, w)
	case m.last && !d.hasList && string(d.gopHash) == v.prev.group:
		v.refuse(s, DocumentNotVerifiable, ReasonStaleEnd)
	case m.direct:
		end := m.groupEnd(w)
		v.wrong(m, w, 0, end)
		v.prev = &link{s.Counter, d.first(), string(d.gopHash), s}
	default:
		earlier := m.next != nil && int32(v.order.counter(m.next)-s.Counter) < 0 //nolint:gosec // counters wrap
		end := m.groupEnd(w)
		if end == 0 && !earlier {
			v.wrong(m, w, 0, 0)
			v.prev = &link{s.Counter, d.first(), string(d.gopHash), s}
			return
		}
		// Its pictures may be those that wait, altered, or stand elsewhere: the
		// next document tells. A signed one stands behind them, at any rate.
		for i := range w[:end] {
			w[i].claimed = true
		}
		v.orphans = append(v.orphans, d)
		if len(v.orphans) > maxOrphans {
			v.orphans = v.orphans[1:]
		}
		v.refuse(s, DocumentNotAuthentic, ReasonAltered)
	}
}

// foreword answers about an unmatched document before which nothing of its
// session was found: it speaks of video before the clip, unless the clip holds
// the whole group that ended before it.
func (v *Validator) foreword(m *matcher, w []entry) {
	d, s := m.doc, m.doc.segment
	from, to := -1, -1
	for i := range w {
		if w[i].role == anchor {
			from, to = to, i
		}
	}
	whole := from >= 0 && !d.partial
	if d.partial && d.freshSession() && to >= 0 { // nothing was signed before it, and as much as it lists is there
		n := 0
		for i := range w {
			if m.takes(&w[i]) {
				n++
			}
		}
		if n >= d.count && d.count != noCount {
			from, to, whole = 0, n, true
		}
	}
	for i := max(from, 0); whole && i < to; i++ {
		whole = !m.nexts(&w[i])
	}
	if whole {
		v.lead(w[:from])
		v.wrong(m, w, from, to)
	} else {
		v.refuse(s, DocumentNotVerifiable, ReasonBeforeClip)
	}
	v.prev = &link{s.Counter, d.first(), string(d.gopHash), s}
}

// wrong answers about a document whose pictures are entries [from, to), and are
// not as signed; where there are none, they are missing.
func (v *Validator) wrong(m *matcher, w []entry, from, to int) {
	d, s := m.doc, m.doc.segment
	sp := span{first: from, start: from, end: to, state: make([]PictureState, to-from)}
	for i := from; i < to; i++ {
		sp.set(i, PictureAltered)
		if w[i].role != message && m.takes(&w[i]) {
			s.Altered++
		}
	}
	listed := len(d.list) / max(1, len(d.gopHash))
	s.Missing = max(0, listed-s.Altered)
	s.Verdict, s.Reason = DocumentNotAuthentic, ReasonAltered
	if s.Altered == 0 {
		s.Verdict, s.Reason = DocumentMissing, ReasonSlices
	}
	v.span(s, w, &sp)
	v.cut(to)
}

// groupEnd returns where the group ends that begins with the window: at the
// next anchor or at what the next document lists.
func (m *matcher) groupEnd(w []entry) int {
	slices := false
	for i := range w {
		e := &w[i]
		if !m.takes(e) {
			continue
		}
		if e.role == anchor && slices || m.nexts(e) {
			return i
		}
		slices = slices || e.role != message
	}
	if !slices {
		return 0
	}
	return len(w)
}

// lead answers about the entries before those of a document, of which none
// speaks, and returns how many slices they are.
func (v *Validator) lead(w []entry) int {
	anchors, slices := 0, 0
	for i := range w {
		switch w[i].role {
		case anchor:
			anchors++
			slices++
		case slice:
			slices++
		}
	}
	state, why := PictureUnsignedGap, ReasonGap
	switch {
	case !v.synced:
		state, why = PictureNotVerifiable, ReasonHead
	case v.seam && anchors <= 2:
		// A session ends with the group that was running and, where its document
		// was not written yet, the one before.
		state, why = PictureNotVerifiable, ReasonSeam
	}
	if v.pictures.undecided {
		slices++
		if v.synced {
			state, why = PictureUnsignedGap, ReasonGap
		}
		v.pictures.resolve(state)
	}
	v.stretch(w, slices, state, why)
	return slices
}

// stretch gives entries without a document their answer.
func (v *Validator) stretch(w []entry, slices int, state PictureState, why Reason) {
	var run *segment
	for i := range w {
		e, as := &w[i], state
		switch {
		case e.claimed:
			as = PictureUnsignedGap
		case slices == 0 && e.role != message && state == PictureUnsignedGap:
			as = PictureUnprotected // between two groups that join
			v.bareIn++
		}
		if run == nil || run.State != as {
			run = &segment{Segment: Segment{Track: v.r.Track, FromSample: e.au, State: as, Reason: why}, decided: true}
			if as == PictureUnsignedGap {
				v.gaps++
				run.Reason = ReasonGap
			}
			if slices > 0 || as == PictureUnsignedGap {
				v.queue = append(v.queue, run)
			}
		}
		run.ToSample = e.au
		v.release(e, as, nil)
	}
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
