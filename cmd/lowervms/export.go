package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const exportHelp = `Usage: lowervms export [--out DIR] [--seed N] [--seconds S] [--width W] [--only NAME] [--size BYTES]

Writes a set of exports of the synthetic town with everything around them: sound
and broken ones, one without a seal, signers that are unknown, expired or revoked,
a chain of two files with a gap, a wrong clock, the town's Annex A file, its plans
and a trust pack. README.txt in the folder says what each file shows. The same seed
gives the same pictures and metadata; keys are made anew each time.

  --out DIR      where to write (default sample)
  --seed N       another cast of people and vehicles (default 1)
  --seconds S    length of a recording (default 16)
  --width W      width of the pictures, a multiple of 32 (default 1280); the height follows as 16:9
  --only NAME    write only the export of this name, without the ending
  --size BYTES   write only street-west, repeated until the file is this large, such as
                 2GB; its burned-in clock repeats with the pictures
  --force        make the set again even if it is there with the same options

Examples:
  lowervms export
  lowervms export --out /tmp/town --seconds 4 --width 320
  lowervms export --out /tmp/big --size 10GB
`

type options struct {
	out     string
	seed    uint64
	seconds int
	width   int
	only    string
	size    int64
	force   bool
}

func runExport(ctx context.Context, args []string) int {
	o, status, ok := parse(args)
	if !ok {
		return status
	}
	start := time.Now()
	made, err := writeSet(ctx, o, func(format string, args ...any) { fmt.Printf(format+"\n", args...) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "lowervms:", err)
		return 1
	}
	if made {
		fmt.Printf("Sample evidence is in %s, made in %.0f s; README.txt there says what each file shows.\n", o.out, time.Since(start).Seconds())
	} else {
		fmt.Printf("Sample evidence is in %s already.\n", o.out)
	}
	return 0
}

func parse(args []string) (options, int, bool) {
	var o options
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.out, "out", "sample", "")
	fs.Uint64Var(&o.seed, "seed", 1, "")
	fs.IntVar(&o.seconds, "seconds", 16, "")
	fs.IntVar(&o.width, "width", 1280, "")
	fs.StringVar(&o.only, "only", "", "")
	size := fs.String("size", "", "")
	fs.BoolVar(&o.force, "force", false, "")
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(exportHelp)
		return o, 0, false
	}
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("unexpected %q", fs.Arg(0))
	}
	if err == nil && *size != "" {
		o.size, err = parseSize(*size)
	}
	if err == nil && (o.seconds < 2 || o.seconds > 600) {
		err = fmt.Errorf("--seconds %d, want 2 to 600", o.seconds)
	}
	if err == nil && (o.width < 160 || o.width > 3840 || o.width%32 != 0) {
		err = fmt.Errorf("--width %d, want a multiple of 32 from 160 to 3840", o.width)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lowervms export: %v; see lowervms export --help\n", err)
		return o, 2, false
	}
	return o, 0, true
}

func parseSize(s string) (int64, error) {
	unit := int64(1)
	text := strings.ToUpper(strings.TrimSpace(s))
	for suffix, u := range map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12} {
		if cut, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = cut, u
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n <= 0 || n > (1<<62)/unit {
		return 0, fmt.Errorf("--size %q is not a number of bytes such as 2GB", s)
	}
	return n * unit, nil
}

// key tells whether a set was made with the same options by the same version.
func (o options) key() string {
	return fmt.Sprintf("lowervms %s set 2: seed %d, %d s, width %d, only %q, size %d", version, o.seed, o.seconds, o.width, o.only, o.size)
}

func (o options) height() int { return o.width * 9 / 16 &^ 1 }

// present reports whether the set is there already.
func (o options) present() bool {
	b, err := os.ReadFile(filepath.Join(o.out, stampFile))
	return err == nil && string(b) == o.key() && !o.force
}

const stampFile = ".made-by"
