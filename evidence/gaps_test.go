package evidence

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vedette/evidence/bmff"
	"vedette/media"
)

// track is a generated track: what the container states, in milliseconds.
type track struct {
	list []bmff.Edit
	recs []record
	kind string
}

// generated makes footage with everything that makes gaps, and with what looks
// like it: reordered pictures, slow pictures, overlaps, time that jumps back.
func generated(rnd *rand.Rand) track {
	var t track
	usual := []int64{20, 40, 100, 500, 1000, 2000}[rnd.IntN(6)]
	at := int64(0)
	group := [][]int64{{0}, {2, 4, 0, 1}, {1, 4, 2, 0, 2}}[rnd.IntN(3)] // shown later than decoded, in pictures
	said := map[string]bool{}
	for range 30 + rnd.IntN(60) {
		for _, later := range group {
			r := record{dts: at, dur: uint32(usual), cts: later * usual, size: 1 | syncBit}
			t.recs = append(t.recs, r)
			at += usual
		}
		last := &t.recs[len(t.recs)-1]
		what := ""
		switch by := usual * int64(1+rnd.IntN(40)); rnd.IntN(12) {
		case 0:
			what, at = "gap", at+by
		case 1:
			what, at = "jump back", max(at-by, 0)
		case 2:
			what, last.dur = "long", last.dur+uint32(by)
			at += by
		case 3:
			what, last.dur = "overlap", last.dur+uint32(usual)
		case 4:
			what, at = "at the limit", at+max(1000, 2*usual)+int64(rnd.IntN(3))-1
		}
		if what != "" && !said[what] {
			said[what], t.kind = true, t.kind+" "+what
		}
	}
	cut := at / 3 / usual * usual
	switch rnd.IntN(5) {
	case 0:
		t.list = []bmff.Edit{{Duration: 700, MediaTime: -1, Rate: 1 << 16}, {MediaTime: 0, Rate: 1 << 16}}
	case 1:
		t.list = []bmff.Edit{{Duration: uint64(cut), MediaTime: 0, Rate: 1 << 16}, {Duration: uint64(1 + rnd.IntN(2000)), MediaTime: -1, Rate: 1 << 16}, {MediaTime: cut, Rate: 1 << 16}}
	case 2:
		t.list = []bmff.Edit{{Duration: uint64(cut), MediaTime: 2 * cut, Rate: 1 << 16}, {Duration: uint64(cut), MediaTime: 0, Rate: 1 << 16}}
	}
	if t.list != nil {
		t.kind += fmt.Sprintf(" %d edits", len(t.list))
	}
	return t
}

// read indexes a track in pieces, as a file arrives.
func (t track) read(rnd *rand.Rand) (*Table, []media.Gap) {
	table := newTable(1, 1000)
	table.video = true
	table.edits = newEdits(t.list, 1000, 1000, false)
	finder := &gapFinder{video: true, scale: 1000, table: table}
	for rest := t.recs; len(rest) > 0; {
		n := 1 + rnd.IntN(min(len(rest), 100))
		table.add(rest[:n], nil)
		finder.add(rest[:n])
		rest = rest[n:]
	}
	table.finish()
	finder.conclude()
	return table, finder.found
}

// byMillisecond finds the gaps of a table on a strip with a place for each
// millisecond: footage is painted on it, and what stays white is looked at.
func byMillisecond(table *Table) []media.Gap {
	n := table.frames()
	if n == 0 {
		return nil
	}
	type shown struct{ at, dur, limit int64 }
	var all []shown
	usual := int64(0)
	for k := range n {
		i := int(table.sample(k))
		dur := int64(table.recs.at(i).dur)
		if k == 0 && n > 1 { // a first picture is as long as others are
			if next := int64(table.recs.at(int(table.sample(1))).dur); dur > max(1000, 2*next) {
				usual = next
			}
		}
		x := shown{at: table.At(i).PTS.Value, dur: dur, limit: max(1000, 2*usual)}
		if usual == 0 || dur <= x.limit {
			usual = dur
			x.limit = max(1000, 2*usual)
		} else {
			x.dur = usual
		}
		all = append(all, x)
	}
	first := all[0].at
	strip := make([]bool, all[n-1].at-first+1)
	for _, x := range all {
		for u := x.at; u < x.at+x.dur && u-first < int64(len(strip)); u++ {
			strip[u-first] = true
		}
	}
	var out []media.Gap
	add := func(from, to int64) {
		out = append(out, media.Gap{From: media.Ticks{Value: from, Scale: 1000}, To: media.Ticks{Value: to, Scale: 1000}, Reason: media.GapUnknown})
	}
	for k, x := range all { // before the next picture
		if k+1 == n {
			stored := x.at + int64(table.recs.at(int(table.sample(k))).dur)
			end := x.at
			for _, y := range all {
				end = max(end, y.at+y.dur)
			}
			if stored > x.at+x.dur && stored > end {
				add(end, stored)
			}
			break
		}
		from, to := x.at, all[k+1].at
		for from < to && strip[from-first] {
			from++
		}
		long := int64(table.recs.at(int(table.sample(k))).dur) > x.dur && to-x.at > x.limit
		if from < to && (to-from > x.limit || long || table.edits.paused(from, to)) {
			add(from, to)
		}
	}
	return out
}

func TestGapsAreThoseOfPlainArithmetic(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 8))
	kinds := ""
	for n := range 50 {
		track := generated(rnd)
		table, got := track.read(rnd)
		want := byMillisecond(table)
		if !slices.Equal(got, want) {
			t.Errorf("table %d (%s), %d samples: %d gaps, want %d:\n%v\n%v", n, track.kind, len(track.recs), len(got), len(want), got, want)
		}
		kinds += track.kind
		// Their sum is the sum of what stays white.
		sum := int64(0)
		for _, g := range want {
			sum += g.To.Value - g.From.Value
		}
		if totals := TotalGaps(got); len(want) > 0 && (len(totals) != 1 || totals[0] != GapTotal{media.GapUnknown, len(want), media.Ticks{Value: sum, Scale: 1000}}) || len(want) == 0 && totals != nil {
			t.Errorf("table %d: %v, want %d ms", n, totals, sum)
		}
	}
	for _, k := range []string{"gap", "jump back", "long", "overlap", "at the limit", "2 edits", "3 edits"} {
		if strings.Count(kinds, k) < 5 {
			t.Errorf("only %d tables have a %s", strings.Count(kinds, k), k)
		}
	}
}

func TestGapsAreCountedOnceForEachReason(t *testing.T) {
	gap := func(from, to int64, scale uint32, why media.GapReason) media.Gap {
		return media.Gap{From: media.Ticks{Value: from, Scale: scale}, To: media.Ticks{Value: to, Scale: scale}, Reason: why}
	}
	list := []media.Gap{
		gap(20, 30, 10, media.GapUnknown), gap(0, 10, 10, media.GapNotRecorded), gap(500, 1500, 1000, media.GapNotRecorded), // overlaps the one before by half a second
		gap(1200, 1300, 1000, media.GapNotRecorded), gap(40, 40, 10, media.GapDamaged), gap(50, 45, 10, media.GapUnknown),
	}
	want := []GapTotal{{media.GapNotRecorded, 1, media.Ticks{Value: 15, Scale: 10}}, {media.GapUnknown, 1, media.Ticks{Value: 10, Scale: 10}}}
	rnd := rand.New(rand.NewPCG(20, 9))
	for range 20 {
		got := TotalGaps(list)
		for i := range got {
			if i >= len(want) || got[i].Reason != want[i].Reason || got[i].Count != want[i].Count || got[i].Length.Cmp(want[i].Length) != 0 {
				t.Fatalf("%v, want %v", got, want)
			}
		}
		rnd.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	}
	if TotalGaps(nil) != nil {
		t.Error("nothing has a total")
	}
}

func TestGapsThatAreNotListedAreCountedAndTold(t *testing.T) {
	table := newTable(1, 1000)
	table.video = true
	finder := &gapFinder{video: true, scale: 1000, table: table}
	for i := range int64(maxGaps + 4) {
		rs := []record{{dts: i * 5000, dur: 1000}}
		table.add(rs, nil)
		finder.add(rs)
	}
	table.finish()
	finder.conclude()
	f, some := finder.unlisted(1)
	if !some || f.Code != "GAP-LIMIT" || len(finder.found) != maxGaps || finder.more != 3 || finder.lost != 3*4000 {
		t.Errorf("%d listed, %d more of %d ms, %+v", len(finder.found), finder.more, finder.lost, f)
	}
}

// A decoder asks for the runs of an edit list that goes back while the file is
// still being read.
func TestRunsAreAskedForWhileTheTableGrows(t *testing.T) {
	table := newTable(1, 1000)
	table.video = true
	table.edits = newEdits([]bmff.Edit{{Duration: 4000, MediaTime: 4000, Rate: 1 << 16}, {Duration: 4000, MediaTime: 0, Rate: 1 << 16}}, 1000, 1000, false)
	finder := &gapFinder{video: true, scale: 1000, table: table}
	end, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-end:
				return
			default:
				table.Run(1)
			}
		}
	}()
	for i := range int64(200) {
		rs := []record{{dts: i * 40, dur: 40}}
		table.add(rs, nil)
		finder.add(rs)
	}
	close(end)
	<-over
	table.finish()
	finder.conclude()
	if _, to, _, ok := table.Run(1); !ok || to != 101 || len(finder.found) != 0 {
		t.Errorf("the first run ends before frame %d, gaps %v", to, finder.found)
	}
}
