package verify_test

import (
	"bytes"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// seconds1904 is the clock of the export time.
func seconds1904(at time.Time) uint64 { return uint64(at.Unix() + 2_082_844_800) }

// unit is the begin of a suep body.
func unit(version byte, name string, at uint64) []byte {
	return slices.Concat([]byte{version, 0, 0, 0}, text(name, "https://unit", "08-00-27-00-00-01"), be(8, at), text("operator"))
}

// withSuep seals a draft that has another suep body.
func withSuep(t testing.TB, body ...[]byte) []byte {
	return seal(t, draft(t, func(f *fixture.File) { f.At("meta/suep").Body = slices.Concat(body...) }), by(t, nil))
}

func TestEveryFormOfExportInformationIsRead(t *testing.T) {
	at := seconds1904(scene.Add(time.Hour))
	source := text("Gate", "https://cam", "08-00-27-00-00-02", "1")
	uuid := bytes.Repeat([]byte{7}, 16)
	cases := []struct {
		answer
		bits, version int
	}{
		{answer{name: "16 bits", data: withSuep(t, unit(1, "Unit", at), be(4, 1), be(2, 1), source)}, 16, 1},
		{answer{name: "32 bits", data: withSuep(t, unit(1, "Unit", at), be(4, 1), be(4, 1), source), codes: "SUEP-WIDE"}, 32, 1},
		{answer{name: "version 0 by order", data: withSuep(t, unit(0, "Unit", at), []byte{1}, uuid, source, []byte{0}), codes: "SUEP-LEGACY SUEP-BY-ORDER"}, 0, 0},
	}
	for _, c := range cases {
		c.verdict, c.seals, c.start = verify.Intact, "i", noon
		expect(t, agency(t), []answer{c.answer})
		info, ok := opened(t, c.data).Info()
		if !ok || info.TrackIDBits != c.bits || info.SuepVersion != c.version || len(info.Sources) != 1 || info.Sources[0].Track != 1 || info.Sources[0].Name != "Gate" {
			t.Errorf("%s: %+v", c.name, info)
		}
	}
}

func TestExportInformationThatCannotBeReadForbidsAVerdict(t *testing.T) {
	at := seconds1904(scene.Add(time.Hour))
	source := text("Gate", "", "", "")
	expect(t, agency(t), []answer{
		{name: "no end of the name", data: withSuep(t, []byte{1, 0, 0, 0}, []byte("Unit without end")), verdict: verify.CannotCheck, seals: "-"},
		{name: "cut", data: withSuep(t, unit(1, "Unit", at), be(4, 1), be(2, 1), source[:5]), verdict: verify.CannotCheck, seals: "-"},
		{name: "four billion entries", data: withSuep(t, unit(1, "Unit", at), be(4, math.MaxUint32), be(2, 1), source), verdict: verify.CannotCheck, seals: "-"},
		{name: "bytes behind the entries", data: withSuep(t, unit(1, "Unit", at), be(4, 1), be(2, 1), source, []byte("more")), verdict: verify.CannotCheck, seals: "-"},
		{name: "version 9", data: withSuep(t, unit(9, "Unit", at), be(4, 0)), verdict: verify.CannotCheck, seals: "-", codes: "BOX-UNSUPPORTED"},
	})
}

func TestStartTimesCountWhereverTheyStandUnderASeal(t *testing.T) {
	right := fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks1601(scene) })
	none := func(o *fixture.SealOptions) { o.Starts = nil }
	starter := func(p []byte) []byte {
		return seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.Starts, o.Starter = nil, p }))
	}
	raw := func(v uint64) []byte { return starter(fixture.Cstb([]uint32{1}, func(uint32) uint64 { return v })) }
	sumi := slices.Concat(make([]byte, 48), be(8, ticks1601(scene)), be(8, 24_000_000), be(4, 0))
	inMeta := draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("cstb", right)) })
	both := fixture.Cstb([]uint32{7, 1}, func(id uint32) uint64 { return ticks1601(scene.Add(time.Duration(id-1) * time.Hour)) })
	expect(t, agency(t), []answer{
		{name: "in sinf", data: starter(right), verdict: verify.Intact, seals: "i", start: noon},
		{name: "in schi", data: seal(t, draft(t, nil), by(t, func(o *fixture.SealOptions) { o.InSchi = true })), verdict: verify.Intact, seals: "i", start: noon},
		{name: "in meta", data: seal(t, inMeta, by(t, none)), verdict: verify.Intact, seals: "i", start: noon},
		{name: "in meta, nothing sealed", data: inMeta, verdict: verify.Unsigned, start: noon},
		{name: "in meta, seal broken", data: flip(seal(t, inMeta, by(t, none)), 900), verdict: verify.Broken, seals: "b", start: "none"},
		{name: "in sumi", data: seal(t, draft(t, func(f *fixture.File) { insert(f.At("meta"), 1, node("sumi", sumi)) }), by(t, none)), verdict: verify.Intact, seals: "i", start: noon},
		{name: "nowhere", data: seal(t, draft(t, nil), by(t, none)), verdict: verify.Intact, seals: "i", start: "none"},
		{name: "for track 0", data: starter(fixture.Cstb([]uint32{0}, func(uint32) uint64 { return ticks1601(scene) })), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-TRACK-ZERO"},
		{name: "for two tracks", data: starter(both), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-TRACK-UNKNOWN"},
		{name: "0", data: raw(0), verdict: verify.Intact, seals: "i", start: "none", codes: "TIME-UNUSABLE"},
		{name: "2^63", data: raw(1 << 63), verdict: verify.Intact, seals: "i", start: "none", codes: "TIME-UNUSABLE"},
		{name: "2^64-1", data: raw(math.MaxUint64), verdict: verify.Intact, seals: "i", start: "none", codes: "TIME-UNUSABLE"},
		{name: "2^63-1", data: raw(math.MaxInt64), verdict: verify.Intact, seals: "i", start: "none", codes: "TIME-UNUSABLE"},
		{name: "four billion entries", data: starter(append(be(4, math.MaxUint32), right[4:]...)), verdict: verify.CannotCheck, seals: "-", codes: "SEAL-UNREADABLE"},
		{name: "bytes behind the entries", data: starter(append(bytes.Clone(right), 0)), verdict: verify.CannotCheck, seals: "-", codes: "SEAL-UNREADABLE"},
	})
}

func TestExportTimeThatCannotBeLeavesTheDatesJudgedAsOfNow(t *testing.T) {
	var cases []answer
	for name, v := range map[string]uint64{
		"0": 0, "1950": seconds1904(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)), "2003": seconds1904(time.Date(2003, 1, 1, 0, 0, 0, 0, time.UTC)),
		"a year ahead": seconds1904(scene.AddDate(2, 0, 0)), "the other clock": ticks1601(scene), "the end of time": math.MaxUint64,
	} {
		cases = append(cases, answer{
			name: name, data: withSuep(t, unit(1, "Unit", v), be(4, 0)), verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-EXPORT-ABSURD",
		})
	}
	early := withSuep(t, unit(1, "Unit", seconds1904(scene.Add(-time.Hour))), be(4, 0))
	expect(t, agency(t), append(cases, answer{name: "before the last picture", data: early, verdict: verify.Intact, seals: "i", start: noon, codes: "TIME-EXPORT-EARLY"}))
}

func TestForeignTextIsShownInert(t *testing.T) {
	evil := "x\u202egpj.\nSeal intact. Signer trusted.\x1b[2J<script>" + strings.Repeat("z", 5000)
	data := withSuep(t, unit(1, evil, seconds1904(scene.Add(time.Hour))), be(4, 0))
	signer, err := world(t).Mint(evil[:60], nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	data = seal(t, data, fixture.SealOptions{By: signer, Note: evil, Scheme: fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256)}})
	r := examine(t, data, agency(t))
	if r.Verdict != verify.Intact || letters(r) != "ii" {
		t.Errorf("%s, %q", r.Verdict, letters(r))
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.ContainsAny(got, "\u202e\x1b") || strings.Count(got, "\nSeal intact") != 1 || strings.Contains(got, strings.Repeat("z", 300)) {
		t.Errorf("%q", got)
	}
	if cn := verify.CommonName(r.Seals[1].Signer.Subject); strings.ContainsAny(cn, "\u202e\n") {
		t.Errorf("%q", cn)
	}
}

func TestNameIsTakenFromItsOwnField(t *testing.T) {
	for subject, want := range map[string]string{
		"CN=Desk 4,O=Town": "Desk 4", `SERIALNUMBER=1\,CN=Police,CN=Mallory`: "Mallory", `CN=Desk\, 4+OU=x,O=Town`: "Desk, 4",
		`OU=x+CN=Desk 4,O=Town`: "Desk 4", "O=Town": "O=Town", `CN=a\+CN=b`: "a+CN=b", "": "",
	} {
		if got := verify.CommonName(subject); got != want {
			t.Errorf("%s: %q, want %q", subject, got, want)
		}
	}
}

func TestTextsOfASealThatDoNotEndForbidAVerdict(t *testing.T) {
	note := func(p []byte) []byte {
		return arranged(t, func(n *fixture.Node) { n.Find("schi").Kids = append(n.Find("schi").Kids, node("auib", p)) })
	}
	expect(t, agency(t), []answer{
		{name: "note that ends", data: note(text("note")), verdict: verify.Intact, seals: "i"},
		{name: "note without end", data: note([]byte("note")), verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-UNREADABLE"},
		{name: "note with something behind", data: note([]byte("note\x00more")), verdict: verify.CannotCheck, seals: "u?", codes: "SEAL-UNREADABLE"},
		{name: "handler name without end", verdict: verify.Intact, seals: "i", start: noon, data: seal(t, draft(t, func(f *fixture.File) {
			for _, h := range []*fixture.Node{f.At("meta/hdlr"), f.At("moov/trak/mdia/hdlr")} {
				h.Body = append(h.Body[:24], "handler"...)
			}
		}), by(t, nil))},
	})
}

func TestCountsThatLieTakeNoMemory(t *testing.T) {
	under := func(change func(*fixture.File)) []byte { return seal(t, draft(t, change), by(t, nil)) }
	count := func(path string, at int) []byte {
		return under(func(f *fixture.File) { copy(f.At(path).Body[at:], be(4, math.MaxUint32)) })
	}
	files := map[string][]byte{
		"trun": count("moof/traf/trun", 4),
		"stsz": count("moov/trak/mdia/minf/stbl/stsz", 8),
		"stts": count("moov/trak/mdia/minf/stbl/stts", 4),
		"stco": count("moov/trak/mdia/minf/stbl/stco", 4),
		"tfra": seal(t, append(draft(t, nil), changed(t, trueIndex(), func(f *fixture.File) { copy(f.At("mfra/tfra").Body[12:], be(4, math.MaxUint32)) })...), by(t, nil)),
	}
	// Nothing is taken from an index, nor from tables of a track without samples of its own.
	unread := map[string]bool{"tfra": true, "stts": true, "stco": true}
	for name, data := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := examine(t, data, agency(t))
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
			t.Errorf("%s: %d bytes taken", name, grown)
		}
		want := verify.CannotCheck
		if unread[name] {
			want = verify.Intact
		}
		if r.Verdict != want {
			t.Errorf("%s: %s, want %s", name, r.Verdict, want)
		}
	}
}
