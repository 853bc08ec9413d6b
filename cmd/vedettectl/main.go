// Command vedettectl gives Vedette's judgements without a window: for scripts,
// servers and second opinions. It is pure Go; what decodes starts
// vedette-decoder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// version is set by the linker.
var version = "dev"

// Exit statuses of every subcommand but verify, whose own are those of its verdicts.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitFindings = 3
)

// env is what a subcommand may touch.
type env struct {
	stdout, stderr io.Writer
}

// command is one subcommand.
type command struct {
	name  string
	short string
	run   func(ctx context.Context, e env, args []string) int
}

func commands() []command {
	return []command{
		{"verify", "examine the seals and signers of exports", runVerify},
		{"inspect", "show side information, tracks, times and boxes", runInspect},
		{"seal", "write a sealed copy: a first seal or a further one", runSeal},
		{"events", "list the events of the metadata with UTC", runEvents},
		{"conform", "judge exports by the clauses of IEC 62676-2-11", runConform},
		{"trust", "install and show trust packs", runTrust},
		{"frame", "write one picture with its frame card", runFrame},
		{"clock", "work out clocks, correct times, tell which moment came first", runClock},
		{"recheck", "compare saved stills with their exports", runRecheck},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, env{os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(status)
}

func run(ctx context.Context, e env, args []string) int {
	if len(args) == 0 {
		usage(e.stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(e.stdout)
		return exitDone
	case "version", "-version", "--version":
		fmt.Fprintln(e.stdout, "vedettectl", version)
		return exitDone
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, e, args[1:])
		}
	}
	fmt.Fprintf(e.stderr, "vedettectl: there is no command %q; see vedettectl --help\n", args[0])
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprint(w, `vedettectl examines signed surveillance exports (IEC 62676-2-11, ONVIF Export File
Format) without a window. Originals are only read. No network is used.

Usage:
  vedettectl COMMAND [OPTIONS] FILE...

Commands:
`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.short)
	}
	fmt.Fprint(w, `
Each prints readable text, and with --json one JSON document on standard output;
diagnostics go to standard error. vedettectl COMMAND --help tells more.

Exit status of verify: 0 intact, 11 intact-incomplete, 10 intact-untrusted,
13 unsigned, 14 cannot-check, 12 broken. Of recheck: 0 same, 12 different, 14 cannot
be compared. Of the others: 0 done, 3 done with findings of severity error or fatal.
Of all: 1 failed, 2 usage or unreadable path.
`)
}

// options is a flag set whose flags may stand before and after file names.
type options struct {
	*flag.FlagSet
	help string
}

func newOptions(name, help string) *options {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return &options{fs, help}
}

// parse returns the file names. A false result means that the command ends
// with the status given: help was asked for, or the usage was wrong.
func (o *options) parse(e env, args []string) (files []string, status int, ok bool) {
	for len(args) > 0 {
		if args[0] == "--" {
			files = append(files, args[1:]...)
			break
		}
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			files, args = append(files, args[0]), args[1:]
			continue
		}
		err := o.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(e.stdout, o.help)
			return nil, exitDone, false
		}
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl %s: %v; see vedettectl %s --help\n", o.Name(), err, o.Name())
			return nil, exitUsage, false
		}
		args = o.Args()
	}
	return files, exitDone, true
}

// one insists on exactly one file name.
func one(e env, name string, files []string) (string, bool) {
	if len(files) == 1 {
		return files[0], true
	}
	fmt.Fprintf(e.stderr, "vedettectl %s: %d files given, want 1; see vedettectl %s --help\n", name, len(files), name)
	return "", false
}

// texts is a flag that may be given several times.
type texts []string

func (t *texts) String() string { return strings.Join(*t, ", ") }

func (t *texts) Set(s string) error {
	*t = append(*t, s)
	return nil
}
