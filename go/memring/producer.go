package memring

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// Producer is the producing end of a ring. It belongs to one goroutine at a time; who shares it holds a lock.
//
// Entries are pushed one by one and published together: what was pushed since the last Publish is not yet visible.
type Producer struct {
	tail, head, sleeping, space *atomic.Uint32
	entries                     unsafe.Pointer
	capacity, mask              uint32

	// Own index, private: what stands in the region is only for the peer.
	next uint32
	// How far the peer has been told.
	published uint32
	// Cached copy of the consumer's index: the shared word is loaded only when this says full.
	cachedHead uint32
	// The consumer's doorbell.
	doorbell *Doorbell
}

// NewProducer takes the producing end of the ring at d in mem. doorbell is the consumer's.
func NewProducer(mem []byte, d Direction, doorbell *Doorbell) *Producer {
	p := &Producer{
		tail: word(mem, d.Tail), head: word(mem, d.Head), sleeping: word(mem, d.Sleeping), space: word(mem, d.Space),
		entries: entries(mem, d), capacity: d.Capacity, mask: d.Capacity - 1, doorbell: doorbell,
	}
	p.next = p.tail.Load()
	p.published = p.next
	// As if the ring were full: the first Push loads the shared word, and checks it as every later one does.
	p.cachedHead = p.next - p.capacity
	return p
}

func word(mem []byte, at uint64) *atomic.Uint32 { return (*atomic.Uint32)(unsafe.Pointer(&mem[at])) }

func entries(mem []byte, d Direction) unsafe.Pointer {
	all := mem[d.Entries : d.Entries+uint64(d.Capacity)*EntrySize]
	return unsafe.Pointer(unsafe.SliceData(all))
}

// Index is the free-running index of the next entry to be pushed.
func (p *Producer) Index() uint32 { return p.next }

// Push copies e into the ring, and reports false if the ring is full.
func (p *Producer) Push(e *Entry) (bool, error) {
	if p.next-p.cachedHead == p.capacity {
		if room, err := p.lookAgain(); !room {
			return false, err
		}
	}
	*(*Entry)(unsafe.Add(p.entries, uintptr(p.next&p.mask)*EntrySize)) = *e
	p.next++
	return true, nil
}

func (p *Producer) lookAgain() (room bool, err error) {
	head, err := p.Head()
	if err != nil {
		return false, err
	}
	return p.next-head != p.capacity, nil
}

// Head loads how far the consumer has read.
func (p *Producer) Head() (uint32, error) {
	// SYNC POINT: slots free. Pairs with the consumer's store of head after it has copied the entries.
	head := p.head.Load()
	// It lies between where it was seen last and what was published: a consumer never goes back.
	if p.published-head > p.published-p.cachedHead {
		return 0, &DamagedError{fmt.Sprintf("the consumer's head is %d, the producer's tail %d, the capacity %d", head, p.published, p.capacity)}
	}
	p.cachedHead = head
	return head, nil
}

// Unpublished is the number of entries pushed since the last Publish.
func (p *Producer) Unpublished() uint32 { return p.next - p.published }

// Publish makes all pushed entries visible, and wakes the consumer if it sleeps.
func (p *Producer) Publish() {
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
func (p *Producer) Restate() { p.tail.Store(p.published) }

// WaitForSpace is hand-shake 2: call it when Push has found no room. True: there is room after all. False: the
// producer's own doorbell will ring when there is. Publish first: for entries that it can't see, the consumer makes no
// room.
func (p *Producer) WaitForSpace() (bool, error) {
	// SYNC POINT: producer waits. Pairs with the consumer's load of space after its store of head.
	p.space.Store(1)
	room, err := p.lookAgain()
	if room {
		p.space.Store(0)
	}
	return room, err
}

// AskForSpace is the first half of WaitForSpace for those who wait for memory and not for a slot: the producer's own
// doorbell rings at the consumer's next progress. Look at Head again after it, and only then sleep.
func (p *Producer) AskForSpace() { p.space.Store(1) }
