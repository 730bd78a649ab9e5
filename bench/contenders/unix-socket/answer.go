package main

import (
	"encoding/binary"

	"example.test/bench/handlers"
)

// What the value of an answer is.
const (
	answerBool = iota
	answerNumber
	answerBytes
	answerAsk // no answer: a call of Go's, whose slot and number these are
)

// answer is three words on the wire, slot, kind and value, and where the value is a length so many bytes.
type answer struct {
	slot, kind, value uint32
	bytes             []byte
}

// run runs the handler.
func (c *call) run() answer {
	switch c.method {
	case methodCheck:
		return answer{slot: c.slot, kind: answerBool, value: truth(handlers.Check(c.users, c.payload))}
	case methodCheckSlowly:
		return answer{slot: c.slot, kind: answerBool, value: truth(handlers.CheckSlowly(c.users, c.payload))}
	case methodCheckLong:
		return answer{slot: c.slot, kind: answerBool, value: truth(handlers.CheckLong(c.users, c.payload))}
	case methodCheckBusy:
		return answer{slot: c.slot, kind: answerBool, value: truth(handlers.CheckBusy(c.users, c.payload))}
	case methodTake:
		return answer{slot: c.slot, kind: answerNumber, value: handlers.Take(c.payload)}
	case methodGive:
		return bytesAnswer(c.slot, handlers.Give(c.number))
	case methodTakeEnds:
		return answer{slot: c.slot, kind: answerNumber, value: handlers.TakeEnds(c.payload)}
	case methodGiveEnds:
		size, mark := binary.LittleEndian.Uint32(c.payload), c.payload[4]
		return bytesAnswer(c.slot, handlers.MarkEnds(make([]byte, size), mark))
	default:
		return bytesAnswer(c.slot, handlers.Echo(c.payload))
	}
}

func bytesAnswer(slot uint32, bytes []byte) answer {
	return answer{slot: slot, kind: answerBytes, value: uint32(len(bytes)), bytes: bytes}
}

// appendHead appends the three words.
func (a *answer) appendHead(to []byte) []byte {
	to = binary.LittleEndian.AppendUint32(to, a.slot)
	to = binary.LittleEndian.AppendUint32(to, a.kind)
	return binary.LittleEndian.AppendUint32(to, a.value)
}

func truth(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
