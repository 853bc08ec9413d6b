package annexa

import (
	"slices"
	"strings"
)

// Kind is the kind of a map.
type Kind uint8

// The kinds. A map that objects only name without a position has none.
const (
	KindUnknown Kind = iota
	Plan
	Georeferenced
)

// String returns the word used in JSON.
func (k Kind) String() string {
	switch k {
	case Plan:
		return "plan"
	case Georeferenced:
		return "georeferenced"
	default:
		return "unknown"
	}
}

// Catalogue is what one file declares.
type Catalogue struct {
	Facts    Facts
	Partners []string // in the order of their first row
	Maps     []*Map
	Cameras  []*Camera
	Places   []*Place
	Refused  []Refused
}

// Facts are about the reading of a file.
type Facts struct {
	Name      string
	SHA256    string
	Size      int64
	Rows      int // a header is none
	Accepted  int
	Refused   int
	Header    bool
	Encoding  string
	Separator string
	Counts    map[string]int // findings by code
}

// Source is where an object stands in the file. Raw is the evidence of what
// was assumed.
type Source struct {
	Row, Line int
	Raw       string
}

// Refused is a row that was not taken over.
type Refused struct {
	Row, Line    int
	Code, Column string
	Text, Raw    string
}

// Map is a plan of one partner, or a georeferenced map, which all share and no
// row declares.
type Map struct {
	Partner string // empty for a georeferenced map
	Name    string
	Kind    Kind
	Pending bool // a plan that objects stand on, but no row declares
	File    FileRef
	Source  Source
}

// Position is where an object stands: on the Earth, or on a plan.
type Position struct {
	GPS         *GPS
	Pixels      []Pixel   // one for a point, more for an area
	Provisional bool      // an area that a person has to confirm
	Spare       *Position // a second position, of the other kind, that does not place the object
}

// Placed tells whether the object has a position that counts.
func (p Position) Placed() bool { return p.GPS != nil || len(p.Pixels) > 0 }

func (p Position) same(q Position) bool {
	if (p.GPS == nil) != (q.GPS == nil) || p.GPS != nil && *p.GPS != *q.GPS {
		return false
	}
	return slices.Equal(p.Pixels, q.Pixels)
}

// Icon is the name of an icon. It is never an address to load from.
type Icon struct {
	Text string // as it stands in the file
	Key  string // last part without its ending
}

func iconOf(text string) Icon {
	key := text[strings.LastIndexAny(text, `/\`)+1:]
	if i := strings.LastIndexByte(key, '.'); i > 0 {
		key = key[:i]
	}
	return Icon{Text: text, Key: key}
}

// Camera is one camera of a partner. It may stand on several maps.
type Camera struct {
	Partner, ID string
	Name        string
	Placements  []Placement
}

// Label is what to call the camera.
func (c *Camera) Label() string {
	if c.Name != "" {
		return c.Name
	}
	return c.ID
}

// Primary returns the placement that an exchange file has room for: on a
// georeferenced map first, then in order.
func (c *Camera) Primary() *Placement {
	for i := range c.Placements {
		if c.Placements[i].GPS != nil {
			return &c.Placements[i]
		}
	}
	if len(c.Placements) == 0 {
		return nil
	}
	return &c.Placements[0]
}

// Placement is a camera on one map.
type Placement struct {
	Map  string
	Kind Kind // of the map
	Position
	Angle  *float64 // degrees clockwise from the top; nil if unknown, never 0 for it
	Icon   Icon
	Source Source
}

// LinkState says what is behind a link.
type LinkState string

// The states of links.
const (
	LinkOK        LinkState = "ok"
	LinkMissing   LinkState = "missing"
	LinkOther     LinkState = "other-partner" // not followed until confirmed
	LinkAmbiguous LinkState = "ambiguous"
	LinkSelf      LinkState = "self"
)

// Place is a link from one map to another.
type Place struct {
	Partner, Map string
	Kind         Kind // of Map
	Name         string
	Link         string
	State        LinkState
	Position
	Icon   Icon
	Source Source
}

// Label is what to call the link.
func (p *Place) Label() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Link
}

// Plan returns a partner's plan, or nil.
func (c *Catalogue) Plan(partner, name string) *Map {
	for _, m := range c.Maps {
		if m.Kind == Plan && m.Partner == partner && m.Name == name {
			return m
		}
	}
	return nil
}
