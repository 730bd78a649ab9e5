package memring

import (
	"context"
	"sync/atomic"
)

// bell is a doorbell of a queue: an eventfd, or between goroutines a channel.
type bell interface {
	Ringer
	WaitContext(ctx context.Context) error
}

// localBell holds at most one ring, which is all that is wanted: the count means nothing.
type localBell chan struct{}

func newLocalBell() localBell { return make(localBell, 1) }

func (b localBell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

func (b localBell) WaitContext(ctx context.Context) error {
	select {
	case <-b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// countedBell counts how often this end has rung the other's doorbell.
type countedBell struct {
	bell
	// Written by the owner, for Stats; it orders nothing.
	rings atomic.Uint64
}

func (b *countedBell) Ring() {
	b.rings.Add(1)
	b.bell.Ring()
}
