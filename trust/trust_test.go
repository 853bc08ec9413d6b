package trust

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vedette/internal/diag"
	"vedette/internal/fixture"
)

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var worldOnce = sync.OnceValues(func() (*fixture.World, error) { return fixture.NewWorld(day) })

func world(t testing.TB) *fixture.World {
	t.Helper()
	w, err := worldOnce()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// draft is the agency's pack, changed.
func draft(t testing.TB, change func(*fixture.TrustPack)) *fixture.TrustPack {
	t.Helper()
	p, err := world(t).TrustPack()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(p)
	}
	return p
}

func rendered(t testing.TB, change func(*fixture.TrustPack)) map[string][]byte {
	t.Helper()
	files, err := draft(t, change).Render()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// folder writes files and returns where.
func folder(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	if err := fixture.WriteFiles(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

func archive(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func codes(fs []diag.Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Code)
	}
	return out
}

func partner(p *fixture.TrustPack, i int) map[string]any {
	return p.Manifest["partners"].([]map[string]any)[i]
}

func TestFolderOfCertificatesIsAPack(t *testing.T) {
	p, findings, err := Load("../testdata/export/trust")
	if err != nil || len(p) != 1 || len(p[0].Anchors) != 5 || len(p[0].Pins) != 5 || len(findings) != 0 || p[0].Name != "trust" {
		t.Fatalf("%+v, %v, %v", p, findings, err)
	}
	again, _, err := Load("../testdata/export/trust")
	if err != nil || again[0].SHA256 != p[0].SHA256 {
		t.Error("the digest of the same pack differs")
	}
}

func TestPackIsTheSameAsFolderAndAsZip(t *testing.T) {
	files := rendered(t, nil)
	packed, err := fixture.Zip(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder(t, files), archive(t, packed)} {
		p, findings, err := Read(path, Options{})
		if err != nil || len(findings) != 0 {
			t.Fatalf("%v, %v", findings, err)
		}
		d := sum(files[manifestName])
		if p.Name != "Sandhaven evidence" || p.Serial != 7 || p.SHA256 != hex.EncodeToString(d[:]) || p.ByHand || p.Signature != SignatureNone {
			t.Errorf("%+v", p)
		}
		if len(p.Anchors) != 2 || len(p.Intermediates) != 1 || len(p.Lists) != 2 || len(p.Responses) != 1 || len(p.Partners) != 2 {
			t.Errorf("%+v", p)
		}
		if !p.Issued.Equal(day.Truncate(24*time.Hour).AddDate(0, 0, 7)) || p.Stale(day) || !p.Stale(day.AddDate(2, 0, 0)) || p.Age(day.AddDate(0, 0, 8)) != 36*time.Hour {
			t.Errorf("issued %s, stale after %s", p.Issued, p.StaleAfter)
		}
	}
}

func TestPoolsOfPartnersAreApart(t *testing.T) {
	w := world(t)
	p, _, err := Read(folder(t, rendered(t, func(p *fixture.TrustPack) {
		p.Manifest["requires_revocation"] = true
		p.Manifest["eku"] = []string{"1.3.6.1.5.5.7.3.36"}
		partner(p, 1)["pins"] = []string{strings.ToUpper(w.Mallory.SHA256())}
	})), Options{})
	if err != nil {
		t.Fatal(err)
	}
	pools := p.Pools()
	if len(pools) != 2 || pools[0].Partner != "sandhaven" || pools[1].PartnerName != "Harbour Metro" {
		t.Fatalf("%+v", pools)
	}
	for i, root := range []*fixture.Signer{w.Root, w.Metro} {
		q := pools[i]
		if len(q.Anchors) != 1 || !q.Anchors[0].Equal(root.Cert) || len(q.Intermediates) != 1 || len(q.Revocations) != 2 || len(q.Responses) != 1 ||
			!q.RequiresRevocation || len(q.EKU) != 1 || q.StaleAfter.IsZero() || q.SHA256 != p.SHA256 || q.Serial != 7 {
			t.Errorf("%+v", q)
		}
	}
	if len(pools[0].Pins) != 0 || len(pools[1].Pins) != 1 || pools[0].Subject.O == "" || pools[1].Subject.O != "" {
		t.Error("a partner's rule went to another")
	}
	if !Knows(pools, "metro") || !Knows(pools, "Harbour Metro") || Knows(pools, "harbour") || Knows(pools, "") {
		t.Error("partners are not known by their names")
	}
}

func TestServersAreKeptApartFromEvidence(t *testing.T) {
	w := world(t)
	ca, err := w.Mint("Server CA", nil, w.Metro, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign })
	if err != nil {
		t.Fatal(err)
	}
	server, err := w.Mint("vms.metro.example", nil, w.Metro, nil)
	if err != nil {
		t.Fatal(err)
	}
	files := rendered(t, func(p *fixture.TrustPack) {
		p.Files["tls/ca.pem"], p.Files["tls/server.pem"], p.Files["tsa/stamp.pem"] = ca.PEM(), server.PEM(), w.Court.PEM()
		partner(p, 1)["tls"] = []string{ca.SHA256(), server.SHA256(), w.Exporter.SHA256()}
	})
	p, _, err := Read(folder(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Servers("metro"); len(s.Anchors) != 1 || !s.Anchors[0].Equal(ca.Cert) || len(s.Pins) != 2 || s.Pins[0] != sum(server.Cert.Raw) || s.Pins[1] != sum(w.Exporter.Cert.Raw) {
		t.Errorf("%+v", s)
	}
	if s := p.Servers("sandhaven"); len(s.Anchors)+len(s.Pins) != 0 {
		t.Errorf("another partner: %+v", s)
	}
	if len(p.TSA) != 1 {
		t.Error("the time stamping authority is missing")
	}
	for _, q := range p.Pools() {
		if slices.ContainsFunc(q.Anchors, ca.Cert.Equal) || slices.ContainsFunc(q.Intermediates, ca.Cert.Equal) {
			t.Error("a server's authority vouches for evidence")
		}
	}
	alone := rendered(t, func(p *fixture.TrustPack) {
		delete(p.Manifest, "partners")
		p.Files["tls/ca.pem"], p.Files["tls/server.pem"] = ca.PEM(), server.PEM()
	})
	if p, _, err = Read(folder(t, alone), Options{}); err != nil {
		t.Fatal(err)
	}
	if s := p.Servers(""); len(s.Anchors) != 1 || len(s.Pins) != 1 {
		t.Errorf("%+v", s)
	}
	if q := p.Pools(); len(q) != 1 || q[0].Partner != "" || len(q[0].Anchors) != 2 || len(q[0].Pins) != 0 {
		t.Errorf("without partners: %+v", q)
	}
}

func TestWhatIsNoCertificateIsToldAndKeysAreNotRead(t *testing.T) {
	w := world(t)
	response, err := w.Response(w.Exporter, w.Intermediate, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string][]byte{
		"court.der": w.Court.Cert.Raw, "copy.der": w.Court.Cert.Raw, "notes.txt": []byte("hello"), "large.bin": make([]byte, MaxFile+1),
		"key.pem":  []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
		"bad.pem":  []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
		"list.crl": w.Revocations, "list.pem": pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: w.Revocations}), "about.ors": response,
		"a/b/c/d/deep.pem": w.Exporter.PEM(), "empty": {}, "der": {0x30, 3, 1, 2, 3},
	})
	if err := os.Symlink("court.der", filepath.Join(dir, "link.der")); err != nil {
		t.Fatal(err)
	}
	p, findings, err := Read(dir, Options{})
	if err != nil || len(p.Anchors) != 1 || len(p.Lists) != 1 || len(p.Responses) != 1 || !p.ByHand || p.Serial != 0 {
		t.Fatalf("%+v, %v, %v", p, findings, err)
	}
	for _, code := range []string{"PACK-NOT-CERTIFICATE", "PACK-TOO-LARGE", "PACK-PRIVATE-KEY", "PACK-CERTIFICATE", "PACK-DEEP", "PACK-NOT-A-FILE"} {
		if !slices.Contains(codes(findings), code) {
			t.Errorf("no finding %s in %v", code, findings)
		}
	}
}

func TestLooseListThatCannotBeUsedIsRefused(t *testing.T) {
	w := world(t)
	delta, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: day, NextUpdate: day.AddDate(0, 1, 0),
		ExtraExtensions: deltaOf(5),
	}, w.Intermediate.Cert, w.Intermediate.Key)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"junk.crl":  []byte{0x30, 3, 1, 2, 3},
		"junk.pem":  []byte("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"),
		"delta.crl": delta,
		"large.der": append([]byte{0x30}, make([]byte, 33<<20)...),
	} {
		if _, _, err := Read(folder(t, map[string][]byte{"c.pem": w.Court.PEM(), name: data}), Options{}); Code(err) != "PACK-LIST" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPackWithoutCertificateIsRefused(t *testing.T) {
	if _, _, err := Load(t.TempDir()); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	if _, _, err := Load(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing pack was loaded")
	}
	if _, _, err := Load(os.DevNull); Code(err) != "PACK-LINK" {
		t.Error(err)
	}
}

func TestFloodsOfLooseFilesAreRefused(t *testing.T) {
	w := world(t)
	many := map[string][]byte{}
	var chain []byte
	for i := range MaxCertificates + 1 {
		c := slices.Clone(w.Court.Cert.Raw)
		c[len(c)-1] ^= byte(i)
		c[len(c)-2] ^= byte(i >> 8)
		chain = append(chain, c...)
	}
	many["chain.der"] = chain[:min(len(chain), MaxFile)]
	if len(chain) > MaxFile {
		t.Fatal("the chain is too long for the test")
	}
	if _, _, err := Read(folder(t, many), Options{}); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
	few := map[string][]byte{}
	for i := range MaxEntries + 1 {
		few[string(rune('a'+i%20))+"/"+hex.EncodeToString(big.NewInt(int64(i+1)).Bytes())] = nil
	}
	if _, _, err := Read(folder(t, few), Options{}); Code(err) != "PACK-LIMIT" {
		t.Error(err)
	}
}

func FuzzLoose(f *testing.F) {
	w := world(f)
	for _, s := range [][]byte{w.Court.PEM(), w.Court.Cert.Raw, w.Revocations, {0x30, 3, 1, 2, 3}, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := &loose{}
		found, err := l.parse(data, "x")
		if !found && err == nil && len(l.certs)+len(l.lists)+len(l.responses) > 0 {
			t.Error("certificates came from nothing")
		}
	})
}
