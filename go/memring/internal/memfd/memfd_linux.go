// Package memfd makes and inspects the files that shared memory lives in.
package memfd

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Stat returns the size of a memfd in bytes, and whether it can no longer shrink: otherwise the peer could turn any
// access into SIGBUS.
func Stat(fd int) (size uint64, sealed bool, err error) {
	seals, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	if err != nil {
		return 0, false, fmt.Errorf("memring: fd %d is not a memfd: %w", fd, err)
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return 0, false, fmt.Errorf("memring: %w", err)
	}
	return uint64(stat.Size), seals&unix.F_SEAL_SHRINK != 0, nil
}

// ReadHeader fills b from the beginning of the file, and returns how much there was.
func ReadHeader(fd int, b []byte) (int, error) {
	for n := 0; n < len(b); {
		m, err := unix.Pread(fd, b[n:], int64(n))
		if err == unix.EINTR {
			continue
		}
		if err != nil || m == 0 {
			return n, err
		}
		n += m
	}
	return len(b), nil
}
