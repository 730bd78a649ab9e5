package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// gate is a meeting point of handlers and of the case that called them, by name.
type gate struct {
	begun, released, ended chan struct{}
	beginning, releasing   sync.Once
	ending                 sync.Once
	// What the first handler to end has said. Written before ended is closed.
	end   string
	steps chan struct{}
	count atomic.Uint32
}

// stepsMax is how many steps may be made ahead of the handler that takes them.
const stepsMax = 1000

// gates finds gates; the first who names one makes it.
type gates struct {
	mu sync.Mutex
	// Guarded by mu.
	byName map[string]*gate
}

func (g *gates) of(name string) *gate {
	g.mu.Lock()
	defer g.mu.Unlock()
	found := g.byName[name]
	if found == nil {
		found = &gate{
			begun:    make(chan struct{}),
			released: make(chan struct{}),
			ended:    make(chan struct{}),
			steps:    make(chan struct{}, stepsMax),
		}
		g.byName[name] = found
	}
	return found
}

// enter counts, and lets those go on who wait for a handler to begin.
func (g *gate) enter() {
	g.count.Add(1)
	g.beginning.Do(func() { close(g.begun) })
}

func (g *gate) leave(end string) {
	g.ending.Do(func() {
		g.end = end
		close(g.ended)
	})
}

// endOf is what a context says of its end.
func endOf(ctx context.Context) string { return fmt.Sprintf("%v: %v", ctx.Err(), context.Cause(ctx)) }

func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gates) Hold(ctx context.Context, name string) (string, error) {
	at := g.of(name)
	at.enter()
	if err := wait(ctx, at.released); err != nil {
		at.leave(endOf(ctx))
		return "", err
	}
	at.leave("released")
	return "released", nil
}

func (g *gates) Stubborn(ctx context.Context, name string, data []byte) ([]byte, error) {
	at := g.of(name)
	at.enter()
	<-at.released
	at.leave(endOf(ctx))
	return data, nil
}

func (g *gates) Begun(ctx context.Context, name string) error { return wait(ctx, g.of(name).begun) }

func (g *gates) Release(_ context.Context, name string) error {
	at := g.of(name)
	at.releasing.Do(func() { close(at.released) })
	return nil
}

func (g *gates) Ends(ctx context.Context, name string) (string, error) {
	at := g.of(name)
	if err := wait(ctx, at.ended); err != nil {
		return "", err
	}
	return at.end, nil
}

func (g *gates) HasEnded(_ context.Context, name string) (bool, error) {
	select {
	case <-g.of(name).ended:
		return true, nil
	default:
		return false, nil
	}
}

func (g *gates) Times(_ context.Context, name string) (uint32, error) {
	return g.of(name).count.Load(), nil
}

func (g *gates) Step(_ context.Context, name string) error {
	g.of(name).steps <- struct{}{}
	return nil
}
