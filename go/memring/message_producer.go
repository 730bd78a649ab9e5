package memring

import (
	"context"
	"sync/atomic"
	"unsafe"
)

// MessageProducer is the producing end of a MessageRing. It belongs to one goroutine at a time. Errors are as for
// Producer; *MessageTooLongError and ErrMisuse leave it as it was.
type MessageProducer struct {
	producerEnd
	bytes producerSide
	mem   []byte
	// The open claim: where its record begins and ends, as indices, and the length of the message.
	claimed       bool
	record, after uint32
	length        uint32
}

// MaxLength is how many bytes a message has at most.
func (p *MessageProducer) MaxLength() int { return maxLength(p.bytes.capacity) }

// TryClaim returns room for a message of n bytes in the shared memory, to be filled before Commit, or given up by Abort;
// it must not be touched after either. What stands in it is left from earlier messages. It reports false if there is no
// room. It neither blocks nor allocates.
func (p *MessageProducer) TryClaim(n int) ([]byte, bool, error) {
	if err := p.check(n); err != nil {
		return nil, false, err
	}
	if ok, err := p.claim(uint32(n)); !ok {
		return nil, false, err
	}
	p.claimed = true
	return p.view(), true, nil
}

// Claim is TryClaim that blocks while there is no room, until the context ends.
func (p *MessageProducer) Claim(ctx context.Context, n int) ([]byte, error) {
	for {
		view, ok, err := p.TryClaim(n)
		if ok || err != nil {
			return view, err
		}
		if err := p.wait(ctx, p.need(uint32(n))); err != nil {
			return nil, err
		}
	}
}

// Commit publishes the claimed message.
func (p *MessageProducer) Commit() error {
	if !p.claimed {
		return p.noClaim("commit")
	}
	p.claimed = false
	p.write()
	p.bytes.Publish()
	return nil
}

// Abort gives the claim up: nothing is published.
func (p *MessageProducer) Abort() error {
	if !p.claimed {
		return p.noClaim("abort")
	}
	p.claimed = false
	return nil
}

func (p *MessageProducer) noClaim(what string) error {
	if p.err != nil {
		return p.err
	}
	return errMisuse.because("%s without a claim: call TryClaim or Claim first, and end each claim once", what)
}

// TryPush copies a message into the queue, and reports false if there is no room. It neither blocks nor allocates.
func (p *MessageProducer) TryPush(message []byte) (bool, error) {
	if err := p.check(len(message)); err != nil {
		return false, err
	}
	ok, err := p.put(message)
	p.bytes.Publish()
	return ok, err
}

// Push copies a message into the queue. It blocks while there is no room, until the context ends.
func (p *MessageProducer) Push(ctx context.Context, message []byte) error {
	for {
		if ok, err := p.TryPush(message); ok || err != nil {
			return err
		}
		if err := p.wait(ctx, p.need(uint32(len(message)))); err != nil {
			return err
		}
	}
}

// TryPushMany copies as many of the messages into the queue as there is room for, in order, and reports how many. They
// become visible together. If one of them is too long, none is pushed. It neither blocks nor allocates.
func (p *MessageProducer) TryPushMany(messages [][]byte) (int, error) {
	if err := p.checkAll(messages); err != nil {
		return 0, err
	}
	return p.putMany(messages)
}

// PushMany copies all messages into the queue, in order, as many at once as there is room for. If one of them is too
// long, none is pushed. It blocks while there is no room, until the context ends. With an error it reports how many are
// in.
func (p *MessageProducer) PushMany(ctx context.Context, messages [][]byte) (int, error) {
	if err := p.checkAll(messages); err != nil {
		return 0, err
	}
	for done := 0; ; {
		n, err := p.putMany(messages[done:])
		done += n
		if err != nil || done == len(messages) {
			return done, err
		}
		if n > 0 {
			continue
		}
		if err := p.wait(ctx, p.need(uint32(len(messages[done])))); err != nil {
			return done, err
		}
	}
}

// Close says that no more messages come, and wakes the consumer, who reads what is there and then the end. An open claim
// is given up. A second Close does nothing. It does not block.
func (p *MessageProducer) Close() error {
	p.claimed = false
	return p.close()
}

func (p *MessageProducer) checkAll(messages [][]byte) error {
	longest := 0
	for _, m := range messages {
		longest = max(longest, len(m))
	}
	return p.check(longest)
}

// check is what every push and claim begins with.
func (p *MessageProducer) check(n int) error {
	// SYNC POINT: nobody reads. Pairs with the consumer's store of stopped.
	if p.err != nil || p.stopped.Load() != 0 {
		return p.fault()
	}
	if p.claimed {
		return errMisuse.because("a claim is open: commit or abort it first")
	}
	if n < 0 || n > p.MaxLength() {
		return p.tooLong(n)
	}
	return nil
}

func (p *MessageProducer) tooLong(n int) error {
	if n < 0 {
		return errMisuse.because("a message of %d bytes", n)
	}
	return &MessageTooLongError{n, p.MaxLength()}
}

// left is how many bytes there are up to the end of the memory.
func (p *MessageProducer) left() uint32 { return p.bytes.capacity - p.bytes.next&(p.bytes.capacity-1) }

// need is what a message takes from where the next record would begin: with the rest of the memory, if it does not fit
// there.
func (p *MessageProducer) need(length uint32) uint32 {
	size := recordSize(length)
	if left := p.left(); size > left {
		size += left
	}
	return size
}

// claim finds room for a message; nothing is written yet.
func (p *MessageProducer) claim(length uint32) (bool, error) {
	need := p.need(length)
	if p.bytes.room() < need {
		if room, err := p.bytes.lookAgain(need); !room {
			return false, p.full(err)
		}
	}
	p.length = length
	p.after = p.bytes.next + need
	p.record = p.after - recordSize(length)
	return true, nil
}

// view is where the message goes.
func (p *MessageProducer) view() []byte {
	at := p.record&(p.bytes.capacity-1) + recordHeader
	return p.mem[at : at+p.length : at+p.length]
}

// write makes a record of what was claimed. The padding before it, if any, is published by the same store of tail.
func (p *MessageProducer) write() {
	if p.record != p.bytes.next {
		lengthAt(p.mem, p.bytes.next&(p.bytes.capacity-1)).Store(padding)
	}
	at := p.record & (p.bytes.capacity - 1)
	// length, and reserved as 0.
	*(*uint64)(unsafe.Pointer(&p.mem[at])) = uint64(p.length)
	p.bytes.next = p.after
}

// put writes a message and does not publish it.
func (p *MessageProducer) put(message []byte) (bool, error) {
	if ok, err := p.claim(uint32(len(message))); !ok {
		return false, err
	}
	copy(p.view(), message)
	p.write()
	return true, nil
}

// putMany writes as many messages as there is room for, and publishes them together.
func (p *MessageProducer) putMany(messages [][]byte) (int, error) {
	// SYNC POINT: nobody reads. Pairs with the consumer's store of stopped.
	if p.stopped.Load() != 0 {
		return 0, p.fault()
	}
	for done, m := range messages {
		ok, err := p.put(m)
		if ok {
			continue
		}
		p.bytes.Publish()
		if done > 0 {
			// What is wrong is found again by the next call.
			return done, nil
		}
		return 0, err
	}
	p.bytes.Publish()
	return len(messages), nil
}

// lengthAt is a record's first word. It is published by the store of tail and needs no order of its own; it is atomic so
// that it is read once.
func lengthAt(mem []byte, at uint32) *atomic.Uint32 { return word(mem, uint64(at)) }
