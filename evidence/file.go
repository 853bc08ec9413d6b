// Package evidence opens one export file (ONVIF Export File Format over
// ISO/IEC 14496-12) and tells what it holds: side information, seals as far as
// structure goes, tracks, samples and their times. It judges nothing.
//
// A file is opened once and read-only. What was read once must read the same
// ever after, or everything said about it is withdrawn: the checker and the
// player read through the same guard, so what was examined is what is played.
//
// Memory: the table of samples takes about 40 bytes a sample, the guard 17
// bytes for each block of the file, 9 MB at most up to 512 GiB, and a cache of
// 4 MiB at most. No track and no large box is ever held whole.
package evidence

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is an original: read-only, opened once, bound to its first reading.
// All methods are safe for use by several goroutines.
type File struct {
	guard  *guard
	raw    io.ReaderAt
	closer io.Closer
	handle *os.File // nil for memory
	first  identity
	path   string
	name   string
}

// PathError says that a path cannot be opened as an original, and what to do.
type PathError struct {
	Path string
	What string
	Err  error
}

// Error names the path, the fault and the remedy.
func (e *PathError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Path, e.What)
	}
	return fmt.Sprintf("%s: %s: %v", e.Path, e.What, e.Err)
}

// Unwrap returns the cause.
func (e *PathError) Unwrap() error { return e.Err }

// OpenFile opens a regular file for reading. It never creates, locks or
// changes anything.
func OpenFile(path string) (*File, error) {
	h, err := openReadOnly(path)
	if err != nil {
		return nil, openError(path, err)
	}
	st, err := h.Stat()
	if err != nil {
		h.Close()
		return nil, &PathError{path, "cannot be examined", err}
	}
	switch {
	case st.IsDir():
		h.Close()
		return nil, &PathError{Path: path, What: "is a folder; open the files in it"}
	case !st.Mode().IsRegular():
		h.Close()
		return nil, &PathError{Path: path, What: "is not a regular file; copy its content to a file first"}
	case st.Size() == 0:
		h.Close()
		return nil, &PathError{Path: path, What: "is empty; ask the sender for the file again"}
	}
	f, err := newFile(h, st.Size(), filepath.Base(path))
	if err != nil {
		h.Close()
		return nil, err
	}
	f.path, f.handle, f.closer, f.first = path, h, h, identify(st)
	return f, nil
}

func openError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &PathError{path, "is not there; check the name, or that the medium is still connected", err}
	case errors.Is(err, fs.ErrPermission):
		return &PathError{path, "may not be read by this user; ask for the right to read it", err}
	default:
		return &PathError{path, "cannot be opened", err}
	}
}

// NewFile binds bytes that are not a file of this machine.
func NewFile(r io.ReaderAt, size int64, name string) *File {
	f, err := newFile(r, size, name)
	if err != nil {
		// Only the system's random source can fail, and Go ends the program then.
		panic(err)
	}
	return f
}

func newFile(r io.ReaderAt, size int64, name string) (*File, error) {
	g, err := newGuard(r, size)
	if err != nil {
		return nil, err
	}
	return &File{guard: g, raw: r, name: name}, nil
}

// Name returns the last element of the path.
func (f *File) Name() string { return f.name }

// Path returns the path as it was given, or "".
func (f *File) Path() string { return f.path }

// Size returns the length in bytes at the time of opening.
func (f *File) Size() int64 { return f.guard.size }

// ReadAt reads bytes that are bound. An error of type *ChangedError means that
// everything said about the file is withdrawn.
func (f *File) ReadAt(p []byte, off int64) (int, error) { return f.guard.ReadAt(p, off) }

// Afresh reads like ReadAt, but never answers from memory: every byte is read
// again and compared. Who examines the file reads so.
func (f *File) Afresh() io.ReaderAt { return afresh{f.guard} }

// Unguarded reads without binding, for measurements only.
func (f *File) Unguarded() io.ReaderAt { return f.raw }

// Withdrawn returns why the file is no longer that which was first read, or nil.
func (f *File) Withdrawn() error { return f.guard.withdrawn() }

// Changed returns a channel that is closed when the file is withdrawn.
func (f *File) Changed() <-chan struct{} { return f.guard.failed }

// Recheck compares size, times and identity of the open file and of its path
// with those at opening, as an early warning beside the guard.
func (f *File) Recheck() error {
	if err := f.Withdrawn(); err != nil || f.handle == nil {
		return err
	}
	st, err := f.handle.Stat()
	if err != nil {
		return f.guard.withdraw(&PathError{f.path, "can no longer be examined", err})
	}
	if now := identify(st); now != f.first {
		return f.guard.withdraw(&PathError{Path: f.path, What: "was changed while it was open; its size or time is no longer that of opening"})
	}
	return nil
}

// Close releases the file. Reads fail from then on.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	if err := f.closer.Close(); err != nil {
		return fmt.Errorf("evidence: closing %s: %w", f.name, err)
	}
	return nil
}
