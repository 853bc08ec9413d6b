package trust

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Names within the folder of a store.
const (
	stateName = "state.json"
	lockName  = "lock"
	packsName = "packs"
)

const stateSchema = "vedette.packs/1"

// maxState bounds state.json: an entry has some 400 bytes.
const maxState = 16 << 20

// state is state.json: what was installed, replaced and removed, in order.
type state struct {
	Schema string  `json:"schema"`
	Packs  []Entry `json:"packs"`
}

// load reads the state. A store without one is empty; one that holds packs but
// no state is damaged, which must not read as "no packs".
func (s *Store) load() (*state, error) {
	f, err := os.Open(filepath.Join(s.dir, stateName))
	if errors.Is(err, fs.ErrNotExist) {
		if left, lerr := os.ReadDir(filepath.Join(s.dir, packsName)); lerr == nil && len(left) > 0 {
			return nil, refuse("PACK-STORE", "%s holds packs, but %s is missing", s.dir, stateName)
		}
		return &state{Schema: stateSchema}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxState+1))
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	st := &state{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(st); err != nil || st.Schema != stateSchema || len(raw) > maxState {
		return nil, refuse("PACK-STORE", "%s cannot be read: it is damaged or by a newer program", filepath.Join(s.dir, stateName))
	}
	return st, nil
}

// change alters the state while no other program does.
func (s *Store) change(do func(*state) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(filepath.Join(s.dir, packsName), 0o700); err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	unlock, err := lock(filepath.Join(s.dir, lockName))
	if err != nil {
		return fmt.Errorf("trust: another program holds the trust packs: %w", err)
	}
	defer unlock()
	st, err := s.load()
	if err != nil {
		return err
	}
	if err := do(st); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	return replace(s.dir, stateName, raw)
}

// replace writes a file so that it is the old or the new one after a crash.
func replace(dir, name string, data []byte) error {
	tmp := filepath.Join(dir, name+".new")
	if err := writeFile(tmp, data); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	syncDir(dir)
	return nil
}

func writeFile(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // within the store
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("trust: %w", cerr)
		}
	}()
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	return nil
}

// syncDir makes a rename last. Where folders cannot be synced, nothing better is to be had.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil { //nolint:gosec // the store
		_ = d.Sync()
		_ = d.Close()
	}
}

// write puts the files of a pack under its digest: into a folder beside, which
// then takes the place. A pack that is there already is left as it is, unless
// it was damaged.
func (s *Store) write(p *Pack) error {
	to := filepath.Join(s.dir, packsName, p.SHA256)
	if _, err := os.Lstat(to); err == nil {
		if _, err := s.read(Entry{SHA256: p.SHA256}); err == nil {
			return nil
		}
		if err := os.RemoveAll(to); err != nil {
			return fmt.Errorf("trust: %w", err)
		}
	}
	tmp, err := os.MkdirTemp(s.dir, "new-")
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	defer os.RemoveAll(tmp)
	for _, name := range p.names() {
		path := filepath.Join(tmp, filepath.FromSlash(name)) // names were checked when it was read
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("trust: %w", err)
		}
		if err := writeFile(path, p.files[name]); err != nil {
			return err
		}
		syncDir(filepath.Dir(path))
	}
	if err := os.Rename(tmp, to); err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	syncDir(filepath.Join(s.dir, packsName))
	return nil
}

// read reads a pack of the store and checks that it is what was installed.
func (s *Store) read(e Entry) (*Pack, error) {
	changed := func(why error) error {
		return refuse("PACK-CHANGED", "the installed pack %s is not what it was when it was installed: %v. Remove it, or import it again", e.Name, why)
	}
	if _, err := digestOf(e.SHA256); err != nil {
		return nil, refuse("PACK-STORE", "%s names a pack by %q", stateName, e.SHA256)
	}
	files, err := readFolder(filepath.Join(s.dir, packsName, e.SHA256))
	if err != nil {
		return nil, changed(err)
	}
	p, _, err := assemble(files, Options{}) // the signature was looked at when it was installed
	if err != nil {
		return nil, changed(err)
	}
	if p.SHA256 != e.SHA256 {
		return nil, changed(fmt.Errorf("its SHA-256 is %s", p.SHA256))
	}
	p.Name = e.Name
	if e.Confirmed == confirmedBySignature {
		p.Signature = SignatureHolds
	}
	if e.ByHand {
		p.ByHand, p.Serial, p.Issued = true, 0, time.Time{}
	}
	return p, nil
}
