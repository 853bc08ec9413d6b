package session

import (
	"fmt"

	"vedette/evidence"
	"vedette/media"
)

// lead returns the track that puts an export on the axis: the first with
// pictures, else the first with sound, else the first with metadata.
func lead(tracks []media.Track) (media.Track, bool) {
	for _, kind := range []media.Kind{media.KindVideo, media.KindAudio, media.KindMetadata} {
		for _, t := range tracks {
			if t.Kind == kind {
				return t, true
			}
		}
	}
	return media.Track{}, false
}

// Videos returns the tracks with pictures, in the order of the file.
func (s *Session) Videos() []media.Track {
	var out []media.Track
	for _, t := range s.x.Tracks() {
		if t.Kind == media.KindVideo {
			out = append(out, t)
		}
	}
	return out
}

// TrackOf returns a track by its number.
func (s *Session) TrackOf(id uint32) (media.Track, bool) {
	for _, t := range s.x.Tracks() {
		if t.ID == id {
			return t, true
		}
	}
	return media.Track{}, false
}

// Recording says in one sentence what a recording without pictures holds; it is
// empty where there are pictures.
func (s *Session) Recording() string {
	var sound, metadata bool
	for _, t := range s.x.Tracks() {
		switch t.Kind {
		case media.KindVideo:
			return ""
		case media.KindAudio:
			sound = true
		case media.KindMetadata:
			metadata = true
		}
	}
	switch {
	case sound && metadata:
		return "This recording has sound and events, no pictures."
	case sound:
		return "This recording has sound only."
	case metadata:
		return "This recording has events only."
	}
	return "This recording has nothing that can be shown."
}

// Track returns the track that is shown or heard and that gives the item its
// place: of several with pictures the one that was chosen.
func (i *Item) Track() (media.Track, bool) {
	if t, ok := i.TrackOf(i.track.Load()); ok {
		return t, true
	}
	return lead(i.x.Tracks())
}

// Video returns the track whose pictures are shown, false for an item without any.
func (i *Item) Video() (media.Track, bool) {
	t, ok := i.Track()
	if !ok || t.Kind != media.KindVideo {
		return media.Track{}, false
	}
	return t, true
}

// Origin returns the UTC of presentation time 0 of the track that is shown.
func (i *Item) Origin() media.Wall {
	t, ok := i.Track()
	if !ok {
		return media.Wall{}
	}
	return i.x.Origin(t.ID)
}

// Span returns where a track begins and ends on the axis, false while nothing of
// it is known. Tracks of one export may start at different times.
func (i *Item) Span(track uint32) (from, to media.UTC, ok bool) {
	table, ok := i.x.Table(track).(*evidence.Table)
	if !ok {
		return 0, 0, false
	}
	a, b, ok := table.Span()
	if !ok {
		return 0, 0, false
	}
	zero := i.zero
	if w := i.x.Origin(track); w.Known() && !i.Floating {
		zero = w.UTC
	}
	return zero.Add(a), zero.Add(b), true
}

// Choose shows the pictures of another track of an item, at the same position.
// Like Align it is for the goroutine that reads Item.View.
func (s *Set) Choose(i *Item, track uint32) error {
	t, ok := i.TrackOf(track)
	if !ok || t.Kind != media.KindVideo {
		return fmt.Errorf("session: %s has no pictures in track %d", i.path, track)
	}
	if now, ok := i.Track(); ok && now.ID == track {
		return nil
	}
	old := i.View
	i.track.Store(track)
	i.zero = s.zeroOf(i)
	i.View = s.view(i, t)
	s.engine.Add(i.View)
	if old != nil {
		s.leaving.Go(func() { s.engine.Remove(old) }) // it waits for its decoder
	}
	return nil
}
