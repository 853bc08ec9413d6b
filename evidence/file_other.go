//go:build !linux

package evidence

import (
	"io/fs"
	"os"
)

func openReadOnly(path string) (*os.File, error) { return os.Open(path) }

// identity is what tells one state of a file from another cheaply.
type identity struct{ size, modified int64 }

func identify(st fs.FileInfo) identity {
	return identity{size: st.Size(), modified: st.ModTime().UnixNano()}
}
