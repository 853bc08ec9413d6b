package verify

import (
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wycheproof returns the folder of the published vectors in the module cache.
// Nothing is fetched here: `make deps` does that.
func wycheproof(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/wycheproof")
	cmd.Dir = filepath.Join("..", "testdata", "wycheproof")
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := cmd.Output()
	dir := strings.TrimSpace(string(out))
	if err == nil && dir != "" {
		return filepath.Join(dir, "testvectors")
	}
	const missing = "NOT RUN: the vectors of Project Wycheproof are not in the module cache; run `make deps`, or `go mod download` in testdata/wycheproof"
	if os.Getenv("VEDETTE_VECTORS") == "required" {
		t.Fatal(missing)
	}
	fmt.Fprintln(os.Stderr, missing)
	t.Skip(missing)
	return ""
}

// vectorFile is a file of vectors for signatures.
type vectorFile struct {
	NumberOfTests int
	TestGroups    []struct {
		KeyDer  string
		Sha     string
		MgfSha  string
		SLen    int
		Type    string
		KeySize int
		Tests   []struct {
			TcID    int
			Comment string
			Msg     string
			Sig     string
			Result  string
			Flags   []string
		}
	}
}

var vectorHashes = map[string]crypto.Hash{"SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512}

// deviations are vectors that are answered otherwise than listed, by file and
// number (tcId). All of them have zeros after the DER SEQUENCE, which published
// rules call invalid; here sibo is sized before the signature is made, so that
// zeros may follow it.
var deviations = map[string][]int{
	"ecdsa_secp256r1_sha256_test.json": {22},
	"ecdsa_secp256r1_sha512_test.json": {22},
	"ecdsa_secp384r1_sha384_test.json": {22},
	"ecdsa_secp384r1_sha512_test.json": {23},
	"ecdsa_secp521r1_sha512_test.json": {20},
	"ecdsa_test.json":                  {22},
}

func TestPublishedVectorsAreAnsweredAsListed(t *testing.T) {
	dir := wycheproof(t)
	var files []string
	for _, pattern := range []string{"rsa_pss_*_test.json", "rsa_signature_*test.json", "ecdsa_*test.json", "eddsa_test.json"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		files = append(files, names...)
	}
	asked, foreign := 0, map[string]int{}
	for _, path := range files {
		name := filepath.Base(path)
		if strings.Contains(name, "p1363") || strings.Contains(name, "webcrypto") {
			foreign["r and s side by side"]++
			continue
		}
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path) //nolint:gosec // of the module cache
			if err != nil {
				t.Fatal(err)
			}
			var f vectorFile
			if err := json.Unmarshal(data, &f); err != nil {
				t.Fatal(err)
			}
			asked += askFile(t, name, f, foreign)
		})
	}
	t.Logf("%d vectors asked; not asked, by group or file: %v", asked, foreign)
	if asked < 3000 {
		t.Errorf("only %d vectors were asked", asked)
	}
}

func askFile(t *testing.T, name string, f vectorFile, foreign map[string]int) int {
	asked := 0
	var differ []int
	said := map[int]string{}
	for _, g := range f.TestGroups {
		s, what := vectorScheme(g.Type, g.Sha, g.MgfSha, g.SLen)
		if what != "" {
			foreign[what]++
			continue
		}
		der, err := hex.DecodeString(g.KeyDer)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			foreign[err.Error()]++
			continue
		}
		key, weak, err := publicKey(&x509.Certificate{PublicKey: parsed, RawSubjectPublicKeyInfo: der})
		if err != nil || weak != "" {
			foreign[fmt.Sprint("key refused: ", weak, err)]++
			continue
		}
		for _, v := range g.Tests {
			asked++
			msg, err1 := hex.DecodeString(v.Msg)
			sig, err2 := hex.DecodeString(v.Sig)
			if err1 != nil || err2 != nil {
				t.Fatalf("%d: %v %v", v.TcID, err1, err2)
			}
			input := msg
			if s.hash != 0 {
				h := s.hash.New()
				h.Write(msg)
				input = h.Sum(nil)
			}
			_, err := s.check(key, input, sig)
			if v.Result == "valid" && err != nil || v.Result == "invalid" && err == nil {
				differ = append(differ, v.TcID)
				said[v.TcID] = fmt.Sprintf("%s, listed as %s (%s): %v", hex.EncodeToString(sig[:min(8, len(sig))]), v.Result, v.Comment, err)
			}
		}
	}
	slices.Sort(differ)
	if want := deviations[name]; !slices.Equal(differ, want) {
		t.Errorf("other answers than listed to %v; explained are %v", differ, want)
		for _, id := range slices.Sorted(maps.Keys(said)) {
			t.Logf("%d: %s", id, said[id])
		}
	}
	return asked
}

// vectorScheme is our scheme for a group, or what kind is not ours.
func vectorScheme(kind, sha, mgf string, salt int) (scheme, string) {
	h, ok := vectorHashes[sha]
	switch {
	case kind == "EddsaVerify":
		return scheme{family: ed25519Pure, stated: true}, ""
	case !ok:
		return scheme{}, sha
	case kind == "RsassaPkcs1Verify":
		return scheme{family: pkcs1, hash: h, stated: true}, ""
	case kind == "EcdsaVerify":
		return scheme{family: ecdsaDER, hash: h, stated: true}, ""
	case kind == "RsassaPssVerify":
		m, ok := vectorHashes[mgf]
		if !ok {
			return scheme{}, "MGF1 " + mgf
		}
		return scheme{family: pss, hash: h, mgf: m, salt: salt, stated: true}, ""
	}
	return scheme{}, kind
}
