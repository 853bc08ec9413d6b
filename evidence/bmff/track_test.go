package bmff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func be(width int, v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v)[8-width:] }

func boxOf(kind string, body ...[]byte) []byte {
	p := slices.Concat(body...)
	return slices.Concat(be(4, uint64(8+len(p))), []byte(kind), p)
}

func TestErrorNamesTheBoxThePlaceAndTheFault(t *testing.T) {
	for want, e := range map[string]*Error{
		"bmff: sibo at 1048: malformed: 12 bytes": Faultf(Malformed, Box{Type: "sibo", Offset: 1048}, "%d bytes", 12),
		"bmff: box at 3: truncated: x":            Faultf(Truncated, Box{Offset: 3}, "x"),
		"bmff: a..b at 0: unsupported: x":         Faultf(Unsupported, Box{Type: "a\x00\xffb"}, "x"),
		"bmff: moov at 0: limit exceeded: x":      Faultf(TooMuch, Box{Type: "moov"}, "x"),
	} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}

func TestTurnsAndMirrorsAreReadFromTheMatrix(t *testing.T) {
	header := func(a, b, c, d int32) []byte {
		m := []int32{a, b, 0, c, d, 0, 0, 0, 0x40000000}
		p := slices.Concat(make([]byte, 4+8), be(4, 5), make([]byte, 4+4+16))
		for _, v := range m {
			p = append(p, be(4, uint64(uint32(v)))...)
		}
		return slices.Concat(p, be(4, 320<<16), be(4, 180<<16))
	}
	const one = 0x10000
	for _, c := range []struct {
		a, b, c, d  int32
		turn        int
		mirror, odd bool
	}{
		{one, 0, 0, one, 0, false, false},
		{2 * one, 0, 0, 2 * one, 0, false, false},
		{0, one, -one, 0, 90, false, false},
		{-one, 0, 0, -one, 180, false, false},
		{0, -one, one, 0, 270, false, false},
		{-one, 0, 0, one, 0, true, false},
		{one, 0, 0, -one, 180, true, false},
		{0, one, one, 0, 270, true, false},
		{0, -one, -one, 0, 90, true, false},
		{46341, 46341, -46341, 46341, 0, false, true}, // an eighth of a turn
		{2 * one, 0, 0, one, 0, false, true},
		{one, one / 4, 0, one, 0, false, true},
		{0, 0, 0, 0, 0, false, true},
	} {
		h, err := ParseTkhd(Box{Type: "tkhd"}, header(c.a, c.b, c.c, c.d))
		if err != nil || h.Rotation != c.turn || h.Mirror != c.mirror || h.Odd != c.odd || h.ID != 5 || h.Width != 320 || h.Height != 180 {
			t.Errorf("%+v: %+v, %v", c, h, err)
		}
	}
	if _, err := ParseTkhd(Box{}, append(slices.Clone(header(one, 0, 0, one)[:12]), make([]byte, 80)...)); err == nil {
		t.Error("track 0 was accepted")
	}
}

func TestBothVersionsOfHeadersAreRead(t *testing.T) {
	v1 := []byte{1, 0, 0, 0}
	m, err := ParseMvhd(Box{}, slices.Concat(v1, be(8, 7), be(8, 8), be(4, 600)))
	if err != nil || m.Created != 7 || m.Timescale != 600 {
		t.Errorf("mvhd: %+v, %v", m, err)
	}
	if scale, err := ParseMdhd(Box{}, slices.Concat(v1, make([]byte, 16), be(4, 90000))); err != nil || scale != 90000 {
		t.Errorf("mdhd: %d, %v", scale, err)
	}
	list, err := ParseElst(Box{}, slices.Concat(v1, be(4, 1), be(8, 1<<40), be(8, 1<<64-1), be(4, 0x10000)))
	if err != nil || len(list) != 1 || list[0].Duration != 1<<40 || list[0].MediaTime != -1 {
		t.Errorf("elst: %+v, %v", list, err)
	}
	if u, err := ParseTfdt(Box{}, slices.Concat(v1, be(8, 1<<33))); err != nil || u != 1<<33 {
		t.Errorf("tfdt: %d, %v", u, err)
	}
	if u, err := ParseTfdt(Box{}, slices.Concat(be(4, 0), be(4, 77))); err != nil || u != 77 {
		t.Errorf("tfdt of 32 bits: %d, %v", u, err)
	}
	for name, err := range map[string]error{
		"mvhd": second(ParseMvhd(Box{}, make([]byte, 100))), "mdhd": second(ParseMdhd(Box{}, make([]byte, 100))), "stsd of none": second(ParseStsd(Box{}, make([]byte, 8))),
		"stsd of 65": second(ParseStsd(Box{}, slices.Concat(be(4, 0), be(4, 65), make([]byte, 65*16)))), "cami": second(ParseCami(Box{}, make([]byte, 15))),
	} {
		var fault *Error
		if !errors.As(err, &fault) {
			t.Errorf("%s with nothing in it: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestFragmentHeaderOverridesTheDefaults(t *testing.T) {
	d := Defaults{Track: 1, Description: 7, Duration: 2, Size: 3, Flags: 4}
	p := slices.Concat(be(4, 0x03003b), be(4, 9), be(8, 100), be(4, 1), be(4, 20), be(4, 30), be(4, 40))
	h, err := ParseTfhd(Box{}, p, d)
	if err != nil || h.Track != 9 || !h.HasBase || h.Base != 100 || h.Description != 1 || h.Duration != 20 || h.Size != 30 || h.Flags != 40 || !h.NoSamples || !h.BaseIsMoof {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := ParseTfhd(Box{}, slices.Concat(be(4, 0), be(4, 9)), d); err != nil || h.Size != 3 || h.Description != 7 || h.HasBase {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestRunStopsWhereItIsTold(t *testing.T) {
	p := slices.Concat([]byte{1, 0, 0xf, 5}, be(4, 2), be(4, 50), be(4, nonSync), be(4, 10), be(4, 11), be(4, 0), be(4, 1<<32-1), be(4, 20), be(4, 21), be(4, nonSync), be(4, 3))
	var got []RunSample
	off, has, err := ParseTrun(Box{}, p, Defaults{}, func(s RunSample) bool { got = append(got, s); return len(got) < 2 })
	want := []RunSample{{10, 11, true, -1}, {20, 21, false, 3}}
	if err != nil || !has || off != 50 || !slices.Equal(got, want) {
		t.Errorf("%+v at %d, %v", got, off, err)
	}
	if _, _, err := ParseTrun(Box{}, slices.Concat(be(4, 0), be(4, maxImplied+1)), Defaults{}, func(RunSample) bool { return true }); err == nil {
		t.Error("a run without fields and without bound was accepted")
	}
	first := slices.Concat(be(4, 4), be(4, 2), be(4, nonSync))
	got = nil
	if _, _, err := ParseTrun(Box{}, first, Defaults{}, func(s RunSample) bool { got = append(got, s); return true }); err != nil || len(got) != 2 || got[0].Sync || !got[1].Sync {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSampleEntriesGiveTheirDecoderConfiguration(t *testing.T) {
	video := func(kind string, after ...[]byte) []byte {
		return boxOf(kind, slices.Concat(make([]byte, 24), be(2, 320), be(2, 180), make([]byte, 50), slices.Concat(after...)))
	}
	sound := func(version uint64, after ...[]byte) []byte {
		more := make([]byte, 0)
		if version == 1 {
			more = make([]byte, 16)
		}
		return boxOf("mp4a", slices.Concat(make([]byte, 8), be(2, version), make([]byte, 6), be(2, 2), make([]byte, 6), be(4, 48000<<16), more, slices.Concat(after...)))
	}
	// ES_Descriptor, DecoderConfigDescriptor, AudioSpecificConfig 11 90.
	esds := boxOf("esds", be(4, 0), []byte{3, 22, 0, 1, 0, 4, 17, 0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0x11, 0x90}, []byte{6, 1, 2})
	broken := boxOf("esds", be(4, 0), []byte{9, 9, 9})
	cases := map[string]struct {
		entry  []byte
		config []byte
		kind   string
	}{
		"avcC":            {video("avc1", boxOf("pasp", make([]byte, 8)), boxOf("avcC", []byte{1, 2})), []byte{1, 2}, "avc1"},
		"hvcC":            {video("hvc1", boxOf("hvcC", []byte{3})), []byte{3}, "hvc1"},
		"none":            {video("hev1"), nil, "hev1"},
		"a box too long":  {video("avc3", be(4, 99), []byte("avcC")), nil, "avc3"},
		"esds":            {sound(0, esds), []byte{0x11, 0x90}, "mp4a"},
		"esds in wave":    {sound(1, boxOf("wave", boxOf("frma", []byte("mp4a")), esds)), []byte{0x11, 0x90}, "mp4a"},
		"an empty wave":   {sound(0, boxOf("wave")), nil, "mp4a"},
		"esds with chaff": {sound(0, broken), nil, "mp4a"},
		"a text":          {boxOf("metx", make([]byte, 8), []byte("gzip\x00urn:x\x00\x00")), nil, "metx"},
		"something else":  {boxOf("vcmM", make([]byte, 8)), nil, "vcmM"},
	}
	for name, c := range cases {
		all, err := ParseStsd(Box{Type: "stsd"}, slices.Concat(be(4, 0), be(4, 1), c.entry))
		if name == "a box too long" {
			if err == nil {
				t.Errorf("%s was read", name)
			}
			continue
		}
		if err != nil || len(all) != 1 || all[0].Type != c.kind || !bytes.Equal(all[0].Config, c.config) {
			t.Errorf("%s: %+v, %v", name, all, err)
			continue
		}
		e := all[0]
		if e.Type == "avc1" && (e.Width != 320 || e.Height != 180) || e.Type == "mp4a" && (e.SampleRate != 48000 || e.Channels != 2) || e.Type == "metx" && e.Encoding != "gzip" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestLocationMayBeInEitherCodingOfText(t *testing.T) {
	place := func(name ...byte) []byte {
		return slices.Concat(be(4, 0), be(2, 0), name, []byte{1}, be(4, 2<<16), be(4, 3<<16), be(4, 0))
	}
	for form, p := range map[string][]byte{
		"UTF-8":  place([]byte("Ké\x00")...),
		"big":    place(0xfe, 0xff, 0, 'K', 0, 0xe9, 0, 0),
		"little": place(0xff, 0xfe, 'K', 0, 0xe9, 0, 0, 0),
	} {
		l, err := ParseLoci(Box{}, append(p, "earth\x00note\x00"...))
		if err != nil || l.Name != "Ké" || l.Longitude != 2<<16 || l.Latitude != 3<<16 || l.Body != "earth" || l.Notes != "note" {
			t.Errorf("%s: %+v, %v", form, l, err)
		}
		if l, err := ParseLoci(Box{}, p); err != nil || l.Body != "" {
			t.Errorf("%s without the last texts: %+v, %v", form, l, err)
		}
	}
	if _, err := ParseLoci(Box{}, slices.Concat(be(6, 0), []byte{0xfe, 0xff, 0, 'K'})); err == nil {
		t.Error("a name without end was read")
	}
	if _, err := ParseLoci(Box{}, be(6, 0)); err == nil {
		t.Error("a place without a name was read")
	}
}

func TestOldSourcesAreCountedByKind(t *testing.T) {
	head := slices.Concat(be(4, 0), []byte("u\x00\x00\x00"), be(8, 1), []byte("op\x00"))
	id := bytes.Repeat([]byte{5}, 16)
	s, err := ParseSuep(Box{}, slices.Concat(head, []byte{1}, id, []byte("V\x00\x00\x00L\x00"), []byte{1}, id, []byte("A\x00\x00\x00")), known)
	if err != nil || len(s.Sources) != 2 || s.Sources[0].Line != "L" || !s.Sources[1].Audio || s.Sources[1].Name != "A" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := ParseSuep(Box{}, slices.Concat(head, []byte{1}, id, []byte("no end of it")), known); err == nil {
		t.Errorf("%+v", s)
	}
	if _, err := ParseSuep(Box{}, slices.Concat([]byte{7, 0, 0, 0}, head[4:]), known); err == nil {
		t.Error("version 7 was read")
	}
}

// sick fails to read from an offset on.
type sick struct {
	data []byte
	from int64
}

var errSick = errors.New("bad sector")

func (s sick) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > s.from {
		return 0, errSick
	}
	return bytes.NewReader(s.data).ReadAt(p, off)
}

func TestFaultsOfReadingAreNotThoseOfTheFile(t *testing.T) {
	file := boxOf("meta", be(4, 0), boxOf("hdlr", make([]byte, 24)), boxOf("ipro", make([]byte, 6)))
	for from := range len(file) {
		budget := 100
		_, err := Walk(sick{file, int64(from)}, 0, int64(len(file)), 0, &budget)
		var fault *Error
		if err == nil && from < len(file)-6 || errors.As(err, &fault) || err != nil && !errors.Is(err, errSick) {
			t.Errorf("from %d: %v", from, err)
		}
	}
	b := Box{Type: "auib", Size: 30, Header: 8}
	if _, err := Body(sick{file, 5}, b, 100); !errors.Is(err, errSick) {
		t.Errorf("%v", err)
	}
	if _, err := Body(bytes.NewReader(file[:20]), b, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	if _, err := Body(bytes.NewReader(file), b, 10); err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("%v", err)
	}
	inside, err := SelfContained(&Box{Children: []*Box{{}}}, func(*Box) (uint32, error) { return 1, errSick })
	if inside || !errors.Is(err, errSick) {
		t.Errorf("%v, %v", inside, err)
	}
}

func TestOddContainersAreWalkedOrRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		ok   bool
	}{
		"a bare terminator in udta": {boxOf("udta", be(4, 0)), true},
		"ipro without its count":    {boxOf("ipro", be(4, 0)), false},
		"meta of four bytes":        {boxOf("meta", be(4, 0)), true},
		"meta as QuickTime has it":  {boxOf("meta", boxOf("hdlr", make([]byte, 24))), true},
		"uuid without its name":     {boxOf("uuid", be(8, 0)), false},
		"64 bits without room":      {slices.Concat(be(4, 1), []byte("free")), false},
	} {
		budget := 10
		boxes, err := Walk(bytes.NewReader(c.data), 0, int64(len(c.data)), 0, &budget)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if bare := name == "meta as QuickTime has it"; len(boxes) > 0 && IsBareMeta(boxes[0]) != bare {
			t.Errorf("%s: bare %v", name, !bare)
		}
	}
}
