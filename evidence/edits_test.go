package evidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"vedette/evidence/bmff"
)

const rate1 = 1 << 16

func TestEditListIsFollowedPieceByPiece(t *testing.T) {
	type at struct {
		c, p  int64
		shown bool
	}
	for name, x := range map[string]struct {
		list  []bmff.Edit
		grows bool
		want  []at
	}{
		"none":         {nil, false, []at{{-5, -5, true}, {70, 70, true}}},
		"begin":        {[]bmff.Edit{{Duration: 100, MediaTime: 40, Rate: rate1}}, false, []at{{20, -20, false}, {35, 0, true}, {40, 0, true}, {139, 99, true}, {140, 100, false}}},
		"delay":        {[]bmff.Edit{{Duration: 30, MediaTime: -1, Rate: rate1}, {Duration: 50, MediaTime: 0, Rate: rate1}}, false, []at{{0, 30, true}, {49, 79, true}, {50, 80, false}}},
		"runs on":      {[]bmff.Edit{{MediaTime: 40, Rate: rate1}}, false, []at{{1 << 40, 1<<40 - 40, true}}},
		"grows":        {[]bmff.Edit{{Duration: 10, MediaTime: 0, Rate: rate1}, {Duration: 10, MediaTime: 50, Rate: rate1}}, true, []at{{9, 9, true}, {20, -20, false}, {400, 360, true}}},
		"twice":        {[]bmff.Edit{{Duration: 100, MediaTime: 0, Rate: rate1}, {Duration: 100, MediaTime: 50, Rate: rate1}}, false, []at{{60, 60, true}, {100, 150, true}, {150, 200, false}}},
		"back":         {[]bmff.Edit{{Duration: 100, MediaTime: 100, Rate: rate1}, {Duration: 100, MediaTime: 0, Rate: rate1}}, false, []at{{0, 100, true}, {99, 199, true}, {100, 0, true}}},
		"held":         {[]bmff.Edit{{Duration: 500, MediaTime: 10, Rate: 0}, {Duration: 100, MediaTime: 10, Rate: rate1}}, false, []at{{10, 0, true}, {20, 510, true}}},
		"from between": {[]bmff.Edit{{Duration: 100, MediaTime: 0, Rate: rate1}, {Duration: 50, MediaTime: 120, Rate: rate1}}, false, []at{{109, 89, false}, {111, 100, true}}},
	} {
		e := newEdits(x.list, 1000, 1000, x.grows)
		for _, w := range x.want {
			if p, shown := e.present(w.c, 10); shown != w.shown || p != w.p {
				t.Errorf("%s: %d is shown at %d, %v; want %d, %v", name, w.c, p, shown, w.p, w.shown)
			}
		}
	}
	heard := newEdits([]bmff.Edit{{Duration: 100, MediaTime: 40, Rate: rate1}}, 1000, 1000, false)
	heard.heard = true
	if p, shown := heard.present(35, 10); p != -5 || !shown {
		t.Errorf("sound that lasts into the edit begins at %d, %v", p, shown)
	}
	e := newEdits([]bmff.Edit{{Duration: 100, MediaTime: 100, Rate: rate1}, {Duration: 20, MediaTime: -1, Rate: rate1}, {Duration: 60, MediaTime: 120, Rate: 2 * rate1}, {Duration: 100, MediaTime: 0, Rate: rate1}}, 1000, 1000, false)
	if !e.backwards || e.rates != 1 || len(e.repeats) != 1 || e.repeats[0] != (span{120, 180}) || !e.paused(90, 130) || e.paused(0, 100) {
		t.Errorf("%+v", e)
	}
}

func TestEveryMomentOfMediaIsShownOnceWhateverTheList(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 1))
	for range 2000 {
		var list []bmff.Edit
		shown := map[int64]int64{} // by the definition: the first edit that shows it
		movie := int64(0)
		for range 1 + rnd.IntN(6) {
			x := bmff.Edit{Duration: uint64(1 + rnd.IntN(20)), MediaTime: int64(rnd.IntN(40)) - 5, Rate: rate1}
			for i := range int64(x.Duration) {
				if _, ok := shown[x.MediaTime+i]; !ok && x.MediaTime >= 0 {
					shown[x.MediaTime+i] = movie + i
				}
			}
			movie += int64(x.Duration)
			list = append(list, x)
		}
		e := newEdits(list, 1000, 1000, false)
		for c := int64(-10); c < 80; c++ {
			p, ok := e.present(c, 1)
			want, is := shown[c]
			if len(e.pieces) == 0 {
				continue
			}
			if ok != is || ok && p != want {
				t.Fatalf("%+v: %d is shown at %d, %v; want %d, %v", list, c, p, ok, want, is)
			}
		}
	}
}

func TestAbsurdEditsAreBounded(t *testing.T) {
	e := newEdits([]bmff.Edit{{Duration: math.MaxUint64, MediaTime: math.MaxInt64, Rate: rate1}, {Duration: math.MaxUint64, MediaTime: 5, Rate: 0}}, 1, math.MaxUint32, false)
	for _, c := range []int64{math.MinInt64 / 2, 0, 5, math.MaxInt64} {
		e.present(c, math.MaxUint32)
		e.dwell(c, math.MaxUint32)
	}
	if e := newEdits(make([]bmff.Edit, maxEdits+7), 1000, 1000, false); e.cut != 7 {
		t.Errorf("%d entries beyond the bound", e.cut)
	}
}
