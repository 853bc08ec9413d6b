package sealing_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/fixture"
	"vedette/media"
	"vedette/sealing"
	"vedette/verify"
)

var scene = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// now is a day after the scene, when the certificates of the world are valid.
var now = scene.AddDate(0, 0, 1)

var worldOnce = sync.OnceValues(func() (*fixture.World, error) { return fixture.NewWorld(scene) })

func world(t testing.TB) *fixture.World {
	t.Helper()
	w, err := worldOnce()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func signer(t testing.TB, s *fixture.Signer, helpers ...*x509.Certificate) *sealing.Signer {
	t.Helper()
	out, err := sealing.NewSigner(s.Key, append([]*x509.Certificate{s.Cert}, helpers...))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func court(t testing.TB) sealing.Options {
	t.Helper()
	return sealing.Options{Signer: signer(t, world(t).Court), Now: now}
}

// memory is an output that may run full.
type memory struct {
	p     []byte
	limit int64 // 0: none
}

var errFull = errors.New("no space left on device")

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if m.limit > 0 && off+int64(len(p)) > m.limit {
		return 0, errFull
	}
	if grow := int(off) + len(p) - len(m.p); grow > 0 {
		m.p = append(m.p, make([]byte, grow)...)
	}
	return copy(m.p[off:], p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m.p)) {
		return 0, io.EOF
	}
	n := copy(p, m.p[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func write(data []byte, opt sealing.Options) ([]byte, *sealing.Result, error) {
	var m memory
	r, err := sealing.Write(context.Background(), file(data), &m, opt, nil)
	return m.p, r, err
}

func file(data []byte) *evidence.File {
	return evidence.NewFile(bytes.NewReader(data), int64(len(data)), "in.mp4")
}

func vector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../testdata/export", name+".mp4"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func names(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("../testdata/export/*.mp4")
	if err != nil || len(all) < 30 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	for i, n := range all {
		all[i] = strings.TrimSuffix(filepath.Base(n), ".mp4")
	}
	return all
}

// refusedVectors are those that cannot be sealed, and why.
var refusedVectors = map[string]string{
	"20_tamper_mdat": "SEALING-BROKEN", "21_tamper_suep": "SEALING-BROKEN", "22_tamper_cstb": "SEALING-BROKEN",
	"24_tamper_sig": "SEALING-BROKEN", "25_cert_swap": "SEALING-BROKEN", "27_double_tamper_auib": "SEALING-BROKEN",
	"34_append_free": "SEALING-BROKEN", "75_rsa1024": "SEALING-BROKEN", "79_schm_wrong": "SEALING-BROKEN",
	"38_truncated": "SEALING-MALFORMED", "97_dup_suep": "SEALING-MALFORMED", "E4_suep_unterminated": "SEALING-MALFORMED",
	"32_strip_meta": "SEALING-SUEP", "F4_gst_like_unsigned": "SEALING-SUEP",
}

func TestEveryVectorIsSealedOrRefusedWithItsReason(t *testing.T) {
	opt := court(t)
	opt.Note = "Received, exhibit 7"
	opt.Starts = map[uint32]media.UTC{1: media.FromTime(scene.Add(time.Minute))}
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			in := vector(t, name)
			out, r, err := write(in, opt)
			if want := refusedVectors[name]; want != "" {
				if got := codeOf(err); got != want || len(out) != 0 {
					t.Fatalf("%q (%v), want %s; %d bytes written", got, err, want, len(out))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Seal.Note != opt.Note || r.Seal.Index != len(r.Before.Seals)+1 || r.After.Coverage != verify.CoverageAll {
				t.Errorf("%+v, coverage %s", r.Seal, r.After.Coverage)
			}
			if r.After.Start == nil || *r.After.Start != opt.Starts[1] {
				t.Errorf("start %v", r.After.Start)
			}
			if got := withoutNewest(t, out); !bytes.Equal(got, in) {
				t.Error("without its newest seal the copy is not the input")
			}
			opensslAccepts(t, out)
		})
	}
}

func codeOf(err error) string {
	var r *sealing.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// seal is what this test finds in a file by itself, by the offsets of the
// format's text: the newest seal and the size fields around it.
type seal struct {
	sinf, end        int // of the newest seal
	sibo, siboEnd    int // payload
	cert, sigC       []byte
	meta, ipro       int // boxes
	metaEnd, iproEnd int
}

func each(p []byte, from, to int, visit func(kind string, at, body, end int)) {
	for at := from; at < to; {
		size, head := int(binary.BigEndian.Uint32(p[at:])), 8
		switch size {
		case 0:
			size = to - at
		case 1:
			size, head = int(binary.BigEndian.Uint64(p[at+8:])), 16
		}
		visit(string(p[at+4:at+8]), at, at+head, at+size)
		at += size
	}
}

func newest(p []byte) seal {
	var s seal
	each(p, 0, len(p), func(kind string, at, body, end int) {
		if kind != "meta" {
			return
		}
		s.meta, s.metaEnd = at, end
		each(p, body+4, end, func(kind string, at, body, end int) {
			if kind != "ipro" {
				return
			}
			s.ipro, s.iproEnd = at, end
			each(p, body+6, end, func(_ string, at, body, end int) {
				s.sinf, s.end, s.sigC = at, end, nil
				each(p, body, end, func(kind string, _, body, end int) {
					if kind != "schi" {
						return
					}
					each(p, body, end, func(kind string, _, body, end int) {
						switch kind {
						case "sibo":
							s.sibo, s.siboEnd = body, end
						case "cert":
							s.cert = p[body:end]
						case "sigC":
							s.sigC = p[body:end]
						}
					})
				})
			})
		})
	})
	return s
}

func shrink(p []byte, at, by int) {
	switch size := binary.BigEndian.Uint32(p[at:]); size {
	case 0:
	case 1:
		binary.BigEndian.PutUint64(p[at+8:], binary.BigEndian.Uint64(p[at+8:])-uint64(by))
	default:
		binary.BigEndian.PutUint32(p[at:], size-uint32(by))
	}
}

// withoutNewest undoes a further seal: steps 2 and 3 of the format's signature input.
func withoutNewest(t testing.TB, p []byte) []byte {
	t.Helper()
	s := newest(p)
	if s.end != s.iproEnd {
		t.Fatal("the newest seal is not the last of ipro")
	}
	out := append(bytes.Clone(p[:s.sinf]), p[s.end:]...)
	shrink(out, s.meta, s.end-s.sinf)
	shrink(out, s.ipro, s.end-s.sinf)
	return out
}

// hashOf is the hash that sigC asks of openssl, by the last byte of its OID.
var hashOf = map[byte]string{2: "-sha256", 3: "-sha384", 4: "-sha512"}

// opensslAccepts checks the newest seal with nothing of this program: bytes
// cut by offset, key and signature judged by openssl.
func opensslAccepts(t testing.TB, p []byte) {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED: openssl is not installed, seals were not checked independently")
	}
	s, dir := newest(p), t.TempDir()
	input, sig := bytes.Clone(p), bytes.Clone(p[s.sibo:s.siboEnd])
	clear(input[s.sibo:s.siboEnd])
	args := []string{"dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20"}
	if s.sigC != nil { // SEQUENCE { OID ecdsa-with-SHA2 }
		args = []string{"dgst", hashOf[s.sigC[len(s.sigC)-1]]}
		n := 2 + int(sig[1])
		if sig[1] == 0x81 {
			n = 3 + int(sig[2])
		}
		sig = sig[:n]
	}
	for name, data := range map[string][]byte{"input": input, "sig": sig, "cert.der": s.cert} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		c := exec.Command(program, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	run("x509", "-inform", "DER", "-in", "cert.der", "-pubkey", "-noout", "-out", "pub.pem")
	if out := run(append(args, "-verify", "pub.pem", "-signature", "sig", "input")...); !strings.Contains(out, "Verified OK") {
		t.Errorf("openssl: %s", out)
	}
}

func TestEachKindOfKeySealsAsTheFormatAsks(t *testing.T) {
	w := world(t)
	cases := []struct {
		name, algorithm string
		key             func() (crypto.Signer, error)
	}{
		{"RSA 2048", "RSA-PSS 2048, SHA-256", func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }},
		{"RSA 3072", "RSA-PSS 3072, SHA-256", func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 3072) }},
		{"P-256", "ECDSA P-256, SHA-256", func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }},
		{"P-384", "ECDSA P-384, SHA-384", func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P384(), rand.Reader) }},
		{"P-521", "ECDSA P-521, SHA-512", func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P521(), rand.Reader) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			key, err := c.key()
			if err != nil {
				t.Fatal(err)
			}
			by, err := w.Mint("Desk", key, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			out, r, err := write(vector(t, "10_double"), sealing.Options{Signer: signer(t, by, w.Intermediate.Cert, w.Root.Cert), Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if r.Seal.Algorithm != c.algorithm {
				t.Errorf("%s, want %s", r.Seal.Algorithm, c.algorithm)
			}
			if c.algorithm[0] == 'R' && (r.Seal.SaltLength == nil || *r.Seal.SaltLength != 20) {
				t.Errorf("salt %v, want 20", r.Seal.SaltLength)
			}
			opensslAccepts(t, out)
		})
	}
}

// Whoever holds only the root can trust the signer: the way to it is in the seal.
func TestIntermediateCertificatesGoAlongAndTheRootDoesNot(t *testing.T) {
	w := world(t)
	by := signer(t, w.Court, w.Root.Cert, w.Mallory.Cert, w.Intermediate.Cert)
	out, _, err := write(vector(t, "01_single"), sealing.Options{Signer: by, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	certs, err := x509.ParseCertificates(newest(out).cert)
	if err != nil || len(certs) != 2 || !certs[0].Equal(w.Court.Cert) || !certs[1].Equal(w.Intermediate.Cert) {
		t.Fatalf("%d certificates, %v", len(certs), err)
	}
	r := examine(t, out, verify.Policy{Now: now, Packs: []verify.Pack{{Name: "root", Anchors: []*x509.Certificate{w.Root.Cert}}}})
	if got := r.Seals[1].Trust.State; got != verify.SignerTrusted {
		t.Errorf("the signer is %s", got)
	}
}

func examine(t testing.TB, data []byte, p verify.Policy) *verify.Report {
	t.Helper()
	r, err := verify.Check(context.Background(), opened(t, data), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
