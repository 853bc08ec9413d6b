package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
)

// chapter is one file of 2.4 s of one camera.
func chapter(t testing.TB, after time.Duration, camera string, change func(*fixture.File)) []byte {
	source := text("Gate", "https://cam/"+camera, "", "1")
	body := slices.Concat(unit(1, "Unit", seconds1904(scene.Add(time.Hour))), be(4, 1), be(2, 1), source)
	return seal(t, draft(t, func(f *fixture.File) {
		f.At("meta/suep").Body = body
		if change != nil {
			change(f)
		}
	}), by(t, func(o *fixture.SealOptions) { o.Starts[1] = scene.Add(after) }))
}

// link puts a segment in a chain of letters.
func link(t testing.TB, after time.Duration, before, own, next byte) []byte {
	uuid := func(b byte) []byte { return bytes.Repeat([]byte{b}, 16) }
	sumi := slices.Concat(uuid(own), uuid(before), uuid(next), be(8, ticks1601(scene.Add(after))), be(8, 24_000_000), be(4, 0))
	return chapter(t, after, string(own), func(f *fixture.File) { insert(f.At("meta"), 1, node("sumi", sumi)) })
}

type delivered struct {
	name string
	data []byte
}

func join(t testing.TB, files []delivered) []verify.SetReport {
	var parts []evidence.Part
	var reports []*verify.Report
	for _, f := range files {
		e := openedAs(t, f.name, f.data)
		r, err := verify.Check(context.Background(), e, agency(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		parts, reports = append(parts, e.Part()), append(reports, r)
	}
	return verify.Sets(parts, reports)
}

func openedAs(t testing.TB, name string, data []byte) *evidence.Export {
	t.Helper()
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), name))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSetIsAsGoodAsItsWorstFile(t *testing.T) {
	first, second := chapter(t, 0, "1", nil), chapter(t, 10*time.Second, "1", nil)
	overlap := chapter(t, 11*time.Second, "1", nil)
	other := chapter(t, 2400*time.Millisecond, "2", nil)
	// The picture is harmed; the clock of a broken seal does not count either.
	broken := flip(chapter(t, 20*time.Second, "1", nil), 900)
	chainA, chainC := link(t, 0, 'a', 'a', 'b'), link(t, 20*time.Second, 'b', 'c', 'c')
	cases := []struct {
		name  string
		files []delivered
		want  []string // text that one of the sets must hold, in order; none means no set
	}{
		{"gap", []delivered{{"1.mp4", first}, {"2.mp4", second}}, []string{
			"Set of 2 files (same unit, same source, exported within a day)", `From       "Unit", source "Gate"`, "intact, that of its worst file, 1.mp4", "1  1.mp4, intact",
			"2026-03-01T12:00:00Z to 2026-03-01T12:00:02.4Z", "gap of 7.6s, 2026-03-01T12:00:02.4Z to 2026-03-01T12:00:10Z", "2  2.mp4, intact",
			"completeness of the set is not shown by the seals",
		}},
		{"overlap", []delivered{{"2.mp4", second}, {"3.mp4", overlap}}, []string{"overlap of 1.4s, 2026-03-01T12:00:11Z to 2026-03-01T12:00:12.4Z"}},
		{"one broken", []delivered{{"1.mp4", first}, {"2.mp4", second}, {"x.mp4", broken}}, []string{
			"broken, that of its worst file, x.mp4", "gap of 7.6s", "3  x.mp4, broken", "no absolute time that counts", "completeness",
		}},
		{"chain", []delivered{{"a.mp4", chainA}, {"c.mp4", chainC}}, []string{"their segment numbers name each other", "gap of 17.6s", "1 segment of the chain not here: 6262"}},
		{"the same file twice", []delivered{{"1.mp4", first}, {"1b.mp4", first}}, []string{"overlap of 2.4s", "the very same bytes as 1.mp4"}},
		{"unrelated", []delivered{{"1.mp4", first}, {"o.mp4", other}}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sets := join(t, c.files)
			slices.Reverse(c.files)
			again := join(t, c.files)
			a, errA := json.Marshal(sets)
			b, errB := json.Marshal(again)
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				t.Errorf("named in another order:\n%s\n%s", a, b)
			}
			if c.want == nil {
				if len(sets) != 0 {
					t.Errorf("%s", a)
				}
				return
			}
			var w strings.Builder
			if len(sets) != 1 {
				t.Fatalf("%d sets", len(sets))
			}
			if err := sets[0].WriteText(&w); err != nil {
				t.Fatal(err)
			}
			rest := w.String()
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is not told, or not in its place:\n%s", want, w.String())
				}
				rest = after
			}
		})
	}
}

func TestFileThatCouldNotBeOpenedIsInNoSet(t *testing.T) {
	e := openedAs(t, "1.mp4", chapter(t, 0, "1", nil))
	r := []*verify.Report{{File: "1.mp4", Verdict: verify.Intact}, {File: "gone.mp4"}, {File: "2.mp4", Verdict: verify.Unsigned}}
	sets := verify.Sets([]evidence.Part{e.Part(), {}, e.Part()}, r)
	if len(sets) != 1 || len(sets[0].Files) != 2 || sets[0].Verdict != verify.Unsigned || sets[0].Worst != "2.mp4" {
		t.Errorf("%+v", sets)
	}
}
