package verify

import (
	"fmt"
	"time"

	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify/camera"
)

// cameraState says what each state of a track is as a finding.
var cameraState = map[camera.State]struct {
	code     string
	severity diag.Severity
	text     string
}{
	camera.NotAuthentic:     {"CAMERA-NOT-AUTHENTIC", diag.Error, "camera signing does not match the pictures"},
	camera.NotVerifiable:    {"CAMERA-NOT-VERIFIABLE", diag.Warning, "camera signing is there, but nothing of it can be checked"},
	camera.AuthenticMissing: {"CAMERA-MISSING", diag.Warning, "camera signing matches, but pictures that were signed are absent"},
	camera.AuthenticPartial: {"CAMERA-PARTIAL", diag.Warning, "camera signing matches, but the video holds coded pictures that the camera does not sign"},
}

// cameraNotes says what each note is as a finding.
var cameraNotes = map[camera.NoteKind]struct {
	code     string
	severity diag.Severity
	text     string
}{
	camera.NoteUnreadable:   {"CAMERA-UNREADABLE", diag.Error, "a document of camera signing cannot be read"},
	camera.NoteNewer:        {"CAMERA-VERSION", diag.Note, "camera signing is by a newer version than is known"},
	camera.NoteUnknownTag:   {"CAMERA-TAG-UNKNOWN", diag.Note, "documents hold an unknown part, which was passed over"},
	camera.NoteLittleEndian: {"CAMERA-BYTE-ORDER", diag.Note, "the camera writes times and counters in little endian order"},
	camera.NoteCertificate:  {"CAMERA-CERTIFICATE", diag.Warning, "the camera's certificate cannot be used"},
	camera.NoteKeyChange:    {"CAMERA-KEY-CHANGE", diag.Error, "another key than at the begin signs from here on, so it does not count"},
	camera.NoteSeam:         {"CAMERA-SEAM", diag.Note, "the camera began to sign anew, as after a restart or where clips were joined"},
	camera.NoteClock:        {"CAMERA-CLOCK-BACKWARDS", diag.Error, "the signed clock or counter runs backwards, so material was repeated or moved"},
	camera.NoteTime:         {"CAMERA-TIME-LENGTH", diag.Warning, "pictures are shown for another time than the camera signed"},
	camera.NoteNoUTC:        {"CAMERA-TIME-NO-UTC", diag.Note, "the signed clock states no UTC, so the camera's certificate can only be judged in the middle of its validity"},
	camera.NoteAllSlices:    {"CAMERA-ALL-SLICES", diag.Note, "the camera signs slices of every kind"},
	camera.NoteUnprotected:  {"", 0, ""}, // told with the state
	camera.NoteLimit:        {"CAMERA-LIMIT", diag.Warning, "camera signing met a limit"},
	camera.NoteTorn:         {"CAMERA-SAMPLE", diag.Warning, "samples cannot be taken apart or lie outside the media data; they count as unsigned"},
}

// tellCamera makes findings of what was noticed about a track.
func (c *checker) tellCamera(t *CameraTrack) {
	say := func(code string, severity diag.Severity, format string, args ...any) {
		c.extra = append(c.extra, diag.New(code, severity, "track %d: "+format, append([]any{t.Track}, args...)...))
	}
	if k, ok := cameraState[t.State]; ok {
		say(k.code, k.severity, "%s: %s; %s", k.text, documentsText(t.Documents), coverageText(t))
	}
	for _, n := range t.Notes {
		k := cameraNotes[n.Kind]
		if k.code == "" {
			continue
		}
		text := ""
		if n.Text != "" {
			text = ": " + n.Text
		}
		say(k.code, k.severity, "%s (%s, first at sample %d)%s", k.text, plural(n.Count, "time", "times"), n.Sample, text)
	}
	switch t.Trust.State {
	case SignerTrustedThenExpired:
		say("CAMERA-KEY-EXPIRED", diag.Note, "%s", t.explanation())
	case SignerUnknown, SignerRejected, SignerUndecidable:
		say("CAMERA-UNTRUSTED", diag.Warning, "no trust pack vouches for the camera's key (%s)", t.Trust.Reason)
	}
}

// explanation says why the key is trusted or not, as Explanation does for seals.
func (t *CameraTrack) explanation() string {
	switch {
	case t.Trust.State != SignerTrustedThenExpired:
		return Explanation(t.Trust.Reason)
	case t.Provenance.Claimed:
		return "The camera's certificate was valid when the pictures were signed, by the camera's own clock, and has expired since."
	}
	return "The camera's certificate has expired. When the pictures were signed is not known."
}

func documentsText(d camera.Documents) string {
	return fmt.Sprintf("%s match, %d with pictures missing, %d do not match, %d cannot be told",
		plural(d.Authentic, "document", "documents"), d.Missing, d.NotAuthentic, d.NotVerifiable)
}

// coverageText is the share of the pictures that a document vouches for.
func coverageText(t *CameraTrack) string {
	return fmt.Sprintf("%s of %s s covered", seconds(t.Authentic), seconds(t.Total))
}

func seconds(t media.Ticks) string {
	ms := t.To(1000).Value
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

func (p *printer) camera(r *Report) {
	c := r.Camera
	if c == nil {
		return
	}
	p.line("")
	switch {
	case !c.Present && c.Axis:
		p.line("Camera     signs by Axis Signed Video, which this program does not verify")
		return
	case !c.Present:
		p.line("Camera     no camera signing inside the video")
		return
	}
	p.line("Camera     camera signing %q, key %s", c.State, c.Provenance)
	for _, t := range c.Tracks {
		p.line("  track %d  %q: %s", t.Track, t.State, documentsText(t.Documents))
		p.line("     Coverage   %s", coverageText(&t))
		if g := t.Signer; g != nil {
			p.line("     Key        %s", Inert(g.Subject))
			p.line("     Issuer     %s, serial %s", Inert(g.Issuer), g.Serial)
			p.line("     Valid      %s to %s", g.NotBefore.Format(time.DateOnly), g.NotAfter.Format(time.DateOnly))
			p.line("     SHA-256    %s", g.SHA256)
			p.line("     Trust      %s. %s", t.Trust.State, t.explanation())
		}
		if at := t.Trust.JudgedAt; at != nil {
			p.line("     Judged at  %s (%s)", at.Format(time.RFC3339), t.Trust.TimeSource)
		}
		if v := t.Vendor; v != (camera.Vendor{}) {
			p.line("     Camera     %s, serial %s, firmware %s (its own word)", Inert(v.Manufacturer), Inert(v.Serial), Inert(v.Firmware))
		}
		p.segments(t.Segments)
	}
}

// maxTold is the number of segments that are printed: the first say what is
// wrong, and all stand in the JSON form.
const maxTold = 20

// segments prints those that are not authentic.
func (p *printer) segments(all []camera.Segment) {
	told, more := 0, 0
	for _, s := range all {
		if s.Document > 0 && s.Verdict == camera.DocumentAuthentic {
			continue
		}
		if told == maxTold {
			more++
			continue
		}
		told++
		where := fmt.Sprintf("samples %d to %d", s.FromSample, s.ToSample)
		if s.ToSample < s.FromSample {
			where = fmt.Sprintf("at sample %d", s.At)
		}
		what := fmt.Sprintf("%q", s.State)
		if s.Document > 0 {
			what = fmt.Sprintf("document %d, %q", s.Document, s.Verdict)
		}
		detail := ""
		if s.Missing > 0 {
			detail += fmt.Sprintf(" %s missing.", plural(s.Missing, "slice", "slices"))
		}
		if s.Altered > 0 {
			detail += fmt.Sprintf(" %s altered.", plural(s.Altered, "slice", "slices"))
		}
		if s.Lost > 0 {
			detail += fmt.Sprintf(" %s absent before it.", plural(s.Lost, "document", "documents"))
		}
		p.line("     %s: %s. %s%s", where, what, s.Reason, detail)
	}
	if more > 0 {
		p.line("     and %d more", more)
	}
}
