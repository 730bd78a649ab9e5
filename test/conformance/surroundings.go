package main

import (
	"context"
	"fmt"
	"iter"

	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// surroundings says what has come beside the arguments, and sends as much.
type surroundings struct {
	gates *gates
	notes *notes
}

func seen(ctx context.Context, words ...string) (gen.Seen, error) {
	return gen.Seen{Metadata: ts2go.MetadataFrom(ctx), Words: words}, nil
}

func (*surroundings) Surroundings(ctx context.Context) (gen.Seen, error) { return seen(ctx) }

func (*surroundings) SurroundingsOf(ctx context.Context, n uint32) (gen.Seen, error) {
	return seen(ctx, fmt.Sprint(n))
}

func (*surroundings) SurroundingsBeside(ctx context.Context, words []string) (gen.Seen, error) {
	return seen(ctx, words...)
}

func (*surroundings) SurroundingsBorrowed(ctx context.Context, v *gen.Payload) (gen.Seen, error) {
	return seen(ctx, v.Name, fmt.Sprint(addUp(v.Data)))
}

func (*surroundings) SurroundingsOfItems(ctx context.Context, words iter.Seq2[string, error]) (gen.Seen, error) {
	var all []string
	for word, err := range words {
		if err != nil {
			return gen.Seen{}, err
		}
		all = append(all, word)
	}
	return seen(ctx, all...)
}

// pairs are one text for each pair, in the order of the keys.
func pairs(md ts2go.Metadata) (all []string) {
	for _, key := range md.Keys() {
		all = append(all, key+"="+md.Get(key))
	}
	return all
}

func (*surroundings) SurroundingsStream(ctx context.Context, words iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, pair := range pairs(ts2go.MetadataFrom(ctx)) {
			if !yield(pair, nil) {
				return
			}
		}
		words(yield)
	}
}

func (s *surroundings) NoteSurroundings(ctx context.Context, name string) {
	s.notes.Note(ctx, name, fmt.Sprint(pairs(ts2go.MetadataFrom(ctx))))
}

func (*surroundings) ViaWith(ctx context.Context, method string, metadata map[string]string) error {
	ctx = ts2go.WithMetadata(ctx, metadata)
	host := gen.HostOf(ctx)
	var err error
	switch method {
	case "nothing":
		err = host.Nothing(ctx)
	case "add":
		_, err = host.Add(ctx, 1, 2)
	case "join":
		_, err = host.Join(ctx, []string{"from", "Go"}, nil)
	case "note":
		host.Note(ctx, "a line")
	case "more":
		err = host.Nothing(ts2go.WithMetadata(ctx, ts2go.Metadata{"tenant": "inner"}))
	case "invalid":
		err = host.Nothing(ts2go.WithMetadata(ctx, ts2go.Metadata{"text": "\xff"}))
	default:
		err = fmt.Errorf("no such method: %q", method)
	}
	return err
}

func (*surroundings) Forward(ctx context.Context) error {
	return gen.HostOf(ctx).Nothing(ts2go.WithMetadata(ctx, ts2go.MetadataFrom(ctx)))
}

func (s *surroundings) ForwardLater(ctx context.Context, name string) error {
	at, own := s.gates.of(name), ts2go.WithMetadata(context.WithoutCancel(ctx), ts2go.MetadataFrom(ctx))
	go func() {
		<-at.released
		at.leave(fmt.Sprint(gen.HostOf(own).Nothing(own)))
	}()
	return nil
}
