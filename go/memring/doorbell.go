package memring

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
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

// WaitContext is Wait that ends with the context's error, too. One goroutine at a time. It allocates if the context can
// be cancelled.
func (d *Doorbell) WaitContext(ctx context.Context) error {
	if ctx.Done() == nil {
		return d.Wait()
	}
	cancelled := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = d.file.SetReadDeadline(time.Unix(1, 0))
		close(cancelled)
	})
	err := d.Wait()
	if !stop() {
		// The deadline is taken back only after it was set, or the next wait would meet it.
		<-cancelled
		_ = d.file.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ctx.Err()
	}
	return err
}

// Close ends every Wait.
func (d *Doorbell) Close() error { return d.file.Close() }
