package verify_test

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// What is odd about tracks, samples, times and places is remarked and leaves
// the seal as it is.
func TestOddFootageIsRemarkedAndTheSealStands(t *testing.T) {
	loci := func(name string, lat, lon int32) *fixture.Node {
		return node("loci", be(4, 0), be(2, 0x15c7), text(name), []byte{1}, be(4, uint64(uint32(lon)<<16)), be(4, uint64(uint32(lat)<<16)), be(4, 0), text("earth", ""))
	}
	places := func(track, movie *fixture.Node) []byte {
		return under(t, func(f *fixture.File) {
			udta := func(k *fixture.Node) *fixture.Node { return &fixture.Node{Kind: "udta", Kids: []*fixture.Node{k}} }
			f.At("moov").Drop("udta")
			if movie != nil {
				f.At("moov").Kids = append(f.At("moov").Kids, udta(movie))
			}
			if track != nil {
				f.At("moov/trak").Kids = append(f.At("moov/trak").Kids, udta(track))
			}
		})
	}
	table := func(kind string, body ...[]byte) []byte {
		return plain(t, func(f *fixture.File) { f.At("moov/trak/mdia/minf/stbl/" + kind).Body = slices.Concat(body...) })
	}
	stsd := func(f *fixture.File) *fixture.Node { return f.At("moov/trak/mdia/minf/stbl/stsd") }
	withMeta := sealed(t, func(x *fixture.Export, w *fixture.World) {
		x.Meta = &fixture.Coded{Scale: 1000, Entry: metx(), Samples: []fixture.Sample{{Data: []byte("<MetadataStream/>"), Duration: 1000, Sync: true}}}
		x.Starts[2] = scene
		x.Seals = append(x.Seals, fixture.SealBy{Signer: w.Court, Starts: map[uint32]time.Time{1: scene.Add(10 * time.Second)}})
	})
	trailing := seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) {
		o.Certs = [][]byte{world(t).Exporter.Cert.Raw, []byte("not a certificate")}
	}))
	expect(t, agency(t), []answer{
		good(under(t, func(f *fixture.File) { f.At("moov").Drop("mvhd") }), "i", noon, "MOOV-NO-HEADER"),
		good(under(t, func(f *fixture.File) { insert(&f.Node, 1, moofs(f)[0].Clone()) }), "i", noon, "FRAGMENT-BEFORE-MOOV"),
		good(under(t, func(f *fixture.File) { copy(moofs(f)[1].Find("traf").Find("tfhd").Body[4:], be(4, 9)) }), "i", noon, "FRAGMENT-TRACK"),
		good(places(loci("a", 1, 2), loci("b", 3, 4)), "i", noon, "LOCI-DIFFERS"),
		good(places(nil, loci("b", 91, 4)), "i", noon, "LOCI-RANGE"),
		good(places(nil, node("loci", be(4, 0), be(2, 0x15c7), []byte("no end"))), "i", noon, "LOCI-UNREADABLE"),
		good(under(t, func(f *fixture.File) { copy(moofs(f)[1].Find("traf").Find("trun").Body[16:], be(4, 65<<20)) }), "i", noon, "SAMPLE-LIMIT"),
		good(table("stts", be(4, 0), be(4, 1), be(4, 7), be(4, 40)), "i", noon, "SAMPLE-TABLE"),
		good(under(t, func(f *fixture.File) {
			insert(f.At("moov/trak"), 1, &fixture.Node{Kind: "edts", Body: fresh("elst", be(4, 0), be(4, 1), be(4, 0), be(4, 1500), be(4, 0x10000))})
		}), "i", noon, "TIME-LEAD-IN"),
		good(under(t, func(f *fixture.File) {
			copy(stsd(f).Body[4:], be(4, 2))
			stsd(f).Body = append(stsd(f).Body, entry()...)
		}), "i", noon, "TRACK-ENTRIES"),
		good(withMeta, "ii", plusTen, "TIME-METADATA-FOLLOWS"),
		good(trailing, "i", noon, "CERT-TRAILING"),
		refusedFile(arranged(t, func(n *fixture.Node) { n.Find("schi").Find("sibo").Body = make([]byte, 70_000) }), "m", "SEAL-MALFORMED"),
	})
}

func TestSampleLargerThanIsAcceptedIsLeftOut(t *testing.T) {
	big := plain(t, func(f *fixture.File) {
		insert(&f.Node, 1, node("mdat", make([]byte, 66<<20)))
		f.At("moov/trak/mdia/minf/stbl/stsz").Body = slices.Concat(be(4, 0), be(4, 0), be(4, 60), be(4, 65<<20), make([]byte, 59*4))
	})
	fragment := draft(t, func(f *fixture.File) { copy(moofs(f)[0].Find("traf").Find("trun").Body[16:], be(4, 65<<20)) })
	f := parsed(t, fragment)
	insert(&f.Node, 2, node("free", make([]byte, 66<<20)))
	expect(t, agency(t), []answer{good(big, "i", noon, "SAMPLE-SIZE"), good(seal(t, f.Bytes(), by(t, nil)), "i", noon, "SAMPLE-SIZE")})
}

func TestRemarksOnTheClockAreTold(t *testing.T) {
	sumi := slices.Concat(make([]byte, 48), be(8, math.MaxUint64), be(8, 1), be(4, 0))
	untimed := by(t, func(o *fixture.SealOptions) { o.Starts = nil })
	right := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene) })
	inMeta := draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("cstb", right)) })
	expect(t, agency(t), []answer{
		{name: "sumi", data: seal(t, draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("sumi", sumi)) }), untimed), verdict: verify.Intact, seals: "i", start: "none", codes: "TIME-UNUSABLE"},
		// The start time in meta is that of the original clock where a seal corrects it.
		{name: "meta and seal", data: seal(t, inMeta, corrected(t)), verdict: verify.Intact, seals: "i", start: plusTen},
		{name: "cut sumi", data: seal(t, draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("sumi", sumi[:40])) }), untimed), verdict: verify.CannotCheck, seals: "-", codes: "BOX-MALFORMED"},
		{name: "cut cstb", data: seal(t, draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("cstb", right[:9])) }), untimed), verdict: verify.CannotCheck, seals: "-", codes: "BOX-MALFORMED"},
		{name: "text in place of an index", data: append(seal(t, draft(t, nil), untimed), fresh("mfra", bytes.Repeat([]byte("x"), 20))...), verdict: verify.Broken, seals: "b"},
		{name: "index without end", data: append(seal(t, draft(t, nil), untimed), fresh("mfra", fresh("free"))...), verdict: verify.Broken, seals: "b"},
		{name: "index with a short end", data: append(seal(t, draft(t, nil), untimed), fresh("mfra", fresh("mfro"))...), verdict: verify.Broken, seals: "b"},
		{name: "index with a long end", data: append(seal(t, draft(t, nil), untimed), fresh("mfra", fresh("mfro", make([]byte, 80)))...), verdict: verify.Broken, seals: "b"},
	})
}
