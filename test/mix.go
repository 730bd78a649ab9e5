package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

type mix struct{}

func (mix) Add(_ context.Context, a, b int32) (int32, error)     { return a + b, nil }
func (mix) Bytes(_ context.Context, data []byte) ([]byte, error) { return data, nil }
func (mix) Fail(_ context.Context, message string) error         { return errors.New(message) }
func (mix) Sum(_ context.Context, data []byte) (uint64, error)   { return sum(data), nil }
func (mix) Note(context.Context, string)                         {}
func (mix) Join(_ context.Context, words []string, sep string) (string, error) {
	return strings.Join(words, sep), nil
}

func (mix) Sleep(_ context.Context, ms uint32) (uint32, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return ms, nil
}

func (mix) Count(_ context.Context, n uint32) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (mix) Endless(context.Context) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for i := uint32(0); yield(i, nil); i++ {
		}
	}
}

func (mix) Total(_ context.Context, values iter.Seq2[uint32, error]) (uint32, error) {
	var total uint32
	for v, err := range values {
		if err != nil {
			return 0, err
		}
		total += v
	}
	return total, nil
}

func (mix) Twice(_ context.Context, values iter.Seq2[uint32, error]) iter.Seq2[uint32, error] {
	return func(yield func(uint32, error) bool) {
		for v, err := range values {
			if !yield(2*v, err) || err != nil {
				return
			}
		}
	}
}

func (mix) Make(ctx context.Context, n uint32) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	return countUp(b, 0), err
}

func (mix) Called(ctx context.Context, a, b int32) (int32, error) {
	return gen.HostOf(ctx).Add(ctx, a, b)
}

func (mix) Forever(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func (mix) Left(ctx context.Context) (string, error) {
	calls, bodies := ts2go.NodeOf(ctx).InFlight()
	return fmt.Sprintf("%d calls, %d bodies", calls, bodies), nil
}
