package memring

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// RawConsumer is the consuming end of a ring of T, in memory and nothing more: it does not wait, and knows neither
// roles nor the end. It belongs to one goroutine at a time. T must have a fixed size and no pointers: nobody checks it
// here. Nothing blocks, and only errors allocate.
type RawConsumer[T any] struct {
	consumerSide
	entries unsafe.Pointer
	mask    uint32
}

// NewRawConsumer takes the consuming end of the ring at place in mem. doorbell is the producer's own.
func NewRawConsumer[T any](mem []byte, place Place, doorbell Ringer) *RawConsumer[T] {
	return &RawConsumer[T]{newConsumerSide(mem, place, doorbell), entries[T](mem, place), place.Capacity - 1}
}

// Pop copies the next entry into e, once, and reports false if the ring is empty. The slot is the producer's again
// only after Release.
func (c *RawConsumer[T]) Pop(e *T) (bool, error) {
	if c.next == c.cachedTail {
		if found, err := c.lookAgain(); !found {
			return false, err
		}
	}
	*e = *(*T)(unsafe.Add(c.entries, uintptr(c.next&c.mask)*unsafe.Sizeof(*e)))
	c.next++
	return true, nil
}

// PopMany copies as many entries into es as there are, in order and once, and reports how many. The slots are the
// producer's again only after Release.
func (c *RawConsumer[T]) PopMany(es []T) (int, error) {
	if uint64(c.cachedTail-c.next) < uint64(len(es)) {
		if _, err := c.lookAgain(); err != nil {
			return 0, err
		}
		es = es[:min(uint64(len(es)), uint64(c.cachedTail-c.next))]
	}
	// In at most two pieces: up to the end of the memory, and from its beginning.
	all := unsafe.Slice((*T)(c.entries), c.capacity)
	n := copy(es, all[c.next&c.mask:])
	copy(es[n:], all)
	c.next += uint32(len(es))
	return len(es), nil
}

// consumerSide is the consuming side of the hand-shakes: everything but what lies in the slots. Indices count entries,
// or bytes of messages.
type consumerSide struct {
	tail, head, sleeping, space *atomic.Uint32
	capacity                    uint32

	// Own index, private: what stands in the memory is only for the peer.
	next uint32
	// Cached copy of the producer's index: the shared word is loaded only when this says empty.
	cachedTail uint32
	// How far the peer has been told.
	released uint32
	// The bits that no index may have: what is smaller than a record, where indices count bytes.
	odd uint32
	// The producer's own doorbell: it is rung when the producer waits for room.
	doorbell Ringer
}

func newConsumerSide(mem []byte, at Place, doorbell Ringer) consumerSide {
	c := consumerSide{
		tail: word(mem, at.Tail), head: word(mem, at.Head), sleeping: word(mem, at.Sleeping), space: word(mem, at.Space),
		capacity: at.Capacity, doorbell: doorbell,
	}
	c.next = c.head.Load()
	c.released = c.next
	c.cachedTail = c.next
	return c
}

// lookAgain loads how far the producer has come, and reports whether there is something to read.
func (c *consumerSide) lookAgain() (bool, error) {
	// SYNC POINT: entries visible. Pairs with the producer's store of tail.
	tail := c.tail.Load()
	// It lies between where it was seen last and the end of the room: a producer never goes back, and what was popped
	// and not released is still taken.
	if tail-c.cachedTail > c.released+c.capacity-c.cachedTail || tail&c.odd != 0 {
		return false, &DamagedError{fmt.Sprintf("the producer's tail is %d, the consumer's head %d, the capacity %d", tail, c.next, c.capacity)}
	}
	c.cachedTail = tail
	return tail != c.next, nil
}

// Empty reports whether everything published has been read and released. It may be called from any goroutine, as a
// hint: it reads only shared words, which the peer may have overwritten.
func (c *consumerSide) Empty() bool { return c.tail.Load() == c.head.Load() }

// Unreleased is the number of entries read since the last Release.
func (c *consumerSide) Unreleased() uint32 { return c.next - c.released }

// Release gives the slots of all popped entries back, and wakes the producer if it waits for room.
func (c *consumerSide) Release() {
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
func (c *consumerSide) Restate() { c.head.Store(c.released) }

// Arm is steps a and b of the hand-shake of publish and sleep. True: the ring is empty and the doorbell will ring when
// it is not; wait for it, and after every wake come back here before waiting again. False: there is something to read.
// Release first: a producer that waits for room is not woken by what was only popped.
func (c *consumerSide) Arm() bool {
	// SYNC POINT: consumer asleep. Pairs with the producer's load of sleeping after its store of tail.
	c.sleeping.Store(1)
	if c.tail.Load() == c.next {
		return true
	}
	c.sleeping.Swap(0)
	return false
}

// Ready reports whether a pop would find an entry. For the owner, in a spin loop.
func (c *consumerSide) Ready() bool {
	// SYNC POINT: entries visible. Pairs with the producer's store of tail.
	return c.tail.Load() != c.next
}
