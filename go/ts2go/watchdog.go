package ts2go

import (
	"sync/atomic"
	"time"
)

// watchdog takes the role from readers whose handlers do not return.
type watchdog struct {
	parked atomic.Bool
	wake   chan struct{}
}

// Go's timers have a resolution of about a millisecond while the process is idle; a tick costs some microseconds.
const watchTick = time.Millisecond

// How often an idle watchdog looks whether large results have been read.
const idleTick = 50 * time.Millisecond

// Ticks without a reader after which the watchdog sleeps.
const watchPatience = 16

// active keeps the watchdog awake while there is something to watch.
func (w *watchdog) active() {
	if w.parked.Load() && w.parked.Swap(false) {
		w.wake <- struct{}{}
	}
}

func (s *server) watchHandlers() {
	var last uint64
	quiet := 0
	for !s.dead.Load() {
		time.Sleep(watchTick)
		role := s.role.Load()
		switch {
		case role&roleMask == roleFree && role == last:
			if quiet++; quiet >= watchPatience {
				quiet = 0
				if !s.out.idle() {
					time.Sleep(idleTick)
					continue
				}
				s.watch.parked.Store(true)
				// SYNC POINT with active: whoever reads next sees parked, or this sees the role move.
				if s.role.Load() == role {
					<-s.watch.wake
				} else if !s.watch.parked.Swap(false) {
					<-s.watch.wake
				}
			}
		case role&roleMask == roleRunning && role == last:
			s.takeRole(role)
			quiet = 0
		default:
			quiet = 0
		}
		last = role
	}
}

// takeRole takes the role from a reader that is in a handler, and has somebody else read.
func (s *server) takeRole(role uint64) {
	if !s.role.CompareAndSwap(role, next(role, roleFree)) {
		return
	}
	if role&rolePoller != 0 {
		go s.poll()
	} else {
		s.doorbell.Ring()
	}
}

// standAside has somebody else read while a handler on the reading goroutine waits for TypeScript. If it is another's
// handler that runs there by now, nothing is lost.
func (s *server) standAside() {
	if role := s.role.Load(); role&roleMask == roleRunning {
		s.takeRole(role)
	}
}
