package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"vedette/internal/fixture"
)

const (
	// memoryBar is the most memory that examining a file may take, whatever its size.
	memoryBar = 64 << 10 // kB
	childFile = "VEDETTE_MEMORY_FILE"
	sparseGB  = "VEDETTE_SPARSE_GB"
)

// TestMemoryOfALargeFileIsBounded examines a sealed file of which almost all is
// a hole, in a process of its own, and reads from the system how much memory
// that process held at most. The size in GB can be set: see scripts/sparse.sh.
func TestMemoryOfALargeFileIsBounded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system does not tell the most memory that was held")
	}
	if raceDetector {
		t.Skip("the race detector takes memory of its own; scripts/test.sh runs this test without it")
	}
	if testing.Short() {
		t.Skip("hashes gigabytes")
	}
	gb := int64(4)
	if v := os.Getenv(sparseGB); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 1 || n > 4000 {
			t.Fatalf("%s=%s is no size in GB", sparseGB, v)
		}
		gb = n
	}
	path := filepath.Join(t.TempDir(), "large.mp4")
	start := time.Now()
	makeSparse(t, path, gb*1_000_000_000)
	t.Logf("%d GB sealed in %s", gb, time.Since(start).Round(time.Millisecond))

	start = time.Now()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryChild$", "-test.v", "-test.timeout=0") //nolint:gosec // this very test
	cmd.Env = append(os.Environ(), childFile+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	m := regexp.MustCompile(`status (\d+), most memory (\d+) kB`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("%s", out)
	}
	kB, _ := strconv.Atoi(string(m[2]))
	t.Logf("examined in %s, %s kB held at most", time.Since(start).Round(time.Millisecond), m[2])
	if string(m[1]) != "10" { // intact; nobody vouches for the signer
		t.Errorf("exit status %s: %s", m[1], out)
	}
	if kB > memoryBar {
		t.Errorf("%d kB held, want at most %d", kB, memoryBar)
	}
}

func TestMemoryChild(t *testing.T) {
	path := os.Getenv(childFile)
	if path == "" {
		t.Skip("runs as a process of its own")
	}
	status := run(context.Background(), env{io.Discard, os.Stderr}, []string{"verify", path})
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		t.Fatal("the system tells no VmHWM")
	}
	fmt.Printf("status %d, most memory %s kB\n", status, m[1])
}

// makeSparse writes a sealed export with one large mdat that is a hole.
func makeSparse(t *testing.T, path string, size int64) {
	t.Helper()
	w, err := fixture.NewWorld(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	entry := make([]byte, 86)
	binary.BigEndian.PutUint32(entry, 86)
	copy(entry[4:], "avc1")
	x := &fixture.Export{
		Side:  fixture.Side{UnitName: "Unit", Time: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)},
		Video: &fixture.Coded{Scale: 1000, Entry: entry, Samples: []fixture.Sample{{Data: []byte("picture"), Duration: 1000, Sync: true}}},
	}
	var small bytes.Buffer
	if err := x.Write(&small); err != nil {
		t.Fatal(err)
	}
	file, err := fixture.ParseFile(small.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	meta := file.At("meta").Bytes()
	file.Drop("meta")
	head := append(file.Bytes(), 0, 0, 0, 1, 'm', 'd', 'a', 't')
	hole := size - int64(len(head)+8+len(meta))
	head = binary.BigEndian.AppendUint64(head, uint64(16+hole)) //nolint:gosec // positive
	unsealed := &ends{head: head, tail: meta, size: size}

	h, err := os.Create(path) //nolint:gosec // made by the test
	if err != nil {
		t.Fatal(err)
	}
	out := &sparseWriter{f: h}
	if err := fixture.Seal(unsealed, size, out, fixture.SealOptions{By: w.Exporter}); err != nil {
		t.Fatal(err)
	}
	if err := h.Truncate(out.at); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// ends is a file of which all but the ends is zero.
type ends struct {
	head, tail []byte
	size       int64
}

func (e *ends) ReadAt(p []byte, off int64) (int, error) {
	n := int(min(int64(len(p)), max(e.size-off, 0)))
	clear(p[:n])
	if off < int64(len(e.head)) {
		copy(p[:n], e.head[off:])
	}
	if from := e.size - int64(len(e.tail)); off+int64(n) > from {
		copy(p[max(from-off, 0):n], e.tail[max(off-from, 0):])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// sparseWriter leaves holes where only zeros are written.
type sparseWriter struct {
	f  *os.File
	at int64
}

var zeros = make([]byte, 1<<20)

func (w *sparseWriter) Write(p []byte) (int, error) {
	at := w.at
	w.at += int64(len(p))
	if len(p) <= len(zeros) && bytes.Equal(p, zeros[:len(p)]) {
		return len(p), nil
	}
	return w.f.WriteAt(p, at)
}
