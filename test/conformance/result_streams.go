package main

import (
	"context"
	"fmt"
	"iter"

	"example.test/conformance/gen"
)

type resultStreams struct{ gates *gates }

func (s *resultStreams) Count(ctx context.Context, name string, n uint32) iter.Seq2[uint32, error] {
	at := s.gates.of(name)
	return func(yield func(uint32, error) bool) {
		defer func() { at.leave(endOf(ctx)) }()
		for i := range n {
			at.enter()
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (s *resultStreams) Stepwise(ctx context.Context, name string, n uint32) iter.Seq2[uint32, error] {
	at := s.gates.of(name)
	return func(yield func(uint32, error) bool) {
		defer func() { at.leave(endOf(ctx)) }()
		for i := range n {
			if wait(ctx, at.steps) != nil || !yield(i, nil) {
				return
			}
		}
	}
}

func (*resultStreams) Failing(_ context.Context, n uint32, how string) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		_, err := misbehave(how)
		yield(0, err)
	}
}

func (*resultStreams) Blobs(_ context.Context, n, size uint32) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for i := range n {
			blob := make([]byte, size)
			for k := range blob {
				blob[k] = byte(i)
			}
			if !yield(blob, nil) {
				return
			}
		}
	}
}

func (*resultStreams) UserStream(_ context.Context, n uint32) iter.Seq2[gen.User, error] {
	return func(yield func(gen.User, error) bool) {
		for i := range n {
			if !yield(gen.User{Name: fmt.Sprint("user ", i), Age: uint8(i)}, nil) {
				return
			}
		}
	}
}

func (*resultStreams) ShapeStream(context.Context) iter.Seq2[gen.Shape, error] {
	return func(yield func(gen.Shape, error) bool) {
		for _, shape := range []gen.Shape{&gen.Circle{Radius: 1}, &gen.ShapeOrigin{}, &gen.Label{Text: "a"}} {
			if !yield(shape, nil) {
				return
			}
		}
	}
}

func (*resultStreams) MapStream(context.Context) iter.Seq2[map[string]uint32, error] {
	return func(yield func(map[string]uint32, error) bool) {
		_ = yield(map[string]uint32{"a": 1}, nil) && yield(nil, nil) && yield(map[string]uint32{"b": 2, "c": 3}, nil)
	}
}

func (*resultStreams) NoStream(context.Context) iter.Seq2[string, error] { return nil }

func (*resultStreams) BadItem(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { _ = yield("good", nil) && yield("ab\xffcd", nil) }
}
