// Command cgo-batched is the Go half of a Node addon, built as a C archive: the strongest way through cgo that the
// authors of this benchmark could write. README.md beside this file says why it is written as it is.
package main

/*
#include "src/mailbox.h"
*/
import "C"

import (
	"runtime"
	"time"
	"unsafe"

	"example.test/bench/callback"
)

// bench_start hands Go the way back: both functions may be called from any thread.
//
//export bench_start
func bench_start(outbox unsafe.Pointer, deliver C.deliver_fn, deliverLarge C.deliver_large_fn, spinUs C.uint32_t) {
	node.outbox, node.deliver, node.deliverLarge = outbox, deliver, deliverLarge
	if runtime.GOMAXPROCS(0) > 1 {
		requests.spin = time.Duration(spinUs) * time.Microsecond
		asks.Spin = requests.spin
	}
	first := newRunner()
	current.Store(first)
	go first.work(nil)
	go watch()
}

// bench_submit takes over the requests of one turn of Node's event loop: one crossing for all of them. The bytes are
// copied before it returns, so that Node may write the next requests over them at once.
//
//export bench_submit
func bench_submit(bytes *C.uint8_t, size, users C.uint32_t) {
	data := append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(bytes)), int(size))...)
	requests.push(newBatch(data, int(users)))
}

// bench_submit_large takes over one request whose payload would not fit among others: it is copied once, from
// JavaScript's own memory into Go's.
//
//export bench_submit_large
func bench_submit_large(slot, method C.uint32_t, bytes *C.uint8_t, size C.uint32_t) {
	payload := append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(bytes)), int(size))...)
	switch method {
	case methodStream: // taken here and now: streams need their calls in order
		streams.Take(uint32(slot), payload)
	case methodCallBack:
		go func() { answerBytes(uint32(slot), callback.RunBytes(payload, asks.Call)) }()
	default:
		requests.push(newLargeBatch(uint32(slot), uint32(method), payload))
	}
}

// bench_answer brings answers to calls of Go's: pairs of slot and answer.
//
//export bench_answer
func bench_answer(pairs *C.uint32_t, count C.uint32_t) {
	words := unsafe.Slice((*uint32)(unsafe.Pointer(pairs)), 2*int(count))
	for i := 0; i < len(words); i += 2 {
		asks.Answer(words[i], words[i+1])
	}
}

func main() {}
