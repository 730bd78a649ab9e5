package ts2go

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// host is Node's end of a channel, played in Go on heap memory, where the race detector watches both ends.
type host struct {
	t      *testing.T
	server *server
	out    *memring.RawProducer[channel.Entry]
	in     *memring.RawConsumer[channel.Entry]
	bell   *memring.Doorbell

	mu      sync.Mutex
	next    uint32
	results map[uint32]channel.Entry
	arrived *sync.Cond
	closed  bool
	damaged chan error
	// Gets the entries of calls from Go, if there may be any.
	onGo func(channel.Entry)
}

// handler is a method of a test service: it gets the 8 inline bytes of the request.
type handler func(ctx context.Context, arg uint64) error

func newHost(t *testing.T, capacity uint32, handlers ...handler) *host {
	t.Helper()
	return newHostThen(t, capacity, func(*server) {}, handlers...)
}

// newHostThen changes the server before it serves.
func newHostThen(t *testing.T, capacity uint32, change func(*server), handlers ...handler) *host {
	t.Helper()
	const size = 4 << 20
	header := channel.Header{RegionSize: size, ToGoCapacity: capacity, ToNodeCapacity: capacity, ToGoEntries: channel.EntriesOffset}
	header.ToNodeEntries = header.ToGoEntries + uint64(capacity)*channel.EntrySize
	header.RequestArena = 1 << 20
	header.RequestArenaSize = 1 << 20
	header.ResponseArena = 2 << 20
	header.ResponseArenaSize = 1 << 20
	region := &channel.Region{Header: header, Mem: make([]byte, size)}
	// Every run crosses the wrap.
	for _, word := range []int{channel.ControlToGoHead, channel.ControlToGoTail, channel.ControlToNodeHead, channel.ControlToNodeTail} {
		binary.NativeEndian.PutUint32(region.Mem[word:], 0xFFFFFF00)
	}
	nodeBell, goBell := newBell(t), newBell(t)
	methods := make([]Method, len(handlers))
	for i, h := range handlers {
		methods[i] = Method{Index: uint16(i), Name: "Test.method", Serve: func(ctx context.Context, c *Call) error {
			if err := h(ctx, c.Request(8).Uint64(0)); err != nil {
				return err
			}
			c.Inline().Uint64(0, c.Request(8).Uint64(0)+1)
			return nil
		}}
	}
	h := &host{t: t, bell: nodeBell, results: map[uint32]channel.Entry{}, damaged: make(chan error, 100)}
	h.arrived = sync.NewCond(&h.mu)
	h.server = newServer(region, methods, nodeBell, goBell, memring.NewSpinner(20*time.Microsecond, true), func(err error) { h.damaged <- err })
	h.out = memring.NewRawProducer[channel.Entry](region.Mem, header.ToGo(), goBell)
	h.in = memring.NewRawConsumer[channel.Entry](region.Mem, header.ToNode(), goBell)
	change(h.server)
	go h.server.serve()
	go h.drain()
	return h
}

func newBell(t *testing.T) *memring.Doorbell {
	t.Helper()
	bell, err := memring.CreateDoorbell()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bell.Close() })
	return bell
}

// drain is Node's event loop: steps a to d of hand-shake 1.
func (h *host) drain() {
	var e channel.Entry
	for {
		ok, err := h.in.Pop(&e)
		if err != nil {
			h.damaged <- err
			return
		}
		if ok && e.Kind >= kindGocall {
			h.onGo(e)
			continue
		}
		if ok && e.Kind == kindCredit {
			h.mu.Lock()
			if _, completed := h.results[e.CallID]; completed {
				h.t.Errorf("call %d was completed before the credit of a batch that it has read", e.CallID)
			}
			h.mu.Unlock()
			continue
		}
		if ok {
			h.mu.Lock()
			if e.Kind == kindClose {
				h.closed = true
			} else if _, twice := h.results[e.CallID]; twice {
				h.t.Errorf("call %d was completed twice", e.CallID)
			}
			h.results[e.CallID] = e
			h.arrived.Broadcast()
			h.mu.Unlock()
			continue
		}
		h.in.Release()
		if h.in.Arm() && h.bell.Wait() != nil {
			return
		}
	}
}

// call sends a call without publishing it, and returns its id.
func (h *host) call(method uint16, arg uint64) uint32 {
	h.next++
	e := channel.Entry{Kind: kindCall, Flags: flagInline, Method: method, CallID: h.next}
	binary.NativeEndian.PutUint64(e.Inline[:], arg)
	h.push(&e)
	return h.next
}

func (h *host) push(e *channel.Entry) {
	for {
		ok, err := h.out.Push(e)
		if err != nil {
			h.t.Fatal(err)
		}
		if ok {
			return
		}
		h.out.Publish()
		time.Sleep(time.Millisecond)
	}
}

// wait waits for a call's completion.
func (h *host) wait(id uint32) channel.Entry {
	h.t.Helper()
	h.out.Publish()
	return h.waitPublished(id)
}

func (h *host) waitPublished(id uint32) channel.Entry {
	h.t.Helper()
	timeout := time.AfterFunc(20*time.Second, func() {
		h.mu.Lock()
		h.closed = true
		h.arrived.Broadcast()
		h.mu.Unlock()
	})
	defer timeout.Stop()
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		if e, ok := h.results[id]; ok {
			return e
		}
		if h.closed {
			h.t.Fatalf("call %d was never completed", id)
		}
		h.arrived.Wait()
	}
}

// warm makes the method run on the reader, as many quick calls would.
func (h *host) warm(method uint16) {
	h.t.Helper()
	h.server.costs[method].slow.Store(0)
	h.server.costs[method].inline.Store(true)
	h.wait(h.call(method, 0))
}
