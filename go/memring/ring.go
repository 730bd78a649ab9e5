package memring

import "reflect"

// Ring is a queue of entries of type T, which must have a fixed size and neither pointers nor bools. It owns the memory;
// Producer and Consumer are its two ends, at most one each over all processes. Its methods may be called from any
// goroutine; none blocks.
type Ring[T any] struct{ queue }

func entryHeader[T any]() (queueHeader, error) {
	t := reflect.TypeFor[T]()
	return queueHeader{shape: shapeEntries, entrySize: uint32(t.Size())}, checkEntry(t)
}

// Create makes a ring in memory that other processes can map: a sealed memfd and two eventfds. The capacity, in entries,
// is rounded up to a power of two; at most 2^30. Fails with ErrInvalidOption or ErrNoMemory.
func Create[T any](capacity uint32) (*Ring[T], error) {
	h, err := chosenHeader[T](capacity)
	if err != nil {
		return nil, err
	}
	r := &Ring[T]{}
	return orNil(r, createQueue(&r.queue, h))
}

// Open opens a ring that another process has made, with the fds as Fds gives them. It takes them over, and closes them
// if it fails: with a *HeaderError, ErrInvalidOption or ErrNoMemory.
func Open[T any](fds [3]int) (*Ring[T], error) {
	h, err := entryHeader[T]()
	if err != nil {
		closeAll(fds[:])
		return nil, err
	}
	r := &Ring[T]{}
	return orNil(r, openQueue(&r.queue, h, fds))
}

// NewHeap makes a ring between goroutines, in ordinary memory. The capacity is as for Create.
func NewHeap[T any](capacity uint32) (*Ring[T], error) {
	h, err := chosenHeader[T](capacity)
	if err != nil {
		return nil, err
	}
	r := &Ring[T]{}
	heapQueue(&r.queue, h)
	return r, nil
}

func chosenHeader[T any](capacity uint32) (h queueHeader, err error) {
	if h, err = entryHeader[T](); err != nil {
		return h, err
	}
	return h, h.chooseCapacity(capacity)
}

func orNil[R any](r *R, err error) (*R, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Producer takes the producer's role. Fails with ErrRoleTaken, ErrInvalidOption, ErrClosed or a *DamagedError.
func (r *Ring[T]) Producer(opts ...Option) (*Producer[T], error) {
	p := &Producer[T]{}
	return orNil(p, r.take(producerRole, consumerRole, opts, &p.end, func(mem []byte) error {
		p.raw = *NewRawProducer[T](mem, r.place(), p.other)
		p.side = &p.raw.producerSide
		p.stopped = word(mem, wordStopped)
		return nil
	}))
}

// Consumer takes the consumer's role. Fails with ErrRoleTaken, ErrInvalidOption, ErrClosed or a *DamagedError.
func (r *Ring[T]) Consumer(opts ...Option) (*Consumer[T], error) {
	c := &Consumer[T]{}
	return orNil(c, r.take(consumerRole, producerRole, opts, &c.end, func(mem []byte) error {
		c.raw = *NewRawConsumer[T](mem, r.place(), c.other)
		c.side = &c.raw.consumerSide
		c.shut = word(mem, wordClosed)
		return nil
	}))
}
