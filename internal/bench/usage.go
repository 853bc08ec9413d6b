package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// family returns a process and its children.
func family(pid int) []int {
	all := []int{pid}
	out, _ := exec.Command("ps", "-o", "pid=", "--ppid", strconv.Itoa(pid)).Output() //nolint:gosec // a number
	for _, f := range strings.Fields(string(out)) {
		if n, err := strconv.Atoi(f); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// worked returns the processor time that a process and its children took so far.
func worked(pid int) (d time.Duration) {
	for _, p := range family(pid) {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue // it has ended
		}
		f := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		if len(f) < 13 {
			continue
		}
		u, _ := strconv.Atoi(f[11])
		s, _ := strconv.Atoi(f[12])
		d += time.Duration(u+s) * (time.Second / 100)
	}
	return d
}

// resident returns the memory that a process and its children take, what they
// share counted once.
func resident(pid int) (bytes int64) {
	for _, p := range family(pid) {
		f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		if err != nil {
			continue
		}
		for s := bufio.NewScanner(f); s.Scan(); {
			if w := strings.Fields(s.Text()); len(w) > 1 && w[0] == "Pss:" {
				n, _ := strconv.ParseInt(w[1], 10, 64)
				bytes += n << 10
			}
		}
		f.Close()
	}
	return bytes
}

// settled starts the program in a window and waits until everything is examined.
func (d *display) settled(args ...string) (*exec.Cmd, error) {
	cmd := exec.Command("bin/vedette", append([]string{"--trace", "--size", "1600x1000"}, args...)...) //nolint:gosec // our own arguments
	cmd.Env = d.env
	pipe, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	end := time.AfterFunc(3*time.Minute, func() { _ = cmd.Process.Kill() })
	text := bufio.NewScanner(pipe)
	for text.Scan() {
		if f := strings.Fields(text.Text()); len(f) > 2 && f[2] == "settled" {
			end.Stop()
			go func() { // so that it can go on telling
				for text.Scan() {
				}
			}()
			return cmd, nil
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return nil, errors.New("the window did not come to the end of examining")
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// benchIdle measures what an open window takes while nothing moves.
func benchIdle(dir string) func(string) error {
	return func(string) error {
		path, err := film(dir, 50, 60)
		if err != nil {
			return err
		}
		d, err := startDisplay("1700x1100")
		if err != nil {
			return err
		}
		defer d.stop()
		cmd, err := d.settled(path)
		if err != nil {
			return err
		}
		defer end(cmd)
		time.Sleep(3 * time.Second)
		before := worked(cmd.Process.Pid)
		const long = 20 * time.Second
		time.Sleep(long)
		share := (worked(cmd.Process.Pid) - before).Seconds() / long.Seconds() * 100
		row("paused, processor", fmt.Sprintf("%.1f %% of a core", share), "3 %", share/3, "<= 1.00", share <= 3)
		return nil
	}
}

// benchMemory plays 10 GB for a while, as mpv does, and compares the memory.
func benchMemory(dir string) func(string) error {
	return func(string) error {
		big := filepath.Join(dir, "huge")
		if out, err := exec.Command("bin/lowervms", "export", "--out", big, "--size", "10GB", "--seconds", "8").CombinedOutput(); err != nil { //nolint:gosec // our own arguments
			return fmt.Errorf("lowervms: %w: %s", err, out)
		}
		defer os.RemoveAll(big)
		file := filepath.Join(big, "street-west.mp4")
		d, err := startDisplay("1700x1100")
		if err != nil {
			return err
		}
		defer d.stop()
		const long = 40 * time.Second
		mpv := exec.Command("mpv", "--no-config", "--really-quiet", "--vo=x11", "--ao=null", file) //nolint:gosec // our own arguments
		mpv.Env = d.env
		if err := mpv.Start(); err != nil {
			return err
		}
		theirs := most(mpv.Process.Pid, long)
		end(mpv)
		cmd, err := d.settled("--play", "--trust", filepath.Join(big, "trust"), file)
		if err != nil {
			return err
		}
		ours := most(cmd.Process.Pid, long)
		end(cmd)
		bar := theirs + 150<<20
		row("memory, 10 GB examined and played", fmt.Sprintf("%d MB", ours>>20), fmt.Sprintf("mpv %d MB + 150", theirs>>20), float64(ours)/float64(bar), "<= 1.00", ours <= bar)
		return nil
	}
}

// most returns the most memory that a process takes within a time.
func most(pid int, d time.Duration) (bytes int64) {
	for begin := time.Now(); time.Since(begin) < d; time.Sleep(time.Second) {
		bytes = max(bytes, resident(pid))
	}
	return bytes
}
