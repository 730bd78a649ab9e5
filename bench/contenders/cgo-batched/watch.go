package main

import (
	"sync/atomic"
	"time"
)

// watchTick is how often the watcher looks at the runner while there is work: Go's timers are no finer than this.
const watchTick = time.Millisecond

// The watcher sleeps for good after this many ticks without work, so that an idle addon uses no CPU.
const idleTicksMax = 20

// watcher is how a runner that begins to work rouses the watcher.
var watcher = struct {
	asleep atomic.Bool
	wake   chan struct{}
}{wake: make(chan struct{}, 1)}

// rouseWatcher is called by a runner that has taken work.
func rouseWatcher() {
	if watcher.asleep.Load() && watcher.asleep.CompareAndSwap(true, false) {
		watcher.wake <- struct{}{}
	}
}

// watch takes the work away from a runner that is stuck in a handler, so that a call that waits in Go never holds
// others up for more than about two ticks, and not even that once its method is known to wait.
func watch() {
	var (
		before    *runner
		claim     uint64
		starts    uint32
		idleTicks int
	)
	for {
		time.Sleep(watchTick)
		now := current.Load()
		nowClaim, nowStarts := now.claim.Load(), now.starts.Load()
		if now != before || nowClaim != claim || nowStarts != starts {
			before, claim, starts, idleTicks = now, nowClaim, nowStarts, 0
			continue
		}
		if claim != claimIdle {
			now.takeOver(claim)
			continue
		}
		if idleTicks++; idleTicks < idleTicksMax {
			continue
		}
		// A runner that took work before it could see asleep is seen here; one that takes it later rouses us.
		watcher.asleep.Store(true)
		if now.claim.Load() == claimIdle || !watcher.asleep.CompareAndSwap(true, false) {
			<-watcher.wake
		}
		idleTicks = 0
	}
}
