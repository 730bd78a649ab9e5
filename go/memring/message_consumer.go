package memring

import (
	"context"
	"fmt"
	"iter"
)

// MessageConsumer is the consuming end of a MessageRing. It belongs to one goroutine at a time. Errors are as for
// Consumer.
type MessageConsumer struct {
	consumerEnd
	bytes consumerSide
	mem   []byte
	// A message is peeked at and not released yet, and where it lies.
	peeked bool
	view   []byte
}

// MaxLength is how many bytes a message has at most.
func (c *MessageConsumer) MaxLength() int { return maxLength(c.bytes.capacity) }

// TryPeek returns the next message where it lies, in the shared memory: it is the reader's until Release, and must not
// be touched after. A peer that breaks the rules may change it meanwhile: read once what is checked. It reports false if
// there is none. Peeking again before Release returns the same message. It neither blocks nor allocates.
func (c *MessageConsumer) TryPeek() ([]byte, bool, error) {
	if c.peeked {
		return c.view, true, nil
	}
	if err := c.check(); err != nil {
		return nil, false, err
	}
	view, ok, err := c.take()
	c.peeked, c.view = ok, view
	return view, ok, err
}

// Peek is TryPeek that blocks while there is no message, until the context ends.
func (c *MessageConsumer) Peek(ctx context.Context) ([]byte, error) {
	for {
		view, ok, err := c.TryPeek()
		if ok || err != nil {
			return view, err
		}
		if err := c.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// Release gives the message that was peeked at back to the producer.
func (c *MessageConsumer) Release() error {
	if !c.peeked {
		if c.err != nil {
			return c.err
		}
		return errMisuse.because("release without a peek: call TryPeek or Peek first, and release once")
	}
	c.peeked, c.view = false, nil
	c.bytes.Release()
	return nil
}

// TryPop returns a copy of the next message, and reports false if there is none. It does not block. It allocates the
// copy.
func (c *MessageConsumer) TryPop() ([]byte, bool, error) {
	if err := c.check(); err != nil {
		return nil, false, err
	}
	view, ok, err := c.take()
	if !ok {
		return nil, false, err
	}
	message := own(view)
	c.bytes.Release()
	return message, true, nil
}

// Pop returns a copy of the next message. It blocks while there is none, until the context ends.
func (c *MessageConsumer) Pop(ctx context.Context) ([]byte, error) {
	for {
		message, ok, err := c.TryPop()
		if ok || err != nil {
			return message, err
		}
		if err := c.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// TryPopMany fills buf with copies of as many messages as there are, in order, and reports how many. It does not block.
// It allocates the copies.
func (c *MessageConsumer) TryPopMany(buf [][]byte) (int, error) {
	if err := c.check(); err != nil {
		return 0, err
	}
	for n := range buf {
		view, ok, err := c.take()
		if !ok {
			c.bytes.Release()
			if n > 0 {
				// What is wrong is found again by the next call.
				return n, nil
			}
			return 0, err
		}
		buf[n] = own(view)
	}
	c.bytes.Release()
	return len(buf), nil
}

// PopMany is TryPopMany that blocks while there is no message, until the context ends.
func (c *MessageConsumer) PopMany(ctx context.Context, buf [][]byte) (int, error) {
	for {
		n, err := c.TryPopMany(buf)
		if n > 0 || err != nil || len(buf) == 0 {
			return n, err
		}
		if err := c.wait(ctx); err != nil {
			return 0, err
		}
	}
}

// All ranges over copies of the messages up to the end, waiting for them. An error ends it; io.EOF is none.
func (c *MessageConsumer) All(ctx context.Context) iter.Seq2[[]byte, error] { return all(ctx, c.Pop) }

// Close says that nothing is read any more, and wakes the producer. What was peeked at must not be touched any more. A
// second Close does nothing. It does not block.
func (c *MessageConsumer) Close() error {
	c.peeked = false
	return c.close()
}

// own is a copy on the heap; of the empty message, too, one that is not nil.
func own(view []byte) []byte {
	message := make([]byte, len(view))
	copy(message, view)
	return message
}

// check is what every pop and peek begins with.
func (c *MessageConsumer) check() error {
	if c.err != nil {
		return c.err
	}
	if c.peeked {
		return errMisuse.because("a message is peeked at: release it first")
	}
	return nil
}

// take finds the next message. It is the producer's again only after bytes.Release.
func (c *MessageConsumer) take() ([]byte, bool, error) {
	for c.bytes.next == c.bytes.cachedTail {
		found, err := c.bytes.lookAgain()
		if found {
			break
		}
		if again, err := c.emptied(err); !again {
			return nil, false, err
		}
	}
	view, err := c.read()
	if err != nil {
		return nil, false, c.fail(err)
	}
	return view, true, nil
}

// read moves past the next record, and past the padding before it. There is something to read; whether it is a record,
// nobody has checked yet.
func (c *MessageConsumer) read() ([]byte, error) {
	next, mask := c.bytes.next, c.bytes.capacity-1
	available := c.bytes.cachedTail - next
	left := c.bytes.capacity - next&mask
	length := lengthAt(c.mem, next&mask).Load()
	if length == padding {
		// A record follows it, published by the same store, at the beginning of the memory: there is no second padding.
		if left >= available {
			return nil, &DamagedError{fmt.Sprintf("a padding of %d bytes and no record behind it in the %d bytes that are published", left, available)}
		}
		next += left
		available -= left
		left = c.bytes.capacity
		length = lengthAt(c.mem, 0).Load()
	}
	if most := min(available, left) - recordHeader; length > most || recordSize(length) > recordHeader+most || length > uint32(c.MaxLength()) {
		return nil, &DamagedError{fmt.Sprintf("a message of %d bytes, with %d published and %d before the end of the memory", length, available, left)}
	}
	c.bytes.next = next + recordSize(length)
	at := next&mask + recordHeader
	return c.mem[at : at+length : at+length], nil
}
