package session

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/internal/town"
)

// Two analytics modules describe the scene in turn: each one's last scene counts
// until its next, or for half a second. An empty scene clears its own objects.
func TestScenesOfSeveralModulesAreShownTogether(t *testing.T) {
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		t.Fatal(err)
	}
	s := fixture.Shoot{Seed: 1, Camera: town.Cameras()[0], W: 64, H: 36, Count: 30, Film: fixture.Film{Codec: "libx264", GOP: 5, Quality: 40}}
	video, meta, _, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	for i := range meta.Samples {
		frame := ""
		switch i {
		case 0:
			frame = `<tt:Frame UtcTime="%s" Source="a"><tt:Object ObjectId="1"/></tt:Frame>`
		case 1, 5:
			frame = `<tt:Frame UtcTime="%s" Source="b"><tt:Object ObjectId="2"/></tt:Frame>`
		case 20:
			frame = `</tt:VideoAnalytics><tt:PTZ><tt:PTZStatus><tt:Position><tt:PanTilt x=".5" y="0"/></tt:Position><tt:UtcTime>%s</tt:UtcTime></tt:PTZStatus></tt:PTZ><tt:VideoAnalytics>`
		case 8:
			frame = `</tt:VideoAnalytics><tt:SensorData SensorID="7" UtcTime="%s"><tt:Type>Heat</tt:Type><tt:Value>21.50</tt:Value></tt:SensorData><x:Rain xmlns:x="urn:x">none</x:Rain><tt:VideoAnalytics>`
		case 3:
			frame = `<tt:Frame UtcTime="%s" Source="b"/>`
		}
		if frame != "" {
			frame = fmt.Sprintf(frame, town.Start.Add(time.Duration(i)*40*time.Millisecond).Format(time.RFC3339Nano))
		}
		meta.Samples[i].Data = []byte(`<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"><tt:VideoAnalytics>` + frame + `</tt:VideoAnalytics></tt:MetadataStream>`)
	}
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Town", Time: town.Start}, W: s.W, H: s.H, Video: video, Meta: meta,
		Starts: map[uint32]time.Time{fixture.VideoTrack: town.Start, fixture.MetaTrack: town.Start},
	}
	x.Seals = []fixture.SealBy{{Signer: world.Exporter, Starts: x.Starts}}
	var file bytes.Buffer
	if err := x.Write(&file); err != nil {
		t.Fatal(err)
	}
	session := openBytes(t, file.Bytes())
	v := session.Videos()[0]
	table := session.Export().Table(v.ID)
	shown := func(frame int) string {
		o := session.Overlay(table.At(table.ByFrame(frame + 1)))
		if o == nil {
			return "none"
		}
		out := ""
		for _, x := range o.Objects {
			out += x.ID
		}
		if o.PTZ != nil && *o.PTZ.Pan == .5 {
			out += "turned"
		}
		return out
	}
	if o := session.Overlay(table.At(table.ByFrame(10))); o == nil || fmt.Sprint(o.Facts) != "[{Sensor 7 Heat 21.50} {Rain none} {Module b} {Module a}]" {
		t.Errorf("beside objects there is %+v", o)
	}
	for frame, want := range map[int]time.Duration{0: 0, 1: 40, 2: 80, 3: 120, 10: 400} { // of object 1, while it is shown
		if o := session.Overlay(table.At(table.ByFrame(frame + 1))); o == nil || o.Age != want*time.Millisecond {
			t.Errorf("picture %d has an overlay of age %v, want %d ms", frame, o, want)
		}
	}
	for frame, want := range map[int]string{1: "21", 2: "21", 3: "1", 5: "21", 10: "21", 14: "2", 19: "", 22: "turned", 20: "turned", 29: "turned"} {
		if got := shown(frame); got != want {
			t.Errorf("picture %d shows objects %q, want %q", frame, got, want)
		}
	}
}
