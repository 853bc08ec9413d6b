package camera_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

// more are tamperings and accidents beyond the matrix.
var more = []row{
	{"last picture and its IDR gone, document at the end kept", on(func(f *film) *film { return f.drop(475, 25) }), camera.NotAuthentic, "18 a 1 n", "authentic 0-449, unsigned-gap 450-474, ignored 475-475", 0},
	{"first document removed", on(func(f *film) *film { return f.silence(26) }), camera.Authentic, "19 a", "not-verifiable 0-24, authentic 25-499, ignored 500-500", 0},
	{"last document removed", on(func(f *film) *film { return f.cut(0, 500) }), camera.Authentic, "19 a", "authentic 0-474, not-verifiable 475-499", 0},
	{"slices put in behind the last group", on(func(f *film) *film {
		f.units = slices.Insert(f.units, 500, fixture.Pattern{Groups: 1, Length: 2, Seed: 9}.Units()[1])
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-499, altered 500-500, ignored 501-501", 0},
	{"a group put in", on(func(f *film) *film {
		f.units = slices.Insert(f.units, 150, fixture.Pattern{Groups: 1, Length: 10, Seed: 9}.Units()...)
		return f
	}), camera.NotAuthentic, "20 a", "authentic 0-149, unsigned-gap 150-159, authentic 160-509, ignored 510-510", 0},
	{"every document altered", on(func(f *film) *film {
		for i := range f.units {
			if d := f.document(i); d != nil {
				(*d)[60] ^= 1
			}
		}
		return f
	}), camera.NotAuthentic, "20 n", "", 0},
	{"first IDR and first document gone", on(func(f *film) *film { return f.silence(26).drop(0, 1) }), camera.Authentic, "19 a", "not-verifiable 0-23, authentic 24-498, ignored 499-499", 0},
	{"document of another stream of the same camera", func(t *testing.T) *film {
		f, g := plain(t), plain(t) // signed once more, so the signatures differ
		f.units[190] = append([][]byte{*g.document(126)}, f.units[190]...)
		return f
	}, camera.NotAuthentic, "20 a 1 n", "authentic 0-499, ignored 500-500", camera.NoteClock},
	{"two groups and their documents gone", on(func(f *film) *film {
		*f.document(176) = *f.document(126)
		return f.drop(125, 50)
	}), camera.AuthenticMissing, "17 a 1 m", "authentic 0-449, ignored 450-450", 0},
	{"joined with a later clip of the same camera", func(t *testing.T) *film {
		f, g := plain(t), shot(t, fixture.Pattern{Seed: 4}, fixture.Camera{Begin: scene.Add(time.Hour)})
		f.units = append(f.cut(0, 485).units, g.units...)
		return f
	}, camera.Authentic, "39 a", "authentic 0-474, not-verifiable 475-484, authentic 485-984, ignored 985-985", camera.NoteSeam},
	{"joined with an earlier clip of the same camera", func(t *testing.T) *film {
		f, g := plain(t), shot(t, fixture.Pattern{Seed: 4}, fixture.Camera{Begin: scene.Add(-time.Hour)})
		f.units = append(f.units, g.units...)
		return f
	}, camera.NotAuthentic, "20 a 20 n", "authentic 0-499, ignored 500-500, altered 501-1000, ignored 1001-1001", camera.NoteClock},
	{"foreign groups at a seam", func(t *testing.T) *film {
		f, g := plain(t), shot(t, fixture.Pattern{Seed: 4}, fixture.Camera{Begin: scene.Add(time.Hour)})
		f.units = slices.Concat(f.units, fixture.Pattern{Groups: 3, Length: 5, Seed: 9}.Units(), g.units)
		return f
	}, camera.NotAuthentic, "40 a", "authentic 0-499, ignored 500-500, unsigned-gap 501-515, authentic 516-1015, ignored 1016-1016", camera.NoteSeam},
	{"first IDR of the second session altered", func(t *testing.T) *film {
		f, g := plain(t), shot(t, fixture.Pattern{Seed: 4}, fixture.Camera{Begin: scene.Add(time.Hour)})
		f.units = append(f.units, g.flip(0).units...)
		return f
	}, camera.NotAuthentic, "39 a 1 n", "authentic 0-499, ignored 500-500, altered 501-525, authentic 526-1000, ignored 1001-1001", 0},
	{"joined with a clip by another digest", func(t *testing.T) *film {
		f, g := plain(t), shot(t, fixture.Pattern{Seed: 4}, fixture.Camera{Begin: scene.Add(time.Hour), Hash: crypto.SHA512})
		f.units = append(f.units, g.units...)
		return f
	}, camera.Authentic, "40 a", "authentic 0-499, ignored 500-500, authentic 501-1000, ignored 1001-1001", camera.NoteSeam},
	{"repeated without a clock", func(t *testing.T) *film {
		f := shot(t, short, fixture.Camera{Version1: true, Begin: time.Unix(-11_644_473_600, 0)})
		f.units = append(f.units, f.copied().units...)
		return f
	}, camera.NotAuthentic, "4 a 4 n", "authentic 0-39, ignored 40-40, unsigned-gap 41-80, ignored 81-81", camera.NoteClock},
	{"one group and its document repeated", func(t *testing.T) *film {
		f := shot(t, fixture.Pattern{Groups: 1, Length: 10}, fixture.Camera{})
		f.units = append(f.units, f.copied().units...)
		return f
	}, camera.NotAuthentic, "1 a 1 n", "authentic 0-9, ignored 10-10, unsigned-gap 11-20, ignored 21-21", camera.NoteClock},
	{"repeated without lists", func(t *testing.T) *film {
		f := shot(t, short, fixture.Camera{LowBitrate: true})
		f.units = append(f.units, f.copied().units...)
		return f
	}, camera.NotAuthentic, "3 a 4 n 1 v", "", camera.NoteClock},
	{"low bitrate, document lost", withCamera(short, fixture.Camera{LowBitrate: true, Open: true}, func(f *film) *film { return f.silence(21) }),
		camera.NotAuthentic, "2 a", "authentic 0-9, unsigned-gap 10-19, authentic 20-29, not-verifiable 30-39", 0},
	{"low bitrate, cut to start at an IDR", withCamera(short, fixture.Camera{LowBitrate: true, Open: true}, func(f *film) *film { return f.cut(10, 40) }),
		camera.Authentic, "2 a 1 v", "authentic 0-19, not-verifiable 20-29", 0},
	{"low bitrate, first group altered", withCamera(short, fixture.Camera{LowBitrate: true, Open: true}, func(f *film) *film { return f.flip(3) }),
		camera.NotAuthentic, "2 a 1 n", "altered 0-9, authentic 10-29, not-verifiable 30-39", 0},
	{"low bitrate, group and document swapped away", withCamera(short, fixture.Camera{LowBitrate: true, Open: true}, func(f *film) *film {
		return f.silence(11).flip(13)
	}), camera.NotAuthentic, "1 a 1 n", "", 0},
	{"unsigned document altered", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film {
		d := *f.document(51)
		d[len(d)-5] ^= 1
		return f
	}), camera.NotAuthentic, "17 a 1 m 2 n", "unsigned-gap 0-49, authentic 50-499, ignored 500-500", 0},
	{"unsigned document removed", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film { return f.silence(51) }),
		camera.NotAuthentic, "17 a 1 m 1 n", "unsigned-gap 0-49, authentic 50-499, ignored 500-500", 0},
	{"signed document of several altered", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film {
		d := *f.document(101)
		d[len(d)-40] ^= 1
		return f
	}), camera.NotAuthentic, "", "", 0},
	{"picture altered under unsigned documents", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film { return f.flip(30) }),
		camera.NotAuthentic, "19 a 1 n", "authentic 0-29, altered 30-30, authentic 31-499, ignored 500-500", 0},
	{"forged unsigned document and group", func(t *testing.T) *film {
		f := plain(t)
		g := shot(t, fixture.Pattern{Groups: 2, Length: 10, Seed: 3}, fixture.Camera{Every: 100, First: 100})
		f.units = slices.Insert(f.units, 150, g.units[:15]...)
		return f
	}, camera.NotAuthentic, "", "", 0},
	{"cut in mid group, unsigned documents", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film { return f.cut(26, 501) }),
		camera.Authentic, "", "not-verifiable 0-23, authentic 24-473, ignored 474-474", 0},
	{"opaque data put in for a picture", withCamera(short, fixture.Camera{Opaque: true}, func(f *film) *film {
		_, s := f.split(13)
		if len(s) != 1 {
			return nil
		}
		f.units[13] = [][]byte{append(bytes.Clone(*f.document(5)), 1, 0x80)}
		return f
	}), camera.NotAuthentic, "3 a 1 n", "", 0},
	{"opaque data removed", withCamera(short, fixture.Camera{Opaque: true}, func(f *film) *film { return f.silence(15) }), camera.AuthenticMissing, "3 a 1 m", "", 0},
	{"leading message of a list cut off", withCamera(short, fixture.Camera{Every: 2, Delay: -1}, func(f *film) *film {
		f.silence(10)
		return f.cut(10, 41)
	}), camera.Authentic, "3 a", "authentic 0-29, ignored 30-30", 0},
	{"partial groups, cut to start in mid group", withCamera(short, fixture.Camera{Partial: 3}, func(f *film) *film { return f.cut(5, 41) }),
		camera.Authentic, "", "not-verifiable 0-4, authentic 5-34, ignored 35-35", 0},
	{"partial groups, first IDR altered", withCamera(short, fixture.Camera{Partial: 3}, func(f *film) *film { return f.flip(0) }), camera.NotAuthentic, "", "", 0},
	{"partial groups, picture put in", withCamera(short, fixture.Camera{Partial: 3}, func(f *film) *film {
		f.units = slices.Insert(f.units, 14, fixture.Pattern{Groups: 1, Length: 2, Seed: 9}.Units()[1])
		return f
	}), camera.NotAuthentic, "", "", 0},
	{"partial groups, document lost", withCamera(short, fixture.Camera{Partial: 3}, func(f *film) *film { return f.silence(14) }), camera.NotAuthentic, "15 a",
		"authentic 0-9, unsigned-gap 10-12, authentic 13-39, ignored 40-40", 0},
	{"IDR shown from another picture's second slice", withCamera(fixture.Pattern{Groups: 4, Length: 10, Slices: 3}, fixture.Camera{}, func(f *film) *film {
		f.units[20] = f.units[20][1:]
		return f
	}), camera.NotAuthentic, "3 a 1 n", "", 0},
	{"reserved bit", on(func(f *film) *film {
		d := *f.document(126)
		d[bytes.Index(d, camera.UUID())+16] |= 1
		return f
	}), camera.NotAuthentic, "19 a 1 n", "", camera.NoteUnreadable},
	{"very long SEI", on(func(f *film) *film {
		d := f.document(126)
		*d = append(bytes.Clone(*d), bytes.Repeat([]byte{1}, 1<<17)...)
		return f
	}), camera.NotAuthentic, "19 a 1 n", "", camera.NoteUnreadable},
	{"certificate SEI unreadable", withCamera(short, fixture.Camera{CertificateSEI: true}, func(f *film) *film {
		d := f.document(0)
		*d = (*d)[:len(*d)-40]
		return f
	}), camera.NotAuthentic, "1 n 4 v", "", camera.NoteUnreadable},
	{"certificate SEI altered", withCamera(short, fixture.Camera{CertificateSEI: true}, func(f *film) *film {
		d := *f.document(0)
		d[len(d)-30] ^= 1
		return f
	}), camera.NotVerifiable, "4 v", "", camera.NoteCertificate},
	{"certificate SEI of another key later", func(t *testing.T) *film {
		f := shot(t, short, fixture.Camera{CertificateSEI: true})
		g := shot(t, short, fixture.Camera{CertificateSEI: true, By: mint(t, elliptic.P256(), nil)})
		f.units[15] = append([][]byte{*g.document(0)}, f.units[15]...)
		return f
	}, camera.NotAuthentic, "1 a 3 n", "", camera.NoteKeyChange},
}

func TestAccidentsAndAttacksBeyondTheMatrix(t *testing.T) { examined(t, more) }

func tags(change func(n int, tags [][]byte) [][]byte) func(*testing.T) *film {
	return withCamera(short, fixture.Camera{Tags: change}, nil)
}

// TestSignedOddities are documents that a key signed as they are.
func TestSignedOdditiesAreToldFromForgeries(t *testing.T) {
	at := func(n int, change func(tags [][]byte) [][]byte) func(*testing.T) *film {
		return tags(func(i int, tags [][]byte) [][]byte {
			if i == n {
				return change(tags)
			}
			return tags
		})
	}
	examined(t, []row{
		{"general tag of a newer version", at(1, func(k [][]byte) [][]byte { k[0][3] = 9; return k }), camera.NotAuthentic, "3 a 1 v", "authentic 0-9, unsigned-gap 10-19, authentic 20-39, ignored 40-40", camera.NoteNewer},
		{"newer software", tags(func(_ int, k [][]byte) [][]byte { k[0][4] = 99; return k }), camera.Authentic, "4 a", whole, camera.NoteNewer},
		{"list of a newer version", at(1, func(k [][]byte) [][]byte { k[len(k)-1][3] = 2; return k }), camera.NotAuthentic, "3 a 1 v", "", camera.NoteNewer},
		{"unknown digest", tags(func(_ int, k [][]byte) [][]byte { k[1][15] = 77; return k }), camera.NotVerifiable, "4 v", "", camera.NoteNewer},
		{"unknown digest once", at(1, func(k [][]byte) [][]byte { k[1][15] = 77; return k }), camera.NotAuthentic, "3 a 1 v", "", camera.NoteNewer},
		{"broken link", at(2, func(k [][]byte) [][]byte { k[0][len(k[0])-1] ^= 1; return k }), camera.NotAuthentic, "3 a 1 n", "authentic 0-19, altered 20-29, authentic 30-39, ignored 40-40", 0},
		{"list of odd length", at(1, func(k [][]byte) [][]byte { k[len(k)-1][2]--; return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"no general tag", at(1, func(k [][]byte) [][]byte { return k[1:] }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"tag twice", at(1, func(k [][]byte) [][]byte { return append(k, k[0]) }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"certificates three times", at(1, func(k [][]byte) [][]byte { return append(k, k[3], k[3]) }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"arbitrary data beside others", at(1, func(k [][]byte) [][]byte { return append(k, []byte{7, 0, 1, 1}) }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"empty list", at(1, func(k [][]byte) [][]byte { return append(k[:4], []byte{2, 0, 1, 1}) }), camera.Authentic, "4 a", whole, 0},
		{"short general tag", at(1, func(k [][]byte) [][]byte { k[0] = []byte{1, 0, 3, 2, 0, 0}; return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"digests of no size", at(1, func(k [][]byte) [][]byte { k[0] = append([]byte{1, 0, 30, 2}, make([]byte, 29)...); return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"digests of another size", at(1, func(k [][]byte) [][]byte { k[0] = append([]byte{1, 0, 27 + 96, 2}, make([]byte, 26+96)...); return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"vendor cut off", at(1, func(k [][]byte) [][]byte { k[2] = []byte{5, 0, 3, 1, 9, 65}; return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"vendor of a newer version", at(1, func(k [][]byte) [][]byte { k[2] = []byte{5, 0, 3, 2, 9, 65}; return k }), camera.NotAuthentic, "3 a 1 v", "", camera.NoteNewer},
		{"crypto cut off", at(1, func(k [][]byte) [][]byte { k[1] = []byte{4, 0, 2, 1, 9}; return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"empty certificates", at(1, func(k [][]byte) [][]byte { k[3] = []byte{6, 0, 1, 1}; return k }), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"too many certificates", at(1, func(k [][]byte) [][]byte {
			k[3] = append([]byte{6, 0xa0, 0x02, 1, 0}, make([]byte, 0xa000)...)
			return k
		}), camera.NotAuthentic, "3 a 1 n", "", camera.NoteUnreadable},
		{"first document's chain is no text", at(0, func(k [][]byte) [][]byte { k[3] = []byte{6, 0, 4, 1, 0, 65, 66}; return k }), camera.Authentic, "4 a", whole, 0},
		{"count wrong, list right", at(1, func(k [][]byte) [][]byte { k[0][29] ^= 1; return k }), camera.Authentic, "4 a", whole, 0},
		{"group digest wrong, list right", at(1, func(k [][]byte) [][]byte { k[0][40] ^= 1; return k }), camera.Authentic, "4 a", whole, 0},
		{"counter jumps, nothing absent", at(2, func(k [][]byte) [][]byte { k[0][27] += 3; return k }), camera.NotAuthentic, "2 a 1 m 1 n", "", 0},
	})
}

func examined(t *testing.T, rows []row) {
	t.Helper()
	for _, c := range rows {
		t.Run(c.name, func(t *testing.T) {
			r := judged(t, c.film(t))
			if r.State != c.state || c.docs != "" && counts(r) != c.docs {
				t.Errorf("%s, documents %q; want %s, %q", r.State, counts(r), c.state, c.docs)
			}
			if got := runs(r); c.runs != "" && got != c.runs {
				t.Errorf("pictures\n%s, want\n%s", got, c.runs)
			}
			if c.note != 0 && !notes(r, c.note) {
				t.Errorf("note %d is not made", c.note)
			}
			if t.Failed() {
				t.Log(runs(r))
				explain(t, r)
			}
		})
	}
}

func TestKeysThatDoNotCountVouchForNothing(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, edward, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"RSA of 1024 bits": weak, "Ed25519": plainSigner{edward}} {
		s, err := world(t).Mint("Weak", key, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := judged(t, shot(t, short, fixture.Camera{By: s}))
		if r.State != camera.NotVerifiable || counts(r) != "4 v" || !notes(r, camera.NoteCertificate) {
			t.Errorf("%s: %s, %s", name, r.State, counts(r))
		}
	}
	if r := judged(t, shot(t, short, fixture.Camera{By: mint(t, elliptic.P224(), nil)})); r.State != camera.NotVerifiable {
		t.Errorf("P-224: %s", r.State)
	}
}

// plainSigner signs without a digest's name.
type plainSigner struct{ ed25519.PrivateKey }

// Sign signs as if the digest were the message.
func (s plainSigner) Sign(r io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	return s.PrivateKey.Sign(r, digest, crypto.Hash(0))
}

func TestLossesOfDocumentsAreTold(t *testing.T) {
	f := plain(t)
	*f.document(151) = *f.document(126)
	r := judged(t, f.drop(125, 25))
	s := r.Tracks[0].Segments[5]
	if s.Verdict != camera.DocumentMissing || s.Reason != camera.ReasonLostDocuments || s.Lost != 1 {
		t.Errorf("%+v", s)
	}
	if got := s.Signed.From.Sub(r.Tracks[0].Segments[4].Signed.To); got != time.Second {
		t.Errorf("the signed clock jumps by %s", got)
	}
	if n := len(r.Tracks[0].Ranges); n != 3 || r.Tracks[0].Ranges[1].FromSample != 125 {
		t.Errorf("no range begins behind the jump: %+v", r.Tracks[0].Ranges)
	}
}

func TestCoverageAndTimesAreTold(t *testing.T) {
	f := shot(t, short, fixture.Camera{})
	f.cut(0, 35)
	for i := range f.units { // each second pair is shown in the other order
		f.pts = append(f.pts, int64(i^1)*3600)
	}
	f.pts[34] = 34 * 3600
	r := judged(t, f).Tracks[0]
	if r.Authentic != (media.Ticks{Value: 30 * 3600, Scale: 90000}) || r.Total != (media.Ticks{Value: 35 * 3600, Scale: 90000}) {
		t.Errorf("%v of %v", r.Authentic, r.Total)
	}
	g := r.Ranges[0]
	if g.From.Value != 0 || g.To.Value != 30*3600 || g.FirstDocument != 1 || g.LastDocument != 3 || !g.Signed.UTC ||
		!g.Signed.From.Equal(scene) || g.Signed.To.Sub(scene) != 1200*time.Millisecond {
		t.Errorf("%+v", g)
	}
	if s := r.Segments[1]; s.Document != 2 || s.Counter != 1 || s.FromSample != 10 || s.ToSample != 19 || s.At != 21 || s.Length != 400*time.Millisecond {
		t.Errorf("%+v", s)
	}
	if v := r.Vendor; v != (camera.Vendor{Firmware: "1.0", Serial: "S-01", Manufacturer: "Sandhaven"}) {
		t.Errorf("%+v", v)
	}
}

func TestSamplesThatCannotBeTakenApartCountAsUnsigned(t *testing.T) {
	f := shot(t, short, fixture.Camera{})
	for name, src := range map[string]media.Source{
		"a prefix beyond the sample": torn{f, func(p []byte) ([]byte, error) { return append(p, 0, 0, 9, 9, 1), nil }},
		"a prefix cut off":           torn{f, func(p []byte) ([]byte, error) { return append(p, 0, 0), nil }},
		"too many units":             torn{f, func(p []byte) ([]byte, error) { return append(p, make([]byte, 4*5000)...), nil }},
	} {
		r := judged(t, src)
		if r.State != camera.AuthenticPartial || runs(r) != "authentic 0-14, unprotected 15-15, authentic 16-39, ignored 40-40" || !notes(r, camera.NoteTorn) {
			t.Errorf("%s: %s, %s", name, r.State, runs(r))
		}
	}
	r := judged(t, torn{f, func([]byte) ([]byte, error) { return nil, fmt.Errorf("x: %w", media.ErrNoSample) }})
	if r.State != camera.AuthenticMissing || !strings.Contains(runs(r), "unprotected 15-15") {
		t.Errorf("no media data: %s, %s", r.State, runs(r))
	}
}

// torn changes sample 15 of a film.
type torn struct {
	*film
	change func([]byte) ([]byte, error)
}

func (s torn) ReadSample(m media.Sample, buf []byte) ([]byte, error) {
	p, err := s.film.ReadSample(m, buf)
	if err == nil && m.Index == 15 {
		return s.change(p)
	}
	return p, err
}

func TestFailingSourceAndCancelledCheckGiveNoReport(t *testing.T) {
	f := plain(t)
	f.err = errors.New("the medium was removed")
	if r, err := camera.Check(t.Context(), f, camera.Options{}); r != nil || !errors.Is(err, f.err) {
		t.Errorf("%v, %v", r, err)
	}
	f = plain(t)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := camera.Check(ctx, f, camera.Options{Progress: func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}})
	if r != nil || !errors.Is(err, context.Canceled) || f.reads > 300 {
		t.Errorf("%v, %v after %d reads", r, err, f.reads)
	}
}

func TestPausesComeWhileItWorksAndProgressEndsAtTheTotal(t *testing.T) {
	f := shot(t, fixture.Pattern{Groups: 4, Length: 10, Size: 200_000}, fixture.Camera{})
	pauses, done, total := 0, int64(0), int64(0)
	_, err := camera.Check(t.Context(), f, camera.Options{Pause: func() { pauses++ }, Progress: func(d, n int64) { done, total = d, n }})
	if err != nil || pauses < 5 || done != total || total < 8_000_000 {
		t.Errorf("%d pauses, %d of %d, %v", pauses, done, total, err)
	}
}
