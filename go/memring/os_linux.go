package memring

import (
	"errors"
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
