package memring

import (
	"os"
	"syscall"
)

// Doorbell wakes one sleeping side. Its count means nothing: a ring that nobody waits for is heard by the next Wait.
type Doorbell struct {
	file *os.File
	// Guards the number of the file: after Close it may be somebody else's.
	conn syscall.RawConn
}

// NewDoorbell takes over an eventfd. It has to be non-blocking, so that Go's netpoller takes it: otherwise every
// waiting goroutine would hold a thread.
func NewDoorbell(fd int) (*Doorbell, error) {
	if err := setNonblock(fd); err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "doorbell")
	conn, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &Doorbell{file: file, conn: conn}, nil
}

// CreateDoorbell makes a new one.
func CreateDoorbell() (*Doorbell, error) {
	fd, err := eventfd()
	if err != nil {
		return nil, err
	}
	return NewDoorbell(fd)
}

// Ring wakes the side that sleeps. It may be called from any goroutine, and does nothing after Close.
func (d *Doorbell) Ring() { _ = d.conn.Control(ringEventfd) }

// Wait parks the goroutine until the doorbell is rung, and empties it. It returns an error after Close.
func (d *Doorbell) Wait() error {
	var count [8]byte
	_, err := d.file.Read(count[:])
	return err
}

// Close ends every Wait.
func (d *Doorbell) Close() error { return d.file.Close() }
