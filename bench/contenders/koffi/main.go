// Command koffi is a shared library with a C interface over the handlers, as an FFI library loads it. README.md beside
// this file says why it is written as it is.
package main

/*
#include "bench.h"
*/
import "C"

import (
	"unsafe"

	"example.test/bench/handlers"
)

// The methods, by the number that they have for both sides.
const (
	methodCheck = iota
	methodCheckSlowly
	methodTake
	methodGive
	methodEcho
	methodCheckLong
	methodCheckBusy
)

// bench_run runs a handler and gives its answer, or the length of the bytes that it wrote to out. It takes as long as
// the handler: whoever calls it has a thread to spare.
//
//export bench_run
func bench_run(method C.uint32_t, users *C.user_t, count C.uint32_t, payload unsafe.Pointer, size C.uint32_t,
	out unsafe.Pointer) C.uint32_t {
	c := call{method: uint32(method), size: uint32(size), out: out}
	if count > 0 {
		c.users = make([]handlers.User, count)
		for i, user := range unsafe.Slice(users, int(count)) {
			c.users[i] = handlers.User{Name: C.GoString(user.name), Age: uint8(user.age)}
		}
	}
	if payload != nil {
		c.payload = C.GoBytes(payload, C.int(size))
	}
	return C.uint32_t(c.run())
}

// call is a request in memory that its handler owns.
type call struct {
	method  uint32
	users   []handlers.User
	payload []byte
	size    uint32
	out     unsafe.Pointer // JavaScript's memory, kept until the answer is there
}

func (c *call) run() uint32 {
	switch c.method {
	case methodCheck:
		return truth(handlers.Check(c.users, c.payload))
	case methodCheckSlowly:
		return truth(handlers.CheckSlowly(c.users, c.payload))
	case methodTake:
		return handlers.Take(c.payload)
	case methodGive:
		return c.write(handlers.Give(c.size))
	case methodCheckLong:
		return truth(handlers.CheckLong(c.users, c.payload))
	case methodCheckBusy:
		return truth(handlers.CheckBusy(c.users, c.payload))
	default:
		return c.write(handlers.Echo(c.payload))
	}
}

func (c *call) write(bytes []byte) uint32 {
	return uint32(copy(unsafe.Slice((*byte)(c.out), int(c.size)), bytes))
}

func truth(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

func main() {}
