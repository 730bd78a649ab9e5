package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.test/trust/gen"
)

type streams struct {
	yieldedCount atomic.Int64
	mu           sync.Mutex
	endings      int
	last         string
}

func (s *streams) end(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endings++
	s.last = fmt.Sprint(context.Cause(ctx))
}

func (s *streams) Count(ctx context.Context, n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		defer s.end(ctx)
		for i := range n {
			s.yieldedCount.Add(1)
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (s *streams) Slowly(ctx context.Context, n, ms uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		defer s.end(ctx)
		for i := range n {
			time.Sleep(time.Duration(ms) * time.Millisecond)
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (*streams) Failing(_ context.Context, n uint32, message string) iter.Seq2[gen.Reading, error] {
	return func(yield func(gen.Reading, error) bool) {
		for i := range n {
			if !yield(gen.Reading{Name: fmt.Sprint("n", i), Value: float64(i)}, nil) {
				return
			}
		}
		yield(gen.Reading{}, errors.New(message))
	}
}

func (*streams) Panicking(_ context.Context, n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		panic("in the middle")
	}
}

func (*streams) Blobs(_ context.Context, n, size uint32) iter.Seq2[[]byte, error] {
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

func (*streams) Nothing(context.Context) iter.Seq2[string, error] { return nil }

func (*streams) Sum(_ context.Context, values iter.Seq2[float64, error]) (float64, error) {
	var sum float64
	for v, err := range values {
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum, nil
}

func (*streams) Join(_ context.Context, separator string, readings iter.Seq2[gen.Reading, error], most uint32) (string, error) {
	var names []string
	for reading, err := range readings {
		if err != nil {
			return "", err
		}
		if names = append(names, reading.Name); len(names) == int(most) {
			break
		}
	}
	return strings.Join(names, separator), nil
}

func (s *streams) Fate(_ context.Context, values iter.Seq2[float64, error]) (string, error) {
	n := 0
	for _, err := range values {
		if err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.endings++
			s.last = fmt.Sprintf("after %d: %v", n, err)
			return s.last, nil
		}
		n++
	}
	return fmt.Sprintf("after %d: end", n), nil
}

func (*streams) Twice(_ context.Context, values iter.Seq2[gen.Reading, error]) iter.Seq2[gen.Reading, error] {
	return func(yield func(gen.Reading, error) bool) {
		for v, err := range values {
			if err != nil {
				yield(gen.Reading{}, err)
				return
			}
			for range 2 {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

func (s *streams) Ended(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%d %s", s.endings, s.last), nil
}

func (s *streams) Yielded(context.Context) (float64, error) {
	return float64(s.yieldedCount.Load()), nil
}
