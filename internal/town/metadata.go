package town

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"time"
)

// Scribe writes the metadata of one camera, picture by picture, as a device
// with analytics would.
type Scribe struct {
	f      *Filmer
	moving map[string]bool // state of properties already told
	sides  map[int]float64
	inZone map[int]float64
	told   map[int]bool
}

// NewScribe prepares to describe the pictures of a filmer.
func NewScribe(f *Filmer) *Scribe {
	return &Scribe{f: f, moving: map[string]bool{}, sides: map[int]float64{}, inZone: map[int]float64{}, told: map[int]bool{}}
}

// Describe returns the document for one picture, stamped with the recorder's
// clock. Pictures are to be described in order.
func (s *Scribe) Describe(p *Picture) []byte {
	var b strings.Builder
	utc := stamp(Start.Add(p.Time).Add(s.f.skew))
	b.WriteString(`<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics">`)
	fmt.Fprintf(&b, `<tt:VideoAnalytics><tt:Frame UtcTime="%s" Source="town">`, utc)
	s.ptz(&b, p, utc)
	// As many devices do: boxes in pixels, and one transformation for all.
	fmt.Fprintf(&b, `<tt:Transformation><tt:Translate x="-1" y="1"/><tt:Scale x="%.12g" y="%.12g"/></tt:Transformation>`, 2/float64(p.W), -2/float64(p.H))
	for _, o := range p.Seen {
		s.object(&b, p, o)
	}
	b.WriteString(`</tt:Frame></tt:VideoAnalytics>`)
	if e := s.events(p, utc); e != "" {
		b.WriteString(`<tt:Event>` + e + `</tt:Event>`)
	}
	b.WriteString(`</tt:MetadataStream>`)
	return []byte(b.String())
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *Scribe) object(b *strings.Builder, p *Picture, o Seen) {
	_, _, speed, _ := o.Actor.Place(p.Time.Seconds())
	likelihood := .72 + .26*math.Min(1, float64(o.Box.Dx()*o.Box.Dy())/9000)
	fmt.Fprintf(b, `<tt:Object ObjectId="%d"><tt:Appearance><tt:Shape><tt:BoundingBox left="%d" top="%d" right="%d" bottom="%d"/>`,
		o.Actor.ID, o.Box.Min.X, o.Box.Min.Y, o.Box.Max.X, o.Box.Max.Y)
	fmt.Fprintf(b, `<tt:CenterOfGravity x="%g" y="%g"/></tt:Shape>`, float64(o.Box.Min.X+o.Box.Max.X)/2, float64(o.Box.Min.Y+o.Box.Max.Y)/2)
	fmt.Fprintf(b, `<tt:Class><tt:Type Likelihood="%.2f">%s</tt:Type></tt:Class></tt:Appearance>`, likelihood, o.Actor.Kind.Class())
	fmt.Fprintf(b, `<tt:Behaviour><tt:Speed>%.2f</tt:Speed></tt:Behaviour></tt:Object>`, speed)
}

func (s *Scribe) ptz(b *strings.Builder, p *Picture, utc string) {
	if !s.f.cam.PTZ {
		return
	}
	bearing, tilt, fov, moving := s.f.cam.View(p.Time.Seconds())
	state := "IDLE"
	if moving {
		state = "MOVING"
	}
	pan := math.Remainder(bearing-s.f.cam.Bearing, 360) / 180
	fmt.Fprintf(b, `<tt:PTZStatus><tt:Position><tt:PanTilt x="%.4f" y="%.4f" space="http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"/>`, pan, -tilt/90)
	fmt.Fprintf(b, `<tt:Zoom x="%.4f" space="http://www.onvif.org/ver10/tptz/ZoomSpaces/PositionGenericSpace"/></tt:Position>`, math.Max(0, math.Min(1, (70-fov)/60)))
	fmt.Fprintf(b, `<tt:MoveStatus><tt:PanTilt>%s</tt:PanTilt></tt:MoveStatus><tt:UtcTime>%s</tt:UtcTime></tt:PTZStatus>`, state, utc)
}

// events tells what began or ended with this picture.
func (s *Scribe) events(p *Picture, utc string) string {
	var b strings.Builder
	t := p.Time.Seconds()
	covered := s.f.Covered(t)
	s.property(&b, utc, "tns1:VideoSource/MotionAlarm", "Source", s.f.cam.ID, "State", len(p.Seen) > 0 && !covered)
	if s.f.cam.Cover[1] > 0 {
		s.property(&b, utc, "tns1:VideoSource/GlobalSceneChange/AnalyticsService", "Source", s.f.cam.ID, "State", covered)
	}
	for _, o := range p.Seen {
		at, _, _, ok := o.Actor.Place(t)
		if !ok || o.Actor.Kind == Train {
			continue
		}
		s.crossing(&b, utc, o.Actor, at)
		s.loitering(&b, utc, o.Actor, at, t)
	}
	return b.String()
}

func (s *Scribe) property(b *strings.Builder, utc, topic, name, value, state string, now bool) {
	was, told := s.moving[topic]
	if told && was == now {
		return
	}
	op := "Changed"
	if !told {
		op = "Initialized"
	}
	s.moving[topic] = now
	notify(b, utc, topic, op, item(name, value), "", item(state, fmt.Sprint(now)))
}

func (s *Scribe) crossing(b *strings.Builder, utc string, a *Actor, at Vec) {
	line := s.f.cam.Line
	if line == nil || a.Kind != Person {
		return
	}
	d := line.B.sub(line.A)
	side := d.X*(at.Y-line.A.Y) - d.Y*(at.X-line.A.X)
	along := ((at.X-line.A.X)*d.X + (at.Y-line.A.Y)*d.Y) / (d.X*d.X + d.Y*d.Y)
	was, seen := s.sides[a.ID]
	s.sides[a.ID] = side
	if seen && was*side < 0 && along >= 0 && along <= 1 && math.Abs(was-side) < 60 {
		notify(b, utc, "tns1:RuleEngine/LineDetector/Crossed", "", item("VideoSourceConfigurationToken", s.f.cam.ID)+item("Rule", line.Name), "", item("ObjectId", fmt.Sprint(a.ID)))
	}
}

func (s *Scribe) loitering(b *strings.Builder, utc string, a *Actor, at Vec, t float64) {
	z := s.f.cam.Zone
	if z == nil {
		return
	}
	if math.Hypot(at.X-z.Centre.X, at.Y-z.Centre.Y) > z.Radius {
		delete(s.inZone, a.ID)
		delete(s.told, a.ID)
		return
	}
	since, in := s.inZone[a.ID]
	if !in {
		s.inZone[a.ID] = t
		return
	}
	if t-since >= z.Seconds && !s.told[a.ID] {
		s.told[a.ID] = true
		notify(b, utc, "tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering", "", item("Rule", z.Name), "", item("ObjectId", fmt.Sprint(a.ID)))
	}
}

func item(name, value string) string {
	var v strings.Builder
	_ = xml.EscapeText(&v, []byte(value)) // a builder takes everything
	return fmt.Sprintf(`<tt:SimpleItem Name="%s" Value="%s"/>`, name, v.String())
}

func notify(b *strings.Builder, utc, topic, op, source, key, data string) {
	operation := ""
	if op != "" {
		operation = ` PropertyOperation="` + op + `"`
	}
	fmt.Fprintf(b, `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">%s</wsnt:Topic>`, topic)
	fmt.Fprintf(b, `<wsnt:Message><tt:Message UtcTime="%s"%s><tt:Source>%s</tt:Source><tt:Key>%s</tt:Key><tt:Data>%s</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`,
		utc, operation, source, key, data)
}
