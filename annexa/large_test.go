package annexa

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"vedette/internal/diag"
)

func large(rows int) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for i := range rows {
		fmt.Fprintf(&b, "Northside City;City_Outdoor;;Camera;CAM-%06d;Camera %d at the corner of street %d;;POINT(%.6f,%.6f);;%d;icon_dome\r\n", i, i, i%997, 48+float64(i%1000)/1e4, 2+float64(i/1000)/1e4, i%360)
	}
	return b.Bytes()
}

func TestNoiseIsRefusedWithAReason(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test that can be repeated
	var b bytes.Buffer
	for range 100_000 {
		for range 60 {
			b.WriteByte(byte(1 + r.IntN(255)))
		}
		b.WriteByte('\n')
	}
	c, fs, err := Read(&b, Options{})
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Finding.Code != "NOT-ANNEXA" {
		t.Fatalf("error %v", err)
	}
	if len(c.Cameras)+len(c.Maps)+len(c.Places) > 0 || len(fs) > MaxFindings+200 || fs[0].Code != "NOT-ANNEXA" {
		t.Errorf("%d findings, the first is %v", len(fs), fs[0])
	}
}

func TestManyFindingsAreCounted(t *testing.T) {
	rows := MaxFindings + 500
	text := head + strings.Repeat("a;b\n", rows) + good
	c, fs, err := Read(strings.NewReader(text), Options{})
	if err != nil || c.Facts.Refused != rows || c.Facts.Accepted != 1 || len(c.Refused) != rows {
		t.Fatalf("error %v, facts %+v", err, c.Facts)
	}
	last := fs[len(fs)-1]
	if c.Facts.Counts["FIELD-COUNT"] != rows || len(fs) > MaxFindings+10 || diag.Worst(fs) != diag.Error {
		t.Errorf("%d counted, %d told", c.Facts.Counts["FIELD-COUNT"], len(fs))
	}
	if !strings.Contains(last.Message, "more like this") {
		t.Errorf("the last finding is %v", last)
	}
}

func TestACancelledReadingLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	calls := 0
	opt := Options{Progress: func(done, total int64) {
		if calls++; calls == 2 {
			cancel()
		}
		if done > total {
			t.Errorf("%d of %d done", done, total)
		}
	}}
	c, _, err := ReadContext(ctx, bytes.NewReader(large(20_000)), opt)
	if !errors.Is(err, context.Canceled) || len(c.Cameras) > 0 || calls != 2 {
		t.Errorf("error %v, %d cameras after %d steps", err, len(c.Cameras), calls)
	}
}

func TestAReaderThatFailsIsAnError(t *testing.T) {
	broken := errors.New("stick pulled out")
	_, _, err := Read(io.MultiReader(strings.NewReader(head+good), &failing{broken}), Options{})
	var refused *RefusedError
	if !errors.Is(err, broken) || errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func BenchmarkReadHundredThousandRows(b *testing.B) {
	text := large(100_000)
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	opt := Options{Progress: func(int64, int64) {
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapInuse-min(before.HeapInuse, now.HeapInuse))
	}}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if c, _, err := Read(bytes.NewReader(text), opt); err != nil || len(c.Cameras) != 100_000 {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
}

func BenchmarkWriteHundredThousandRows(b *testing.B) {
	c, _, err := Read(bytes.NewReader(large(100_000)), Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Write(io.Discard, c, WriteOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodingCSVHundredThousandRows(b *testing.B) {
	text := large(100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma = ';'
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
