package memring

import (
	"context"
	"io"
	"runtime"
	"sync/atomic"
)

// end is what the two ends of a queue of either shape have in common. It belongs to one goroutine at a time.
type end struct {
	queue *queue
	// The doorbell on which this end sleeps, and the one that wakes the other.
	own   bell
	other *countedBell
	// Where the other end says that it sleeps, and where this one says that it has ended.
	flag, ended *atomic.Uint32
	peer        *peerWatch
	waiting     Waiting
	spinner     Spinner
	// Written by the owner, for Stats; it orders nothing.
	waits  atomic.Uint64
	closed bool
	// Once set, what every further call returns.
	err error
}

// Stats is what an end has seen so far.
type Stats struct {
	// Capacity and Length count entries, or bytes of messages with 8 bytes each.
	Capacity, Length int
	// Waits is how often this end went to sleep.
	Waits uint64
	// Doorbells is how often this end has rung the other's: a system call each between processes.
	Doorbells uint64
}

// Stats may be called from any goroutine.
func (e *end) Stats() Stats {
	return Stats{Capacity: e.queue.Capacity(), Length: e.queue.Len(), Waits: e.waits.Load(), Doorbells: e.other.rings.Load()}
}

// wakeOther wakes the other end whatever its flag says: it has to look at more than the indices.
func (e *end) wakeOther() {
	// Pairs with the other end's store of its flag before it looks at the words of this end for the last time.
	e.flag.Swap(0)
	e.other.Ring()
}

// close says that this end has ended, and wakes the other.
func (e *end) close() error {
	if e.closed {
		return nil
	}
	e.closed = true
	e.err = errClosed.because("this end has been closed")
	// SYNC POINT: no more entries, of a producer; SYNC POINT: nobody reads, of a consumer. Pairs with the other end's
	// load after it has armed its flag.
	e.ended.Store(ended)
	e.wakeOther()
	e.peer.close()
	e.queue.leave()
	return nil
}

// fail makes an error the end of this end.
func (e *end) fail(err error) error {
	e.err = err
	return err
}

func spinnerFor(waiting Waiting) Spinner {
	if waiting != Adaptive || CPUs() < 2 {
		return Spinner{}
	}
	return NewSpinner(AdaptiveBudget, true)
}

// spin looks until ready, and reports false when it is time to sleep. ready is also true when the peer has ended.
func (e *end) spin(ctx context.Context, ready func() bool) (bool, error) {
	if e.waiting != Spin {
		return e.spinner.Wait(ready), nil
	}
	// Nobody else will say that the peer has died.
	if err := e.peer.watch(); err != nil {
		return false, err
	}
	for {
		for range 64 {
			if ready() {
				return true, nil
			}
			Pause(4)
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		// The other end may want this very processor, as a goroutine or as a process.
		runtime.Gosched()
		yield()
	}
}

// sleep waits on this end's doorbell.
func (e *end) sleep(ctx context.Context) error {
	e.waits.Add(1)
	began := now()
	err := e.own.WaitContext(ctx)
	e.spinner.Slept(now() - began)
	return err
}

// producerEnd is the producer of either shape. What it returns as an error is the end of it, apart from a context's
// error, misuse, want of memory, and a message that is too long.
type producerEnd struct {
	end
	side    *producerSide
	stopped *atomic.Uint32
}

// fault is what a push fails with that has found err set or stopped not 0.
func (p *producerEnd) fault() error {
	if p.err != nil {
		return p.err
	}
	return p.fail(endedError(p.peer, p.stopped.Load(), errClosed.because("the consumer has stopped: nobody reads any more")))
}

// endedError is what the other end's word of its end means; closed is what an orderly end means to this end.
func endedError(peer *peerWatch, word uint32, closed error) error {
	switch word {
	case ended:
		return closed
	case died:
		return &PeerDiedError{Role: peer.role, PID: peer.taken.Load()}
	}
	return &DamagedError{"the " + peer.role + " has ended in a way that does not exist"}
}

// full is what a push returns that has found no room, or damage.
func (p *producerEnd) full(err error) error {
	if err != nil {
		return p.fail(err)
	}
	// In this order: whoever has stopped before it died has stopped.
	dead := p.peer.died.Load()
	if p.stopped.Load() != 0 {
		return p.fault()
	}
	if dead {
		return p.fail(p.peer.diedError())
	}
	return nil
}

// abandoned reports whether the other end is known to be gone.
func (p *producerEnd) abandoned() bool {
	// SYNC POINT: nobody reads. Pairs with the consumer's store of stopped, after which it rings whatever space says.
	return p.stopped.Load() != 0 || p.peer.died.Load()
}

// wait returns when it is worth looking for room again, or with an error: the context's, or ErrNoMemory.
func (p *producerEnd) wait(ctx context.Context, need uint32) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ready := func() bool {
		// SYNC POINT: slots free. Pairs with the consumer's store of head.
		return p.capacityLeft() >= need || p.abandoned()
	}
	if worth, err := p.spin(ctx, ready); worth || err != nil {
		return err
	}
	if err := p.peer.watch(); err != nil {
		return err
	}
	// Steps a and b. Damage is found again by the next look.
	if room, err := p.side.waitForSpace(need); room || err != nil {
		return nil
	}
	var err error
	if !p.abandoned() {
		if err = p.sleep(ctx); err == nil {
			return nil
		}
	}
	// SYNC POINT: producer waits. Taken back, so that the consumer does not ring for nobody; if it has exchanged the flag
	// first, its ring is heard by the next wait.
	p.side.space.Swap(0)
	return err
}

// capacityLeft is the room by the shared word, which is not trusted: for a spin loop.
func (p *producerEnd) capacityLeft() uint32 {
	return p.side.capacity - (p.side.next - p.side.head.Load())
}

// consumerEnd is the consumer of either shape. What it returns as an error is the end of it, apart from a context's
// error, misuse, and want of memory.
type consumerEnd struct {
	end
	side *consumerSide
	shut *atomic.Uint32
}

// emptied is what a pop does next that has found nothing, or damage: look again, return the error, or say empty.
func (c *consumerEnd) emptied(err error) (again bool, _ error) {
	if err != nil {
		return false, c.fail(err)
	}
	// In this order: whoever has closed before it died has closed.
	dead := c.peer.died.Load()
	// SYNC POINT: no more entries. Pairs with the producer's store of closed after its last store of tail.
	shut := c.shut.Load()
	if shut == 0 && !dead {
		return false, nil
	}
	// What was published before is still read.
	if found, err := c.side.lookAgain(); err != nil {
		return false, c.fail(err)
	} else if found {
		return true, nil
	}
	if shut == 0 {
		return false, c.fail(c.peer.diedError())
	}
	return false, c.fail(endedError(c.peer, shut, io.EOF))
}

// abandoned reports whether the other end is known to be gone.
func (c *consumerEnd) abandoned() bool {
	// SYNC POINT: no more entries. Pairs with the producer's store of closed, after which it rings whatever sleeping says.
	return c.shut.Load() != 0 || c.peer.died.Load()
}

// wait returns when it is worth looking for entries again, or with an error: the context's, or ErrNoMemory.
func (c *consumerEnd) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ready := func() bool { return c.side.Ready() || c.abandoned() }
	if worth, err := c.spin(ctx, ready); worth || err != nil {
		return err
	}
	if err := c.peer.watch(); err != nil {
		return err
	}
	// Steps a and b.
	if !c.side.Arm() {
		return nil
	}
	var err error
	if !c.abandoned() {
		if err = c.sleep(ctx); err == nil {
			return nil
		}
	}
	// SYNC POINT: consumer asleep. Taken back, so that the producer does not ring for nobody; if it has exchanged the flag
	// first, its ring is heard by the next wait.
	c.side.sleeping.Swap(0)
	return err
}
