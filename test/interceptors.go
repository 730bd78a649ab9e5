package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

// guarded fails, and is stood around.
type guarded struct {
	mu       sync.Mutex
	failures uint32
	lines    []string
}

func (g *guarded) Flaky(_ context.Context, failures uint32) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failures++; g.failures <= failures {
		return "", &codedError{fmt.Sprintf("failure %d", g.failures), "E_FLAKY"}
	}
	g.failures = 0
	return "at last", nil
}

func (g *guarded) Large(_ context.Context, n uint32) ([]byte, error) { return make([]byte, n), nil }

func (g *guarded) Tell(ctx context.Context, text string) {
	g.note("told " + text + " by " + fmt.Sprint(ctx.Value(userKey{})))
}

func (g *guarded) Count(_ context.Context, n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (g *guarded) Log(context.Context) ([]string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := g.lines
	g.lines = nil
	return lines, nil
}

func (g *guarded) note(line string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines = append(g.lines, line)
}

// userKey is of what auth tells the handler.
type userKey struct{}

// logging is outermost.
func (g *guarded) logging(ctx context.Context, call *ts2go.CallInfo, next func(context.Context) error) error {
	if call.Method == "Guarded.log" {
		return next(ctx)
	}
	err := next(ctx)
	g.note(fmt.Sprintf("%s streams=%t err=%v", call.Method, call.Streams, err))
	return err
}

// auth refuses whoever has no token, and tells the handler who it is.
func (g *guarded) auth(ctx context.Context, call *ts2go.CallInfo, next func(context.Context) error) error {
	if call.Method == "Guarded.log" {
		return next(ctx)
	}
	switch token := ts2go.MetadataFrom(ctx).Get("Authorization"); token {
	case "":
		return &codedError{"who are you?", "E_UNAUTHENTICATED"}
	case "panic":
		panic("an interceptor's own")
	default:
		return next(context.WithValue(ctx, userKey{}, token))
	}
}

// odd does what the metadata says: it retries, keeps silent, or calls twice.
func (g *guarded) odd(ctx context.Context, call *ts2go.CallInfo, next func(context.Context) error) error {
	switch ts2go.MetadataFrom(ctx).Get("odd") {
	case "retry":
		var err error
		for range 5 {
			var coded *codedError
			if err = next(ctx); !errors.As(err, &coded) {
				return err
			}
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

func serveGuarded() *ts2go.Service {
	g := &guarded{}
	return gen.ServeGuarded(g).With(g.odd).With(g.logging, g.auth)
}
