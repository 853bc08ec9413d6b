package metadata

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

const head = `<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">`

func scene(frame string) string {
	return head + `<tt:VideoAnalytics><tt:Frame UtcTime="2026-03-01T12:00:00Z">` + frame + `</tt:Frame></tt:VideoAnalytics></tt:MetadataStream>`
}

func one(t *testing.T, doc string) *Document {
	t.Helper()
	d, err := Parse([]byte(doc), "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNestedTransformationsPlaceTheBox(t *testing.T) {
	d := one(t, scene(`<tt:Transformation><tt:Scale x=".5" y=".5"/></tt:Transformation>
<tt:Object ObjectId="1"><tt:Appearance><tt:Transformation><tt:Translate x=".5" y=".5"/><tt:Scale x=".5" y=".5"/></tt:Transformation>
<tt:Shape><tt:BoundingBox left="-.25" top=".25" right=".25" bottom="-.25"/></tt:Shape></tt:Appearance></tt:Object>`))
	x0, y0, x1, y1 := d.Frames[0].Objects[0].Box.Pixels(320, 240)
	for i, want := range []float64{190, 82.5, 210, 97.5} {
		if got := []float64{x0, y0, x1, y1}[i]; math.Abs(got-want) > 1e-9 {
			t.Errorf("edge %d at %g, want %g", i, got, want)
		}
	}
}

func TestNegativeScaleKeepsCornersSorted(t *testing.T) {
	d := one(t, scene(`<tt:Transformation><tt:Translate x="-1" y="1"/><tt:Scale x="0.00625" y="-0.00833333"/></tt:Transformation>
<tt:Object ObjectId="1"><tt:Appearance><tt:Shape><tt:BoundingBox left="10" top="20" right="30" bottom="60"/></tt:Shape></tt:Appearance></tt:Object>`))
	b := d.Frames[0].Objects[0].Box
	if b.Left >= b.Right || b.Bottom >= b.Top {
		t.Fatalf("corners not sorted: %+v", *b)
	}
	x0, y0, x1, y1 := b.Pixels(320, 240)
	if math.Abs(x0-10) > .01 || math.Abs(x1-30) > .01 || math.Abs(y0-20) > .01 || math.Abs(y1-60) > .01 {
		t.Errorf("pixels %g %g %g %g", x0, y0, x1, y1)
	}
}

func TestBothFormsOfClassAreRead(t *testing.T) {
	for form, want := range map[string]string{
		`<tt:Type Likelihood="0.4">Animal</tt:Type><tt:Type Likelihood="0.9">Human</tt:Type>`:                                   "Human 0.9",
		`<tt:ClassCandidate><tt:Type>Vehical</tt:Type><tt:Likelihood>0.7</tt:Likelihood></tt:ClassCandidate>`:                   "Vehical 0.7",
		`<tt:ClassCandidate><tt:Type>Other</tt:Type><tt:Likelihood>NaN</tt:Likelihood></tt:ClassCandidate>`:                     "Other 0",
		`<tt:Extension><tt:OtherTypes><tt:Type>x</tt:Type></tt:OtherTypes></tt:Extension><tt:Type Likelihood="1">Bag</tt:Type>`: "Bag 1",
	} {
		d := one(t, scene(`<tt:Object ObjectId="1"><tt:Appearance><tt:Class>`+form+`</tt:Class></tt:Appearance></tt:Object>`))
		o := d.Frames[0].Objects[0]
		if got := fmt.Sprintf("%s %g", o.Class, o.Likelihood); got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
}

func TestAnyPrefixRootSpellingAndDeclarationIsAccepted(t *testing.T) {
	for _, doc := range []string{
		`<MetadataStream xmlns="http://www.onvif.org/ver10/schema"><VideoAnalytics><Frame UtcTime="2026-03-01T12:00:00"/></VideoAnalytics></MetadataStream>`,
		`<?xml version="1.0" encoding="UTF-8"?><verylongprefix:MetaDataStream xmlns:verylongprefix="http://www.onvif.org/ver10/schema"><verylongprefix:VideoAnalytics><verylongprefix:Frame UtcTime="2026-03-01T13:00:00+01:00"/></verylongprefix:VideoAnalytics></verylongprefix:MetaDataStream>`,
	} {
		d := one(t, doc)
		if len(d.Frames) != 1 || d.Frames[0].UTC.String() != "2026-03-01T12:00:00Z" {
			t.Errorf("%s: %+v", doc, d.Frames)
		}
	}
}

func TestEventsAreReadWithTheirItems(t *testing.T) {
	d := one(t, head+`<tt:Event><wsnt:NotificationMessage><wsnt:Topic Dialect="x">tns1:RuleEngine/LineDetector/Crossed</wsnt:Topic>
<wsnt:Message><tt:Message UtcTime="2026-03-01T12:00:01.234Z" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="Rule" Value="Kerb"/></tt:Source>
<tt:Key/><tt:Data><tt:SimpleItem Name="ObjectId" Value="4"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage></tt:Event></tt:MetadataStream>`)
	e := d.Events[0]
	if e.Topic != "tns1:RuleEngine/LineDetector/Crossed" || e.Operation != "Changed" || e.UTC.String() != "2026-03-01T12:00:01.234Z" {
		t.Errorf("%+v", e)
	}
	if e.Title() != "Line crossed" || e.Detail() != "Kerb, object 4" {
		t.Errorf("%q, %q", e.Title(), e.Detail())
	}
}

func TestHarmfulDocumentsAreRefused(t *testing.T) {
	many := strings.Repeat(` a="1"`, MaxAttributes+1)
	cases := map[string]string{
		"dtd":        `<!DOCTYPE x [<!ENTITY a "b">]>` + scene(""),
		"attributes": scene(`<tt:Object` + many + `/>`),
		"depth":      scene(strings.Repeat("<tt:a>", 100) + strings.Repeat("</tt:a>", 100)),
		"entity":     scene(`<tt:Object ObjectId="&bomb;"/>`),
		"not xml":    "hello",
		"other root": "<a/>",
		"unclosed":   head,
		"empty":      "",
	}
	for name, doc := range cases {
		if _, err := Parse([]byte(doc), ""); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestUnusableNumbersLoseTheirItemOnly(t *testing.T) {
	d := one(t, scene(`<tt:Object ObjectId="1"><tt:Appearance><tt:Shape><tt:BoundingBox left="NaN" top="1" right="1" bottom="0"/></tt:Shape></tt:Appearance></tt:Object>
<tt:Object ObjectId="2"><tt:Appearance><tt:Shape><tt:BoundingBox left="1e308" top="1" right="1" bottom="0"/></tt:Shape></tt:Appearance></tt:Object>
<tt:Object ObjectId="3"><tt:Appearance><tt:Shape><tt:BoundingBox left="0" top="1" right="1" bottom="0"/></tt:Shape></tt:Appearance></tt:Object>`))
	if len(d.Frames[0].Objects) != 3 || d.Frames[0].Objects[0].Box != nil || d.Frames[0].Objects[2].Box == nil || len(d.Findings) != 2 {
		t.Errorf("%+v, findings %v", d.Frames[0].Objects, d.Findings)
	}
}

func TestGzipIsUndoneWithinBounds(t *testing.T) {
	pack := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.Bytes()
	}
	if d, err := Parse(pack(scene("")), "gzip"); err != nil || len(d.Frames) != 1 {
		t.Errorf("%v, %v", d, err)
	}
	if _, err := Parse(pack(strings.Repeat(" ", 1<<20)), "gzip"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a gzip bomb gave %v", err)
	}
	var enc *EncodingError
	if _, err := Parse([]byte{1}, "exi"); !errors.As(err, &enc) {
		t.Errorf("exi gave %v", err)
	}
}

func TestMotionCellsAreUnpacked(t *testing.T) {
	d := one(t, scene(`<tt:Extension><tt:MotionInCells Columns="8" Rows="2" Cells="AYEB"/></tt:Extension>`))
	m := d.Frames[0].Motion
	if m == nil || !m.Cells[0] || m.Cells[1] || !m.Cells[7] || !m.Cells[15] || m.Cells[8] {
		t.Errorf("%+v", m)
	}
}

func FuzzParse(f *testing.F) {
	for _, doc := range []string{
		scene(`<tt:Object ObjectId="1"/>`), head + `<tt:Event/></tt:MetadataStream>`, scene(everything), events(crossing), scene(`<tt:Object ObjectId="1`),
		scene("<!-- ' --><tt:Object/>"), head + `<tt:SensorData UtcTime="x" SensorID="1"><tt:Value>NaN</tt:Value></tt:SensorData></tt:MetadataStream>`,
		"\xef\xbb\xbf" + scene("\xff\x00"), scene(`<tt:Transformation><tt:Scale x="1e308" y="NaN"/></tt:Transformation>`),
	} {
		f.Add([]byte(doc), "")
	}
	f.Add([]byte{0x1f, 0x8b, 8, 0}, "gzip")
	f.Add([]byte{0x80}, "exi")
	f.Fuzz(func(t *testing.T, doc []byte, encoding string) {
		d, err := Parse(doc, encoding)
		if (err == nil) != (d != nil) {
			t.Fatalf("document %v with error %v", d, err)
		}
		if err != nil {
			return
		}
		if len(d.Findings) > maxFindings+1 {
			t.Errorf("%d findings", len(d.Findings))
		}
		for _, fr := range d.Frames {
			for _, o := range append(fr.Objects, fr.Shown(16, 9).Objects...) {
				if b := o.Box; b != nil && !(b.Left <= b.Right && b.Bottom <= b.Top) {
					t.Errorf("box %+v is not sorted", *b)
				}
				o.Facts()
			}
			if m := fr.Motion; m != nil && len(m.Cells) != m.Columns*m.Rows {
				t.Errorf("%d cells of %d by %d", len(m.Cells), m.Columns, m.Rows)
			}
		}
		for _, e := range d.Events {
			if e.Topic == "" {
				t.Error("an event without topic")
			}
			e.Title()
			e.Detail()
		}
	})
}

func FuzzTopicWords(f *testing.F) {
	for _, s := range []string{"tns1:RuleEngine/LineDetector/Crossed", "/", "a:b:c", "tns1:", "Device/Trigger/HTTPInput2", "\xff/\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		if words, known := TopicWords(topic); known && words == "" {
			t.Errorf("%q is known without words", topic)
		}
	})
}
