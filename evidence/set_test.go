package evidence

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vedette/media"
)

const second = media.UTC(media.Hundred)

// part is one file of a camera of unit U: seconds after noon, exported in hour hours.
func part(name, source string, from, to media.UTC, hours int) Part {
	noon := 1_772_366_400 * second
	return Part{
		Name: name, Unit: "U", Source: source, HasTime: true, From: noon + from*second, To: noon + to*second,
		Exported: noon + media.UTC(hours)*3600*second, HasExport: true, Frame: media.T100(400_000),
	}
}

// in places a file in a chain; segments are named by letters, 0 is none.
func in(p Part, before, own, after byte) Part {
	c := &Chain{}
	c.Predecessor[0], c.Segment[0], c.Successor[0] = before, own, after
	p.Chain = c
	return p
}

func with(p Part, change func(*Part)) Part {
	change(&p)
	return p
}

// told writes sets down: basis, files with what lies before each, missing segments.
func told(parts []Part, sets []Set) string {
	var out []string
	for _, s := range sets {
		text := string(s.Basis)
		for n, i := range s.Parts {
			if n > 0 && n-1 < len(s.Joints) {
				j := s.Joints[n-1]
				text += fmt.Sprintf(" %s(%d)", j.Kind, (j.To-j.From)/second)
			}
			text += " " + parts[i].Name
		}
		for _, m := range s.Missing {
			text += " -" + m[:2]
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestFilesAreJoinedByChainOrElseBySource(t *testing.T) {
	cases := []struct {
		name  string
		parts []Part
		want  string
	}{
		{"nothing", nil, ""},
		{"one file", []Part{part("a", "s", 0, 10, 1)}, ""},
		{"following", []Part{part("a", "s", 0, 10, 1), part("b", "s", 10, 20, 1)}, "source a adjoining(0) b"},
		{"a gap", []Part{part("a", "s", 0, 10, 1), part("b", "s", 13, 20, 1)}, "source a gap(3) b"},
		{"a second is no gap", []Part{part("a", "s", 0, 10, 1), part("b", "s", 11, 20, 1)}, "source a adjoining(1) b"},
		{"an overlap", []Part{part("a", "s", 0, 10, 1), part("b", "s", 6, 20, 1)}, "source a overlap(4) b"},
		{"one within the other", []Part{part("a", "s", 0, 30, 1), part("b", "s", 6, 20, 1), part("c", "s", 25, 40, 1)}, "source a overlap(14) b overlap(5) c"},
		{"other camera", []Part{part("a", "s", 0, 10, 1), part("b", "r", 10, 20, 1)}, ""},
		{"other unit", []Part{part("a", "s", 0, 10, 1), with(part("b", "s", 10, 20, 1), func(p *Part) { p.Unit = "V" })}, ""},
		{"one address under two names", []Part{
			with(part("a", "s", 0, 10, 1), func(p *Part) { p.UnitMAC = "01" }), with(part("b", "s", 10, 20, 1), func(p *Part) { p.Unit, p.UnitMAC = "V", "01" }),
		}, "source a adjoining(0) b"},
		{"one name, two addresses", []Part{
			with(part("a", "s", 0, 10, 1), func(p *Part) { p.UnitMAC = "01" }), with(part("b", "s", 10, 20, 1), func(p *Part) { p.UnitMAC = "02" }),
		}, ""},
		{"a day apart", []Part{part("a", "s", 0, 10, 1), part("b", "s", 10, 20, 25)}, "source a adjoining(0) b"},
		{"more than a day apart", []Part{part("a", "s", 0, 10, 1), part("b", "s", 10, 20, 26)}, ""},
		{"days do not add up", []Part{part("a", "s", 0, 10, 0), part("b", "s", 10, 20, 20), part("c", "s", 20, 30, 40)}, "source a adjoining(0) b"},
		{"no source stated", []Part{part("a", "", 0, 10, 1), part("b", "", 10, 20, 1)}, ""},
		{"no unit stated", []Part{with(part("a", "s", 0, 10, 1), func(p *Part) { p.Unit = "" }), with(part("b", "s", 0, 10, 1), func(p *Part) { p.Unit = "" })}, ""},
		{"no export time", []Part{with(part("a", "s", 0, 10, 1), func(p *Part) { p.HasExport = false }), part("b", "s", 10, 20, 1)}, ""},
		{"no time of its own", []Part{with(part("a", "s", 0, 10, 1), func(p *Part) { p.HasTime = false }), part("b", "s", 10, 20, 1), part("c", "s", 40, 50, 1)}, "source b gap(20) c a"},
		{"a chain", []Part{in(part("a", "s", 0, 10, 1), 'a', 'a', 'b'), in(part("b", "x", 10, 20, 90), 'a', 'b', 'b')}, "sumi a adjoining(0) b"},
		{"a chain without its middle", []Part{in(part("a", "s", 0, 10, 1), 'a', 'a', 'b'), in(part("c", "s", 20, 30, 1), 'b', 'c', 'c')}, "sumi a gap(10) c -62"},
		{"a chain without its ends", []Part{in(part("b", "s", 0, 10, 1), 'a', 'b', 'c'), in(part("c", "s", 10, 20, 1), 'b', 'c', 'd')}, "sumi b adjoining(0) c -61 -64"},
		{"a chain in a ring", []Part{in(part("a", "s", 0, 10, 1), 'b', 'a', 'b'), in(part("b", "s", 10, 20, 1), 'a', 'b', 'a')}, "sumi a adjoining(0) b"},
		{"one segment twice", []Part{in(part("a", "s", 0, 10, 1), 'a', 'a', 'a'), in(part("a2", "s", 0, 10, 1), 'a', 'a', 'a')}, "sumi a overlap(10) a2"},
		{"two chains", []Part{
			in(part("a", "s", 0, 10, 1), 'a', 'a', 'b'), in(part("c", "s", 5, 9, 1), 'c', 'c', 'd'), in(part("b", "s", 10, 20, 1), 'a', 'b', 'b'), in(part("d", "s", 9, 12, 1), 'c', 'd', 'd'),
		}, "sumi a adjoining(0) b; sumi c adjoining(0) d"},
		{"a lone segment goes by its source", []Part{in(part("a", "s", 0, 10, 1), 'a', 'a', 'a'), part("b", "s", 10, 20, 1)}, "source a adjoining(0) b"},
		{"no successor named", []Part{in(part("a", "s", 0, 10, 1), 0, 'a', 0), in(part("b", "r", 0, 10, 1), 0, 'b', 0)}, ""},
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, c := range cases {
		for range 8 { // whatever the order in which they are named
			if got := told(c.parts, JoinSets(c.parts)); got != c.want {
				t.Fatalf("%s: %q, want %q", c.name, got, c.want)
			}
			rnd.Shuffle(len(c.parts), func(i, k int) { c.parts[i], c.parts[k] = c.parts[k], c.parts[i] })
		}
	}
}

func TestPartTellsWhatTheFileStates(t *testing.T) {
	p := openVector(t, "A1_sumi_only.mp4").Part()
	if p.Name != "A1_sumi_only.mp4" || p.Unit != "Export Unit 7" || p.UnitMAC != "aabbccddeeff" || p.Source != "001122334455\x00http://cam/a\x00line1" ||
		p.SourceName != "Cam A" || !p.HasExport || p.Chain == nil || !p.HasTime || p.From.String() != "2026-03-01T12:01:00Z" || p.To.String() != "2026-03-01T12:01:03Z" ||
		p.Frame.Duration().Milliseconds() != 100 {
		t.Errorf("%+v", p)
	}
	if p := openVector(t, "07_cstb_none.mp4").Part(); p.HasTime || p.Chain != nil || p.Source == "" {
		t.Errorf("%+v", p)
	}
	if p := openVector(t, "F4_gst_like_unsigned.mp4").Part(); !p.HasTime || p.Source != "" || p.HasExport {
		t.Errorf("%+v", p)
	}
}
