package verify_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
)

var (
	scene     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	worldOnce = sync.OnceValues(func() (*fixture.World, error) { return fixture.NewWorld(scene) })
)

func world(t testing.TB) *fixture.World {
	t.Helper()
	w, err := worldOnce()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// sealed makes a small export whose pictures are random bytes: seals do not care.
func sealed(t testing.TB, change func(*fixture.Export, *fixture.World)) []byte {
	t.Helper()
	w := world(t)
	rnd := rand.New(rand.NewPCG(3, 5))
	video := &fixture.Coded{Scale: 1000, Entry: entry()}
	for i := range 60 {
		data := make([]byte, 200+rnd.IntN(100))
		for k := range data {
			data[k] = byte(rnd.Uint32())
		}
		video.Samples = append(video.Samples, fixture.Sample{Data: data, Duration: 40, Sync: i%25 == 0})
	}
	x := &fixture.Export{
		Side:  fixture.Side{UnitName: "Unit", Time: scene.Add(24 * time.Hour), Sources: []fixture.Source{{Track: 1, Name: "Cam"}}},
		Video: video, W: 320, H: 180, Starts: map[uint32]time.Time{1: scene},
	}
	x.Seals = []fixture.SealBy{{Signer: w.Exporter, Starts: x.Starts}}
	if change != nil {
		change(x, w)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is an H.264 sample entry without a decoder configuration.
func entry() []byte {
	p := make([]byte, 86)
	binary.BigEndian.PutUint32(p, 86)
	copy(p[4:], "avc1")
	binary.BigEndian.PutUint16(p[14:], 1)
	binary.BigEndian.PutUint16(p[32:], 320)
	binary.BigEndian.PutUint16(p[34:], 180)
	return p
}

func agency(t testing.TB) verify.Policy {
	w := world(t)
	return verify.Policy{Now: scene.AddDate(0, 6, 0), Packs: []verify.Pack{{Name: "agency", Anchors: certs(w)}}}
}

func examine(t testing.TB, data []byte, p verify.Policy) *verify.Report {
	t.Helper()
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
	if err != nil {
		var n *evidence.NotExportError
		if errors.As(err, &n) {
			return &verify.Report{}
		}
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

// opened is an export whose structure has been read.
func opened(t testing.TB, data []byte) *evidence.Export {
	t.Helper()
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func two(x *fixture.Export, w *fixture.World) {
	x.Seals = append(x.Seals, fixture.SealBy{Signer: w.Court, Note: "received"})
}

func find(t testing.TB, data []byte, kind string, n int) int {
	t.Helper()
	at := -1
	for range n {
		k := bytes.Index(data[at+1:], []byte(kind))
		if k < 0 {
			t.Fatalf("no %s number %d", kind, n)
		}
		at += 1 + k
	}
	return at
}

func flip(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at] ^= 1
	return out
}

// grow adds n to the 32-bit size of the box whose type stands at "at".
func grow(data []byte, at, n int) {
	binary.BigEndian.PutUint32(data[at-4:], binary.BigEndian.Uint32(data[at-4:])+uint32(n))
}

func TestLiesAreNotBelieved(t *testing.T) {
	single, double := sealed(t, nil), sealed(t, two)
	free := append([]byte{0, 0, 0, 16}, "free12345678"...)
	cases := []struct {
		name  string
		data  []byte
		want  verify.Verdict
		seals string
	}{
		{"sound", single, verify.Intact, "i"},
		{"two seals", double, verify.Intact, "ii"},
		{"index covered", sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Index = true }), verify.Intact, "i"},
		{"index added later", sealed(t, func(x *fixture.Export, _ *fixture.World) { x.LateMfra = true }), verify.IntactIncomplete, "i"},
		{"no seal", sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Seals = nil }), verify.Unsigned, ""},
		{"another's key under the same name", sealed(t, func(x *fixture.Export, w *fixture.World) { x.Seals[0].Signer = w.Mallory }), verify.IntactUntrusted, "i"},
		{"expired at export", sealed(t, func(x *fixture.Export, w *fixture.World) { x.Seals[0].Signer = w.Expired }), verify.IntactUntrusted, "i"},
		{"signed by an authority", sealed(t, func(x *fixture.Export, w *fixture.World) { x.Seals[0].Signer = w.Intermediate }), verify.IntactUntrusted, "i"},
		{"picture changed", flip(single, find(t, single, "mdat", 1)+40), verify.Broken, "b"},
		{"side information changed", flip(single, find(t, single, "Unit", 1)), verify.Broken, "b"},
		{"start time changed", flip(single, find(t, single, "cstb", 1)+19), verify.Broken, "b"},
		{"signature changed", flip(single, find(t, single, "sibo", 1)+10), verify.Broken, "b"},
		{"picture changed under two seals", flip(double, find(t, double, "mdat", 1)+40), verify.Broken, "bb"},
		{"note of the second seal changed", flip(double, find(t, double, "received", 1)), verify.Broken, "ib"},
		{"first signature changed", flip(double, find(t, double, "sibo", 1)+10), verify.Broken, "bb"},
		{"box added behind", append(bytes.Clone(single), free...), verify.Broken, "b"},
		{"box added behind two seals", append(bytes.Clone(double), free...), verify.Broken, "bb"},
		{"cut short", single[:len(single)-50], verify.CannotCheck, ""},
		{"decoy seal", decoy(t, single, nil), verify.Broken, "ib"},
		{"decoy seal and footage behind", append(decoy(t, single, nil), free...), verify.Broken, "bb"},
		{"foreign box among the seals", decoy(t, single, free), verify.CannotCheck, "u"},
		{"second moov behind", append(bytes.Clone(single), moov(t, single)...), verify.CannotCheck, "u"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := examine(t, c.data, agency(t))
			got := ""
			for _, s := range r.Seals {
				got += s.Integrity.String()[:1]
			}
			if r.Verdict != c.want || got != c.seals {
				t.Errorf("%s, seals %q; want %s, %q", r.Verdict, got, c.want, c.seals)
				_ = r.WriteText(os.Stderr)
			}
		})
	}
}

// decoy appends an empty sinf, or another box, to ipro.
func decoy(t testing.TB, data, other []byte) []byte {
	out := bytes.Clone(data)
	if other == nil {
		other = []byte{0, 0, 0, 8, 's', 'i', 'n', 'f'}
	}
	grow(out, find(t, out, "ipro", 1), len(other))
	m := bytes.LastIndex(out, []byte("meta"))
	grow(out, m, len(other))
	return append(out, other...)
}

func moov(t testing.TB, data []byte) []byte {
	at := find(t, data, "moov", 1) - 4
	return data[at : at+int(binary.BigEndian.Uint32(data[at:]))]
}

func TestDecoyClockDoesNotCount(t *testing.T) {
	spoof := fixture.SealBy{Signer: world(t).Mallory, Starts: map[uint32]time.Time{1: scene.AddDate(0, 0, 7)}}
	data := sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Seals = append(x.Seals, spoof) })
	data = flip(data, find(t, data, "sibo", 2)+9) // the second seal does not verify
	r := examine(t, data, agency(t))
	if r.Verdict != verify.Broken || r.Start == nil || !r.Start.Time().Equal(scene) {
		t.Errorf("%s, start %v, want %s", r.Verdict, r.Start, scene)
	}
}

func TestSameInputsGiveTheSameReport(t *testing.T) {
	data := sealed(t, two)
	var first bytes.Buffer
	for range 5 {
		var b bytes.Buffer
		if err := examine(t, data, agency(t)).WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if first.Len() == 0 {
			first = b
		} else if !bytes.Equal(first.Bytes(), b.Bytes()) {
			t.Fatal("two reports differ")
		}
	}
}

func certs(w *fixture.World) []*x509.Certificate {
	return []*x509.Certificate{w.Root.Cert, w.Intermediate.Cert}
}
