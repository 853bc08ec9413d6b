package decode

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// ProgramName is the decoder program.
const ProgramName = "vedette-decoder"

// ErrNoProgram says that the decoder program is missing.
var ErrNoProgram = errors.New(ProgramName + " was found neither beside this program nor on the path: pictures cannot be shown; seals can still be examined")

// FindProgram looks for the decoder program: named by VEDETTE_DECODER, beside
// this program, then on the path.
func FindProgram() (string, error) {
	name := ProgramName
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if p := os.Getenv("VEDETTE_DECODER"); p != "" {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	if self, err := os.Executable(); err == nil {
		p := filepath.Join(filepath.Dir(self), name)
		if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() {
			return p, nil
		}
	}
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	return "", ErrNoProgram
}

// Lanes is how many decoders one child may hold.
const Lanes = 4

// Children starts decoders, in child processes of their own or, where that is
// asked for, up to Lanes of them in one. One child is kept ready, so that the
// next picture does not wait for a program to start.
type Children struct {
	program string

	mu    sync.Mutex
	spare chan *program
	group *program // the child that has lanes for decoders that may share one
	state Isolation
	wg    sync.WaitGroup
	done  bool
}

// NewChildren prepares to start the given program; "" means that there is none.
func NewChildren(path string) *Children {
	c := &Children{program: path, spare: make(chan *program, 1)}
	c.refill()
	return c
}

// refill starts a spare child in the background.
func (c *Children) refill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done || c.program == "" {
		return
	}
	c.wg.Go(func() {
		p, err := startProgram(c.program)
		if err != nil {
			return // the next opening says why
		}
		c.learn(p)
		c.mu.Lock()
		kept := false
		if !c.done {
			select {
			case c.spare <- p:
				kept = true
			default:
			}
		}
		c.mu.Unlock()
		if !kept {
			p.kill()
		}
	})
}

func (c *Children) learn(p *program) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = p.isolation
}

// Isolation implements Opener.
func (c *Children) Isolation() Isolation {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.state
	s.Layers, s.Missing = slices.Clone(s.Layers), slices.Clone(s.Missing)
	return s
}

// Close ends the spare child. Decoders that are open stay so.
func (c *Children) Close() error {
	c.mu.Lock()
	c.done = true
	c.mu.Unlock()
	c.wg.Wait()
	select {
	case p := <-c.spare:
		p.kill()
	default:
	}
	return nil
}

func (c *Children) take() (*program, error) {
	if c.program == "" {
		return nil, ErrNoProgram
	}
	select {
	case p := <-c.spare:
		c.refill()
		if p.alive() {
			return p, nil
		}
		p.kill()
	default:
		defer c.refill()
	}
	p, err := startProgram(c.program)
	if err != nil {
		return nil, fmt.Errorf("decode: starting %s: %w", filepath.Base(c.program), err)
	}
	c.learn(p)
	return p, nil
}

// lane finds a lane for a decoder: in a child of its own, or in one that several
// decoders share.
func (c *Children) lane(shared bool) (*process, error) {
	if shared {
		c.mu.Lock()
		group := c.group
		c.mu.Unlock()
		if group != nil {
			if p := group.lane(); p != nil {
				return p, nil
			}
		}
	}
	child, err := c.take()
	if err != nil {
		return nil, err
	}
	p := child.lane()
	if p == nil {
		child.kill()
		return nil, fmt.Errorf("decode: %s ended as soon as it had begun", filepath.Base(c.program))
	}
	if shared {
		child.standBack()
		c.mu.Lock()
		c.group = child
		c.mu.Unlock()
	}
	return p, nil
}

func (c *Children) open(ctx context.Context, cfg Config) (*client, error) {
	p, err := c.lane(cfg.Shared)
	if err != nil {
		return nil, err
	}
	d := &client{p: p, cfg: cfg}
	d.screen.p = p
	if err := d.open(ctx); err != nil {
		d.abandon(p.kill)
		return nil, err
	}
	return d, nil
}

// OpenVideo implements Opener.
func (c *Children) OpenVideo(ctx context.Context, cfg Config) (VideoDecoder, error) {
	return c.open(ctx, cfg)
}

// OpenAudio implements Opener.
func (c *Children) OpenAudio(ctx context.Context, cfg Config) (AudioDecoder, error) {
	d, err := c.open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &soundClient{client: d}, nil
}

// parseIsolation reads the child's hello: layers in force, those missing, and
// the version of FFmpeg, separated by semicolons.
func parseIsolation(hello string) Isolation {
	parts := strings.Split(hello, ";")
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	s := Isolation{Layers: words(parts[0]), Missing: words(parts[1]), FFmpeg: parts[2]}
	s.Isolated = len(s.Layers) > 0 && len(s.Missing) == 0
	return s
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// Hello writes what parseIsolation reads.
func Hello(i Isolation) string {
	return strings.Join(i.Layers, ",") + ";" + strings.Join(i.Missing, ",") + ";" + i.FFmpeg
}

var _ Opener = (*Children)(nil)
