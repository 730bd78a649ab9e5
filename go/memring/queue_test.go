package memring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"
)

var background = context.Background()

func newRing[T any](t testing.TB, kind string, capacity, start uint32) *Ring[T] {
	t.Helper()
	make := Create[T]
	if kind == "heap" {
		make = NewHeap[T]
	}
	r, err := make(capacity)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, &r.queue, start)
	return r
}

func newMessageRing(t testing.TB, kind string, capacity, start uint32) *MessageRing {
	t.Helper()
	make := CreateMessageRing
	if kind == "heap" {
		make = NewHeapMessageRing
	}
	r, err := make(capacity)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, &r.queue, start)
	return r
}

// begin sets both indices, and closes the queue after the test: its ends come first.
func begin(t testing.TB, q *queue, start uint32) {
	t.Helper()
	word(q.mem, wordTail).Store(start)
	word(q.mem, wordHead).Store(start)
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
}

func ends[T any](t testing.TB, r *Ring[T], opts ...Option) (*Producer[T], *Consumer[T]) {
	t.Helper()
	p, err := r.Producer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Consumer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = p.Close(), c.Close() })
	return p, c
}

func messageEnds(t testing.TB, r *MessageRing, opts ...Option) (*MessageProducer, *MessageConsumer) {
	t.Helper()
	p, err := r.Producer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Consumer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = p.Close(), c.Close() })
	return p, c
}

// want compares what a call has returned.
func want[T comparable](t testing.TB, what string, got, expected T) {
	t.Helper()
	if got != expected {
		t.Fatalf("%s: %#v, expected %#v", what, got, expected)
	}
}

func wantNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, kind error, code string) {
	t.Helper()
	var coded interface{ Code() string }
	if !errors.As(err, &coded) || coded.Code() != code || kind != nil && !errors.Is(err, kind) {
		t.Fatalf("%v, expected %s", err, code)
	}
}

// waitFor yields until it is so: for states that nobody announces.
func waitFor(t testing.TB, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !so() {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
		runtime.Gosched()
	}
}

// result waits for what a goroutine sends.
func receive[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		panic("never came: " + what)
	}
}

// starts are where indices begin: all runs cross the wrap but the first.
var starts = []uint32{0, 0xFFFFFF00, 0xFFFFFFF8}

func everyRing(t *testing.T, f func(t *testing.T, kind string, capacity, start uint32)) {
	for _, kind := range kinds {
		for _, capacity := range []uint32{1, 2, 4, 8, 16, 32, 64} {
			for _, start := range starts {
				t.Run(fmt.Sprintf("%s, capacity %d from %#x", kind, capacity, start), func(t *testing.T) { f(t, kind, capacity, start) })
			}
		}
	}
}

func TestSingly(t *testing.T) {
	everyRing(t, func(t *testing.T, kind string, capacity, start uint32) {
		r := newRing[uint64](t, kind, capacity, start)
		p, c := ends(t, r)
		pushed, popped := uint64(0), uint64(0)
		// Fill and empty in turn, never to the same depth, until the indices have gone round often.
		for round := range 600 / capacity {
			for i := range 1 + round%capacity {
				ok, err := p.TryPush(pushed)
				wantNoError(t, err)
				want(t, "TryPush with room", ok, true)
				pushed++
				want(t, "Len", r.Len(), int(i+1))
			}
			if round%capacity == capacity-1 {
				ok, err := p.TryPush(999)
				wantNoError(t, err)
				want(t, "TryPush on a full ring", ok, false)
			}
			for popped != pushed {
				v, ok, err := c.TryPop()
				wantNoError(t, err)
				want(t, "TryPop", ok, true)
				want(t, "entry", v, popped)
				popped++
			}
			v, ok, err := c.TryPop()
			wantNoError(t, err)
			want(t, "TryPop on an empty ring", ok, false)
			want(t, "its entry", v, 0)
		}
	})
}

func TestMany(t *testing.T) {
	everyRing(t, func(t *testing.T, kind string, capacity, start uint32) {
		p, c := ends(t, newRing[uint32](t, kind, capacity, start))
		next, expected := uint32(0), uint32(0)
		buf := make([]uint32, 2*capacity)
		for round := range 300 / capacity {
			some := make([]uint32, round%(2*capacity+1))
			for i := range some {
				some[i] = next + uint32(i)
			}
			n, err := p.TryPushMany(some)
			wantNoError(t, err)
			want(t, "TryPushMany", n, min(len(some), int(capacity)))
			next += uint32(n)
			for expected != next {
				portion := buf[:1+round%uint32(len(buf))]
				n, err := c.TryPopMany(portion)
				wantNoError(t, err)
				want(t, "TryPopMany", n, min(len(portion), int(next-expected)))
				for _, v := range portion[:n] {
					want(t, "entry", v, expected)
					expected++
				}
			}
			n, err = c.TryPopMany(buf)
			wantNoError(t, err)
			want(t, "TryPopMany on an empty ring", n, 0)
		}
		n, err := p.TryPushMany(nil)
		wantNoError(t, err)
		want(t, "TryPushMany of nothing", n, 0)
		n, err = c.TryPopMany(nil)
		wantNoError(t, err)
		want(t, "TryPopMany of nothing", n, 0)
		n, err = c.PopMany(background, nil)
		wantNoError(t, err)
		want(t, "PopMany of nothing", n, 0)
	})
}

func TestEntriesOfAnySize(t *testing.T) {
	type odd struct {
		A uint8
		B [2]uint16
		C float64
		D [3]uint8
	}
	p, c := ends(t, newRing[odd](t, "memfd", 4, nearWrap))
	for i := range 600 {
		v := odd{uint8(i), [2]uint16{uint16(i), ^uint16(i)}, float64(i) / 3, [3]uint8{1, 2, uint8(i)}}
		wantNoError(t, p.Push(background, v))
		got, err := c.Pop(background)
		wantNoError(t, err)
		want(t, "entry", got, v)
	}
	type huge [65536]byte
	h := newRing[huge](t, "memfd", 2, nearWrap)
	hp, hc := ends(t, h)
	for i := range 300 {
		var v huge
		v[0], v[65535] = byte(i), ^byte(i)
		wantNoError(t, hp.Push(background, v))
		got, err := hc.Pop(background)
		wantNoError(t, err)
		want(t, "entry", got == v, true)
	}
}

func TestCloseOfTheProducer(t *testing.T) {
	for _, kind := range kinds {
		p, c := ends(t, newRing[int32](t, kind, 4, nearWrap))
		for i := range 3 {
			wantNoError(t, p.Push(background, int32(i)))
		}
		wantNoError(t, p.Close())
		wantNoError(t, p.Close())
		_, err := p.TryPush(9)
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		_, err = p.TryPushMany([]int32{9})
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		wantCode(t, p.Push(background, 9), ErrClosed, "ERR_RING_CLOSED")

		v, ok, err := c.TryPop()
		wantNoError(t, err)
		want(t, "TryPop after close", ok, true)
		want(t, "entry", v, 0)
		var rest []int32
		for v, err := range c.All(background) {
			wantNoError(t, err)
			rest = append(rest, v)
		}
		want(t, "the rest", slices.Equal(rest, []int32{1, 2}), true)
		for range 3 {
			if _, ok, err := c.TryPop(); ok || err != io.EOF {
				t.Fatalf("after the end: %v, %v", ok, err)
			}
			if n, err := c.TryPopMany(make([]int32, 2)); n != 0 || err != io.EOF {
				t.Fatalf("after the end: %d, %v", n, err)
			}
			if _, err := c.Pop(background); err != io.EOF {
				t.Fatal(err)
			}
		}
		wantNoError(t, c.Close())
		_, _, err = c.TryPop()
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
	}
}

func TestCloseOfTheConsumer(t *testing.T) {
	for _, kind := range kinds {
		p, c := ends(t, newRing[int32](t, kind, 4, nearWrap))
		wantNoError(t, p.Push(background, 1))
		wantNoError(t, c.Close())
		// There is room, but nobody reads.
		_, err := p.TryPush(2)
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		wantCode(t, p.Push(background, 2), ErrClosed, "ERR_RING_CLOSED")
		n, err := p.PushMany(background, []int32{2, 3})
		want(t, "PushMany", n, 0)
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
	}
}

// A thread of another language that died without closing is told by the word.
func TestDiedThreads(t *testing.T) {
	p, c := ends(t, newRing[int32](t, "heap", 4, nearWrap))
	wantNoError(t, p.Push(background, 1))
	c.shut.Store(died)
	v, err := c.Pop(background)
	wantNoError(t, err)
	want(t, "what was published before", v, 1)
	for range 2 {
		_, err = c.Pop(background)
		wantCode(t, err, nil, "ERR_RING_PEER_DIED")
	}
	p.stopped.Store(died)
	_, err = p.TryPush(1)
	wantCode(t, err, nil, "ERR_RING_PEER_DIED")

	p, c = ends(t, newRing[int32](t, "heap", 4, nearWrap))
	c.shut.Store(7)
	_, _, err = c.TryPop()
	wantDamaged(t, err)
	p.stopped.Store(7)
	_, err = p.TryPush(1)
	wantDamaged(t, err)
}

func TestRoles(t *testing.T) {
	for _, kind := range kinds {
		r := newRing[int32](t, kind, 4, 0)
		p, c := ends(t, r)
		_, err := r.Producer()
		wantCode(t, err, ErrRoleTaken, "ERR_RING_ROLE_TAKEN")
		_, err = r.Consumer()
		wantCode(t, err, ErrRoleTaken, "ERR_RING_ROLE_TAKEN")
		if err := r.Close(); !errors.Is(err, ErrMisuse) {
			t.Fatalf("a queue in use was closed: %v", err)
		}
		wantNoError(t, p.Close())
		if err := r.Close(); !errors.Is(err, ErrMisuse) {
			t.Fatalf("a queue in use was closed: %v", err)
		}
		wantNoError(t, c.Close())
		// Not given back.
		_, err = r.Producer()
		wantCode(t, err, ErrRoleTaken, "ERR_RING_ROLE_TAKEN")
		want(t, "the role's process", word(r.mem, wordProducer).Load(), ownPID)
		start, ok := processStart(ownPID)
		want(t, "the process's start is known", ok && start != 0, true)
		want(t, "the role's start", word(r.mem, wordConsumerStart).Load(), start)
		wantNoError(t, r.Close())
		wantNoError(t, r.Close())
		_, err = r.Producer()
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		want(t, "Len of a closed queue", r.Len(), 0)
		// The ends know that they are closed, and do not look into memory that is gone.
		_, err = p.TryPush(1)
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		want(t, "Length of a closed queue", c.Stats().Length, 0)
	}
}

func TestRoleIsTakenOnce(t *testing.T) {
	r := newRing[int32](t, "heap", 4, 0)
	results := make(chan *Producer[int32], 8)
	for range cap(results) {
		go func() {
			p, _ := r.Producer()
			results <- p
		}()
	}
	taken := 0
	for range cap(results) {
		if p := receive(t, "a result", results); p != nil {
			taken++
			wantNoError(t, p.Close())
		}
	}
	want(t, "times that the role was taken", taken, 1)
}

func TestInvalidOptions(t *testing.T) {
	for _, capacity := range []uint32{0, capacityMax + 1, 1<<32 - 1} {
		_, err := NewHeap[uint64](capacity)
		wantCode(t, err, ErrInvalidOption, "ERR_RING_INVALID_OPTION")
		_, err = CreateMessageRing(capacity)
		wantCode(t, err, ErrInvalidOption, "ERR_RING_INVALID_OPTION")
	}
	r := newRing[int32](t, "heap", 4, 0)
	_, err := r.Producer(Wait(Waiting(3)))
	wantCode(t, err, ErrInvalidOption, "ERR_RING_INVALID_OPTION")
	_, err = r.Consumer(Wait(Waiting(-1)))
	wantCode(t, err, ErrInvalidOption, "ERR_RING_INVALID_OPTION")
	// And the role is still free.
	ends(t, r)

	for asked, capacity := range map[uint32]int{1: 1, 2: 2, 3: 4, 5: 8, 1000: 1024, 1024: 1024} {
		want(t, "Capacity", newRing[uint8](t, "heap", asked, 0).Capacity(), capacity)
	}
	for asked, capacity := range map[uint32]int{1: 32, 32: 32, 33: 64, 100: 128} {
		want(t, "Capacity of messages", newMessageRing(t, "heap", asked, 0).Capacity(), capacity)
	}
	// 64 TiB each: more than there is address space for.
	for range 3 {
		r, failed := Create[[65536]byte](capacityMax)
		if err = failed; err != nil {
			break
		}
		t.Cleanup(func() { _ = r.Close() })
	}
	wantCode(t, err, ErrNoMemory, "ERR_RING_NO_MEMORY")
}

func TestStats(t *testing.T) {
	for _, kind := range kinds {
		r := newRing[int64](t, kind, 2, nearWrap)
		p, c := ends(t, r, Wait(Sleep))
		// Taking a role rings.
		want(t, "Stats of the producer", p.Stats(), Stats{Capacity: 2, Doorbells: 1})
		popped := make(chan error)
		go func() {
			_, err := c.Pop(background)
			popped <- err
		}()
		waitFor(t, "the consumer sleeps", func() bool { return c.side.sleeping.Load() == 1 && c.Stats().Waits > 0 })
		wantNoError(t, p.Push(background, 1))
		wantNoError(t, receive(t, "the entry", popped))
		want(t, "Doorbells", p.Stats().Doorbells, 2)
		wantNoError(t, p.Push(background, 2))
		want(t, "Stats of the producer", p.Stats(), Stats{Capacity: 2, Length: 1, Doorbells: 2})
		// Whatever the peer writes, no more than fits.
		word(r.mem, wordHead).Store(nearWrap + 77)
		want(t, "Len of damaged memory", r.Len(), 2)
		word(r.mem, wordHead).Store(nearWrap + 1)
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	for _, kind := range kinds {
		p, c := ends(t, newRing[uint64](t, kind, 64, nearWrap))
		vs, buf := make([]uint64, 16), make([]uint64, 16)
		mp, mc := messageEnds(t, newMessageRing(t, kind, 1024, nearWrap))
		message, messages := make([]byte, 40), [][]byte{{1}, {2, 3}, {}}
		for name, f := range map[string]func(){
			"TryPush, TryPop":         func() { _, _ = p.TryPush(1); _, _, _ = c.TryPop() },
			"Push, Pop":               func() { _ = p.Push(background, 1); _, _ = c.Pop(background) },
			"TryPushMany, TryPopMany": func() { _, _ = p.TryPushMany(vs); _, _ = c.TryPopMany(buf) },
			"PushMany, PopMany":       func() { _, _ = p.PushMany(background, vs); _, _ = c.PopMany(background, buf) },
			"TryPop of nothing":       func() { _, _, _ = c.TryPop() },
			"Push of messages, Peek": func() {
				_ = mp.Push(background, message)
				_, _ = mc.Peek(background)
				_ = mc.Release()
			},
			"Claim, Commit, TryPeek": func() {
				_, _, _ = mp.TryClaim(33)
				_ = mp.Commit()
				_, _, _ = mc.TryPeek()
				_ = mc.Release()
			},
			"PushMany of messages": func() {
				_, _ = mp.PushMany(background, messages)
				for range messages {
					_, _, _ = mc.TryPeek()
					_ = mc.Release()
				}
			},
		} {
			if n := testing.AllocsPerRun(200, f); n != 0 {
				t.Errorf("%s, %s: %v allocations", kind, name, n)
			}
		}
	}
}

func BenchmarkTryPushTryPop(b *testing.B) {
	p, c := ends(b, newRing[uint64](b, "memfd", 1024, nearWrap))
	for b.Loop() {
		_, _ = p.TryPush(1)
		_, _, _ = c.TryPop()
	}
}

func BenchmarkManyOf64(b *testing.B) {
	p, c := ends(b, newRing[uint64](b, "memfd", 1024, nearWrap))
	vs := make([]uint64, 64)
	for b.Loop() {
		_, _ = p.TryPushMany(vs)
		_, _ = c.TryPopMany(vs)
	}
}
