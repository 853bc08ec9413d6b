package conform

import (
	"strings"

	"vedette/verify"
)

// Reason says in one stable word why a demand is not met or cannot be told.
// Each has its sentences in the letter.
type Reason string

// The reasons. One that several rows share is told once in the letter.
const (
	ReasonNotISO          Reason = "not-iso"
	ReasonTruncated       Reason = "truncated"
	ReasonMalformed       Reason = "malformed"
	ReasonUnreadable      Reason = "not-examined" // beyond a limit or version of this program
	ReasonElsewhere       Reason = "media-elsewhere"
	ReasonPlain           Reason = "not-fragmented"
	ReasonNoVideo         Reason = "no-video"
	ReasonVideoEmpty      Reason = "video-empty"
	ReasonVideoCoding     Reason = "video-coding"
	ReasonVideoBytes      Reason = "video-bytes"
	ReasonAudioCoding     Reason = "audio-coding"
	ReasonNoSuep          Reason = "no-export-box"
	ReasonTwoSuep         Reason = "two-export-boxes"
	ReasonSuepUnreadable  Reason = "export-box-unreadable"
	ReasonSources         Reason = "sources"
	ReasonNoStart         Reason = "no-start-time"
	ReasonStartUnusable   Reason = "start-time-unusable"
	ReasonExportTime      Reason = "export-time"
	ReasonNoLocation      Reason = "no-location"
	ReasonLocationForm    Reason = "location-unreadable"
	ReasonLocationRange   Reason = "location-range"
	ReasonLocationZero    Reason = "location-zero"
	ReasonAltitude        Reason = "altitude-zero"
	ReasonPlan            Reason = "site-plan"
	ReasonNoSeal          Reason = "no-seal"
	ReasonSealBroken      Reason = "seal-broken"
	ReasonSealWeak        Reason = "seal-weak"
	ReasonSealUnsupported Reason = "seal-unsupported"
	ReasonSealForm        Reason = "seal-form"
	ReasonSealSalt        Reason = "seal-salt"
	ReasonSealNotChecked  Reason = "seal-not-checked"
	ReasonNoName          Reason = "no-name"
	ReasonPerson          Reason = "person"
	ReasonCapture         Reason = "time-of-capture"
	ReasonClock           Reason = "clock-check"
	ReasonView            Reason = "field-of-view"
	ReasonLevel           Reason = "level-0v"
	ReasonNoMetadata      Reason = "no-metadata"
	ReasonMetadataEmpty   Reason = "metadata-empty"
	ReasonMetadataEntry   Reason = "metadata-entry"
	ReasonMetadataCoding  Reason = "metadata-coding"
	ReasonMetadataBad     Reason = "metadata-unreadable"
	ReasonNoScene         Reason = "no-scene"
	ReasonNoEvents        Reason = "no-events"
	ReasonEventForm       Reason = "event-form"
	ReasonAllEvents       Reason = "all-events"
)

// titles are the demands in few words.
var titles = map[string]string{
	"location-form":  "The location box has the form of 3GPP TS 26.244",
	"site-plan":      "A plan of the site where a GPS position is not enough",
	"signer-named":   "The signature names who made the export",
	"algorithms":     "State-of-the-art signature and hash, such as RSA 2048 and SHA-256",
	"coverage":       "The signature is over all data in the file",
	"capture-time":   "Times are UTC of capture, not of reception",
	"base-format":    "ISO base media file format (MP4)",
	"fragments":      "Fragmented representation (recommended)",
	"video-track":    "At least one video track",
	"video-coding":   "Video is H.264 or H.265",
	"audio-track":    "Audio has a track of its own",
	"audio-coding":   "Audio is G.711 A-law, G.722 or AAC-LC",
	"export-box":     "One surveillance export box (suep)",
	"sources":        "The source of each track is described",
	"start-time":     "Absolute start time",
	"export-time":    "Date and time of the export",
	"location":       "One location box (loci)",
	"position":       "GPS position of the capture",
	"altitude":       "Altitude where levels may be confused",
	"seal":           "At least one digital signature",
	"seals-fit":      "Every signature fits the file",
	"seal-form":      "The signature has the form of IEC 62676-2-32, 9.4",
	"level-0v":       "All demands of level 0V",
	"metadata-track": "A metadata track",
	"metadata-entry": "The metadata track is coded as metx",
	"scene":          "Scene description in the metadata",
	"events":         "Event information in the metadata",
	"event-form":     "Events have a topic and a UTC time",
	"all-events":     "All events of the source during the export interval",
	"clock-check":    "The clock was double-checked when exporting",
	"field-of-view":  "What the camera sees can be understood by a third party",
}

const (
	isolate = "\u2068" // FIRST STRONG ISOLATE
	release = "\u2069" // POP DIRECTIONAL ISOLATE
)

// foreign makes text of the file harmless within a sentence: inert, and where
// it is not plain ASCII, kept from turning the words around it.
func foreign(s string) string {
	s = verify.Inert(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e && r != 0xa0 }) {
		return isolate + s + release
	}
	return s
}

// quoted puts foreign text in quotation marks.
func quoted(s string) string { return `"` + foreign(s) + `"` }
