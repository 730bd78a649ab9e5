package memring

import (
	"runtime"
	"time"
)

// Spinner is the wait before an end sleeps: bounded, and only where it has paid off lately. The zero value never spins.
// It belongs to the goroutine that has the end.
type Spinner struct {
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

// AdaptiveBudget is how long an adaptive end spins at most: about what sleeping and waking up cost both sides.
const AdaptiveBudget = 50 * time.Microsecond

// NewSpinner returns one that spins for at most the budget: always, or only while it pays off. On one processor the
// peer can't run while this side spins: there the zero value is right.
func NewSpinner(budget time.Duration, adaptive bool) Spinner {
	return Spinner{budget: budget, adaptive: adaptive, credit: maxCredit / 2}
}

// Slept notes how long a sleep lasted. One so short that spinning would have seen its end counts as a spin that paid
// off: so an end that has given up spinning comes back to it when entries come fast again.
func (p *Spinner) Slept(lasted time.Duration) {
	if lasted < p.budget+wakeCost {
		p.credit = min(p.credit+shortSleep, maxCredit)
	}
}

// Wait spins until ready, and reports false when it is time to sleep. It allocates nothing.
func (p *Spinner) Wait(ready func() bool) bool {
	if p.budget == 0 {
		return false
	}
	if p.adaptive && p.credit <= 0 {
		if p.sleeps++; p.sleeps%probeEvery != 0 {
			return false
		}
	}
	deadline := now() + p.budget
	for {
		for range 16 {
			if ready() {
				p.credit = max(min(p.credit+1, maxCredit), hitCredit)
				return true
			}
			Pause(4)
		}
		if now() >= deadline {
			p.credit = max(p.credit-missPenalty, -missPenalty)
			return false
		}
		// Other goroutines come first.
		runtime.Gosched()
	}
}

var started = time.Now()

// now is a monotonic clock: half as dear as time.Now.
func now() time.Duration { return time.Since(started) }
