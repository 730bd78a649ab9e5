package memring

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// Every run crosses the wrap of the 32-bit indices.
const nearWrap = 0xFFFFFF00

func mustPush(t testing.TB, p *RawProducer[wide], e *wide) bool {
	t.Helper()
	ok, err := p.Push(e)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func mustPop(t testing.TB, c *RawConsumer[wide], e *wide) bool {
	t.Helper()
	ok, err := c.Pop(e)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func wantDamaged(t *testing.T, err error) {
	t.Helper()
	var damaged *DamagedError
	if !errors.As(err, &damaged) {
		t.Fatalf("expected a DamagedError, got %v", err)
	}
}

// numbered is an entry whose bytes all depend on n, so that a mixture of two entries is noticed.
func numbered(n uint32) wide {
	e := wide{Kind: uint8(n) | 1, Flags: uint8(n >> 8), Method: uint16(n >> 16), CallID: n, Length: ^n, Aux: n * 2654435761, Ref: uint64(n) * 0x9E3779B97F4A7C15}
	for i := range e.Inline {
		e.Inline[i] = byte(n + uint32(i))
	}
	return e
}

// TestAgainstQueue runs random operations on a ring and on a slice, which have to agree at every step.
func TestAgainstQueue(t *testing.T) {
	for _, capacity := range []uint32{1, 2, 4, 8, 64} {
		t.Run(fmt.Sprint("capacity ", capacity), func(t *testing.T) {
			for seed := range uint64(20) {
				againstQueue(t, capacity, rand.New(rand.NewPCG(seed, uint64(capacity))), 5000)
			}
		})
	}
}

func againstQueue(t *testing.T, capacity uint32, random *rand.Rand, steps int) {
	mem, d := heapRing(capacity, nearWrap)
	toConsumer, toProducer := newDoorbell(t), newDoorbell(t)
	p, c := NewRawProducer[wide](mem, d, toConsumer), NewRawConsumer[wide](mem, d, toProducer)
	var pushed, published, popped, released uint32
	for range steps {
		switch random.IntN(8) {
		case 0, 1, 2:
			e := numbered(pushed)
			ok := mustPush(t, p, &e)
			if room := pushed-released < capacity; ok != room {
				t.Fatalf("Push says %v with %d of %d entries taken", ok, pushed-released, capacity)
			}
			if ok {
				pushed++
			}
		case 3:
			p.Publish()
			published = pushed
		case 4, 5, 6:
			if ready := c.Ready(); ready != (popped != published) {
				t.Fatalf("Ready says %v with %d entries published and %d popped", ready, published, popped)
			}
			var e wide
			ok := mustPop(t, c, &e)
			if ok != (popped != published) {
				t.Fatalf("Pop says %v with %d entries published and %d popped", ok, published, popped)
			}
			if ok {
				if e != numbered(popped) {
					t.Fatalf("entry %d came out as %+v", popped, e)
				}
				popped++
			}
		case 7:
			c.Release()
			released = popped
		}
		if p.Index() != nearWrap+pushed || p.Unpublished() != pushed-published || c.Unreleased() != popped-released {
			t.Fatalf("index %d, unpublished %d, unreleased %d after %d pushed, %d published, %d popped, %d released",
				p.Index(), p.Unpublished(), c.Unreleased(), pushed, published, popped, released)
		}
		if c.Empty() != (published == released) {
			t.Fatalf("Empty says %v with %d published, %d released", c.Empty(), published, released)
		}
		head, err := p.Head()
		if err != nil || head != nearWrap+released {
			t.Fatalf("Head is %d (%v), expected %d", head, err, nearWrap+released)
		}
	}
}

func TestPushUntilFull(t *testing.T) {
	for _, capacity := range []uint32{1, 2, 4, 8} {
		mem, d := heapRing(capacity, 0xFFFFFFFF)
		p, c := NewRawProducer[wide](mem, d, newDoorbell(t)), NewRawConsumer[wide](mem, d, newDoorbell(t))
		var e wide
		if mustPop(t, c, &e) {
			t.Errorf("capacity %d: an empty ring gave an entry", capacity)
		}
		for i := range capacity {
			e := numbered(i)
			if !mustPush(t, p, &e) {
				t.Errorf("capacity %d: full after %d", capacity, i)
			}
			if c.Ready() {
				t.Errorf("capacity %d: an entry is visible before Publish", capacity)
			}
		}
		if mustPush(t, p, &e) {
			t.Errorf("capacity %d: one too many", capacity)
		}
		p.Publish()
		for i := range capacity {
			if !mustPop(t, c, &e) || e != numbered(i) {
				t.Errorf("capacity %d: entry %d is lost or changed", capacity, i)
			}
			// Popped is not yet free.
			if mustPush(t, p, &e) {
				t.Errorf("capacity %d: a slot was free before Release", capacity)
			}
		}
		c.Release()
		if !mustPush(t, p, &e) {
			t.Errorf("capacity %d: no room after Release", capacity)
		}
	}
}

func TestDamagedHead(t *testing.T) {
	const start, capacity = nearWrap, 4
	for name, head := range map[string]uint32{
		"ahead of tail":        start + 5,
		"far ahead":            0x7FFFFF00,
		"behind by more":       start - 1,
		"far behind":           start - 1<<30,
		"gone back by one":     start + 1,
		"gone back to nothing": start,
	} {
		t.Run(name, func(t *testing.T) {
			mem, d := heapRing(capacity, start)
			p := NewRawProducer[wide](mem, d, newDoorbell(t))
			var e wide
			for range capacity {
				mustPush(t, p, &e)
			}
			p.Publish()
			// The consumer has read two, which the producer has seen; then somebody overwrites the word.
			word(mem, d.Head).Store(start + 2)
			mustPush(t, p, &e)
			mustPush(t, p, &e)
			word(mem, d.Head).Store(head)
			_, err := p.Push(&e)
			wantDamaged(t, err)
			_, err = p.WaitForSpace()
			wantDamaged(t, err)
			_, err = p.Head()
			wantDamaged(t, err)
		})
	}
	for name, head := range map[string]uint32{"ahead": start + 1, "behind": start - capacity - 1, "far": 0x7FFFFF00} {
		t.Run("from the beginning: "+name, func(t *testing.T) {
			mem, d := heapRing(capacity, start)
			word(mem, d.Head).Store(head)
			p := NewRawProducer[wide](mem, d, newDoorbell(t))
			var e wide
			for range capacity + 1 {
				if _, err := p.Push(&e); err != nil {
					wantDamaged(t, err)
					return
				}
			}
			t.Fatal("the producer writes over entries that nobody has read")
		})
	}
}

func TestDamagedTail(t *testing.T) {
	const start, capacity = nearWrap, 4
	for name, tail := range map[string]uint32{
		"behind head":                   start + 1,
		"far behind":                    start - 1<<30,
		"ahead by more than capacity":   start + 7,
		"over entries not yet released": start + 6,
		"far ahead":                     0x7FFFFF00,
	} {
		t.Run(name, func(t *testing.T) {
			mem, d := heapRing(capacity, start)
			p, c := NewRawProducer[wide](mem, d, newDoorbell(t)), NewRawConsumer[wide](mem, d, newDoorbell(t))
			var e wide
			for range 2 {
				mustPush(t, p, &e)
			}
			p.Publish()
			// One released, one popped only: three slots are the producer's.
			mustPop(t, c, &e)
			c.Release()
			mustPop(t, c, &e)
			word(mem, d.Tail).Store(tail)
			ok, err := c.Pop(&e)
			if ok {
				t.Error("an entry came out of a damaged ring")
			}
			wantDamaged(t, err)
			if c.Arm() {
				t.Error("the consumer would sleep over a damaged ring")
			}
		})
	}
}

func TestRestateMendsAnOverwrittenIndex(t *testing.T) {
	mem, d := heapRing(4, nearWrap)
	p, c := NewRawProducer[wide](mem, d, newDoorbell(t)), NewRawConsumer[wide](mem, d, newDoorbell(t))
	var e wide
	mustPush(t, p, &e)
	p.Publish()
	word(mem, d.Tail).Store(12345)
	p.Restate()
	if !mustPop(t, c, &e) {
		t.Error("the entry is lost")
	}
	c.Release()
	word(mem, d.Head).Store(54321)
	c.Restate()
	if head, err := p.Head(); err != nil || head != nearWrap+1 {
		t.Errorf("head is %d, %v", head, err)
	}
}

// heard empties a doorbell without waiting and reports whether it had been rung.
func heard(t testing.TB, d *Doorbell) bool {
	t.Helper()
	return hearEventfd(t, number(t, d))
}

func TestPublishRingsOnceForASleeper(t *testing.T) {
	mem, d := heapRing(8, nearWrap)
	bell := newDoorbell(t)
	p, c := NewRawProducer[wide](mem, d, bell), NewRawConsumer[wide](mem, d, newDoorbell(t))
	var e wide
	publish := func() {
		mustPush(t, p, &e)
		p.Publish()
	}
	publish()
	if heard(t, bell) {
		t.Error("rung for a consumer that is awake")
	}
	if c.Arm() {
		t.Error("Arm would sleep over an entry")
	}
	publish()
	if heard(t, bell) {
		t.Error("Arm has left the flag up")
	}
	for mustPop(t, c, &e) {
	}
	c.Release()
	if !c.Arm() {
		t.Error("Arm sees an entry in an empty ring")
	}
	p.Publish()
	if heard(t, bell) {
		t.Error("rung for nothing published")
	}
	publish()
	publish()
	if !heard(t, bell) || word(mem, d.Sleeping).Load() != 0 {
		t.Error("not rung, or the flag still stands")
	}
	publish()
	if heard(t, bell) {
		t.Error("rung twice for one sleep")
	}
}

func TestReleaseRingsOnceForAWaitingProducer(t *testing.T) {
	mem, d := heapRing(2, nearWrap)
	bell := newDoorbell(t)
	p, c := NewRawProducer[wide](mem, d, newDoorbell(t)), NewRawConsumer[wide](mem, d, bell)
	var e wide
	for mustPush(t, p, &e) {
	}
	p.Publish()
	if room, err := p.WaitForSpace(); room || err != nil {
		t.Errorf("a full ring has room: %v, %v", room, err)
	}
	c.Release()
	if heard(t, bell) {
		t.Error("rung for nothing released")
	}
	mustPop(t, c, &e)
	c.Release()
	if !heard(t, bell) || word(mem, d.Space).Load() != 0 {
		t.Error("not rung, or the flag still stands")
	}
	mustPop(t, c, &e)
	c.Release()
	if heard(t, bell) {
		t.Error("rung twice for one wait")
	}
	for mustPush(t, p, &e) {
	}
	p.Publish()
	mustPop(t, c, &e)
	c.Release()
	if room, err := p.WaitForSpace(); !room || err != nil || word(mem, d.Space).Load() != 0 {
		t.Errorf("room is not seen, or the flag still stands: %v, %v", room, err)
	}
	p.AskForSpace()
	mustPop(t, c, &e)
	c.Release()
	if !heard(t, bell) {
		t.Error("AskForSpace is not answered")
	}
}

func TestPauseOfNothing(t *testing.T) {
	// Counting down from zero would take minutes.
	Pause(0)
	Pause(1)
	Pause(1000)
}

func BenchmarkPushPop(b *testing.B) {
	mem, d := heapRing(64, nearWrap)
	p, c := NewRawProducer[wide](mem, d, newDoorbell(b)), NewRawConsumer[wide](mem, d, newDoorbell(b))
	var e wide
	for b.Loop() {
		for range 32 {
			_, _ = p.Push(&e)
		}
		p.Publish()
		for range 32 {
			_, _ = c.Pop(&e)
		}
		c.Release()
	}
}

func BenchmarkRing(b *testing.B) {
	bell := newDoorbell(b)
	for b.Loop() {
		bell.Ring()
	}
}
