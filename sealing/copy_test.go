package sealing_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/sealing"
)

// state is what must not change about an original.
type state struct {
	sum      [32]byte
	modified time.Time
	mode     os.FileMode
}

func stateOf(t testing.TB, path string) state {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return state{sha256.Sum256(data), st.ModTime(), st.Mode()}
}

// original puts a vector into a folder of its own, read-only.
func original(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.mp4")
	if err := os.WriteFile(path, vector(t, name), 0o400); err != nil {
		t.Fatal(err)
	}
	return path
}

func copyOf(ctx context.Context, t testing.TB, in, out string, progress func(sealing.Progress)) (*sealing.Result, error) {
	t.Helper()
	f, err := evidence.OpenFile(in)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return sealing.Copy(ctx, f, out, court(t), progress)
}

// holds insists on the names in a folder: nothing half-made is left.
func holds(t testing.TB, dir string, want ...string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != len(want) {
		t.Fatalf("%d names in the folder, want %d: %v", len(all), len(want), all)
	}
	for i, e := range all {
		if e.Name() != want[i] {
			t.Errorf("%s, want %s", e.Name(), want[i])
		}
	}
}

func TestTheOriginalIsOnlyReadAndTheCopyIsPrivate(t *testing.T) {
	in := original(t, "10_double")
	before, dir := stateOf(t, in), t.TempDir()
	var steps []sealing.Step
	r, err := copyOf(context.Background(), t, in, filepath.Join(dir, "out.mp4"), func(p sealing.Progress) {
		if len(steps) == 0 || steps[len(steps)-1] != p.Step {
			steps = append(steps, p.Step)
		}
		if p.Done > p.Total || p.Step.String() == sealing.Step(0).String() {
			t.Errorf("%+v", p)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 3 || steps[0] != sealing.Examining || steps[1] != sealing.Copying || steps[2] != sealing.ReadingBack {
		t.Errorf("steps %v", steps)
	}
	if stateOf(t, in) != before {
		t.Error("the original changed")
	}
	holds(t, filepath.Dir(in), "clip.mp4")
	holds(t, dir, "out.mp4")
	st, err := os.Stat(filepath.Join(dir, "out.mp4"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "out.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	opensslAccepts(t, data)
	if int64(len(data)) != r.After.Size {
		t.Errorf("%d bytes, want %d", len(data), r.After.Size)
	}
}

func TestAnOutputThatIsTakenIsLeftAlone(t *testing.T) {
	cases := map[string]func(in, out string) error{
		"another file":      func(_, out string) error { return os.WriteFile(out, []byte("mine"), 0o600) },
		"a link to it":      func(in, out string) error { return os.Link(in, out) },
		"a pointer to it":   func(in, out string) error { return os.Symlink(in, out) },
		"a pointer nowhere": func(_, out string) error { return os.Symlink("nowhere", out) },
		"a folder":          func(_, out string) error { return os.Mkdir(out, 0o700) },
	}
	for name, take := range cases {
		t.Run(name, func(t *testing.T) {
			in, dir := original(t, "01_single"), t.TempDir()
			out := filepath.Join(dir, "out.mp4")
			if err := take(in, out); err != nil {
				t.Fatal(err)
			}
			before := stateOf(t, in)
			if _, err := copyOf(context.Background(), t, in, out, nil); codeOf(err) != "SEALING-OUTPUT" {
				t.Errorf("%v", err)
			}
			holds(t, dir, "out.mp4")
			if stateOf(t, in) != before {
				t.Error("the original changed")
			}
		})
	}
	t.Run("the file itself", func(t *testing.T) {
		in := original(t, "01_single")
		before := stateOf(t, in)
		if _, err := copyOf(context.Background(), t, in, in, nil); codeOf(err) != "SEALING-OUTPUT" {
			t.Errorf("%v", err)
		}
		if stateOf(t, in) != before {
			t.Error("the original changed")
		}
	})
	t.Run("taken while it is written", func(t *testing.T) {
		in, dir := original(t, "01_single"), t.TempDir()
		out := filepath.Join(dir, "out.mp4")
		_, err := copyOf(context.Background(), t, in, out, func(p sealing.Progress) {
			if p.Step == sealing.ReadingBack {
				_ = os.WriteFile(out, []byte("mine"), 0o600)
			}
		})
		if codeOf(err) != "SEALING-OUTPUT" {
			t.Errorf("%v", err)
		}
		if data, err := os.ReadFile(out); err != nil || string(data) != "mine" {
			t.Errorf("%q, %v", data, err)
		}
		holds(t, dir, "out.mp4")
	})
	t.Run("no such folder", func(t *testing.T) {
		in := original(t, "01_single")
		if _, err := copyOf(context.Background(), t, in, filepath.Join(t.TempDir(), "no", "out.mp4"), nil); codeOf(err) != "SEALING-OUTPUT" {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsCancelledLeavesNothing(t *testing.T) {
	for _, at := range []sealing.Step{sealing.Examining, sealing.Copying, sealing.ReadingBack} {
		in, dir := original(t, "01_single"), t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		_, err := copyOf(ctx, t, in, filepath.Join(dir, "out.mp4"), func(p sealing.Progress) {
			if p.Step == at {
				cancel()
			}
		})
		cancel()
		// A file of one piece is through a step when that is told: then the next one stops.
		if at != sealing.ReadingBack && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		if err != nil {
			holds(t, dir)
		}
	}
}

func TestAnOutputThatRunsFullIsAnErrorAndNeverASeal(t *testing.T) {
	data := vector(t, "01_single")
	for _, limit := range []int64{1, 40000, 52000} {
		m := &memory{limit: limit}
		r, err := sealing.Write(context.Background(), file(data), m, court(t), nil)
		if !errors.Is(err, errFull) || r != nil {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// liar keeps one byte otherwise than it was given.
type liar struct {
	memory
	at   int64
	lied bool
}

func (l *liar) WriteAt(p []byte, off int64) (int, error) {
	n, err := l.memory.WriteAt(p, off)
	if !l.lied {
		l.p[l.at] ^= 1
		l.lied = true
	}
	return n, err
}

func TestACopyThatIsNotWhatWasWrittenIsRefused(t *testing.T) {
	data := vector(t, "10_double")
	s := newest(data)
	for _, at := range []int64{20000, int64(s.sibo), int64(s.end) + 400} {
		if r, err := sealing.Write(context.Background(), file(data), &liar{at: at}, court(t), nil); err == nil || r != nil {
			t.Errorf("byte %d: no error", at)
		}
	}
}

// shifty is a file that reads differently the second time.
type shifty struct {
	memory
	reads int
}

func (s *shifty) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.memory.ReadAt(p, off)
	if off <= 30000 && off+int64(n) > 30000 {
		if s.reads++; s.reads > 1 {
			p[30000-off] ^= 1
		}
	}
	return n, err
}

func TestAFileThatChangesMeanwhileIsNotSealed(t *testing.T) {
	data := vector(t, "01_single")
	in := &shifty{memory: memory{p: data}}
	var changed *evidence.ChangedError
	if _, err := sealing.Write(context.Background(), evidence.NewFile(in, int64(len(data)), "in.mp4"), &memory{}, court(t), nil); !errors.As(err, &changed) {
		t.Errorf("%v", err)
	}
}
