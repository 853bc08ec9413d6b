package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/internal/town"
)

// eventsFile writes an export whose metadata documents hold the given messages,
// one document a second. A message is "topic operation source data value".
func eventsFile(t *testing.T, messages ...string) string {
	t.Helper()
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		t.Fatal(err)
	}
	s := fixture.Shoot{Seed: 1, Camera: town.Cameras()[0], W: 64, H: 36, Count: len(messages), Film: fixture.Film{Codec: "libx264", GOP: 5, Quality: 40}}
	video, meta, _, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		f := strings.SplitN(m, " ", 5)
		operation := ""
		if f[1] != "-" {
			operation = ` PropertyOperation="` + f[1] + `"`
		}
		meta.Samples[i].Duration, video.Samples[i].Duration = meta.Scale, video.Scale
		meta.Samples[i].Data = fmt.Appendf(nil, `<m:MetaDataStream xmlns:m="http://www.onvif.org/ver10/schema" xmlns:n="http://docs.oasis-open.org/wsn/b-2" xmlns:o="http://www.onvif.org/ver10/topics"><m:Event><n:NotificationMessage>`+
			`<n:Topic>%s</n:Topic><n:Message><m:Message UtcTime="%s"%s><m:Source><m:SimpleItem Name="Rule" Value="%s"/></m:Source><m:Data><m:SimpleItem Name="%s" Value="%s"/></m:Data></m:Message></n:Message></n:NotificationMessage></m:Event></m:MetaDataStream>`,
			f[0], town.Start.Add(time.Duration(i)*time.Second).Format(time.RFC3339), operation, f[2], f[3], f[4])
	}
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Town", Time: town.Start}, W: s.W, H: s.H, Video: video, Meta: meta, Plain: true,
		Starts: map[uint32]time.Time{fixture.VideoTrack: town.Start, fixture.MetaTrack: town.Start},
	}
	x.Seals = []fixture.SealBy{{Signer: world.Exporter, Starts: x.Starts}}
	path := filepath.Join(t.TempDir(), "events.mp4")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Write(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

var dayAtTheKerb = []string{
	"o:VideoSource/MotionAlarm Initialized Street State false",
	"o:VideoSource/MotionAlarm Changed Street State true",
	"o:RuleEngine/LineDetector/Crossed - Kerb ObjectId 4",
	"o:VideoSource/MotionAlarm Changed Street State false",
	"o:Device/Trigger/DigitalInput Changed Door LogicalState true",
	"mine:Weather Changed Roof Wind =1+1;@x",
}

func TestFiltersAreFlags(t *testing.T) {
	file := eventsFile(t, dayAtTheKerb...)
	for _, c := range []struct {
		args []string
		want string // the seconds of what is listed
	}{
		{nil, "0 1 2 3 4 5"},
		{[]string{"--topic", "tns1:RuleEngine"}, "2"},
		{[]string{"--topic", "Motion"}, "0 1 3"},
		{[]string{"--source", "street"}, "0 1 3"},
		{[]string{"--object", "4"}, "2"},
		{[]string{"--state", "on"}, "1 4"},
		{[]string{"--text", "crossed kerb"}, "2"},
		{[]string{"--from", "2026-03-01T12:00:02Z", "--to", "2026-03-01T13:00:04+01:00"}, "2 3"},
		{[]string{"--state", "off", "--from", "2026-03-01T12:00:01Z"}, "3"},
	} {
		status, out, stderr := ctl(append(append([]string{"events", "--json"}, c.args...), file)...)
		var doc struct {
			Schema string
			Events []struct {
				UTC  time.Time
				Data map[string]string
			}
			Findings []any
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 0 || doc.Schema != "vedette.events/1" || doc.Findings == nil {
			t.Fatalf("%v: status %d, %v, %s%s", c.args, status, err, out, stderr)
		}
		var got []string
		for _, e := range doc.Events {
			got = append(got, fmt.Sprint(e.UTC.Sub(town.Start).Seconds()))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v lists %s, want %s", c.args, got, c.want)
		}
	}
	if _, out, _ := ctl("events", "--text", "nobody", file); !strings.Contains(out, "no event passes the filters; there are 6") {
		t.Errorf("an empty answer reads %q", out)
	}
}

func TestSpansTellFromWhenToWhen(t *testing.T) {
	file := eventsFile(t, append(dayAtTheKerb, "o:VideoSource/SignalLoss Changed Street State false")...)
	_, out, _ := ctl("events", "--spans", file)
	want := `2026-03-01T12:00:01Z                 2026-03-01T12:00:03Z                 Motion                   Rule=Street
2026-03-01T12:00:04Z                 still 2026-03-01T12:00:04Z           Digital input            Rule=Door
2026-03-01T12:00:05Z                 still 2026-03-01T12:00:05Z           Weather                  Rule=Roof | Wind==1+1;@x
before 2026-03-01T12:00:06Z          2026-03-01T12:00:06Z                 Signal lost              Rule=Street
`
	if out != want {
		t.Errorf("spans read\n%s", out)
	}
	_, out, _ = ctl("events", "--spans", "--json", "--state", "on", "--to", "2026-03-01T12:00:04Z", file)
	var doc struct {
		Spans []struct {
			From, To          time.Time
			Begin, End, State string
			Topic             string
			Source            map[string]string
			Data              map[string]string
			Events            int
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Spans) != 2 {
		t.Fatalf("%v, %s", err, out)
	}
	if s := doc.Spans[0]; s.To.Sub(s.From) != 2*time.Second || s.Begin != "told" || s.End != "told" || s.State != "on" || s.Topic != "tns1:VideoSource/MotionAlarm" || s.Source["Rule"] != "Street" || s.Events != 2 {
		t.Errorf("%+v", s)
	}
	if s := doc.Spans[1]; s.Begin != "outside" || len(s.Data) != 0 { // signal lost before, and back now
		t.Errorf("%+v", s)
	}
}

func TestTablesHoldNoFormula(t *testing.T) {
	file := eventsFile(t, dayAtTheKerb...)
	for _, args := range [][]string{{"events", "--csv", file}, {"events", "--csv", "--spans", file}} {
		_, out, _ := ctl(args...)
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatal(err, out)
		}
		for _, row := range rows {
			for _, c := range row {
				for _, part := range strings.Split(c, ";") {
					if strings.ContainsAny(strings.TrimLeft(part+" ", ` "'`)[:min(1, len(strings.TrimLeft(part+" ", ` "'`)))], "=+-@") && !strings.HasPrefix(part, "'") {
						t.Errorf("a spreadsheet would run %q", c)
					}
				}
			}
		}
	}
}

func TestSpreadsheetCellsAreHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-2": "'-2", "@x": "'@x", "\t=1": "<U+0009>=1", "\r=1": "<U+000D>=1",
		" =1": "' =1", "\"=1": "'\"=1", "'=1": "''=1", "\" '=1": "'\" '=1", "\u00a0=1": "'\u00a0=1", "`=1": "'`=1",
		"a;=1": "a;'=1", "a; -1;b": "a;' -1;b", "＝1": "'＝1", "＠x": "'＠x",
		"Kerb": "Kerb", "": "", "a=b": "a=b", "\"quoted\"": "\"quoted\"", "1-2": "1-2",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestARefusedFileHasADocumentToo(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(notes, []byte("these are notes and no export"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]int{notes: exitFailed, "missing.mp4": exitUsage} {
		status, out, stderr := ctl("events", "--json", file)
		var doc struct {
			Events   []any
			Findings []struct{ Code, Severity string }
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil || status != want || stderr == "" || doc.Events == nil || len(doc.Findings) != 1 || doc.Findings[0].Code != "FILE-UNREADABLE" || doc.Findings[0].Severity != "fatal" {
			t.Errorf("status %d, %v, %s", status, err, out)
		}
		if status, out, _ := ctl("events", file); status != want || out != "" {
			t.Errorf("status %d, %s", status, out)
		}
	}
}

func TestWrongFlagsOfEventsAreUsage(t *testing.T) {
	file := vectors + "01_single.mp4"
	for _, args := range [][]string{{"--json", "--csv"}, {"--state", "maybe"}, {"--spans", "--state", "off"}, {"--from", "noon"}} {
		if status, out, stderr := ctl(append(append([]string{"events"}, args...), file)...); status != exitUsage || out != "" || stderr == "" {
			t.Errorf("%v: status %d, %s", args, status, out)
		}
	}
	if status, _, stderr := ctl("events", "--from", "2026-03-01T12:00:00Z", vectors+"07_cstb_none.mp4"); status != exitDone && !strings.Contains(stderr, "absolute") {
		t.Errorf("status %d, %s", status, stderr)
	}
}

func TestItemsOfOneNameAreAllTold(t *testing.T) {
	b, err := itemsJSON{{Name: "A", Value: "<1>"}, {Name: "A", Value: "2"}, {Name: "\"", Value: "x"}}.MarshalJSON()
	if err != nil || string(b) != `{"A":"<1>","A (2)":"2","\"":"x"}` {
		t.Errorf("%s, %v", b, err)
	}
}
