package ts2go

import (
	"context"
	"errors"
	"sync"
	"unsafe"

	"x.example/go/memring"
)

// Alloc returns n bytes of the memory that TypeScript sees, for a handler to fill and to return as its
// Lease<Uint8Array>, or in one: what is returned so, whole or in part, is not copied. ctx is the handler's. Other slices
// may be returned as well, and are copied once.
//
// The bytes are not zeroed. They are the handler's until it returns, and must not be written to afterwards. What it does
// not return is given back by itself. While the memory is full, Alloc waits for TypeScript to release leases, until ctx
// ends.
func Alloc(ctx context.Context, n int) ([]byte, error) {
	l, _ := ctx.Value(lenderKey{}).(*lender)
	if l == nil {
		return nil, errors.New("ts2go: Alloc: expected the context of a handler whose result has a Lease<Uint8Array>")
	}
	if n <= 0 {
		return []byte{}, nil
	}
	at, err := l.alloc(ctx, uint64(n))
	if err != nil {
		return nil, err
	}
	return l.server.region.Mem[at : uint64(at)+uint64(n) : uint64(at)+uint64(n)], nil
}

type lenderKey struct{}

// lender has the leases of one call's result, while that is made.
type lender struct {
	server *server
	ctx    context.Context

	mu sync.Mutex
	// Guarded by mu: everything below. A handler may allocate in several goroutines.
	blocks []leased
	over   bool
}

// leased is a block of the response arena.
type leased struct {
	at   uint32
	size uint64
	// It is in the result.
	sent bool
}

// beginLeases gives the call's handler a context by which Alloc finds its lender.
func (c *Call) beginLeases() {
	c.lender = &lender{server: c.server, ctx: c.ctx}
	c.ctx = context.WithValue(c.ctx, lenderKey{}, c.lender)
}

// endLeases says in the completion which leases it has, and gives the others back.
func (c *Call) endLeases() {
	if c.lender == nil {
		return
	}
	if number := c.lender.end(c.done.Kind == kindResult); number != 0 {
		c.done.Flags |= flagLeased
		c.done.Aux = number
	}
	c.lender = nil
}

func (l *lender) alloc(ctx context.Context, size uint64) (uint32, error) {
	at, err := l.server.out.allocFor(ctx, size)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return noOffset, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		l.server.out.free(at)
		return noOffset, errors.New("ts2go: Alloc: the handler has returned already")
	}
	l.blocks = append(l.blocks, leased{at: at, size: size})
	return at, nil
}

// Lend implements image.Lender.
func (l *lender) Lend(b []byte) (uint64, error) {
	region := l.server.region
	start := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b))))
	offset := start - uint64(uintptr(unsafe.Pointer(unsafe.SliceData(region.Mem))))
	if l.has(offset, uint64(len(b))) {
		return region.Base() + offset, nil
	}
	at, err := l.alloc(l.ctx, uint64(len(b)))
	if err != nil {
		return 0, &resultError{err}
	}
	copy(region.Mem[at:], b)
	l.has(uint64(at), uint64(len(b)))
	return region.Base() + uint64(at), nil
}

// has reports whether these bytes were allocated for this call, and remembers that they are sent.
func (l *lender) has(offset, size uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.blocks {
		b := &l.blocks[i]
		if start := uint64(b.at); offset >= start && offset-start <= b.size && size <= b.size-(offset-start) {
			b.sent = true
			return true
		}
	}
	return false
}

// end returns the number under which the blocks that were sent are leased, or 0.
func (l *lender) end(succeeded bool) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	var sent []uint32
	for _, b := range l.blocks {
		if succeeded && b.sent {
			sent = append(sent, b.at)
		} else {
			l.server.out.free(b.at)
		}
	}
	if len(sent) == 0 {
		return 0
	}
	return l.server.out.lease(sent)
}

// leases are the blocks that TypeScript may look at, by the number of their result.
type leases struct {
	byNumber map[uint32][]uint32
	last     uint32
	// How many blocks these are.
	blocks int
}

// lease gives the blocks of a result a number.
func (c *completer) lease(blocks []uint32) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &c.leases
	if l.byNumber == nil {
		l.byNumber = map[uint32][]uint32{}
	}
	for l.last++; l.last == 0 || l.byNumber[l.last] != nil; l.last++ {
	}
	l.byNumber[l.last] = blocks
	l.blocks += len(blocks)
	return l.last
}

// onRelease takes the leases of a result back.
func (c *completer) onRelease(number uint32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	blocks := c.leases.byNumber[number]
	if blocks == nil {
		return &memring.DamagedError{Problem: "leases were given back that were not given, or not any more"}
	}
	delete(c.leases.byNumber, number)
	c.leases.blocks -= len(blocks)
	for _, at := range blocks {
		c.arena.release(at)
	}
	if c.waiting > 0 {
		c.progress.Broadcast()
	}
	return nil
}
