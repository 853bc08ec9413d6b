package verify_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vedette/internal/fixture"
	"vedette/verify"
)

// openssl checks signatures with the program of that name.
type openssl struct {
	dir  string
	mu   sync.Mutex
	keys map[[32]byte]publicKey // by certificate
}

type publicKey struct {
	file string // "" where there is none
	size int    // bytes of the modulus of an RSA key; 0 of others
}

func newOpenssl(t testing.TB) *openssl {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("VEDETTE_FILES") != "" {
			t.Fatal("the openssl program was not found; install it (package openssl)")
		}
		t.Skip("NOT RUN: the openssl program was not found; install it (package openssl)")
	}
	return &openssl{dir: t.TempDir(), keys: map[[32]byte]publicKey{}}
}

func (o *openssl) key(cert []byte) publicKey {
	sum := sha256.Sum256(cert)
	o.mu.Lock()
	defer o.mu.Unlock()
	if k, ok := o.keys[sum]; ok {
		return k
	}
	var k publicKey
	cmd := exec.Command("openssl", "x509", "-inform", "DER", "-pubkey", "-noout")
	cmd.Stdin = bytes.NewReader(cert)
	name := filepath.Join(o.dir, fmt.Sprintf("%x.pem", sum[:8]))
	if out, err := cmd.Output(); err == nil && os.WriteFile(name, out, 0o600) == nil {
		k.file = name
		text, _ := exec.Command("openssl", "rsa", "-pubin", "-in", name, "-noout", "-modulus").Output() //nolint:gosec // our own file
		k.size = (len(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("Modulus=")))) + 1) / 2
	}
	o.keys[sum] = k
	return k
}

// algorithms are the arguments for each sigC that is sealed with; "" is none.
func algorithms() map[string][]string {
	pss := func(hash, mgf, salt string) []string {
		return []string{"dgst", "-" + hash, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:" + salt, "-sigopt", "rsa_mgf1_md:" + mgf}
	}
	return map[string][]string{
		"": pss("sha256", "sha256", "auto"),
		string(fixture.SigCPSS(crypto.SHA256, crypto.SHA256, 20, 1)): pss("sha256", "sha256", "20"),
		string(fixture.SigCPSS(crypto.SHA512, crypto.SHA256, 32, 1)): pss("sha512", "sha256", "32"),
		string(fixture.SigC(fixture.OIDSHA256RSA)):                   {"dgst", "-sha256"},
		string(fixture.SigC(fixture.OIDSHA384RSA)):                   {"dgst", "-sha384"},
		string(fixture.SigC(fixture.OIDECDSASHA256)):                 {"dgst", "-sha256"},
		string(fixture.SigC(fixture.OIDECDSASHA512)):                 {"dgst", "-sha512"},
		string(fixture.SigC(fixture.OIDEd25519)):                     {"pkeyutl"},
	}
}

// fits reports whether a signature is one over an input.
func (o *openssl) fits(name string, s secondSeal, data, sig []byte) bool {
	key := o.key(s.cert)
	args := algorithms()[string(s.sigC)]
	if key.file == "" || args == nil || s.sigC != nil && len(s.sigC) == 0 || key.size != 0 && len(sig) != key.size {
		return false
	}
	sigFile, inFile := filepath.Join(o.dir, name+".sig"), filepath.Join(o.dir, name+".in")
	defer os.Remove(sigFile)
	defer os.Remove(inFile)
	if os.WriteFile(sigFile, sig, 0o600) != nil || os.WriteFile(inFile, data, 0o600) != nil {
		return false
	}
	if args[0] == "pkeyutl" {
		args = []string{"pkeyutl", "-verify", "-pubin", "-inkey", key.file, "-rawin", "-in", inFile, "-sigfile", sigFile}
	} else {
		args = append(slices.Clone(args), "-verify", key.file, "-signature", sigFile, inFile)
	}
	return exec.Command("openssl", args...).Run() == nil //nolint:gosec // our own arguments
}

// second is what the second examiner says of one file.
type second struct {
	damaged bool
	seals   []string // "full", "less" or ""
}

func (o *openssl) examine(name string, data []byte) second {
	f := secondRead(data)
	out := second{damaged: f.damaged}
	for k, s := range f.seals {
		word := ""
		if s.complete && !f.damaged {
			sig := data[s.sibo.from:s.sibo.to]
			if bytes.Contains(s.sigC, []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3}) {
				sig = withoutZeros(sig)
			}
			switch {
			case o.fits(name, s, f.input(k, false), sig):
				word = "full"
			case f.index != nil && o.fits(name, s, f.input(k, true), sig):
				word = "less"
			}
		}
		out.seals = append(out.seals, word)
	}
	return out
}

// withoutZeros is the DER signature that zeros, and nothing else, may follow. The
// program itself passes over what follows a signature of the longest form.
func withoutZeros(sig []byte) []byte {
	if len(sig) < 4 {
		return nil
	}
	n := 2 + int(sig[1])
	if sig[1] == 0x81 {
		n = 3 + int(sig[2])
	}
	if n > len(sig) || len(bytes.Trim(sig[n:], "\x00")) != 0 {
		return nil
	}
	return sig[:n]
}

// disagree says how the two answers differ, or "".
func disagree(r *verify.Report, s second) string {
	var ours []string
	for _, x := range r.Seals {
		word := map[verify.Scope]string{verify.ScopeFull: "full", verify.ScopeFullMinusIndex: "less"}[x.Scope]
		if x.Integrity != verify.SealIntact {
			word = ""
		}
		ours = append(ours, word)
	}
	good := func(words []string) bool { return len(words) > 0 && !slices.Contains(words, "") }
	intact := r.Integrity == verify.FileIntact || r.Integrity == verify.FileIncomplete
	switch {
	case intact != good(ours):
		return fmt.Sprintf("the file is %s with seals %q", r.Integrity, ours)
	case s.damaged && r.Integrity != verify.FileMalformed:
		return fmt.Sprintf("the second examiner refuses the file, it is %s", r.Integrity)
	case s.damaged:
		return ""
	case r.Integrity == verify.FileMalformed && !slices.ContainsFunc(s.seals, func(w string) bool { return w != "" }):
		return "" // nothing holds for the second one either
	case r.Integrity == verify.FileMalformed:
		return refusedAlone(r, s)
	case !slices.Equal(ours, s.seals):
		return fmt.Sprintf("seals %q, the second examiner says %q", ours, s.seals)
	case (len(s.seals) == 0) != (r.Integrity == verify.FileUnsigned):
		return fmt.Sprintf("the file is %s with %d seals", r.Integrity, len(s.seals))
	}
	return ""
}

// refusedAlone explains what the first examiner refuses and the second does
// not: structure that the second does not read, or bytes inside older seals'
// reach. Only so many codes explain it.
func refusedAlone(r *verify.Report, s second) string {
	for _, f := range r.Findings {
		switch f.Code {
		case "BOX-MALFORMED", "BOX-UNSUPPORTED", "BOX-LIMIT", "SEAL-UNREADABLE", "MEDIA-ELSEWHERE", "FILE-TRUNCATED", "SEAL-MALFORMED":
			return ""
		}
	}
	return fmt.Sprintf("malformed, the second examiner says %q", s.seals)
}

// TestSecondExaminerAgrees has files judged twice, sound ones and spoiled ones.
func TestSecondExaminerAgrees(t *testing.T) {
	total := number(t, "VEDETTE_FILES", max(150/slower, 40))
	seed := uint64(number(t, "VEDETTE_SEED", 17))
	o := newOpenssl(t)
	origins := agreeOn(t)
	t.Logf("%d files from %d, seed %d", total, len(origins), seed)
	var next, sound, part, alone atomic.Int64
	start := time.Now()
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= total {
					return
				}
				data := origins[n%len(origins)].data
				how := "sound"
				if n >= len(origins) {
					data, how = spoiled(mathrand.New(mathrand.NewPCG(seed, uint64(n))), &origins[n%len(origins)])
				}
				r, err := examined(data)
				if err != nil || r == nil {
					t.Errorf("file %d: %v", n, err)
					continue
				}
				s := o.examine(fmt.Sprint(n), data)
				if why := disagree(r, s); why != "" {
					t.Errorf("file %d of seed %d, from %q, %s: %s", n, seed, origins[n%len(origins)].name, how, why)
				}
				holds := slices.ContainsFunc(s.seals, func(w string) bool { return w != "" })
				switch {
				case r.Integrity == verify.FileMalformed && holds:
					alone.Add(1)
				case holds && !slices.Contains(s.seals, ""):
					sound.Add(1)
				case holds:
					part.Add(1)
				}
				if n < len(origins) && (!holds || slices.Contains(s.seals, "")) {
					t.Errorf("%s: the second examiner says %q of a sound file", origins[n].name, s.seals)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%s: %d wholly intact, %d in part, %d refused by the first alone for structure that the second does not read",
		time.Since(start).Round(time.Millisecond), sound.Load(), part.Load(), alone.Load())
}

// agreeOn are the layouts, and seals by every algorithm.
func agreeOn(t testing.TB) []origin {
	t.Helper()
	w := world(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	all := layouts(t)
	for name, data := range map[string][]byte{
		"RSA of 3072 bits":   made(t, modulus(t, 3072), fixture.Scheme{}),
		"salt of 32":         made(t, w.Exporter, fixture.Scheme{Salt: 32}),
		"default stated":     made(t, w.Exporter, fixture.Scheme{SigC: fixture.SigCPSS(crypto.SHA256, crypto.SHA256, 20, 1)}),
		"SHA-512 over MGF1":  made(t, w.Exporter, fixture.Scheme{Hash: crypto.SHA512, MGF: crypto.SHA256, Salt: 32, SigC: fixture.SigCPSS(crypto.SHA512, crypto.SHA256, 32, 1)}),
		"PKCS#1":             made(t, w.Exporter, fixture.Scheme{PKCS1: true, SigC: fixture.SigC(fixture.OIDSHA256RSA)}),
		"PKCS#1 of SHA-384":  made(t, w.Exporter, fixture.Scheme{PKCS1: true, Hash: crypto.SHA384, SigC: fixture.SigC(fixture.OIDSHA384RSA)}),
		"ECDSA P-521":        made(t, curve(t, elliptic.P521()), fixture.Scheme{Hash: crypto.SHA512, SigC: fixture.SigC(fixture.OIDECDSASHA512)}),
		"ECDSA, zeros after": made(t, curve(t, elliptic.P256()), fixture.Scheme{SigC: fixture.SigC(fixture.OIDECDSASHA256), Extra: 9}),
		"Ed25519":            made(t, minted(t, key), fixture.Scheme{SigC: fixture.SigC(fixture.OIDEd25519)}),
	} {
		all = append(all, answer{name: name, data: data})
	}
	slices.SortFunc(all, func(a, b answer) int { return strings.Compare(a.name, b.name) })
	var out []origin
	for _, l := range all {
		out = append(out, origin{l.name, l.data, secondRead(l.data).meta.span, parsed(t, l.data)})
	}
	return out
}

// spoiled changes a file in one way of those that a forger would try first.
func spoiled(rnd *mathrand.Rand, o *origin) ([]byte, string) {
	m := bytes.Clone(o.data)
	anywhere := rnd.IntN(len(m))
	within := o.seals.from + rnd.IntN(o.seals.to-o.seals.from)
	switch rnd.IntN(9) {
	case 0:
		m[anywhere] ^= 1 << rnd.IntN(8)
		return m, fmt.Sprintf("bit of byte %d", anywhere)
	case 1:
		m[within] ^= 1 << rnd.IntN(8)
		return m, fmt.Sprintf("bit of byte %d in meta", within)
	case 2:
		return append(m, fresh([]string{"free", "mdat", "skip"}[rnd.IntN(3)], make([]byte, rnd.IntN(20)))...), "box behind"
	case 3:
		return append(m, trueIndex()...), "index behind"
	case 4:
		return m[:anywhere], "cut"
	}
	f := fixture.File{Node: *o.tree.Clone()}
	box := f.At(ipro)
	switch n := len(box.Kids); rnd.IntN(5) {
	case 0:
		box.Kids = box.Kids[:rnd.IntN(n+1)]
		return f.Bytes(), "newest seals removed"
	case 1:
		i := rnd.IntN(n)
		box.Kids = slices.Delete(box.Kids, i, i+1)
		return f.Bytes(), "a seal removed"
	case 2:
		swap(box, rnd.IntN(n), rnd.IntN(n))
		return f.Bytes(), "seals exchanged"
	case 3:
		box.Kids = append(box.Kids, box.Kids[rnd.IntN(n)].Clone())
		return f.Bytes(), "seal repeated"
	}
	f.Drop("mfra")
	return f.Bytes(), "index removed"
}
