package camera

// apply makes the answer about a document final.
func (v *Validator) apply(s *segment) {
	s.decided = true
	for _, k := range s.marks {
		v.pictures.decide(k.au, k.state, s)
	}
	v.held -= len(s.marks)
	s.marks = nil
	if s.Verdict == DocumentNotAuthentic || s.Verdict == DocumentNotVerifiable {
		return
	}
	if s.Signed.UTC && s.Signed.To.After(v.latest) {
		v.latest = s.Signed.To
	}
	if v.taken == nil {
		t := s.Signed
		v.taken = &t
	}
}

// disown gives an unsigned document the answer that nobody vouches for it.
func (v *Validator) disown(s *segment, verdict Verdict, why Reason) {
	v.held -= len(s.marks)
	v.refuse(s, verdict, why)
	for _, k := range s.marks {
		v.pictures.decide(k.au, s.State, s)
	}
	s.marks = nil
}

// follow carries the answer about a document on to the unsigned ones that it
// lists, and to those that they list.
func (v *Validator) follow(s *segment) {
	for todo := []*segment{s}; len(todo) > 0; {
		by := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, x := range by.lists {
			if x.decided {
				continue
			}
			if x.vouched = by.vouched; x.vouched {
				v.apply(x)
			} else {
				v.disown(x, by.Verdict, ReasonCover)
			}
			todo = append(todo, x)
		}
		by.lists = nil
	}
}

// abandon answers about an unsigned document that nothing can vouch for any more.
func (v *Validator) abandon(s *segment, verdict Verdict, why Reason) {
	if !s.decided {
		v.disown(s, verdict, why)
		v.follow(s)
	}
}

// bound gives up the oldest documents that wait for a signature when they hold
// more than is kept.
func (v *Validator) bound() {
	for len(v.waiting) > 0 {
		s := v.waiting[0]
		switch {
		case s.decided:
		case v.held > maxPending || len(v.waiting) > maxPending/8 || len(v.queue) > maxPending/2:
			v.note(NoteLimit, s.At, "documents waited for a signature in vain")
			v.abandon(s, DocumentNotVerifiable, ReasonLimit)
		default:
			return
		}
		v.waiting = v.waiting[1:]
	}
}

// rest answers about what is left at the end: nobody speaks of it.
func (v *Validator) rest() {
	slices := 0
	for i := range v.entries {
		if v.entries[i].role != message {
			slices++
		}
	}
	v.pictures.resolve(PictureNotVerifiable)
	why := ReasonTail
	if !v.synced {
		why = ReasonHead
	}
	if v.ring.key == nil {
		why = ReasonNoKey
	}
	v.stretch(v.entries, max(1, slices), PictureNotVerifiable, why)
	v.cut(len(v.entries))
}

// emit returns the segments that are final, in order of the stream.
func (v *Validator) emit() []Segment {
	var out []Segment
	for len(v.queue) > 0 && v.queue[0].decided {
		s := v.queue[0].Segment
		v.queue = v.queue[1:]
		if s.Document > 0 {
			v.r.Documents.count(s.Verdict, 1)
		}
		out = append(out, s)
		if len(v.r.Segments) < MaxSegments {
			v.r.Segments = append(v.r.Segments, s)
		} else {
			v.note(NoteLimit, s.At, "documents are counted, but not listed")
		}
	}
	return out
}

// conclude derives the answer about the track.
func (v *Validator) conclude() {
	r, p := &v.r, &v.pictures
	r.Ranges = p.ranges
	r.Authentic.Value, r.Authentic.Scale = p.authentic, max(p.scale, 1)
	r.Total.Value, r.Total.Scale = p.total, max(p.scale, 1)
	if len(p.ranges) >= maxRanges {
		v.note(NoteLimit, p.base, "ranges of pictures were joined")
	}
	if v.bareIn > 0 {
		v.note(NoteUnprotected, 0, "")
	}
	r.State = stateOf(v.ordinal, r.Documents, v.gaps, v.bareIn)
	if v.ring.key != nil {
		r.Leaf, r.Helpers = v.ring.key.leaf, v.ring.key.helpers
		v.own()
	} else if v.ordinal > 0 {
		text := "the video holds none"
		if v.ring.refused != nil {
			text = v.ring.refused.Error()
		}
		v.note(NoteCertificate, 0, text)
	}
}

// stateOf is the worst of the documents and of the stretches without one.
func stateOf(documents int, d Documents, gaps, unprotected int) State {
	switch {
	case documents == 0:
		return NotSigned
	case d.NotAuthentic > 0 || gaps > 0:
		return NotAuthentic
	case d.Authentic+d.Missing == 0:
		return NotVerifiable
	case d.Missing > 0:
		return AuthenticMissing
	case unprotected > 0:
		return AuthenticPartial
	}
	return Authentic
}

// own asks whose key it is, as of the time the first document states and, where
// the key's certificate ends in between, as of the newest.
func (v *Validator) own() {
	leaf := v.ring.key.leaf
	at, claimed := leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore)/2), false
	if t := v.taken; t != nil && t.UTC {
		if at, claimed = t.From, true; at.IsZero() {
			at = t.To
		}
	} else if t != nil {
		v.note(NoteNoUTC, 0, "")
	}
	if v.judge == nil {
		return
	}
	v.r.Provenance = v.judge(leaf, v.ring.key.helpers, at, claimed)
	if claimed && v.latest.After(leaf.NotAfter) && v.r.Provenance.State == OwnerTrusted {
		v.r.Provenance = v.judge(leaf, v.ring.key.helpers, v.latest, true)
	}
}

// note keeps the first of each kind and counts.
func (v *Validator) note(kind NoteKind, sample int, text string) {
	if i, ok := v.notes[kind]; ok {
		v.r.Notes[i].Count++
		return
	}
	v.notes[kind] = len(v.r.Notes)
	v.r.Notes = append(v.r.Notes, Note{kind, sample, 1, text})
}
