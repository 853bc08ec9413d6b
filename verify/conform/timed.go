package conform

import (
	"bytes"
	"errors"
	"fmt"

	"vedette/evidence/bmff"
	"vedette/media"
	"vedette/metadata"
)

// Limits of looking for a scene description and an event, for a file that has
// only one of them: about eleven hours of a document per picture.
const (
	maxDocuments     = 1_000_000
	maxDocumentBytes = 1 << 30
	maxSampleEntry   = 1 << 20 // a sample description with its configuration
)

// timed answers 5.3, the demands of level 0M and 0E.
func (j *judge) timed() error {
	j.levelBelow()
	tracks := j.tracksOf(media.KindMetadata)
	r := Row{Clause: "5.3.2", Item: "metadata-track", For: Level0ME}
	if len(tracks) == 0 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoMetadata, "There is no metadata track."
		if len(j.tracks) == 0 {
			r.State, r.Reason, r.Evidence = CannotTell, ReasonUnreadable, "The tracks of the file are not known."
		}
		j.add(r)
		for _, x := range []Row{{Clause: "5.3.2", Item: "metadata-entry"}, {Clause: "5.3.2", Item: "scene"}, {Clause: "5.3.2", Item: "events"}, {Clause: "5.3.3", Item: "event-form"}, {Clause: "5.3.3", Item: "all-events"}} {
			x.For, x.State, x.Evidence = Level0ME, NotApplicable, "There is no metadata track."
			j.add(x)
		}
		return nil
	}
	documents := 0
	for _, t := range tracks {
		documents += j.e.Table(t.ID).Len()
	}
	r.Offset = at(j.trak(tracks[0].ID))
	r.State, r.Evidence = Met, fmt.Sprintf("Track %d holds metadata.", tracks[0].ID)
	if len(tracks) > 1 {
		r.Evidence = fmt.Sprintf("%d tracks hold metadata; they are read as one.", len(tracks))
	}
	if documents == 0 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonMetadataEmpty, "The metadata track holds no document."
	}
	j.add(r)
	if err := j.metadataEntry(tracks); err != nil {
		return err
	}
	l, err := j.look(tracks)
	if err != nil {
		return err
	}
	j.sceneAndEvents(l)
	j.allEvents(tracks[0])
	return nil
}

// levelBelow is 5.3.1: level 0M holds everything of level 0V.
func (j *judge) levelBelow() {
	r := Row{Clause: "5.3.1", Item: "level-0v", For: Level0ME, State: Met, Evidence: "Nothing of level 0V is lacking."}
	n := 0
	for _, x := range j.rows {
		if x.For == Level0V && !x.fulfilled() {
			n++
		}
	}
	if n > 0 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonLevel, fmt.Sprintf("Of level 0V %d demands are not met or could not be examined.", n)
	}
	j.add(r)
}

// metadataEntry asks that one track is of the coding that is wanted.
func (j *judge) metadataEntry(tracks []media.Track) error {
	r := Row{Clause: "5.3.2", Item: "metadata-entry", For: Level0ME}
	for _, t := range tracks {
		if r.State == Met {
			break
		}
		r.Offset = at(j.trak(t.ID))
		namespace, err := j.namespace(t.ID)
		if err != nil {
			return err
		}
		r.Names = []string{bmff.Printable(t.Entry)}
		switch {
		case t.Entry != "metx":
			r.State, r.Reason, r.Evidence = NotMet, ReasonMetadataEntry, fmt.Sprintf("Track %d is coded as %q.", t.ID, bmff.Printable(t.Entry))
		case namespace != metadata.NamespaceSchema:
			r.State, r.Reason, r.Evidence = NotMet, ReasonMetadataEntry, fmt.Sprintf("Track %d is coded as metx, but of the namespace %s.", t.ID, quoted(namespace))
		default:
			r.State, r.Reason, r.Names = Met, "", nil
			r.Evidence = fmt.Sprintf("Track %d is coded as metx of the ONVIF namespace.", t.ID)
			if t.Encoding != "" {
				r.Evidence += " Its documents are stored as " + quoted(t.Encoding) + "."
			}
		}
	}
	j.add(r)
	return nil
}

func (j *judge) namespace(id uint32) (string, error) {
	trak := j.trak(id)
	if trak == nil {
		return "", nil
	}
	stsd := find(trak.Children, "stsd")
	if len(stsd) == 0 {
		return "", nil
	}
	p, err := bmff.Body(j.e.File(), *stsd[0], maxSampleEntry)
	if err != nil {
		return "", fmt.Errorf("conform: %w", err)
	}
	entries, err := bmff.ParseStsd(*stsd[0], p)
	if err != nil {
		return "", nil //nolint:nilerr // the export refused it already
	}
	return entries[0].Namespace, nil
}

// looked is what was seen in the metadata.
type looked struct {
	documents int // looked at
	bad       int // of those that were read, not readable
	why       error
	all       bool // every document was looked at
	scene     *media.Sample
	events    *media.Sample
	event     metadata.Event
}

// words that stand in every document that has a scene description or an event:
// what does not hold them need not be parsed.
var (
	wordFrame = []byte("Frame")
	wordEvent = []byte("NotificationMessage")
)

// look reads documents until both kinds were seen, all were looked at or a
// limit was met. Only one document is held at a time.
func (j *judge) look(tracks []media.Track) (looked, error) {
	l := looked{}
	var buf []byte
	total := 0
	for _, t := range tracks {
		table := j.e.Table(t.ID)
		for i := range table.Len() {
			if err := j.ctx.Err(); err != nil {
				return l, err
			}
			if l.documents == maxDocuments || total > maxDocumentBytes {
				return l, nil
			}
			s := table.At(i)
			var data []byte
			err := metadata.ErrTooLarge
			if s.Size <= metadata.MaxDocument {
				data, err = j.e.ReadSample(s, buf)
			}
			if w := j.e.File().Withdrawn(); w != nil {
				return l, fmt.Errorf("conform: %w", w)
			}
			l.documents++
			if err == nil {
				buf, total = data, total+len(data)
				err = l.read(data, t.Encoding, s)
			}
			if err != nil {
				if l.bad++; l.why == nil {
					l.why = err
				}
			}
			if l.scene != nil && l.events != nil {
				return l, nil
			}
		}
	}
	l.all = true
	return l, nil
}

// read looks into one document for what was not seen yet.
func (l *looked) read(data []byte, encoding string, s media.Sample) error {
	text, err := metadata.Plain(data, encoding)
	if err != nil {
		return err
	}
	if !(l.scene == nil && bytes.Contains(text, wordFrame) || l.events == nil && bytes.Contains(text, wordEvent)) {
		return nil
	}
	doc, err := metadata.Parse(text, "")
	if err != nil {
		return err
	}
	if l.scene == nil && len(doc.Frames) > 0 {
		l.scene = &s
	}
	if l.events == nil && len(doc.Events) > 0 {
		l.events, l.event = &s, doc.Events[0]
		for _, e := range doc.Events {
			if e.HasUTC {
				l.event = e
				break
			}
		}
	}
	return nil
}

// extent says how far the looking went.
func (l looked) extent() string {
	text := fmt.Sprintf("%d documents were looked at", l.documents)
	if l.all {
		text = fmt.Sprintf("All %d documents were looked at", l.documents)
	}
	if l.bad > 0 {
		text += fmt.Sprintf("; %d cannot be read (the first: %s)", l.bad, foreign(l.why.Error()))
	}
	return text + "."
}

func (j *judge) sceneAndEvents(l looked) {
	scene := Row{Clause: "5.3.2", Item: "scene", For: Level0ME}
	events := Row{Clause: "5.3.2", Item: "events", For: Level0ME}
	form := Row{Clause: "5.3.3", Item: "event-form", For: Level0ME}
	none := ReasonMetadataEmpty
	var encoding *metadata.EncodingError
	switch {
	case errors.As(l.why, &encoding):
		none = ReasonMetadataCoding
		scene.Names = []string{encoding.Encoding}
		events.Names = scene.Names
	case l.bad > 0:
		none = ReasonMetadataBad
	case !l.all:
		none = ReasonUnreadable
	}
	switch {
	case l.scene != nil:
		scene.State, scene.Offset = Met, &l.scene.Offset
		scene.Evidence = fmt.Sprintf("Sample %d of track %d has one. Documents after it were not examined for it.", l.scene.Index, l.scene.Track)
	case l.all && l.bad == 0 && l.documents > 0:
		scene.State, scene.Reason, scene.Evidence = NotMet, ReasonNoScene, "No document has a scene description. "+l.extent()
	default:
		scene.Reason, scene.Evidence = none, "No scene description was seen. "+l.extent()
	}
	switch {
	case l.events != nil:
		events.State, events.Offset = Met, &l.events.Offset
		events.Evidence = fmt.Sprintf("Sample %d of track %d has one, of the topic %s.", l.events.Index, l.events.Track, quoted(l.event.Topic))
		form.State, form.Offset, form.Evidence = Met, &l.events.Offset, "The first event that was seen has both. The others were not examined for it."
		if !l.event.HasUTC {
			form.State, form.Reason, form.Evidence = NotMet, ReasonEventForm, "The first document with events has none with a UTC time that can be read."
		}
	case l.all && l.bad == 0 && l.documents > 0:
		events.Reason, events.Evidence = ReasonNoEvents, "No event was seen: either nothing happened or events were not exported. "+l.extent()
	default:
		events.Reason, events.Evidence = none, "No event was seen. "+l.extent()
	}
	if l.events == nil {
		form.State, form.Evidence = NotApplicable, "No event was seen; see 5.3.2."
	}
	j.add(scene)
	j.add(events)
	j.add(form)
}

// allEvents is the demand of 5.3.3, which no file can answer; how much of the
// export the metadata spans is told.
func (j *judge) allEvents(t media.Track) {
	r := Row{Clause: "5.3.3", Item: "all-events", For: Level0ME, Reason: ReasonAllEvents, Open: true, Offset: at(j.trak(t.ID))}
	r.Evidence = "Whether events were left out is not in the file."
	n := j.e.Table(t.ID).Len()
	if p := j.e.Part(); n > 0 && p.HasTime && j.e.Origin(t.ID).Known() {
		origin := j.e.Origin(t.ID)
		r.Evidence += fmt.Sprintf(" The metadata goes from %s to %s, the footage from %s to %s.",
			origin.Add(j.e.Table(t.ID).At(0).PTS).UTC, origin.Add(j.e.Table(t.ID).At(n-1).End()).UTC, p.From, p.To)
	}
	j.add(r)
}
