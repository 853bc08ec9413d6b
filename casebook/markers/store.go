package markers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Schema names the form of the file.
const Schema = "vedette.markers/1"

// Limits of what is read.
const (
	maxFile = 512 << 20 // maxSize, with every byte escaped, and the rest
	maxSize = 64 << 20  // of all texts of a book
	maxLine = 256 << 10 // one marker, with every byte escaped
)

// file is the document.
type file struct {
	Schema  string       `json:"schema"`
	Seq     uint64       `json:"seq"`
	Last    uint64       `json:"lastID"`
	Numbers map[Kind]int `json:"numbers"`
	Markers []Marker     `json:"markers"`
}

// change is one line of the journal. It holds the whole marker, so that a line
// that is lost harms no other.
type change struct {
	Seq    uint64  `json:"seq"`
	Put    *Marker `json:"put,omitempty"`
	Remove uint64  `json:"remove,omitempty"`
}

// store is the files of a book: the document, its journal, and of both the ones
// before. Whatever is lost of them, one document with the journals that follow it
// gives the whole book:
//
//	markers.json            the book as of its seq
//	markers.json.journal    what was changed after that
//	markers.json.last       the book before
//	markers.json.journal.last  what was changed between the two
type store struct {
	path    string
	journal *os.File
	changes int  // in the journal
	torn    bool // the last line may be a piece
}

func (s *store) journalPath() string { return s.path + ".journal" }

// damaged is a document that cannot be read as one.
type damaged struct{ err error }

func (d damaged) Error() string { return d.err.Error() }

// load reads the book, and says what was damaged.
func (s *store) load() (state, []string, error) {
	var said []string
	st, err := readState(s.path)
	var bad damaged
	switch {
	case errors.As(err, &bad):
		said = append(said, fmt.Sprintf("%s is damaged (%v); it was put aside, and the markers were taken from the copy before and the journal", filepath.Base(s.path), bad.err))
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return st, nil, err
	}
	begun := false
	if err != nil {
		damage := err
		st, err = readState(s.path + ".last")
		switch {
		case errors.Is(err, fs.ErrNotExist) && len(said) == 0:
			st, begun = newState(), true // a new book, or one whose first writing was cut off
		case err != nil:
			return st, nil, fmt.Errorf("markers: %s cannot be read (%w), nor the copy before it (%w); put back a good copy, or take both away to begin anew", s.path, damage, err)
		}
	}
	for _, name := range []string{s.journalPath() + ".last", s.journalPath()} {
		list, pieces, err := readJournal(name)
		if err != nil {
			return st, nil, err
		}
		if begun && len(list)+pieces > 0 {
			return st, nil, fmt.Errorf("markers: %s is there, but neither %s nor the copy before it; put one of them back, or take the journal away to begin anew", name, s.path)
		}
		if pieces > 0 {
			said = append(said, fmt.Sprintf("%s has %d damaged lines; the others were read", filepath.Base(name), pieces))
		}
		for _, c := range list {
			st.apply(c)
		}
	}
	if bad.err != nil {
		if err := os.Rename(s.path, s.path+".damaged"); err != nil {
			return st, nil, fmt.Errorf("markers: %w", err)
		}
	}
	return st, said, nil
}

// readState reads one document.
func readState(name string) (state, error) {
	st := newState()
	b, err := readAll(name, maxFile)
	if err != nil {
		return st, err
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return st, damaged{err}
	}
	if head.Schema != Schema {
		return st, fmt.Errorf("markers: %s is of form %.40q, want %q; a newer program may have written it", name, head.Schema, Schema)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return st, fmt.Errorf("markers: %s: %w; a newer program may have written it", name, err)
	}
	if len(f.Markers) > MaxMarkers {
		return st, fmt.Errorf("markers: %s has %d markers; at most %d are read", name, len(f.Markers), MaxMarkers)
	}
	st.seq, st.last = f.Seq, f.Last
	for k, n := range f.Numbers {
		st.numbers[k] = n
	}
	for i, m := range f.Markers {
		if err := m.Check(); err != nil {
			return st, damaged{fmt.Errorf("number %d of the list: %w", i+1, err)}
		}
		if m.ID == 0 {
			return st, damaged{fmt.Errorf("number %d of the list has no id", i+1)}
		}
		st.put(m)
	}
	return st, nil
}

// readJournal reads the lines of a journal, and counts those that are not whole.
// A piece at the end is what a crash leaves, and was never said to be kept.
func readJournal(name string) (list []change, pieces int, err error) {
	b, err := readAll(name, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		b = rest
		if len(line) == 0 {
			continue
		}
		c, ok := readChange(line)
		switch {
		case ok && whole:
			list = append(list, c)
		case whole:
			pieces++
		}
	}
	return list, pieces, nil
}

// readChange reads one line: a CRC-32 of what follows, and that in JSON.
func readChange(line []byte) (change, bool) {
	sum, text, ok := bytes.Cut(line, []byte(" "))
	if !ok || len(line) > maxLine {
		return change{}, false
	}
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if err != nil || uint32(want) != crc32.ChecksumIEEE(text) {
		return change{}, false
	}
	var c change
	if json.Unmarshal(text, &c) != nil || c.Put == nil && c.Remove == 0 || c.Put != nil && (c.Put.ID == 0 || c.Put.Check() != nil) {
		return change{}, false
	}
	return c, true
}

// append writes one change and waits until it is on the disk.
func (s *store) append(c change) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("markers: %w", err)
	}
	line := fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text)
	if s.torn {
		line = append([]byte("\n"), line...)
	}
	s.torn = true
	if _, err := s.journal.Write(line); err != nil {
		return fmt.Errorf("markers: the change was not kept: %w", err)
	}
	s.torn = false
	if err := s.journal.Sync(); err != nil {
		return fmt.Errorf("markers: the change may not be kept: %w", err)
	}
	s.changes++
	return nil
}

// write writes the book anew and begins an empty journal. At each moment in
// between, the files give the whole book; see store.
func (s *store) write(st state) error {
	f := file{Schema: Schema, Seq: st.seq, Last: st.last, Numbers: st.numbers, Markers: make([]Marker, 0, len(st.markers))}
	for _, m := range st.markers {
		f.Markers = append(f.Markers, m)
	}
	slices.SortFunc(f.Markers, func(a, b Marker) int { return int(min(max(int64(a.ID)-int64(b.ID), -1), 1)) }) //nolint:gosec // counted from 1
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return fmt.Errorf("markers: %w", err)
	}
	if err := writeSynced(s.path+".new", append(text, '\n')); err != nil {
		return fmt.Errorf("markers: %w", err)
	}
	if err := s.close(); err != nil {
		return fmt.Errorf("markers: %w", err)
	}
	// First the document, then the journal: the other way round a crash in between
	// would leave a document whose journal is not where the copy before needs it.
	for _, r := range [][2]string{{s.path, s.path + ".last"}, {s.path + ".new", s.path}, {s.journalPath(), s.journalPath() + ".last"}} {
		if err := os.Rename(r[0], r[1]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("markers: %w", err), s.begin())
		}
	}
	s.changes = 0
	if err := s.begin(); err != nil {
		return err
	}
	syncFolder(filepath.Dir(s.path))
	return nil
}

// begin opens the journal for more changes.
func (s *store) begin() error {
	f, err := os.OpenFile(s.journalPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("markers: %w", err)
	}
	s.journal = f
	return nil
}

func (s *store) close() error {
	if s.journal == nil {
		return nil
	}
	err := s.journal.Close()
	s.journal = nil
	return err
}

func writeSynced(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder makes the new names last. Systems that know no such thing keep them
// anyway.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

func readAll(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("markers: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("markers: %w", err)
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("markers: %s has more than %d bytes", name, most)
	}
	return b, nil
}
