package sealing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"vedette/evidence"
)

// Copy writes a sealed copy of file to a path that must not exist yet. Until
// the copy has been read back and holds it lies beside that path under a name
// that begins with a dot and ends in .part, readable by this user alone; then
// it gets its name in one step. After an error there is neither.
func Copy(ctx context.Context, file *evidence.File, path string, opt Options, progress func(Progress)) (*Result, error) {
	dir, name := filepath.Split(filepath.Clean(path))
	if name == "." || name == ".." || name == "" {
		return nil, refuse("SEALING-OUTPUT", "%s names no file", path)
	}
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, refuse("SEALING-OUTPUT", "the folder of the copy cannot be opened: %v", err)
	}
	defer root.Close()
	if err := absent(root, name, file); err != nil {
		return nil, err
	}
	part := ".vedette-" + rand.Text()[:10] + ".part"
	f, err := root.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, refuse("SEALING-OUTPUT", "the copy cannot be written there: %v", err)
	}
	r, err := Write(ctx, file, f, opt, progress)
	if err = errors.Join(err, f.Close()); err == nil {
		err = claim(root, part, name)
	}
	if err != nil {
		return nil, errors.Join(err, dropped(root.Remove(part)))
	}
	return r, nil
}

// absent refuses a name that is taken, that of the input first of all.
func absent(root *os.Root, name string, file *evidence.File) error {
	there, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return refuse("SEALING-OUTPUT", "the name of the copy cannot be used: %v", err)
	}
	if in, err := os.Stat(file.Path()); err == nil && os.SameFile(in, there) {
		return refuse("SEALING-OUTPUT", "the copy would take the place of the file itself, which is never written to; choose another name")
	}
	return refuse("SEALING-OUTPUT", "%s exists already; choose another name", name)
}

// claim gives the finished copy its name. The name is first taken by an empty
// file, which fails where something is there, and then replaced: that works on
// every file system, also on those without links.
func claim(root *os.Root, part, name string) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return refuse("SEALING-OUTPUT", "the name of the copy was taken meanwhile: %v", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("sealing: %w", err)
	}
	if err := root.Rename(part, name); err != nil {
		return errors.Join(fmt.Errorf("sealing: %w", err), root.Remove(name))
	}
	if runtime.GOOS == "windows" { // there a folder cannot be flushed
		return nil
	}
	d, err := root.Open(".")
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("sealing: %w", err), root.Remove(name))
	}
	return nil
}

// dropped leaves out that a part is gone already.
func dropped(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
