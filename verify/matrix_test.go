package verify_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// draft makes a small export without seals, for change to rearrange. Its start
// times stand in no box until a seal or a test gives some.
func draft(t testing.TB, change func(*fixture.File)) []byte {
	t.Helper()
	f := parsed(t, sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Seals = nil }))
	f.At("meta").Drop("cstb")
	if change != nil {
		change(f)
	}
	return f.Bytes()
}

func parsed(t testing.TB, data []byte) *fixture.File {
	t.Helper()
	f, err := fixture.ParseFile(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// by is a seal of the exporter with the right start time.
func by(t testing.TB, change func(*fixture.SealOptions)) fixture.SealOptions {
	t.Helper()
	o := fixture.SealOptions{By: world(t).Exporter, Starts: map[uint32]time.Time{1: scene}}
	if change != nil {
		change(&o)
	}
	return o
}

// seal appends seals, one after the other.
func seal(t testing.TB, data []byte, opts ...fixture.SealOptions) []byte {
	t.Helper()
	for _, o := range opts {
		var b bytes.Buffer
		if err := fixture.Seal(bytes.NewReader(data), int64(len(data)), &b, o); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

// changed rearranges a file after it was sealed.
func changed(t testing.TB, data []byte, change func(*fixture.File)) []byte {
	t.Helper()
	f := parsed(t, data)
	change(f)
	return f.Bytes()
}

// answer is what has to be said about one file. Empty fields are not compared.
type answer struct {
	name    string
	data    []byte
	verdict verify.Verdict
	seals   string // first letters of the seals' integrity; "-" is not compared
	start   string // "none" for no absolute time
	codes   string // findings and reasons that must be there, blank between
}

const noon = "2026-03-01T12:00:00Z"

func expect(t *testing.T, p verify.Policy, cases []answer) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := examine(t, c.data, p)
			if r.Verdict != c.verdict || c.seals != "-" && letters(r) != c.seals {
				t.Errorf("%s, seals %q; want %s, %q", r.Verdict, letters(r), c.verdict, c.seals)
			}
			start := "none"
			if r.Start != nil {
				start = r.Start.String()
			}
			if c.start != "" && start != c.start {
				t.Errorf("start %s, want %s", start, c.start)
			}
			for _, code := range strings.Fields(c.codes) {
				if !says(r, code) {
					t.Errorf("%s is not said", code)
				}
			}
			if t.Failed() {
				var b strings.Builder
				_ = r.WriteText(&b)
				t.Log(b.String())
			}
		})
	}
}

func letters(r *verify.Report) string {
	var b strings.Builder
	for _, s := range r.Seals {
		b.WriteString(s.Integrity.String()[:1])
		if s.Integrity == verify.SealUnchecked {
			b.WriteByte('?') // tells unchecked from unsupported
		}
	}
	return b.String()
}

func says(r *verify.Report, code string) bool {
	if slices.ContainsFunc(r.Findings, func(f verify.ReportedFinding) bool { return f.Code == code }) {
		return true
	}
	return slices.ContainsFunc(r.Seals, func(s verify.SealReport) bool { return s.Trust.Reason == code })
}

func node(kind string, body ...[]byte) *fixture.Node {
	return &fixture.Node{Kind: kind, Body: slices.Concat(body...)}
}

func be(width int, v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v)[8-width:] }

func text(s ...string) []byte {
	var out []byte
	for _, x := range s {
		out = append(append(out, x...), 0)
	}
	return out
}

// last returns the last child of a kind.
func last(n *fixture.Node, kind string) *fixture.Node {
	var found *fixture.Node
	for _, k := range n.Kids {
		if k.Kind == kind {
			found = k
		}
	}
	return found
}

// swap exchanges two children.
func swap(n *fixture.Node, a, b int) { n.Kids[a], n.Kids[b] = n.Kids[b], n.Kids[a] }

// insert puts children before place i.
func insert(n *fixture.Node, i int, k ...*fixture.Node) { n.Kids = slices.Insert(n.Kids, i, k...) }
