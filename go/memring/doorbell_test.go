package memring

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func hearEventfd(t testing.TB, fd int) bool {
	t.Helper()
	var count [8]byte
	_, err := unix.Read(fd, count[:])
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		t.Fatal(err)
	}
	return err == nil && binary.NativeEndian.Uint64(count[:]) > 0
}

// number is the doorbell's file descriptor.
func number(t testing.TB, d *Doorbell) int {
	t.Helper()
	n := -1
	if err := d.conn.Control(func(fd uintptr) { n = int(fd) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDoorbellRungBeforeTheWait(t *testing.T) {
	d := newDoorbell(t)
	for range 5 {
		d.Ring()
	}
	if err := d.Wait(); err != nil {
		t.Fatal(err)
	}
	if heard(t, d) {
		t.Error("five rings were heard more than once")
	}
}

func TestDoorbellWakesAWaiter(t *testing.T) {
	d := newDoorbell(t)
	woken := make(chan error)
	for range 1000 {
		go func() { woken <- d.Wait() }()
		runtime.Gosched()
		d.Ring()
		select {
		case err := <-woken:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nobody woke")
		}
	}
}

func TestWaitingGoroutinesHoldNoThread(t *testing.T) {
	before := threads(t)
	var bells []*Doorbell
	done := make(chan error, 64)
	for range cap(done) {
		d := newDoorbell(t)
		bells = append(bells, d)
		go func() { done <- d.Wait() }()
	}
	time.Sleep(50 * time.Millisecond)
	if grown := threads(t) - before; grown > 16 {
		t.Errorf("%d waiting goroutines took %d threads", cap(done), grown)
	}
	for _, d := range bells {
		d.Ring()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func threads(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestDoorbellCloseEndsTheWait(t *testing.T) {
	d := newDoorbell(t)
	ended := make(chan error)
	go func() { ended <- d.Wait() }()
	time.Sleep(10 * time.Millisecond)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("Wait says that it was rung")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still waiting")
	}
	if d.Wait() == nil {
		t.Error("Wait on a closed doorbell")
	}
	if d.Close() == nil {
		t.Error("the second Close does not say that it was closed")
	}
}

// A number that was closed soon belongs to somebody else: eight bytes in the middle of a stranger's file.
func TestRingAfterCloseTouchesNobodyElse(t *testing.T) {
	d := newDoorbell(t)
	number := number(t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	stranger, err := eventfd()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(stranger) }()
	if stranger != number {
		if err := unix.Dup3(stranger, number, unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = unix.Close(number) }()
	}
	d.Ring()
	if hearEventfd(t, stranger) {
		t.Error("Ring after Close has written into another file")
	}
}

// A peer that fills the doorbell's count must not hold up whoever rings, who may hold a lock.
func TestRingOfAFullDoorbellDoesNotBlock(t *testing.T) {
	d := newDoorbell(t)
	full := binary.NativeEndian.AppendUint64(nil, 1<<64-2)
	if _, err := unix.Write(number(t, d), full); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		d.Ring()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("Ring waits for somebody to listen")
	}
	if err := d.Wait(); err != nil {
		t.Error(err)
	}
}

func TestNewDoorbellRefusesAClosedFd(t *testing.T) {
	if _, err := NewDoorbell(1 << 20); err == nil {
		t.Error("a number that is no fd was taken")
	}
}

// A context that ends while the bell rings: whichever the wait has seen, the next one must not meet its deadline.
func TestDoorbellRungWhileTheContextEnds(t *testing.T) {
	d := newDoorbell(t)
	for range 5000 {
		ctx, cancel := context.WithCancel(background)
		waited := make(chan error)
		go func() { waited <- d.WaitContext(ctx) }()
		go d.Ring()
		runtime.Gosched()
		cancel()
		err := receive(t, "the end of the wait", waited)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err == nil {
			d.Ring()
		}
		if err := d.Wait(); err != nil {
			t.Fatalf("the next wait: %v", err)
		}
	}
}
