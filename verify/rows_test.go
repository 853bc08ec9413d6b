package verify_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// row is one row of the matrix of signed export files: what the file is, and
// what has to be said about it. Rows that the examiner alone cannot answer name
// the tests that answer the rest.
type row struct {
	n     int
	is    string
	cases []answer
	rest  []string // folder and name of a test, with a blank between
}

// Files that several rows begin with.
type stock struct{ single, double, triple, covered, coveredTwice []byte }

func stocked(t testing.TB) stock {
	var s stock
	s.single = seal(t, draft(t, nil), by(t, nil))
	s.double = seal(t, s.single, corrected(t))
	s.triple = seal(t, s.double, fixture.SealOptions{By: world(t).Exporter, Note: "third"})
	s.covered = seal(t, append(draft(t, nil), trueIndex()...), by(t, nil))
	s.coveredTwice = seal(t, s.covered, corrected(t))
	return s
}

const plusTen = "2026-03-01T12:00:10Z"

func good(data []byte, seals, start, codes string) answer {
	return answer{data: data, verdict: verify.Intact, seals: seals, start: start, codes: codes}
}

func broken(data []byte, seals string) answer {
	return answer{data: data, verdict: verify.Broken, seals: seals}
}

func refusedFile(data []byte, seals, codes string) answer {
	return answer{data: data, verdict: verify.CannotCheck, seals: seals, codes: codes}
}

func TestEveryRowOfTheMatrixIsAnswered(t *testing.T) {
	s := stocked(t)
	rows := slices.Concat(soundRows(t, s), otherSoundRows(t, s), brokenRows(t, s), signerRows(t), damagedRows(t, s), hostileRows(t, s))
	next := 1
	for _, r := range rows {
		if r.n != next {
			t.Fatalf("row %d stands where row %d belongs", r.n, next)
		}
		next++
		if len(r.cases)+len(r.rest) == 0 {
			t.Errorf("row %d is not answered", r.n)
		}
		for _, name := range r.rest {
			mustExist(t, name)
		}
		for i := range r.cases {
			if r.cases[i].name == "" {
				r.cases[i].name = fmt.Sprint(i + 1)
			}
		}
		t.Run(fmt.Sprintf("%02d %s", r.n, r.is), func(t *testing.T) { expect(t, agency(t), r.cases) })
	}
	if next != 82 {
		t.Errorf("the matrix ends with row %d", next-1)
	}
}

// mustExist fails when a test that a row leans on is gone.
func mustExist(t *testing.T, name string) {
	t.Helper()
	dir, fn, _ := strings.Cut(name, " ")
	files, _ := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && bytes.Contains(text, []byte("func "+fn+"(")) {
			return
		}
	}
	t.Errorf("%s has no test %s", dir, fn)
}

func soundRows(t testing.TB, s stock) []row {
	at := seconds1904(scene.Add(time.Hour))
	source, uuid := text("Gate", "", "", ""), bytes.Repeat([]byte{7}, 16)
	right := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene) })
	inMeta := draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("cstb", right)) })
	untimed := by(t, func(o *fixture.SealOptions) { o.Starts = nil })
	starter := func(ids ...uint32) []byte {
		return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) {
			o.Starts, o.Starter = nil, fixture.Cstb(ids, func(uint32) uint64 { return ticks1601(scene) })
		}))
	}
	sumi := slices.Concat(make([]byte, 48), be(8, ticks1601(scene)), be(8, 24_000_000), be(4, 0))
	s256 := fixture.SigCPSS(crypto.SHA256, crypto.SHA256, 20, 1)
	late := func(data []byte, seals string) answer {
		return answer{data: append(bytes.Clone(data), trueIndex()...), verdict: verify.IntactIncomplete, seals: seals, codes: "COVER-INDEX-LATER"}
	}
	return []row{
		{1, "single seal", []answer{good(s.single, "i", noon, "")}, nil},
		{2, "export information with 32-bit track numbers", []answer{good(withSuep(t, unit(1, "U", at), be(4, 1), be(4, 1), source), "i", noon, "SUEP-WIDE")}, nil},
		{3, "export information of version 0", []answer{good(withSuep(t, unit(0, "U", at), []byte{1}, uuid, source, []byte{0}), "i", noon, "SUEP-LEGACY")}, nil},
		{4, "start times in meta, in schi", []answer{
			good(seal(t, inMeta, untimed), "i", noon, ""),
			good(seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.InSchi = true })), "i", noon, ""),
		}, nil},
		{5, "no start time", []answer{good(seal(t, draft(t, nil), untimed), "i", "none", "")}, nil},
		{6, "start time in sumi", []answer{good(seal(t, draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("sumi", sumi)) }), untimed), "i", noon, "")}, nil},
		{7, "start time of track 0, of two tracks", []answer{good(starter(0), "i", noon, "TIME-TRACK-ZERO"), good(starter(1, 2), "i", noon, "TIME-TRACK-UNKNOWN")},
			[]string{"verify TestTwoTracksHaveTheirOwnStartTimes"}},
		{8, "double seal, the second corrects the clock", []answer{good(s.double, "ii", plusTen, "")}, []string{"cmd/vedettectl TestEventsAreToldOnTheCorrectedClock"}},
		{9, "triple seal", []answer{good(s.triple, "iii", plusTen, "")}, nil},
		{10, "RSA key of 4096 bits", []answer{good(made(t, modulus(t, 4096), fixture.Scheme{}), "i", noon, "")}, nil},
		{11, "default algorithm stated", []answer{good(made(t, world(t).Exporter, fixture.Scheme{SigC: s256}), "i", noon, "")},
			[]string{"verify TestDefaultAlgorithmIsReadInBothItsForms"}},
		{12, "PKCS#1 v1.5, SHA-256", []answer{good(made(t, world(t).Exporter, fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA256RSA)}), "i", noon, "")}, nil},
		{13, "PSS, SHA-512, salt of 64", []answer{good(made(t, world(t).Exporter,
			fixture.Scheme{Hash: crypto.SHA512, Salt: 64, SigC: fixture.SigCPSS(crypto.SHA512, crypto.SHA512, 64, 1)}), "i", noon, "")}, nil},
		{14, "ECDSA P-256", []answer{good(made(t, curve(t, elliptic.P256()), fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256)}), "i", noon, "")}, nil},
		{15, "index covered", []answer{good(s.covered, "i", noon, ""), good(s.coveredTwice, "ii", plusTen, "")}, nil},
		{16, "index added after signing", []answer{late(s.single, "i"), late(s.double, "ii")}, nil},
	}
}

func otherSoundRows(t testing.TB, s stock) []row {
	early := draft(t, func(f *fixture.File) {
		m := f.At("meta")
		f.Drop("meta")
		insert(&f.Node, 2, m)
	})
	wide := draft(t, func(f *fixture.File) { f.At("meta").Wide = true })
	open := draft(t, func(f *fixture.File) { f.At("meta").Open = true })
	empty := func() *fixture.Node { return &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}} }
	iproFirst := draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, empty()) })
	freeLast := draft(t, func(f *fixture.File) {
		f.At("meta").Kids = append(f.At("meta").Kids, empty(), node("free", []byte("room")))
	})
	first := by(t, func(o *fixture.SealOptions) { o.Early = true })
	withMetadata := sealed(t, func(x *fixture.Export, _ *fixture.World) {
		x.Meta = &fixture.Coded{Scale: 1000, Entry: metx(), Samples: []fixture.Sample{{Data: []byte("\x1f\x8bgzip"), Duration: 1000, Sync: true}}}
	})
	return []row{
		{17, "meta before the footage", []answer{good(seal(t, early, first), "i", noon, "")}, nil},
		{18, "64-bit size of meta", []answer{good(seal(t, wide, first), "i", noon, ""), good(seal(t, wide, first, corrected(t)), "ii", plusTen, "")}, nil},
		{19, "meta to the end of the file", []answer{good(seal(t, open, first), "i", noon, "")}, nil},
		{20, "seals before the export information, free box after them", []answer{good(seal(t, iproFirst, first), "i", noon, ""), good(seal(t, freeLast, first), "i", noon, "")}, nil},
		{21, "compressed metadata", []answer{good(withMetadata, "i", noon, "")}, []string{"metadata TestGzipIsUndoneWithinBounds"}},
		{22, "nested transformations", nil, []string{"metadata TestNestedTransformationsPlaceTheBox"}},
		{23, "reordered pictures", nil, []string{"verify TestReorderedPicturesStartWhereTheEditListPutsThem"}},
		{24, "not fragmented", []answer{good(plain(t, nil), "i", noon, "")}, []string{"verify TestPlainFilesAreJudgedLikeFragmentedOnes"}},
		{25, "every coding of sound and pictures", nil, []string{"player/decode TestPicturesAreThoseOfFFmpegBitForBit", "player/decode TestSoundIsThatOfFFmpeg"}},
	}
}

func brokenRows(t testing.TB, s stock) []row {
	order := func(data []byte, change func(n *fixture.Node)) []byte {
		return changed(t, data, func(f *fixture.File) { change(f.At(ipro)) })
	}
	behind := func(data []byte, parts ...[]byte) []byte { return slices.Concat(append([][]byte{data}, parts...)...) }
	own := parsed(t, s.single)
	footage := append(own.Kids[2].Bytes(), own.Kids[3].Bytes()...)
	week := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene.AddDate(0, 0, 7)) })
	decoy := func(k ...*fixture.Node) []byte {
		return order(s.single, func(n *fixture.Node) { n.Kids = append(n.Kids, &fixture.Node{Kind: "sinf", Kids: k}) })
	}
	at := func(data []byte, kind string, n, off int) []byte { return flip(data, find(t, data, kind, n)+off) }
	xml := sealed(t, func(x *fixture.Export, _ *fixture.World) {
		x.Meta = &fixture.Coded{Scale: 1000, Entry: metx(), Samples: []fixture.Sample{{Data: []byte("<MetadataStream/>"), Duration: 1000, Sync: true}}}
	})
	mallory := seal(t, changed(t, s.single, func(f *fixture.File) { f.At("meta").Drop("ipro") }), by(t, func(o *fixture.SealOptions) { o.By = world(t).Mallory }))
	holds := func(data []byte, start string) answer {
		return answer{data: data, verdict: verify.Broken, seals: "ib", start: start}
	}
	return []row{
		{26, "picture changed", []answer{broken(at(s.single, "mdat", 1, 30), "b")}, nil},
		{27, "text, start time, metadata changed", []answer{
			broken(at(s.single, "Unit", 1, 0), "b"), broken(at(s.single, "cstb", 1, 19), "b"), broken(at(xml, "<Metadata", 1, 3), "b"),
		}, nil},
		{28, "signature changed", []answer{broken(at(s.single, "sibo", 1, 20), "b")}, nil},
		{29, "certificate exchanged", []answer{broken(order(s.single, func(n *fixture.Node) {
			n.Kids[0].Find("schi").Find("cert").Body = world(t).Court.Cert.Raw
		}), "b")}, nil},
		{30, "picture changed under two", []answer{broken(at(s.double, "mdat", 1, 30), "bb")}, nil},
		{31, "remark of the second changed", []answer{holds(at(s.double, "received", 1, 0), noon)}, nil},
		{32, "first signature changed under two", []answer{broken(at(s.double, "sibo", 1, 20), "bb")}, nil},
		{33, "order of seals exchanged", []answer{broken(order(s.double, func(n *fixture.Node) { swap(n, 0, 1) }), "bb")}, nil},
		{34, "first seal removed", []answer{broken(order(s.double, func(n *fixture.Node) { n.Kids = n.Kids[1:] }), "b")}, nil},
		{35, "newest seal removed", []answer{good(order(s.double, func(n *fixture.Node) { n.Kids = n.Kids[:1] }), "i", noon, "")}, nil},
		{36, "meta removed", []answer{{data: changed(t, s.single, func(f *fixture.File) { f.Drop("meta") }), verdict: verify.Unsigned, codes: "SEAL-NONE"}}, nil},
		{37, "resealed by another under the same name", []answer{{data: mallory, verdict: verify.IntactUntrusted, seals: "i", start: noon, codes: "TRUST-SELF-SIGNED"}}, nil},
		{38, "something behind meta", []answer{
			broken(behind(s.single, fresh("free", []byte("x"))), "b"),
			refusedFile(behind(s.single, []byte("junk bytes behind")), "u?", "FILE-TRUNCATED"),
			refusedFile(behind(s.single, own.At("moov").Bytes()), "u?", "BOX-DUPLICATE"),
		}, nil},
		{39, "box behind two seals", []answer{broken(behind(s.double, fresh("free")), "bb")}, nil},
		{40, "decoy and footage behind", []answer{broken(behind(decoy(), footage), "bb"), holds(decoy(), noon)}, nil},
		{41, "decoy with a clock", []answer{holds(decoy(node("cstb", week)), noon)}, nil},
		{42, "box among the seals and a second moov", []answer{refusedFile(behind(order(s.single, func(n *fixture.Node) {
			n.Kids = append(n.Kids, node("free"))
		}), own.At("moov").Bytes()), "u?", "SEAL-FOREIGN-BOX BOX-DUPLICATE")}, nil},
		{43, "covered index changed where its offset stands", []answer{broken(at(s.covered, "tfra", 1, 27), "b")}, nil},
		{44, "covered index changed elsewhere", []answer{broken(at(s.covered, "tfra", 1, 11), "b"), broken(flip(s.covered, len(s.covered)-1), "b")}, nil},
		{45, "truncated", []answer{
			refusedFile(s.single[:find(t, s.single, "sibo", 1)+100], "-", "FILE-TRUNCATED"),
			refusedFile(s.single[:find(t, s.single, "mdat", 1)+100], "", "FILE-TRUNCATED"),
		}, nil},
	}
}

func signerRows(t testing.TB) []row {
	w := world(t)
	ec := fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256)}
	signed := func(s *fixture.Signer, certs ...[]byte) []byte {
		return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) {
			if o.By, o.Certs = s, certs; s != w.Exporter && s != w.Expired && s != w.NotYet {
				o.Scheme = ec
			}
		}))
	}
	with := func(change func(*x509.Certificate)) *fixture.Signer {
		s, err := w.Mint("signer", nil, nil, change)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	ended := with(func(c *x509.Certificate) { c.NotAfter = scene.AddDate(0, 2, 0) })
	authority := with(func(c *x509.Certificate) { c.IsCA = true })
	enciphers := with(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
	rejected := func(data []byte, code string) answer {
		return answer{data: data, verdict: verify.IntactUntrusted, seals: "i", codes: code}
	}
	twoCerts := append(bytes.Clone(w.Exporter.Cert.Raw), w.Court.Cert.Raw...)
	var salts []answer
	for _, n := range []int{fixture.NoSalt, 32, 222} {
		salts = append(salts, good(made(t, w.Exporter, fixture.Scheme{Salt: n}), "i", noon, "SIG-SALT"))
	}
	return []row{
		{46, "salt of 0, 32, the most", salts, nil},
		{47, "RSA key of 1024 bits", []answer{refusedFile(made(t, modulus(t, 1024), fixture.Scheme{}), "w", "SEAL-WEAK")}, nil},
		{48, "SHA-1, PSS without parameters", []answer{
			refusedFile(made(t, w.Exporter, fixture.Scheme{SigC: fixture.SigC(fixture.OIDSHA1RSA)}), "w", "SEAL-WEAK"),
			refusedFile(made(t, w.Exporter, fixture.Scheme{SigC: fixture.SigC(fixture.OIDPSS)}), "w", "SEAL-WEAK"),
		}, nil},
		{49, "certificate expired before the export", []answer{rejected(signed(w.Expired), "TRUST-EXPIRED-AT-EXPORT")}, nil},
		{50, "certificate expired after the export", []answer{good(signed(ended), "i", noon, "TRUST-EXPIRED-SINCE")}, nil},
		{51, "certificate that may not sign yet, of an authority, for other uses", []answer{
			rejected(signed(w.NotYet), "TRUST-NOT-YET-VALID"), rejected(signed(authority), "TRUST-CA-LEAF"), rejected(signed(enciphers), "TRUST-KEY-USAGE"),
		}, nil},
		{52, "two certificates in one cert", []answer{good(signed(w.Exporter, twoCerts), "i", noon, "TRUST-CHAIN")},
			[]string{"verify TestFirstCertificateIsTheSignersAndTheOthersVouchForNothing"}},
	}
}

func damagedRows(t testing.TB, s stock) []row {
	schi := func(change func(*fixture.Node)) []byte {
		return arranged(t, func(n *fixture.Node) { change(n.Find("schi")) })
	}
	pemText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world(t).Exporter.Cert.Raw})
	own := parsed(t, s.single)
	moov := own.At("moov")
	spare := fresh("udta", own.At("meta/ipro/sinf").Bytes())
	sized := func(path string, size uint32) answer {
		return refusedFile(changed(t, s.single, func(f *fixture.File) { f.At(path).Size = &size }), "-", "")
	}
	big := func(size uint64) answer {
		return refusedFile(slices.Concat(s.single, be(4, 1), []byte("free"), be(8, size)), "-", "")
	}
	hidden := func(k *fixture.Node) answer {
		return good(under(t, func(f *fixture.File) { insert(&f.Node, 2, k) }), "i", noon, "")
	}
	return []row{
		{53, "two cert boxes", []answer{refusedFile(schi(func(n *fixture.Node) { n.Kids = append(n.Kids, n.Find("cert").Clone()) }), "u?", "SEAL-AMBIGUOUS")}, nil},
		{54, "certificate as PEM", []answer{refusedFile(schi(func(n *fixture.Node) { n.Find("cert").Body = pemText }), "m", "SEAL-MALFORMED")}, nil},
		{55, "signature longer than the key", []answer{broken(made(t, world(t).Exporter, fixture.Scheme{Extra: 1}), "b")}, nil},
		{56, "no signature, no sibo, no schi", []answer{
			refusedFile(schi(func(n *fixture.Node) { n.Find("sibo").Body = nil }), "m", "SEAL-MALFORMED"),
			refusedFile(schi(func(n *fixture.Node) { n.Drop("sibo") }), "m", "SEAL-MALFORMED"),
			refusedFile(arranged(t, func(n *fixture.Node) { n.Drop("schi") }), "m", "SEAL-MALFORMED"),
		}, nil},
		{57, "scheme of another kind, none", []answer{
			broken(arranged(t, func(n *fixture.Node) { copy(n.Find("schm").Body[4:], "cenc") }), "b"),
			broken(arranged(t, func(n *fixture.Node) { n.Drop("schm") }), "b"),
		}, nil},
		{58, "two suep", []answer{refusedFile(under(t, func(f *fixture.File) { insert(f.At("meta"), 1, f.At("meta/suep").Clone()) }), "u?", "BOX-DUPLICATE")}, nil},
		{59, "second meta behind", []answer{refusedFile(append(bytes.Clone(s.double), own.At("meta").Bytes()...), "u?u?", "BOX-DUPLICATE")}, nil},
		{60, "two ipro", []answer{refusedFile(changed(t, s.single, func(f *fixture.File) { insert(f.At("meta"), 2, f.At(ipro).Clone()) }), "u?", "BOX-DUPLICATE")}, nil},
		{61, "seal outside ipro", []answer{broken(append(bytes.Clone(s.single), spare...), "b")}, nil},
		{62, "two moov, both covered", []answer{refusedFile(under(t, func(f *fixture.File) { insert(&f.Node, 2, moov.Clone()) }), "u?", "BOX-DUPLICATE")}, nil},
		{63, "moov hidden in free, uuid, udta, mdat", []answer{
			hidden(node("free", moov.Bytes())), hidden(node("uuid", make([]byte, 16), moov.Bytes())),
			hidden(&fixture.Node{Kind: "udta", Kids: []*fixture.Node{moov.Clone()}}), hidden(node("mdat", moov.Bytes())),
		}, nil},
		{64, "sizes that lie", []answer{
			sized("moov", 2), sized("meta/suep", 7), sized("meta/ipro/sinf", 1<<20), sized("meta", 1<<31), big(0), big(15), big(1<<63 + 1), big(math.MaxUint64),
		}, []string{"verify TestSizesThatLieAreRefusedWithoutHarm"}},
	}
}

func hostileRows(t testing.TB, s stock) []row {
	note := func(p []byte) []byte {
		return arranged(t, func(n *fixture.Node) { n.Find("schi").Kids = append(n.Find("schi").Kids, node("auib", p)) })
	}
	starter := func(p []byte) []byte {
		return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.Starts, o.Starter = nil, p }))
	}
	raw := func(v uint64) answer {
		return good(starter(fixture.Cstb([]uint32{1}, func(uint32) uint64 { return v })), "i", "none", "TIME-UNUSABLE")
	}
	right := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene) })
	count := func(path string, at int) []byte {
		return under(t, func(f *fixture.File) { copy(f.At(path).Body[at:], be(4, math.MaxUint32)) })
	}
	deep := node("udta", nil)
	for range 1000 {
		deep = &fixture.Node{Kind: "udta", Kids: []*fixture.Node{deep}}
	}
	var counts []answer
	for _, n := range []uint64{0, 2, 65535} {
		counts = append(counts, good(seal(t, draft(t, func(f *fixture.File) {
			f.At("meta").Kids = append(f.At("meta").Kids, &fixture.Node{Kind: "ipro", Head: append(be(4, 0), be(2, n)...)})
		}), by(t, nil)), "i", noon, "SEAL-COUNT-FIELD"))
	}
	overlap := uint32(1 << 12)
	decode := func(from uint64, step uint64) []byte {
		return under(t, func(f *fixture.File) {
			for n, m := range moofs(f) {
				copy(m.Find("traf").Find("tfdt").Body[4:], be(8, from+step*uint64(n)))
			}
		})
	}
	gst := draft(t, func(f *fixture.File) {
		m := f.At("meta")
		m.Kids = []*fixture.Node{node("hdlr", make([]byte, 8), []byte("null"), make([]byte, 12), []byte("no end")),
			node("cstb", fixture.Cstb([]uint32{0}, func(uint32) uint64 { return ticks1601(scene) }))}
		f.Drop("meta")
		insert(&f.Node, 2, m)
	})
	at := seconds1904(scene.Add(time.Hour))
	elsewhere := node("url ", be(4, 0), text("https://example.org/other.mp4"))
	return []row{
		{65, "counts that lie", []answer{
			refusedFile(starter(append(be(4, math.MaxUint32), right[4:]...)), "-", "SEAL-UNREADABLE"),
			refusedFile(withSuep(t, unit(1, "U", at), be(4, math.MaxUint32), be(2, 1)), "-", "BOX-MALFORMED"),
			refusedFile(count("moof/traf/trun", 4), "-", "BOX-MALFORMED"), refusedFile(count("moov/trak/mdia/minf/stbl/stsz", 8), "-", "BOX-MALFORMED"),
		}, []string{"verify TestCountsThatLieTakeNoMemory"}},
		{66, "texts without end", []answer{
			refusedFile(withSuep(t, []byte{1, 0, 0, 0}, []byte("Unit")), "-", "BOX-MALFORMED"), refusedFile(note([]byte("note")), "u?", "SEAL-UNREADABLE"),
			good(under(t, func(f *fixture.File) { f.At("meta/hdlr").Body = append(f.At("meta/hdlr").Body[:20], "x"...) }), "i", noon, ""),
		}, []string{"verify TestTextsOfASealThatDoNotEndForbidAVerdict"}},
		{67, "child beyond its parent, seal in a seal, a thousand deep", []answer{
			refusedFile(changed(t, s.single, func(f *fixture.File) { f.At("meta/ipro/sinf/schi/cert").Size = &overlap }), "-", "BOX-MALFORMED"),
			refusedFile(arranged(t, func(n *fixture.Node) { n.Kids = append(n.Kids, &fixture.Node{Kind: "sinf"}) }), "u?", "SEAL-AMBIGUOUS"),
			refusedFile(under(t, func(f *fixture.File) { f.At("moov").Kids = append(f.At("moov").Kids, deep) }), "-", "BOX-LIMIT"),
		}, nil},
		{68, "protection_count of 0, 2, 65535", counts, nil},
		{69, "lying index that nobody covers", []answer{{data: append(bytes.Clone(s.single), trueIndex()...), verdict: verify.IntactIncomplete, seals: "i"}},
			[]string{"verify TestIndexThatNobodyCoversMovesNoPicture"}},
		{70, "samples that point elsewhere", []answer{good(under(t, func(f *fixture.File) {
			copy(moofs(f)[0].Find("traf").Find("trun").Body[8:], be(4, 1<<30))
		}), "i", noon, "MEDIA-RANGE")}, []string{"verify TestSamplesThatPointElsewhereAreNotShownAndTheSealStands"}},
		{71, "media in another file", []answer{refusedFile(under(t, func(f *fixture.File) {
			f.At("moov/trak/mdia/minf/dinf/dref").Kids = []*fixture.Node{elsewhere}
		}), "u?", "MEDIA-ELSEWHERE")}, nil},
		{72, "fragments back in time", []answer{good(decode(0, 0), "i", noon, "TIME-BACKWARDS")}, []string{"verify TestTimesOfFragmentsThatLieAreRemarkedOnly"}},
		{73, "first decode time of 10 s", []answer{good(decode(10_000, 1000), "i", noon, "TIME-FIRST-TFDT")}, nil},
		{74, "times that are none", []answer{
			raw(0), raw(1 << 63), raw(math.MaxUint64), good(withSuep(t, unit(1, "U", 0), be(4, 0)), "i", noon, "TIME-EXPORT-ABSURD"),
		}, nil},
		{75, "harm in metadata", nil, []string{"verify TestHarmInMetadataLeavesTheVerdictAlone", "metadata TestHarmfulDocumentsAreRefused", "metadata TestUnusableNumbersLoseTheirItemOnly"}},
		{76, "declaration, prefix and root of metadata", nil, []string{"metadata TestAnyPrefixRootSpellingAndDeclarationIsAccepted"}},
		{77, "text that deceives", []answer{good(withSuep(t, unit(1, "x\u202egpj.\n<b>", at), be(4, 0)), "i", noon, "")}, []string{"verify TestForeignTextIsShownInert"}},
		{78, "file replaced or growing", nil, []string{"verify TestFileThatChangesUnderTheCheckIsWithdrawn", "verify TestGrowingFileIsJudgedAsItWasOpened"}},
		{79, "set with gap, overlap, one broken", nil, []string{"verify TestEachFileOfASetIsJudgedByItself"}},
		{80, "large file", nil, []string{"verify TestMemoryDoesNotGrowWithTheFile", "verify TestCancelledCheckSaysUncheckedAtOnce", "cmd/vedettectl TestMemoryOfALargeFileIsBounded"}},
		{81, "as GStreamer writes it", []answer{{data: gst, verdict: verify.Unsigned, start: noon, codes: "TIME-TRACK-ZERO SUEP-MISSING"}}, nil},
	}
}

func TestDefaultAlgorithmIsReadInBothItsForms(t *testing.T) {
	// As printed in the format's worked example, defaults left out; NULL in the hash identifiers.
	short := []byte{
		0x30, 0x38, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10, 0x30, 0x2b, 0xa0, 0x0d, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1,
		0xa1, 0x1a, 0x30, 0x18, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1,
	}
	for _, sigC := range [][]byte{short, fixture.SigCPSS(crypto.SHA256, crypto.SHA256, 20, 1)} {
		expect(t, agency(t), []answer{good(made(t, world(t).Exporter, fixture.Scheme{SigC: sigC}), "i", noon, "")})
	}
}

func TestTwoTracksHaveTheirOwnStartTimes(t *testing.T) {
	data := sealed(t, func(x *fixture.Export, _ *fixture.World) {
		x.Meta = &fixture.Coded{Scale: 1000, Entry: metx(), Samples: []fixture.Sample{{Data: []byte("<MetadataStream/>"), Duration: 1000, Sync: true}}}
		x.Starts[2] = scene.Add(time.Second)
	})
	e := opened(t, data)
	if r, err := verify.Check(t.Context(), e, agency(t), nil); err != nil || r.Verdict != verify.Intact {
		t.Fatalf("%s, %v", r.Verdict, err)
	}
	for track, want := range map[uint32]time.Time{1: scene, 2: scene.Add(time.Second)} {
		if got := e.Table(track).At(0).Wall.UTC.Time(); !got.Equal(want) {
			t.Errorf("track %d starts at %s, want %s", track, got, want)
		}
	}
}
