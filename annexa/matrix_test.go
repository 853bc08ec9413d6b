package annexa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"vedette/internal/diag"
)

const head = "Partner;Map;File;Type;ID_Camera;Name;Link;GPS_Pos;HV_Pos;Angle;Icon\n"

// plan and good are rows that must survive whatever stands beside them.
const (
	plan = "Harbour Metro;Quay -1;https://plans.example/quay.png;Map;;;;;;;\n" + "Harbour Metro;City;;Place;;Quay;Quay -1;POINT(48.1,2.1);;;\n"
	good = "Harbour Metro;Quay -1;;Camera;G-1;Good;;;POINT(5,6);10;dome\n"
)

func camera(id, gps, hv, angle string) string {
	return fmt.Sprintf("Harbour Metro;City;;Camera;%s;Name %s;;%s;%s;%s;dome\n", id, id, gps, hv, angle)
}

func onPlan(id, hv, angle string) string {
	return fmt.Sprintf("Harbour Metro;Quay -1;;Camera;%s;Name %s;;;%s;%s;dome\n", id, id, hv, angle)
}

func place(hv string) string {
	return "Harbour Metro;Quay -1;;Place;;Stairs;City;;" + hv + ";;\n"
}

func codes(fs []diag.Finding) map[string]int {
	m := map[string]int{}
	for _, f := range fs {
		m[f.Severity.String()[:1]+" "+f.Code]++
	}
	return m
}

// row is one line of the matrix.
type matrixRow struct {
	name     string
	text     string
	opt      Options
	want     []string // "w CODE", "e CODE", "n CODE", "f CODE"
	accepted int      // -1: not looked at
	refused  int
	check    func(*testing.T, *Catalogue)
}

var profiled = func(p Profile) Options { return Options{Profiles: map[string]Profile{"Harbour Metro": p}} }

func gpsOf(id string, lat, lon float64) func(*testing.T, *Catalogue) {
	return func(t *testing.T, c *Catalogue) {
		t.Helper()
		m := find(c, id)
		if m == nil || m.Placements[0].GPS == nil || math.Abs(m.Placements[0].GPS.Lat-lat) > 1e-9 || math.Abs(m.Placements[0].GPS.Lon-lon) > 1e-9 {
			t.Errorf("camera %s: %+v, want %g, %g", id, m, lat, lon)
		}
	}
}

func find(c *Catalogue, id string) *Camera {
	for _, m := range c.Cameras {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func angles(want ...float64) func(*testing.T, *Catalogue) {
	return func(t *testing.T, c *Catalogue) {
		t.Helper()
		for i, v := range want {
			m := find(c, fmt.Sprint("A", i))
			if m == nil {
				t.Fatalf("camera A%d is missing", i)
			}
			a := m.Placements[0].Angle
			if math.IsNaN(v) != (a == nil) || a != nil && math.Abs(*a-v) > 1e-9 {
				t.Errorf("camera A%d looks to %v, want %v", i, a, v)
			}
		}
	}
}

var matrix = []matrixRow{
	{name: "canonical file of all three types", text: head + plan + good, accepted: 3, want: nil},
	{name: "byte order mark and blanks in the header", text: "\ufeff" + strings.ReplaceAll(head, ";", "; ") + plan + good, accepted: 3, want: []string{"n ENC-BOM"}},
	{name: "Windows-1252", text: head + plan + strings.Replace(good, "Good", "Mus\xe9e", 1), accepted: 3, want: []string{"w ENC-1252"}, check: func(t *testing.T, c *Catalogue) {
		if find(c, "G-1").Name != "Musée" {
			t.Errorf("name %q", find(c, "G-1").Name)
		}
	}},
	{name: "UTF-16", text: inUTF16(head + plan + good), accepted: 3, want: []string{"n ENC-UTF16"}},
	{name: "lines ending in CR alone", text: strings.ReplaceAll(head+plan+good, "\n", "\r"), accepted: 3, check: func(t *testing.T, c *Catalogue) {
		if l := find(c, "G-1").Placements[0].Source.Line; l != 4 {
			t.Errorf("line %d, want 4", l)
		}
	}},
	{name: "no header does not lose the first row", text: plan + good, accepted: 3, want: []string{"n HDR-ABSENT"}},
	{name: "columns in another order", text: "Map;Partner;File;Type;ID_Camera;Name;Link;GPS_Pos;HV_Pos;Angle;Icon\nCity;Harbour Metro;;Camera;G-1;Good;;POINT(1,2);;;\n", accepted: 1, want: []string{"w HDR-ORDER"}},
	{name: "header without Icon", text: strings.Replace(head, ";Icon", "", 1) + good, want: []string{"f HDR-MISSING"}},
	{name: "header only", text: head, want: []string{"n NO-ROWS"}},
	{name: "empty file", text: "", want: []string{"f EMPTY"}},
	{name: "blanks only", text: " \n\t\n", want: []string{"f EMPTY"}},
	{name: "commas as separators", text: strings.ReplaceAll(head+plan, ";", ","), want: []string{"f SEP"}},
	{name: "commas as separators, asked for", text: strings.ReplaceAll(head+plan+good, ";", ","), opt: Options{Separator: ','}, accepted: 3},
	{name: "sep line", text: "sep=;\n" + head + plan + good, accepted: 3, want: []string{"n SEP-LINE"}},
	{name: "row of four columns", text: head + plan + "a;b;c;d\n" + good, accepted: 3, refused: 1, want: []string{"e FIELD-COUNT"}},
	{name: "thirteen columns, tail filled", text: head + plan + strings.TrimSpace(onPlan("X", "POINT(1,2)", "3")) + ";a;b\n" + good, accepted: 3, refused: 1, want: []string{"e FIELD-COUNT"}},
	{name: "thirteen columns, tail empty", text: head + plan + strings.TrimSpace(onPlan("X", "POINT(1,2)", "3")) + ";;\n" + good, accepted: 4, want: []string{"w TRAILING-SEP"}},
	{name: "quoted name with separator, quotes and a line break", text: head + plan + "Harbour Metro;Quay -1;;Camera;Q;\"a;b \"\"c\"\"\nd\";;;POINT(1,2);;\n" + good, accepted: 4, want: []string{"w NAME-NEWLINE"}, check: func(t *testing.T, c *Catalogue) {
		if m := find(c, "Q"); m.Name != `a;b "c" d` {
			t.Errorf("name %q", m.Name)
		}
		if l := find(c, "G-1").Placements[0].Source.Line; l != 6 {
			t.Errorf("line %d, want 6", l)
		}
	}},
	{name: "unclosed quote costs one line", text: head + plan + "Harbour Metro;Quay -1;;Camera;Q;\"open;;;POINT(1,2);;\n" + good, accepted: 3, refused: 1, want: []string{"e QUOTE-OPEN"}},
	{name: "unclosed parenthesis costs one line", text: head + plan + "Harbour Metro;Quay -1;;Camera;Q;n;;;POINT(1,2;3;i\n" + good, accepted: 3, refused: 1, want: []string{"e PAREN-OPEN"}},
	{name: "parentheses in a name", text: head + plan + strings.Replace(good, "Good", "Hall (north)", 1), accepted: 3},
	{name: "a separator in a name that shifts the row by accident", text: head + plan + "Harbour Metro;Quay -1;;Camera;S;Hall (north; door);;;POINT(1,2);20\n" + good, accepted: 3, refused: 1, want: []string{"e COL-SHIFT"}},
	{name: "decimal commas with a semicolon between", text: head + camera("D", "POINT(48,80;2,133)", "", ""), accepted: 1, want: []string{"w POS-DECIMAL"}, check: gpsOf("D", 48.8, 2.133)},
	{name: "four numbers", text: head + camera("D", "POINT(48,80,2,133)", "", ""), refused: 1, want: []string{"e GPS-PAIR"}},
	{name: "four numbers of a partner with decimal commas", text: head + camera("D", "POINT(48,80,2,133)", "", ""), opt: profiled(Profile{DecimalComma: true}), accepted: 1, want: []string{"w POS-DECIMAL"}, check: gpsOf("D", 48.8, 2.133)},
	{name: "three numbers, even with decimal commas", text: head + camera("D", "POINT(48,2,133)", "", ""), opt: profiled(Profile{DecimalComma: true}), refused: 1, want: []string{"e GPS-PAIR"}},
	{name: "a blank between", text: head + camera("D", "POINT(2.133 48.80)", "", ""), refused: 1, want: []string{"e GPS-AXIS"}},
	{name: "a blank between, longitude first", text: head + camera("D", "POINT(2.133 48.80)", "", ""), opt: profiled(Profile{AxisBlank: LongitudeFirst}), accepted: 1, want: []string{"w POS-SEP", "w GPS-AXIS"}, check: gpsOf("D", 48.8, 2.133)},
	{name: "longitude first where latitude belongs", text: head + camera("D", "POINT(139.69,35.68)", "", ""), refused: 1, want: []string{"e GPS-RANGE"}},
	{name: "zero, zero", text: head + camera("D", "POINT(0,0)", "", ""), refused: 1, want: []string{"e GPS-ZERO"}},
	{name: "a true minus sign", text: head + camera("D", "POINT(\u221233.86,151.2)", "", ""), accepted: 1, want: []string{"w NUM-DASH"}, check: gpsOf("D", -33.86, 151.2)},
	{name: "a polygon on the Earth", text: head + camera("D", "POLYGON(1,2,3,4,5,6)", "", ""), refused: 1, want: []string{"e GPS-PAIR"}},
	{name: "degrees, minutes and seconds", text: head + camera("D", "POINT(48°52'10\"N,2°19'59\"E)", "", ""), refused: 1, want: []string{"e POS-NUM", "e POS-NUM"}},
	{name: "exponents", text: head + camera("D", "POINT(4e1,2)", "", ""), refused: 1, want: []string{"e POS-NUM"}},
	{name: "no keyword", text: head + camera("D", "48.8,2.1", "", ""), refused: 1, want: []string{"e POS-FORM"}},
	{name: "pixels with a blank between", text: head + plan + onPlan("P", "POINT(10 20)", ""), accepted: 3, want: []string{"w POS-SEP"}},
	{name: "five numbers that do not close", text: head + plan + place("POLYGON(1,2,30,4,50)") + good, accepted: 3, refused: 1, want: []string{"e POLY-ODD"}},
	{name: "pairs apart by semicolons", text: head + plan + place("POLYGON(1,2;30,4;50,60)"), accepted: 3, want: []string{"w POS-SEP"}, check: func(t *testing.T, c *Catalogue) {
		if p := c.Places[1].Pixels; !slices.Equal(p, []Pixel{{1, 2}, {30, 4}, {50, 60}}) {
			t.Errorf("vertices %v", p)
		}
	}},
	{name: "a closed ring", text: head + plan + place("POLYGON(1,2,30,4,50,60,1,2)"), accepted: 3, want: []string{"n POLY-CLOSED"}},
	{name: "two vertices on one line", text: head + plan + place("POLYGON(1,2,30,2)") + good, accepted: 3, refused: 1, want: []string{"e POLY-FEW"}},
	{name: "an outline that crosses itself", text: head + plan + place("POLYGON(0,0,10,10,10,0,0,10)"), accepted: 3, want: []string{"w POLY-CROSS"}},
	{name: "a pixel outside", text: head + plan + onPlan("P", "POINT(-1,2)", "") + good, accepted: 3, refused: 1, want: []string{"e HV-NEG"}},
	{name: "a tail behind the parenthesis", text: head + plan + onPlan("P", "POINT(1,2) m", "") + good, accepted: 3, refused: 1, want: []string{"e POS-TAIL"}},
	{name: "a camera with an area", text: head + plan + onPlan("P", "POLYGON(1,2,3,4,9,6)", "") + good, accepted: 3, refused: 1, want: []string{"e CAM-POLYGON"}},
	{name: "angles", text: head + plan + onPlan("A0", "POINT(1,1)", "360") + onPlan("A1", "POINT(1,2)", "-90") + onPlan("A2", "POINT(1,3)", "254,6") + onPlan("A3", "POINT(1,4)", "45°") + onPlan("A4", "POINT(1,5)", "north") + onPlan("A5", "POINT(1,6)", ""), accepted: 8,
		want: []string{"w ANGLE-WRAP", "w ANGLE-WRAP", "w ANGLE-FORM", "w ANGLE-FORM", "w ANGLE-BAD"}, check: angles(0, 270, 254.6, 45, math.NaN(), math.NaN())},
	{name: "an angle or an angle and an icon", text: head + plan + "Harbour Metro;Quay -1;;Camera;X;n;;;POINT(1,2);254,6\n" + good, accepted: 3, refused: 1, want: []string{"e ANGLE-ICON-AMBIG"}},
	{name: "types in other writing", text: head + plan + strings.Replace(onPlan("A", "POINT(1,2)", ""), "Camera", "camera", 1) + strings.Replace(onPlan("B", "POINT(1,2)", ""), "Camera", "'Camera'", 1) + strings.Replace(onPlan("C", "POINT(1,2)", ""), "Camera", "Caméra", 1), accepted: 4, refused: 1, want: []string{"w TYPE-CASE", "w TYPE-CASE", "e TYPE"}},
	{name: "a map without file, a camera without identifier, a place without link", text: head + plan + "Harbour Metro;Other;;Map;;;;;;;\nHarbour Metro;City;;Camera;;n;;POINT(1,2);;;\nHarbour Metro;City;;Place;;n;;POINT(1,2);;;\n" + good, accepted: 3, refused: 3, want: []string{"e MAP-NO-FILE", "e CAM-NO-ID", "e PLACE-NO-LINK"}},
	{name: "a map with name and angle", text: head + strings.Replace(plan, ";Map;;;;;;;", ";Map;;Name;;;;90;", 1) + good, accepted: 3, want: []string{"w NOT-USED", "w NOT-USED"}},
	{name: "the same camera twice", text: head + plan + good + good, accepted: 4, want: []string{"n DUP-SAME"}, check: func(t *testing.T, c *Catalogue) {
		if len(c.Cameras) != 1 {
			t.Errorf("%d cameras", len(c.Cameras))
		}
	}},
	{name: "the same camera elsewhere on the same map", text: head + plan + good + strings.Replace(good, "5,6", "7,8", 1), accepted: 3, refused: 1, want: []string{"e DUP-ID"}},
	{name: "the same camera on another map", text: head + plan + good + "Harbour Metro;City;;Camera;G-1;Good;;POINT(48,2);;;dome\n", accepted: 4, want: []string{"w DUP-OTHER-MAP"}, check: func(t *testing.T, c *Catalogue) {
		if len(c.Cameras) != 1 || len(c.Cameras[0].Placements) != 2 || c.Cameras[0].Primary().Map != "City" {
			t.Errorf("cameras %+v", c.Cameras)
		}
	}},
	{name: "the same identifier of two partners", text: head + plan + good + "Northside City;City;;Camera;G-1;Other;;POINT(48,2);;;dome\n", accepted: 4},
	{name: "another file for a plan", text: head + plan + strings.Replace(strings.SplitAfter(plan, "\n")[0], "quay.png", "other.png", 1) + good, accepted: 3, refused: 1, want: []string{"e DUP-MAP"}},
	{name: "both positions, and none", text: head + plan + good + "Harbour Metro;Quay -1;;Camera;B;n;;POINT(48,2);POINT(1,2);;dome\nHarbour Metro;Quay -1;;Camera;N;n;;;;;dome\n", accepted: 5, want: []string{"w BOTH-POS", "w NO-POS"}, check: func(t *testing.T, c *Catalogue) {
		p := find(c, "B").Placements[0]
		if p.GPS != nil || len(p.Pixels) != 1 || p.Spare == nil || p.Spare.GPS == nil {
			t.Errorf("placement %+v", p)
		}
	}},
	{name: "a geographic position on a plan", text: head + plan + good + "Harbour Metro;Quay -1;;Camera;B;n;;POINT(48,2);;;dome\n", accepted: 4, want: []string{"w POS-KIND"}, check: func(t *testing.T, c *Catalogue) {
		if find(c, "B").Placements[0].Placed() {
			t.Error("the camera is placed")
		}
	}},
	{name: "links to nowhere and to another partner's plan", text: head + plan + good + "Harbour Metro;City;;Place;;n;Nowhere;POINT(1,2);;;\nNorthside City;City;;Place;;n;Quay -1;POINT(1,3);;;\n", accepted: 5, want: []string{"w LINK-UNKNOWN", "w LINK-OTHER-PARTNER"}},
	{name: "a camera on a plan that no row declares", text: head + strings.Replace(good, "Quay -1", "Quay -2", 1), accepted: 1, want: []string{"w PLAN-UNKNOWN"}, check: func(t *testing.T, c *Catalogue) {
		if m := c.Plan("Harbour Metro", "Quay -2"); m == nil || !m.Pending {
			t.Errorf("plan %+v", m)
		}
	}},
	{name: "a plan that nothing leads to", text: head + strings.SplitAfter(plan, "\n")[0] + good, accepted: 2, want: []string{"w PLAN-ORPHAN"}},
	{name: "names that differ by an underscore", text: head + camera("A", "POINT(48,2)", "", "") + strings.Replace(camera("B", "POINT(48,2.1)", "", ""), "City", "City_", 1) + strings.Replace(camera("C", "POINT(48,2.2)", "", ""), "Harbour Metro;City", "Harbour Metro;Ci__ty", 1) + strings.Replace(camera("D", "POINT(48,2.3)", "", ""), "Harbour Metro;City", "Harbour Metro;Ci_ty", 1), accepted: 4, want: []string{"w MAP-LOOKALIKE", "w MAP-LOOKALIKE"}},
	{name: "files that must not be fetched", text: head + "P;A;../../etc/x.png;Map;;;;;;;\nP;B;file:///x;Map;;;;;;;\nP;C;https://u:p@h/x.png;Map;;;;;;;\n" + good, accepted: 1, refused: 3, want: []string{"e FILE-PATH", "e FILE-SCHEME", "e FILE-CREDS"}},
	{name: "the header again", text: head + plan + head + good, accepted: 3, want: []string{"w HDR-AGAIN"}},
	{name: "a spreadsheet with another ending", text: "PK\x03\x04" + strings.Repeat("x", 100), want: []string{"f ENC-BINARY"}},
	{name: "a comment", text: head + "# made by hand\n" + plan + good, accepted: 3, want: []string{"w COMMENT"}},
	{name: "line ends of three kinds", text: strings.TrimSuffix(head, "\n") + "\r\n" + strings.Replace(plan, "\n", "\r", 1) + "\r\n" + good, accepted: 3, check: func(t *testing.T, c *Catalogue) {
		if l := find(c, "G-1").Placements[0].Source.Line; l != 5 {
			t.Errorf("line %d, want 5", l)
		}
	}},
	{name: "a blank between, latitude first", text: head + camera("D", "POINT(48.80 2.133)", "", ""), opt: profiled(Profile{AxisBlank: LatitudeFirst}), accepted: 1, want: []string{"w POS-SEP"}, check: gpsOf("D", 48.8, 2.133)},
	{name: "all pairs with the longitude first", text: head + camera("D", "POINT(2.133,48.80)", "", ""), opt: profiled(Profile{AxisAll: LongitudeFirst}), accepted: 1, want: []string{"w GPS-AXIS"}, check: gpsOf("D", 48.8, 2.133)},
	{name: "a place so near to zero, zero that it is written as that", text: head + camera("D", "POINT(0.00000001,-0.00000001)", "", ""), refused: 1, want: []string{"e GPS-ZERO"}},
	{name: "metres of a national grid", text: head + camera("D", "POINT(652000,6862000)", "", ""), refused: 1, want: []string{"e POS-NUM"}},
	{name: "numbers that are none", text: head + camera("A", "POINT(NaN,2)", "", "") + camera("B", "POINT(1,)", "", "") + camera("C", "POINT(1 000,2)", "", "") + camera("D", "POINT(--1,2)", "", "") + camera("E", "POINT(1.2.3,2)", "", ""), refused: 5, want: []string{"e POS-NUM", "e POS-NUM", "e POS-NUM", "e POS-NUM", "e POS-NUM"}},
	{name: "a keyword in other writing", text: head + camera("D", "'Point' (48.8,2.1)", "", ""), accepted: 1, want: []string{"w POS-KEYWORD"}, check: gpsOf("D", 48.8, 2.1)},
	{name: "three numbers for a point on a plan", text: head + plan + onPlan("P", "POINT(1,2,3)", "") + good, accepted: 3, refused: 1, want: []string{"e HV-PAIR"}},
	{name: "more vertices than are read", text: head + plan + place("POLYGON("+strings.Repeat("1,2,", 3000)+"1,2)") + good, accepted: 3, refused: 1, want: []string{"e POLY-LIMIT"}},
	{name: "three numbers for an outline, as the table of the annex has it", text: head + plan + place("POLYGON(1,2,3)") + good, accepted: 3, refused: 1, want: []string{"e POLY-ODD"}},
	{name: "a place that leads to its own map", text: head + plan + strings.Replace(place("POINT(1,2)"), ";City;", ";Quay -1;", 1), accepted: 3, want: []string{"w LINK-SELF"}},
	{name: "a link to a map of two other partners", text: head + "A;Hall;https://a.example/h.png;Map;;;;;;;\nB;Hall;https://b.example/h.png;Map;;;;;;;\nC;City;;Place;;n;Hall;POINT(1,2);;;\n", accepted: 3, want: []string{"w LINK-PARTNER-AMBIG"}},
	{name: "partners that differ by a case", text: head + "Old Arsenal;City;;Camera;1;n;;POINT(1,2);;;\nOld arsenal;City;;Camera;1;n;;POINT(1,3);;;\n", accepted: 2, want: []string{"w PARTNER-LOOKALIKE"}},
	{name: "pixels on a georeferenced map", text: head + camera("A", "POINT(48,2)", "", "") + camera("B", "POINT(48.1,2)", "", "") + camera("C", "", "POINT(3,4)", ""), accepted: 3, want: []string{"w POS-KIND"}, check: func(t *testing.T, c *Catalogue) {
		if p := find(c, "C").Placements[0]; p.Placed() || p.Spare == nil || p.Kind != Georeferenced {
			t.Errorf("placement %+v", p)
		}
	}},
	{name: "a plan that is known already", text: head + strings.Replace(good, "Quay -1", "Quay -2", 1), opt: Options{Known: knownPlan("Harbour Metro", "Quay -2")}, accepted: 1, check: func(t *testing.T, c *Catalogue) {
		if len(c.Maps) != 0 || find(c, "G-1").Placements[0].Kind != Plan {
			t.Errorf("maps %+v", c.Maps)
		}
	}},
	{name: "an alias joins two names of a map", text: head + camera("A", "POINT(48,2)", "", "") + strings.Replace(camera("B", "POINT(48,2.1)", "", ""), "City", "City_", 1), opt: profiled(Profile{Maps: map[string]string{"City_": "City"}}), accepted: 2, want: []string{"n ALIAS"}, check: func(t *testing.T, c *Catalogue) {
		if len(c.Maps) != 1 {
			t.Errorf("maps %+v", c.Maps)
		}
	}},
	{name: "addresses without scheme", text: head + "P;A;10.0.0.7/a.png;Map;;;;;;;\nP;B;plans.example/b.png;Map;;;;;;;\nP;C;server:8080/c.png;Map;;;;;;;\nP;D;localhost/d.png;Map;;;;;;;\nP;E;plans/e.png;Map;;;;;;;\nP;F;f.png;Map;;;;;;;\n", accepted: 6, want: []string{"w FILE-SCHEME", "w FILE-SCHEME", "w FILE-SCHEME", "w FILE-SCHEME"}, check: func(t *testing.T, c *Catalogue) {
		for i, want := range []string{"https://10.0.0.7/a.png", "https://plans.example/b.png", "https://server:8080/c.png", "https://localhost/d.png", "", ""} {
			if got := c.Maps[i].File.URL; got != want {
				t.Errorf("address %q, want %q", got, want)
			}
		}
		if c.Maps[4].File.Path != "plans/e.png" || c.Maps[5].File.Path != "f.png" {
			t.Errorf("paths %q and %q", c.Maps[4].File.Path, c.Maps[5].File.Path)
		}
	}},
	{name: "paths that lead out", text: head + `P;A;\\server\x.png;Map;;;;;;;` + "\n" + `P;B;C:\x.png;Map;;;;;;;` + "\nP;C;/etc/x.png;Map;;;;;;;\nP;D;a/../../x.png;Map;;;;;;;\nP;E;//server/x.png;Map;;;;;;;\n" + good, accepted: 1, refused: 5, want: []string{"e FILE-PATH", "e FILE-PATH", "e FILE-PATH", "e FILE-PATH", "e FILE-PATH"}},
	{name: "a plan twice", text: head + plan + strings.SplitAfter(plan, "\n")[0] + good, accepted: 4, want: []string{"n DUP-SAME"}},
	{name: "a row without partner and map", text: head + ";;;Camera;X;n;;POINT(1,2);;;\n" + good, accepted: 1, refused: 1, want: []string{"e NO-PARTNER", "e NO-MAP"}},
	{name: "a camera and a place without name", text: head + plan + "Harbour Metro;City;;Camera;X;;;POINT(1,2);;;\n" + "Harbour Metro;City;;Place;;;City;POINT(1,3);;;\n", accepted: 4, want: []string{"w NO-NAME", "w NO-NAME", "w LINK-SELF"}},
	{name: "rows of separators", text: head + plan + good + ";;;;;;;;;;\n;;;;;;;;;;\n", accepted: 3, want: []string{"n ROW-EMPTY"}},
	{name: "control characters and directions in a name", text: head + plan + strings.Replace(good, "Good", "Go\x07\u202eod", 1), accepted: 3, want: []string{"w NAME-CONTROL"}},
	{name: "text behind a closing quote", text: head + plan + strings.Replace(good, "Good", `"Go"od`, 1), accepted: 3, want: []string{"w QUOTE-TAIL"}},
	{name: "a column that the annex does not have", text: strings.Replace(head, "Icon", "Icon;Floor", 1) + strings.ReplaceAll(plan+good, "\n", ";2\n"), accepted: 3, want: []string{"w HDR-EXTRA"}},
	{name: "a column twice in the header", text: strings.Replace(head, "Icon", "Icon;Icon", 1) + good, want: []string{"f HDR-DOUBLE"}},
	{name: "a byte that stands for nothing", text: head + plan + strings.Replace(good, "Good", "G\x81\xe9", 1), accepted: 3, want: []string{"w ENC-1252", "w ENC-BYTE"}},
	{name: "an encoding that is asked for", text: head + plan + strings.Replace(good, "Good", "\xa4", 1), opt: Options{Encoding: "ISO-8859-15"}, accepted: 3, check: func(t *testing.T, c *Catalogue) {
		if find(c, "G-1").Name != "€" {
			t.Errorf("name %q", find(c, "G-1").Name)
		}
	}},
	{name: "an encoding that is not known", text: head + good, opt: Options{Encoding: "ebcdic"}, want: []string{"f ENC-UNKNOWN"}},
	{name: "tabs as separators", text: strings.ReplaceAll(head+plan, ";", "\t"), want: []string{"f SEP"}},
	{name: "a row longer than is read", text: head + plan + strings.Repeat("x", maxRecord+1) + "\n" + good, accepted: 3, refused: 1, want: []string{"e ROW-LONG"}},
	{name: "letters that are joined of parts", text: head + plan + strings.Replace(good, "Good", "Muse\u0301e", 1), accepted: 3, check: func(t *testing.T, c *Catalogue) {
		if find(c, "G-1").Name != "Musée" {
			t.Errorf("name %q", find(c, "G-1").Name)
		}
	}},
	{name: "numbers exchanged in one row of many", text: head + camera("A", "POINT(48.8,2.1)", "", "") + camera("B", "POINT(48.81,2.11)", "", "") + camera("C", "POINT(48.82,2.12)", "", "") + camera("D", "POINT(2.13,48.83)", "", ""), accepted: 4, want: []string{"w GPS-FAR"}},
	{name: "three cameras on one mast", text: head + camera("A", "POINT(48,2)", "", "") + camera("B", "POINT(48,2)", "", "") + camera("C", "POINT(48,2)", "", ""), accepted: 3, want: []string{"n GEO-STACK"}},
}

func knownPlan(partner, name string) *Catalogue {
	return &Catalogue{Maps: []*Map{{Partner: partner, Name: name, Kind: Plan}}}
}

func inUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

// quiet are notes about the small examples themselves.
var quiet = []string{"n PLAN-DEAD-END", "n PLAN-EMPTY", "n SPACES", "w PLAN-UNKNOWN", "w LINK-UNKNOWN", "w PLAN-ORPHAN", "n GEO-STACK"}

func TestEveryDefectIsReadAsDecided(t *testing.T) {
	for _, row := range matrix {
		t.Run(row.name, func(t *testing.T) {
			c, fs, err := Read(strings.NewReader(row.text), row.opt)
			var refused *RefusedError
			if fatal := slices.ContainsFunc(row.want, func(w string) bool { return w[0] == 'f' }); errors.As(err, &refused) != fatal || err != nil && !fatal {
				t.Fatalf("error %v, want refused %v", err, fatal)
			}
			got := codes(fs)
			for _, w := range row.want {
				if got[w] == 0 {
					t.Errorf("no %s among %v", w, fs)
				}
				got[w]--
			}
			for k, n := range got {
				if n > 0 && !slices.Contains(quiet, k) {
					t.Errorf("%d more of %s: %v", n, k, fs)
				}
			}
			if c.Facts.Accepted != row.accepted || c.Facts.Refused != row.refused {
				t.Errorf("%d rows taken over, %d refused, want %d and %d: %v", c.Facts.Accepted, c.Facts.Refused, row.accepted, row.refused, fs)
			}
			if row.check != nil {
				row.check(t, c)
			}
		})
	}
}

func TestAFindingTellsWhereWhatAndHow(t *testing.T) {
	_, fs, err := Read(strings.NewReader(head+plan+place("POLYGON(22; 45, 66, 18, 22)")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(fs, func(f diag.Finding) bool { return f.Code == "POLY-RECT" })
	if i < 0 {
		t.Fatalf("findings %v", fs)
	}
	f := fs[i]
	if f.Row != 3 || f.Line != 4 || f.Column != "HV_Pos" || f.Read != "POLYGON(22; 45, 66, 18, 22)" || f.Assumed != "POLYGON(22,18,66,18,66,45,22,45)" {
		t.Errorf("finding %+v", f)
	}
	if !strings.HasPrefix(f.Message, "row 3, line 4, HV_Pos: ") {
		t.Errorf("message %q", f.Message)
	}
}

func TestARefusedFileLeavesNothing(t *testing.T) {
	c, fs, err := Read(bytes.NewReader(bytes.Repeat([]byte{0xff, 0, 7, ';', '\n'}, 4000)), Options{})
	if err == nil || len(c.Cameras)+len(c.Maps)+len(c.Places) > 0 || diag.Worst(fs) != diag.Fatal {
		t.Errorf("error %v, catalogue %+v", err, c.Facts)
	}
}
