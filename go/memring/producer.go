package memring

import "context"

// Producer is the producing end of a Ring. It belongs to one goroutine at a time. Every entry is visible to the consumer
// when the call returns.
//
// An error other than a context's, ErrMisuse or ErrNoMemory is the end of it: every further call returns the same.
// ErrClosed: this end was closed, or the consumer has stopped. *PeerDiedError: the consumer's process has ended, which
// is noticed when there is no room. *DamagedError: the consumer has written what can't be.
type Producer[T any] struct {
	producerEnd
	raw RawProducer[T]
}

// TryPush copies v into the ring, and reports false if the ring is full. It neither blocks nor allocates.
func (p *Producer[T]) TryPush(v T) (bool, error) {
	// SYNC POINT: nobody reads. Pairs with the consumer's store of stopped.
	if p.err != nil || p.stopped.Load() != 0 {
		return false, p.fault()
	}
	ok, err := p.raw.Push(&v)
	if !ok {
		return false, p.full(err)
	}
	p.raw.Publish()
	return true, nil
}

// Push copies v into the ring. It blocks while the ring is full, until the context ends.
func (p *Producer[T]) Push(ctx context.Context, v T) error {
	for {
		if ok, err := p.TryPush(v); ok || err != nil {
			return err
		}
		if err := p.wait(ctx, 1); err != nil {
			return err
		}
	}
}

// TryPushMany copies as many of vs into the ring as there is room for, in order, and reports how many. They become
// visible together. It neither blocks nor allocates.
func (p *Producer[T]) TryPushMany(vs []T) (int, error) {
	// SYNC POINT: nobody reads. Pairs with the consumer's store of stopped.
	if p.err != nil || p.stopped.Load() != 0 {
		return 0, p.fault()
	}
	n, err := p.raw.PushMany(vs)
	if n == 0 && len(vs) > 0 {
		return 0, p.full(err)
	}
	p.raw.Publish()
	return n, nil
}

// PushMany copies all of vs into the ring, in order, as many at once as there is room for. It blocks while the ring is
// full, until the context ends. With an error it reports how many are in.
func (p *Producer[T]) PushMany(ctx context.Context, vs []T) (int, error) {
	for done := 0; ; {
		n, err := p.TryPushMany(vs[done:])
		done += n
		if err != nil || done == len(vs) {
			return done, err
		}
		if n > 0 {
			continue
		}
		if err := p.wait(ctx, 1); err != nil {
			return done, err
		}
	}
}

// Close says that no more entries come, and wakes the consumer, who reads what is there and then the end. A second Close
// does nothing. It does not block.
func (p *Producer[T]) Close() error { return p.close() }
