package ts2go

import (
	"sync/atomic"
	"time"
)

// cost is what a method's handlers have cost lately, and with it where they run.
//
// It is a moving fraction of slow runs, and not a mean duration: when processors are short, the system takes one away
// from a handler of 100 ns for milliseconds, and that says nothing about the handler.
type cost struct {
	// Slow runs among the last few hundred, as a fraction of 2^24. Updates by several workers at once may get lost.
	slow atomic.Uint32
	// Handlers of the method run on the reader.
	inline atomic.Bool
}

const (
	// A handler that takes longer than this inline delays the calls behind it by more than handing it over would.
	quick = 20 * time.Microsecond

	one = 1 << 24
	// One run weighs 1/1024.
	weightBits = 10
	// Above 1 in 128 the method goes to workers, below 1 in 666 it comes back. One slow run in a hundred keeps it with
	// the workers; those that the system or the collector interrupts, some in a row but far between, do not send it
	// there.
	leaveInline  = one / 128
	returnInline = one / 666
	// A new method begins with the workers, some quick runs short of coming back: most handlers that wait do so at the
	// first call.
	firstSlow = returnInline + returnInline/64
)

// note records a run of ns nanoseconds.
func (m *cost) note(ns int64) {
	before := m.slow.Load()
	slow := before - before>>weightBits
	if ns > int64(quick) {
		slow += one >> weightBits
	}
	// Most methods have been quick for long: then nothing changes, and a store would cost more than all of this.
	if slow != before {
		m.slow.Store(slow)
	}
	if slow >= leaveInline {
		m.inline.Store(false)
	} else if slow < returnInline && !m.inline.Load() {
		m.inline.Store(true)
	}
}
