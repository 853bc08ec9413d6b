package verify_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// moofs returns the fragments of a file.
func moofs(f *fixture.File) []*fixture.Node {
	var out []*fixture.Node
	for _, k := range f.Kids {
		if k.Kind == "moof" {
			out = append(out, k)
		}
	}
	return out
}

func under(t testing.TB, change func(*fixture.File)) []byte {
	return seal(t, draft(t, change), by(t, nil))
}

// unsealedPlain is an export that is not fragmented.
func unsealedPlain(t testing.TB) *fixture.File {
	f := parsed(t, sealed(t, func(x *fixture.Export, _ *fixture.World) { x.Plain, x.Seals = true, nil }))
	f.At("meta").Drop("cstb")
	return f
}

func plain(t testing.TB, change func(*fixture.File)) []byte {
	f := unsealedPlain(t)
	if change != nil {
		change(f)
	}
	return seal(t, f.Bytes(), by(t, nil))
}

func TestPlainFilesAreJudgedLikeFragmentedOnes(t *testing.T) {
	data := plain(t, nil)
	stbl := "moov/trak/mdia/minf/stbl/"
	count := func(kind string, at int) []byte {
		return plain(t, func(f *fixture.File) { copy(f.At(stbl + kind).Body[at:], be(4, math.MaxUint32)) })
	}
	expect(t, agency(t), []answer{
		{name: "sound", data: data, verdict: verify.Intact, seals: "i", start: noon},
		{name: "two seals", data: seal(t, data, corrected(t)), verdict: verify.Intact, seals: "ii", start: "2026-03-01T12:00:10Z"},
		{name: "picture changed", data: flip(data, 60), verdict: verify.Broken, seals: "b"},
		{name: "four billion sizes", data: count("stsz", 8), verdict: verify.CannotCheck, seals: "-"},
		{name: "four billion durations", data: count("stts", 4), verdict: verify.CannotCheck, seals: "-"},
		{name: "four billion chunks", data: count("co64", 4), verdict: verify.CannotCheck, seals: "-"},
		{name: "four billion runs", data: count("stsc", 4), verdict: verify.CannotCheck, seals: "-"},
	})
	if n := opened(t, data).Table(1).Len(); n != 60 {
		t.Errorf("%d samples, want 60", n)
	}
}

// What a table says about the place of samples changes no seal, and no byte
// outside media data is ever shown as a picture.
func TestSamplesThatPointElsewhereAreNotShownAndTheSealStands(t *testing.T) {
	single := under(t, nil)
	meta := uint64(bytes.LastIndex(single, []byte("meta")) - 4)
	offset := func(to uint64) []byte {
		return under(t, func(f *fixture.File) {
			run := moofs(f)[0].Find("traf").Find("trun")
			at := uint64(find(t, single, "moof", 1) - 4)
			binary.BigEndian.PutUint32(run.Body[8:], uint32(to-at))
		})
	}
	chunk := func(to uint64) []byte {
		return plain(t, func(f *fixture.File) { copy(f.At("moov/trak/mdia/minf/stbl/co64").Body[8:], be(8, to)) })
	}
	for name, data := range map[string][]byte{
		"a fragment, into meta": offset(meta + 20), "a fragment, into moov": offset(60), "a fragment, before the file": offset(math.MaxUint64 - 5000),
		"a fragment, past the file": offset(1 << 30), "a chunk, into moov": chunk(uint64(len(single))), "a chunk, past the file": chunk(1 << 40),
		"a chunk, at the end of numbers": chunk(math.MaxInt64), "a chunk, beyond it": chunk(math.MaxUint64 - 3),
	} {
		e := opened(t, data)
		r := examine(t, data, agency(t))
		if r.Verdict != verify.Intact || !says(r, "MEDIA-RANGE") {
			t.Errorf("%s: %s, told %v", name, r.Verdict, says(r, "MEDIA-RANGE"))
		}
		if table := e.Table(1); table.Len() == 0 {
			t.Errorf("%s: no samples", name)
		} else if p, err := e.ReadSample(table.At(0), nil); err == nil {
			t.Errorf("%s: %d bytes are shown as a picture", name, len(p))
		}
	}
}

func TestTimesOfFragmentsThatLieAreRemarkedOnly(t *testing.T) {
	decode := func(n int, ticks uint64) func(*fixture.File) {
		return func(f *fixture.File) { copy(moofs(f)[n].Find("traf").Find("tfdt").Body[4:], be(8, ticks)) }
	}
	missing := under(t, func(f *fixture.File) { // 20 bytes less: what follows them moves
		moof := moofs(f)[1]
		moof.Find("traf").Drop("tfdt")
		run := moof.Find("traf").Find("trun")
		binary.BigEndian.PutUint32(run.Body[8:], binary.BigEndian.Uint32(run.Body[8:])-20)
	})
	expect(t, agency(t), []answer{
		{name: "first decode time of 10 s", data: under(t, func(f *fixture.File) {
			for n, m := range moofs(f) {
				copy(m.Find("traf").Find("tfdt").Body[4:], be(8, uint64(10_000+1000*n)))
			}
		}), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-FIRST-TFDT"},
		{name: "backwards", data: under(t, decode(1, 0)), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-BACKWARDS"},
		{name: "overlapping", data: under(t, decode(1, 600)), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-BACKWARDS"},
		{name: "missing", data: missing, verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-NO-TFDT"},
		{name: "beyond any clock", data: under(t, decode(1, math.MaxUint64)), verdict: verify.CannotCheck, seals: "-"},
	})
	e := opened(t, missing)
	if table := e.Table(1); table.Len() != 60 || table.At(25).DTS.Value != 1000 {
		t.Errorf("%d samples, sample 25 at %+v", table.Len(), table.At(25).DTS)
	}
}

func TestReorderedPicturesStartWhereTheEditListPutsThem(t *testing.T) {
	film := func(edits bool) []byte {
		return sealed(t, func(x *fixture.Export, _ *fixture.World) {
			x.Edit = edits
			for i := range x.Video.Samples { // shown 0.2 s after decoding, as two pictures that wait demand
				x.Video.Samples[i].Offset = 200
			}
		})
	}
	for edits, want := range map[bool]time.Duration{true: 0, false: 200 * time.Millisecond} {
		data := film(edits)
		e := opened(t, data)
		r, err := verify.Check(t.Context(), e, agency(t), nil)
		if err != nil || r.Verdict != verify.Intact {
			t.Fatalf("%s, %v", r.Verdict, err)
		}
		if got := e.Table(1).At(0).Wall.UTC.Time(); !got.Equal(scene.Add(want)) {
			t.Errorf("edit list %v: the first picture at %s, want %s", edits, got, scene.Add(want))
		}
	}
}

// Harmful metadata is the matter of who reads it: the seal over it stands.
func TestHarmInMetadataLeavesTheVerdictAlone(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 8<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{
		"a document type": `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`, "no text": "\xff\xfe\xfd", "a bomb": bomb.String(),
		"numbers": `<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"><x y="NaN" z="1e308"/></tt:MetadataStream>`, "nothing": "",
	} {
		data := sealed(t, func(x *fixture.Export, _ *fixture.World) {
			x.Meta = &fixture.Coded{Scale: 1000, Entry: metx(), Samples: []fixture.Sample{{Data: []byte(doc), Duration: 1000, Sync: true}}}
		})
		if r := examine(t, data, agency(t)); r.Verdict != verify.Intact {
			var b strings.Builder
			_ = r.WriteText(&b)
			t.Errorf("%s: %s\n%s", name, r.Verdict, b.String())
		}
	}
}

// metx is the sample entry of a metadata track.
func metx() []byte {
	return node("metx", make([]byte, 6), be(2, 1), text("", "http://www.onvif.org/ver10/schema", "")).Bytes()
}
