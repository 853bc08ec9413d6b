package session

import (
	"bytes"
	"context"
	"fmt"

	"vedette/events"
	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/metadata"
)

// Events is what the metadata of an export tells, in order of time.
type Events struct {
	Store    *events.Store
	Findings []diag.Finding
}

// clockTolerance is how far a document's own time may lie from its sample's
// before the sample's is taken.
const clockTolerance = 2 * media.Hundred

// ReadEvents reads all events of an indexed export, and notes every document
// that cannot be read. progress, if not nil, is told samples read and their
// number. Of more than events.Max events the later ones are left out.
func ReadEvents(ctx context.Context, e *evidence.Export, progress func(done, total int)) (*Events, error) {
	return readEvents(ctx, e, progress, nil)
}

// mayHoldEvent reports whether a document can hold an event: plain XML without
// the name of its element cannot. Most documents hold objects only, and parsing
// them all takes seconds an hour of footage.
func mayHoldEvent(t media.Track, data []byte) bool {
	return t.Encoding != "" && t.Encoding != "xml" || bytes.HasPrefix(data, []byte{0x1f, 0x8b}) || bytes.Contains(data, []byte("NotificationMessage"))
}

// gathering collects the events of one reading.
type gathering struct {
	e        *evidence.Export
	store    events.Builder
	findings []diag.Finding
}

func readEvents(ctx context.Context, e *evidence.Export, progress func(done, total int), wanted func(media.Track, []byte) bool) (*Events, error) {
	g := &gathering{e: e}
	err := eachDocument(ctx, e, progress, wanted, func(t media.Track, s media.Sample, doc *metadata.Document, err error) bool {
		if err != nil {
			g.note(diag.New("METADATA-UNREADABLE", diag.Error, "metadata sample %d of track %d: %v", s.Index, t.ID, err))
			return true
		}
		for _, f := range doc.Findings {
			f.Message = fmt.Sprintf("metadata sample %d of track %d: %s", s.Index, t.ID, f.Message)
			g.note(f)
		}
		for _, x := range doc.Events {
			if !g.store.Add(g.place(t, s, x)) {
				g.note(diag.New("METADATA-EVENTS", diag.Error, "the export has more events than are held, at most %d; those from sample %d of track %d on are left out", events.Max, s.Index, t.ID))
				return false
			}
		}
		return true
	}, g.note)
	return &Events{g.store.Store(), g.findings}, err
}

// maxFindings bounds what is said about metadata: a broken writer repeats itself.
const maxFindings = 1000

func (g *gathering) note(f diag.Finding) {
	if len(g.findings) < maxFindings {
		g.findings = append(g.findings, f)
	}
}

// eachDocument parses the metadata samples one after the other, without those
// that are not wanted; fn ends it by returning false. A track of an encoding
// that is not undone is noted once and passed over.
func eachDocument(ctx context.Context, e *evidence.Export, progress func(done, total int), wanted func(media.Track, []byte) bool,
	fn func(media.Track, media.Sample, *metadata.Document, error) bool, note func(diag.Finding),
) error {
	var buf []byte
	for _, t := range e.Tracks() {
		if t.Kind != media.KindMetadata {
			continue
		}
		table := e.Table(t.ID)
		if metadata.Readable(t.Encoding) != nil {
			note(diag.New("METADATA-ENCODING", diag.Error, "the metadata of track %d are stored as %q, want plain XML or gzip; %d documents are left out, the rest of the file is used. Ask for an export with metadata as XML",
				t.ID, t.Encoding, table.Len()))
			continue
		}
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
			data, err := readDocument(e, s, buf)
			if err == nil {
				buf = data
			}
			if err == nil && wanted != nil && !wanted(t, data) {
				continue
			}
			var doc *metadata.Document
			if err == nil {
				doc, err = metadata.Parse(data, t.Encoding)
			}
			if !fn(t, s, doc, err) {
				return nil
			}
		}
	}
	return nil
}

// readDocument reads the bytes of one document, unless they are too many.
func readDocument(e *evidence.Export, s media.Sample, buf []byte) ([]byte, error) {
	if s.Size > metadata.MaxDocument {
		return nil, fmt.Errorf("%w: %d bytes, want at most %d", metadata.ErrTooLarge, s.Size, metadata.MaxDocument)
	}
	return e.ReadSample(s, buf)
}

// place puts one event on the clock: the document's own time on the declared
// clock, shifted by the correction that its track has, as long as it agrees
// with its sample.
func (g *gathering) place(t media.Track, s media.Sample, x metadata.Event) events.Event {
	out := events.Event{
		Track: t.ID, Sample: s.Index, Topic: x.Topic, Raw: x.Raw, Operation: x.Operation, At: s.PTS,
		Source: x.Source, Key: x.Key, Data: x.Data, Other: x.Other,
	}
	if x.HasUTC {
		u := x.UTC
		out.Declared = &u
	}
	start, known := g.e.Starts().Track[t.ID]
	if known { // where no time of the export counts, the document's own is declared and no more
		sample := start.Declared.Add(s.PTS)
		at := sample
		if x.HasUTC {
			if diff := x.UTC.Sub(sample).Value; diff > clockTolerance || diff < -clockTolerance {
				g.note(diag.New("CLOCK-MISMATCH", diag.Warning,
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
