package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// callbacks calls back whoever calls it.
type callbacks struct{ gates *gates }

func (*callbacks) ViaEverything(ctx context.Context, v *gen.Everything) (gen.Everything, error) {
	return gen.HostOf(ctx).Everything(ctx, v)
}

func (*callbacks) ViaAdd(ctx context.Context, a, b int32) (int32, error) {
	return gen.HostOf(ctx).Add(ctx, a, b)
}

func (*callbacks) ViaJoin(ctx context.Context, words []string, separator *string) (string, error) {
	return gen.HostOf(ctx).Join(ctx, words, separator)
}

func (*callbacks) ViaBytes(ctx context.Context, v []byte) ([]byte, error) {
	return gen.HostOf(ctx).Bytes(ctx, v)
}

func (*callbacks) ViaShape(ctx context.Context, v gen.Shape) (gen.Shape, error) {
	return gen.HostOf(ctx).Shape(ctx, v)
}

func (*callbacks) ViaColor(ctx context.Context, v gen.Color) (gen.Color, error) {
	return gen.HostOf(ctx).Color(ctx, v)
}

func (*callbacks) ViaNothing(ctx context.Context) error { return gen.HostOf(ctx).Nothing(ctx) }

func (*callbacks) ViaNote(ctx context.Context, lines []string) error {
	for _, line := range lines {
		gen.HostOf(ctx).Note(ctx, line)
	}
	return nil
}

func (*callbacks) ViaMisbehave(ctx context.Context, how string) (uint8, error) {
	return gen.HostOf(ctx).Misbehave(ctx, how)
}

func (*callbacks) Look(ctx context.Context, how string) ([]string, error) {
	n, err := gen.HostOf(ctx).Misbehave(ctx, how)
	if err == nil {
		return nil, fmt.Errorf("it has not failed: %d", n)
	}
	var node *ts2go.NodeError
	if !errors.As(fmt.Errorf("wrapped: %w", err), &node) {
		return nil, fmt.Errorf("no NodeError: %T %w", err, err)
	}
	return []string{node.Name, node.Message, node.Code, node.Method, node.GoType, node.Stack}, nil
}

func (*callbacks) ViaMissing(ctx context.Context) error { return gen.MissingOf(ctx).Call(ctx) }

func (*callbacks) TellMissing(ctx context.Context) error {
	gen.MissingOf(ctx).Tell(ctx, "is anybody there?")
	return nil
}

func (c *callbacks) GiveUp(ctx context.Context, name string) (string, error) {
	at := c.gates.of(name)
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if wait(inner, at.released) == nil {
			cancel(errors.New("enough of it"))
		}
	}()
	_, err := gen.HostOf(ctx).Misbehave(inner, "wait")
	return fmt.Sprint(err), nil
}

func (*callbacks) GiveUpAfter(ctx context.Context, ms uint32) (string, error) {
	inner, cancel := context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
	defer cancel()
	_, err := gen.HostOf(ctx).Misbehave(inner, "wait")
	return fmt.Sprint(err), nil
}

func (*callbacks) Down(ctx context.Context, depth uint32) (uint32, error) {
	if depth == 0 {
		return 0, nil
	}
	n, err := gen.HostOf(ctx).Down(ctx, depth)
	return n + 1, err
}

func (*callbacks) Many(ctx context.Context, goroutines, calls uint32) (float64, error) {
	host := gen.HostOf(ctx)
	sums, errs := make([]float64, goroutines), make([]error, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range calls {
				sum, err := host.Add(ctx, int32(g), int32(i))
				if err != nil {
					errs[g] = err
					return
				}
				sums[g] += float64(sum)
			}
		}()
	}
	wg.Wait()
	var total float64
	for _, sum := range sums {
		total += sum
	}
	return total, errors.Join(errs...)
}

func (*callbacks) Total(ctx context.Context, values iter.Seq2[int32, error]) (int32, error) {
	var total int32
	for value, err := range values {
		if err != nil {
			return 0, err
		}
		if total, err = gen.HostOf(ctx).Add(ctx, total, value); err != nil {
			return 0, err
		}
	}
	return total, nil
}

func (*callbacks) Called(ctx context.Context, n uint32) iter.Seq2[int32, error] {
	return func(yield func(int32, error) bool) {
		for i := range n {
			if !yield(gen.HostOf(ctx).Add(ctx, int32(i), 1)) {
				return
			}
		}
	}
}

func (c *callbacks) GoOn(ctx context.Context, name string) error {
	at, host := c.gates.of(name), gen.HostOf(ctx)
	own := context.WithoutCancel(ctx)
	go func() {
		<-at.released
		sum, err := host.Add(own, 40, 2)
		at.leave(fmt.Sprint(sum, " ", err))
	}()
	return nil
}

func (*callbacks) ViaPatience(ctx context.Context, ms uint32) (float64, error) {
	if ms > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	return gen.HostOf(ctx).Patience(ctx)
}

func (*callbacks) Left(ctx context.Context) (string, error) {
	calls, bodies := ts2go.NodeOf(ctx).InFlight()
	return fmt.Sprintf("%d calls, %d bodies", calls, bodies), nil
}
