package decode

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// program is one child. It has several lanes, each for one decoder; the death
// of the program ends them all.
type program struct {
	cmd       *exec.Cmd
	isolation Isolation
	exited    chan struct{}
	status    string
	once      sync.Once

	mu    sync.Mutex
	spare []*process
	open  int
	over  bool // its last lane was given up
}

// process is one lane of a child: what a single decoder needs. Its memory cannot
// be made shorter by either side, so that reading a slot can never fault.
type process struct {
	program *program
	socket  *os.File
	raw     syscall.RawConn // of the socket
	screen  *os.File        // orders to convert
	slow    sync.Mutex      // of the socket's write deadline
	memory  *os.File
	grows   sync.Mutex // of size and closed
	size    int64
	closed  bool
	buf     []byte
}

// startLimit is how long a child may take to say hello, on a busy machine.
const startLimit = 10 * time.Second

// connect makes a pair of connected sockets that keep the bounds of messages.
func connect() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	if err := unix.SetNonblock(fds[1], false); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "decoder"), os.NewFile(uintptr(fds[1]), "decoder child"), nil
}

func share() (*os.File, error) {
	mem, err := unix.MemfdCreate("vedette pictures", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("shared memory: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(mem), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
		unix.Close(mem)
		return nil, fmt.Errorf("shared memory: %w", err)
	}
	return os.NewFile(uintptr(mem), "pictures"), nil
}

// newLane makes the descriptors of a lane: ours in the process, and those of the
// child in the order in which it expects them.
func newLane(c *program) (p *process, theirs []*os.File, err error) {
	p = &process{program: c, buf: make([]byte, wireSize+wireText)}
	var socket, screen *os.File
	defer func() {
		if err != nil {
			p.closeFiles()
			socket.Close() // fails on nil, which is well
			screen.Close()
		}
	}()
	if p.socket, socket, err = connect(); err != nil {
		return nil, nil, err
	}
	if p.screen, screen, err = connect(); err != nil {
		return nil, nil, err
	}
	if p.memory, err = share(); err != nil {
		return nil, nil, err
	}
	if p.raw, err = p.socket.SyscallConn(); err != nil {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	return p, []*os.File{socket, p.memory, screen}, nil
}

func startProgram(path string) (_ *program, err error) {
	c := &program{exited: make(chan struct{})}
	var given, theirs []*os.File
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
		if err != nil {
			c.kill()
		}
	}()
	for range Lanes {
		p, files, err := newLane(c)
		if err != nil {
			return nil, err
		}
		c.spare = append(c.spare, p)
		given, theirs = append(given, files...), append(theirs, files[0], files[2])
	}
	cmd := exec.Command(path, "--child") //nolint:gosec // our own program
	cmd.ExtraFiles = given
	cmd.Env = []string{"GOMEMLIMIT=256MiB", "GOTRACEBACK=none"}
	cmd.Dir = "/"
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c.cmd = cmd
	go func() { // ends when the child does, which kill sees to
		err := cmd.Wait()
		c.status = "exited"
		if err != nil {
			c.status = err.Error()
		}
		close(c.exited)
	}()
	for _, p := range c.spare {
		m, err := p.receive(startLimit)
		if err != nil || m.op != evHello {
			return nil, fmt.Errorf("no greeting from the program: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
		c.isolation = parseIsolation(m.text)
	}
	return c, nil
}

func (c *program) alive() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// background is how far decoders that share a child stand back behind the window:
// where the processor draws, many of them would keep it from showing what they
// decoded.
const background = 5

// standBack lowers the priority of all threads of the child; those that it
// starts later have the priority of these.
func (c *program) standBack() {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", c.cmd.Process.Pid))
	if err != nil {
		return // it works as well without
	}
	for _, t := range tasks {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, id, background)
		}
	}
}

// lane takes a lane that no decoder has used yet, nil when there is none.
func (c *program) lane() *process {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.spare)
	if n == 0 || c.over || !c.alive() {
		return nil
	}
	p := c.spare[n-1]
	c.spare = c.spare[:n-1]
	c.open++
	return p
}

// kill ends the child and waits for it; lanes that were taken close themselves.
func (c *program) kill() {
	c.once.Do(func() {
		if c.cmd != nil {
			_ = c.cmd.Process.Kill()
			<-c.exited
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, p := range c.spare {
			p.closeFiles()
		}
		c.spare = nil
	})
}

// pid returns the child's process number.
func (p *process) pid() int { return p.program.cmd.Process.Pid }

func (p *process) send(m message) error {
	var buf [wireSize + wireText]byte
	out := m.encode(buf[:wireSize:len(buf)])
	var n int
	var err error
	if e := p.raw.Write(func(fd uintptr) bool {
		n, err = unix.Write(int(fd), out)
		return true
	}); e == nil && err == nil && n == len(out) {
		return nil
	}
	p.slow.Lock()
	defer p.slow.Unlock()
	defer func() { _ = p.socket.SetWriteDeadline(time.Time{}) }()
	if err := p.socket.SetWriteDeadline(time.Now().Add(watchdog)); err != nil {
		return err
	}
	_, err = p.socket.Write(out)
	return err
}

// errTimeout says that nothing came in time.
var errTimeout = os.ErrDeadlineExceeded

// receive waits at most d for the next message; 0 only looks.
func (p *process) receive(d time.Duration) (message, error) {
	// Looking first, without a deadline and a timer for it: mostly one is there.
	n, err := p.look()
	if err == nil && n > 0 {
		return parseMessage(p.buf[:n])
	}
	if d == 0 && errors.Is(err, unix.EAGAIN) {
		return message{}, errTimeout
	}
	deadline := time.Now().Add(max(d, time.Microsecond))
	if err := p.socket.SetReadDeadline(deadline); err != nil {
		return message{}, err
	}
	n, err = p.socket.Read(p.buf)
	_ = p.socket.SetReadDeadline(time.Time{}) // one that has passed would keep look from looking
	if err != nil {
		return message{}, err
	}
	if n == 0 {
		return message{}, io.EOF
	}
	return parseMessage(p.buf[:n])
}

// look reads what is there and waits for nothing.
func (p *process) look() (n int, err error) {
	if e := p.raw.Read(func(fd uintptr) bool {
		n, err = unix.Read(int(fd), p.buf)
		return true
	}); e != nil {
		return 0, e
	}
	return n, err
}

// grow adds a range to the shared memory and maps it.
func (p *process) grow(size int64) (offset int64, data []byte, err error) {
	p.grows.Lock()
	defer p.grows.Unlock()
	if p.closed {
		return 0, nil, ErrGone
	}
	page := int64(os.Getpagesize())
	size = (size + page - 1) / page * page
	offset = p.size
	if err := unix.Ftruncate(int(p.memory.Fd()), offset+size); err != nil {
		return 0, nil, fmt.Errorf("decode: shared memory of %d bytes: %w", size, err)
	}
	data, err = unix.Mmap(int(p.memory.Fd()), offset, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return 0, nil, fmt.Errorf("decode: shared memory of %d bytes: %w", size, err)
	}
	p.size = offset + size
	return offset, data, nil
}

// shrink unmaps a segment that nobody uses any more and gives its memory back.
func (p *process) shrink(s segment) {
	_ = unix.Munmap(s.data)
	p.grows.Lock()
	defer p.grows.Unlock()
	if p.closed { // the memory is gone as a whole, and its number may be another file's
		return
	}
	_ = unix.Fallocate(int(p.memory.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, s.offset, int64(len(s.data)))
}

// order sends a message on the second connection and waits for its answer. It
// is for one goroutine at a time.
func (p *process) order(m message, buf []byte, limit time.Duration) (message, error) {
	if err := p.screen.SetDeadline(time.Now().Add(limit)); err != nil {
		return message{}, err
	}
	if _, err := p.screen.Write(m.encode(buf[:wireSize:len(buf)])); err != nil {
		return message{}, err
	}
	n, err := p.screen.Read(buf)
	if err != nil {
		return message{}, err
	}
	return parseMessage(buf[:n])
}

func (p *process) closeFiles() {
	p.grows.Lock()
	defer p.grows.Unlock()
	p.closed = true
	for _, f := range []*os.File{p.socket, p.screen, p.memory} {
		f.Close() // fails on nil, which is well
	}
}

// kill ends the child with all its lanes and waits for it.
func (p *process) kill() {
	p.program.kill()
	p.closeFiles()
}

// leave gives up the lane; the child ends with its last one.
func (p *process) leave() {
	p.closeFiles()
	c := p.program
	c.mu.Lock()
	c.open--
	c.over = c.open == 0
	over := c.over
	c.mu.Unlock()
	if over {
		c.kill()
	}
}

// ending says how the child ended; it is called after kill.
func (p *process) ending() string { return p.program.status }
