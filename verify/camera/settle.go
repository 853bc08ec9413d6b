package camera

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
	switch {
	case s.decided:
	case s.vouched:
		v.apply(s)
	default:
		v.waiting = append(v.waiting, s)
	}
	if s.decided {
		v.follow(s)
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
