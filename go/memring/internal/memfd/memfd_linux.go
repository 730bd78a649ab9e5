// Package memfd makes and inspects the files that shared memory lives in.
package memfd

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Create makes a memfd of size bytes that begins with header and can neither shrink nor grow.
func Create(name string, size uint64, header []byte) (fd int, err error) {
	fd, err = unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, err
	}
	defer func() {
		if err != nil {
			_ = unix.Close(fd)
		}
	}()
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		return -1, err
	}
	if _, err := unix.Pwrite(fd, header, 0); err != nil {
		return -1, err
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL)
	return fd, err
}

// Seals says what a memfd can't do any more. One that can shrink must not be mapped: the peer could turn any access into
// SIGBUS.
type Seals struct{ Shrink, Grow bool }

func (s Seals) String() string {
	can := map[bool]string{false: "can", true: "can't"}
	return fmt.Sprintf("a memfd that %s shrink and %s grow", can[s.Shrink], can[s.Grow])
}

// Stat returns the size of a memfd in bytes, and its seals.
func Stat(fd int) (size uint64, sealed Seals, err error) {
	seals, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	if err != nil {
		return 0, sealed, fmt.Errorf("memring: fd %d is not a memfd: %w", fd, err)
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return 0, sealed, fmt.Errorf("memring: %w", err)
	}
	return uint64(stat.Size), Seals{seals&unix.F_SEAL_SHRINK != 0, seals&unix.F_SEAL_GROW != 0}, nil
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
