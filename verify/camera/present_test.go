package camera_test

import (
	"errors"
	"fmt"
	"testing"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/media"
	"vedette/verify/camera"
)

func axis() []byte {
	p := append([]byte{6, 5, 20}, "Signed Video...0"...)
	return append(p, 0, 1, 2, 3, 0x80)
}

func TestPresenceIsToldFromTheBegin(t *testing.T) {
	signed := plain(t)
	without := plain(t)
	for i := range without.units {
		without.silence(i)
	}
	without.cut(0, 500)
	late := without.copied()
	late.units[200] = plain(t).units[126]
	last := without.copied()
	last.units = append(last.units, plain(t).units[500])
	old := without.copied()
	old.units[30] = append([][]byte{axis()}, old.units[30]...)
	for _, c := range []struct {
		name     string
		f        *film
		want     camera.Presence
		atMost   int
		examined camera.State
	}{
		{"signed", signed, camera.Presence{Signing: true}, 27, camera.Authentic},
		{"not signed", without, camera.Presence{}, 112, camera.NotSigned},
		{"signed later than is looked", late, camera.Presence{}, 112, camera.NotAuthentic},
		{"signed at the very end", last, camera.Presence{Signing: true}, 112, camera.Authentic},
		{"the predecessor", old, camera.Presence{Axis: true}, 31, camera.NotSigned},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := camera.Present(c.f, c.f.Tracks()[0])
			if err != nil || got != c.want || c.f.reads > 2*c.atMost {
				t.Errorf("%+v, %v after %d reads", got, err, c.f.reads)
			}
			r := judged(t, c.f)
			if r.Present != (c.examined != camera.NotSigned) || r.Axis != c.want.Axis {
				t.Errorf("examined: %+v", r)
			}
		})
	}
}

func TestPresenceOfWhatCannotBeReadIsAnError(t *testing.T) {
	f := plain(t)
	f.err = errors.New("the medium was removed")
	if _, err := camera.Present(f, f.Tracks()[0]); !errors.Is(err, f.err) {
		t.Error(err)
	}
	f.err = fmt.Errorf("x: %w", media.ErrNoSample)
	if p, err := camera.Present(f, f.Tracks()[0]); err != nil || p != (camera.Presence{}) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, track := range []media.Track{{ID: 9, Codec: media.CodecH264}, {ID: 1, Codec: media.CodecAAC}} {
		if p, err := camera.Present(plain(t), track); err != nil || p != (camera.Presence{}) {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

func TestPresenceReadsPartsOfSamplesOnly(t *testing.T) {
	e := opened(t, "test_signed_h264.mp4")
	if p, err := camera.Present(e, e.Tracks()[0]); err != nil || !p.Signing {
		t.Errorf("%+v, %v", p, err)
	}
	var _ interface {
		ReadPart(media.Sample, int, []byte) (int, error)
	} = (*evidence.Export)(nil)
}

// tracks is a source of several tracks.
type tracks []media.Source

func (s tracks) Tracks() (out []media.Track) {
	for i, x := range s {
		t := x.Tracks()[0]
		t.ID = uint32(i + 1)
		out = append(out, t)
	}
	return append(out, media.Track{ID: 99, Kind: media.KindAudio, Codec: media.CodecAAC})
}

func (s tracks) Table(track uint32) media.Table {
	if int(track) > len(s) {
		return nil
	}
	return s[track-1].Table(1)
}
func (s tracks) Gaps(uint32) []media.Gap  { return nil }
func (s tracks) Origin(uint32) media.Wall { return media.Wall{} }
func (s tracks) ReadSample(m media.Sample, buf []byte) ([]byte, error) {
	return s[m.Track-1].ReadSample(m, buf)
}

// as gives the samples of a film another track number.
type as struct {
	*film
	id uint32
}

func (a as) Table(uint32) media.Table {
	t := a.film.Table(1).(table) //nolint:forcetypeassert // our own
	for i := range t.samples {
		t.samples[i].Track = a.id
	}
	return t
}

func TestSeveralTracksGiveTheWorst(t *testing.T) {
	none := shot(t, short, fixture.Camera{})
	for i := range none.units {
		none.silence(i)
	}
	none.cut(0, 40)
	good, missing, bad := shot(t, short, fixture.Camera{}), shot(t, short, fixture.Camera{}).drop(15, 1), shot(t, short, fixture.Camera{}).flip(15)
	blind := shot(t, short, fixture.Camera{CertificateSEI: true}).silence(0)
	for name, c := range map[string]struct {
		films []*film
		want  camera.State
	}{
		"both good":                 {[]*film{good, good}, camera.Authentic},
		"one with a loss":           {[]*film{missing, good}, camera.AuthenticMissing},
		"one altered":               {[]*film{good, bad}, camera.NotAuthentic},
		"one that cannot be told":   {[]*film{good, blind}, camera.NotVerifiable},
		"one not signed":            {[]*film{none, good}, camera.AuthenticPartial},
		"one not signed, loss":      {[]*film{missing, none}, camera.AuthenticMissing},
		"none signed":               {[]*film{none, none}, camera.NotSigned},
		"no video":                  {nil, camera.NotSigned},
		"altered before not signed": {[]*film{bad, none}, camera.NotAuthentic},
	} {
		var src tracks
		for i, f := range c.films {
			src = append(src, as{f, uint32(i + 1)})
		}
		if r := judged(t, src); r.State != c.want || len(r.Tracks) != len(c.films) {
			t.Errorf("%s: %s", name, r.State)
		}
	}
}

func TestPartsOfSamplesEndWithTheSample(t *testing.T) {
	e := opened(t, "test_signed_h264.mp4")
	s := e.Table(1).At(0)
	whole, err := e.ReadSample(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 10)
	for at, want := range map[int]int{-1: 0, 0: 10, s.Size - 4: 4, s.Size: 0, s.Size + 7: 0} {
		n, err := e.ReadPart(s, at, p)
		if err != nil || n != want || n > 0 && string(p[:n]) != string(whole[at:at+n]) {
			t.Errorf("at %d: %d bytes, %v, want %d", at, n, err, want)
		}
	}
	s.Index = 1 << 20
	if _, err := e.ReadPart(s, 0, p); err == nil {
		t.Error("a part of a sample that is not known")
	}
}
