package sealing_test

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
)

func TestADiskThatRunsFullLeavesNothing(t *testing.T) {
	in, dir := original(t, "01_single"), t.TempDir()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 20000, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := copyOf(context.Background(), t, in, filepath.Join(dir, "out.mp4"), nil)
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); e != nil {
		t.Fatal(e)
	}
	if err == nil {
		t.Error("no error")
	}
	holds(t, dir)
}
