package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// queue holds the batches that no runner has taken yet. Node's thread pushes; one runner at a time takes.
type queue struct {
	mu      sync.Mutex // guards the fields down to the blank line
	batches []*batch
	waiting bool          // a runner is about to read from wake
	wake    chan struct{} // one token, sent by whoever clears waiting

	filled atomic.Bool   // there may be batches; set after the lock is let go, so that who sees it finds the lock free
	spin   time.Duration // how long a runner polls before it sleeps
	misses int           // polls in a row that found nothing; the runner's own
}

// After so many polls in vain, a runner polls only once in retryEvery.
const (
	missesMax  = 4
	retryEvery = 32
	spinStep   = 64
)

var requests = queue{wake: make(chan struct{}, 1)}

func (q *queue) push(b *batch) {
	q.mu.Lock()
	q.batches = append(q.batches, b)
	waiting := q.waiting
	q.waiting = false
	q.mu.Unlock()
	q.filled.Store(true)
	if waiting {
		q.wake <- struct{}{}
	}
}

// take waits for batches and returns all there are; spare is where the next ones may be collected. If the last calls
// were quick, the next will likely come soon: take polls for them before it sleeps.
func (q *queue) take(spare []*batch, quick bool) []*batch {
	if quick {
		q.poll()
	}
	for {
		q.mu.Lock()
		if len(q.batches) > 0 {
			taken := q.batches
			q.batches = spare[:0]
			q.filled.Store(false)
			q.mu.Unlock()
			return taken
		}
		q.filled.Store(false)
		q.waiting = true
		q.mu.Unlock()
		<-q.wake
	}
}

func (q *queue) poll() {
	if q.filled.Load() || q.spin == 0 {
		return
	}
	if q.misses >= missesMax {
		if q.misses++; q.misses%retryEvery != 0 {
			return
		}
	}
	for end := time.Now().Add(q.spin); time.Now().Before(end); {
		for range spinStep {
			if q.filled.Load() {
				q.misses = 0
				return
			}
		}
	}
	q.misses++
}
