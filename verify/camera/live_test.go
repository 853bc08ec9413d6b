package camera_test

import (
	"bytes"
	"crypto"
	"slices"
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

func unit(i int, nals [][]byte) camera.Unit {
	return camera.Unit{NALs: nals, Sample: media.Sample{
		Track: 1, Index: i, PTS: media.Ticks{Value: int64(i) * 3600, Scale: 90000}, Duration: media.Ticks{Value: 3600, Scale: 90000},
	}}
}

// fed pushes a film as it would arrive, without looking ahead, and returns the
// segments in the order in which they became final.
func fed(v *camera.Validator, f *film) (camera.TrackReport, []camera.Segment) {
	var all []camera.Segment
	for i, u := range f.units {
		all = append(all, v.Push(unit(i, u))...)
	}
	r, rest := v.Finish()
	return r, append(all, rest...)
}

func TestSegmentsAreFinalOnceTheNextDocumentHasCome(t *testing.T) {
	f := plain(t)
	v := camera.NewValidator(media.CodecH264, nil)
	if v.Keyed() {
		t.Error("a key is known before anything came")
	}
	var got []camera.Segment
	for i, u := range f.units[:102] { // documents in units 26, 51, 76 and 101
		got = append(got, v.Push(unit(i, u))...)
	}
	if len(got) != 3 || got[2].Document != 3 || got[2].Verdict != camera.DocumentAuthentic {
		t.Errorf("%d segments: %+v", len(got), got)
	}
	before := slices.Clone(got)
	r, all := fed(camera.NewValidator(media.CodecH264, nil), f)
	if !slices.Equal(all[:3], before) || len(all) != 20 || r.State != camera.Authentic || !slices.Equal(all, r.Segments) {
		t.Errorf("%d segments, %s", len(all), r.State)
	}
}

func TestKeyThatComesLateIsGivenBeforehand(t *testing.T) {
	f := shot(t, short, fixture.Camera{CertificateSEI: true})
	certificate := bytes.Clone(*f.document(0))
	f.silence(0)
	if r, _ := fed(camera.NewValidator(media.CodecH264, nil), f); r.State != camera.NotVerifiable {
		t.Errorf("without: %s", r.State)
	}
	v := camera.NewValidator(media.CodecH264, nil)
	v.Prime(f.slice(0), []byte{6, 5, 1, 2, 0x80}, certificate)
	if r, _ := fed(v, f); r.State != camera.Authentic || !v.Keyed() {
		t.Errorf("with: %s", r.State)
	}
	// It may come while documents wait for it.
	f.units[31] = append([][]byte{certificate}, f.units[31]...)
	if r, _ := fed(camera.NewValidator(media.CodecH264, nil), f); r.State != camera.Authentic || r.Documents.NotVerifiable != 1 {
		t.Errorf("late: %s, %+v", r.State, r.Documents)
	}
}

func TestDigestThatIsAnnouncedLateLeavesTheBeginUnknown(t *testing.T) {
	f := shot(t, fixture.Pattern{Groups: 6, Length: 10}, fixture.Camera{Hash: crypto.SHA512})
	r, segments := fed(camera.NewValidator(media.CodecH264, nil), f)
	if r.State != camera.Authentic || segments[0].Reason != camera.ReasonHash || r.Documents.NotAuthentic != 0 || r.Documents.Authentic < 4 {
		t.Errorf("%s, %+v, %+v", r.State, r.Documents, segments[0])
	}
	v := camera.NewValidator(media.CodecH264, nil)
	v.Prime(*f.document(11))
	if r, _ = fed(v, f); r.State != camera.Authentic || r.Documents.Authentic != 6 {
		t.Errorf("primed: %s, %+v", r.State, r.Documents)
	}
}

// noise is a long run of tiny pictures in one group.
func noise(n int) [][][]byte {
	out := [][][]byte{{{0x65, 0x88, 1, 1}}}
	for i := range n - 1 {
		out = append(out, [][]byte{{0x41, 0x9a, byte(i), byte(i >> 8), byte(i >> 16), 1}})
	}
	return out
}

func TestLongStretchesWithoutDocumentsAreGivenUpAndStillAnsweredRight(t *testing.T) {
	const long = 200_000
	f := shot(t, short, fixture.Camera{})
	begin, end := f.units[:22], f.units[22:]
	f.units = slices.Concat(begin, noise(long))
	r, _ := fed(camera.NewValidator(media.CodecH264, nil), f)
	tail := r.Ranges[len(r.Ranges)-1]
	if r.State != camera.Authentic || len(r.Ranges) != 2 || tail.State != camera.PictureNotVerifiable || tail.FromSample != 20 || tail.ToSample != 21+long {
		t.Errorf("at the end: %s, %+v", r.State, r.Ranges)
	}
	f.units = slices.Concat(begin, noise(long), end)
	r, _ = fed(camera.NewValidator(media.CodecH264, nil), f)
	if r.State != camera.NotAuthentic {
		t.Errorf("between: %s", r.State)
	}
	for _, g := range r.Ranges {
		if g.State == camera.PictureUndecided || g.FromSample >= 22 && g.ToSample < 21+long && g.State != camera.PictureUnsignedGap {
			t.Errorf("between: %s %d-%d", g.State, g.FromSample, g.ToSample)
		}
	}
	f.units = slices.Concat(noise(long), begin, end)
	if r, _ = fed(camera.NewValidator(media.CodecH264, nil), f); r.State != camera.Authentic || r.Ranges[0].State != camera.PictureNotVerifiable {
		t.Errorf("before: %s, %+v", r.State, r.Ranges[0])
	}
}

func TestDocumentsBeyondTheListAreCounted(t *testing.T) {
	f := shot(t, short, fixture.Camera{})
	d := bytes.Clone(*f.document(11))
	d = d[:60]
	for range camera.MaxSegments + 10 {
		f.units = append(f.units, [][]byte{d})
	}
	r, all := fed(camera.NewValidator(media.CodecH264, nil), f)
	if len(r.Segments) != camera.MaxSegments || len(all) < camera.MaxSegments+14 || r.Documents.NotAuthentic != camera.MaxSegments+10 ||
		!slices.ContainsFunc(r.Notes, func(n camera.Note) bool { return n.Kind == camera.NoteLimit }) {
		t.Errorf("%d listed, %d told, %+v", len(r.Segments), len(all), r.Documents)
	}
}

func TestUnsignedDocumentsWithoutEndAreGivenUp(t *testing.T) {
	c := fixture.Camera{By: leaf(t), Every: 1 << 20, LowBitrate: true, CertificateSEI: true}
	units, err := c.Sign(fixture.Pattern{Groups: 20_000, Length: 1, Size: 8}.Units())
	if err != nil {
		t.Fatal(err)
	}
	v := camera.NewValidator(media.CodecH264, nil)
	v.Prime(*shot(t, short, fixture.Camera{}).document(11))
	r, _ := fed(v, &film{codec: media.CodecH264, units: units[:len(units)-1]})
	if r.State != camera.NotVerifiable || r.Documents.Authentic != 0 || r.Documents.NotVerifiable < 19_000 ||
		!slices.ContainsFunc(r.Notes, func(n camera.Note) bool { return n.Kind == camera.NoteLimit }) {
		t.Errorf("%s, %+v, %+v", r.State, r.Documents, r.Notes)
	}
}

func TestComparingHasAnEnd(t *testing.T) {
	// Documents that match nothing are compared with everything that waits.
	f := plain(t)
	var orphans [][]byte
	g := shot(t, fixture.Pattern{Groups: 600, Length: 1, Seed: 8}, fixture.Camera{First: 1000})
	for i := range g.units {
		if d := g.document(i); d != nil {
			orphans = append(orphans, *d)
		}
	}
	f.units = slices.Concat(f.units[:102], noise(20_000), [][][]byte{orphans}, f.units[102:])
	r, _ := fed(camera.NewValidator(media.CodecH264, nil), f)
	limit := slices.ContainsFunc(r.Segments, func(s camera.Segment) bool {
		return s.Reason == camera.ReasonLimit && s.Verdict == camera.DocumentNotVerifiable
	})
	if r.State != camera.NotAuthentic || r.Documents.Authentic < 3 || !limit {
		t.Errorf("%s, %+v, limit %v, %+v", r.State, r.Documents, limit, r.Notes)
	}
}

func TestPicturesWithoutSamplesInBetweenAreNumberedOn(t *testing.T) {
	v := camera.NewValidator(media.CodecH265, nil)
	for _, i := range []int{5, 9, 2} {
		v.Push(camera.Unit{Sample: media.Sample{Index: i}, NALs: [][]byte{{0x26, 1, 0x80, 1}}})
	}
	r, _ := v.Finish()
	if r.State != camera.NotSigned || len(r.Ranges) != 1 || r.Ranges[0].FromSample != 5 || r.Ranges[0].ToSample != 7 {
		t.Errorf("%+v", r)
	}
}

func TestUnitsWithoutSlicesDoNotPileUp(t *testing.T) {
	f := shot(t, short, fixture.Camera{Every: 100})
	bad := bytes.Clone(*f.document(40))
	bad[len(bad)-40] ^= 1 // signed by nobody, so it settles nothing
	f.units = f.units[:15]
	for range 300_000 {
		f.units = append(f.units, [][]byte{{9, 0xf0}})
	}
	for range 70_000 {
		f.units = append(f.units, [][]byte{bad[:60]})
	}
	v := camera.NewValidator(media.CodecH264, nil)
	v.Prime(*shot(t, short, fixture.Camera{}).document(11))
	r, all := fed(v, f)
	if r.State != camera.NotAuthentic || r.Documents.Authentic != 0 || len(all) < 70_000 {
		t.Errorf("%s, %+v", r.State, r.Documents)
	}
}
