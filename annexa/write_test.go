package annexa

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"vedette/internal/diag"
)

func TestTheExamplesOfTheAnnexAreReadAsTheyArePrinted(t *testing.T) {
	one := []string{
		"RATP;  Map_RATP_Metro_Champs_Elysees;  192.168.0.10/Map/RATP_Metro_Champs_Elysees.png;  Map;;;;;;  , ",
		"Versailles;  Map_Outdoor_Paris_Area;;  Camera;  12345;  Camera 23 Versailles;;  POINT(48.80,2.133 );; 255 , ",
		"RATP;  Map_RATP_Metro_Champs_Elysees;;  Camera;  34567;  Camera Quai Ligne 2;;;  POINT(356;222)..; 10 , ",
		"Louvre;  Map__Outdoor_Paris_Area;;  Place;;  Musée du Louvre;  Map_Louvre_museum;  POINT(48.86,2.33 ); ..; , ",
		"SNCF;  Gare_du_Nord_-1 ;;  Place;;  Niveau \u22122;  Gare_du_Nord_-2;;  POLYGON(22; 45, 66, 18, 22);  ,  ",
	}
	icons := []string{"", "/icon_type_camera1.jpg", "/icon_type_camera1.jpg", "/icon_type_museum.jpg", "/icon_type_naviguation.jpg"}
	flat, wrapped := "", ""
	for i, l := range one {
		flat += l + icons[i] + "\r\n"
		wrapped += l + "\r\n"
		if icons[i] != "" {
			wrapped += icons[i] + "   \r\n"
		}
	}
	a, fa, err := Read(strings.NewReader(flat), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, fb, err := Read(strings.NewReader(wrapped), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Facts.Accepted != 5 || a.Facts.Refused != 0 || b.Facts.Accepted != 5 || b.Facts.Refused != 0 {
		t.Fatalf("taken over %d and %d rows: %v", a.Facts.Accepted, b.Facts.Accepted, fa)
	}
	got := codes(fa)
	for code, n := range map[string]int{"w COMMA-BEFORE-ICON": 5, "w FILE-SCHEME": 1, "w POS-DOTS": 1, "w DOTS": 1, "w POS-SEP": 2, "w POLY-ODD": 1, "w POLY-RECT": 1, "n HDR-ABSENT": 1, "w MAP-LOOKALIKE": 1} {
		if got[code] != n {
			t.Errorf("%d of %s, want %d", got[code], code, n)
		}
	}
	if n := codes(fb)["w WRAP"]; n != 4 {
		t.Errorf("%d of WRAP, want 4", n)
	}
	if !reflect.DeepEqual(bare(a), bare(b)) {
		t.Errorf("wrapped lines read otherwise:\n%+v\n%+v", bare(a), bare(b))
	}
	cam := find(a, "34567").Placements[0]
	if len(cam.Pixels) != 1 || cam.Pixels[0] != (Pixel{356, 222}) || cam.Angle == nil || *cam.Angle != 10 || cam.Icon.Key != "icon_type_camera1" {
		t.Errorf("third example: %+v", cam)
	}
}

// bare is a catalogue without what tells where it stood.
func bare(c *Catalogue) *Catalogue {
	out := &Catalogue{Partners: c.Partners}
	for _, m := range c.Maps {
		x := *m
		x.Source = Source{}
		x.File.Assumed, x.File.Text = false, ""
		out.Maps = append(out.Maps, &x)
	}
	for _, m := range c.Cameras {
		x := *m
		x.Placements = nil
		for _, p := range m.Placements {
			p.Source = Source{}
			x.Placements = append(x.Placements, p)
		}
		out.Cameras = append(out.Cameras, &x)
	}
	for _, p := range c.Places {
		x := *p
		x.Source = Source{}
		out.Places = append(out.Places, &x)
	}
	return out
}

func TestACanonicalFileIsWrittenBackByteForByte(t *testing.T) {
	text := strings.ReplaceAll(head+
		"Harbour Metro;Quay -1;https://plans.example/quay.png;Map;;;;;;;\n"+
		"Harbour Metro;City;;Place;;Quay;Quay -1;POINT(48.1,2.1);;;stairs\n"+
		"Harbour Metro;Quay -1;;Place;;\"a;b\";City;;POLYGON(1,2,30,4,50,60);;\n"+
		"Harbour Metro;City;;Camera;C-1;Café;;POINT(-33.86,151.2);;254;dome\n"+
		"Harbour Metro;Quay -1;;Camera;C-2;Quay;;;POINT(5,6);;\n", "\n", "\r\n")
	c, fs, err := Read(strings.NewReader(text), Options{})
	if err != nil || diag.Worst(fs) > diag.Note {
		t.Fatalf("error %v, findings %v", err, fs)
	}
	var b bytes.Buffer
	left, err := Write(&b, c, WriteOptions{})
	if err != nil || len(left) > 0 || b.String() != text {
		t.Errorf("error %v, left out %v, written:\n%s", err, left, b.String())
	}
}

func TestWhatTheAnnexHasNoRoomForIsNamedWhenWritten(t *testing.T) {
	c, _, err := Read(strings.NewReader(head+plan+good+"Harbour Metro;City;;Camera;G-1;Good;;POINT(48,2);;;dome\n"+place("POLYGON(1,2,30,40)")+strings.Replace(onPlan("L", "POINT(1,2)", ""), "Quay -1", "Quay -2", 1)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	left, err := Write(&b, c, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := codes(left)
	for _, code := range []string{"w WRITE-PLACEMENT", "w WRITE-PROVISIONAL", "w WRITE-PENDING"} {
		if got[code] != 1 {
			t.Errorf("%d of %s in %v", got[code], code, left)
		}
	}
	if strings.Contains(b.String(), "POLYGON") || strings.Count(b.String(), "G-1") != 1 {
		t.Errorf("written:\n%s", b.String())
	}
}

// FuzzRead: whatever is read, is written and read again as the same.
func FuzzRead(f *testing.F) {
	for _, row := range matrix {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		c, _, err := Read(bytes.NewReader(text), Options{})
		if err != nil {
			return
		}
		var one, two bytes.Buffer
		if _, err := Write(&one, c, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		d, fs, err := Read(bytes.NewReader(one.Bytes()), Options{})
		if err != nil {
			t.Fatalf("written file is refused: %v\n%q", err, one.String())
		}
		if d.Facts.Refused > 0 {
			t.Fatalf("rows of a written file are refused: %v\n%q", fs, one.String())
		}
		if _, err := Write(&two, d, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("written again it differs:\n%q\n%q", one.String(), two.String())
		}
	})
}

func TestALetterThatTheCodePageLacksIsNamed(t *testing.T) {
	c, _, err := Read(strings.NewReader(head+plan+strings.Replace(good, "Good", "Niveau \u22122, café €", 1)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	left, err := Write(&b, c, WriteOptions{Windows1252: true, BOM: true})
	if err != nil || len(left) != 1 || left[0].Code != "WRITE-LOST" || !strings.Contains(left[0].Message, "\u2212") {
		t.Errorf("error %v, left out %v", err, left)
	}
	if !strings.Contains(b.String(), "Niveau ?2, caf\xe9 \x80") || !strings.HasPrefix(b.String(), "Partner") {
		t.Errorf("written:\n%q", b.String())
	}
}

func TestWhatTheFormCannotSayIsTold(t *testing.T) {
	c := &Catalogue{
		Maps:    []*Map{{Partner: "Northside City", Name: "Hall", Kind: Plan, File: FileRef{Path: "plans/hall.png"}}},
		Cameras: []*Camera{{Partner: "Harbour Metro", ID: "nowhere"}, {Partner: "Northside City", ID: "-7", Name: "n", Placements: []Placement{{Map: "Hall", Position: Position{Pixels: []Pixel{{1, 2}}, Spare: &Position{GPS: &GPS{48, 2}}}}}}},
	}
	var b bytes.Buffer
	left, err := Write(&b, c, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"w WRITE-NO-MAP": 1, "w WRITE-SPARE": 1, "n WRITE-PATH": 1, "n WRITE-FORMULA": 1}
	if got := codes(left); !reflect.DeepEqual(got, want) {
		t.Errorf("told %v, want %v", left, want)
	}
	if lines := strings.Count(b.String(), "\r\n"); lines != 3 {
		t.Errorf("%d lines written, want 3: a partner that no list names has rows all the same\n%s", lines, b.String())
	}
}

func TestAFullDiskIsAnError(t *testing.T) {
	c, _, err := Read(bytes.NewReader(large(5000)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, opt := range []WriteOptions{{}, {BOM: true}, {Windows1252: true}} {
		if _, err := Write(&fullDisk{room: 1000}, c, opt); !errors.Is(err, errFull) {
			t.Errorf("error %v, want %v", err, errFull)
		}
	}
}

var errFull = errors.New("no room")

type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}
