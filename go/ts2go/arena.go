package ts2go

import "math/bits"

// arena gives out memory for bodies. Its book-keeping is private to this process: nothing in the region is trusted to
// allocate by. Offsets are from the region's start. The mirror is bridge/src/call/arena.ts; the shape is the segregated
// storage of slab allocators (Bonwick 1994) in its simplest form.
//
// The arena is a row of spans of 64 KiB. A span holds blocks of one size class, powers of two from 128 bytes to 32 KiB;
// anything larger takes a run of whole spans. Free blocks of a class are a stack, so that the one freed last, still in
// the cache, is used next. Spans that have become empty are found only when a run is wanted and none is free.
//
// An arena belongs to whoever holds the completer's lock.
type arena struct {
	start uint64
	spans []span
	// Free blocks by class.
	free [classes][]uint32
	// The fresh part of the span that each class is cutting up.
	bump [classes]struct{ next, end uint32 }
	// Blocks and runs given out.
	used int
	// One past the highest span ever given out: what has to be given back to the system.
	touched int
	// Where to start looking for free spans.
	rover int
}

type span struct {
	// spanFree, spanTail (inside a run), or 1 + class, or spanRun.
	kind uint8
	// Blocks in use; in the first span of a run, the run's length.
	count uint32
}

const (
	spanBits   = 16
	spanSize   = 1 << spanBits
	minBits    = 7
	classes    = spanBits - minBits
	spanFree   = 0
	spanRun    = 254
	spanTail   = 255
	noOffset   = ^uint32(0)
	largestMin = spanSize / 2
)

func newArena(start, size uint64) *arena {
	return &arena{start: start, spans: make([]span, size>>spanBits)}
}

// max is the size of the largest body that can ever fit.
func (a *arena) max() uint64 { return uint64(len(a.spans)) << spanBits }

// alloc returns the offset of size bytes, aligned to 128, or noOffset if there is no room at the moment.
func (a *arena) alloc(size uint64) uint32 {
	if size > largestMin {
		return a.allocRun(int((size + spanSize - 1) >> spanBits))
	}
	class := 0
	if size > 1<<minBits {
		class = bits.Len64(size-1) - minBits
	}
	if stack := a.free[class]; len(stack) > 0 {
		at := stack[len(stack)-1]
		a.free[class] = stack[:len(stack)-1]
		a.take(at)
		return at
	}
	b := &a.bump[class]
	if b.next == b.end {
		i := a.findRun(1)
		if i < 0 {
			return noOffset
		}
		a.spans[i] = span{kind: uint8(1 + class)}
		b.next = uint32(a.start) + uint32(i)<<spanBits
		b.end = b.next + spanSize
	}
	at := b.next
	b.next += 1 << (minBits + class)
	a.take(at)
	return at
}

func (a *arena) take(at uint32) {
	a.spans[(uint64(at)-a.start)>>spanBits].count++
	a.used++
}

func (a *arena) allocRun(n int) uint32 {
	i := a.findRun(n)
	if i < 0 {
		return noOffset
	}
	a.spans[i] = span{kind: spanRun, count: uint32(n)}
	for j := i + 1; j < i+n; j++ {
		a.spans[j].kind = spanTail
	}
	a.used++
	return uint32(a.start) + uint32(i)<<spanBits
}

// release gives back what alloc returned.
func (a *arena) release(at uint32) {
	i := int((uint64(at) - a.start) >> spanBits)
	s := &a.spans[i]
	a.used--
	if s.kind == spanRun {
		n := int(s.count)
		clear(a.spans[i : i+n])
		a.rover = min(a.rover, i)
		return
	}
	s.count--
	class := s.kind - 1
	a.free[class] = append(a.free[class], at)
}

// findRun returns the index of n free spans in a row, or -1.
func (a *arena) findRun(n int) int {
	if i := a.scan(n); i >= 0 {
		return i
	}
	if a.sweep() {
		return a.scan(n)
	}
	return -1
}

func (a *arena) scan(n int) int {
	for a.rover < len(a.spans) && a.spans[a.rover].kind != spanFree {
		a.rover++
	}
	run := 0
	for i := a.rover; i < len(a.spans); i++ {
		if a.spans[i].kind != spanFree {
			run = 0
			continue
		}
		if run++; run == n {
			a.touched = max(a.touched, i+1)
			return i - n + 1
		}
	}
	return -1
}

// sweep frees the spans of which no block is in use, and reports whether there were any.
func (a *arena) sweep() bool {
	found := false
	empty := func(at uint32) bool { return a.spans[(uint64(at)-a.start)>>spanBits].count == 0 }
	for class := range a.free {
		kept := a.free[class][:0]
		for _, at := range a.free[class] {
			if !empty(at) {
				kept = append(kept, at)
			}
		}
		found = found || len(kept) < len(a.free[class])
		a.free[class] = kept
		if b := &a.bump[class]; b.next != b.end && empty(b.next) {
			b.next, b.end = 0, 0
			found = true
		}
	}
	for i := range a.spans {
		if s := &a.spans[i]; s.kind != spanFree && s.kind < spanRun && s.count == 0 {
			s.kind = spanFree
		}
	}
	a.rover = 0
	return found
}
