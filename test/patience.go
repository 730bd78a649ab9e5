package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

type patience struct {
	mu   sync.Mutex
	ends []string
}

func (p *patience) Wait(ctx context.Context, name string, ms uint32) (string, error) {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return "slept", nil
	case <-ctx.Done():
		p.mu.Lock()
		p.ends = append(p.ends, fmt.Sprintf("%s: %T %v", name, context.Cause(ctx), context.Cause(ctx)))
		p.mu.Unlock()
		return "", ctx.Err()
	}
}

func (*patience) Ignore(_ context.Context, _ []byte, ms uint32) error {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return nil
}

func (*patience) Remaining(ctx context.Context) (float64, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0, nil
	}
	return float64(time.Until(deadline)) / float64(time.Millisecond), nil
}

func (p *patience) Ends(context.Context) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.ends...), nil
}
