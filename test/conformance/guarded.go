package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// guarded has interceptors around its handlers.
type guarded struct {
	notes *notes
	mu    sync.Mutex
	// Guarded by mu: calls of Flaky by name.
	calls map[string]uint32
}

func serveGuarded() *ts2go.Service {
	g := &guarded{notes: newNotes(), calls: map[string]uint32{}}
	return gen.ServeGuarded(g).With(odd).With(g.logging, auth)
}

// userKey is of what auth tells the handler.
type userKey struct{}

func userOf(ctx context.Context) string { return fmt.Sprint(ctx.Value(userKey{})) }

// logging is outermost: it keeps a line of how each call has ended beneath the name that the metadata has for it.
func (g *guarded) logging(ctx context.Context, call *ts2go.CallInfo, next func(context.Context) error) error {
	err := next(ctx)
	if name := ts2go.MetadataFrom(ctx).Get("log"); name != "" {
		g.notes.Note(ctx, name, fmt.Sprintf("%s streams=%t err=%v", call.Method, call.Streams, err))
	}
	return err
}

// auth tells the handler who it is, and refuses who says to be nobody.
func auth(ctx context.Context, _ *ts2go.CallInfo, next func(context.Context) error) error {
	switch user := ts2go.MetadataFrom(ctx).Get("user"); user {
	case "nobody":
		return &codedError{"who are you?", "UNAUTHENTICATED"}
	case "trouble":
		panic("an interceptor's own")
	default:
		return next(context.WithValue(ctx, userKey{}, user))
	}
}

// odd is innermost, and does what the metadata says.
func odd(ctx context.Context, _ *ts2go.CallInfo, next func(context.Context) error) error {
	switch ts2go.MetadataFrom(ctx).Get("odd") {
	case "retry":
		err := next(ctx)
		for range 5 {
			if err == nil {
				break
			}
			err = next(ctx)
		}
		return err
	case "silent":
		return nil
	case "swallow":
		_ = next(ctx)
		return nil
	case "twice":
		if err := next(ctx); err != nil {
			return err
		}
		return next(ctx)
	case "late":
		if err := next(ctx); err != nil {
			return err
		}
		return errors.New("refused after all")
	}
	return next(ctx)
}

func (g *guarded) Flaky(_ context.Context, name string, failures uint32) (uint32, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls[name]++
	if n := g.calls[name]; n <= failures {
		return 0, fmt.Errorf("failure %d", n)
	}
	return g.calls[name], nil
}

func (*guarded) Large(_ context.Context, n uint32) ([]byte, error) { return make([]byte, n), nil }

func (*guarded) Count(_ context.Context, n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (*guarded) Sum(ctx context.Context, values iter.Seq2[float64, error]) (sum float64, err error) {
	for value, err := range values {
		if err != nil {
			return 0, err
		}
		sum += value
	}
	return sum, nil
}

func (*guarded) Who(ctx context.Context) (string, error) { return userOf(ctx), nil }

func (g *guarded) Tell(ctx context.Context, name string) { g.notes.Note(ctx, name, userOf(ctx)) }

func (g *guarded) Lines(ctx context.Context, name string, n uint32) ([]string, error) {
	return g.notes.Notes(ctx, name, n)
}
