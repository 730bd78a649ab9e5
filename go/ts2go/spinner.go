package ts2go

import (
	"runtime"
	"time"

	"x.example/go/memring"
)

// spinner is the reader's wait before it sleeps: bounded, and only where it has paid off lately.
type spinner struct {
	budget   time.Duration
	adaptive bool
	credit   int
	sleeps   uint32
}

const (
	maxCredit   = 16
	missPenalty = 4
	probeEvery  = 64
)

// wait spins until there is something to read, and reports false when it is time to sleep.
func (p *spinner) wait(s *server) bool {
	if p.budget == 0 {
		return false
	}
	if p.adaptive && p.credit <= 0 {
		// Asleep, then. If the last sleep was so short that spinning would have found its end, times have changed.
		if p.sleeps++; p.sleeps%probeEvery != 0 {
			return false
		}
	}
	deadline := s.now() + int64(p.budget)
	for round := 1; ; round++ {
		for range 16 {
			if s.in.Ready() {
				p.credit = min(p.credit+1, maxCredit)
				return true
			}
			memring.Pause(4)
		}
		if s.now() >= deadline {
			p.credit = max(p.credit-missPenalty, -missPenalty)
			return false
		}
		// Handlers in other goroutines come first.
		runtime.Gosched()
	}
}
