//go:build !linux

package decode

import (
	"errors"
	"time"
)

// program and process are the child on systems whose shared memory is not
// supported yet.
type (
	program struct{ isolation Isolation }
	process struct{ program *program }
)

var errTimeout = errors.New("decode: timeout")

var errSystem = errors.New("decode: this system is not supported yet: pictures cannot be shown; seals can still be examined")

func startProgram(string) (*program, error)               { return nil, errSystem }
func (c *program) alive() bool                            { return false }
func (c *program) lane() *process                         { return nil }
func (c *program) standBack()                             {}
func (c *program) kill()                                  {}
func (p *process) pid() int                               { return 0 }
func (p *process) send(message) error                     { return errSystem }
func (p *process) receive(time.Duration) (message, error) { return message{}, errSystem }
func (p *process) grow(int64) (int64, []byte, error)      { return 0, nil, errSystem }
func (p *process) shrink(segment)                         {}
func (p *process) kill()                                  {}
func (p *process) leave()                                 {}

func (p *process) order(message, []byte, time.Duration) (message, error) {
	return message{}, errSystem
}

func (p *process) ending() string { return "" }
