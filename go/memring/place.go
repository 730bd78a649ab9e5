package memring

import (
	"sync/atomic"
	"unsafe"
)

// Place says where the words and entries of one ring lie, in bytes from the start of the memory.
type Place struct {
	Tail, Head, Sleeping, Space uint64
	Entries                     uint64
	// Capacity in entries: a power of two.
	Capacity uint32
}

// Ringer wakes the side that sleeps. Ring must not block, may be called from any goroutine, and a ring that nobody
// waits for must be heard by the next wait.
type Ringer interface{ Ring() }

func word(mem []byte, at uint64) *atomic.Uint32 { return (*atomic.Uint32)(unsafe.Pointer(&mem[at])) }

// entries checks once that all entries lie in mem.
func entries[T any](mem []byte, at Place) unsafe.Pointer {
	all := mem[at.Entries : at.Entries+uint64(at.Capacity)*uint64(unsafe.Sizeof(*new(T)))]
	return unsafe.Pointer(unsafe.SliceData(all))
}
