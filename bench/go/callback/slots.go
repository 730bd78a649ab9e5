package callback

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Slots are the calls that wait for an answer, by the number that travels with them: for contenders that make calls of
// messages.
type Slots struct {
	// Send sends a call. Any goroutine may call it.
	Send func(slot, number uint32)
	// Spin is how long the only call under way polls for its answer before it sleeps.
	Spin time.Duration

	mu     sync.RWMutex // guards the slice, not what it points to
	all    []*slot
	free   chan *slot
	awaits atomic.Int32 // calls under way
}

// SlotsMax is how many calls are under way at a time, at most.
const SlotsMax = 1 << 14

// spinStep is how often a poll looks before it lets others run.
const spinStep = 64

// What a slot's state says.
const (
	waiting = iota
	answered
	asleep // whoever answers has to wake
)

type slot struct {
	id     uint32
	state  atomic.Uint32
	answer uint32 // written before state says answered, read after
	wake   chan struct{}
}

// NewSlots returns Slots that send by send.
func NewSlots(send func(slot, number uint32)) *Slots {
	return &Slots{Send: send, free: make(chan *slot, SlotsMax)}
}

// Call is a [Call]: it sends the number and waits for the answer; first for a slot, where [SlotsMax] are taken.
func (s *Slots) Call(_ context.Context, number uint32) (uint32, error) {
	one := s.take()
	one.state.Store(waiting)
	alone := s.awaits.Add(1) == 1
	s.Send(one.id, number)
	if !(alone && s.Spin > 0 && one.poll(s.Spin)) && one.state.CompareAndSwap(waiting, asleep) {
		<-one.wake
	}
	answer := one.answer
	s.awaits.Add(-1)
	s.free <- one
	return answer, nil
}

// Answer gives the call in a slot its answer.
func (s *Slots) Answer(slot, answer uint32) {
	s.mu.RLock()
	one := s.all[slot]
	s.mu.RUnlock()
	one.answer = answer
	if one.state.Swap(answered) == asleep {
		one.wake <- struct{}{}
	}
}

func (s *Slots) take() *slot {
	select {
	case one := <-s.free:
		return one
	default:
	}
	s.mu.Lock()
	if len(s.all) == SlotsMax {
		s.mu.Unlock()
		return <-s.free
	}
	defer s.mu.Unlock()
	one := &slot{id: uint32(len(s.all)), wake: make(chan struct{}, 1)}
	s.all = append(s.all, one)
	return one
}

func (o *slot) poll(spin time.Duration) bool {
	for end := time.Now().Add(spin); time.Now().Before(end); runtime.Gosched() {
		for range spinStep {
			if o.state.Load() == answered {
				return true
			}
		}
	}
	return false
}
