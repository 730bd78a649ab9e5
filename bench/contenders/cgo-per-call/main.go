// Command cgo-per-call is the Go half of a Node addon, built as a C archive: one crossing and one goroutine a call,
// which is what most addons over Go do. README.md beside this file says why it is written as it is.
package main

/*
#include "src/call.h"

static inline void call_complete(complete_fn f, void* call, uint32_t value, uint8_t* bytes, uint32_t size) {
  answer_t answer = {call, value, bytes, size};
  f(&answer);
}
static inline void call_ask(ask_fn f, void* node, uint32_t slot, uint32_t number) { f(node, slot, number); }
*/
import "C"

import (
	"sync/atomic"
	"unsafe"

	"example.test/bench/callback"
	"example.test/bench/handlers"
)

// complete is the way back, the same from every thread of JavaScript: the call itself knows whose it is.
var complete atomic.Pointer[C.complete_fn]

// asks are the calls of Go's that wait for the thread of JavaScript that serves them.
var asks atomic.Pointer[callback.Slots]

func newAsks(node unsafe.Pointer, f C.ask_fn) *callback.Slots {
	return callback.NewSlots(func(slot, number uint32) { C.call_ask(f, node, C.uint32_t(slot), C.uint32_t(number)) })
}

// answerNumber finishes a call whose answer is a number.
func answerNumber(call unsafe.Pointer, value uint32) {
	C.call_complete(*complete.Load(), call, C.uint32_t(value), nil, 0)
}

// answerBytes finishes a call whose answer is bytes, which C owns from here on.
func answerBytes(call unsafe.Pointer, bytes []byte) {
	C.call_complete(*complete.Load(), call, 0, (*C.uint8_t)(C.CBytes(bytes)), C.uint32_t(len(bytes)))
}

// request copies what C lent for the time of the call into memory that the handler owns.
func request(users *C.user_t, count C.uint32_t, bytes unsafe.Pointer, size C.uint32_t) ([]handlers.User, []byte) {
	list := make([]handlers.User, count)
	for i, user := range unsafe.Slice(users, int(count)) {
		list[i] = handlers.User{Name: C.GoStringN(user.name, C.int(user.name_size)), Age: uint8(user.age)}
	}
	return list, C.GoBytes(bytes, C.int(size))
}

func number(pass bool) uint32 {
	if pass {
		return 1
	}
	return 0
}

func main() {}
