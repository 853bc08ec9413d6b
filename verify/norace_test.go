//go:build !race

package verify_test

// slower is how much the race detector slows what is timed.
const slower = 1
