package verify_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/internal/fixture"
	"vedette/verify"
)

// number is how often something is done: as the variable says, which `make
// mutate` sets, or the usual number.
func number(t testing.TB, variable string, usual int) int {
	t.Helper()
	v := os.Getenv(variable)
	if v == "" {
		if testing.Short() {
			return usual / 10
		}
		return usual
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number", variable, v)
	}
	return n
}

// layouts are sound files of every arrangement that seals know.
func layouts(t testing.TB) []answer {
	t.Helper()
	s := stocked(t)
	early := draft(t, func(f *fixture.File) {
		m := f.At("meta")
		f.Drop("meta")
		insert(&f.Node, 2, m)
	})
	first, second := by(t, func(o *fixture.SealOptions) { o.Early = true }), corrected(t)
	second.Early = true
	empty := func() *fixture.Node { return &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}} }
	wide := draft(t, func(f *fixture.File) {
		f.At("meta").Wide = true
		k := empty()
		k.Wide = true
		f.At("meta").Kids = append(f.At("meta").Kids, k)
	})
	open := draft(t, func(f *fixture.File) { f.At("meta").Open = true })
	legacy := draft(t, func(f *fixture.File) {
		f.At("meta/suep").Body = slices.Concat(unit(0, "U", seconds1904(scene.Add(time.Hour))), []byte{1}, make([]byte, 16), text("Gate", "", "", ""), []byte{0})
	})
	right := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene) })
	inMeta := draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("cstb", right)) })
	room := draft(t, func(f *fixture.File) {
		f.At("meta").Kids = append(f.At("meta").Kids, empty(), node("free", []byte("room")))
	})
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec := fixture.SealOptions{By: curve(t, elliptic.P256()), Scheme: fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256)}}
	ed := fixture.SealOptions{By: minted(t, key), Scheme: fixture.Scheme{SigC: fixture.SigC(fixture.OIDEd25519)}}
	return []answer{
		{name: "single", data: s.single}, {name: "double", data: s.double}, {name: "triple", data: s.triple},
		{name: "meta before the footage", data: seal(t, early, first, second)},
		{name: "index covered", data: s.coveredTwice},
		{name: "index added later", data: append(bytes.Clone(s.double), trueIndex()...)},
		{name: "64-bit sizes", data: seal(t, wide, first, second)},
		{name: "meta to the end of the file", data: seal(t, open, first, second)},
		{name: "old export information", data: seal(t, legacy, first)},
		{name: "start times in meta and schi", data: seal(t, inMeta, by(t, func(o *fixture.SealOptions) { o.InSchi = true }))},
		{name: "free box behind the seals", data: seal(t, room, first, second)},
		{name: "not fragmented", data: plain(t, nil)},
		{name: "ECDSA under Ed25519", data: seal(t, draft(t, nil), ec, ed)},
	}
}

// origin is a file that mutants are made of.
type origin struct {
	name  string
	data  []byte
	seals span // the box that holds them
	tree  *fixture.File
}

type inputs map[[32]byte]bool

// TestNoMutantReadsIntact changes sealed files at random, by bytes and by
// boxes. Of each seal that is called intact, the input as the second examiner
// builds it must be one that was sealed. That includes older states: the index
// that nobody sealed, and the newest seal, can be taken away without a trace.
func TestNoMutantReadsIntact(t *testing.T) {
	total := number(t, "VEDETTE_MUTANTS", max(15_000/slower, 4000))
	seed := uint64(number(t, "VEDETTE_SEED", 11))
	known := inputs{}
	var origins []origin
	for _, l := range layouts(t) {
		f := secondRead(l.data)
		if r := examine(t, l.data, verify.Policy{Now: scene}); r.Integrity != verify.FileIntact && r.Integrity != verify.FileIncomplete || f.damaged {
			t.Fatalf("%s is %s before it is changed", l.name, r.Integrity)
		}
		for k := range f.seals {
			known[sha256.Sum256(f.input(k, false))] = true
			if f.index != nil {
				known[sha256.Sum256(f.input(k, true))] = true
			}
		}
		origins = append(origins, origin{l.name, l.data, f.meta.span, parsed(t, l.data)})
	}
	t.Logf("%d mutants of %d files, seed %d", total, len(origins), seed)

	var next, intact, held, refused atomic.Int64
	var worst, slowest atomic.Int64
	var mu sync.Mutex
	var late []int64 // looked at again, one at a time, when nothing else runs
	start := time.Now()
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(total) || t.Failed() {
					return
				}
				o := &origins[int(n)%len(origins)]
				m := mutant(mathrand.New(mathrand.NewPCG(seed, uint64(n))), o)
				r, took, err := timed(m)
				if slow := worst.Load(); took > time.Duration(slow) && worst.CompareAndSwap(slow, int64(took)) {
					slowest.Store(n)
				}
				switch {
				case r == nil && err == nil:
				case err != nil:
				case r.Integrity == verify.FileIntact || r.Integrity == verify.FileIncomplete:
					intact.Add(1)
				case slices.Contains(r.Started, true):
					held.Add(1)
				case r.Integrity == verify.FileMalformed:
					refused.Add(1)
				}
				if err == nil && r != nil {
					err = believed(m, r, known)
				}
				if bar := barOf(m); took > bar {
					mu.Lock()
					late = append(late, n)
					mu.Unlock()
				}
				if err != nil {
					path := filepath.Join(os.TempDir(), fmt.Sprintf("vedette-mutant-%d-%d.mp4", seed, n))
					_ = os.WriteFile(path, m, 0o600)
					t.Errorf("mutant %d of seed %d, of %q, kept as %s: %v", n, seed, o.name, path, err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	for _, n := range late {
		m := mutant(mathrand.New(mathrand.NewPCG(seed, uint64(n))), &origins[int(n)%len(origins)])
		best := time.Duration(1 << 62)
		for range 10 {
			_, d, _ := timed(m)
			best = min(best, d)
		}
		if best > barOf(m) {
			t.Errorf("mutant %d of seed %d: examining %d bytes takes %s", n, seed, len(m), best)
		}
	}
	t.Logf("%s, %.0f a second: %d intact as they once were, %d with some seal that holds, %d malformed; the slowest, %d, took %s",
		took.Round(time.Millisecond), float64(total)/took.Seconds(), intact.Load(), held.Load(), refused.Load(), slowest.Load(), time.Duration(worst.Load()))
	if held.Load() == 0 || refused.Load() == 0 {
		t.Error("the mutants are all of one kind")
	}
}

// barOf is how long examining may take: 50 ms for each 16 kB.
func barOf(m []byte) time.Duration {
	return 50 * time.Millisecond * slower * time.Duration(1+len(m)>>14)
}

// timed examines a mutant, again where that took long: other work on the
// machine makes one time long, not all.
func timed(m []byte) (r *verify.Report, took time.Duration, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	for try := range 4 {
		start := time.Now()
		r, err = examined(m)
		if d := time.Since(start); try == 0 || d < took {
			took = d
		}
		if took < 50*time.Millisecond {
			break
		}
	}
	return r, took, err
}

// examined is nil for what is no export at all.
func examined(m []byte) (*verify.Report, error) {
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(m), int64(len(m)), "mutant"))
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // refused, which is an answer
	}
	if err := e.Index(context.Background(), nil); err != nil {
		return nil, err
	}
	return verify.Check(context.Background(), e, verify.Policy{Now: scene}, nil)
}

// believed fails when something is said that was never sealed.
func believed(m []byte, r *verify.Report, known inputs) error {
	f := secondRead(m)
	good := r.Integrity == verify.FileIntact || r.Integrity == verify.FileIncomplete
	if good && (len(r.Seals) == 0 || slices.Contains(r.Started, false)) {
		return fmt.Errorf("the file is %s with seals %v", r.Integrity, r.Started)
	}
	for k, s := range r.Seals {
		if s.Integrity != verify.SealIntact {
			continue
		}
		less := s.Scope == verify.ScopeFullMinusIndex
		if k >= len(f.seals) || less && f.index == nil || s.Scope == verify.ScopeNone {
			return fmt.Errorf("seal %d is intact, the second examiner finds %d seals", k+1, len(f.seals))
		}
		if !known[sha256.Sum256(f.input(k, less))] {
			return fmt.Errorf("seal %d is intact over bytes that nobody sealed", k+1)
		}
		if err := covers(f, k, less, s.Covered); err != nil {
			return err
		}
		if good && (r.Integrity == verify.FileIncomplete) != (r.Coverage == verify.CoverageAllButIndex) {
			return fmt.Errorf("%s with coverage %s", r.Integrity, r.Coverage)
		}
	}
	return nil
}

// covers compares what a seal is said to cover with all that it can.
func covers(f *secondFile, k int, less bool, said []diag.Range) error {
	end := len(f.data)
	if less {
		end = f.index.from
	}
	out := []span{f.seals[k].sibo}
	if last := len(f.seals) - 1; k < last {
		out = append(out, span{f.seals[k+1].from, f.seals[last].to})
	}
	at := 0
	var want []diag.Range
	for _, o := range append(out, span{end, end}) {
		if o.from > at {
			want = append(want, diag.Range{From: int64(at), To: int64(o.from)})
		}
		at = o.to
	}
	if !slices.Equal(said, want) {
		return fmt.Errorf("seal %d is said to cover %v, it covers %v", k+1, said, want)
	}
	return nil
}

// mutant changes an origin by one to three steps, half of them in the box of
// the seals.
func mutant(rnd *mathrand.Rand, o *origin) []byte {
	m := bytes.Clone(o.data)
	if rnd.IntN(3) == 0 {
		if m = rearranged(rnd, o.tree); rnd.IntN(2) == 0 {
			return m
		}
	}
	for range 1 + rnd.IntN(3) {
		if len(m) < 64 {
			return m
		}
		at := rnd.IntN(len(m))
		if to := min(o.seals.to, len(m)); rnd.IntN(2) == 0 && o.seals.from < to {
			at = o.seals.from + rnd.IntN(to-o.seals.from)
		}
		m = step(rnd, m, at)
	}
	return m
}

// kinds are what types are changed to and boxes made of.
var kinds = []string{"free", "sinf", "ipro", "meta", "moov", "mdat", "moof", "mfra", "suep", "cstb", "schm", "schi", "sibo", "cert", "sigC", "auib", "uuid", "trak", "\x00\x00\x00\x00"}

func step(rnd *mathrand.Rand, m []byte, at int) []byte {
	n := min(rnd.IntN(64), len(m)-at)
	switch rnd.IntN(16) {
	case 0, 11, 12, 13:
		m[at] ^= 1 << rnd.IntN(8)
	case 1, 14, 15:
		m[at] = byte(rnd.Uint32())
	case 2:
		m = m[:at]
	case 3:
		m = append(m, fresh(kinds[rnd.IntN(len(kinds))], make([]byte, rnd.IntN(24)))...)
	case 4:
		m = slices.Delete(m, at, at+n)
	case 5:
		m = slices.Insert(m, at, bytes.Clone(m[at:at+n])...)
	case 6:
		if b := rnd.IntN(len(m) - n); n > 0 { // exchange two stretches
			x, y := bytes.Clone(m[at:at+n]), bytes.Clone(m[b:b+n])
			copy(m[at:], y)
			copy(m[b:], x)
		}
	default: // at a box that is really there
		k := header(rnd, m, at)
		if k < 0 {
			m[at] ^= 1 << rnd.IntN(8)
			return m
		}
		size := binary.BigEndian.Uint32(m[k:])
		switch rnd.IntN(4) {
		case 0:
			copy(m[k+4:], kinds[rnd.IntN(len(kinds))])
		case 1:
			sizes := []uint32{0, 1, 2, 7, 8, size - 1, size + 1, size + 8, size - 8, 1 << 31, 1<<32 - 1, rnd.Uint32(), uint32(len(m) - k)}
			binary.BigEndian.PutUint32(m[k:], sizes[rnd.IntN(len(sizes))])
		case 2:
			m = slices.Insert(m, k, fresh(kinds[rnd.IntN(len(kinds))], make([]byte, rnd.IntN(24)))...)
		case 3:
			if end := k + int(size); size >= 8 && end <= len(m) {
				m = slices.Insert(m, end, bytes.Clone(m[k:end])...)
			}
		}
	}
	return m
}

// header finds the next box header at or behind a place, or -1.
func header(rnd *mathrand.Rand, m []byte, at int) int {
	best := -1
	for _, k := range append(slices.Clone(kinds), "trun", "tfhd", "tfdt", "hdlr", "mfro", "tfra", "stbl") {
		if i := bytes.Index(m[at:], []byte(k)); i >= 4 && (best < 0 || at+i-4 < best) && rnd.IntN(4) > 0 {
			best = at + i - 4
		}
	}
	return best
}

// rearranged changes boxes as such: sizes follow, so that what reads them gets
// further than where a size stops it.
func rearranged(rnd *mathrand.Rand, tree *fixture.File) []byte {
	f := fixture.File{Node: *tree.Clone()}
	var all, parents []*fixture.Node
	var walk func(n *fixture.Node)
	walk = func(n *fixture.Node) {
		if len(n.Kids) > 0 {
			parents = append(parents, n)
		}
		for _, k := range n.Kids {
			all = append(all, k)
			walk(k)
		}
	}
	walk(&f.Node)
	seals := slices.IndexFunc(all, func(n *fixture.Node) bool { return n.Kind == "meta" })
	pick := func() *fixture.Node {
		if p := parents[rnd.IntN(len(parents))]; rnd.IntN(2) == 0 || seals < 0 {
			return p
		}
		var side []*fixture.Node
		for _, p := range parents {
			if p == all[seals] || slices.Contains([]string{"ipro", "sinf", "schi"}, p.Kind) {
				side = append(side, p)
			}
		}
		return side[rnd.IntN(len(side))]
	}
	for range 1 + rnd.IntN(2) {
		p := pick()
		i, j := rnd.IntN(len(p.Kids)+1), rnd.IntN(len(p.Kids)+1)
		has := i < len(p.Kids) && j < len(p.Kids)
		switch rnd.IntN(7) {
		case 0:
			if has {
				swap(p, i, j)
			}
		case 1:
			if has && len(p.Kids) > 1 {
				p.Kids = slices.Delete(p.Kids, i, i+1)
			}
		case 2:
			if has {
				insert(p, j, p.Kids[i].Clone())
			}
		case 3:
			insert(p, i, node(kinds[rnd.IntN(len(kinds)-1)], make([]byte, rnd.IntN(24))))
		case 4:
			insert(p, i, all[rnd.IntN(len(all))].Clone())
		case 5:
			if k := all[rnd.IntN(len(all))]; len(k.Body) > 0 && len(k.Kids) == 0 {
				k.Body[rnd.IntN(len(k.Body))] ^= 1 << rnd.IntN(8)
			}
		case 6:
			if k := all[rnd.IntN(len(all))]; len(k.Kids) == 0 {
				k.Wide = !k.Wide
			}
		}
	}
	return f.Bytes()
}
