// Package flow is streams made of calls, for contenders whose frames are written by hand: Node asks for batches of items
// and brings batches, each as one call with a payload. A call that waits for its answer is a credit, so that no side
// is ever more than a window ahead. src/contenders/flow is the other end.
package flow

import (
	"encoding/binary"
	"iter"
	"math"
	"sync"

	"example.test/bench/handlers"
)

// What a call is about. The first three begin a stream, and are answered at once.
const (
	opReadings = iota // Go sends so many readings
	opTotal           // Node sends; the answer to its last push is their total
	opMirror          // Node sends, and Go sends them back
	opPull            // answered with the next batch, or with nothing at the end
	opPush            // brings a batch, or nothing at the end; answered when the batch is taken
)

// A payload is the op, the number of its stream, a count and a word that is not used; then items, each a number, a word
// that is not used, and a value of 64 bits. All are little-endian.
const (
	headerSize = 16
	itemSize   = 16
	// batchItems is how many items travel together, at most.
	batchItems = 256
	// window is how many pulls wait while a stream is open, and how many pushes may.
	window = 4
)

// Answer answers the call in a slot with bytes that nobody writes to any more. Any goroutine may call it.
type Answer func(slot uint32, bytes []byte)

// Streams are the streams of one Node.
type Streams struct {
	answer Answer

	mu   sync.Mutex // guards open
	open map[uint32]*stream
}

// NewStreams returns Streams that answer by answer.
func NewStreams(answer Answer) *Streams {
	return &Streams{answer: answer, open: map[uint32]*stream{}}
}

type stream struct {
	answer Answer
	pulls  chan uint32 // slots
	pushes chan push
	last   uint32 // the slot of the push that was the end
}

type push struct {
	slot  uint32
	items []byte
}

// Take takes a call, in the order in which Node made them. It never blocks, and keeps the payload.
func (s *Streams) Take(slot uint32, payload []byte) {
	op, id := binary.LittleEndian.Uint32(payload), binary.LittleEndian.Uint32(payload[4:])
	s.mu.Lock()
	one := s.open[id]
	if op < opPull {
		one = &stream{answer: s.answer, pulls: make(chan uint32, window), pushes: make(chan push, window+1)}
		s.open[id] = one
	}
	s.mu.Unlock()
	switch op {
	case opPull:
		one.pulls <- slot
	case opPush:
		one.pushes <- push{slot: slot, items: payload[headerSize:]}
	default:
		s.answer(slot, nil)
		go func() {
			one.run(op, binary.LittleEndian.Uint32(payload[8:]))
			s.mu.Lock()
			delete(s.open, id)
			s.mu.Unlock()
		}()
	}
}

func (s *stream) run(op, count uint32) {
	out := batch{stream: s}
	switch op {
	case opReadings:
		out.send(handlers.Readings(count, reading))
	case opTotal:
		total, _ := handlers.Total(s.items(func() {}), parts)
		s.answer(s.last, binary.LittleEndian.AppendUint64(nil, math.Float64bits(total)))
		return
	case opMirror:
		out.send(handlers.Mirror(s.items(out.flush)))
		s.answer(s.last, nil)
	}
	out.end()
}

// items yields what Node pushes. idle is called before it waits for more.
func (s *stream) items(idle func()) iter.Seq2[handlers.Reading, error] {
	return func(yield func(handlers.Reading, error) bool) {
		for one := range s.pushes {
			if len(one.items) == 0 {
				s.last = one.slot
				return
			}
			s.answer(one.slot, nil)
			for items := one.items; len(items) > 0; items = items[itemSize:] {
				value := math.Float64frombits(binary.LittleEndian.Uint64(items[8:]))
				if !yield(reading(binary.LittleEndian.Uint32(items), value), nil) {
					return
				}
			}
			if len(s.pushes) == 0 {
				idle()
			}
		}
	}
}

// batch gathers what goes to Node.
type batch struct {
	stream *stream
	bytes  []byte
}

func (b *batch) send(readings iter.Seq2[handlers.Reading, error]) {
	for one := range readings {
		b.bytes = binary.LittleEndian.AppendUint64(b.bytes, uint64(one.ID))
		b.bytes = binary.LittleEndian.AppendUint64(b.bytes, math.Float64bits(one.Value))
		if len(b.bytes) == batchItems*itemSize {
			b.flush()
		}
	}
	b.flush()
}

// flush waits for a pull and answers it with what there is.
func (b *batch) flush() {
	if len(b.bytes) > 0 {
		b.stream.answer(<-b.stream.pulls, b.bytes)
		b.bytes = make([]byte, 0, batchItems*itemSize)
	}
}

// end answers the pulls that still wait: Node pulls once more for each batch and not for the end, so they are a window.
func (b *batch) end() {
	for range window {
		b.stream.answer(<-b.stream.pulls, nil)
	}
}

func reading(id uint32, value float64) handlers.Reading {
	return handlers.Reading{ID: id, Value: value}
}

func parts(r handlers.Reading) (uint32, float64) { return r.ID, r.Value }
