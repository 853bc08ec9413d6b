package verify

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"fmt"
	"hash"
	"io"
	"slices"
	"sort"
	"sync"

	"vedette/evidence"
)

// view is one way to read the file: as stored, or as the input of one seal
// (export file format: later seals removed, sizes set back, the seal's own
// signature zeroed). Its digest is filled in by the one pass over the file.
type view struct {
	edits  []edit // in order, not overlapping
	end    int64  // bytes of the file from here on are not part of the input
	hash   crypto.Hash
	digest []byte
}

// edit replaces bytes [from, to) of the file by others.
type edit struct {
	from, to int64
	insert   []byte
}

// sealView returns the input of seal k (from 0) of p, ending at end.
func sealView(p evidence.Protection, k int, end int64, h crypto.Hash) (*view, error) {
	v := &view{end: end, hash: h}
	seal := p.Seals[k]
	if last := len(p.Seals) - 1; k < last {
		from, to := p.Seals[k+1].Range.From, p.Seals[last].Range.To
		if from != seal.Range.To || to != p.Ipro.To {
			return nil, fmt.Errorf("seals after number %d are not one run at the end of ipro", seal.Number)
		}
		v.edits = append(v.edits, edit{from, to, nil})
		for _, s := range []evidence.SizeField{p.MetaS, p.IproS} {
			if s.Width != 0 {
				v.edits = append(v.edits, edit{s.Offset, s.Offset + int64(s.Width), bigEndian(s.Value-(to-from), s.Width)})
			}
		}
	}
	sig := seal.Signature
	v.edits = append(v.edits, edit{sig.From, sig.To, make([]byte, sig.Len())})
	slices.SortFunc(v.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	return v, nil
}

func bigEndian(v int64, width int) []byte {
	p := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		p[i] = byte(v)
		v >>= 8
	}
	return p
}

// group is the views whose inputs have been equal so far: they share a state.
type group struct {
	views []*view
	next  []int // per view: index of its next edit
	state hash.Hash
	skip  int64 // bytes before this offset have been replaced
}

// readSize is the length of one read: above a mebibyte nothing is gained.
const readSize = 1 << 20

// pass reads the file once and fills in the digests of all views. Views share
// one hash state until their inputs part; what of it was hashed ahead is not
// read again. progress is told the bytes hashed, counting each state, and their
// total.
func pass(ctx context.Context, r io.ReaderAt, size int64, views []*view, done *prefix, progress func(done, total int64)) error {
	from, state := done.before(firstChange(views, size))
	total, err := run(ctx, nil, size, views, from, nil, nil)
	if err != nil {
		return err
	}
	_, err = run(ctx, r, size, views, from, state, func(done int64) {
		if progress != nil {
			progress(from+done, from+total)
		}
	})
	return err
}

// firstChange is the offset up to which all views are the plain bytes under
// SHA-256; 0 if there is none.
func firstChange(views []*view, size int64) int64 {
	first := size
	for _, v := range views {
		if v.hash != crypto.SHA256 {
			return 0
		}
		first = min(first, v.end)
		if len(v.edits) > 0 {
			first = min(first, v.edits[0].from)
		}
	}
	return first
}

// run walks the file between the offsets at which inputs change. Without a
// reader it only counts the bytes that would be hashed.
// It begins at from, where all views still share the given state.
func run(ctx context.Context, r io.ReaderAt, size int64, views []*view, from int64, state hash.Hash, tell func(int64)) (int64, error) {
	groups, stops := start(views, size, r != nil, state)
	// next is where the bytes from at on are no longer treated alike.
	next := func(at int64) int64 {
		i := sort.Search(len(stops), func(i int) bool { return stops[i] > at })
		if i == len(stops) {
			return size
		}
		return min(stops[i], size)
	}
	var f *fetcher
	if r != nil {
		// Pieces end on block boundaries, so that blocks are read whole.
		f = fetch(ctx, r, from, size, func(at int64) int64 { return min(next(at), at+readSize-at%readSize) })
		defer f.stop(ctx)
	}
	var done int64
	for at := from; ; {
		var err error
		if groups, err = part(groups, at, size); err != nil || at >= size {
			return done, err
		}
		if r == nil {
			end := next(at)
			for _, g := range groups {
				if g.skip < end {
					done += end - at
				}
			}
			at = end
			continue
		}
		c, err := f.next(ctx)
		if err != nil {
			return done, err
		}
		done += feed(groups, c.p, at)
		at += int64(len(c.p))
		f.done(c)
		tell(done)
	}
}

// start makes one group per hash and lists the offsets at which inputs change.
func start(views []*view, size int64, live bool, state hash.Hash) ([]*group, []int64) {
	byHash := map[crypto.Hash]*group{}
	var groups []*group
	var stops []int64
	for _, v := range views {
		g := byHash[v.hash]
		if g == nil {
			g = &group{}
			switch {
			case live && state != nil && v.hash == crypto.SHA256:
				g.state = state
			case live:
				g.state = v.hash.New()
			}
			byHash[v.hash] = g
			groups = append(groups, g)
		}
		g.views, g.next = append(g.views, v), append(g.next, 0)
		stops = append(stops, v.end)
		for _, e := range v.edits {
			stops = append(stops, e.from, e.to)
		}
	}
	stops = slices.DeleteFunc(stops, func(s int64) bool { return s > size })
	sort.Slice(stops, func(i, j int) bool { return stops[i] < stops[j] })
	return groups, slices.Compact(stops)
}

// part splits the groups whose views go different ways at this offset, and
// closes the views that end here.
func part(groups []*group, at, size int64) ([]*group, error) {
	var out []*group
	for _, g := range groups {
		branches, err := g.branch(at, size)
		if err != nil {
			return nil, err
		}
		out = append(out, branches...)
	}
	return out, nil
}

func (g *group) branch(at, size int64) ([]*group, error) {
	type way struct {
		e    *edit
		done bool
	}
	var ways []way
	var out []*group
	for i, v := range g.views {
		w := way{done: v.end <= at || at >= size}
		if n := g.next[i]; !w.done && n < len(v.edits) && v.edits[n].from == at {
			w.e = &v.edits[n]
		}
		k := slices.IndexFunc(ways, func(o way) bool { return o.done == w.done && sameEdit(o.e, w.e) })
		if k < 0 {
			k = len(ways)
			ways = append(ways, w)
			out = append(out, &group{skip: g.skip})
		}
		next := g.next[i]
		if w.e != nil {
			next++
		}
		out[k].views, out[k].next = append(out[k].views, v), append(out[k].next, next)
	}
	kept := out[:0]
	for k, b := range out {
		if g.state != nil {
			var err error
			if b.state, err = g.take(k == len(out)-1); err != nil {
				return nil, err
			}
			if ways[k].e != nil {
				b.state.Write(ways[k].e.insert)
			}
		}
		if ways[k].e != nil {
			b.skip = ways[k].e.to
		}
		if !ways[k].done {
			kept = append(kept, b)
			continue
		}
		if b.state != nil {
			for _, v := range b.views {
				v.digest = b.state.Sum(nil)
			}
		}
	}
	return kept, nil
}

func sameEdit(a, b *edit) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.to == b.to && bytes.Equal(a.insert, b.insert)
}

// take returns the state itself for the last branch and a copy for the others.
func (g *group) take(last bool) (hash.Hash, error) {
	if last {
		return g.state, nil
	}
	c, ok := g.state.(hash.Cloner)
	if !ok {
		return nil, fmt.Errorf("verify: hash %T cannot be copied", g.state)
	}
	s, err := c.Clone()
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return s, nil
}

// feed hashes one piece into every state, side by side where there are several.
func feed(groups []*group, p []byte, at int64) int64 {
	var live []*group
	for _, g := range groups {
		if g.skip < at+int64(len(p)) {
			live = append(live, g)
		}
	}
	if len(live) == 1 {
		live[0].state.Write(p)
		return int64(len(p))
	}
	var wg sync.WaitGroup
	for _, g := range live {
		wg.Go(func() { g.state.Write(p) })
	}
	wg.Wait()
	return int64(len(p)) * int64(len(live))
}
