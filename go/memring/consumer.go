package memring

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// Consumer is the consuming end of a ring. It belongs to one goroutine at a time.
type Consumer struct {
	tail, head, sleeping, space *atomic.Uint32
	entries                     unsafe.Pointer
	capacity, mask              uint32

	// Own index, private: what stands in the region is only for the peer.
	next uint32
	// Cached copy of the producer's index: the shared word is loaded only when this says empty.
	cachedTail uint32
	// How far the peer has been told.
	released uint32
	// The producer's own doorbell: it is rung when the producer waits for room.
	doorbell *Doorbell
}

// NewConsumer takes the consuming end of the ring at d in mem. doorbell is the producer's own.
func NewConsumer(mem []byte, d Direction, doorbell *Doorbell) *Consumer {
	c := &Consumer{
		tail: word(mem, d.Tail), head: word(mem, d.Head), sleeping: word(mem, d.Sleeping), space: word(mem, d.Space),
		entries: entries(mem, d), capacity: d.Capacity, mask: d.Capacity - 1, doorbell: doorbell,
	}
	c.next = c.head.Load()
	c.released = c.next
	c.cachedTail = c.next
	return c
}

// Pop copies the next entry into e, once, and reports false if the ring is empty. The slot is the producer's again
// only after Release.
func (c *Consumer) Pop(e *Entry) (bool, error) {
	if c.next == c.cachedTail {
		// SYNC POINT: entries visible. Pairs with the producer's store of tail.
		tail := c.tail.Load()
		// What was popped and not released is still taken: there the producer can't have been.
		if tail-c.next > c.capacity-(c.next-c.released) {
			return false, &DamagedError{fmt.Sprintf("the producer's tail is %d, the consumer's head %d, the capacity %d", tail, c.next, c.capacity)}
		}
		c.cachedTail = tail
		if tail == c.next {
			return false, nil
		}
	}
	*e = *(*Entry)(unsafe.Add(c.entries, uintptr(c.next&c.mask)*EntrySize))
	c.next++
	return true, nil
}

// Empty reports whether everything published has been read and released. It may be called from any goroutine, as a
// hint: it reads only shared words, which the peer may have overwritten.
func (c *Consumer) Empty() bool { return c.tail.Load() == c.head.Load() }

// Unreleased is the number of entries read since the last Release.
func (c *Consumer) Unreleased() uint32 { return c.next - c.released }

// Release gives the slots of all popped entries back, and wakes the producer if it waits for room.
func (c *Consumer) Release() {
	if c.released == c.next {
		return
	}
	c.released = c.next
	// SYNC POINT: slots free. Pairs with the producer's load of head.
	c.head.Store(c.next)
	// SYNC POINT: producer waits. Pairs with the producer's store of space before its last load of head.
	if c.space.Load() != 0 && c.space.Swap(0) != 0 {
		c.doorbell.Ring()
	}
}

// Restate says again what was released: against a word that somebody has overwritten.
func (c *Consumer) Restate() { c.head.Store(c.released) }

// Arm is steps a and b of hand-shake 1. True: the ring is empty and the doorbell will ring when it is not; wait for
// it, and after every wake come back here before waiting again. False: there is something to read. Release first: a
// producer that waits for room is not woken by what was only popped.
func (c *Consumer) Arm() bool {
	// SYNC POINT: consumer asleep. Pairs with the producer's load of sleeping after its store of tail.
	c.sleeping.Store(1)
	if c.tail.Load() == c.next {
		return true
	}
	c.sleeping.Swap(0)
	return false
}

// Ready reports whether Pop would find an entry. For the owner, in a spin loop.
func (c *Consumer) Ready() bool {
	// SYNC POINT: entries visible. Pairs with the producer's store of tail.
	return c.tail.Load() != c.next
}
