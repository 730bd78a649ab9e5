package ts2go

import (
	"runtime"
	"sync/atomic"
	"time"

	"x.example/go/memring"
)

// Handlers run on the goroutine that reads the ring: no hand-over, no wake-up, no goroutine a call. That would let one
// slow handler block all calls behind it, so two things keep it from doing so:
//
//   - A method whose handlers take their time is given to workers (worker.go); which methods those are is learned from
//     how long they took lately (cost).
//   - Reading is a role, not a goroutine. A watchdog takes the role from a reader whose handler does not return, and
//     gives it to another goroutine; the old reader finds out when its handler is done. This is the leader/followers
//     pattern (Schmidt et al., POSA2) with promotion on demand.
//
// The role is one word: a sequence number that changes with every step, so that no compare-and-swap can succeed on an
// old state, and the state:
//
//	free     nobody reads; the poller sleeps on the doorbell
//	reading  the holder owns server.in
//	running  the holder is in a handler: the role can be taken from it
const (
	roleFree    = 0
	roleReading = 1
	roleRunning = 2
	roleMask    = 3
	// The holder is the poller: whoever takes the role from it also has to start another poller.
	rolePoller = 4
	roleStep   = 8
)

// Completions of inline handlers are published together, at most so many, and none waits longer than this.
const (
	publishEvery = 32
	publishAfter = 4 * time.Microsecond
	releaseEvery = 64
)

// poll waits on the doorbell and reads when it rings. There is one poller at a time.
func (s *server) poll() {
	defer s.replacePoller()
	c := newCall(s)
	for {
		if role, ok := s.acquire(rolePoller); ok {
			if lost := s.read(c, role); lost {
				// A new poller has been started in this one's place. What is left of it serves as a worker.
				s.workAs(&worker{call: c, wake: make(chan struct{}, 1)})
				return
			}
		}
		if s.doorbell.Wait() != nil || s.dead.Load() {
			return
		}
		s.out.heard()
	}
}

// replacePoller keeps the channel alive when a handler ends the poller's goroutine by runtime.Goexit.
func (s *server) replacePoller() {
	for {
		role := s.role.Load()
		if role&rolePoller == 0 || role&roleMask != roleRunning {
			return
		}
		if s.role.CompareAndSwap(role, next(role, roleFree)) {
			go s.poll()
			return
		}
	}
}

func newCall(s *server) *Call { return &Call{server: s} }

func next(role, state uint64) uint64 { return (role&^(roleMask|rolePoller) + roleStep) | state }

// acquire takes the role if it is free.
func (s *server) acquire(as uint64) (role uint64, ok bool) {
	old := s.role.Load()
	if old&roleMask != roleFree {
		return 0, false
	}
	role = next(old, roleReading|as)
	return role, s.role.CompareAndSwap(old, role)
}

// read reads and serves until the ring is dry and armed, and gives the role back. lost: the role was taken meanwhile.
func (s *server) read(c *Call, role uint64) (lost bool) {
	as := role & rolePoller
	s.in.Restate()
	s.watch.active()
	// The clock is read once a call: the end of one is the beginning of the next.
	now := s.now()
	flushed := now
	for {
		ok, err := s.in.Pop(&c.entry)
		if err != nil {
			s.die(err)
			return true
		}
		if !ok {
			s.out.flush()
			s.in.Release()
			if s.spin.wait(s) {
				now = s.now()
				flushed = now
				continue
			}
			if !s.in.Arm() {
				continue
			}
			// From here on others may read. Look again after letting go: the poller may have heard the doorbell, seen
			// that the role was held, and gone back to sleep.
			s.role.Store(next(role, roleFree))
			if s.in.Empty() {
				return false
			}
			if role, ok = s.acquire(as); !ok {
				return false
			}
			now = s.now()
			flushed = now
			continue
		}
		if s.in.Unreleased() >= releaseEvery {
			s.in.Release()
		}
		if e := &c.entry; e.Kind != kindCall && e.Kind != kindOneway || int(e.Method) >= len(s.methods) {
			if e.Kind == kindClose && !s.closing {
				s.closing = true
				s.in.Release()
				if err := s.out.closeAfter(s.taken); err != nil {
					s.die(err)
				}
				continue
			}
			s.die(badEntry(e))
			return true
		}
		s.taken++
		method := &s.costs[c.entry.Method]
		if !method.cheap() {
			s.handOver(&c.entry)
			continue
		}
		running := next(role, roleRunning|as)
		s.role.Store(running)
		hidden := c.run(false)
		end := s.now()
		method.inline(end - now)
		role = next(running, roleReading|as)
		if !s.role.CompareAndSwap(running, role) {
			s.out.flush()
			return true
		}
		now = end
		if now-flushed >= int64(publishAfter) || hidden >= publishEvery {
			s.out.flush()
			flushed = now
		}
	}
}

// spinner is the reader's wait before it sleeps: bounded, and only where it has paid off lately.
type spinner struct {
	budget   time.Duration
	adaptive bool
	credit   int
	sleeps   uint32
	sleptAt  int64
}

const (
	maxCredit   = 16
	missPenalty = 4
	probeEvery  = 64
	wakeCost    = 40 * time.Microsecond
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

// cost is what a method's handlers have cost lately, and with it where they run.
type cost struct {
	// Workers' runs that have to be quick in a row before the method runs inline; below 0: it does.
	probation atomic.Int32
	// How long the next probation is: it doubles with every relapse.
	sentence atomic.Int32
}

const (
	// A handler that takes longer than this inline delays the calls behind it by more than handing it over would.
	quick = 20 * time.Microsecond
	// A method is on probation before its first inline run: most handlers that wait do so at the first call.
	firstProbation = 16
	relapse        = 256
	maxSentence    = 1 << 20
)

func (m *cost) cheap() bool { return m.probation.Load() < 0 }

// inline notes an inline run.
func (m *cost) inline(ns int64) {
	if ns <= int64(quick) {
		return
	}
	sentence := min(max(m.sentence.Load()*2, relapse), maxSentence)
	m.sentence.Store(sentence)
	m.probation.Store(sentence)
}

// handedOver notes a worker's run.
func (m *cost) handedOver(ns int64) {
	if ns > int64(quick) {
		m.probation.Store(max(m.sentence.Load(), firstProbation))
	} else {
		m.probation.Add(-1)
	}
}

// watchdog takes the role from readers whose handlers do not return.
type watchdog struct {
	parked atomic.Bool
	wake   chan struct{}
}

// Go's timers have a resolution of about a millisecond while the process is idle; a tick costs some microseconds.
const watchTick = time.Millisecond

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
				s.out.idle()
				s.watch.parked.Store(true)
				// SYNC POINT with active: whoever reads next sees parked, or this sees the role move.
				if s.role.Load() == role {
					<-s.watch.wake
				} else if !s.watch.parked.Swap(false) {
					<-s.watch.wake
				}
			}
		case role&roleMask == roleRunning && role == last:
			if s.role.CompareAndSwap(role, next(role, roleFree)) {
				if role&rolePoller != 0 {
					go s.poll()
				} else {
					s.doorbell.Ring()
				}
			}
			quiet = 0
		default:
			quiet = 0
		}
		last = role
	}
}
