package main

import (
	"context"
	"iter"
	"time"
)

type deadlines struct{}

func remaining(ctx context.Context) float64 {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return float64(time.Until(deadline)) / float64(time.Millisecond)
}

func (deadlines) Remaining(ctx context.Context) (float64, error) { return remaining(ctx), nil }

func (deadlines) RemainingStream(ctx context.Context) iter.Seq2[float64, error] {
	return func(yield func(float64, error) bool) { yield(remaining(ctx), nil) }
}

func (deadlines) RemainingOfItems(ctx context.Context, values iter.Seq2[float64, error]) (float64, error) {
	for _, err := range values {
		if err != nil {
			return 0, err
		}
	}
	return remaining(ctx), nil
}

func (deadlines) OwnDeadline(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	<-short.Done()
	return short.Err()
}
