package memring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

// asleep and waiting are what the ends say in the memory before they sleep.
func asleep[T any](c *Consumer[T]) func() bool {
	return func() bool { return c.side.sleeping.Load() == 1 }
}

func waiting[T any](p *Producer[T]) func() bool {
	return func() bool { return p.side.space.Load() == 1 }
}

// hush empties a doorbell that has been rung: taking a role does.
func hush(t testing.TB, bells ...bell) {
	t.Helper()
	for _, b := range bells {
		wantNoError(t, b.WaitContext(background))
	}
}

func everyWaiting(t *testing.T, f func(t *testing.T, kind string, how Waiting)) {
	for _, kind := range kinds {
		for _, how := range []Waiting{Adaptive, Spin, Sleep} {
			t.Run(fmt.Sprint(kind, ", ", how), func(t *testing.T) { f(t, kind, how) })
		}
	}
}

// One slot and one entry at a time: each entry waits for the other end, and one wake-up that is lost is the last.
func TestThereAndBack(t *testing.T) {
	everyWaiting(t, func(t *testing.T, kind string, how Waiting) {
		const count = 20_000 / fewer
		there, echo := ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(how))
		answer, back := ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(how))
		ended := make(chan error, 1)
		go func() {
			for v, err := range echo.All(background) {
				if err == nil {
					err = answer.Push(background, v+1)
				}
				if err != nil {
					ended <- err
					return
				}
			}
			ended <- answer.Close()
		}()
		ctx, cancel := context.WithTimeout(background, patience)
		defer cancel()
		for i := range uint32(count) {
			wantNoError(t, there.Push(ctx, i))
			v, err := back.Pop(ctx)
			wantNoError(t, err)
			want(t, "answer", v, i+1)
		}
		wantNoError(t, there.Close())
		if _, err := back.Pop(ctx); err != io.EOF {
			t.Fatal(err)
		}
		wantNoError(t, receive(t, "the end", ended))
		if how == Sleep {
			want(t, "somebody slept", back.Stats().Waits > 0, true)
		}
		if how == Spin {
			want(t, "times that somebody slept", back.Stats().Waits+there.Stats().Waits, 0)
		}
	})
}

func TestContextEndsTheWait(t *testing.T) {
	everyWaiting(t, func(t *testing.T, kind string, how Waiting) {
		p, c := ends(t, newRing[uint32](t, kind, 2, nearWrap), Wait(how))
		mp, mc := messageEnds(t, newMessageRing(t, kind, 32, nearWrap), Wait(how))
		n, err := p.TryPushMany([]uint32{1, 2})
		wantNoError(t, err)
		want(t, "TryPushMany", n, 2)
		wantNoError(t, mp.Push(background, message(0, 8)))
		wantNoError(t, mp.Push(background, message(0, 8)))
		empty, ec := ends(t, newRing[uint32](t, kind, 2, nearWrap), Wait(how))
		_, emptyMessages := messageEnds(t, newMessageRing(t, kind, 32, nearWrap), Wait(how))
		for name, call := range map[string]func(context.Context) error{
			"Push":     func(ctx context.Context) error { return p.Push(ctx, 3) },
			"PushMany": func(ctx context.Context) error { _, err := p.PushMany(ctx, []uint32{3}); return err },
			"Pop":      func(ctx context.Context) error { _, err := ec.Pop(ctx); return err },
			"PopMany":  func(ctx context.Context) error { _, err := ec.PopMany(ctx, make([]uint32, 1)); return err },
			"All": func(ctx context.Context) error {
				for _, err := range ec.All(ctx) {
					return err
				}
				return nil
			},
			"Push of a message":    func(ctx context.Context) error { return mp.Push(ctx, message(0, 1)) },
			"Claim":                func(ctx context.Context) error { _, err := mp.Claim(ctx, 1); return err },
			"PushMany of messages": func(ctx context.Context) error { _, err := mp.PushMany(ctx, [][]byte{{1}}); return err },
			"Pop of a message":     func(ctx context.Context) error { _, err := emptyMessages.Pop(ctx); return err },
			"Peek":                 func(ctx context.Context) error { _, err := emptyMessages.Peek(ctx); return err },
			"PopMany of messages":  func(ctx context.Context) error { _, err := emptyMessages.PopMany(ctx, make([][]byte, 1)); return err },
		} {
			// Ended beforehand, and ended in the middle, again and again: what one wait leaves must not end the next.
			ctx, cancel := context.WithCancel(background)
			cancel()
			if err := call(ctx); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s with a context that has ended: %v", name, err)
			}
			for range 20 {
				ctx, cancel := context.WithCancel(background)
				result := make(chan error)
				go func() { result <- call(ctx) }()
				cancel()
				if err := receive(t, name, result); !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		// Nothing is lost or doubled, and both ends go on.
		for _, expected := range []uint32{1, 2} {
			v, err := c.Pop(background)
			wantNoError(t, err)
			want(t, "entry", v, expected)
		}
		wantNoError(t, p.Push(background, 4))
		v, err := c.Pop(background)
		wantNoError(t, err)
		want(t, "entry", v, 4)
		popped := make(chan uint32)
		go func() {
			v, _ := ec.Pop(background)
			popped <- v
		}()
		wantNoError(t, empty.Push(background, 5))
		want(t, "entry", receive(t, "the entry", popped), 5)
		for range 2 {
			m, err := mc.Pop(background)
			wantNoError(t, err)
			want(t, "message", len(m), 8)
		}
	})
}

// A context that ends while the end sleeps for sure, and not on its way there.
func TestContextEndsASleep(t *testing.T) {
	for _, kind := range kinds {
		p, c := ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(Sleep))
		hush(t, p.own, c.own)
		for i := range uint64(50) {
			ctx, cancel := context.WithCancel(background)
			result := make(chan error)
			go func() { _, err := c.Pop(ctx); result <- err }()
			waitFor(t, "the consumer sleeps", func() bool { return c.waits.Load() == i+1 })
			cancel()
			if err := receive(t, "Pop", result); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			want(t, "sleeping after the wait", c.side.sleeping.Load(), 0)
		}
		wantNoError(t, p.Push(background, 1))
		for i := range uint64(50) {
			ctx, cancel := context.WithCancel(background)
			result := make(chan error)
			go func() { result <- p.Push(ctx, 2) }()
			waitFor(t, "the producer sleeps", func() bool { return p.waits.Load() == i+1 })
			cancel()
			if err := receive(t, "Push", result); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			want(t, "space after the wait", p.side.space.Load(), 0)
		}
	}
}

func TestPushManyThatIsCutShort(t *testing.T) {
	p, c := ends(t, newRing[uint32](t, "heap", 4, nearWrap), Wait(Sleep))
	hush(t, p.own)
	ctx, cancel := context.WithCancel(background)
	result := make(chan error)
	n := 0
	go func() {
		var err error
		n, err = p.PushMany(ctx, []uint32{1, 2, 3, 4, 5, 6})
		result <- err
	}()
	waitFor(t, "the producer waits", waiting(p))
	v, err := c.Pop(background)
	wantNoError(t, err)
	want(t, "entry", v, 1)
	waitFor(t, "the producer waits again", func() bool { return waiting(p)() && p.waits.Load() == 2 })
	cancel()
	if err := receive(t, "PushMany", result); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	want(t, "how many are in", n, 5)
	buf := make([]uint32, 9)
	n, err = c.TryPopMany(buf)
	wantNoError(t, err)
	want(t, "the rest", fmt.Sprint(buf[:n]), "[2 3 4 5]")
}

func TestCloseWakesASleeper(t *testing.T) {
	for _, kind := range kinds {
		for round := range 200 {
			p, c := ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(Sleep))
			ended := make(chan error)
			go func() { _, err := c.Pop(background); ended <- err }()
			// At times on its way to sleep, at times asleep.
			if round%2 == 0 {
				waitFor(t, "the consumer sleeps", asleep(c))
			}
			wantNoError(t, p.Close())
			if err := receive(t, "the end", ended); err != io.EOF {
				t.Fatal(err)
			}

			p, c = ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(Sleep))
			wantNoError(t, p.Push(background, 1))
			go func() { ended <- p.Push(background, 2) }()
			if round%2 == 0 {
				waitFor(t, "the producer waits", waiting(p))
			}
			wantNoError(t, c.Close())
			wantCode(t, receive(t, "the end", ended), ErrClosed, "ERR_RING_CLOSED")
		}
	}
}

// The other end's role is taken only while this one sleeps already, as if by another process that is dead at once.
func TestTakingARoleWakesASleeper(t *testing.T) {
	for _, kind := range kinds {
		r := newRing[uint32](t, kind, 1, nearWrap)
		c, err := r.Consumer(Wait(Sleep))
		wantNoError(t, err)
		defer func() { _ = c.Close() }()
		ended := make(chan error)
		go func() { _, err := c.Pop(background); ended <- err }()
		waitFor(t, "the consumer sleeps", func() bool { return c.waits.Load() == 1 })
		p, err := r.Producer()
		wantNoError(t, err)
		defer func() { _ = p.Close() }()
		// It wakes, looks, and goes back to sleep: through step a.
		waitFor(t, "the consumer sleeps again", func() bool { return c.waits.Load() == 2 && asleep(c)() })
		want(t, "whom it watches", c.peer.pid, ownPID)
		wantNoError(t, p.Push(background, 1))
		wantNoError(t, receive(t, "the entry", ended))
	}
}

// A bell that rings while nobody waits is heard by the next wait, which finds nothing and sleeps again.
func TestBellsThatNobodyOwed(t *testing.T) {
	for _, kind := range kinds {
		p, c := ends(t, newRing[uint32](t, kind, 1, nearWrap), Wait(Sleep))
		for i := range uint32(100) {
			c.own.Ring()
			p.own.Ring()
			popped := make(chan uint32)
			go func() { v, _ := c.Pop(background); popped <- v }()
			waitFor(t, "the consumer sleeps", asleep(c))
			c.own.Ring()
			waitFor(t, "the consumer sleeps", asleep(c))
			wantNoError(t, p.Push(background, i))
			want(t, "entry", receive(t, "the entry", popped), i)
		}
	}
}

func TestSpinnerDoesNotAllocate(t *testing.T) {
	mem, place := heapRing(4, 0)
	c := NewRawConsumer[wide](mem, place, newLocalBell())
	s := NewSpinner(1, false)
	if n := testing.AllocsPerRun(100, func() { s.Wait(c.Ready) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
