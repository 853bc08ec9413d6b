package trust

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"vedette/verify"
)

// Folder returns where packs are kept: $VEDETTE_DATA/trust, or vedette/trust in
// the user's folder of settings.
func Folder() (string, error) {
	if p := os.Getenv("VEDETTE_DATA"); p != "" {
		return filepath.Join(p, "trust"), nil
	}
	p, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("trust: there is no folder for packs; name one by VEDETTE_DATA: %w", err)
	}
	return filepath.Join(p, "vedette", "trust"), nil
}

// Store keeps the packs of one user, each under its digest. Packs that were
// replaced or removed stay, so that an old verdict can be made again. Its
// methods may be called from several goroutines and programs at once.
type Store struct {
	dir    string
	agency ed25519.PublicKey
	mu     sync.Mutex
}

// The key of the agency is put beside the packs by whoever installs the program.
const agencyName = "agency.pub"

// OpenStore opens the packs in a folder, which need not exist yet.
func OpenStore(dir string) (*Store, error) {
	s := &Store{dir: dir}
	raw, err := os.ReadFile(filepath.Join(dir, agencyName))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		s.agency, err = agencyKey(raw)
	}
	if err != nil {
		return nil, fmt.Errorf("trust: %s: %w", agencyName, err)
	}
	return s, nil
}

// agencyKey reads an Ed25519 key, as PEM or as 64 hexadecimal digits.
func agencyKey(raw []byte) (ed25519.PublicKey, error) {
	if b, _ := pem.Decode(raw); b != nil {
		k, err := x509.ParsePKIXPublicKey(b.Bytes)
		if err != nil {
			return nil, err
		}
		if e, ok := k.(ed25519.PublicKey); ok {
			return e, nil
		}
		return nil, errors.New("it holds another key than an Ed25519 one")
	}
	k, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(k) != ed25519.PublicKeySize {
		return nil, errors.New("it is no Ed25519 key, as PEM or as 64 hexadecimal digits")
	}
	return k, nil
}

// The states of a pack in the store.
const (
	InForce  = "in force"
	Replaced = "replaced"
	Removed  = "removed"
)

// How a pack was confirmed.
const (
	confirmedByDigits    = "digits"
	confirmedBySignature = "signature"
)

// Entry is one pack of the store.
type Entry struct {
	SHA256    string     `json:"sha256"`
	Name      string     `json:"name"`
	Issuer    string     `json:"issuer"`
	Serial    int64      `json:"serial"`
	ByHand    bool       `json:"byHand,omitempty"`
	State     string     `json:"state"`
	Confirmed string     `json:"confirmed"` // digits or signature
	Installed time.Time  `json:"installed"`
	Ended     *time.Time `json:"ended,omitempty"`
}

// Preview reads a pack and says what installing it would change.
func (s *Store) Preview(path string) (*Preview, error) {
	p, findings, err := Read(path, Options{Agency: s.agency})
	if err != nil {
		return &Preview{Findings: findings}, err
	}
	st, err := s.load()
	if err != nil {
		return nil, err
	}
	before, err := s.admit(st, p)
	if err != nil {
		return &Preview{Pack: p.Summary(), Findings: findings}, err
	}
	return preview(p, before, findings), nil
}

// admit checks that a pack does not go back behind what is held, and returns
// the one that it would replace.
func (s *Store) admit(st *state, p *Pack) (*Pack, error) {
	var before *Pack
	for _, e := range st.Packs {
		if !p.ByHand && !e.ByHand && e.Name == p.Name && e.Issuer == p.Issuer {
			if e.Serial > p.Serial {
				return nil, refuse("PACK-SERIAL", "serial %d of %s lies behind serial %d, which was installed on %s", p.Serial, p.Name, e.Serial, e.Installed.Format(time.DateOnly))
			}
			if e.Serial == p.Serial && e.SHA256 != p.SHA256 {
				return nil, refuse("PACK-SERIAL", "serial %d of %s was installed already with another content (SHA-256 %s)", p.Serial, p.Name, e.SHA256)
			}
		}
		if e.State != InForce {
			continue
		}
		if e.SHA256 == p.SHA256 { // not read, so that a damaged one can be imported again
			before = p
			continue
		}
		held, err := s.read(e)
		if err != nil {
			return nil, err
		}
		if err := notOlder(p, held); err != nil {
			return nil, err
		}
		if !p.ByHand && !e.ByHand && e.Name == p.Name && e.Issuer == p.Issuer {
			before = held
		}
	}
	return before, nil
}

// notOlder refuses revocation lists that lie behind one that is held.
func notOlder(p, held *Pack) error {
	for _, l := range p.Lists {
		for _, h := range held.Lists {
			if series(l) == series(h) && l.Number != nil && h.Number != nil && l.Number.Cmp(h.Number) < 0 {
				return refuse("PACK-LIST-OLDER", "the revocation list of %s has number %s; number %s is held by %s. Ask for a pack with the newest list", l.Issuer, l.Number, h.Number, held.Name)
			}
		}
	}
	return nil
}

// Install puts a previewed pack in force: typed are the digits that the preview
// asks for. The pack of the same name and issuer is replaced and kept.
func (s *Store) Install(v *Preview, typed []string, now time.Time) (Entry, error) {
	if v == nil || v.pack == nil {
		return Entry{}, errors.New("trust: nothing was previewed")
	}
	p := v.pack
	if err := confirmed(v.Confirm, typed); err != nil {
		return Entry{}, err
	}
	e := Entry{SHA256: p.SHA256, Name: p.Name, Issuer: p.Issuer, Serial: p.Serial, ByHand: p.ByHand, State: InForce, Confirmed: confirmedByDigits, Installed: now.UTC()}
	if p.ByHand {
		e.Name = ByHand + " on " + now.UTC().Format(time.DateOnly)
	}
	if p.Signature == SignatureHolds {
		e.Confirmed = confirmedBySignature
	}
	err := s.change(func(st *state) error {
		if _, err := s.admit(st, p); err != nil { // again, now that no other program can change it
			return err
		}
		if err := s.write(p); err != nil {
			return err
		}
		for i := range st.Packs {
			o := &st.Packs[i]
			if o.State == InForce && o.SHA256 == e.SHA256 {
				e = *o // it is in force already
				return nil
			}
			if o.State == InForce && (!e.ByHand && !o.ByHand && o.Name == e.Name && o.Issuer == e.Issuer) {
				o.end(Replaced, now)
			}
		}
		st.Packs = append(st.Packs, e)
		return nil
	})
	return e, err
}

func (e *Entry) end(state string, now time.Time) {
	t := now.UTC()
	e.State, e.Ended = state, &t
}

// Remove takes a pack out of force by its digest. It stays in the store.
func (s *Store) Remove(digest string, now time.Time) error {
	return s.change(func(st *state) error {
		for i := range st.Packs {
			if e := &st.Packs[i]; e.State == InForce && e.SHA256 == digest {
				e.end(Removed, now)
				return nil
			}
		}
		return refuse("PACK-UNKNOWN", "no pack with SHA-256 %s is in force", digest)
	})
}

// List returns every pack that was ever installed, in order of installing.
func (s *Store) List() ([]Entry, error) {
	st, err := s.load()
	if err != nil {
		return nil, err
	}
	return st.Packs, nil
}

// Find returns the pack of a name, or of a digest or its beginning of at least
// eight digits. Of several, the one in force counts, else the newest.
func (s *Store) Find(name string) (*Pack, Entry, error) {
	st, err := s.load()
	if err != nil {
		return nil, Entry{}, err
	}
	var found *Entry
	for i := range st.Packs {
		e := &st.Packs[i]
		if e.Name != name && (len(name) < Digits || !strings.HasPrefix(e.SHA256, strings.ToLower(name))) {
			continue
		}
		if found == nil || found.State != InForce || e.State == InForce {
			found = e
		}
	}
	if found == nil {
		return nil, Entry{}, refuse("PACK-UNKNOWN", "no pack %q is installed", name)
	}
	p, err := s.read(*found)
	return p, *found, err
}

// InForce returns the packs that are in force. One that cannot be read is an
// error, never left out: what it revokes would be trusted.
func (s *Store) InForce() ([]*Pack, error) {
	st, err := s.load()
	if err != nil {
		return nil, err
	}
	var out []*Pack
	for _, e := range st.Packs {
		if e.State != InForce {
			continue
		}
		p, err := s.read(e)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Pools returns the packs that are in force as they are used for judging.
func (s *Store) Pools() ([]verify.Pack, error) {
	packs, err := s.InForce()
	if err != nil {
		return nil, err
	}
	var out []verify.Pack
	for _, p := range packs {
		out = append(out, p.Pools()...)
	}
	return out, nil
}

// Knows reports whether pools have a partner of this identifier or name.
func Knows(pools []verify.Pack, partner string) bool {
	return slices.ContainsFunc(pools, func(p verify.Pack) bool { return partner != "" && (p.Partner == partner || p.PartnerName == partner) })
}
