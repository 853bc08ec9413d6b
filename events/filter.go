package events

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"vedette/media"
	"vedette/metadata"
)

// Filter says which events are wanted. Empty fields want all.
type Filter struct {
	Topic  string     // a topic or the begin of one in whole parts, with or without prefixes; or its words
	Source string     // part of a value of source or key
	State  string     // "on" or "off"
	Object string     // the ObjectId
	Text   string     // words that all must stand somewhere: topic, operation, names, values
	From   *media.UTC // in the time that the store is in order of
	To     *media.UTC // exclusive
}

// Select returns the events that pass a filter. It tests each text and each set
// of items once, whatever the number of events that have them.
func (s *Store) Select(f Filter) *Selection {
	x := &Selection{s: s}
	if s.Len() == 0 || f == (Filter{}) {
		x.all = true
		return x
	}
	from, to := 0, s.Len()
	if f.From != nil {
		from = sort.Search(to, func(i int) bool { return s.key[i] >= int64(*f.From) })
	}
	if f.To != nil {
		to = sort.Search(to, func(i int) bool { return s.key[i] >= int64(*f.To) })
	}
	to = max(from, to)
	m := s.matcher(f)
	x.ids = make([]uint32, 0, to-from)
	for i := from; i < to; i++ {
		if m.matches(s.shape[i], s.data[i]) {
			x.ids = append(x.ids, uint32(i))
		}
	}
	if len(x.ids) < cap(x.ids)/2 {
		x.ids = slices.Clone(x.ids)
	}
	return x
}

// matcher holds the answers for each shape and each set. An event passes if its
// shape and its data are not refused, and each of some alternatives is met by
// its shape or by its data.
type matcher struct {
	shape, data []bool // refused
	either      []either
}

type either struct{ shape, data []bool }

func (m *matcher) matches(shape, data uint32) bool {
	if m.shape[shape] || m.data[data] {
		return false
	}
	for _, e := range m.either {
		if !e.shape[shape] && !e.data[data] {
			return false
		}
	}
	return true
}

func (s *Store) matcher(f Filter) *matcher {
	m := &matcher{shape: make([]bool, len(s.shapes)), data: make([]bool, len(s.setEnds))}
	if f.State != "" {
		for i, v := range s.states {
			m.data[i] = stateWords[v] != f.State
		}
	}
	if f.Topic != "" {
		for i, h := range s.shapes {
			m.shape[i] = !topicIs(s.string(h.topic), f.Topic)
		}
	}
	if f.Source != "" {
		sets := s.setsWith(s.textsWith(f.Source), false)
		for i, h := range s.shapes {
			m.shape[i] = m.shape[i] || !sets[h.source] && !sets[h.key]
		}
	}
	if f.Object != "" {
		sets := s.setsOfObject(f.Object)
		e := either{make([]bool, len(s.shapes)), sets}
		for i, h := range s.shapes {
			e.shape[i] = sets[h.source] || sets[h.key]
		}
		m.either = append(m.either, e)
	}
	for _, word := range strings.Fields(strings.ToLower(f.Text)) {
		m.either = append(m.either, s.word(word))
	}
	return m
}

// topicIs reports whether a topic is the wanted one or lies under it.
func topicIs(topic, want string) bool {
	if words, _ := metadata.TopicWords(topic); strings.EqualFold(words, want) {
		return true
	}
	a, b := strings.Split(bare(topic), "/"), strings.Split(strings.TrimSuffix(bare(want), "/"), "/")
	if len(b) > len(a) {
		return false
	}
	for i := range b {
		if !strings.EqualFold(a[i], b[i]) {
			return false
		}
	}
	return true
}

// bare is a topic without prefixes.
func bare(topic string) string {
	parts := strings.Split(topic, "/")
	for i, p := range parts {
		parts[i] = p[strings.LastIndexByte(p, ':')+1:]
	}
	return strings.Join(parts, "/")
}

// word finds the shapes and the data in which a word in lower case stands.
func (s *Store) word(word string) either {
	texts := s.textsWith(word)
	sets := s.setsWith(texts, true)
	e := either{make([]bool, len(s.shapes)), sets}
	for i, v := range s.states {
		sets[i] = sets[i] || stateWords[v] == word
	}
	for i, h := range s.shapes {
		title, _ := metadata.TopicWords(s.string(h.topic))
		e.shape[i] = texts[h.topic] || texts[h.operation] || sets[h.source] || sets[h.key] || sets[h.other] || strings.Contains(strings.ToLower(title), word)
	}
	return e
}

// fold keeps the texts in lower case.
func (s *Store) fold() {
	s.lower, s.lows = strings.ToLower(s.text), s.ends
	if len(s.lower) == len(s.text) && strings.IndexFunc(s.text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return
	}
	var b strings.Builder // some letters have other lengths in lower case
	s.lows = make([]uint32, len(s.ends))
	for i := range s.ends {
		b.WriteString(strings.ToLower(s.string(uint32(i))))
		s.lows[i] = uint32(b.Len())
	}
	s.lower = b.String()
}

// textsWith tells of each text whether a part is in it, whatever the case. It
// searches all texts as one, which is far quicker than each.
func (s *Store) textsWith(part string) []bool {
	part = strings.ToLower(part)
	out := make([]bool, len(s.ends))
	for from := 0; part != ""; {
		n := strings.Index(s.lower[from:], part)
		if n < 0 {
			break
		}
		from += n
		i := sort.Search(len(s.lows), func(i int) bool { return int(s.lows[i]) > from })
		if from+len(part) > int(s.lows[i]) { // it begins in one text and ends in another
			from++
			continue
		}
		out[i], from = true, int(s.lows[i])
	}
	return out
}

// setsWith tells of each set whether one of its values, or names too, is among texts.
func (s *Store) setsWith(texts []bool, names bool) []bool {
	out := make([]bool, len(s.setEnds))
	for i := range out {
		for _, p := range s.pairsOf(uint32(i)) {
			out[i] = out[i] || texts[p[1]] || names && texts[p[0]]
		}
	}
	return out
}

// setsOfObject tells of each set whether it names an object.
func (s *Store) setsOfObject(id string) []bool {
	out := make([]bool, len(s.setEnds))
	for i := range out {
		for _, p := range s.pairsOf(uint32(i)) {
			out[i] = out[i] || s.string(p[1]) == id && strings.EqualFold(s.string(p[0]), "ObjectId")
		}
	}
	return out
}
