package conform_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
	"vedette/verify/conform"
)

// row writes one answer down: state and reason.
func row(r conform.Row) string {
	if r.Reason == "" {
		return r.State.String()
	}
	return r.State.String() + " " + string(r.Reason)
}

func find(t testing.TB, r *conform.Result, item string) conform.Row {
	t.Helper()
	k := slices.IndexFunc(r.Rows, func(x conform.Row) bool { return x.Item == item })
	if k < 0 {
		t.Fatalf("there is no row %s", item)
	}
	return r.Rows[k]
}

// usual are the answers about the export that mint makes when nothing is changed.
var usual = map[string]string{
	"location-form": "met", "site-plan": "cannot-tell site-plan", "signer-named": "cannot-tell person", "algorithms": "met", "coverage": "met",
	"capture-time": "cannot-tell time-of-capture", "base-format": "met", "fragments": "met", "video-track": "met", "video-coding": "met",
	"audio-track": "not-applicable", "audio-coding": "not-applicable", "export-box": "met", "sources": "met", "start-time": "met", "export-time": "met",
	"location": "met", "position": "met", "altitude": "met", "seal": "met", "seals-fit": "met", "seal-form": "met",
	"level-0v": "met", "metadata-track": "met", "metadata-entry": "met", "scene": "met", "events": "met", "event-form": "met",
	"all-events": "cannot-tell all-events", "clock-check": "cannot-tell clock-check", "field-of-view": "cannot-tell field-of-view",
}

const lacks = "not-met level-0v"

// want says what differs from the usual answers: "item: state reason; ...".
type want struct {
	name    string
	recipe  recipe
	level   conform.Level
	differs string
	says    string // that must stand in some evidence, "|" between
}

func (w want) answers() map[string]string {
	out := map[string]string{}
	for k, v := range usual {
		out[k] = v
	}
	for _, d := range strings.Split(w.differs, ";") {
		if k, v, ok := strings.Cut(d, ":"); ok {
			out[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
	}
	return out
}

const noMetadata = "; metadata-track: not-met no-metadata; metadata-entry: not-applicable; scene: not-applicable; events: not-applicable; event-form: not-applicable; all-events: not-applicable"

const noSeal = "; signer-named: not-applicable; algorithms: not-applicable; coverage: not-applicable; seal: not-met no-seal; seals-fit: not-applicable; seal-form: not-applicable"

func with(change func(*fixture.SealOptions)) []func(*fixture.SealOptions) {
	return []func(*fixture.SealOptions){change}
}

func meta(kind, encoding, namespace string, samples []fixture.Sample) recipe {
	return recipe{x: func(x *fixture.Export) { x.Meta.Entry, x.Meta.Samples = documents(kind, encoding, namespace), samples }}
}

func film(entry []byte, sample []byte) recipe {
	return recipe{x: func(x *fixture.Export) {
		x.Video.Entry = entry
		for i := range x.Video.Samples {
			x.Video.Samples[i].Data = sample
		}
	}}
}

func sound(entry []byte) recipe {
	return recipe{x: func(x *fixture.Export) {
		x.Audio = &fixture.Coded{Scale: 8000, Entry: entry}
		for range 30 {
			x.Audio.Samples = append(x.Audio.Samples, fixture.Sample{Data: make([]byte, 80), Duration: 800, Sync: true})
		}
	}}
}

func suep(body ...[]byte) recipe {
	return recipe{file: func(f *fixture.File) { f.At("meta/suep").Body = slices.Concat(body...) }}
}

// hide takes a track out of all fragments; sizes stay, for offsets count on them.
func hide(f *fixture.File, track uint64) {
	for _, k := range f.Kids {
		for _, n := range k.Kids {
			if n.Kind == "traf" && bytes.Equal(n.Find("tfhd").Body[4:8], be(4, track)) {
				n.Kind = "free"
			}
		}
	}
}

func seconds1904(at time.Time) []byte { return be(8, uint64(at.Unix()+2_082_844_800)) }

func zip(in []fixture.Sample) []fixture.Sample {
	for i := range in {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(in[i].Data)
		_ = z.Close()
		in[i].Data = b.Bytes()
	}
	return in
}

func states(t testing.TB) []want {
	now, old := seconds1904(scene.Add(time.Hour)), bytes.Repeat([]byte{7}, 16)
	unit, gate := text("Unit", "", ""), text("Gate", "", "", "")
	weak := func(o *fixture.SealOptions) {
		k, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		if o.By, err = world(t).Mint("Weak", k, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	nobody := func(o *fixture.SealOptions) {
		var err error
		if o.By, err = world(t).Mint("", nil, nil, func(c *x509.Certificate) { c.Subject = pkix.Name{} }); err != nil {
			t.Fatal(err)
		}
		o.Scheme.SigC = fixture.SigC(fixture.OIDECDSASHA256)
	}
	start := func(v uint64) recipe {
		return recipe{seals: with(func(o *fixture.SealOptions) {
			o.Starts, o.Starter = nil, fixture.Cstb([]uint32{1}, func(uint32) uint64 { return v })
		})}
	}
	ticks := uint64(scene.Unix()+11_644_473_600) * 10_000_000
	none := func(o *fixture.SealOptions) { o.Starts = nil }
	second := func(o *fixture.SealOptions) {
		o.By, o.Starts = world(t).Court, map[uint32]time.Time{1: scene.Add(10 * time.Second)}
	}
	flip := func(at int) func([]byte) []byte {
		return func(d []byte) []byte { d[(at+len(d))%len(d)] ^= 1; return d }
	}
	mdat := func(d []byte) []byte { d[bytes.Index(d, []byte("mdat"))+20] ^= 1; return d }
	index := func(d []byte) []byte {
		return append(d, node("mfra", node("mfro", make([]byte, 4), be(4, 24)).Bytes()).Bytes()...)
	}
	note := func(kids func(*fixture.Node)) []func(*fixture.SealOptions) {
		return with(func(o *fixture.SealOptions) { o.Change = kids })
	}
	brokenSeal := "coverage: not-met seal-broken; start-time: cannot-tell seal-broken; capture-time: not-applicable; seal: not-met seal-broken; seals-fit: not-met seal-broken; seal-form: cannot-tell seal-broken; level-0v: " + lacks
	unchecked := "; algorithms: cannot-tell seal-not-checked; coverage: cannot-tell seal-not-checked; seal: cannot-tell seal-not-checked; seals-fit: cannot-tell seal-not-checked; level-0v: " + lacks
	blind := "; signer-named: cannot-tell seal-not-checked; seal-form: cannot-tell seal-not-checked; capture-time: not-applicable" + unchecked
	return []want{
		{"everything", recipe{}, conform.Level0ME, "", "profile High, level 3.1|Track 1: \"Gate\", track 2: \"Gate analytics\"|Latitude 48.88000, longitude 2.35001, named \"Gate\"|altitude is 35.0 m|names \"VMS export 02\"|operator \"Operator 7\"|cstb) of seal 1 gives 2026-03-01T12:00:00Z|59m57s after the last picture|metadata goes from 2026-03-01T12:00:00Z to 2026-03-01T12:00:03Z"},
		{"no metadata", recipe{x: func(x *fixture.Export) { x.Meta = nil }}, conform.Level0V, noMetadata, ""},

		{"no seal", recipe{bare: true, file: func(f *fixture.File) {
			f.At("meta").Kids = append(f.At("meta").Kids, node("cstb", fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks })))
		}}, conform.LevelNone, noSeal + "; level-0v: " + lacks, "No seal covers it."},
		{"a picture changed", recipe{after: mdat}, conform.LevelNone, brokenSeal, ""},
		{"second seal broken", recipe{seals: []func(*fixture.SealOptions){nil, second}, after: flip(-900)}, conform.LevelNone, "coverage: not-met seal-broken; seals-fit: not-met seal-broken; level-0v: " + lacks, "Seal 1 of 2 fits"},
		{"two seals", recipe{seals: []func(*fixture.SealOptions){nil, second}}, conform.Level0ME, "", "All 2 seals fit|corrects the clock by 10s, so somebody|Seal 2 corrects the clock by 10s.|Seal 2 states"},
		{"key too short", recipe{seals: with(weak)}, conform.LevelNone, "algorithms: not-met seal-weak; coverage: cannot-tell seal-not-checked; start-time: cannot-tell seal-weak; capture-time: not-applicable; seal: not-met seal-weak; seals-fit: not-met seal-weak; seal-form: cannot-tell seal-weak; level-0v: " + lacks, ""},
		{"signature of another kind", recipe{seals: with(func(o *fixture.SealOptions) { o.Scheme.SigC = fixture.SigC(asn1.ObjectIdentifier{1, 3, 101, 113}) })}, conform.LevelNone, "algorithms: cannot-tell seal-unsupported; coverage: cannot-tell seal-not-checked; start-time: cannot-tell seal-unsupported; capture-time: not-applicable; seal: cannot-tell seal-unsupported; seals-fit: cannot-tell seal-unsupported; seal-form: cannot-tell seal-unsupported; level-0v: " + lacks, ""},
		{"salt of 32", recipe{seals: with(func(o *fixture.SealOptions) { o.Scheme.Salt = 32 })}, conform.LevelNone, "seal-form: not-met seal-salt; level-0v: " + lacks, "salt of seal 1 has 32 bytes where the format has 20"},
		{"salt of 32 once", recipe{seals: []func(*fixture.SealOptions){func(o *fixture.SealOptions) { o.Scheme.Salt = 32 }, nil}}, conform.Level0ME, "", "Seal 2 is made as the format has it"},
		{"nobody named", recipe{seals: with(nobody)}, conform.LevelNone, "signer-named: not-met no-name; level-0v: " + lacks, ""},
		{"no scheme", recipe{seals: note(func(n *fixture.Node) { n.Drop("schm") })}, conform.LevelNone, "algorithms: cannot-tell seal-form;" + strings.ReplaceAll(brokenSeal, "seal-broken", "seal-form"), ""},
		{"no certificate", recipe{seals: note(func(n *fixture.Node) { n.Find("schi").Drop("cert") })}, conform.LevelNone, "signer-named: cannot-tell seal-not-checked; algorithms: cannot-tell seal-unsupported; coverage: cannot-tell seal-not-checked; start-time: cannot-tell seal-form; capture-time: not-applicable; seal: not-met seal-form; seals-fit: not-met seal-form; seal-form: not-met seal-form; level-0v: " + lacks, ""},
		{"a box among the seals", recipe{after: func(d []byte) []byte {
			f, err := fixture.ParseFile(d)
			if err != nil {
				t.Fatal(err)
			}
			f.At("meta/ipro").Kids = append(f.At("meta/ipro").Kids, node("free"))
			return f.Bytes()
		}}, conform.LevelNone, "seal-form: not-met seal-form; start-time: cannot-tell seal-not-checked; capture-time: not-applicable" + unchecked, "among the seals"},
		{"index added later", recipe{after: index}, conform.Level0ME, "", "index of fragments (mfra), which was written later"},

		{"no suep", recipe{file: func(f *fixture.File) { f.At("meta").Drop("suep") }}, conform.LevelNone, "export-box: not-met no-export-box; sources: not-met no-export-box; export-time: not-met no-export-box; level-0v: " + lacks, ""},
		{"two suep", recipe{file: func(f *fixture.File) { f.At("meta").Kids = append(f.At("meta").Kids, f.At("meta/suep").Clone()) }}, conform.LevelNone, "export-box: not-met two-export-boxes; start-time: cannot-tell seal-not-checked; capture-time: not-applicable; seal-form: cannot-tell seal-not-checked" + unchecked, ""},
		{"suep without end", suep([]byte{1, 0, 0, 0}, []byte("Unit")), conform.LevelNone, "export-box: not-met export-box-unreadable; sources: cannot-tell not-examined; start-time: cannot-tell not-examined; export-time: cannot-tell not-examined" + blind, ""},
		{"suep of version 9", suep([]byte{9, 0, 0, 0}, unit, now, text("")), conform.LevelNone, "export-box: cannot-tell not-examined; sources: cannot-tell not-examined; start-time: cannot-tell not-examined; export-time: cannot-tell not-examined" + blind, ""},
		{"suep of version 0", suep(be(4, 0), unit, now, text(""), []byte{1}, old, gate, []byte{0}), conform.LevelNone, "sources: not-met sources; level-0v: " + lacks, "before 2018|No source is given for track 2."},
		{"wide track numbers", suep(be(4, 1<<24), unit, now, text(""), be(4, 2), be(4, 1), gate, be(4, 2), gate), conform.Level0ME, "", "track numbers have 32 bits"},
		{"source by address", suep(be(4, 1<<24), unit, now, text(""), be(4, 2), be(2, 1), text("", "https://cam", "", ""), be(2, 2), gate), conform.Level0ME, "", "track 1: by address|Track 1: by address"},
		{"source without a word", suep(be(4, 1<<24), unit, now, text(""), be(4, 2), be(2, 1), text(" ", "", "", ""), be(2, 2), gate), conform.LevelNone, "sources: not-met sources; level-0v: " + lacks, "for track 1."},
		{"metadata refers to its video", recipe{x: func(x *fixture.Export) { x.Side.Sources = x.Side.Sources[:1] }, file: func(f *fixture.File) {
			k := trak(f, 1)
			k.Kids = slices.Insert(k.Kids, 1, node("tref", node("cdsc", be(4, 1)).Bytes()))
		}}, conform.Level0ME, "", "track 2: describes track 1"},
		{"metadata refers to nothing", recipe{x: func(x *fixture.Export) { x.Side.Sources = x.Side.Sources[:1] }, file: func(f *fixture.File) {
			k := trak(f, 1)
			k.Kids = slices.Insert(k.Kids, 1, node("tref", make([]byte, 8000)))
		}}, conform.LevelNone, "sources: not-met sources; level-0v: " + lacks, ""},
		{"no start", recipe{seals: with(none)}, conform.LevelNone, "start-time: not-met no-start-time; capture-time: not-applicable; level-0v: " + lacks, ""},
		{"start of no use", start(0), conform.LevelNone, "start-time: not-met start-time-unusable; capture-time: not-applicable; level-0v: " + lacks, ""},
		{"start beside the seals", recipe{seals: with(none), file: func(f *fixture.File) {
			f.At("meta").Kids = append(f.At("meta").Kids, node("cstb", fixture.Cstb([]uint32{1}, func(uint32) uint64 { return ticks })))
		}}, conform.Level0ME, "", "beside the seals gives 2026-03-01T12:00:00Z."},
		{"start of the older kind", recipe{seals: with(none), file: func(f *fixture.File) {
			f.At("meta").Kids = append(f.At("meta").Kids, node("sumi", old, old, old, be(8, ticks), be(8, 30_000_000), be(4, 0)))
		}}, conform.Level0ME, "", "(sumi) gives it"},
		{"start box that cannot be read", recipe{seals: with(none), file: func(f *fixture.File) {
			f.At("meta").Kids = append(f.At("meta").Kids, node("cstb", be(4, 9)))
		}}, conform.LevelNone, "start-time: not-met start-time-unusable" + blind, ""},
		{"no export time", recipe{x: func(x *fixture.Export) { x.Side.Time = time.Unix(-2_082_844_800, 0) }}, conform.LevelNone, "export-time: not-met export-time; level-0v: " + lacks, ""},
		{"exported before the end", recipe{x: func(x *fixture.Export) { x.Side.Time = scene }}, conform.Level0ME, "", "before its last picture"},

		{"no location", recipe{file: placed(nil)}, conform.LevelNone, "location-form: not-applicable; location: not-met no-location; position: not-met no-location; altitude: not-applicable; level-0v: " + lacks, ""},
		{"location cut short", recipe{file: placed(node("loci", make([]byte, 9)))}, conform.LevelNone, "location-form: not-met location-unreadable; location: not-met location-unreadable; position: not-met location-unreadable; altitude: not-applicable; level-0v: " + lacks, ""},
		{"location off the Earth", recipe{file: placed(loci(95, 2, 1, 1, ""))}, conform.LevelNone, "position: not-met location-range; altitude: not-applicable; level-0v: " + lacks, ""},
		{"location 0, 0", recipe{file: placed(loci(0, 0, 1, 1, ""))}, conform.LevelNone, "position: not-met location-zero; level-0v: " + lacks, ""},
		{"place that is fictional", recipe{file: placed(loci(48, 2, 1, 2, ""))}, conform.LevelNone, "position: not-met location-range; level-0v: " + lacks, "fictional"},
		{"altitude 0", recipe{file: placed(loci(48, 2, 0, 1, ""))}, conform.Level0ME, "altitude: cannot-tell altitude-zero", ""},
		{"address of a plan", recipe{file: placed(loci(48, 2, 1, 1, "https://plans.example/gate.pdf"))}, conform.Level0ME, "", "which was not opened: \"https://plans.example/gate.pdf\""},
		{"location in the track", recipe{file: func(f *fixture.File) {
			placed(nil)(f)
			trak(f, 0).Kids = append(trak(f, 0).Kids, &fixture.Node{Kind: "udta", Kids: []*fixture.Node{loci(48, 2, 1, 1, "")}})
		}}, conform.Level0ME, "", "Latitude 48.00000"},
		{"two locations that differ", recipe{file: func(f *fixture.File) {
			trak(f, 0).Kids = append(trak(f, 0).Kids, &fixture.Node{Kind: "udta", Kids: []*fixture.Node{loci(48, 2, 1, 1, "")}})
		}}, conform.Level0ME, "", "several location boxes that differ|Latitude 48.88000"},

		{"no file type", recipe{file: func(f *fixture.File) { f.Drop("ftyp") }}, conform.LevelNone, "base-format: not-met malformed; level-0v: " + lacks, "does not begin with its type"},
		{"no header of the movie", recipe{file: func(f *fixture.File) { f.At("moov").Drop("mvhd") }}, conform.LevelNone, "base-format: not-met malformed; level-0v: " + lacks, ""},
		{"not fragmented", recipe{x: func(x *fixture.Export) { x.Plain = true }}, conform.Level0ME, "fragments: not-met not-fragmented", ""},
		{"media elsewhere", recipe{file: func(f *fixture.File) { f.At("moov/trak/mdia/minf/dinf/dref").Kids[0].Body[3] = 0 }}, conform.LevelNone, "base-format: not-met media-elsewhere; start-time: cannot-tell seal-not-checked; capture-time: not-applicable; seal-form: cannot-tell seal-not-checked" + unchecked, ""},
		{"no tracks", recipe{file: func(f *fixture.File) { f.Drop("moov") }}, conform.LevelNone, "base-format: not-met malformed; location-form: not-applicable; location: not-met no-location; position: not-met no-location; altitude: not-applicable; video-track: cannot-tell not-examined; video-coding: not-applicable; sources: cannot-tell not-examined; start-time: cannot-tell seal-not-checked; capture-time: not-applicable; seal-form: cannot-tell seal-not-checked" + unchecked + noMetadata + "; metadata-track: cannot-tell not-examined", ""},

		{"H.265", film(pictures("hvc1", hvcC), units(true)), conform.Level0ME, "", "H.265 (hvc1), profile Main, level 3.1"},
		{"unusual profile", film(pictures("avc1", node("avcC", []byte{1, 99, 0, 31, 0xff, 0xe0, 0})), units(false)), conform.Level0ME, "", "profile of number 99"},
		{"Motion JPEG", film(pictures("jpeg", nil), units(false)), conform.LevelNone, "video-coding: not-met video-coding; level-0v: " + lacks, "coded as \"jpeg\""},
		{"H.264 without configuration", film(pictures("avc1", nil), units(false)), conform.LevelNone, "video-coding: not-met video-bytes; level-0v: " + lacks, ""},
		{"H.264 in name only", film(pictures("avc1", avcC), []byte("no picture at all")), conform.LevelNone, "video-coding: not-met video-bytes; level-0v: " + lacks, "are no H.264"},
		{"pictures outside the media", recipe{file: func(f *fixture.File) {
			for _, k := range f.Kids {
				if k.Kind == "moof" {
					copy(k.Find("traf").Find("trun").Body[8:], be(4, 0x7fffff))
				}
			}
		}}, conform.LevelNone, "base-format: not-met malformed; video-coding: not-met video-bytes; level-0v: " + lacks, ""},
		{"video without pictures", recipe{file: func(f *fixture.File) { hide(f, 1) }}, conform.LevelNone, "video-track: not-met video-empty; video-coding: cannot-tell video-empty; level-0v: " + lacks, ""},
		{"no video", recipe{file: func(f *fixture.File) {
			copy(trak(f, 0).Find("mdia").Find("hdlr").Body[8:], "text")
		}}, conform.LevelNone, "video-track: not-met no-video; video-coding: not-applicable; level-0v: " + lacks, ""},
		{"two video tracks", recipe{file: func(f *fixture.File) {
			k := trak(f, 0).Clone()
			copy(k.Find("tkhd").Body[12:], be(4, 3))
			f.At("moov").Kids = append(f.At("moov").Kids, k)
		}, seals: with(func(o *fixture.SealOptions) { o.Starts[3] = scene })}, conform.Level0ME, "", "There are 2 video tracks"},

		{"A-law", sound(sounds("alaw", nil)), conform.Level0ME, "audio-track: met; audio-coding: met", "G.711 A-law (alaw)"},
		{"G.722", sound(sounds("g722", nil)), conform.Level0ME, "audio-track: met; audio-coding: met", ""},
		{"AAC-LC", sound(sounds("mp4a", []byte{0x12, 0x10})), conform.Level0ME, "audio-track: met; audio-coding: met", "AAC-LC (mp4a)"},
		{"HE-AAC", sound(sounds("mp4a", []byte{0x2b, 0x92, 0x08, 0})), conform.LevelNone, "audio-track: met; audio-coding: not-met audio-coding; level-0v: " + lacks, "HE-AAC"},
		{"AAC Main", sound(sounds("mp4a", []byte{0x0a, 0x10})), conform.LevelNone, "audio-track: met; audio-coding: not-met audio-coding; level-0v: " + lacks, "object type 1"},
		{"mp4a without configuration", sound(sounds("mp4a", nil)), conform.LevelNone, "audio-track: met; audio-coding: not-met audio-coding; level-0v: " + lacks, "without an audio configuration"},
		{"mu-law", sound(sounds("ulaw", nil)), conform.LevelNone, "audio-track: met; audio-coding: not-met audio-coding; level-0v: " + lacks, "mu-law"},
		{"Opus", sound(sounds("Opus", nil)), conform.LevelNone, "audio-track: met; audio-coding: not-met audio-coding; level-0v: " + lacks, "\"Opus\""},
		{"sound without a source", recipe{x: func(x *fixture.Export) { sound(sounds("alaw", nil)).x(x); x.Side.Sources = x.Side.Sources[:2] }}, conform.LevelNone, "audio-track: met; audio-coding: met; sources: not-met sources; level-0v: " + lacks, "track 3"},

		{"metadata under gzip", meta("metx", "gzip", schema, zip(xml(frame, event))), conform.Level0ME, "", "stored as \"gzip\""},
		{"metadata under exi", meta("metx", "exi", schema, xml(frame, event)), conform.Level0V, "scene: cannot-tell metadata-coding; events: cannot-tell metadata-coding; event-form: not-applicable", ""},
		{"metadata of another entry", meta("mett", "", schema, xml(frame, event)), conform.Level0V, "metadata-entry: not-met metadata-entry", "coded as \"mett\""},
		{"metadata of another namespace", meta("metx", "", "urn:x", xml(frame, event)), conform.Level0V, "metadata-entry: not-met metadata-entry", "\"urn:x\""},
		{"metadata that is none", meta("metx", "", schema, []fixture.Sample{{Data: []byte("<Frame"), Duration: 3000}}), conform.Level0V, "scene: cannot-tell metadata-unreadable; events: cannot-tell metadata-unreadable; event-form: not-applicable", "1 cannot be read"},
		{"metadata too large", meta("metx", "", schema, []fixture.Sample{{Data: make([]byte, 5<<20), Duration: 3000}}), conform.Level0V, "scene: cannot-tell metadata-unreadable; events: cannot-tell metadata-unreadable; event-form: not-applicable", "too large"},
		{"no scene", meta("metx", "", schema, xml(event, event)), conform.Level0V, "scene: not-met no-scene", "All 2 documents were looked at"},
		{"no event", meta("metx", "", schema, xml(frame, frame)), conform.Level0V, "events: cannot-tell no-events; event-form: not-applicable", "either nothing happened"},
		{"event without a time", meta("metx", "", schema, xml(frame, strings.Replace(event, `UtcTime="2026-03-01T12:00:01Z" `, "", 1))), conform.Level0V, "event-form: not-met event-form", ""},
		{"empty metadata track", recipe{file: func(f *fixture.File) { hide(f, 2) }}, conform.Level0V, "metadata-track: not-met metadata-empty; scene: cannot-tell metadata-empty; events: cannot-tell metadata-empty; event-form: not-applicable", ""},
		{"two metadata tracks", recipe{file: func(f *fixture.File) {
			k := trak(f, 1).Clone()
			copy(k.Find("tkhd").Body[12:], be(4, 3))
			f.At("moov").Kids = append(f.At("moov").Kids, k)
		}}, conform.Level0ME, "", "2 tracks hold metadata"},
	}
}

func TestEveryDemandIsAnswered(t *testing.T) {
	for _, w := range states(t) {
		t.Run(w.name, func(t *testing.T) {
			r := judged(t, mint(t, w.recipe), "x.mp4")
			if r.Level != w.level {
				t.Errorf("level %s, want %s", r.Level, w.level)
			}
			answers := w.answers()
			if len(r.Rows) != len(answers) {
				t.Errorf("%d rows, want %d", len(r.Rows), len(answers))
			}
			var said strings.Builder
			for _, x := range r.Rows {
				if row(x) != answers[x.Item] {
					t.Errorf("%s: %s, want %s: %s", x.Item, row(x), answers[x.Item], x.Evidence)
				}
				if x.Title == "" || x.Evidence == "" || x.State == conform.NotMet && x.Reason == "" || x.State == conform.Met && x.Reason != "" {
					t.Errorf("%+v", x)
				}
				if x.Open && x.State != conform.CannotTell {
					t.Errorf("%s is %s, and yet no file could tell", x.Item, x.State)
				}
				if x.State == conform.Met && x.Offset == nil && x.Item != "level-0v" {
					t.Errorf("%s is met, and nothing tells where", x.Item)
				}
				said.WriteString(x.Evidence + "\n")
			}
			for _, s := range strings.Split(w.says, "|") {
				if alternatives := strings.ToLower(said.String()); !strings.Contains(alternatives, strings.ToLower(s)) {
					t.Errorf("%q is not said in:\n%s", s, said.String())
				}
			}
		})
	}
}

func TestOffsetsPointAtWhatIsNamed(t *testing.T) {
	data := mint(t, recipe{})
	r := judged(t, data, "x.mp4")
	for item, kind := range map[string]string{
		"location": "loci", "position": "loci", "export-box": "suep", "start-time": "cstb", "seal": "sinf", "coverage": "sinf", "base-format": "ftyp", "fragments": "moof",
		"video-coding": "trak", "metadata-track": "trak",
	} {
		if off := find(t, r, item).Offset; off == nil || string(data[*off+4:*off+8]) != kind {
			t.Errorf("%s points at %v, want a %s", item, off, kind)
		}
	}
	if off := *find(t, r, "events").Offset; !bytes.HasPrefix(data[off:], []byte("<tt:MetadataStream")) || !bytes.Contains(data[off:off+400], []byte("NotificationMessage")) {
		t.Errorf("events point at %q", data[off:off+60])
	}
}

func vector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata/export", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestVectorsReachTheLevelsOfTheirContent(t *testing.T) {
	levels := map[string]string{ // those not named reach 0M/0E
		"07_cstb_none.mp4": "none", "20_tamper_mdat.mp4": "none", "21_tamper_suep.mp4": "none", "22_tamper_cstb.mp4": "none", "24_tamper_sig.mp4": "none",
		"25_cert_swap.mp4": "none", "27_double_tamper_auib.mp4": "none", "32_strip_meta.mp4": "none", "34_append_free.mp4": "none", "38_truncated.mp4": "none",
		"75_rsa1024.mp4": "none", "79_schm_wrong.mp4": "none", "97_dup_suep.mp4": "none", "E4_suep_unterminated.mp4": "none", "F4_gst_like_unsigned.mp4": "none",
		"B0_nested_transform.mp4": "0V", // its one document has no event
	}
	files, err := filepath.Glob("../../testdata/export/*.mp4")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, f := range files {
		name := filepath.Base(f)
		r := judged(t, vector(t, name), name)
		want := levels[name]
		if want == "" {
			want = "0M/0E"
		}
		if r.Level.String() != want {
			t.Errorf("%s: %s, want %s: %+v", name, r.Level, want, r.Missing)
		}
		if (r.Level == conform.LevelNone) != (len(r.Missing) == 2) {
			t.Errorf("%s: level %s, missing %+v", name, r.Level, r.Missing)
		}
	}
	if x := find(t, judged(t, vector(t, "38_truncated.mp4"), "x"), "base-format"); x.State != conform.NotMet || x.Reason != conform.ReasonTruncated || x.Offset == nil {
		t.Errorf("%+v", x)
	}
}

func TestFileIsJudgedOnlyByWhatWasExamined(t *testing.T) {
	ctx := context.Background()
	data := mint(t, recipe{})
	e := opened(t, data, "x.mp4")
	for name, report := range map[string]*verify.Report{"none": nil, "unfinished": {Size: int64(len(data)), Partial: true}} {
		r, err := conform.Judge(ctx, e, report)
		if err != nil {
			t.Fatal(err)
		}
		if r.Level != conform.LevelNone || row(find(t, r, "seal")) != "cannot-tell seal-not-checked" || row(find(t, r, "video-coding")) != "met" {
			t.Errorf("%s: level %s, %s", name, r.Level, row(find(t, r, "seal")))
		}
	}
	// A report that says "unchecked" on every axis gives no level, whatever its seals say.
	if r, err := conform.Judge(ctx, e, &verify.Report{Size: int64(len(data)), Seals: []verify.SealReport{{Index: 1, Integrity: verify.SealIntact}}}); err != nil || r.Level != conform.LevelNone {
		t.Errorf("%v, %+v", err, r)
	}
	other := opened(t, mint(t, recipe{bare: true}), "y.mp4")
	if _, err := conform.Judge(ctx, e, checked(t, other)); !errors.Is(err, conform.ErrOtherFile) {
		t.Errorf("a report about another file: %v", err)
	}
	if _, err := conform.Judge(ctx, e, &verify.Report{Size: int64(len(data))}); !errors.Is(err, conform.ErrOtherFile) {
		t.Errorf("a report about other seals: %v", err)
	}
	bare, err := evidence.Open(ctx, evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conform.Judge(ctx, bare, nil); !errors.Is(err, conform.ErrNotIndexed) {
		t.Errorf("before the index was read: %v", err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := conform.Judge(over, e, checked(t, e)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// ending is a context that ends when it has been asked a number of times.
type ending struct {
	context.Context
	left int
}

func (c *ending) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestLookingIntoMetadataCanBeEnded(t *testing.T) {
	bodies := make([]string, 500)
	for i := range bodies {
		bodies[i] = frame // no event ever comes
	}
	samples := xml(bodies...)
	for i := range samples {
		samples[i].Duration = 6
	}
	e := opened(t, mint(t, meta("metx", "", schema, samples)), "x.mp4")
	report := checked(t, e)
	for _, n := range []int{0, 2, 20} {
		if r, err := conform.Judge(&ending{context.Background(), n}, e, report); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d: %v, %+v", n, err, r)
		}
	}
}

// changing is a file that is changed by another program when a place is read.
type changing struct {
	data []byte
	at   int64
	off  bool
}

func (c *changing) ReadAt(p []byte, off int64) (int, error) {
	n := copy(p, c.data[off:])
	if c.off && off <= c.at && c.at < off+int64(n) {
		p[c.at-off] ^= 1
	}
	if n < len(p) {
		return n, errors.New("end")
	}
	return n, nil
}

func TestFileThatChangesIsNotJudged(t *testing.T) {
	data := mint(t, recipe{})
	for _, word := range []string{"metx", "NotificationMessage", "\x00\x00\x00\x03\x65"} {
		m := &changing{data: data, at: int64(bytes.Index(data, []byte(word)))}
		e, err := evidence.Open(context.Background(), evidence.NewFile(m, int64(len(data)), "x.mp4"))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Index(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		r := checked(t, e)
		m.off = true
		if _, err := e.File().Afresh().ReadAt(make([]byte, 1), m.at); err == nil {
			t.Fatal("the change was not noticed")
		}
		if res, err := conform.Judge(context.Background(), e, r); err == nil {
			t.Errorf("%q: judged as %s", word, res.Level)
		}
	}
}

func TestRefusedInputIsNoExportAndNothingMoreIsSaid(t *testing.T) {
	r := conform.Refused("notes.txt", 12, &evidence.NotExportError{Name: "notes.txt", What: "its first bytes are no box"})
	if r.Level != conform.LevelNone || len(r.Rows) != 1 || row(r.Rows[0]) != "not-met not-iso" || len(r.Missing) != 2 {
		t.Errorf("%+v", r)
	}
	r = conform.Refused("gone.mp4", 0, errors.New("gone.mp4: is not there"))
	if r.Level != conform.LevelNone || row(r.Rows[0]) != "cannot-tell not-examined" {
		t.Errorf("%+v", r)
	}
}

// What a letter tells of a seal must not be more than was found.
func TestLetterDoesNotCallASealBrokenThatIsNot(t *testing.T) {
	for name, told := range map[string]string{"key too short": "too weak", "signature of another kind": "of a kind that we cannot check", "no scheme": "does not have the form"} {
		all := states(t)
		w := all[slices.IndexFunc(all, func(w want) bool { return w.name == name })]
		letters, err := conform.Letters([]*conform.Result{judged(t, mint(t, w.recipe), "x.mp4")}, "en", conform.Sender{})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := letters[0].WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(b.String()), " "); strings.Contains(got, "does not fit") || !strings.Contains(got, told) {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}

func TestJSONHasTheFormOfTheContract(t *testing.T) {
	b, err := json.Marshal(judged(t, mint(t, recipe{file: placed(nil)}), "clip.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema, File, Level string
		Missing             []struct {
			Level string
			Items []string
		}
		Clauses []struct {
			Clause, Title, State, Evidence string
			Offset                         *int64
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "vedette.conform/1" || doc.File != "clip.mp4" || doc.Level != "none" || len(doc.Clauses) != len(usual) {
		t.Errorf("%+v", doc)
	}
	if got := strings.Join(doc.Missing[0].Items, ", "); got != "5.2.5.2 location, 5.2.5.2 position" {
		t.Errorf("missing %s", got)
	}
	for _, c := range doc.Clauses {
		if c.Clause == "" || c.Title == "" || c.Evidence == "" || !slices.Contains([]string{"met", "not-met", "cannot-tell", "not-applicable"}, c.State) {
			t.Errorf("%+v", c)
		}
	}
}

func TestStatesBeyondTheListAreNoGoodNews(t *testing.T) {
	if conform.State(99).String() != "cannot-tell" || conform.Level(99).String() != "none" {
		t.Error(conform.State(99), conform.Level(99))
	}
}
