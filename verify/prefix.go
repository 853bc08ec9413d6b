package verify

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
)

// checkpointEvery is how far apart states of the prefix are kept: each is about
// a hundred bytes, so a 100 GB file takes 300 kB of them.
const checkpointEvery = 32 << 20

// prefix is the plain SHA-256 of the begin of a file, computed while the
// structure behind it is still being read. The inputs of all seals begin with
// the same bytes, so the pass goes on from here once it is known where they part.
type prefix struct {
	at     int64
	state  hash.Hash
	points []checkpoint
}

type checkpoint struct {
	at    int64
	state hash.Hash
}

// ahead hashes from the begin until known is closed or the file ends.
func ahead(ctx context.Context, r io.ReaderAt, size int64, known <-chan struct{}, tell func(done, total int64)) (*prefix, error) {
	p := &prefix{state: sha256.New()}
	f := fetch(ctx, r, 0, size, func(at int64) int64 { return min(at+readSize, size) })
	defer f.stop(ctx)
	for p.at < size {
		select {
		case <-known:
			return p, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		default:
		}
		c, err := f.next(ctx)
		if err != nil {
			return nil, err
		}
		p.state.Write(c.p)
		p.at += int64(len(c.p))
		f.done(c)
		if p.at%checkpointEvery == 0 {
			state, err := (&group{state: p.state}).take(false)
			if err != nil {
				return nil, err
			}
			p.points = append(p.points, checkpoint{p.at, state})
		}
		tell(p.at, size)
	}
	return p, nil
}

// before returns the SHA-256 state nearest to an offset, not after it, or none:
// a state over nothing is no head start, and inputs under another hash need their own.
func (p *prefix) before(at int64) (int64, hash.Hash) {
	if p == nil || p.at == 0 || at == 0 {
		return 0, nil
	}
	if p.at <= at {
		return p.at, p.state
	}
	for i := len(p.points) - 1; i >= 0; i-- {
		if p.points[i].at <= at {
			return p.points[i].at, p.points[i].state
		}
	}
	return 0, nil
}
