package verify_test

import (
	"bytes"
	"slices"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify"
)

// fresh makes a further top-level box.
func fresh(kind string, body ...[]byte) []byte { return node(kind, body...).Bytes() }

// index is an mfra whose only entry lies, with the given size in mfro.
func index(size uint64) []byte {
	tfra := fresh("tfra", be(4, 1<<24), be(4, 1), be(4, 0), be(4, 1), be(8, 0), be(8, 1<<40), []byte{1, 1, 1})
	return slices.Concat(be(4, uint64(8+len(tfra)+16)), []byte("mfra"), tfra, fresh("mfro", be(4, 0), be(4, size)))
}

func trueIndex() []byte { return index(uint64(len(index(0)))) }

func TestBytesThatNoSealCoversBreakIt(t *testing.T) {
	single := seal(t, draft(t, nil), by(t, nil))
	double := seal(t, single, court(t))
	behind := func(data []byte, parts ...[]byte) []byte { return slices.Concat(append([][]byte{data}, parts...)...) }
	own := parsed(t, single)
	footage := append(own.Kids[2].Bytes(), own.Kids[3].Bytes()...)
	spare := fresh("udta", own.At("meta/ipro/sinf").Bytes())
	covered := seal(t, append(draft(t, nil), trueIndex()...), by(t, nil))
	coveredTwice := seal(t, covered, court(t))
	noIndexThenIndex := seal(t, append(bytes.Clone(single), trueIndex()...), court(t))
	at := find(t, covered, "tfra", 1) + 20
	expect(t, agency(t), []answer{
		{name: "free box behind", data: behind(single, fresh("free", []byte("x"))), verdict: verify.Broken, seals: "b"},
		{name: "free box behind two", data: behind(double, fresh("free")), verdict: verify.Broken, seals: "bb"},
		{name: "footage behind", data: behind(single, footage), verdict: verify.Broken, seals: "b", start: "none"},
		{name: "seal in a udta behind", data: behind(single, spare), verdict: verify.Broken, seals: "b"},
		{name: "four bytes behind", data: behind(single, []byte("junk")), verdict: verify.CannotCheck, seals: "u?", codes: "FILE-TRUNCATED"},
		{name: "junk behind", data: behind(single, []byte("junk that is longer than a header")), verdict: verify.CannotCheck, seals: "u?", codes: "FILE-TRUNCATED"},
		{name: "second moov behind", data: behind(single, own.At("moov").Bytes()), verdict: verify.CannotCheck, seals: "u?", codes: "BOX-DUPLICATE"},
		{name: "second meta behind", data: behind(double, own.At("meta").Bytes()), verdict: verify.CannotCheck, seals: "u?u?", codes: "BOX-DUPLICATE"},
		{name: "free box before", data: behind(fresh("free"), single), verdict: verify.Broken, seals: "b"},
		{name: "index covered by one", data: covered, verdict: verify.Intact, seals: "i"},
		{name: "index covered by two", data: coveredTwice, verdict: verify.Intact, seals: "ii"},
		{name: "index covered by the second alone", data: noIndexThenIndex, verdict: verify.Intact, seals: "ii"},
		{name: "index added later", data: behind(single, trueIndex()), verdict: verify.IntactIncomplete, seals: "i", start: noon, codes: "COVER-INDEX-LATER"},
		{name: "index added after two", data: behind(double, trueIndex()), verdict: verify.IntactIncomplete, seals: "ii", start: noon, codes: "COVER-INDEX-LATER"},
		{name: "index added later, and one more", data: behind(single, trueIndex(), trueIndex()), verdict: verify.Broken, seals: "b"},
		{name: "index whose size lies, added later", data: behind(single, index(7)), verdict: verify.Broken, seals: "b"},
		{name: "index added later, free box behind", data: behind(single, trueIndex(), fresh("free")), verdict: verify.Broken, seals: "b"},
		{name: "covered index changed", data: flip(covered, at), verdict: verify.Broken, seals: "b"},
		{name: "covered index changed under two", data: flip(coveredTwice, find(t, coveredTwice, "tfra", 1)+20), verdict: verify.Broken, seals: "bb"},
		{name: "covered index removed", data: changed(t, covered, func(f *fixture.File) { f.Drop("mfra") }), verdict: verify.Broken, seals: "b"},
	})
}

func TestIndexThatNobodyCoversMovesNoPicture(t *testing.T) {
	single := seal(t, draft(t, nil), by(t, nil))
	plain, lying := opened(t, single), opened(t, append(bytes.Clone(single), trueIndex()...))
	a, b := plain.Table(1), lying.Table(1)
	if a.Len() == 0 || a.Len() != b.Len() {
		t.Fatalf("%d and %d samples", a.Len(), b.Len())
	}
	for i := range a.Len() {
		if a.At(i) != b.At(i) {
			t.Fatalf("sample %d: %+v and %+v", i, a.At(i), b.At(i))
		}
	}
}

func TestTruncatedFilesAreNotJudged(t *testing.T) {
	single := seal(t, draft(t, nil), by(t, nil))
	meta := len(single) - len(parsed(t, single).At("meta").Bytes())
	mdat := find(t, single, "mdat", 1)
	expect(t, agency(t), []answer{
		{name: "within meta", data: single[:meta+300], verdict: verify.CannotCheck, seals: "-", codes: "FILE-TRUNCATED"},
		{name: "within the signature", data: single[:find(t, single, "sibo", 1)+100], verdict: verify.CannotCheck, seals: "-", codes: "FILE-TRUNCATED"},
		{name: "one byte short", data: single[:len(single)-1], verdict: verify.CannotCheck, seals: "-", codes: "FILE-TRUNCATED"},
		{name: "within the footage", data: single[:mdat+100], verdict: verify.CannotCheck, seals: "", codes: "FILE-TRUNCATED"},
		{name: "within a header", data: single[:mdat-1], verdict: verify.CannotCheck, seals: "", codes: "FILE-TRUNCATED"},
		{name: "within moov", data: single[:find(t, single, "moov", 1)+90], verdict: verify.CannotCheck, seals: "", codes: "FILE-TRUNCATED"},
		{name: "between two boxes", data: single[:meta], verdict: verify.Unsigned, seals: "", codes: "SEAL-NONE"},
	})
}

// These files are sealed as they are: the seal is no excuse for ambiguity.
func TestAmbiguityUnderASealIsNotJudged(t *testing.T) {
	under := func(change func(*fixture.File)) []byte { return seal(t, draft(t, change), by(t, nil)) }
	single := under(nil)
	moov := parsed(t, single).At("moov")
	elsewhere := node("url ", be(4, 0), text("https://example.org/other.mp4"))
	expect(t, agency(t), []answer{
		{name: "two moov", data: under(func(f *fixture.File) { insert(&f.Node, 2, moov.Clone()) }), verdict: verify.CannotCheck, seals: "u?", codes: "BOX-DUPLICATE"},
		{name: "two suep", data: under(func(f *fixture.File) { insert(f.At("meta"), 1, f.At("meta/suep").Clone()) }), verdict: verify.CannotCheck, seals: "u?", codes: "BOX-DUPLICATE"},
		{name: "two ipro", data: changed(t, single, func(f *fixture.File) { insert(f.At("meta"), 2, f.At(ipro).Clone()) }), verdict: verify.CannotCheck, seals: "u?", codes: "BOX-DUPLICATE"},
		{name: "no moov", data: under(func(f *fixture.File) { f.Drop("moov") }), verdict: verify.CannotCheck, seals: "u?", codes: "BOX-NO-MOOV"},
		{name: "media in another file", data: under(func(f *fixture.File) { f.At("moov/trak/mdia/minf/dinf/dref").Kids = []*fixture.Node{elsewhere} }), verdict: verify.CannotCheck, seals: "u?", codes: "MEDIA-ELSEWHERE"},
		{name: "meta without version and flags", data: changed(t, single, func(f *fixture.File) { f.At("meta").Head = nil }), verdict: verify.CannotCheck, seals: "u?", codes: "META-BARE"},
		{name: "second moov within a free box", data: under(func(f *fixture.File) { insert(&f.Node, 2, node("free", moov.Bytes())) }), verdict: verify.Intact, seals: "i", start: noon},
		{name: "second moov within mdat", data: under(func(f *fixture.File) { insert(&f.Node, 2, node("mdat", moov.Bytes())) }), verdict: verify.Intact, seals: "i", start: noon},
		{name: "second moov within a uuid", data: under(func(f *fixture.File) { insert(&f.Node, 2, node("uuid", make([]byte, 16), moov.Bytes())) }), verdict: verify.Intact, seals: "i", start: noon},
		{name: "second moov within udta", data: under(func(f *fixture.File) {
			insert(&f.Node, 2, &fixture.Node{Kind: "udta", Kids: []*fixture.Node{moov.Clone()}})
		}), verdict: verify.Intact, seals: "i", start: noon},
		{name: "second meta within a free box", data: under(func(f *fixture.File) { insert(&f.Node, 2, node("free", f.At("meta").Bytes())) }), verdict: verify.Intact, seals: "i", start: noon},
		{name: "no export information", data: under(func(f *fixture.File) { f.At("meta").Drop("suep") }), verdict: verify.Intact, seals: "i", codes: "SUEP-MISSING"},
	})
}

func TestSizesThatLieAreRefusedWithoutHarm(t *testing.T) {
	single := seal(t, draft(t, nil), by(t, nil))
	lie := func(path string, size uint32) answer {
		return answer{
			name: path, verdict: verify.CannotCheck, seals: "-",
			data: changed(t, single, func(f *fixture.File) { f.At(path).Size = &size }),
		}
	}
	var cases []answer
	for _, path := range []string{"moov", "meta", "meta/suep", ipro, "meta/ipro/sinf", "meta/ipro/sinf/schi", "meta/ipro/sinf/schi/sibo", "moov/trak", "moov/trak/mdia/minf/stbl/stsd"} {
		for _, size := range []uint32{2, 7, 1 << 30, 1<<32 - 1} {
			cases = append(cases, lie(path, size))
		}
	}
	for _, size := range []uint64{0, 15, 1 << 40, 1 << 63, 1<<64 - 1} {
		big := slices.Concat(single, be(4, 1), []byte("free"), be(8, size))
		cases = append(cases, answer{name: "64 bits", data: big, verdict: verify.CannotCheck, seals: "-"})
	}
	deep := node("udta", nil)
	for range 1000 {
		deep = &fixture.Node{Kind: "udta", Kids: []*fixture.Node{deep}}
	}
	cases = append(cases,
		answer{name: "a thousand deep", verdict: verify.CannotCheck, seals: "-", codes: "BOX-LIMIT", data: seal(t, draft(t, func(f *fixture.File) {
			f.At("moov").Kids = append(f.At("moov").Kids, deep)
		}), by(t, nil))},
		answer{name: "size 0 within meta", verdict: verify.CannotCheck, seals: "-", data: changed(t, single, func(f *fixture.File) {
			zero := uint32(0)
			f.At(ipro).Size = &zero
		})},
	)
	expect(t, agency(t), cases)
}
