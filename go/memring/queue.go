package memring

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"x.example/go/memring/internal/memfd"
)

// queue is the memory of a queue of either shape, with its doorbells. Its methods may be called from any goroutine.
type queue struct {
	header queueHeader
	// The fds of a queue between processes: memory, the consumer's doorbell, the producer's. Empty on the heap.
	file                       *os.File
	consumerBell, producerBell bell

	mu sync.Mutex
	// Guarded by mu: the memory, nil once closed, and how many ends use it.
	mem  []byte
	ends int
}

// createQueue makes the memory of a queue and its doorbells.
func createQueue(q *queue, h queueHeader) error {
	h.doorbell = doorbellEventfd
	var first [headerLength]byte
	h.write(first[:])
	fd, err := memfd.Create("memring", h.size(), first[:])
	if err != nil {
		return ranOut(fmt.Sprintf("make a memfd of %d bytes", h.size()), err)
	}
	fds := [3]int{fd, -1, -1}
	for i := range 2 {
		if fds[1+i], err = eventfd(); err != nil {
			closeAll(fds[:])
			return ranOut("make an eventfd", err)
		}
	}
	return mapQueue(q, h, fds)
}

// openQueue fills in what h leaves open, the capacity. The fds are closed if it fails.
func openQueue(q *queue, h queueHeader, fds [3]int) error {
	h.doorbell = doorbellEventfd
	if err := checkFds(&h, fds); err != nil {
		closeAll(fds[:])
		return err
	}
	for _, fd := range fds {
		CloseOnExec(fd)
	}
	return mapQueue(q, h, fds)
}

func checkFds(h *queueHeader, fds [3]int) error {
	size, sealed, err := memfd.Stat(fds[0])
	if err != nil {
		return &HeaderError{"memory", "a memfd", err}
	}
	if !sealed.Shrink || !sealed.Grow {
		return &HeaderError{"seals", memfd.Seals{Shrink: true, Grow: true}, sealed}
	}
	// The header is copied before anything is mapped and never read again.
	var first [headerLength]byte
	n, err := memfd.ReadHeader(fds[0], first[:])
	if err != nil {
		return &HeaderError{"memory", "a memfd that can be read", err}
	}
	if n < len(first) {
		return &HeaderError{"size of the file", fmt.Sprint("at least ", data), n}
	}
	for i, name := range [...]string{"the consumer's doorbell", "the producer's doorbell"} {
		if !isEventfd(fds[1+i]) {
			return &HeaderError{name, "an eventfd", fmt.Sprint("fd ", fds[1+i])}
		}
	}
	return h.parse(first[:], size)
}

// mapQueue takes over the fds.
func mapQueue(q *queue, h queueHeader, fds [3]int) error {
	mem, err := mapShared(fds[0], h.size())
	if err != nil {
		closeAll(fds[:])
		return ranOut(fmt.Sprintf("map %d bytes", h.size()), err)
	}
	q.header, q.mem, q.file = h, mem, os.NewFile(uintptr(fds[0]), "memring")
	for i, b := range []*bell{&q.consumerBell, &q.producerBell} {
		d, err := NewDoorbell(fds[1+i])
		if err != nil {
			closeAll(fds[1+i:])
			_ = q.release()
			return ranOut("take over a doorbell", err)
		}
		*b = d
	}
	return nil
}

func heapQueue(q *queue, h queueHeader) {
	h.doorbell = doorbellNotify
	size := h.size()
	// Words keep to lines of their own on the heap, too.
	const line = 128
	mem := make([]byte, size+line)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(mem))) % line
	mem = mem[skip : uint64(skip)+size : uint64(skip)+size]
	h.write(mem)
	q.header, q.mem, q.consumerBell, q.producerBell = h, mem, newLocalBell(), newLocalBell()
}

func closeAll(fds []int) {
	for _, fd := range fds {
		if fd >= 0 {
			closeFd(fd)
		}
	}
}

// Capacity in entries, or in bytes of messages with 8 bytes each: a power of two.
func (q *queue) Capacity() int { return int(q.header.capacity) }

// Len is how many entries, or bytes of messages with 8 bytes each, are published and not yet taken. It is a hint: the
// ends go on. 0 after Close.
func (q *queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mem == nil {
		return 0
	}
	// Never more than fits, whatever the peer has written.
	return int(min(word(q.mem, wordTail).Load()-word(q.mem, wordHead).Load(), q.header.capacity))
}

// Fds are the numbers to pass on: memory, the consumer's doorbell, the producer's. They stay the queue's, open until
// Close. All are -1 for a queue on the heap.
func (q *queue) Fds() [3]int {
	fds := [3]int{-1, -1, -1}
	for i, f := range q.Files() {
		fds[i] = int(f.Fd())
	}
	return fds
}

// Files are the same three as files, for exec.Cmd.ExtraFiles: alone there, they are fds 3, 4 and 5 of the child. They
// stay the queue's, open until Close: do not close them. None for a queue on the heap.
func (q *queue) Files() []*os.File {
	if q.file == nil {
		return nil
	}
	return []*os.File{q.file, q.consumerBell.(*Doorbell).file, q.producerBell.(*Doorbell).file}
}

// Close unmaps the memory and closes the fds; the peer keeps its own. It fails with ErrMisuse while an end that was
// taken here has not been closed. A second Close does nothing.
func (q *queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mem == nil {
		return nil
	}
	if q.ends > 0 {
		return errMisuse.because("the queue is in use: close the producer and the consumer first")
	}
	return q.release()
}

func (q *queue) release() error {
	mem := q.mem
	q.mem = nil
	if q.file == nil {
		return nil
	}
	for _, f := range []bell{q.consumerBell, q.producerBell} {
		if d, ok := f.(*Doorbell); ok {
			_ = d.Close()
		}
	}
	_ = q.file.Close()
	return unmap(mem)
}

// place is where the words of a queue lie.
func (q *queue) place() Place {
	return Place{Tail: wordTail, Head: wordHead, Sleeping: wordSleeping, Space: wordSpace, Entries: data, Capacity: q.header.capacity}
}

// role is one of the two, and the words that go with it.
type role struct {
	name string
	// The process that has the role, and when that process began.
	taken, start uint64
	// Where the other one says that it sleeps.
	flag uint64
	// Where this one says that it has ended.
	ended uint64
}

var (
	producerRole = role{"producer", wordProducer, wordProducerStart, wordSleeping, wordClosed}
	consumerRole = role{"consumer", wordConsumer, wordConsumerStart, wordSpace, wordStopped}
)

// bells are the doorbell on which a role sleeps, and the other.
func (q *queue) bells(r role) (own, other bell) {
	if r == producerRole {
		return q.producerBell, q.consumerBell
	}
	return q.consumerBell, q.producerBell
}

// take takes a role in this process's name, fills in e, and calls build with the memory. It fails with ErrRoleTaken, and
// with what build says about the memory: the role is gone then, as the queue is of no use.
func (q *queue) take(r, peer role, opts []Option, e *end, build func(mem []byte) error) error {
	o, err := choose(opts)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mem == nil {
		return errClosed.because("the queue has been closed: no role can be taken in it")
	}
	// Pairs with the compare-and-exchange of whoever else wants the role: one of them finds it free.
	if taken := word(q.mem, r.taken); !taken.CompareAndSwap(0, ownPID) {
		return errRoleTaken.because("the queue has a %s already, process %d: a role is never given back", r.name, taken.Load())
	}
	// Pairs with the load in peerWatch.watch.
	word(q.mem, r.start).Store(ownStart())
	own, other := q.bells(r)
	e.queue, e.own, e.other = q, own, &countedBell{bell: other}
	e.flag, e.ended = word(q.mem, r.flag), word(q.mem, r.ended)
	e.peer = &peerWatch{role: peer.name, taken: word(q.mem, peer.taken), start: word(q.mem, peer.start), bell: own}
	e.waiting, e.spinner = o.waiting, spinnerFor(o.waiting)
	// A side that sleeps has to begin to watch this process.
	e.wakeOther()
	if err := build(q.mem); err != nil {
		return err
	}
	q.ends++
	return nil
}

// leave is the end of what take has begun.
func (q *queue) leave() {
	q.mu.Lock()
	q.ends--
	q.mu.Unlock()
}
