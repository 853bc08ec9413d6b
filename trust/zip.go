package trust

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Sizes of a zip's end record and of the directory before it. The library reads
// the directory to its end whatever number of entries it states, so its length
// is the bound: an entry of ours has 46 bytes and a name of at most 302.
const (
	zipEnd       = 22
	maxDirectory = 2 << 20
)

var zipMagic = []byte("PK\x03\x04")

// readZip takes the files of a pack out of an archive, into memory.
func readZip(r io.ReaderAt, size int64) (map[string][]byte, error) {
	if size > MaxUnpacked {
		return nil, refuse("PACK-LIMIT", "the archive has %d bytes, the limit is %d", size, MaxUnpacked)
	}
	if err := checkEnd(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, refuse("PACK-ZIP", "the archive cannot be read: %v", err)
	}
	if len(z.File) > MaxEntries {
		return nil, refuse("PACK-LIMIT", "the archive holds more than %d entries", MaxEntries)
	}
	files := map[string][]byte{}
	var total int64
	for _, f := range z.File {
		name, isDir := strings.CutSuffix(f.Name, "/")
		if why := nameProblem(name); why != "" {
			return nil, refuse("PACK-NAME", "%q is refused: %s", f.Name, why)
		}
		mode := f.Mode()
		if isDir {
			if mode.Type() != fs.ModeDir {
				return nil, refuse("PACK-LINK", "%s is a link or something else that is no file", name)
			}
			continue
		}
		if !mode.IsRegular() {
			return nil, refuse("PACK-LINK", "%s is a link or something else that is no file", name)
		}
		if _, twice := files[name]; twice {
			return nil, refuse("PACK-TWIN", "%s stands in the archive twice", name)
		}
		data, err := unpack(f, limitOf(name))
		if err != nil {
			return nil, err
		}
		if total += int64(len(data)); total > MaxUnpacked {
			return nil, refuse("PACK-LIMIT", "the files have more than %d bytes together", MaxUnpacked)
		}
		files[name] = data
	}
	return files, nil
}

// unpack reads one entry, however much it says it holds.
func unpack(f *zip.File, limit int64) ([]byte, error) {
	switch {
	case f.Flags&1 != 0:
		return nil, refuse("PACK-ZIP", "%s is encrypted", f.Name)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return nil, refuse("PACK-ZIP", "%s is packed by method %d, which is not read", f.Name, f.Method)
	case f.UncompressedSize64 > uint64(limit): //nolint:gosec // limits are positive
		return nil, refuse("PACK-TOO-LARGE", "%s has %d bytes, the limit is %d", f.Name, f.UncompressedSize64, limit)
	case f.UncompressedSize64 > MaxRatio*max(f.CompressedSize64, 1):
		return nil, refuse("PACK-BOMB", "%s would unpack to more than %d times its size", f.Name, MaxRatio)
	}
	r, err := f.Open()
	if err != nil {
		return nil, refuse("PACK-ZIP", "%s cannot be read: %v", f.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1)) //nolint:gosec // at most limit
	if err == nil && uint64(len(data)) != f.UncompressedSize64 {
		err = errors.New("it holds another number of bytes than it states")
	}
	if err != nil {
		return nil, refuse("PACK-ZIP", "%s cannot be read: %v", f.Name, err)
	}
	return data, nil
}

// checkEnd bounds the directory before the library reads it.
func checkEnd(r io.ReaderAt, size int64) error {
	var end [zipEnd]byte
	if size < zipEnd {
		return refuse("PACK-ZIP", "the archive ends early")
	}
	if _, err := r.ReadAt(end[:], size-zipEnd); err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	if string(end[:4]) != "PK\x05\x06" || binary.LittleEndian.Uint16(end[20:]) != 0 {
		return refuse("PACK-ZIP", "the archive does not end with its directory; a comment or bytes behind it are refused")
	}
	entries, length, at := binary.LittleEndian.Uint16(end[10:]), binary.LittleEndian.Uint32(end[12:]), int64(binary.LittleEndian.Uint32(end[16:]))
	switch {
	case entries > MaxEntries || length > maxDirectory:
		return refuse("PACK-LIMIT", "the archive states %d entries in a directory of %d bytes; the limits are %d and %d", entries, length, MaxEntries, maxDirectory)
	case at+int64(length) != size-zipEnd:
		return refuse("PACK-ZIP", "the directory of the archive does not stand where it says")
	}
	return nil
}
