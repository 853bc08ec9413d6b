package session

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player"
	"vedette/player/decode"
	"vedette/verify"
)

// Item is one opened export on the common axis.
type Item struct {
	*Session
	View *player.View // of Track; nil for an export without any track that can be played
	// Floating says that the export states no absolute time: it was put at the
	// begin of the axis.
	Floating bool
	zero     media.UTC
	track    atomic.Uint32 // chosen, 0 for the first
}

// Set is the exports that are open together, on one axis of UTC.
type Set struct {
	engine *player.Engine
	opener decode.Opener
	opt    Options

	leaving sync.WaitGroup // views that were exchanged

	mu    sync.Mutex
	items []*Item
}

// NewSet returns an empty set. opener may fail for want of a decoder program;
// then exports can be examined, but show no picture.
func NewSet(opener decode.Opener, opt Options) *Set {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	s := &Set{engine: player.New(player.Clock(opt.Now)), opener: opener, opt: opt}
	s.opt.Busy = s.engine.Playing
	return s
}

// Engine returns the transport.
func (s *Set) Engine() *player.Engine { return s.engine }

// Opener returns what starts decoders.
func (s *Set) Opener() decode.Opener { return s.opener }

// Items returns what is open, in order of opening.
func (s *Set) Items() []*Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.items)
}

// ErrOpen says that a file is open already.
var ErrOpen = errors.New("session: the file is open already")

// Add opens an export and puts it on the axis. It reads the file, so it is not
// for a window's goroutine.
func (s *Set) Add(ctx context.Context, path string) (*Item, error) {
	s.mu.Lock()
	for _, i := range s.items {
		if i.path == path {
			s.mu.Unlock()
			return i, ErrOpen
		}
	}
	s.mu.Unlock()
	x, err := Open(ctx, path, s.opt)
	if err != nil {
		return nil, err
	}
	i := &Item{Session: x}
	if t, ok := i.Track(); ok {
		i.zero = s.zeroOf(i)
		i.View = s.view(i, t)
	}
	s.mu.Lock()
	s.items = append(s.items, i)
	s.mu.Unlock()
	if i.View != nil {
		s.engine.Add(i.View)
	}
	return i, nil
}

// view makes the view of one track. Without pictures it has the time of the
// track, and its sound.
func (s *Set) view(i *Item, t media.Track) *player.View {
	c := player.Config{Source: i.x, Track: t, Sound: i.sound(), Opener: s.opener, Zero: i.zero}
	if t.Kind == media.KindVideo {
		c.Annotate = func(m media.Sample) any { return i.Overlay(m) }
	}
	return player.NewView(c)
}

// zeroOf returns where presentation time 0 of an export lies on the axis.
func (s *Set) zeroOf(i *Item) media.UTC {
	if w := i.Origin(); w.Known() {
		i.Floating = false
		return w.UTC
	}
	i.Floating = true
	var first *media.UTC
	for _, o := range s.Items() {
		if w := o.Origin(); o != i && w.Known() && (first == nil || w.UTC < *first) {
			first = &w.UTC
		}
	}
	if first != nil {
		return *first
	}
	return 0
}

// Align moves exports whose clock became known or was corrected. It returns
// whether anything moved.
func (s *Set) Align() bool {
	moved := map[*player.View]media.UTC{}
	for _, i := range s.Items() {
		if i.View == nil {
			continue
		}
		if z := s.zeroOf(i); z != i.zero {
			i.zero = z
			moved[i.View] = z
		}
	}
	if len(moved) > 0 {
		s.engine.Shift(moved)
	}
	return len(moved) > 0
}

// Joined tells which of the open exports belong together, each set with the
// verdict of its worst file. An export that is not examined yet is in none.
func (s *Set) Joined() []verify.SetReport {
	var parts []evidence.Part
	var reports []*verify.Report
	for _, i := range s.Items() {
		if n := i.Snapshot(); n.Indexed && n.Report != nil {
			parts, reports = append(parts, i.Export().Part()), append(reports, n.Report)
		}
	}
	return verify.Sets(parts, reports)
}

// Zero returns where presentation time 0 of the item lies on the axis.
func (i *Item) Zero() media.UTC { return i.zero }

// Remove closes one export. It waits for what the export does.
func (s *Set) Remove(i *Item) error {
	s.mu.Lock()
	s.items = slices.DeleteFunc(s.items, func(o *Item) bool { return o == i })
	s.mu.Unlock()
	if i.View != nil {
		s.engine.Remove(i.View)
	}
	return i.Close()
}

// Recheck examines everything again, after the trust packs changed.
func (s *Set) Recheck() {
	for _, i := range s.Items() {
		i.StartCheck()
	}
}

// Close closes everything.
func (s *Set) Close() error {
	var errs []error
	for _, i := range s.Items() {
		errs = append(errs, s.Remove(i))
	}
	s.leaving.Wait()
	s.engine.Close() // the sound and its device
	return errors.Join(errs...)
}
