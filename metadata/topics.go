package metadata

import (
	"strings"
	"unicode"
)

// topicWords are plain words for the topics that ONVIF's specifications define
// or that devices often send, without the prefix tns1.
var topicWords = map[string]string{
	// Analytics.
	"RuleEngine/LineDetector/Crossed":                               "Line crossed",
	"RuleEngine/LineCrossingDetector/Crossed":                       "Line crossed",
	"RuleEngine/FieldDetector/ObjectsInside":                        "Object in field",
	"RuleEngine/FieldDetector/ObjectIsInside":                       "Object in field",
	"RuleEngine/LoiteringDetector/ObjectIsLoitering":                "Loitering",
	"RuleEngine/LoiteringDetector/LoiteringDetected":                "Loitering",
	"RuleEngine/DeclarativeMotionDetector/MatchesDeclarativeMotion": "Declared motion",
	"RuleEngine/CountAggregation/Counter":                           "Counter",
	"RuleEngine/LineCounting/Counter":                               "Line counter",
	"RuleEngine/OccupancyCounting/Counter":                          "People in area",
	"RuleEngine/CellMotionDetector/Motion":                          "Motion",
	"RuleEngine/MotionRegionDetector/Motion":                        "Motion in region",
	"RuleEngine/TamperDetector/Tamper":                              "Camera covered or moved",
	"RuleEngine/Recognition/Face":                                   "Face recognised",
	"RuleEngine/Recognition/LicensePlate":                           "Number plate read",
	"RuleEngine/ObjectDetection/Object":                             "Object detected",
	"RuleEngine/ObjectTrack/Aggregation":                            "Object track",
	"RuleEngine/SpeedDetector/Speeding":                             "Speed exceeded",
	"RuleEngine/QueueDetector/QueueLength":                          "Queue length",
	"RuleEngine/AbandonedObjectDetector/Abandoned":                  "Object left behind",
	"RuleEngine/RemovedObjectDetector/Removed":                      "Object removed",
	"RuleEngine/RadiometryThermometry/TemperatureAlarm":             "Temperature alarm",
	"VideoAnalytics/Thermal/Temperature":                            "Temperature",
	"VideoAnalytics/Radiometry/BoxTemperatureReading":               "Temperature of area",
	"VideoAnalytics/Radiometry/SpotTemperatureReading":              "Temperature of spot",
	"RuleEngine/Radiometry/TemperatureAlarm":                        "Temperature alarm",
	"AudioAnalytics/Audio/DetectedSound":                            "Sound detected",
	"AudioSource/ConfigurationFailed":                               "Audio source failed",

	// Pictures.
	"VideoSource/MotionAlarm":                        "Motion",
	"VideoSource/SignalLoss":                         "Signal lost",
	"VideoSource/SignalTooDark/AnalyticsService":     "Picture too dark",
	"VideoSource/ConnectionFailed":                   "Camera not connected",
	"VideoSource/SignalStandardMismatch":             "Video standard does not match",
	"VideoSource/GlobalSceneChange/ImagingService":   "Camera covered or moved",
	"VideoSource/GlobalSceneChange/AnalyticsService": "Camera covered or moved",
	"VideoSource/ImageTooDark/ImagingService":        "Picture too dark",
	"VideoSource/ImageTooDark/AnalyticsService":      "Picture too dark",
	"VideoSource/ImageTooDark/RecordingService":      "Picture too dark",
	"VideoSource/ImageTooBright/ImagingService":      "Picture too bright",
	"VideoSource/ImageTooBright/AnalyticsService":    "Picture too bright",
	"VideoSource/ImageTooBright/RecordingService":    "Picture too bright",
	"VideoSource/ImageTooBlurry/ImagingService":      "Picture blurred",
	"VideoSource/ImageTooBlurry/AnalyticsService":    "Picture blurred",
	"VideoSource/ImageTooBlurry/RecordingService":    "Picture blurred",
	"VideoSource/GlobalSceneChange/RecordingService": "Camera covered or moved",

	// Moving cameras.
	"PTZController/PTZPresets/Reached": "Preset reached",
	"PTZController/PTZPresets/Invoked": "Preset called",
	"PTZController/PTZPresets/Left":    "Preset left",
	"PTZController/PTZPresets/Aborted": "Way to preset broken off",
	"PTZController/PresetTour/Status":  "Preset tour",

	// The device.
	"Device/Trigger/DigitalInput":                             "Digital input",
	"Device/Trigger/Relay":                                    "Relay",
	"Device/IO/VirtualPort":                                   "Virtual input",
	"Device/OperationMode/ShutdownInitiated":                  "Device shuts down",
	"Device/OperationMode/UploadInitiated":                    "Firmware upload begun",
	"Device/HardwareFailure/FanFailure":                       "Fan failed",
	"Device/HardwareFailure/PowerSupplyFailure":               "Power supply failed",
	"Device/HardwareFailure/StorageFailure":                   "Storage failed",
	"Device/HardwareFailure/TemperatureCritical":              "Temperature critical",
	"Device/HardwareFailure/TemperatureSensorFailure":         "Temperature sensor failed",
	"Device/HardwareFailure/BatteryFailure":                   "Battery failed",
	"Monitoring/ProcessorUsage":                               "Processor load",
	"Monitoring/OperatingTime/LastReset":                      "Last reset",
	"Monitoring/OperatingTime/LastReboot":                     "Last restart",
	"Monitoring/OperatingTime/LastClockSynchronization":       "Clock last set",
	"Monitoring/OperatingTime/DeviceReboot":                   "Device restarted",
	"Monitoring/OperatingTime/DeviceReset":                    "Device reset",
	"Monitoring/Maintenance/Last":                             "Last maintenance",
	"Monitoring/Maintenance/NextScheduled":                    "Next maintenance",
	"Monitoring/Backup/Last":                                  "Last backup",
	"Monitoring/AreaOfOperation/OutsideCertifiedArea":         "Outside certified area",
	"Monitoring/AreaOfOperation/OutsideConfiguredArea":        "Outside configured area",
	"Monitoring/EnvironmentalConditions/RelativeHumidity":     "Humidity",
	"Monitoring/EnvironmentalConditions/OperatingTemperature": "Operating temperature",
	"Monitoring/BatteryCapacity":                              "Battery capacity",
	"Monitoring/AsynchronousOperationStatus":                  "Operation in progress",
	"Monitoring/LinkStatus":                                   "Network link",
	"Security/Keystore/KeyStatus":                             "Key status",
	"Advancedsecurity/Keystore/KeyStatus":                     "Key status",
	"Advancedsecurity/Keystore/CertificateExpiring":           "Certificate expires",
	"UserAlarm/IVA/HumanShapeDetect":                          "Person detected",

	// Configuration and media.
	"Media/ProfileChanged":                                "Profile changed",
	"Media/ConfigurationChanged":                          "Configuration changed",
	"Configuration/VideoSourceConfiguration":              "Video source configuration changed",
	"Configuration/VideoSourceConfiguration/MediaService": "Video source configuration changed",
	"Configuration/AudioSourceConfiguration":              "Audio source configuration changed",
	"Configuration/VideoEncoderConfiguration":             "Video encoder configuration changed",
	"Configuration/AudioEncoderConfiguration":             "Audio encoder configuration changed",
	"Configuration/VideoAnalyticsConfiguration":           "Analytics configuration changed",
	"Configuration/PTZConfiguration":                      "PTZ configuration changed",
	"Configuration/Profile":                               "Profile changed",
	"Configuration/MetadataConfiguration":                 "Metadata configuration changed",
	"Configuration/NetworkVideoTransmitter":               "Device configuration changed",

	// Recording.
	"RecordingConfig/CreateRecording":           "Recording created",
	"RecordingConfig/DeleteRecording":           "Recording deleted",
	"RecordingConfig/CreateTrack":               "Recording track created",
	"RecordingConfig/DeleteTrack":               "Recording track deleted",
	"RecordingConfig/DeleteTrackData":           "Recorded data deleted",
	"RecordingConfig/JobState":                  "Recording job state",
	"RecordingConfig/RecordingConfiguration":    "Recording configuration changed",
	"RecordingConfig/TrackConfiguration":        "Track configuration changed",
	"RecordingConfig/RecordingJobConfiguration": "Recording job configuration changed",
	"RecordingHistory/Recording/State":          "Recording state",
	"RecordingHistory/Track/State":              "Recording track state",
	"RecordingHistory/Track/VideoParameters":    "Recorded video changed",
	"RecordingHistory/Track/AudioParameters":    "Recorded audio changed",
	"Receiver/ChangeState":                      "Receiver state",
	"Receiver/ConnectionFailed":                 "Receiver not connected",

	// Doors and persons.
	"Door/State/DoorMode":                          "Door mode",
	"Door/State/DoorPhysicalState":                 "Door open or closed",
	"Door/State/LockPhysicalState":                 "Lock state",
	"Door/State/DoubleLockPhysicalState":           "Double lock state",
	"Door/State/DoorAlarm":                         "Door alarm",
	"Door/State/DoorTamper":                        "Door tamper contact",
	"Door/State/DoorFault":                         "Door fault",
	"Door/Changed":                                 "Door changed",
	"Door/Removed":                                 "Door removed",
	"AccessPoint/State/Enabled":                    "Access point in use",
	"AccessPoint/State/Tampering":                  "Access point tamper contact",
	"AccessPoint/Changed":                          "Access point changed",
	"AccessControl/AccessGranted/Anonymous":        "Access granted",
	"AccessControl/AccessGranted/Credential":       "Access granted",
	"AccessControl/AccessGranted/Identifier":       "Access granted",
	"AccessControl/AccessTaken/Anonymous":          "Access taken",
	"AccessControl/AccessTaken/Credential":         "Access taken",
	"AccessControl/AccessNotTaken/Anonymous":       "Access not taken",
	"AccessControl/AccessNotTaken/Credential":      "Access not taken",
	"AccessControl/Denied/Anonymous":               "Access denied",
	"AccessControl/Denied/Credential":              "Access denied",
	"AccessControl/Denied/Identifier":              "Access denied",
	"AccessControl/Denied/CredentialNotFound/Card": "Access denied, card not known",
	"AccessControl/Denied/CredentialNotFound/PIN":  "Access denied, PIN not known",
	"AccessControl/Duress":                         "Access under duress",
	"AccessControl/Request/Anonymous":              "Access asked for",
	"AccessControl/Request/Credential":             "Access asked for",
	"AccessControl/Request/Identifier":             "Access asked for",
	"AccessControl/Request/Timeout":                "Access not answered",
	"Credential/State/Enabled":                     "Credential in use",
	"Credential/State/ApbViolation":                "Credential used twice in one direction",
	"Schedule/State/Active":                        "Schedule active",
}

// topicEnds finds a topic that a device put elsewhere by its last two parts.
var topicEnds = func() map[string]string {
	out := map[string]string{}
	for topic, words := range topicWords {
		if e := end(topic); out[e] == "" || out[e] == words {
			out[e] = words
		} else {
			out[e] = "-" // of two meanings
		}
	}
	return out
}()

func end(topic string) string {
	parts := strings.Split(topic, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// TopicWords says in plain English what a topic is about, with or without its
// prefix, and whether that is known. For a topic that is not known the words
// are those of its last part.
func TopicWords(topic string) (words string, known bool) {
	path := strings.TrimPrefix(strings.Trim(topic, "/"), "tns1:")
	if w := topicWords[path]; w != "" {
		return w, true
	}
	if w := topicEnds[end(path)]; w != "" && w != "-" && strings.Contains(path, "/") {
		return w, true
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	if _, local, ok := strings.Cut(last, ":"); ok {
		last = local
	}
	var b strings.Builder
	runes := []rune(last)
	for i, r := range runes {
		lower := i+1 < len(runes) && unicode.IsLower(runes[i+1]) || i > 0 && unicode.IsLower(runes[i-1])
		if i > 0 && unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
			if i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
				r = unicode.ToLower(r)
			}
		}
		b.WriteRune(r)
	}
	return b.String(), false
}
