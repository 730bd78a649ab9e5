package memring

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// RawProducer is the producing end of a ring of T, in memory and nothing more: it does not wait, and knows neither
// roles nor the end. It belongs to one goroutine at a time; who shares it holds a lock.
//
// Entries are pushed one by one and published together: what was pushed since the last Publish is not yet visible.
// T must have a fixed size and no pointers: nobody checks it here. Nothing blocks, and only errors allocate.
type RawProducer[T any] struct {
	producerSide
	entries unsafe.Pointer
	mask    uint32
}

// NewRawProducer takes the producing end of the ring at place in mem. doorbell is the consumer's.
func NewRawProducer[T any](mem []byte, place Place, doorbell Ringer) *RawProducer[T] {
	return &RawProducer[T]{newProducerSide(mem, place, doorbell), entries[T](mem, place), place.Capacity - 1}
}

// Push copies e into the ring, and reports false if the ring is full.
func (p *RawProducer[T]) Push(e *T) (bool, error) {
	if p.next-p.cachedHead == p.capacity {
		if room, err := p.lookAgain(1); !room {
			return false, err
		}
	}
	*(*T)(unsafe.Add(p.entries, uintptr(p.next&p.mask)*unsafe.Sizeof(*e))) = *e
	p.next++
	return true, nil
}

// PushMany copies as many of es into the ring as there is room for, in order, and reports how many.
func (p *RawProducer[T]) PushMany(es []T) (int, error) {
	if uint64(p.room()) < uint64(len(es)) {
		if _, err := p.lookAgain(1); err != nil {
			return 0, err
		}
		es = es[:min(uint64(len(es)), uint64(p.room()))]
	}
	// In at most two pieces: up to the end of the memory, and from its beginning.
	all := unsafe.Slice((*T)(p.entries), p.capacity)
	n := copy(all[p.next&p.mask:], es)
	copy(all, es[n:])
	p.next += uint32(len(es))
	return len(es), nil
}

// producerSide is the producing side of the hand-shakes: everything but what lies in the slots. Indices count entries,
// or bytes of messages.
type producerSide struct {
	tail, head, sleeping, space *atomic.Uint32
	capacity                    uint32

	// Own index, private: what stands in the memory is only for the peer.
	next uint32
	// How far the peer has been told.
	published uint32
	// Cached copy of the consumer's index: the shared word is loaded only when this says full.
	cachedHead uint32
	// The bits that no index may have: what is smaller than a record, where indices count bytes.
	odd uint32
	// The consumer's doorbell.
	doorbell Ringer
}

func newProducerSide(mem []byte, at Place, doorbell Ringer) producerSide {
	p := producerSide{
		tail: word(mem, at.Tail), head: word(mem, at.Head), sleeping: word(mem, at.Sleeping), space: word(mem, at.Space),
		capacity: at.Capacity, doorbell: doorbell,
	}
	p.next = p.tail.Load()
	p.published = p.next
	// As if the ring were full: the first push loads the shared word, and checks it as every later one does.
	p.cachedHead = p.next - p.capacity
	return p
}

// Index is the free-running index of the next entry to be pushed.
func (p *producerSide) Index() uint32 { return p.next }

// room is how much there is for sure: the consumer may have made more.
func (p *producerSide) room() uint32 { return p.capacity - (p.next - p.cachedHead) }

func (p *producerSide) lookAgain(need uint32) (room bool, err error) {
	if _, err := p.Head(); err != nil {
		return false, err
	}
	return p.room() >= need, nil
}

// Head loads how far the consumer has read.
func (p *producerSide) Head() (uint32, error) {
	// SYNC POINT: slots free. Pairs with the consumer's store of head after it has copied the entries.
	head := p.head.Load()
	// It lies between where it was seen last and what was published: a consumer never goes back.
	if p.published-head > p.published-p.cachedHead || head&p.odd != 0 {
		return 0, &DamagedError{fmt.Sprintf("the consumer's head is %d, the producer's tail %d, the capacity %d", head, p.published, p.capacity)}
	}
	p.cachedHead = head
	return head, nil
}

// Unpublished is the number of entries pushed since the last Publish.
func (p *producerSide) Unpublished() uint32 { return p.next - p.published }

// Publish makes all pushed entries visible, and wakes the consumer if it sleeps.
func (p *producerSide) Publish() {
	if p.next == p.published {
		return
	}
	p.published = p.next
	// SYNC POINT: entries visible. Pairs with the consumer's load of tail.
	p.tail.Store(p.next)
	// SYNC POINT: consumer asleep. Pairs with the consumer's store of sleeping before its last load of tail: each side
	// stores its own word and then loads the other's, so at least one of them sees the other. Go's atomics are
	// sequentially consistent.
	if p.sleeping.Load() != 0 && p.sleeping.Swap(0) != 0 {
		p.doorbell.Ring()
	}
}

// Restate says again what was published: against a word that somebody has overwritten.
func (p *producerSide) Restate() { p.tail.Store(p.published) }

// WaitForSpace is steps a and b of the hand-shake of full and space: call it when there was no room. True: there is
// room after all. False: the producer's own doorbell will ring when there is; wait for it, and after every wake come
// back here before waiting again. Publish first: for entries that it can't see, the consumer makes no room.
func (p *producerSide) WaitForSpace() (bool, error) { return p.waitForSpace(1) }

func (p *producerSide) waitForSpace(need uint32) (bool, error) {
	// SYNC POINT: producer waits. Pairs with the consumer's load of space after its store of head.
	p.space.Store(1)
	room, err := p.lookAgain(need)
	if room {
		p.space.Swap(0)
	}
	return room, err
}

// AskForSpace is the first half of WaitForSpace for those who wait for memory and not for a slot: the producer's own
// doorbell rings at the consumer's next progress. Look at Head again after it, and only then sleep.
func (p *producerSide) AskForSpace() { p.space.Store(1) }
