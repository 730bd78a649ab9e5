package handlers

import "sync"

// pageSize is the step at which [Take] looks at a payload.
const pageSize = 4096

// pattern is what [Give] hands out pieces of: byte i is i modulo 251, so that a page is unlike its neighbours. It is
// no part of the heap, so that the garbage collector paces itself by what the contenders allocate.
var pattern [PayloadMax]byte

var fillPattern = sync.OnceFunc(func() {
	for i := range pattern {
		pattern[i] = byte(i % 251)
	}
})

// Take receives a payload and answers with its length plus one byte of each of its pages and its last byte: no
// contender can answer without having brought the bytes here.
func Take(payload []byte) uint32 {
	sum := uint32(len(payload))
	for i := 0; i < len(payload); i += pageSize {
		sum += uint32(payload[i])
	}
	if n := len(payload); n > 0 {
		sum += uint32(payload[n-1])
	}
	return sum
}

// Give answers with n bytes, at most [PayloadMax]. They are the same bytes each time and must not be written to: a
// contender carries them to JavaScript by a copy.
func Give(n uint32) []byte {
	fillPattern()
	return pattern[:min(n, PayloadMax):min(n, PayloadMax)]
}

// Echo answers with what it got.
func Echo(payload []byte) []byte { return payload }
