package main

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

// surroundings says what came with its calls.
type surroundings struct {
	mu    sync.Mutex
	notes []gen.Seen
	later chan later
}

type later struct {
	seen gen.Seen
	err  error
}

func seen(ctx context.Context, words ...string) gen.Seen {
	return gen.Seen{Metadata: ts2go.MetadataFrom(ctx), Words: words}
}

func (*surroundings) Look(ctx context.Context, words []string) (gen.Seen, error) {
	return seen(ctx, words...), nil
}

func (*surroundings) Count(ctx context.Context, n int32) (gen.Seen, error) {
	return seen(ctx, fmt.Sprint(n)), nil
}

func (*surroundings) Nothing(ctx context.Context) (gen.Seen, error) { return seen(ctx), nil }

func (s *surroundings) Note(ctx context.Context, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, seen(ctx, text))
}

func (s *surroundings) Notes(context.Context) ([]gen.Seen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notes, nil
}

func (*surroundings) Items(ctx context.Context, words iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		md := ts2go.MetadataFrom(ctx)
		for _, key := range md.Keys() {
			if !yield(key+"="+md.Get(key), nil) {
				return
			}
		}
		for word, err := range words {
			if !yield(word, err) {
				return
			}
		}
	}
}

func (*surroundings) Back(ctx context.Context, how string, metadata map[string]string) (gen.Seen, error) {
	ctx = ts2go.WithMetadata(ctx, metadata)
	witness := gen.WitnessOf(ctx)
	switch how {
	case "look":
		return witness.Look(ctx, []string{"from", "Go"})
	case "count":
		return witness.Count(ctx, -7)
	case "nothing":
		return witness.Nothing(ctx)
	case "invalid":
		return witness.Look(ts2go.WithMetadata(ctx, ts2go.Metadata{"text": "\xff"}), nil)
	case "added":
		return witness.Count(ts2go.WithMetadata(ctx, ts2go.Metadata{"tenant": "inner"}), 1)
	default:
		witness.Tell(ctx, how)
		return gen.Seen{}, nil
	}
}

func (*surroundings) Forward(ctx context.Context) (gen.Seen, error) {
	return gen.WitnessOf(ctx).Nothing(ts2go.WithMetadata(ctx, ts2go.MetadataFrom(ctx)))
}

func (s *surroundings) GoOn(ctx context.Context) error {
	go func() {
		<-ctx.Done()
		seen, err := gen.WitnessOf(ctx).Nothing(context.WithoutCancel(ctx))
		s.later <- later{seen, err}
	}()
	return nil
}

func (s *surroundings) Later(context.Context) (gen.Seen, error) {
	l := <-s.later
	return l.seen, l.err
}
