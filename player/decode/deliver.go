package decode

import "slices"

// Pictures that cannot be handed over yet are copied out of the decoder's
// memory and held: until one shown before them comes, which may be the case
// where the file's order of presentation is not that of the stream, and until
// the hashes of those decoded before them have been compared.
const (
	maxHeld         = 16 // no stream reorders more
	maxHeldPlay     = 128 << 20
	maxHeldEvidence = 512 << 20
)

// take accepts a picture of the decoder, and returns one if it is due.
func (r *Reader) take(p *Picture) *Picture {
	s, ok := r.sent[p.Index]
	if !ok || s.came { // a second picture of one sample
		p.Release()
		return nil
	}
	r.came(p.Index)
	if p.State == Damaged {
		r.hist.damage(p.Index, s.alone, Damaged, p.Reason)
	}
	if p.Hash = s.hash.compare(p); p.Hash == HashMismatch {
		r.hist.damage(p.Index, s.alone, Damaged, p.Hash.String())
	}
	p.whole = nil
	if r.crashedAt >= 0 && p.Index >= r.crashedAt {
		r.crashedAt = -1
	}
	frame := r.table.Frame(p.Index)
	if p.Index != r.only && (r.only >= 0 || frame < r.target || frame <= r.last || frame >= r.end) {
		p.Release()
		return nil
	}
	r.upright(p)
	if r.only >= 0 { // there is no other to wait for
		r.hist.mark(p)
		p.Read = r.read
		return p
	}
	at, _ := slices.BinarySearchFunc(r.held, frame, func(q *Picture, n int) int { return r.table.Frame(q.Index) - n })
	r.held = slices.Insert(r.held, at, p)
	if out := r.due(); out != nil && out != p {
		r.detach(p)
		return out
	} else if out != nil {
		return out
	}
	r.detach(p)
	return nil
}

// came notes that a sample is settled. What is known of it stays for complaints
// that come later.
func (r *Reader) came(i int) {
	s := r.sent[i]
	s.came = true
	r.sent[i] = s
}

// detach copies a picture that is held out of the decoder's memory, unless that
// has room for it. For the screen it is converted while its decoder lives.
func (r *Reader) detach(p *Picture) {
	i := slices.Index(r.held, p)
	if i < 0 || p.Kept() {
		return
	}
	if p.RGBA == nil && p.owner != nil {
		if s, err := p.Draw(0, 0); err == nil {
			p.RGBA = append([]byte(nil), s.RGBA...)
			s.Release()
		}
	}
	r.held[i] = p.detach()
}

// due returns the next picture in order of presentation if it is there or
// known not to come.
func (r *Reader) due() *Picture {
	for r.sent[r.table.ByFrame(r.last+1)].passed { // left out by those who want no more
		r.last++
	}
	n := r.last + 1
	i := r.table.ByFrame(n)
	if i < 0 || r.only >= 0 || n >= r.end || r.stop > 0 && i >= r.stop {
		return nil
	}
	crowded := r.ended || r.crowded()
	if len(r.held) > 0 && r.held[0].Index == i {
		if !crowded && r.uncompared(i) {
			return nil
		}
		p := r.held[0]
		r.held = r.held[1:]
		r.last = n
		r.hist.mark(p)
		p.Read = r.read
		return p
	}
	e, told := r.hist.own(i)
	state, why, by := Withheld, "the decoder took the sample and gave no picture", i
	switch l, lost := r.failed(i); {
	case lost:
		state, why, by = Failed, l.why, l.from
	case len(r.held) == 0 && (!r.ended || n >= r.ends()):
		return nil // others of this pass or of the next are to come
	case told && e.state == Undecodable:
		state, why = Undecodable, e.what
	case !crowded:
		return nil // it may still come
	case i < r.begun:
		state, why, by = Undecodable, "decoding started behind it", r.begun
	case told:
		why = e.what
	}
	r.came(i)
	r.last = n
	p := NewPicture(nil)
	p.Index, p.State, p.Reason, p.CausedBy = i, state, why, by
	return p
}

// crowded reports whether no more pictures can be held.
func (r *Reader) crowded() bool {
	limit := maxHeldPlay
	if r.cfg.Mode == Evidence {
		limit = maxHeldEvidence
	}
	bytes := 0
	for _, p := range r.held {
		bytes += len(p.RGBA) + len(p.Planes[0]) + len(p.Planes[1]) + len(p.Planes[2])
	}
	return len(r.held) > maxHeld || bytes > limit
}

// uncompared reports whether a picture decoded before one, which it may refer
// to, has a hash that was not compared yet.
func (r *Reader) uncompared(i int) bool {
	if !r.cfg.whole() {
		return false
	}
	for k, s := range r.sent {
		if k < i && !s.came && s.hash != nil && !s.alone {
			return true
		}
	}
	return false
}
