package ts2go

import (
	"sync/atomic"
	"testing"
	"time"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// Results that each take the whole response arena: every one of them waits for the memory of the one before. Nobody
// ticks, so a wake-up that is lost stays lost. With the flag set before one look too few, it stood still after some ten
// thousand results.
func TestNoWakeUpIsLostBetweenTwoLooksForMemory(t *testing.T) {
	const size, capacity, arena, results = 4 << 20, 8, 1 << 20, 100_000
	header := channel.Header{RegionSize: size, ToGoCapacity: capacity, ToNodeCapacity: capacity, ToGoEntries: channel.EntriesOffset}
	header.ToNodeEntries = header.ToGoEntries + capacity*channel.EntrySize
	header.RequestArena, header.RequestArenaSize = 1<<20, arena
	header.ResponseArena, header.ResponseArenaSize = 2<<20, arena
	region := &channel.Region{Header: header, Mem: make([]byte, size)}
	nodeBell, goBell := newBell(t), newBell(t)
	c := newCompleter(region, memring.NewRawProducer[channel.Entry](region.Mem, header.ToNode(), nodeBell))
	in := memring.NewRawConsumer[channel.Entry](region.Mem, header.ToNode(), goBell)

	// The poller.
	go func() {
		for goBell.Wait() == nil {
			c.heard()
		}
	}()
	// Node, which never sleeps.
	var over atomic.Bool
	defer over.Store(true)
	go func() {
		var e channel.Entry
		for !over.Load() {
			if ok, err := in.Pop(&e); err != nil {
				t.Error(err)
				return
			} else if ok {
				in.Release()
			}
		}
	}()
	var sent atomic.Uint64
	done := make(chan error, 1)
	go func() {
		for range results {
			at, err := c.alloc(arena)
			if err == nil {
				_, err = c.complete(&channel.Entry{Kind: kindResult}, at, true)
			}
			if err != nil {
				done <- err
				return
			}
			sent.Add(1)
		}
		done <- nil
	}()
	for last := uint64(0); ; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		case <-time.After(5 * time.Second):
			if now := sent.Load(); now == last {
				t.Fatalf("nothing has moved for 5 s after %d results", now)
			} else {
				last = now
			}
		}
	}
}
