package memring

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// steps are the four places where the two ends meet. The protocol's own are the zero value; a mutant replaces one.
type steps struct {
	publish      func(*RawProducer[wide])
	waitForSpace func(*RawProducer[wide]) (bool, error)
	release      func(*RawConsumer[wide])
	arm          func(*RawConsumer[wide]) bool
	// The consumer goes from a wake straight to the next wait.
	armOnce bool
}

// result says how a run went: how often each end slept, and what was lost.
type result struct {
	sleeps, waits uint32
	// The run stood still: the reason why both ends sleep, in words.
	lost string
	err  error
}

// stress sends count entries from one goroutine to another, through one ring with real doorbells, both ends sleeping
// whenever they can. A run in which nothing moves for the time of stall is ended and called lost.
func stress(t *testing.T, capacity, count uint32, stall time.Duration, s steps) result {
	t.Helper()
	if s.publish == nil {
		s.publish = (*RawProducer[wide]).Publish
	}
	if s.waitForSpace == nil {
		s.waitForSpace = (*RawProducer[wide]).WaitForSpace
	}
	if s.release == nil {
		s.release = (*RawConsumer[wide]).Release
	}
	if s.arm == nil {
		s.arm = (*RawConsumer[wide]).Arm
	}
	mem, d := heapRing(capacity, nearWrap)
	toConsumer, toProducer := newDoorbell(t), newDoorbell(t)
	var r result
	ended := make(chan error, 2)
	// Set before the doorbells are closed: a Wait that fails after it is no error of its own.
	var stopped atomic.Bool

	go func() { // the producer
		p := NewRawProducer[wide](mem, d, toConsumer)
		random := rand.New(rand.NewPCG(1, uint64(capacity)))
		spins := 0
		for i := uint32(0); i != count; {
			e := numbered(i)
			ok, err := p.Push(&e)
			if err != nil {
				ended <- err
				return
			}
			if ok {
				i++
				if i == count || random.Uint32N(capacity) == 0 {
					s.publish(p)
				}
				continue
			}
			s.publish(p)
			if spins > 0 {
				spins--
				continue
			}
			spins = hesitate(random)
			room, err := s.waitForSpace(p)
			if err != nil {
				ended <- err
				return
			}
			if !room {
				r.waits++
				if err := toProducer.Wait(); err != nil {
					ended <- err
					return
				}
			}
		}
		ended <- nil
	}()
	go func() { // the consumer
		c := NewRawConsumer[wide](mem, d, toProducer)
		random := rand.New(rand.NewPCG(2, uint64(capacity)))
		armed := false
		for i := uint32(0); i != count; {
			var e wide
			ok, err := c.Pop(&e)
			if err != nil {
				ended <- err
				return
			}
			if ok {
				if e != numbered(i) {
					ended <- fmt.Errorf("entry %d came out as %+v", i, e)
					return
				}
				i++
				if random.Uint32N(capacity) == 0 {
					s.release(c)
				}
				continue
			}
			s.release(c)
			for range hesitate(random) {
				if c.Ready() {
					break
				}
			}
			if c.Ready() {
				continue
			}
			if armed && s.armOnce {
				// straight to the wait
			} else if armed = s.arm(c); !armed {
				continue
			}
			r.sleeps++
			if err := toConsumer.Wait(); err != nil {
				ended <- err
				return
			}
		}
		c.Release()
		ended <- nil
	}()

	progress := func() uint64 {
		return uint64(word(mem, d.Head).Load())<<32 | uint64(word(mem, d.Tail).Load())
	}
	last, since := progress(), time.Now()
	look := time.NewTicker(stall / 20)
	defer look.Stop()
	for running := 2; running > 0; {
		select {
		case err := <-ended:
			running--
			if err != nil && !stopped.Load() {
				r.err = err
				stopped.Store(true)
				_ = toConsumer.Close()
				_ = toProducer.Close()
			}
		case <-look.C:
			if now := progress(); now != last {
				last, since = now, time.Now()
			} else if time.Since(since) > stall && !stopped.Load() {
				r.lost = fmt.Sprintf("nothing has moved for %v: tail %#x, head %#x, sleeping %d, space %d", stall,
					word(mem, d.Tail).Load(), word(mem, d.Head).Load(), word(mem, d.Sleeping).Load(), word(mem, d.Space).Load())
				stopped.Store(true)
				_ = toConsumer.Close()
				_ = toProducer.Close()
			}
		}
	}
	return r
}

// hesitate is how often an end looks again before it sleeps: at times not at all, at times for about as long as the other
// takes to wake up; and at times it lets the other run, should both be on one processor. So the two meet in every place.
func hesitate(random *rand.Rand) int {
	if random.Uint32N(8) == 0 {
		runtime.Gosched()
	}
	return int(random.Uint32N(4096) >> random.Uint32N(13))
}

// The time after which a wake-up is called lost: a machine that is busy with other things must not look like one.
const patience = 20 * time.Second

func TestTwoGoroutines(t *testing.T) {
	for _, c := range []struct{ capacity, count uint32 }{
		{1, 200_000 / fewer}, {2, 300_000 / fewer}, {4, 600_000 / fewer}, {8, 800_000 / fewer}, {1024, 3_000_000},
	} {
		t.Run(fmt.Sprintf("capacity %d, %d entries", c.capacity, c.count), func(t *testing.T) {
			r := stress(t, c.capacity, c.count, patience, steps{})
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.lost != "" {
				t.Fatal("a wake-up is lost: ", r.lost)
			}
			t.Logf("the consumer slept %d times, the producer waited %d times", r.sleeps, r.waits)
			// Otherwise the run has shown nothing about the hand-shakes.
			if r.sleeps == 0 || (r.waits == 0 && c.capacity <= 8) {
				t.Errorf("the consumer slept %d times, the producer waited %d times", r.sleeps, r.waits)
			}
		})
	}
}

// On one processor, an end that waits for the other without letting go of the processor would never end.
func TestTwoGoroutinesOnOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, capacity := range []uint32{1, 8} {
		r := stress(t, capacity, 100_000/fewer, patience, steps{})
		if r.err != nil || r.lost != "" {
			t.Fatalf("capacity %d: %v %s", capacity, r.err, r.lost)
		}
	}
}

// TestLostWakeIsNoticed is the test of the tests above: the same run with one step of a hand-shake broken has to stand
// still.
func TestLostWakeIsNoticed(t *testing.T) {
	// Each mutant lingers in the place where it is wrong, and lets the other end run, should both be on one processor: it
	// is as wrong without, but found out later.
	linger := func() {
		if rand.Uint32N(2) == 0 {
			runtime.Gosched()
		} else {
			Pause(rand.Uint32N(500))
		}
	}
	for name, mutant := range map[string]steps{
		"the consumer does not look again after it has set sleeping": {arm: func(c *RawConsumer[wide]) bool {
			linger()
			c.sleeping.Store(1)
			return true
		}},
		"the consumer looks before it sets sleeping": {arm: func(c *RawConsumer[wide]) bool {
			if c.tail.Load() != c.next {
				return false
			}
			linger()
			c.sleeping.Store(1)
			return true
		}},
		"the consumer waits again without setting sleeping": {armOnce: true},
		"the producer reads sleeping before it stores tail": {publish: func(p *RawProducer[wide]) {
			if p.next == p.published {
				return
			}
			p.published = p.next
			asleep := p.sleeping.Load() != 0
			linger()
			p.tail.Store(p.next)
			if asleep && p.sleeping.Swap(0) != 0 {
				p.doorbell.Ring()
			}
		}},
		"the producer clears sleeping and does not ring": {publish: func(p *RawProducer[wide]) {
			if p.next == p.published {
				return
			}
			p.published = p.next
			p.tail.Store(p.next)
			p.sleeping.Swap(0)
		}},
		"the producer does not look again after it has set space": {waitForSpace: func(p *RawProducer[wide]) (bool, error) {
			linger()
			p.space.Store(1)
			return false, nil
		}},
		"the consumer reads space before it stores head": {release: func(c *RawConsumer[wide]) {
			if c.released == c.next {
				return
			}
			c.released = c.next
			waits := c.space.Load() != 0
			linger()
			c.head.Store(c.next)
			if waits && c.space.Swap(0) != 0 {
				c.doorbell.Ring()
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			// With one slot, one lost wake-up is enough: nothing that comes later can make it good.
			r := stress(t, 1, 50_000_000, 300*time.Millisecond, mutant)
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.lost == "" {
				t.Fatal("the run came to its end")
			}
			t.Log(r.lost)
		})
	}
}
