// Package look is how Vedette looks: colours, fonts, icons and the small
// controls that every screen is made of. Controls report what was asked for by
// callbacks; they know nothing of exports.
package look

import (
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"

	"vedette/assets"
)

// Palette is one set of colours. Text is at least 4.5:1 on every surface it
// stands on, marks 3:1.
type Palette struct {
	Light   bool
	Stage   color.NRGBA // behind pictures
	Window  color.NRGBA
	Panel   color.NRGBA
	Raised  color.NRGBA // buttons and fields
	Hover   color.NRGBA
	Line    color.NRGBA // separators
	Control color.NRGBA // borders that carry meaning
	Text    color.NRGBA
	Text2   color.NRGBA
	Text3   color.NRGBA // disabled only
	Select  color.NRGBA
	Accent  color.NRGBA
	OnFill  color.NRGBA // text on accent
	Footage color.NRGBA
	Gap     color.NRGBA

	Intact, Untrusted, Incomplete, Broken, Unsigned, Unknown color.NRGBA
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// Dark is the palette of control rooms.
var Dark = Palette{
	Stage: rgb(0x0B0D0F), Window: rgb(0x121518), Panel: rgb(0x1A1E22), Raised: rgb(0x272C31), Hover: rgb(0x31373D), Line: rgb(0x2A2F34),
	Control: rgb(0x747D86), Text: rgb(0xE8EAEC), Text2: rgb(0xA9B1B9), Text3: rgb(0x7A838C), Select: rgb(0x15352D), Accent: rgb(0x009E73),
	OnFill: rgb(0x06130E), Footage: rgb(0x6E7881), Gap: rgb(0x9AA3AB),
	Intact: rgb(0x56B4E9), Untrusted: rgb(0xE69F00), Incomplete: rgb(0xF0E442), Broken: rgb(0xD55E00), Unsigned: rgb(0x999999), Unknown: rgb(0xCC79A7),
}

// LightPalette is the palette of bright offices.
var LightPalette = Palette{
	Light: true,
	Stage: rgb(0xCFD4D8), Window: rgb(0xF3F5F6), Panel: rgb(0xFFFFFF), Raised: rgb(0xF0F2F4), Hover: rgb(0xE1E5E8), Line: rgb(0xD6DADE),
	Control: rgb(0x737C85), Text: rgb(0x14171A), Text2: rgb(0x4F5760), Text3: rgb(0x767F88), Select: rgb(0xE6F6EF), Accent: rgb(0x009E73),
	OnFill: rgb(0x06130E), Footage: rgb(0x818B94), Gap: rgb(0x5B636B),
	Intact: rgb(0x0072B2), Untrusted: rgb(0xE69F00), Incomplete: rgb(0xF0E442), Broken: rgb(0xD55E00), Unsigned: rgb(0x5B636B), Unknown: rgb(0xCC79A7),
}

// Mark is the shape of a verdict or of one of its answers.
type Mark string

// The marks. They are used for verdicts and their answers only.
const (
	MarkIntact     Mark = "intact"
	MarkUntrusted  Mark = "untrusted"
	MarkIncomplete Mark = "incomplete"
	MarkBroken     Mark = "broken"
	MarkUnsigned   Mark = "unsigned"
	MarkUnknown    Mark = "cannot-check"
)

// Colour returns the colour of a mark.
func (p *Palette) Colour(m Mark) color.NRGBA {
	switch m {
	case MarkIntact:
		return p.Intact
	case MarkUntrusted:
		return p.Untrusted
	case MarkIncomplete:
		return p.Incomplete
	case MarkBroken:
		return p.Broken
	case MarkUnsigned:
		return p.Unsigned
	}
	return p.Unknown
}

// MarkIcon returns the drawing of a mark.
func (p *Palette) MarkIcon(m Mark) fyne.Resource {
	if m == "" { // nothing said is nothing known
		m = MarkUnknown
	}
	if p.Light {
		return icon("mark-"+string(m)+"-light", "")
	}
	return icon("mark-"+string(m)+"-dark", "")
}

// Icon returns a drawing in the text colour.
func (p *Palette) Icon(name string) fyne.Resource { return p.IconIn(name, p.Text) }

// IconIn returns a drawing in a colour.
func (p *Palette) IconIn(name string, c color.NRGBA) fyne.Resource { return icon(name, hex(c)) }

const digits = "0123456789abcdef"

func hex(c color.NRGBA) string {
	b := []byte{'#', 0, 0, 0, 0, 0, 0}
	for i, v := range []uint8{c.R, c.G, c.B} {
		b[1+2*i], b[2+2*i] = digits[v>>4], digits[v&15]
	}
	return string(b)
}

// drawn keeps each drawing in each colour once, so that it is rasterised once.
var drawn sync.Map

func icon(name, colour string) fyne.Resource {
	key := name + colour
	if r, ok := drawn.Load(key); ok {
		return r.(fyne.Resource) //nolint:forcetypeassert // the map holds nothing else
	}
	data, err := assets.Icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic("look: no drawing " + name) // our own file
	}
	if colour != "" {
		data = []byte(strings.ReplaceAll(string(data), "#ffffff", colour))
	}
	r := fyne.NewStaticResource(key+".svg", data)
	drawn.Store(key, r)
	return r
}
