package flow

import (
	"encoding/binary"
	"math"
	"testing"

	"example.test/bench/handlers"
)

// node is the other end: it makes calls and reads their answers in their order.
type node struct {
	streams *Streams
	slots   uint32
	answers map[uint32]chan []byte
}

func newNode() *node {
	n := &node{answers: map[uint32]chan []byte{}}
	for slot := range uint32(1000) {
		n.answers[slot] = make(chan []byte, 1)
	}
	n.streams = NewStreams(func(slot uint32, bytes []byte) { n.answers[slot] <- bytes })
	return n
}

func (n *node) call(op, count uint32, items ...handlers.Reading) chan []byte {
	payload := make([]byte, headerSize)
	for i, word := range []uint32{op, 7, count} {
		binary.LittleEndian.PutUint32(payload[4*i:], word)
	}
	b := batch{bytes: payload}
	for _, one := range items {
		b.bytes = binary.LittleEndian.AppendUint64(b.bytes, uint64(one.ID))
		b.bytes = binary.LittleEndian.AppendUint64(b.bytes, math.Float64bits(one.Value))
	}
	n.slots++
	n.streams.Take(n.slots, b.bytes)
	return n.answers[n.slots]
}

// readAll pulls as Node does, and gives the numbers of what came and the sizes of the batches.
func (n *node) readAll() (ids []uint32, sizes []int) {
	var pulls []chan []byte
	for range window {
		pulls = append(pulls, n.call(opPull, 0))
	}
	for {
		bytes := <-pulls[0]
		pulls = pulls[1:]
		if len(bytes) == 0 {
			for _, rest := range pulls {
				<-rest
			}
			return ids, sizes
		}
		pulls = append(pulls, n.call(opPull, 0))
		sizes = append(sizes, len(bytes)/itemSize)
		for ; len(bytes) > 0; bytes = bytes[itemSize:] {
			ids = append(ids, binary.LittleEndian.Uint32(bytes))
		}
	}
}

func TestReadingsComeInOrderAndInBatches(t *testing.T) {
	for _, count := range []uint32{0, 1, batchItems, 10*batchItems + 1} {
		n := newNode()
		<-n.call(opReadings, count)
		ids, sizes := n.readAll()
		if uint32(len(ids)) != count || len(sizes) != int(count+batchItems-1)/batchItems {
			t.Errorf("%d readings came in %d batches, want %d", len(ids), len(sizes), count)
		}
		for i, id := range ids {
			if id != uint32(i) {
				t.Fatalf("reading %d has the number %d", i, id)
			}
		}
	}
}

func TestWhatIsMirroredDoesNotWaitForAFullBatch(t *testing.T) {
	n := newNode()
	<-n.call(opMirror, 0)
	first := n.call(opPull, 0)
	<-n.call(opPush, 0, handlers.Reading{ID: 3, Value: 1.5})
	if got := <-first; len(got) != itemSize || binary.LittleEndian.Uint32(got) != 3 {
		t.Errorf("got % x, want the reading that was pushed", got)
	}
	end := n.call(opPush, 0)
	n.readAll()
	if got := <-end; len(got) != 0 {
		t.Errorf("the end was answered with % x", got)
	}
}

func TestTotalAnswersTheLastPush(t *testing.T) {
	n := newNode()
	<-n.call(opTotal, 0)
	<-n.call(opPush, 0, handlers.Reading{ID: 1, Value: 0.5}, handlers.Reading{ID: 2, Value: 1})
	<-n.call(opPush, 0, handlers.Reading{ID: 3, Value: 1.5})
	got := math.Float64frombits(binary.LittleEndian.Uint64(<-n.call(opPush, 0)))
	if got != 9 {
		t.Errorf("got %v, want 9", got)
	}
}
