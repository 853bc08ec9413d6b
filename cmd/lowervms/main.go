// Command lowervms is a lower VMS to train, demonstrate and test against: a
// small synthetic town with cameras, analytics, recordings and exports.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

// version is set by the linker.
var version = "dev"

const help = `lowervms is a lower video management system to train and test against. Its cameras
stand in an invented town that it draws itself.

Usage:
  lowervms export [OPTIONS]   write sample evidence

  lowervms export --help tells more.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, help)
		return 2
	}
	switch args[0] {
	case "export":
		return runExport(ctx, args[1:])
	case "help", "-h", "--help":
		fmt.Print(help)
		return 0
	case "version", "--version":
		fmt.Println("lowervms", version)
		return 0
	}
	fmt.Fprintf(os.Stderr, "lowervms: there is no command %q; see lowervms --help\n", args[0])
	return 2
}
