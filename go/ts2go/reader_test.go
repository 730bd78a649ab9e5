package ts2go

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

func quickly(context.Context, uint64) error { return nil }

func TestEveryCallIsCompletedOnce(t *testing.T) {
	for _, capacity := range []uint32{1, 2, 64, 1024} {
		h := newHost(t, capacity,
			quickly,
			func(_ context.Context, n uint64) error { time.Sleep(time.Duration(n%3) * time.Millisecond); return nil },
			func(context.Context, uint64) error { return errors.New("expected") },
			func(context.Context, uint64) error { panic("expected") },
			func(context.Context, uint64) error { runtime.Goexit(); return nil },
		)
		n := 20_000
		if capacity < 64 {
			n = 500
		}
		ids := make([]uint32, n)
		for i := range ids {
			method := uint16(0)
			if i%50 == 7 {
				method = uint16(1 + i/50%4)
			}
			ids[i] = h.call(method, uint64(i))
			if i%17 == 0 {
				h.out.Publish()
			}
		}
		for i, id := range ids {
			e := h.wait(id)
			if i%50 != 7 && (e.Kind != kindResult || binary.NativeEndian.Uint64(e.Inline[:]) != uint64(i)+1) {
				t.Fatalf("capacity %d: call %d came back as kind %d with %d", capacity, i, e.Kind, binary.NativeEndian.Uint64(e.Inline[:]))
			}
		}
	}
}

// A handler that runs on the reader waits for one that stands behind it in the ring: without another reader it waits
// for ever.
func TestBlockedInlineHandlerLosesTheRole(t *testing.T) {
	gate := make(chan struct{})
	h := newHost(t, 64,
		func(_ context.Context, n uint64) error {
			if n == 1 {
				<-gate
			}
			return nil
		},
		func(context.Context, uint64) error { close(gate); return nil },
	)
	h.warm(0)
	blocked := h.call(0, 1)
	for range 10 {
		h.call(0, 0)
	}
	h.call(1, 0)
	h.wait(blocked)
	// Readers that lost the role serve on, and the new one reads.
	h.warm(0)
}

// Every reader in turn is blocked, the poller and workers that had taken the role when they were done.
func TestManyBlockedReaders(t *testing.T) {
	gate := make(chan struct{})
	h := newHost(t, 256, func(_ context.Context, n uint64) error {
		if n == 1 {
			<-gate
		}
		return nil
	})
	h.warm(0)
	var blocked []uint32
	for range 20 {
		blocked = append(blocked, h.call(0, 1))
		h.wait(h.call(0, 0))
	}
	close(gate)
	for _, id := range blocked {
		h.wait(id)
	}
}

func TestGoexitOnTheReader(t *testing.T) {
	h := newHost(t, 64, func(_ context.Context, n uint64) error {
		if n == 1 {
			runtime.Goexit()
		}
		return nil
	})
	h.warm(0)
	for range 5 {
		if e := h.wait(h.call(0, 1)); e.Kind != kindError || e.Aux != failurePanic {
			t.Fatalf("Goexit came back as kind %d, failure %d", e.Kind, e.Aux)
		}
		h.wait(h.call(0, 0))
	}
}

// A new method runs with the workers first, and comes to the reader when it has shown to be quick.
func TestQuickMethodsComeToTheReader(t *testing.T) {
	var m cost
	m.slow.Store(firstSlow)
	for n := range 1000 {
		m.note(int64(time.Microsecond))
		if m.inline.Load() {
			if n == 0 {
				t.Fatal("after one run")
			}
			return
		}
	}
	t.Fatal("not after 1000 quick runs")
}

// One slow run in a hundred keeps a method with the workers; one in ten thousand does not.
func TestCostOfMixedMethods(t *testing.T) {
	for _, c := range []struct {
		every  int
		inline bool
	}{{100, false}, {10_000, true}} {
		var m cost
		inlineRuns := 0
		for n := range 100_000 {
			ns := int64(time.Microsecond)
			if n%c.every == 0 {
				ns = int64(5 * time.Millisecond)
			}
			m.note(ns)
			if m.inline.Load() {
				inlineRuns++
			}
		}
		if (inlineRuns > 90_000) != c.inline || (inlineRuns < 10_000) == c.inline {
			t.Errorf("one slow run in %d: %d of 100,000 ran inline", c.every, inlineRuns)
		}
	}
}

func TestSlowMethodsGoToWorkers(t *testing.T) {
	h := newHost(t, 64, func(_ context.Context, n uint64) error {
		if n == 1 {
			time.Sleep(100 * time.Microsecond)
		}
		return nil
	})
	h.warm(0)
	for range 300 {
		h.wait(h.call(0, 1))
	}
	if h.server.costs[0].inline.Load() {
		t.Fatal("after 300 slow runs the method still runs inline")
	}
}

func TestCloseIsTheLastEntry(t *testing.T) {
	h := newHost(t, 64, func(context.Context, uint64) error { time.Sleep(5 * time.Millisecond); return nil })
	var ids []uint32
	for range 30 {
		ids = append(ids, h.call(0, 0))
	}
	h.push(&channel.Entry{Kind: kindClose})
	h.out.Publish()
	<-h.server.out.closed
	deadline := time.Now().Add(5 * time.Second)
	for {
		h.mu.Lock()
		closed, n := h.closed, len(h.results)
		h.mu.Unlock()
		if closed {
			// The entry of CLOSE itself has call id 0.
			if n != len(ids)+1 {
				t.Fatalf("CLOSE came after %d of %d completions", n-1, len(ids))
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("CLOSE never came")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestBadEntriesAreDamage(t *testing.T) {
	for name, e := range map[string]channel.Entry{
		"kind 0":         {Kind: 0},
		"a result":       {Kind: kindResult},
		"unknown kind":   {Kind: 200},
		"unknown method": {Kind: kindCall, Method: 9},
		"leases given back that were never given": {Kind: kindRelease, Aux: 1},
	} {
		h := newHost(t, 8, quickly)
		h.push(&e)
		h.out.Publish()
		select {
		case err := <-h.damaged:
			var damaged *memring.DamagedError
			if !errors.As(err, &damaged) {
				t.Errorf("%s: got %v", name, err)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: was not noticed", name)
		}
	}
}

// The doorbell's flag was overwritten, so that no ring came; Node's tick rings all the same.
func TestTickWakesWhateverTheFlagSays(t *testing.T) {
	h := newHost(t, 8, quickly)
	h.wait(h.call(0, 0))
	time.Sleep(20 * time.Millisecond) // asleep
	(*atomic.Uint32)(unsafe.Pointer(&h.server.region.Mem[channel.ControlToGoSleeping])).Store(0)
	id := h.call(0, 5)
	h.out.Publish()
	time.Sleep(20 * time.Millisecond)
	h.server.doorbell.Ring()
	h.wait(id)
}
