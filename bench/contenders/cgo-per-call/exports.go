package main

/*
#include "src/call.h"
*/
import "C"

import (
	"encoding/json"
	"unsafe"

	"example.test/bench/callback"
	"example.test/bench/handlers"
)

//export bench_start
func bench_start(f C.complete_fn) { complete.Store(&f) }

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

//export bench_check_long
func bench_check_long(call unsafe.Pointer, users *C.user_t, count C.uint32_t, bytes unsafe.Pointer, size C.uint32_t) {
	list, balabala := request(users, count, bytes, size)
	go func() { answerNumber(call, number(handlers.CheckLong(list, balabala))) }()
}

//export bench_check_busy
func bench_check_busy(call unsafe.Pointer, users *C.user_t, count C.uint32_t, bytes unsafe.Pointer, size C.uint32_t) {
	list, balabala := request(users, count, bytes, size)
	go func() { answerNumber(call, number(handlers.CheckBusy(list, balabala))) }()
}

//export bench_memory
func bench_memory(call unsafe.Pointer) {
	go func() {
		memory, _ := json.Marshal(handlers.ReadMemory())
		answerBytes(call, memory)
	}()
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

//export bench_serve
func bench_serve(node unsafe.Pointer, f C.ask_fn) { asks.Store(newAsks(node, f)) }

//export bench_answer
func bench_answer(slot, answer C.uint32_t) { asks.Load().Answer(uint32(slot), uint32(answer)) }

//export bench_call_back
func bench_call_back(call unsafe.Pointer, bytes unsafe.Pointer, size C.uint32_t) {
	request := C.GoBytes(bytes, C.int(size))
	go func() { answerBytes(call, callback.RunBytes(request, asks.Load().Call)) }()
}
