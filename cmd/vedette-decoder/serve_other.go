//go:build !linux

package main

import (
	"errors"
	"fmt"
	"os"
)

var errSystem = errors.New("this system is not supported yet")

func serve() error { return errSystem }

func selfcheck() int {
	fmt.Fprintln(os.Stderr, "vedette-decoder:", errSystem)
	return 1
}
