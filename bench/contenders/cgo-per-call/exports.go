package main

/*
#include "src/call.h"
*/
import "C"

import (
	"unsafe"

	"example.test/bench/handlers"
)

//export bench_start
func bench_start(addon unsafe.Pointer, complete unsafe.Pointer) {
	node.addon, node.complete = addon, complete
}

//export bench_check
func bench_check(call unsafe.Pointer, users *C.user_t, count C.uint32_t, bytes unsafe.Pointer, size C.uint32_t) {
	list, balabala := request(users, count, bytes, size)
	go func() { answerNumber(call, number(handlers.Check(list, balabala))) }()
}

//export bench_check_slowly
func bench_check_slowly(call unsafe.Pointer, users *C.user_t, count C.uint32_t, bytes unsafe.Pointer, size C.uint32_t) {
	list, balabala := request(users, count, bytes, size)
	go func() { answerNumber(call, number(handlers.CheckSlowly(list, balabala))) }()
}

//export bench_take
func bench_take(call unsafe.Pointer, bytes unsafe.Pointer, size C.uint32_t) {
	payload := C.GoBytes(bytes, C.int(size))
	go func() { answerNumber(call, handlers.Take(payload)) }()
}

//export bench_give
func bench_give(call unsafe.Pointer, size C.uint32_t) {
	go func() { answerBytes(call, handlers.Give(uint32(size))) }()
}

//export bench_echo
func bench_echo(call unsafe.Pointer, bytes unsafe.Pointer, size C.uint32_t) {
	payload := C.GoBytes(bytes, C.int(size))
	go func() { answerBytes(call, handlers.Echo(payload)) }()
}
