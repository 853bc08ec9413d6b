package session

import (
	"sync"
	"time"

	"vedette/media"
	"vedette/metadata"
)

// Overlay is what metadata says about one picture.
type Overlay struct {
	Age     time.Duration // of the oldest objects against the picture; 0 when they are this picture's
	Sample  int           // of the metadata track
	Objects []metadata.Object
	PTZ     *metadata.PTZ
	Facts   []metadata.Item // of the scene, of sensors, and what is not known
}

// overlayLife is how long metadata stays valid when no newer one follows.
const overlayLife = 500 * time.Millisecond

// overlayDepth is how many documents are looked through for scenes still valid.
const overlayDepth = 16

// overlays remembers the documents read last.
type overlays struct {
	mu   sync.Mutex
	docs map[int]*metadata.Document
	ids  []int
	buf  []byte
}

// maxDocs is the number of parsed documents that are kept.
const maxDocs = 64

// Overlay returns what the metadata says about a picture, or nil. It reads the
// file, so it is not for a window's goroutine.
func (s *Session) Overlay(picture media.Sample) *Overlay {
	for _, t := range s.x.Tracks() {
		if t.Kind != media.KindMetadata {
			continue
		}
		if o := s.overlayOf(t, picture); o != nil {
			return o
		}
	}
	return nil
}

// overlayOf puts together what the analytics modules say: of each, the last
// scene that is still valid. The age is that of the oldest scene whose objects
// are shown, so that none looks newer than it is.
func (s *Session) overlayOf(t media.Track, picture media.Sample) *Overlay {
	table := s.x.Table(t.ID)
	at := s.align(t, picture)
	out := &Overlay{Age: -1}
	take := func(age time.Duration, sample int) {
		out.Age, out.Sample = age.Truncate(time.Millisecond), sample
	}
	seen := map[string]bool{}
	i, ok := table.AtPTS(at)
	// A document may hold events alone: the scene before it is still valid.
	for n := 0; ok && i >= 0 && n < overlayDepth; n, i = n+1, table.Prev(i) {
		m := table.At(i)
		old := at.Sub(m.PTS.To(media.Hundred)).Duration()
		// A scene's own time may be a little later than its sample's; once there is
		// one, no other is looked for beyond the time that scenes live.
		if old > overlayLife && (len(seen) > 0 || old > overlayLife+clockTolerance*100) {
			break
		}
		doc := s.document(t, m)
		if doc == nil {
			continue
		}
		for k := len(doc.Frames) - 1; k >= 0; k-- {
			f := doc.Frames[k]
			age := at.Sub(s.timeOf(t, m, f.UTC, f.HasUTC)).Duration()
			if age < 0 || age > overlayLife || seen[f.Source] {
				continue
			}
			if len(seen) == 0 || len(f.Objects) > 0 && (age > out.Age || len(out.Objects) == 0) {
				take(age, i)
			}
			seen[f.Source] = true
			f = f.Shown(s.sides(picture))
			out.Objects = append(out.Objects, f.Objects...)
			out.Facts = append(out.Facts, f.Facts()...)
			if out.PTZ == nil {
				out.PTZ = f.PTZ
			}
		}
		for k := len(doc.PTZ) - 1; k >= 0 && out.PTZ == nil; k-- {
			p := doc.PTZ[k]
			if age := at.Sub(s.timeOf(t, m, p.UTC, p.HasUTC)).Duration(); age >= 0 && age <= overlayLife {
				out.PTZ = &p
				if out.Age < 0 {
					take(age, i)
				}
			}
		}
		facts := s.besides(t, m, doc, at)
		if out.Facts = append(out.Facts, facts...); len(facts) > 0 && out.Age < 0 {
			take(max(old, 0), i)
		}
	}
	if out.Age < 0 {
		return nil
	}
	return out
}

// besides tells what a document holds beside scenes, events and PTZ, while it is valid.
func (s *Session) besides(t media.Track, m media.Sample, doc *metadata.Document, at media.Ticks) []metadata.Item {
	var out []metadata.Item
	for _, v := range doc.Sensors {
		if age := at.Sub(s.timeOf(t, m, v.UTC, v.HasUTC)).Duration(); age >= 0 && age <= overlayLife {
			out = append(out, v.Fact())
		}
	}
	if at.Sub(m.PTS.To(media.Hundred)).Duration() <= overlayLife {
		out = append(out, doc.Other...)
	}
	return out
}

// sides returns numbers in the ratio of the sides of a picture as it is shown.
func (s *Session) sides(picture media.Sample) (w, h int) {
	t, ok := s.TrackOf(picture.Track)
	if !ok {
		return 0, 0
	}
	t = t.Described(picture.Description)
	if a := t.PixelAspect; a[0] > 0 && a[1] > 0 {
		return t.Width * a[0], t.Height * a[1]
	}
	return t.Width, t.Height
}

// align returns the picture's time on the metadata track's time line: both
// tracks may start at different times.
func (s *Session) align(t media.Track, picture media.Sample) media.Ticks {
	starts := s.x.Starts().Track
	v, ok1 := starts[picture.Track]
	m, ok2 := starts[t.ID]
	if !ok1 || !ok2 {
		return picture.PTS
	}
	return media.T100(int64(v.Declared - m.Declared)).Add(picture.PTS.To(media.Hundred))
}

// timeOf is when a scene or a state was seen, on the track's time line: by its own clock
// as long as that agrees with its sample.
func (s *Session) timeOf(t media.Track, m media.Sample, u media.UTC, stated bool) media.Ticks {
	start, ok := s.x.Starts().Track[t.ID]
	if !ok || !stated {
		return m.PTS.To(media.Hundred)
	}
	own := u.Sub(start.Declared)
	if d := own.Sub(m.PTS).Value; d > clockTolerance || d < -clockTolerance {
		return m.PTS.To(media.Hundred)
	}
	return own
}

func (s *Session) document(t media.Track, m media.Sample) *metadata.Document {
	key := int(t.ID)<<32 | m.Index
	s.overlays.mu.Lock()
	defer s.overlays.mu.Unlock()
	if d, ok := s.overlays.docs[key]; ok {
		return d
	}
	data, err := readDocument(s.x, m, s.overlays.buf)
	if err != nil {
		return nil
	}
	s.overlays.buf = data
	doc, err := metadata.Parse(data, t.Encoding)
	if err != nil {
		doc = nil // it is not read again for each picture
	}
	if s.overlays.docs == nil {
		s.overlays.docs = map[int]*metadata.Document{}
	}
	s.overlays.docs[key] = doc
	if s.overlays.ids = append(s.overlays.ids, key); len(s.overlays.ids) > maxDocs {
		delete(s.overlays.docs, s.overlays.ids[0])
		s.overlays.ids = s.overlays.ids[1:]
	}
	return doc
}
