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
	// A spin that ends with an entry gives at least so much, whatever went before: when somebody else takes a processor
	// away for some milliseconds, both sides miss a few times in a row and would go on sleeping long after.
	hitCredit = 8
	// What a short sleep is worth, and how much longer than the budget it may be: two wake-ups cost so much on a virtual
	// machine that does something else as well.
	shortSleep = 2
	wakeCost   = 100 * time.Microsecond
)

// slept notes how long a sleep lasted. One so short that spinning would have seen its end counts as a spin that paid
// off: so a reader that has given up spinning comes back to it when calls come fast again.
func (p *spinner) slept(ns int64) {
	if ns < int64(p.budget+wakeCost) {
		p.credit = min(p.credit+shortSleep, maxCredit)
	}
}

// wait spins until there is something to read, and reports false when it is time to sleep.
func (p *spinner) wait(s *server) bool {
	if p.budget == 0 {
		return false
	}
	if p.adaptive && p.credit <= 0 {
		if p.sleeps++; p.sleeps%probeEvery != 0 {
			return false
		}
	}
	deadline := s.now() + int64(p.budget)
	for round := 1; ; round++ {
		for range 16 {
			if s.in.Ready() {
				p.credit = max(min(p.credit+1, maxCredit), hitCredit)
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
