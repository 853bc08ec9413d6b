package decode

import "math"

// event is damage that affects the samples [at, to) in decode order, and those
// behind `to` that are shown before it.
type event struct {
	at, to int
	by     int   // sample that is to blame
	show   int64 // place of `to` where pictures behind it may need earlier ones, else unshown
	only   bool  // nothing refers to it
	what   string
	state  State
}

// unshown is a place before all others.
const unshown = math.MinInt64

// endless is the end of damage that no sync sample has ended yet.
const endless = int(^uint(0) >> 1)

// recovered is a place at which earlier damage ends.
type recovered struct {
	at    int
	place int64 // in order of presentation
	open  bool  // pictures behind it and shown before it may need earlier ones
}

// history is what is known of damage around the samples being decoded.
type history struct {
	events []event
	heals  []recovered
	place  func(sample int) int64
}

// maxEvents bounds what is kept of damage. It is more than the samples of which
// pictures may still be on their way.
const maxEvents = 256

func (h *history) forget() { h.events, h.heals = nil, nil }

// damage notes an event. It ends at the first place behind it where decoding
// recovers. One at a leading picture, decoded behind such a place and shown
// before it, reaches other leading pictures only: what is shown after the place
// refers to nothing shown before it.
func (h *history) damage(at int, only bool, state State, what string) {
	e := event{at: at, by: at, to: endless, show: unshown, only: only, what: what, state: state}
	place := h.place(at)
	for _, r := range h.heals {
		if r.at < at && place < r.place {
			e.to, e.show = r.at, r.place
		} else if r.at > at && e.to == endless {
			e.to, e.show = r.at, r.place
			if !r.open {
				e.show = unshown
			}
		}
	}
	for i, o := range h.events {
		if o.at == at && o.by == at { // the first reason is kept, and the worse of both
			if !only {
				h.events[i].only = false
			}
			if state == Undecodable || o.state == Affected {
				h.events[i].state, h.events[i].what = state, what
			}
			return
		}
	}
	if len(h.events) == maxEvents {
		h.thin()
	}
	h.events = append(h.events, e)
}

// thin drops the oldest event but those that reach pictures still to come and
// that no other event covers.
func (h *history) thin() {
	covered := false
	for i, e := range h.events {
		reaches := !e.only && e.to == endless
		if !reaches || covered {
			h.events = append(h.events[:i], h.events[i+1:]...)
			return
		}
		covered = true
	}
}

// startedOpen notes that decoding started at a sample behind which come
// pictures that are shown before it, and may refer to what was not decoded.
func (h *history) startedOpen(at int) {
	h.events = append(h.events, event{at: at - 1, to: at, by: at, show: h.place(at), state: Affected, what: "decoding started behind pictures that it may refer to"})
}

// heal ends damage at a place where decoding recovers, and forgets what lies
// far behind.
func (h *history) heal(r recovered) {
	const far = 64 // pictures of it may still be on their way
	h.heals = append(h.heals, r)
	for len(h.heals) > 1 && h.heals[1].at+far < r.at {
		h.heals = h.heals[1:]
	}
	kept := h.events[:0]
	for _, e := range h.events {
		if e.at < r.at && e.to == endless {
			e.to = r.at
			if r.open {
				e.show = r.place
			}
		}
		if e.to == endless || e.to+far > r.at {
			kept = append(kept, e)
		}
	}
	h.events = kept
}

// mark tells a picture what is known of it. Damage of its own counts more than
// that of others, and what came first more than what came later.
func (h *history) mark(p *Picture) {
	place := h.place(p.Index)
	for _, e := range h.events {
		switch {
		case e.at == p.Index && (p.State == Clean || p.State == Affected):
			if e.state == Affected && p.State == Affected {
				continue
			}
			p.State, p.Reason, p.CausedBy = e.state, e.what, e.by
			if e.state == Undecodable {
				p.State = Damaged // something was made of it all the same
			}
		case e.at < p.Index && !e.only && (p.Index < e.to || place < e.show) && p.State == Clean:
			p.State, p.Reason, p.CausedBy = Affected, e.what, e.by
		}
	}
}

// own returns the event at a sample, one for which it has no picture before others.
func (h *history) own(sample int) (found event, ok bool) {
	for _, e := range h.events {
		if e.at == sample && (!ok || e.state == Undecodable) {
			found, ok = e, true
		}
	}
	return found, ok
}
