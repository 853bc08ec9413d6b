package camera_test

import (
	"bytes"
	"crypto"
	"slices"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify/camera"
)

// row is one row of the matrix of tampering.
type row struct {
	name  string
	film  func(t *testing.T) *film
	state camera.State
	docs  string // see counts
	runs  string // see runs
	note  camera.NoteKind
}

// on tampers with the plain film.
func on(change func(f *film) *film) func(*testing.T) *film {
	return func(t *testing.T) *film { return change(plain(t)) }
}

func withCamera(p fixture.Pattern, c fixture.Camera, change func(f *film) *film) func(*testing.T) *film {
	return func(t *testing.T) *film {
		f := shot(t, p, c)
		if change != nil {
			f = change(f)
		}
		return f
	}
}

var openGroups = fixture.Pattern{H265: true, Kind: func(group, picture int) byte {
	switch {
	case picture == 0 && group == 0:
		return 19
	case picture == 0:
		return 21
	case group > 0 && picture < 3:
		return 9
	}
	return 1
}}

var matrix = []row{
	{"1 untouched", on(func(f *film) *film { return f }), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"2 one picture dropped", on(func(f *film) *film { return f.drop(135, 1) }), camera.AuthenticMissing, "19 a 1 m", "authentic 0-498, ignored 499-499", 0},
	{"3 five pictures dropped", on(func(f *film) *film { return f.drop(135, 5) }), camera.AuthenticMissing, "19 a 1 m", "authentic 0-494, ignored 495-495", 0},
	{"4 IDR dropped", on(func(f *film) *film { return f.drop(125, 1) }), camera.NotAuthentic, "19 a 1 n", "authentic 0-124, altered 125-148, authentic 149-498, ignored 499-499", 0},
	{"5 picture dropped that carried a document", on(func(f *film) *film { return f.drop(126, 1) }), camera.NotAuthentic, "18 a 1 m", "authentic 0-99, unsigned-gap 100-124, authentic 125-498, ignored 499-499", 0},
	{"6 last picture of a group dropped", on(func(f *film) *film { return f.drop(149, 1) }), camera.AuthenticMissing, "19 a 1 m", "authentic 0-498, ignored 499-499", 0},
	{"7 two pictures swapped in one group", on(func(f *film) *film { return f.exchange(130, 140, false) }), camera.NotAuthentic, "19 a 1 n", "", 0},
	{"8 pictures swapped across groups", on(func(f *film) *film { return f.exchange(130, 160, false) }), camera.NotAuthentic, "18 a 2 n", "authentic 0-129, altered 130-130, authentic 131-159, altered 160-160, authentic 161-499, ignored 500-500", 0},
	{"9 byte flipped in a picture", on(func(f *film) *film { return f.flip(130) }), camera.NotAuthentic, "19 a 1 n", "authentic 0-129, altered 130-130, authentic 131-499, ignored 500-500", 0},
	{"10 byte flipped in an IDR", on(func(f *film) *film { return f.flip(125) }), camera.NotAuthentic, "19 a 1 n", "authentic 0-124, altered 125-149, authentic 150-499, ignored 500-500", 0},
	{"10 byte flipped in the first IDR", on(func(f *film) *film { return f.flip(0) }), camera.NotAuthentic, "19 a 1 n", "altered 0-24, authentic 25-499, ignored 500-500", 0},
	{"10 byte flipped in the last IDR", on(func(f *film) *film { return f.flip(475) }), camera.NotAuthentic, "19 a 1 n", "authentic 0-474, altered 475-499, ignored 500-500", 0},
	{"11 cut to start at an IDR", on(func(f *film) *film { return f.cut(25, 501) }), camera.Authentic, "19 a 1 v", "authentic 0-474, ignored 475-475", 0},
	{"12 cut to start in mid group", on(func(f *film) *film { return f.cut(35, 501) }), camera.Authentic, "18 a 1 v", "not-verifiable 0-14, authentic 15-464, ignored 465-465", 0},
	{"13 cut right after a document", on(func(f *film) *film { return f.cut(0, 77) }), camera.Authentic, "3 a", "authentic 0-74, not-verifiable 75-76", 0},
	{"14 cut in mid group", on(func(f *film) *film { return f.cut(0, 87) }), camera.Authentic, "3 a", "authentic 0-74, not-verifiable 75-86", 0},
	{"15 both ends cut in mid group, one whole group inside", on(func(f *film) *film { return f.cut(10, 60) }), camera.Authentic, "1 a 1 v", "not-verifiable 0-14, authentic 15-39, not-verifiable 40-49", 0},
	{"16 all documents removed", on(func(f *film) *film {
		for i := range f.units {
			f.silence(i)
		}
		return f
	}), camera.NotSigned, "", "", 0},
	{"17 one document removed", on(func(f *film) *film { return f.silence(126) }), camera.NotAuthentic, "19 a", "authentic 0-99, unsigned-gap 100-124, authentic 125-499, ignored 500-500", 0},
	{"18 two neighbours removed", on(func(f *film) *film { return f.silence(126).silence(151) }), camera.NotAuthentic, "18 a", "authentic 0-99, unsigned-gap 100-149, authentic 150-499, ignored 500-500", 0},
	{"19 two documents swapped", on(func(f *film) *film { return f.exchange(126, 151, true) }), camera.NotAuthentic, "18 a 1 m 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-125, unsigned-gap 126-149, authentic 150-499, ignored 500-500", 0},
	{"20 byte of a document flipped", on(func(f *film) *film {
		d := *f.document(126)
		d[len(d)/2] ^= 1
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-499, ignored 500-500", 0},
	{"20 byte of a signature flipped", on(func(f *film) *film {
		d := *f.document(126)
		d[len(d)-40] ^= 1
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-499, ignored 500-500", 0},
	{"20 last document flipped", on(func(f *film) *film {
		d := *f.document(500)
		d[len(d)-40] ^= 1
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-474, unsigned-gap 475-499, ignored 500-500", 0},
	{"21 picture duplicated", on(func(f *film) *film {
		_, s := f.split(130)
		f.units = slices.Insert(f.units, 131, s)
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-130, altered 131-131, authentic 132-500, ignored 501-501", 0},
	{"21 foreign picture inserted", on(func(f *film) *film {
		f.units = slices.Insert(f.units, 140, fixture.Pattern{Groups: 1, Length: 2, Seed: 9}.Units()[1])
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-139, altered 140-140, authentic 141-500, ignored 501-501", 0},
	{"21 foreign picture inserted at the end of a group", on(func(f *film) *film {
		f.units = slices.Insert(f.units, 150, fixture.Pattern{Groups: 1, Length: 2, Seed: 9}.Units()[1])
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-149, altered 150-150, authentic 151-500, ignored 501-501", 0},
	{"21 frozen picture", on(func(f *film) *film {
		_, s := f.split(130)
		f.units[131] = s
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-130, altered 131-131, authentic 132-499, ignored 500-500", 0},
	{"22 two groups swapped", on(func(f *film) *film {
		f.units = slices.Concat(f.units[:125], f.units[150:175], f.units[125:150], f.units[175:])
		return f
	}), camera.NotAuthentic, "18 a 2 n", "authentic 0-124, altered 125-149, unsigned-gap 150-174, authentic 175-499, ignored 500-500", 0},
	{"23 group removed, its own document kept", on(func(f *film) *film { return f.drop(125, 25) }), camera.NotAuthentic, "18 a 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-474, ignored 475-475", 0},
	{"24 group removed together with its document", on(func(f *film) *film {
		*f.document(151) = *f.document(126)
		return f.drop(125, 25)
	}), camera.AuthenticMissing, "18 a 1 m", "authentic 0-474, ignored 475-475", 0},
	{"25 durations doubled", on(func(f *film) *film {
		f.ticks = slices.Repeat([]int64{7200}, 500)
		return f
	}), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", camera.NoteTime},
	{"26 delimiters and trailing zeros added", on(func(f *film) *film {
		for i, u := range f.units {
			for k := range u {
				u[k] = append(bytes.Clone(u[k]), 0, 0, 0)
			}
			f.units[i] = slices.Insert(u, 0, []byte{0x09, 0xf0})
		}
		return f
	}), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"29 clip without the certificate SEI", withCamera(fixture.Pattern{}, fixture.Camera{CertificateSEI: true}, func(f *film) *film { return f.silence(0) }),
		camera.NotVerifiable, "20 v", "not-verifiable 0-499, ignored 500-500", camera.NoteCertificate},
	{"29 certificate SEI kept", withCamera(fixture.Pattern{}, fixture.Camera{CertificateSEI: true}, nil), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"30 low bitrate and a loss", withCamera(fixture.Pattern{}, fixture.Camera{LowBitrate: true, Open: true}, func(f *film) *film { return f.drop(130, 1) }),
		camera.NotAuthentic, "18 a 1 n", "authentic 0-124, altered 125-148, authentic 149-473, not-verifiable 474-498", 0},
	{"31 low bitrate, document at the end", withCamera(fixture.Pattern{}, fixture.Camera{LowBitrate: true}, nil), camera.Authentic, "19 a 1 v", "authentic 0-474, not-verifiable 475-499, ignored 500-500", 0},
	{"32 list too long", withCamera(fixture.Pattern{Groups: 3, Length: 700}, fixture.Camera{Open: true}, nil), camera.Authentic, "2 a", "authentic 0-1399, not-verifiable 1400-2099", 0},
	{"33 open groups", withCamera(openGroups, fixture.Camera{}, nil), camera.AuthenticPartial, "20 a", "", camera.NoteUnprotected},
	{"34 open groups, byte flipped in a leading picture", withCamera(openGroups, fixture.Camera{}, func(f *film) *film { return f.flip(127) }),
		camera.AuthenticPartial, "20 a", "", camera.NoteUnprotected},
	{"39 two clips with other keys", func(t *testing.T) *film {
		f := plain(t)
		g := shot(t, fixture.Pattern{Seed: 5}, fixture.Camera{By: world(t).Exporter, Begin: scene.AddDate(0, 0, 1)})
		f.units = append(f.units, g.units...)
		return f
	}, camera.NotAuthentic, "20 a 20 n", "authentic 0-499, ignored 500-500, unsigned-gap 501-1000, ignored 1001-1001", camera.NoteKeyChange},
	{"40 same clip twice", on(func(f *film) *film {
		f.units = append(f.units, f.copied().units...)
		return f
	}), camera.NotAuthentic, "20 a 20 n", "authentic 0-499, ignored 500-500, unsigned-gap 501-1000, ignored 1001-1001", camera.NoteClock},
	{"41 each fourth group signed", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, nil), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"42 cut before the next signed document", withCamera(fixture.Pattern{}, fixture.Camera{Every: 4}, func(f *film) *film { return f.cut(0, 11*25+20) }),
		camera.Authentic, "8 a 3 v", "authentic 0-199, not-verifiable 200-294", 0},
	{"43 partial groups, five pictures dropped across a border", withCamera(fixture.Pattern{}, fixture.Camera{Partial: 10, Delay: 4}, func(f *film) *film { return f.drop(132, 5) }),
		camera.AuthenticMissing, "58 a 2 m", "authentic 0-494, ignored 495-495", 0},
	{"44 four slices for each picture, one dropped", withCamera(fixture.Pattern{Slices: 4}, fixture.Camera{}, func(f *film) *film {
		f.units[130] = slices.Delete(f.units[130], 2, 3)
		return f
	}), camera.AuthenticMissing, "19 a 1 m", "authentic 0-499, ignored 500-500", 0},
	{"44b every document sent twice", withCamera(fixture.Pattern{}, fixture.Camera{Twice: true}, nil), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"45 SHA-512 with an EC key", withCamera(fixture.Pattern{}, fixture.Camera{Hash: crypto.SHA512}, nil), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", 0},
	{"46 little endian signer", withCamera(fixture.Pattern{}, fixture.Camera{Little: true}, nil), camera.Authentic, "20 a", "authentic 0-499, ignored 500-500", camera.NoteLittleEndian},
	{"47 truncated SEI", on(func(f *film) *film {
		d := f.document(126)
		*d = (*d)[:len(*d)-300]
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-499, ignored 500-500", camera.NoteUnreadable},
	{"47 oversize tag", on(func(f *film) *film {
		d := *f.document(126)
		d[bytes.Index(d, camera.UUID())+18] = 0xff
		return f
	}), camera.NotAuthentic, "19 a 1 n", "authentic 0-99, unsigned-gap 100-124, authentic 125-499, ignored 500-500", camera.NoteUnreadable},
	{"47 ten thousand bogus tags", withCamera(fixture.Pattern{Groups: 3}, fixture.Camera{Extra: bytes.Repeat([]byte{99, 0, 0}, 10_000)}, nil),
		camera.NotAuthentic, "3 n", "not-verifiable 0-74, ignored 75-75", camera.NoteUnreadable},
}

func TestMatrixOfTampering(t *testing.T) { examined(t, matrix) }
