package markers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"vedette/media"
)

// Book is the markers of a case. Every change is on the disk when its method
// returns, so these wait for the disk and are not for the thread of a window.
// Methods are safe for use by several goroutines.
type Book struct {
	now func() media.UTC

	mu      sync.Mutex
	store   store
	state   state
	said    []string
	closed  bool
	compact int // changes in the journal at which the book is written anew
}

// state is what a book knows. It is what the file holds.
type state struct {
	seq     uint64 // of the last change
	last    uint64 // ID given last
	numbers map[Kind]int
	markers map[uint64]Marker
	size    int // of all texts, in bytes
}

func (m Marker) size() int { return len(m.Name) + len(m.Text) + len(m.Source) }

func newState() state { return state{numbers: map[Kind]int{}, markers: map[uint64]Marker{}} }

// apply makes one change that has not been made yet.
func (s *state) apply(c change) {
	if c.Seq <= s.seq {
		return
	}
	s.seq = c.Seq
	if c.Put == nil {
		s.size -= s.markers[c.Remove].size()
		delete(s.markers, c.Remove)
		return
	}
	s.put(*c.Put)
}

func (s *state) put(m Marker) {
	s.size += m.size() - s.markers[m.ID].size()
	s.markers[m.ID] = m
	s.last = max(s.last, m.ID)
	s.numbers[m.Kind] = max(s.numbers[m.Kind], m.Number)
}

// compactAfter bounds what has to be read again after a crash.
const compactAfter = 500

var errClosed = errors.New("markers: the book is closed")

// Open reads the book at path, or begins one. What a crash has left behind is
// brought together; Said tells when something was damaged. Damage that another
// copy does not make good is an error: no book is begun over one that was there.
func Open(path string, now func() media.UTC) (*Book, error) {
	b := &Book{now: now, store: store{path: path}, compact: compactAfter}
	var err error
	b.state, b.said, err = b.store.load()
	if err != nil {
		return nil, err
	}
	// After damage twice, so that the copy that is kept is whole as well.
	for range 1 + min(len(b.said), 1) {
		if err := b.store.write(b.state); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Said returns what was found damaged on opening, in sentences.
func (b *Book) Said() []string { return slices.Clone(b.said) }

// All returns the markers in the order of Sort, on the declared clocks.
func (b *Book) All() []Marker {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Collect(maps.Values(b.state.markers))
	Sort(out, nil)
	return out
}

// Get returns one marker.
func (b *Book) Get(id uint64) (Marker, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, ok := b.state.markers[id]
	return m, ok
}

// Add keeps a new marker and returns it with its ID, number and name.
func (b *Book) Add(m Marker) (Marker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := m.Check(); err != nil {
		return Marker{}, fmt.Errorf("markers: %w", err)
	}
	if len(b.state.markers) >= MaxMarkers {
		return Marker{}, fmt.Errorf("markers: a case has up to %d markers; remove some first", MaxMarkers)
	}
	m.ID, m.Number = b.state.last+1, b.state.numbers[m.Kind]+1
	if m.Name == "" {
		m.Name = m.Kind.automatic(m.Number)
	}
	m.Made = b.now()
	m.Changed = m.Made
	return m, b.keep(change{Put: &m})
}

// Change replaces the marker of the same ID. Its number and when it was made
// stay; another kind gives another number, and another name where the name was
// an automatic one.
func (b *Book) Change(m Marker) (Marker, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	old, ok := b.state.markers[m.ID]
	if !ok {
		return Marker{}, fmt.Errorf("markers: there is no marker %d; it was removed", m.ID)
	}
	if err := m.Check(); err != nil {
		return Marker{}, fmt.Errorf("markers: %w", err)
	}
	m.Number, m.Made, m.Changed = old.Number, old.Made, b.now()
	if m.Kind != old.Kind {
		m.Number = b.state.numbers[m.Kind] + 1
		if m.Name == old.Kind.automatic(old.Number) {
			m.Name = ""
		}
	}
	if m.Name == "" {
		m.Name = m.Kind.automatic(m.Number)
	}
	return m, b.keep(change{Put: &m})
}

// Remove takes a marker away. Its ID and its number are not given again.
func (b *Book) Remove(id uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.state.markers[id]; !ok {
		return fmt.Errorf("markers: there is no marker %d; it was removed", id)
	}
	return b.keep(change{Remove: id})
}

// keep writes a change down, then makes it. The lock is held.
func (b *Book) keep(c change) error {
	if b.closed {
		return errClosed
	}
	if c.Put != nil && b.state.size+c.Put.size() > maxSize {
		return fmt.Errorf("markers: the texts of a case have up to %d bytes in all; shorten or remove some first", maxSize)
	}
	c.Seq = b.state.seq + 1
	if err := b.store.append(c); err != nil {
		b.state.seq = c.Seq // it may have come through: the next change must come after it
		return err
	}
	b.state.apply(c)
	if b.store.changes >= b.compact {
		// The change is kept already: that the book could not be written anew is
		// told when there is no other way, on closing.
		if err := b.store.write(b.state); err != nil {
			b.compact = b.store.changes + compactAfter
		}
	}
	return nil
}

// Close writes the book anew and closes it.
func (b *Book) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	return errors.Join(b.store.write(b.state), b.store.close())
}
