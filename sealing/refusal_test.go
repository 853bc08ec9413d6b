package sealing_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"vedette/internal/diag"
	"vedette/internal/fixture"
	"vedette/media"
	"vedette/sealing"
	"vedette/verify"
)

func mustKey(t testing.TB) func(crypto.Signer, error) crypto.Signer {
	return func(k crypto.Signer, err error) crypto.Signer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
}

func TestASignerThatNobodyWouldAcceptIsRefused(t *testing.T) {
	w := world(t)
	weak := mustKey(t)(rsa.GenerateKey(rand.Reader, 1024)) //nolint:gosec // it is to be refused
	small := mustKey(t)(ecdsa.GenerateKey(elliptic.P224(), rand.Reader))
	_, odd, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		key    crypto.Signer
		change func(*x509.Certificate)
		now    time.Time
		code   string
	}{
		{name: "RSA below the floor", key: weak, code: "SEALING-KEY"},
		{name: "curve below the floor", key: small, code: "SEALING-KEY"},
		{name: "Ed25519", key: odd, code: "SEALING-KEY"},
		{name: "authority", change: func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageDigitalSignature }, code: "SEALING-CERTIFICATE"},
		{name: "key usage", change: func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, code: "SEALING-CERTIFICATE"},
		{name: "expired", now: scene.AddDate(3, 0, 0), code: "SEALING-DATES"},
		{name: "not yet valid", now: scene.AddDate(-2, 0, 0), code: "SEALING-DATES"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			by, err := w.Mint("Desk", c.key, nil, c.change)
			if err != nil {
				t.Fatal(err)
			}
			opt := sealing.Options{Signer: signer(t, by), Now: now}
			if !c.now.IsZero() {
				opt.Now = c.now
			}
			if out, _, err := write(vector(t, "01_single"), opt); codeOf(err) != c.code || len(out) != 0 {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

func TestACertificateSignedWithSHA1IsRefused(t *testing.T) {
	opt := court(t)
	leaf := *opt.Signer.Leaf
	leaf.SignatureAlgorithm = x509.SHA1WithRSA // Go makes none any more
	opt.Signer = &sealing.Signer{Key: opt.Signer.Key, Leaf: &leaf}
	if _, _, err := write(vector(t, "01_single"), opt); codeOf(err) != "SEALING-CERTIFICATE" || !strings.Contains(err.Error(), "SHA1") {
		t.Errorf("%v", err)
	}
}

func TestWhatASealStatesMustFitTheFileAndBePlain(t *testing.T) {
	cases := []struct {
		name   string
		vector string
		change func(*sealing.Options)
		code   string
	}{
		{"unknown track", "01_single", func(o *sealing.Options) { o.Starts = map[uint32]media.UTC{9: media.FromTime(scene)} }, "SEALING-START"},
		{"start in the future", "01_single", func(o *sealing.Options) {
			o.Starts = map[uint32]media.UTC{1: media.FromTime(now.Add(48 * time.Hour))}
		}, "SEALING-START"},
		{"start of no recording", "01_single", func(o *sealing.Options) { o.Starts = map[uint32]media.UTC{1: 0} }, "SEALING-START"},
		{"note of two lines", "01_single", func(o *sealing.Options) { o.Note = "a\nb" }, "SEALING-NOTE"},
		{"note with a zero byte", "01_single", func(o *sealing.Options) { o.Note = "a\x00b" }, "SEALING-NOTE"},
		{"note that turns text round", "01_single", func(o *sealing.Options) { o.Note = "a\u202eb" }, "SEALING-NOTE"},
		{"note that is no text", "01_single", func(o *sealing.Options) { o.Note = "a\xff" }, "SEALING-NOTE"},
		{"note of a book", "01_single", func(o *sealing.Options) { o.Note = strings.Repeat("a", 5000) }, "SEALING-NOTE"},
		{"name for an export that has one", "01_single", func(o *sealing.Options) { o.Unit = "Desk" }, "SEALING-SUEP"},
		{"broken without a reason", "20_tamper_mdat", func(o *sealing.Options) { o.AsIs = true }, "SEALING-BROKEN"},
		{"damaged, as it is", "97_dup_suep", func(o *sealing.Options) { o.AsIs, o.Note = true, "as received" }, "SEALING-MALFORMED"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			opt := court(t)
			c.change(&opt)
			if out, _, err := write(vector(t, c.vector), opt); codeOf(err) != c.code || len(out) != 0 {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// A further seal mends nothing: the copy is what the file was, and it is said.
func TestABrokenFileThatIsSealedAsItIsStaysBroken(t *testing.T) {
	for _, name := range []string{"20_tamper_mdat", "34_append_free", "75_rsa1024", "79_schm_wrong", "27_double_tamper_auib"} {
		in := vector(t, name)
		opt := court(t)
		opt.AsIs, opt.Note = true, "Sealed as received; seal 1 did not hold"
		out, r, err := write(in, opt)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.After.Integrity != r.Before.Integrity || r.After.Integrity == verify.FileIntact || severity(r, "SEALING-AS-IS") != diag.Error {
			t.Errorf("%s: %s became %s: %+v", name, r.Before.Integrity, r.After.Integrity, r.Findings)
		}
		if !bytes.Equal(withoutNewest(t, out), in) {
			t.Errorf("%s: without its newest seal the copy is not the input", name)
		}
		opensslAccepts(t, out)
	}
}

func severity(r *sealing.Result, code string) diag.Severity {
	for _, f := range r.Findings {
		if f.Code == code {
			return f.Severity
		}
	}
	return 0
}

func TestWhatExaminersWillMeetIsForetold(t *testing.T) {
	w := world(t)
	first := unsigned(t, "01_single", nil)
	cases := []struct {
		name string
		data []byte
		by   *fixture.Signer
		now  time.Time
		code string
		sev  diag.Severity
	}{
		{"further seal", vector(t, "01_single"), w.Court, now, "SEALING-TIME", diag.Note},
		{"first seal, certificate of its time", first, w.Court, now, "SEALING-TIME", 0},
		{"first seal, younger certificate", first, w.NotYet, scene.AddDate(2, 0, 0), "SEALING-TIME", diag.Warning},
		{"signed by itself", first, w.Mallory, now, "SEALING-SELF-SIGNED", diag.Warning},
		{"signed by an authority", first, w.Court, now, "SEALING-SELF-SIGNED", 0},
		{"index added later", vector(t, "50_mfra_unsigned"), w.Court, now, "SEALING-INDEX", diag.Warning},
		{"index sealed before", vector(t, "51_mfra_signed"), w.Court, now, "SEALING-INDEX", 0},
	}
	for _, c := range cases {
		_, r, err := write(c.data, sealing.Options{Signer: signer(t, c.by), Now: c.now})
		if err != nil || severity(r, c.code) != c.sev {
			t.Errorf("%s: %v, %+v", c.name, err, r)
		}
	}
}

// token is a key outside this process that answers as it likes.
type token struct {
	crypto.Signer
	answer func(sig []byte) ([]byte, error)
}

func (k token) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	sig, err := k.Signer.Sign(r, digest, o)
	if err != nil {
		return nil, err
	}
	return k.answer(sig)
}

func TestAKeyThatSignsWronglyMakesNoSeal(t *testing.T) {
	cases := map[string]func([]byte) ([]byte, error){
		"not at all": func([]byte) ([]byte, error) { return nil, errors.New("card removed") },
		"too long":   func(sig []byte) ([]byte, error) { return append(sig, 0), nil },
		"too short":  func(sig []byte) ([]byte, error) { return sig[:len(sig)-1], nil },
		"otherwise":  func(sig []byte) ([]byte, error) { sig[9] ^= 1; return sig, nil },
	}
	for name, answer := range cases {
		opt := court(t)
		opt.Signer.Key = token{opt.Signer.Key, answer}
		if _, r, err := write(vector(t, "01_single"), opt); err == nil || r != nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTracksThatExportInformationCannotNameAreRefused(t *testing.T) {
	data := unsigned(t, "32_strip_meta", func(f *fixture.File) {
		f.At("moov/trak/tkhd").Body[13] = 1 // track_ID, above 16 bits
	})
	opt := court(t)
	opt.Unit = "Desk"
	if _, _, err := write(data, opt); codeOf(err) != "SEALING-SUEP" || !strings.Contains(err.Error(), "16 bits") {
		t.Errorf("%v", err)
	}
}

func TestSeveralTracksAreCorrectedInOneSeal(t *testing.T) {
	opt := court(t)
	opt.Starts = map[uint32]media.UTC{2: media.FromTime(scene.Add(time.Second)) + 1, 1: media.FromTime(scene)}
	out, r, err := write(vector(t, "04_single_suepv1_2tracks"), opt)
	if err != nil || len(r.Seal.StartTimes) != 2 || r.Seal.StartTimes[0].Track != 1 || r.Seal.StartTimes[1].UTC != opt.Starts[2] {
		t.Fatalf("%v: %+v", err, r)
	}
	opensslAccepts(t, out)
}
