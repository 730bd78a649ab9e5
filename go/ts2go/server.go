package ts2go

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"x.example/go/image"
	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// server is one channel, seen from Go: a region, its doorbells, and the methods that it serves.
type server struct {
	region *channel.Region
	// Where leases of requests may lie.
	requests image.Arena
	methods  []Method
	costs    []cost
	ctx      context.Context
	cancel   context.CancelFunc
	// Go's own doorbell.
	doorbell *memring.Doorbell
	// Called once, with what the peer did wrong, if the region is damaged. Does not return in a worker process.
	damaged func(error)

	// Ring toGo. Guarded by role, as are the fields up to the blank line.
	in *memring.RawConsumer[channel.Entry]
	// Calls taken off the ring, and whether CLOSE was among the entries.
	taken   uint64
	closing bool
	spin    memring.Spinner

	// Who reads: see reader.go.
	role atomic.Uint64
	out  *completer

	cancels cancels
	streams streams

	// Calls to TypeScript: see node.go. None of this is used where there are no callbacks.
	callbacks int
	calls     nodeCalls
	// What handlers on the reading goroutine see, and the context that says so.
	reading    *Node
	readingCtx context.Context

	watch watchdog

	idle struct {
		mu sync.Mutex
		// Guarded by mu.
		workers []*worker
	}

	start time.Time
	dead  atomic.Bool
}

func newServer(region *channel.Region, methods []Method, nodeDoorbell, goDoorbell *memring.Doorbell, spin memring.Spinner, damaged func(error)) *server {
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{
		region: region, methods: methods, costs: make([]cost, len(methods)), ctx: ctx, cancel: cancel,
		doorbell: goDoorbell, damaged: damaged, spin: spin, start: time.Now(),
		in: memring.NewRawConsumer[channel.Entry](region.Mem, region.Header.ToGo(), nodeDoorbell),
	}
	for i := range s.costs {
		s.costs[i].slow.Store(firstSlow)
	}
	s.out = newCompleter(region, memring.NewRawProducer[channel.Entry](region.Mem, region.Header.ToNode(), nodeDoorbell))
	at := region.Header.RequestArena
	s.requests = image.Arena{Mem: region.Mem[at : at+region.Header.RequestArenaSize], Base: region.Base() + at}
	s.watch.wake = make(chan struct{}, 1)
	return s
}

// serve runs the channel until it has been closed by both sides.
func (s *server) serve() {
	s.region.SetState(channel.StateOpen)
	go s.poll()
	go s.watchHandlers()
	<-s.out.closed
	s.region.SetState(channel.StateClosed)
	s.cancel()
}

// die ends the channel: the region is thrown away whole. Calls in flight are rejected by Node when it notices.
func (s *server) die(err error) {
	if s.dead.CompareAndSwap(false, true) {
		s.cancel()
		// Not from here, where the completer's lock may be held.
		go s.endCalls(fmt.Errorf("%w: %w", ErrClosed, err))
		s.damaged(err)
	}
}

// now is a monotonic clock in nanoseconds.
func (s *server) now() int64 { return int64(time.Since(s.start)) }

// badEntry is the fault of an entry that no honest peer writes.
func badEntry(e *channel.Entry) error {
	return &memring.DamagedError{Problem: fmt.Sprintf("an entry of kind %d for method %d with call id %#x", e.Kind, e.Method, e.CallID)}
}
