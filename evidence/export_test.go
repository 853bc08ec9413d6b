package evidence_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/media"
)

var scene = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func be32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

// filmed is an export of two seconds of nonsense, with a metadata track.
func filmed(t testing.TB, change func(*fixture.Export)) *fixture.File {
	t.Helper()
	entry := make([]byte, 86)
	copy(entry, be32(86))
	copy(entry[4:], "avc1")
	metx := (&fixture.Node{Kind: "metx", Body: append(make([]byte, 8), "\x00http://www.onvif.org/ver10/schema\x00\x00"...)}).Bytes()
	video, meta := &fixture.Coded{Scale: 1000, Entry: entry}, &fixture.Coded{Scale: 1000, Entry: metx}
	for i := range 20 {
		video.Samples = append(video.Samples, fixture.Sample{Data: bytes.Repeat([]byte{byte(i)}, 50), Duration: 100, Sync: i%10 == 0})
	}
	for i := range 2 {
		meta.Samples = append(meta.Samples, fixture.Sample{Data: []byte{'<', byte('a' + i), '>'}, Duration: 1000, Sync: true})
	}
	x := &fixture.Export{
		Side: fixture.Side{UnitName: "Unit", Time: scene}, Video: video, Meta: meta, W: 320, H: 180, Place: "Kerb", Lat: 50.5, Lon: 4.25, Alt: 12,
		Starts: map[uint32]time.Time{1: scene, 2: scene},
	}
	if change != nil {
		change(x)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := fixture.ParseFile(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func indexed(t testing.TB, data []byte) *evidence.Export {
	t.Helper()
	e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Index(context.Background(), func(done, total int64) {
		if done > total {
			t.Errorf("%d of %d", done, total)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return e
}

func has(e *evidence.Export, code string) bool {
	for _, f := range e.Findings() {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestLocationIsTakenFromTheMovieFirst(t *testing.T) {
	f := filmed(t, nil)
	if l, ok := indexed(t, f.Bytes()).Location(); !ok || l.Name != "Kerb" || l.Latitude != 50.5 || l.Longitude != 4.25 || l.Altitude != 12 {
		t.Errorf("%+v, %v", l, ok)
	}
	other := f.At("moov/udta").Clone()
	copy(other.Find("loci").Body[12:], be32(7<<16))
	f.At("moov/trak").Kids = append(f.At("moov/trak").Kids, other)
	e := indexed(t, f.Bytes())
	if l, ok := e.Location(); !ok || l.Longitude != 4.25 || !has(e, "LOCI-DIFFERS") {
		t.Errorf("%+v, %v", l, ok)
	}
	f.At("moov").Drop("udta")
	if l, ok := indexed(t, f.Bytes()).Location(); !ok || l.Longitude != 7 {
		t.Errorf("of the track: %+v, %v", l, ok)
	}
	f.At("moov/trak").Drop("udta")
	if l, ok := indexed(t, f.Bytes()).Location(); ok {
		t.Errorf("none: %+v", l)
	}
}

// Everything that refers to a second metadata track is a copy of the first's.
func TestEveryMetadataTrackKeepsItsSamples(t *testing.T) {
	f := filmed(t, nil)
	second := last(f.At("moov"), "trak").Clone()
	copy(second.Find("tkhd").Body[12:], be32(7))
	f.At("moov").Kids = append(f.At("moov").Kids, second)
	moved := 0
	for _, k := range f.Kids {
		if k.Kind != "moof" {
			continue
		}
		traf := last(k, "traf").Clone()
		copy(traf.Find("tfhd").Body[4:], be32(7))
		grown := uint32(len(traf.Bytes()))
		k.Kids = append(k.Kids, traf)
		for _, x := range k.Kids {
			if run := x.Find("trun"); run != nil { // offsets count from moof, which is longer now
				copy(run.Body[8:], be32(binary.BigEndian.Uint32(run.Body[8:])+grown))
				moved++
			}
		}
	}
	e := indexed(t, f.Bytes())
	if moved == 0 || len(e.Tracks()) != 3 || e.Table(2).Len() != 2 || e.Table(7).Len() != 2 {
		t.Fatalf("%d tracks, %d runs", len(e.Tracks()), moved)
	}
	for _, id := range []uint32{2, 7} {
		for i, want := range []string{"<a>", "<b>"} {
			if p, err := e.ReadSample(e.Table(id).At(i), nil); err != nil || string(p) != want {
				t.Errorf("track %d, sample %d: %q, %v", id, i, p, err)
			}
		}
	}
}

func last(n *fixture.Node, kind string) *fixture.Node {
	var out *fixture.Node
	for _, k := range n.Kids {
		if k.Kind == kind {
			out = k
		}
	}
	return out
}

func TestTablesAnswerWhereAPlayerAsks(t *testing.T) {
	f := filmed(t, func(x *fixture.Export) {
		for i := range x.Video.Samples { // shown two by two in exchanged order
			x.Video.Samples[i].Offset = []int32{200, 0}[i%2]
		}
	})
	e := indexed(t, f.Bytes())
	v := e.Table(1)
	if !v.Complete() || v.Len() != 20 || v.SyncBefore(9) != 0 || v.SyncBefore(10) != 10 || v.SyncAfter(1) != 10 || v.SyncAfter(10) != -1 {
		t.Errorf("complete %v, %d samples, syncs %d %d %d", v.Complete(), v.Len(), v.SyncBefore(9), v.SyncAfter(1), v.SyncAfter(10))
	}
	if n, p := v.Next(1), v.Prev(1); n != 0 || p != -1 || v.Next(-1) != -1 || v.Prev(20) != -1 || v.Frame(20) != -1 || v.ByFrame(0) != -1 || v.ByFrame(21) != -1 {
		t.Errorf("after the first shown comes %d, before it %d", n, p)
	}
	if i, ok := v.AtPTS(media.Ticks{Value: 250, Scale: 1000}); !ok || i != 0 {
		t.Errorf("at 0.25 s stands sample %d, %v", i, ok)
	}
	if _, ok := v.AtPTS(media.Ticks{Value: -1, Scale: 1000}); ok {
		t.Error("something is shown before the begin")
	}
	if got := e.Origin(1).UTC.Time(); !got.Equal(scene) || e.Origin(9) != (media.Wall{}) || e.Table(9) != nil || e.Gaps(9) != nil {
		t.Errorf("origin %s", got)
	}
	if s := e.Starts(); s.Basis != media.OriginCSTB || len(s.Track) != 2 {
		t.Errorf("%+v", s)
	}
	if _, err := e.ReadSample(media.Sample{Track: 9}, nil); err == nil {
		t.Error("a sample of no track was read")
	}
	if e.Position() != int64(len(f.Bytes())) || len(e.Boxes()) != len(f.Kids) || e.Created() != (media.Wall{}) {
		t.Errorf("position %d, %d boxes, created %+v", e.Position(), len(e.Boxes()), e.Created())
	}
	tree, err := e.BoxTree(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range tree {
		if b.Type == "moof" && (len(b.Children) == 0 || len(b.Children[len(b.Children)-1].Children) == 0) {
			t.Errorf("the tree has no children of the fragment at %d", b.Offset)
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.BoxTree(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestFileThatChangesOnTheDiskIsWithdrawn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.mp4")
	data := filmed(t, nil).Bytes()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := evidence.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Recheck(); err != nil || f.Path() != path || f.Name() != "x.mp4" {
		t.Fatalf("%v, %s", err, f.Path())
	}
	if _, err := io.ReadFull(io.NewSectionReader(f.Unguarded(), 0, f.Size()), make([]byte, len(data))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, "more"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var fault *evidence.PathError
	if err := f.Recheck(); !errors.As(err, &fault) || fault.Unwrap() != nil || f.Withdrawn() == nil {
		t.Errorf("%v", err)
	}
	select {
	case <-f.Changed():
	default:
		t.Error("nobody is told")
	}
	if _, err := f.ReadAt(make([]byte, 1), 0); err == nil {
		t.Error("a withdrawn file is read")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err == nil {
		t.Error("closed twice")
	}
	if err := evidence.NewFile(bytes.NewReader(nil), 0, "").Close(); err != nil {
		t.Error(err)
	}
}

func TestUnreadableFileIsNoFaultOfItsStructure(t *testing.T) {
	data := filmed(t, nil).Bytes()
	bad := errors.New("bad sector")
	for from := int64(0); from < int64(len(data)); from += 97 {
		src := &sick{data: data, from: from, err: bad}
		e, err := evidence.Open(context.Background(), evidence.NewFile(src, int64(len(data)), "x.mp4"))
		if err == nil {
			err = e.Index(context.Background(), nil)
		}
		if err != nil && !errors.Is(err, bad) {
			t.Fatalf("from %d: %v", from, err)
		}
		if err == nil && from < 16<<10 && e.Protection().Malformed != nil {
			t.Fatalf("from %d: %v", from, e.Protection().Malformed)
		}
	}
}

type sick struct {
	data []byte
	from int64
	err  error
}

func (s *sick) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > s.from {
		return 0, s.err
	}
	return bytes.NewReader(s.data).ReadAt(p, off)
}

// Pictures far out of their order are put in order once, at the end, and those
// of one time keep the order in which they are stored.
func TestPicturesFarOutOfOrderAreSortedAtTheEnd(t *testing.T) {
	f := filmed(t, func(x *fixture.Export) {
		for len(x.Video.Samples) < 300 {
			x.Video.Samples = append(x.Video.Samples, x.Video.Samples[0])
		}
		for i := range x.Video.Samples { // shown from the last to the first, two at a time
			x.Video.Samples[i].Offset = int32(100 * (2*((299-i)/2) - i + 600))
		}
	})
	v := indexed(t, f.Bytes()).Table(1)
	for n := 1; n <= 300; n++ {
		if want := 300 - n - 1 + 2*((n-1)%2); v.ByFrame(n) != want || v.Frame(want) != n {
			t.Fatalf("picture %d is sample %d, want %d", n, v.ByFrame(n), want)
		}
	}
}
