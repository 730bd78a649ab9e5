package ts2go

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"x.example/go/image"
	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// nodeHost is a host whose Node answers calls from Go: it doubles the number in the request, from a goroutine of its own for
// each, so that replies come in any order.
type nodeHost struct {
	*host
	node *Node
	// Entries of each kind that have come.
	came [16]atomic.Int64
	// What is done with a GOCALL instead of answering it, if set.
	onCall func(e channel.Entry)

	pushing sync.Mutex
}

func newNodeHost(t *testing.T, capacity uint32, handlers ...handler) *nodeHost {
	t.Helper()
	h := &nodeHost{host: newHostThen(t, capacity, func(s *server) { s.callBack(1) }, handlers...)}
	h.node = NodeOf(h.server.ctx)
	h.host.onGo = h.take
	return h
}

func (h *nodeHost) take(e channel.Entry) {
	h.came[e.Kind].Add(1)
	if e.Kind != kindGocall {
		return
	}
	if h.onCall != nil {
		h.onCall(e)
		return
	}
	go h.answer(e)
}

// answer sends the reply in a body, so that Go owes a GODONE. No test makes so many calls that a place comes again: who is
// kept from running may read its reply after a thousand others have been served.
func (h *nodeHost) answer(e channel.Entry) {
	reply := channel.Entry{Kind: kindReply, Method: e.Method, CallID: e.CallID, Ref: h.server.region.Header.RequestArena + uint64(e.CallID%8000)*8, Length: 8}
	h.pushing.Lock()
	defer h.pushing.Unlock()
	binary.NativeEndian.PutUint64(h.server.region.Mem[reply.Ref:], 2*binary.NativeEndian.Uint64(e.Inline[:]))
	h.push(&reply)
	h.out.Publish()
}

// reply sends a reply that needs no body.
func (h *nodeHost) reply(e channel.Entry) {
	h.pushing.Lock()
	defer h.pushing.Unlock()
	h.push(&e)
	h.out.Publish()
}

// double calls Node.
func (h *nodeHost) double(ctx context.Context, n uint64) (uint64, error) {
	c := h.node.Call(ctx, 0, "Test.double")
	defer c.End()
	c.Inline().Uint64(0, n)
	r, err := c.Do(8)
	if err != nil {
		return 0, err
	}
	got := r.Uint64(0)
	return got, c.Read()
}

// settled waits until nothing is left of calls from Go.
func (h *nodeHost) settled() {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if calls, bodies := h.node.InFlight(); calls == 0 && bodies == 0 {
			return
		}
	}
	calls, bodies := h.node.InFlight()
	h.t.Fatalf("%d calls and %d bodies are left", calls, bodies)
}

func TestCallsFromManyGoroutines(t *testing.T) {
	for _, capacity := range []uint32{2, 64} {
		h := newNodeHost(t, capacity)
		var wg sync.WaitGroup
		for g := range uint64(50) {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range uint64(40) {
					if got, err := h.double(context.Background(), g*1000+i); err != nil || got != 2*(g*1000+i) {
						t.Errorf("double(%d) = %d, %v", g*1000+i, got, err)
						return
					}
				}
			}()
		}
		wg.Wait()
		h.settled()
		if calls, done := h.came[kindGocall].Load(), h.came[kindGodone].Load(); calls != 2000 || done > 2000 {
			t.Errorf("%d calls and %d replies given back", calls, done)
		}
	}
}

func TestCallGivenUp(t *testing.T) {
	h := newNodeHost(t, 64)
	kept := make(chan channel.Entry, 1)
	h.onCall = func(e channel.Entry) { kept <- e }
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		e := <-kept
		cancel(errors.New("no more"))
		kept <- e
	}()
	if _, err := h.double(ctx, 1); err != context.Canceled {
		t.Fatal(err)
	}
	// The reply has crossed: it is given back, though nobody waited for it.
	h.onCall = nil
	h.answer(<-kept)
	if _, err := h.double(context.Background(), 2); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); h.came[kindGodone].Load() < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d replies were given back", h.came[kindGodone].Load())
		}
	}
	if n := h.came[kindGocancel].Load(); n != 1 {
		t.Errorf("%d calls were cancelled", n)
	}
	h.settled()
}

func TestCallWithEndedContextIsNotSent(t *testing.T) {
	h := newNodeHost(t, 64)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.double(ctx, 1); err != context.Canceled {
		t.Fatal(err)
	}
	if n := h.came[kindGocall].Load(); n != 0 {
		t.Error("it was sent")
	}
	h.settled()
}

// Calls that nobody lets into the ring are dropped when their contexts end, with their bodies; the others go on.
func TestCallsWithoutRoom(t *testing.T) {
	h := newNodeHost(t, 2)
	stop := make(chan struct{})
	h.onCall = func(channel.Entry) { <-stop }
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c := h.node.Call(ctx, 0, "Test.double")
			defer c.End()
			z := image.NewSizer(500)
			if c.Alloc(&z, 500) == nil {
				t.Error("no body")
			}
			if _, err := c.Do(8); err != context.Canceled {
				t.Error(err)
			}
		}()
	}
	for calls := 0; calls < 100; calls, _ = h.node.InFlight() {
		time.Sleep(time.Millisecond)
	}
	cancel()
	wg.Wait()
	close(stop)
	h.settled()
}

func TestCallsAtTheEnd(t *testing.T) {
	h := newNodeHost(t, 64)
	h.onCall = func(channel.Entry) {}
	failed := make(chan error, 10)
	for i := range uint64(10) {
		go func() {
			_, err := h.double(context.Background(), i)
			failed <- err
		}()
	}
	for calls := 0; calls < 10; calls, _ = h.node.InFlight() {
		time.Sleep(time.Millisecond)
	}
	h.pushing.Lock()
	h.push(&channel.Entry{Kind: kindClose})
	h.out.Publish()
	h.pushing.Unlock()
	for range 10 {
		if err := <-failed; !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
	if _, err := h.double(context.Background(), 1); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	<-h.server.out.closed
	c := h.node.Call(context.Background(), 0, "Test.tell")
	c.Send()
	c.End()
}

// A handler that calls Node from the goroutine which reads the ring has somebody else read meanwhile.
func TestCallFromTheReader(t *testing.T) {
	var h *nodeHost = newNodeHost(t, 64, func(ctx context.Context, n uint64) error {
		if n == 0 {
			return nil
		}
		c := NodeOf(ctx).Call(ctx, 0, "Test.double")
		defer c.End()
		c.Inline().Uint64(0, n)
		_, err := c.Do(8)
		return err
	})
	h.warm(0)
	for i := range uint64(200) {
		h.server.costs[0].slow.Store(0)
		h.server.costs[0].inline.Store(true)
		h.pushing.Lock()
		id := h.call(0, i)
		h.out.Publish()
		h.pushing.Unlock()
		if e := h.waitPublished(id); e.Kind != kindResult {
			t.Fatalf("call %d ended with kind %d", i, e.Kind)
		}
	}
	h.settled()
}

func TestForeignReplyIsDamage(t *testing.T) {
	h := newNodeHost(t, 64)
	h.onCall = func(e channel.Entry) {
		go func() {
			e.Method = 5
			h.answer(e)
		}()
	}
	_, err := h.double(context.Background(), 1)
	if !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	var damage *memring.DamagedError
	if err := <-h.damaged; !errors.As(err, &damage) {
		t.Error(err)
	}
}

func TestNodeOfNoCall(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NodeOf(context.Background())
}
