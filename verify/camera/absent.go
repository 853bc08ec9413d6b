package camera

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
