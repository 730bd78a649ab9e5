package main

/*
#include "src/mailbox.h"
*/
import "C"

import (
	"sync/atomic"
	"time"
)

// A runner delivers after this many completions at the latest, so that Node can begin while Go goes on.
const gatherMax = 64

// A handler that takes longer than this should not stand in the way of others.
const quickMax = 20 * time.Microsecond

// runner runs handlers one after another without a goroutine for each. Only one runner takes from the queue at a time;
// when it is stuck in a handler that waits, [watch] takes the rest of its work away and gives it to a new runner.
type runner struct {
	batch *batch   // being run
	left  []*batch // to run after it
	quick bool     // the last batch had calls that the runner ran itself
	// claim is what the runner and the watcher decide by compare-and-swap: offset of the next record to run << 32 |
	// number of completions gathered in out. The record before the offset is the one being run.
	claim  atomic.Uint64
	starts atomic.Uint32 // counts batches, so that a claim that looks the same can be told from one that stands still
	out    [gatherMax]completion
	room   []byte // the bytes of the answers in out
}

// The claim of a runner that has nothing to run, and that of one whose work was taken away.
const (
	claimIdle  = 1<<64 - 1
	claimTaken = 1<<64 - 2
)

// current is the runner that takes from the queue.
var current atomic.Pointer[runner]

func newRunner() *runner {
	r := &runner{room: make([]byte, 2*answerMax)}
	r.claim.Store(claimIdle)
	return r
}

// work runs what comes, for ever, beginning with what another runner had in hand.
func (r *runner) work(left []*batch) {
	var spare []*batch
	for {
		for i, b := range left {
			r.left = left[i+1:]
			if !r.run(b) {
				return
			}
		}
		clear(left)
		spare, left = left, requests.take(spare, r.quick)
	}
}

// run runs the records of a batch and reports whether the runner still has the say: false once the watcher took over.
func (r *runner) run(b *batch) bool {
	var (
		c        call
		at       uint32 // where the next record begins
		gathered uint32 // completions in out
		used     uint32 // bytes in room
		claim    uint64 // what r.claim holds unless somebody took over
		ran      int
		started  = time.Now()
	)
	r.batch = b
	r.starts.Add(1)
	r.claim.Store(claim)
	rouseWatcher()
	for size := uint32(len(b.data)); at < size; {
		b.decode(at, &c)
		at += b.recordSize(at)
		full := gathered == gatherMax || used > answerMax
		next := uint64(at)<<32 | uint64(gathered)
		if full {
			next = uint64(at) << 32
		}
		if !r.claim.CompareAndSwap(claim, next) {
			return r.lost(claim, gathered, used)
		}
		claim = next
		if full {
			deliver(r.out[:gathered], r.room[:used], true)
			gathered, used = 0, 0
		}
		if !quick(c.method) {
			spawn(c)
			continue
		}
		ran++
		done, large := serve(&c, r.room[used:])
		if large != nil {
			deliverLarge(done.slot, large)
			continue
		}
		if done.kind == C.ANSWER_BYTES {
			done.offset = C.uint32_t(used)
			used += uint32(done.value)
		}
		r.out[gathered] = done
		gathered++
	}
	if !r.claim.CompareAndSwap(claim, claimIdle) {
		return r.lost(claim, gathered, used)
	}
	deliver(r.out[:gathered], r.room[:used], true)
	r.quick = ran > 0
	if ran > 0 && time.Since(started) > time.Duration(ran)*quickMax {
		doubt(c.method)
	}
	return true
}

// lost delivers what the watcher could not: the completion of the call that it took the work away from.
func (r *runner) lost(claim uint64, gathered, used uint32) bool {
	deliver(r.out[uint32(claim):gathered], r.room[:used], true)
	return false
}

// takeOver takes what a stuck runner has in hand away from it, delivers what it had gathered and gives the rest of its
// work to a new runner. It reports false if the runner moved after all.
func (r *runner) takeOver(claim uint64) bool {
	if !r.claim.CompareAndSwap(claim, claimTaken) {
		return false
	}
	at, gathered := uint32(claim>>32), uint32(claim)
	suspect(r.batch.method(r.last(at)))
	left := append([]*batch{r.batch.from(at)}, r.left...)
	successor := newRunner()
	current.Store(successor)
	go successor.work(left)
	deliver(r.out[:gathered], r.room, false)
	return true
}

// last finds the record that ends where the one at the offset at begins.
func (r *runner) last(at uint32) uint32 {
	before := uint32(0)
	for p := uint32(0); p < at; p += r.batch.recordSize(p) {
		before = p
	}
	return before
}
