package verify

import (
	"context"
	"fmt"
	"io"
)

// piece is a part of the file on its way to the hashes. done gives its memory
// back to the reader.
type piece struct {
	p   []byte
	at  int64
	err error
}

// fetcher reads the file piece by piece while the piece before is hashed:
// reading binds the bytes, which costs a fifth of hashing them.
type fetcher struct {
	out    chan piece
	free   chan []byte
	cancel context.CancelFunc
	ended  chan struct{}
}

type paceKey struct{}

// Paced returns a context under which Check calls pause before each piece of
// the file that it hashes, about a mebibyte: a window that plays at the same
// time lets it wait there.
func Paced(ctx context.Context, pause func()) context.Context {
	return context.WithValue(ctx, paceKey{}, pause)
}

// fetch reads from an offset to the end of the file. next tells where the piece
// that begins at an offset ends. It holds two pieces at most, and is to be stopped.
func fetch(ctx context.Context, r io.ReaderAt, from, size int64, next func(at int64) int64) *fetcher {
	ctx, cancel := context.WithCancel(ctx)
	f := &fetcher{out: make(chan piece), free: make(chan []byte, 2), cancel: cancel, ended: make(chan struct{})}
	for range cap(f.free) {
		f.free <- make([]byte, min(readSize, size-from))
	}
	go func() {
		defer close(f.ended)
		for at := from; at < size; {
			var buf []byte
			select {
			case buf = <-f.free:
			case <-ctx.Done():
				return
			}
			end := next(at)
			c := piece{p: buf[:end-at], at: at}
			if _, err := r.ReadAt(c.p, at); err != nil {
				c.err = fmt.Errorf("verify: %w", err)
			}
			select {
			case f.out <- c:
			case <-ctx.Done():
				return
			}
			at = end
		}
	}()
	return f
}

// next returns the next piece; its memory is given back by done.
func (f *fetcher) next(ctx context.Context) (piece, error) {
	if pause, ok := ctx.Value(paceKey{}).(func()); ok {
		pause()
	}
	if err := ctx.Err(); err != nil {
		return piece{}, err
	}
	select {
	case c := <-f.out:
		return c, c.err
	case <-ctx.Done():
		return piece{}, ctx.Err()
	}
}

func (f *fetcher) done(c piece) { f.free <- c.p[:cap(c.p)] }

// stop ends reading and waits for it, unless ctx has ended: who cancels does not
// wait for a medium that hangs. The read then ends by itself, into its own memory.
func (f *fetcher) stop(ctx context.Context) {
	f.cancel()
	if ctx.Err() == nil {
		<-f.ended
	}
}
