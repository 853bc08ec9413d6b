package verify_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
)

// crowd seals a draft n times.
func crowd(t testing.TB, n int) []byte {
	data := seal(t, draft(t, nil), by(t, nil))
	for range n - 1 {
		data = seal(t, data, court(t))
	}
	return data
}

func TestMoreSealsThanAreCheckedNeverReadIntact(t *testing.T) {
	full, more, crammed := crowd(t, verify.MaxSeals), crowd(t, verify.MaxSeals+1), crowd(t, evidence.MaxSeals)
	over := seal(t, crammed, court(t))
	newest := strings.Repeat("i", verify.MaxSeals)
	unchecked := strings.Repeat("u?", evidence.MaxSeals)
	expect(t, agency(t), []answer{
		{name: "as many as are checked", data: full, verdict: verify.Intact, seals: newest, start: noon},
		{name: "one more", data: more, verdict: verify.CannotCheck, seals: "u?" + newest, codes: "SEAL-UNCHECKED"},
		{name: "one more, picture changed", data: flip(more, find(t, more, "mdat", 1)+30), verdict: verify.Broken, seals: "u?" + strings.Repeat("b", verify.MaxSeals)},
		{name: "as many as are listed", data: crammed, verdict: verify.CannotCheck, seals: unchecked[:2*(evidence.MaxSeals-verify.MaxSeals)] + newest},
		{name: "more than are listed", data: over, verdict: verify.CannotCheck, seals: unchecked, codes: "SEAL-LIMIT"},
	})
}

func TestCostOfManySealsBeforeTheFootageIsBounded(t *testing.T) {
	early := draft(t, func(f *fixture.File) {
		m := f.At("meta")
		f.Drop("meta")
		insert(&f.Node, 2, m)
	})
	for range 20 {
		early = seal(t, early, fixture.SealOptions{By: world(t).Court, Early: true})
	}
	e := opened(t, early)
	var total int64
	r, err := verify.Check(context.Background(), e, agency(t), func(p verify.Progress) { total = p.Total })
	if err != nil || r.Verdict != verify.CannotCheck {
		t.Fatalf("%s, %v", r.Verdict, err)
	}
	// One state for the file itself and one for each seal that is checked.
	if limit := int64(verify.MaxSeals+1) * int64(len(early)); total == 0 || total > limit {
		t.Errorf("%d bytes hashed, want at most %d", total, limit)
	}
}

// With meta at the end sixteen seals are hashed together up to where their
// inputs part; what is left for each is a few kilobytes.
func TestManySealsAtTheEndCostOnePass(t *testing.T) {
	for _, n := range []int{1, 3, verify.MaxSeals} {
		s := large(t, 32<<20, n)
		var total int64
		r, err := checkSparse(t, context.Background(), s, func(p verify.Progress) { total = p.Total })
		if err != nil || r.Verdict != verify.Intact || len(r.Seals) != n {
			t.Fatalf("%d seals: %s, %v", n, r.Verdict, err)
		}
		if over := float64(total)/float64(s.size) - 1; total < s.size || over > 0.02 {
			t.Errorf("%d seals: %.3f of a pass too much", n, over)
		}
	}
}

// sparse is a large file of which only the ends are held.
type sparse struct {
	head, tail []byte
	size       int64
	reads      atomic.Int64
	at         func(off int64) // is told each read
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	s.reads.Add(1)
	if s.at != nil {
		s.at(off)
	}
	if off >= s.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), s.size-off))
	clear(p[:n])
	if off < int64(len(s.head)) {
		copy(p[:n], s.head[off:])
	}
	if from := s.size - int64(len(s.tail)); off+int64(n) > from {
		if off >= from {
			copy(p[:n], s.tail[off-from:])
		} else {
			copy(p[from-off:n], s.tail)
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// tailOf keeps what is written behind an offset.
type tailOf struct {
	from, at int64
	kept     bytes.Buffer
}

func (w *tailOf) Write(p []byte) (int, error) {
	skip := min(max(w.from-w.at, 0), int64(len(p)))
	w.at += int64(len(p))
	w.kept.Write(p[skip:])
	return len(p), nil
}

// large is a sealed export with so many bytes of media in one mdat.
func large(t testing.TB, bytesOfMedia int64, seals int) *sparse {
	t.Helper()
	f := parsed(t, draft(t, nil))
	meta := f.At("meta").Bytes()
	f.Drop("meta")
	s := &sparse{head: append(f.Bytes(), append(append(be(4, 1), "mdat"...), be(8, uint64(16+bytesOfMedia))...)...), tail: meta}
	mediaEnd := int64(len(s.head)) + bytesOfMedia
	s.size = mediaEnd + int64(len(meta))
	for k := range seals {
		o := by(t, nil)
		if k > 0 {
			o = court(t)
		}
		s.sealBy(t, o)
	}
	return s
}

// sealBy appends a seal.
func (s *sparse) sealBy(t testing.TB, o fixture.SealOptions) {
	t.Helper()
	w := &tailOf{from: s.size - int64(len(s.tail))}
	if err := fixture.Seal(s, s.size, w, o); err != nil {
		t.Fatal(err)
	}
	s.tail, s.size = w.kept.Bytes(), w.at
}

func checkSparse(t testing.TB, ctx context.Context, s *sparse, progress func(verify.Progress)) (*verify.Report, error) {
	t.Helper()
	e, err := evidence.Open(ctx, evidence.NewFile(s, s.size, "large.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(ctx, nil); err != nil {
		t.Fatal(err)
	}
	return verify.Check(ctx, e, agency(t), progress)
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("hashes half a gigabyte")
	}
	taken := func(size int64) uint64 {
		s := large(t, size, 2)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		calls := 0
		r, err := checkSparse(t, context.Background(), s, func(verify.Progress) { calls++ })
		runtime.ReadMemStats(&after)
		if err != nil || r.Verdict != verify.Intact || letters(r) != "ii" || calls == 0 {
			t.Fatalf("%s, %q, %v, progress told %d times", r.Verdict, letters(r), err, calls)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	small, big := taken(16<<20), taken(160<<20)
	// What grows are the tags of the guard, 17 bytes for each block.
	if allowed := small + 4<<20 + 2*17*(144<<20)/evidence.BlockSize; big > allowed {
		t.Errorf("%d bytes taken for 160 MiB, %d for 16 MiB", big, small)
	}
}

func TestCancelledCheckSaysUncheckedAtOnce(t *testing.T) {
	s := large(t, 64<<20, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var readsThen int64
	r, err := checkSparse(t, ctx, s, func(p verify.Progress) {
		if p.Done > 8<<20 && readsThen == 0 {
			readsThen = s.reads.Load()
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || r == nil || r.Verdict != verify.CannotCheck || !r.Partial || r.SHA256 != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if more := s.reads.Load() - readsThen; more > 8 {
		t.Errorf("%d reads after the end", more)
	}
}

func TestFileThatChangesUnderTheCheckIsWithdrawn(t *testing.T) {
	data := seal(t, draft(t, nil), by(t, nil))
	for name, change := range map[string]func(*mutable){
		"a byte of a picture": func(m *mutable) { m.data[2000] ^= 1 },
		"a byte of the seal":  func(m *mutable) { m.data[len(m.data)-40] ^= 1 },
		"cut":                 func(m *mutable) { m.data = m.data[:len(m.data)/2] },
		"unreadable":          func(m *mutable) { m.err = errors.New("the medium was removed") },
	} {
		m := &mutable{data: bytes.Clone(data)}
		e, err := evidence.Open(context.Background(), evidence.NewFile(m, int64(len(data)), "x.mp4"))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Index(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		for i := range e.Table(1).Len() { // pictures are played before they are examined
			if _, err := e.ReadSample(e.Table(1).At(i), nil); err != nil {
				t.Fatal(err)
			}
		}
		change(m)
		r, err := verify.Check(context.Background(), e, agency(t), nil)
		if err == nil || r.Verdict != verify.CannotCheck || r.Integrity != verify.FileWithdrawn || !says(r, "FILE-CHANGED") {
			t.Errorf("%s: %s, %s, %v", name, r.Verdict, r.Integrity, err)
		}
	}
}

// mutable is a file that others can write to.
type mutable struct {
	data []byte
	err  error
}

func (m *mutable) ReadAt(p []byte, off int64) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	return bytes.NewReader(m.data).ReadAt(p, off)
}

func TestGrowingFileIsJudgedAsItWasOpened(t *testing.T) {
	data := seal(t, draft(t, nil), by(t, nil))
	grown := append(bytes.Clone(data), fresh("free")...)
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(grown), int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(context.Background(), e, agency(t), nil)
	if err != nil || r.Verdict != verify.Intact || r.Size != int64(len(data)) {
		t.Errorf("%s of %d bytes, %v", r.Verdict, r.Size, err)
	}
}

func TestEachFileOfASetIsJudgedByItself(t *testing.T) {
	part := func(after time.Duration) []byte {
		return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.Starts[1] = scene.Add(after) }))
	}
	// 2.4 s each: the second follows at once, the third overlaps it, the fourth leaves a gap.
	set := [][]byte{part(0), part(2400 * time.Millisecond), part(4 * time.Second), part(time.Minute)}
	broken := flip(set[2], find(t, set[2], "mdat", 1)+30)
	worst := 0
	var ends []string
	for i, data := range append(set, broken) {
		r := examine(t, data, agency(t))
		want := verify.Intact
		if i == len(set) {
			want = verify.Broken
		}
		if r.Verdict != want {
			t.Errorf("file %d: %s, want %s", i+1, r.Verdict, want)
		}
		if r.Start != nil && r.End != nil {
			ends = append(ends, r.Start.String()+" "+r.End.String())
		}
		worst = verify.WorstExitStatus(worst, verify.ExitStatus(r.Verdict))
	}
	if worst != verify.ExitStatus(verify.Broken) {
		t.Errorf("the set has the exit status %d", worst)
	}
	want := "2026-03-01T12:00:00Z 2026-03-01T12:00:02.4Z, 2026-03-01T12:00:02.4Z 2026-03-01T12:00:04.8Z, " +
		"2026-03-01T12:00:04Z 2026-03-01T12:00:06.4Z, 2026-03-01T12:01:00Z 2026-03-01T12:01:02.4Z"
	if got := strings.Join(ends, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
