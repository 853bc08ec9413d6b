package player

import (
	"context"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

// footage is a source of n pictures, 40 ms each, a sync sample every ten, and
// a gap of five seconds after the picture "gap" if that is not 0.
type footage struct{ n, gap int }

func (f footage) pts(i int) int64 {
	v := int64(i) * 40
	if f.gap > 0 && i >= f.gap {
		v += 5000
	}
	return v
}

func (f footage) Tracks() []media.Track    { return []media.Track{track} }
func (f footage) Table(uint32) media.Table { return f }
func (f footage) Gaps(uint32) []media.Gap  { return nil }
func (f footage) Origin(uint32) media.Wall { return media.Wall{} }
func (f footage) Len() int                 { return f.n }
func (f footage) Complete() bool           { return true }
func (f footage) SyncBefore(i int) int     { return i / 10 * 10 }
func (f footage) Frame(i int) int          { return i + 1 }
func (f footage) ReadSample(s media.Sample, _ []byte) ([]byte, error) {
	// One H.264 slice: IDR for sync samples, else a reference picture.
	kind := byte(0x41)
	if s.Sync {
		kind = 0x65
	}
	return []byte{0, 0, 0, 2, kind, byte(s.Index)}, nil
}

func (f footage) At(i int) media.Sample {
	return media.Sample{
		Track: 1, Index: i, PTS: media.Ticks{Value: f.pts(i), Scale: 1000}, DTS: media.Ticks{Value: f.pts(i), Scale: 1000},
		Duration: media.Ticks{Value: 40, Scale: 1000}, Sync: i%10 == 0, Size: 6,
	}
}

func (f footage) SyncAfter(i int) int {
	if s := i/10*10 + 10; s < f.n {
		return s
	}
	return -1
}

func (f footage) AtPTS(t media.Ticks) (int, bool) {
	best, ok := -1, false
	for i := range f.n {
		if !t.Before(f.At(i).PTS) {
			best, ok = i, true
		}
	}
	return best, ok
}

func (f footage) Next(i int) int {
	if i+1 < f.n {
		return i + 1
	}
	return -1
}

func (f footage) Prev(i int) int { return i - 1 }

func (f footage) ByFrame(n int) int {
	if n >= 1 && n <= f.n {
		return n - 1
	}
	return -1
}

var track = media.Track{ID: 1, Kind: media.KindVideo, Codec: media.CodecH264, Timescale: 1000, Width: 2, Height: 2, Config: []byte{1, 0, 0, 0, 3}}

// instant decodes by painting the sample's number.
type instant struct {
	mu  sync.Mutex
	out []*decode.Picture
	end bool
}

func (d *instant) Send(_ context.Context, u decode.Unit) error {
	if u.Hidden {
		return nil
	}
	p := decode.NewPicture(nil)
	p.Index, p.Width, p.Height, p.State = u.Index, 2, 2, decode.Clean
	p.RGBA = make([]byte, 16)
	p.RGBA[0] = byte(u.Index)
	d.out = append(d.out, p)
	return nil
}

func (d *instant) Receive(context.Context) (*decode.Picture, error) {
	if len(d.out) == 0 {
		if d.end {
			return nil, io.EOF
		}
		return nil, decode.ErrAgain
	}
	p := d.out[0]
	d.out = d.out[1:]
	return p, nil
}

func (d *instant) Drain(context.Context) error { d.end = true; return nil }
func (d *instant) Flush(context.Context) error { d.out, d.end = nil, false; return nil }
func (d *instant) Close() error                { return nil }

type opener struct{}

func (opener) OpenVideo(context.Context, decode.Config) (decode.VideoDecoder, error) {
	return &instant{}, nil
}

func (opener) OpenAudio(context.Context, decode.Config) (decode.AudioDecoder, error) {
	return nil, decode.ErrNoProgram
}
func (opener) Isolation() decode.Isolation { return decode.Isolation{} }

// stage is an engine with one view and a clock of its own.
type stage struct {
	t   *testing.T
	e   *Engine
	v   *View
	now time.Time
	mu  sync.Mutex
}

func newStage(t *testing.T, f footage) *stage {
	s := &stage{t: t, now: time.Unix(1000, 0)}
	s.e = New(func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now })
	s.v = NewView(Config{Source: f, Track: track, Opener: opener{}, Zero: 1_000_000})
	s.e.Add(s.v)
	t.Cleanup(s.e.Close)
	return s
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	s.now = s.now.Add(d)
	s.mu.Unlock()
}

// shows pulls until the view shows a sample, and says whether that happened.
func (s *stage) shows(sample int) {
	s.t.Helper()
	var last *Frame
	for range 20_000 {
		s.e.Tick()
		f, _, _ := s.v.Pull()
		if last = f; f != nil && f.Sample.Index == sample {
			if f.Picture.Pix[0] != byte(sample) {
				s.t.Fatalf("sample %d shows the picture of another", sample)
			}
			s.e.Tick() // the clock notices that it has nothing to wait for
			return
		}
		s.v.wake.Broadcast()
		runtime.Gosched() // let the decoding goroutine run
	}
	s.t.Fatalf("sample %d is never shown; %+v is; %s; %+v", sample, last, s.v.Inner(), s.e.Tick())
}

func TestFirstPictureIsShownWithoutPlaying(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	s.pass(10 * time.Second)
	s.shows(0)
}

func TestSeekShowsExactlyThePictureOfTheTime(t *testing.T) {
	s := newStage(t, footage{n: 50})
	for _, ms := range []int64{0, 39, 40, 400, 401, 1999, 80} {
		s.e.Seek(1_000_000 + media.UTC(ms*10_000))
		s.shows(int(ms / 40))
	}
}

func TestStepsMoveByOneFrameBothWays(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	for want := 1; want <= 12; want++ {
		s.e.Step(1)
		s.shows(want)
	}
	for want := 11; want >= 0; want-- {
		s.e.Step(-1)
		s.shows(want)
	}
	s.e.Step(-1)
	s.shows(0)
}

func TestPlayingFollowsTheClockAndStopsAtTheEnd(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	s.e.Play()
	for i := 1; i < 50; i++ {
		s.pass(40 * time.Millisecond)
		s.shows(i)
	}
	s.pass(time.Second)
	if st := s.e.Tick(); st.Playing || !st.AtEnd {
		t.Errorf("after the end: %+v", st)
	}
	s.e.Play()
	s.shows(0)
}

func TestLoopGoesBackToItsInPoint(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.shows(0)
	at := func(ms int64) media.UTC { return 1_000_000 + media.UTC(ms*10_000) }
	s.e.SetLoop(at(400), at(800), true)
	s.e.Play()
	s.pass(20 * time.Millisecond)
	s.shows(10)
	s.pass(500 * time.Millisecond)
	s.shows(10)
}

func TestGapSaysThatThereIsNoFootage(t *testing.T) {
	s := newStage(t, footage{n: 50, gap: 20})
	s.shows(0)
	s.e.Seek(1_000_000 + 3*media.Hundred)
	s.shows(19)
	_, _, st := s.v.Pull()
	if !st.Gap || !st.HasNext || st.Next != 1_000_000+58*media.Hundred/10 {
		t.Errorf("in the gap: %+v", st)
	}
}

func TestCorrectedClockKeepsThePicture(t *testing.T) {
	s := newStage(t, footage{n: 50})
	s.e.Seek(1_000_000 + media.Hundred)
	s.shows(25)
	s.e.Shift(map[*View]media.UTC{s.v: 501_000_000})
	s.shows(25)
	if st := s.e.Tick(); st.Axis != 501_000_000+media.Hundred {
		t.Errorf("the position is %d", st.Axis)
	}
}

func TestSeekStormEndsAtTheLastOne(t *testing.T) {
	s := newStage(t, footage{n: 50})
	for i := range 500 {
		s.e.Seek(1_000_000 + media.UTC(i%50)*400_000)
	}
	s.shows(49)
}
