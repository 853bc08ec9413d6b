package metadata

import (
	"strings"
	"unicode"
)

// titles are plain words for topics that many devices send, by the end of the topic.
var titles = []struct{ suffix, title string }{
	{"LineDetector/Crossed", "Line crossed"},
	{"FieldDetector/ObjectsInside", "Object in field"},
	{"LoiteringDetector/ObjectIsLoitering", "Loitering"},
	{"CountAggregation/Counter", "Counter"},
	{"CellMotionDetector/Motion", "Motion"},
	{"MotionRegionDetector/Motion", "Motion"},
	{"VideoSource/MotionAlarm", "Motion"},
	{"VideoSource/GlobalSceneChange/ImagingService", "Camera covered or moved"},
	{"VideoSource/GlobalSceneChange/AnalyticsService", "Camera covered or moved"},
	{"TamperDetector/Tamper", "Camera covered or moved"},
	{"VideoSource/ImageTooDark/ImagingService", "Picture too dark"},
	{"VideoSource/ImageTooBright/ImagingService", "Picture too bright"},
	{"VideoSource/ImageTooBlurry/ImagingService", "Picture blurred"},
	{"VideoSource/SignalLoss", "Signal lost"},
	{"Trigger/DigitalInput", "Digital input"},
	{"Trigger/Relay", "Relay"},
	{"AudioAnalytics/Audio/DetectedSound", "Sound detected"},
}

// Title says in plain words what an event is about.
func (e Event) Title() string {
	for _, t := range titles {
		if strings.HasSuffix(e.Topic, t.suffix) {
			return t.title
		}
	}
	last := e.Topic[strings.LastIndexByte(e.Topic, '/')+1:]
	var b strings.Builder
	for i, r := range last {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// State says what the data of a property event states: "on", "off" or "".
func (e Event) State() string {
	for _, d := range e.Data {
		switch strings.ToLower(d.Name) {
		case "state", "ismotion", "isinside", "istamper", "isloitering", "logicalstate", "active":
			switch strings.ToLower(d.Value) {
			case "true", "1", "active", "on":
				return "on"
			case "false", "0", "inactive", "off":
				return "off"
			}
		}
	}
	return ""
}

// Detail names rule, object and state, as far as the event states them.
func (e Event) Detail() string {
	var parts []string
	for _, group := range [][]Item{e.Source, e.Key, e.Data} {
		for _, it := range group {
			switch {
			case strings.EqualFold(it.Name, "Rule"):
				parts = append([]string{it.Value}, parts...)
			case strings.EqualFold(it.Name, "ObjectId"):
				parts = append(parts, "object "+it.Value)
			}
		}
	}
	if s := e.State(); s != "" {
		parts = append(parts, "state "+s)
	}
	if len(parts) == 0 {
		for _, it := range e.Data {
			parts = append(parts, it.Name+" "+it.Value)
		}
	}
	return strings.Join(parts, ", ")
}
