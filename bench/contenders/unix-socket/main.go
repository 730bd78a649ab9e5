// Command unix-socket is the Go side of hand-written binary frames over a unix socket. README.md beside this file says
// why it is written as it is.
package main

import (
	"io"
	"log"
	"net"

	"example.test/bench/callback"
	"example.test/bench/child"
	"example.test/bench/flow"
	"example.test/bench/handlers"
)

const (
	// readSize is how many bytes are read at a time, at most.
	readSize = 256 << 10
	// aloneSize is the size in bytes from which a request is read into memory of its own.
	aloneSize = 16 << 10
	// gatherSize is how many bytes of answers are gathered before they are passed on.
	gatherSize = 64 << 10
)

func main() {
	listener := child.Listen()
	go child.EndWithParent(listener)
	conn, err := listener.Accept()
	if err != nil {
		log.Fatal(err)
	}
	serve(conn)
	select {} // Node is gone: [child.EndWithParent] does the rest
}

// node is the other end of the socket.
type node struct {
	answers *child.Writer
	streams *flow.Streams
	asks    *callback.Slots
}

func newNode(conn net.Conn) *node {
	n := &node{answers: child.NewWriter(conn)}
	n.streams = flow.NewStreams(func(slot uint32, bytes []byte) { n.answer(bytesAnswer(slot, bytes)) })
	n.asks = callback.NewSlots(func(slot, number uint32) {
		n.answer(answer{slot: slot, kind: answerAsk, value: number})
	})
	return n
}

func (n *node) answer(a answer) { n.answers.Append(a.appendHead, a.bytes) }

// serve reads requests until Node is gone.
func serve(conn net.Conn) {
	node := newNode(conn)
	buffer := make([]byte, readSize)
	used := 0
	for {
		n, err := conn.Read(buffer[used:])
		if err != nil {
			return
		}
		used += n
		if whole := wholeRecords(buffer[:used]); whole > 0 {
			// One copy for all: names and payloads are pieces of memory that nobody writes to again.
			node.run(append([]byte(nil), buffer[:whole]...))
			used = copy(buffer, buffer[whole:used])
		}
		if size := recordSize(buffer[:used]); size > aloneSize {
			record := make([]byte, size)
			copy(record, buffer[:used])
			if _, err := io.ReadFull(conn, record[used:]); err != nil {
				return
			}
			used = 0
			node.run(record)
		}
	}
}

// run runs records: here and now those whose handlers return at once, the others on goroutines of their own.
func (n *node) run(records []byte) {
	users := make([]handlers.User, countUsers(records))
	var gathered []byte
	passOn := func() {
		n.answers.Append(func(waiting []byte) []byte { return append(waiting, gathered...) }, nil)
		gathered = gathered[:0]
	}
	for len(records) > 0 {
		size := recordSize(records)
		var c call
		users = c.decode(records[:size], users)
		records = records[size:]
		switch {
		case c.method == methodStream:
			n.streams.Take(c.slot, c.payload)
			continue
		case c.method == methodAnswer:
			n.asks.Answer(c.slot, c.number)
			continue
		case c.method == methodCallBack:
			go func() { n.answer(bytesAnswer(c.slot, callback.RunBytes(c.payload, n.asks.Call))) }()
			continue
		case waits[c.method]:
			go func() { n.answer(c.run()) }()
			continue
		}
		a := c.run()
		if len(a.bytes) > gatherSize {
			n.answer(a)
			continue
		}
		gathered = append(a.appendHead(gathered), a.bytes...)
		if len(gathered) > gatherSize {
			passOn()
		}
	}
	if len(gathered) > 0 {
		passOn()
	}
}
