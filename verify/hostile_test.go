package verify_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
)

// within fails when fn takes longer than the bar each of three times: a
// machine that does other work as well makes one time long, not all.
func within(t *testing.T, bar time.Duration, fn func()) {
	t.Helper()
	best := time.Duration(math.MaxInt64)
	for range 3 {
		start := time.Now()
		fn()
		if best = min(best, time.Since(start)); best <= bar*slower {
			break
		}
	}
	t.Logf("%s, at most %s", best.Round(time.Microsecond), bar)
	if best > bar*slower {
		t.Errorf("%s, want at most %s", best, bar)
	}
}

// audio makes the first track one of sound whose samples are described by tables.
func audio(f *fixture.File, tables ...*fixture.Node) {
	for _, h := range []string{"moov/trak/mdia/hdlr"} {
		copy(f.At(h).Body[8:], "soun")
	}
	stbl := f.At("moov/trak/mdia/minf/stbl")
	stbl.Kids = append([]*fixture.Node{node("stsd", be(4, 0), be(4, 1), alaw())}, tables...)
}

func alaw() []byte {
	return node("alaw", make([]byte, 6), be(2, 1), make([]byte, 8), be(2, 1), be(2, 16), be(4, 0), be(4, 8000<<16)).Bytes()
}

// Each of these files is small or has one box of a kind that is repeated; what
// it asks for grows with the square of that, or without any bound, unless it is
// bounded. Answers are given within the bar.
func TestHostileFilesAreAnsweredInTime(t *testing.T) {
	base := draft(t, nil)
	head, meta := parsed(t, base), parsed(t, base)
	head.Drop("meta")
	manySeals := func(n int) []byte {
		f := parsed(t, seal(t, base, by(t, nil)))
		s := f.At(ipro).Kids[0]
		for range n - 1 {
			f.At(ipro).Kids = append(f.At(ipro).Kids, s)
		}
		return f.Bytes()
	}
	many := func(kind string, n int, body ...[]byte) []byte { return bytes.Repeat(fresh(kind, body...), n) }
	behind := func(p []byte) []byte { return slices.Concat(head.Bytes(), p, meta.At("meta").Bytes()) }
	traf := func(samples ...[]byte) []byte {
		return fresh("traf", slices.Concat(append([][]byte{fresh("tfhd", be(4, 0x20010), be(4, 1), be(4, 1))}, samples...)...))
	}
	run := func(count uint64) []byte { return fresh("trun", be(4, 0), be(4, count)) }
	oneByteRuns := func(f *fixture.File) {
		audio(f, node("stts", be(4, 0), be(4, 0)), node("stsc", be(4, 0), be(4, 0)), node("stsz", be(4, 0), be(8, 0)), node("stco", be(4, 0), be(4, 0)))
		f.Drop("meta")
	}
	sound := parsed(t, base)
	oneByteRuns(sound)
	tracks := parsed(t, base) // 255 tracks that each claim the whole file byte by byte
	moov := tracks.At("moov")
	audio(tracks, node("stts", be(4, 0), be(4, 1), be(4, math.MaxUint32), be(4, 1)), node("stsc", be(4, 0), be(4, 1), be(4, 1), be(4, math.MaxUint32), be(4, 1)),
		node("stsz", be(4, 0), be(4, 1), be(4, 4_000_000)), node("stco", be(4, 0), be(4, 1), be(4, 1000)))
	one := moov.Find("trak")
	for i := range 254 {
		k := one.Clone()
		copy(k.Find("tkhd").Body[12:], be(4, uint64(i+2)))
		moov.Kids = append(moov.Kids, k)
	}
	farChunks := parsed(t, base)
	audio(farChunks, node("stts", be(4, 0), be(4, 1), be(4, math.MaxUint32), be(4, 1)), node("stsc", be(4, 0), be(4, 1), be(4, 1), be(4, 1), be(4, 1)),
		node("stsz", be(4, 0), be(4, 5), be(4, 400_000)), node("stco", be(4, 0), be(4, 400_000), bytes.Repeat(be(4, 60), 400_000)))
	fm := farChunks.At("moov")
	farChunks.Drop("moov")
	edits := parsed(t, base)
	var list []byte
	for i := range 1000 { // decode times are far behind all but the last
		list = append(list, slices.Concat(be(4, 1), be(4, uint64(i)), be(4, 0x10000))...)
	}
	et := edits.At("moov/trak")
	insert(et, 1, &fixture.Node{Kind: "edts", Body: fresh("elst", be(4, 0), be(4, 1000), list)})
	audio(edits, node("stts", be(4, 0), be(4, 1), be(4, math.MaxUint32), be(4, 1000)), node("stsc", be(4, 0), be(4, 1), be(4, 1), be(4, math.MaxUint32), be(4, 1)),
		node("stsz", be(4, 0), be(4, 5), be(4, 1_500_000)), node("stco", be(4, 0), be(4, 1), be(4, 60)))

	for name, c := range map[string]struct {
		data []byte
		bar  time.Duration
		code string
	}{
		"ten thousand seals":          {manySeals(10_000), time.Second, "SEAL-LIMIT"},
		"a million boxes":             {behind(many("free", 999_900)), 3 * time.Second, ""},
		"more than a million boxes":   {behind(many("free", 1_000_100)), 3 * time.Second, "BOX-LIMIT"},
		"a million boxes within moov": {seal(t, draft(t, func(f *fixture.File) { insert(f.At("moov"), 2, node("udta", many("free", 900_000))) }), by(t, nil)), 3 * time.Second, ""},
		"ten thousand second meta":    {append(bytes.Clone(base), bytes.Repeat(meta.At("meta").Bytes(), 10_000)...), time.Second, "BOX-DUPLICATE"},
		"half a million second seals in one": {arranged(t, func(n *fixture.Node) {
			n.Kids = append(n.Kids, node("schm"), node("pad ", nil), &fixture.Node{Kind: "skip", Body: many("skip", 1)})
			n.Find("schi").Body = nil
			n.Kids = append(n.Kids, rep(node("auib", text("x")), 200_000)...)
		}), 3 * time.Second, "SEAL-AMBIGUOUS"},
		"a fragment of 300,000 tracks' fragments": {behind(slices.Concat(fresh("moof", bytes.Repeat(traf(run(1)), 200_000)), fresh("mdat"))), 3 * time.Second, ""},
		"runs that each claim the file":           {slices.Concat(sound.Bytes(), fresh("moof", bytes.Repeat(traf(run(2_000_000)), 20_000)), fresh("mdat", make([]byte, 2_000_000)), meta.At("meta").Bytes()), 3 * time.Second, "SAMPLE-LIMIT"},
		"tracks that each claim the file":         {slices.Concat(tracks.Bytes(), fresh("free", make([]byte, 4_000_000))), 3 * time.Second, "SAMPLE-LIMIT"},
		"chunks before 400,000 mdat":              {slices.Concat(farChunks.Bytes(), many("mdat", 400_000), fm.Bytes()), 3 * time.Second, "MEDIA-RANGE"},
		"samples behind a thousand edits":         {slices.Concat(edits.Bytes(), fresh("free", make([]byte, 8_000_000))), 3 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var r *verify.Report
			within(t, c.bar, func() { r = examine(t, c.data, agency(t)) })
			if r.Verdict == verify.Intact && c.code != "" || c.code != "" && !says(r, c.code) {
				t.Errorf("%s, told %s: %v", r.Verdict, c.code, says(r, c.code))
			}
			if len(r.Findings) > 500 {
				t.Errorf("%d findings", len(r.Findings))
			}
		})
	}
}

func rep(n *fixture.Node, times int) []*fixture.Node {
	out := make([]*fixture.Node, times)
	for i := range out {
		out[i] = n
	}
	return out
}

func TestStartTimesByTheThousandAreRemarkedUpToABound(t *testing.T) {
	ids := make([]uint32, 5000)
	for i := range ids {
		ids[i] = uint32(100 + i)
	}
	data := seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) {
		o.Starts, o.Starter = nil, fixture.Cstb(ids, func(uint32) uint64 { return ticks1601(scene) })
	}))
	r := examine(t, data, agency(t))
	if n := len(r.Findings); r.Verdict != verify.Intact || n > 100 || !says(r, "TIME-TRACK-UNKNOWN") {
		t.Errorf("%s, %d findings", r.Verdict, n)
	}
}

// hung is a medium that does not answer any more from an offset on.
type hung struct {
	data []byte
	from int64
	at   chan struct{} // closed at the first read that hangs
	free chan struct{} // ends it
}

func (h *hung) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > h.from {
		select {
		case <-h.at:
		default:
			close(h.at)
		}
		<-h.free
		return 0, errors.New("the medium was removed")
	}
	return bytes.NewReader(h.data).ReadAt(p, off)
}

func TestCancelDoesNotWaitForAMediumThatHangs(t *testing.T) {
	data := seal(t, draft(t, func(f *fixture.File) { insert(&f.Node, 2, node("mdat", make([]byte, 6<<20))) }), by(t, nil))
	h := &hung{data: data, from: math.MaxInt64, at: make(chan struct{}), free: make(chan struct{})}
	defer close(h.free)
	e, err := evidence.Open(context.Background(), evidence.NewFile(h, int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	h.from = 4 << 20
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-h.at; cancel() }()
	r, err := verify.Check(ctx, e, agency(t), nil)
	if !errors.Is(err, context.Canceled) || r.Verdict != verify.CannotCheck || r.Integrity != verify.FileUnchecked {
		t.Errorf("%s, %s, %v", r.Verdict, r.Integrity, err)
	}
}

// Whatever a box holds, who cancels while it is read is answered at the next read.
func TestCancelEndsTheIndexWithinOneBox(t *testing.T) {
	data := seal(t, draft(t, func(f *fixture.File) {
		insert(f.At("moov"), 2, node("udta", bytes.Repeat(fresh("free", make([]byte, 20_000)), 2000)))
	}), by(t, nil))
	ctx, cancel := context.WithCancel(context.Background())
	reads := 0
	src := readerAt(func(p []byte, off int64) (int, error) {
		if reads++; reads == 100 {
			cancel()
		}
		return bytes.NewReader(data).ReadAt(p, off)
	})
	_, err := evidence.Open(ctx, evidence.NewFile(src, int64(len(data)), "x.mp4"))
	if !errors.Is(err, context.Canceled) || reads > 102 {
		t.Errorf("%v after %d reads", err, reads)
	}
}

type readerAt func(p []byte, off int64) (int, error)

func (f readerAt) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }

func TestMemoryOfHostileFilesIsBounded(t *testing.T) {
	base := parsed(t, draft(t, nil))
	meta := base.At("meta").Bytes()
	base.Drop("meta")
	for name, data := range map[string][]byte{
		"a million second moov": append(base.Bytes(), append(bytes.Repeat(fresh("moov"), 900_000), meta...)...),
		"a million boxes":       append(base.Bytes(), append(bytes.Repeat(fresh("free"), 900_000), meta...)...),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		e := opened(t, data)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 160<<20 {
			t.Errorf("%s: %d MiB kept", name, kept>>20)
		} else {
			t.Logf("%s: %d MiB kept", name, kept>>20)
		}
		runtime.KeepAlive(e)
	}
}
