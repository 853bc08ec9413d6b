package evidence

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

func TestRecordsComeBackAsTheyWereAdded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var r records
	var want []record
	s := record{offset: 48, dur: 40}
	for range 30_000 {
		switch rnd.IntN(40) {
		case 0:
			s.offset += int64(rnd.IntN(1000))
		case 1:
			s.dts += int64(rnd.IntN(100)) - 50
		case 2:
			s.dur = uint32(rnd.IntN(3)) * 40
		case 3:
			s.offset, s.dts = rnd.Int64(), rnd.Int64N(1<<60)
		case 4:
			s.cts = int64(rnd.IntN(200)) - 100
		case 5:
			s.cts = 0
		case 6:
			s.cts = math.MaxUint32 - int64(rnd.IntN(5)) // of version 0
		}
		s.size = uint32(rnd.IntN(maxSize))
		if rnd.IntN(10) == 0 {
			s.size |= syncBit
		}
		if rnd.IntN(100) == 0 {
			s.size |= badBit
		}
		r.add(s)
		want = append(want, s)
		s.offset += int64(s.size & sizeMask)
		s.dts += int64(s.dur)
	}
	if r.len() != len(want) {
		t.Fatalf("%d records, want %d", r.len(), len(want))
	}
	for _, i := range rnd.Perm(len(want)) {
		if got := r.at(i); got != want[i] {
			t.Fatalf("record %d is %+v, want %+v", i, got, want[i])
		}
		if at, dur := r.when(i); at != want[i].dts+want[i].cts || dur != want[i].dur {
			t.Fatalf("record %d is composed at %d for %d, want %+v", i, at, dur, want[i])
		}
	}
}

// An hour of sound is 170,000 packets; a day of footage must not take what a
// picture takes.
func TestRecordsOfOrderlyFootageTakeFewBytes(t *testing.T) {
	for name, c := range map[string]struct {
		shift bool
		most  uint64 // bytes a sample
	}{"sound": {false, 7}, "pictures with B-frames": {true, 11}} {
		t.Run(name, func(t *testing.T) {
			const n = 1_000_000
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r := &records{}
			s := record{dur: 40, size: 1000}
			for i := range n {
				if c.shift {
					s.cts = int64(i%3) * 40
				}
				r.add(s)
				s.dts += 40
				if s.offset += 1000; i%25 == 24 {
					s.offset += 5000 // another track's
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if per := (after.HeapAlloc - before.HeapAlloc) / n; per > c.most {
				t.Errorf("%d bytes a sample, want at most %d", per, c.most)
			}
			if r.at(n-1).dts != (n-1)*40 {
				t.Error("the last one is another")
			}
		})
	}
}

func BenchmarkRecords(b *testing.B) {
	var r records
	s := record{dur: 40, size: 1000}
	for i := range 1_000_000 {
		r.add(s)
		s.dts += 40
		if s.offset += 1000; i%25 == 24 {
			s.offset += 5000
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		_ = r.at(rnd.IntN(r.len()))
	}
}
