package metadata

import (
	"bytes"
	"compress/gzip"
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestQuotesInCommentsHideNoAttributes(t *testing.T) {
	many := `<tt:Object` + strings.Repeat(` a="1"`, MaxAttributes+1) + `/>`
	for _, before := range []string{`<!-- ' -->`, `<!-- " = -->`, `<![CDATA[ ' ]]>`, `<?x ' ?>`} {
		if _, err := Parse([]byte(scene(before+many)), ""); err == nil || !strings.Contains(err.Error(), "attributes") {
			t.Errorf("after %s: %v", before, err)
		}
	}
	if _, err := Parse([]byte(scene(`<!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE x>]]>`)), ""); err != nil {
		t.Errorf("a comment was taken for a DTD: %v", err)
	}
}

func TestLargeMarkupIsRefusedBeforeItIsHeld(t *testing.T) {
	long := strings.Repeat("x", MaxToken+1)
	for name, inner := range map[string]string{
		"comment": "<!--" + long + "-->", "instruction": "<?" + long + "?>", "attribute": `<tt:A a="` + long + `"/>`,
		"elements": strings.Repeat("<tt:A/>", MaxElements+1),
	} {
		if _, err := Parse([]byte(scene(inner)), ""); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAHundredMegabytesAreRefusedWithoutReadingThem(t *testing.T) {
	doc := make([]byte, 100<<20)
	copy(doc, head)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Parse(doc, "")
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("%d bytes were taken", took)
	}
}

func TestGzipInSeveralMembersIsStillBounded(t *testing.T) {
	var b bytes.Buffer
	for range 100 {
		z := gzip.NewWriter(&b)
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Close()
	}
	if _, err := Parse(b.Bytes(), "gzip"); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestBytesThatAreNoTextAreShownAndNamed(t *testing.T) {
	d := one(t, events(strings.Replace(crossing, "Kerb", "K\xe4rb\x00\uFFFE", 1)))
	if got := d.Events[0].Source[0].Value; got != "K\uFFFDrb\uFFFD\uFFFD" || d.Findings[0].Code != "METADATA-LETTERS" {
		t.Errorf("%q, findings %v", got, d.Findings)
	}
}

func TestADocumentThatBreaksOffKeepsWhatWasRead(t *testing.T) {
	whole := events(crossing + crossing)
	d, err := Parse([]byte(whole[:len(whole)-100]), "")
	if err != nil || d.Broken == nil || len(d.Events) != 1 || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-BROKEN" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := Parse([]byte(events(crossing+strings.Repeat("<tt:a>", 100)+strings.Repeat("</tt:a>", 100))), ""); err == nil {
		t.Error("harm after an event was accepted")
	}
}

func TestTimesThatAreOddAreReadOrNamed(t *testing.T) {
	for written, want := range map[string]string{
		"2026-03-01T12:00:00": "2026-03-01T12:00:00Z", "2026-03-01T24:00:00Z": "2026-03-02T00:00:00Z", "2016-12-31T23:59:60Z": "2017-01-01T00:00:00Z",
		"1926-03-01T12:00:00Z": "1926-03-01T12:00:00Z", "2126-03-01T12:00:00.1234567Z": "2126-03-01T12:00:00.1234567Z", "2026-03-01T13:00:00+01:00": "2026-03-01T12:00:00Z",
		"yesterday": "", "": "", "2026-13-01T12:00:00Z": "", "99999-01-01T00:00:00Z": "",
	} {
		d := one(t, strings.Replace(scene(""), "2026-03-01T12:00:00Z", written, 1))
		f := d.Frames[0]
		if want == "" {
			if f.HasUTC || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-TIME" {
				t.Errorf("%q: %v, findings %v", written, f.UTC, d.Findings)
			}
		} else if !f.HasUTC || f.UTC.String() != want {
			t.Errorf("%q is read as %v, want %s", written, f.UTC, want)
		}
	}
}

func TestNumbersOfATransformationThatCannotBeReadAreNamed(t *testing.T) {
	for _, n := range []string{"NaN", "1e308", "Inf", "x", ""} {
		d := one(t, scene(`<tt:Transformation><tt:Scale x="`+n+`" y="1"/></tt:Transformation><tt:Object ObjectId="1"><tt:Appearance><tt:GeoLocation lat="91" lon="0"/></tt:Appearance></tt:Object>`))
		if len(d.Findings) != 2 || d.Findings[0].Code != "METADATA-TRANSFORMATION" || d.Findings[1].Code != "METADATA-PLACE" {
			t.Errorf("%q: findings %v", n, d.Findings)
		}
	}
}

func TestTooManySensorsAndEventsAreNamed(t *testing.T) {
	d := one(t, head+strings.Repeat(`<tt:SensorData SensorID="1"/>`, maxEvents+2)+`<tt:Event>`+strings.Repeat(message("", "a"), maxEvents+2)+`</tt:Event></tt:MetadataStream>`)
	if len(d.Sensors) != maxEvents || len(d.Events) != maxEvents || len(d.Findings) != 4 || d.Findings[0].Code != "METADATA-SENSORS" || d.Findings[2].Code != "METADATA-EVENTS" {
		t.Errorf("%d, %d, findings %v", len(d.Sensors), len(d.Events), d.Findings)
	}
}
