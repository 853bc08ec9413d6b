package player

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vedette/player/decode"
)

// unwilling is an opener whose decoders do not start for a while.
type unwilling struct {
	opener
	err   error
	fails atomic.Int32 // tries left that fail
	tries atomic.Int32
}

func (u *unwilling) OpenVideo(ctx context.Context, c decode.Config) (decode.VideoDecoder, error) {
	u.tries.Add(1)
	if u.fails.Add(-1) >= 0 {
		return nil, u.err
	}
	return u.opener.OpenVideo(ctx, c)
}

func TestViewWithoutDecoderTriesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		fails   int32
		after   time.Duration
		picture bool
		tries   int32
	}{
		"a start that fails once":           {errors.New("killed"), 1, time.Second, true, 2},
		"starts that fail for long":         {errors.New("killed"), 100, time.Minute, true, 101},
		"a missing program is asked once":   {decode.ErrNoProgram, 1, time.Minute, false, 1},
		"starts that go on failing are few": {errors.New("killed"), 1 << 20, time.Minute, false, 190},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &unwilling{err: c.err}
				o.fails.Store(c.fails)
				e := New(time.Now)
				defer e.Close()
				v := NewView(Config{Source: footage{n: 30}, Track: track, Opener: o, Zero: 1_000_000})
				e.Add(v)
				time.Sleep(c.after) // of the bubble's clock
				synctest.Wait()
				e.Tick()
				f, _, s := v.Pull()
				if (f != nil) != c.picture || (s.Error == "") != c.picture {
					t.Errorf("frame %v, state %+v", f, s)
				}
				if n := o.tries.Load(); n > c.tries || n == 0 {
					t.Errorf("%d tries, want at most %d", n, c.tries)
				}
			})
		})
	}
}
