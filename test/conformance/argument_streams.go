package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"example.test/conformance/gen"
)

type argumentStreams struct{ gates *gates }

func (*argumentStreams) Sum(_ context.Context, values iter.Seq2[float64, error]) (float64, error) {
	var sum float64
	for v, err := range values {
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum, nil
}

func (*argumentStreams) Sizes(_ context.Context, blobs iter.Seq2[[]byte, error]) (float64, error) {
	total := 0
	for blob, err := range blobs {
		if err != nil {
			return 0, err
		}
		total += len(blob)
	}
	return float64(total), nil
}

func (*argumentStreams) Join(_ context.Context, separator string, users iter.Seq2[gen.User, error], most uint32) (string, error) {
	var names []string
	for user, err := range users {
		if err != nil {
			return "", err
		}
		if names = append(names, user.Name); len(names) == int(most) {
			break
		}
	}
	return strings.Join(names, separator), nil
}

func (s *argumentStreams) Fate(_ context.Context, name string, values iter.Seq2[float64, error]) (string, error) {
	at := s.gates.of(name)
	at.enter()
	n, end := 0, "end"
	for _, err := range values {
		if err != nil {
			end = err.Error()
			break
		}
		n++
	}
	end = fmt.Sprintf("after %d: %s", n, end)
	at.leave(end)
	return end, nil
}

func (s *argumentStreams) Unread(ctx context.Context, name string, values iter.Seq2[float64, error]) (float64, error) {
	at := s.gates.of(name)
	at.enter()
	if err := wait(ctx, at.released); err != nil {
		return 0, err
	}
	n := 0
	for _, err := range values {
		if err != nil {
			return 0, err
		}
		n++
	}
	return float64(n), nil
}

func (*argumentStreams) FailAfter(_ context.Context, values iter.Seq2[float64, error], n uint32, how string) (float64, error) {
	if n > 0 {
		left := n
		for _, err := range values {
			if left--; err != nil || left == 0 {
				break
			}
		}
	}
	_, err := misbehave(how)
	return 0, err
}

func (*argumentStreams) Kinds(_ context.Context, values iter.Seq2[gen.Shape, error]) ([]string, error) {
	var kinds []string
	for shape, err := range values {
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, fmt.Sprintf("%T", shape))
	}
	return kinds, nil
}
