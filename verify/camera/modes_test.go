package camera_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify/camera"
)

// short is a film of four groups of ten pictures.
var short = fixture.Pattern{Groups: 4, Length: 10}

const whole = "authentic 0-39, ignored 40-40"

func TestEveryModeOfSigningIsRead(t *testing.T) {
	p384 := mint(t, elliptic.P384(), nil)
	p521 := mint(t, elliptic.P521(), nil)
	user := mint(t, elliptic.P256(), nil)
	long := mint(t, elliptic.P256(), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	cases := map[string]fixture.Camera{
		"default":                            {},
		"version 1, clock without UTC":       {Version1: true, Begin: time.Unix(-11_644_473_600, 0)},
		"RSA":                                {By: world(t).Exporter},
		"P-384 and SHA-384":                  {By: p384, Hash: crypto.SHA384},
		"P-521":                              {By: p521},
		"any extended usage":                 {By: long},
		"with the intermediate":              {Chain: []*x509.Certificate{world(t).Intermediate.Cert}},
		"certificate SEI":                    {CertificateSEI: true},
		"certificate SEI, SHA-512":           {CertificateSEI: true, Hash: crypto.SHA512},
		"key of the user":                    {CertificateSEI: true, User: user},
		"key of the user in every document":  {User: user},
		"document at once":                   {Delay: -1},
		"document late":                      {Delay: 7},
		"partial groups":                     {Partial: 3},
		"partial groups, late documents":     {Partial: 3, Delay: 2},
		"low bitrate":                        {LowBitrate: true, Open: true},
		"low bitrate, partial groups":        {LowBitrate: true, Partial: 4, Open: true},
		"list too long, partial groups":      {MaxList: 2, Partial: 4, Open: true},
		"each third signed":                  {Every: 3},
		"each third signed, before the IDR":  {Every: 3, Delay: -1},
		"each third signed, partial, late":   {Every: 3, Partial: 4, Delay: 2},
		"each third signed, low bitrate":     {Every: 3, LowBitrate: true, Open: true, Partial: 5},
		"sent twice":                         {Twice: true},
		"opaque data":                        {Opaque: true},
		"unknown tag":                        {Extra: []byte{99, 0, 2, 1, 2}},
		"counter wraps":                      {First: 0xfffffffe},
		"little endian, clock without UTC":   {Little: true, Begin: time.Unix(-11_644_473_600, 0), First: 3},
		"little endian, times in the future": {Little: true},
	}
	for name, c := range cases {
		for _, h265 := range []bool{false, true} {
			for kind, escape := range map[string]fixture.Escape{"raw": fixture.Raw, "escaped after": fixture.EscapedAfter, "escaped before": fixture.EscapedBefore} {
				t.Run(fmt.Sprintf("%s, H265 %v, %s", name, h265, kind), func(t *testing.T) {
					c, p := c, short
					c.Escape, p.H265 = escape, h265
					r := judged(t, shot(t, p, c))
					want, docs := whole, r.Documents
					if c.Open {
						want = "authentic 0-29, not-verifiable 30-39"
						if c.Partial == 4 {
							want = "authentic 0-37, not-verifiable 38-39"
						}
						if c.Partial == 5 {
							want = "authentic 0-29, not-verifiable 30-39"
						}
					}
					if r.State != camera.Authentic || docs.Missing+docs.NotAuthentic > 0 || runs(r) != want {
						t.Errorf("%s, %s, %s", r.State, counts(r), runs(r))
						explain(t, r)
					}
				})
			}
		}
	}
}

func TestSignerOfEverySliceIsUnderstood(t *testing.T) {
	c := fixture.Camera{AllSlices: true}
	r := judged(t, shot(t, openGroups, c))
	if r.State != camera.Authentic || counts(r) != "20 a" || !notes(r, camera.NoteAllSlices) || notes(r, camera.NoteUnprotected) {
		t.Errorf("%s, %s", r.State, counts(r))
		explain(t, r)
	}
	r = judged(t, shot(t, openGroups, c).flip(127))
	if r.State != camera.NotAuthentic || counts(r) != "19 a 1 n" {
		t.Errorf("a leading picture flipped: %s, %s", r.State, counts(r))
		explain(t, r)
	}
	c.LowBitrate, c.Open = true, true
	if r = judged(t, shot(t, openGroups, c)); r.State != camera.Authentic || counts(r) != "19 a" {
		t.Errorf("without lists: %s, %s", r.State, counts(r))
		explain(t, r)
	}
}

func TestSlicesThatNoSignerHashesAreUnprotected(t *testing.T) {
	h265 := fixture.Pattern{H265: true, Groups: 4, Length: 10}
	for name, c := range map[string]struct {
		p   fixture.Pattern
		nal []byte
	}{
		"SVC":                          {short, []byte{20, 1, 2, 3}},
		"IDR without reference":        {short, []byte{5, 0x88, 2, 3}},
		"slice with the forbidden bit": {short, []byte{0x81, 0x88, 2, 3}},
		"data partition":               {short, []byte{2, 0x88, 2, 3}},
		"partition, forbidden bit":     {short, []byte{0x82, 0x88, 2, 3}},
		"slice of one byte":            {short, []byte{1}},
		"H.265 layer":                  {h265, []byte{2, 9, 0x80, 1}},
		"H.265 IRAP above layer 0":     {h265, []byte{38, 2, 0x80, 1}},
		"H.265 without temporal id":    {h265, []byte{2, 0, 0x80, 1}},
		"H.265 reserved":               {h265, []byte{44, 1, 0x80, 1}},
		"H.265 of one byte":            {h265, []byte{2}},
	} {
		t.Run(name, func(t *testing.T) {
			f := shot(t, c.p, fixture.Camera{})
			f.units[15] = append(f.units[15], c.nal)
			r := judged(t, f)
			if r.State != camera.AuthenticPartial || runs(r) != "authentic 0-14, unprotected 15-15, authentic 16-39, ignored 40-40" {
				t.Errorf("%s, %s", r.State, runs(r))
				explain(t, r)
			}
			f = shot(t, c.p, fixture.Camera{})
			f.units = slices.Insert(f.units, 20, [][]byte{c.nal})
			if r = judged(t, f); r.State != camera.AuthenticPartial || runs(r) != "authentic 0-19, unprotected 20-20, authentic 21-40, ignored 41-41" {
				t.Errorf("as a picture between groups: %s, %s", r.State, runs(r))
				explain(t, r)
			}
		})
	}
}

func TestWhatIsNoCodedSliceMayComeAndGo(t *testing.T) {
	f := shot(t, short, fixture.Camera{})
	for i := range f.units {
		f.units[i] = append([][]byte{{9, 0xf0}, {0x67, 1}, {0x68, 2}, {6, 5, 3, 1, 2, 3, 0x80}, {0x26, 5, 1}, {12, 0xff}, {}, {6}, {6, 5, 0xff, 0xff}, {0}}, f.units[i]...)
	}
	if r := judged(t, f); r.State != camera.Authentic || runs(r) != whole {
		t.Errorf("%s, %s", r.State, runs(r))
	}
	h := shot(t, fixture.Pattern{H265: true, Groups: 4, Length: 10}, fixture.Camera{})
	for i := range h.units {
		h.units[i] = append([][]byte{{0x40, 1, 1}, {0x42, 1, 2}, {0x46, 1, 0x50}, {0x4e, 1, 5}, {0x4e, 9, 5, 1, 2}, {0xfe}}, h.units[i]...)
	}
	if r := judged(t, h); r.State != camera.Authentic || runs(r) != whole {
		t.Errorf("H.265: %s, %s", r.State, runs(r))
	}
}

func TestSuffixMessagesOfH265Count(t *testing.T) {
	f := shot(t, fixture.Pattern{H265: true, Groups: 4, Length: 10}, fixture.Camera{})
	for i := range f.units {
		for k, n := range f.units[i] {
			if f.message(n) {
				n = bytes.Clone(n)
				n[0] = 40 << 1
				f.units[i][k] = n
			}
		}
	}
	// The header is signed, so these documents do not hold, but they are read.
	if r := judged(t, f); r.State != camera.NotAuthentic || counts(r) != "4 n" {
		t.Errorf("%s, %s", r.State, counts(r))
	}
}
