package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// Export is one opened export. Open returns as soon as the first sample can be
// played; Index reads the rest. All methods are safe for use by several
// goroutines, and say what is known so far.
type Export struct {
	file *File
	in   io.ReaderAt // the file, for who walks it: fails when the walk is cancelled

	mu         sync.RWMutex
	top        []*bmff.Box // top-level boxes; children only of moov and meta
	tracks     []media.Track
	tables     map[uint32]*Table
	defaults   map[uint32]bmff.Defaults
	gaps       map[uint32]*gapFinder
	mdat       []diag.Range
	moov       *bmff.Box
	meta       *bmff.Box
	movieScale uint32
	grows      bool       // samples come in fragments as well
	created    media.Wall // mvhd creation time: of the file, not of capture
	info       *Info
	cami       map[[16]byte]uint32
	location   *Location
	metaStarts []bmff.Start
	sumi       *bmff.Sumi
	prot       Protection
	starts     Starts
	chosen     bool
	findings   []diag.Finding
	once       map[string]bool

	budget  int
	at      int64 // next top-level box
	ended   bool
	pending []pendingRun
	// pendingEnd is the decode time at which the waiting samples of a table end.
	pendingEnd map[*Table]int64
	indexOnce  sync.Once
	indexed    chan struct{}
	indexErr   error
	samples    int
	claimed    int64 // bytes that the samples so far claim
}

// NotExportError says that an input is no ISO base media file at all.
type NotExportError struct {
	Name string
	What string
}

// Error names the input, the fault and what to do.
func (e *NotExportError) Error() string {
	return fmt.Sprintf("%s is not an export file: %s; expected an MP4 file as exported by a video system", e.Name, e.What)
}

// topLevel are the types with which an ISO base media file may begin.
var topLevel = map[string]bool{
	"ftyp": true, "styp": true, "moov": true, "moof": true, "mdat": true, "meta": true,
	"free": true, "skip": true, "wide": true, "pdin": true, "uuid": true, "sidx": true, "mfra": true, "pnot": true,
}

// Open reads the head of a file until its first picture can be decoded. It
// does not wait for the whole file: call Index for the rest.
func Open(ctx context.Context, f *File) (*Export, error) {
	e := &Export{
		file: f, tables: map[uint32]*Table{}, defaults: map[uint32]bmff.Defaults{}, gaps: map[uint32]*gapFinder{},
		cami: map[[16]byte]uint32{}, once: map[string]bool{}, pendingEnd: map[*Table]int64{}, budget: bmff.MaxBoxes, indexed: make(chan struct{}),
	}
	head, err := bmff.Header(f, 0, f.Size(), true)
	if err != nil {
		var fault *bmff.Error
		if errors.As(err, &fault) && !topLevel[head.Type] {
			return nil, &NotExportError{f.Name(), "its first bytes are no box"}
		}
		if !errors.As(err, &fault) {
			return nil, err
		}
	}
	if !topLevel[head.Type] {
		return nil, &NotExportError{f.Name(), fmt.Sprintf("it begins with %q", bmff.Printable(head.Type))}
	}
	for !e.playable() {
		more, err := e.step(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			e.showSomething()
			break
		}
	}
	return e, nil
}

// playable reports whether some frame of every track that leads is known, or that
// there is none to wait for: those with pictures, else with sound, else with
// metadata.
func (e *Export) playable() bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.moov == nil {
		return false
	}
	leads := media.KindOther
	for _, t := range e.tracks {
		if t.Kind != media.KindOther && (leads == media.KindOther || t.Kind < leads) {
			leads = t.Kind // they are in this order
		}
	}
	for _, t := range e.tracks {
		if n := e.tables[t.ID].Len(); n == 0 && t.Kind == leads && leads != media.KindOther || n > 0 && e.tables[t.ID].Frames() == 0 {
			return false
		}
	}
	return len(e.tracks) > 0
}

// Index reads the rest of the file. It is to be called once; progress, if not
// nil, is told the bytes passed and the size of the file from time to time. A
// damaged structure is no error here: it is told by Findings and Protection.
func (e *Export) Index(ctx context.Context, progress func(done, total int64)) error {
	e.indexOnce.Do(func() {
		e.indexErr = e.walk(ctx, progress)
		close(e.indexed)
	})
	return e.indexErr
}

func (e *Export) walk(ctx context.Context, progress func(done, total int64)) error {
	for n := 0; ; n++ {
		more, err := e.step(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if progress != nil && n%64 == 0 {
			progress(e.at, e.file.Size())
		}
	}
	e.conclude()
	if progress != nil {
		progress(e.file.Size(), e.file.Size())
	}
	return nil
}

// step reads one top-level box. It returns false at the end of the file or
// where the structure cannot be followed any further. An error means that the
// file could not be read, or that ctx ended.
func (e *Export) step(ctx context.Context) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	e.in = cancelled{ctx, e.file}
	if e.ended || e.at >= e.file.Size() {
		e.publish()
		return false, nil
	}
	if e.budget--; e.budget < 0 {
		return false, e.stop(bmff.Faultf(bmff.TooMuch, bmff.Box{Offset: e.at}, "more than %d boxes", bmff.MaxBoxes))
	}
	h, err := bmff.Header(e.in, e.at, e.file.Size(), true)
	if err != nil {
		return false, e.stop(err)
	}
	b := &h
	e.mu.Lock()
	e.top = append(e.top, b)
	if b.Type == "mdat" {
		e.mdat = append(e.mdat, b.Body())
	}
	e.mu.Unlock()
	e.publish() // the bytes of the fragment before lie in boxes known by now

	switch b.Type {
	case "moov":
		err = e.readMoov(b)
	case "moof":
		err = e.readMoof(b)
	case "meta":
		err = e.readMeta(b)
	}
	if err != nil {
		if err := e.fault(err); err != nil {
			return false, err
		}
	}
	e.at = b.End()
	return true, nil
}

// cancelled is a file that cannot be read any more once its context ends, so
// that no single box, however large, keeps who cancels waiting.
type cancelled struct {
	ctx context.Context
	r   io.ReaderAt
}

func (c cancelled) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.ReadAt(p, off)
}

// stop ends the walk at a fault of the structure.
func (e *Export) stop(err error) error {
	e.ended = true
	e.publish()
	return e.fault(err)
}

// fault turns a fault of the input into a finding that forbids a verdict. What
// is left are errors of reading.
func (e *Export) fault(err error) error {
	var f *bmff.Error
	if !errors.As(err, &f) {
		return err
	}
	code := "BOX-MALFORMED"
	switch f.Kind {
	case bmff.Truncated:
		code = "FILE-TRUNCATED"
	case bmff.TooMuch:
		code = "BOX-LIMIT"
	case bmff.Unsupported:
		code = "BOX-UNSUPPORTED"
	}
	e.malformed(diag.At(code, diag.Fatal, f.Offset, f.Offset+8, "%s at %d: %s: %s", bmff.Printable(f.Box), f.Offset, f.Kind, f.What))
	return nil
}

// maxMalformed bounds what is listed of a file that one fault already keeps
// from a verdict.
const maxMalformed = 64

func (e *Export) malformed(f diag.Finding) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.prot.Malformed) >= maxMalformed {
		return
	}
	e.prot.Malformed = append(e.prot.Malformed, f)
	e.findings = append(e.findings, f)
}

// note adds a finding; with a key it is said only once.
func (e *Export) note(key string, f diag.Finding) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if key != "" && e.once[key] {
		return
	}
	if key != "" {
		e.once[key] = true
	}
	e.findings = append(e.findings, f)
}

// said reports whether a finding that is said only once was said: a hostile
// file could ask for millions.
func (e *Export) said(key string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.once[key]
}

// File returns the file the export was opened on.
func (e *Export) File() *File { return e.file }

// Indexed returns a channel that is closed when Index has ended.
func (e *Export) Indexed() <-chan struct{} { return e.indexed }

// Position returns how many bytes of the file have been walked.
func (e *Export) Position() int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if len(e.top) == 0 {
		return 0
	}
	return e.top[len(e.top)-1].End()
}

// Boxes returns the top-level boxes, those of moov and meta with their children.
func (e *Export) Boxes() []*bmff.Box {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return append([]*bmff.Box(nil), e.top...)
}

// BoxTree reads the whole tree, that of fragments included.
func (e *Export) BoxTree(ctx context.Context) ([]*bmff.Box, error) {
	budget := bmff.MaxBoxes
	out := e.Boxes()
	for i, b := range out {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(b.Children) > 0 {
			continue
		}
		c := *b
		if err := c.Expand(e.file, 0, &budget); err != nil {
			var f *bmff.Error
			if !errors.As(err, &f) {
				return nil, err
			}
		}
		out[i] = &c
	}
	return out, nil
}

// Info returns the export information of suep, if there is one so far.
func (e *Export) Info() (Info, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.info == nil {
		return Info{}, false
	}
	return *e.info, true
}

// Location returns the declared location, if there is one so far.
func (e *Export) Location() (Location, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.location == nil {
		return Location{}, false
	}
	return *e.location, true
}

// Created returns the creation time of the file, which is no time of capture.
func (e *Export) Created() media.Wall {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.created
}

// Protection returns what structure says about the seals. It is complete once
// Indexed is closed and Index returned no error.
func (e *Export) Protection() Protection {
	e.mu.RLock()
	defer e.mu.RUnlock()
	p := e.prot
	p.Seals = append([]Seal(nil), p.Seals...)
	p.Outside = append([]diag.Range(nil), p.Outside...)
	p.Malformed = append([]diag.Finding(nil), p.Malformed...)
	return p
}

// Findings returns what was noticed so far, in order of the file.
func (e *Export) Findings() []diag.Finding {
	e.mu.RLock()
	defer e.mu.RUnlock()
	out := append([]diag.Finding(nil), e.findings...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Severity > out[j].Severity })
	return out
}

// Tracks implements media.Source.
func (e *Export) Tracks() []media.Track {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return append([]media.Track(nil), e.tracks...)
}

// Table implements media.Source.
func (e *Export) Table(track uint32) media.Table {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if t, ok := e.tables[track]; ok {
		return t
	}
	return nil
}

// Origin implements media.Source.
func (e *Export) Origin(track uint32) media.Wall {
	e.mu.RLock()
	t := e.tables[track]
	e.mu.RUnlock()
	if t == nil {
		return media.Wall{}
	}
	return t.origin()
}

// Gaps implements media.Source.
func (e *Export) Gaps(track uint32) []media.Gap {
	e.mu.RLock()
	defer e.mu.RUnlock()
	g := e.gaps[track]
	if g == nil {
		return nil
	}
	return append([]media.Gap(nil), g.found...)
}

// ReadSample implements media.Source.
func (e *Export) ReadSample(s media.Sample, buf []byte) ([]byte, error) {
	s, err := e.sample(s)
	if err != nil {
		return buf[:0], err
	}
	if cap(buf) < s.Size {
		buf = make([]byte, s.Size, s.Size+s.Size/4)
	}
	buf = buf[:s.Size]
	if _, err := e.file.ReadAt(buf, s.Offset); err != nil {
		return buf[:0], fmt.Errorf("evidence: sample %d of track %d: %w", s.Index, s.Track, err)
	}
	return buf, nil
}

// ReadPart reads the bytes of s from at on into p, as many as there are, and
// returns how many. Errors are those of ReadSample.
func (e *Export) ReadPart(s media.Sample, at int, p []byte) (int, error) {
	s, err := e.sample(s)
	if err != nil || at < 0 || at >= s.Size {
		return 0, err
	}
	p = p[:min(len(p), s.Size-at)]
	n, err := e.file.ReadAt(p, s.Offset+int64(at))
	if err != nil {
		return n, fmt.Errorf("evidence: sample %d of track %d: %w", s.Index, s.Track, err)
	}
	return n, nil
}

// sample returns a sample as it was indexed, if its bytes may be read.
func (e *Export) sample(s media.Sample) (media.Sample, error) {
	e.mu.RLock()
	t := e.tables[s.Track]
	e.mu.RUnlock()
	if t == nil || s.Index < 0 || s.Index >= t.Len() {
		return s, fmt.Errorf("evidence: sample %d of track %d is not known", s.Index, s.Track)
	}
	if t.refused(s.Index) {
		return s, fmt.Errorf("evidence: sample %d of track %d: bytes %d to %d are %w",
			s.Index, s.Track, s.Offset, s.Offset+int64(s.Size), media.ErrNoSample)
	}
	return t.At(s.Index), nil
}

var _ media.Source = (*Export)(nil)
