package main

/*
#include "src/mailbox.h"

static inline void call_deliver(deliver_fn f, void* outbox, const completion_t* c, uint32_t n, const uint8_t* b,
                                uint32_t size, uint32_t what) {
  f(outbox, c, n, b, size, what);
}
static inline void call_deliver_large(deliver_large_fn f, void* outbox, uint32_t slot, const uint8_t* b, uint32_t size) {
  f(outbox, slot, b, size);
}
*/
import "C"

import (
	"encoding/json"
	"unsafe"

	"example.test/bench/handlers"
)

// An answer longer than this goes alone, into memory that JavaScript adopts instead of copying.
const answerMax = 32 << 10

// completion is a finished call, as both halves of the addon know it.
type completion = C.completion_t

// node is the way back, set once before anything runs.
var node struct {
	outbox       unsafe.Pointer
	deliver      C.deliver_fn
	deliverLarge C.deliver_large_fn
}

// serve runs the handler of c and gives its completion. The bytes of an answer are copied to room, which has space for
// answerMax of them, and begin there at 0; an answer longer than that is returned as it is.
func serve(c *call, room []byte) (done completion, large []byte) {
	done.slot = C.uint32_t(c.slot)
	switch c.method {
	case methodCheck:
		done.value = truth(handlers.Check(c.users, c.payload))
	case methodCheckSlowly:
		done.value = truth(handlers.CheckSlowly(c.users, c.payload))
	case methodTake:
		done.kind, done.value = C.ANSWER_NUMBER, C.uint32_t(handlers.Take(c.payload))
	case methodGive:
		return answer(done, handlers.Give(c.number), room)
	case methodEcho:
		return answer(done, handlers.Echo(c.payload), room)
	case methodCheckLong:
		done.value = truth(handlers.CheckLong(c.users, c.payload))
	case methodCheckBusy:
		done.value = truth(handlers.CheckBusy(c.users, c.payload))
	case methodTakeEnds:
		done.kind, done.value = C.ANSWER_NUMBER, C.uint32_t(handlers.TakeEnds(lent(c.payload)))
	case methodGiveEnds:
		bytes := handlers.MarkEnds(lent(c.payload), c.payload[12])
		done.kind, done.value = C.ANSWER_NUMBER, C.uint32_t(len(bytes))
	case methodMemory:
		memory, _ := json.Marshal(handlers.ReadMemory())
		return answer(done, memory, room)
	}
	return done, nil
}

func answer(done completion, bytes, room []byte) (completion, []byte) {
	if len(bytes) > answerMax {
		return done, bytes
	}
	done.kind, done.value = C.ANSWER_BYTES, C.uint32_t(copy(room, bytes))
	return done, nil
}

func truth(b bool) C.uint32_t {
	if b {
		return 1
	}
	return 0
}

// deliver hands completions to Node. quick says that their handlers returned at once, so that Node does well to poll
// for the next ones.
func deliver(list []completion, bytes []byte, quick bool) {
	if len(list) == 0 {
		return
	}
	if quick {
		handOver(list, bytes, C.DELIVER_QUICK)
	} else {
		handOver(list, bytes, C.DELIVER_LATE)
	}
}

// handOver is the way to Node: one crossing, whatever their number. A variable for tests.
var handOver = func(list []completion, bytes []byte, what uint32) {
	C.call_deliver(node.deliver, node.outbox, unsafe.SliceData(list), C.uint32_t(len(list)),
		(*C.uint8_t)(unsafe.SliceData(bytes)), C.uint32_t(len(bytes)), C.uint32_t(what))
}

func deliverLarge(slot C.uint32_t, answer []byte) {
	C.call_deliver_large(node.deliverLarge, node.outbox, slot, (*C.uint8_t)(unsafe.SliceData(answer)),
		C.uint32_t(len(answer)))
}
