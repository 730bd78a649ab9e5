package ts2go

import (
	"runtime/debug"
)

// worker is a goroutine for handlers that take their time. Workers are reused: waking a parked goroutine costs less
// than half of starting one.
type worker struct {
	call *Call
	wake chan struct{}
}

// Parked workers beyond this many end instead.
const maxParked = 1024

// handOver gives the call that c holds to a worker.
func (s *server) handOver(c *Call) {
	s.idle.mu.Lock()
	n := len(s.idle.workers)
	if n == 0 {
		s.idle.mu.Unlock()
		w := &worker{call: newCall(s), wake: make(chan struct{}, 1)}
		w.call.take(c)
		go s.work(w)
		return
	}
	w := s.idle.workers[n-1]
	s.idle.workers = s.idle.workers[:n-1]
	s.idle.mu.Unlock()
	w.call.take(c)
	w.wake <- struct{}{}
}

// work serves the call that w was started with, and then as a parked worker.
func (s *server) work(w *worker) {
	// A write to a borrowed request, whose memory is read-only, becomes a panic of that call.
	debug.SetPanicOnFault(true)
	s.finish(w)
	s.workAs(w)
}

// workAs parks the goroutine until there is a call for it, again and again.
func (s *server) workAs(w *worker) {
	debug.SetPanicOnFault(true)
	for {
		// The ring before the park: when every P is busy, the netpoller may hear the doorbell 10 ms late.
		if !s.in.Empty() {
			if role, ok := s.acquire(0); ok {
				s.read(w.call, role)
				continue
			}
		}
		s.idle.mu.Lock()
		if len(s.idle.workers) >= maxParked || s.dead.Load() {
			s.idle.mu.Unlock()
			return
		}
		s.idle.workers = append(s.idle.workers, w)
		s.idle.mu.Unlock()
		<-w.wake
		s.finish(w)
	}
}

func (s *server) finish(w *worker) {
	method := w.call.entry.Method
	began := s.now()
	w.call.run(true)
	s.costs[method].note(s.now() - began)
}

// take takes over the call that other holds.
func (c *Call) take(other *Call) {
	c.entry, c.ctx, c.stream = other.entry, other.ctx, other.stream
	other.stream = nil
}
