package verify_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/trust"
	"vedette/verify"
	"vedette/verify/camera"
)

// take is a camera's recording: four groups of ten pictures.
type take struct {
	pattern fixture.Pattern
	camera  fixture.Camera
	change  func(units [][][]byte) [][][]byte
	ticks   uint32 // of one picture, 40 if 0
}

// filmed makes an export of a recording, sealed unless change takes the seals away.
func filmed(t testing.TB, k take, change func(*fixture.Export, *fixture.World)) []byte {
	t.Helper()
	if k.pattern.Groups == 0 {
		k.pattern.Groups, k.pattern.Length = 4, 10
	}
	if k.camera.By == nil {
		k.camera.By = cameraKey(t)
	}
	if k.camera.Begin.IsZero() {
		k.camera.Begin = scene
	}
	units, err := k.camera.Sign(k.pattern.Units())
	if err != nil {
		t.Fatal(err)
	}
	if k.change != nil {
		units = k.change(units)
	}
	video := &fixture.Coded{Scale: 1000, Entry: entry()}
	for i, u := range units {
		s := fixture.Sample{Data: fixture.Join(u), Duration: max(k.ticks, 40), Sync: i%10 == 0}
		if len(u) == 1 && u[0][0] == 6 {
			s.Duration = 0 // a message alone
		}
		video.Samples = append(video.Samples, s)
	}
	return sealed(t, func(x *fixture.Export, w *fixture.World) {
		x.Video = video
		if change != nil {
			change(x, w)
		}
	})
}

var cameraKeys = map[string]*fixture.Signer{}

func cameraKey(t testing.TB) *fixture.Signer {
	t.Helper()
	return lens(t, "Camera 7", elliptic.P256(), nil, nil)
}

// lens makes a camera's key, once for each name.
func lens(t testing.TB, name string, on elliptic.Curve, by *fixture.Signer, change func(*x509.Certificate)) *fixture.Signer {
	t.Helper()
	if s := cameraKeys[name]; s != nil {
		return s
	}
	s, err := world(t).Mint(name, curve(t, on).Key, by, change)
	if err != nil {
		t.Fatal(err)
	}
	cameraKeys[name] = s
	return s
}

func unsealed(x *fixture.Export, _ *fixture.World) { x.Seals = nil }

func byMallory(x *fixture.Export, w *fixture.World) {
	x.Seals = []fixture.SealBy{{Signer: w.Mallory, Starts: x.Starts}}
}

func flipUnit(n int) func([][][]byte) [][][]byte {
	return func(u [][][]byte) [][][]byte {
		nal := u[n][len(u[n])-1]
		nal[len(nal)/2] ^= 1
		return u
	}
}

func dropUnit(n int) func([][][]byte) [][][]byte {
	return func(u [][][]byte) [][][]byte { return slices.Delete(u, n, n+1) }
}

func svc(u [][][]byte) [][][]byte {
	u[15] = append(u[15], []byte{20, 1, 2, 3})
	return u
}

func TestHeadlineFollowsSealsAndCameraSigning(t *testing.T) {
	good, altered, lost := take{}, take{change: flipUnit(15)}, take{change: dropUnit(15)}
	partial := take{change: svc}
	blind := take{camera: fixture.Camera{CertificateSEI: true}, change: func(u [][][]byte) [][][]byte { u[0] = u[0][1:]; return u }}
	none := take{change: func(u [][][]byte) [][][]byte { return fixture.Pattern{Groups: 4, Length: 10}.Units() }}
	cut := take{change: func(u [][][]byte) [][][]byte { return u[5:35] }}
	cases := []struct {
		name     string
		data     []byte
		verdict  verify.Verdict
		state    camera.State
		headline string
		exit     int
	}{
		{"sealed, authentic", filmed(t, good, nil), verify.Intact, camera.Authentic, "Seal intact. Signer trusted.", 0},
		{"sealed, clip with heads and tails", filmed(t, cut, nil), verify.Intact, camera.Authentic, "Seal intact. Signer trusted.", 0},
		{"sealed, no camera signing", filmed(t, none, nil), verify.Intact, camera.NotSigned, "Seal intact. Signer trusted.", 0},
		{"sealed, altered", filmed(t, altered, nil), verify.Broken, camera.NotAuthentic, "Seal intact. Camera signing does not match.", 12},
		{"sealed, pictures missing", filmed(t, lost, nil), verify.IntactIncomplete, camera.AuthenticMissing, "Seal intact. Not everything is covered.", 11},
		{"sealed, unprotected slices", filmed(t, partial, nil), verify.IntactIncomplete, camera.AuthenticPartial, "Seal intact. Not everything is covered.", 11},
		{"sealed, no certificate", filmed(t, blind, nil), verify.IntactIncomplete, camera.NotVerifiable, "Seal intact. Not everything is covered.", 11},
		{"sealed by a stranger, authentic", filmed(t, good, byMallory), verify.IntactUntrusted, camera.Authentic, "Seal intact. Signer not trusted.", 10},
		{"sealed by a stranger, pictures missing", filmed(t, lost, byMallory), verify.IntactUntrusted, camera.AuthenticMissing, "Seal intact. Signer not trusted.", 10},
		{"sealed by a stranger, altered", filmed(t, altered, byMallory), verify.Broken, camera.NotAuthentic, "Seal intact. Camera signing does not match.", 12},
		{"index added later, altered", filmed(t, altered, func(x *fixture.Export, _ *fixture.World) { x.LateMfra = true }), verify.Broken, camera.NotAuthentic, "Seal intact. Camera signing does not match.", 12},
		{"not sealed, authentic", filmed(t, good, unsealed), verify.Unsigned, camera.Authentic, "No seal.", 13},
		{"not sealed, altered", filmed(t, altered, unsealed), verify.Unsigned, camera.NotAuthentic, "No seal.", 13},
		{"seal broken, altered", flip(filmed(t, altered, nil), find(t, filmed(t, altered, nil), "mdat", 1)+30), verify.Broken, camera.NotAuthentic, "Seal broken.", 12},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := examine(t, c.data, agency(t))
			if r.Camera == nil || r.Verdict != c.verdict || r.Camera.State != c.state || r.Headline() != c.headline || verify.ExitStatus(r.Verdict) != c.exit {
				t.Errorf("%s, %+v, %q", r.Verdict, r.Camera, r.Headline())
			}
			if r.Camera.Present != (c.state != camera.NotSigned) {
				t.Errorf("present %v", r.Camera.Present)
			}
			for _, n := range r.NotChecked {
				if n == "camera signing inside the video" {
					t.Error("it is said not to be checked")
				}
			}
		})
	}
	t.Run("weak seal, altered", func(t *testing.T) {
		s := modulus(t, 1024)
		r := examine(t, filmed(t, altered, func(x *fixture.Export, _ *fixture.World) {
			x.Seals = []fixture.SealBy{{Signer: s, Starts: x.Starts}}
		}), agency(t))
		if r.Verdict != verify.CannotCheck || r.Camera.State != camera.NotAuthentic || r.Headline() != "Cannot be checked." {
			t.Errorf("%s, %s, %q", r.Verdict, r.Camera.State, r.Headline())
		}
	})
}

func TestKeyOfACameraIsJudgedAtTheTimeOfRecording(t *testing.T) {
	w := world(t)
	impostor, err := w.Mint("Sandhaven Evidence CA 1", curve(t, elliptic.P256()).Key, w.Mallory, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
	})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := w.Mint("Camera 7", curve(t, elliptic.P256()).Key, impostor, nil)
	if err != nil {
		t.Fatal(err)
	}
	dated := func(name string, from, to time.Time) *fixture.Signer {
		return lens(t, name, elliptic.P256(), nil, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to })
	}
	unusual := lens(t, "Unusual", elliptic.P256(), nil, func(c *x509.Certificate) {
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageKeyAgreement, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	})
	p384 := lens(t, "Camera 384", elliptic.P384(), nil, nil)
	expired := dated("Expired since", scene.AddDate(0, -1, 0), scene.AddDate(0, 1, 0))
	rootOnly := agency(t)
	rootOnly.Packs[0].Anchors, rootOnly.Packs[0].Intermediates = []*x509.Certificate{w.Root.Cert}, nil
	ungiven := verify.Policy{Now: agency(t).Now}
	partner := agency(t)
	partner.Packs[0].Partner, partner.Partner = "metro", "harbour"
	pinned := ungiven
	pinned.Packs = []verify.Pack{{Name: "pins", Pins: [][32]byte{sha256.Sum256(cameraKey(t).Cert.Raw)}}}
	relative := time.Unix(-11_644_473_600, 0)
	for _, c := range []struct {
		name   string
		camera fixture.Camera
		policy verify.Policy
		want   camera.Ownership
		state  verify.TrustState
		codes  string
	}{
		{"trusted", fixture.Camera{}, agency(t), camera.OwnerTrusted, verify.SignerTrusted, ""},
		{"35 wrong CA with the same names", fixture.Camera{By: stranger, Chain: []*x509.Certificate{impostor.Cert}}, agency(t), camera.OwnerUntrusted, verify.SignerUnknown, "CAMERA-UNTRUSTED"},
		{"36 expired today, valid at recording time", fixture.Camera{By: expired}, agency(t), camera.OwnerTrusted, verify.SignerTrustedThenExpired, "CAMERA-KEY-EXPIRED"},
		{"37 valid only after the claimed recording time", fixture.Camera{By: dated("Not yet", scene.AddDate(0, 1, 0), scene.AddDate(1, 0, 0))}, agency(t), camera.OwnerUntrusted, verify.SignerRejected, "CAMERA-UNTRUSTED"},
		{"expired before the claimed recording time", fixture.Camera{By: dated("Expired", scene.AddDate(0, -2, 0), scene.AddDate(0, -1, 0))}, agency(t), camera.OwnerUntrusted, verify.SignerRejected, "CAMERA-UNTRUSTED"},
		{"expires while it records", fixture.Camera{By: dated("Expires", scene.AddDate(0, -2, 0), scene.Add(time.Second))}, agency(t), camera.OwnerUntrusted, verify.SignerRejected, "CAMERA-UNTRUSTED"},
		{"38 leaf and intermediate, P-384", fixture.Camera{By: p384, Chain: []*x509.Certificate{w.Intermediate.Cert}}, rootOnly, camera.OwnerTrusted, verify.SignerTrusted, ""},
		{"38 without the intermediate", fixture.Camera{By: p384}, rootOnly, camera.OwnerUntrusted, verify.SignerUnknown, "CAMERA-UNTRUSTED"},
		{"any usage", fixture.Camera{By: unusual}, agency(t), camera.OwnerTrusted, verify.SignerTrusted, ""},
		{"no packs", fixture.Camera{}, ungiven, camera.OwnerUnchecked, verify.SignerUnchecked, ""},
		{"pack of another partner", fixture.Camera{}, partner, camera.OwnerUntrusted, verify.SignerUnknown, "CAMERA-UNTRUSTED"},
		{"pinned", fixture.Camera{}, pinned, camera.OwnerTrusted, verify.SignerPinned, ""},
		{"no clock, valid today", fixture.Camera{Begin: relative}, agency(t), camera.OwnerTrusted, verify.SignerTrusted, "CAMERA-TIME-NO-UTC"},
		{"no clock, expired today", fixture.Camera{By: expired, Version1: true, Begin: relative}, agency(t), camera.OwnerTrusted, verify.SignerTrustedThenExpired, "CAMERA-TIME-NO-UTC CAMERA-KEY-EXPIRED"},
		{"clock of version 1", fixture.Camera{Version1: true}, agency(t), camera.OwnerTrusted, verify.SignerTrusted, ""},
		{"clock in the future", fixture.Camera{Begin: scene.AddDate(20, 0, 0)}, agency(t), camera.OwnerTrusted, verify.SignerTrusted, ""},
		{"clock in the future, expired today", fixture.Camera{By: expired, Begin: scene.AddDate(20, 0, 0)}, agency(t), camera.OwnerUntrusted, verify.SignerUndecidable, "CAMERA-UNTRUSTED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := examine(t, filmed(t, take{camera: c.camera}, nil), c.policy)
			k := r.Camera.Tracks[0]
			if r.Camera.State != camera.Authentic || r.Camera.Provenance != c.want || k.Trust.State != c.state {
				t.Errorf("%s, %s, %+v", r.Camera.State, r.Camera.Provenance, k.Trust)
			}
			for _, code := range strings.Fields(c.codes) {
				if !says(r, code) {
					t.Errorf("%s is not said", code)
				}
			}
			if k.Signer == nil || c.want == camera.OwnerTrusted && len(k.Chain) == 0 {
				t.Errorf("signer %v, chain %v", k.Signer, k.Chain)
			}
		})
	}
}

func TestWhatIsNoticedAboutCameraSigningIsAFinding(t *testing.T) {
	joined := func(more take, gap int) func([][][]byte) [][][]byte {
		return func(u [][][]byte) [][][]byte {
			if more.camera.By == nil {
				more.camera.By = cameraKey(t)
			}
			v, err := more.camera.Sign(fixture.Pattern{Groups: 4, Length: 10, Seed: 5}.Units())
			if err != nil {
				t.Fatal(err)
			}
			return append(u[:len(u)-gap], v...)
		}
	}
	for _, c := range []struct {
		codes string
		take  take
	}{
		{"CAMERA-NOT-AUTHENTIC", take{change: flipUnit(15)}},
		{"CAMERA-MISSING", take{change: dropUnit(15)}},
		{"CAMERA-PARTIAL", take{change: svc}},
		{"CAMERA-NOT-VERIFIABLE CAMERA-CERTIFICATE", take{camera: fixture.Camera{CertificateSEI: true}, change: func(u [][][]byte) [][][]byte {
			u[0][0][len(u[0][0])-30] ^= 1
			return u
		}}},
		{"CAMERA-UNREADABLE", take{change: func(u [][][]byte) [][][]byte { u[11][0] = u[11][0][:90]; return u }}},
		{"CAMERA-VERSION", take{camera: fixture.Camera{Tags: func(_ int, k [][]byte) [][]byte { k[0][4] = 99; return k }}}},
		{"CAMERA-TAG-UNKNOWN", take{camera: fixture.Camera{Extra: []byte{99, 0, 1, 1}}}},
		{"CAMERA-BYTE-ORDER", take{camera: fixture.Camera{Little: true}}},
		{"CAMERA-KEY-CHANGE", take{change: joined(take{camera: fixture.Camera{By: world(t).Exporter, Begin: scene.Add(time.Hour)}}, 0)}},
		{"CAMERA-SEAM", take{change: joined(take{camera: fixture.Camera{Begin: scene.Add(time.Hour)}}, 0)}},
		{"CAMERA-CLOCK-BACKWARDS", take{change: joined(take{camera: fixture.Camera{Begin: scene.Add(-time.Hour)}}, 0)}},
		{"CAMERA-TIME-LENGTH", take{ticks: 80}},
		{"CAMERA-TIME-DIFFERS", take{camera: fixture.Camera{Begin: scene.Add(time.Minute)}}},
		{"CAMERA-LIMIT", take{change: func(u [][][]byte) [][][]byte {
			var nals [][]byte
			for range 4000 {
				nals = append(nals, []byte{0x41, 0x9a, 1, 1})
			}
			for range 40 {
				u = append(u, nals)
			}
			return u
		}}},
		{"CAMERA-SAMPLE", take{change: func(u [][][]byte) [][][]byte {
			for range 5000 {
				u[15] = append(u[15], []byte{9, 0xf0})
			}
			return u
		}}},
		{"CAMERA-AXIS", take{change: func(u [][][]byte) [][][]byte {
			u = fixture.Pattern{Groups: 4, Length: 10}.Units()
			u[3] = append([][]byte{append(append([]byte{6, 5, 20}, "Signed Video...0"...), 0, 1, 2, 3, 0x80)}, u[3]...)
			return u
		}}},
	} {
		r := examine(t, filmed(t, c.take, nil), agency(t))
		for _, code := range strings.Fields(c.codes) {
			if !says(r, code) {
				t.Errorf("%s is not said: %+v", code, r.Findings)
			}
		}
	}
	// Slices of every kind come in H.265.
	kinds := fixture.Pattern{H265: true, Groups: 4, Length: 10, Kind: func(g, p int) byte {
		switch {
		case p == 0 && g == 0:
			return 19
		case p == 0:
			return 21
		case p < 3 && g > 0:
			return 9
		}
		return 1
	}}
	data := filmed(t, take{pattern: kinds, camera: fixture.Camera{H265: true, AllSlices: true}}, func(x *fixture.Export, _ *fixture.World) {
		copy(x.Video.Entry[4:], "hvc1")
	})
	if r := examine(t, data, agency(t)); !says(r, "CAMERA-ALL-SLICES") || r.Camera.State != camera.Authentic {
		t.Errorf("%+v", r.Findings)
	}
}

func TestCameraSigningInJSONIsAsDesigned(t *testing.T) {
	r := examine(t, filmed(t, take{change: flipUnit(15)}, nil), agency(t))
	text, err := json.Marshal(r.Camera)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"present":true,"state":"not-authentic","provenance":"trusted","documents":{"authentic":3,"missing":0,"notAuthentic":1,"notVerifiable":0},"ranges":[` +
		`{"track":1,"fromSample":0,"toSample":14,"from":"2026-03-01T12:00:00Z","to":"2026-03-01T12:00:00.6Z","state":"authentic"},` +
		`{"track":1,"fromSample":15,"toSample":15,"from":"2026-03-01T12:00:00.6Z","to":"2026-03-01T12:00:00.64Z","state":"altered"},` +
		`{"track":1,"fromSample":16,"toSample":39,"from":"2026-03-01T12:00:00.64Z","to":"2026-03-01T12:00:01.6Z","state":"authentic"},` +
		`{"track":1,"fromSample":40,"toSample":40,"from":"2026-03-01T12:00:01.6Z","to":"2026-03-01T12:00:01.6Z","state":"ignored"}]}`
	if string(text) != want {
		t.Errorf("\n%s, want\n%s", text, want)
	}
	g := r.Camera.Ranges
	if g[0].FirstDocument != 1 || g[0].LastDocument != 2 || g[0].Signer == nil || !g[0].Signed.From.Equal(scene) || g[1].Signer != nil || g[1].FirstDocument != 2 {
		t.Errorf("%+v", g)
	}
	none, _ := json.Marshal(examine(t, draft(t, nil), agency(t)).Camera)
	if want := `{"present":false,"state":"not-signed","provenance":"unchecked","documents":{"authentic":0,"missing":0,"notAuthentic":0,"notVerifiable":0},"ranges":[]}`; string(none) != want {
		t.Errorf("%s", none)
	}
}

func TestTextTellsCameraSigning(t *testing.T) {
	write := func(r *verify.Report) string {
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	many := take{pattern: fixture.Pattern{Groups: 60, Length: 3}, change: func(u [][][]byte) [][][]byte {
		for i := range 50 {
			u = flipUnit(3*i + 2)(u)
		}
		return u
	}}
	for _, c := range []struct {
		name string
		take take
		want []string
	}{
		{"altered", take{change: flipUnit(15)}, []string{
			`camera signing "not-authentic", key trusted`, "1.560 of 1.600 s", "CN=Camera 7", "(signed time of the pictures)", "Sandhaven, serial S-01",
			`samples 10 to 19: document 2, "not-authentic". Pictures differ from those that were signed. 1 slice altered.`,
		}},
		{"losses", take{change: dropUnit(15)}, []string{`document 2, "authentic-missing". Slices that were signed are absent. 1 slice missing.`}},
		{"gap", take{change: func(u [][][]byte) [][][]byte { u[21] = u[21][1:]; return u }}, []string{`samples 10 to 19: "unsigned-gap". No valid document covers these pictures.`}},
		{"document alone", take{change: func(u [][][]byte) [][][]byte { u[21][0] = u[21][0][:99]; return u }}, []string{`at sample 21: document 2, "not-authentic". The document is unreadable.`}},
		{"none", take{change: func([][][]byte) [][][]byte { return fixture.Pattern{Groups: 1, Length: 4}.Units() }}, []string{"no camera signing inside the video"}},
		{"many", many, []string{"and 30 more"}},
	} {
		text := write(examine(t, filmed(t, c.take, nil), agency(t)))
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not in\n%s", c.name, w, text)
			}
		}
	}
}

func TestPublishedSignedFilesAreToldAsAuthenticAndUnsealed(t *testing.T) {
	packs, _, err := trust.Load("../testdata/media-signing/ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"test_signed_h264.mp4", "test_signed_h265.mp4"} {
		r := checkFile(t, "../testdata/media-signing/"+name, verify.Policy{Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Packs: packs})
		c := r.Camera
		if r.Verdict != verify.Unsigned || c.State != camera.Authentic || c.Provenance != camera.OwnerTrusted || c.Documents != (camera.Documents{Authentic: 5}) {
			t.Errorf("%s: %s, %s, %s, %+v", name, r.Verdict, c.State, c.Provenance, c.Documents)
		}
		if g := c.Ranges[0]; g.From != nil || g.To != nil || g.Begin.Value != 0 {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

func TestDocumentsAreFoundWhereverTheFileIsCutIntoPieces(t *testing.T) {
	// The mark of the only document lies across the border of what is read at once.
	for shift := range 18 {
		units := fixture.Pattern{Groups: 2, Length: 3, Size: 40}.Units()
		c := fixture.Camera{By: cameraKey(t), Begin: scene}
		signed, err := c.Sign(units)
		if err != nil {
			t.Fatal(err)
		}
		document := signed[4][0]
		at := bytes.Index(document, camera.UUID())
		pad := []byte{12}
		build := func(n int) []byte {
			filler := append(slices.Clone(pad), bytes.Repeat([]byte{0xff}, n)...)
			return filmed(t, take{change: func([][][]byte) [][][]byte {
				return [][][]byte{append([][]byte{filler}, units[0]...), units[1], units[2], append([][]byte{document}, units[3]...), units[4], units[5]}
			}}, nil)
		}
		const piece = 1 << 20
		n := piece - 100
		have := bytes.Index(build(n), camera.UUID())
		n += 2*piece - have - shift
		data := build(n)
		if got := bytes.Index(data, camera.UUID()); got != 2*piece-shift {
			t.Fatalf("the mark lies at %d, want %d; %d", got, 2*piece-shift, at)
		}
		r := examine(t, data, agency(t))
		if !r.Camera.Present {
			t.Errorf("the document was missed %d bytes before the border", shift)
		}
	}
}

func TestCancelledOrFailingCameraCheckSaysNothingGood(t *testing.T) {
	data := filmed(t, take{pattern: fixture.Pattern{Groups: 20, Length: 10, Size: 20_000}}, nil)
	size := int64(len(data))
	check := func(change func(m *mutable, cancel func())) (*verify.Report, error, time.Duration) {
		m := &mutable{data: bytes.Clone(data)}
		e, err := evidence.Open(t.Context(), evidence.NewFile(m, size, "x.mp4"))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Index(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var at time.Time
		r, err := verify.Check(ctx, e, agency(t), func(p verify.Progress) {
			if p.Total < 2*size {
				return
			}
			if p.Done > size+size/2 && at.IsZero() {
				at = time.Now()
				change(m, cancel)
			}
		})
		return r, err, time.Since(at)
	}
	r, err, took := check(func(_ *mutable, cancel func()) { cancel() })
	if !errors.Is(err, context.Canceled) || r.Verdict != verify.CannotCheck || r.Camera != nil || !r.Partial || took > 100*time.Millisecond {
		t.Errorf("cancelled: %s, %+v, %v after %s", r.Verdict, r.Camera, err, took)
	}
	r, err, _ = check(func(m *mutable, _ func()) { m.data[len(m.data)-30_000] ^= 1 })
	if err == nil || r.Verdict != verify.CannotCheck || r.Integrity != verify.FileWithdrawn || r.Camera != nil {
		t.Errorf("changed: %s, %+v, %v", r.Verdict, r.Camera, err)
	}
	pauses := 0
	e := opened(t, data)
	if _, err := verify.Check(verify.Paced(t.Context(), func() { pauses++ }), e, agency(t), nil); err != nil || pauses < int(size>>20)+2 {
		t.Errorf("%d pauses, %v", pauses, err)
	}
}

func TestCameraWithoutCertificateIsNobodysInParticular(t *testing.T) {
	blind := filmed(t, take{camera: fixture.Camera{CertificateSEI: true}, change: func(u [][][]byte) [][][]byte { u[0] = u[0][1:]; return u }}, nil)
	for _, c := range []struct {
		policy verify.Policy
		want   camera.Ownership
		said   bool
	}{{agency(t), camera.OwnerUntrusted, false}, {verify.Policy{Now: agency(t).Now}, camera.OwnerUnchecked, true}} {
		r := examine(t, blind, c.policy)
		if r.Camera.State != camera.NotVerifiable || r.Camera.Provenance != c.want || !says(r, "CAMERA-CERTIFICATE") ||
			slices.Contains(r.NotChecked, "the camera's key: no trust pack was given") != c.said {
			t.Errorf("%s, %s, %q", r.Camera.State, r.Camera.Provenance, r.NotChecked)
		}
	}
}
