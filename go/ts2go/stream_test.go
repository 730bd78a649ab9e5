package ts2go

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"x.example/go/image"
	"x.example/go/memring/channel"
)

// A handler may return while a goroutine of its own still reads its argument stream. What that has read it gives credit
// for, and to Node an entry of a call that has been completed is damage.
func TestNoCreditAfterTheCompletion(t *testing.T) {
	h := newHostThen(t, 64, func(s *server) {
		s.methods[0].Streams = true
		s.methods[0].Serve = func(ctx context.Context, c *Call) error {
			items := ReceiveAll(ctx, c, func(r *image.Reader) []uint64 { return []uint64{r.Uint64(0)} })
			var read atomic.Int64
			go func() {
				for range items {
					read.Add(1)
				}
			}()
			// Not by a channel: by the time that a sleeper runs, the reader is through.
			for want := int64(c.entry.CallID % 8); read.Load() < want; {
				runtime.Gosched()
			}
			return nil
		}
	}, func(context.Context, uint64) error { return nil })
	for range 20_000 {
		id := h.call(0, 0)
		for range 8 {
			h.push(&channel.Entry{Kind: kindItems, Flags: flagInline, CallID: id})
		}
		if e := h.wait(id); e.Kind != kindResult {
			t.Fatalf("call %d: %+v", id, e)
		}
		if t.Failed() {
			return
		}
	}
	select {
	case err := <-h.damaged:
		t.Fatal(err)
	default:
	}
}
