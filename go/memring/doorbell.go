package memring

import "os"

// Doorbell wakes one sleeping side. Its count means nothing: a ring that nobody waits for is heard by the next Wait.
type Doorbell struct {
	file *os.File
	fd   int
}

// NewDoorbell takes over an eventfd. It has to be non-blocking, so that Go's netpoller takes it: otherwise every
// waiting goroutine would hold a thread.
func NewDoorbell(fd int) (*Doorbell, error) {
	if err := setNonblock(fd); err != nil {
		return nil, err
	}
	return &Doorbell{file: os.NewFile(uintptr(fd), "doorbell"), fd: fd}, nil
}

// CreateDoorbell makes a new one.
func CreateDoorbell() (*Doorbell, error) {
	fd, err := eventfd()
	if err != nil {
		return nil, err
	}
	return NewDoorbell(fd)
}

// Ring wakes the side that sleeps. It may be called from any goroutine.
func (d *Doorbell) Ring() { ringEventfd(d.fd) }

// Wait parks the goroutine until the doorbell is rung, and empties it. It returns an error after Close.
func (d *Doorbell) Wait() error {
	var count [8]byte
	_, err := d.file.Read(count[:])
	return err
}

// Close ends every Wait.
func (d *Doorbell) Close() error { return d.file.Close() }
