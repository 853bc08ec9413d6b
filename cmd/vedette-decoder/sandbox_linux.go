package main

import (
	"fmt"
	"os"
	"runtime"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"

	"vedette/player/decode"
)

// addressSpace bounds the child's memory: four pictures of the largest size
// that is decoded fit, and a Go program needs nearly 2 GiB of address space alone.
const addressSpace = 6 << 30

// confine gives up every right that decoding does not need, and says which
// layers are in force. A layer that the kernel lacks is named, never skipped
// in silence. output bounds the bytes that may be written to files already open.
func confine(output uint64) decode.Isolation {
	var s decode.Isolation
	layer := func(name string, err error) {
		if err != nil {
			s.Missing = append(s.Missing, name)
			return
		}
		s.Layers = append(s.Layers, name)
	}
	layer("limits", limits(output))
	// No rule at all: no file can be opened, made or linked. Scoped best effort
	// would hide an old kernel, so the first version is asked for as it is.
	err := landlock.V1.Restrict()
	if err == nil {
		// Newer kernels add rules on the network and on signals.
		_ = landlock.V5.BestEffort().Restrict()
	}
	layer("landlock", err)
	layer("seccomp", filter())
	return s
}

func limits(output uint64) error {
	for _, l := range []struct {
		what  int
		value uint64
	}{
		{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_FSIZE, output}, {unix.RLIMIT_NOFILE, 64}, {unix.RLIMIT_AS, addressSpace},
	} {
		if err := unix.Setrlimit(l.what, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	return nil
}

// filter allows what decoding and Go's runtime need; everything else fails.
func filter() error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("no list for %s", runtime.GOARCH)
	}
	return seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno,
			Syscalls: []seccomp.SyscallGroup{{
				Action: seccomp.ActionAllow,
				Names: []string{
					"read", "write", "close", "recvmsg", "sendmsg", "recvfrom", "sendto",
					"mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "mincore",
					"futex", "clone", "clone3", "set_robust_list", "rseq", "exit", "exit_group", "gettid", "getpid", "tgkill",
					"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
					"nanosleep", "clock_nanosleep", "clock_gettime", "gettimeofday", "sched_yield", "sched_getaffinity",
					"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "poll", "ppoll",
					"timer_create", "timer_settime", "timer_delete", "setitimer", "getrandom", "getrlimit", "prlimit64", "getrusage", "membarrier", "prctl",
				},
			}},
		},
	})
}

// selfcheck confines this process and then tries what must not work.
func selfcheck() int {
	parent := os.Getppid()
	self, err := os.Executable()
	if err != nil {
		self = "/proc/self/exe"
	}
	s := confine(1 << 20) // what it prints may go to a file
	fmt.Println("in force:", s.Layers)
	if len(s.Missing) > 0 {
		fmt.Println("missing: ", s.Missing)
	}
	failed := 0
	try := func(what string, err error) {
		if err == nil {
			failed++
			fmt.Println("NOT REFUSED:", what)
			return
		}
		fmt.Printf("refused: %s (%v)\n", what, err)
	}
	_, err = unix.Open("/etc/hostname", unix.O_RDONLY, 0)
	try("open a file", err)
	_, err = unix.Open("/tmp/vedette-escape", unix.O_CREAT|unix.O_WRONLY, 0o600)
	try("create a file", err)
	_, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	try("open a connection", err)
	try("start a program", unix.Exec(self, []string{self, "--version"}, nil))
	try("signal the parent", unix.Kill(parent, 0))
	try("trace the parent", unix.PtraceAttach(parent))
	if failed > 0 || len(s.Missing) > 0 {
		return 1
	}
	return 0
}
