package memring

import (
	"context"
	"io"
	"iter"
)

// Consumer is the consuming end of a Ring. It belongs to one goroutine at a time. A slot is the producer's again when
// the call returns.
//
// An error other than a context's, ErrMisuse or ErrNoMemory is the end of it: every further call returns the same.
// io.EOF: the producer has closed, and everything was read. ErrClosed: this end was closed. *PeerDiedError: the
// producer's process has ended without closing, and everything was read; this is noticed by calls that wait.
// *DamagedError: the producer has written what can't be.
type Consumer[T any] struct {
	consumerEnd
	raw RawConsumer[T]
}

// TryPop returns the next entry, and reports false if the ring is empty. It neither blocks nor allocates.
func (c *Consumer[T]) TryPop() (v T, ok bool, err error) {
	if c.err != nil {
		return v, false, c.err
	}
	for {
		if ok, err = c.raw.Pop(&v); ok {
			c.raw.Release()
			return v, true, nil
		}
		if again, err := c.emptied(err); !again {
			return v, false, err
		}
	}
}

// Pop returns the next entry. It blocks while the ring is empty, until the context ends.
func (c *Consumer[T]) Pop(ctx context.Context) (T, error) {
	for {
		v, ok, err := c.TryPop()
		if ok || err != nil {
			return v, err
		}
		if err := c.wait(ctx); err != nil {
			return v, err
		}
	}
}

// TryPopMany copies as many entries into buf as there are, in order, and reports how many. It neither blocks nor
// allocates.
func (c *Consumer[T]) TryPopMany(buf []T) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	for {
		n, err := c.raw.PopMany(buf)
		if n > 0 {
			c.raw.Release()
			return n, nil
		}
		if again, err := c.emptied(err); !again || len(buf) == 0 {
			return 0, err
		}
	}
}

// PopMany is TryPopMany that blocks while the ring is empty, until the context ends.
func (c *Consumer[T]) PopMany(ctx context.Context, buf []T) (int, error) {
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

// All ranges over the entries up to the end, waiting for them. An error ends it; io.EOF is none.
func (c *Consumer[T]) All(ctx context.Context) iter.Seq2[T, error] { return all(ctx, c.Pop) }

// Close says that nothing is read any more, and wakes the producer. A second Close does nothing. It does not block.
func (c *Consumer[T]) Close() error { return c.close() }

func all[T any](ctx context.Context, pop func(context.Context) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := pop(ctx)
			if err == io.EOF || !yield(v, err) || err != nil {
				return
			}
		}
	}
}
