package main

import (
	"context"
	"iter"

	"example.test/conformance/gen"
)

type twoWayStreams struct{ gates *gates }

func (s *twoWayStreams) Twice(ctx context.Context, name string, values iter.Seq2[float64, error]) iter.Seq2[float64, error] {
	at := s.gates.of(name)
	return func(yield func(float64, error) bool) {
		defer func() { at.leave(endOf(ctx)) }()
		for v, err := range values {
			if err != nil {
				yield(0, err)
				return
			}
			at.enter()
			for range 2 {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

func (*twoWayStreams) Collected(_ context.Context, values iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var all []string
		for v, err := range values {
			if err != nil {
				yield("", err)
				return
			}
			all = append(all, v)
		}
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (*twoWayStreams) Deaf(_ context.Context, _ iter.Seq2[float64, error], n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (*twoWayStreams) Answers(_ context.Context, questions iter.Seq2[gen.Question, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for question, err := range questions {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(make([]byte, question.Size), nil) {
				return
			}
		}
	}
}

func (*twoWayStreams) TwoWayFailing(_ context.Context, values iter.Seq2[float64, error], n uint32, how string) iter.Seq2[float64, error] {
	return func(yield func(float64, error) bool) {
		if n > 0 {
			left := n
			for v, err := range values {
				if err != nil || !yield(v, nil) {
					return
				}
				if left--; left == 0 {
					break
				}
			}
		}
		_, err := misbehave(how)
		yield(0, err)
	}
}
