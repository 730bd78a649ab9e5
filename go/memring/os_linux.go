package memring

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// This file alone talks to the kernel.

func setNonblock(fd int) error { return unix.SetNonblock(fd, true) }

func eventfd() (int, error) { return unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK) }

func ringEventfd(fd uintptr) {
	one := [8]byte{1}
	for {
		// EAGAIN would mean that 2^64 - 2 rings wait to be heard: then it is readable, which is all that is wanted.
		if _, err := unix.Write(int(fd), one[:]); !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// mapShared maps the first size bytes of a memfd.
func mapShared(fd int, size uint64) ([]byte, error) {
	return unix.Mmap(fd, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func unmap(mem []byte) error { return unix.Munmap(mem) }

// isEventfd reports whether reading the fd empties it, as far as that can be told.
func isEventfd(fd int) bool {
	what, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	return err != nil && validFd(fd) || what == "anon_inode:[eventfd]"
}

func validFd(fd int) bool {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err == nil
}

func closeFd(fd int) { _ = unix.Close(fd) }

// ranOut turns the kernel's refusals for want of something into ErrNoMemory.
func ranOut(doing string, err error) error {
	for _, want := range []error{unix.ENOMEM, unix.EMFILE, unix.ENFILE, unix.ENOSPC, unix.EFBIG} {
		if errors.Is(err, want) {
			return &codedError{code: errNoMemory.code, text: fmt.Sprintf("cannot %s: %v", doing, err), kind: errNoMemory, cause: err}
		}
	}
	return fmt.Errorf("memring: cannot %s: %w", doing, err)
}

// errNoProcess: the process has ended, or there never was one.
var errNoProcess = errors.New("no such process")

// openProcess returns a non-blocking pidfd. nil without an error: this system has none.
func openProcess(pid uint32) (*os.File, error) {
	fd, err := unix.PidfdOpen(int(int32(pid)), 0)
	switch {
	case err == nil:
		if err := unix.SetNonblock(fd, true); err != nil {
			closeFd(fd)
			return nil, err
		}
		return os.NewFile(uintptr(fd), "pidfd"), nil
	case errors.Is(err, unix.ESRCH), errors.Is(err, unix.EINVAL):
		return nil, errNoProcess
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM):
		return nil, nil
	}
	return nil, ranOut("watch the other process", err)
}

// hasEnded looks at a pidfd without waiting.
func hasEnded(fd uintptr) bool {
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(fds, 0); !errors.Is(err, unix.EINTR) {
			return n > 0
		}
	}
}

// yield gives the processor to another process.
func yield() { _, _, _ = unix.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

// rightsFor packs fds for a unix socket.
func rightsFor(fds []int) []byte { return unix.UnixRights(fds...) }

// rightsIn unpacks all fds that a message has brought: they are this process's, whatever else is wrong.
func rightsIn(oob []byte) (fds []int) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil
	}
	for i := range messages {
		if more, err := unix.ParseUnixRights(&messages[i]); err == nil {
			fds = append(fds, more...)
		}
	}
	return fds
}

// rightsSpace is what n fds take.
func rightsSpace(n int) int { return unix.CmsgSpace(4 * n) }

// CPUs is the number of processors that this process may run on. Spinning is pure waste on one.
func CPUs() int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return 1
	}
	return set.Count()
}

// CloseOnExec keeps an inherited fd from the processes that this one starts.
func CloseOnExec(fd int) { unix.CloseOnExec(fd) }

// Pollable wraps an inherited fd in a file that parks goroutines and not threads.
func Pollable(fd int, name string) *os.File {
	// Should it fail, reads hold a thread: slower, not wrong.
	_ = unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), name)
}
