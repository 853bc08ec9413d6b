package evidence

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
)

// FuzzOpen gives any bytes to everything that reads files: no panic, no hang,
// memory in proportion, and samples that stay within media data.
func FuzzOpen(f *testing.F) {
	names, err := filepath.Glob("../testdata/export/*.mp4")
	if err != nil {
		f.Fatal(err)
	}
	for i, n := range names {
		if i%4 != 0 {
			continue
		}
		data, err := os.ReadFile(n)
		if err != nil {
			f.Fatal(err)
		}
		// The seal area is where the variety is; pictures only make mutants slow.
		f.Add(data[:min(len(data), 2000)])
		f.Add(append(bytes.Clone(data[:min(len(data), 1200)]), data[max(len(data)-1600, 0):]...))
	}
	pictures := &fixture.Coded{Scale: 1000, Entry: fixture.FieldPictures(1).Entry}
	for i := range 12 {
		pictures.Samples = append(pictures.Samples, fixture.Sample{Data: []byte("coded"), Duration: 40, Offset: int32(40 * (i % 3)), Sync: i%6 == 0})
	}
	for _, fragmented := range []bool{false, true} {
		x := fixture.Movie{Fragmented: fragmented, Tracks: []fixture.MovieTrack{{
			Kind: "vide", W: 48, H: 64, Coded: pictures, More: []*fixture.Coded{pictures}, Turns: []int{0, 1, 0},
			Edits: []fixture.Edit{{Duration: 200, MediaTime: 500, Rate: 1 << 16}, {Duration: 100, MediaTime: -1}, {Duration: 400, MediaTime: 60}, {Duration: 300, MediaTime: 40, Rate: 1 << 16}},
		}}}
		f.Add(x.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e, err := Open(context.Background(), NewFile(bytes.NewReader(data), int64(len(data)), "fuzz"))
		if err != nil {
			return
		}
		if err := e.Index(context.Background(), nil); err != nil {
			t.Fatalf("reading memory failed: %v", err)
		}
		var buf []byte
		for _, tr := range e.Tracks() {
			table := e.Table(tr.ID)
			for i := range min(table.Len(), 200) {
				s := table.At(i)
				if back := table.ByFrame(table.Frame(i)); back != i && !s.Hidden || s.Hidden != (table.Frame(i) == 0) {
					t.Fatalf("sample %d is frame %d, which is sample %d", i, table.Frame(i), back)
				}
				got, err := e.ReadSample(s, buf)
				if err == nil && (s.Offset < 0 || s.Offset+int64(len(got)) > int64(len(data))) {
					t.Fatalf("sample %d lies outside the file", i)
				}
				buf = got
			}
			for n := 1; n < min(media.Frames(table), 200); n++ {
				if a, b := table.At(table.ByFrame(n)), table.At(table.ByFrame(n+1)); b.PTS.Before(a.PTS) {
					t.Fatalf("frame %d is shown at %v, the next at %v", n, a.PTS, b.PTS)
				}
				if from, to, last, ok := e.Table(tr.ID).(*Table).Run(n); ok && (from > n || to <= n || last < table.ByFrame(n)) {
					t.Fatalf("frame %d is in the stretch %d to %d, up to sample %d", n, from, to, last)
				}
			}
			e.Gaps(tr.ID)
			table.AtPTS(media.Zero(tr.Timescale))
		}
		e.UseStarts(e.ChooseStarts(make([]bool, len(e.Protection().Seals))))
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 256<<20+uint64(len(data))*200 {
			t.Fatalf("%d bytes of input cost %d bytes of memory", len(data), grown)
		}
	})
}
