package verify_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

const ipro = "meta/ipro"

func court(t testing.TB) fixture.SealOptions {
	return fixture.SealOptions{By: world(t).Court, Note: "received"}
}

// corrected is a second seal that moves the clock by ten seconds.
func corrected(t testing.TB) fixture.SealOptions {
	o := court(t)
	o.Starts = map[uint32]time.Time{1: scene.Add(10 * time.Second)}
	return o
}

// arranged seals a draft whose sinf was rearranged before signing.
func arranged(t testing.TB, change func(*fixture.Node)) []byte {
	return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.Change = change }))
}

func TestSealsAreJudgedOneByOneInTheirOrder(t *testing.T) {
	single := seal(t, draft(t, nil), by(t, nil))
	double := seal(t, single, corrected(t))
	triple := seal(t, double, fixture.SealOptions{By: world(t).Exporter, Note: "third"})
	third := find(t, triple, "third", 1)
	order := func(data []byte, change func(n *fixture.Node)) []byte {
		return changed(t, data, func(f *fixture.File) { change(f.At(ipro)) })
	}
	expect(t, agency(t), []answer{
		{name: "one", data: single, verdict: verify.Intact, seals: "i", start: noon},
		{name: "two, the second corrects the clock", data: double, verdict: verify.Intact, seals: "ii", start: "2026-03-01T12:00:10Z"},
		{name: "three", data: triple, verdict: verify.Intact, seals: "iii", start: "2026-03-01T12:00:10Z"},
		{name: "picture changed", data: flip(triple, find(t, triple, "mdat", 1)+30), verdict: verify.Broken, seals: "bbb", start: "none"},
		{name: "first signature changed", data: flip(triple, find(t, triple, "sibo", 1)+20), verdict: verify.Broken, seals: "bbb"},
		{name: "second signature changed", data: flip(triple, find(t, triple, "sibo", 2)+20), verdict: verify.Broken, seals: "ibb", start: noon},
		{name: "third signature changed", data: flip(triple, find(t, triple, "sibo", 3)+20), verdict: verify.Broken, seals: "iib", start: "2026-03-01T12:00:10Z"},
		{name: "note of the third changed", data: flip(triple, third), verdict: verify.Broken, seals: "iib"},
		{name: "start time of the second changed", data: flip(double, find(t, double, "cstb", 2)+19), verdict: verify.Broken, seals: "ib", start: noon},
		{name: "certificate of the second changed", data: flip(double, find(t, double, "Evidence desk 4", 1)), verdict: verify.Broken, seals: "ib"},
		{name: "order exchanged", data: order(double, func(n *fixture.Node) { swap(n, 0, 1) }), verdict: verify.Broken, seals: "bb"},
		{name: "last two of three exchanged", data: order(triple, func(n *fixture.Node) { swap(n, 1, 2) }), verdict: verify.Broken, seals: "ibb"},
		{name: "first removed", data: order(double, func(n *fixture.Node) { n.Kids = n.Kids[1:] }), verdict: verify.Broken, seals: "b"},
		{name: "middle removed", data: order(triple, func(n *fixture.Node) { n.Kids = slices.Delete(n.Kids, 1, 2) }), verdict: verify.Broken, seals: "ib"},
		{name: "newest removed, which leaves no trace", data: order(double, func(n *fixture.Node) { n.Kids = n.Kids[:1] }), verdict: verify.Intact, seals: "i", start: noon},
		{name: "first repeated at the end", data: order(single, func(n *fixture.Node) { n.Kids = append(n.Kids, n.Kids[0].Clone()) }), verdict: verify.Broken, seals: "ib", start: noon},
		{name: "certificate exchanged", verdict: verify.Broken, seals: "b", data: order(single, func(n *fixture.Node) {
			n.Kids[0].Find("schi").Find("cert").Body = world(t).Court.Cert.Raw
		})},
		{name: "whole meta removed", verdict: verify.Unsigned, start: "none", data: changed(t, single, func(f *fixture.File) { f.Drop("meta") })},
		{name: "all seals removed", verdict: verify.Unsigned, data: changed(t, single, func(f *fixture.File) { f.At("meta").Drop("ipro") })},
		{name: "ipro without any seal", verdict: verify.Unsigned, data: order(single, func(n *fixture.Node) { n.Kids = nil })},
	})
}

func TestIncompleteSealsAreNoSeals(t *testing.T) {
	schi := func(change func(*fixture.Node)) []byte {
		return arranged(t, func(n *fixture.Node) { change(n.Find("schi")) })
	}
	single := seal(t, draft(t, nil), by(t, nil))
	decoy := func(k ...*fixture.Node) []byte {
		return changed(t, single, func(f *fixture.File) {
			f.At(ipro).Kids = append(f.At(ipro).Kids, &fixture.Node{Kind: "sinf", Kids: k})
		})
	}
	weekLater := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene.AddDate(0, 0, 7)) })
	own := parsed(t, single).Kids
	footage := append(own[2].Bytes(), own[3].Bytes()...)
	pemText := []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
	expect(t, agency(t), []answer{
		{name: "no schm", data: arranged(t, func(n *fixture.Node) { n.Drop("schm") }), verdict: verify.Broken, seals: "b", codes: "SEAL-BROKEN"},
		{name: "another scheme", data: arranged(t, func(n *fixture.Node) { copy(n.Find("schm").Body[4:], "cenc") }), verdict: verify.Broken, seals: "b", codes: "SEAL-BROKEN"},
		{name: "another version of the scheme", data: arranged(t, func(n *fixture.Node) { n.Find("schm").Body[9] = 2 }), verdict: verify.Broken, seals: "b"},
		{name: "no schi", data: arranged(t, func(n *fixture.Node) { n.Drop("schi") }), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "no sibo", data: schi(func(n *fixture.Node) { n.Drop("sibo") }), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "empty sibo", data: schi(func(n *fixture.Node) { n.Find("sibo").Body = nil }), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "no cert", data: schi(func(n *fixture.Node) { n.Drop("cert") }), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "certificate as PEM", data: schi(func(n *fixture.Node) { n.Find("cert").Body = pemText }), verdict: verify.CannotCheck, seals: "m", codes: "SEAL-MALFORMED"},
		{name: "certificate that is none", data: schi(func(n *fixture.Node) { n.Find("cert").Body = []byte{0x30, 3, 1, 2, 3} }), verdict: verify.CannotCheck, seals: "u"},
		{name: "two cert boxes", data: schi(func(n *fixture.Node) { n.Kids = append(n.Kids, n.Find("cert").Clone()) }), verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-AMBIGUOUS"},
		{name: "two start time boxes", data: schi(func(n *fixture.Node) { n.Kids = append(n.Kids, node("cstb", weekLater)) }), verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-AMBIGUOUS"},
		{name: "a seal within the seal", data: arranged(t, func(n *fixture.Node) { n.Kids = append(n.Kids, &fixture.Node{Kind: "sinf"}) }), verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-AMBIGUOUS"},
		{name: "decoy with nothing in it", data: decoy(), verdict: verify.Broken, seals: "ib", start: noon},
		{name: "decoy with a clock", data: decoy(node("cstb", weekLater)), verdict: verify.Broken, seals: "ib", start: noon, codes: "TIME-SEAL-BROKEN"},
		{name: "decoy with a clock and footage behind", data: append(decoy(node("cstb", weekLater)), footage...), verdict: verify.Broken, seals: "bb", start: "none"},
		{name: "decoy of another scheme", verdict: verify.Broken, seals: "ib", start: noon,
			data: decoy(node("schm", be(4, 0), []byte("cenc"), be(4, 0x10000)), &fixture.Node{Kind: "schi"})},
		{name: "box among the seals", verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-FOREIGN-BOX", data: changed(t, single, func(f *fixture.File) {
			f.At(ipro).Kids = append(f.At(ipro).Kids, node("free", []byte("1234")))
		})},
		{name: "box among the seals, covered", verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-FOREIGN-BOX", data: seal(t, draft(t, func(f *fixture.File) {
			m := f.At("meta")
			m.Kids = append(m.Kids, &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}, Kids: []*fixture.Node{node("free")}})
		}), by(t, nil))},
	})
}

func TestSizesAndPlacesOfMetaDoNotMatterToTheSeal(t *testing.T) {
	wide := func(kinds ...string) []byte {
		return draft(t, func(f *fixture.File) {
			f.At("meta").Wide = true
			if slices.Contains(kinds, "ipro") {
				f.At("meta").Kids = append(f.At("meta").Kids, &fixture.Node{Kind: "ipro", Wide: true, Head: []byte{0, 0, 0, 0, 0, 1}})
			}
		})
	}
	open := draft(t, func(f *fixture.File) { f.At("meta").Open = true })
	early := draft(t, func(f *fixture.File) {
		m := f.At("meta")
		f.Drop("meta")
		insert(&f.Node, 2, m)
	})
	first, second, third := by(t, func(o *fixture.SealOptions) { o.Early = true }), corrected(t), court(t)
	second.Early, third.Early = true, true
	ten := "2026-03-01T12:00:10Z"
	earlyDouble := seal(t, early, first, second)
	expect(t, agency(t), []answer{
		{name: "64-bit size", data: seal(t, wide(), first), verdict: verify.Intact, seals: "i", start: noon},
		{name: "64-bit size, two seals", data: seal(t, wide(), first, second), verdict: verify.Intact, seals: "ii", start: ten},
		{name: "64-bit sizes of meta and ipro, three seals", data: seal(t, wide("ipro"), first, second, third), verdict: verify.Intact, seals: "iii", start: ten},
		{name: "size to the end of the file", data: seal(t, open, first), verdict: verify.Intact, seals: "i", start: noon},
		{name: "size to the end of the file, two seals", data: seal(t, open, first, second), verdict: verify.Intact, seals: "ii", start: ten},
		{name: "before the footage", data: seal(t, early, first), verdict: verify.Intact, seals: "i", start: noon},
		{name: "before the footage, two seals", data: earlyDouble, verdict: verify.Intact, seals: "ii", start: ten},
		{name: "before the footage, three seals", data: seal(t, earlyDouble, third), verdict: verify.Intact, seals: "iii", start: ten},
		{name: "before the footage, which was changed", data: flip(earlyDouble, len(earlyDouble)-9), verdict: verify.Broken, seals: "bb", start: "none"},
		{name: "before the footage, to which some was added", verdict: verify.Broken, seals: "bb",
			data: append(bytes.Clone(earlyDouble), append(be(4, 12), "mdat0000"...)...)},
		{name: "before the footage, of which some is missing", verdict: verify.Broken, seals: "bb",
			data: changed(t, earlyDouble, func(f *fixture.File) { f.Kids = f.Kids[:len(f.Kids)-2] })},
		{name: "seals before the export information", data: seal(t, draft(t, func(f *fixture.File) {
			insert(f.At("meta"), 1, &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}})
		}), first, second), verdict: verify.Intact, seals: "ii", start: ten},
		{name: "a free box after the seals within meta", data: seal(t, draft(t, func(f *fixture.File) {
			m := f.At("meta")
			m.Kids = append(m.Kids, &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}}, node("free", []byte("room")))
		}), first, second), verdict: verify.Intact, seals: "ii", start: ten},
	})
}

func TestCountFieldOfTheSealsIsRemarkedOnly(t *testing.T) {
	var cases []answer
	for _, n := range []uint64{0, 2, 65535} {
		cases = append(cases, answer{
			name: fmt.Sprint(n), verdict: verify.Intact, seals: "ii", codes: "SEAL-COUNT-FIELD",
			data: seal(t, draft(t, func(f *fixture.File) {
				f.At("meta").Kids = append(f.At("meta").Kids, &fixture.Node{Kind: "ipro", Head: append(be(4, 0), be(2, n)...)})
			}), by(t, nil), court(t)),
		})
	}
	expect(t, agency(t), cases)
}

func ticks1601(at time.Time) uint64 { return uint64(at.Unix()+11_644_473_600) * 10_000_000 }
