//go:build unix

package trust

import (
	"os"
	"syscall"
)

// lock waits until no other program changes the store. The system takes the
// lock back when the program dies.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // within the store
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil { //nolint:gosec // a descriptor is small
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}
