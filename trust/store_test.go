package trust

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vedette/internal/fixture"
)

func store(t testing.TB) *Store {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "trust"))
}

func opened(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// install puts a pack in force with the digits it asks for.
func install(t testing.TB, s *Store, path string) Entry {
	t.Helper()
	e, err := installing(t, s, path)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func installing(t testing.TB, s *Store, path string) (Entry, error) {
	t.Helper()
	v, err := s.Preview(path)
	if err != nil {
		return Entry{}, err
	}
	var typed []string
	for _, c := range v.Confirm {
		typed = append(typed, c.SHA256[:9]) // with its blank
	}
	return s.Install(v, typed, day)
}

// issue is the agency's pack of a serial, as a folder.
func issue(t testing.TB, serial int, change func(*fixture.TrustPack)) string {
	t.Helper()
	return folder(t, rendered(t, func(p *fixture.TrustPack) {
		p.Manifest["serial"] = serial
		if change != nil {
			change(p)
		}
	}))
}

func TestNothingIsInstalledWithoutTheDigits(t *testing.T) {
	s := store(t)
	v, err := s.Preview(issue(t, 7, nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Confirm) != 1 || strings.ReplaceAll(v.Confirm[0].SHA256, " ", "") != v.Pack.SHA256 {
		t.Fatalf("%+v", v.Confirm)
	}
	digits := v.Pack.SHA256[:Digits]
	for _, typed := range [][]string{nil, {""}, {digits[:7]}, {"00000000"}, {digits[1:] + "0"}} {
		if _, err := s.Install(v, typed, day); Code(err) != "PACK-NOT-CONFIRMED" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if p, err := s.InForce(); err != nil || len(p) != 0 {
		t.Errorf("%d in force, %v", len(p), err)
	}
	e, err := s.Install(v, []string{"aa", strings.ToUpper(digits[:4]) + " " + digits[4:]}, day)
	if err != nil || e.State != InForce || e.Confirmed != "digits" || e.Serial != 7 {
		t.Fatalf("%+v, %v", e, err)
	}
	pools, err := opened(t, s.dir).Pools()
	if err != nil || len(pools) != 2 || pools[0].Name != "Sandhaven evidence" || pools[0].SHA256 != v.Pack.SHA256 {
		t.Errorf("%+v, %v", pools, err)
	}
	if _, err := s.Install(nil, nil, day); err == nil {
		t.Error("nothing was installed")
	}
}

func TestSignatureOfTheAgencyTakesThePlaceOfTheDigits(t *testing.T) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(p *fixture.TrustPack) { p.Sign = key }
	keyed := func(text string) *Store {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, agencyName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return opened(t, dir)
	}
	for _, text := range []string{hex.EncodeToString(pub) + "\n", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))} {
		s := keyed(text)
		v, err := s.Preview(issue(t, 7, signed))
		if err != nil || len(v.Confirm) != 0 || v.Pack.Signature != SignatureHolds {
			t.Fatalf("%+v, %v", v, err)
		}
		if e, err := s.Install(v, nil, day); err != nil || e.Confirmed != "signature" {
			t.Errorf("%+v, %v", e, err)
		}
		if p, _, err := s.Find("Sandhaven evidence"); err != nil || p.Signature != SignatureHolds {
			t.Errorf("%v", err)
		}
		if v, err := s.Preview(issue(t, 8, nil)); err != nil || len(v.Confirm) != 1 || v.Pack.Signature != SignatureNone {
			t.Errorf("without a signature: %+v, %v", v, err)
		}
	}
	if v, err := store(t).Preview(issue(t, 7, signed)); err != nil || len(v.Confirm) != 1 || v.Pack.Signature != SignatureUnchecked {
		t.Errorf("without a key: %+v, %v", v, err)
	}
	if _, err := keyed(hex.EncodeToString(other)).Preview(issue(t, 7, signed)); Code(err) != "PACK-SIGNATURE" {
		t.Errorf("another key: %v", err)
	}
	files := rendered(t, signed)
	files[signatureName] = files[signatureName][:63]
	if _, err := store(t).Preview(folder(t, files)); Code(err) != "PACK-SIGNATURE" {
		t.Errorf("short signature: %v", err)
	}
	rsa, err := x509.MarshalPKIXPublicKey(world(t).Root.Cert.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "12", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: rsa})), string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte{1}}))} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, agencyName), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenStore(dir); err == nil {
			t.Errorf("key %q was taken", bad)
		}
	}
	if SignatureState(9).String() != "none" {
		t.Error("an unknown state reads as something")
	}
}

func TestNewIssueReplacesTheOldOneAndIsPreviewed(t *testing.T) {
	w := world(t)
	s := store(t)
	first := install(t, s, issue(t, 7, nil))
	newRoot, err := w.Mint(w.Metro.Cert.Subject.CommonName, nil, w.Metro, func(c *x509.Certificate) {
		c.Subject, c.IsCA, c.KeyUsage = w.Metro.Cert.Subject, true, x509.KeyUsageCertSign
	})
	if err != nil {
		t.Fatal(err)
	}
	newer, err := w.List(w.Intermediate, day.AddDate(0, 0, 9), day.AddDate(1, 0, 0), w.Revoked, w.Court)
	if err != nil {
		t.Fatal(err)
	}
	path := issue(t, 8, func(p *fixture.TrustPack) {
		p.Files["anchors/metro-root.pem"] = newRoot.PEM()
		partner(p, 1)["anchors"] = []string{newRoot.SHA256()}
		partner(p, 1)["subject"] = map[string]any{"ou": "Video"}
		delete(p.Files, "ocsp/vms-export-02.der")
		p.Files["crls/sandhaven-ca1.crl"] = newer
		p.Manifest["requires_revocation"] = true
		p.Manifest["eku"] = []string{"1.3.6.1.5.5.7.3.36"}
		partner(p, 0)["pins"] = []string{w.Court.SHA256()}
	})
	v, err := s.Preview(path)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range v.Changes {
		got[c.What+" "+c.Partner] += c.How + " "
	}
	for what, how := range map[string]string{
		"anchor metro": "changed ", "anchor sandhaven": "kept ", "partner metro": "changed ", "partner sandhaven": "kept ", "response ": "removed ",
		"list ": "changed kept ", "rule ": "added added ", "pin sandhaven": "added ", "intermediate ": "kept ",
	} {
		if got[what] != how {
			t.Errorf("%s: %q, want %q", what, got[what], how)
		}
	}
	for _, c := range v.Changes {
		if c.What == "anchor" && c.Partner == "metro" && (c.Was != Grouped(sum(w.Metro.Cert.Raw)) || c.SHA256 != Grouped(sum(newRoot.Cert.Raw)) || c.Key != "ECDSA P-256" || c.From == nil || !strings.Contains(c.Name, "Harbour Metro Root")) {
			t.Errorf("%+v", c)
		}
		if c.What == "intermediate" && c.Key != "RSA 2048" {
			t.Errorf("%+v", c)
		}
	}
	if v.Replaces == nil || v.Replaces.Serial != 7 {
		t.Errorf("%+v", v.Replaces)
	}
	second := install(t, s, path)
	list, err := s.List()
	if err != nil || len(list) != 2 || list[0].State != Replaced || list[0].Ended == nil || list[1].State != InForce {
		t.Fatalf("%+v, %v", list, err)
	}
	if p, e, err := s.Find("Sandhaven evidence"); err != nil || e.SHA256 != second.SHA256 || !p.RequiresRevocation {
		t.Errorf("%+v, %v", e, err)
	}
	if p, e, err := s.Find(first.SHA256[:8]); err != nil || e.State != Replaced || p.Serial != 7 {
		t.Errorf("the old pack: %+v, %v", e, err)
	}
	if _, _, err := s.Find("Another"); Code(err) != "PACK-UNKNOWN" {
		t.Error(err)
	}
	if packs, err := s.InForce(); err != nil || len(packs) != 1 || packs[0].Serial != 8 {
		t.Errorf("%v, %v", packs, err)
	}
	for _, c := range []struct {
		name, code string
		path       string
	}{
		{"an older issue", "PACK-SERIAL", issue(t, 7, nil)},
		{"the same serial with another content", "PACK-SERIAL", issue(t, 8, nil)},
		{"a newer issue with an older list", "PACK-LIST-OLDER", issue(t, 9, nil)},
	} {
		if _, err := installing(t, s, c.path); Code(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := s.Remove(second.SHA256, day); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(second.SHA256, day); Code(err) != "PACK-UNKNOWN" {
		t.Error(err)
	}
	if packs, err := s.InForce(); err != nil || len(packs) != 0 {
		t.Errorf("%v, %v", packs, err)
	}
	if _, err := installing(t, s, issue(t, 7, nil)); Code(err) != "PACK-SERIAL" {
		t.Errorf("removing opened the way back: %v", err)
	}
	if again := install(t, s, path); again.SHA256 != second.SHA256 {
		t.Errorf("%+v", again)
	}
}

func TestRollbackIsRefusedAlsoBetweenPreviewAndInstall(t *testing.T) {
	s := store(t)
	old, err := s.Preview(issue(t, 7, nil))
	if err != nil {
		t.Fatal(err)
	}
	install(t, s, issue(t, 8, nil))
	if _, err := s.Install(old, []string{old.Pack.SHA256}, day); Code(err) != "PACK-SERIAL" {
		t.Error(err)
	}
}

func TestSamePackTwiceIsOne(t *testing.T) {
	s := store(t)
	path := issue(t, 7, nil)
	a, b := install(t, s, path), install(t, s, path)
	list, err := s.List()
	if err != nil || len(list) != 1 || a.SHA256 != b.SHA256 {
		t.Errorf("%+v, %v", list, err)
	}
	v, err := s.Preview(path)
	if err != nil || slices.ContainsFunc(v.Changes, func(c Change) bool { return c.How != "kept" }) {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestLooseCertificatesAskForEachDigest(t *testing.T) {
	w := world(t)
	s := store(t)
	dir := folder(t, map[string][]byte{"a.pem": w.Root.PEM(), "b.pem": w.Court.PEM(), "c.crl": w.Revocations})
	v, err := s.Preview(dir)
	if err != nil || len(v.Confirm) != 2 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := s.Install(v, []string{w.Root.SHA256()}, day); Code(err) != "PACK-NOT-CONFIRMED" {
		t.Error(err)
	}
	e, err := s.Install(v, []string{w.Root.SHA256(), w.Court.SHA256()}, day)
	if err != nil || e.Name != "added by hand on 2026-03-01" || !e.ByHand {
		t.Fatalf("%+v, %v", e, err)
	}
	p, _, err := s.Find(e.Name)
	if err != nil || !p.ByHand || p.Name != e.Name || p.Serial != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if q := p.Pools(); len(q) != 1 || len(q[0].Anchors) != 2 || len(q[0].Pins) != 2 || len(q[0].Revocations) != 1 {
		t.Errorf("%+v", q)
	}
	if sum := p.Summary(); sum.Issuer != "" || sum.Issued != nil {
		t.Errorf("%+v", sum)
	}
	other := install(t, s, folder(t, map[string][]byte{"x.pem": w.Metro.PEM()}))
	list := install(t, s, folder(t, map[string][]byte{"only.crl": w.Revocations}))
	if packs, err := s.InForce(); err != nil || len(packs) != 3 || other.SHA256 == e.SHA256 || list.SHA256 == e.SHA256 {
		t.Errorf("%d in force, %v", len(packs), err)
	}
}

func TestDamagedStoreIsAnErrorAndNeverEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		code   string
		damage func(dir string, e Entry) error
	}{
		"a certificate changed": {"PACK-CHANGED", func(dir string, e Entry) error {
			return os.WriteFile(filepath.Join(dir, packsName, e.SHA256, "anchors", "metro-root.pem"), []byte("x"), 0o600)
		}},
		"a list is gone": {"PACK-CHANGED", func(dir string, e Entry) error {
			return os.Remove(filepath.Join(dir, packsName, e.SHA256, "crls", "sandhaven-ca1.crl"))
		}},
		"another pack in its place": {"PACK-CHANGED", func(dir string, e Entry) error {
			to := filepath.Join(dir, packsName, e.SHA256)
			if err := os.RemoveAll(to); err != nil {
				return err
			}
			return fixture.WriteFiles(to, rendered(t, func(p *fixture.TrustPack) { p.Manifest["name"] = "Other" }))
		}},
		"the pack is gone":  {"PACK-CHANGED", func(dir string, e Entry) error { return os.RemoveAll(filepath.Join(dir, packsName, e.SHA256)) }},
		"the state is gone": {"PACK-STORE", func(dir string, _ Entry) error { return os.Remove(filepath.Join(dir, stateName)) }},
		"the state is cut":  {"PACK-STORE", func(dir string, _ Entry) error { return os.Truncate(filepath.Join(dir, stateName), 20) }},
		"the state is of the future": {"PACK-STORE", func(dir string, _ Entry) error {
			return os.WriteFile(filepath.Join(dir, stateName), []byte(`{"schema":"vedette.packs/2","packs":[]}`), 0o600)
		}},
		"the state leads out": {"PACK-STORE", func(dir string, e Entry) error {
			e.SHA256 = "../../x"
			raw, err := json.Marshal(state{stateSchema, []Entry{e}})
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, stateName), raw, 0o600)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := store(t)
			path := issue(t, 7, nil)
			e := install(t, s, path)
			if err := c.damage(s.dir, e); err != nil {
				t.Fatal(err)
			}
			if packs, err := s.InForce(); Code(err) != c.code || packs != nil {
				t.Errorf("InForce: %v, %v", packs, err)
			}
			if pools, err := s.Pools(); Code(err) != c.code || pools != nil {
				t.Errorf("Pools: %v, %v", pools, err)
			}
			if c.code == "PACK-CHANGED" {
				install(t, s, path)
				if packs, err := s.InForce(); err != nil || len(packs) != 1 {
					t.Errorf("after importing again: %v, %v", packs, err)
				}
				return
			}
			if name != "the state leads out" {
				if _, err := s.List(); Code(err) != c.code {
					t.Errorf("List: %v", err)
				}
				if err := s.Remove(e.SHA256, day); Code(err) != c.code {
					t.Errorf("Remove: %v", err)
				}
				if _, err := s.Preview(path); Code(err) != c.code {
					t.Errorf("Preview: %v", err)
				}
				if _, _, err := s.Find(e.Name); Code(err) != c.code {
					t.Errorf("Find: %v", err)
				}
			}
		})
	}
}

func TestDamagedPackDoesNotHideBehindAnother(t *testing.T) {
	s := store(t)
	e := install(t, s, issue(t, 7, nil))
	if err := os.RemoveAll(filepath.Join(s.dir, packsName, e.SHA256)); err != nil {
		t.Fatal(err)
	}
	if _, err := installing(t, s, issue(t, 8, nil)); Code(err) != "PACK-CHANGED" {
		t.Errorf("a new issue over a damaged one: %v", err)
	}
	if err := s.Remove(e.SHA256, day); err != nil {
		t.Fatal(err)
	}
	install(t, s, issue(t, 8, nil))
}

func TestStoreThatCannotBeWrittenSaysSo(t *testing.T) {
	at := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(at, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &Store{dir: filepath.Join(at, "trust")}
	v := preview(&Pack{SHA256: strings.Repeat("0", 64), Signature: SignatureHolds}, nil, nil)
	if _, err := s.Install(v, nil, day); err == nil {
		t.Error("a pack went into a file")
	}
	for _, name := range []string{lockName, stateName + ".new"} {
		s = store(t)
		if err := os.MkdirAll(filepath.Join(s.dir, name, "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := installing(t, s, issue(t, 7, nil)); err == nil {
			t.Errorf("%s is a folder, and nothing was said", name)
		}
	}
	s = store(t)
	if _, err := s.Preview(filepath.Join(s.dir, "missing")); err == nil {
		t.Error("a missing pack was previewed")
	}
}

func TestSeveralProgramsChangeTheStoreOneAfterAnother(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "trust")
	var wg sync.WaitGroup
	const n = 8
	errs := make([]error, n)
	paths := make([]string, n)
	for i := range n {
		paths[i] = issue(t, 1, func(p *fixture.TrustPack) { p.Manifest["name"] = "Pack " + string(rune('A'+i)) })
	}
	for i := range n {
		wg.Go(func() {
			s, err := OpenStore(dir)
			if err == nil {
				_, err = installing(t, s, paths[i])
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	if packs, err := opened(t, dir).InForce(); err != nil || len(packs) != n {
		t.Errorf("%d in force, %v", len(packs), err)
	}
}

func TestFolderOfThePacksCanBeNamed(t *testing.T) {
	t.Setenv("VEDETTE_DATA", "/somewhere")
	if dir, err := Folder(); err != nil || dir != filepath.Join("/somewhere", "trust") {
		t.Errorf("%s, %v", dir, err)
	}
	t.Setenv("VEDETTE_DATA", "")
	t.Setenv("XDG_CONFIG_HOME", "/config")
	if dir, err := Folder(); err != nil || !strings.HasSuffix(filepath.ToSlash(dir), "vedette/trust") {
		t.Errorf("%s, %v", dir, err)
	}
	t.Setenv("XDG_CONFIG_HOME", "relative")
	if _, err := Folder(); err == nil {
		t.Error("a folder that is not absolute was taken")
	}
}

func TestDigestsAreShownInGroupsOfFour(t *testing.T) {
	if s := Grouped([32]byte{0xab, 0xcd, 0xef}); !strings.HasPrefix(s, "abcd ef00 0000 ") || len(s) != 64+15 {
		t.Error(s)
	}
	if at, err := when("2026-03-01T10:00:00+02:00"); err != nil || !at.Equal(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)) {
		t.Error(at, err)
	}
}
