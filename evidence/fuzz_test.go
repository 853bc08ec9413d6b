package evidence

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

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
				if back := table.ByFrame(table.Frame(i)); back != i {
					t.Fatalf("sample %d is frame %d, which is sample %d", i, table.Frame(i), back)
				}
				got, err := e.ReadSample(s, buf)
				if err == nil && (s.Offset < 0 || s.Offset+int64(len(got)) > int64(len(data))) {
					t.Fatalf("sample %d lies outside the file", i)
				}
				buf = got
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
