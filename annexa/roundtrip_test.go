package annexa

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"vedette/internal/diag"
	"vedette/internal/town"
)

// wording makes names of what trips readers up.
var wording = []string{"Quay", "é", "\u2212", ";", `"`, "POINT", "(", ")", ",", "#", "=", "-1", " ", "sep=;", "'", "…", "日本", "\u3000", "Partner", "Type", "𝄞", "."}

func name(r *rand.Rand, prefix string, n int) string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(wording[r.IntN(len(wording))])
	}
	s := b.String()
	if r.IntN(2) == 0 {
		s += prefix + strconv.Itoa(n)
	} else {
		s = "#" + prefix + strconv.Itoa(n) + s
	}
	s = strings.TrimFunc(s, blank)
	if protected(s) > 0 { // a reader takes it for a row whose cells are shifted
		return prefix + strconv.Itoa(n)
	}
	return s
}

// invent makes a catalogue that the strict form has room for.
func invent(r *rand.Rand) *Catalogue {
	c := &Catalogue{}
	whole := func(n int) float64 { return float64(r.IntN(n)) }
	for i := range 1 + r.IntN(3) {
		p := name(r, "partner", i)
		c.Partners = append(c.Partners, p)
		city := "City"
		var plans []string
		for j := range 1 + r.IntN(3) {
			m := &Map{Partner: p, Name: name(r, "plan", j), Kind: Plan, File: FileRef{URL: fmt.Sprintf("https://plans.example/%d/%d.png", i, j)}}
			c.Maps, plans = append(c.Maps, m), append(plans, m.Name)
		}
		on := func() (string, Position) {
			if r.IntN(2) == 0 {
				return city, Position{GPS: &GPS{rounded(r.Float64()*170-85, 7), rounded(r.Float64()*350-175, 7)}}
			}
			return plans[r.IntN(len(plans))], Position{Pixels: []Pixel{{whole(4000), rounded(r.Float64()*4000, 2)}}}
		}
		for j := range r.IntN(6) {
			cam := &Camera{Partner: p, ID: name(r, "id", j), Name: name(r, "camera", j)}
			at := Placement{Icon: iconOf("icon_dome")}
			at.Map, at.Position = on()
			if r.IntN(3) > 0 {
				a := whole(360)
				at.Angle = &a
			}
			cam.Placements = []Placement{at}
			c.Cameras = append(c.Cameras, cam)
		}
		for j := range r.IntN(6) {
			pl := &Place{Partner: p, Name: name(r, "place", j), Link: plans[r.IntN(len(plans))]}
			pl.Map, pl.Position = on()
			if len(pl.Pixels) > 0 && r.IntN(2) == 0 {
				x, y := whole(1000), whole(1000)
				pl.Pixels = []Pixel{{x, y}, {x + 1 + whole(50), y}, {x, y + 1 + whole(50)}}
			}
			c.Places = append(c.Places, pl)
		}
	}
	return c
}

// things are what a catalogue declares, by key, without what tells how it was read.
func things(c *Catalogue) map[string]string {
	out := map[string]string{}
	for _, m := range c.Maps {
		if m.Kind == Plan {
			out[fmt.Sprintf("map %q %q", m.Partner, m.Name)] = m.File.URL
		}
	}
	position := func(p Position) string { return gpsText(p.GPS) + pixelText(p.Pixels) }
	for _, m := range c.Cameras {
		for _, p := range m.Placements {
			angle := "unknown"
			if p.Angle != nil {
				angle = fmt.Sprint(*p.Angle)
			}
			out[fmt.Sprintf("camera %q %q on %q", m.Partner, m.ID, p.Map)] = fmt.Sprintf("%q %s %s %v", m.Name, position(p.Position), angle, p.Icon)
		}
	}
	for _, p := range c.Places {
		out[fmt.Sprintf("place %q %q %q %q %s", p.Partner, p.Map, p.Link, p.Name, position(p.Position))] = fmt.Sprint(p.Icon)
	}
	return out
}

func TestWhatIsWrittenIsReadAsTheSame(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test that can be repeated
		c := invent(r)
		opt := WriteOptions{BOM: seed%3 == 1, NoHeader: seed%3 == 2}
		var one, two bytes.Buffer
		if left, err := Write(&one, c, opt); err != nil || diag.Worst(left) > diag.Note {
			t.Fatalf("seed %d: error %v, left out %v", seed, err, left)
		}
		d, fs, err := Read(bytes.NewReader(one.Bytes()), Options{})
		if err != nil || d.Facts.Refused > 0 {
			t.Fatalf("seed %d: error %v, findings %v\n%s", seed, err, fs, one.String())
		}
		if want, got := things(c), things(d); !reflect.DeepEqual(want, got) {
			t.Fatalf("seed %d: read\n%v\nwant\n%v\nwritten\n%s", seed, got, want, one.String())
		}
		if _, err := Write(&two, d, opt); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("seed %d: error %v, written again it differs:\n%s\n%s", seed, err, one.String(), two.String())
		}
	}
}

func TestTheFileOfTheTownIsReadWithoutAWarning(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	const outdoors = "Sandhaven"
	plans := map[string]string{}
	for _, c := range town.Cameras() {
		where := ";;POINT(120,95)"
		if lat, lon := town.Geo(c.Pos); c.Map == outdoors {
			where = fmt.Sprintf(";POINT(%.7f,%.7f);", lat, lon)
		} else if plans[c.Map] == "" {
			plans[c.Map] = c.Partner
			fmt.Fprintf(&b, "%s;%s;plan%d.png;Map;;;;;;;\r\n%s;%s;;Place;;%s;%s;POINT(%.7f,%.7f);;;\r\n", c.Partner, c.Map, len(plans), c.Partner, outdoors, c.Map, c.Map, lat, lon)
		}
		fmt.Fprintf(&b, "%s;%s;;Camera;%s;%s;%s;%d;icon_fixed\r\n", c.Partner, c.Map, c.ID, c.Name, where, int(c.Bearing+.5)%360)
	}
	c, fs, err := Read(strings.NewReader(b.String()), Options{})
	if err != nil || diag.Worst(fs) > diag.Note || c.Facts.Accepted != c.Facts.Rows {
		t.Fatalf("error %v, findings %v", err, fs)
	}
	if len(c.Cameras) != len(town.Cameras()) || len(plans) != 2 || len(c.Places) != len(plans) {
		t.Errorf("%d cameras, %d places", len(c.Cameras), len(c.Places))
	}
	for _, m := range c.Cameras {
		if !m.Primary().Placed() {
			t.Errorf("camera %s is not placed", m.ID)
		}
	}
}
