package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// programs returns the folder with the built programs: a real window needs them.
func programs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("VEDETTE_BIN")
	if dir == "" {
		dir = "../../bin"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"vedette", "vedette-decoder", "vedettectl", "lowervms"} {
		if _, err := os.Stat(filepath.Join(dir, p)); err != nil {
			t.Fatal("build the programs first (make build): ", err)
		}
	}
	for _, p := range []string{"Xvfb", "xdotool", "ffmpeg"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Fatalf("this test needs %s (make deps): %v", p, err)
		}
	}
	return dir
}

// display starts a virtual display of its own.
func display(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb did not start: ", err)
	}
	return ":" + strings.TrimSpace(line)
}

// running is the program in its window, with its trace.
type running struct {
	t       *testing.T
	cmd     *exec.Cmd
	display string
	mu      sync.Mutex
	lines   []string
	grown   chan struct{}
	exited  chan struct{}
}

func start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{t: t, display: display(t), grown: make(chan struct{}, 1), exited: make(chan struct{})}
	r.cmd = exec.Command(filepath.Join(programs(t), "vedette"), append([]string{"--trace", "--size", "1366x768"}, args...)...)
	r.cmd.Env = append(os.Environ(), "DISPLAY="+r.display, "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1", "HOME="+t.TempDir(), "LANG=en_US.UTF-8")
	pipe, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s := bufio.NewScanner(pipe)
		for s.Scan() {
			r.mu.Lock()
			r.lines = append(r.lines, s.Text())
			r.mu.Unlock()
			select {
			case r.grown <- struct{}{}:
			default:
			}
		}
		_ = r.cmd.Wait()
		close(r.exited)
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.exited
	})
	return r
}

func (r *running) has(part string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lines {
		if strings.Contains(l+"\n", part) {
			return true
		}
	}
	return false
}

func (r *running) wait(part string) {
	r.t.Helper()
	limit := time.After(60 * time.Second)
	for !r.has(part) {
		select {
		case <-r.grown:
		case <-r.exited:
			r.t.Fatalf("the program ended before %q:\n%s", part, r.text())
		case <-limit:
			r.t.Fatalf("no line with %q:\n%s", part, r.text())
		}
	}
}

func (r *running) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}

func (r *running) key(keys ...string) {
	r.t.Helper()
	for _, args := range [][]string{{"search", "--sync", "--onlyvisible", "--name", "^Vedette$", "windowfocus"}, append([]string{"key"}, keys...)} {
		cmd := exec.Command("xdotool", args...)
		cmd.Env = append(os.Environ(), "DISPLAY="+r.display)
		if out, err := cmd.CombinedOutput(); err != nil {
			r.t.Fatalf("xdotool %v: %v %s", args, err, out)
		}
	}
}

func (r *running) typed(text string) {
	r.t.Helper()
	r.tool("search", "--sync", "--onlyvisible", "--name", "^Vedette$", "windowfocus")
	r.tool("type", "--delay", "20", text)
}

func (r *running) tool(args ...string) {
	r.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+r.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// children returns the decoder processes of the program.
func (r *running) children() []int {
	out, _ := exec.Command("pgrep", "-P", fmt.Sprint(r.cmd.Process.Pid)).Output() // fails when there are none
	var pids []int
	for _, f := range bytes.Fields(out) {
		if n, err := strconv.Atoi(string(f)); err == nil {
			pids = append(pids, n)
		}
	}
	return pids
}

func evidenceSet(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if out, err := exec.Command(filepath.Join(programs(t), "lowervms"), "export", "--out", dir, "--seconds", "4", "--width", "320").CombinedOutput(); err != nil {
		t.Fatalf("lowervms: %v\n%s", err, out)
	}
	return dir
}

func TestWindowGivesTheVerdictsOfTheCommandLine(t *testing.T) {
	dir := evidenceSet(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, "--trust", filepath.Join(dir, "trust"), dir)
	r.wait("settled")
	r.wait("first-picture")
	for _, f := range files {
		out, _ := exec.Command(filepath.Join(programs(t), "vedettectl"), "verify", "--trust", filepath.Join(dir, "trust"), f).Output() // the exit status is the verdict
		_, rest, ok := strings.Cut(string(out), "Verdict    ")
		if !ok {
			t.Fatalf("%s: %s", f, out)
		}
		want := strings.Fields(rest)[0]
		if !r.has("verdict " + filepath.Base(f) + " " + want) {
			t.Errorf("%s is %s on the command line, but not in the window:\n%s", filepath.Base(f), want, r.text())
		}
	}
}

func TestKeysReachTheWindow(t *testing.T) {
	dir := evidenceSet(t)
	r := start(t, "--trust", filepath.Join(dir, "trust"), filepath.Join(dir, "street-west.mp4"))
	r.wait("settled")
	r.key("v")
	r.wait("verdict-panel open")
	r.key("Escape")
	r.wait("verdict-panel closed")
	r.key("space")
	r.wait("state playing")
}

func TestWindowOutlivesItsDecoders(t *testing.T) {
	dir := evidenceSet(t)
	r := start(t, "--trust", filepath.Join(dir, "trust"), filepath.Join(dir, "street-west.mp4"))
	r.wait("settled")
	r.wait("first-picture")
	for round := range 100 {
		for _, pid := range r.children() {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
		}
		r.key("Home", "space", "period", "comma")
		select {
		case <-r.exited:
			t.Fatalf("the program ended in round %d:\n%s", round, r.text())
		default:
		}
	}
	r.key("v")
	r.wait("verdict-panel open")
	if n := strings.Count(r.text(), "verdict street-west.mp4"); n != 1 {
		t.Errorf("the verdict was told %d times:\n%s", n, r.text())
	}
}

func TestUnreadableFilesAreNamedAndTheRestStaysOpen(t *testing.T) {
	dir := evidenceSet(t)
	bad := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(bad, []byte("these are notes, not an export"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, bad, filepath.Join(dir, "missing.mp4"), filepath.Join(dir, "shop.mp4"))
	r.wait("refused notes.mp4")
	r.wait("refused missing.mp4")
	r.wait("first-picture shop.mp4")
}

func TestWithoutADisplayTheReasonIsSaid(t *testing.T) {
	cmd := exec.Command(filepath.Join(programs(t), "vedette"), "--theme", "dark")
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "DISPLAY=") && !strings.HasPrefix(v, "WAYLAND_DISPLAY=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != 1 || !bytes.Contains(out, []byte("no display can be opened")) {
		t.Errorf("error %v, said %q", err, out)
	}
}

func TestStillOfTheWindowIsKnownAgain(t *testing.T) {
	dir := evidenceSet(t)
	r := start(t, "--trust", filepath.Join(dir, "trust"), filepath.Join(dir, "street-west.mp4"))
	r.wait("settled")
	r.wait("first-picture")
	r.key("period", "s")
	r.wait("still saved street-west_track1_frame")
	home := ""
	for _, v := range r.cmd.Env {
		if h, ok := strings.CutPrefix(v, "HOME="); ok {
			home = h
		}
	}
	found, err := filepath.Glob(filepath.Join(home, "street-west_*.png"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	again := start(t, "--trust", filepath.Join(dir, "trust"), found[0])
	again.wait("first-picture street-west.mp4")
	again.wait("still " + filepath.Base(found[0]) + " same")
	if out, err := exec.Command(filepath.Join(programs(t), "vedettectl"), "recheck", found[0]).CombinedOutput(); err != nil {
		t.Errorf("on the command line: %v\n%s", err, out)
	}
}
