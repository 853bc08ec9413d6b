// Package events holds the events of one source so that a million of them can
// be searched and drawn at once. Texts and sets of items that repeat are stored
// once, and an event is a row of six numbers.
//
// A Builder takes events in any order; its Store is in order of time, never
// changes and is safe for use by several goroutines. A Selection is what passes
// a Filter: it finds neighbours in time, counts for drawing, and pairs the
// events of properties into spans. The package knows neither files nor clocks:
// who adds an event says when it was.
package events

import (
	"math"
	"slices"
	"strings"

	"vedette/media"
	"vedette/metadata"
)

// Max is how many events one store holds. Typical ones take about 60 bytes each.
const Max = 2_000_000

// What bounds a store whose events do not repeat: bytes of text, and items.
const (
	maxText  = 128 << 20
	maxPairs = 1 << 24
)

// Event is one event on the clock.
type Event struct {
	At        media.Ticks // presentation time on the source's own time line
	UTC       *media.UTC  // after corrections of the clock; nil if not known
	Declared  *media.UTC  // as the document states it; nil if it does not
	Track     uint32
	Sample    int
	Topic     string // with canonical prefixes
	Raw       string // as it is written
	Operation string
	Source    []metadata.Item
	Key       []metadata.Item
	Data      []metadata.Item
	Other     []metadata.Item // elements that are not known
}

func (e Event) plain() metadata.Event {
	return metadata.Event{Topic: e.Topic, Operation: e.Operation, Source: e.Source, Key: e.Key, Data: e.Data}
}

// Title says in plain words what the event is about.
func (e Event) Title() string { return e.plain().Title() }

// Detail names rule, object and state, as far as the event states them.
func (e Event) Detail() string { return e.plain().Detail() }

// State is what the data state: "on", "off" or "".
func (e Event) State() string { return metadata.State(e.Data) }

// none is the stored time that is not known.
const none = math.MinInt64

// shape is what events that repeat have in common.
type shape struct {
	topic, raw, operation uint32 // texts
	source, key, other    uint32 // sets
	track                 uint32
	class                 uint32
}

// Builder collects events. The zero value is ready for use.
type Builder struct {
	s      Store
	text   []byte
	texts  map[string]uint32
	sets   map[string]uint32
	shapes map[shape]uint32
	class  map[string]uint32
	pairs  []byte // of the set that is looked up
}

// Add takes one event, and reports whether there was room for it.
func (b *Builder) Add(e Event) bool {
	if len(b.s.at) == Max || len(b.text) > maxText || len(b.s.pairs) > maxPairs {
		return false
	}
	if b.texts == nil {
		b.texts, b.sets, b.shapes, b.class = map[string]uint32{}, map[string]uint32{}, map[shape]uint32{}, map[string]uint32{}
		b.set(nil) // the empty set is 0
	}
	h := shape{
		topic: b.string(e.Topic), raw: b.string(e.Raw), operation: b.string(e.Operation),
		source: b.set(e.Source), key: b.set(e.Key), other: b.set(e.Other), track: e.Track, class: b.classOf(e.Topic),
	}
	id, ok := b.shapes[h]
	if !ok {
		id = uint32(len(b.s.shapes))
		b.s.shapes = append(b.s.shapes, h)
		b.shapes[h] = id
	}
	s := &b.s
	s.at = append(s.at, e.At.To(media.Hundred).Value)
	s.utc, s.declared = append(s.utc, stored(e.UTC)), append(s.declared, stored(e.Declared))
	s.sample = append(s.sample, uint32(e.Sample))
	s.shape, s.data = append(s.shape, id), append(s.data, b.set(e.Data))
	return true
}

func stored(u *media.UTC) int64 {
	if u == nil {
		return none
	}
	return int64(*u)
}

func (b *Builder) string(v string) uint32 {
	if id, ok := b.texts[v]; ok {
		return id
	}
	id := uint32(len(b.s.ends))
	b.text = append(b.text, v...)
	b.s.ends = append(b.s.ends, uint32(len(b.text)))
	b.texts[strings.Clone(v)] = id
	return id
}

func (b *Builder) set(items []metadata.Item) uint32 {
	b.pairs = b.pairs[:0]
	start := len(b.s.pairs)
	for _, i := range items {
		n, v := b.string(i.Name), b.string(i.Value)
		b.s.pairs = append(b.s.pairs, [2]uint32{n, v})
		b.pairs = append(b.pairs, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	if id, ok := b.sets[string(b.pairs)]; ok {
		b.s.pairs = b.s.pairs[:start]
		return id
	}
	id := uint32(len(b.s.setEnds))
	b.s.setEnds = append(b.s.setEnds, uint32(len(b.s.pairs)))
	b.s.states = append(b.s.states, stateOf(items))
	b.sets[string(b.pairs)] = id
	return id
}

// The stored states of a set of data.
const (
	stateNone = iota
	stateOn
	stateOff
)

var stateWords = [...]string{stateNone: "", stateOn: "on", stateOff: "off"}

func stateOf(items []metadata.Item) uint8 {
	return uint8(max(0, slices.Index(stateWords[:], metadata.State(items))))
}

// MaxClasses is how many kinds of events are told apart in drawing; the others
// are one.
const MaxClasses = 64

func (b *Builder) classOf(topic string) uint32 {
	words, _ := metadata.TopicWords(topic)
	if id, ok := b.class[words]; ok {
		return id
	}
	id := uint32(len(b.s.classes))
	if id == MaxClasses-1 {
		words = "Other events"
	}
	if id < MaxClasses {
		b.s.classes = append(b.s.classes, words)
	}
	id = min(id, MaxClasses-1)
	b.class[words] = id
	return id
}

// Store returns what was added in order of time. The builder is empty then.
func (b *Builder) Store() *Store {
	s := b.s
	s.text = string(b.text)
	s.fold()
	*b = Builder{}
	s.order()
	return &s
}
