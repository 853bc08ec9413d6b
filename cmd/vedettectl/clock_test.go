package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestClocksAreTextsOnTheCommandLineOrAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clocks.json")
	is := []string{"--is", "Cam 7=+4:12 fast +-5 s@2026-03-01T12:04:12Z", "--is", "Gate=-0:07 +-1 s@2026-03-01 13:00 Europe/Paris"}
	ask := []string{"--correct", "Cam 7@2026-03-01T12:04:12Z", "--correct", "Door@2026-03-01T12:00:00Z", "--order", "Cam 7@2026-03-01T12:04:19Z", "--order", "Gate@2026-03-01T12:00:19Z"}
	status, first, stderr := ctl(append(append([]string{"clock", "--write", file}, is...), ask...)...)
	if status != exitDone {
		t.Fatalf("status %d: %s", status, stderr)
	}
	for _, want := range []string{
		"Cam 7, 1 observation\n  +4:12 fast ± 5 s; drift +0 ppm ± 100 ppm assumed at 2026-03-01T12:04:12Z\n",
		"Observation 2, Gate, stated: differs by 0 s; nothing else tells the same\n",
		"Cam 7 at 2026-03-01T12:04:12Z is 2026-03-01 12:00:00.000 UTC ± 5 s\n",
		"Door at 2026-03-01T12:00:00Z cannot be corrected: nothing ties its clock to true time\n",
		"Order: before, 19 s from the first to the second, ± 6.1 s\n",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is missing in:\n%s", want, first)
		}
	}
	status, second, stderr := ctl(append(append([]string{"clock"}, ask...), file)...)
	if status != exitDone || second != first {
		t.Errorf("from the file: status %d, %s\n%s", status, stderr, second)
	}
	if status, _, _ := ctl(append([]string{"clock", "--write", file}, is...)...); status != exitFailed {
		t.Errorf("a file was written over: status %d", status)
	}
	var d clockDocument
	answer(t, &d, append(append([]string{"clock", "--json"}, ask...), file)...)
	if d.Schema != "vedette.clock/1" || len(d.Clocks) != 2 || d.Clocks[0].Model == nil || d.Corrected[1].UTC != nil || d.Order == nil || d.Order.Answer != "before" {
		t.Errorf("%+v", d)
	}
}

func TestClockRefusesWhatItCannotRead(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"schema":"vedette.clock-observations/2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	good := "A=+0:01 +-1 s@2026-03-01T12:00:00Z"
	for why, c := range map[string]struct {
		args []string
		want int
	}{
		"needs one file":   {[]string{}, exitUsage},
		"twice or not":     {[]string{"--is", good, "--order", "A@2026-03-01T12:00:00Z"}, exitUsage},
		"SOURCE=OFFSET":    {[]string{"--is", "A"}, exitUsage},
		"how exact":        {[]string{"--is", "A=+0:01@2026-03-01T12:00:00Z"}, exitUsage},
		"no such file":     {[]string{bad + "x"}, exitUsage},
		"newer program":    {[]string{bad}, exitFailed},
		"SOURCE@TIME":      {[]string{"--is", good, "--correct", "A"}, exitUsage},
		"put forward":      {[]string{"--is", good, "--correct", "A@2026-03-29 02:30 Europe/Paris"}, exitUsage},
		"not of one clock": {[]string{"--is", good, "--is", "A=+9:00:00 +-1 s@2026-03-01T13:00:00Z", "--is", "A=-9:00:00 +-1 s@2026-03-02T13:00:00Z"}, exitFailed},
		"occurs 2 times":   {[]string{"--is", good, "--correct", "A@2026-10-25 02:30 Europe/Paris"}, exitUsage},
	} {
		if status, _, stderr := ctl(append([]string{"clock"}, c.args...)...); status != c.want || !strings.Contains(stderr, why) {
			t.Errorf("%v: status %d, %s, want %d, %q", c.args, status, stderr, c.want, why)
		}
	}
	var d clockDocument
	if answer(t, &d, "clock", "--json", bad); !strings.Contains(d.Error, "newer program") || len(d.Clocks) != 0 {
		t.Errorf("%+v", d)
	}
}
