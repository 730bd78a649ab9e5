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
	methodMemory
	methodStream
	methodCallBack
	_ // what unix-socket has alone
	methodTakeEnds
	methodGiveEnds
	methodCount
)

// A record is one request, in 32-bit little-endian words and then bytes, padded to whole words:
//
//	0   size of the record in bytes
//	4   slot: which promise waits for it
//	8   method | count of users << 8
//	12  length of the payload in bytes; for methodGive the answer's length
//	16  for each user: age | length of the name in bytes << 8
//	    the names, one after another, then the payload
const recordHeader = 16

// batch is what one crossing brought: records that lie in Go's own memory. Names and payloads are pieces of it, so a
// handler that keeps one keeps the batch, at most 64 KiB.
type batch struct {
	data  []byte
	users []handlers.User // room for the users of all records not decoded yet
	large []byte          // the payload of the only record, where it came apart from it
}

// call is one decoded record.
type call struct {
	slot    uint32
	method  uint32
	number  uint32
	users   []handlers.User
	payload []byte
}

func newBatch(data []byte, users int) *batch {
	b := &batch{data: data}
	if users > 0 {
		b.users = make([]handlers.User, users)
	}
	return b
}

func newLargeBatch(slot, method uint32, payload []byte) *batch {
	data := make([]byte, recordHeader)
	binary.LittleEndian.PutUint32(data, recordHeader)
	binary.LittleEndian.PutUint32(data[4:], slot)
	binary.LittleEndian.PutUint32(data[8:], method)
	return &batch{data: data, large: payload}
}

// recordSize gives the size of the record at the offset at.
func (b *batch) recordSize(at uint32) uint32 { return binary.LittleEndian.Uint32(b.data[at:]) }

// method gives the method of the record at the offset at.
func (b *batch) method(at uint32) uint32 { return binary.LittleEndian.Uint32(b.data[at+8:]) & 0xff }

// decode reads the record at the offset at. Nothing is copied: the batch is the handlers' memory already.
func (b *batch) decode(at uint32, c *call) {
	record := b.data[at : at+b.recordSize(at)]
	word := binary.LittleEndian.Uint32(record[8:])
	c.slot = binary.LittleEndian.Uint32(record[4:])
	c.method = word & 0xff
	c.number = binary.LittleEndian.Uint32(record[12:])
	if b.large != nil {
		c.users, c.payload = nil, b.large
		return
	}
	count := word >> 8
	c.users, b.users = b.users[:count:count], b.users[count:]
	bytes := record[recordHeader+4*count:]
	for i := range c.users {
		word := binary.LittleEndian.Uint32(record[recordHeader+4*i:])
		n := word >> 8
		c.users[i] = handlers.User{Name: text(bytes[:n]), Age: uint8(word)}
		bytes = bytes[n:]
	}
	if c.method == methodGive {
		c.payload = nil
		return
	}
	c.payload = bytes[:c.number:c.number]
}

// text gives bytes that nobody will write to again the type of a string.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// from gives a batch of the records that begin at the offset at, with room for their users.
func (b *batch) from(at uint32) *batch {
	users := 0
	for p := at; p < uint32(len(b.data)); p += b.recordSize(p) {
		users += int(binary.LittleEndian.Uint32(b.data[p+8:]) >> 8)
	}
	return &batch{data: b.data[at:], users: make([]handlers.User, users), large: b.large}
}
