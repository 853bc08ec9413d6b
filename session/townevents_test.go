package session

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"vedette/events"
	"vedette/internal/fixture"
	"vedette/internal/town"
	"vedette/media"
	"vedette/metadata"
	"vedette/verify"
)

// written finds the events in a document of the town as they were written. It
// knows nothing of metadata's own reader.
var (
	written = regexp.MustCompile(`<wsnt:Topic [^>]*>([^<]*)</wsnt:Topic><wsnt:Message><tt:Message UtcTime="([^"]*)"(?: PropertyOperation="([^"]*)")?>` +
		`<tt:Source>(.*?)</tt:Source><tt:Key>(.*?)</tt:Key><tt:Data>(.*?)</tt:Data>`)
	writtenItem = regexp.MustCompile(`Name="([^"]*)" Value="([^"]*)"`)
)

func itemsOf(text []byte) []metadata.Item {
	var out []metadata.Item
	for _, m := range writtenItem.FindAllSubmatch(text, -1) {
		var v string
		_ = xml.Unmarshal([]byte("<a>"+string(m[2])+"</a>"), &v)
		out = append(out, metadata.Item{Name: string(m[1]), Value: v})
	}
	return out
}

func line(u, topic, operation string, sample int, sets ...[]metadata.Item) string {
	return fmt.Sprint(u, " ", topic, " ", operation, " ", sample, " ", sets)
}

// Every event that the town's analytics wrote is listed with its time to the
// millisecond, its topic and its items, and every box lies where the actor was
// drawn.
func TestEveryEventAndBoxOfTheTownIsFound(t *testing.T) {
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		t.Fatal(err)
	}
	const w, h, skew = 320, 180, 1700 * time.Millisecond
	for n, from := range map[int]int{1: 260, 3: 28 * town.Rate} { // a covered lens and a crossing; loitering
		s := fixture.Shoot{Seed: 1, Camera: town.Cameras()[n], W: w, H: h, From: from, Count: 150, Skew: skew, Film: fixture.Film{Codec: "libx264", GOP: 50, Quality: 40}}
		video, meta, _, err := s.Record()
		if err != nil {
			t.Fatal(err)
		}
		start := fixture.Time(from).Add(skew)
		x := &fixture.Export{
			Side: fixture.Side{UnitName: "Town", Time: town.Start}, W: w, H: h, Video: video, Meta: meta,
			Starts: map[uint32]time.Time{fixture.VideoTrack: start, fixture.MetaTrack: start},
		}
		right := map[uint32]time.Time{fixture.VideoTrack: start.Add(-skew), fixture.MetaTrack: start.Add(-skew)}
		x.Seals = []fixture.SealBy{{Signer: world.Exporter, Starts: x.Starts}, {Signer: world.Exporter, Starts: right}}
		var file bytes.Buffer
		if err := x.Write(&file); err != nil {
			t.Fatal(err)
		}
		session := openBytes(t, file.Bytes())
		var want []string
		for i, m := range meta.Samples {
			for _, e := range written.FindAllSubmatch(m.Data, -1) {
				want = append(want, line(string(e[2]), string(e[1]), string(e[3]), i, itemsOf(e[4]), itemsOf(e[5]), itemsOf(e[6])))
			}
		}
		d, err := ReadEvents(context.Background(), session.Export(), nil)
		if err != nil || len(d.Findings) != 0 {
			t.Fatal(err, d.Findings)
		}
		var got []string
		for i := range d.Store.Len() {
			e := d.Store.Event(i)
			got = append(got, line(e.Declared.Time().Format("2006-01-02T15:04:05.000Z"), e.Topic, e.Operation, e.Sample, e.Source, e.Key, e.Data))
			if off := e.Declared.Time().Sub(e.UTC.Time()); off != skew {
				t.Errorf("the correction of the clock is %s, want %s", off, skew)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || len(want) < 2 {
			t.Errorf("%s: listed\n%q\nwant\n%q", s.Camera.ID, got, want)
		}
		compareBoxes(t, session, s)
	}
}

// compareBoxes looks at every seventh picture.
func compareBoxes(t *testing.T, session *Session, s fixture.Shoot) {
	t.Helper()
	filmer := town.New(s.Seed).NewFilmer(s.Camera, s.W, s.H, s.Skew)
	video := session.Videos()[0]
	table := session.Export().Table(video.ID)
	boxes := 0
	for n := 0; n < s.Count; n += 7 {
		p := filmer.Draw(s.From + n)
		o := session.Overlay(table.At(table.ByFrame(n + 1)))
		if o == nil || o.Age != 0 || len(o.Objects) != len(p.Seen) {
			t.Fatalf("picture %d: %+v, want %d objects", n, o, len(p.Seen))
		}
		for i, seen := range p.Seen {
			x := o.Objects[i]
			x0, y0, x1, y1 := x.Box.Pixels(s.W, s.H)
			want := [4]float64{float64(seen.Box.Min.X), float64(seen.Box.Min.Y), float64(seen.Box.Max.X), float64(seen.Box.Max.Y)}
			for k, v := range [4]float64{x0, y0, x1, y1} {
				if math.Abs(v-want[k]) > 1 || x.ID != fmt.Sprint(seen.Actor.ID) {
					t.Errorf("picture %d object %s: edge %d at %g, want %g", n, x.ID, k, v, want[k])
				}
			}
			boxes++
		}
	}
	if boxes == 0 {
		t.Error("no box was there to compare")
	}
}

func openBytes(t *testing.T, data []byte) *Session {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.mp4")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), path, Options{Now: time.Now, Policy: func() verify.Policy { return verify.Policy{Now: time.Now()} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Examined(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Export().Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func vector(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../testdata/export/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNestedTransformationOfAFileIsApplied(t *testing.T) {
	s := openBytes(t, vector(t, "B0_nested_transform.mp4"))
	v := s.Videos()[0]
	table := s.Export().Table(v.ID)
	found := 0
	for i := range table.Len() {
		o := s.Overlay(table.At(i))
		if o == nil {
			continue
		}
		for _, x := range o.Objects {
			if x.Box == nil {
				continue
			}
			x0, y0, x1, y1 := x.Box.Pixels(v.Width, v.Height)
			if got := fmt.Sprintf("%.1f..%.1f, %.1f..%.1f of %dx%d", x0, x1, y0, y1, v.Width, v.Height); got == "190.0..210.0, 82.5..97.5 of 320x240" {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("no box at X 190..210, Y 82.5..97.5 of 320x240")
	}
}

func TestEventsOfPackedDocumentsAreThoseOfPlainOnes(t *testing.T) {
	var got [2][]events.Event
	for i, name := range []string{"01_single.mp4", "99_gzip_meta.mp4"} {
		d, err := ReadEvents(context.Background(), openBytes(t, vector(t, name)).Export(), nil)
		if err != nil || len(d.Findings) != 0 || d.Store.Len() == 0 {
			t.Fatal(name, err, d.Findings)
		}
		for k := range d.Store.Len() {
			got[i] = append(got[i], d.Store.Event(k))
		}
	}
	if fmt.Sprint(lines(got[0])) != fmt.Sprint(lines(got[1])) {
		t.Errorf("%v\n%v", lines(got[0]), lines(got[1]))
	}
}

func lines(list []events.Event) []string {
	var out []string
	for _, e := range list {
		out = append(out, line(e.UTC.String(), e.Topic, e.Operation, e.Sample, e.Source, e.Key, e.Data))
	}
	return out
}

// A track that is stored in a form that is not undone is named once; the rest of
// the file is used.
func TestExiIsNamedOnceAndTheRestIsUsed(t *testing.T) {
	data := vector(t, "99_gzip_meta.mp4")
	old := []byte("gzip\x00http://www.onvif.org/ver10/schema\x00\x00")
	if !bytes.Contains(data, old) {
		t.Fatal("the vector is another")
	}
	s := openBytes(t, bytes.Replace(data, old, []byte("exi\x00http://www.onvif.org/ver10/schema\x00\x00\x00"), 1))
	d, err := ReadEvents(context.Background(), s.Export(), nil)
	if err != nil || d.Store.Len() != 0 || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-ENCODING" {
		t.Errorf("%v, findings %v", err, d.Findings)
	}
	v := s.Videos()[0]
	if s.Export().Table(v.ID).Len() == 0 {
		t.Error("the pictures are lost")
	}
	if o := s.Overlay(s.Export().Table(v.ID).At(0)); o != nil {
		t.Errorf("objects from nowhere: %+v", o)
	}
}

// A document that is too large is not read, and the others are.
func TestOneDocumentTooLargeLosesNoOther(t *testing.T) {
	plain := []byte(`<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"><tt:Event><wsnt:NotificationMessage>` +
		`<wsnt:Topic>tns1:VideoSource/MotionAlarm</wsnt:Topic><wsnt:Message><tt:Message UtcTime="1926-03-01T12:00:00Z"/></wsnt:Message></wsnt:NotificationMessage></tt:Event></tt:MetadataStream>`)
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		t.Fatal(err)
	}
	s := fixture.Shoot{Seed: 1, Camera: town.Cameras()[0], W: 64, H: 36, Count: 5, Film: fixture.Film{Codec: "libx264", GOP: 5, Quality: 40}}
	video, meta, _, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	meta.Samples[0].Data = append(bytes.Clone(plain), make([]byte, metadata.MaxDocument)...)
	meta.Samples[1].Data = plain
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Town", Time: town.Start}, W: s.W, H: s.H, Video: video, Meta: meta,
		Starts: map[uint32]time.Time{fixture.VideoTrack: town.Start, fixture.MetaTrack: town.Start},
	}
	x.Seals = []fixture.SealBy{{Signer: world.Exporter, Starts: x.Starts}}
	var file bytes.Buffer
	if err := x.Write(&file); err != nil {
		t.Fatal(err)
	}
	e := openBytes(t, file.Bytes()).Export()
	d, err := ReadEvents(context.Background(), e, nil)
	if err != nil || d.Store.Len() < 1 {
		t.Fatal(err, d.Findings)
	}
	codes := ""
	for _, f := range d.Findings {
		codes += f.Code + " "
	}
	if codes != "METADATA-UNREADABLE CLOCK-MISMATCH " {
		t.Errorf("findings %s", codes)
	}
	first := d.Store.Event(0) // a century away: its own time is kept, the sample's counts
	if first.Declared.String() != "1926-03-01T12:00:00Z" || *first.UTC != media.FromTime(town.Start)+400_000 {
		t.Errorf("declared %s, placed at %s", first.Declared, first.UTC)
	}
}
