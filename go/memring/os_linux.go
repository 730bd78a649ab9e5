package memring

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

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

// sealedSize returns the size of a memfd that can't shrink any more: otherwise the peer could turn any access into
// SIGBUS.
func sealedSize(fd int) (uint64, error) {
	seals, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	if err != nil {
		return 0, fmt.Errorf("memring: the region is not a memfd: %w", err)
	}
	if seals&unix.F_SEAL_SHRINK == 0 {
		return 0, &HeaderError{"seals", "sealed against shrinking", fmt.Sprintf("%#x", seals)}
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return 0, fmt.Errorf("memring: %w", err)
	}
	return uint64(stat.Size), nil
}

func readAt(fd int, b []byte) error {
	n, err := unix.Pread(fd, b, 0)
	if err == nil && n != len(b) {
		err = &HeaderError{"size", len(b), n}
	}
	return err
}

// reserve finds room for size bytes at a multiple of 4 GiB. The range behind the region, up to what was reserved, is
// given back.
func reserve(size uint64) (unsafe.Pointer, error) {
	total := uintptr(size) + alignment
	raw, err := unix.MmapPtr(-1, 0, nil, total, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("memring: cannot reserve %d bytes of address space: %w", total, err)
	}
	before := -uintptr(raw) & (alignment - 1)
	at := unsafe.Add(raw, before)
	if before > 0 {
		if err := unix.MunmapPtr(raw, before); err != nil {
			return nil, err
		}
	}
	if after := alignment - before; after > 0 {
		if err := unix.MunmapPtr(unsafe.Add(at, size), after); err != nil {
			return nil, err
		}
	}
	return at, nil
}

func mapFixed(fd int, at unsafe.Pointer, offset, length uint64, writable bool) error {
	prot := unix.PROT_READ
	if writable {
		prot |= unix.PROT_WRITE
	}
	_, err := unix.MmapPtr(fd, int64(offset), at, uintptr(length), prot, unix.MAP_SHARED|unix.MAP_FIXED)
	return err
}

func unmap(mem []byte) error {
	return unix.MunmapPtr(unsafe.Pointer(unsafe.SliceData(mem)), uintptr(len(mem)))
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

// punch gives the pages of a part of the file back to the system.
func punch(fd int, offset, length uint64) error {
	return unix.Fallocate(fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, int64(offset), int64(length))
}
