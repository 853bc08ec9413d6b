package events

import "strings"

// Edge says how an end of a span is known.
type Edge uint8

// The edges. Their words are those of JSON.
const (
	EdgeTold    Edge = iota + 1 // an event tells the change
	EdgeOutside                 // it was so at the first event already, or is so at the last
	EdgeMissed                  // it changed between two events without an event that tells it
)

// String returns the word used in JSON.
func (e Edge) String() string {
	switch e {
	case EdgeTold:
		return "told"
	case EdgeOutside:
		return "outside"
	case EdgeMissed:
		return "missed"
	default:
		return "invalid"
	}
}

// Span is a stretch in which a property was on, or had one value. First and Last
// are the numbers in the store of its first and last event. Where the begin lies
// outside it began at First or before; where the end does it went on after Last.
type Span struct {
	First, Last int
	Begin, End  Edge
	State       string // "on", or "" for a property that is not on or off
	Events      int
}

// property is what makes two events ones of the same property.
type property struct{ topic, source, key uint32 }

// held is what is known of a property.
type held struct {
	data uint32
	open int // its span that has not ended, or -1
}

// Spans pairs the events of properties into spans, in order of their begin.
// Other events, those without an operation, are left out. Initialized tells a
// state and no change: at the first word of a property its span began then or
// before.
func (x *Selection) Spans() []Span {
	var out []Span
	known := map[property]*held{}
	for k := range x.Len() {
		i := x.Index(k)
		h := x.s.shapes[x.s.shape[i]]
		operation := x.s.string(h.operation)
		if operation == "" {
			continue
		}
		p := property{h.topic, h.source, h.key}
		before := known[p]
		if strings.EqualFold(operation, "Deleted") {
			if before != nil && before.open >= 0 {
				out[before.open].end(i, EdgeTold)
			}
			delete(known, p)
			continue
		}
		out = x.s.tell(out, known, p, i, strings.EqualFold(operation, "Initialized"))
	}
	for _, h := range known {
		if h.open >= 0 {
			out[h.open].End = EdgeOutside
		}
	}
	return out
}

func (s *Span) end(i int, e Edge) {
	s.Last, s.End = i, e
	s.Events++
}

// tell takes what event i says about a property.
func (s *Store) tell(out []Span, known map[property]*held, p property, i int, initialized bool) []Span {
	data := s.data[i]
	before := known[p]
	edge := EdgeTold
	if initialized {
		edge = EdgeMissed
	}
	switch {
	case before == nil:
		if initialized {
			edge = EdgeOutside
		}
		known[p] = &held{data: data, open: -1}
		if s.states[data] == stateOff && !initialized { // it ends what began before
			return append(out, Span{First: i, Last: i, Begin: EdgeOutside, End: EdgeTold, State: "on", Events: 1})
		}
	case s.same(before.data, data):
		if before.open >= 0 {
			out[before.open].Last = i
			out[before.open].Events++
		}
		return out
	default:
		if before.open >= 0 {
			out[before.open].end(i, edge)
		}
		before.data, before.open = data, -1
	}
	if s.states[data] == stateOff {
		return out
	}
	known[p].open = len(out)
	return append(out, Span{First: i, Last: i, Begin: edge, State: stateWords[s.states[data]], Events: 1})
}

// same reports whether two sets of data state the same.
func (s *Store) same(a, b uint32) bool {
	return a == b || s.states[a] != stateNone && s.states[a] == s.states[b]
}
