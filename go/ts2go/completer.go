package ts2go

import (
	"context"
	"fmt"
	"sync"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// completer is the producing end of ring toNode, shared by all goroutines that finish calls: single-producer holds in
// the region, and inside the process one short critical section, which only copies 64 bytes and publishes.
type completer struct {
	region *channel.Region

	mu sync.Mutex
	// Guarded by mu: everything below.
	ring  *memring.RawProducer[channel.Entry]
	arena *arena
	// The body of each entry of the ring, by slot: freed when Node's head has passed it.
	bodies []uint32
	// The ring index up to which bodies have been freed.
	reclaimed uint32
	// Signalled whenever Node has made progress while somebody waits for room.
	progress *sync.Cond
	waiting  int
	// Entries of calls from Go that wait for room, or have some.
	box    outbox
	leases leases
	// Completions pushed, and how many there will have been when the channel may close (0: not closing).
	pushed, last uint64
	closed       chan struct{}
}

// Bodies whose entries Node may have read are looked for only after so many, because looking means loading a word that
// Node keeps writing.
const reclaimEvery = 32

func newCompleter(region *channel.Region, ring *memring.RawProducer[channel.Entry]) *completer {
	h := &region.Header
	c := &completer{
		region: region,
		ring:   ring,
		arena:  newArena(h.ResponseArena, h.ResponseArenaSize),
		bodies: make([]uint32, h.ToNodeCapacity),
		closed: make(chan struct{}),
	}
	for i := range c.bodies {
		c.bodies[i] = noOffset
	}
	c.reclaimed = ring.Index()
	c.progress = sync.NewCond(&c.mu)
	return c
}

// complete sends an entry whose body, if any, is the block at body. Without publish it becomes visible with the next
// one that is published; hidden says how many are not visible yet.
func (c *completer) complete(e *channel.Entry, body uint32, publish bool) (hidden uint32, err error) {
	c.mu.Lock()
	hidden, err = c.push(e, body, publish)
	c.mu.Unlock()
	return hidden, err
}

// push is complete with the lock held.
func (c *completer) push(e *channel.Entry, body uint32, publish bool) (hidden uint32, err error) {
	for {
		slot := c.ring.Index() & uint32(len(c.bodies)-1)
		if body != noOffset || c.bodies[slot] != noOffset {
			// A slot that is used again has been read: its old body is free before the new one takes its place.
			if err := c.reclaim(); err != nil {
				return 0, err
			}
		}
		ok, err := c.ring.Push(e)
		if err != nil {
			return 0, err
		}
		if ok {
			c.bodies[slot] = body
			break
		}
		// Admission reserves a slot for every completion: this is full only if Node admits more than it may.
		if err := c.wait(); err != nil {
			return 0, err
		}
	}
	// What belongs to a stream is no completion.
	if e.Kind == kindResult || e.Kind == kindError {
		c.pushed++
	}
	if len(c.box.waiting) > 0 {
		// While completions go out, nobody may come to listen to the doorbell.
		if err := c.pump(); err != nil {
			return 0, err
		}
	}
	if publish {
		c.ring.Publish()
	}
	return c.ring.Unpublished(), c.closeIfLast()
}

// flush publishes what has been completed.
func (c *completer) flush() {
	c.mu.Lock()
	c.ring.Publish()
	c.mu.Unlock()
}

// heard is called when the doorbell has rung: perhaps because Node has made room, perhaps because answers are overdue.
func (c *completer) heard() error {
	c.mu.Lock()
	c.ring.Restate()
	if c.waiting > 0 {
		c.progress.Broadcast()
	}
	var err error
	if len(c.box.waiting) > 0 {
		err = c.pump()
	}
	c.mu.Unlock()
	return err
}

// closeAfter sends CLOSE once total calls have been completed.
func (c *completer) closeAfter(total uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = total
	if total == 0 {
		return c.sendClose()
	}
	return c.closeIfLast()
}

func (c *completer) closeIfLast() error {
	if c.last == 0 || c.pushed != c.last {
		return nil
	}
	return c.sendClose()
}

func (c *completer) sendClose() error {
	select {
	case <-c.closed:
		return nil
	default:
	}
	// It is the last entry.
	c.closeBox(ErrClosed)
	for {
		ok, err := c.ring.Push(&channel.Entry{Kind: kindClose})
		if err != nil {
			return err
		}
		if ok {
			break
		}
		if err := c.wait(); err != nil {
			return err
		}
	}
	c.ring.Publish()
	close(c.closed)
	return nil
}

// alloc returns a block for a body of size bytes. It waits while the arena is full, and fails at once if the body could
// never fit.
func (c *completer) alloc(size uint64) (uint32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.arena.max() {
		return noOffset, c.tooLarge(size)
	}
	if c.ring.Index()-c.reclaimed >= reclaimEvery {
		if err := c.reclaim(); err != nil {
			return noOffset, err
		}
	}
	for {
		if at, err := c.tryAlloc(size); at != noOffset || err != nil {
			return at, err
		}
		if err := c.wait(); err != nil {
			return noOffset, err
		}
	}
}

// allocFor is alloc for whoever may wait for long, a call from Go or a handler that makes a lease: it ends with the
// context, and with the channel.
func (c *completer) allocFor(ctx context.Context, size uint64) (uint32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.arena.max() {
		return noOffset, c.tooLarge(size)
	}
	stop := func() bool { return true }
	defer func() { stop() }()
	for waited := false; ; waited = true {
		if c.box.closed != nil {
			return noOffset, c.box.closed
		}
		if err := ctx.Err(); err != nil {
			return noOffset, err
		}
		if at, err := c.tryAlloc(size); at != noOffset || err != nil {
			return at, err
		}
		if !waited && ctx.Done() != nil {
			stop = context.AfterFunc(ctx, func() {
				c.mu.Lock()
				c.progress.Broadcast()
				c.mu.Unlock()
			})
		}
		if err := c.wait(); err != nil {
			return noOffset, err
		}
	}
}

// tryAlloc returns a block, if need be one that Node has read by now, or noOffset. Called with the lock held.
func (c *completer) tryAlloc(size uint64) (uint32, error) {
	if at := c.arena.alloc(size); at != noOffset {
		return at, nil
	}
	if err := c.reclaim(); err != nil {
		return noOffset, err
	}
	return c.arena.alloc(size), nil
}

func (c *completer) tooLarge(size uint64) error {
	return fmt.Errorf("ts2go: the result takes %d bytes, more than the response arena of %d bytes: connect with a larger regionSize", size, c.arena.max())
}

// free gives back a block that was never sent.
func (c *completer) free(at uint32) {
	c.mu.Lock()
	c.arena.release(at)
	c.mu.Unlock()
}

// wait sleeps until Node has made progress since the last reclaim. Called with the lock held; completions must be
// visible first, or Node could not make any.
func (c *completer) wait() error {
	c.ring.Publish()
	// Hand-shake 2. SYNC POINT: producer waits.
	c.ring.AskForSpace()
	// The look after the flag compares with what was reclaimed, not with another look before the flag: what Node read
	// between the caller's look and that one would never be seen.
	before := c.reclaimed
	if err := c.reclaim(); err != nil || c.reclaimed != before {
		return err
	}
	c.waiting++
	c.progress.Wait()
	c.waiting--
	return nil
}

// reclaim frees the bodies of all entries that Node has read.
func (c *completer) reclaim() error {
	head, err := c.ring.Head()
	if err != nil {
		return err
	}
	for ; c.reclaimed != head; c.reclaimed++ {
		slot := c.reclaimed & uint32(len(c.bodies)-1)
		if at := c.bodies[slot]; at != noOffset {
			c.bodies[slot] = noOffset
			c.arena.release(at)
		}
	}
	return nil
}

// idle gives the memory of an arena that was large and is empty back to the system. It reports false if Node has yet
// to read some of what lies there: then it is worth another try.
func (c *completer) idle() (done bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := uint64(c.arena.touched) << spanBits
	if size < releaseAbove || c.reclaim() != nil {
		return true
	}
	if c.arena.used > 0 {
		// Leases may stay for as long as they like: their end is heard of.
		return c.arena.used == c.leases.blocks
	}
	c.arena.sweep()
	c.arena.touched = 0
	_ = c.region.Release(c.region.Header.ResponseArena, size)
	return true
}

// An arena that never held more than this keeps its pages.
const releaseAbove = 4 << 20
