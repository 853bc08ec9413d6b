package session

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"time"

	"vedette/events"
	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// Options are what a session works with.
type Options struct {
	Policy func() verify.Policy // asked at the begin of each check
	Now    func() time.Time
	Busy   func() bool // pictures are playing: what works behind them takes its time; nil for never
}

// Session is one opened export. It indexes, examines and reads the metadata in
// goroutines of its own; Snapshot tells how far they are. All methods are safe
// for use by several goroutines, and none but Open and Close waits.
type Session struct {
	path string
	opt  Options
	x    *evidence.Export
	ctx  context.Context //nolint:containedctx // the session's own run loops
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu       sync.Mutex
	snap     Snapshot
	changed  chan struct{} // closed at the next change; nil while nobody waits
	check    context.CancelFunc
	checkGen int
	events   *events.Store
	reading  int // of the reading of events begun last
	overlays overlays
}

// Snapshot is what is known at one moment.
type Snapshot struct {
	Name, Path string
	Size       int64
	Indexed    bool
	IndexDone  int64
	Checking   bool
	CheckDone  int64
	CheckTotal int64
	Rate       float64 // bytes a second
	Report     *verify.Report
	CheckError string
	Withdrawn  string
	Info       *evidence.Info
	Location   *evidence.Location
	Tracks     []media.Track
	Start, End *media.UTC
	Gaps       int
	GapTime    time.Duration
	Events     int
	EventsRead bool
	EventsRun  int // grows each time the events were placed on the clock anew
	// EventFindings are what was noticed while they were read.
	EventFindings []diag.Finding
	Version       int // grows whenever anything changed
}

// Open opens an export. The first picture can be decoded when it returns.
func Open(ctx context.Context, path string, opt Options) (*Session, error) {
	f, err := evidence.OpenFile(path)
	if err != nil {
		return nil, err
	}
	x, err := evidence.Open(ctx, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	s := &Session{path: path, opt: opt, x: x}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.snap = Snapshot{Name: filepath.Base(path), Path: path, Size: f.Size(), Tracks: x.Tracks()}
	s.wg.Go(s.index)
	s.wg.Go(s.watch)
	s.StartCheck() // it hashes while the index is read
	return s, nil
}

// Close ends everything the session does and releases the file.
func (s *Session) Close() error {
	s.stop()
	s.wg.Wait()
	if err := s.x.File().Close(); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Export returns the opened export.
func (s *Session) Export() *evidence.Export { return s.x }

// Snapshot returns what is known now.
func (s *Session) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snap
}

func (s *Session) update(fn func(*Snapshot)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(&s.snap)
	s.bump()
}

// bump says that the snapshot changed. It is called with the lock held.
func (s *Session) bump() {
	s.snap.Version++
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// sound returns the first audio track, nil if there is none.
func (s *Session) sound() *media.Track {
	for _, t := range s.x.Tracks() {
		if t.Kind == media.KindAudio {
			return &t
		}
	}
	return nil
}

// HasSound tells whether there is an audio track.
func (s *Session) HasSound() bool { return s.sound() != nil }

func (s *Session) index() {
	err := s.x.Index(s.ctx, func(done, _ int64) {
		s.update(func(n *Snapshot) { n.IndexDone = done })
	})
	if err != nil {
		if s.ctx.Err() == nil {
			s.update(func(n *Snapshot) { n.CheckError = err.Error() })
		}
		return
	}
	s.describe(true)
	s.wg.Go(s.readEvents)
}

// describe takes over what the export says by now.
func (s *Session) describe(indexed bool) {
	tracks := s.x.Tracks()
	var from, to *media.UTC
	gaps, gapTime := 0, time.Duration(0)
	first, _ := lead(tracks)
	for _, t := range tracks {
		table, ok := s.x.Table(t.ID).(*evidence.Table)
		if !ok || t.Kind == media.KindMetadata && first.Kind != media.KindMetadata {
			continue
		}
		if t.Kind == first.Kind {
			for _, g := range s.x.Gaps(t.ID) {
				gaps++
				gapTime += g.To.Sub(g.From).Duration()
			}
		}
		origin := s.x.Origin(t.ID)
		a, b, ok := table.Span()
		if !ok || !origin.Known() {
			continue
		}
		u, v := origin.Add(a).UTC, origin.Add(b).UTC
		if from == nil || u < *from {
			from = &u
		}
		if to == nil || v > *to {
			to = &v
		}
	}
	info, hasInfo := s.x.Info()
	place, hasPlace := s.x.Location()
	s.update(func(n *Snapshot) {
		n.Indexed, n.Tracks, n.Start, n.End, n.Gaps, n.GapTime = indexed, tracks, from, to, gaps, gapTime
		if hasInfo {
			n.Info = &info
		}
		if hasPlace {
			n.Location = &place
		}
	})
}

// StartCheck examines the seals again from the begin.
func (s *Session) StartCheck() {
	s.CancelCheck()
	ctx, cancel := context.WithCancel(s.ctx)
	s.mu.Lock()
	if s.snap.Withdrawn != "" { // opening the file again is the only way on
		s.mu.Unlock()
		cancel()
		return
	}
	s.check = cancel
	s.checkGen++
	gen := s.checkGen
	s.snap.Checking, s.snap.CheckDone, s.snap.CheckTotal, s.snap.CheckError = true, 0, s.snap.Size, ""
	s.snap.Report = nil // the old answer may be by packs that no longer count
	s.bump()
	s.mu.Unlock()
	s.wg.Go(func() { s.examine(ctx, gen) })
}

// CancelCheck ends a check that is running; the verdict then says unchecked.
func (s *Session) CancelCheck() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.check != nil {
		s.check()
		s.check = nil
	}
}

func (s *Session) examine(ctx context.Context, gen int) {
	begin := s.opt.Now()
	before := s.x.Starts()
	r, err := verify.Check(verify.Paced(ctx, s.pace()), s.x, s.opt.Policy(), func(p verify.Progress) {
		s.update(func(n *Snapshot) {
			n.CheckDone, n.CheckTotal = p.Done, p.Total
			if d := s.opt.Now().Sub(begin).Seconds(); d > 0.05 {
				n.Rate = float64(p.Done) / d
			}
		})
	})
	current := func() bool { return gen == s.checkGen && s.ctx.Err() == nil }
	s.mu.Lock()
	latest := current()
	s.mu.Unlock()
	if !latest {
		return
	}
	r.Elapsed = s.opt.Now().Sub(begin)
	s.describe(true)
	if !reflect.DeepEqual(before.Track, s.x.Starts().Track) {
		s.wg.Go(s.readEvents) // they were placed by another clock
	}
	s.update(func(n *Snapshot) {
		if n.Withdrawn != "" || !current() {
			return // the file changed, or another check began, while this one ended: its answer no longer holds
		}
		n.Checking, n.Report = false, r
		if err != nil {
			n.CheckError = err.Error()
		}
	})
}

// pace returns what examining calls between two pieces of the file. While
// pictures play it rests as long as it worked, so that it leaves them the
// processor; a thread of lower priority would not do, for the garbage collector
// stops the window until every thread has come to a halt.
func (s *Session) pace() func() {
	last := time.Now()
	return func() {
		if s.opt.Busy != nil && s.opt.Busy() {
			select {
			case <-time.After(min(time.Since(last), longestRest)):
			case <-s.ctx.Done():
			}
		}
		last = time.Now()
	}
}

// longestRest bounds one rest, whatever the work before it took.
const longestRest = 20 * time.Millisecond

// watch withdraws the verdict when the file changes under us.
func (s *Session) watch() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.x.File().Changed():
			s.withdraw(s.x.File().Withdrawn())
			return
		case <-t.C:
			if err := s.x.File().Recheck(); err != nil {
				s.withdraw(err)
				return
			}
		}
	}
}

func (s *Session) withdraw(why error) {
	s.CancelCheck()
	s.update(func(n *Snapshot) {
		n.Withdrawn, n.Checking = why.Error(), false
		w := verify.Refused(s.path, n.Size, diag.New("FILE-CHANGED", diag.Fatal, "%v", why))
		w.Integrity, w.Partial = verify.FileWithdrawn, true
		n.Report = w
	})
}

func (s *Session) readEvents() {
	s.mu.Lock()
	s.reading++
	mine := s.reading
	s.mu.Unlock()
	pause := s.pace()
	d, err := readEvents(s.ctx, s.x, func(int, int) { pause() }, mayHoldEvent)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil || mine != s.reading {
		return // a later reading places them by a newer clock
	}
	s.events = d.Store
	s.snap.Events, s.snap.EventsRead = d.Store.Len(), true
	s.snap.EventsRun++
	s.snap.EventFindings = d.Findings
	if err != nil {
		s.snap.CheckError = err.Error()
	}
	s.bump()
}

// Events returns the events in order of time; nil, which reads as none, until
// they were read.
func (s *Session) Events() *events.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events
}
