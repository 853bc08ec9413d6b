package clock

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vedette/media"
)

// Kind says how an observation was made.
type Kind string

// The kinds, as JSON has them.
const (
	ClockPicture Kind = "clock-picture" // a clock of known error was filmed
	RadioTime    Kind = "radio-time"    // a radio clock or a talking clock is seen or heard
	SameEvent    Kind = "same-event"    // one event in two sources: no true time, but both clocks
	ExportCheck  Kind = "export-check"  // the recorder was compared when the export was made
	MetadataTime Kind = "metadata-time" // a time in the metadata against the presentation time
	Stated       Kind = "stated"        // somebody states the error
)

// String returns the kind in words.
func (k Kind) String() string {
	switch k {
	case ClockPicture:
		return "picture of a clock"
	case RadioTime:
		return "radio time"
	case SameEvent:
		return "same event in two sources"
	case ExportCheck:
		return "check at the export"
	case MetadataTime:
		return "time in the metadata"
	case Stated:
		return "stated"
	}
	return "unknown kind"
}

// Observation is one comparison of a source's clock with true time, or of two
// sources with each other.
type Observation struct {
	Kind     Kind
	Source   string
	Declared media.UTC // what the source's clock showed
	True     media.UTC // for SameEvent without meaning
	// Other and OtherDeclared are the second source of a SameEvent and its clock.
	Other         string
	OtherDeclared media.UTC
	Within        Span // how exact the comparison is, with a probability of 95 %; never 0
	Note          string
	// SetAside is the reason why it shall not count; it stays on record, and its
	// residual is still told.
	SetAside string
}

const maxText = 2000 // bytes of a name or a note: more is not a remark

// Check tells why an observation cannot be used.
func (o Observation) Check() error {
	name := fmt.Sprintf("observation of %.60q (%s)", o.Source, o.Kind)
	pair := o.Kind == SameEvent
	switch {
	case o.Kind.String() == "unknown kind":
		return fmt.Errorf("%s: the kind %.40q is not known", name, string(o.Kind))
	case strings.TrimSpace(o.Source) == "":
		return fmt.Errorf("%s: it names no source", name)
	case len(o.Source) > maxText || len(o.Other) > maxText || len(o.Note) > maxText || len(o.SetAside) > maxText:
		return fmt.Errorf("%s: a name or a note has more than %d bytes", name, maxText)
	case !utf8.ValidString(o.Source + o.Other + o.Note + o.SetAside):
		return fmt.Errorf("%s: a name or a note is not UTF-8", name)
	case pair && (strings.TrimSpace(o.Other) == "" || o.Other == o.Source):
		return fmt.Errorf("%s: it needs a second source, got %.60q", name, o.Other)
	case !pair && (o.Other != "" || o.OtherDeclared != 0):
		return fmt.Errorf("%s: only the same event has a second source, got %.60q", name, o.Other)
	case pair && o.True != 0:
		return fmt.Errorf("%s: the same event in two sources has no true time; make a second observation of it", name)
	case o.Within <= 0 || o.Within > maxSpan:
		return fmt.Errorf("%s: it must say how exact it is, got ± %s", name, o.Within)
	case !inRange(o.Declared) || !inRange(o.True) || !inRange(o.OtherDeclared):
		return fmt.Errorf("%s: a time lies outside the years 1 to 9999", name)
	}
	if by := o.by(); by > maxSpan || by < -maxSpan {
		return fmt.Errorf("%s: the clocks are more than 200 years apart", name)
	}
	return nil
}

// by is what was seen: how far the clock is ahead of true time, or of the other.
func (o Observation) by() Span {
	if o.Kind == SameEvent {
		return Span(o.Declared - o.OtherDeclared)
	}
	return Span(o.Declared - o.True)
}

// Observation turns a statement such as "+4:12 fast ± 5 s" into an observation
// of the offset when the clock showed declared. It needs an uncertainty.
func (m Model) Observation(source string, declared media.UTC) Observation {
	by, within := m.Error(declared)
	return Observation{Kind: Stated, Source: source, Declared: declared, True: declared - media.UTC(by), Within: within, Note: m.String()}
}
