package conform_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/verify"
	"vedette/verify/conform"
)

var (
	scene     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	worldOnce = sync.OnceValues(func() (*fixture.World, error) { return fixture.NewWorld(scene) })
)

func world(t testing.TB) *fixture.World {
	t.Helper()
	w, err := worldOnce()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func be(width int, v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v)[8-width:] }

func text(s ...string) []byte {
	var out []byte
	for _, x := range s {
		out = append(append(out, x...), 0)
	}
	return out
}

func node(kind string, body ...[]byte) *fixture.Node {
	return &fixture.Node{Kind: kind, Body: slices.Concat(body...)}
}

// units is a coded picture: one slice of a key frame, with its length before it.
func units(h265 bool) []byte {
	if h265 {
		return slices.Concat(be(4, 3), []byte{19 << 1, 1, 7}, be(4, 2), []byte{1 << 1, 1})
	}
	return slices.Concat(be(4, 2), []byte{0x67, 1}, be(4, 3), []byte{0x65, 7, 7})
}

// pictures is a sample entry of a kind with a configuration box, if any.
func pictures(kind string, config *fixture.Node) []byte {
	body := slices.Concat(make([]byte, 6), be(2, 1), make([]byte, 16), be(2, 320), be(2, 180), make([]byte, 50))
	if config != nil {
		body = append(body, config.Bytes()...)
	}
	return node(kind, body).Bytes()
}

var (
	avcC = node("avcC", []byte{1, 100, 0, 31, 0xff, 0xe0, 0})
	hvcC = node("hvcC", slices.Concat([]byte{1, 1}, make([]byte, 10), []byte{93}, make([]byte, 8), []byte{3, 0}))
)

// sounds is a sample entry of sound; config is the AudioSpecificConfig of mp4a.
func sounds(kind string, config []byte) []byte {
	body := slices.Concat(make([]byte, 6), be(2, 1), make([]byte, 8), be(2, 1), be(2, 16), make([]byte, 4), be(4, 8000<<16))
	if config != nil {
		specific := slices.Concat([]byte{5, byte(len(config))}, config)
		decoder := slices.Concat([]byte{4, byte(13 + len(specific)), 0x40, 0x15}, make([]byte, 11), specific)
		es := slices.Concat([]byte{3, byte(3 + len(decoder) + 3), 0, 1, 0}, decoder, []byte{6, 1, 2})
		body = append(body, node("esds", make([]byte, 4), es).Bytes()...)
	}
	return node(kind, body).Bytes()
}

// documents is a metadata sample entry of a kind.
func documents(kind, encoding, namespace string) []byte {
	return node(kind, make([]byte, 6), be(2, 1), text(encoding, namespace, "")).Bytes()
}

const schema = "http://www.onvif.org/ver10/schema"

const (
	frame = `<tt:VideoAnalytics><tt:Frame UtcTime="2026-03-01T12:00:00Z"/></tt:VideoAnalytics>`
	event = `<tt:Event><wsnt:NotificationMessage><wsnt:Topic>tns1:VideoSource/MotionAlarm</wsnt:Topic><wsnt:Message>` +
		`<tt:Message UtcTime="2026-03-01T12:00:01Z" PropertyOperation="Changed"/></wsnt:Message></wsnt:NotificationMessage></tt:Event>`
)

// xml wraps metadata into documents.
func xml(bodies ...string) []fixture.Sample {
	var out []fixture.Sample
	for _, b := range bodies {
		out = append(out, fixture.Sample{Data: []byte(`<tt:MetadataStream xmlns:tt="` + schema + `" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">` + b + `</tt:MetadataStream>`), Duration: 1000, Sync: true})
	}
	return out
}

// recipe is an export to be made: first x is written without seals, then file
// is rearranged, then it is sealed.
type recipe struct {
	x     func(*fixture.Export)
	file  func(*fixture.File)
	seals []func(*fixture.SealOptions) // nil: one seal as it should be
	bare  bool                         // no seal
	after func([]byte) []byte
}

// mint makes an export of 3 s that meets every demand, but for the recipe.
func mint(t testing.TB, r recipe) []byte {
	t.Helper()
	video := &fixture.Coded{Scale: 1000, Entry: pictures("avc1", avcC)}
	for range 30 {
		video.Samples = append(video.Samples, fixture.Sample{Data: units(false), Duration: 100, Sync: true})
	}
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Unit", UnitURL: "https://vms", UnitMAC: "02-00-5E-00-53-01", Operator: "Operator 7", Time: scene.Add(time.Hour), Sources: []fixture.Source{
			{Track: 1, Name: "Gate", MAC: "02-00-5E-00-53-02"}, {Track: 2, Name: "Gate analytics"}, {Track: 3, Name: "Gate microphone"},
		}},
		Place: "Gate", Lat: 48.88, Lon: 2.35, Alt: 35, W: 320, H: 180, Video: video,
		Meta: &fixture.Coded{Scale: 1000, Entry: documents("metx", "", schema), Samples: xml(frame, event, frame)},
	}
	if r.x != nil {
		r.x(x)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := fixture.ParseFile(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	f.At("meta").Drop("cstb")
	if r.file != nil {
		r.file(f)
	}
	data := f.Bytes()
	if r.seals == nil && !r.bare {
		r.seals = []func(*fixture.SealOptions){nil}
	}
	for _, change := range r.seals {
		o := fixture.SealOptions{By: world(t).Exporter, Starts: map[uint32]time.Time{1: scene, 2: scene}}
		if change != nil {
			change(&o)
		}
		var out bytes.Buffer
		if err := fixture.Seal(bytes.NewReader(data), int64(len(data)), &out, o); err != nil {
			t.Fatal(err)
		}
		data = out.Bytes()
	}
	if r.after != nil {
		data = r.after(data)
	}
	return data
}

// trak returns the n-th track box, from 0.
func trak(f *fixture.File, n int) *fixture.Node {
	for _, k := range f.At("moov").Kids {
		if k.Kind == "trak" {
			if n == 0 {
				return k
			}
			n--
		}
	}
	return nil
}

func loci(lat, lon, alt float64, role byte, notes string) *fixture.Node {
	fixed := func(v float64) []byte { return be(4, uint64(uint32(int32(math.Round(v*65536))))) }
	return node("loci", make([]byte, 4), be(2, 0x15c7), text("Gate"), []byte{role}, fixed(lon), fixed(lat), fixed(alt), text("earth", notes))
}

// placed puts another location box in place of the usual one.
func placed(l *fixture.Node) func(*fixture.File) {
	return func(f *fixture.File) {
		f.At("moov").Drop("udta")
		if l != nil {
			f.At("moov").Kids = append(f.At("moov").Kids, &fixture.Node{Kind: "udta", Kids: []*fixture.Node{l}})
		}
	}
}

func opened(t testing.TB, data []byte, name string) *evidence.Export {
	t.Helper()
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), name))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func checked(t testing.TB, e *evidence.Export) *verify.Report {
	t.Helper()
	r, err := verify.Check(context.Background(), e, verify.Policy{Now: scene.AddDate(0, 6, 0)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func judged(t testing.TB, data []byte, name string) *conform.Result {
	t.Helper()
	e := opened(t, data, name)
	r, err := conform.Judge(context.Background(), e, checked(t, e))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
