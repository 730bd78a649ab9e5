package main

/*
#include "src/mailbox.h"
*/
import "C"

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A method runs on the runner itself after this many calls in a row were seen to be quick on goroutines of their own.
// Reading the clock costs as much as a goroutine's start, so only one call in sampleEvery is timed.
const (
	calmMin     = 8
	sampleEvery = 8
)

// calm counts, for each method, the quick calls since the last slow one, up to calmMin.
var calm [methodCount]atomic.Int32

// spawned counts the calls that ran on goroutines of their own.
var spawned atomic.Uint32

// quick reports whether the runner may run calls of a method itself.
func quick(method uint32) bool { return calm[method].Load() >= calmMin }

// doubt makes calls of a method run on goroutines of their own until one of them was seen to be quick: its last batch
// took long, but that may have been the machine.
func doubt(method uint32) { calm[method].CompareAndSwap(calmMin, calmMin-1) }

// suspect makes calls of a method run on goroutines of their own until enough of them were quick.
func suspect(method uint32) { calm[method].Store(0) }

// spawn runs a call on a goroutine of its own.
func spawn(c call) {
	sample := spawned.Add(1)%sampleEvery == 0
	go func() {
		var started time.Time
		if sample {
			started = time.Now()
		}
		var room []byte
		switch c.method {
		case methodGive, methodEcho:
			room = make([]byte, min(answerMax, max(int(c.number), len(c.payload))))
		case methodMemory:
			room = make([]byte, answerMax)
		}
		done, large := serve(&c, room)
		if sample {
			note(c.method, time.Since(started))
		}
		if large != nil {
			deliverLarge(done.slot, large)
			return
		}
		finished.add(done, room)
	}()
}

func note(method uint32, took time.Duration) {
	if took > quickMax {
		suspect(method)
	} else if calm[method].Load() < calmMin {
		calm[method].Add(1)
	}
}

// finishedList gathers the completions of calls that ran on goroutines of their own.
type finishedList struct {
	mu         sync.Mutex // guards the fields below
	list       []completion
	bytes      []byte
	spareList  []completion
	spareBytes []byte
	delivering bool // some goroutine will deliver what is here
}

var finished finishedList

// add puts a completion beside the others. The first to come lets every goroutine that is ready now run before it
// delivers for all: many sleepers that wake at once cost one crossing.
func (f *finishedList) add(done completion, bytes []byte) {
	f.mu.Lock()
	if done.kind == C.ANSWER_BYTES {
		done.offset = C.uint32_t(len(f.bytes))
		f.bytes = append(f.bytes, bytes[:done.value]...)
	}
	f.list = append(f.list, done)
	first := !f.delivering
	f.delivering = true
	f.mu.Unlock()
	if !first {
		return
	}
	runtime.Gosched()
	f.mu.Lock()
	list, bytes := f.list, f.bytes
	f.list, f.bytes, f.spareList, f.spareBytes = f.spareList[:0], f.spareBytes[:0], nil, nil
	f.delivering = false
	f.mu.Unlock()
	deliver(list, bytes, false)
	f.mu.Lock()
	f.spareList, f.spareBytes = list, bytes
	f.mu.Unlock()
}
