package main

import (
	"encoding/binary"
	"unsafe"
)

// lent gives the memory of C's that a payload names: its address in eight bytes, and then its size in four. Nobody
// touches it until the call is answered.
func lent(payload []byte) []byte {
	var at *byte
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&at)), unsafe.Sizeof(at)), payload)
	return unsafe.Slice(at, binary.LittleEndian.Uint32(payload[8:]))
}
