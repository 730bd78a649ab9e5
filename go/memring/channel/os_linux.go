package channel

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file alone talks to the kernel.

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

// punch gives the pages of a part of the file back to the system.
func punch(fd int, offset, length uint64) error {
	return unix.Fallocate(fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, int64(offset), int64(length))
}
