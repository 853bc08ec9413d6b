// Package markers holds the marks that people set on the time axis of a case:
// points and spans with a kind, a name and a description. A Book keeps them in a
// plain JSON file, so that neither a crash nor a full disk loses what was set.
//
// A marker of a source stands on the declared clock of that source and names its
// pictures by track and sample: a clock model that changes later moves it with
// its footage. It has no colour and no place on a screen.
//
// One Book is open on a file at a time; the package does not look for others.
package markers

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"vedette/media"
)

// Marker is a point or a span on the axis. The Book gives ID, Number, Made and
// Changed, and a Name where there is none.
type Marker struct {
	ID     uint64 `json:"id"` // never used again
	Kind   Kind   `json:"kind"`
	Number int    `json:"number"` // among those of its kind, from 1; never used again
	Name   string `json:"name"`
	Text   string `json:"text,omitempty"` // what it says
	// Source is the export that is marked, on whose declared clock From and To
	// are; "" for a marker of the axis itself, whose times are true UTC.
	Source string    `json:"source,omitempty"`
	From   media.UTC `json:"from"`
	To     media.UTC `json:"to"` // equal to From for a point
	// First and Last are the pictures at both ends; without a source none.
	First   Picture   `json:"first,omitzero"`
	Last    Picture   `json:"last,omitzero"`
	Made    media.UTC `json:"made"`
	Changed media.UTC `json:"changed"`
}

// Picture is the identity of a sample. The zero value is none: no track of a
// file has the number 0.
type Picture struct {
	Track  uint32 `json:"track"`
	Sample int    `json:"sample"` // in decode order, from 0
}

// Kind is what a marker is about: a word in lower case.
type Kind string

// The kinds that are offered; others may be named.
const (
	Note    Kind = "note"
	Person  Kind = "person"
	Vehicle Kind = "vehicle"
	Object  Kind = "object"
	Event   Kind = "event"
)

// automatic returns the name of a marker that was given none: "Person 3".
func (k Kind) automatic(number int) string {
	return strings.ToUpper(string(k[:1])) + string(k[1:]) + fmt.Sprintf(" %d", number)
}

// Point reports whether the marker has no length.
func (m Marker) Point() bool { return m.From == m.To }

// Limits of one marker, in bytes, and of a book.
const (
	maxName    = 200
	maxText    = 10_000
	maxSource  = 2000
	MaxMarkers = 100_000
)

var kindForm = regexp.MustCompile(`^[a-z][a-z-]{0,39}$`)

// Check tells why a marker cannot be kept.
func (m Marker) Check() error {
	switch {
	case !kindForm.MatchString(string(m.Kind)):
		return fmt.Errorf("the kind of a marker is a word in lower case, not %.60q", string(m.Kind))
	case len(m.Name) > maxName || len(m.Text) > maxText || len(m.Source) > maxSource:
		return fmt.Errorf("marker %.60q: the name has up to %d bytes, the text %d, the source %d", m.Name, maxName, maxText, maxSource)
	case !utf8.ValidString(m.Name) || !utf8.ValidString(m.Text) || !utf8.ValidString(m.Source):
		return fmt.Errorf("marker %.60q: a text is not UTF-8", m.Name)
	case m.To < m.From:
		return fmt.Errorf("marker %.60q ends before it begins: %s to %s", m.Name, m.From, m.To)
	case !plausible(m.From) || !plausible(m.To):
		return fmt.Errorf("marker %.60q lies outside the years 1 to 9999", m.Name)
	case m.First.Sample < 0 || m.Last.Sample < 0 || m.First.Track == 0 && m.First.Sample != 0 || m.Last.Track == 0 && m.Last.Sample != 0:
		return fmt.Errorf("marker %.60q: sample %d of track %d is none", m.Name, m.First.Sample, m.First.Track)
	case m.Source == "" && (m.First != Picture{} || m.Last != Picture{}):
		return fmt.Errorf("marker %.60q names a picture, but no source", m.Name)
	}
	return nil
}

func plausible(u media.UTC) bool {
	y := u.Time().Year()
	return y >= 1 && y <= 9999
}

// Axis places a declared time of a source on the axis, as its clock model says.
// nil leaves it where it is.
type Axis func(source string, declared media.UTC) media.UTC

func (a Axis) of(source string, u media.UTC) media.UTC {
	if a == nil || source == "" {
		return u
	}
	return a(source, u)
}

// Filter chooses markers. What is empty does not choose.
type Filter struct {
	Source string
	Kind   Kind
	Text   string    // in name, text, kind or source, whatever the case
	From   media.UTC // on the axis: markers that begin before To and do not end before From
	To     media.UTC // at or before From: any time
}

// Select returns the markers that a filter chooses, in order on the axis.
func Select(list []Marker, f Filter, axis Axis) []Marker {
	want := strings.ToLower(f.Text)
	var out []Marker
	for _, m := range list {
		if f.Source != "" && m.Source != f.Source || f.Kind != "" && m.Kind != f.Kind {
			continue
		}
		if want != "" && !strings.Contains(strings.ToLower(m.Name+"\n"+m.Text+"\n"+string(m.Kind)+"\n"+m.Source), want) {
			continue
		}
		if f.To > f.From && (axis.of(m.Source, m.From) >= f.To || axis.of(m.Source, m.To) < f.From) {
			continue
		}
		out = append(out, m)
	}
	Sort(out, axis)
	return out
}

// Sort puts markers in order: by begin and end on the axis, then as they were
// made.
func Sort(list []Marker, axis Axis) {
	slices.SortFunc(list, func(a, b Marker) int {
		return cmp.Or(
			cmp.Compare(axis.of(a.Source, a.From), axis.of(b.Source, b.From)),
			cmp.Compare(axis.of(a.Source, a.To), axis.of(b.Source, b.To)),
			cmp.Compare(a.ID, b.ID))
	})
}

// Next returns the marker to jump to from a place on the axis: the one after the
// marker current, if that stands there, so that several at one time are all
// reached; else the first that begins later. sorted is in the order of Sort.
func Next(sorted []Marker, axis Axis, at media.UTC, current uint64) (Marker, bool) {
	i := stands(sorted, axis, at, current) + 1
	if i == 0 {
		i = slices.IndexFunc(sorted, func(m Marker) bool { return axis.of(m.Source, m.From) > at })
	}
	if i < 0 || i >= len(sorted) {
		return Marker{}, false
	}
	return sorted[i], true
}

// Previous is Next in the other direction.
func Previous(sorted []Marker, axis Axis, at media.UTC, current uint64) (Marker, bool) {
	i := stands(sorted, axis, at, current)
	if i < 0 {
		i = slices.IndexFunc(sorted, func(m Marker) bool { return axis.of(m.Source, m.From) >= at })
		if i < 0 {
			i = len(sorted)
		}
	}
	if i == 0 {
		return Marker{}, false
	}
	return sorted[i-1], true
}

// stands returns the place of a marker that begins at a time, or -1.
func stands(sorted []Marker, axis Axis, at media.UTC, id uint64) int {
	return slices.IndexFunc(sorted, func(m Marker) bool { return m.ID == id && id != 0 && axis.of(m.Source, m.From) == at })
}
