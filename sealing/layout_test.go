package sealing_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"testing"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/sealing"
)

func parse(t testing.TB, data []byte) *fixture.File {
	t.Helper()
	f, err := fixture.ParseFile(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// unsigned is a vector without its seals, rearranged.
func unsigned(t testing.TB, name string, change func(*fixture.File)) []byte {
	t.Helper()
	f := parse(t, vector(t, name))
	if m := f.At("meta"); m != nil {
		m.Drop("ipro")
	}
	if change != nil {
		change(f)
	}
	return f.Bytes()
}

// tables is an export that is not fragmented, with meta at its end.
func tables(t testing.TB) []byte {
	t.Helper()
	entry := make([]byte, 86) // an H.264 sample entry without configuration
	binary.BigEndian.PutUint32(entry, 86)
	copy(entry[4:], "avc1")
	entry[15] = 1
	video := &fixture.Coded{Scale: 25, Entry: entry}
	for i := range 40 {
		video.Samples = append(video.Samples, fixture.Sample{Data: bytes.Repeat([]byte{byte(i)}, 50+i), Duration: 1, Sync: i%10 == 0})
	}
	x := &fixture.Export{Video: video, W: 320, H: 180, Plain: true, Side: fixture.Side{UnitName: "Unit", Time: now}}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// metaFirst puts meta, and what is to follow it, before the media of tables,
// with the places in moov as they then are.
func metaFirst(t testing.TB, behind ...*fixture.Node) []byte {
	t.Helper()
	f := parse(t, tables(t))
	front := append([]*fixture.Node{f.At("meta")}, behind...)
	f.Drop("meta")
	by := 0
	for _, n := range front {
		by += len(n.Bytes())
	}
	f.Kids = slices.Insert(f.Kids, 1, front...)
	co64 := f.At("moov/trak/mdia/minf/stbl/co64").Body
	for at := 8; at < len(co64); at += 8 {
		binary.BigEndian.PutUint64(co64[at:], binary.BigEndian.Uint64(co64[at:])+uint64(by))
	}
	return f.Bytes()
}

// growth is how much the first seal of the court adds.
func growth(t testing.TB) int {
	t.Helper()
	in := tables(t)
	out, _, err := write(in, court(t))
	if err != nil {
		t.Fatal(err)
	}
	return len(out) - len(in)
}

func free(n int, fill byte) *fixture.Node {
	return &fixture.Node{Kind: "free", Body: bytes.Repeat([]byte{fill}, n-8)}
}

func TestAFirstSealGoesIntoEachArrangementAndMovesNothingElse(t *testing.T) {
	cases := []struct {
		name, unit string
		data       []byte
		undo       func(f *fixture.File)
	}{
		{name: "meta last", data: unsigned(t, "01_single", nil)},
		{name: "meta with a 64-bit size", data: unsigned(t, "01_single", func(f *fixture.File) { f.At("meta").Wide = true })},
		{name: "meta of size 0", data: unsigned(t, "01_single", func(f *fixture.File) { f.At("meta").Open = true })},
		{name: "index behind meta", data: unsigned(t, "51_mfra_signed", nil)},
		{name: "meta before fragments", data: unsigned(t, "60_early_meta_full", nil)},
		{name: "not fragmented", data: tables(t)},
		{
			name: "ipro without seals, a box behind it", data: unsigned(t, "01_single", func(f *fixture.File) {
				m := f.At("meta")
				m.Kids = append(m.Kids, &fixture.Node{Kind: "ipro", Head: []byte{0, 0, 0, 0, 0, 1}, Wide: true}, free(24, 7))
			}),
			undo: func(f *fixture.File) { f.At("meta/ipro").Kids = nil },
		},
		{
			name: "no meta", unit: "Evidence desk 4", data: vector(t, "32_strip_meta"),
			undo: func(f *fixture.File) { f.Drop("meta") },
		},
		{
			name: "no meta, index last", unit: "Evidence desk 4", data: unsigned(t, "51_mfra_signed", func(f *fixture.File) { f.Drop("meta") }),
			undo: func(f *fixture.File) { f.Drop("meta") },
		},
		{
			name: "meta without suep", unit: "Evidence desk 4", data: vector(t, "F4_gst_like_unsigned"),
			undo: func(f *fixture.File) { f.At("meta").Drop("suep"); f.At("meta").Drop("ipro") },
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			opt := court(t)
			opt.Unit = c.unit
			out, r, err := write(c.data, opt)
			if err != nil {
				t.Fatal(err)
			}
			opensslAccepts(t, out)
			samplesAreEqual(t, c.data, out)
			f := parse(t, out)
			if c.undo == nil {
				f.At("meta").Drop("ipro")
			} else {
				c.undo(f)
			}
			if !bytes.Equal(f.Bytes(), c.data) {
				t.Error("without what was put in, the copy is not the input")
			}
			if len(r.After.Seals) != 1 {
				t.Errorf("%d seals", len(r.After.Seals))
			}
			again, _, err := write(out, court(t))
			if err != nil {
				t.Fatalf("a second seal: %v", err)
			}
			opensslAccepts(t, again)
			if !bytes.Equal(withoutNewest(t, again), out) {
				t.Error("without its second seal the copy is not the first")
			}
		})
	}
}

func samplesAreEqual(t testing.TB, a, b []byte) {
	t.Helper()
	x, y := opened(t, a), opened(t, b)
	for _, tr := range x.Tracks() {
		n := x.Table(tr.ID).Len()
		if n == 0 || y.Table(tr.ID).Len() != n {
			t.Fatalf("track %d: %d samples, then %d", tr.ID, n, y.Table(tr.ID).Len())
		}
		for i := range n {
			p, err := x.ReadSample(x.Table(tr.ID).At(i), nil)
			if err != nil {
				t.Fatal(err)
			}
			q, err := y.ReadSample(y.Table(tr.ID).At(i), nil)
			if err != nil || !bytes.Equal(p, q) {
				t.Fatalf("sample %d of track %d differs: %v", i, tr.ID, err)
			}
		}
	}
}

func opened(t testing.TB, data []byte) *evidence.Export {
	t.Helper()
	x, err := evidence.Open(context.Background(), file(data))
	if err == nil {
		err = x.Index(context.Background(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// What an exporter without a name becomes is stated by who seals, and nothing more.
func TestExportInformationThatIsMissingStatesOnlyWhatIsKnown(t *testing.T) {
	opt := court(t)
	opt.Unit = "Evidence desk 4"
	out, _, err := write(vector(t, "32_strip_meta"), opt)
	if err != nil {
		t.Fatal(err)
	}
	x := opened(t, out)
	info, ok := x.Info()
	if !ok || info.UnitName != opt.Unit || info.UnitURL+info.UnitMAC+info.Operator != "" || !info.Time.Time().Equal(now) {
		t.Errorf("%+v", info)
	}
	if len(info.Sources) != len(x.Tracks()) {
		t.Errorf("%d sources, %d tracks", len(info.Sources), len(x.Tracks()))
	}
	for _, s := range info.Sources {
		if s.Name+s.URL+s.MAC+s.Line != "" {
			t.Errorf("%+v", s)
		}
	}
}

// withBase gives the first fragment of a file with early meta an absolute place.
func withBase(f *fixture.File) {
	at := 0
	for _, n := range f.Kids {
		if n.Kind != "moof" {
			at += len(n.Bytes())
			continue
		}
		for _, traf := range n.Kids[1:] {
			h := traf.Find("tfhd")
			flags := binary.BigEndian.Uint32(h.Body)&^0x20000 | 1
			h.Body = slices.Concat(binary.BigEndian.AppendUint32(nil, flags), h.Body[4:8], binary.BigEndian.AppendUint64(nil, uint64(at)), h.Body[8:])
			run := traf.Find("trun").Body[8:] // data_offset, if its flag is set
			binary.BigEndian.PutUint32(run, binary.BigEndian.Uint32(run)+8*uint32(len(n.Kids)-1))
		}
		return
	}
}

func TestAFileWhosePlacesWouldGoStaleIsRefused(t *testing.T) {
	by := growth(t)
	early := func(change func(*fixture.File)) []byte { return unsigned(t, "60_early_meta_full", change) }
	before := func(f *fixture.File, kind string, n ...*fixture.Node) {
		i := slices.IndexFunc(f.Kids, func(k *fixture.Node) bool { return k.Kind == kind })
		f.Kids = slices.Insert(f.Kids, i, n...)
	}
	cases := []struct {
		name, unit string
		data       []byte
		sealed     bool
		unread     bool // this program does not read its samples
	}{
		{name: "chunk offsets", data: metaFirst(t)},
		{name: "room of other bytes", data: metaFirst(t, free(by+100, 7))},
		{name: "room that is too small", data: metaFirst(t, free(by-1, 0))},
		{name: "room with a rest that is no box", data: metaFirst(t, free(by+4, 0))},
		{name: "room with a rest", data: metaFirst(t, free(by+8, 0)), sealed: true},
		{name: "room that fits", data: metaFirst(t, free(by, 0)), sealed: true},
		{name: "base_data_offset", data: early(withBase)},
		{name: "index of fragments behind meta", data: early(func(f *fixture.File) {
			f.Kids = append(f.Kids, parse(t, vector(t, "51_mfra_signed")).At("mfra"))
		})},
		{name: "segment index", data: early(func(f *fixture.File) {
			before(f, "meta", &fixture.Node{Kind: "sidx", Body: make([]byte, 24)})
		})},
		{name: "places of items", data: early(func(f *fixture.File) {
			m := f.At("meta")
			m.Kids = append(m.Kids, &fixture.Node{Kind: "iloc", Body: make([]byte, 8)})
		})},
		{name: "meta between a fragment and its media", unread: true, data: early(func(f *fixture.File) {
			m := f.At("meta")
			f.Drop("meta")
			before(f, "mdat", m)
			run := f.At("moof/traf/trun").Body[8:]
			binary.BigEndian.PutUint32(run, binary.BigEndian.Uint32(run)+uint32(len(m.Bytes())))
		})},
		{name: "media to the end of the file", unit: "Desk", data: func() []byte {
			f := parse(t, vector(t, "32_strip_meta"))
			f.Kids[len(f.Kids)-1].Open = true
			return f.Bytes()
		}()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			opt := court(t)
			opt.Unit = c.unit
			if !c.unread {
				samplesAreEqual(t, c.data, c.data) // the arrangement is sound as it is
			}
			out, _, err := write(c.data, opt)
			if !c.sealed {
				if codeOf(err) != "SEALING-MOVES" || len(out) != 0 {
					t.Fatalf("%v; %d bytes written", err, len(out))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			opensslAccepts(t, out)
			samplesAreEqual(t, c.data, out)
			if len(out) != len(c.data) {
				t.Errorf("%d bytes, want %d: the seal fits into the room", len(out), len(c.data))
			}
			if _, _, err := write(out, court(t)); codeOf(err) != "SEALING-MOVES" {
				t.Errorf("a second seal, whose room the first covers: %v", err)
			}
		})
	}
}

// Sixteen seals are examined; with a seventeenth the first would no longer be.
func TestSealsGoOnToTheNumberThatIsExamined(t *testing.T) {
	key, err := world(t).Mint("Desk", nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	opt := sealing.Options{Signer: signer(t, key), Now: now}
	data := vector(t, "11_triple")
	for n := 4; n <= 16; n++ {
		out, r, err := write(data, opt)
		if err != nil || r.Seal.Index != n {
			t.Fatalf("seal %d: %v", n, err)
		}
		data = out
	}
	if _, _, err := write(data, opt); codeOf(err) != "SEALING-LIMIT" {
		t.Errorf("seal 17: %v", err)
	}
}
