package markers

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vedette/media"
)

// TestMain is also the program that is killed: it sets markers without end, and
// tells of each change before and after it.
func TestMain(m *testing.M) {
	path := os.Getenv("VEDETTE_MARK")
	if path == "" {
		os.Exit(m.Run())
	}
	b, err := Open(path, func() media.UTC { return noon })
	if err != nil {
		fmt.Println("fault", err)
		os.Exit(1)
	}
	b.compact = 7 // so that many kills meet the writing of the document
	told := func(id uint64, name string, change func() error) {
		fmt.Println("try", id, name)
		if err := change(); err != nil {
			fmt.Println("fault", err)
			os.Exit(1)
		}
		fmt.Println("done", id, name)
	}
	for i := uint64(1); ; i++ {
		id := b.state.last + 1
		name := fmt.Sprintf("made-%d", id)
		told(id, name, func() error {
			_, err := b.Add(Marker{Kind: Note, Name: name, From: noon, To: noon, Text: strings.Repeat("text ", int(id%200))})
			return err
		})
		if i%3 == 0 {
			m, _ := b.Get(id)
			m.Name = fmt.Sprintf("changed-%d", id)
			told(id, m.Name, func() error { _, err := b.Change(m); return err })
		}
		if i%5 == 0 {
			told(id, "removed", func() error { return b.Remove(id) })
		}
	}
}

// What was said to be kept is there after kill -9 at any moment, and nothing else
// but the one change that was under way. The rounds go on in one book;
// VEDETTE_KILLS sets their number.
func TestKilledAtAnyMomentTheBookKeepsWhatItTook(t *testing.T) {
	rounds := 20
	if n, err := strconv.Atoi(os.Getenv("VEDETTE_KILLS")); err == nil {
		rounds = n
	}
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1)) //nolint:gosec // the moments are to differ
	path := filepath.Join(t.TempDir(), "markers.json")
	kept := map[uint64]string{}
	for round := range rounds {
		next, id := killed(t, rnd, path, kept)
		b := open(t, path)
		got := map[uint64]string{}
		for _, m := range b.All() {
			got[m.ID] = m.Name
		}
		if id != 0 && got[id] != kept[id] {
			if name := got[id]; name != next && (next != "removed" || name != "") {
				t.Fatalf("round %d: marker %d is %q, was %q, was to be %q", round, id, name, kept[id], next)
			}
			kept[id] = got[id]
		}
		for id, name := range kept {
			if name == "" {
				delete(kept, id)
			} else if got[id] != name {
				t.Fatalf("round %d: marker %d is %q, want %q", round, id, got[id], name)
			}
		}
		if len(got) != len(kept) || len(b.Said()) != 0 {
			t.Fatalf("round %d: %d markers, want %d; said %q", round, len(got), len(kept), b.Said())
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d markers kept", rounds, len(kept))
}

// killed runs the program and kills it after a random number of changes and a
// random time. It notes what was kept, and returns the change that was under way.
func killed(t *testing.T, rnd *rand.Rand, path string, kept map[uint64]string) (next string, id uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "VEDETTE_MARK="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func(within time.Duration) {
		for end := time.Now().Add(time.Duration(rnd.Int64N(int64(within)))); time.Now().Before(end); {
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
	}
	lines := bufio.NewScanner(out)
	stop := rnd.IntN(60)
	if stop < 10 { // while it opens the book
		kill(15 * time.Millisecond)
		stop = -1
	}
	for n := 0; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			t.Fatalf("the program says %q", lines.Text())
		}
		if id, err = strconv.ParseUint(f[1], 10, 64); err != nil {
			t.Fatal(err)
		}
		next = f[2]
		if f[0] == "done" {
			if kept[id] = next; next == "removed" {
				kept[id] = ""
			}
			next, id = "", 0
		}
		if n == stop {
			kill(3 * time.Millisecond)
		}
	}
	_ = child.Wait() // killed
	return next, id
}
