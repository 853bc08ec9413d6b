package camera_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

var (
	scene     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	worldOnce = sync.OnceValues(func() (*fixture.World, error) { return fixture.NewWorld(scene) })
	leafOnce  = sync.OnceValues(func() (*fixture.Signer, error) {
		w, err := worldOnce()
		if err != nil {
			return nil, err
		}
		return w.Mint("Camera 7", nil, nil, nil)
	})
)

func world(t testing.TB) *fixture.World {
	t.Helper()
	w, err := worldOnce()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// leaf is a camera's key on P-256.
func leaf(t testing.TB) *fixture.Signer {
	t.Helper()
	s, err := leafOnce()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mint makes one more camera's key.
func mint(t testing.TB, curve elliptic.Curve, change func(*x509.Certificate)) *fixture.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := world(t).Mint("Camera 8", k, nil, change)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// film is one video track that a test may tamper with. It is a media.Source.
type film struct {
	codec media.Codec
	units [][][]byte
	ticks []int64 // durations in 1/90000 s; 3600 where it is short
	pts   []int64 // order of presentation; that of decoding where it is nil
	err   error   // of every read
	reads int
}

// shot is the film of most tests: 20 groups of 25 pictures, a document for each
// in the second picture of the next, the last one at the end.
func shot(t testing.TB, p fixture.Pattern, c fixture.Camera) *film {
	t.Helper()
	if p.Groups == 0 {
		p.Groups = 20
	}
	if p.Length == 0 {
		p.Length = 25
	}
	if c.By == nil {
		c.By = leaf(t)
	}
	if c.Begin.IsZero() {
		c.Begin = scene
	}
	c.H265 = p.H265
	units, err := c.Sign(p.Units())
	if err != nil {
		t.Fatal(err)
	}
	f := &film{codec: media.CodecH264, units: units}
	if p.H265 {
		f.codec = media.CodecH265
	}
	return f
}

func plain(t testing.TB) *film { return shot(t, fixture.Pattern{}, fixture.Camera{}) }

// copied is a film that shares nothing with the one it is made of.
func (f *film) copied() *film {
	g := *f
	g.units = nil
	for _, u := range f.units {
		var c [][]byte
		for _, n := range u {
			c = append(c, bytes.Clone(n))
		}
		g.units = append(g.units, c)
	}
	return &g
}

func (f *film) drop(from, n int) *film {
	f.units = slices.Delete(f.units, from, from+n)
	return f
}

func (f *film) cut(from, to int) *film {
	f.units = f.units[from:to]
	return f
}

// slice returns the first coded slice of a unit.
func (f *film) slice(unit int) []byte {
	for _, n := range f.units[unit] {
		if !f.message(n) {
			return n
		}
	}
	return nil
}

func (f *film) flip(unit int) *film {
	n := f.slice(unit)
	n[len(n)/2] ^= 1
	return f
}

func (f *film) message(n []byte) bool {
	if len(n) < 2 {
		return true // nothing that is coded
	}
	if f.codec == media.CodecH265 {
		return n[0]>>1&63 == 39
	}
	return n[0]&31 == 6
}

// split returns the messages and the slices of a unit.
func (f *film) split(unit int) (messages, slices [][]byte) {
	for _, n := range f.units[unit] {
		if f.message(n) {
			messages = append(messages, n)
		} else {
			slices = append(slices, n)
		}
	}
	return messages, slices
}

// exchange swaps the messages of two units, or their slices.
func (f *film) exchange(a, b int, messages bool) *film {
	ma, sa := f.split(a)
	mb, sb := f.split(b)
	if messages {
		ma, mb = mb, ma
	} else {
		sa, sb = sb, sa
	}
	f.units[a], f.units[b] = append(slices.Clone(ma), sa...), append(slices.Clone(mb), sb...)
	return f
}

// silence takes the messages out of a unit.
func (f *film) silence(unit int) *film {
	_, f.units[unit] = f.split(unit)
	return f
}

// document returns a document's place in its unit.
func (f *film) document(unit int) *[]byte {
	for i, n := range f.units[unit] {
		if f.message(n) {
			return &f.units[unit][i]
		}
	}
	return nil
}

func (f *film) Tracks() []media.Track {
	return []media.Track{{ID: 1, Kind: media.KindVideo, Codec: f.codec, Timescale: 90000}}
}

func (f *film) Table(track uint32) media.Table {
	if track != 1 {
		return nil
	}
	t := table{}
	at := int64(0)
	for i, u := range f.units {
		s := media.Sample{Track: 1, Index: i, Size: len(fixture.Join(u))}
		_, coded := f.split(i)
		ticks := int64(0)
		switch {
		case i < len(f.ticks):
			ticks = f.ticks[i]
		case len(coded) > 0:
			ticks = 3600
		}
		s.Sync = len(coded) > 0 && (coded[0][0]&31 == 5 || f.codec == media.CodecH265 && coded[0][0]>>1&63 >= 16)
		s.DTS, s.Duration = media.Ticks{Value: at, Scale: 90000}, media.Ticks{Value: ticks, Scale: 90000}
		s.PTS = s.DTS
		if f.pts != nil {
			s.PTS.Value = f.pts[i]
		}
		at += ticks
		t.samples = append(t.samples, s)
	}
	return t
}

func (f *film) Gaps(uint32) []media.Gap  { return nil }
func (f *film) Origin(uint32) media.Wall { return media.Wall{} }

func (f *film) ReadSample(s media.Sample, _ []byte) ([]byte, error) {
	f.reads++
	if f.err != nil {
		return nil, f.err
	}
	return fixture.Join(f.units[s.Index]), nil
}

// table answers what the validator asks for.
type table struct{ samples []media.Sample }

func (t table) Len() int                      { return len(t.samples) }
func (t table) Complete() bool                { return true }
func (t table) At(i int) media.Sample         { return t.samples[i] }
func (t table) SyncBefore(int) int            { return -1 }
func (t table) SyncAfter(int) int             { return -1 }
func (t table) AtPTS(media.Ticks) (int, bool) { return -1, false }
func (t table) Next(int) int                  { return -1 }
func (t table) Prev(int) int                  { return -1 }
func (t table) Frame(int) int                 { return -1 }
func (t table) ByFrame(int) int               { return -1 }

func judged(t testing.TB, f media.Source) *camera.Report {
	t.Helper()
	r, err := camera.Check(t.Context(), f, camera.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runs writes the states of pictures as "authentic 0-9, altered 10".
func runs(r *camera.Report) string {
	var out []string
	for _, t := range r.Tracks {
		last := -1
		var state camera.PictureState
		for _, g := range t.Ranges {
			if len(out) > 0 && g.State == state && g.FromSample == last+1 {
				out[len(out)-1] = strings.SplitN(out[len(out)-1], "-"+fmt.Sprint(last), 2)[0] + "-" + fmt.Sprint(g.ToSample)
			} else {
				out = append(out, fmt.Sprintf("%s %d-%d", g.State, g.FromSample, g.ToSample))
			}
			last, state = g.ToSample, g.State
		}
	}
	return strings.Join(out, ", ")
}

// counts writes the documents as "19 a 1 m": authentic, missing, not authentic, not verifiable.
func counts(r *camera.Report) string {
	var out []string
	for _, x := range []struct {
		n      int
		letter string
	}{{r.Documents.Authentic, "a"}, {r.Documents.Missing, "m"}, {r.Documents.NotAuthentic, "n"}, {r.Documents.NotVerifiable, "v"}} {
		if x.n > 0 {
			out = append(out, fmt.Sprint(x.n, " ", x.letter))
		}
	}
	return strings.Join(out, " ")
}

func notes(r *camera.Report, kind camera.NoteKind) bool {
	for _, t := range r.Tracks {
		if slices.ContainsFunc(t.Notes, func(n camera.Note) bool { return n.Kind == kind }) {
			return true
		}
	}
	return false
}

func explain(t testing.TB, r *camera.Report) {
	t.Helper()
	for _, k := range r.Tracks {
		for _, s := range k.Segments {
			t.Logf("document %d counter %d %s %q %d-%d at %d: %s, %d matched %d altered %d missing %d lost",
				s.Document, s.Counter, s.Verdict, s.Reason, s.FromSample, s.ToSample, s.At, s.State, s.Matched, s.Altered, s.Missing, s.Lost)
		}
		t.Logf("notes %+v", k.Notes)
	}
}
