package main

import (
	"unsafe"

	"example.test/bench/handlers"
	"example.test/bench/ring/gen"
)

// users gives the users of a request the type that the shared handlers take. The two structs are the same, field by
// field, so nothing is copied: no contender pays for the handlers living in a package of their own.
func users(req *gen.DemoComplicatedRequest) []handlers.User {
	return unsafe.Slice((*handlers.User)(unsafe.Pointer(unsafe.SliceData(req.Users))), len(req.Users))
}

// The compiler refuses this line should the two structs ever differ.
var _ = handlers.User(gen.DemoUser{})
