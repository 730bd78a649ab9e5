package ts2go

import (
	"math"
	"time"

	"x.example/go/memring/channel"
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

// Reading the clock costs as much as a short handler. So it is read once in clockEvery calls, as long as so many
// together take no longer than completions may wait; else after each of the next clockEach.
const (
	clockEvery = 8
	clockEach  = 64
)

// poll waits on the doorbell and reads when it rings. There is one poller at a time.
func (s *server) poll() {
	defer s.replacePoller()
	c := newCall(s)
	slept := time.Duration(math.MaxInt64)
	for {
		if role, ok := s.acquire(rolePoller); ok {
			s.spin.Slept(slept)
			if lost := s.read(c, role); lost {
				// A new poller has been started in this one's place. What is left of it serves as a worker.
				s.workAs(&worker{call: c, wake: make(chan struct{}, 1)})
				return
			}
		}
		began := s.now()
		if s.doorbell.Wait() != nil || s.dead.Load() {
			return
		}
		slept = time.Duration(s.now() - began)
		if err := s.out.heard(); err != nil {
			s.die(err)
			return
		}
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
	// The end of one call is the beginning of the next.
	now := s.now()
	flushed := now
	unclocked, each := 0, clockEach
	for {
		ok, err := s.in.Pop(&c.entry)
		if err != nil {
			s.die(err)
			return true
		}
		if !ok {
			s.out.flush()
			s.in.Release()
			if s.spin.Wait(s.in.Ready) {
				now = s.now()
				flushed, unclocked = now, 0
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
			flushed, unclocked = now, 0
			continue
		}
		if s.in.Unreleased() >= releaseEvery {
			s.in.Release()
		}
		if kind := c.entry.Kind; kind >= kindCancel && kind <= kindEnd && !s.closing {
			if err := s.onPost(&c.entry); err != nil {
				s.die(err)
				return true
			}
			continue
		}
		// After CLOSE there is nothing more to come.
		if e := &c.entry; e.Kind != kindCall && e.Kind != kindOneway || int(e.Method) >= len(s.methods) || s.closing {
			if e.Kind == kindClose && !s.closing {
				s.closing = true
				s.region.SetState(channel.StateDraining)
				s.in.Release()
				s.calls.end(ErrClosed)
				if err := s.out.closeAfter(s.taken); err != nil {
					s.die(err)
				}
				continue
			}
			if e.Kind == kindRelease && !s.closing {
				if err := s.out.onRelease(e.Aux); err != nil {
					s.die(err)
					return true
				}
				continue
			}
			if (e.Kind == kindReply || e.Kind == kindReplyerror) && s.callbacks > 0 && !s.closing {
				if err := s.onReply(e); err != nil {
					s.die(err)
					return true
				}
				continue
			}
			s.die(badEntry(e))
			return true
		}
		s.taken++
		c.ctx = s.ctx
		if c.entry.Flags&flagCancellable != 0 {
			c.ctx = s.cancels.begin(s.ctx, &c.entry)
		}
		if s.methods[c.entry.Method].Streams {
			c.stream = s.streams.begin(c.entry.CallID)
			s.handOver(c)
			continue
		}
		method := &s.costs[c.entry.Method]
		if !method.inline.Load() {
			s.handOver(c)
			continue
		}
		if s.callbacks > 0 {
			c.ctx = s.onReader(c.ctx)
		}
		running := next(role, roleRunning|as)
		s.role.Store(running)
		hidden := c.run(false)
		unclocked++
		clocked := each > 0 || unclocked == clockEvery
		if clocked {
			end := s.now()
			if unclocked == 1 {
				method.note(end - now)
				each--
			} else if end-now > int64(publishAfter) {
				// One of them was slow, or all are: find out which.
				each = clockEach
			}
			now, unclocked = end, 0
		}
		role = next(running, roleReading|as)
		if !s.role.CompareAndSwap(running, role) {
			s.out.flush()
			// It was not quick, or has called TypeScript.
			method.note(2 * int64(quick))
			return true
		}
		if hidden >= publishEvery || clocked && now-flushed >= int64(publishAfter) {
			s.out.flush()
			flushed = now
		}
	}
}

// onPost takes an entry about a call that was made before.
func (s *server) onPost(e *channel.Entry) error {
	if e.Kind == kindCancel {
		s.cancels.cancel(e)
		return nil
	}
	return s.onStream(e)
}
