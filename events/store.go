package events

import (
	"cmp"
	"slices"
	"sort"
	"sync"

	"vedette/media"
	"vedette/metadata"
)

// Store is the events of one source in order of time: of UTC where every event
// has one, else of their place on the source's own time line.
type Store struct {
	at, utc, declared []int64 // in 100 ns; none where not known
	sample            []uint32
	shape, data       []uint32
	key               []int64 // at or utc: what the order is by

	shapes  []shape
	classes []string
	text    string // all texts, one after the other
	ends    []uint32
	lower   string // the texts in lower case, to search them, and their ends
	lows    []uint32
	pairs   [][2]uint32 // name and value of all sets
	setEnds []uint32
	states  []uint8 // of each set
}

// order sorts the rows by time; rows of the same time stay in order of adding.
func (s *Store) order() {
	s.key = s.utc
	if slices.Contains(s.utc, none) {
		s.key = s.at
	}
	if slices.IsSorted(s.key) {
		return
	}
	by := make([]uint32, len(s.key))
	for i := range by {
		by[i] = uint32(i)
	}
	slices.SortStableFunc(by, func(a, b uint32) int { return cmp.Compare(s.key[a], s.key[b]) })
	absolute := &s.key[0] == &s.utc[0]
	s.at, s.utc, s.declared = sorted(s.at, by), sorted(s.utc, by), sorted(s.declared, by)
	s.sample, s.shape, s.data = sorted(s.sample, by), sorted(s.shape, by), sorted(s.data, by)
	if s.key = s.at; absolute {
		s.key = s.utc
	}
}

func sorted[T any](v []T, by []uint32) []T {
	out := make([]T, len(v))
	for i, k := range by {
		out[i] = v[k]
	}
	return out
}

// Len returns the number of events. It may be called on nil, like Select.
func (s *Store) Len() int {
	if s == nil {
		return 0
	}
	return len(s.at)
}

// Event returns event i in order of time, 0 <= i < Len.
func (s *Store) Event(i int) Event {
	h := s.shapes[s.shape[i]]
	return Event{
		At: media.T100(s.at[i]), UTC: told(s.utc[i]), Declared: told(s.declared[i]), Track: h.track, Sample: int(s.sample[i]),
		Topic: s.string(h.topic), Raw: s.string(h.raw), Operation: s.string(h.operation),
		Source: s.set(h.source), Key: s.set(h.key), Data: s.set(s.data[i]), Other: s.set(h.other),
	}
}

// Time returns when event i was: its UTC where every event has one, else its
// place on the source's own time line, in the same unit.
func (s *Store) Time(i int) media.UTC { return media.UTC(s.key[i]) }

// Place returns the place of event i on the source's own time line, and its UTC
// if it has one.
func (s *Store) Place(i int) (at media.Ticks, utc media.UTC, known bool) {
	return media.T100(s.at[i]), media.UTC(s.utc[i]), s.utc[i] != none
}

func told(v int64) *media.UTC {
	if v == none {
		return nil
	}
	u := media.UTC(v)
	return &u
}

func (s *Store) string(id uint32) string {
	from := uint32(0)
	if id > 0 {
		from = s.ends[id-1]
	}
	return s.text[from:s.ends[id]]
}

func (s *Store) pairsOf(set uint32) [][2]uint32 {
	from := uint32(0)
	if set > 0 {
		from = s.setEnds[set-1]
	}
	return s.pairs[from:s.setEnds[set]]
}

func (s *Store) set(id uint32) []metadata.Item {
	var out []metadata.Item
	for _, p := range s.pairsOf(id) {
		out = append(out, metadata.Item{Name: s.string(p[0]), Value: s.string(p[1])})
	}
	return out
}

// Classes returns the kinds of events in plain words, in the order of Bins.
func (s *Store) Classes() []string {
	if s == nil {
		return nil
	}
	return s.classes
}

// Titles returns what the events are about in plain words, each once, in order.
func (s *Store) Titles() []string {
	var out []string
	if s == nil {
		return nil
	}
	for _, h := range s.shapes {
		words, _ := metadata.TopicWords(s.string(h.topic))
		if i, found := slices.BinarySearch(out, words); !found {
			out = slices.Insert(out, i, words)
		}
	}
	return out
}

// Selection is the events of a store that pass a filter, in order of time.
type Selection struct {
	s    *Store
	all  bool
	ids  []uint32 // unless all
	once sync.Once
	sums [][]uint32 // see bins.go
}

// Len returns the number of events selected.
func (x *Selection) Len() int {
	if x.all {
		return x.s.Len()
	}
	return len(x.ids)
}

// Index returns the number in the store of the k-th event selected.
func (x *Selection) Index(k int) int {
	if x.all {
		return k
	}
	return int(x.ids[k])
}

// Event returns the k-th event selected.
func (x *Selection) Event(k int) Event { return x.s.Event(x.Index(k)) }

func (x *Selection) time(k int) int64 { return x.s.key[x.Index(k)] }

// Next returns the first event selected after t, and false if there is none.
func (x *Selection) Next(t media.UTC) (int, bool) {
	k := sort.Search(x.Len(), func(k int) bool { return x.time(k) > int64(t) })
	return k, k < x.Len()
}

// Previous returns the last event selected before t, and false if there is none.
func (x *Selection) Previous(t media.UTC) (int, bool) {
	k := sort.Search(x.Len(), func(k int) bool { return x.time(k) >= int64(t) }) - 1
	return k, k >= 0
}

// Absolute reports whether every event has a UTC, so that Time is one.
func (s *Store) Absolute() bool { return s.Len() > 0 && &s.key[0] == &s.utc[0] }
