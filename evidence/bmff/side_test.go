package bmff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

func suep(bits int, sources int) []byte {
	p := []byte{1, 0, 0, 0}
	for _, s := range []string{"Unit", "https://u", "00:11"} {
		p = append(append(p, s...), 0)
	}
	p = binary.BigEndian.AppendUint64(p, 3_800_000_000)
	p = append(append(p, "Op"...), 0)
	p = binary.BigEndian.AppendUint32(p, uint32(sources))
	for i := range sources {
		if bits == 16 {
			p = binary.BigEndian.AppendUint16(p, uint16(i+1))
		} else {
			p = binary.BigEndian.AppendUint32(p, uint32(i+1))
		}
		for _, s := range []string{"Cam", "rtsp://c", "", "1"} {
			p = append(append(p, s...), 0)
		}
	}
	return p
}

func known(id uint32) bool { return id == 1 || id == 2 }

func TestBothWidthsOfTrackIDAreRead(t *testing.T) {
	for _, bits := range []int{16, 32} {
		for n := range 3 {
			s, err := ParseSuep(Box{Type: "suep"}, suep(bits, n), known)
			if err != nil {
				t.Fatalf("%d bits, %d sources: %v", bits, n, err)
			}
			if n > 0 && (s.IDBits != bits || s.Sources[n-1].Track != uint32(n) || s.Sources[n-1].Name != "Cam") {
				t.Errorf("%d bits, %d sources: %+v", bits, n, s)
			}
		}
	}
}

func TestUnterminatedAndOverlongSideInformationIsMalformed(t *testing.T) {
	whole := suep(16, 1)
	cases := map[string][]byte{
		"unterminated": whole[:len(whole)-1], "bytes behind": append(bytes.Clone(whole), 1, 2, 3, 4, 5),
		"huge count": append(suep(16, 0)[:len(suep(16, 0))-4], 0xff, 0xff, 0xff, 0xff), "empty": {}, "cut": whole[:9],
	}
	for name, p := range cases {
		var fault *Error
		if _, err := ParseSuep(Box{Type: "suep"}, p, known); !errors.As(err, &fault) || fault.Kind != Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseCstb(Box{Type: "cstb"}, []byte{0xff, 0xff, 0xff, 0xff, 1}); err == nil {
		t.Error("a cstb of four thousand million entries was read")
	}
}

func TestHeadersThatLieAreRefused(t *testing.T) {
	big := func(size uint64) []byte {
		p := []byte{0, 0, 0, 1, 'm', 'd', 'a', 't'}
		return append(binary.BigEndian.AppendUint64(p, size), make([]byte, 16)...)
	}
	cases := map[string]struct {
		data []byte
		last bool
		kind Kind
	}{
		"size 7":               {[]byte{0, 0, 0, 7, 'f', 'r', 'e', 'e', 0}, true, Malformed},
		"size 0 inside":        {[]byte{0, 0, 0, 0, 'f', 'r', 'e', 'e', 0}, false, Malformed},
		"64-bit size 15":       {big(15), true, Malformed},
		"64-bit size 2^63":     {big(1 << 63), true, Malformed},
		"beyond the file":      {[]byte{0, 0, 1, 0, 'f', 'r', 'e', 'e', 0}, true, Truncated},
		"beyond its parent":    {[]byte{0, 0, 1, 0, 'f', 'r', 'e', 'e', 0}, false, Malformed},
		"no room for a header": {[]byte{0, 0, 0}, true, Truncated},
	}
	for name, c := range cases {
		_, err := Header(bytes.NewReader(c.data), 0, int64(len(c.data)), c.last)
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := Header(bytes.NewReader([]byte{0, 0, 0, 0, 'm', 'd', 'a', 't', 1, 2}), 0, 10, true); err != nil || !b.ToEnd || b.Size != 10 {
		t.Errorf("size 0 at the end: %+v, %v", b, err)
	}
}

func TestDepthAndNumberOfBoxesAreBounded(t *testing.T) {
	var deep []byte
	for range 40 {
		deep = append(binary.BigEndian.AppendUint32(nil, uint32(len(deep)+8)), append([]byte("moov"), deep...)...)
	}
	budget := MaxBoxes
	if _, err := Walk(bytes.NewReader(deep), 0, int64(len(deep)), 0, &budget); err == nil {
		t.Error("forty levels were walked")
	}
	many := bytes.Repeat([]byte{0, 0, 0, 8, 'f', 'r', 'e', 'e'}, 100)
	budget = 50
	if _, err := Walk(bytes.NewReader(many), 0, int64(len(many)), 0, &budget); err == nil {
		t.Error("the budget was not kept")
	}
}

// FuzzBodies gives any bytes to every parser of a body.
func FuzzBodies(f *testing.F) {
	f.Add(suep(16, 2))
	f.Add(suep(32, 1))
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add(make([]byte, 200))
	f.Add(avcConfig)
	f.Add(hevcConfig)
	f.Fuzz(func(t *testing.T, p []byte) {
		b := Box{Type: "fuzz", Header: 8, Size: int64(len(p)) + 8}
		_, _ = ParseSuep(b, p, known)
		_, _ = ParseCstb(b, p)
		_, _ = ParseSumi(b, p)
		_, _ = ParseLoci(b, p)
		_, _ = ParseText(b, p)
		_, _ = ParseStsd(b, p)
		for _, entry := range []string{"avc1", "hvc1"} {
			if c, ok := ParameterSet(entry, p); ok && (c.Width <= 0 || c.Height <= 0 || c.Width > 1<<16 || c.Height > 1<<16 || c.Depth > 16) {
				t.Fatalf("%s: %+v", entry, c)
			}
		}
		_, _ = ParseElst(b, p)
		_, _ = ParseTkhd(b, p)
		_, _ = ParseMvhd(b, p)
		_, _ = ParseMdhd(b, p)
		_, _ = ParseHdlr(b, p)
		_, _ = ParseTfdt(b, p)
		_, _ = ParseTfhd(b, p, Defaults{})
		n := 0
		_, _, _ = ParseTrun(b, p, Defaults{}, func(RunSample) bool { n++; return n < 10_000 })
		if n > len(p)+10_000 {
			t.Fatalf("%d samples from %d bytes", n, len(p))
		}
	})
}
