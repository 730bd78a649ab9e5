package main

import (
	"encoding/binary"
	"unsafe"

	"example.test/bench/handlers"
)

// The methods, by the number they have in a record.
const (
	methodCheck = iota
	methodCheckSlowly
	methodTake
	methodGive
	methodEcho
	methodCheckLong
	methodCheckBusy
	_ // what cgo-batched has alone
	methodStream
	methodCallBack
	methodAnswer // no call: the answer to an ask of Go's
	methodTakeEnds
	methodGiveEnds
	methods // how many there are
)

// waits says whose handlers do not return at once.
var waits = [methods]bool{methodCheckSlowly: true, methodCheckLong: true, methodCheckBusy: true}

// A record is one request, in 32-bit little-endian words and then bytes:
//
//	0   size of the record in bytes
//	4   slot: which promise waits for it
//	8   method | count of users << 8
//	12  length of the payload in bytes; for methodGive the answer's length, for methodAnswer the answer
//	16  for each user: age | length of the name in bytes << 8
//	    the names, one after another, then the payload, then what fills a word
const recordHeader = 16

// call is one decoded record. Its names and its payload are pieces of the record.
type call struct {
	slot    uint32
	method  uint32
	number  uint32
	users   []handlers.User
	payload []byte
}

// recordSize gives the size of the first record, or 0 where too little of it is there to tell.
func recordSize(data []byte) int {
	if len(data) < 4 {
		return 0
	}
	return int(binary.LittleEndian.Uint32(data))
}

// wholeRecords gives the size of the records at the beginning of data that are there as a whole.
func wholeRecords(data []byte) int {
	whole := 0
	for {
		size := recordSize(data[whole:])
		if size == 0 || size > len(data)-whole {
			return whole
		}
		whole += size
	}
}

// countUsers counts the users of all records.
func countUsers(records []byte) int {
	users := 0
	for at := 0; at < len(records); at += recordSize(records[at:]) {
		users += int(binary.LittleEndian.Uint32(records[at+8:]) >> 8)
	}
	return users
}

// decode reads a record, with the first of users as room for its users, and gives the rest of the room.
func (c *call) decode(record []byte, users []handlers.User) []handlers.User {
	word := binary.LittleEndian.Uint32(record[8:])
	count := word >> 8
	c.slot = binary.LittleEndian.Uint32(record[4:])
	c.method = word & 0xff
	c.number = binary.LittleEndian.Uint32(record[12:])
	c.users = users[:count:count]
	bytes := record[recordHeader+4*count:]
	for i := range c.users {
		word := binary.LittleEndian.Uint32(record[recordHeader+4*i:])
		n := word >> 8
		c.users[i] = handlers.User{Name: unsafe.String(unsafe.SliceData(bytes), n), Age: uint8(word)}
		bytes = bytes[n:]
	}
	if c.method != methodGive && c.method != methodAnswer {
		c.payload = bytes[:c.number:c.number]
	}
	return users[count:]
}
