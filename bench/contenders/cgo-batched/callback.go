package main

/*
#include "src/mailbox.h"
*/
import "C"

import (
	"runtime"
	"sync"

	"example.test/bench/callback"
	"example.test/bench/flow"
)

// streams are those of W10: a batch of items is one delivery.
var streams = flow.NewStreams(answerBytes)

// asks are the calls of Go's that wait for JavaScript.
var asks = callback.NewSlots(ask)

// asked gathers calls of Go's on their way to Node, which takes them as it takes completions.
var asked struct {
	mu         sync.Mutex // guards the fields below
	list       []completion
	spare      []completion
	delivering bool // some goroutine will deliver what is here
}

// ask puts a call beside the others. The first to come lets every goroutine that is ready now run before it delivers for
// all: many goroutines that call at once cost one crossing.
func ask(slot, number uint32) {
	asked.mu.Lock()
	asked.list = append(asked.list, completion{
		slot: C.uint32_t(slot), kind: C.ANSWER_ASK, value: C.uint32_t(number),
	})
	first := !asked.delivering
	asked.delivering = true
	asked.mu.Unlock()
	if !first {
		return
	}
	runtime.Gosched()
	asked.mu.Lock()
	list := asked.list
	asked.list, asked.spare = asked.spare[:0], nil
	asked.delivering = false
	asked.mu.Unlock()
	handOver(list, nil, C.DELIVER_ASKS)
	asked.mu.Lock()
	asked.spare = list
	asked.mu.Unlock()
}

// answerBytes delivers one answer of bytes.
func answerBytes(slot uint32, bytes []byte) {
	done := completion{slot: C.uint32_t(slot), kind: C.ANSWER_BYTES, value: C.uint32_t(len(bytes))}
	deliver([]completion{done}, bytes, true)
}
