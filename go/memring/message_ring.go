package memring

// MessageRing is a queue of messages: byte strings of any length up to MaxLength. It owns the memory; MessageProducer
// and MessageConsumer are its two ends, at most one each over all processes. Its methods may be called from any
// goroutine; none blocks.
type MessageRing struct{ queue }

func messageHeader() queueHeader { return queueHeader{shape: shapeMessages, entrySize: recordAlign} }

// CreateMessageRing makes a queue of messages in memory that other processes can map: a sealed memfd and two eventfds.
// The capacity, in bytes, is rounded up to a power of two from 32 to 2^30. Fails with ErrInvalidOption or ErrNoMemory.
func CreateMessageRing(capacity uint32) (*MessageRing, error) {
	h := messageHeader()
	if err := h.chooseCapacity(capacity); err != nil {
		return nil, err
	}
	r := &MessageRing{}
	return orNil(r, createQueue(&r.queue, h))
}

// OpenMessageRing opens a queue of messages that another process has made, with the fds as Fds gives them. It takes them
// over, and closes them if it fails: with a *HeaderError or ErrNoMemory.
func OpenMessageRing(fds [3]int) (*MessageRing, error) {
	r := &MessageRing{}
	return orNil(r, openQueue(&r.queue, messageHeader(), fds))
}

// NewHeapMessageRing makes a queue of messages between goroutines, in ordinary memory. The capacity is as for
// CreateMessageRing.
func NewHeapMessageRing(capacity uint32) (*MessageRing, error) {
	h := messageHeader()
	if err := h.chooseCapacity(capacity); err != nil {
		return nil, err
	}
	r := &MessageRing{}
	heapQueue(&r.queue, h)
	return r, nil
}

// MaxLength is how many bytes a message has at most: so many fit an empty queue wherever the next record begins.
func (r *MessageRing) MaxLength() int { return maxLength(r.header.capacity) }

func maxLength(capacity uint32) int { return int(capacity/2 - recordHeader) }

// recordSize is what a message of so many bytes takes, in bytes.
func recordSize(length uint32) uint32 {
	return recordHeader + (length+recordAlign-1)/recordAlign*recordAlign
}

// An index of messages is a multiple of this, less 1.
const oddBits = recordAlign - 1

// Producer takes the producer's role. Fails with ErrRoleTaken, ErrInvalidOption, ErrClosed or a *DamagedError.
func (r *MessageRing) Producer(opts ...Option) (*MessageProducer, error) {
	p := &MessageProducer{}
	return orNil(p, r.take(producerRole, consumerRole, opts, &p.end, func(mem []byte) error {
		p.bytes = newProducerSide(mem, r.place(), p.other)
		p.bytes.odd = oddBits
		p.side = &p.bytes
		p.stopped = word(mem, wordStopped)
		p.mem = mem[data : data+uint64(r.header.capacity)]
		return oddIndex("tail", p.bytes.next)
	}))
}

// Consumer takes the consumer's role. Fails with ErrRoleTaken, ErrInvalidOption, ErrClosed or a *DamagedError.
func (r *MessageRing) Consumer(opts ...Option) (*MessageConsumer, error) {
	c := &MessageConsumer{}
	return orNil(c, r.take(consumerRole, producerRole, opts, &c.end, func(mem []byte) error {
		c.bytes = newConsumerSide(mem, r.place(), c.other)
		c.bytes.odd = oddBits
		c.side = &c.bytes
		c.shut = word(mem, wordClosed)
		c.mem = mem[data : data+uint64(r.header.capacity)]
		return oddIndex("head", c.bytes.next)
	}))
}

// oddIndex checks the index that an end begins with: it comes out of the memory.
func oddIndex(name string, index uint32) error {
	if index&oddBits != 0 {
		return &DamagedError{name + " lies inside a record"}
	}
	return nil
}
