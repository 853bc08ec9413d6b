package metadata

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// everything is an object with every kind of appearance and behaviour.
const everything = `<tt:Object ObjectId="12" Parent="3" UUID="u-12"><tt:Appearance>
<tt:Shape><tt:BoundingBox left="-.5" top=".5" right="0" bottom="0"/><tt:CenterOfGravity x="-.25" y=".25"/>
<tt:Polygon><tt:Point x="0" y="0"/><tt:Point x=".1" y="0"/><tt:Point x="0" y=".1"/></tt:Polygon>
<tt:Polygon><tt:Point x="0" y="0"/><tt:Point x="-.1" y="0"/><tt:Point x="0" y="-.1"/></tt:Polygon></tt:Shape>
<tt:Color><tt:ColorCluster><tt:Color X="176" Y="42" Z="38" Colorspace="http://www.onvif.org/ver10/colorspace/RGB" Likelihood=".8"/><tt:Weight>.6</tt:Weight></tt:ColorCluster></tt:Color>
<tt:Class><tt:Type Likelihood=".4">Human</tt:Type><tt:Type Likelihood=".9">Vehicle</tt:Type></tt:Class>
<tt:Extension><v:Mood xmlns:v="urn:v" level="2">calm</v:Mood></tt:Extension>
<tt:GeoLocation lon="3.5" lat="54.5" elevation="4"/>
<tt:VehicleInfo><tt:Type Likelihood=".7">Car</tt:Type><tt:Brand Likelihood=".5">Make</tt:Brand><tt:Model>T</tt:Model></tt:VehicleInfo>
<tt:LicensePlateInfo><tt:PlateNumber Likelihood=".93">SH 12 AB</tt:PlateNumber><tt:PlateType>Normal</tt:PlateType><tt:CountryCode>SX</tt:CountryCode><tt:IssuingEntity>Harbour</tt:IssuingEntity></tt:LicensePlateInfo>
<tt:HumanFace><fc:Age xmlns:fc="urn:f"><tt:Min>20</tt:Min><tt:Max>30</tt:Max></fc:Age></tt:HumanFace>
<tt:HumanBody><bd:Clothing xmlns:bd="urn:b"><bd:Tops><bd:Category>Coat</bd:Category><bd:Color><tt:ColorCluster><tt:Color X="255" Y="0" Z="0" Colorspace="RGB"/></tt:ColorCluster></bd:Color></bd:Tops></bd:Clothing></tt:HumanBody>
<tt:Image>AAAA</tt:Image><tt:BarcodeInfo><tt:Data Likelihood="1">42</tt:Data><tt:Type>QRCode</tt:Type><tt:PPM>3.5</tt:PPM></tt:BarcodeInfo>
<tt:SphericalCoordinate Distance="12" ElevationAngle="-3" AzimuthAngle="40"/><tt:Label Likelihood=".5"><tt:Authority>UNECE_ADR</tt:Authority><tt:ID>33</tt:ID></tt:Label>
</tt:Appearance><tt:Behaviour><tt:Idle/><tt:Speed>1.5</tt:Speed><tt:Direction yaw="90" pitch="0"/></tt:Behaviour></tt:Object>`

func TestEveryKindOfAppearanceIsRead(t *testing.T) {
	d := one(t, scene(everything))
	o := d.Frames[0].Objects[0]
	if len(d.Findings) != 0 {
		t.Errorf("findings %v", d.Findings)
	}
	if o.ID != "12" || o.Parent != "3" || o.Class != "Vehicle" || o.Likelihood != .9 || len(o.Classes) != 2 || len(o.Polygons) != 2 || o.Centre.X != -.25 {
		t.Errorf("%+v", o)
	}
	var b strings.Builder
	for _, f := range o.Facts() {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
	}
	want := `Class: Human (40 %)
Class: Vehicle (90 %)
Part of: 3
Number plate: SH 12 AB (93 %)
Kind of plate: Normal
Country: SX
Issued by: Harbour
Vehicle: Car (70 %)
Brand: Make (50 %)
Model: T
Colour: #b02a26 (60 %)
Bar code: 42 (100 %)
Kind of code: QRCode
Label: UNECE_ADR 33 (50 %)
Face, Age/Min: 20
Face, Age/Max: 30
Body, Clothing/Tops/Category: Coat
Body, Clothing/Tops/Color: #ff0000
Declared place: 54.500000, 3.500000
Distance: 12.0 m
Speed: 1.5 m/s
Heading: 90 degrees
Behaviour: idle
Picture: in the document
Mood: calm, level=2
`
	if b.String() != want {
		t.Errorf("facts are\n%s", b.String())
	}
}

func TestRatioOfTheShownPictureChoosesItsTransformation(t *testing.T) {
	d := one(t, scene(`<tt:Object ObjectId="1"><tt:Appearance><tt:Shape><tt:BoundingBox left="-1" top="1" right="1" bottom="-1"/></tt:Shape></tt:Appearance></tt:Object>
<tt:AspectRatioTransformation ratio="1.7777"><tt:Scale x=".5" y="1"/></tt:AspectRatioTransformation>
<tt:AspectRatioTransformation ratio="1.3333"><tt:Translate x=".5" y="0"/><tt:Scale x=".25" y="1"/></tt:AspectRatioTransformation>`))
	for _, c := range []struct {
		w, h        int
		left, right float64
	}{{1920, 1080, -.5, .5}, {640, 480, .25, .75}, {500, 500, -1, 1}, {0, 0, -1, 1}} {
		b := d.Frames[0].Shown(c.w, c.h).Objects[0].Box
		if math.Abs(b.Left-c.left) > 1e-9 || math.Abs(b.Right-c.right) > 1e-9 {
			t.Errorf("%d x %d: %+v, want %g to %g", c.w, c.h, *b, c.left, c.right)
		}
	}
	if b := d.Frames[0].Objects[0].Box; b.Left != -1 {
		t.Errorf("the frame itself was changed: %+v", *b)
	}
}

func TestChangesOfTheTreeOfObjectsAreReadInBothSpellings(t *testing.T) {
	d := one(t, scene(`<tt:ObjectTree><tt:Rename><tt:from ObjectId="1"/><tt:to ObjectId="2"/></tt:Rename><tt:Split><tt:From ObjectId="2"/><tt:To ObjectId="3"/><tt:To ObjectId="4"/></tt:Split>
<tt:Merge><tt:from ObjectId="3"/><tt:from ObjectId="4"/><tt:to UUID="u"/></tt:Merge><tt:Delete ObjectId="5"/><tt:Delete/></tt:ObjectTree>`))
	got := fmt.Sprint(d.Frames[0].Tree)
	if facts := fmt.Sprint(d.Frames[0].Facts()); facts != "[{Rename 1 to 2} {Split 2 to 3, 4} {Merge 3, 4 to u} {Delete 5}]" {
		t.Error(facts)
	}
	if want := "[{Rename [1] [2]} {Split [2] [3 4]} {Merge [3 4] [u]} {Delete [5] []}]"; got != want || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-TREE" {
		t.Errorf("%s, findings %v", got, d.Findings)
	}
}

func TestStatesOfMovingCamerasKeepTheirSpaces(t *testing.T) {
	d := one(t, head+`<tt:PTZ><tt:PTZStatus><tt:Position><tt:PanTilt x="-.5" y=".25" space="urn:p"/><tt:Zoom x="1" space="urn:z"/></tt:Position>
<tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt><tt:Zoom>MOVING</tt:Zoom></tt:MoveStatus><tt:Error>stuck</tt:Error><tt:UtcTime>2026-03-01T12:00:00Z</tt:UtcTime><tt:FieldOfView hfov="40" vfov="22"/><tt:Iris>3</tt:Iris></tt:PTZStatus></tt:PTZ></tt:MetadataStream>`)
	p := d.PTZ[0]
	if *p.Pan != -.5 || *p.Tilt != .25 || *p.Zoom != 1 || p.PanTiltSpace != "urn:p" || p.ZoomSpace != "urn:z" || p.Moving != "MOVING" || p.Error != "stuck" || !p.HasUTC || *p.Width != 40 || *p.Height != 22 ||
		fmt.Sprint(p.Other) != "[{Iris 3}]" {
		t.Errorf("%+v", p)
	}
}

func TestSensorsAreKeptAsText(t *testing.T) {
	d := one(t, head+`<tt:SensorData UtcTime="2026-03-01T12:00:00Z" SensorID="s1"><tt:Type>Temperature</tt:Type><tt:Value>21.50</tt:Value><tt:Unit>C</tt:Unit></tt:SensorData></tt:MetadataStream>`)
	if s := d.Sensors[0]; s.ID != "s1" || s.Type != "Temperature" || s.Value != "21.50" || !s.HasUTC || fmt.Sprint(s.Other) != "[{Unit C}]" {
		t.Errorf("%+v", s)
	}
	if f := d.Sensors[0].Fact(); f != (Item{"Sensor s1", "Temperature 21.50, Unit C"}) {
		t.Error(f)
	}
}

func TestUnknownElementsAreKeptWithinBounds(t *testing.T) {
	d := one(t, head+`<x:Weather xmlns:x="urn:x" wind="4"><x:Rain>none</x:Rain></x:Weather><tt:VideoAnalytics><tt:Heat>1</tt:Heat></tt:VideoAnalytics>`+strings.Repeat(`<tt:A/>`, 1000)+`</tt:MetadataStream>`)
	if len(d.Other) != maxOther || d.Other[0] != (Item{"Weather", "wind=4, Rain=none"}) || d.Other[1] != (Item{"Heat", "1"}) || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-UNKNOWN" {
		t.Errorf("%d kept, %v, findings %v", len(d.Other), d.Other[:2], d.Findings)
	}
}

func TestAThousandObjectsMoreThanAreKeptAreNamed(t *testing.T) {
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, `<tt:Object ObjectId="%d"><tt:Appearance><tt:Shape><tt:BoundingBox left="0" top="0" right="0" bottom="0"/></tt:Shape></tt:Appearance></tt:Object>`, i)
	}
	d := one(t, scene(b.String()))
	if n := len(d.Frames[0].Objects); n != MaxObjects || len(d.Findings) != 1 || d.Findings[0].Code != "METADATA-OBJECTS" {
		t.Errorf("%d objects, findings %v", n, d.Findings)
	}
}
