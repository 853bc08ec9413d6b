package conform_test

import (
	"bytes"
	"context"
	"testing"

	"vedette/evidence"
	"vedette/verify"
	"vedette/verify/conform"
)

// FuzzJudge changes whole files: whatever they hold is answered, with no level
// for what no seal vouches for.
func FuzzJudge(f *testing.F) {
	for _, name := range []string{"01_single.mp4", "10_double.mp4", "32_strip_meta.mp4", "99_gzip_meta.mp4", "97_dup_suep.mp4", "E4_suep_unterminated.mp4"} {
		f.Add(vector(f, name), uint32(0), byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint32, with byte) {
		if len(data) == 0 {
			return
		}
		data = bytes.Clone(data)
		data[int(at)%len(data)] ^= with
		e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
		if err != nil {
			return
		}
		if err := e.Index(context.Background(), nil); err != nil {
			return
		}
		report, err := verify.Check(context.Background(), e, verify.Policy{Now: scene}, nil)
		if err != nil {
			return
		}
		r, err := conform.Judge(context.Background(), e, report)
		if err != nil {
			t.Fatal(err)
		}
		if r.Level != conform.LevelNone && report.Integrity != verify.FileIntact && report.Integrity != verify.FileIncomplete {
			t.Errorf("level %s, but the file is %s", r.Level, report.Integrity)
		}
		var b bytes.Buffer
		letters, err := conform.Letters([]*conform.Result{r}, "fr", conform.Sender{})
		if err != nil || r.WriteText(&b) != nil || conform.WriteHTML(&b, letters) != nil {
			t.Error(err)
		}
	})
}
