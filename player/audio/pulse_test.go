//go:build cgo && linux

package audio

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vedette/player"
)

// server is a PulseAudio server of the test's own, with two outputs that play
// into nothing.
type server struct{ t *testing.T }

func startServer(t *testing.T) server {
	t.Helper()
	for _, p := range []string{"pulseaudio", "pactl"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "socket")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("HOME", dir)
	t.Setenv("PULSE_SERVER", "unix:"+socket)
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"-L", "module-null-sink sink_name=speakers sink_properties=device.description=Speakers")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	limit := time.After(20 * time.Second)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		select {
		case <-look.C:
		case <-limit:
			t.Fatal("the server does not start")
		}
	}
	return server{t}
}

func (s server) control(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("pactl", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("pactl %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s server) plug() (module string) {
	return s.control("load-module", "module-null-sink", "sink_name=phones", "sink_properties=device.description=Headphones")
}

func TestHeadphonesAreLeftWhenUnpluggedAndTakenAgainWhenPluggedIn(t *testing.T) {
	watchEvery = 50 * time.Millisecond
	defer func() { watchEvery = 2 * time.Second }()
	v := startServer(t)
	module := v.plug()
	s := newSink(backends())
	defer s.Close()
	outs, err := s.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range outs {
		names = append(names, o.Name)
	}
	if got := strings.Join(names, ", "); got != "Speakers, Headphones" {
		t.Fatalf("outputs: %s", got)
	}
	lost := make(chan error, 4)
	var values chan struct{}
	play := func(missing, on string) {
		t.Helper()
		values = make(chan struct{}, 1)
		taken := values
		if err := s.Start(func(v []float32) {
			clear(v)
			select {
			case taken <- struct{}{}:
			default:
			}
		}, func(err error) { lost <- err }); err != nil {
			t.Fatal(err)
		}
		for range 10 { // more than the first filling of the device
			select {
			case <-taken:
			case <-time.After(10 * time.Second):
				t.Fatal("the device takes nothing")
			}
		}
		if s.Missing() != missing {
			t.Errorf("%q is missing, want %q", s.Missing(), missing)
		}
		if state := v.control("list", "short", "sinks"); !strings.Contains(lineOf(state, on), "RUNNING") {
			t.Errorf("%s does not play:\n%s", on, state)
		}
	}
	told := func(want error) {
		t.Helper()
		select {
		case err := <-lost:
			if !errors.Is(err, want) {
				t.Fatalf("told %v, want %v", err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("never told: %v", want)
		}
	}
	s.Choose("Headphones")
	play("", "phones")
	v.control("unload-module", module)
	begin := time.Now()
	if err := s.Stop(); err != nil { // the engine stops a device that takes nothing, told or not
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("letting go of it took %s", took)
	}
	select {
	case <-lost: // it may be told or not
	default:
	}
	play("Headphones", "speakers")
	v.plug()
	told(player.ErrReturned)
	play("", "phones")
}

func lineOf(text, word string) string {
	for _, l := range strings.Split(text, "\n") {
		if strings.Contains(l, word) {
			return l
		}
	}
	return ""
}
