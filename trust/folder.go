package trust

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// readFolder takes the files of a pack into memory. The folder is entered as a
// root that no link leads out of; links within it are refused all the same.
func readFolder(dir string) (map[string][]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	defer root.Close()
	files := map[string][]byte{}
	var total int64
	count := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("trust: %w", err)
		}
		if name == "." {
			return nil
		}
		if count++; count > MaxEntries {
			return refuse("PACK-LIMIT", "the folder holds more than %d files and folders", MaxEntries)
		}
		if why := nameProblem(name); why != "" {
			return refuse("PACK-NAME", "%q is refused: %s", name, why)
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			return refuse("PACK-LINK", "%s is a link or something else that is no file", name)
		}
		data, err := readFile(root, name, limitOf(name))
		if err != nil {
			return err
		}
		if total += int64(len(data)); total > MaxUnpacked {
			return refuse("PACK-LIMIT", "the files have more than %d bytes together", MaxUnpacked)
		}
		files[name] = data
		return nil
	})
	return files, err
}

// readFile reads one regular file up to a limit.
func readFile(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, refuse("PACK-LINK", "%s is a link or something else that is no file", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("trust: %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, refuse("PACK-TOO-LARGE", "%s is larger than %d bytes", name, limit)
	}
	return data, nil
}

// isPack reports whether a folder holds pack.json.
func isPack(dir string) (bool, error) {
	_, err := os.Lstat(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
