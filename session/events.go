package session

import (
	"bytes"
	"context"
	"fmt"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/metadata"
)

// Event is one event of an export's metadata on the wall clock.
type Event struct {
	UTC       *media.UTC        `json:"utc,omitempty"`      // after corrections of the clock
	Declared  *media.UTC        `json:"declared,omitempty"` // as the document states it
	Track     uint32            `json:"track"`
	Sample    int               `json:"sample"`
	Topic     string            `json:"topic"`
	Operation string            `json:"operation,omitempty"`
	Source    map[string]string `json:"source"`
	Key       map[string]string `json:"key"`
	Data      map[string]string `json:"data"`

	At     media.Ticks `json:"-"` // presentation time on the export's own time line
	Title  string      `json:"-"`
	Detail string      `json:"-"`
}

// Events is the document vedette.events/1.
type Events struct {
	Schema   string         `json:"schema"`
	File     string         `json:"file"`
	Events   []Event        `json:"events"`
	Findings []diag.Finding `json:"-"`
}

// clockTolerance is how far a document's own time may lie from its sample's
// before the sample's is taken.
const clockTolerance = 2 * media.Hundred

// MaxEvents bounds the events of one export that are held.
const MaxEvents = 2_000_000

// ReadEvents reads all events of an indexed export, in order of the file, and
// notes every document that cannot be read. progress, if not nil, is told
// samples read and their number.
func ReadEvents(ctx context.Context, e *evidence.Export, progress func(done, total int)) (*Events, error) {
	return readEvents(ctx, e, progress, nil)
}

// mayHoldEvent reports whether a document can hold an event: plain XML without
// the name of its element cannot. Most documents hold objects only, and parsing
// them all takes seconds an hour of footage.
func mayHoldEvent(t media.Track, data []byte) bool {
	return t.Encoding != "" && t.Encoding != "xml" || bytes.Contains(data, []byte("NotificationMessage"))
}

func readEvents(ctx context.Context, e *evidence.Export, progress func(done, total int), wanted func(media.Track, []byte) bool) (*Events, error) {
	d := &Events{Schema: "vedette.events/1", File: e.File().Path(), Events: []Event{}}
	err := eachDocument(ctx, e, progress, wanted, func(t media.Track, s media.Sample, doc *metadata.Document, err error) bool {
		if err != nil {
			d.note(diag.New("METADATA-UNREADABLE", diag.Error, "metadata sample %d of track %d: %v", s.Index, t.ID, err))
			return true
		}
		for _, f := range doc.Findings {
			d.note(f)
		}
		for _, x := range doc.Events {
			if len(d.Events) == MaxEvents {
				d.note(diag.New("METADATA-EVENTS", diag.Error, "the export has more than %d events; those from here on are left out", MaxEvents))
				return false
			}
			d.Events = append(d.Events, d.place(e, t, s, x))
		}
		return true
	})
	return d, err
}

// maxFindings bounds what is said about metadata: a broken writer repeats itself.
const maxFindings = 1000

func (d *Events) note(f diag.Finding) {
	if len(d.Findings) < maxFindings {
		d.Findings = append(d.Findings, f)
	}
}

// eachDocument parses the metadata samples one after the other, without those
// that are not wanted; fn ends it by returning false.
func eachDocument(ctx context.Context, e *evidence.Export, progress func(done, total int), wanted func(media.Track, []byte) bool,
	fn func(media.Track, media.Sample, *metadata.Document, error) bool,
) error {
	var buf []byte
	for _, t := range e.Tracks() {
		if t.Kind != media.KindMetadata {
			continue
		}
		table := e.Table(t.ID)
		for i := range table.Len() {
			if err := ctx.Err(); err != nil {
				return err
			}
			if e.File().Withdrawn() != nil {
				return fmt.Errorf("session: %w", e.File().Withdrawn())
			}
			s := table.At(i)
			if progress != nil && i%32 == 0 {
				progress(i, table.Len())
			}
			data, err := e.ReadSample(s, buf)
			if err == nil && wanted != nil && !wanted(t, data) {
				buf = data
				continue
			}
			var doc *metadata.Document
			if err == nil {
				buf = data
				doc, err = metadata.Parse(data, t.Encoding)
			}
			if !fn(t, s, doc, err) {
				return nil
			}
		}
	}
	return nil
}

// place puts one event on the clock: the document's own time on the declared
// clock, shifted by the correction that its track has, as long as it agrees
// with its sample.
func (d *Events) place(e *evidence.Export, t media.Track, s media.Sample, x metadata.Event) Event {
	out := Event{
		Track: t.ID, Sample: s.Index, Topic: x.Topic, Operation: x.Operation, Title: x.Title(), Detail: x.Detail(), At: s.PTS,
		Source: items(x.Source), Key: items(x.Key), Data: items(x.Data),
	}
	if x.HasUTC {
		u := x.UTC
		out.Declared = &u
	}
	start, known := e.Starts().Track[t.ID]
	switch {
	case !known && x.HasUTC:
		u := x.UTC
		out.UTC = &u
	case known:
		sample := start.Declared.Add(s.PTS)
		at := sample
		if x.HasUTC {
			if diff := x.UTC - sample; diff > clockTolerance || diff < -clockTolerance {
				d.note(diag.New("CLOCK-MISMATCH", diag.Warning,
					"an event of metadata sample %d states %s, its sample is at %s; the time of the sample is used", s.Index, x.UTC, sample))
			} else {
				at = x.UTC
			}
		}
		out.At = at.Sub(start.Declared)
		u := at + (start.Corrected - start.Declared)
		out.UTC = &u
	}
	return out
}

func items(in []metadata.Item) map[string]string {
	out := make(map[string]string, len(in))
	for _, i := range in {
		out[i.Name] = i.Value
	}
	return out
}
