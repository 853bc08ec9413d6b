package ui

import (
	"fmt"

	"vedette/media"
	"vedette/player"
	"vedette/session"
	"vedette/ui/look"
	"vedette/ui/timeline"
	"vedette/verify"
	"vedette/verify/camera"
)

// bands keeps what camera signing says of one source, placed on the clock: a
// report can hold thousands of runs, and the model is compared often.
type bands struct {
	report *verify.Report
	zero   media.UTC
	list   []timeline.Band
}

func (w *Window) bandsOf(i *session.Item, r *verify.Report, track uint32) []timeline.Band {
	if r == nil || r.Camera == nil || !r.Camera.Present {
		return nil
	}
	if b, ok := w.bands[i]; ok && b.report == r && b.zero == i.Zero() {
		return b.list
	}
	list := cameraBands(r.Camera, track, i.Zero(), i.Export().Table(track))
	w.bands[i] = bands{r, i.Zero(), list}
	return list
}

var stretches = map[camera.PictureState]look.Stretch{
	camera.PictureAuthentic: look.StretchMatches, camera.PictureAltered: look.StretchAltered,
	camera.PictureUnsignedGap: look.StretchGap, camera.PictureUnprotected: look.StretchUnprotected,
}

// cameraBands places the runs of pictures of one track, in order.
func cameraBands(c *verify.CameraReport, track uint32, zero media.UTC, table media.Table) []timeline.Band {
	var out []timeline.Band
	for _, r := range c.Ranges {
		if r.Track != track || r.State == camera.PictureIgnored {
			continue
		}
		out = append(out, timeline.Band{
			Span: timeline.Span{From: zero.Add(r.Begin), To: zero.Add(r.End)}, State: stretches[r.State],
			Text: r.State.String() + documents(r.FirstDocument, r.LastDocument) + signedBy(r.Signer),
		})
	}
	for _, t := range c.Tracks {
		if t.Track != track {
			continue
		}
		for _, s := range t.Segments {
			if s.Verdict != camera.DocumentMissing || s.ToSample < s.FromSample || s.FromSample >= table.Len() {
				continue
			}
			from := zero.Add(table.At(s.FromSample).PTS)
			b := timeline.Band{
				Span: timeline.Span{From: from, To: from.Add(media.FromDuration(s.Length))}, State: look.StretchMissing,
				Text: fmt.Sprintf("%d pictures or slices of document %d are absent", s.Missing, s.Document) + signedBy(t.Signer),
			}
			out = laid(out, b)
		}
	}
	return out
}

// laid puts a band over those that match.
func laid(list []timeline.Band, b timeline.Band) []timeline.Band {
	var out []timeline.Band
	for _, x := range list {
		from, to := max(x.From, b.From), min(x.To, b.To)
		if x.State != look.StretchMatches || from >= to {
			out = append(out, x)
			continue
		}
		for _, part := range []timeline.Band{
			{Span: timeline.Span{From: x.From, To: from}, State: x.State, Text: x.Text},
			{Span: timeline.Span{From: from, To: to}, State: b.State, Text: b.Text},
			{Span: timeline.Span{From: to, To: x.To}, State: x.State, Text: x.Text},
		} {
			if part.From < part.To {
				out = append(out, part)
			}
		}
	}
	return out
}

func documents(first, last int) string {
	switch {
	case first == 0:
		return ""
	case first == last:
		return fmt.Sprintf(", document %d", first)
	}
	return fmt.Sprintf(", documents %d to %d", first, last)
}

func signedBy(s *verify.Signer) string {
	if s == nil {
		return ""
	}
	return ", key of " + verify.CommonName(s.Subject)
}

// cameraOf says what the camera's own signing tells of the picture shown, "" for
// nothing.
func (w *Window) cameraOf(i *session.Item, f *player.Frame) string {
	s := i.Snapshot()
	t, ok := i.Video()
	if !ok || s.Report == nil || s.Checking {
		return ""
	}
	at := i.Zero().Add(f.Sample.PTS)
	for _, b := range w.bandsOf(i, s.Report, t.ID) {
		if b.From <= at && at < b.To {
			return b.Text
		}
	}
	return ""
}
