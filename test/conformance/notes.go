package main

import (
	"context"
	"runtime"
	"sync"
)

// notes keeps what one-way calls bring.
type notes struct {
	mu sync.Mutex
	// Guarded by mu: lines by name, and who waits for more of them.
	lines map[string][]string
	more  chan struct{}
}

func newNotes() *notes { return &notes{lines: map[string][]string{}, more: make(chan struct{})} }

func (n *notes) Note(_ context.Context, name, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines[name] = append(n.lines[name], text)
	close(n.more)
	n.more = make(chan struct{})
}

func (n *notes) Notes(ctx context.Context, name string, count uint32) ([]string, error) {
	for {
		n.mu.Lock()
		lines, more := n.lines[name], n.more
		n.mu.Unlock()
		if len(lines) >= int(count) {
			return lines, nil
		}
		if err := wait(ctx, more); err != nil {
			return nil, err
		}
	}
}

func (*notes) NoteFailing(_ context.Context, how string) {
	if how == "goexit" {
		runtime.Goexit()
	}
	panic(how)
}
