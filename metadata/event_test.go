package metadata

import (
	"fmt"
	"testing"
)

const crossing = `<wsnt:NotificationMessage><wsnt:Topic Dialect="x">tns1:RuleEngine/LineDetector/Crossed</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-03-01T12:00:01Z"><tt:Source>
<tt:SimpleItem Name="Rule" Value="Kerb"/></tt:Source><tt:Data><tt:SimpleItem Name="ObjectId" Value="4"/><tt:ElementItem Name="Where"><tt:Point x="1" y="2"/></tt:ElementItem></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`

func events(messages string) string {
	return head + `<tt:Event>` + messages + `</tt:Event></tt:MetadataStream>`
}

func message(attributes, topic string) string {
	return `<wsnt:NotificationMessage><wsnt:Topic ` + attributes + `>` + topic + `</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-03-01T12:00:01Z"/></wsnt:Message></wsnt:NotificationMessage>`
}

func TestPrefixesOfTopicsAreMadeCanonical(t *testing.T) {
	for _, c := range []struct{ attributes, written, want string }{
		{`xmlns:tns1="http://www.onvif.org/ver10/topics"`, "tns1:Device/Trigger/Relay", "tns1:Device/Trigger/Relay"},
		{`xmlns:q="http://www.onvif.org/ver10/topics"`, "q:Device/Trigger/Relay", "tns1:Device/Trigger/Relay"},
		{`xmlns:q="http://www.onvif.org/ver10/topics" xmlns:a="http://www.axis.com/2009/event/topics"`, "q:Device/a:IO/VirtualPort", "tns1:Device/tnsaxis:IO/VirtualPort"},
		{``, "tns1:Device/Trigger/Relay", "tns1:Device/Trigger/Relay"},
		{``, "Device/Trigger/Relay", "Device/Trigger/Relay"},
		{`xmlns:mine="urn:mine"`, "mine:Alarm", "mine:Alarm"},
		{`xmlns:tns1="urn:mine"`, "tns1:Device/Trigger/Relay", "{urn:mine}Device/Trigger/Relay"},
	} {
		e := one(t, events(message(c.attributes, c.written))).Events[0]
		if e.Topic != c.want || e.Raw != c.written {
			t.Errorf("%s: %s (raw %s), want %s", c.written, e.Topic, e.Raw, c.want)
		}
	}
}

func TestPrefixesHoldOnlyWhereTheyAreDeclared(t *testing.T) {
	d := one(t, events(message(`xmlns:q="http://www.onvif.org/ver10/topics"`, "q:A")+message("", "q:A")))
	if d.Events[0].Topic != "tns1:A" || d.Events[1].Topic != "q:A" {
		t.Errorf("%s, %s", d.Events[0].Topic, d.Events[1].Topic)
	}
}

func TestElementItemsAreToldInOneLine(t *testing.T) {
	d := one(t, events(crossing))
	if got := fmt.Sprint(d.Events[0].Data); got != "[{ObjectId 4} {Where Point/x=1, Point/y=2}]" {
		t.Error(got)
	}
}

func TestTopicsAreToldInWords(t *testing.T) {
	for _, c := range []struct {
		topic, words string
		known        bool
	}{
		{"tns1:RuleEngine/LineDetector/Crossed", "Line crossed", true},
		{"RuleEngine/LineDetector/Crossed", "Line crossed", true},
		{"tns1:RuleEngine/Yard/LineDetector/Crossed", "Line crossed", true},
		{"tns1:VideoSource/GlobalSceneChange/AnalyticsService", "Camera covered or moved", true},
		{"tnsaxis:CameraApplicationPlatform/FenceGuard/Camera1ProfileANY", "Camera1 profile ANY", false},
		{"tns1:Device/tnsaxis:IO/tnsaxis:HTTPInput", "HTTP input", false},
		{"Motion", "Motion", false},
		{"", "", false},
	} {
		if words, known := TopicWords(c.topic); words != c.words || known != c.known {
			t.Errorf("%s: %q, %v", c.topic, words, known)
		}
	}
}

func TestStatesAreReadFromTheData(t *testing.T) {
	for want, cases := range map[string][][]Item{
		"on":  {{{"State", "true"}}, {{"IsMotion", "1"}}, {{"LogicalState", "active"}}, {{"Sabotage", "true"}}, {{"ObjectId", "4"}, {"IsInside", "true"}}},
		"off": {{{"State", "false"}}, {{"LogicalState", "inactive"}}, {{"Sabotage", "false"}}},
		"":    {{{"Count", "1"}}, {{"A", "true"}, {"B", "false"}}, nil},
	} {
		for _, data := range cases {
			if got := State(data); got != want {
				t.Errorf("%v: %q, want %q", data, got, want)
			}
		}
	}
}
